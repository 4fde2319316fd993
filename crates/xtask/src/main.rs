//! The repository checking itself.

fn main() {}
