//! Every enum of the documents that is read or written here, with the documents' spelling.
//!
//! Read without regard to blanks around and capitals; written as documented.

use super::lenient::one_of;

/// Makes an enum with its documented names, and both directions between them.
macro_rules! spelled {
    ($(#[$doc:meta])* $type:ident { $($(#[$variant_doc:meta])* $variant:ident = $name:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub(crate) enum $type {
            $($(#[$variant_doc])* $variant),+
        }

        impl $type {
            #[cfg(test)]
            pub(crate) const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The documented spelling.
            #[cfg(test)]
            pub(crate) const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name),+
                }
            }

            /// Reads it, however it is spelled.
            pub(crate) fn read(text: &str) -> Option<Self> {
                one_of(text, &[$(($name, Self::$variant)),+])
            }
        }
    };
}

spelled!(
    /// `MEFPOQTaskStateType`.
    QualificationState {
        Acknowledged = "acknowledged",
        TerminatedWithError = "terminatedWithError",
        InProgress = "inProgress",
        UnableToProvide = "done.unableToProvide",
        Ready = "done.ready",
    }
);

spelled!(
    /// `MEFPOQItemTaskStateType`.
    QualificationItemState {
        Acknowledged = "acknowledged",
        TerminatedWithError = "terminatedWithError",
        InProgress = "inProgress",
        Abandoned = "done.abandoned",
        Ready = "done.ready",
    }
);

spelled!(
    /// `MEFServiceabilityColor`.
    Colour {
        Green = "green",
        Yellow = "yellow",
        Red = "red",
    }
);

spelled!(
    /// `MEFQuoteStateType`.
    QuoteState {
        Accepted = "accepted",
        Acknowledged = "acknowledged",
        Answered = "answered",
        Orderable = "approved.orderable",
        OrderableAlternate = "approved.orderableAlternate",
        Cancelled = "cancelled",
        UnableToProvide = "unableToProvide",
        Declined = "declined",
        Expired = "expired",
        InProgress = "inProgress",
        Draft = "inProgress.draft",
        Rejected = "rejected",
    }
);

spelled!(
    /// `MEFQuoteItemStateType`.
    QuoteItemState {
        Answered = "answered",
        Acknowledged = "acknowledged",
        Orderable = "approved.orderable",
        OrderableAlternate = "approved.orderableAlternate",
        InProgress = "inProgress",
        Draft = "inProgress.draft",
        Rejected = "rejected",
        Abandoned = "abandoned",
        UnableToProvide = "unableToProvide",
    }
);

spelled!(
    /// `MEFSellerQuoteLevel`; a buyer asks for the first or the last.
    QuoteLevel {
        Budgetary = "budgetary",
        FirmSubjectToFeasibilityCheck = "firmSubjectToFeasibilityCheck",
        Firm = "firm",
    }
);

spelled!(
    /// `MEFPriceType`.
    PriceType {
        Recurring = "recurring",
        NonRecurring = "nonRecurring",
        UsageBased = "usageBased",
    }
);

spelled!(
    /// `MEFChargePeriod`.
    ChargePeriod {
        Hour = "hour",
        Day = "day",
        Week = "week",
        Month = "month",
        Year = "year",
    }
);

spelled!(
    /// `TimeUnit`.
    TimeUnit {
        CalendarMonths = "calendarMonths",
        CalendarDays = "calendarDays",
        CalendarHours = "calendarHours",
        CalendarMinutes = "calendarMinutes",
        BusinessDays = "businessDays",
        BusinessHours = "businessHours",
        BusinessMinutes = "businessMinutes",
    }
);

spelled!(
    /// `Error422Code`, which termination errors use too.
    ProblemCode {
        MissingProperty = "missingProperty",
        InvalidValue = "invalidValue",
        InvalidFormat = "invalidFormat",
        ReferenceNotFound = "referenceNotFound",
        UnexpectedProperty = "unexpectedProperty",
        TooManyRecords = "tooManyRecords",
        OtherIssue = "otherIssue",
    }
);

spelled!(
    /// `Error400Code`.
    BadRequestCode {
        MissingQueryParameter = "missingQueryParameter",
        MissingQueryValue = "missingQueryValue",
        InvalidQuery = "invalidQuery",
        InvalidBody = "invalidBody",
    }
);

spelled!(
    /// `Error403Code`.
    ForbiddenCode {
        AccessDenied = "accessDenied",
        ForbiddenRequester = "forbiddenRequester",
        TooManyUsers = "tooManyUsers",
    }
);

spelled!(
    /// `PoqEventType` and `QuoteEventType`.
    EventType {
        QualificationCreated = "poqCreateEvent",
        QualificationState = "poqStateChangeEvent",
        QualificationItemState = "poqItemStateChangeEvent",
        QuoteState = "quoteStateChangeEvent",
        QuoteItemState = "quoteItemStateChangeEvent",
    }
);

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    macro_rules! round_trips {
        ($($type:ident),+) => {
            $({
                let mut names = BTreeSet::new();
                for value in $type::ALL {
                    let name = value.as_str();
                    assert!(names.insert(name), "{name} twice");
                    assert_eq!($type::read(name), Some(*value));
                    assert_eq!($type::read(&format!("{name} ")), Some(*value), "a blank behind it");
                    assert_eq!($type::read(&name.to_uppercase()), Some(*value), "in capitals");
                }
                assert_eq!($type::read("aborted"), None);
            })+
        };
    }

    #[test]
    fn every_enum_reads_back_however_it_is_spelled() {
        round_trips!(
            QualificationState,
            QualificationItemState,
            Colour,
            QuoteState,
            QuoteItemState,
            QuoteLevel,
            PriceType,
            ChargePeriod,
            TimeUnit,
            ProblemCode,
            BadRequestCode,
            ForbiddenCode,
            EventType
        );
    }
}
