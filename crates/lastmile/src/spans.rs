//! Spans of a server to a collector of OpenTelemetry, in a build with the feature `otel`.

use tracing::Subscriber;
use tracing_subscriber::Layer;
use tracing_subscriber::registry::LookupSpan;

use crate::ending::Failure;

/// Spans are sent while this is kept; the last ones when it is dropped.
pub(crate) struct Spans {
    #[cfg(feature = "otel")]
    traces: Option<lastmile_traces::Traces>,
}

impl Spans {
    /// None are sent.
    pub(crate) const fn none() -> Self {
        Self {
            #[cfg(feature = "otel")]
            traces: None,
        }
    }
}

#[cfg(feature = "otel")]
impl Spans {
    /// To the collector that `OTEL_EXPORTER_OTLP_ENDPOINT` names, if it names one.
    pub(crate) fn from_environment() -> Result<Self, Failure> {
        let traces = lastmile_traces::Traces::from_environment("lastmile")?;
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
}

#[cfg(not(feature = "otel"))]
impl Spans {
    /// None: this build sends no spans.
    #[expect(
        clippy::unnecessary_wraps,
        reason = "the same signature with and without the feature"
    )]
    pub(crate) fn from_environment() -> Result<Self, Failure> {
        Ok(Self::none())
    }

    /// Nothing takes spans.
    #[expect(
        clippy::unused_self,
        reason = "the same signature with and without the feature"
    )]
    pub(crate) fn layer<S>(&self) -> Option<impl Layer<S> + use<S>>
    where
        S: Subscriber + for<'s> LookupSpan<'s> + Send + Sync,
    {
        None::<tracing_subscriber::layer::Identity>
    }
}
