//! Carriers of the price list: they price everything, and at once. How long a real one takes is an assumption that
//! [`Waits`](super::units::Waits) has; here is counted how often it is waited for.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use lastmile_app::quotes::Panel;
use lastmile_doors::{SystemClock, SystemRandom, SystemTimer};
use lastmile_model::availability::Confidence;
use lastmile_model::carrier::{
    CarrierReference, FailureReason, Pending, Price, PriceAnswer, PriceQuestion, QualifyAnswer,
    QualifyQuestion, Reply, TermAnswer,
};
use lastmile_model::identity::ProviderName;
use lastmile_model::money::{Currency, Money};
use lastmile_providers::settings::{self, Kind, ProviderSettings};
use lastmile_providers::{Call, CallShape, Carrier, Carriers, Doors, Guarded, Subscriptions, Way};
use lastmile_store::Clock;

use super::sample::Frozen;
use crate::ending::Failure;

/// A carrier's id of a quote: as long as those of the field, which are UUIDs.
const QUOTE_ID: &str = "6f1c0c9e-6a53-4f0a-9a55-0c8f5a2f7d11";
/// Each month, in cents.
const MRC: i64 = 39_900;

/// Those who are asked by API, behind the guards of a providers file that says nothing of its own about them.
pub(crate) struct Asked {
    pub(crate) panel: Arc<Panel>,
    calls: Arc<AtomicU64>,
    at_once: BTreeMap<ProviderName, u32>,
}

impl Asked {
    /// These providers; nobody was called yet.
    pub(crate) fn of(names: &[&str]) -> Result<Self, Failure> {
        let calls = Arc::new(AtomicU64::new(0));
        let doors = Doors::new(SystemClock, SystemTimer, SystemRandom);
        let mut at_once = BTreeMap::new();
        let mut ways = Vec::new();
        for ProviderSettings { name, kind } in settings::read(&file(names))?.providers {
            let Kind::Sonata { sonata: _, guard } = kind else {
                continue;
            };
            at_once.insert(name.clone(), guard.concurrent);
            let carrier = Prompt {
                calls: Arc::clone(&calls),
            };
            let guarded = Guarded::new(carrier, name.clone(), guard, doors.clone());
            ways.push((name, Way::Live(Arc::new(guarded))));
        }
        let carriers: Carriers = ways.into_iter().collect();
        Ok(Self {
            panel: Arc::new(Panel::new(carriers, BTreeMap::new())),
            calls,
            at_once,
        })
    }

    /// Calls since this was last asked.
    pub(crate) fn take_calls(&self) -> u64 {
        self.calls.swap(0, Ordering::Relaxed)
    }

    /// How often a carrier is waited for, one time after another, where it is called so often and all calls are to be
    /// made together: as many are under way at once as its guard allows.
    pub(crate) fn rounds(&self, carrier: &ProviderName, calls: u64) -> u64 {
        let at_once = self.at_once.get(carrier).copied().unwrap_or(1);
        calls.div_ceil(u64::from(at_once.max(1)))
    }
}

/// A providers file, as short as it can be.
pub(super) fn file(names: &[&str]) -> String {
    let mut text = "[contact]\nname = \"Sample\"\nemail = \"sample@example.com\"\n\
                    phone = \"+1 603 555 0100\"\n"
        .to_owned();
    for name in names {
        let _ = write!(
            text,
            "\n[[provider]]\nname = \"{name}\"\nkind = \"sonata\"\n\
             base_url = \"https://api.example.com\"\n\
             token_url = \"https://api.example.com/oauth2/token\"\n\
             client_id = \"lastmile\"\nclient_secret = {{ env = \"LASTMILE_SAMPLE_SECRET\" }}\n\
             [provider.products.basic_internet_access]\noffering = \"BIA\"\n"
        );
    }
    text
}

/// A carrier that answers at once, and counts the calls.
struct Prompt {
    calls: Arc<AtomicU64>,
}

impl Prompt {
    fn answer(&self, question: &PriceQuestion) -> Reply<PriceAnswer> {
        self.calls.fetch_add(1, Ordering::Relaxed);
        let usd = |minor| Money {
            minor,
            currency: Currency::Usd,
        };
        let price = TermAnswer::Priced(Price {
            mrc: usd(MRC),
            nrc: usd(0),
            install_interval_days: Some(45),
            confidence: Confidence::Green,
            firmness: question.firmness,
            carrier_quote: CarrierReference::new(QUOTE_ID).ok(),
            valid_until: None,
        });
        Reply::Answered(PriceAnswer::same(&question.terms, &price, Frozen.now()))
    }
}

#[async_trait]
impl Carrier for Prompt {
    fn shape(&self, _: Call) -> CallShape {
        CallShape {
            questions_max: 1,
            requests_max: 1,
        }
    }

    async fn qualify(&self, questions: &[QualifyQuestion]) -> Vec<Reply<QualifyAnswer>> {
        let refused = QualifyAnswer::failed(FailureReason::Refused);
        vec![Reply::Answered(refused); questions.len()]
    }

    async fn price(&self, questions: &[PriceQuestion]) -> Vec<Reply<PriceAnswer>> {
        let answers = questions.iter().map(|question| self.answer(question));
        answers.collect()
    }

    async fn continue_qualify(&self, _: &QualifyQuestion, _: &Pending) -> Reply<QualifyAnswer> {
        Reply::Answered(QualifyAnswer::failed(FailureReason::Refused))
    }

    async fn continue_price(&self, question: &PriceQuestion, _: &Pending) -> Reply<PriceAnswer> {
        self.answer(question)
    }

    async fn subscribe(&self, _: &str) -> Result<Subscriptions, FailureReason> {
        Err(FailureReason::Refused)
    }

    async fn unsubscribe(&self, _: &Subscriptions) -> Result<(), FailureReason> {
        Err(FailureReason::Refused)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_calls_are_waited_for_together_as_the_file_allows() {
        let asked = Asked::of(&["Bay"]).expect("a providers file");
        let bay = ProviderName::new("Bay").expect("a name");
        // Eight at once, as a file allows that does not say.
        assert_eq!(
            [0, 1, 8, 9, 40].map(|calls| asked.rounds(&bay, calls)),
            [0, 1, 1, 2, 5]
        );
    }
}
