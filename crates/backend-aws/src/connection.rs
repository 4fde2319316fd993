//! How the services of AWS are reached: credentials, region, endpoint.

use std::env;

use aws_config::environment::EnvironmentVariableCredentialsProvider;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_dynamodb::config::SharedCredentialsProvider;
use tokio::sync::OnceCell;

/// Where a function is told its region.
const REGION_VARIABLE: &str = "AWS_REGION";
/// Where services other than AWS's own are named.
const ENDPOINT_VARIABLE: &str = "AWS_ENDPOINT_URL";

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

    /// As Lambda tells a function: region and credentials are variables, `AWS_ENDPOINT_URL` is one where an emulator is
    /// meant. The other places in which credentials are looked for (files, roles, the machine's own service) bring
    /// clients of their own, which a function then does not hold.
    #[must_use]
    pub fn from_variables() -> Self {
        let variable = |name| env::var(name).ok().filter(|value| !value.is_empty());
        let mut settings = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .credentials_provider(SharedCredentialsProvider::new(
                EnvironmentVariableCredentialsProvider::new(),
            ));
        settings.set_region(variable(REGION_VARIABLE).map(Region::new));
        settings.set_endpoint_url(variable(ENDPOINT_VARIABLE));
        Self::from_settings(settings.build())
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
