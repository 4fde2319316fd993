//! The whole of Lastmile in one process, and its command line.

fn main() {}
