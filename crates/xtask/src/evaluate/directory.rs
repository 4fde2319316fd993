//! The streets and buildings that a list holds, as the product's directory would.

use std::collections::{BTreeSet, HashMap, HashSet};

use lastmile_model::Spell as _;
use lastmile_model::address::matching::{Correction, StreetMatch, match_street};
use lastmile_model::address::{Area, BuildingKey, NormalAddress, NormalStreet, StreetKey};

/// The streets of each area, and the buildings on them.
#[derive(Default)]
pub(super) struct Directory {
    streets: HashMap<Area, Vec<NormalStreet>>,
    buildings: HashSet<BuildingKey>,
}

/// The building that was meant, and what had to be corrected.
pub(super) struct Meant {
    pub(super) building: BuildingKey,
    pub(super) corrections: Vec<Correction>,
}

impl Directory {
    pub(super) fn of<'a>(addresses: impl IntoIterator<Item = &'a NormalAddress>) -> Self {
        let mut streets: HashMap<Area, BTreeSet<NormalStreet>> = HashMap::new();
        let mut buildings = HashSet::new();
        for address in addresses {
            if let (Some(key), Some(street)) = (address.building_key(), &address.street) {
                streets
                    .entry(key.street.area.clone())
                    .or_default()
                    .insert(street.clone());
                buildings.insert(key);
            }
        }
        let streets = streets
            .into_iter()
            .map(|(area, streets)| (area, streets.into_iter().collect()))
            .collect();
        Self { streets, buildings }
    }

    /// The building that the address means, on its own street or on one that is written otherwise.
    /// `hidden`: a street that is to be thought away.
    pub(super) fn meant(
        &self,
        asked: &NormalAddress,
        hidden: Option<&NormalStreet>,
    ) -> Option<Meant> {
        let (key, street) = (asked.building_key()?, asked.street.as_ref()?);
        let all = self.streets.get(&key.street.area)?;
        let left: Vec<NormalStreet>;
        let streets = match hidden {
            None => all,
            Some(hidden) => {
                left = all
                    .iter()
                    .filter(|street| *street != hidden)
                    .cloned()
                    .collect();
                &left
            }
        };
        let StreetMatch::One(only) = match_street(street, streets) else {
            return None;
        };
        let street = StreetKey {
            area: key.street.area,
            street: streets[only.index].spelled(),
        };
        let building = BuildingKey {
            street,
            number: key.number,
        };
        self.buildings.contains(&building).then_some(Meant {
            building,
            corrections: only.corrections,
        })
    }
}
