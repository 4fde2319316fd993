//! The file as it is written, and its way to settings that can be used.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use http::Uri;
use lastmile_model::carrier::Product;
use lastmile_model::identity::ProviderName;
use lastmile_model::quote::off_net::MARGIN_MAX;
use lastmile_model::quote::{Margin, OffNet};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::limits::{self, Figure};
use super::{Kind, ProviderSettings, SettingsError};
use crate::callback::CallBack;
use crate::guard::GuardFigures;
use crate::guard::breaker::BreakerFigures;
use crate::guard::pace::PaceFigures;
use crate::guard::retry::RetryFigures;
use crate::secret::SecretSource;
use crate::sonata::product::Offering;
use crate::sonata::settings::{Contact, QualifyFirst, SonataSettings, Versions};
use crate::sonata::token::{ClientAuthentication, TokenSettings};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) contact: Option<ContactFile>,
    #[serde(default)]
    pub(super) provider: Vec<ProviderFile>,
    #[serde(default)]
    pub(super) off_net: BTreeMap<String, OffNetFile>,
    pub(super) call_back: Option<CallBackFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CallBackFile {
    base_url: String,
    secret: SecretFile,
}

/// How carriers reach us; nobody does yet.
pub(super) fn call_back(file: CallBackFile) -> Result<CallBack, SettingsError> {
    let CallBackFile { base_url, secret } = file;
    Ok(CallBack {
        base_url: safe_url(base_url).ok_or(SettingsError::CallBack { problem: SAFE_URL })?,
        secret: secret.into(),
        carriers: BTreeSet::new(),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OffNetFile {
    suppliers: Vec<String>,
    margin_percent: f64,
}

/// Most suppliers of one provider.
const SUPPLIERS_MAX: usize = 40;

/// Who buys from whom.
pub(super) fn off_net(
    (name, file): (String, OffNetFile),
) -> Result<(ProviderName, OffNet), SettingsError> {
    let OffNetFile {
        suppliers,
        margin_percent,
    } = file;
    let name = ProviderName::new(&name).map_err(SettingsError::Name)?;
    let wrong = |field, problem| SettingsError::Field {
        name: name.clone(),
        field,
        problem,
    };
    if !(1..=SUPPLIERS_MAX).contains(&suppliers.len()) {
        return Err(wrong("off_net.suppliers", "must have 1 to 40 names"));
    }
    let margin = margin_of(margin_percent).ok_or_else(|| {
        let problem = "must be 0 to 1000 percent, with at most two decimals";
        wrong("off_net.margin_percent", problem)
    })?;
    let suppliers = suppliers
        .iter()
        .map(|supplier| ProviderName::new(supplier).map_err(SettingsError::Name))
        .collect::<Result<Vec<_>, _>>()?;
    Ok((name, OffNet { suppliers, margin }))
}

/// Hundredths of a percent, where it is a whole number of them.
fn margin_of(percent: f64) -> Option<Margin> {
    const HUNDREDTHS: f64 = 100.0;
    const ROUNDING: f64 = 1e-6;
    let hundredths = percent * HUNDREDTHS;
    let whole = hundredths.round();
    if !(0.0..=f64::from(MARGIN_MAX)).contains(&whole) || (hundredths - whole).abs() > ROUNDING {
        return None;
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it was just found to lie between 0 and the highest margin"
    )]
    Margin::new(whole as u32)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ContactFile {
    name: String,
    email: String,
    phone: String,
}

#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(super) enum ProviderFile {
    Sonata(Box<SonataFile>),
    Coverage(NamedFile),
    Person(NamedFile),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NamedFile {
    name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SonataFile {
    name: String,
    base_url: String,
    token_url: String,
    client_id: String,
    client_secret: SecretFile,
    #[serde(default)]
    client_authentication: AuthenticationFile,
    scope: Option<String>,
    buyer_id: Option<String>,
    seller_id: Option<String>,
    #[serde(default)]
    versions: VersionsFile,
    #[serde(default)]
    answers: AnswersFile,
    answer_within_s: Option<u64>,
    poll_every_s: Option<u64>,
    #[serde(default)]
    calls_back: bool,
    #[serde(default = "yes")]
    validate_addresses: bool,
    #[serde(default)]
    qualify_first: QualifyFirstFile,
    qualify_batch: Option<u64>,
    #[serde(default)]
    green_means: GreenFile,
    concurrent: Option<u64>,
    requests_per_second: Option<u64>,
    burst: Option<u64>,
    timeout_ms: Option<u64>,
    tries: Option<u64>,
    retry_wait_ms: Option<u64>,
    retry_wait_max_ms: Option<u64>,
    #[serde(default)]
    breaker: BreakerFile,
    #[serde(default)]
    products: BTreeMap<String, OfferingFile>,
}

enum SecretFile {
    Env(String),
    EnvField { env: String, field: String },
    File(PathBuf),
}

/// Reads `{ env = … }`, `{ env = …, field = … }` or `{ file = … }`. By hand, because the errors of a derived reader repeat what
/// they cannot read, and that may be the secret.
impl<'de> Deserialize<'de> for SecretFile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        const WHAT: &str = "a secret must be { env = \"NAME\" }, { env = \"NAME\", field = \"KEY\" } or \
             { file = \"PATH\" }, never the secret";
        let wrong = || D::Error::custom(WHAT);
        let Ok(Value::Object(mut place)) = Value::deserialize(deserializer) else {
            return Err(wrong());
        };
        let parts = place.len();
        let mut text = |name: &str| match place.remove(name) {
            Some(Value::String(text)) => Some(text),
            _ => None,
        };
        match (parts, text("env"), text("field"), text("file")) {
            (1, Some(name), None, None) => Ok(Self::Env(name)),
            (2, Some(env), Some(field), None) => Ok(Self::EnvField { env, field }),
            (1, None, None, Some(path)) => Ok(Self::File(path.into())),
            _ => Err(wrong()),
        }
    }
}

impl From<SecretFile> for SecretSource {
    fn from(file: SecretFile) -> Self {
        match file {
            SecretFile::Env(name) => Self::Environment(name),
            SecretFile::EnvField { env: name, field } => Self::EnvironmentField { name, field },
            SecretFile::File(path) => Self::File(path),
        }
    }
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum AuthenticationFile {
    #[default]
    Basic,
    Form,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct VersionsFile {
    address: Option<u64>,
    qualification: Option<u64>,
    quote: Option<u64>,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum AnswersFile {
    #[default]
    Immediate,
    Deferred,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum QualifyFirstFile {
    Never,
    #[default]
    Firm,
    Always,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum GreenFile {
    #[default]
    CanDeliver,
    AddressKnown,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct BreakerFile {
    window_calls: Option<u64>,
    calls_min: Option<u64>,
    ill_percent: Option<u64>,
    open_ms: Option<u64>,
    open_max_ms: Option<u64>,
    trials: Option<u64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OfferingFile {
    offering: String,
    #[serde(rename = "type")]
    kind: Option<String>,
    enni: Option<String>,
    #[serde(default)]
    attributes: Map<String, Value>,
}

const fn yes() -> bool {
    true
}

/// Versions of the documents that this program was written to.
const QUOTE_VERSION: u64 = 8;

impl ProviderFile {
    pub(super) const fn calls_back(&self) -> bool {
        match self {
            Self::Sonata(file) => file.calls_back,
            Self::Coverage(_) | Self::Person(_) => false,
        }
    }

    pub(super) fn settings(
        self,
        contact: Option<&ContactFile>,
    ) -> Result<ProviderSettings, SettingsError> {
        let (name, kind) = match self {
            Self::Coverage(NamedFile { name }) => (provider(&name)?, Kind::Coverage),
            Self::Person(NamedFile { name }) => (provider(&name)?, Kind::Person),
            Self::Sonata(file) => {
                let name = provider(&file.name)?;
                let kind = Reader { name: &name }.sonata(*file, contact)?;
                (name, kind)
            }
        };
        Ok(ProviderSettings { name, kind })
    }
}

fn provider(name: &str) -> Result<ProviderName, SettingsError> {
    ProviderName::new(name).map_err(SettingsError::Name)
}

/// Reads the fields of one provider; an error says whose field it is.
struct Reader<'a> {
    name: &'a ProviderName,
}

impl Reader<'_> {
    fn sonata(
        &self,
        file: SonataFile,
        contact: Option<&ContactFile>,
    ) -> Result<Kind, SettingsError> {
        let guard = self.guard(&file)?;
        let ContactFile { name, email, phone } =
            contact.ok_or_else(|| self.wrong("contact", "must be said once, for all providers"))?;
        let contact = Contact {
            name: name.clone(),
            email: email.clone(),
            phone: phone.clone(),
        };
        let seconds = |figure: &Figure, said| self.figure(figure, said).map(Duration::from_secs);
        let sonata = SonataSettings {
            base_url: self.url("base_url", file.base_url)?,
            token: TokenSettings {
                url: self.url("token_url", file.token_url)?,
                client_id: file.client_id,
                secret: file.client_secret.into(),
                authentication: match file.client_authentication {
                    AuthenticationFile::Basic => ClientAuthentication::Basic,
                    AuthenticationFile::Form => ClientAuthentication::Form,
                },
                scope: file.scope,
            },
            buyer_id: file.buyer_id,
            seller_id: file.seller_id,
            versions: self.versions(&file.versions)?,
            contact,
            immediate: matches!(file.answers, AnswersFile::Immediate),
            answer_within: seconds(&limits::ANSWER_WITHIN_S, file.answer_within_s)?,
            poll_every: seconds(&limits::POLL_EVERY_S, file.poll_every_s)?,
            validate_addresses: file.validate_addresses,
            qualify_first: match file.qualify_first {
                QualifyFirstFile::Never => QualifyFirst::Never,
                QualifyFirstFile::Firm => QualifyFirst::Firm,
                QualifyFirstFile::Always => QualifyFirst::Always,
            },
            qualify_batch: narrowed(self.figure(&limits::QUALIFY_BATCH, file.qualify_batch)?),
            green_means_address_known: matches!(file.green_means, GreenFile::AddressKnown),
            offerings: self.offerings(file.products)?,
        };
        Ok(Kind::Sonata {
            sonata: Box::new(sonata),
            guard,
        })
    }

    fn guard(&self, file: &SonataFile) -> Result<GuardFigures, SettingsError> {
        let breaker = &file.breaker;
        let millis = |figure: &Figure, said| self.figure(figure, said).map(Duration::from_millis);
        let pace = match (file.requests_per_second, file.burst) {
            (None, None) => None,
            (None, Some(_)) => {
                return Err(self.wrong("burst", "says nothing without requests_per_second"));
            }
            (Some(rate), burst) => {
                let rate = self.figure(&limits::REQUESTS_PER_SECOND, Some(rate))?;
                Some(PaceFigures {
                    requests_per_second: narrowed(rate),
                    burst: narrowed(self.figure(&limits::BURST, burst.or(Some(rate)))?),
                })
            }
        };
        Ok(GuardFigures {
            concurrent: narrowed(self.figure(&limits::CONCURRENT, file.concurrent)?),
            pace,
            timeout: millis(&limits::TIMEOUT_MS, file.timeout_ms)?,
            retry: RetryFigures {
                tries_max: narrowed(self.figure(&limits::TRIES, file.tries)?),
                wait_first: millis(&limits::RETRY_WAIT_MS, file.retry_wait_ms)?,
                wait_max: millis(&limits::RETRY_WAIT_MAX_MS, file.retry_wait_max_ms)?,
            },
            breaker: BreakerFigures {
                window_calls: narrowed(self.figure(&limits::WINDOW_CALLS, breaker.window_calls)?),
                calls_min: narrowed(self.figure(&limits::CALLS_MIN, breaker.calls_min)?),
                ill_percent: narrowed(self.figure(&limits::ILL_PERCENT, breaker.ill_percent)?),
                open_for: millis(&limits::OPEN_MS, breaker.open_ms)?,
                open_for_max: millis(&limits::OPEN_MAX_MS, breaker.open_max_ms)?,
                trials: narrowed(self.figure(&limits::TRIALS, breaker.trials)?),
            },
        })
    }

    fn versions(&self, file: &VersionsFile) -> Result<Versions, SettingsError> {
        let version = |said| self.figure(&limits::VERSION, said).map(narrowed);
        Ok(Versions {
            address: version(file.address)?,
            qualification: version(file.qualification)?,
            quote: version(file.quote.or(Some(QUOTE_VERSION)))?,
        })
    }

    fn offerings(
        &self,
        products: BTreeMap<String, OfferingFile>,
    ) -> Result<BTreeMap<Product, Offering>, SettingsError> {
        let mut offerings = BTreeMap::new();
        for (name, file) in products {
            let OfferingFile {
                offering: id,
                kind,
                enni,
                attributes,
            } = file;
            let product = Product::of_name(&name).ok_or_else(|| {
                self.wrong(
                    "products",
                    "are access_e_line, basic_internet_access and advanced_internet_access",
                )
            })?;
            if product == Product::AccessELine && enni.is_none() {
                return Err(self.wrong("products.access_e_line.enni", "must be said"));
            }
            let offering = Offering {
                id,
                kind,
                enni,
                attributes,
            };
            offerings.insert(product, offering);
        }
        if offerings.is_empty() {
            return Err(self.wrong("products", "must have at least one"));
        }
        Ok(offerings)
    }

    /// A URL to which credentials may go: with TLS, or on this machine.
    fn url(&self, field: &'static str, text: String) -> Result<String, SettingsError> {
        safe_url(text).ok_or_else(|| self.wrong(field, SAFE_URL))
    }

    fn figure(&self, figure: &Figure, said: Option<u64>) -> Result<u64, SettingsError> {
        let value = said.unwrap_or(figure.default);
        if figure.allowed.contains(&value) {
            Ok(value)
        } else {
            Err(self.wrong(figure.field, figure.problem))
        }
    }

    fn wrong(&self, field: &'static str, problem: &'static str) -> SettingsError {
        SettingsError::Field {
            name: self.name.clone(),
            field,
            problem,
        }
    }
}

/// What a URL must be to which credentials may go.
const SAFE_URL: &str = "must be a https URL without a query (http only on this machine)";

fn safe_url(text: String) -> Option<String> {
    let uri: Uri = text.parse().ok()?;
    let host = uri.host()?;
    let is_safe = match uri.scheme_str() {
        Some("https") => true,
        Some("http") => is_this_machine(host),
        _ => false,
    };
    let has_user = uri
        .authority()
        .is_some_and(|authority| authority.as_str().contains('@'));
    (is_safe && uri.query().is_none() && !has_user).then_some(text)
}

fn is_this_machine(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || address.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
}

/// A figure that its limits keep within a smaller type.
fn narrowed<T: TryFrom<u64>>(figure: u64) -> T {
    T::try_from(figure)
        .ok()
        .expect("the limits of every figure fit its type")
}
