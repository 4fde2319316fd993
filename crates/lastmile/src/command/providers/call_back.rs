//! Asking carriers to call back, and no more: from any machine that has the providers file and its secrets. Nothing is
//! stored: who calls is known by the address that it was given.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use lastmile_app::quotes::Panel;
use lastmile_model::carrier::{CarrierReference, FailureReason};
use lastmile_model::identity::ProviderName;
use lastmile_providers::{Subscriptions, Watched, Way};
use serde_json::json;
use thiserror::Error;

use crate::ending::{Ending, Failure};
use crate::{output, panel, runtime};

#[derive(Debug, Args)]
pub(super) struct Subscribe {
    /// The providers file
    #[arg(long, value_name = "FILE")]
    providers: PathBuf,
    /// Which carriers [default: all that have `calls_back = true`]
    #[arg(value_name = "NAME", value_parser = ProviderName::new)]
    names: Vec<ProviderName>,
    /// Write one JSON object a line
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub(super) struct Unsubscribe {
    /// The providers file
    #[arg(long, value_name = "FILE")]
    providers: PathBuf,
    /// Which carrier
    #[arg(value_parser = ProviderName::new)]
    name: ProviderName,
    /// The carrier's id of the subscription to qualifications
    #[arg(long, value_name = "ID", value_parser = CarrierReference::new, required_unless_present = "quote")]
    qualification: Option<CarrierReference>,
    /// The carrier's id of the subscription to quotes
    #[arg(long, value_name = "ID", value_parser = CarrierReference::new)]
    quote: Option<CarrierReference>,
}

/// Nobody is to call back.
#[derive(Debug, Error)]
#[error(
    "no carrier of the providers file has calls_back = true; docs/providers.md says what else belongs to it"
)]
struct NobodyCallsBack;

/// The carrier is not to call back.
#[derive(Debug, Error)]
#[error("{name} is not to call back: set calls_back = true for it, so that what it sends is taken")]
struct DoesNotCallBack {
    name: ProviderName,
}

/// There is no such carrier.
#[derive(Debug, Error)]
#[error("{name} is not asked by API, as the providers file has it")]
struct NoCarrier {
    name: ProviderName,
}

/// A carrier could not be asked.
#[derive(Debug, Error)]
#[error("{name} could not be asked: {}; see the log with LASTMILE_LOG=debug", reason.as_str())]
struct NotAsked {
    name: ProviderName,
    reason: FailureReason,
}

/// Runs `subscribe`. Carriers before one that fails stay subscribed, and are shown.
pub(super) fn subscribe(options: &Subscribe) -> Result<Ending, Failure> {
    let Subscribe {
        providers,
        names,
        json,
    } = options;
    let panel = panel::read(Some(providers))?;
    let call_back = panel.call_back().ok_or(NobodyCallsBack)?;
    let names: Vec<&ProviderName> = if names.is_empty() {
        call_back.carriers.iter().collect()
    } else {
        names.iter().collect()
    };
    if names.is_empty() {
        return Err(NobodyCallsBack.into());
    }
    runtime::block_on(async {
        for name in names {
            if !call_back.carriers.contains(name) {
                return Err(DoesNotCallBack { name: name.clone() }.into());
            }
            let url = call_back.url(name)?;
            let subscribed = carrier(&panel, name)?.subscribe(&url).await;
            let subscriptions = subscribed.map_err(|reason| not_asked(name, reason))?;
            show(name, &subscriptions, *json)?;
        }
        Ok(Ending::Done)
    })
}

/// Runs `unsubscribe`.
pub(super) fn unsubscribe(options: &Unsubscribe) -> Result<Ending, Failure> {
    let Unsubscribe {
        providers,
        name,
        qualification,
        quote,
    } = options;
    let panel = panel::read(Some(providers))?;
    let subscriptions = Subscriptions {
        qualification: qualification.clone(),
        quote: quote.clone(),
    };
    runtime::block_on(async {
        let ended = carrier(&panel, name)?.unsubscribe(&subscriptions).await;
        ended.map_err(|reason| not_asked(name, reason))?;
        output::line(format!("{name} calls back no more about that"))?;
        Ok(Ending::Done)
    })
}

fn carrier(panel: &Panel, name: &ProviderName) -> Result<Arc<dyn Watched>, NoCarrier> {
    match panel.way(name) {
        Way::Live(carrier) => Ok(carrier),
        Way::Coverage | Way::Person => Err(NoCarrier { name: name.clone() }),
    }
}

fn not_asked(name: &ProviderName, reason: FailureReason) -> NotAsked {
    NotAsked {
        name: name.clone(),
        reason,
    }
}

fn show(name: &ProviderName, subscriptions: &Subscriptions, json: bool) -> Result<(), Failure> {
    let Subscriptions {
        qualification,
        quote,
    } = subscriptions;
    let id = |subscription: &Option<CarrierReference>| {
        subscription.as_ref().map(CarrierReference::to_string)
    };
    let (qualification, quote) = (id(qualification), id(quote));
    if json {
        return Ok(output::json(&json!({
            "provider": name.as_str(),
            "qualification": qualification,
            "quote": quote,
        }))?);
    }
    let said = |what: &str, id: Option<String>| match id {
        Some(id) => format!("{what} {id}"),
        None => format!("{what} none (the carrier does not call back; it is asked on anyway)"),
    };
    let (qualification, quote) = (said("qualification", qualification), said("quote", quote));
    Ok(output::line(format!("{name}: {qualification}, {quote}"))?)
}
