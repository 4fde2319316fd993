//! `POST /quote/upload`: takes a quote in whose locations are the rows of a file.

#![expect(
    unused_qualifications,
    reason = "the macro that describes an endpoint writes paths out"
)]

use std::sync::Arc;

use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use csv::StringRecord;
use jiff::{SignedDuration, Timestamp};
use lastmile_api::ErrorCode;
use lastmile_api::tmf648::quote::Quote;
use lastmile_api::tmf648::request::{AskedLocation, AskedQuote, asked};
use lastmile_app::idempotency::Once;
use lastmile_app::quotes::Quotes;
use lastmile_model::identity::Caller;
use lastmile_model::quote::request::{Asked as AskedPlace, LOCATIONS_MAX};
use serde_json::{Value, json};
use utoipa::IntoParams;

use super::create::take_in;
use super::now;
use crate::authentication::may_quote;
use crate::body::CsvBody;
use crate::idempotency::RequestKey;
use crate::limits::ROWS_NAMED_MAX;
use crate::list::pairs;
use crate::openapi::responses::Asked;
use crate::refusal::Refusal;

/// The operation that idempotency keys belong to.
const OPERATION: &str = "quoteUpload";

/// What is asked for at every location of the file.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "says to the generator what `grid_of` reads")]
struct UploadParameters {
    /// `product:downMbps:upMbps`, with `:accessTechnology` behind it if that matters; give it again for more services.
    #[param(example = "basic_internet_access:100:100")]
    service: Vec<String>,
    /// Months; give it again for more terms.
    #[param(example = json!([12, 36]))]
    term: Vec<u16>,
    /// A provider's name; give it again for more; all that have an active list or are in the providers file if
    /// not said.
    provider: Option<Vec<String>>,
    /// `budgetary`, `firm_subject_to_feasibility` or `firm`; `budgetary` if not said.
    firmness: Option<String>,
    /// When it must have ended: 10 minutes from now if not said, 24 hours at most.
    #[param(format = DateTime)]
    requested_quote_completion_date: Option<String>,
    /// The same as seconds from now: a request that is sent again is then still the same request.
    #[param(minimum = 1)]
    within: Option<u32>,
}

/// Ask for prices at the places of a file
///
/// CSV with a header: `address`, or `street`, `unit`, `city`, `state` and `zip`; `label` if there is one; other columns are passed
/// over. Where rows cannot be used, nothing is taken in, and the refusal names their lines.
#[utoipa::path(
    post,
    path = "/quote/upload",
    operation_id = "uploadQuote",
    tag = "quote",
    params(
        UploadParameters,
        ("Idempotency-Key" = Option<String>, Header,
            description = "A text of the client's own (up to 128 visible characters). The same request again under it has no second effect; another one is refused (422)."),
    ),
    request_body(content = String, content_type = "text/csv"),
    responses(
        (status = 201, description = "The quote.", body = Quote,
            headers(("Location" = String, description = "The `href` of the quote."))),
        Asked,
    )
)]
pub(crate) async fn handler(
    State(quotes): State<Quotes>,
    Extension(caller): Extension<Arc<Caller>>,
    RawQuery(query): RawQuery,
    RequestKey(key): RequestKey,
    CsvBody(body): CsvBody,
) -> Result<Response, Refusal> {
    may_quote(&caller)?;
    let query = query.unwrap_or_default();
    let locations = locations_of(&body)?;
    let asked = AskedQuote {
        locations,
        ..grid_of(&query, now(&quotes))?
    };
    let file = String::from_utf8_lossy(&body);
    let sent = [&*query, &*file];
    let once = key.as_ref();
    let once = once.map(|key| Once::new(&caller.tenant, OPERATION, key, &sent));
    take_in(&quotes, &caller, asked, once).await
}

/// What the parameters ask for, read as the body of a quote without a location.
fn grid_of(query: &str, now: Timestamp) -> Result<AskedQuote, Refusal> {
    let mut deadline = None;
    let mut body = json!({"location": [], "service": [], "term": [], "provider": []});
    for (name, value) in pairs(query)? {
        let (list, value) = match &*name {
            "service" => ("service", service(&value)),
            "term" => {
                let months: Option<u16> = value.trim().parse().ok();
                let months = months.ok_or_else(|| bad(format!("term={value:?} is no number")))?;
                ("term", months.into())
            }
            "provider" => ("provider", Value::from(&*value)),
            "within" => {
                deadline = Some(from_now(&value, now)?);
                continue;
            }
            "firmness" | "requestedQuoteCompletionDate" => {
                body[&*name] = Value::from(&*value);
                continue;
            }
            _ => {
                let message = format!(
                    "{name} is no parameter here: give service, term, provider, firmness, and requestedQuoteCompletionDate or within"
                );
                return Err(bad(message));
            }
        };
        if let Some(list) = body[list].as_array_mut() {
            list.push(value);
        }
    }
    let asked = asked(body.to_string().as_bytes())?;
    if deadline.is_some() && asked.deadline.is_some() {
        let message = "requestedQuoteCompletionDate and within say the same: give one of them";
        return Err(bad(message.to_owned()));
    }
    Ok(AskedQuote {
        deadline: deadline.or(asked.deadline),
        ..asked
    })
}

