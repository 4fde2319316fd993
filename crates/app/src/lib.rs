//! One file per thing the business does.
