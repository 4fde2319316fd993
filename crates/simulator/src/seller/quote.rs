//! `quote`: what does it cost?

use http::Method;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::check::{ACTIONS, Check, END_OF_TERM, LEVELS, UNITS};
use super::hub::{Topic, hub, tell};
use super::place::neighbour;
use super::problem::NotAnswered;
use super::product::Asked;
use super::qualification::{listed, working_state};
use super::{Admitted, Reply, Seller, State, keep, unless_found};
use crate::behaviour::Behaviour;
use crate::destiny::Destiny;
use crate::tariff::{Charges, charges};

/// Name of the resource, in paths.
const COLLECTION: &str = "quote";
/// Prices are good for so long.
const VALID_FOR: SignedDuration = SignedDuration::from_hours(30 * 24);

/// A quote that was asked for.
pub(super) struct Kept {
    body: Value,
    items: Vec<Item>,
    level: Level,
    begun_at: Timestamp,
    ready_at: Option<Timestamp>,
    /// State that the buyer brought about.
    ended: Option<&'static str>,
}

struct Item {
    asked: Asked,
    months: u64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    Budgetary,
    Firm,
}

impl Seller {
    pub(super) fn quote_api(
        &self,
        state: &mut State,
        request: &Admitted<'_>,
    ) -> Result<Reply, NotAnswered> {
        if let Some(reply) = hub(state, request, Topic::Quote) {
            return reply;
        }
        match (request.method, request.path.split_once('/')) {
            (&Method::POST, None) => match request.path {
                COLLECTION => {
                    state.quotes_asked += 1;
                    self.quote(state, request)
                }
                "cancelQuote" => end(state, request, "cancelled"),
                "rejectQuote" => end(state, request, "declined"),
                _ => Err(NotAnswered::NotFound),
            },
            (&Method::GET, Some((COLLECTION, id))) => {
                let number = id.parse().map_err(|_| NotAnswered::NotFound)?;
                let kept = state.quotes.get(&number).ok_or(NotAnswered::NotFound)?;
                let shown = self.shown_quote(number, kept, request.now, state.behaviour);
                Ok(Reply::new(200, shown))
            }
            (&Method::GET, None) if request.path == COLLECTION => {
                let behaviour = state.behaviour;
                let all = state
                    .quotes
                    .iter()
                    .map(|(id, kept)| self.shown_quote(*id, kept, request.now, behaviour));
                Ok(listed(all.collect(), request))
            }
            _ => Err(NotAnswered::NotFound),
        }
    }

    fn quote(&self, state: &mut State, request: &Admitted<'_>) -> Result<Reply, NotAnswered> {
        let body = request.json()?;
        let mut check = Check::default();
        let level = check.one_of(&body, "", "buyerRequestedQuoteLevel", LEVELS);
        let level = match level {
            Some("firm") => Level::Firm,
            Some(_) | None => Level::Budgetary,
        };
        let immediate = check.truth(&body, "", "instantSyncQuote") == Some(true);
        if !immediate {
            check.contact(&body, "", "buyerContactInformation");
        }
        let mut items = Vec::new();
        for (index, item) in check.list(&body, "", "quoteItem").iter().enumerate() {
            let path = format!("/quoteItem/{index}");
            items.extend(self.quote_item(state, &mut check, item, &path, immediate));
        }
        unless_found(check.problems)?;
        let at_once = |item: &Item| {
            self.destiny(&item.asked.place.building)
                == Destiny::UnknownError {
                    while_working: false,
                }
        };
        if items.iter().any(at_once) {
            return Err(NotAnswered::Internal);
        }
        let ready_at = self.ready_at(immediate, request.now, state.behaviour);
        let kept = Kept {
            body,
            items,
            level,
            begun_at: request.now,
            ready_at,
            ended: None,
        };
        let number = state.next_id();
        let shown = self.shown_quote(number, &kept, request.now, state.behaviour);
        keep(&mut state.quotes, number, kept);
        if let Some(ready_at) = ready_at.filter(|_| !immediate) {
            tell(state, Topic::Quote, &number.to_string(), ready_at);
        }
        Ok(Reply::new(201, shown))
    }

