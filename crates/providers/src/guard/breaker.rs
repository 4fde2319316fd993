//! When a carrier that fails is left alone, and when it is tried again. Pure: time is an argument.

use std::collections::VecDeque;
use std::time::Duration;

use jiff::Timestamp;
use lastmile_model::carrier::BreakerState;

/// When it opens, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BreakerFigures {
    /// How many of the last calls are looked at.
    pub window_calls: usize,
    /// Fewer calls than this say nothing.
    pub calls_min: usize,
    /// It opens where so many of a hundred failed.
    pub ill_percent: usize,
    /// How long it stays open the first time; twice as long each time that a trial fails.
    pub open_for: Duration,
    /// How long it stays open at most.
    pub open_for_max: Duration,
    /// How many calls try whether the carrier is well again; all must succeed.
    pub trials: u32,
}

/// The breaker of one carrier.
#[derive(Debug)]
pub struct Breaker {
    figures: BreakerFigures,
    state: State,
    /// Counts openings and closings, so that a call which began before one is not counted after it.
    era: u64,
}

#[derive(Debug)]
enum State {
    /// The last calls, `true` for one that found the carrier ill.
    Closed {
        recent: VecDeque<bool>,
    },
    Open {
        until: Timestamp,
        times: u32,
    },
    HalfOpen {
        /// Trials that may still begin.
        left: u32,
        succeeded: u32,
        times: u32,
    },
}

/// Leave for one call. Its end must be told by [`Breaker::ended`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leave {
    era: u64,
}

/// How a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallEnd {
    /// The carrier answered, whatever it answered.
    Well,
    /// It is not well.
    Ill,
    /// The call was given up before it ended: that says nothing.
    Dropped,
}

impl Breaker {
    /// Closed, with nothing seen yet.
    #[must_use]
    pub fn new(figures: BreakerFigures) -> Self {
        Self {
            figures,
            state: State::Closed {
                recent: VecDeque::new(),
            },
            era: 0,
        }
    }

    /// How it stands, without changing it.
    #[must_use]
    pub const fn state(&self) -> BreakerState {
        match self.state {
            State::Closed { .. } => BreakerState::Closed,
            State::Open { until, .. } => BreakerState::Open { until },
            State::HalfOpen { .. } => BreakerState::HalfOpen,
        }
    }

    /// Asks for leave to call.
    ///
    /// # Errors
    /// The time at which to ask again; while trials are under way that is now.
    pub fn begin(&mut self, now: Timestamp) -> Result<Leave, Timestamp> {
        if let State::Open { until, times } = self.state {
            if now < until {
                return Err(until);
            }
            self.turn(State::HalfOpen {
                left: self.figures.trials.max(1),
                succeeded: 0,
                times,
            });
        }
        match &mut self.state {
            State::HalfOpen { left: 0, .. } => return Err(now),
            State::HalfOpen { left, .. } => *left -= 1,
            State::Closed { .. } | State::Open { .. } => {}
        }
        Ok(Leave { era: self.era })
    }

    /// Takes note of how a call ended.
    pub fn ended(&mut self, leave: Leave, end: CallEnd, now: Timestamp) {
        if leave.era != self.era {
            return;
        }
        let figures = self.figures;
        match (&mut self.state, end) {
            (State::Closed { recent }, CallEnd::Well | CallEnd::Ill) => {
                recent.push_back(end == CallEnd::Ill);
                if recent.len() > figures.window_calls {
                    recent.pop_front();
                }
                if is_ill(recent, figures) {
                    self.open(1, now);
                }
            }
            (State::HalfOpen { left, .. }, CallEnd::Dropped) => *left += 1,
            (State::HalfOpen { times, .. }, CallEnd::Ill) => {
                let times = times.saturating_add(1);
                self.open(times, now);
            }
            (State::HalfOpen { succeeded, .. }, CallEnd::Well) => {
                *succeeded += 1;
                if *succeeded >= figures.trials {
                    self.turn(State::Closed {
                        recent: VecDeque::new(),
                    });
                }
            }
            (State::Closed { .. }, CallEnd::Dropped) | (State::Open { .. }, _) => {}
        }
    }

    fn open(&mut self, times: u32, now: Timestamp) {
        let doubled = 1_u32
            .checked_shl(times - 1)
            .map_or(self.figures.open_for_max, |factor| {
                self.figures.open_for.saturating_mul(factor)
            });
        let length = doubled.min(self.figures.open_for_max);
        let until = now.saturating_add(length).unwrap_or(Timestamp::MAX);
        self.turn(State::Open { until, times });
    }

