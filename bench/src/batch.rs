//! `lastmile check --batch`: mixed addresses against exact ones.

use std::path::Path;

use lastmile_sample::{Building, City};

use crate::failure::Failure;
use crate::figure::Figure;
use crate::scale::Scale;
use crate::{city, product};

const BUILDINGS: u32 = 1_000_000;
const CLAIMS: usize = 3;
const ADDRESSES: u32 = 100_000;
/// Steps through the city so that rows next to each other are far apart.
const STRIDE: u32 = 7_919;

/// Measures.
pub(crate) fn measure(scale: Scale) -> Result<Vec<Figure>, Failure> {
    let city = city::of(scale.of(BUILDINGS));
    let data = city::loaded(city.size(), CLAIMS)?;
    let folder = city::fresh_folder("batch")?;
    let count = scale.of(ADDRESSES);
    let exact = rate(&data, &folder.join("exact.csv"), &city, count, exactly)?;
    let mixed = rate(&data, &folder.join("mixed.csv"), &city, count, mixed)?;
    city::remove(&folder)?;
    Ok(vec![
        Figure::alone("batch.exact", exact, "addresses/s"),
        Figure::alone("batch.mixed", mixed, "addresses/s").against(exact, "exact addresses only"),
    ])
}

/// Checks `count` addresses and gives how many a second.
fn rate(
    data: &Path,
    input: &Path,
    city: &City,
    count: u32,
    address: fn(&City, u32) -> String,
) -> Result<f64, Failure> {
    let mut rows = csv::Writer::from_path(input)
        .map_err(|error| Failure::system("writing addresses")(error.into()))?;
    let addresses = (0..count).map(|number| address(city, number));
    for row in std::iter::once("address".to_owned()).chain(addresses) {
        rows.write_record([row])
            .map_err(|error| Failure::system("writing addresses")(error.into()))?;
    }
    rows.flush().map_err(Failure::system("writing addresses"))?;
    let run = product::run(&[
        "--data",
        &data.to_string_lossy(),
        "check",
        "--batch",
        &input.to_string_lossy(),
        "--out",
        &input.with_extension("out.csv").to_string_lossy(),
        "--json",
    ])?;
    let checked = product::last_object(&run)?["rows"].as_u64();
    if checked != Some(u64::from(count)) {
        return Err(Failure::Wrong {
            what: "the rows of a batch",
            expected: count.to_string(),
            actual: format!("{checked:?}"),
        });
    }
    Ok(f64::from(count) / run.elapsed.as_secs_f64())
}

fn building(city: &City, number: u32) -> Building {
    city.building(number.wrapping_mul(STRIDE) % city.size())
}

fn exactly(city: &City, number: u32) -> String {
    building(city, number).one_line()
}

/// Of ten addresses six are exact, two misspelt and two not there.
fn mixed(city: &City, number: u32) -> String {
    let mut asked = building(city, number);
    let exact = asked.one_line();
    match number % 10 {
        0 => exact.replacen(asked.street, &misspelt(asked.street), 1),
        1 => {
            asked.suffix = "";
            asked.one_line()
        }
        2 => {
            asked.number += 90_000;
            asked.one_line()
        }
        3 => exact.replacen(asked.street, "NOWHERE PARTICULAR", 1),
        _ => exact,
    }
}

/// One letter too many.
fn misspelt(name: &str) -> String {
    let middle = name.len() / 2;
    format!("{}{}", &name[..=middle], &name[middle..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_name_has_one_letter_twice() {
        assert_eq!(misspelt("WALNUT"), "WALNNUT");
        assert_eq!(misspelt("OAK"), "OAAK");
    }
}
