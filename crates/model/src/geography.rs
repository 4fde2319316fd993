//! Places on the ground: coordinates, distances, H3 cells.

use h3o::{CellIndex, LatLng, Resolution};

/// A point, WGS 84, in degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Coordinates {
    /// -90 to 90.
    pub latitude: f64,
    /// -180 to 180.
    pub longitude: f64,
}

/// Mean radius of the Earth in metres (IUGG).
const EARTH_RADIUS_M: f64 = 6_371_008.8;

impl Coordinates {
    /// Takes a point; `None` where it is not on the globe, and for 0/0, which lists write where they have
    /// no coordinates.
    #[must_use]
    pub fn new(latitude: f64, longitude: f64) -> Option<Self> {
        let on_globe = latitude.abs() <= 90.0 && longitude.abs() <= 180.0;
        let written = latitude.abs() > f64::EPSILON || longitude.abs() > f64::EPSILON;
        (on_globe && written).then_some(Self {
            latitude,
            longitude,
        })
    }

    /// Great-circle distance in metres (haversine; good to 0.6 %, the flattening of the Earth).
    #[must_use]
    pub fn distance_m(self, other: Self) -> f64 {
        let half_latitude = (other.latitude - self.latitude).to_radians() / 2.0;
        let half_longitude = (other.longitude - self.longitude).to_radians() / 2.0;
        let cosines = self.latitude.to_radians().cos() * other.latitude.to_radians().cos();
        let chord = half_latitude.sin().powi(2) + cosines * half_longitude.sin().powi(2);
        2.0 * EARTH_RADIUS_M * chord.sqrt().min(1.0).asin()
    }

    /// The point at `fraction` (0 to 1) of the straight way to `other`; for points of one street, whose
    /// curvature does not matter. Not across the 180th meridian.
    #[must_use]
    pub fn towards(self, other: Self, fraction: f64) -> Self {
        let mix = |from: f64, to: f64| from + (to - from) * fraction;
        Self {
            latitude: mix(self.latitude, other.latitude),
            longitude: mix(self.longitude, other.longitude),
        }
    }
}

/// An H3 cell, as its 64-bit index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Cell(pub u64);

impl Cell {
    /// The cell of a resolution (0 to 15) that a point lies in; `None` where either does not exist.
    #[must_use]
    pub fn at(point: Coordinates, resolution: u8) -> Option<Self> {
        let resolution = Resolution::try_from(resolution).ok()?;
        let point = LatLng::new(point.latitude, point.longitude).ok()?;
        Some(Self(u64::from(point.to_cell(resolution))))
    }

    /// The cells exactly `steps` away: this one for 0, its six neighbours (five at one of H3's twelve
    /// pentagons) for 1; none where the index is not a cell.
    #[must_use]
    pub fn ring(self, steps: u32) -> Vec<Self> {
        let Ok(center) = CellIndex::try_from(self.0) else {
            return Vec::new();
        };
        center
            .grid_ring::<Vec<CellIndex>>(steps)
            .into_iter()
            .map(|cell| Self(cell.into()))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn us_point() -> impl Strategy<Value = Coordinates> {
        (18.0..72.0_f64, -170.0..-65.0_f64).prop_map(|(latitude, longitude)| Coordinates {
            latitude,
            longitude,
        })
    }

    #[test]
    fn distances_are_those_of_the_map() {
        // Capitol building and Union Pacific depot of Cheyenne, about 950 m apart on the map.
        let capitol = Coordinates {
            latitude: 41.140_26,
            longitude: -104.820_24,
        };
        let depot = Coordinates {
            latitude: 41.132_01,
            longitude: -104.814_50,
        };
        let metres = capitol.distance_m(depot);
        assert!((950.0..1_080.0).contains(&metres), "{metres}");
    }

    #[test]
    fn a_point_off_the_globe_or_not_written_is_none() {
        assert_eq!(Coordinates::new(90.1, 0.0), None);
        assert_eq!(Coordinates::new(0.0, -180.5), None);
        assert_eq!(Coordinates::new(f64::NAN, 10.0), None);
        assert_eq!(Coordinates::new(0.0, 0.0), None);
        assert!(Coordinates::new(41.1, -104.8).is_some());
        let nowhere = Coordinates {
            latitude: f64::NAN,
            longitude: 0.0,
        };
        assert_eq!(Cell::at(nowhere, 9), None);
        assert_eq!(Cell(7).ring(1), Vec::new());
    }

    proptest! {
        #[test]
        fn distance_is_symmetric_and_zero_only_to_itself(a in us_point(), b in us_point()) {
            prop_assert!((a.distance_m(b) - b.distance_m(a)).abs() < 1e-6);
            prop_assert!(a.distance_m(a).abs() < 1e-6);
        }

        #[test]
        fn a_near_point_lies_in_the_cell_or_its_first_ring(
            point in us_point(), north_m in -150.0..150.0_f64, east_m in -150.0..150.0_f64,
        ) {
            // The shortest way across a neighbour of resolution 9 is above 250 m everywhere in the US.
            let degree_m = 111_320.0;
            let near = Coordinates {
                latitude: point.latitude + north_m / degree_m,
                longitude: point.longitude
                    + east_m / (degree_m * point.latitude.to_radians().cos()),
            };
            let cell = Cell::at(point, 9).expect("on the globe");
            let other = Cell::at(near, 9).expect("on the globe");
            let disk = [cell.ring(0), cell.ring(1)].concat();
            prop_assert!(disk.contains(&other));
        }

        #[test]
        fn rings_do_not_overlap(point in us_point()) {
            let cell = Cell::at(point, 9).expect("on the globe");
            let mut all = [cell.ring(0), cell.ring(1), cell.ring(2)].concat();
            let count = all.len();
            all.sort_unstable();
            all.dedup();
            prop_assert_eq!(all.len(), count);
        }
    }
}
