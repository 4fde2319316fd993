//! TMF648 Quote Management v4: what does this cost at these places, from whom, for how long.
//!
//! # What is asked
//!
//! A quote is a grid: every location, every provider, every service, every term. It is asked for in one of two ways,
//! which are not mixed ([`request`]):
//!
//! | what | as a plain TMF648 body | as our extension |
//! |---|---|---|
//! | location | one `quoteItem` each: `product.place[0]` ([`crate::address`]); its `id` is the label | `location[]`: `address` on one line, or `street`, `unit`, `city`, `state`, `zip`; `label` |
//! | service | `quoteItem[].product.productCharacteristic[]`: `product`, `downMbps`, `upMbps`, `accessTechnology` | `service[]` with the same names |
//! | term | `quoteItem[].product.productTerm[].duration` in months or years | `term[]` in months |
//! | provider | `relatedParty[]` with `role` `provider` | `provider[]` by name |
//! | firmness | | `firmness` |
//! | deadline | `requestedQuoteCompletionDate` | the same |
//!
//! The same is asked at every location: items that ask for different services or terms are quotes of their own,
//! and are refused as one. What is said once for all items (`service`, `term`) is not said by the items again. Without a
//! provider, all that have an active list or are in the providers file are asked. A characteristic of another name is
//! refused: to ignore a demand would be a wrong price.
//!
//! # How a quote is shown
//!
//! [`quote::Quote`] is the head with `progress`, one cheap read. What the client sent besides and the server does not use
//! is kept, and given where the quote is asked for whole. Locations with their cells are given in pages
//! ([`location`]): `quoteItem` is never given back, as it may be 2,000 long with 2,000 cells each.

pub mod case;
pub mod location;
pub mod quote;
pub mod recommendation;
pub mod request;
pub mod service;

pub use case::{CaseAnswer, CaseAnswerBody, IndividualCase};
pub use location::{CellOf, QuoteLocation, cells};
pub use quote::Quote;
pub use recommendation::RecommendationDocument;
pub use request::{AskedQuote, QuoteCreate, asked};
