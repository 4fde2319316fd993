//! TMF645 Service Qualification v4: what is available at a place, and whether one service is.
//!
//! # How a finding is written
//!
//! One `serviceQualificationItem` per finding, never merged ([`item::QualificationItem`]):
//!
//! | what | where |
//! |---|---|
//! | provider | `service.relatedParty[]` with `role` `provider` |
//! | carrier whose line is resold | `service.relatedParty[]` with `role` `underlyingProvider` |
//! | product | `service.name` (the technology where the list names none) |
//! | technology | `service.serviceCharacteristic[]` `technology` |
//! | bandwidth, Mbit/s | `service.serviceCharacteristic[]` `downMbps`, `upMbps`, of a range also `smallestMbps` (numbers) |
//! | place it was matched to | `service.place[]` with `role` `installation address`: a reference to the `geographicAddress` |
//! | price | `price` (extension): `mrc` as decimal text, `currency` |
//! | outcome | `outcome` (extension), one of five; `qualificationResult` says the same in TMF's words |
//! | confidence and its reason | `confidence`, `confidenceReason` (extensions) |
//! | source and as-of date | `source` (extension) |
//! | how the place was found | `placeMatch` (extension) |
//! | near-net distance | `nearNet` (extension): metres, houses, the building that is on the list |
//! | H3 cell of an area hint | `h3Cell` (extension) |
//!
//! `qualificationResult` is `qualified` for served, `alternate` for ask a person, `unqualified` for not
//! served and for an unknown address; a failed place has none, and a `terminationError` instead.
//!
//! A place without findings has one item with the outcome alone, so that every place is answered. The `id`
//! of an item is the number of its place (from 1), a dot, and the number of the finding (from 1, or 0 for none).
//!
//! A check answers each of its items in place: the item as it was sent, with `qualificationResult`, the
//! extensions above for the best evidence, `serviceQualificationItem` (extension: one per finding about the
//! asked service), `alternateServiceProposal` where alternatives were asked for, and
//! `eligibilityUnavailabilityReason` where reasons were asked for.
//!
//! # What is asked
//!
//! `service.place[]` is where ([`crate::address`] says how a place is given). What is asked for is narrowed by
//! `category` (`wired`, `fiber`, `fixed_wireless`), by `relatedParty` of role `provider`, and by the
//! characteristics `technology`, `downMbps`, `upMbps` (the least that will do). A characteristic of another
//! name is refused: to ignore a demand would be a wrong yes.

pub mod check;
pub mod criteria;
pub mod item;
pub mod query;
pub mod service;
