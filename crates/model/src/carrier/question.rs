//! One location, one service, several terms: what a carrier is asked.

use std::num::NonZeroU16;

use crate::address::{BuildingKey, NormalAddress};
use crate::claim::{Kbps, Technology};
use crate::geography::Coordinates;
use crate::identity::ProviderName;

use super::CarrierReference;

/// Most terms that one question may have.
pub const TERMS_MAX: usize = 12;
/// Longest term, in months: what carriers sell ends at ten years.
pub const TERM_MAX_MONTHS: u16 = 120;

/// How long the customer commits, in whole months.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Term(NonZeroU16);

impl Term {
    /// Takes a number of months; `None` for none, and for more than [`TERM_MAX_MONTHS`].
    #[must_use]
    pub const fn new(months: u16) -> Option<Self> {
        match NonZeroU16::new(months) {
            Some(months) if months.get() <= TERM_MAX_MONTHS => Some(Self(months)),
            Some(_) | None => None,
        }
    }

    /// The months.
    #[must_use]
    pub const fn months(self) -> u16 {
        self.0.get()
    }
}

/// A product that carriers can be asked for by API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Product {
    /// Ethernet from the building to a point where the carrier meets us (MEF 51.1).
    AccessELine,
    /// Internet access as most sites buy it (MEF 69.1).
    BasicInternetAccess,
    /// Internet access with routing and service levels of its own (MEF 69.1).
    AdvancedInternetAccess,
}

impl Product {
    /// All of them.
    pub const ALL: [Self; 3] = [
        Self::AccessELine,
        Self::BasicInternetAccess,
        Self::AdvancedInternetAccess,
    ];

    /// The name used on every surface: `access_e_line`, `basic_internet_access`,
    /// `advanced_internet_access`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AccessELine => "access_e_line",
            Self::BasicInternetAccess => "basic_internet_access",
            Self::AdvancedInternetAccess => "advanced_internet_access",
        }
    }

    /// Reads [`Product::as_str`] back.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|product| product.as_str() == name)
    }
}

/// What is to be delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Service {
    /// Which product.
    pub product: Product,
    /// Towards the customer.
    pub down: Kbps,
    /// From the customer.
    pub up: Kbps,
    /// How it must reach the building, if that matters.
    pub access: Option<Technology>,
}

/// How much a price binds the carrier, weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Firmness {
    /// An estimate; cannot be ordered.
    Budgetary,
    /// Firm if nothing is found when the building is looked at.
    FirmSubjectToFeasibility,
    /// Can be ordered as it is.
    Firm,
}

impl Firmness {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Budgetary, Self::FirmSubjectToFeasibility, Self::Firm];

    /// The name used on every surface: `budgetary`, `firm_subject_to_feasibility`, `firm`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Budgetary => "budgetary",
            Self::FirmSubjectToFeasibility => "firm_subject_to_feasibility",
            Self::Firm => "firm",
        }
    }

    /// Reads [`Firmness::as_str`] back.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|firmness| firmness.as_str() == name)
    }
}

/// The place that is asked about, as a carrier is told it.
#[derive(Clone, Debug, PartialEq)]
pub struct Location {
    /// The address in standard form.
    pub address: NormalAddress,
    /// Where they are known.
    pub coordinates: Option<Coordinates>,
    /// The carrier's own id of the place, where an earlier answer gave it: the address need not be
    /// validated again.
    pub carrier_place: Option<CarrierReference>,
}

impl Location {
    /// Which building it is, where the address names one.
    #[must_use]
    pub fn building(&self) -> Option<BuildingKey> {
        self.address.building_key()
    }
}

/// Can this be delivered there, and how sure is that?
#[derive(Clone, Debug, PartialEq)]
pub struct QualifyQuestion {
    /// Who is asked.
    pub provider: ProviderName,
    /// Where.
    pub location: Location,
    /// What.
    pub service: Service,
}

