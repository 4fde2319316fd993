//! Prices that persons have to give: the open cases, and an answer.

use jiff::Timestamp;
use lastmile_model::carrier::Term;
use lastmile_model::identity::ProviderName;
use lastmile_model::listing::figures;
use lastmile_model::money::{Currency as ModelCurrency, Money};
use lastmile_model::quote::{Cell, Grid, QuoteId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::location::CellOf;
use super::request::{provider, term, time};
use super::service::QuotedService;
use crate::document::{AttributeError, DocumentError, Problem, read, typed};
use crate::names::Currency;
use crate::shown::Time;
use crate::version::quote_href;

/// Longest remark, in bytes.
pub const NOTE_MAX_BYTES: usize = 1_000;

/// Some cells of a quote that wait for one provider's price.
#[derive(Debug, Serialize, ToSchema)]
pub struct IndividualCase {
    /// Id of the quote.
    pub quote: String,
    /// Where the quote can be read.
    #[schema(format = "uri-reference")]
    pub href: String,
    /// Whose prices.
    pub provider: String,
    /// What waits.
    pub cell: Vec<OpenCell>,
    /// `IndividualCase`.
    #[serde(rename = "@type")]
    pub type_name: &'static str,
}

/// A cell that waits for a person.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OpenCell {
    /// Which location of the quote, from 1.
    pub location: u32,
    /// Its address.
    pub address: String,
    /// Which service of the quote, from 1.
    pub service: usize,
    /// The service.
    pub asked: QuotedService,
    /// For how many months.
    pub term: u16,
    /// Why a person has to give it, where the carrier said more than that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
    /// Since when it waits.
    #[schema(format = DateTime)]
    pub since: String,
}

impl IndividualCase {
    /// The case of a provider with these cells.
    #[must_use]
    pub fn of(quote: QuoteId, provider: &ProviderName, cell: Vec<OpenCell>) -> Self {
        Self {
            quote: quote.to_string(),
            href: quote_href(quote),
            provider: provider.to_string(),
            cell,
            type_name: "IndividualCase",
        }
    }
}

impl OpenCell {
    /// The document of a cell; `None` where it does not wait for a person. Locations are counted from 0.
    #[must_use]
    pub fn of(grid: &Grid, location: u32, address: &str, cell: &CellOf<'_>) -> Option<Self> {
        let (waiting @ Cell::IcbPending(_), since) = cell.ended? else {
            return None;
        };
        Some(Self {
            location: location.saturating_add(1),
            address: address.to_owned(),
            service: cell.service + 1,
            asked: QuotedService::of(grid.services.get(cell.service)?),
            term: cell.term.months(),
            reason: waiting.reason(),
            since: Time(since).to_string(),
        })
    }
}

/// What a person says about one cell: a price, or `notServed`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = CaseAnswer)]
pub struct CaseAnswerBody {
    /// Id of the quote.
    pub quote: String,
    /// Whose price.
    pub provider: String,
    /// Which location of the quote, from 1.
    pub location: u32,
    /// Which service of the quote, from 1; the first if not said.
    pub service: Option<u32>,
    /// For how many months.
    pub term: u16,
    /// `true` where it cannot be delivered; then nothing more is said.
    #[serde(default)]
    pub not_served: bool,
    /// Monthly recurring charge: decimal text.
    #[schema(example = "450.00")]
    pub mrc: Option<String>,
    /// Charge paid once, likewise.
    #[schema(example = "0.00")]
    pub nrc: Option<String>,
    /// Of both; USD if not said.
    pub currency: Option<Currency>,
    /// Whole days from the order to the service.
    pub install_interval_days: Option<u32>,
    /// Until when the price holds; a month from now if not said.
    #[schema(format = DateTime)]
    pub valid_until: Option<String>,
    /// A remark of up to 1,000 bytes.
    pub note: Option<String>,
}

/// The same, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseAnswer {
    /// Which quote; a text that is none names none.
    pub quote: Option<QuoteId>,
    /// Whose price.
    pub provider: ProviderName,
    /// Which location, from 0.
    pub location: u32,
    /// Which service, from 0.
    pub service: usize,
    /// Which term.
    pub term: Term,
    /// The price; `None` where it cannot be delivered.
    pub price: Option<CasePrice>,
}

/// A price that a person gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CasePrice {
    /// Each month.
    pub mrc: Money,
    /// Once.
    pub nrc: Money,
    /// Whole days from the order to the service.
    pub install_interval_days: Option<u32>,
    /// Until when it holds.
    pub valid_until: Option<Timestamp>,
    /// A remark.
    pub note: Option<String>,
}

