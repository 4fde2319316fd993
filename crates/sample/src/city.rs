//! The city: every building is a function of its position, so that ten million need no memory.

use jiff::civil::Date;

/// Name of the city.
pub const CITY: &str = "PORT ALDEN";
/// State it is said to lie in.
pub const STATE: &str = "NH";
/// First of the ZIP codes; none of them is in use.
const FIRST_ZIP: u32 = 3611;
/// How many ZIP codes there are.
const ZIPS_MAX: u32 = 125;
/// Buildings in a ZIP code, until there are more buildings than ZIP codes for them.
const BUILDINGS_PER_ZIP: u32 = 8_000;
/// Buildings on a street.
const HOUSES_PER_STREET: u32 = 40;
/// Houses in one block of a hundred numbers.
const HOUSES_PER_BLOCK: u32 = 10;
/// South-west corner, in degrees.
const CORNER: (f64, f64) = (43.70, -71.95);
/// ZIP codes side by side.
const ZIPS_PER_ROW: u32 = 12;
/// One building in so many has units.
const UNITS_EVERY: u32 = 9;
/// Which of them.
const UNITS_AT: u32 = 4;
/// One street in so many has a directional.
const DIRECTIONAL_EVERY: usize = 3;
/// Streets of one name differ in their first block, by this many blocks a street.
const BLOCK_STEP: u32 = 7;
/// First blocks in use.
const BLOCKS: u32 = 20;

const NAMES: &[&str] = &[
    "MAIN",
    "5TH",
    "CEDAR",
    "MILL",
    "CHURCH",
    "26TH",
    "WALNUT",
    "COURT",
    "SPRUCE",
    "HARBOR",
    "GRANITE",
    "PARK",
    "WARREN",
    "1ST",
    "LINCOLN",
    "ALDEN",
    "NORTH",
    "FRANKLIN",
    "QUARRY",
    "12TH",
    "MADISON",
    "SUMMIT",
    "ORCHARD",
    "COMMERCE",
    "RIVER",
    "3RD",
    "JEFFERSON",
    "FOUNDRY",
    "WILLOW",
    "SAINT JAMES",
    "PLEASANT",
    "22ND",
    "HAWTHORNE",
    "STATION",
    "MONROE",
    "BIRCH",
    "CANAL",
    "8TH",
    "LAFAYETTE",
    "DEPOT",
    "SYCAMORE",
    "PROSPECT",
    "HIGHLAND",
    "41ST",
    "ADAMS",
    "MEADOW",
    "CONCORD",
    "LEDGE",
    "BUENA VISTA",
    "10TH",
    "CHESTNUT",
    "WHARF",
    "HAMPTON",
    "GARFIELD",
    "MAPLE",
    "TANNERY",
    "33RD",
    "LOCUST",
    "EXETER",
    "BAYVIEW",
    "MARTIN LUTHER KING",
    "OAK",
    "7TH",
    "CLINTON",
    "FERRY",
    "PINE GROVE",
    "DOVER",
    "HICKORY",
    "19TH",
    "LIBERTY",
    "STONE",
    "WINDSOR",
    "ASPEN",
    "SCHOOL",
    "MERCHANT",
    "14TH",
    "VALLEY",
    "CAMBRIDGE",
    "JUNIPER",
    "BRIDGE",
    "OLD POST",
    "COLUMBIA",
    "28TH",
    "RAILROAD",
    "SHERIDAN",
    "POPLAR",
    "BEACON",
    "GARDEN",
    "6TH",
    "WHITTIER",
    "HEMLOCK",
    "MARKET",
    "LONGFELLOW",
    "30TH",
    "HUNTER",
    "CRESCENT",
];

const SUFFIXES: &[&str] = &[
    "ST", "AVE", "RD", "LN", "DR", "WAY", "CT", "BLVD", "PL", "TER", "PKWY", "CIR",
];

const DIRECTIONALS: &[&str] = &["N", "E", "S", "W"];

/// One building.
#[derive(Clone, Debug, PartialEq)]
pub struct Building {
    /// Its position in the city.
    pub index: u32,
    /// House number.
    pub number: u32,
    /// Directional before the name.
    pub predirectional: Option<&'static str>,
    /// Street name.
    pub street: &'static str,
    /// Street suffix, abbreviated.
    pub suffix: &'static str,
    /// A unit in it, where it has units.
    pub unit: Option<u32>,
    /// Five digits.
    pub zip: String,
    /// Degrees.
    pub latitude: f64,
    /// Degrees.
    pub longitude: f64,
}

