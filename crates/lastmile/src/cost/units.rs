//! What an operation uses, before anything has a price.

use std::ops::AddAssign;
use std::time::Duration;

use lastmile_store::Spent;

/// Memory at which a Lambda function has one whole processor; less of it is less of the processor.
const WHOLE_PROCESSOR_MB: u64 = 1_769;
/// What is logged at each start of a function: one line for people and one of metrics.
pub(crate) const LOG_BYTES_PER_INVOCATION: u64 = 1_024;
/// What the gateway logs of a request.
pub(crate) const LOG_BYTES_PER_API_CALL: u64 = 512;

/// A function of the deployed services.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Function {
    /// TMF645 and lookups.
    Availability,
    /// TMF673.
    Address,
    /// From the table's stream to the queues of tasks and of quotes.
    Relay,
    /// Answers deferred tasks.
    TaskWorker,
    /// Loads lists.
    ImportWorker,
    /// Takes quotes in, and says how far they are.
    Quotes,
    /// Asks carriers, and does the errands of quotes.
    QuoteWorker,
}

impl Function {
    /// Its name, for people.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Availability => "availability",
            Self::Address => "address",
            Self::Relay => "relay",
            Self::TaskWorker => "task worker",
            Self::ImportWorker => "import worker",
            Self::Quotes => "quotes",
            Self::QuoteWorker => "quote worker",
        }
    }

    /// Its memory, as the template of the deployment sets it.
    pub(crate) const fn memory_mb(self) -> u64 {
        match self {
            Self::Availability | Self::Address | Self::Quotes | Self::QuoteWorker => 512,
            Self::Relay => 256,
            Self::TaskWorker => 1_024,
            Self::ImportWorker => 1_769,
        }
    }
}

/// How long others are waited for, in milliseconds: assumptions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Waits {
    /// A call of the store, of a queue or of the bucket.
    pub(crate) round_trip_ms: u64,
    /// A carrier's answer about one location.
    pub(crate) carrier_ms: u64,
}

/// A function at work for one operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stage {
    /// Which.
    pub(crate) function: Function,
    /// How often its handler is started.
    pub(crate) invocations: u64,
    /// What the store was asked, and for what.
    pub(crate) spent: Spent,
    /// How often carriers are waited for, one time after another: calls that are under way together are one.
    pub(crate) carrier_rounds: u64,
    /// Processor time, as measured on this machine.
    pub(crate) processor: Duration,
    /// Bytes that were sent to the client.
    pub(crate) bytes_out: u64,
}

impl Stage {
    /// A function that was not started yet.
    pub(crate) fn idle(function: Function) -> Self {
        Self {
            function,
            invocations: 0,
            spent: Spent::default(),
            carrier_rounds: 0,
            processor: Duration::ZERO,
            bytes_out: 0,
        }
    }

    /// Milliseconds that are billed where others take so long: the processor's time, stretched where
    /// the function has a part of a processor only, and what is waited for. Each start is billed in
    /// started milliseconds.
    pub(crate) fn billed_ms(&self, waits: Waits) -> u64 {
        let memory = self.function.memory_mb().min(WHOLE_PROCESSOR_MB);
        let processor_us = self.processor.as_micros() * u128::from(WHOLE_PROCESSOR_MB);
        let processor_us = processor_us.div_ceil(u128::from(memory));
        let Waits {
            round_trip_ms,
            carrier_ms,
        } = waits;
        let waited_ms = self.spent.round_trips * round_trip_ms + self.carrier_rounds * carrier_ms;
        let waited_us = u128::from(waited_ms) * 1_000;
        let billed = u64::try_from((processor_us + waited_us).div_ceil(1_000));
        billed.unwrap_or(u64::MAX).max(self.invocations)
    }
}