/// Reads the body of an answer.
///
/// # Errors
/// [`DocumentError`] with the path of what is wrong.
pub fn answer(body: &[u8]) -> Result<CaseAnswer, DocumentError> {
    let said: CaseAnswerBody = typed(&read(body)?)?;
    let price = price(&said)?;
    let CaseAnswerBody {
        quote,
        provider: name,
        location,
        service,
        term: months,
        ..
    } = said;
    let from_one = |number: u32, path: &str| {
        let given = number.to_string();
        let expected = "a number from 1";
        let problem = Problem::NotA { given, expected };
        number
            .checked_sub(1)
            .ok_or_else(|| AttributeError::at(path, problem))
    };
    let service = from_one(service.unwrap_or(1), "service")?;
    Ok(CaseAnswer {
        quote: quote.parse().ok(),
        provider: provider(&name, "provider")?,
        location: from_one(location, "location")?,
        service: usize::try_from(service).unwrap_or(usize::MAX),
        term: term(months, "term")?,
        price,
    })
}

fn price(said: &CaseAnswerBody) -> Result<Option<CasePrice>, AttributeError> {
    let CaseAnswerBody {
        quote: _,
        provider: _,
        location: _,
        service: _,
        term: _,
        not_served,
        mrc,
        nrc,
        currency,
        install_interval_days,
        valid_until,
        note,
    } = said;
    if *not_served {
        let is_priced = mrc.is_some() || nrc.is_some() || valid_until.is_some();
        if is_priced || currency.is_some() || install_interval_days.is_some() || note.is_some() {
            let other = "the price";
            return Err(AttributeError::at(
                "notServed",
                Problem::Contradiction { other },
            ));
        }
        return Ok(None);
    }
    if let Some(note) = note.as_ref().filter(|note| note.len() > NOTE_MAX_BYTES) {
        let given = format!("a text of {} bytes", note.len());
        let expected = "a remark of at most 1000 bytes";
        return Err(AttributeError::at(
            "note",
            Problem::NotA { given, expected },
        ));
    }
    let currency = currency.map_or(ModelCurrency::Usd, Into::into);
    Ok(Some(CasePrice {
        mrc: amount(mrc.as_deref(), currency, "mrc")?,
        nrc: amount(nrc.as_deref(), currency, "nrc")?,
        install_interval_days: *install_interval_days,
        valid_until: match valid_until {
            Some(text) => Some(time(text, "validUntil")?),
            None => None,
        },
        note: note.clone(),
    }))
}

/// An amount as every answer writes it: digits, and two decimals at most.
fn amount(
    text: Option<&str>,
    currency: ModelCurrency,
    path: &str,
) -> Result<Money, AttributeError> {
    let hint = "mrc and nrc, or notServed";
    let text = text.ok_or_else(|| AttributeError::at(path, Problem::Missing { hint }))?;
    let is_plain = text.chars().all(|c| c.is_ascii_digit() || c == '.');
    let amount = figures::price(text, currency).filter(|_| is_plain);
    amount.ok_or_else(|| {
        let given = text.to_owned();
        let expected = "an amount like 450.00";
        AttributeError::at(path, Problem::NotA { given, expected })
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn body(more: &Value) -> Vec<u8> {
        let mut body = json!({"quote": "x", "provider": "Acme", "location": 1, "term": 12});
        for (name, value) in more.as_object().unwrap() {
            body[name] = value.clone();
        }
        body.to_string().into_bytes()
    }

    #[test]
    fn a_price_is_exact() {
        let read = answer(&body(&json!({"mrc": "450.5", "nrc": "0", "service": 2}))).unwrap();
        let price = read.price.unwrap();
        assert_eq!((price.mrc.minor, price.nrc.minor), (45_050, 0));
        assert_eq!((read.location, read.service, read.quote), (0, 1, None));
        let read = answer(&body(&json!({"notServed": true}))).unwrap();
        assert_eq!(read.price, None);
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (more, path) in [
            (json!({}), "mrc"),
            (json!({"mrc": "1"}), "nrc"),
            (json!({"mrc": "-1", "nrc": "0"}), "mrc"),
            (json!({"mrc": "1.005", "nrc": "0"}), "mrc"),
            (json!({"mrc": "$1", "nrc": "0"}), "mrc"),
            (
                json!({"mrc": "1", "nrc": "0", "note": "x".repeat(1_001)}),
                "note",
            ),
            (
                json!({"mrc": "1", "nrc": "0", "currency": "EUR"}),
                "currency",
            ),
            (
                json!({"mrc": "1", "nrc": "0", "validUntil": "soon"}),
                "validUntil",
            ),
            (json!({"notServed": true, "note": "no"}), "notServed"),
            (json!({"notServed": true, "location": 0}), "location"),
            (json!({"notServed": true, "term": 0}), "term"),
        ] {
            let error = answer(&body(&more)).unwrap_err().to_string();
            assert!(error.starts_with(path), "{more}: {error}");
        }
    }
}
