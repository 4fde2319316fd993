//! An import gets its number, or goes on where it was interrupted.

use lastmile_model::identity::{ImportNumber, ProviderName};
use lastmile_model::listing::life::{Import, ImportProgress, List};
use lastmile_model::listing::{Counts, Holds, ImportState, ListNumber};
use lastmile_store::record::import::StoredImport;
use lastmile_store::record::list::StoredList;
use lastmile_store::{Consistency, StoreError, key, record};

use super::examine::Examined;
use super::limits::{CHANGE_TRIES, RATE_CARDS_OF_PROVIDER_MAX};
use super::load::{LoadError, LoadRequest};
use super::look::{read_import, read_list, read_lists};
use super::retry::retrying;
use super::sweep::sweep_import;
use super::worker::{Outcome, Worker, lease, transact};
use crate::Context;

/// What is to be done with a file.
pub(super) enum Begun {
    /// It is the active import already.
    Same(Box<Import>),
    /// It is to be loaded; `worker.import.progress` says from where.
    Work(Box<Worker>),
}

/// Who removes what an import wrote that another file takes the place of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Clearing {
    /// Whoever begins, before it does.
    First,
    /// A sweep, later.
    BySweep,
}

/// Finds the list's place in the store and takes the next number of it, or an interrupted import.
pub(super) async fn begin(
    context: &Context,
    request: &LoadRequest,
    examined: &Examined,
    owner: u64,
    clearing: Clearing,
) -> Result<Begun, LoadError> {
    for attempt in 0..CHANGE_TRIES {
        let tried = match retrying(|| read_list(context, &request.list)).await? {
            None => create(context, request, examined, owner, attempt).await?,
            Some(stored) => match again(context, request, examined, &stored, owner).await? {
                Again::Begun(begun) => Some(begun),
                Again::Changed => None,
                Again::InTheWay(import) => {
                    clear_away(context, &stored, *import, clearing).await?;
                    None
                }
            },
        };
        if let Some(begun) = tried {
            return Ok(begun);
        }
    }
    Err(LoadError::Store(StoreError::Throttled))
}

/// The first import of a list; `None` where another process came between.
async fn create(
    context: &Context,
    request: &LoadRequest,
    examined: &Examined,
    owner: u64,
    attempt: u32,
) -> Result<Option<Begun>, LoadError> {
    let holds = examined.layout.format().holds();
    let lists = retrying(|| read_lists(context)).await?;
    refuse_other_spelling(&lists, &request.list.provider)?;
    refuse_many_cards(&lists, &request.list.provider, holds)?;
    let counter_key = key::Key::ListCounter.primary();
    let counter = retrying(|| context.store.get(&counter_key, Consistency::Strong))
        .await?
        .value;
    let given = record::list::numbers_given(counter.as_ref())?;
    let number = u32::try_from(given + 1).unwrap_or(u32::MAX);
    let stored = StoredList {
        list: List::new(request.list.clone(), ListNumber(number), holds),
        revision: 0,
    };
    let counted = Some(record::list::take_number(given));
    let new = NewImport {
        request,
        examined,
        owner,
        token: format!("list-{owner:x}-{attempt}"),
    };
    new.begin(context, &stored, counted).await
}

/// A name that differs from a known provider's by case only is most likely a slip, and would leave the old
/// list in place beside the new one.
fn refuse_other_spelling(lists: &[StoredList], given: &ProviderName) -> Result<(), LoadError> {
    let folded = given.as_str().to_lowercase();
    let known = lists
        .iter()
        .map(|stored| &stored.list.id.provider)
        .find(|known| *known != given && known.as_str().to_lowercase() == folded);
    match known {
        None => Ok(()),
        Some(known) => Err(LoadError::ProviderSpelling {
            given: given.clone(),
            known: known.clone(),
        }),
    }
}

/// For a price every rate card of the provider is read.
fn refuse_many_cards(
    lists: &[StoredList],
    provider: &ProviderName,
    holds: Holds,
) -> Result<(), LoadError> {
    let is_card = |list: &List| list.holds == Holds::Rates && list.id.provider == *provider;
    let cards = lists.iter().filter(|stored| is_card(&stored.list)).count();
    if holds == Holds::Rates && cards >= RATE_CARDS_OF_PROVIDER_MAX {
        return Err(LoadError::TooManyRateCards {
            provider: provider.clone(),
        });
    }
    Ok(())
}

/// What a further import of a list finds.
enum Again {
    Begun(Begun),
    /// Another process came between.
    Changed,
    /// An interrupted import of another file.
    InTheWay(Box<StoredImport>),
}

impl From<Option<Begun>> for Again {
    fn from(begun: Option<Begun>) -> Self {
        begun.map_or(Self::Changed, Self::Begun)
    }
}

