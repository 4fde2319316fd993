//! Parse and normalise on one core.

use std::hint::black_box;

use lastmile_model::address::{NormalAddress, parse};

use crate::city;
use crate::figure::{Figure, Goal};
use crate::scale::Scale;
use crate::stopwatch::Stopwatch;

/// Addresses parsed in one round.
const ADDRESSES: u32 = 200_000;
/// Rounds; the fastest counts, because others use the machine too.
const ROUNDS: usize = 5;
/// Parsed addresses a second that the parser must reach.
const PARSED_PER_SECOND: f64 = 200_000.0;

/// Measures.
pub(crate) fn measure(scale: Scale) -> Vec<Figure> {
    let texts = city::written_addresses(scale.of(ADDRESSES));
    let parsed = fastest(&texts, |text| {
        black_box(parse(black_box(text)));
    });
    let keyed = fastest(&texts, |text| {
        black_box(NormalAddress::of(&parse(black_box(text))).building_key());
    });
    vec![
        Figure::alone("address.parse", parsed, "addresses/s")
            .wanted(Goal::AtLeast(PARSED_PER_SECOND)),
        Figure::alone("address.parse_normalise_key", keyed, "addresses/s"),
    ]
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a count of addresses, far below 2^52"
)]
fn fastest(texts: &[String], work: impl Fn(&str)) -> f64 {
    (0..ROUNDS)
        .map(|_| {
            let stopwatch = Stopwatch::start();
            for text in texts {
                work(text);
            }
            texts.len() as f64 / stopwatch.elapsed().as_secs_f64()
        })
        .fold(0.0, f64::max)
}
