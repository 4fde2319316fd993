//! Writing down what was answered: slice, counts, head and what is to be done next, in one transaction.

use jiff::Timestamp;
use lastmile_model::identity::ProviderName;
use lastmile_model::quote::supply::NextStep;
use lastmile_model::quote::{
    CellCounts, Grid, LineSet, ProviderProgress, QuoteHead, Settled, Slice, SupplyPlan,
};
use lastmile_store::key::{Errand, Key, QuoteKey, QuotePart, SlicePart};
use lastmile_store::record::quotes::{
    SliceOf, StoredErrand, case_item, errand_item, head_item, progress_item, read_progress_item,
    read_supplies, slice_item, supplies_item,
};
use lastmile_store::record::unchanged_since;
use lastmile_store::{
    Condition, Consistency, Item, StoreError, TransactError, TransactWrite, Transaction,
};

use super::Quotes;
use super::limits::{COMMIT_TRIES_MAX, PRICE_HOLDS};
use super::read::{head_of, progress_of};

/// What became of a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Committed {
    /// It is written.
    Written,
    /// The slice was changed by somebody else since it was read.
    Stale,
    /// The quote has ended, or is gone; nothing is written.
    Ended,
}

/// A change of a slice.
pub(super) struct Change<'a> {
    /// Whose quote, and which.
    pub(super) quote: QuoteKey<'a>,
    /// Which slice.
    pub(super) number: u32,
    /// Whose answers.
    pub(super) of: SliceOf<'a>,
    /// As it was read; revision 0 where there was nothing.
    pub(super) before: &'a Slice,
    /// As it is to be.
    pub(super) after: Slice,
}

/// What a transaction is made of besides the slice.
struct Around {
    head: QuoteHead,
    writes: Vec<TransactWrite>,
}

/// Writes a change. Whatever somebody else changed meanwhile of counts, head and plan is taken into account by
/// trying again; only a changed slice is given back to who asked.
pub(super) async fn commit(quotes: &Quotes, change: &Change<'_>) -> Result<Committed, StoreError> {
    let context = &quotes.availability.context;
    let slice = Slice {
        revision: change.before.revision + 1,
        ..change.after.clone()
    };
    for _ in 0..COMMIT_TRIES_MAX {
        let Some(around) = around(quotes, change).await? else {
            return Ok(Committed::Ended);
        };
        let errands = around.writes.iter().any(is_errand);
        let mut writes = vec![TransactWrite::Put {
            item: slice_item(change.quote, change.number, change.of, &slice),
            condition: unchanged_since(change.before.revision),
        }];
        writes.extend(around.writes);
        let transaction = Transaction {
            writes,
            token: None,
        };
        match context.store.transact(transaction).await {
            Ok(_) => {
                if errands {
                    quotes.availability.ring();
                }
                return Ok(Committed::Written);
            }
            Err(TransactError::ConditionFailed { failed }) if failed.contains(&0) => {
                return Ok(Committed::Stale);
            }
            Err(TransactError::ConditionFailed { .. } | TransactError::TokenReused) => {}
            Err(TransactError::Store(error)) => return Err(error),
        }
    }
    Err(StoreError::Throttled)
}

fn is_errand(write: &TransactWrite) -> bool {
    lastmile_store::key::read_errand(write.key()).is_some()
}

/// What changes together with the slice; `None` where the quote has ended.
async fn around(quotes: &Quotes, change: &Change<'_>) -> Result<Option<Around>, StoreError> {
    let context = &quotes.availability.context;
    let Some(head) = head_of(context, change.quote).await? else {
        return Ok(None);
    };
    if !head.state.is_open() {
        return Ok(None);
    }
    let mut around = Around {
        head,
        writes: Vec::new(),
    };
    match change.of {
        SliceOf::Supplier(_) => {
            if change.before.is_asked() && !change.after.is_asked() {
                supplied(quotes, change, &mut around).await?;
            }
        }
        SliceOf::Provider(provider) => {
            if change.before.is_asked() && !change.after.is_asked() {
                own_answered(quotes, change, provider, &mut around).await?;
            }
            counted(quotes, change, provider, &mut around).await?;
            cases(change, provider, &mut around);
        }
    }
    Ok(Some(around))
}

