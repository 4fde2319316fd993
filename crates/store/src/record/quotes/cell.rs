//! Lines and cells of a quote as they are stored. Reasons are kept by their names.

use jiff::Timestamp;
use lastmile_model::availability::Confidence;
use lastmile_model::carrier::{
    AskPersonReason, CarrierReference, FailureReason, Firmness, NotServedReason, Pending, Price,
    Retry, Step, Term, TermAnswer, UnknownReason,
};
use lastmile_model::identity::ProviderName;
use lastmile_model::money::{Currency, Money};
use lastmile_model::quote::{Cell, Line, Priced, Source};
use minicbor::{Decode, Encode};

use super::time;
use crate::record::claim::{currency_code, currency_of};
use crate::record::code::Coded;

/// Times in microseconds since 1970.
#[derive(Encode, Decode)]
pub(super) enum LineValue<'b> {
    #[n(0)]
    Waiting,
    #[n(1)]
    Pending(#[b(0)] PendingValue<'b>),
    #[n(2)]
    OffNet,
    #[n(3)]
    NotAsked,
    #[n(4)]
    Answered(#[n(0)] i64, #[b(1)] Vec<CellValue<'b>>),
    #[n(5)]
    Partly(#[b(0)] Vec<SettledValue<'b>>),
}

/// What is settled of a term, by its months.
type SettledValue<'b> = (u16, CellValue<'b>);

#[derive(Encode, Decode)]
#[cbor(map)]
pub(super) struct PendingValue<'b> {
    #[b(0)]
    step: &'b str,
    #[b(1)]
    id: &'b str,
    #[n(2)]
    item: u32,
    #[b(3)]
    place: Option<&'b str>,
    #[n(4)]
    confidence: Option<u8>,
    #[n(5)]
    ask_again_at: i64,
    #[b(6)]
    settled: Option<Vec<SettledValue<'b>>>,
}

