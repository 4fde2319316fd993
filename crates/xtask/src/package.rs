//! `cargo xtask package`: the functions as Lambda takes them, in `target/lambda/`.
//!
//! `<function>/bootstrap` is what `infra/template.yaml` deploys and what the bench starts, `<function>.zip`
//! is what Lambda fetches before it starts one. They are built for this machine; `cargo lambda` builds
//! them for another one ([deploy.md](../../../docs/deploy.md)). Tests deploy what they have built already.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use cargo_metadata::MetadataCommand;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::failure::{Failure, report};
use crate::{steps, tree};

/// The crate whose binaries are functions.
const CRATE: &str = "lastmile-lambda";
/// The cargo profile of those that are deployed.
const PROFILE: &str = "functions";
/// Where they are put, from the root.
const FOLDER: &str = "target/lambda";
/// The name under which Lambda starts a program.
const BOOTSTRAP: &str = "bootstrap";
/// May be read and started by everybody.
const MODE: u32 = 0o755;
/// Smallest output, for a little more time.
const COMPRESSION_LEVEL: i64 = 9;
/// Where nobody keeps the output.
const COMPRESSION_LEVEL_QUICK: i64 = 1;
/// Goal for a zip: a larger one takes longer to be fetched than the function takes to start.
const ZIP_MAX_BYTES: u64 = 5_000_000;
/// Bytes of a megabyte, as they are shown.
const MEGABYTE: f64 = 1_000_000.0;

/// How the functions are built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Build {
    /// As they are deployed: small, and slow to build.
    Functions,
    /// As tests have built them already: to ask what they do, not how large or fast they are.
    Tests,
}

impl Build {
    fn build(self) -> Result<(), Failure> {
        match self {
            Self::Functions => {
                steps::cargo(&["build", "-p", CRATE, "--bins", "--profile", PROFILE])
            }
            Self::Tests => steps::build_as_for_tests(),
        }
    }

    /// The folder of its programs, from the target folder.
    const fn folder(self) -> &'static str {
        match self {
            Self::Functions => PROFILE,
            Self::Tests => "debug",
        }
    }

    /// How much time goes into a zip.
    const fn compression_level(self) -> i64 {
        match self {
            Self::Functions => COMPRESSION_LEVEL,
            Self::Tests => COMPRESSION_LEVEL_QUICK,
        }
    }

    /// Those of these packages that are larger than they should be.
    fn findings(self, packages: &[Package]) -> Vec<String> {
        match self {
            Self::Functions => findings(packages),
            Self::Tests => Vec::new(),
        }
    }
}

/// A function, built.
#[derive(Clone, Debug)]
pub(crate) struct Package {
    /// Its name, which is its binary's.
    function: String,
    /// The program.
    bootstrap: PathBuf,
    /// Bytes of the program.
    bootstrap_bytes: u64,
    /// Bytes of the zip.
    zip_bytes: u64,
}

/// Builds all of them and shows their sizes.
pub(crate) fn run(build: Build) -> Result<(), Failure> {
    let packages = packages(build)?;
    println!(
        "\n{:<16}{:>14}{:>10}  deployed from",
        "function", "program, MB", "zip, MB"
    );
    for package in &packages {
        let Package {
            function,
            bootstrap,
            bootstrap_bytes,
            zip_bytes,
        } = package;
        let (program, zip) = (megabytes(*bootstrap_bytes), megabytes(*zip_bytes));
        let from = bootstrap.strip_prefix(tree::root()).unwrap_or(bootstrap);
        println!(
            "{function:<16}{program:>14.2}{zip:>10.2}  {}",
            from.display()
        );
    }
    report("package", &build.findings(&packages))
}

