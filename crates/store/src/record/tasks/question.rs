//! One item of a task: the place and the service that are asked for.

use lastmile_model::address::{Address, AddressKind, Parts, Unparsed, UnparsedReason};
use lastmile_model::availability::task::TaskItem;
use lastmile_model::availability::{Criteria, Place};
use lastmile_model::claim::Kbps;
use lastmile_model::geography::Coordinates;
use lastmile_model::identity::ProviderName;
use minicbor::{Decode, Encode};

use crate::key::{technology_letter, technology_of};
use crate::record::code::Coded;
use crate::record::owned;

#[derive(Encode, Decode)]
#[cbor(map)]
pub(super) struct ItemValue<'b> {
    #[b(0)]
    document: &'b str,
    #[n(1)]
    kind: u8,
    #[b(2)]
    parts: PartsValue<'b>,
    #[b(3)]
    unparsed: Vec<UnparsedValue<'b>>,
    /// Latitude and longitude.
    #[n(4)]
    coordinates: Option<(f64, f64)>,
    #[b(5)]
    providers: Vec<&'b str>,
    #[n(6)]
    technologies: Vec<char>,
    #[n(7)]
    min_down: Option<u64>,
    #[n(8)]
    min_up: Option<u64>,
}

#[derive(Encode, Decode)]
#[cbor(map)]
struct PartsValue<'b> {
    #[b(0)]
    number: Option<&'b str>,
    #[b(1)]
    predirectional: Option<&'b str>,
    #[b(2)]
    street: Option<&'b str>,
    #[b(3)]
    suffix: Option<&'b str>,
    #[b(4)]
    postdirectional: Option<&'b str>,
    #[b(5)]
    unit_type: Option<&'b str>,
    #[b(6)]
    unit: Option<&'b str>,
    #[b(7)]
    city: Option<&'b str>,
    #[b(8)]
    state: Option<&'b str>,
    #[b(9)]
    zip: Option<&'b str>,
    #[b(10)]
    zip4: Option<&'b str>,
}

#[derive(Encode, Decode)]
#[cbor(array)]
struct UnparsedValue<'b> {
    #[b(0)]
    text: &'b str,
    #[n(1)]
    reason: u8,
}

impl<'b> ItemValue<'b> {
    pub(super) fn of(item: &'b TaskItem) -> Self {
        let TaskItem {
            document,
            place:
                Place {
                    address:
                        Address {
                            kind,
                            parts,
                            unparsed,
                        },
                    coordinates,
                },
            criteria:
                Criteria {
                    providers,
                    technologies,
                    min_down,
                    min_up,
                },
        } = item;
        Self {
            document,
            kind: kind.code(),
            parts: PartsValue::of(parts),
            unparsed: unparsed
                .iter()
                .map(|Unparsed { text, reason }| UnparsedValue {
                    text,
                    reason: reason.code(),
                })
                .collect(),
            coordinates: coordinates.map(
                |Coordinates {
                     latitude,
                     longitude,
                 }| (latitude, longitude),
            ),
            providers: providers.iter().map(ProviderName::as_str).collect(),
            technologies: technologies
                .iter()
                .copied()
                .map(technology_letter)
                .collect(),
            min_down: min_down.map(|Kbps(kbps)| kbps),
            min_up: min_up.map(|Kbps(kbps)| kbps),
        }
    }

    pub(super) fn read(self) -> Option<TaskItem> {
        let Self {
            document,
            kind,
            parts,
            unparsed,
            coordinates,
            providers,
            technologies,
            min_down,
            min_up,
        } = self;
        let unparsed: Option<Vec<Unparsed>> = unparsed
            .into_iter()
            .map(|UnparsedValue { text, reason }| {
                Some(Unparsed {
                    text: text.to_owned(),
                    reason: UnparsedReason::of(reason)?,
                })
            })
            .collect();
        let providers: Option<Vec<ProviderName>> = providers
            .into_iter()
            .map(|name| ProviderName::new(name).ok())
            .collect();
        let technologies: Option<Vec<_>> = technologies.into_iter().map(technology_of).collect();
        Some(TaskItem {
            document: document.to_owned(),
            place: Place {
                address: Address {
                    kind: AddressKind::of(kind)?,
                    parts: parts.read(),
                    unparsed: unparsed?,
                },
                coordinates: coordinates.map(|(latitude, longitude)| Coordinates {
                    latitude,
                    longitude,
                }),
            },
            criteria: Criteria {
                providers: providers?,
                technologies: technologies?,
                min_down: min_down.map(Kbps),
                min_up: min_up.map(Kbps),
            },
        })
    }
}

impl<'b> PartsValue<'b> {
    fn of(parts: &'b Parts) -> Self {
        let Parts {
            number,
            predirectional,
            street,
            suffix,
            postdirectional,
            unit_type,
            unit,
            city,
            state,
            zip,
            zip4,
        } = parts;
        Self {
            number: number.as_deref(),
            predirectional: predirectional.as_deref(),
            street: street.as_deref(),
            suffix: suffix.as_deref(),
            postdirectional: postdirectional.as_deref(),
            unit_type: unit_type.as_deref(),
            unit: unit.as_deref(),
            city: city.as_deref(),
            state: state.as_deref(),
            zip: zip.as_deref(),
            zip4: zip4.as_deref(),
        }
    }

    fn read(&self) -> Parts {
        let Self {
            number,
            predirectional,
            street,
            suffix,
            postdirectional,
            unit_type,
            unit,
            city,
            state,
            zip,
            zip4,
        } = self;
        Parts {
            number: owned(*number),
            predirectional: owned(*predirectional),
            street: owned(*street),
            suffix: owned(*suffix),
            postdirectional: owned(*postdirectional),
            unit_type: owned(*unit_type),
            unit: owned(*unit),
            city: owned(*city),
            state: owned(*state),
            zip: owned(*zip),
            zip4: owned(*zip4),
        }
    }
}
