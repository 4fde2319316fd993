//! One result of a task.

use std::borrow::Cow;

use lastmile_model::address::matching::Correction;
use lastmile_model::address::normal::NormalStreet;
use lastmile_model::address::{BuildingKey, HouseNumber, NormalAddress, UnitKey};
use lastmile_model::availability::{
    Answer, CheckVerdict, Failure, KnownAddress, KnownUnit, Outcome, PlaceAnswer, UnknownPlace,
    Validation, ValidationVerdict,
};
use lastmile_model::geography::Coordinates;
use minicbor::{Decode, Encode};

use super::finding::{FindingValue, MatchValue, codes_of, text_of};
use crate::record::code::Coded;
use crate::record::owned;

#[derive(Encode, Decode)]
pub(super) enum PlaceAnswerValue<'b> {
    #[n(0)]
    Answered {
        #[b(0)]
        matched: MatchValue<'b>,
        #[b(1)]
        findings: Vec<FindingValue<'b>>,
        #[n(2)]
        findings_cut: bool,
    },
    #[n(1)]
    Failed(#[n(0)] u8),
}

impl<'b> PlaceAnswerValue<'b> {
    pub(super) fn of(answer: &'b PlaceAnswer) -> Self {
        match answer {
            PlaceAnswer::Answered(Answer {
                matched,
                findings,
                findings_cut,
            }) => Self::Answered {
                matched: MatchValue::of(matched),
                findings: FindingValue::all_of(findings),
                findings_cut: *findings_cut,
            },
            PlaceAnswer::Failed(failure) => Self::Failed(failure.code()),
        }
    }

    pub(super) fn read(&self) -> Option<PlaceAnswer> {
        Some(match self {
            Self::Answered {
                matched,
                findings,
                findings_cut,
            } => PlaceAnswer::Answered(Answer {
                matched: matched.read()?,
                findings: FindingValue::read_all(findings)?,
                findings_cut: *findings_cut,
            }),
            Self::Failed(failure) => PlaceAnswer::Failed(Failure::of(*failure)?),
        })
    }
}

#[derive(Encode, Decode)]
#[cbor(map)]
pub(super) struct VerdictValue<'b> {
    #[n(0)]
    outcome: u8,
    #[b(1)]
    matched: Option<MatchValue<'b>>,
    #[b(2)]
    findings: Vec<FindingValue<'b>>,
    #[b(3)]
    alternates: Vec<FindingValue<'b>>,
    #[n(4)]
    failure: Option<u8>,
    // Written since cut findings are told of; what is older did not tell.
    #[n(5)]
    #[cbor(default)]
    findings_cut: bool,
}

impl<'b> VerdictValue<'b> {
    pub(super) fn of(verdict: &'b CheckVerdict) -> Self {
        let CheckVerdict {
            outcome,
            matched,
            findings,
            findings_cut,
            alternates,
            failure,
        } = verdict;
        Self {
            outcome: outcome.code(),
            matched: matched.as_ref().map(MatchValue::of),
            findings: FindingValue::all_of(findings),
            alternates: FindingValue::all_of(alternates),
            failure: failure.map(Failure::code),
            findings_cut: *findings_cut,
        }
    }

    pub(super) fn read(&self) -> Option<CheckVerdict> {
        let Self {
            outcome,
            matched,
            findings,
            alternates,
            failure,
            findings_cut,
        } = self;
        Some(CheckVerdict {
            outcome: Outcome::of(*outcome)?,
            matched: match matched {
                Some(matched) => Some(matched.read()?),
                None => None,
            },
            findings: FindingValue::read_all(findings)?,
            findings_cut: *findings_cut,
            alternates: FindingValue::read_all(alternates)?,
            failure: match failure {
                Some(failure) => Some(Failure::of(*failure)?),
                None => None,
            },
        })
    }
}

#[derive(Encode, Decode)]
#[cbor(map)]
pub(super) struct ValidationValue<'b> {
    #[b(0)]
    verdict: ValidationVerdictValue<'b>,
    #[b(1)]
    alternatives: Vec<KnownValue<'b>>,
}

#[derive(Encode, Decode)]
enum ValidationVerdictValue<'b> {
    #[n(0)]
    Valid(#[b(0)] KnownValue<'b>),
    #[n(1)]
    Partial {
        #[b(0)]
        known: KnownValue<'b>,
        #[n(1)]
        corrections: Vec<u8>,
        #[n(2)]
        unit_unknown: bool,
    },
    #[n(2)]
    Unknown(#[n(0)] u8),
}

#[derive(Encode, Decode)]
#[cbor(map)]
struct KnownValue<'b> {
    #[b(0)]
    building: Cow<'b, str>,
    #[b(1)]
    number: Option<&'b str>,
    #[b(2)]
    street: Option<StreetValue<'b>>,
    #[b(3)]
    city: Option<&'b str>,
    #[b(4)]
    state: Option<&'b str>,
    #[b(5)]
    zip: Option<&'b str>,
    #[b(6)]
    zip4: Option<&'b str>,
    #[b(7)]
    unit_type: Option<&'b str>,
    #[b(8)]
    unit: Option<&'b str>,
    /// Latitude and longitude.
    #[n(9)]
    coordinates: Option<(f64, f64)>,
    #[b(10)]
    units: Vec<UnitValue<'b>>,
    #[n(11)]
    units_cut: bool,
}

