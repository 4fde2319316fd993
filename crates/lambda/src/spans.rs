//! Spans of a function to a collector of OpenTelemetry, in a build with the feature `otel`.
//!
//! Lambda stops a function between two events, so the spans of an event are sent before it is answered.

use tracing::Subscriber;
use tracing_subscriber::Layer;
use tracing_subscriber::registry::LookupSpan;

/// Where the spans go; nowhere where no collector is named, or the build sends none. Cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct Spans {
    #[cfg(feature = "otel")]
    traces: Option<std::sync::Arc<lastmile_traces::Traces>>,
}

#[cfg(feature = "otel")]
impl Spans {
    /// To the collector that `OTEL_EXPORTER_OTLP_ENDPOINT` names, if it names one.
    pub(crate) fn from_environment() -> Result<Self, lambda_runtime::Error> {
        let traces = lastmile_traces::Traces::from_environment("lastmile")?;
        let traces = traces.map(std::sync::Arc::new);
        Ok(Self { traces })
    }

    /// What takes the spans.
    pub(crate) fn layer<S>(&self) -> Option<impl Layer<S> + use<S>>
    where
        S: Subscriber + for<'s> LookupSpan<'s> + Send + Sync,
    {
        let traces = self.traces.as_ref();
        traces.map(|traces| traces.layer(lastmile_app::SPANS))
    }

    /// Sends what has gathered.
    pub(crate) async fn flush(&self) {
        if let Some(traces) = self.traces.clone() {
            // It waits for the collector, and other events go on meanwhile. Nothing depends on its end.
            let _ = tokio::task::spawn_blocking(move || traces.flush()).await;
        }
    }
}

#[cfg(not(feature = "otel"))]
#[expect(
    clippy::unused_self,
    clippy::unused_async,
    clippy::unnecessary_wraps,
    reason = "the same signatures with and without the feature"
)]
impl Spans {
    /// Nowhere.
    pub(crate) fn from_environment() -> Result<Self, lambda_runtime::Error> {
        Ok(Self::default())
    }

    /// Nothing takes spans.
    pub(crate) fn layer<S>(&self) -> Option<impl Layer<S> + use<S>>
    where
        S: Subscriber + for<'s> LookupSpan<'s> + Send + Sync,
    {
        None::<tracing_subscriber::layer::Identity>
    }

    /// There is nothing to send.
    pub(crate) async fn flush(&self) {}
}
