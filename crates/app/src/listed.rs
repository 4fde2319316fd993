//! What services have in common that keep things by the month in which they began, and read partitions.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use lastmile_store::{Item, Query, StoreError};

use crate::Context;

/// Some of what a tenant has of a kind, newest first.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed<T> {
    /// The page.
    pub page: Vec<T>,
    /// How many match in all, among those that were read.
    pub total: usize,
    /// Whether there are more than are looked through, so that `total` is "at least".
    pub cut: bool,
}

/// Which page of a list is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Wanted {
    /// How many that match to pass over.
    pub(crate) offset: usize,
    /// How many to give.
    pub(crate) limit: usize,
    /// How many to look through at most.
    pub(crate) scanned_max: usize,
}

/// Reads a list that is kept by months, month after month, until the page and the total are known. `read`
/// makes an entry of an item, and nothing of one that does not match.
pub(crate) async fn listed<T>(
    context: &Context,
    months: impl Iterator<Item = Query>,
    wanted: Wanted,
    read: impl Fn(&Item) -> Result<Option<T>, StoreError>,
) -> Result<Listed<T>, StoreError> {
    let last = wanted.offset.saturating_add(wanted.limit);
    let mut listed = Listed {
        page: Vec::new(),
        total: 0,
        cut: false,
    };
    let mut scanned = 0;
    for mut query in months {
        loop {
            if scanned >= wanted.scanned_max {
                listed.cut = true;
                return Ok(listed);
            }
            query.limit = Some(wanted.scanned_max - scanned);
            let page = context.store.query(&query).await?.value;
            scanned += page.items.len();
            for item in &page.items {
                if let Some(entry) = read(item)? {
                    if (wanted.offset..last).contains(&listed.total) {
                        listed.page.push(entry);
                    }
                    listed.total += 1;
                }
            }
            query.after = page.next;
            if query.after.is_none() {
                break;
            }
        }
    }
    Ok(listed)
}

/// The months in which something can have begun that is kept for so long, newest first.
pub(crate) fn months_kept(now: Timestamp, kept: SignedDuration) -> Vec<Date> {
    // Clocks of several processes differ a little: one more day on either side.
    let day = SignedDuration::from_hours(24);
    let date = |at: Result<Timestamp, jiff::Error>| {
        TimeZone::UTC
            .to_datetime(at.unwrap_or(now))
            .date()
            .first_of_month()
    };
    let oldest = date(now.checked_sub(kept + day));
    let mut month = date(now.checked_add(day));
    let mut months = Vec::new();
    while month >= oldest {
        months.push(month);
        match month.checked_sub(jiff::Span::new().months(1)) {
            Ok(before) => month = before,
            Err(_) => break,
        }
    }
    months
}

/// Everything that a query finds, page after page.
pub(crate) async fn read_all(context: &Context, mut query: Query) -> Result<Vec<Item>, StoreError> {
    let mut items = Vec::new();
    loop {
        let page = context.store.query(&query).await?.value;
        items.extend(page.items);
        query.after = page.next;
        if query.after.is_none() {
            return Ok(items);
        }
    }
}