#[derive(Encode, Decode)]
#[cbor(array)]
struct StreetValue<'b> {
    #[b(0)]
    predirectional: Option<&'b str>,
    #[b(1)]
    name: &'b str,
    #[b(2)]
    suffix: Option<&'b str>,
    #[b(3)]
    postdirectional: Option<&'b str>,
}

#[derive(Encode, Decode)]
#[cbor(array)]
struct UnitValue<'b> {
    #[b(0)]
    unit: &'b str,
    #[b(1)]
    unit_type: Option<&'b str>,
}

impl<'b> ValidationValue<'b> {
    pub(super) fn of(validation: &'b Validation) -> Self {
        let Validation {
            verdict,
            alternatives,
        } = validation;
        let verdict = match verdict {
            ValidationVerdict::Valid(known) => ValidationVerdictValue::Valid(KnownValue::of(known)),
            ValidationVerdict::Partial {
                known,
                corrections,
                unit_unknown,
            } => ValidationVerdictValue::Partial {
                known: KnownValue::of(known),
                corrections: codes_of(corrections),
                unit_unknown: *unit_unknown,
            },
            ValidationVerdict::Unknown(why) => ValidationVerdictValue::Unknown(why.code()),
        };
        Self {
            verdict,
            alternatives: alternatives.iter().map(KnownValue::of).collect(),
        }
    }

    pub(super) fn read(&self) -> Option<Validation> {
        let Self {
            verdict,
            alternatives,
        } = self;
        let verdict = match verdict {
            ValidationVerdictValue::Valid(known) => {
                ValidationVerdict::Valid(Box::new(known.read()?))
            }
            ValidationVerdictValue::Partial {
                known,
                corrections,
                unit_unknown,
            } => ValidationVerdict::Partial {
                known: Box::new(known.read()?),
                corrections: Correction::all_of(corrections)?,
                unit_unknown: *unit_unknown,
            },
            ValidationVerdictValue::Unknown(why) => {
                ValidationVerdict::Unknown(UnknownPlace::of(*why)?)
            }
        };
        let alternatives: Option<Vec<KnownAddress>> =
            alternatives.iter().map(KnownValue::read).collect();
        Some(Validation {
            verdict,
            alternatives: alternatives?,
        })
    }
}

impl<'b> KnownValue<'b> {
    fn of(known: &'b KnownAddress) -> Self {
        let KnownAddress {
            building,
            address:
                NormalAddress {
                    number,
                    street,
                    unit_type,
                    unit,
                    city,
                    state,
                    zip,
                    zip4,
                },
            coordinates,
            units,
            units_cut,
        } = known;
        Self {
            building: text_of(building),
            number: number.as_ref().map(HouseNumber::text),
            street: street.as_ref().map(StreetValue::of),
            city: city.as_deref(),
            state: state.as_deref(),
            zip: zip.as_deref(),
            zip4: zip4.as_deref(),
            unit_type: unit_type.as_deref(),
            unit: unit.as_deref(),
            coordinates: coordinates.map(|point| (point.latitude, point.longitude)),
            units: units
                .iter()
                .map(|KnownUnit { key, unit_type }| UnitValue {
                    unit: &key.unit,
                    unit_type: unit_type.as_deref(),
                })
                .collect(),
            units_cut: *units_cut,
        }
    }

    fn read(&self) -> Option<KnownAddress> {
        let building: BuildingKey = self.building.parse().ok()?;
        let units = self
            .units
            .iter()
            .map(|UnitValue { unit, unit_type }| KnownUnit {
                key: UnitKey {
                    building: building.clone(),
                    unit: (*unit).into(),
                },
                unit_type: owned(*unit_type),
            })
            .collect();
        Some(KnownAddress {
            address: NormalAddress {
                number: match self.number {
                    Some(number) => Some(HouseNumber::parse(number)?),
                    None => None,
                },
                street: self.street.as_ref().map(StreetValue::read),
                unit_type: owned(self.unit_type),
                unit: owned(self.unit),
                city: owned(self.city),
                state: owned(self.state),
                zip: owned(self.zip),
                zip4: owned(self.zip4),
            },
            coordinates: self.coordinates.map(|(latitude, longitude)| Coordinates {
                latitude,
                longitude,
            }),
            units,
            units_cut: self.units_cut,
            building,
        })
    }
}

impl<'b> StreetValue<'b> {
    fn of(street: &'b NormalStreet) -> Self {
        let NormalStreet {
            predirectional,
            name,
            suffix,
            postdirectional,
        } = street;
        Self {
            predirectional: predirectional.as_deref(),
            name,
            suffix: suffix.as_deref(),
            postdirectional: postdirectional.as_deref(),
        }
    }

    fn read(&self) -> NormalStreet {
        let Self {
            predirectional,
            name,
            suffix,
            postdirectional,
        } = self;
        NormalStreet {
            predirectional: owned(*predirectional),
            name: (*name).into(),
            suffix: owned(*suffix),
            postdirectional: owned(*postdirectional),
        }
    }
}
