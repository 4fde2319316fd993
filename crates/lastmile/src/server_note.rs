//! What a running server leaves in the data folder for the command line: where it listens, and a key.

use std::fs;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

const NOTE_FILE: &str = "server.json";
const KEY_FILE: &str = "local-key";

/// Where a server listens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ServerNote {
    /// Address and port, loopback where the server listens everywhere.
    pub(crate) address: SocketAddr,
    /// Its process.
    pub(crate) process: u32,
}

/// The note of a server on this data, if one was left.
pub(crate) fn read(folder: &Path) -> Option<ServerNote> {
    let text = fs::read_to_string(folder.join(NOTE_FILE)).ok()?;
    serde_json::from_str(&text).ok()
}

/// A note that is taken away when the server ends.
pub(crate) struct Left(PathBuf);

/// Leaves the note of a server that now listens.
pub(crate) fn leave(folder: &Path, listening: SocketAddr) -> io::Result<Left> {
    let path = folder.join(NOTE_FILE);
    let note = ServerNote {
        address: reachable(listening),
        process: std::process::id(),
    };
    fs::write(&path, serde_json::to_vec(&note)?)?;
    Ok(Left(path))
}

impl Drop for Left {
    fn drop(&mut self) {
        // A note that stays behind is harmless: it is read only while the store is in use.
        let _ = fs::remove_file(&self.0);
    }
}

/// The key of the command line, if one was kept.
pub(crate) fn read_key(folder: &Path) -> Option<String> {
    let text = fs::read_to_string(folder.join(KEY_FILE)).ok()?;
    Some(text.trim().to_owned())
}

/// Keeps the key of the command line, readable by the owner of the data only.
pub(crate) fn keep_key(folder: &Path, key: &str) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    writeln!(options.open(folder.join(KEY_FILE))?, "{key}")
}

/// An address that this machine can connect to.
fn reachable(mut listening: SocketAddr) -> SocketAddr {
    if listening.ip().is_unspecified() {
        let loopback = match listening {
            SocketAddr::V4(_) => std::net::Ipv4Addr::LOCALHOST.into(),
            SocketAddr::V6(_) => std::net::Ipv6Addr::LOCALHOST.into(),
        };
        listening.set_ip(loopback);
    }
    listening
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_there_as_long_as_its_server() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(read(folder.path()), None);
        let left = leave(folder.path(), "0.0.0.0:8080".parse().unwrap()).unwrap();
        let note = read(folder.path()).unwrap();
        assert_eq!(note.address, "127.0.0.1:8080".parse().unwrap());
        drop(left);
        assert_eq!(read(folder.path()), None);
    }

    #[test]
    #[cfg(unix)]
    fn a_kept_key_is_for_its_owner_only() {
        use std::os::unix::fs::PermissionsExt;

        let folder = tempfile::tempdir().unwrap();
        assert_eq!(read_key(folder.path()), None);
        keep_key(folder.path(), "lastmile_1").unwrap();
        assert_eq!(read_key(folder.path()).as_deref(), Some("lastmile_1"));
        let mode = fs::metadata(folder.path().join(KEY_FILE))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
