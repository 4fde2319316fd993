//! The life of a quote (TMF648 v4): in progress, pending, approved, accepted, rejected, cancelled.

use jiff::Timestamp;
use thiserror::Error;

/// Where a quote stands. Made only by [`QuoteState::new`] and the moves, which consume it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum QuoteState {
    /// Providers are being asked.
    InProgress,
    /// Every program has answered; persons have prices to give.
    Pending,
    /// Every cell has ended, and there are prices.
    Approved {
        /// Until then every price in it holds; afterwards it has expired.
        valid_until: Timestamp,
    },
    /// The customer takes it.
    Accepted {
        /// When.
        at: Timestamp,
    },
    /// It will not be taken.
    Rejected {
        /// When.
        at: Timestamp,
        /// Who said so.
        by: RejectedBy,
    },
    /// Whoever asked does not want it any more.
    Cancelled {
        /// When.
        at: Timestamp,
    },
}

/// Who rejected a quote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RejectedBy {
    /// The customer.
    Customer,
    /// Nobody can deliver: there is not one price in it.
    NoProvider,
}

/// What the cells of a quote come to when no program has anything more to answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Settled {
    /// Some cells wait for a person.
    WaitsForPerson,
    /// There are prices.
    Priced {
        /// Until then all of them hold.
        valid_until: Timestamp,
    },
    /// There is none.
    NothingPriced,
}

/// The move is not allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum MoveRefused {
    /// Not from this state.
    #[error("a quote that is {} cannot become {to}", .from.as_str())]
    NotFrom {
        /// The state it is in.
        from: QuoteState,
        /// What it was to become.
        to: &'static str,
    },
    /// Its prices do not hold any more.
    #[error("the quote has expired: ask for a new one")]
    Expired {
        /// Until when they held.
        valid_until: Timestamp,
    },
}

impl QuoteState {
    /// The first state.
    #[must_use]
    pub const fn new() -> Self {
        Self::InProgress
    }

    /// TM Forum's name: `inProgress`, `pending`, `approved`, `accepted`, `rejected`, `cancelled`.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::InProgress => "inProgress",
            Self::Pending => "pending",
            Self::Approved { .. } => "approved",
            Self::Accepted { .. } => "accepted",
            Self::Rejected { .. } => "rejected",
            Self::Cancelled { .. } => "cancelled",
        }
    }

    /// Whether answers of carriers and persons still change it.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        match self {
            Self::InProgress | Self::Pending => true,
            Self::Approved { .. }
            | Self::Accepted { .. }
            | Self::Rejected { .. }
            | Self::Cancelled { .. } => false,
        }
    }

    /// No program has anything more to answer, or a person gave the last price.
    ///
    /// # Errors
    /// [`MoveRefused`] where the quote is not open.
    pub const fn settle(self, settled: Settled, at: Timestamp) -> Result<Self, MoveRefused> {
        if !self.is_open() {
            return Err(self.refused("approved"));
        }
        Ok(match settled {
            Settled::WaitsForPerson => Self::Pending,
            Settled::Priced { valid_until } => Self::Approved { valid_until },
            Settled::NothingPriced => Self::Rejected {
                at,
                by: RejectedBy::NoProvider,
            },
        })
    }

    /// The customer takes it.
    ///
    /// # Errors
    /// [`MoveRefused`] unless it is approved and its prices still hold.
    pub fn accept(self, at: Timestamp) -> Result<Self, MoveRefused> {
        match self {
            Self::Approved { valid_until } if at < valid_until => Ok(Self::Accepted { at }),
            Self::Approved { valid_until } => Err(MoveRefused::Expired { valid_until }),
            Self::InProgress
            | Self::Pending
            | Self::Accepted { .. }
            | Self::Rejected { .. }
            | Self::Cancelled { .. } => Err(self.refused("accepted")),
        }
    }

    /// The customer does not take it.
    ///
    /// # Errors
    /// [`MoveRefused`] unless it is approved.
    pub const fn reject(self, at: Timestamp) -> Result<Self, MoveRefused> {
        match self {
            Self::Approved { .. } => Ok(Self::Rejected {
                at,
                by: RejectedBy::Customer,
            }),
            Self::InProgress
            | Self::Pending
            | Self::Accepted { .. }
            | Self::Rejected { .. }
            | Self::Cancelled { .. } => Err(self.refused("rejected")),
        }
    }

    /// It is not wanted any more.
    ///
    /// # Errors
    /// [`MoveRefused`] unless it is open.
    pub const fn cancel(self, at: Timestamp) -> Result<Self, MoveRefused> {
        if self.is_open() {
            Ok(Self::Cancelled { at })
        } else {
            Err(self.refused("cancelled"))
        }
    }

    const fn refused(self, to: &'static str) -> MoveRefused {
        MoveRefused::NotFrom { from: self, to }
    }
}

impl Default for QuoteState {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn the_usual_life() {
        let valid_until = at(100);
        let pending = QuoteState::new()
            .settle(Settled::WaitsForPerson, at(1))
            .unwrap();
        assert_eq!(pending, QuoteState::Pending);
        let approved = pending
            .settle(Settled::Priced { valid_until }, at(2))
            .unwrap();
        assert_eq!(approved, QuoteState::Approved { valid_until });
        assert_eq!(
            approved.accept(at(99)),
            Ok(QuoteState::Accepted { at: at(99) })
        );
        assert_eq!(
            approved.accept(valid_until),
            Err(MoveRefused::Expired { valid_until })
        );
    }

    #[test]
    fn what_has_ended_stays_as_it_is() {
        let ended = [
            QuoteState::Cancelled { at: at(1) },
            QuoteState::Accepted { at: at(1) },
            QuoteState::Rejected {
                at: at(1),
                by: RejectedBy::NoProvider,
            },
        ];
        for state in ended {
            let priced = Settled::Priced { valid_until: at(9) };
            assert!(state.settle(priced, at(2)).is_err(), "{state:?}");
            assert!(state.accept(at(2)).is_err(), "{state:?}");
            assert!(state.reject(at(2)).is_err(), "{state:?}");
            assert!(state.cancel(at(2)).is_err(), "{state:?}");
        }
    }

    #[test]
    fn only_an_open_quote_is_cancelled_and_only_an_approved_one_rejected() {
        let approved = QuoteState::Approved { valid_until: at(9) };
        assert!(approved.cancel(at(1)).is_err());
        assert!(approved.reject(at(1)).is_ok());
        for open in [QuoteState::InProgress, QuoteState::Pending] {
            assert!(open.cancel(at(1)).is_ok());
            assert_eq!(open.reject(at(1)), Err(open.refused("rejected")));
        }
    }
}
