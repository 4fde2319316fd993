//! Our own imports: a provider's list on its way in.

use jiff::civil::Date;
use lastmile_model::listing::ImportId;
use lastmile_model::listing::life::{Import, ImportProgress, SourceFile};
use serde::Serialize;
use utoipa::ToSchema;

use crate::names::{Format, Holds, ImportState};
use crate::shown::{Shown, Time};
use crate::version::import_href;

/// An import, with its counts so far.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Import)]
pub struct ImportDocument {
    /// Provider, list and number.
    #[schema(value_type = String, example = "Acme_Fiber.main.3")]
    pub id: Shown<ImportId>,
    /// Where it can be read.
    #[schema(format = "uri-reference", example = "/imports/Acme_Fiber.main.3")]
    pub href: String,
    /// Whose list.
    pub provider: String,
    /// Which of its lists.
    pub list: String,
    /// Which import of it, from 1.
    pub number: u32,
    /// What the list holds.
    #[serde(rename = "as")]
    pub holds: Holds,
    /// How the file is laid out.
    pub format: Format,
    /// Where it stands.
    pub state: ImportState,
    /// The file's name.
    pub file_name: String,
    /// SHA-256 of the file, hexadecimal.
    pub file_sha256: String,
    /// Length of the file.
    pub file_bytes: u64,
    /// How much of the file was read and written.
    pub read_bytes: u64,
    /// Data rows so far: imported + unchanged + duplicates + excluded + rejected.
    pub rows: u64,
    /// Rows that are new or differ from the import before.
    pub imported: u64,
    /// Rows that say what the import before said.
    pub unchanged: u64,
    /// Rows that say again what an earlier row of the same file said.
    pub duplicates: u64,
    /// Rows left out on purpose (satellite).
    pub excluded: u64,
    /// Rows that could not be used.
    pub rejected: u64,
    /// Repairs made; a row can have several.
    pub warnings: u64,
    /// Claims, hints and rates written.
    pub claims: u64,
    /// The day on which the list was true; known when it is complete.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub as_of: Option<Shown<Date>>,
    /// When it began.
    #[schema(value_type = String, format = DateTime)]
    pub started_at: Shown<Time>,
    /// When it became active, or stopped for good.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub finished_at: Option<Shown<Time>>,
    /// What to know of it, for people: that the list is empty now, because no row of the file could be used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<&'static str>,
    /// `Import`.
    #[serde(rename = "@type")]
    pub type_name: &'static str,
}

/// The note of an import that left its list without a row.
const LIST_IS_EMPTY: &str = "The list is empty now: no row of this file could be used. If that is a mistake, undo this import.";

/// What an undo came to.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Undone)]
pub struct UndoneDocument {
    /// The import that was taken back.
    #[schema(value_type = String)]
    pub undone: Shown<ImportId>,
    /// The import that is seen again; absent where there was none before it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub active: Option<Shown<ImportId>>,
    /// `Undone`.
    #[serde(rename = "@type")]
    pub type_name: &'static str,
}

impl ImportDocument {
    /// The document of an import.
    #[must_use]
    pub fn of(import: &Import) -> Self {
        let Import {
            id,
            list: _,
            format,
            file,
            state,
            counts,
            progress,
            asked_as_of: _,
            newest_row: _,
            as_of,
            replaced: _,
            started_at,
            finished_at,
            lease: _,
            kept: _,
            tenant: _,
        } = import;
        let SourceFile {
            name,
            digest,
            reading_digest: _,
            bytes: file_bytes,
        } = file;
        let ImportProgress {
            chunks: _,
            bytes: read_bytes,
            next: _,
        } = progress;
        let lastmile_model::listing::Counts {
            rows,
            imported,
            unchanged,
            duplicates,
            excluded,
            rejected,
            warnings,
            claims,
        } = *counts;
        Self {
            href: import_href(id),
            provider: id.list.provider.to_string(),
            list: id.list.name.to_string(),
            number: id.number.0,
            holds: format.holds().into(),
            id: Shown(id.clone()),
            format: (*format).into(),
            state: (*state).into(),
            file_name: name.clone(),
            file_sha256: digest.iter().map(|byte| format!("{byte:02x}")).collect(),
            file_bytes: *file_bytes,
            read_bytes: *read_bytes,
            rows,
            imported,
            unchanged,
            duplicates,
            excluded,
            rejected,
            warnings,
            claims,
            as_of: as_of.map(Shown),
            started_at: Shown(Time(*started_at)),
            finished_at: finished_at.map(|time| Shown(Time(time))),
            note: import.empties_its_list().then_some(LIST_IS_EMPTY),
            type_name: "Import",
        }
    }
}
