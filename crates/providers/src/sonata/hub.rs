//! Asking a seller to call back when something changes.

use http::Method;
use lastmile_model::carrier::{CarrierReference, FailureReason, Step};
use serde_json::json;

use super::Sonata;
use super::problem::Trouble;
use super::request::{Api, Received, Target, as_sent, read};
use super::wire::answers::Subscription;
use super::wire::lenient::Scalar;
use crate::carrier::Subscriptions;
use crate::exchange::Exchange;

/// Name of the resource, in paths.
const COLLECTION: &str = "hub";

impl<E: Exchange> Sonata<E> {
    /// Subscribes to both APIs. A seller that does not call back (501) has no subscriptions.
    pub(super) async fn subscribe_to_both(
        &self,
        callback: &str,
    ) -> Result<Subscriptions, FailureReason> {
        let mut subscriptions = Subscriptions {
            qualification: self.subscribe_to(Step::Qualification, callback).await?,
            quote: None,
        };
        match self.subscribe_to(Step::Quote, callback).await {
            Ok(quote) => subscriptions.quote = quote,
            Err(reason) => {
                // Nobody would know of half of it.
                let _also_failed = self.end_subscriptions(&subscriptions).await;
                return Err(reason);
            }
        }
        Ok(subscriptions)
    }

    /// Ends what is there.
    pub(super) async fn end_subscriptions(
        &self,
        subscriptions: &Subscriptions,
    ) -> Result<(), FailureReason> {
        let Subscriptions {
            qualification,
            quote,
        } = subscriptions;
        for (api, id) in [(Api::Qualification, qualification), (Api::Quote, quote)] {
            if let Some(id) = id {
                let target = Target::Member(COLLECTION, id);
                let sent = self.send(&Method::DELETE, api, &target, None).await;
                sent.map_err(|trouble| reason(&trouble))?;
            }
        }
        Ok(())
    }

    async fn subscribe_to(
        &self,
        step: Step,
        callback: &str,
    ) -> Result<Option<CarrierReference>, FailureReason> {
        let (api, query) = match step {
            Step::Qualification => (Api::Qualification, "eventType=poqStateChangeEvent"),
            Step::Quote => (Api::Quote, "eventType=quoteStateChangeEvent"),
        };
        let body = json!({ "callback": callback, "query": query });
        let target = Target::Collection(COLLECTION);
        let sent = self.send(&Method::POST, api, &target, Some(&body)).await;
        let read = match sent.map_err(as_sent) {
            Ok(Received::NotImplemented(_)) => return Ok(None),
            Ok(Received::Body(body)) => read(&body),
            Ok(Received::UndocumentedRefusal(trouble)) | Err(trouble) => Err(trouble),
        };
        let subscription: Subscription = read.map_err(|trouble| reason(&trouble))?;
        let id = subscription.id.as_ref().and_then(Scalar::text);
        id.and_then(|id| CarrierReference::new(&id).ok())
            .map(Some)
            .ok_or(FailureReason::NotUnderstood)
    }
}

const fn reason(trouble: &Trouble) -> FailureReason {
    match trouble {
        Trouble::Failed { why, .. } => why.reason,
        Trouble::Found(_) => FailureReason::Refused,
    }
}