    fn quote_item(
        &self,
        state: &State,
        check: &mut Check,
        item: &Value,
        path: &str,
        immediate: bool,
    ) -> Option<Item> {
        check.text(item, path, "id");
        check.one_of(item, path, "action", ACTIONS);
        if !immediate {
            check.contact(item, path, "quoteItemTechnicalContact");
            check.contact(item, path, "quoteItemLocationContact");
        }
        let months = term(check, item, path);
        let asked = self.product(state, check, item, path)?;
        Some(Item {
            asked,
            months: months?,
        })
    }

    fn shown_quote(&self, id: u64, kept: &Kept, now: Timestamp, behaviour: Behaviour) -> Value {
        let mut shown = kept.body.clone();
        shown["id"] = json!(id.to_string());
        shown["quoteDate"] = json!(kept.begun_at.to_string());
        let ready_at = kept.ready_at.filter(|ready_at| now >= *ready_at);
        let items = shown["quoteItem"]
            .as_array_mut()
            .map_or(&mut [][..], Vec::as_mut_slice);
        let Some(ready_at) = ready_at else {
            let state = working_state(kept.begun_at, now);
            for item in items {
                item["state"] = json!(state);
            }
            shown["state"] = json!(kept.ended.unwrap_or(state));
            if let Some(expected) = kept.ready_at {
                shown["expectedQuoteCompletionDate"] = json!(expected.to_string());
            }
            return shown;
        };
        let ends: Vec<End> = kept.items.iter().map(|item| self.end(item)).collect();
        let fails = ends.iter().any(|end| !matches!(end, End::Priced { .. }));
        let is_sure = ends
            .iter()
            .all(|end| matches!(end, End::Priced { sure: true, .. }));
        for ((item, asked), end) in items.iter_mut().zip(&kept.items).zip(&ends) {
            write_end(item, asked, end, kept.level, fails, behaviour);
        }
        let state = match (fails, kept.level) {
            (true, _) => "unableToProvide",
            (false, Level::Budgetary) => "answered",
            (false, Level::Firm) => "approved.orderable",
        };
        shown["state"] = json!(kept.ended.unwrap_or(state));
        if !fails {
            shown["quoteLevel"] = json!(match (kept.level, is_sure) {
                (Level::Budgetary, _) => "budgetary",
                (Level::Firm, true) => "firm",
                (Level::Firm, false) => "firmSubjectToFeasibilityCheck",
            });
            let until = ready_at.saturating_add(VALID_FOR).unwrap_or(ready_at);
            shown["validFor"] = json!({ "endDateTime": until.to_string() });
        }
        shown
    }

    /// What one item comes to by itself.
    fn end(&self, item: &Item) -> End {
        let building = &item.asked.place.building;
        let mut chance = self.building_chance(building).about("interval");
        let days = 20 + chance.below(70);
        let (sure, by_person) = match self.destiny(building) {
            Destiny::Covered { sure } => (sure, false),
            Destiny::Business => (false, true),
            Destiny::NotCovered => return End::Unable(None),
            Destiny::UnknownError { .. } => {
                return End::Unable(Some(
                    json!({ "code": "otherIssue", "value": "pricing did not answer" }),
                ));
            }
            Destiny::NotRecognised { .. } => {
                return End::Unable(Some(json!({
                    "code": "referenceNotFound",
                    "propertyPath": "/product/place/0",
                    "value": "the address is not known",
                })));
            }
        };
        let prices = self.building_chance(building).about("tariff");
        match charges(prices, item.asked.mbps, item.months) {
            Some(charges) => End::Priced {
                charges,
                days,
                sure,
                by_person,
            },
            None => End::Unable(Some(json!({
                "code": "invalidValue",
                "propertyPath": "/requestedQuoteItemTerm/duration/amount",
                "value": "it is not sold for this term",
            }))),
        }
    }
}