/// The time that is so many seconds away; how late it may be is seen when the quote is taken in.
fn from_now(seconds: &str, now: Timestamp) -> Result<Timestamp, Refusal> {
    let given: Option<u32> = seconds.parse().ok().filter(|seconds| *seconds > 0);
    let length = given.map(|seconds| SignedDuration::from_secs(seconds.into()));
    let time = length.and_then(|length| now.checked_add(length).ok());
    time.ok_or_else(|| bad(format!("within={seconds:?} is no number of seconds")))
}

fn bad(message: String) -> Refusal {
    Refusal::with(ErrorCode::InvalidParameter, message)
}

/// `product:downMbps:upMbps[:accessTechnology]` as a body has it.
fn service(text: &str) -> Value {
    let names = ["product", "downMbps", "upMbps", "accessTechnology"];
    let mut parts = text.splitn(names.len(), ':');
    let named = names.into_iter().zip(parts.by_ref());
    named
        .map(|(name, part)| (name.to_owned(), Value::from(part)))
        .collect()
}

/// The locations of a file.
fn locations_of(body: &[u8]) -> Result<Vec<AskedPlace>, Refusal> {
    let unreadable = |error: csv::Error| {
        Refusal::with(
            ErrorCode::RowsRefused,
            format!("the file is no CSV: {error}"),
        )
    };
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(body);
    let header = reader.headers().map_err(unreadable)?.clone();
    let columns = Columns::of(&header);
    if columns.address.is_none() && columns.street.is_none() {
        let given: Vec<&str> = header.iter().map(|name| name.trim_matches(BLANK)).collect();
        let message = format!(
            "line 1: the header names neither address nor street; its columns are: {}",
            given.join(", ")
        );
        return Err(Refusal::with(ErrorCode::RowsRefused, message));
    }
    let (mut locations, mut refused, mut count) = (Vec::new(), Vec::new(), 0_usize);
    for record in reader.records() {
        let record = record.map_err(unreadable)?;
        if locations.len() > LOCATIONS_MAX {
            // One more than there may be is refused anyway.
            break;
        }
        let line = record.position().map_or(0, csv::Position::line);
        match columns.read(&record).read(&format!("line {line}")) {
            Ok(location) => locations.push(location),
            Err(error) => {
                count += 1;
                if refused.len() < ROWS_NAMED_MAX {
                    refused.push(error.to_string());
                }
            }
        }
    }
    if count == 0 {
        return Ok(locations);
    }
    let message = format!("{count} rows cannot be used: {}", refused.join("; "));
    Err(Refusal::with(ErrorCode::RowsRefused, message))
}

/// Where the parts of a location stand in a row.
struct Columns {
    label: Option<usize>,
    address: Option<usize>,
    street: Option<usize>,
    unit: Option<usize>,
    city: Option<usize>,
    state: Option<usize>,
    zip: Option<usize>,
}

impl Columns {
    fn of(header: &StringRecord) -> Self {
        let column = |name: &str| {
            let mut names = header.iter();
            names.position(|given| given.trim_matches(BLANK).eq_ignore_ascii_case(name))
        };
        Self {
            label: column("label"),
            address: column("address"),
            street: column("street"),
            unit: column("unit"),
            city: column("city"),
            state: column("state"),
            zip: column("zip"),
        }
    }

    fn read(&self, record: &StringRecord) -> AskedLocation {
        let Self {
            label,
            address,
            street,
            unit,
            city,
            state,
            zip,
        } = *self;
        let part = |column: Option<usize>| {
            let text = record.get(column?)?.trim_matches(BLANK);
            (!text.is_empty()).then(|| text.to_owned())
        };
        AskedLocation {
            label: part(label),
            address: part(address),
            street: part(street),
            unit: part(unit),
            city: part(city),
            state: part(state),
            zip: part(zip),
        }
    }
}

/// What is around a text: blanks, and the mark at the beginning of some files.
const BLANK: [char; 3] = [' ', '\t', '\u{feff}'];
