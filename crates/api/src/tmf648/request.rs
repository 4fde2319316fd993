//! The body of a POST: a grid, asked for in one of two ways.

use jiff::Timestamp;
use lastmile_model::Text;
use lastmile_model::address::parse::TEXT_MAX_BYTES;
use lastmile_model::address::{Address, NormalAddress, Parts, parse};
use lastmile_model::availability::Place;
use lastmile_model::carrier::{Firmness as ModelFirmness, Location, Service, Term};
use lastmile_model::geography::Coordinates;
use lastmile_model::identity::ProviderName;
use lastmile_model::quote::request::Asked;
use serde::Deserialize;
use utoipa::ToSchema;

use super::service::{AskedService, of_characteristics};
use crate::address::GeographicAddress;
use crate::document::{AttributeError, DocumentError, Problem, read, refuse, typed};
use crate::names::Firmness;
use crate::task::stored_text;
use crate::tmf645::service::{Characteristic, ROLE_PROVIDER, RelatedParty};

/// What only the server sets.
pub const SERVER_OWNED: &[&str] = &[
    "id",
    "href",
    "state",
    "version",
    "quoteDate",
    "effectiveQuoteCompletionDate",
    "validFor",
    "locationCount",
    "progress",
];
/// What is kept with the grid, and so not with what the client sent besides.
const OF_GRID: &[&str] = &[
    "quoteItem",
    "location",
    "service",
    "term",
    "provider",
    "firmness",
    "requestedQuoteCompletionDate",
];
/// Longest label of a location, in bytes.
pub const LABEL_MAX_BYTES: usize = 128;
/// Months of a year.
const YEAR: f64 = 12.0;

/// The body of a POST. `quoteItem` or `location` says where. Attributes that are not listed are kept.
#[derive(Clone, Debug, PartialEq, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct QuoteCreate {
    /// TMF648: one location each, up to 2,000.
    pub quote_item: Option<Vec<QuoteItem>>,
    /// Extension: up to 2,000 locations.
    pub location: Option<Vec<AskedLocation>>,
    /// Extension: up to 4 services, each asked for at every location.
    pub service: Option<Vec<AskedService>>,
    /// Extension: up to 12 terms, in months (1 to 120).
    #[schema(example = json!([12, 36]))]
    pub term: Option<Vec<u16>>,
    /// Extension: up to 40 providers by name; if none is named, all that have an active list or are in
    /// the providers file.
    pub provider: Option<Vec<String>>,
    /// TMF648: those with `role` `provider` are asked; others are kept.
    pub related_party: Option<Vec<RelatedParty>>,
    /// Extension: how much the prices are to bind; `budgetary` if not said.
    pub firmness: Option<Firmness>,
    /// When it must have ended, whatever is still missing: 10 minutes from now if not said, 24 hours at most.
    #[schema(format = DateTime)]
    pub requested_quote_completion_date: Option<String>,
    /// Whether the answer waits until the quote is filled (200), for 20 seconds at most (201 then, and it is filled in the
    /// background as others are). Only for a quote of up to 20 locations and
    /// 2,000 cells.
    pub instant_sync_quote: Option<bool>,
    /// For people.
    pub description: Option<String>,
    /// The client's own id.
    pub external_id: Option<String>,
}

/// TMF648 `QuoteItem`: one location with what is asked there.
#[derive(Clone, Debug, PartialEq, Deserialize, ToSchema)]
pub struct QuoteItem {
    /// The client's own id; the location's label.
    pub id: Option<String>,
    /// What is asked for, and where.
    pub product: ItemProduct,
}

/// TMF648 `ProductRefOrValue`, as far as it is understood.
#[derive(Clone, Debug, PartialEq, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ItemProduct {
    /// Where: one place.
    pub place: Vec<GeographicAddress>,
    /// `product`, `downMbps`, `upMbps`, `accessTechnology`: the same in every item.
    #[serde(default)]
    pub product_characteristic: Vec<Characteristic>,
    /// For how long: the same in every item.
    #[serde(default)]
    pub product_term: Vec<ProductTerm>,
}

