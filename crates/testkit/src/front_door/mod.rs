//! The front door: one suite of HTTP requests for every way in.
//!
//! A [`Door`] is whatever takes a request and gives an answer: the router itself, a server on a socket, a
//! function behind a gateway. [`every_case`] asks the same of each. Every answer is also held against the OpenAPI
//! documents: its status must be described, and its body must be valid by the described schema.

#![expect(
    clippy::panic,
    clippy::print_stdout,
    reason = "a suite of tests fails by panicking, and says which case it was"
)]

mod addresses;
mod ask;
mod backstage;
mod catalog;
mod checks;
mod described;
mod deviation;
mod imports;
mod keys;
mod lists;
mod lookups;
mod panel;
mod patches;
mod providers;
mod queries;
mod quotes;
mod refusals;
mod tenants;
mod world;

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;

use futures_util::FutureExt;

pub use ask::{Ask, Reply};
pub use backstage::{Backstage, keys as make_keys};
pub use described::{Operation, operations};
pub use deviation::Deviation;
pub use keys::WITHOUT_UNAUTHORISED_TEST;
pub use panel::{NEVER, PONDERS, QUICK, panel};
pub use world::{Door, Gate, Keys, OWN_PROVIDER, World};

type Case = for<'a> fn(&'a World) -> Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// Every case, by name.
const CASES: &[(&str, Case)] = &[
    ("keys: none, unknown and revoked", |world| {
        Box::pin(keys::refused(world))
    }),
    ("keys: roles", |world| Box::pin(keys::roles(world))),
    ("keys: as tokens", |world| Box::pin(keys::tokens(world))),
    ("lookups: answers", |world| {
        Box::pin(lookups::answers(world))
    }),
    ("lookups: parts", |world| Box::pin(lookups::parts(world))),
    ("lookups: places without a street", |world| {
        Box::pin(lookups::places_without_a_street(world))
    }),
    ("lookups: bad parameters", |world| {
        Box::pin(lookups::bad_parameters(world))
    }),
    ("queries: at once", |world| {
        Box::pin(queries::at_once(world))
    }),
    ("queries: deferred", |world| {
        Box::pin(queries::deferred(world))
    }),
    ("queries: bad bodies", |world| {
        Box::pin(queries::bad_bodies(world))
    }),
    ("queries: how many places", |world| {
        Box::pin(queries::how_many(world))
    }),
    ("queries: more findings than are given", |world| {
        Box::pin(queries::cut(world))
    }),
    ("checks: verdicts", |world| {
        Box::pin(checks::verdicts(world))
    }),
    ("checks: blank places", |world| {
        Box::pin(checks::blank_places(world))
    }),
    ("checks: bad bodies", |world| {
        Box::pin(checks::bad_bodies(world))
    }),
    ("addresses: validations", |world| {
        Box::pin(addresses::validations(world))
    }),
    ("addresses: known buildings", |world| {
        Box::pin(addresses::known(world))
    }),
    ("addresses: streets that fit", |world| {
        Box::pin(addresses::fitting_streets(world))
    }),
    ("addresses: streets", |world| {
        Box::pin(addresses::streets(world))
    }),
    ("catalog: life of each kind", |world| {
        Box::pin(catalog::life(world))
    }),
    ("catalog: lists", |world| Box::pin(catalog::lists(world))),
    ("catalog: bad bodies", |world| {
        Box::pin(catalog::bad_bodies(world))
    }),
    ("catalog: bad patches", |world| {
        Box::pin(catalog::bad_patches(world))
    }),
    ("catalog: lifecycle", |world| {
        Box::pin(catalog::lifecycle(world))
    }),
    ("catalog: references", |world| {
        Box::pin(catalog::references(world))
    }),
    ("catalog: versions", |world| {
        Box::pin(catalog::versions(world))
    }),
    ("catalog: requests sent again", |world| {
        Box::pin(catalog::once(world))
    }),
    ("catalog: tenants", |world| {
        Box::pin(catalog::tenants(world))
    }),
    ("catalog: roles", |world| Box::pin(catalog::roles(world))),
    ("imports: life of a list", |world| {
        Box::pin(imports::life(world))
    }),
    ("imports: taken back", |world| {
        Box::pin(imports::taken_back(world))
    }),
    ("imports: rejects", |world| {
        Box::pin(imports::rejects(world))
    }),
    ("imports: rate cards", |world| {
        Box::pin(imports::rate_cards(world))
    }),
    ("imports: claims of other providers", |world| {
        Box::pin(imports::of_others(world))
    }),
    ("imports: a list without a row", |world| {
        Box::pin(imports::emptied(world))
    }),
    ("imports: damaged files", |world| {
        Box::pin(imports::damaged(world))
    }),
    ("imports: bad files", |world| {
        Box::pin(imports::bad_files(world))
    }),
    ("lists: filters and fields", |world| {
        Box::pin(lists::filters_and_fields(world))
    }),
    ("lists: what an answer comes to", |world| {
        Box::pin(lists::answers(world))
    }),
    ("lists: pages", |world| Box::pin(lists::pages(world))),
    ("patches: what may change", |world| {
        Box::pin(patches::allowed(world))
    }),
    ("patches: what may not", |world| {
        Box::pin(patches::refused(world))
    }),
    ("quotes: life of a quote", |world| {
        Box::pin(quotes::life(world))
    }),
    ("quotes: at once", |world| Box::pin(quotes::instant(world))),
    ("quotes: rate cards", |world| {
        Box::pin(quotes::rate_cards(world))
    }),
    ("quotes: bodies of TMF648", |world| {
        Box::pin(quotes::plain(world))
    }),
    ("quotes: prices of persons", |world| {
        Box::pin(quotes::persons(world))
    }),
    ("quotes: moves", |world| Box::pin(quotes::moves(world))),
    ("quotes: what is refused", |world| {
        Box::pin(quotes::refused(world))
    }),
    ("quotes: requests sent again", |world| {
        Box::pin(quotes::once(world))
    }),
    ("quotes: tenants", |world| Box::pin(quotes::tenants(world))),
    ("quotes: files", |world| Box::pin(quotes::files(world))),
    ("quotes: many cases", |world| {
        Box::pin(quotes::many_cases(world))
    }),
    ("providers: how they are doing", |world| {
        Box::pin(providers::health(world))
    }),
    ("tenants: isolated", |world| {
        Box::pin(tenants::isolated(world))
    }),
    ("tenants: lists", |world| Box::pin(tenants::lists(world))),
    ("refusals: paths and methods", |world| {
        Box::pin(refusals::paths_and_methods(world))
    }),
    ("refusals: bodies", |world| {
        Box::pin(refusals::bodies(world))
    }),
    ("refusals: a store that fails", |world| {
        Box::pin(refusals::failing_store(world))
    }),
    ("refusals: pages and documents", |world| {
        Box::pin(refusals::pages(world))
    }),
];

/// Runs every case, each in a world of its own.
///
/// # Panics
/// After all of them, where the door did not answer as it should; what each found is printed before.
pub async fn every_case(make: impl AsyncFn() -> World) {
    let mut failed = Vec::new();
    let mut left_out: &[Deviation] = &[];
    for (name, case) in CASES {
        let world = make().await;
        left_out = world.deviations;
        let passed = AssertUnwindSafe(case(&world)).catch_unwind().await.is_ok();
        println!(
            "front door, {name}: {}",
            if passed { "ok" } else { "failed" }
        );
        if !passed {
            failed.push(name);
        }
    }
    for deviation in left_out {
        println!("front door, left out: {deviation}");
    }
    assert!(failed.is_empty(), "front door: {failed:#?}");
}
