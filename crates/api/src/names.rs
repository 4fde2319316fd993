//! Every enum as it is spelt on the wire. Each is round-tripped in a test, and compared with the name
//! that the model gives on every other surface.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One of the five outcomes of a question, kept apart everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It can be delivered.
    Served,
    /// It cannot.
    NotServed,
    /// The place is not known.
    AddressUnknown,
    /// A person must look (ICB, near-net, area hint).
    AskPerson,
    /// The question could not be answered; the only outcome worth a retry.
    Failed,
}

impl From<lastmile_model::availability::Outcome> for Outcome {
    fn from(value: lastmile_model::availability::Outcome) -> Self {
        match value {
            lastmile_model::availability::Outcome::Served => Self::Served,
            lastmile_model::availability::Outcome::NotServed => Self::NotServed,
            lastmile_model::availability::Outcome::AddressUnknown => Self::AddressUnknown,
            lastmile_model::availability::Outcome::AskPerson => Self::AskPerson,
            lastmile_model::availability::Outcome::Failed => Self::Failed,
        }
    }
}

/// How sure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// High: the building is on the provider's current list.
    Green,
    /// Believed.
    Yellow,
    /// Cannot.
    Red,
}

impl From<lastmile_model::availability::Confidence> for Confidence {
    fn from(value: lastmile_model::availability::Confidence) -> Self {
        match value {
            lastmile_model::availability::Confidence::Green => Self::Green,
            lastmile_model::availability::Confidence::Yellow => Self::Yellow,
            lastmile_model::availability::Confidence::Red => Self::Red,
        }
    }
}

/// How the service reaches the building.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Technology {
    /// Copper pair.
    Copper,
    /// Coaxial cable / HFC.
    Cable,
    /// Fiber to the premises.
    Fiber,
    /// Ethernet over a medium that the list does not name.
    Ethernet,
    /// Unlicensed fixed wireless.
    UnlicensedFixedWireless,
    /// Licensed fixed wireless.
    LicensedFixedWireless,
    /// Licensed-by-rule fixed wireless.
    LicensedByRuleFixedWireless,
    /// The list says "not fiber" and no more.
    NotFiber,
    /// Anything else, or not said.
    Other,
}

impl From<lastmile_model::claim::Technology> for Technology {
    fn from(value: lastmile_model::claim::Technology) -> Self {
        match value {
            lastmile_model::claim::Technology::Copper => Self::Copper,
            lastmile_model::claim::Technology::Cable => Self::Cable,
            lastmile_model::claim::Technology::Fiber => Self::Fiber,
            lastmile_model::claim::Technology::Ethernet => Self::Ethernet,
            lastmile_model::claim::Technology::UnlicensedFixedWireless => {
                Self::UnlicensedFixedWireless
            }
            lastmile_model::claim::Technology::LicensedFixedWireless => Self::LicensedFixedWireless,
            lastmile_model::claim::Technology::LicensedByRuleFixedWireless => {
                Self::LicensedByRuleFixedWireless
            }
            lastmile_model::claim::Technology::NotFiber => Self::NotFiber,
            lastmile_model::claim::Technology::Other => Self::Other,
        }
    }
}

impl From<Technology> for lastmile_model::claim::Technology {
    fn from(name: Technology) -> Self {
        match name {
            Technology::Copper => Self::Copper,
            Technology::Cable => Self::Cable,
            Technology::Fiber => Self::Fiber,
            Technology::Ethernet => Self::Ethernet,
            Technology::UnlicensedFixedWireless => Self::UnlicensedFixedWireless,
            Technology::LicensedFixedWireless => Self::LicensedFixedWireless,
            Technology::LicensedByRuleFixedWireless => Self::LicensedByRuleFixedWireless,
            Technology::NotFiber => Self::NotFiber,
            Technology::Other => Self::Other,
        }
    }
}