/// TMF648 `ProductTerm`.
#[derive(Clone, Debug, PartialEq, Deserialize, ToSchema)]
pub struct ProductTerm {
    /// How long.
    pub duration: Duration,
}

/// TMF648 `Quantity` of time.
#[derive(Clone, Debug, PartialEq, Deserialize, ToSchema)]
pub struct Duration {
    /// How many.
    pub amount: f64,
    /// `month` or `year`.
    pub units: String,
}

/// Extension: a location as it is asked about: `address`, or its parts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskedLocation {
    /// The client's own name for it.
    pub label: Option<String>,
    /// The whole address on one line.
    #[schema(example = "303 E 26th St Apt 4, Cheyenne, WY 82001")]
    pub address: Option<String>,
    /// House number and street.
    pub street: Option<String>,
    /// Unit, with its designator or without.
    pub unit: Option<String>,
    /// City.
    pub city: Option<String>,
    /// State, abbreviated or in full.
    pub state: Option<String>,
    /// ZIP code.
    pub zip: Option<String>,
}

/// A quote as a body asks for it; what it leaves to the server is still open.
#[derive(Clone, Debug, PartialEq)]
pub struct AskedQuote {
    /// What the client sent besides.
    pub document: String,
    /// Where.
    pub locations: Vec<Asked>,
    /// Who is asked; none for everybody.
    pub providers: Vec<ProviderName>,
    /// What is to be delivered.
    pub services: Vec<Service>,
    /// For how long.
    pub terms: Vec<Term>,
    /// How much the prices are to bind.
    pub firmness: ModelFirmness,
    /// When it must have ended, where the client says so.
    pub deadline: Option<Timestamp>,
    /// Whether the client waits for what is answered.
    pub is_instant: bool,
}

/// Reads the body of a POST.
///
/// # Errors
/// [`DocumentError`] with the path of what is wrong.
pub fn asked(body: &[u8]) -> Result<AskedQuote, DocumentError> {
    let mut document = read(body)?;
    refuse(&document, SERVER_OWNED)?;
    let QuoteCreate {
        quote_item,
        location,
        service,
        term,
        provider,
        related_party,
        firmness,
        requested_quote_completion_date,
        instant_sync_quote,
        description: _,
        external_id: _,
    } = typed(&document)?;
    for attribute in OF_GRID {
        document.shift_remove(*attribute);
    }
    let services = service.unwrap_or_default();
    let services = services.iter().enumerate();
    let services = services.map(|(position, one)| one.read(&format!("service[{position}]")));
    let mut services = services.collect::<Result<Vec<_>, _>>()?;
    let mut terms = terms(term.as_deref().unwrap_or_default())?;
    let locations = match (quote_item, location) {
        (Some(items), None) => of_items(&items, &mut services, &mut terms)?,
        (None, Some(locations)) => {
            let locations = locations.iter().enumerate();
            let locations = locations.map(|(position, one)| one.read(&at("location", position)));
            locations.collect::<Result<Vec<_>, _>>()?
        }
        (Some(_), Some(_)) => {
            let other = "location: one of the two says where";
            return Err(AttributeError::at("quoteItem", Problem::Contradiction { other }).into());
        }
        (None, None) => {
            let hint = "location, or one quoteItem for each place";
            return Err(AttributeError::at("quoteItem", Problem::Missing { hint }).into());
        }
    };
    Ok(AskedQuote {
        document: stored_text(&document),
        locations,
        providers: providers(provider, related_party)?,
        services,
        terms,
        firmness: firmness.unwrap_or_default().into(),
        deadline: match requested_quote_completion_date {
            Some(text) => Some(time(&text, "requestedQuoteCompletionDate")?),
            None => None,
        },
        is_instant: instant_sync_quote.unwrap_or_default(),
    })
}

/// A time, as it is written at `path`.
///
/// # Errors
/// [`AttributeError`] for a text that is none.
pub fn time(text: &str, path: &str) -> Result<Timestamp, AttributeError> {
    text.parse().map_err(|_| {
        let problem = Problem::NotA {
            given: text.to_owned(),
            expected: "a time like 2026-03-03T12:00:00Z",
        };
        AttributeError::at(path, problem)
    })
}

