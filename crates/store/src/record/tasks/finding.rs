//! Findings and matches within the results of a task.
//!
//! A claim or hint is kept as the very item that it is stored as (its key and value), so that it has one
//! codec only.

use std::borrow::Cow;

use jiff::civil::Date;
use lastmile_model::Text;
use lastmile_model::address::BuildingKey;
use lastmile_model::address::matching::Correction;
use lastmile_model::availability::{
    Basis, Confidence, Finding, Outcome, PlaceMatch, Reason, Source, UnitFit, UnknownPlace,
};
use lastmile_model::identity::{ImportNumber, ListId, ListName, ProviderName};
use lastmile_model::listing::{Generation, ListNumber};
use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use crate::item::{Item, PrimaryKey, Value};
use crate::record::code::Coded;
use crate::record::{VALUE, claim, hint};

#[derive(Encode, Decode)]
#[cbor(map)]
pub(super) struct FindingValue<'b> {
    #[b(0)]
    basis: BasisValue<'b>,
    #[n(1)]
    outcome: u8,
    #[n(2)]
    confidence: u8,
    #[b(3)]
    reason: ReasonValue<'b>,
    #[n(4)]
    unit_fit: u8,
    #[n(5)]
    stale: bool,
    #[b(6)]
    list_provider: &'b str,
    #[b(7)]
    list_name: &'b str,
    #[n(8)]
    import: u32,
    /// `[year, month, day]`.
    #[n(9)]
    as_of: (i16, i8, i8),
}

#[derive(Encode, Decode)]
enum BasisValue<'b> {
    #[n(0)]
    Claim(#[b(0)] EmbeddedItem<'b>),
    #[n(1)]
    Hint(#[b(0)] EmbeddedItem<'b>),
}

#[derive(Encode, Decode)]
#[cbor(array)]
struct EmbeddedItem<'b> {
    #[b(0)]
    pk: Cow<'b, str>,
    #[b(1)]
    sk: Cow<'b, str>,
    #[n(2)]
    value: ByteVec,
}

#[derive(Encode, Decode)]
enum ReasonValue<'b> {
    #[n(0)]
    OnNet,
    #[n(1)]
    ListSaysNo,
    #[n(2)]
    IndividualCase,
    #[n(3)]
    ListSaysNearNet,
    #[n(4)]
    Restricted,
    #[n(5)]
    NearNet {
        #[n(0)]
        distance_m: Option<u32>,
        #[n(1)]
        houses: Option<u32>,
        #[b(2)]
        neighbour: Cow<'b, str>,
    },
    #[n(6)]
    AreaHint,
}

