//! What is recommended, with its arithmetic.

use lastmile_model::money::{Currency, Money};
use lastmile_model::quote::Recommendation;
use lastmile_model::quote::recommendation::{LocationPick, Offer, Pick, WholePick};
use serde::Serialize;
use utoipa::ToSchema;

/// Extension: what is recommended for one term, out of everything that was offered so far.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = QuoteRecommendation)]
pub struct RecommendationDocument {
    /// For how many months.
    pub term: u16,
    /// ISO 4217 code of every amount.
    pub currency: &'static str,
    /// How totals come about.
    #[schema(example = "total = mrc x 36 + nrc")]
    pub arithmetic: String,
    /// All locations together, the cheapest offer at each.
    pub cheapest: WholeDocument,
    /// All locations together, with as few providers as a greedy choice finds.
    pub fewest_providers: WholeDocument,
    /// Offers that were left out because of their currency.
    pub other_currency: usize,
    /// Each location that has an offer.
    pub location: Vec<LocationPickDocument>,
    /// `QuoteRecommendation`.
    #[serde(rename = "@type")]
    pub type_name: &'static str,
}

/// Extension: a choice for all locations.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RecommendedWhole)]
pub struct WholeDocument {
    /// Who delivers.
    pub provider: Vec<String>,
    /// How many locations are delivered.
    pub locations: u32,
    /// What is paid over the term for all of them.
    #[schema(example = "16200.00")]
    pub total: String,
}

/// Extension: what is recommended at one location.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = RecommendedLocation)]
pub struct LocationPickDocument {
    /// Which one, from 1.
    pub number: u32,
    /// The least that is paid over the term.
    pub cheapest: PickDocument,
    /// The most bandwidth for the money.
    pub best_value: PickDocument,
    /// The cheapest of another carrier, as a second way in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub second_carrier: Option<PickDocument>,
}

/// Extension: an offer that is recommended.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = RecommendedOffer)]
pub struct PickDocument {
    /// Who offers it.
    pub provider: String,
    /// Whose line it is, where the provider buys it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub supplier: Option<String>,
    /// Which of the quote's services, from 1.
    pub service: usize,
    /// Each month.
    pub mrc: String,
    /// Once.
    pub nrc: String,
    /// Over the whole term.
    pub total: String,
    /// Download bandwidth for one unit of a month's money, kbit/s: `downMbps x 1000 x term / total`, rounded down.
    pub kbps_per_money: u64,
}

impl RecommendationDocument {
    /// The document of a recommendation.
    #[must_use]
    pub fn of(recommendation: &Recommendation) -> Self {
        let Recommendation {
            term,
            currency,
            locations,
            cheapest,
            fewest_providers,
            other_currency,
        } = recommendation;
        let months = term.months();
        Self {
            term: months,
            currency: currency.code(),
            arithmetic: format!("total = mrc x {months} + nrc"),
            cheapest: WholeDocument::of(cheapest, *currency),
            fewest_providers: WholeDocument::of(fewest_providers, *currency),
            other_currency: *other_currency,
            location: locations.iter().map(LocationPickDocument::of).collect(),
            type_name: "QuoteRecommendation",
        }
    }
}

impl WholeDocument {
    fn of(whole: &WholePick, currency: Currency) -> Self {
        let WholePick {
            providers,
            locations,
            total_minor,
        } = whole;
        Self {
            provider: providers.iter().map(ToString::to_string).collect(),
            locations: *locations,
            total: amount(*total_minor, currency),
        }
    }
}

impl LocationPickDocument {
    fn of(pick: &LocationPick) -> Self {
        let LocationPick {
            location,
            cheapest,
            best_value,
            second_carrier,
        } = pick;
        Self {
            number: location.saturating_add(1),
            cheapest: PickDocument::of(cheapest),
            best_value: PickDocument::of(best_value),
            second_carrier: second_carrier.as_ref().map(PickDocument::of),
        }
    }
}

impl PickDocument {
    fn of(pick: &Pick) -> Self {
        let Pick {
            offer:
                Offer {
                    location: _,
                    service,
                    down: _,
                    provider,
                    supplier,
                    mrc,
                    nrc,
                },
            total_minor,
            kbps_per_money,
        } = pick;
        Self {
            provider: provider.to_string(),
            supplier: supplier.as_ref().map(ToString::to_string),
            service: service + 1,
            mrc: mrc.decimal().to_string(),
            nrc: nrc.decimal().to_string(),
            total: amount(*total_minor, mrc.currency),
            kbps_per_money: *kbps_per_money,
        }
    }
}

fn amount(minor: i64, currency: Currency) -> String {
    Money { minor, currency }.decimal().to_string()
}