/// Builds every function, and puts it where it is deployed from.
pub(crate) fn packages(build: Build) -> Result<Vec<Package>, Failure> {
    build.build()?;
    let metadata = MetadataCommand::new().no_deps().exec()?;
    let built = metadata.target_directory.as_std_path().join(build.folder());
    let mut functions: Vec<_> = metadata
        .packages
        .iter()
        .filter(|package| *package.name == CRATE)
        .flat_map(|package| &package.targets)
        .filter(|target| target.is_bin())
        .map(|target| target.name.clone())
        .collect();
    functions.sort();
    functions
        .into_iter()
        .map(|function| package(build, &built, function))
        .collect()
}

/// Those that are larger than they should be.
fn findings(packages: &[Package]) -> Vec<String> {
    let large = packages
        .iter()
        .filter(|package| package.zip_bytes > ZIP_MAX_BYTES);
    large
        .map(|package| {
            format!(
                "the zip of {} has {:.2} MB; the goal is {:.2}",
                package.function,
                megabytes(package.zip_bytes),
                megabytes(ZIP_MAX_BYTES)
            )
        })
        .collect()
}

fn package(build: Build, built: &Path, function: String) -> Result<Package, Failure> {
    let folder = tree::root().join(FOLDER);
    let bootstrap = folder.join(&function).join(BOOTSTRAP);
    let failed = |path: &Path| {
        let path = path.to_path_buf();
        move |reason| Failure::File { path, reason }
    };
    fs::create_dir_all(folder.join(&function)).map_err(failed(&folder))?;
    let program = built.join(&function);
    let bootstrap_bytes = fs::copy(&program, &bootstrap).map_err(failed(&program))?;
    let zip = folder.join(format!("{function}.zip"));
    write_zip(&bootstrap, &zip, build.compression_level())?;
    let zip_bytes = fs::metadata(&zip).map_err(failed(&zip))?.len();
    Ok(Package {
        function,
        bootstrap,
        bootstrap_bytes,
        zip_bytes,
    })
}

fn write_zip(bootstrap: &Path, zip: &Path, compression_level: i64) -> Result<(), Failure> {
    let failed = |reason| Failure::Zip {
        path: zip.to_path_buf(),
        reason,
    };
    let written = || {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .compression_level(Some(compression_level))
            .unix_permissions(MODE);
        let mut writer = ZipWriter::new(File::create(zip)?);
        writer.start_file(BOOTSTRAP, options)?;
        io::copy(&mut File::open(bootstrap)?, &mut writer)?;
        writer.finish()?;
        Ok(())
    };
    written().map_err(failed)
}

fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / MEGABYTE
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use zip::ZipArchive;

    use super::*;

    #[test]
    fn a_zip_holds_the_program_and_may_be_started() {
        let folder = tempfile::tempdir().expect("a folder");
        let (program, zip) = (folder.path().join("program"), folder.path().join("a.zip"));
        let content = b"a program ".repeat(10_000);
        fs::write(&program, &content).expect("writable");
        write_zip(&program, &zip, COMPRESSION_LEVEL).expect("written");
        let mut archive = ZipArchive::new(File::open(&zip).expect("there")).expect("a zip");
        let mut entry = archive.by_name(BOOTSTRAP).expect("an entry");
        assert_eq!(entry.unix_mode().map(|mode| mode & 0o777), Some(MODE));
        assert!(entry.compressed_size() < entry.size() / 100);
        let mut read = Vec::new();
        entry.read_to_end(&mut read).expect("readable");
        assert!(read == content, "what was written is read");
    }

    #[test]
    fn a_zip_past_the_goal_is_found() {
        let package = |zip_bytes| Package {
            function: "imports".to_owned(),
            bootstrap: PathBuf::new(),
            bootstrap_bytes: 1,
            zip_bytes,
        };
        assert!(
            Build::Functions
                .findings(&[package(ZIP_MAX_BYTES)])
                .is_empty()
        );
        let packages = [package(1), package(6_000_000)];
        let found = Build::Functions.findings(&packages);
        assert_eq!(found, ["the zip of imports has 6.00 MB; the goal is 5.00"]);
        assert!(Build::Tests.findings(&packages).is_empty());
    }
}