    fn turn(&mut self, state: State) {
        self.era += 1;
        self.state = state;
    }
}

fn is_ill(recent: &VecDeque<bool>, figures: BreakerFigures) -> bool {
    let ill = recent.iter().filter(|ill| **ill).count();
    recent.len() >= figures.calls_min.max(1) && ill * 100 >= figures.ill_percent * recent.len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const FIGURES: BreakerFigures = BreakerFigures {
        window_calls: 10,
        calls_min: 4,
        ill_percent: 50,
        open_for: Duration::from_secs(5),
        open_for_max: Duration::from_secs(15),
        trials: 2,
    };

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn call(breaker: &mut Breaker, second: i64, end: CallEnd) -> bool {
        let Ok(leave) = breaker.begin(at(second)) else {
            return false;
        };
        breaker.ended(leave, end, at(second));
        true
    }

    fn opened() -> Breaker {
        let mut breaker = Breaker::new(FIGURES);
        for _ in 0..4 {
            assert!(call(&mut breaker, 0, CallEnd::Ill));
        }
        assert_eq!(breaker.state(), BreakerState::Open { until: at(5) });
        breaker
    }

    #[test]
    fn a_few_failures_among_successes_do_not_open_it() {
        let mut breaker = Breaker::new(FIGURES);
        for turn in 0..30 {
            let end = if turn % 3 == 1 {
                CallEnd::Ill
            } else {
                CallEnd::Well
            };
            assert!(call(&mut breaker, turn, end));
        }
        assert_eq!(breaker.state(), BreakerState::Closed);
    }

    #[test]
    fn it_half_opens_when_its_time_is_over_and_closes_after_all_trials() {
        let mut breaker = opened();
        assert_eq!(breaker.begin(at(4)), Err(at(5)));
        let first = breaker.begin(at(5)).unwrap();
        assert_eq!(breaker.state(), BreakerState::HalfOpen);
        let second = breaker.begin(at(5)).unwrap();
        assert_eq!(
            breaker.begin(at(6)),
            Err(at(6)),
            "both trials are under way"
        );
        breaker.ended(first, CallEnd::Well, at(6));
        assert_eq!(breaker.state(), BreakerState::HalfOpen);
        breaker.ended(second, CallEnd::Well, at(7));
        assert_eq!(breaker.state(), BreakerState::Closed);
    }

    #[test]
    fn a_failed_trial_leaves_it_open_for_longer() {
        let mut breaker = opened();
        assert!(call(&mut breaker, 5, CallEnd::Ill));
        assert_eq!(breaker.state(), BreakerState::Open { until: at(15) });
        assert!(call(&mut breaker, 15, CallEnd::Ill));
        assert_eq!(
            breaker.state(),
            BreakerState::Open { until: at(30) },
            "at most 15 s"
        );
    }

    #[test]
    fn a_dropped_trial_may_be_made_again_and_late_ends_do_not_count() {
        let mut breaker = Breaker::new(FIGURES);
        let early = breaker.begin(at(0)).unwrap();
        for _ in 0..4 {
            call(&mut breaker, 0, CallEnd::Ill);
        }
        breaker.ended(early, CallEnd::Well, at(1));
        let trial = breaker.begin(at(5)).unwrap();
        breaker.ended(early, CallEnd::Ill, at(5));
        assert_eq!(breaker.state(), BreakerState::HalfOpen);
        breaker.ended(trial, CallEnd::Dropped, at(5));
        assert!(call(&mut breaker, 5, CallEnd::Well));
        assert!(call(&mut breaker, 5, CallEnd::Well));
        assert_eq!(breaker.state(), BreakerState::Closed);
    }

    proptest! {
        #[test]
        fn while_open_nobody_is_let_through_and_it_always_ends(
            steps in prop::collection::vec((0_i64..20, 0_usize..3), 1..200),
        ) {
            let mut breaker = Breaker::new(FIGURES);
            let mut now = 0;
            for (pause, end) in steps {
                now += pause;
                let before = breaker.state();
                let end = [CallEnd::Well, CallEnd::Ill, CallEnd::Dropped][end];
                let passed = call(&mut breaker, now, end);
                match before {
                    BreakerState::Open { until } => prop_assert_eq!(passed, at(now) >= until),
                    // Each trial ends here before the next begins, so there is always one left.
                    BreakerState::HalfOpen | BreakerState::Closed => prop_assert!(passed),
                }
                if let BreakerState::Open { until } = breaker.state() {
                    prop_assert!(until <= at(now + 15));
                }
            }
        }
    }
}