/// A further import of a list.
async fn again(
    context: &Context,
    request: &LoadRequest,
    examined: &Examined,
    stored: &StoredList,
    owner: u64,
) -> Result<Again, LoadError> {
    let given = examined.layout.format().holds();
    if stored.list.holds != given {
        return Err(LoadError::OtherKind {
            list: stored.list.id.clone(),
            holds: stored.list.holds,
            given,
        });
    }
    if let Some(loading) = stored.list.loading {
        let id = stored.list.import_id(loading);
        return match retrying(|| read_import(context, &id)).await? {
            Some((_, import)) => over(context, examined, import, owner).await,
            None => Ok(Again::Changed),
        };
    }
    if let Some(active) = stored.list.active {
        let id = stored.list.import_id(active.import);
        let active = retrying(|| read_import(context, &id)).await?;
        if let Some((_, active)) = active
            && same_file(&active.import, examined)
        {
            return Ok(Again::Begun(Begun::Same(Box::new(active.import))));
        }
    }
    let new = NewImport {
        request,
        examined,
        owner,
        token: format!("begin-{owner:x}-{}", stored.revision),
    };
    Ok(new.begin(context, stored, None).await?.into())
}

/// Goes on with an import that nobody works on, or that this owner began.
async fn over(
    context: &Context,
    examined: &Examined,
    stored: StoredImport,
    owner: u64,
) -> Result<Again, LoadError> {
    let StoredImport { import, revision } = stored;
    let is_own = import.lease.is_some_and(|lease| lease.owner == owner);
    if import.is_running(context.clock.now()) && !is_own {
        return Err(LoadError::Running { import: import.id });
    }
    if !same_file(&import, examined) {
        return Ok(Again::InTheWay(Box::new(StoredImport { import, revision })));
    }
    let import = Import {
        state: ImportState::Loading,
        finished_at: None,
        lease: Some(lease(context, owner)),
        ..import
    };
    let writes = vec![record::import::put(&import, revision)];
    let token = format!("resume-{owner:x}-{revision}");
    Ok(match transact(context, writes, token).await? {
        Outcome::Changed => Again::Changed,
        Outcome::Done => Again::Begun(Begun::Work(Box::new(Worker {
            import,
            revision: revision + 1,
            owner,
        }))),
    })
}

/// Gives an import up that is not complete.
pub(super) async fn clear_away(
    context: &Context,
    list: &StoredList,
    stored: StoredImport,
    clearing: Clearing,
) -> Result<(), StoreError> {
    let mut import = stored.import;
    import.let_go();
    let writes = vec![
        record::list::put(&list.list.clone().abandon(), list.revision),
        record::import::put(&import, stored.revision),
    ];
    let token = format!("abandon-{}-{}", import.id, stored.revision);
    match transact(context, writes, token).await? {
        // Whoever came between is met when the list is read again.
        Outcome::Changed => Ok(()),
        Outcome::Done => {
            let stored = StoredImport {
                import,
                revision: stored.revision + 1,
            };
            match clearing {
                Clearing::First => sweep_import(context, stored).await,
                Clearing::BySweep => Ok(()),
            }
        }
    }
}

struct NewImport<'r> {
    request: &'r LoadRequest,
    examined: &'r Examined,
    owner: u64,
    token: String,
}

impl NewImport<'_> {
    async fn begin(
        self,
        context: &Context,
        stored: &StoredList,
        counted: Option<lastmile_store::TransactWrite>,
    ) -> Result<Option<Begun>, LoadError> {
        let Ok(list) = stored.list.clone().begin() else {
            return Ok(None);
        };
        let import = self.import(
            context,
            &list,
            stored.list.active.map(|active| active.import),
        );
        let mut writes = vec![
            record::list::put(&list, stored.revision),
            record::import::put(&import, 0),
        ];
        writes.extend(counted);
        Ok(match transact(context, writes, self.token).await? {
            Outcome::Changed => None,
            Outcome::Done => Some(Begun::Work(Box::new(Worker {
                import,
                revision: 1,
                owner: self.owner,
            }))),
        })
    }

    fn import(&self, context: &Context, list: &List, replaced: Option<ImportNumber>) -> Import {
        Import {
            id: list.import_id(list.last),
            list: list.number,
            format: self.examined.layout.format(),
            file: self.examined.file.clone(),
            state: ImportState::Loading,
            counts: Counts::default(),
            progress: ImportProgress::default(),
            asked_as_of: self.request.as_of,
            newest_row: None,
            as_of: None,
            replaced,
            started_at: context.clock.now(),
            finished_at: None,
            lease: Some(lease(context, self.owner)),
            kept: true,
            tenant: self.request.tenant.clone(),
        }
    }
}

fn same_file(import: &Import, examined: &Examined) -> bool {
    import.file.digest == examined.file.digest
        && import.file.reading_digest == examined.file.reading_digest
}