/// A supplier has answered a slice.
async fn supplied(
    quotes: &Quotes,
    change: &Change<'_>,
    around: &mut Around,
) -> Result<(), StoreError> {
    if let Some(plan) = plan_of(quotes, change.quote, change.number).await? {
        let revision = plan.revision;
        planned(change, around, revision, plan.supplier_answered());
    }
    Ok(())
}

/// A provider has answered a slice for its own lines: its suppliers may be next.
async fn own_answered(
    quotes: &Quotes,
    change: &Change<'_>,
    provider: &ProviderName,
    around: &mut Around,
) -> Result<(), StoreError> {
    if let Some(plan) = plan_of(quotes, change.quote, change.number).await? {
        let revision = plan.revision;
        let bought = LineSet::off_net(&change.after);
        let off_net = quotes.panel.off_net(provider);
        let suppliers = off_net.map_or(&[][..], |off_net| &off_net.suppliers);
        let providers = &around.head.grid.providers;
        let next = plan.own_answered(bought, suppliers, providers);
        planned(change, around, revision, next);
    }
    Ok(())
}

fn planned(
    change: &Change<'_>,
    around: &mut Around,
    revision: u32,
    (plan, next): (SupplyPlan, NextStep),
) {
    around.writes.push(TransactWrite::Put {
        item: supplies_item(change.quote, change.number, &plan),
        condition: unchanged_since(revision),
    });
    let errand = match next {
        NextStep::Wait | NextStep::Nothing => return,
        NextStep::AskSuppliers => Errand::AskSuppliers(change.number),
        NextStep::RollUp => Errand::RollUp(change.number),
    };
    let stored = StoredErrand {
        tenant: around.head.tenant.clone(),
        id: around.head.id,
        errand,
    };
    around.writes.push(TransactWrite::Put {
        item: errand_item(&stored),
        condition: Condition::NotExists,
    });
}

/// The provider's counts; and the head, where this was the provider's last slice or the last price of a person.
async fn counted(
    quotes: &Quotes,
    change: &Change<'_>,
    provider: &ProviderName,
    around: &mut Around,
) -> Result<(), StoreError> {
    let (before, after) = (change.before.counts(), change.after.counts());
    let closes = change.before.is_open() && !change.after.is_open();
    if before == after && !closes {
        return Ok(());
    }
    let grid = &around.head.grid;
    let (place, progress) = provider_progress(quotes, change.quote, grid, provider).await?;
    let ends = [progress.valid_until, change.after.valid_until()];
    let counted = ProviderProgress {
        // Where somebody else has closed the slice meanwhile there may be none left; then the slice's condition refuses
        // the whole transaction.
        slices_left: progress.slices_left.saturating_sub(u32::from(closes)),
        counts: progress.counts - before + after,
        valid_until: ends.into_iter().flatten().min(),
        revision: progress.revision + 1,
    };
    around.writes.push(TransactWrite::Put {
        item: progress_item(change.quote, place, &counted),
        condition: unchanged_since(progress.revision),
    });
    let is_last_slice = closes && counted.slices_left == 0;
    // A person's price changes the head even where programs have still to answer, so that whoever gives the last
    // answer sees it.
    let is_by_person = !change.before.is_open();
    if is_last_slice || is_by_person {
        let counted = Counted {
            provider,
            progress: counted,
            is_last_slice,
        };
        let head = moved(quotes, change.quote, &around.head, &counted).await?;
        around.writes.push(TransactWrite::Put {
            condition: unchanged_since(around.head.revision),
            item: head_item(&head),
        });
    }
    Ok(())
}

/// A provider's counts as they are to be.
struct Counted<'a> {
    provider: &'a ProviderName,
    progress: ProviderProgress,
    is_last_slice: bool,
}