enum End {
    Priced {
        charges: Charges,
        days: u64,
        sure: bool,
        by_person: bool,
    },
    /// With a `TerminationError`, where there is one.
    Unable(Option<Value>),
}

/// One item that fails takes the others with it: they are abandoned.
fn write_end(
    item: &mut Value,
    asked: &Item,
    end: &End,
    level: Level,
    fails: bool,
    behaviour: Behaviour,
) {
    let (charges, days, by_person) = match end {
        End::Unable(error) => {
            item["state"] = json!("unableToProvide");
            if let Some(error) = error {
                item["terminationError"] = json!([error]);
            }
            return;
        }
        End::Priced { .. } if fails => {
            item["state"] = json!("abandoned");
            return;
        }
        End::Priced {
            charges,
            days,
            sure: _,
            by_person,
        } => (charges, days, *by_person),
    };
    item["state"] = json!(match level {
        Level::Budgetary => "answered",
        Level::Firm => "approved.orderable",
    });
    if behaviour.inconsistent {
        item["product"]["place"] = json!([neighbour(&asked.asked.place)]);
    }
    item["quoteItemInstallationInterval"] = json!({ "amount": days, "units": "calendarDays" });
    item["quoteItemTerm"] = json!([{
        "name": format!("{} months", asked.months),
        "duration": { "amount": asked.months, "units": "calendarMonths" },
        "endOfTermAction": "autoRenew",
    }]);
    let amount = |cents: u64| {
        if by_person || behaviour.icb {
            json!("ICB")
        } else {
            dollars(cents)
        }
    };
    let (mrc, nrc) = (amount(charges.mrc_cents), amount(charges.nrc_cents));
    if behaviour.totals {
        item["totalMrc"] = mrc;
        item["totalNrc"] = nrc;
        return;
    }
    item["quoteItemPrice"] = json!([
        {
            "name": "monthly", "priceType": "recurring", "recurringChargePeriod": "month",
            "price": { "dutyFreeAmount": { "unit": "USD", "value": mrc } },
        },
        {
            "name": "installation", "priceType": "nonRecurring",
            "price": { "dutyFreeAmount": { "unit": "USD", "value": nrc } },
        },
    ]);
}

/// A JSON number with two decimals, exactly.
fn dollars(cents: u64) -> Value {
    let text = format!("{}.{:02}", cents / 100, cents % 100);
    serde_json::from_str(&text).unwrap_or(Value::Null)
}

fn term(check: &mut Check, item: &Value, path: &str) -> Option<u64> {
    let path = format!("{path}/requestedQuoteItemTerm");
    let term = &item["requestedQuoteItemTerm"];
    if !term.is_object() {
        check.note("missingProperty", path, "it must be there");
        return None;
    }
    check.text(term, &path, "name");
    check.one_of(term, &path, "endOfTermAction", END_OF_TERM);
    let duration_path = format!("{path}/duration");
    check.one_of(&term["duration"], &duration_path, "units", UNITS);
    let months = term["duration"]["amount"].as_u64();
    if months.is_none() {
        let path = format!("{duration_path}/amount");
        check.note("invalidFormat", path, "it must be a whole number");
    }
    months
}

/// The buyer ends a quote.
fn end(
    state: &mut State,
    request: &Admitted<'_>,
    ended: &'static str,
) -> Result<Reply, NotAnswered> {
    let body = request.json()?;
    let mut check = Check::default();
    let id = check.text(&body, "", "quoteId");
    let number = id.and_then(|id| id.parse::<u64>().ok());
    let kept = number.and_then(|number| state.quotes.get_mut(&number));
    match kept {
        Some(kept) if kept.ended.is_none() => kept.ended = Some(ended),
        Some(_) => check.note("otherIssue", "/quoteId".to_owned(), "it has ended already"),
        None => check.note(
            "referenceNotFound",
            "/quoteId".to_owned(),
            "there is no such quote",
        ),
    }
    unless_found(check.problems)?;
    Ok(Reply::new(200, body))
}