/// A term of so many months, as it is written at `path`.
///
/// # Errors
/// [`AttributeError`] for a number that is no term.
pub fn term(months: u16, path: &str) -> Result<Term, AttributeError> {
    Term::new(months).ok_or_else(|| not_a_term(months.to_string(), path))
}

fn not_a_term(given: String, path: &str) -> AttributeError {
    let expected = "a term of 1 to 120 months";
    AttributeError::at(path, Problem::NotA { given, expected })
}

fn terms(months: &[u16]) -> Result<Vec<Term>, AttributeError> {
    let months = months.iter().enumerate();
    months
        .map(|(position, months)| term(*months, &at("term", position)))
        .collect()
}

fn at(attribute: &str, position: usize) -> String {
    format!("{attribute}[{position}]")
}

/// The locations of items, and what all of them ask for.
fn of_items(
    items: &[QuoteItem],
    services: &mut Vec<Service>,
    terms: &mut Vec<Term>,
) -> Result<Vec<Asked>, AttributeError> {
    let said_before = (!services.is_empty(), !terms.is_empty());
    let mut locations = Vec::with_capacity(items.len());
    for (position, item) in items.iter().enumerate() {
        let path = at("quoteItem", position);
        let ItemProduct {
            place,
            product_characteristic,
            product_term,
        } = &item.product;
        let place_path = format!("{path}.product.place");
        let [place] = &place[..] else {
            let given = format!("{} places", place.len());
            let expected = "one place: give an item for each";
            return Err(AttributeError::at(
                place_path,
                Problem::NotA { given, expected },
            ));
        };
        locations.push(of_place(
            place,
            item.id.clone(),
            &format!("{place_path}[0]"),
        )?);
        let service_path = format!("{path}.product.productCharacteristic");
        let service = of_characteristics(product_characteristic, &service_path)?;
        let asked = service.into_iter().collect();
        same(services, asked, said_before.0, position, service_path)?;
        let term_path = format!("{path}.product.productTerm");
        let asked = durations(product_term, &term_path)?;
        same(terms, asked, said_before.1, position, term_path)?;
    }
    Ok(locations)
}

/// Takes what an item asks for: nothing else than the items before it, and nothing where it is said once for all.
fn same<T: PartialEq>(
    all: &mut Vec<T>,
    asked: Vec<T>,
    said_before: bool,
    position: usize,
    path: String,
) -> Result<(), AttributeError> {
    let other = match (said_before, position) {
        (true, _) if asked.is_empty() => return Ok(()),
        (true, _) => "what is said once for all items",
        (false, 0) => {
            *all = asked;
            return Ok(());
        }
        (false, _) if *all == asked => return Ok(()),
        (false, _) => "the items before: what is asked differently is a quote of its own",
    };
    Err(AttributeError::at(path, Problem::Contradiction { other }))
}

fn durations(terms: &[ProductTerm], path: &str) -> Result<Vec<Term>, AttributeError> {
    let terms = terms.iter().enumerate();
    terms
        .map(|(position, ProductTerm { duration })| {
            let Duration { amount, units } = duration;
            let months = match units.trim_end_matches('s').to_ascii_lowercase().as_str() {
                "month" => Some(*amount),
                "year" => Some(amount * YEAR),
                _ => None,
            };
            let whole = months.and_then(|months| format!("{months}").parse().ok());
            whole.and_then(Term::new).ok_or_else(|| {
                let path = format!("{path}[{position}].duration");
                not_a_term(format!("{amount} {units}"), &path)
            })
        })
        .collect()
}

fn providers(
    names: Option<Vec<String>>,
    parties: Option<Vec<RelatedParty>>,
) -> Result<Vec<ProviderName>, AttributeError> {
    let names = names.unwrap_or_default();
    let names = names.into_iter().enumerate();
    let names = names.map(|(position, name)| (at("provider", position), Some(name)));
    let parties = parties.unwrap_or_default();
    let parties = parties.into_iter().enumerate();
    let parties = parties
        .filter(|(_, party)| party.role.as_deref() == Some(ROLE_PROVIDER))
        .map(|(position, party)| (at("relatedParty", position), party.name.or(party.id)));
    names
        .chain(parties)
        .map(|(path, name)| provider(&name.unwrap_or_default(), &path))
        .collect()
}

