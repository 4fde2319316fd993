//! Every figure the project states, measured.

fn main() {}
