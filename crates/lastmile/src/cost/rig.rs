//! One function at work, metered: its processor's time, what it asks of the store, what it sends.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::service::Service;
use hyper_util::service::TowerToHyperService;
use lastmile_app::Context;
use lastmile_app::availability::Availability;
use lastmile_app::quotes::{Panel, Quotes, providers_file};
use lastmile_http::{Gate, address_router, availability_router, quotes_router};
use lastmile_providers::settings;
use lastmile_store::{Consistency, MeteredStore};
use thiserror::Error;

use super::distant::Distant;
use super::requests::GatewayRequest;
use super::sample::Sample;
use super::units::{Function, Stage};
use crate::ending::Failure;
use crate::stopwatch::ProcessorTime;

/// So far away is the store while calls that follow one another are told from calls that are made together.
/// It must be longer than the computing between two calls: where that takes longer (32 places at once in a
/// debug build), some calls that were together count as following one another, and Lambda time is rather too
/// long. How far the store is on AWS is another matter.
const TOLD_APART: Duration = Duration::from_millis(20);

/// A request was not answered as it should be: a defect of the sample.
#[derive(Debug, Error)]
#[error("the sample's request was answered with {status}: {said}")]
struct Refused {
    status: u16,
    said: String,
}

/// How the store stands to the functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Distance {
    /// Far away: units and round trips are counted.
    Far,
    /// At hand: the processor's time is measured.
    Near,
}

/// Where functions are started, each in an environment of its own that has read nothing yet.
pub(crate) struct Rig<'s> {
    pub(crate) sample: &'s Sample,
    pub(crate) distance: Distance,
}

/// A process that was just started.
pub(crate) struct Environment {
    pub(crate) context: Context,
    pub(crate) store: Arc<MeteredStore>,
}

impl Environment {
    /// Reads who is asked for quotes, as a function that has read nothing yet does before all else.
    pub(crate) async fn reads_providers_file(&self) -> Result<(), Failure> {
        let store = self.context.store.as_ref();
        let text = providers_file::read(store, Consistency::Eventual).await?;
        settings::read(&text.unwrap_or_default())?;
        Ok(())
    }
}

impl Rig<'_> {
    /// A function answers one request.
    pub(crate) async fn ask(
        &self,
        function: Function,
        request: GatewayRequest,
    ) -> Result<(Bytes, Stage), Failure> {
        let environment = self.environment();
        let availability = Availability::new(environment.context.clone());
        let clock = ProcessorTime::start();
        if function == Function::Quotes {
            environment.reads_providers_file().await?;
        }
        let router = match function {
            Function::Address => address_router(&availability, &Gate::Gateway),
            // Nobody is asked by the function that takes a quote in.
            Function::Quotes => {
                let panel = Arc::new(Panel::default());
                let quotes = Quotes {
                    availability,
                    panel,
                };
                quotes_router(&quotes, &Gate::Gateway)
            }
            Function::Availability
            | Function::QuoteWorker
            | Function::Relay
            | Function::TaskWorker
            | Function::ImportWorker => availability_router(&availability, &Gate::Gateway),
        };
        let service = TowerToHyperService::new(router);
        let response = service.call(request).await?;
        let status = response.status();
        let body = response.into_body().collect().await?.to_bytes();
        let processor = clock.elapsed();
        if !status.is_success() {
            let said = String::from_utf8_lossy(&body).into_owned();
            let status = status.as_u16();
            return Err(Refused { status, said }.into());
        }
        let stage = Stage {
            function,
            invocations: 1,
            spent: environment.store.take(),
            carrier_rounds: 0,
            processor,
            bytes_out: body.len() as u64,
        };
        Ok((body, stage))
    }

    /// A function does work that no client waits for.
    pub(crate) async fn work<T>(
        &self,
        function: Function,
        work: impl AsyncFnOnce(&Environment) -> Result<T, Failure>,
    ) -> Result<(T, Stage), Failure> {
        let environment = self.environment();
        let clock = ProcessorTime::start();
        let done = work(&environment).await?;
        let stage = Stage {
            function,
            invocations: 1,
            processor: clock.elapsed(),
            spent: environment.store.take(),
            carrier_rounds: 0,
            bytes_out: 0,
        };
        Ok((done, stage))
    }

    /// A process that has read nothing yet.
    pub(crate) fn environment(&self) -> Environment {
        let round_trip = match self.distance {
            Distance::Far => TOLD_APART,
            Distance::Near => Duration::ZERO,
        };
        let distant = Distant {
            inner: self.sample.store.clone(),
            round_trip,
        };
        let store = Arc::new(MeteredStore::new(Arc::new(distant)));
        let context = self.sample.context(store.clone());
        Environment { context, store }
    }
}
