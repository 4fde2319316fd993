//! The same small function in the languages that most functions are written in, each with its SDK.
//!
//! They are installed once into `target/bench`, by the ordinary package managers. Where a language or its
//! packages are not to be had, that is said and the comparison left out.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::city;
use crate::failure::Failure;
use crate::functions::Function;

/// Written last, with what was installed: a half-made folder has none.
const INSTALLED: &str = "installed.txt";
const NODE_PACKAGE: &str = include_str!("../functions/node/package.json");
const NODE_FUNCTION: &str = include_str!("../functions/node/function.mjs");
const PYTHON_REQUIREMENTS: &str = include_str!("../functions/python/requirements.txt");
const PYTHON_FUNCTION: &str = include_str!("../functions/python/function.py");
/// Names of a Python of the version that Lambda has, the wanted one first.
const PYTHONS: [&str; 2] = ["python3.11", "python3"];

/// Node with `@aws-sdk/client-dynamodb`.
pub(crate) fn node() -> Result<Option<Function>, Failure> {
    let folder = city::folder()?.join("function-node");
    let Some(node) = found(&["node"]) else {
        return Ok(skipped("Node", "there is no `node`"));
    };
    let files = [
        ("package.json", NODE_PACKAGE),
        ("function.mjs", NODE_FUNCTION),
    ];
    let install = |folder: &Path| {
        let mut npm = Command::new("npm");
        npm.args(["install", "--silent", "--no-audit", "--no-fund"])
            .args(["--ignore-scripts", "--fetch-retries=0"])
            .current_dir(folder);
        said(&mut npm)
    };
    if let Some(why) = installed(&folder, &files, install)? {
        return Ok(skipped("Node", &why));
    }
    Ok(Some(Function {
        program: node,
        arguments: vec![folder.join("function.mjs")],
    }))
}

/// Python with `boto3`.
pub(crate) fn python() -> Result<Option<Function>, Failure> {
    let folder = city::folder()?.join("function-python");
    let Some(python) = found(&PYTHONS) else {
        return Ok(skipped("Python", "there is no `python3`"));
    };
    let files = [
        ("requirements.txt", PYTHON_REQUIREMENTS),
        ("function.py", PYTHON_FUNCTION),
    ];
    let install = |folder: &Path| {
        let mut venv = Command::new(&python);
        venv.args(["-m", "venv", "--clear", "environment"])
            .current_dir(folder);
        said(&mut venv)?;
        let mut pip = Command::new(folder.join("environment/bin/python"));
        pip.args(["-m", "pip", "install", "--quiet", "--no-input"])
            .args(["--disable-pip-version-check", "-r", "requirements.txt"])
            .current_dir(folder);
        said(&mut pip)
    };
    if let Some(why) = installed(&folder, &files, install)? {
        return Ok(skipped("Python", &why));
    }
    Ok(Some(Function {
        program: folder.join("environment/bin/python"),
        arguments: vec![folder.join("function.py")],
    }))
}

fn skipped(language: &str, why: &str) -> Option<Function> {
    eprintln!("  skipped: the start of a function in {language}: {why}");
    None
}

/// Lets `install` fill a folder with these files in it, unless it did so before with the same files. Why it
/// could not, if it could not.
fn installed(
    folder: &Path,
    files: &[(&str, &str)],
    install: impl FnOnce(&Path) -> Result<(), String>,
) -> Result<Option<String>, Failure> {
    let wanted: String = files.iter().map(|(_, text)| *text).collect();
    let note = folder.join(INSTALLED);
    if fs::read_to_string(&note).is_ok_and(|installed| installed == wanted) {
        return Ok(None);
    }
    eprintln!("  installing into {}, once ...", folder.display());
    city::remove(folder)?;
    let write = || {
        fs::create_dir_all(folder)?;
        files
            .iter()
            .try_for_each(|(name, text)| fs::write(folder.join(name), text))
    };
    write().map_err(Failure::system("writing a function"))?;
    if let Err(why) = install(folder) {
        return Ok(Some(why));
    }
    fs::write(note, wanted).map_err(Failure::system("writing a note"))?;
    Ok(None)
}

/// The program that runs under the first of these names that works. Asked itself where it is, for a name may
/// be a script's that finds it, and a script's time would be measured too.
fn found(names: &[&str]) -> Option<PathBuf> {
    let question = |name: &str| {
        if name == "node" {
            ["-p", "process.execPath"]
        } else {
            ["-c", "import sys; print(sys.executable)"]
        }
    };
    names.iter().find_map(|name| {
        let output = Command::new(name).args(question(name)).output().ok()?;
        let path = String::from_utf8(output.stdout).ok()?;
        output.status.success().then(|| PathBuf::from(path.trim()))
    })
}

/// Runs a program to its end; where it fails, its last line says why.
fn said(command: &mut Command) -> Result<(), String> {
    let output = command.stdin(Stdio::null()).output();
    let output = output.map_err(|reason| format!("{command:?}: {reason}"))?;
    if output.status.success() {
        return Ok(());
    }
    let text = String::from_utf8_lossy(&output.stderr);
    let last = text.lines().rfind(|line| !line.trim().is_empty());
    Err(last.unwrap_or("it ended with an error").to_owned())
}