/// What does this cost there, for each of these terms?
#[derive(Clone, Debug, PartialEq)]
pub struct PriceQuestion {
    /// Who is asked.
    pub provider: ProviderName,
    /// Where.
    pub location: Location,
    /// What.
    pub service: Service,
    /// For how long: 1 to [`TERMS_MAX`], each once.
    pub terms: Vec<Term>,
    /// How much the price should bind the carrier; it may answer with less.
    pub firmness: Firmness,
}

/// What makes two questions one: asked once, the answer is both's.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct QuestionKey {
    provider: ProviderName,
    address: NormalAddress,
    service: Service,
    asks: Asks,
}

/// What a question wants to know.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Asks {
    /// Whether it can be delivered.
    Qualification,
    /// What it costs.
    Price {
        /// Shortest first.
        terms: Vec<Term>,
        /// How much it should bind.
        firmness: Firmness,
    },
}

impl QualifyQuestion {
    /// What makes it the same question as another.
    #[must_use]
    pub fn key(&self) -> QuestionKey {
        QuestionKey {
            provider: self.provider.clone(),
            address: self.location.address.clone(),
            service: self.service,
            asks: Asks::Qualification,
        }
    }
}

impl PriceQuestion {
    /// What makes it the same question as another; the order of the terms does not matter.
    #[must_use]
    pub fn key(&self) -> QuestionKey {
        let mut terms = self.terms.clone();
        terms.sort_unstable();
        QuestionKey {
            provider: self.provider.clone(),
            address: self.location.address.clone(),
            service: self.service,
            asks: Asks::Price {
                terms,
                firmness: self.firmness,
            },
        }
    }

    /// The same question for some of its terms.
    #[must_use]
    pub fn for_terms(&self, terms: Vec<Term>) -> Self {
        Self {
            terms,
            ..self.clone()
        }
    }

    /// Whether this may be delivered there: what a carrier that wants to be asked so is asked first.
    #[must_use]
    pub fn qualification(&self) -> QualifyQuestion {
        QualifyQuestion {
            provider: self.provider.clone(),
            location: self.location.clone(),
            service: self.service,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::parse;

    fn question(address: &str, terms: &[u16]) -> PriceQuestion {
        PriceQuestion {
            provider: ProviderName::new("Alden Telephone").unwrap(),
            location: Location {
                address: NormalAddress::of(&parse(address)),
                coordinates: None,
                carrier_place: None,
            },
            service: Service {
                product: Product::BasicInternetAccess,
                down: Kbps(100_000),
                up: Kbps(20_000),
                access: None,
            },
            terms: terms
                .iter()
                .filter_map(|months| Term::new(*months))
                .collect(),
            firmness: Firmness::Budgetary,
        }
    }

    #[test]
    fn names_read_back() {
        for product in Product::ALL {
            assert_eq!(Product::of_name(product.as_str()), Some(product));
        }
        for firmness in Firmness::ALL {
            assert_eq!(Firmness::of_name(firmness.as_str()), Some(firmness));
        }
        assert_eq!(Product::of_name("firm"), None);
    }

    #[test]
    fn a_term_is_one_month_to_ten_years() {
        assert_eq!(Term::new(0), None);
        assert_eq!(Term::new(1).map(Term::months), Some(1));
        assert_eq!(Term::new(120).map(Term::months), Some(120));
        assert_eq!(Term::new(121), None);
    }

    #[test]
    fn spellings_of_one_question_are_one_key() {
        let one = question("133 N Main St, Port Alden, NH 03611", &[12, 36]);
        let other = question("133 north main street, port alden, NH 03611", &[36, 12]);
        assert_eq!(one.key(), other.key());
        assert_ne!(one.key(), one.for_terms(vec![one.terms[0]]).key());
        assert_ne!(one.key(), one.qualification().key());
        let unit = question("133 N Main St Apt 2, Port Alden, NH 03611", &[12, 36]);
        assert_ne!(one.key(), unit.key());
    }
}
