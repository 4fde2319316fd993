//! What another process uses, read from `/proc`.

use std::fs;
use std::io::{self, Error, ErrorKind};
use std::process::Child;
use std::time::Duration;

/// CPU time of a running process, all its threads, in nanoseconds. Threads that have ended are not
/// counted: the servers measured here keep theirs.
pub(crate) fn cpu_time(process: u32) -> io::Result<Duration> {
    let mut sum = 0;
    for thread in fs::read_dir(format!("/proc/{process}/task"))? {
        let text = fs::read_to_string(thread?.path().join("schedstat"))?;
        let on_cpu = text
            .split(' ')
            .next()
            .and_then(|field| field.parse::<u64>().ok());
        sum += on_cpu.ok_or_else(|| Error::from(ErrorKind::InvalidData))?;
    }
    Ok(Duration::from_nanos(sum))
}

/// The largest memory that a running process had so far, in kilobytes; 0 once it has ended.
pub(crate) fn peak_memory_kb(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .and_then(|rest| rest.trim().split(' ').next()?.parse().ok())
        .unwrap_or(0)
}

/// A child that is ended and waited for when it is no longer needed.
pub(crate) struct Kept(pub(crate) Child);

impl Drop for Kept {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to do.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
