//! What commands read of a quote's documents: the head, the locations, the recommendations.

use lastmile_model::carrier::Term;
use lastmile_model::listing::figures;
use lastmile_model::money::Currency;
use serde::{Deserialize, Serialize};

/// The state of a quote whose providers are being asked.
const IN_PROGRESS: &str = "inProgress";
/// The outcome of a cell with a price.
const PRICED: &str = "priced";
/// The currency whose prices go before those of others.
const USUAL_CURRENCY: &str = "USD";

/// A term, in months.
pub(crate) fn months(text: &str) -> Result<u16, String> {
    let term = text.parse().ok().and_then(Term::new);
    let term = term.ok_or_else(|| "a term is 1 to 120 months".to_owned());
    Ok(term?.months())
}

/// A quote, as far as it is read.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Quote {
    pub(crate) id: String,
    pub(crate) href: String,
    pub(crate) state: String,
    pub(crate) quote_date: String,
    pub(crate) requested_quote_completion_date: String,
    pub(crate) valid_for: Option<ValidFor>,
    pub(crate) location_count: u32,
    pub(crate) provider: Vec<String>,
    pub(crate) service: Vec<Service>,
    pub(crate) term: Vec<u16>,
    pub(crate) progress: Option<Progress>,
}

/// Until when every price of a quote holds.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ValidFor {
    pub(crate) end_date_time: String,
}

/// What is asked for at every location.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Service {
    pub(crate) product: String,
    pub(crate) down_mbps: serde_json::Number,
    pub(crate) up_mbps: serde_json::Number,
}

/// What became of the cells.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Progress {
    #[serde(flatten)]
    pub(crate) all: Counts,
    pub(crate) provider: Vec<OfProvider>,
}

/// What became of the cells of one provider.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct OfProvider {
    pub(crate) provider: String,
    #[serde(flatten)]
    pub(crate) counts: Counts,
}

/// How many cells came to what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Counts {
    pub(crate) cells: u64,
    pub(crate) waiting: u64,
    pub(crate) priced: u64,
    pub(crate) icb_pending: u64,
    pub(crate) not_served: u64,
    pub(crate) address_unknown: u64,
    pub(crate) failed: u64,
    pub(crate) expired: u64,
}

/// A location with its cells.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Location {
    number: u32,
    label: Option<String>,
    address: String,
    cell: Vec<Cell>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
struct Cell {
    provider: String,
    service: usize,
    term: u16,
    outcome: String,
    price: Option<Price>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
struct Price {
    mrc: String,
    nrc: String,
    currency: String,
    confidence: String,
    supplier: Option<String>,
}

/// What is recommended for one term.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Recommendation {
    pub(crate) term: u16,
    pub(crate) currency: String,
    pub(crate) cheapest: Whole,
    pub(crate) fewest_providers: Whole,
}

/// A choice for all locations.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Whole {
    pub(crate) provider: Vec<String>,
    pub(crate) locations: u32,
    pub(crate) total: String,
}

/// One location and service: the best price for each term, and what became of all its cells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Row {
    pub(crate) location: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) label: Option<String>,
    pub(crate) address: String,
    pub(crate) service: usize,
    pub(crate) best: Vec<Best>,
    #[serde(flatten)]
    pub(crate) counts: Counts,
}

/// The offer of the least total for a term.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Best {
    pub(crate) term: u16,
    pub(crate) provider: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) supplier: Option<String>,
    pub(crate) mrc: String,
    pub(crate) nrc: String,
    pub(crate) currency: String,
    pub(crate) confidence: String,
}

impl Quote {
    pub(crate) fn is_in_progress(&self) -> bool {
        self.state == IN_PROGRESS
    }

    /// The counts of all cells; of a quote without its progress, none.
    pub(crate) fn counts(&self) -> Counts {
        self.progress
            .as_ref()
            .map(|progress| progress.all)
            .unwrap_or_default()
    }
}

impl Counts {
    /// How many have an answer.
    pub(crate) const fn answered(self) -> u64 {
        self.cells.saturating_sub(self.waiting)
    }

    fn count(&mut self, outcome: &str) {
        self.cells += 1;
        match outcome {
            PRICED => self.priced += 1,
            "icb_pending" => self.icb_pending += 1,
            "not_served" => self.not_served += 1,
            "address_unknown" => self.address_unknown += 1,
            "failed" => self.failed += 1,
            "expired" => self.expired += 1,
            _ => self.waiting += 1,
        }
    }