/// A group of technologies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// Everything that needs a line to the building.
    Wired,
    /// Fiber, and Ethernet over a medium that the list does not name.
    Fiber,
    /// Fixed wireless of every licence.
    FixedWireless,
}

impl From<lastmile_model::availability::criteria::Category> for Category {
    fn from(value: lastmile_model::availability::criteria::Category) -> Self {
        match value {
            lastmile_model::availability::criteria::Category::Wired => Self::Wired,
            lastmile_model::availability::criteria::Category::Fiber => Self::Fiber,
            lastmile_model::availability::criteria::Category::FixedWireless => Self::FixedWireless,
        }
    }
}

impl From<Category> for lastmile_model::availability::criteria::Category {
    fn from(name: Category) -> Self {
        match name {
            Category::Wired => Self::Wired,
            Category::Fiber => Self::Fiber,
            Category::FixedWireless => Self::FixedWireless,
        }
    }
}

/// What had to be changed in the asked address to meet a building.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Correction {
    /// A directional was missing, superfluous, or on the other side of the name.
    Directional,
    /// The suffix was missing or another one.
    Suffix,
    /// One misspelling in the name.
    Spelling,
    /// The area came from the city, not from a ZIP.
    Area,
}

impl From<lastmile_model::address::matching::Correction> for Correction {
    fn from(value: lastmile_model::address::matching::Correction) -> Self {
        match value {
            lastmile_model::address::matching::Correction::Directional => Self::Directional,
            lastmile_model::address::matching::Correction::Suffix => Self::Suffix,
            lastmile_model::address::matching::Correction::Spelling => Self::Spelling,
            lastmile_model::address::matching::Correction::Area => Self::Area,
        }
    }
}

/// When near-net neighbours and area hints are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NearNet {
    /// Where no claim serves the building.
    WhenUnserved,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl From<lastmile_model::availability::NearNet> for NearNet {
    fn from(value: lastmile_model::availability::NearNet) -> Self {
        match value {
            lastmile_model::availability::NearNet::WhenUnserved => Self::WhenUnserved,
            lastmile_model::availability::NearNet::Always => Self::Always,
            lastmile_model::availability::NearNet::Never => Self::Never,
        }
    }
}

impl From<NearNet> for lastmile_model::availability::NearNet {
    fn from(name: NearNet) -> Self {
        match name {
            NearNet::WhenUnserved => Self::WhenUnserved,
            NearNet::Always => Self::Always,
            NearNet::Never => Self::Never,
        }
    }
}

/// How the unit that a claim names fits the asked one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum UnitFit {
    /// The claim names the asked unit.
    Same,
    /// The claim is about the whole building, or no unit is asked.
    Building,
    /// The claim names another unit than the asked one.
    Other,
}

impl From<lastmile_model::availability::UnitFit> for UnitFit {
    fn from(value: lastmile_model::availability::UnitFit) -> Self {
        match value {
            lastmile_model::availability::UnitFit::Same => Self::Same,
            lastmile_model::availability::UnitFit::Building => Self::Building,
            lastmile_model::availability::UnitFit::Other => Self::Other,
        }
    }
}

/// Why a place is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum UnknownPlace {
    /// It has no house number, street, or ZIP and city; or is a box, a route, an intersection.
    NotABuilding,
    /// No list has a street like it there.
    StreetUnknown,
    /// The street is known, the number is not.
    NumberUnknown,
}

impl From<lastmile_model::availability::UnknownPlace> for UnknownPlace {
    fn from(value: lastmile_model::availability::UnknownPlace) -> Self {
        match value {
            lastmile_model::availability::UnknownPlace::NotABuilding => Self::NotABuilding,
            lastmile_model::availability::UnknownPlace::StreetUnknown => Self::StreetUnknown,
            lastmile_model::availability::UnknownPlace::NumberUnknown => Self::NumberUnknown,
        }
    }
}

