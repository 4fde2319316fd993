//! What AWS asks for what is used: [`table`] is the one table of prices, with its day, and [`Amount`] is money that
//! is never rounded on the way.

mod amount;
pub mod table;

pub use amount::Amount;
