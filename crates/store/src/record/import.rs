//! An import as it is stored.

use jiff::Timestamp;
use jiff::civil::Date;
use lastmile_model::identity::{ImportNumber, ListId, TenantId};
use lastmile_model::listing::life::{Import, ImportProgress, Lease, SourceFile, TextPosition};
use lastmile_model::listing::{Counts, Format, Generation, ImportId, ImportState};
use minicbor::bytes::ByteArray;
use minicbor::{Decode, Encode};

use super::{REVISION, attributes, decoded, number, some_or_corrupt};
use crate::error::StoreError;
use crate::item::{Item, Value};
use crate::key::{self, Key};
use crate::write::TransactWrite;

/// An import and how often it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredImport {
    /// The import.
    pub import: Import,
    /// Rises with every write; 0 where it was never written.
    pub revision: i64,
}

#[derive(Encode, Decode)]
#[cbor(map)]
struct ImportValue<'b> {
    #[n(0)]
    format: u8,
    #[n(1)]
    state: u8,
    #[n(2)]
    counts: CountsValue,
    #[b(3)]
    file_name: &'b str,
    #[n(4)]
    file_digest: ByteArray<32>,
    #[n(5)]
    reading_digest: ByteArray<32>,
    #[n(6)]
    file_bytes: u64,
    #[n(7)]
    chunks: u32,
    #[n(8)]
    bytes: u64,
    #[n(9)]
    asked_as_of: Option<(i16, i8, i8)>,
    #[n(10)]
    newest_row: Option<i64>,
    #[n(11)]
    as_of: Option<(i16, i8, i8)>,
    #[n(12)]
    replaced: Option<u32>,
    #[n(13)]
    started_at: i64,
    #[n(14)]
    finished_at: Option<i64>,
    #[n(15)]
    lease_owner: Option<u64>,
    #[n(16)]
    lease_until: Option<i64>,
    #[n(17)]
    kept: bool,
    /// The default one where it is missing: imports of before there was a choice.
    #[b(18)]
    tenant: Option<&'b str>,
    #[n(19)]
    next_offset: Option<u64>,
    #[n(20)]
    next_line: Option<u64>,
}

#[derive(Encode, Decode)]
#[cbor(map)]
struct CountsValue {
    #[n(0)]
    rows: u64,
    #[n(1)]
    imported: u64,
    #[n(2)]
    unchanged: u64,
    #[n(3)]
    duplicates: u64,
    #[n(4)]
    excluded: u64,
    #[n(5)]
    rejected: u64,
    #[n(6)]
    warnings: u64,
    #[n(7)]
    claims: u64,
}

/// The generation that the claims of an import carry.
#[must_use]
pub const fn generation(import: &Import) -> Generation {
    Generation {
        list: import.list,
        import: import.id.number,
    }
}

/// The write that puts an import in place of what was read, or fails if another came between.
#[must_use]
pub fn put(import: &Import, read_at_revision: i64) -> TransactWrite {
    let mut item = to_item(import);
    item.attributes
        .insert(REVISION, Value::N(read_at_revision + 1));
    TransactWrite::Put {
        item,
        condition: super::unchanged_since(read_at_revision),
    }
}

fn to_item(import: &Import) -> Item {
    let Import {
        id: _,
        list: _,
        format,
        file:
            SourceFile {
                name,
                digest,
                reading_digest,
                bytes: file_bytes,
            },
        state,
        counts,
        progress:
            ImportProgress {
                chunks,
                bytes,
                next,
            },
        asked_as_of,
        newest_row,
        as_of,
        replaced,
        started_at,
        finished_at,
        lease,
        kept,
        tenant,
    } = import;
    let value = ImportValue {
        format: format_code(*format),
        state: state_code(*state),
        counts: counts_value(*counts),
        file_name: name,
        file_digest: (*digest).into(),
        reading_digest: (*reading_digest).into(),
        file_bytes: *file_bytes,
        chunks: *chunks,
        bytes: *bytes,
        asked_as_of: asked_as_of.map(date_value),
        newest_row: newest_row.map(Timestamp::as_second),
        as_of: as_of.map(date_value),
        replaced: replaced.map(|import| import.0),
        started_at: started_at.as_millisecond(),
        finished_at: finished_at.map(Timestamp::as_millisecond),
        lease_owner: lease.map(|lease| lease.owner),
        lease_until: lease.map(|lease| lease.until.as_millisecond()),
        kept: *kept,
        tenant: Some(tenant.as_str()),
        next_offset: next.map(|next| next.offset),
        next_line: next.map(|next| next.line),
    };
    Item {
        attributes: attributes(&value),
        ..Item::new(
            Key::Import {
                generation: generation(import),
            }
            .primary(),
        )
    }
}

/// Reads an import of this list back.
///
/// # Errors
/// [`StoreError::Corrupt`] where the item is something else.
pub fn from_item(item: &Item, list: &ListId) -> Result<StoredImport, StoreError> {
    let value: ImportValue<'_> = decoded(item)?;
    let import = key::read_import(&item.key)
        .and_then(|generation| import_of(generation, list.clone(), &value));
    Ok(StoredImport {
        import: some_or_corrupt(import, &item.key)?,
        revision: number(item, REVISION)?,
    })
}