/// Why a place got no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Failure {
    /// What is stored could not be read.
    StoreFailed,
    /// The store was too busy.
    StoreBusy,
}

impl From<lastmile_model::availability::Failure> for Failure {
    fn from(value: lastmile_model::availability::Failure) -> Self {
        match value {
            lastmile_model::availability::Failure::StoreFailed => Self::StoreFailed,
            lastmile_model::availability::Failure::StoreBusy => Self::StoreBusy,
        }
    }
}

/// What an address text names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AddressKind {
    /// A house number on a street.
    Street,
    /// A post-office box.
    PoBox,
    /// A rural or highway-contract route box.
    RuralRoute,
    /// Two streets that cross.
    Intersection,
    /// A street, landmark or place without a house number.
    Place,
    /// Nothing was understood.
    Unknown,
}

impl From<lastmile_model::address::AddressKind> for AddressKind {
    fn from(value: lastmile_model::address::AddressKind) -> Self {
        match value {
            lastmile_model::address::AddressKind::Street => Self::Street,
            lastmile_model::address::AddressKind::PoBox => Self::PoBox,
            lastmile_model::address::AddressKind::RuralRoute => Self::RuralRoute,
            lastmile_model::address::AddressKind::Intersection => Self::Intersection,
            lastmile_model::address::AddressKind::Place => Self::Place,
            lastmile_model::address::AddressKind::Unknown => Self::Unknown,
        }
    }
}

/// How a list is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// One offer a row, address on one line, coordinates, price and speeds.
    Offers,
    /// Lit buildings, one column per speed with Y / N / ICB.
    LitSpeeds,
    /// Lit buildings, smallest and largest bandwidth as text.
    LitBandwidth,
    /// FCC Broadband Data Collection, fixed availability: area hints.
    FccBdc,
    /// Any other list, read by a column map.
    Mapped,
    /// A rate card: a price a row.
    Rates,
}

impl From<lastmile_model::listing::Format> for Format {
    fn from(value: lastmile_model::listing::Format) -> Self {
        match value {
            lastmile_model::listing::Format::Offers => Self::Offers,
            lastmile_model::listing::Format::LitSpeeds => Self::LitSpeeds,
            lastmile_model::listing::Format::LitBandwidth => Self::LitBandwidth,
            lastmile_model::listing::Format::FccBdc => Self::FccBdc,
            lastmile_model::listing::Format::Mapped => Self::Mapped,
            lastmile_model::listing::Format::Rates => Self::Rates,
        }
    }
}

impl From<Format> for lastmile_model::listing::Format {
    fn from(name: Format) -> Self {
        match name {
            Format::Offers => Self::Offers,
            Format::LitSpeeds => Self::LitSpeeds,
            Format::LitBandwidth => Self::LitBandwidth,
            Format::FccBdc => Self::FccBdc,
            Format::Mapped => Self::Mapped,
            Format::Rates => Self::Rates,
        }
    }
}

/// What a list holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Holds {
    /// What can be delivered at buildings and in areas.
    Buildings,
    /// What that costs: a rate card.
    Rates,
}

impl From<lastmile_model::listing::Holds> for Holds {
    fn from(value: lastmile_model::listing::Holds) -> Self {
        match value {
            lastmile_model::listing::Holds::Buildings => Self::Buildings,
            lastmile_model::listing::Holds::Rates => Self::Rates,
        }
    }
}

/// Where an import stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ImportState {
    /// Rows are being read; readers still see the list before it.
    Loading,
    /// This is the list that readers see.
    Active,
    /// A newer import took its place.
    Superseded,
    /// Taken back by `undo`.
    Undone,
    /// It stopped before the end; nothing of it is visible. The same file again resumes it.
    Interrupted,
    /// The file breaks off or is damaged; nothing of it is visible. Send it again, whole.
    Failed,
}

