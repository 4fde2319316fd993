//! Everything that buyer and seller agree on before the first question.

use std::collections::BTreeMap;
use std::time::Duration;

use lastmile_model::carrier::{Firmness, Product};

use super::product::Offering;
use super::token::TokenSettings;

/// One seller, as its API is used.
#[derive(Clone, Debug, PartialEq)]
pub struct SonataSettings {
    /// Where its APIs are: what stands before `/mefApi/sonata`.
    pub base_url: String,
    /// Where tokens come from.
    pub token: TokenSettings,
    /// Who we are, where we buy for several.
    pub buyer_id: Option<String>,
    /// Who it is, where it sells for several.
    pub seller_id: Option<String>,
    /// Major versions of its APIs.
    pub versions: Versions,
    /// Who is named as the contact for everything.
    pub contact: Contact,
    /// Whether answers are asked for at once, or later.
    pub immediate: bool,
    /// How long it may take with a deferred answer.
    pub answer_within: Duration,
    /// How often a deferred answer is looked for where the seller does not say when it is ready.
    pub poll_every: Duration,
    /// Whether an address is validated first and then referred to; otherwise it is sent in full.
    pub validate_addresses: bool,
    /// When a qualification comes before a quote.
    pub qualify_first: QualifyFirst,
    /// How many locations one qualification asks about.
    pub qualify_batch: usize,
    /// The seller says green where it knows the address, and no more.
    pub green_means_address_known: bool,
    /// The products that it sells us.
    pub offerings: BTreeMap<Product, Offering>,
}

/// Major versions, as they stand in the paths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Versions {
    /// Of `geographicAddressManagement`.
    pub address: u16,
    /// Of `productOfferingQualification`.
    pub qualification: u16,
    /// Of `quoteManagement`.
    pub quote: u16,
}

/// When a seller wants a qualification before a quote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QualifyFirst {
    /// Never.
    Never,
    /// Before a price that is to bind.
    Firm,
    /// Always.
    Always,
}

impl QualifyFirst {
    pub(super) fn applies(self, firmness: Firmness) -> bool {
        match self {
            Self::Never => false,
            Self::Firm => firmness > Firmness::Budgetary,
            Self::Always => true,
        }
    }
}

/// A person whom the seller may ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// Name.
    pub name: String,
    /// Address for mail.
    pub email: String,
    /// Telephone number.
    pub phone: String,
}