/// Which building was found.
#[derive(Encode, Decode)]
pub(super) enum MatchValue<'b> {
    #[n(0)]
    Exact(#[b(0)] Cow<'b, str>),
    #[n(1)]
    Corrected(#[b(0)] Cow<'b, str>, #[n(1)] Vec<u8>),
    #[n(2)]
    Alternatives(#[b(0)] Vec<Cow<'b, str>>),
    #[n(3)]
    None(#[n(0)] u8),
}

impl<'b> MatchValue<'b> {
    pub(super) fn of(matched: &PlaceMatch) -> Self {
        match matched {
            PlaceMatch::Exact(building) => Self::Exact(text_of(building)),
            PlaceMatch::Corrected {
                building,
                corrections,
            } => Self::Corrected(text_of(building), codes_of(corrections)),
            PlaceMatch::Alternatives(buildings) => {
                Self::Alternatives(buildings.iter().map(text_of).collect())
            }
            PlaceMatch::None(why) => Self::None(why.code()),
        }
    }

    pub(super) fn read(&self) -> Option<PlaceMatch> {
        Some(match self {
            Self::Exact(building) => PlaceMatch::Exact(building.parse().ok()?),
            Self::Corrected(building, corrections) => PlaceMatch::Corrected {
                building: building.parse().ok()?,
                corrections: Correction::all_of(corrections)?,
            },
            Self::Alternatives(buildings) => {
                let read: Option<Vec<BuildingKey>> = buildings
                    .iter()
                    .map(|building| building.parse().ok())
                    .collect();
                PlaceMatch::Alternatives(read?)
            }
            Self::None(why) => PlaceMatch::None(UnknownPlace::of(*why)?),
        })
    }
}

impl<'b> FindingValue<'b> {
    pub(super) fn all_of(findings: &'b [Finding]) -> Vec<Self> {
        findings.iter().map(Self::of).collect()
    }

    pub(super) fn read_all(values: &[Self]) -> Option<Vec<Finding>> {
        values.iter().map(Self::read).collect()
    }

    fn of(finding: &'b Finding) -> Self {
        let Finding {
            basis,
            outcome,
            confidence,
            reason,
            unit_fit,
            stale,
            source:
                Source {
                    list:
                        ListId {
                            provider: list_provider,
                            name: list_name,
                        },
                    import,
                    as_of,
                },
        } = finding;
        Self {
            basis: BasisValue::of(basis, *import),
            outcome: outcome.code(),
            confidence: confidence.code(),
            reason: ReasonValue::of(reason),
            unit_fit: unit_fit.code(),
            stale: *stale,
            list_provider: list_provider.as_str(),
            list_name: list_name.as_str(),
            import: import.0,
            as_of: (as_of.year(), as_of.month(), as_of.day()),
        }
    }

    fn read(&self) -> Option<Finding> {
        let Self {
            basis,
            outcome,
            confidence,
            reason,
            unit_fit,
            stale,
            list_provider,
            list_name,
            import,
            as_of: (year, month, day),
        } = self;
        Some(Finding {
            basis: basis.read()?,
            outcome: Outcome::of(*outcome)?,
            confidence: Confidence::of(*confidence)?,
            reason: reason.read()?,
            unit_fit: UnitFit::of(*unit_fit)?,
            stale: *stale,
            source: Source {
                list: ListId {
                    provider: ProviderName::new(list_provider).ok()?,
                    name: ListName::new(list_name).ok()?,
                },
                import: ImportNumber(*import),
                as_of: Date::new(*year, *month, *day).ok()?,
            },
        })
    }
}

/// Stands for the list's number in an embedded item: the finding names the list itself.
const NO_LIST: ListNumber = ListNumber(0);

impl BasisValue<'_> {
    fn of(basis: &Basis, import: ImportNumber) -> Self {
        let generation = Generation {
            list: NO_LIST,
            import,
        };
        match basis {
            Basis::Claim(one) => Self::Claim(EmbeddedItem::of(claim::to_item(one, generation))),
            Basis::Hint(one) => Self::Hint(EmbeddedItem::of(hint::to_item(one, generation))),
        }
    }

    fn read(&self) -> Option<Basis> {
        match self {
            Self::Claim(item) => {
                let stored = claim::from_item(&item.read()).ok()?;
                Some(Basis::Claim(Box::new(stored.claim)))
            }
            Self::Hint(item) => Some(Basis::Hint(hint::from_item(&item.read()).ok()?.hint)),
        }
    }
}

impl EmbeddedItem<'_> {
    fn of(mut item: Item) -> Self {
        let value = match item.attributes.remove(VALUE) {
            Some(Value::B(bytes)) => bytes,
            Some(Value::S(_) | Value::N(_) | Value::Bool(_)) | None => Vec::new(),
        };
        Self {
            pk: Cow::Owned(item.key.pk.into()),
            sk: Cow::Owned(item.key.sk),
            value: value.into(),
        }
    }

    fn read(&self) -> Item {
        let mut item = Item::new(PrimaryKey {
            pk: Text::new(&self.pk),
            sk: self.sk.to_string(),
        });
        item.attributes.insert(VALUE, Value::B(self.value.to_vec()));
        item
    }
}

impl ReasonValue<'_> {
    fn of(reason: &Reason) -> Self {
        match reason {
            Reason::OnNet => Self::OnNet,
            Reason::ListSaysNo => Self::ListSaysNo,
            Reason::IndividualCase => Self::IndividualCase,
            Reason::ListSaysNearNet => Self::ListSaysNearNet,
            Reason::Restricted => Self::Restricted,
            Reason::NearNet {
                distance_m,
                houses,
                neighbour,
            } => Self::NearNet {
                distance_m: *distance_m,
                houses: *houses,
                neighbour: text_of(neighbour),
            },
            Reason::AreaHint => Self::AreaHint,
        }
    }

    fn read(&self) -> Option<Reason> {
        Some(match self {
            Self::OnNet => Reason::OnNet,
            Self::ListSaysNo => Reason::ListSaysNo,
            Self::IndividualCase => Reason::IndividualCase,
            Self::ListSaysNearNet => Reason::ListSaysNearNet,
            Self::Restricted => Reason::Restricted,
            Self::NearNet {
                distance_m,
                houses,
                neighbour,
            } => Reason::NearNet {
                distance_m: *distance_m,
                houses: *houses,
                neighbour: neighbour.parse::<BuildingKey>().ok()?.into(),
            },
            Self::AreaHint => Reason::AreaHint,
        })
    }
}

pub(super) fn text_of<'b>(building: &BuildingKey) -> Cow<'b, str> {
    Cow::Owned(building.to_string())
}

pub(super) fn codes_of(corrections: &[Correction]) -> Vec<u8> {
    corrections
        .iter()
        .map(|correction| correction.code())
        .collect()
}
