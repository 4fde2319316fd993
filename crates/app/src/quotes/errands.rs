//! What is to be done for a quote besides asking: to begin, to ask suppliers, to roll up what they answered.

use std::collections::BTreeMap;

use lastmile_model::carrier::NotServedReason;
use lastmile_model::identity::ProviderName;
use lastmile_model::quote::{Cell, Line, OffNet, QuoteHead, Slice, Source, roll_up};
use lastmile_store::key::{self, Errand, Key, QuoteKey, ReadSlicePart, read_slice};
use lastmile_store::message::{Ask, Message};
use lastmile_store::record::quotes::{SliceOf, StoredErrand, read_slice_item};
use lastmile_store::{Condition, Consistency, Query, StoreError, TransactWrite, Transaction};

use super::Quotes;
use super::commit::{Change, Committed, commit, plan_of};
use super::read::head_of;
use crate::listed::read_all;
use crate::write::unconditional;

/// The messages that an errand asks for. They are sent before the errand is [`done`]; a roll-up needs none.
pub(super) async fn messages(
    quotes: &Quotes,
    stored: &StoredErrand,
) -> Result<Vec<Message>, StoreError> {
    let StoredErrand { tenant, id, errand } = stored;
    let quote = QuoteKey { tenant, id: *id };
    let context = &quotes.availability.context;
    let Some(head) = head_of(context, quote)
        .await?
        .filter(|head| head.state.is_open())
    else {
        return Ok(Vec::new());
    };
    let ask = |slice, carrier: &ProviderName, as_supplier| {
        Message::AskCarrier(Ask {
            tenant: tenant.clone(),
            quote: *id,
            slice,
            carrier: carrier.clone(),
            as_supplier,
        })
    };
    match errand {
        // Slice by slice, so that the first ones end early and their suppliers can be asked meanwhile.
        Errand::Start => Ok((0..head.grid.slices())
            .flat_map(|slice| {
                let providers = head.grid.providers.iter();
                providers.map(move |provider| ask(slice, provider, false))
            })
            .collect()),
        Errand::AskSuppliers(slice) => {
            let plan = plan_of(quotes, quote, *slice).await?;
            let asked = plan.iter().flat_map(|plan| plan.asked());
            Ok(asked
                .map(|(supplier, _)| ask(*slice, supplier, true))
                .collect())
        }
        Errand::RollUp(slice) => {
            roll_up_slice(quotes, &head, *slice).await?;
            Ok(Vec::new())
        }
        // Done in place: the message by which the carrier is asked on anyway is on its way.
        Errand::AskOn(_) => Ok(Vec::new()),
    }
}

/// The errand is done: it is not given out again.
pub(super) async fn done(quotes: &Quotes, stored: &StoredErrand) -> Result<(), StoreError> {
    let key = Key::QuoteErrand {
        id: stored.id,
        errand: &stored.errand,
    };
    let transaction = Transaction {
        writes: vec![TransactWrite::Delete {
            key: key.primary(),
            condition: Condition::Always,
        }],
        token: None,
    };
    let store = &quotes.availability.context.store;
    store.transact(transaction).await.map_err(unconditional)?;
    Ok(())
}

/// What everybody answered for a slice.
#[derive(Default)]
struct Answers {
    own: BTreeMap<ProviderName, Slice>,
    supply: BTreeMap<ProviderName, Slice>,
}

async fn roll_up_slice(quotes: &Quotes, head: &QuoteHead, number: u32) -> Result<(), StoreError> {
    let quote = QuoteKey {
        tenant: &head.tenant,
        id: head.id,
    };
    let answers = answers(quotes, quote, number).await?;
    for (provider, slice) in &answers.own {
        if !slice.is_off_net() {
            continue;
        }
        let terms = &head.grid.terms;
        let at = quotes.availability.context.clock.now();
        let mut after = slice.clone();
        for (position, line) in after.lines.iter_mut().enumerate() {
            if *line == Line::OffNet {
                *line = match quotes.panel.off_net(provider) {
                    Some(off_net) => {
                        let suppliers = lines_of(&answers, off_net, position);
                        roll_up(terms.len(), &suppliers, off_net.margin, at)
                    }
                    // The settings took its suppliers away meanwhile; the quote is to end all the same.
                    None => line.ended(terms, |_| nobody_delivers(), at),
                };
            }
        }
        let change = Change {
            quote,
            number,
            of: SliceOf::Provider(provider),
            before: slice,
            after,
        };
        match commit(quotes, &change).await? {
            Committed::Written => {}
            Committed::Ended => return Ok(()),
            // A person gave a price at the same time; the errand is done again.
            Committed::Stale => return Err(StoreError::Throttled),
        }
    }
    Ok(())
}

async fn answers(quotes: &Quotes, quote: QuoteKey<'_>, number: u32) -> Result<Answers, StoreError> {
    let query = Query {
        consistency: Consistency::Strong,
        ..key::quote_slice(quote, number)
    };
    let mut answers = Answers::default();
    for item in read_all(&quotes.availability.context, query).await? {
        match read_slice(&item.key) {
            Some((_, _, _, ReadSlicePart::Own(provider))) => {
                answers.own.insert(provider, read_slice_item(&item)?);
            }
            Some((_, _, _, ReadSlicePart::Supply(supplier))) => {
                answers.supply.insert(supplier, read_slice_item(&item)?);
            }
            Some(_) | None => {}
        }
    }
    Ok(answers)
}

/// What a provider's suppliers answered for one line. One that is itself asked in the quote answers there with
/// its own lines; what it buys from others it does not sell on.
fn lines_of<'a>(
    answers: &'a Answers,
    off_net: &'a OffNet,
    position: usize,
) -> Vec<(&'a ProviderName, &'a Line)> {
    let line = |supplier| {
        let supplied = answers.supply.get(supplier);
        let slice = supplied.or_else(|| answers.own.get(supplier))?;
        slice.lines.get(position).filter(|line| !is_bought(line))
    };
    let suppliers = off_net.suppliers.iter();
    suppliers
        .filter_map(|supplier| Some((supplier, line(supplier)?)))
        .collect()
}

const fn nobody_delivers() -> Cell {
    Cell::NotServed(Some(NotServedReason::CannotDeliver))
}

fn is_bought(line: &Line) -> bool {
    let mut priced = line.cells().iter().filter_map(|cell| cell.priced());
    priced.any(|priced| matches!(priced.source, Source::Supplier(_)))
}