impl From<lastmile_model::listing::ImportState> for ImportState {
    fn from(value: lastmile_model::listing::ImportState) -> Self {
        match value {
            lastmile_model::listing::ImportState::Loading => Self::Loading,
            lastmile_model::listing::ImportState::Active => Self::Active,
            lastmile_model::listing::ImportState::Superseded => Self::Superseded,
            lastmile_model::listing::ImportState::Undone => Self::Undone,
            lastmile_model::listing::ImportState::Interrupted => Self::Interrupted,
            lastmile_model::listing::ImportState::Failed => Self::Failed,
        }
    }
}

/// Where a task stands, as the published TMF documents list it. Their texts also say `acknowledged` for
/// the first state; it is read, and `accepted` is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum TaskStateType {
    /// Taken in, not begun.
    #[serde(alias = "acknowledged")]
    Accepted,
    /// Given up: there are no results.
    TerminatedWithError,
    /// A worker has begun.
    InProgress,
    /// Answered: the results are complete.
    Done,
}

impl From<&lastmile_model::availability::task::TaskState> for TaskStateType {
    fn from(state: &lastmile_model::availability::task::TaskState) -> Self {
        use lastmile_model::availability::task::TaskState;
        match state {
            TaskState::Acknowledged => Self::Accepted,
            TaskState::InProgress => Self::InProgress,
            TaskState::Done { at: _, gist: _ } => Self::Done,
            TaskState::TerminatedWithError { at: _, error: _ } => Self::TerminatedWithError,
        }
    }
}

/// TMF645: whether the asked service can be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum QualificationResult {
    /// The requested service is available.
    Qualified,
    /// It is not, but a proposal is.
    Alternate,
    /// Neither is.
    Unqualified,
}

impl From<lastmile_model::availability::Qualification> for QualificationResult {
    fn from(value: lastmile_model::availability::Qualification) -> Self {
        match value {
            lastmile_model::availability::Qualification::Qualified => Self::Qualified,
            lastmile_model::availability::Qualification::Alternate => Self::Alternate,
            lastmile_model::availability::Qualification::Unqualified => Self::Unqualified,
        }
    }
}

/// How the place was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Match {
    /// The very building.
    Exact,
    /// The building, after corrections.
    Corrected,
    /// Not known; others are like it.
    Alternative,
    /// Not known, and nothing is like it.
    None,
}

impl From<&lastmile_model::availability::PlaceMatch> for Match {
    fn from(matched: &lastmile_model::availability::PlaceMatch) -> Self {
        use lastmile_model::availability::PlaceMatch;
        match matched {
            PlaceMatch::Exact(_) => Self::Exact,
            PlaceMatch::Corrected { .. } => Self::Corrected,
            PlaceMatch::Alternatives(_) => Self::Alternative,
            PlaceMatch::None(_) => Self::None,
        }
    }
}

/// TMF673: whether the submitted address is real.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ValidationResult {
    /// It is a building that a list knows.
    Success,
    /// It is such a building, but not as submitted.
    Partial,
    /// It is none. (The published document spells it `fails`; that is read, too.)
    #[serde(alias = "fails")]
    Fail,
}

/// What is to be delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Product {
    /// Ethernet from the building to a point where the carrier meets us.
    #[serde(rename = "access_e_line")]
    AccessELine,
    /// Internet access as most sites buy it.
    BasicInternetAccess,
    /// Internet access with routing and service levels of its own.
    AdvancedInternetAccess,
}

impl From<lastmile_model::carrier::Product> for Product {
    fn from(value: lastmile_model::carrier::Product) -> Self {
        match value {
            lastmile_model::carrier::Product::AccessELine => Self::AccessELine,
            lastmile_model::carrier::Product::BasicInternetAccess => Self::BasicInternetAccess,
            lastmile_model::carrier::Product::AdvancedInternetAccess => {
                Self::AdvancedInternetAccess
            }
        }
    }
}

