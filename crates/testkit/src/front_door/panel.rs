//! The carriers behind the door.

use jiff::Timestamp;
use lastmile_app::quotes::Panel;
use lastmile_model::availability::Confidence;
use lastmile_model::carrier::{
    CarrierReference, Firmness, Pending, Price, PriceAnswer, PriceQuestion, Reply, Step, TermAnswer,
};
use lastmile_model::identity::ProviderName;
use lastmile_model::money::{Currency, Money};
use lastmile_providers::{Carriers, Way};

use crate::carrier::{Script, ScriptedCarrier};

/// Has a price for everything: 70.00 a month, 100.00 once, 30 days.
pub const QUICK: &str = "Quick Cable";
/// Leaves every price to a person.
pub const PONDERS: &str = "Ponder Fiber";
/// Needs time for ever.
pub const NEVER: &str = "Never Net";

/// Those who are asked live in the cases about quotes; all others are answered from their lists.
#[must_use]
pub fn panel() -> Panel {
    let scripts: [(&str, &'static Script); 3] =
        [(QUICK, &quick), (PONDERS, &ponders), (NEVER, &never)];
    let ways = scripts.into_iter().map(|(name, script)| {
        let name = ProviderName::new(name).expect("a name");
        let carrier = ScriptedCarrier::new(name.clone(), script);
        (name, Way::Live(std::sync::Arc::new(carrier)))
    });
    Panel::new(
        ways.collect::<Carriers>(),
        std::collections::BTreeMap::new(),
    )
}

fn quick(question: &PriceQuestion, _: u32) -> Reply<PriceAnswer> {
    let usd = |minor| Money {
        minor,
        currency: Currency::Usd,
    };
    let price = TermAnswer::Priced(Price {
        mrc: usd(7_000),
        nrc: usd(10_000),
        install_interval_days: Some(30),
        confidence: Confidence::Green,
        firmness: Firmness::Budgetary,
        carrier_quote: None,
        valid_until: None,
    });
    same(question, &price)
}

fn ponders(question: &PriceQuestion, _: u32) -> Reply<PriceAnswer> {
    let case = TermAnswer::IndividualCase {
        carrier_quote: None,
    };
    same(question, &case)
}

fn never(_: &PriceQuestion, _: u32) -> Reply<PriceAnswer> {
    Reply::Pending(Pending {
        step: Step::Quote,
        id: CarrierReference::new("77").expect("an id"),
        item: 0,
        place: None,
        confidence: None,
        ask_again_at: Timestamp::UNIX_EPOCH,
        settled: Vec::new(),
    })
}

fn same(question: &PriceQuestion, answer: &TermAnswer) -> Reply<PriceAnswer> {
    let at = Timestamp::UNIX_EPOCH;
    Reply::Answered(PriceAnswer::same(&question.terms, answer, at))
}
