//! How the services of AWS are reached: credentials, region, endpoint.

use aws_config::SdkConfig;
use tokio::sync::OnceCell;

/// What every client of a process shares. Nothing is read and nothing is built before the first call, so
/// that a function which starts does not wait for it.
#[derive(Debug, Default)]
pub struct Connection {
    config: OnceCell<SdkConfig>,
}

impl Connection {
    /// As the environment says: `AWS_REGION`, `AWS_ENDPOINT_URL`, and the places in which credentials
    /// are looked for.
    #[must_use]
    pub fn from_environment() -> Self {
        Self::default()
    }

    /// With settings that are known already, as tests have them.
    #[must_use]
    pub fn from_settings(config: SdkConfig) -> Self {
        Self {
            config: OnceCell::new_with(Some(config)),
        }
    }

    /// The settings, read once.
    pub async fn settings(&self) -> &SdkConfig {
        self.config
            .get_or_init(|| async { aws_config::from_env().load().await })
            .await
    }
}
