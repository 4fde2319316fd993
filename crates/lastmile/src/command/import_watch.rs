//! Whoever looks at an import from the command line: the bar, the rejects file, Ctrl-C.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use indicatif::ProgressBar;
use lastmile_app::imports::{Observer, Phase, Progress, Reject, RejectsWriter, RowWarning};
use lastmile_model::listing::ImportId;
use thiserror::Error;

use crate::runtime::Stop;
use crate::{data_folder, progress};

/// So many repairs are told one by one; the rest is counted.
const WARNINGS_TOLD_MAX: u64 = 5;

/// Rejected rows could not be written down.
#[derive(Debug, Error)]
pub(crate) enum RejectsError {
    /// Found out before the import began.
    #[error(
        "rejected rows cannot be written to {}; give another file with --rejects. Nothing was imported",
        path.display()
    )]
    Before {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Found out during an import that went on without them.
    #[error(
        "the list was imported and readers see it, but its rejected rows could not all be written to {}",
        path.display()
    )]
    During {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The file of the rejected rows is the list.
    #[error("{} is the list itself; give another file with --rejects", path.display())]
    IsTheList {
        /// The file.
        path: PathBuf,
    },
}

/// Looks at one import.
pub(crate) struct Watch {
    data: PathBuf,
    bar: ProgressBar,
    stop: Stop,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    import: Option<ImportId>,
    warnings: u64,
    rejected: u64,
    rejects: Rejects,
}

/// Rejected rows on their way to their file, which is made with the first of them unless it was asked for.
#[derive(Default)]
enum Rejects {
    #[default]
    None,
    Open(PathBuf, Box<RejectsWriter<File>>),
    Failed(RejectsError),
}

impl Watch {
    /// For a file of so many bytes. A file that was asked for rejected rows is made at once, so that
    /// an import is not complete before it turns out that the file cannot be written, and so that the
    /// rejected rows of another import do not stand in it.
    ///
    /// # Errors
    /// [`RejectsError::Before`] where that file cannot be written.
    pub(crate) fn new(
        data: &Path,
        asked_rejects: Option<&Path>,
        bytes_total: u64,
        stop: Stop,
    ) -> Result<Self, RejectsError> {
        let rejects = match asked_rejects {
            None => Rejects::None,
            Some(path) => match open(path) {
                Ok(rows) => Rejects::Open(path.to_path_buf(), Box::new(rows)),
                Err(source) => {
                    let path = path.to_path_buf();
                    return Err(RejectsError::Before { path, source });
                }
            },
        };
        Ok(Self {
            data: data.to_path_buf(),
            bar: progress::bytes(Some(bytes_total)),
            stop,
            seen: Mutex::new(Seen {
                rejects,
                ..Seen::default()
            }),
        })
    }

    /// Takes the bar away; gives the file of the rejected rows, if there were any.
    pub(crate) fn finish(&self) -> Result<Option<PathBuf>, RejectsError> {
        self.bar.finish_and_clear();
        let mut seen = self.seen();
        match std::mem::take(&mut seen.rejects) {
            Rejects::None => Ok(None),
            Rejects::Failed(error) => Err(error),
            Rejects::Open(path, rows) => match rows.finish() {
                Ok(_) => Ok((seen.rejected > 0).then_some(path)),
                Err(source) => Err(RejectsError::During { path, source }),
            },
        }
    }

    fn seen(&self) -> std::sync::MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn rejects_path(&self, seen: &Seen) -> PathBuf {
        let import = seen.import.as_ref().map(ToString::to_string);
        data_folder::rejects_file(&self.data, &import.unwrap_or_default())
    }
}

impl Observer for Watch {
    fn started(&self, id: &ImportId, resumed_rows: u64) {
        self.seen().import = Some(id.clone());
        if resumed_rows > 0 {
            self.bar
                .println(format!("{id}: going on after {resumed_rows} rows"));
        }
    }

    fn progressed(&self, progress: &Progress) {
        let Progress {
            phase,
            bytes,
            bytes_total: _,
            counts,
        } = progress;
        self.bar.set_position(*bytes);
        self.bar.set_message(match phase {
            Phase::Examining => "examining".to_owned(),
            Phase::Loading => format!("{} rows", counts.rows),
            Phase::Sweeping => "removing what nobody sees any more".to_owned(),
        });
    }

    fn warned(&self, warning: &RowWarning) {
        let RowWarning { line, warning } = warning;
        let mut seen = self.seen();
        seen.warnings += 1;
        if seen.warnings <= WARNINGS_TOLD_MAX {
            self.bar.println(format!("line {line}: {warning}"));
        } else if seen.warnings == WARNINGS_TOLD_MAX + 1 {
            self.bar.println("more repairs are counted, not told");
        }
    }

    fn rejected(&self, reject: &Reject) {
        let mut seen = self.seen();
        seen.rejected += 1;
        if matches!(seen.rejects, Rejects::None) {
            seen.rejects = begin(self.rejects_path(&seen));
        }
        if let Rejects::Open(path, rows) = &mut seen.rejects
            && let Err(source) = rows.write(reject)
        {
            let path = path.clone();
            seen.rejects = Rejects::Failed(RejectsError::During { path, source });
        }
    }

    fn is_cancelled(&self) -> bool {
        self.stop.is_asked()
    }
}

fn begin(path: PathBuf) -> Rejects {
    match open(&path) {
        Ok(rows) => Rejects::Open(path, Box::new(rows)),
        Err(source) => Rejects::Failed(RejectsError::During { path, source }),
    }
}

fn open(path: &Path) -> io::Result<RejectsWriter<File>> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    RejectsWriter::new(File::create(path)?)
}
