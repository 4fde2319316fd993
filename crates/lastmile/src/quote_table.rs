//! A quote as it is shown in the end: the best price of each location and term, and what to take.

use comfy_table::{ContentArrangement, Table, presets};
use serde::Serialize;
use serde_json::Value;

use crate::api::{Api, Refused};
use crate::ending::Failure;
use crate::output;
use crate::quote_document::{Best, Location, Quote, Recommendation, Row, Whole};

/// Most locations of which people are shown a row; all of them stand in the export.
const LOCATIONS_SHOWN_MAX: usize = 50;
/// Locations that are read at once: as many as a page has.
const LOCATIONS_PAGE_MAX: usize = 100;

/// A quote with what it came to, as one JSON object.
#[derive(Serialize)]
struct Shown<'a> {
    quote: &'a Value,
    location: Vec<Row>,
    recommendation: Vec<Value>,
}

/// Reads what a quote came to, and shows it.
pub(crate) async fn show(api: &Api, document: &Value, json: bool) -> Result<(), Failure> {
    let quote: Quote = serde_json::from_value(document.clone())?;
    let recommendation = recommendations(api, &quote).await?;
    if json {
        let shown = Shown {
            quote: document,
            location: rows(api, &quote, usize::MAX).await?,
            recommendation,
        };
        output::json(&shown)?;
        return Ok(());
    }
    let rows = rows(api, &quote, LOCATIONS_SHOWN_MAX).await?;
    output::line(table(&quote, &rows))?;
    let more = usize::try_from(quote.location_count).unwrap_or(usize::MAX);
    let more = more.saturating_sub(LOCATIONS_SHOWN_MAX);
    if more > 0 {
        output::line(format_args!(
            "and {more} more locations: `lastmile quotes export {}` has every cell",
            quote.id
        ))?;
    }
    for recommendation in recommendation {
        output::line(sentence(&serde_json::from_value(recommendation)?, &quote))?;
    }
    output::line(summary(&quote))?;
    Ok(())
}

/// The rows of so many locations at most.
async fn rows(api: &Api, quote: &Quote, locations_max: usize) -> Result<Vec<Row>, Failure> {
    let total = usize::try_from(quote.location_count).unwrap_or(usize::MAX);
    let wanted = total.min(locations_max);
    let list = format!("{}/location", quote.href);
    let mut rows = Vec::new();
    for offset in (0..wanted).step_by(LOCATIONS_PAGE_MAX) {
        let limit = LOCATIONS_PAGE_MAX.min(wanted - offset);
        let page: Vec<Location> = api.page(&list, &[], offset, limit).await?;
        rows.extend(page.iter().flat_map(|location| location.rows(quote)));
    }
    Ok(rows)
}

/// What is recommended for each term; nothing for one without an offer.
async fn recommendations(api: &Api, quote: &Quote) -> Result<Vec<Value>, Failure> {
    let mut recommendations = Vec::new();
    for term in &quote.term {
        let path = format!("{}/recommendation?term={term}", quote.href);
        match api.get(&path).await {
            Ok(recommendation) => recommendations.push(recommendation),
            Err(failure) if is_nothing_offered(&failure) => {}
            Err(failure) => return Err(failure),
        }
    }
    Ok(recommendations)
}

fn is_nothing_offered(failure: &Failure) -> bool {
    let refused = failure.downcast_ref::<Refused>();
    refused.is_some_and(Refused::is_missing)
}

fn table(quote: &Quote, rows: &[Row]) -> Table {
    let mut table = Table::new();
    table
        .load_preset(presets::UTF8_HORIZONTAL_ONLY)
        .set_content_arrangement(ContentArrangement::Dynamic);
    let is_plain = quote.service.len() == 1;
    let terms = quote.term.iter().map(|term| format!("{term} months"));
    let service = (!is_plain).then(|| "service".to_owned());
    let header = ["#".to_owned(), "location".to_owned()].into_iter();
    table.set_header(
        header
            .chain(service)
            .chain(terms)
            .chain(["cells".to_owned()]),
    );
    for row in rows {
        let place = match &row.label {
            Some(label) => format!("{label}\n{}", row.address),
            None => row.address.clone(),
        };
        let service = (!is_plain).then(|| service_of(quote, row.service));
        let prices = quote.term.iter().map(|term| {
            let best = row.best.iter().find(|best| best.term == *term);
            best.map_or_else(|| "-".to_owned(), price)
        });
        let first = [row.location.to_string(), place].into_iter();
        let last = [row.counts.words()];
        table.add_row(first.chain(service).chain(prices).chain(last));
    }
    table
}

fn service_of(quote: &Quote, number: usize) -> String {
    let service = number
        .checked_sub(1)
        .and_then(|index| quote.service.get(index));
    service.map_or_else(String::new, |service| {
        let product = service.product.replace('_', " ");
        format!("{product}\n{}/{} Mbps", service.down_mbps, service.up_mbps)
    })
}

/// `70.00 USD a month`, what is paid once, who, how sure.
fn price(best: &Best) -> String {
    let Best {
        term: _,
        provider,
        supplier,
        mrc,
        nrc,
        currency,
        confidence,
    } = best;
    let once = if nrc.chars().all(|c| matches!(c, '0' | '.')) {
        String::new()
    } else {
        format!(" + {nrc} once")
    };
    let line = supplier
        .as_ref()
        .map(|supplier| format!(" (line of {supplier})"));
    let line = line.unwrap_or_default();
    format!("{mrc} {currency}{once}\n{provider}{line}, {confidence}")
}

/// What to take for a term, for the quote as a whole.
fn sentence(recommendation: &Recommendation, quote: &Quote) -> String {
    let Recommendation {
        term,
        currency,
        cheapest,
        fewest_providers,
    } = recommendation;
    let of = quote.location_count;
    let whole = |whole: &Whole| {
        format!(
            "{} {currency} at {} of {of} locations, by {}",
            whole.total,
            whole.locations,
            whole.provider.join(", ")
        )
    };
    let mut text = format!(
        "{term} months, all that is paid: cheapest {}",
        whole(cheapest)
    );
    if fewest_providers.provider != cheapest.provider {
        text.push_str(&format!(
            "; with the fewest providers {}",
            whole(fewest_providers)
        ));
    }
    text
}

/// Where the quote stands, and what can be done with it.
fn summary(quote: &Quote) -> String {
    let counts = quote.counts();
    let id = &quote.id;
    let next = match quote.state.as_str() {
        "inProgress" => format!("watch it with `lastmile quotes watch {id}`"),
        "pending" => "see what persons have to price with `lastmile cases`".to_owned(),
        "approved" => {
            let until = quote.valid_for.as_ref();
            let until = until.map_or("", |valid_for| valid_for.end_date_time.as_str());
            format!("take it until {until} with `lastmile quotes accept {id}`")
        }
        _ => return format!("quote {id} is {}: {}", quote.state, counts.words()),
    };
    format!("quote {id} is {}: {}; {next}", quote.state, counts.words())
}
