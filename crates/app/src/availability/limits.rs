//! Every limit of availability and address services.

use jiff::SignedDuration;

pub use lastmile_model::address::matching::ALTERNATIVES_MAX;
pub use lastmile_model::availability::known::UNITS_MAX;
pub use lastmile_model::availability::near::{
    INTERPOLATION_MAX_M, NEAR_NET_FINDINGS_MAX, NEAR_NET_MAX_HOUSES, NEAR_NET_MAX_M,
};
pub use lastmile_model::availability::task::{CHECK_ITEMS_MAX, QUERY_PLACES_MAX};

pub use crate::imports::active::SNAPSHOT_AGE_MAX;

/// Most findings of one answer; the best are kept, and the answer says that it was cut.
pub const FINDINGS_MAX: usize = 500;
/// Most pages of a building's claims that are read: 4 MB, some ten thousand claims.
pub const BUILDING_PAGES_MAX: usize = 4;
/// Most pages of a ZIP's or a city's streets that are read.
pub const DIRECTORY_PAGES_MAX: usize = 4;
/// Most directories of streets that a process keeps in memory.
pub const DIRECTORIES_KEPT_MAX: usize = 256;
/// Most ZIPs of a city in which a street is looked for, where the asker gives no ZIP.
pub const ZIPS_PER_STREET_MAX: usize = 8;
/// How far along the street neighbours are looked for, in house numbers either way: two blocks.
pub const NEIGHBOUR_NUMBERS: u32 = 200;
/// Most claims that are read of the neighbours on one side.
pub const NEIGHBOUR_CLAIMS_MAX: usize = 30;
/// How many rings of H3 cells (of resolution 9, about 350 m from one to the next) around the place's own
/// are searched for lit buildings.
pub const NEAR_RINGS_MAX: u32 = 2;
/// Most items of one cell that are read; each holds the buildings of one chunk of an import.
pub const CELL_ITEMS_MAX: usize = 200;
/// Most lit buildings near by whose claims are read.
pub const NEAR_BUILDINGS_MAX: usize = 5;
/// Most hints read of one cell.
pub const HINTS_MAX: usize = 100;

/// How many places one unit of a batch's work holds.
pub const BATCH_GROUP: usize = 32;
/// How many such groups are under way at once.
pub const BATCH_GROUPS_UNDER_WAY: usize = 8;
/// How many of one task's questions wait for the store at once: enough that a store a network away answers
/// 1,000 places well within a request's time.
pub const QUESTIONS_UNDER_WAY: usize = 32;

/// How long a task is kept; then it is gone.
pub const TASK_KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);
/// Most headers that one listing of tasks reads; a total beyond it is reported as "at least".
pub const TASKS_SCANNED_MAX: usize = 10_000;
/// Most tasks in one page of a listing.
pub const TASKS_PAGE_MAX: usize = 100;
/// Most findings per place that a task keeps; the best are kept.
pub const TASK_FINDINGS_MAX: usize = 100;
/// Longest document of a task or of one of its items, in bytes.
pub const TASK_DOCUMENT_MAX_BYTES: usize = 100 * 1024;

/// Most addresses in one page of a listing.
pub const ADDRESSES_PAGE_MAX: usize = 100;
/// Most streets that one listing of addresses reads, where its filter fits several.
pub const STREETS_LISTED_MAX: usize = 16;
/// Most claims that one listing of a street reads.
pub const STREET_CLAIMS_MAX: usize = 10_000;

/// How often a finished answer is offered to a task that is being patched at the same time.
pub const WORKER_COMMIT_TRIES_MAX: u32 = 5;
/// Most bytes of a task that are written as one transaction; larger ones write their chunks first, which
/// nobody sees before the header is there.
pub const TASK_TRANSACTION_MAX_BYTES: usize = 3 * 1024 * 1024;