fn import_of(generation: Generation, list: ListId, value: &ImportValue<'_>) -> Option<Import> {
    let date = |value: Option<(i16, i8, i8)>| match value {
        Some((year, month, day)) => Date::new(year, month, day).ok().map(Some),
        None => Some(None),
    };
    let time = |value: Option<i64>| match value {
        Some(millisecond) => Timestamp::from_millisecond(millisecond).ok().map(Some),
        None => Some(None),
    };
    let next = value.next_offset.zip(value.next_line);
    let lease = match (value.lease_owner, time(value.lease_until)?) {
        (Some(owner), Some(until)) => Some(Lease { owner, until }),
        _ => None,
    };
    Some(Import {
        id: ImportId {
            list,
            number: generation.import,
        },
        list: generation.list,
        format: format_of(value.format)?,
        file: SourceFile {
            name: value.file_name.to_owned(),
            digest: value.file_digest.into(),
            reading_digest: value.reading_digest.into(),
            bytes: value.file_bytes,
        },
        state: state_of(value.state)?,
        counts: counts_of(&value.counts),
        progress: ImportProgress {
            chunks: value.chunks,
            bytes: value.bytes,
            next: next.map(|(offset, line)| TextPosition { offset, line }),
        },
        asked_as_of: date(value.asked_as_of)?,
        newest_row: value
            .newest_row
            .and_then(|second| Timestamp::from_second(second).ok()),
        as_of: date(value.as_of)?,
        replaced: value.replaced.map(ImportNumber),
        started_at: Timestamp::from_millisecond(value.started_at).ok()?,
        finished_at: time(value.finished_at)?,
        lease,
        kept: value.kept,
        tenant: match value.tenant {
            Some(tenant) => TenantId::new(tenant).ok()?,
            None => TenantId::default(),
        },
    })
}

fn date_value(date: Date) -> (i16, i8, i8) {
    (date.year(), date.month(), date.day())
}

const fn counts_value(counts: Counts) -> CountsValue {
    let Counts {
        rows,
        imported,
        unchanged,
        duplicates,
        excluded,
        rejected,
        warnings,
        claims,
    } = counts;
    CountsValue {
        rows,
        imported,
        unchanged,
        duplicates,
        excluded,
        rejected,
        warnings,
        claims,
    }
}

const fn counts_of(value: &CountsValue) -> Counts {
    let CountsValue {
        rows,
        imported,
        unchanged,
        duplicates,
        excluded,
        rejected,
        warnings,
        claims,
    } = value;
    Counts {
        rows: *rows,
        imported: *imported,
        unchanged: *unchanged,
        duplicates: *duplicates,
        excluded: *excluded,
        rejected: *rejected,
        warnings: *warnings,
        claims: *claims,
    }
}

const fn format_code(format: Format) -> u8 {
    match format {
        Format::Offers => 0,
        Format::LitSpeeds => 1,
        Format::LitBandwidth => 2,
        Format::FccBdc => 3,
        Format::Mapped => 4,
        Format::Rates => 5,
    }
}

const fn format_of(code: u8) -> Option<Format> {
    match code {
        0 => Some(Format::Offers),
        1 => Some(Format::LitSpeeds),
        2 => Some(Format::LitBandwidth),
        3 => Some(Format::FccBdc),
        4 => Some(Format::Mapped),
        5 => Some(Format::Rates),
        _ => None,
    }
}

const fn state_code(state: ImportState) -> u8 {
    match state {
        ImportState::Loading => 0,
        ImportState::Active => 1,
        ImportState::Superseded => 2,
        ImportState::Undone => 3,
        ImportState::Interrupted => 4,
        ImportState::Failed => 5,
    }
}

const fn state_of(code: u8) -> Option<ImportState> {
    match code {
        0 => Some(ImportState::Loading),
        1 => Some(ImportState::Active),
        2 => Some(ImportState::Superseded),
        3 => Some(ImportState::Undone),
        4 => Some(ImportState::Interrupted),
        5 => Some(ImportState::Failed),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use lastmile_model::identity::{ListName, ProviderName};
    use lastmile_model::listing::ListNumber;

    use super::*;

    fn import(tenant: &str) -> Import {
        Import {
            id: ImportId {
                list: ListId {
                    provider: ProviderName::new("Acme Fiber").unwrap(),
                    name: ListName::new("main").unwrap(),
                },
                number: ImportNumber(3),
            },
            list: ListNumber(7),
            format: Format::Offers,
            file: SourceFile {
                name: "offers.csv".to_owned(),
                digest: [1; 32],
                reading_digest: [2; 32],
                bytes: 9,
            },
            state: ImportState::Active,
            counts: Counts::default(),
            progress: ImportProgress::default(),
            asked_as_of: None,
            newest_row: None,
            as_of: None,
            replaced: None,
            started_at: Timestamp::UNIX_EPOCH,
            finished_at: None,
            lease: None,
            kept: true,
            tenant: TenantId::new(tenant).unwrap(),
        }
    }

    #[test]
    fn an_import_of_before_it_had_a_tenant_is_the_default_ones() {
        let import = import("north");
        let mut item = to_item(&import);
        item.attributes.insert(REVISION, Value::N(1));
        assert_eq!(from_item(&item, &import.id.list).unwrap().import, import);
        let mut value: ImportValue<'_> = decoded(&item).unwrap();
        value.tenant = None;
        let mut before = item.clone();
        before.attributes = attributes(&value);
        before.attributes.insert(REVISION, Value::N(1));
        let read = from_item(&before, &import.id.list).unwrap().import;
        assert_eq!(read.tenant, TenantId::default());
    }
}
