//! A carrier that is not well is left alone, and tried again.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use lastmile_model::carrier::{BreakerState, FailureReason, Retry, TermAnswer};
use lastmile_model::door::Timer;
use lastmile_providers::{Carrier, Watched};

use crate::scripted::{FIGURES, Guard, Script, not_served, question};

/// A guard whose carrier fails as long as the switch is on.
fn ailing() -> (Guard, Arc<AtomicBool>) {
    let is_ill = Arc::new(AtomicBool::new(true));
    let switch = Arc::clone(&is_ill);
    let script: Script = Arc::new(move |_, _| {
        if switch.load(Ordering::SeqCst) {
            TermAnswer::failed(FailureReason::CarrierFailed)
        } else {
            not_served()
        }
    });
    (Guard::new(FIGURES, 1, script), is_ill)
}

async fn reason(guard: &Guard, house: usize) -> Option<(FailureReason, Retry)> {
    let replies = guard.carrier.price(&[question(house, &[12])]).await;
    let answer = replies.into_iter().next()?.answered()?;
    match &answer.terms[0].1 {
        TermAnswer::Failed { why, retry } => Some((why.reason, *retry)),
        _ => None,
    }
}

#[test]
fn it_opens_half_opens_and_closes() {
    let (guard, is_ill) = ailing();
    guard.time.run(async {
        // Three tries, then two more and the breaker opens.
        assert_eq!(
            reason(&guard, 1).await.unwrap().0,
            FailureReason::CarrierFailed
        );
        let (open, retry) = reason(&guard, 2).await.unwrap();
        assert_eq!(open, FailureReason::BreakerOpen);
        assert!(matches!(retry, Retry::After(wait) if wait > Duration::from_secs(50)));
        assert!(matches!(
            guard.carrier.health().breaker,
            BreakerState::Open { .. }
        ));
        let calls = guard.calls();
        assert_eq!(calls, 5);
        assert_eq!(
            reason(&guard, 3).await.unwrap().0,
            FailureReason::BreakerOpen
        );
        assert_eq!(guard.calls(), calls, "nobody was asked");

        // Its time is over; the one trial fails: open again, for longer.
        guard.time.wait(Duration::from_secs(61)).await;
        assert_eq!(
            reason(&guard, 4).await.unwrap().0,
            FailureReason::BreakerOpen
        );
        assert_eq!(guard.calls(), calls + 1);
        guard.time.wait(Duration::from_secs(61)).await;
        assert_eq!(
            reason(&guard, 5).await.unwrap().0,
            FailureReason::BreakerOpen
        );
        assert_eq!(guard.calls(), calls + 1, "twice as long");

        // Well again.
        is_ill.store(false, Ordering::SeqCst);
        guard.time.wait(Duration::from_secs(61)).await;
        assert_eq!(reason(&guard, 6).await, None);
        assert_eq!(guard.carrier.health().breaker, BreakerState::Closed);
        assert_eq!(reason(&guard, 7).await, None);
    });
}

#[test]
fn failures_of_a_question_do_not_open_it() {
    for why in FailureReason::ALL
        .into_iter()
        .filter(|reason| !reason.is_ill_health())
    {
        let script: Script = Arc::new(move |_, _| TermAnswer::failed(why));
        let guard = Guard::new(FIGURES, 1, script);
        guard.time.run(async {
            for house in 1..20 {
                reason(&guard, house).await;
            }
        });
        assert_eq!(
            guard.carrier.health().breaker,
            BreakerState::Closed,
            "{why:?}"
        );
    }
}

#[test]
fn while_half_open_only_the_trials_pass() {
    let (guard, _) = ailing();
    guard.time.run(async {
        for house in 1..=2 {
            reason(&guard, house).await;
        }
        let calls = guard.calls();
        guard.time.wait(Duration::from_secs(61)).await;
        let many: Vec<_> = (10..20).map(|house| question(house, &[12])).collect();
        guard.carrier.price(&many).await;
        assert_eq!(guard.calls(), calls + 1);
    });
}
