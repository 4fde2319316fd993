//! Spans to an OpenTelemetry collector, where one is configured.
//!
//! What is a span is said where the work is done, under a target of its own; this room only sends. What
//! is logged is never sent, so that nothing leaves but what spans are made of: methods, routes, statuses,
//! tenants, and kinds of messages.
//!
//! Spans go by OTLP over plain HTTP to a collector that stands beside the process, as Lambda's extension
//! does; the collector knows how to reach whoever keeps them.

use std::env;

use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::{ExporterBuildError, SpanExporter, WithExportConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SdkTracerProvider;
use thiserror::Error;
use tracing::{Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::registry::LookupSpan;

/// Says where the collector is, for example `http://127.0.0.1:4318`. The other variables of OTLP and of
/// the SDK (`OTEL_EXPORTER_OTLP_HEADERS`, `OTEL_TRACES_SAMPLER` …) hold too.
pub const ENDPOINT: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";
/// Names the service, in place of what the program calls itself.
const SERVICE_NAME: &str = "OTEL_SERVICE_NAME";
/// Where a collector takes spans.
const SPANS_PATH: &str = "/v1/traces";
/// Who made the spans.
const SCOPE: &str = "lastmile";

/// The spans of this process on their way to a collector.
#[derive(Debug)]
pub struct Traces {
    provider: SdkTracerProvider,
}

/// Spans cannot be sent there.
#[derive(Debug, Error)]
#[error("spans cannot be sent to {endpoint}; correct {ENDPOINT}, or leave it out")]
pub struct TracesError {
    /// Where the collector should be.
    endpoint: String,
    #[source]
    reason: ExporterBuildError,
}

impl Traces {
    /// To the collector that the environment names; `None` where it names none.
    ///
    /// # Errors
    /// [`TracesError`].
    pub fn from_environment(service: &'static str) -> Result<Option<Self>, TracesError> {
        let endpoint = env::var(ENDPOINT).ok();
        let endpoint = endpoint.filter(|endpoint| !endpoint.is_empty());
        endpoint
            .map(|endpoint| Self::to(&endpoint, service))
            .transpose()
    }

    /// To the collector at an endpoint. Nothing is sent before there is a span.
    ///
    /// # Errors
    /// [`TracesError`].
    pub fn to(endpoint: &str, service: &'static str) -> Result<Self, TracesError> {
        let url = format!("{}{SPANS_PATH}", endpoint.trim_end_matches('/'));
        let exporter = SpanExporter::builder()
            .with_http()
            .with_endpoint(url)
            .build();
        let exporter = exporter.map_err(|reason| TracesError {
            endpoint: endpoint.to_owned(),
            reason,
        })?;
        let mut resource = Resource::builder();
        if env::var_os(SERVICE_NAME).is_none() {
            resource = resource.with_service_name(service);
        }
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(exporter)
            .with_resource(resource.build())
            .build();
        Ok(Self { provider })
    }

    /// Takes the spans of one target, and no events.
    pub fn layer<S>(&self, target: &'static str) -> impl Layer<S> + use<S>
    where
        S: Subscriber + for<'s> LookupSpan<'s> + Send + Sync,
    {
        tracing_opentelemetry::layer()
            .with_tracer(self.provider.tracer(SCOPE))
            .with_location(false)
            .with_threads(false)
            .with_tracked_inactivity(false)
            .with_filter(Targets::new().with_target(target, Level::TRACE))
    }

    /// Sends what has gathered, and waits for it. A collector that does not take it loses it: nobody waits
    /// for a trace longer than for an answer.
    pub fn flush(&self) {
        if let Err(error) = self.provider.force_flush() {
            tracing::debug!(
                error = &error as &dyn std::error::Error,
                "spans were not sent"
            );
        }
    }
}

impl Drop for Traces {
    fn drop(&mut self) {
        if let Err(error) = self.provider.shutdown() {
            tracing::debug!(
                error = &error as &dyn std::error::Error,
                "the last spans were not sent"
            );
        }
    }
}
