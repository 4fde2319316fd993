//! The tables of the queues. Their keys are in [`super::codec`].

use redb::{ReadTransaction, TableError, WriteTransaction};

use super::if_there;
use crate::tables::{Definition, Readable, Writable};

/// Messages without their bodies.
const MESSAGES: Definition = Definition::new("queue_messages");
const BODIES: Definition = Definition::new("queue_bodies");
/// Messages that can be received, by their groups.
const READY: Definition = Definition::new("queue_ready");
/// Groups that have ready messages, in the order in which it is their turn.
const TURNS: Definition = Definition::new("queue_turns");
/// Groups that have messages in work.
const GROUPS: Definition = Definition::new("queue_groups");
/// Messages that are delayed or in work.
const HIDDEN: Definition = Definition::new("queue_hidden");
const DEAD: Definition = Definition::new("queue_dead");
const NUMBERS: Definition = Definition::new("queue_numbers");

/// All tables of the queues in a write transaction.
pub(crate) struct QueueTables<'t> {
    pub(super) messages: Writable<'t>,
    pub(super) bodies: Writable<'t>,
    pub(super) ready: Writable<'t>,
    pub(super) turns: Writable<'t>,
    pub(super) groups: Writable<'t>,
    pub(super) hidden: Writable<'t>,
    pub(super) dead: Writable<'t>,
    pub(super) numbers: Writable<'t>,
}

impl<'t> QueueTables<'t> {
    /// Opens them; makes those that are missing, as in a file that an older program made.
    pub(crate) fn open(transaction: &'t WriteTransaction) -> Result<Self, TableError> {
        Ok(Self {
            messages: transaction.open_table(MESSAGES)?,
            bodies: transaction.open_table(BODIES)?,
            ready: transaction.open_table(READY)?,
            turns: transaction.open_table(TURNS)?,
            groups: transaction.open_table(GROUPS)?,
            hidden: transaction.open_table(HIDDEN)?,
            dead: transaction.open_table(DEAD)?,
            numbers: transaction.open_table(NUMBERS)?,
        })
    }
}

/// What says whether there is something to receive. `None` where the file has no queues yet.
pub(super) struct ReadyTables {
    pub(super) turns: Readable,
    pub(super) hidden: Readable,
}

impl ReadyTables {
    pub(super) fn open(transaction: &ReadTransaction) -> Result<Option<Self>, TableError> {
        let turns = if_there(transaction.open_table(TURNS))?;
        let hidden = if_there(transaction.open_table(HIDDEN))?;
        Ok(turns
            .zip(hidden)
            .map(|(turns, hidden)| Self { turns, hidden }))
    }
}

/// The dead letters and what was in them.
pub(super) struct DeadTables {
    pub(super) dead: Readable,
    pub(super) messages: Readable,
    pub(super) bodies: Readable,
}

impl DeadTables {
    pub(super) fn open(transaction: &ReadTransaction) -> Result<Option<Self>, TableError> {
        let dead = if_there(transaction.open_table(DEAD))?;
        let messages = if_there(transaction.open_table(MESSAGES))?;
        let bodies = if_there(transaction.open_table(BODIES))?;
        Ok(dead
            .zip(messages)
            .zip(bodies)
            .map(|((dead, messages), bodies)| Self {
                dead,
                messages,
                bodies,
            }))
    }
}

/// All messages, in the order in which they were sent.
pub(super) fn messages(transaction: &ReadTransaction) -> Result<Option<Readable>, TableError> {
    if_there(transaction.open_table(MESSAGES))
}

/// How many messages stand how.
pub(super) fn numbers(transaction: &ReadTransaction) -> Result<Option<Readable>, TableError> {
    if_there(transaction.open_table(NUMBERS))
}