impl Building {
    /// The delivery line in standard spelling, without a unit: `303 E 26TH ST`.
    #[must_use]
    pub fn line(&self) -> String {
        let Self {
            number,
            street,
            suffix,
            ..
        } = self;
        match self.predirectional {
            Some(directional) => format!("{number} {directional} {street} {suffix}"),
            None => format!("{number} {street} {suffix}"),
        }
    }

    /// The whole address in standard spelling: `303 E 26TH ST, PORT ALDEN, NH 03611`.
    #[must_use]
    pub fn one_line(&self) -> String {
        format!("{}, {CITY}, {STATE} {}", self.line(), self.zip)
    }
}

/// A city of a size, as its providers see it on one day.
#[derive(Clone, Debug)]
pub struct City {
    seed: u64,
    buildings: u32,
    today: Date,
}

impl City {
    /// A city of so many buildings; the day is the one that the lists are dated by.
    #[must_use]
    pub const fn new(seed: u64, buildings: u32, today: Date) -> Self {
        Self {
            seed,
            buildings,
            today,
        }
    }

    /// How many buildings it has.
    #[must_use]
    pub const fn size(&self) -> u32 {
        self.buildings
    }

    /// The day that the lists are dated by.
    #[must_use]
    pub const fn today(&self) -> Date {
        self.today
    }

    /// All buildings, in order.
    pub fn buildings(&self) -> impl Iterator<Item = Building> {
        (0..self.buildings).map(|index| self.building(index))
    }

    /// The building at a position; positions past the end wrap around.
    #[must_use]
    pub fn building(&self, index: u32) -> Building {
        let index = index % self.buildings.max(1);
        let per_zip = BUILDINGS_PER_ZIP.max(self.buildings.div_ceil(ZIPS_MAX));
        let zip = index / per_zip;
        let street = index % per_zip / HOUSES_PER_STREET;
        let house = index % HOUSES_PER_STREET;
        let name = (street + zip * BLOCK_STEP) as usize % NAMES.len();
        let variation = street as usize / NAMES.len();
        let block = 1 + street * BLOCK_STEP % BLOCKS + house / HOUSES_PER_BLOCK;
        Building {
            index,
            number: block * 100 + house % HOUSES_PER_BLOCK * 8 + 1 + house % 2,
            predirectional: name
                .is_multiple_of(DIRECTIONAL_EVERY)
                .then(|| DIRECTIONALS[name / DIRECTIONAL_EVERY % DIRECTIONALS.len()]),
            street: NAMES[name],
            suffix: SUFFIXES[(name * 5 + variation) % SUFFIXES.len()],
            unit: (index % UNITS_EVERY == UNITS_AT).then_some(1 + index % 30),
            zip: format!("{:05}", FIRST_ZIP + zip),
            latitude: CORNER.0 + f64::from(zip / ZIPS_PER_ROW) * 0.09 + f64::from(street) * 0.0004,
            longitude: CORNER.1 + f64::from(zip % ZIPS_PER_ROW) * 0.02 + f64::from(house) * 0.0004,
        }
    }

    /// Chance for one building in one list: the same every time.
    pub(crate) fn chance(&self, list: u64, building: u32) -> fastrand::Rng {
        const ODD: u64 = 0x9E37_79B9_7F4A_7C15;
        let place = u64::from(building).wrapping_add(list << 32).wrapping_add(1);
        fastrand::Rng::with_seed(self.seed ^ place.wrapping_mul(ODD))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use jiff::civil::date;

    use super::*;

    #[test]
    fn no_two_buildings_have_one_address() {
        for size in [20_000, 1_000_000] {
            let city = City::new(1, size, date(2026, 3, 3));
            let addresses: HashSet<(String, String)> = city
                .buildings()
                .map(|building| (building.line(), building.zip))
                .collect();
            assert_eq!(addresses.len(), size as usize);
        }
    }

    #[test]
    fn zip_codes_stay_within_the_unused_ones() {
        let city = City::new(1, 3_333_334, date(2026, 3, 3));
        assert_eq!(city.building(0).zip, "03611");
        assert_eq!(city.building(3_333_333).zip, "03735");
    }
}
