//! `hub` of both APIs: who is called back about what.

use http::Method;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::check::Check;
use super::problem::NotAnswered;
use super::{Admitted, Callback, Reply, State, unless_found};

/// What a subscription is to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Topic {
    Qualification,
    Quote,
}

pub(super) struct Subscription {
    topic: Topic,
    callback: String,
    query: Option<String>,
}

impl Topic {
    const fn event_type(self) -> &'static str {
        match self {
            Self::Qualification => "poqStateChangeEvent",
            Self::Quote => "quoteStateChangeEvent",
        }
    }

    const fn listener(self) -> &'static str {
        match self {
            Self::Qualification => {
                "mefApi/sonata/productOfferingQualificationNotification/v7/listener"
            }
            Self::Quote => "mefApi/sonata/quoteNotification/v8/listener",
        }
    }
}

/// Answers a request to `hub`; `None` where it is to something else.
pub(super) fn hub(
    state: &mut State,
    request: &Admitted<'_>,
    topic: Topic,
) -> Option<Result<Reply, NotAnswered>> {
    let (collection, id) = match request.path.split_once('/') {
        Some((collection, id)) => (collection, Some(id)),
        None => (request.path, None),
    };
    if collection != "hub" {
        return None;
    }
    if state.behaviour.no_notifications {
        return Some(Err(NotAnswered::NotImplemented));
    }
    Some(match (request.method, id) {
        (&Method::POST, None) => subscribe(state, request, topic),
        (&Method::DELETE, Some(id)) => {
            let removed = id
                .parse()
                .ok()
                .and_then(|id| state.subscriptions.remove(&id));
            removed
                .map(|_| Reply::new(204, Value::Null))
                .ok_or(NotAnswered::NotFound)
        }
        _ => Err(NotAnswered::NotFound),
    })
}

fn subscribe(
    state: &mut State,
    request: &Admitted<'_>,
    topic: Topic,
) -> Result<Reply, NotAnswered> {
    let body = request.json()?;
    let mut check = Check::default();
    let callback = check.text(&body, "", "callback").map(str::to_owned);
    unless_found(check.problems)?;
    let is_url = |text: &String| text.starts_with("http://") || text.starts_with("https://");
    let callback = callback.filter(is_url);
    let callback = callback.ok_or(NotAnswered::BadRequest("invalidBody"))?;
    let query = body["query"].as_str().map(str::to_owned);
    let id = state.next_id();
    let answer = json!({ "id": id.to_string(), "callback": callback, "query": query });
    let subscription = Subscription {
        topic,
        callback,
        query,
    };
    state.subscriptions.insert(id, subscription);
    Ok(Reply::new(201, answer))
}

/// Notes that everybody who wants to know is called back when `id` reaches its end.
pub(super) fn tell(state: &mut State, topic: Topic, id: &str, at: Timestamp) {
    let event_type = topic.event_type();
    let wanted = |subscription: &&Subscription| {
        let by_query = subscription.query.as_ref();
        subscription.topic == topic && by_query.is_none_or(|query| query.contains(event_type))
    };
    let subscriptions: Vec<String> = state
        .subscriptions
        .values()
        .filter(wanted)
        .map(|subscription| subscription.callback.clone())
        .collect();
    for callback in subscriptions {
        let event = state.next_id();
        state.callbacks.push(Callback {
            at,
            url: format!(
                "{}/{}/{event_type}",
                callback.trim_end_matches('/'),
                topic.listener()
            ),
            body: json!({
                "eventId": event.to_string(),
                "eventTime": at.to_string(),
                "eventType": event_type,
                "event": { "id": id },
            }),
        });
    }
}