    /// Those that are not none, in words: `40 priced, 2 for a person`.
    pub(crate) fn words(self) -> String {
        let Self {
            cells: _,
            waiting,
            priced,
            icb_pending,
            not_served,
            address_unknown,
            failed,
            expired,
        } = self;
        let named = [
            (priced, PRICED),
            (icb_pending, "for a person"),
            (not_served, "not served"),
            (address_unknown, "address unknown"),
            (failed, "failed"),
            (expired, "too late"),
            (waiting, "waiting"),
        ];
        let named = named.into_iter().filter(|(count, _)| *count > 0);
        let words: Vec<String> = named
            .map(|(count, name)| format!("{count} {name}"))
            .collect();
        words.join(", ")
    }
}

impl Location {
    /// A row for each service.
    pub(crate) fn rows(&self, quote: &Quote) -> Vec<Row> {
        let services = 1..=quote.service.len();
        services.map(|service| self.row(quote, service)).collect()
    }

    fn row(&self, quote: &Quote, service: usize) -> Row {
        let own = || self.cell.iter().filter(move |cell| cell.service == service);
        let mut counts = Counts::default();
        own().for_each(|cell| counts.count(&cell.outcome));
        let best = quote.term.iter().filter_map(|term| {
            let offers = own().filter(|cell| cell.term == *term);
            offers
                .filter_map(Cell::offer)
                .min_by_key(|(order, _)| *order)
                .map(|(_, best)| best)
        });
        Row {
            location: self.number,
            label: self.label.clone(),
            address: self.address.clone(),
            service,
            best: best.collect(),
            counts,
        }
    }
}

impl Cell {
    /// The price with its place among others: the least that is paid over the term goes first. A price in another
    /// currency is neither cheaper nor dearer; it stands behind.
    fn offer(&self) -> Option<((bool, i64), Best)> {
        let Price {
            mrc,
            nrc,
            currency,
            confidence,
            supplier,
        } = self.price.as_ref()?;
        let minor = |text: &str| Some(figures::price(text, Currency::Usd)?.minor);
        let months = minor(mrc)?.saturating_mul(self.term.into());
        let total = months.saturating_add(minor(nrc)?);
        let best = Best {
            term: self.term,
            provider: self.provider.clone(),
            supplier: supplier.clone(),
            mrc: mrc.clone(),
            nrc: nrc.clone(),
            currency: currency.clone(),
            confidence: confidence.clone(),
        };
        Some(((currency != USUAL_CURRENCY, total), best))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn quote() -> Quote {
        let document = json!({
            "id": "1", "href": "/1", "state": "pending", "quoteDate": "", "requestedQuoteCompletionDate": "",
            "locationCount": 1, "provider": ["A", "B"], "term": [12, 36],
            "service": [{"product": "basic_internet_access", "downMbps": 100, "upMbps": 0.768}],
        });
        serde_json::from_value(document).unwrap()
    }

    fn cell(provider: &str, term: u16, price: Option<(&str, &str, &str)>) -> Value {
        let Some((mrc, nrc, currency)) = price else {
            return json!({"provider": provider, "service": 1, "term": term, "outcome": "icb_pending"});
        };
        json!({"provider": provider, "service": 1, "term": term, "outcome": "priced", "price": {
            "mrc": mrc, "nrc": nrc, "currency": currency, "confidence": "green",
        }})
    }

    #[test]
    fn the_best_price_is_the_least_over_its_term() {
        let location: Location =
            serde_json::from_value(json!({"number": 1, "address": "x", "cell": [
                cell("A", 12, Some(("50.00", "500.00", "USD"))),
                cell("A", 36, Some(("50.00", "500.00", "USD"))),
                cell("B", 12, Some(("70.00", "0.00", "USD"))),
                cell("B", 36, Some(("70.00", "0.00", "USD"))),
                cell("C", 12, Some(("1.00", "0.00", "CAD"))),
                cell("C", 36, None),
            ]}))
            .unwrap();
        let [row] = &location.rows(&quote())[..] else {
            panic!("one service");
        };
        let best: Vec<_> = row
            .best
            .iter()
            .map(|best| (best.term, best.provider.as_str()))
            .collect();
        assert_eq!(best, [(12, "B"), (36, "A")]);
        assert_eq!(row.counts.words(), "5 priced, 1 for a person");
        assert_eq!(row.counts.answered(), 6);
    }
}
