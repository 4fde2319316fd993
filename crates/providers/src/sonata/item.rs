//! What qualification and quote items have in common.

use lastmile_model::address::NormalAddress;

use super::place::{is_same, names_a_street};
use super::wire::answers::{Interval, Product};
use super::wire::lenient::Scalar;
use super::wire::spelling::TimeUnit;

/// Days of a month, as intervals are counted.
const MONTH_DAYS: u32 = 30;
const DAY_HOURS: u32 = 24;
const DAY_MINUTES: u32 = 24 * 60;
/// Working days, hours and minutes of a week of seven days.
const WEEK_BUSINESS_DAYS: u32 = 5;
const WEEK_BUSINESS_HOURS: u32 = 5 * 8;
const WEEK_BUSINESS_MINUTES: u32 = 5 * 8 * 60;
const WEEK_DAYS: u32 = 7;

/// An installation interval in whole calendar days, rounded up.
pub(super) fn days(interval: &Interval) -> Option<u32> {
    let amount = interval.amount.as_ref()?.whole()?;
    let unit = TimeUnit::read(interval.units.as_deref()?)?;
    let weeks_of = |week: u32| Some(amount.checked_mul(WEEK_DAYS)?.div_ceil(week));
    match unit {
        TimeUnit::CalendarMonths => amount.checked_mul(MONTH_DAYS),
        TimeUnit::CalendarDays => Some(amount),
        TimeUnit::CalendarHours => Some(amount.div_ceil(DAY_HOURS)),
        TimeUnit::CalendarMinutes => Some(amount.div_ceil(DAY_MINUTES)),
        TimeUnit::BusinessDays => weeks_of(WEEK_BUSINESS_DAYS),
        TimeUnit::BusinessHours => weeks_of(WEEK_BUSINESS_HOURS),
        TimeUnit::BusinessMinutes => weeks_of(WEEK_BUSINESS_MINUTES),
    }
}

/// Whole months of a term.
pub(super) fn months(interval: &Interval) -> Option<u32> {
    let amount = interval.amount.as_ref()?.whole()?;
    match interval.units.as_deref().map(TimeUnit::read) {
        // Some sellers leave the unit out.
        None | Some(Some(TimeUnit::CalendarMonths)) => Some(amount),
        Some(_) => None,
    }
}

/// The number that an item of ours was given.
pub(super) fn number(id: Option<&Scalar>) -> Option<u32> {
    id?.whole()
}

/// Whether an item is about another building than was asked: it names one, and not ours.
pub(super) fn is_elsewhere(asked: &NormalAddress, product: Option<&Product>) -> bool {
    product.is_some_and(|product| {
        product
            .place
            .0
            .iter()
            .any(|place| names_a_street(place) && !is_same(asked, place))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_whole_calendar_days() {
        for (amount, unit, expected) in [
            (2, "calendarMonths", Some(60)),
            (45, "calendarDays", Some(45)),
            (25, "calendarHours", Some(2)),
            (1, "calendarMinutes", Some(1)),
            (10, "businessDays ", Some(14)),
            (40, "businessHours", Some(7)),
            (1, "fortnight", None),
            (u32::MAX, "calendarMonths", None),
        ] {
            let json = format!(r#"{{"amount":{amount},"units":"{unit}"}}"#);
            let interval: Interval = serde_json::from_str(&json).unwrap();
            assert_eq!(days(&interval), expected, "{json}");
        }
    }

    #[test]
    fn a_term_is_months_in_a_number_or_a_text() {
        let read = |json: &str| months(&serde_json::from_str(json).unwrap());
        assert_eq!(read(r#"{"amount":36,"units":"calendarMonths"}"#), Some(36));
        assert_eq!(read(r#"{"amount":"36"}"#), Some(36));
        assert_eq!(read(r#"{"amount":36,"units":"calendarDays"}"#), None);
    }
}