/// Everything that one operation uses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Units {
    /// Its functions, in the order in which they work.
    pub(crate) stages: Vec<Stage>,
    /// Requests that the gateway takes.
    pub(crate) api_calls: u64,
    /// Requests to queues.
    pub(crate) sqs_requests: u64,
    /// Objects put.
    pub(crate) s3_puts: u64,
    /// Objects, or parts of them, read.
    pub(crate) s3_gets: u64,
}

impl Units {
    /// One request to one function.
    pub(crate) fn of_call(stage: Stage) -> Self {
        Self {
            stages: vec![stage],
            api_calls: 1,
            ..Self::default()
        }
    }

    /// What the store was asked by all of its functions.
    pub(crate) fn spent(&self) -> Totals {
        let mut totals = Totals::default();
        for stage in &self.stages {
            totals += stage;
        }
        totals
    }

    /// Bytes of log.
    pub(crate) fn log_bytes(&self) -> u64 {
        self.spent().invocations * LOG_BYTES_PER_INVOCATION
            + self.api_calls * LOG_BYTES_PER_API_CALL
    }

    /// Megabytes times milliseconds that are billed.
    pub(crate) fn mb_ms(&self, waits: Waits) -> u64 {
        let billed = |stage: &Stage| stage.function.memory_mb() * stage.billed_ms(waits);
        self.stages.iter().map(billed).sum()
    }
}

/// Sums over the functions of an operation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Totals {
    pub(crate) read_halves: u64,
    pub(crate) writes: u64,
    pub(crate) store_calls: u64,
    pub(crate) invocations: u64,
    pub(crate) bytes_out: u64,
    pub(crate) processor: Duration,
}

impl AddAssign<&Stage> for Totals {
    fn add_assign(&mut self, stage: &Stage) {
        let Stage {
            function: _,
            invocations,
            spent:
                Spent {
                    capacity,
                    calls,
                    round_trips: _,
                },
            carrier_rounds: _,
            processor,
            bytes_out,
        } = stage;
        self.read_halves += capacity.read_halves;
        self.writes += capacity.writes;
        self.store_calls += calls.total();
        self.invocations += invocations;
        self.bytes_out += bytes_out;
        self.processor += *processor;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEAR: Waits = Waits {
        round_trip_ms: 5,
        carrier_ms: 700,
    };

    fn stage(function: Function) -> Stage {
        Stage {
            function,
            invocations: 1,
            spent: Spent {
                round_trips: 3,
                ..Spent::default()
            },
            carrier_rounds: 0,
            processor: Duration::from_micros(1_769),
            bytes_out: 0,
        }
    }

    #[test]
    fn a_small_function_has_a_part_of_a_processor() {
        // 1.769 ms * 1769 / 512 = 6.11 ms, and 3 round trips of 5 ms.
        assert_eq!(stage(Function::Availability).billed_ms(NEAR), 22);
        assert_eq!(stage(Function::ImportWorker).billed_ms(NEAR), 17);
        let at_hand = Waits {
            round_trip_ms: 0,
            ..NEAR
        };
        assert_eq!(stage(Function::ImportWorker).billed_ms(at_hand), 2);
    }

    #[test]
    fn every_start_is_a_started_millisecond() {
        let idle = Stage {
            invocations: 4,
            spent: Spent::default(),
            processor: Duration::ZERO,
            ..stage(Function::Relay)
        };
        assert_eq!(idle.billed_ms(NEAR), 4);
        assert_eq!(Units::of_call(idle).mb_ms(NEAR), 4 * 256);
    }

    #[test]
    fn carriers_are_waited_for_beside_the_store() {
        let asking = Stage {
            carrier_rounds: 2,
            ..stage(Function::ImportWorker)
        };
        assert_eq!(asking.billed_ms(NEAR), 17 + 2 * 700);
    }

    #[test]
    fn the_logs_of_a_call_are_the_functions_and_the_gateways() {
        assert_eq!(Units::of_call(stage(Function::Address)).log_bytes(), 1_536);
    }
}