/// A provider, as it is named at `path`.
///
/// # Errors
/// [`AttributeError`] for a text that no provider can be called.
pub fn provider(name: &str, path: &str) -> Result<ProviderName, AttributeError> {
    ProviderName::new(name).map_err(|_| {
        let problem = Problem::NotA {
            given: name.to_owned(),
            expected: "a provider's name",
        };
        AttributeError::at(path, problem)
    })
}

impl AskedLocation {
    /// The location. `path` is where it stands in the body.
    ///
    /// # Errors
    /// [`AttributeError`] where it has no address, or more than one.
    pub fn read(&self, path: &str) -> Result<Asked, AttributeError> {
        let Self {
            label,
            address,
            street,
            unit,
            city,
            state,
            zip,
        } = self;
        let given = |text: &Option<String>| text.as_deref().map(Text::new);
        let parts = Parts {
            street: given(street),
            unit: given(unit),
            city: given(city),
            state: given(state),
            zip: given(zip),
            ..Parts::default()
        };
        let written = match address {
            Some(_) if parts != Parts::default() => {
                let other = "address: give the one or the other";
                return Err(AttributeError::at(path, Problem::Contradiction { other }));
            }
            Some(line) => line.trim().to_owned(),
            None => NormalAddress::of(&Address::from_parts(&parts)).one_line(),
        };
        location(written, label.clone(), None, path)
    }
}

/// A location out of a place; what is given on one line stays as it is written.
fn of_place(
    place: &GeographicAddress,
    label: Option<String>,
    path: &str,
) -> Result<Asked, AttributeError> {
    let Place {
        address,
        coordinates,
    } = place.to_place(path)?;
    let line = place.name.as_deref().filter(|_| {
        let parts = [&place.street_name, &place.city, &place.state_or_province];
        parts.iter().all(|part| part.is_none()) && place.postcode.is_none()
    });
    let written = match line {
        Some(line) => line.trim().to_owned(),
        None => NormalAddress::of(&address).one_line(),
    };
    location(written, label, coordinates, path)
}

/// A location is kept as one line, so that it is asked about as it will be read again.
fn location(
    written: String,
    label: Option<String>,
    coordinates: Option<Coordinates>,
    path: &str,
) -> Result<Asked, AttributeError> {
    if written.is_empty() {
        let hint = "address on one line, or street, unit, city, state and zip";
        return Err(AttributeError::at(path, Problem::Missing { hint }));
    }
    for (text, most, expected) in [
        (
            Some(&written),
            TEXT_MAX_BYTES,
            "an address of at most 512 bytes",
        ),
        (
            label.as_ref(),
            LABEL_MAX_BYTES,
            "a label of at most 128 bytes",
        ),
    ] {
        if let Some(text) = text.filter(|text| text.len() > most) {
            let given: String = text.chars().take(SHOWN_CHARS).chain(['…']).collect();
            return Err(AttributeError::at(path, Problem::NotA { given, expected }));
        }
    }
    Ok(Asked {
        label,
        location: Location {
            address: NormalAddress::of(&parse(&written)),
            coordinates,
            carrier_place: None,
        },
        written,
    })
}

/// How much is shown of a text that is too long.
const SHOWN_CHARS: usize = 40;

#[cfg(test)]
mod tests {
    use lastmile_model::carrier::Product;
    use lastmile_model::claim::Kbps;
    use serde_json::{Value, json};

    use super::*;

    fn read(body: &Value) -> Result<AskedQuote, String> {
        asked(body.to_string().as_bytes()).map_err(|error| error.to_string())
    }

    fn item(place: &Value) -> Value {
        json!({"id": "site 1", "action": "add", "product": {
            "place": [place],
            "productCharacteristic": [
                {"name": "product", "value": "basic_internet_access"},
                {"name": "downMbps", "value": "100"},
                {"name": "upMbps", "value": 20}
            ],
            "productTerm": [
                {"duration": {"amount": 3, "units": "years"}},
                {"duration": {"amount": 12, "units": "month"}}
            ]
        }})
    }