#[derive(Encode, Decode)]
pub(super) enum CellValue<'b> {
    #[n(0)]
    Priced(#[b(0)] PricedValue<'b>),
    #[n(1)]
    IcbPending(#[b(0)] Option<&'b str>),
    #[n(2)]
    NotServed(#[b(0)] Option<&'b str>),
    #[n(3)]
    AddressUnknown(#[b(0)] &'b str),
    #[n(4)]
    Failed(#[b(0)] &'b str),
    #[n(5)]
    Expired,
}

#[derive(Encode, Decode)]
#[cbor(map)]
pub(super) struct PricedValue<'b> {
    #[n(0)]
    mrc_minor: i64,
    #[n(1)]
    nrc_minor: i64,
    #[n(2)]
    currency: u8,
    #[n(3)]
    install_interval_days: Option<u32>,
    #[n(4)]
    confidence: u8,
    #[n(5)]
    firmness: u8,
    #[b(6)]
    carrier_quote: Option<&'b str>,
    #[n(7)]
    valid_until: Option<i64>,
    #[b(8)]
    source: SourceValue<'b>,
    #[b(9)]
    note: Option<&'b str>,
}

#[derive(Encode, Decode)]
enum SourceValue<'b> {
    #[n(0)]
    Carrier,
    #[n(1)]
    RateCard,
    #[n(2)]
    Supplier(#[b(0)] &'b str),
    #[n(3)]
    Person,
}

impl<'a> LineValue<'a> {
    pub(super) fn of(line: &'a Line) -> Self {
        match line {
            Line::Waiting => Self::Waiting,
            Line::Partly(settled) => Self::Partly(settled_values(settled)),
            Line::Pending(pending) => Self::Pending(PendingValue::of(pending)),
            Line::OffNet => Self::OffNet,
            Line::NotAsked => Self::NotAsked,
            Line::Answered { cells, at } => Self::Answered(
                at.as_microsecond(),
                cells.iter().map(CellValue::of).collect(),
            ),
        }
    }

    pub(super) fn read(&self) -> Option<Line> {
        Some(match self {
            Self::Waiting => Line::Waiting,
            Self::Partly(settled) => Line::Partly(settled_answers(settled)?),
            Self::Pending(pending) => Line::Pending(pending.read()?),
            Self::OffNet => Line::OffNet,
            Self::NotAsked => Line::NotAsked,
            Self::Answered(at, cells) => Line::Answered {
                cells: cells.iter().map(CellValue::read).collect::<Option<_>>()?,
                at: time(*at)?,
            },
        })
    }
}

impl<'a> PendingValue<'a> {
    fn of(pending: &'a Pending) -> Self {
        let Pending {
            step,
            id,
            item,
            place,
            confidence,
            ask_again_at,
            settled,
        } = pending;
        Self {
            step: step.as_str(),
            id: id.as_str(),
            item: *item,
            place: place.as_ref().map(CarrierReference::as_str),
            confidence: confidence.map(Coded::code),
            ask_again_at: ask_again_at.as_microsecond(),
            settled: (!settled.is_empty()).then(|| settled_values(settled)),
        }
    }

    fn read(&self) -> Option<Pending> {
        Some(Pending {
            step: named(&Step::ALL, |step| step.as_str(), self.step)?,
            id: CarrierReference::new(self.id).ok()?,
            item: self.item,
            place: reference(self.place)?,
            confidence: match self.confidence {
                Some(code) => Some(Confidence::of(code)?),
                None => None,
            },
            ask_again_at: time(self.ask_again_at)?,
            settled: settled_answers(self.settled.as_deref().unwrap_or_default())?,
        })
    }
}

fn settled_values(settled: &[(Term, TermAnswer)]) -> Vec<SettledValue<'_>> {
    let values = settled.iter();
    values
        .map(|(term, answer)| (term.months(), CellValue::of_answer(answer)))
        .collect()
}

fn settled_answers(values: &[SettledValue<'_>]) -> Option<Vec<(Term, TermAnswer)>> {
    let answers = values.iter();
    answers
        .map(|(months, cell)| Some((Term::new(*months)?, settled_answer(cell.read()?)?)))
        .collect()
}

/// What a carrier has answered for good, as it was stored as a cell; `None` for a cell that no carrier's answer is.
fn settled_answer(cell: Cell) -> Option<TermAnswer> {
    Some(match cell {
        Cell::Priced(priced) => TermAnswer::Priced(priced.price),
        Cell::IcbPending(None) => TermAnswer::IndividualCase {
            carrier_quote: None,
        },
        Cell::IcbPending(Some(reason)) => TermAnswer::AskPerson(reason.into()),
        Cell::NotServed(reason) => TermAnswer::NotServed(reason?.into()),
        Cell::AddressUnknown(reason) => TermAnswer::AddressUnknown {
            why: reason.into(),
            alternatives: Vec::new(),
        },
        Cell::Failed(reason) => TermAnswer::Failed {
            why: reason.into(),
            retry: Retry::No,
        },
        Cell::Expired => return None,
    })
}

impl<'a> CellValue<'a> {
    /// The cell that will be made of a carrier's answer.
    fn of_answer(answer: &'a TermAnswer) -> Self {
        match answer {
            TermAnswer::Priced(price) => {
                Self::Priced(PricedValue::of(price, SourceValue::Carrier, None))
            }
            TermAnswer::IndividualCase { carrier_quote: _ } => Self::IcbPending(None),
            TermAnswer::AskPerson(why) => Self::IcbPending(Some(why.reason.as_str())),
            TermAnswer::NotServed(why) => Self::NotServed(Some(why.reason.as_str())),
            TermAnswer::AddressUnknown {
                why,
                alternatives: _,
            } => Self::AddressUnknown(why.reason.as_str()),
            TermAnswer::Failed { why, retry: _ } => Self::Failed(why.reason.as_str()),
        }
    }

    fn of(cell: &'a Cell) -> Self {
        match cell {
            Cell::Priced(priced) => {
                let Priced {
                    price,
                    source,
                    note,
                } = &**priced;
                let source = SourceValue::of(source);
                Self::Priced(PricedValue::of(price, source, note.as_deref()))
            }
            Cell::IcbPending(reason) => Self::IcbPending(reason.map(AskPersonReason::as_str)),
            Cell::NotServed(reason) => Self::NotServed(reason.map(NotServedReason::as_str)),
            Cell::AddressUnknown(reason) => Self::AddressUnknown(reason.as_str()),
            Cell::Failed(reason) => Self::Failed(reason.as_str()),
            Cell::Expired => Self::Expired,
        }
    }

    fn read(&self) -> Option<Cell> {
        Some(match self {
            Self::Priced(priced) => Cell::Priced(Box::new(priced.read()?)),
            Self::IcbPending(None) => Cell::IcbPending(None),
            Self::IcbPending(Some(name)) => {
                let reason = named(&AskPersonReason::ALL, |reason| reason.as_str(), name)?;
                Cell::IcbPending(Some(reason))
            }
            Self::NotServed(None) => Cell::NotServed(None),
            Self::NotServed(Some(name)) => {
                let reason = named(&NotServedReason::ALL, |reason| reason.as_str(), name)?;
                Cell::NotServed(Some(reason))
            }
            Self::AddressUnknown(name) => {
                let reason = named(&UnknownReason::ALL, |reason| reason.as_str(), name)?;
                Cell::AddressUnknown(reason)
            }
            Self::Failed(name) => {
                let reason = named(&FailureReason::ALL, |reason| reason.as_str(), name)?;
                Cell::Failed(reason)
            }
            Self::Expired => Cell::Expired,
        })
    }
}

impl<'a> SourceValue<'a> {
    fn of(source: &'a Source) -> Self {
        match source {
            Source::Carrier => Self::Carrier,
            Source::RateCard => Self::RateCard,
            Source::Supplier(name) => Self::Supplier(name.as_str()),
            Source::Person => Self::Person,
        }
    }
}

impl<'a> PricedValue<'a> {
    fn of(price: &'a Price, source: SourceValue<'a>, note: Option<&'a str>) -> Self {
        let Price {
            mrc,
            nrc,
            install_interval_days,
            confidence,
            firmness,
            carrier_quote,
            valid_until,
        } = price;
        Self {
            mrc_minor: mrc.minor,
            nrc_minor: nrc.minor,
            currency: currency_code(mrc.currency),
            install_interval_days: *install_interval_days,
            confidence: confidence.code(),
            firmness: firmness.code(),
            carrier_quote: carrier_quote.as_ref().map(CarrierReference::as_str),
            valid_until: valid_until.map(Timestamp::as_microsecond),
            source,
            note,
        }
    }

    fn read(&self) -> Option<Priced> {
        let currency: Currency = currency_of(self.currency)?;
        let money = |minor| Money { minor, currency };
        Some(Priced {
            price: Price {
                mrc: money(self.mrc_minor),
                nrc: money(self.nrc_minor),
                install_interval_days: self.install_interval_days,
                confidence: Confidence::of(self.confidence)?,
                firmness: Firmness::of(self.firmness)?,
                carrier_quote: reference(self.carrier_quote)?,
                valid_until: match self.valid_until {
                    Some(until) => Some(time(until)?),
                    None => None,
                },
            },
            source: match self.source {
                SourceValue::Carrier => Source::Carrier,
                SourceValue::RateCard => Source::RateCard,
                SourceValue::Supplier(name) => Source::Supplier(ProviderName::new(name).ok()?),
                SourceValue::Person => Source::Person,
            },
            note: self.note.map(str::to_owned),
        })
    }
}

/// A carrier's id, where there is one; `None` where it is none that a carrier could have given.
#[expect(
    clippy::option_option,
    reason = "the outer one says whether it could be read, the inner one whether it is there"
)]
fn reference(text: Option<&str>) -> Option<Option<CarrierReference>> {
    match text {
        Some(text) => CarrierReference::new(text).ok().map(Some),
        None => Some(None),
    }
}

fn named<T: Copy>(all: &[T], name_of: impl Fn(T) -> &'static str, name: &str) -> Option<T> {
    all.iter().copied().find(|one| name_of(*one) == name)
}