impl From<Product> for lastmile_model::carrier::Product {
    fn from(name: Product) -> Self {
        match name {
            Product::AccessELine => Self::AccessELine,
            Product::BasicInternetAccess => Self::BasicInternetAccess,
            Product::AdvancedInternetAccess => Self::AdvancedInternetAccess,
        }
    }
}

/// How much a price binds the carrier, weakest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Firmness {
    /// An estimate; cannot be ordered.
    #[default]
    Budgetary,
    /// Firm if nothing is found when the building is looked at.
    FirmSubjectToFeasibility,
    /// Can be ordered as it is.
    Firm,
}

impl From<lastmile_model::carrier::Firmness> for Firmness {
    fn from(value: lastmile_model::carrier::Firmness) -> Self {
        match value {
            lastmile_model::carrier::Firmness::Budgetary => Self::Budgetary,
            lastmile_model::carrier::Firmness::FirmSubjectToFeasibility => {
                Self::FirmSubjectToFeasibility
            }
            lastmile_model::carrier::Firmness::Firm => Self::Firm,
        }
    }
}

impl From<Firmness> for lastmile_model::carrier::Firmness {
    fn from(name: Firmness) -> Self {
        match name {
            Firmness::Budgetary => Self::Budgetary,
            Firmness::FirmSubjectToFeasibility => Self::FirmSubjectToFeasibility,
            Firmness::Firm => Self::Firm,
        }
    }
}

/// TMF648: where a quote stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum QuoteStateType {
    /// Providers are being asked.
    InProgress,
    /// Persons have prices to give.
    Pending,
    /// Every cell has ended, and there are prices.
    Approved,
    /// The customer takes it.
    Accepted,
    /// It will not be taken, or nobody can deliver.
    Rejected,
    /// Whoever asked does not want it any more.
    Cancelled,
}

impl From<lastmile_model::quote::QuoteState> for QuoteStateType {
    fn from(value: lastmile_model::quote::QuoteState) -> Self {
        use lastmile_model::quote::QuoteState;
        match value {
            QuoteState::InProgress => Self::InProgress,
            QuoteState::Pending => Self::Pending,
            QuoteState::Approved { .. } => Self::Approved,
            QuoteState::Accepted { .. } => Self::Accepted,
            QuoteState::Rejected { .. } => Self::Rejected,
            QuoteState::Cancelled { .. } => Self::Cancelled,
        }
    }
}

/// What became of one cell of a quote: a location, a provider, a service and a term.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CellOutcome {
    /// There is no answer yet.
    Waiting,
    /// There is a price.
    Priced,
    /// A person has to give the price.
    IcbPending,
    /// The provider cannot deliver it there.
    NotServed,
    /// The provider does not know the address.
    AddressUnknown,
    /// There was no answer, although it was asked for again.
    Failed,
    /// There was no answer by the deadline.
    Expired,
}

impl CellOutcome {
    /// The outcome of a cell; `None` for one that has not ended.
    #[must_use]
    pub const fn of(outcome: Option<lastmile_model::quote::CellOutcome>) -> Self {
        use lastmile_model::quote::CellOutcome as Model;
        match outcome {
            None => Self::Waiting,
            Some(Model::Priced) => Self::Priced,
            Some(Model::IcbPending) => Self::IcbPending,
            Some(Model::NotServed) => Self::NotServed,
            Some(Model::AddressUnknown) => Self::AddressUnknown,
            Some(Model::Failed) => Self::Failed,
            Some(Model::Expired) => Self::Expired,
        }
    }
}

/// A currency, by its ISO 4217 code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum Currency {
    /// United States dollar.
    Usd,
    /// Canadian dollar.
    Cad,
}

