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
#[error("rejected rows cannot be written to {}; give another file with --rejects", path.display())]
pub(crate) struct RejectsError {
    /// The file.
    path: PathBuf,
    /// Why.
    #[source]
    source: io::Error,
}

/// Looks at one import.
pub(crate) struct Watch {
    data: PathBuf,
    asked_rejects: Option<PathBuf>,
    bar: ProgressBar,
    stop: Stop,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    import: Option<ImportId>,
    warnings: u64,
    rejects: Rejects,
}

/// Rejected rows on their way to their file, which is made with the first of them.
#[derive(Default)]
enum Rejects {
    #[default]
    None,
    Open(PathBuf, Box<RejectsWriter<File>>),
    Failed(RejectsError),
}

impl Watch {
    /// For a file of so many bytes.
    pub(crate) fn new(
        data: &Path,
        asked_rejects: Option<PathBuf>,
        bytes_total: u64,
        stop: Stop,
    ) -> Self {
        Self {
            data: data.to_path_buf(),
            asked_rejects,
            bar: progress::bytes(Some(bytes_total)),
            stop,
            seen: Mutex::default(),
        }
    }

    /// Takes the bar away; gives the file of the rejected rows, if there were any.
    pub(crate) fn finish(&self) -> Result<Option<PathBuf>, RejectsError> {
        self.bar.finish_and_clear();
        match std::mem::take(&mut self.seen().rejects) {
            Rejects::None => Ok(None),
            Rejects::Failed(error) => Err(error),
            Rejects::Open(path, rows) => match rows.finish() {
                Ok(_) => Ok(Some(path)),
                Err(source) => Err(RejectsError { path, source }),
            },
        }
    }

    fn seen(&self) -> std::sync::MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn rejects_path(&self, seen: &Seen) -> PathBuf {
        self.asked_rejects.clone().unwrap_or_else(|| {
            let import = seen
                .import
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default();
            data_folder::rejects_file(&self.data, &import)
        })
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
        if matches!(seen.rejects, Rejects::None) {
            seen.rejects = begin(self.rejects_path(&seen));
        }
        if let Rejects::Open(path, rows) = &mut seen.rejects
            && let Err(source) = rows.write(reject)
        {
            let path = path.clone();
            seen.rejects = Rejects::Failed(RejectsError { path, source });
        }
    }

    fn is_cancelled(&self) -> bool {
        self.stop.is_asked()
    }
}

fn begin(path: PathBuf) -> Rejects {
    let open = || -> io::Result<RejectsWriter<File>> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        RejectsWriter::new(File::create(&path)?)
    };
    match open() {
        Ok(rows) => Rejects::Open(path, Box::new(rows)),
        Err(source) => Rejects::Failed(RejectsError { path, source }),
    }
}
