//! `productOfferingQualification`: can it be delivered there?

use http::Method;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::check::{ACTIONS, Check};
use super::hub::{Topic, hub, tell};
use super::problem::NotAnswered;
use super::product::Asked;
use super::{Admitted, Reply, Seller, State, keep, unless_found};
use crate::behaviour::Behaviour;
use crate::destiny::Destiny;

/// Name of the resource, in paths.
const COLLECTION: &str = "productOfferingQualification";
/// Name of its items.
const ITEMS: &str = "productOfferingQualificationItem";

/// A qualification that was asked for.
pub(super) struct Kept {
    body: Value,
    items: Vec<Asked>,
    begun_at: Timestamp,
    ready_at: Option<Timestamp>,
}

impl Seller {
    pub(super) fn qualification_api(
        &self,
        state: &mut State,
        request: &Admitted<'_>,
    ) -> Result<Reply, NotAnswered> {
        if let Some(reply) = hub(state, request, Topic::Qualification) {
            return reply;
        }
        match (request.method, request.path.split_once('/')) {
            (&Method::POST, None) if request.path == COLLECTION => self.qualify(state, request),
            (&Method::GET, Some((COLLECTION, id))) => {
                let number = id.parse().map_err(|_| NotAnswered::NotFound)?;
                let kept = state
                    .qualifications
                    .get(&number)
                    .ok_or(NotAnswered::NotFound)?;
                let shown = self.shown_qualification(number, kept, request.now, state.behaviour);
                Ok(Reply::new(200, shown))
            }
            (&Method::GET, None) if request.path == COLLECTION => {
                let behaviour = state.behaviour;
                let all = state
                    .qualifications
                    .iter()
                    .map(|(id, kept)| self.shown_qualification(*id, kept, request.now, behaviour));
                Ok(listed(all.collect(), request))
            }
            _ => Err(NotAnswered::NotFound),
        }
    }

    fn qualify(&self, state: &mut State, request: &Admitted<'_>) -> Result<Reply, NotAnswered> {
        let body = request.json()?;
        let mut check = Check::default();
        check.contact(&body, "", "buyerContactInformation");
        // It may be left out, and then means false.
        let immediate = body["instantSyncQualification"] == Value::Bool(true);
        if !immediate {
            check.text(&body, "", "requestedPOQCompletionDate");
        }
        let mut items = Vec::new();
        for (index, item) in check.list(&body, "", ITEMS).iter().enumerate() {
            let path = format!("/{ITEMS}/{index}");
            check.text(item, &path, "id");
            check.one_of(item, &path, "action", ACTIONS);
            items.extend(self.product(state, &mut check, item, &path));
        }
        unless_found(check.problems)?;
        let at_once = |asked: &Asked| {
            self.destiny(&asked.place.building)
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
            begun_at: request.now,
            ready_at,
        };
        let number = state.next_id();
        let shown = self.shown_qualification(number, &kept, request.now, state.behaviour);
        keep(&mut state.qualifications, number, kept);
        if let Some(ready_at) = ready_at.filter(|_| !immediate) {
            tell(state, Topic::Qualification, &number.to_string(), ready_at);
        }
        Ok(Reply::new(201, shown))
    }

    /// When what is asked for is there; `None` for never.
    pub(super) fn ready_at(
        &self,
        immediate: bool,
        now: Timestamp,
        behaviour: Behaviour,
    ) -> Option<Timestamp> {
        if immediate {
            Some(now)
        } else if behaviour.never_ready {
            None
        } else {
            now.saturating_add(self.figures.thinking).ok()
        }
    }

    fn shown_qualification(
        &self,
        id: u64,
        kept: &Kept,
        now: Timestamp,
        behaviour: Behaviour,
    ) -> Value {
        let mut shown = kept.body.clone();
        shown["id"] = json!(id.to_string());
        let is_ready = kept.ready_at.is_some_and(|ready_at| now >= ready_at);
        let mut fails = false;
        if let Some(items) = shown[ITEMS].as_array_mut() {
            for (item, asked) in items.iter_mut().zip(&kept.items) {
                if is_ready {
                    fails |= self.qualified(item, asked, behaviour);
                } else {
                    item["state"] = json!(working_state(kept.begun_at, now));
                }
            }
        }
        shown["state"] = json!(match (is_ready, fails) {
            (false, _) => working_state(kept.begun_at, now),
            (true, false) => "done.ready",
            (true, true) => "terminatedWithError",
        });
        if let (Some(ready_at), false) = (kept.ready_at, is_ready) {
            shown["expectedPOQCompletionDate"] = json!(ready_at.to_string());
        }
        shown
    }

    /// Writes into an item what was found out; `true` where it ended in an error.
    fn qualified(&self, item: &mut Value, asked: &Asked, behaviour: Behaviour) -> bool {
        let mut chance = self
            .building_chance(&asked.place.building)
            .about("interval");
        let days = 20 + chance.below(70);
        let colour = match self.destiny(&asked.place.building) {
            Destiny::UnknownError { .. } => {
                item["state"] = json!("terminatedWithError");
                item["terminationError"] = json!([
                    { "code": "otherIssue", "value": "the inventory did not answer" }
                ]);
                return true;
            }
            Destiny::NotRecognised { .. } => {
                item["state"] = json!("terminatedWithError");
                item["terminationError"] = json!([{
                    "code": "referenceNotFound",
                    "propertyPath": "/product/place/0",
                    "value": "the address is not known",
                }]);
                return true;
            }
            Destiny::NotCovered if behaviour.green_means_address_known => "green",
            Destiny::NotCovered => "red",
            Destiny::Covered { sure: true } => "green",
            Destiny::Covered { sure: false } | Destiny::Business => "yellow",
        };
        item["state"] = json!("done.ready");
        item["serviceabilityConfidence"] = json!(colour);
        if colour != "red" {
            item["installationInterval"] = json!({ "amount": days, "units": "calendarDays" });
        } else {
            item["serviceabilityConfidenceReason"] = json!("no fiber in the street");
        }
        false
    }
}

/// What something is called that is not finished: at first only taken note of.
pub(super) fn working_state(begun_at: Timestamp, now: Timestamp) -> &'static str {
    if now == begun_at {
        "acknowledged"
    } else {
        "inProgress"
    }
}

/// Most members of a list that are sent at once.
const PAGE_MAX: usize = 100;

/// A page of a list, filtered by `state`, with the documented headers.
pub(super) fn listed(all: Vec<Value>, request: &Admitted<'_>) -> Reply {
    let state = request.query.get("state");
    let fits = |value: &Value| state.is_none_or(|state| value["state"] == state.as_str());
    let all: Vec<Value> = all.into_iter().filter(fits).collect();
    let figure = |name: &str| request.query.get(name)?.parse::<usize>().ok();
    let offset = figure("offset").unwrap_or(0);
    let limit = figure("limit").unwrap_or(PAGE_MAX).min(PAGE_MAX);
    let total = all.len();
    let page: Vec<Value> = all.into_iter().skip(offset).take(limit).collect();
    let is_throttled =
        figure("limit").is_none_or(|asked| asked > limit) && offset + page.len() < total;
    Reply {
        headers: vec![
            ("x-total-count", total.to_string()),
            ("x-result-count", page.len().to_string()),
            ("x-pagination-throttled", is_throttled.to_string()),
        ],
        ..Reply::new(200, Value::Array(page))
    }
}
