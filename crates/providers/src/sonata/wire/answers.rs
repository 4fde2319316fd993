//! What a seller answers, as far as it is read here. Every attribute may be missing: what its absence
//! means is decided where it is read, not by the parser.

use serde::Deserialize;

use super::lenient::{Many, Scalar};

/// Body of a token endpoint's answer (RFC 6749, section 5.1). Has no `Debug`: it holds a secret.
#[derive(Deserialize)]
pub(crate) struct TokenAnswer {
    pub(crate) access_token: String,
    pub(crate) expires_in: Option<Scalar>,
}

/// `Error400` to `Error501`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Problem {
    pub(crate) code: Option<Scalar>,
    pub(crate) reason: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) property_path: Option<String>,
    /// Where a termination error has its text.
    pub(crate) value: Option<String>,
}

/// `GeographicAddressValidation`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Validation {
    pub(crate) best_match_geographic_address: Option<Address>,
    pub(crate) alternate_geographic_address: Many<Address>,
}

/// Every representation of a `GeographicAddress`, and of a place in an item.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Address {
    pub(crate) id: Option<Scalar>,
    pub(crate) street_nr: Option<Scalar>,
    pub(crate) street_nr_suffix: Option<String>,
    pub(crate) street_nr_last: Option<Scalar>,
    pub(crate) street_nr_last_suffix: Option<String>,
    pub(crate) street_name: Option<String>,
    pub(crate) street_type: Option<String>,
    pub(crate) street_suffix: Option<String>,
    pub(crate) city: Option<String>,
    pub(crate) state_or_province: Option<String>,
    pub(crate) postcode: Option<Scalar>,
    pub(crate) postcode_extension: Option<Scalar>,
    pub(crate) addr_line1: Option<String>,
    pub(crate) addr_line2: Option<String>,
    pub(crate) geographic_sub_address: Option<SubAddress>,
    pub(crate) associated_geographic_address: Option<Box<Self>>,
    /// Of a `MEFGeographicPoint`: the latitude.
    pub(crate) x: Option<Scalar>,
    /// Of a `MEFGeographicPoint`: the longitude.
    pub(crate) y: Option<Scalar>,
    /// Carriers also add these to an address.
    pub(crate) latitude: Option<Scalar>,
    pub(crate) longitude: Option<Scalar>,
}

/// `GeographicSubAddress`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct SubAddress {
    pub(crate) sub_unit: Many<SubUnit>,
}

/// `MEFSubUnit`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct SubUnit {
    pub(crate) sub_unit_number: Option<Scalar>,
    pub(crate) sub_unit_type: Option<String>,
}

/// `ProductOfferingQualification`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Qualification {
    pub(crate) id: Option<Scalar>,
    pub(crate) state: Option<String>,
    #[serde(rename = "expectedPOQCompletionDate")]
    pub(crate) expected_completion_date: Option<String>,
    pub(crate) product_offering_qualification_item: Many<QualificationItem>,
}

/// `ProductOfferingQualificationItem`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct QualificationItem {
    pub(crate) id: Option<Scalar>,
    pub(crate) state: Option<String>,
    pub(crate) serviceability_confidence: Option<String>,
    pub(crate) serviceability_confidence_reason: Option<String>,
    pub(crate) installation_interval: Option<Interval>,
    pub(crate) guaranteed_until_date: Option<String>,
    pub(crate) alternate_product_offering_proposal: Many<AlternateProposal>,
    pub(crate) termination_error: Many<Problem>,
    pub(crate) product: Option<Product>,
}

/// `AlternateProductOfferingProposal`: only that there is one.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct AlternateProposal {}

/// `MEFProductRefOrValue`: only where it is.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Product {
    pub(crate) place: Many<Address>,
}

/// `Duration`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Interval {
    pub(crate) amount: Option<Scalar>,
    pub(crate) units: Option<String>,
}

/// `Quote`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Quote {
    pub(crate) id: Option<Scalar>,
    pub(crate) state: Option<String>,
    pub(crate) quote_level: Option<String>,
    pub(crate) expected_quote_completion_date: Option<String>,
    pub(crate) valid_for: Option<Period>,
    pub(crate) quote_item: Many<QuoteItem>,
}

/// `TimePeriod`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Period {
    pub(crate) end_date_time: Option<String>,
}

/// `QuoteItem`, and what carriers that are nearly Sonata put into it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct QuoteItem {
    pub(crate) id: Option<Scalar>,
    pub(crate) state: Option<String>,
    pub(crate) subject_to_feasibility_check: Option<Scalar>,
    pub(crate) quote_item_installation_interval: Option<Interval>,
    pub(crate) quote_item_term: Many<ItemTerm>,
    pub(crate) quote_item_price: Many<QuotePrice>,
    pub(crate) termination_error: Many<Problem>,
    pub(crate) product: Option<Product>,
    /// Months, in the place of `quoteItemTerm`.
    pub(crate) term: Option<Scalar>,
    /// Monthly charge, in the place of `quoteItemPrice`.
    pub(crate) total_mrc: Option<Scalar>,
    /// Charge once, in the place of `quoteItemPrice`.
    pub(crate) total_nrc: Option<Scalar>,
    /// Currency of the totals.
    pub(crate) currency: Option<String>,
}

/// `MEFItemTerm`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ItemTerm {
    pub(crate) duration: Option<Interval>,
}

/// `QuotePrice`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct QuotePrice {
    pub(crate) price_type: Option<String>,
    pub(crate) recurring_charge_period: Option<String>,
    pub(crate) price: Option<PriceAmounts>,
}

/// `Price`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct PriceAmounts {
    pub(crate) duty_free_amount: Option<WireMoney>,
}

/// `Money`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct WireMoney {
    pub(crate) unit: Option<String>,
    pub(crate) value: Option<Scalar>,
}

/// `EventSubscription`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Subscription {
    pub(crate) id: Option<Scalar>,
}

/// `Event` of both notification interfaces.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Event {
    pub(crate) event_id: Option<Scalar>,
    pub(crate) event_type: Option<String>,
    /// `timeOcurred` is how some published documents spell it.
    #[serde(alias = "timeOcurred", alias = "timeOccurred")]
    pub(crate) event_time: Option<String>,
    pub(crate) event: Option<EventBody>,
}

/// `PoqEvent` and `QuoteEvent`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct EventBody {
    pub(crate) id: Option<Scalar>,
}