    #[test]
    fn a_plain_body_and_our_own_ask_for_the_same() {
        let line = "133 N Main St, Port Alden, NH 03611";
        let plain = json!({
            "description": "kept",
            "quoteItem": [item(&json!({"name": line}))],
            "relatedParty": [
                {"role": "provider", "name": "Acme"}, {"role": "customer", "name": "Nobody"}
            ],
            "requestedQuoteCompletionDate": "2026-03-03T12:00:00Z"
        });
        let ours = json!({
            "description": "kept",
            "location": [{"label": "site 1", "address": line}],
            "service": [{"product": "basic_internet_access", "downMbps": 100, "upMbps": 20}],
            "term": [36, 12],
            "provider": ["Acme"],
            "firmness": "budgetary",
            "requestedQuoteCompletionDate": "2026-03-03T12:00:00Z"
        });
        let (plain, ours) = (read(&plain).unwrap(), read(&ours).unwrap());
        assert!(plain.document.contains("relatedParty"));
        assert_eq!(ours.document, r#"{"description":"kept"}"#);
        let expected = AskedQuote {
            document: ours.document.clone(),
            ..plain
        };
        assert_eq!(ours, expected);
        assert_eq!(ours.services[0].product, Product::BasicInternetAccess);
        assert_eq!(ours.services[0].up, Kbps(20_000));
        assert_eq!(ours.locations[0].written, line);
    }

    #[test]
    fn parts_are_one_line() {
        let body = json!({"location": [
            {"street": "133 N Main St", "unit": "4", "city": "Port Alden", "state": "NH", "zip": "03611"}
        ]});
        let read = read(&body).unwrap();
        let whole = parse(&read.locations[0].written);
        assert_eq!(
            read.locations[0].location.address,
            NormalAddress::of(&whole)
        );
        assert_eq!(whole.parts.unit.as_deref(), Some("4"));
    }

    #[test]
    fn what_is_wrong_is_named_by_its_path() {
        let place = json!({"name": "133 N Main St, Port Alden, NH 03611"});
        let mut other = item(&place);
        other["product"]["productTerm"] = json!([]);
        let mut unknown = item(&place);
        unknown["product"]["productCharacteristic"][0]["name"] = "color".into();
        for (body, path) in [
            (json!({}), "quoteItem: must"),
            (
                json!({"quoteItem": [], "location": []}),
                "quoteItem: contra",
            ),
            (
                json!({"quoteItem": [{"product": {"place": []}}]}),
                "quoteItem[0].product.place: ",
            ),
            (
                json!({"quoteItem": [item(&place), other]}),
                "quoteItem[1].product.productTerm: ",
            ),
            (
                json!({"quoteItem": [item(&place)], "term": [12]}),
                "quoteItem[0].product.productTerm",
            ),
            (
                json!({"quoteItem": [unknown]}),
                "quoteItem[0].product.productCharacteristic[0].name",
            ),
            (json!({"location": [{}]}), "location[0]: "),
            (
                json!({"location": [{"address": "a", "zip": "1"}]}),
                "location[0]: ",
            ),
            (
                json!({"location": [{"address": "a".repeat(513)}]}),
                "location[0]: ",
            ),
            (json!({"location": [{"adress": "a"}]}), "location[0]"),
            (json!({"location": [], "term": [0]}), "term[0]"),
            (json!({"location": [], "provider": ["#"]}), "provider[0]"),
            (json!({"location": [], "firmness": "hard"}), "firmness"),
            (
                json!({"location": [], "service": [{"product": "basic_internet_access", "downMbps": -1, "upMbps": 1}]}),
                "service[0].downMbps",
            ),
            (
                json!({"location": [], "requestedQuoteCompletionDate": "soon"}),
                "requestedQuoteCompletionDate",
            ),
            (json!({"state": "accepted"}), "state"),
        ] {
            let said = read(&body).unwrap_err();
            assert!(said.starts_with(path), "{body}: {said}");
        }
    }
}
