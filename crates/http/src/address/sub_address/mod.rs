//! The units of a building that lists name: TMF673 `geographicSubAddress`.

pub mod get;
pub mod list;