/// The head after a provider's last slice or a person's price. When no program has anything more to answer,
/// the quote is settled by the counts of all providers.
async fn moved(
    quotes: &Quotes,
    quote: QuoteKey<'_>,
    head: &QuoteHead,
    counted: &Counted<'_>,
) -> Result<QuoteHead, StoreError> {
    let context = &quotes.availability.context;
    let now = context.clock.now();
    let last = u32::from(counted.is_last_slice);
    let mut next = QuoteHead {
        revision: head.revision + 1,
        providers_left: head.providers_left.saturating_sub(last),
        updated: now,
        ..head.clone()
    };
    if next.providers_left > 0 {
        return Ok(next);
    }
    let read = progress_of(context, quote, Consistency::Strong).await?;
    let mut counts = CellCounts::default();
    let mut valid_until: Option<Timestamp> = None;
    for (name, progress) in read.value.map(|read| read.providers).unwrap_or_default() {
        let is_counted = name == *counted.provider;
        let progress = if is_counted {
            counted.progress
        } else {
            progress
        };
        counts += progress.counts;
        let ends = [valid_until, progress.valid_until];
        valid_until = ends.into_iter().flatten().min();
    }
    // The head was open when it was read, and the transaction has it as a condition.
    let settled = settled(counts, valid_until, now);
    next.state = head.state.settle(settled, now).unwrap_or(head.state);
    Ok(next)
}

fn settled(counts: CellCounts, valid_until: Option<Timestamp>, now: Timestamp) -> Settled {
    if counts.icb_pending > 0 {
        Settled::WaitsForPerson
    } else if counts.priced > 0 {
        let usual = now.saturating_add(PRICE_HOLDS).unwrap_or(Timestamp::MAX);
        Settled::Priced {
            valid_until: valid_until.map_or(usual, |until| until.min(usual)),
        }
    } else {
        Settled::NothingPriced
    }
}

/// The case of a slice: there while a cell of it waits for a person.
fn cases(change: &Change<'_>, provider: &ProviderName, around: &mut Around) {
    let waiting = |slice: &Slice| slice.counts().icb_pending;
    let (before, after) = (waiting(change.before), waiting(&change.after));
    if before == after {
        return;
    }
    around.writes.push(if after == 0 {
        let key = Key::QuoteSlice {
            quote: change.quote,
            slice: change.number,
            part: SlicePart::Case(provider),
        };
        TransactWrite::Delete {
            key: key.primary(),
            condition: Condition::Always,
        }
    } else {
        TransactWrite::Put {
            item: case_item(change.quote, change.number, provider, after),
            condition: Condition::Always,
        }
    });
}

/// The plan of a slice's suppliers; `None` where nobody in the quote has any.
pub(super) async fn plan_of(
    quotes: &Quotes,
    quote: QuoteKey<'_>,
    slice: u32,
) -> Result<Option<SupplyPlan>, StoreError> {
    let key = Key::QuoteSlice {
        quote,
        slice,
        part: SlicePart::Supplies,
    };
    let item = strong(quotes, &key).await?;
    item.as_ref().map(read_supplies).transpose()
}

/// The place of a provider in the quote, and its counts: they are there as long as the quote's head is.
async fn provider_progress(
    quotes: &Quotes,
    quote: QuoteKey<'_>,
    grid: &Grid,
    provider: &ProviderName,
) -> Result<(u8, ProviderProgress), StoreError> {
    let key = |part| Key::Quote { quote, part };
    let place = grid.place_of(provider);
    let place = place.ok_or_else(|| StoreError::corrupt(&key(QuotePart::Head).primary()))?;
    let key = key(QuotePart::Progress(place));
    let item = strong(quotes, &key).await?;
    read_progress_item(&item.ok_or_else(|| StoreError::corrupt(&key.primary()))?)
}

pub(super) async fn strong(quotes: &Quotes, key: &Key<'_>) -> Result<Option<Item>, StoreError> {
    let store = &quotes.availability.context.store;
    let read = store.get(&key.primary(), Consistency::Strong).await?;
    Ok(read.value)
}