impl From<Currency> for lastmile_model::money::Currency {
    fn from(name: Currency) -> Self {
        match name {
            Currency::Usd => Self::Usd,
            Currency::Cad => Self::Cad,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Debug;

    use serde::de::DeserializeOwned;

    use super::*;

    /// Writes each name, compares it, and reads it back.
    #[track_caller]
    fn round_trip<T>(names: &[(T, &str)])
    where
        T: Copy + Debug + PartialEq + Serialize + DeserializeOwned,
    {
        for (value, name) in names {
            let json = serde_json::to_value(value).unwrap();
            assert_eq!(json, *name);
            assert_eq!(serde_json::from_value::<T>(json).unwrap(), *value);
            let padded = format!("{name} ");
            assert!(
                serde_json::from_value::<T>(padded.into()).is_err(),
                "a trailing blank is another name"
            );
        }
    }

    fn pairs<M: Copy, T: From<M>>(
        all: &[M],
        name: impl Fn(M) -> &'static str,
    ) -> Vec<(T, &'static str)> {
        all.iter()
            .map(|value| (T::from(*value), name(*value)))
            .collect()
    }

    #[test]
    fn outcome_round_trips() {
        use lastmile_model::availability::Outcome as Model;
        let all = [
            Model::Served,
            Model::NotServed,
            Model::AddressUnknown,
            Model::AskPerson,
            Model::Failed,
        ];
        round_trip(&pairs::<Model, Outcome>(&all, |value| value.as_str()));
    }

    #[test]
    fn names_of_quotes_round_trip() {
        use lastmile_model::carrier::{Firmness as ModelFirmness, Product as ModelProduct};
        use lastmile_model::quote::CellOutcome as Model;
        let products = pairs::<_, Product>(&ModelProduct::ALL, |value| value.as_str());
        round_trip(&products);
        for (product, _) in products {
            assert_eq!(Product::from(ModelProduct::from(product)), product);
        }
        let firmness = pairs::<_, Firmness>(&ModelFirmness::ALL, |value| value.as_str());
        round_trip(&firmness);
        for (name, _) in firmness {
            assert_eq!(Firmness::from(ModelFirmness::from(name)), name);
        }
        let mut outcomes = vec![(CellOutcome::Waiting, "waiting")];
        let ended = Model::ALL.map(|value| (CellOutcome::of(Some(value)), value.as_str()));
        outcomes.extend(ended);
        round_trip(&outcomes);
        for (currency, code) in [(Currency::Usd, "USD"), (Currency::Cad, "CAD")] {
            round_trip(&[(currency, code)]);
            assert_eq!(lastmile_model::money::Currency::from(currency).code(), code);
        }
    }

    #[test]
    fn quote_states_round_trip() {
        use jiff::Timestamp;
        use lastmile_model::quote::QuoteState;
        use lastmile_model::quote::state::RejectedBy;
        let at = Timestamp::UNIX_EPOCH;
        let by = RejectedBy::Customer;
        let states = [
            QuoteState::InProgress,
            QuoteState::Pending,
            QuoteState::Approved { valid_until: at },
            QuoteState::Accepted { at },
            QuoteState::Rejected { at, by },
            QuoteState::Cancelled { at },
        ];
        let names = states.map(|state| (QuoteStateType::from(state), state.as_str()));
        round_trip(&names);
    }

    #[test]
    fn confidence_round_trips() {
        use lastmile_model::availability::Confidence as Model;
        let all = [Model::Green, Model::Yellow, Model::Red];
        round_trip(&pairs::<Model, Confidence>(&all, |value| value.as_str()));
    }

    #[test]
    fn technology_round_trips() {
        use lastmile_model::claim::Technology as Model;
        let all = [
            Model::Copper,
            Model::Cable,
            Model::Fiber,
            Model::Ethernet,
            Model::UnlicensedFixedWireless,
            Model::LicensedFixedWireless,
            Model::LicensedByRuleFixedWireless,
            Model::NotFiber,
            Model::Other,
        ];
        round_trip(&pairs::<Model, Technology>(&all, |value| value.as_str()));
    }

    #[test]
    fn category_round_trips() {
        use lastmile_model::availability::criteria::Category as Model;
        let all = [Model::Wired, Model::Fiber, Model::FixedWireless];
        round_trip(&pairs::<Model, Category>(&all, |value| value.as_str()));
    }

    #[test]
    fn correction_round_trips() {
        use lastmile_model::address::matching::Correction as Model;
        let all = [
            Model::Directional,
            Model::Suffix,
            Model::Spelling,
            Model::Area,
        ];
        round_trip(&pairs::<Model, Correction>(&all, |value| value.as_str()));
    }

    #[test]
    fn near_net_round_trips() {
        round_trip(&[
            (NearNet::WhenUnserved, "when_unserved"),
            (NearNet::Always, "always"),
            (NearNet::Never, "never"),
        ]);
    }

    #[test]
    fn unit_fit_round_trips() {
        round_trip(&[
            (UnitFit::Same, "same"),
            (UnitFit::Building, "building"),
            (UnitFit::Other, "other"),
        ]);
    }

    #[test]
    fn unknown_place_round_trips() {
        round_trip(&[
            (UnknownPlace::NotABuilding, "not_a_building"),
            (UnknownPlace::StreetUnknown, "street_unknown"),
            (UnknownPlace::NumberUnknown, "number_unknown"),
        ]);
    }

    #[test]
    fn failure_round_trips() {
        use lastmile_model::availability::Failure as Model;
        let all = [Model::StoreFailed, Model::StoreBusy];
        round_trip(&pairs::<Model, Failure>(&all, |value| value.as_str()));
    }

    #[test]
    fn address_kind_round_trips() {
        use lastmile_model::address::AddressKind as Model;
        let all = [
            Model::Street,
            Model::PoBox,
            Model::RuralRoute,
            Model::Intersection,
            Model::Place,
            Model::Unknown,
        ];
        round_trip(&pairs::<Model, AddressKind>(&all, |value| value.as_str()));
    }

    #[test]
    fn format_round_trips() {
        use lastmile_model::listing::Format as Model;
        let all = [
            Model::Offers,
            Model::LitSpeeds,
            Model::LitBandwidth,
            Model::FccBdc,
            Model::Mapped,
        ];
        round_trip(&pairs::<Model, Format>(&all, |value| value.as_str()));
    }

    #[test]
    fn import_state_round_trips() {
        use lastmile_model::listing::ImportState as Model;
        let all = [
            Model::Loading,
            Model::Active,
            Model::Superseded,
            Model::Undone,
            Model::Interrupted,
            Model::Failed,
        ];
        round_trip(&pairs::<Model, ImportState>(&all, |value| value.as_str()));
    }

    #[test]
    fn task_states_are_spelt_as_published_and_read_in_both_spellings() {
        round_trip(&[
            (TaskStateType::Accepted, "accepted"),
            (TaskStateType::TerminatedWithError, "terminatedWithError"),
            (TaskStateType::InProgress, "inProgress"),
            (TaskStateType::Done, "done"),
        ]);
        let read: TaskStateType = serde_json::from_value("acknowledged".into()).unwrap();
        assert_eq!(read, TaskStateType::Accepted);
    }

    #[test]
    fn results_are_spelt_as_published() {
        round_trip(&[
            (QualificationResult::Qualified, "qualified"),
            (QualificationResult::Alternate, "alternate"),
            (QualificationResult::Unqualified, "unqualified"),
        ]);
        round_trip(&[
            (ValidationResult::Success, "success"),
            (ValidationResult::Partial, "partial"),
            (ValidationResult::Fail, "fail"),
        ]);
        let read: ValidationResult = serde_json::from_value("fails".into()).unwrap();
        assert_eq!(read, ValidationResult::Fail);
        round_trip(&[
            (Match::Exact, "exact"),
            (Match::Corrected, "corrected"),
            (Match::Alternative, "alternative"),
            (Match::None, "none"),
        ]);
    }
}
