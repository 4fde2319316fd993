//! What is asked for in a quote, and how much of it there may be.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use thiserror::Error;

use crate::address::NormalAddress;
use crate::carrier::{Firmness, Location, Service, Term};
use crate::identity::{ProviderName, TenantId};
use crate::timed_id::timed_id;

use super::QuoteState;

/// Most locations in one quote.
pub const LOCATIONS_MAX: usize = 2_000;
/// Most providers in one quote. So many progress records are read as one read unit.
pub const PROVIDERS_MAX: usize = 40;
/// Most services asked for at each location.
pub const SERVICES_MAX: usize = 4;
/// Most terms asked for.
pub const TERMS_MAX: usize = 12;
/// Longest time that a quote may take.
pub const DEADLINE_MAX: SignedDuration = SignedDuration::from_hours(24);
/// How many locations a provider is asked about by one message, and how many lie in one slice.
pub const SLICE_LOCATIONS: usize = 20;

timed_id! {
    /// Names one quote of one tenant; ids sort by their time.
    QuoteId,
    /// A text is not a quote's id.
    BadQuoteId,
    "not a quote id: expected 32 lower-case hexadecimal digits"
}

/// The axes of a quote. Providers are in the order of their names, terms in the order of their length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grid {
    /// How many locations.
    pub locations: u32,
    /// Who is asked; each once.
    pub providers: Vec<ProviderName>,
    /// What is asked for at every location.
    pub services: Vec<Service>,
    /// For how long; each once.
    pub terms: Vec<Term>,
}

impl Grid {
    /// Cells of one provider.
    #[must_use]
    pub fn cells_per_provider(&self) -> u64 {
        let per_location = self.services.len() * self.terms.len();
        u64::from(self.locations) * u64::try_from(per_location).unwrap_or(u64::MAX)
    }

    /// All cells.
    #[must_use]
    pub fn cells(&self) -> u64 {
        self.cells_per_provider() * u64::try_from(self.providers.len()).unwrap_or(u64::MAX)
    }

    /// Which of the providers one is, from 0; `None` where the quote does not ask it.
    #[must_use]
    pub fn place_of(&self, provider: &ProviderName) -> Option<u8> {
        let place = self.providers.binary_search(provider).ok()?;
        u8::try_from(place).ok()
    }

    /// Slices of one provider.
    #[must_use]
    pub fn slices(&self) -> u32 {
        self.locations.div_ceil(LOCATIONS_A_SLICE)
    }

    /// How many locations lie in a slice: the last one may have fewer.
    #[must_use]
    pub fn locations_in(&self, slice: u32) -> usize {
        let left = self.locations.saturating_sub(first_location(slice));
        let left = left.min(LOCATIONS_A_SLICE);
        usize::try_from(left).unwrap_or_default()
    }
}

/// The same, as locations are numbered.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a named limit far below 2^32"
)]
const LOCATIONS_A_SLICE: u32 = SLICE_LOCATIONS as u32;

/// In which slice a location lies, and where in it; all are counted from 0.
#[must_use]
pub const fn slice_of(location: u32) -> (u32, usize) {
    let in_slice = location % LOCATIONS_A_SLICE;
    (location / LOCATIONS_A_SLICE, in_slice as usize)
}

/// The first location of a slice.
#[must_use]
pub const fn first_location(slice: u32) -> u32 {
    slice.saturating_mul(LOCATIONS_A_SLICE)
}

/// A quote that is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct QuoteRequest {
    /// What the client sent, without the locations: opaque text of the surface it came by.
    pub document: String,
    /// 1 to [`LOCATIONS_MAX`] of them.
    pub locations: Vec<Asked>,
    /// 1 to [`PROVIDERS_MAX`] of them.
    pub providers: Vec<ProviderName>,
    /// 1 to [`SERVICES_MAX`] of them.
    pub services: Vec<Service>,
    /// 1 to [`TERMS_MAX`] of them.
    pub terms: Vec<Term>,
    /// How much the prices are to bind.
    pub firmness: Firmness,
    /// When it must have ended, whatever is still missing.
    pub deadline: Timestamp,
}

/// A location as it was asked about.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// The client's own name for it, if it gave one.
    pub label: Option<String>,
    /// As it was written, on one line.
    pub written: String,
    /// What carriers are asked about, where it stands first.
    pub location: Location,
}

/// For each location the first one with the same address, where one stands before it: carriers are asked about that one,
/// and their answers are the answers for both. Locations are counted from 0.
#[must_use]
pub fn repeated(locations: &[Asked]) -> Vec<Option<u32>> {
    let mut first: HashMap<&NormalAddress, u32> = HashMap::with_capacity(locations.len());
    let addresses = locations.iter().map(|asked| &asked.location.address);
    let repeats = (0..).zip(addresses).map(|(number, address)| {
        let earlier = *first.entry(address).or_insert(number);
        (earlier != number).then_some(earlier)
    });
    repeats.collect()
}

/// The request cannot be taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum RequestRefused {
    /// An axis of the grid is empty.
    #[error("the quote names no {axis}: give at least one")]
    Nothing {
        /// Which one.
        axis: &'static str,
    },
    /// An axis of the grid is too long.
    #[error("the quote has {given} {axis} where at most {allowed} are allowed: split it")]
    TooMany {
        /// Which one.
        axis: &'static str,
        /// How many there are.
        given: usize,
        /// How many there may be.
        allowed: usize,
    },
    /// A service that carries nothing.
    #[error("a service has no bandwidth: give more than 0 Mbit/s in both directions")]
    NoBandwidth,
    /// The deadline is over already.
    #[error("the deadline has passed already: give a later one")]
    DeadlinePassed,
    /// The deadline is later than a quote may take.
    #[error("the deadline is more than {} hours away: give an earlier one", DEADLINE_MAX.as_hours())]
    DeadlineTooLate,
}

impl QuoteRequest {
    /// The axes, in order and without repetitions.
    ///
    /// # Errors
    /// [`RequestRefused`] where one is empty or too long, or the deadline has passed by `now` or is too late.
    pub fn grid(&self, now: Timestamp) -> Result<Grid, RequestRefused> {
        let mut providers = self.providers.clone();
        providers.sort_unstable();
        providers.dedup();
        let mut terms = self.terms.clone();
        terms.sort_unstable();
        terms.dedup();
        let mut services = self.services.clone();
        services.sort_unstable();
        services.dedup();
        for (axis, given, allowed) in [
            ("locations", self.locations.len(), LOCATIONS_MAX),
            ("providers", providers.len(), PROVIDERS_MAX),
            ("services", services.len(), SERVICES_MAX),
            ("terms", terms.len(), TERMS_MAX),
        ] {
            if given == 0 {
                return Err(RequestRefused::Nothing { axis });
            }
            if given > allowed {
                return Err(RequestRefused::TooMany {
                    axis,
                    given,
                    allowed,
                });
            }
        }
        let carries_nothing = |service: &Service| service.down.0 == 0 || service.up.0 == 0;
        if services.iter().any(carries_nothing) {
            return Err(RequestRefused::NoBandwidth);
        }
        if self.deadline <= now {
            return Err(RequestRefused::DeadlinePassed);
        }
        if self.deadline.duration_since(now) > DEADLINE_MAX {
            return Err(RequestRefused::DeadlineTooLate);
        }
        Ok(Grid {
            locations: u32::try_from(self.locations.len()).unwrap_or(u32::MAX),
            providers,
            services,
            terms,
        })
    }
}

/// A stored quote without its locations, its document and its answers.
#[derive(Clone, Debug, PartialEq)]
pub struct QuoteHead {
    /// Which.
    pub id: QuoteId,
    /// Whose. Part of its key: to another tenant it does not exist.
    pub tenant: TenantId,
    /// Where it stands.
    pub state: QuoteState,
    /// Rises with every change of the head.
    pub revision: u32,
    /// The axes.
    pub grid: Grid,
    /// Whether an address stands in it more than once.
    pub repeats: bool,
    /// How much the prices are to bind.
    pub firmness: Firmness,
    /// When it must have ended.
    pub deadline: Timestamp,
    /// How many providers have lines left that wait for an answer.
    pub providers_left: u32,
    /// When it was last changed.
    pub updated: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::parse;
    use crate::carrier::Product;
    use crate::claim::Kbps;

    fn request(locations: usize, providers: &[&str], terms: &[u16]) -> QuoteRequest {
        let asked = Asked {
            label: None,
            written: "133 N Main St, Port Alden, NH 03611".to_owned(),
            location: Location {
                address: NormalAddress::of(&parse("133 N Main St, Port Alden, NH 03611")),
                coordinates: None,
                carrier_place: None,
            },
        };
        QuoteRequest {
            document: String::new(),
            locations: vec![asked; locations],
            providers: providers
                .iter()
                .map(|name| ProviderName::new(name).unwrap())
                .collect(),
            services: vec![Service {
                product: Product::BasicInternetAccess,
                down: Kbps(100_000),
                up: Kbps(20_000),
                access: None,
            }],
            terms: terms.iter().filter_map(|term| Term::new(*term)).collect(),
            firmness: Firmness::Budgetary,
            deadline: Timestamp::from_second(100).unwrap(),
        }
    }

    #[test]
    fn axes_are_in_order_and_without_repetitions() {
        let grid = request(41, &["B", "A", "B"], &[36, 12, 36])
            .grid(Timestamp::UNIX_EPOCH)
            .unwrap();
        let names: Vec<&str> = grid.providers.iter().map(ProviderName::as_str).collect();
        assert_eq!(names, ["A", "B"]);
        let place_of = |name| grid.place_of(&ProviderName::new(name).unwrap());
        assert_eq!(["A", "B", "C"].map(place_of), [Some(0), Some(1), None]);
        let months: Vec<u16> = grid.terms.iter().map(|term| term.months()).collect();
        assert_eq!(months, [12, 36]);
        assert_eq!(grid.cells(), 41 * 2 * 2);
        assert_eq!(grid.slices(), 3);
        assert_eq!(
            [0, 1, 2, 3].map(|slice| grid.locations_in(slice)),
            [20, 20, 1, 0]
        );
    }

    #[test]
    fn a_repeated_location_is_known_by_its_address() {
        let at = |written: &str| Asked {
            label: Some(written.to_owned()),
            written: written.to_owned(),
            location: Location {
                address: NormalAddress::of(&parse(written)),
                coordinates: None,
                carrier_place: None,
            },
        };
        let locations = [
            at("133 N Main St, Port Alden, NH 03611"),
            at("135 N Main St, Port Alden, NH 03611"),
            at("133 north main street, Port Alden NH 03611"),
            at("133 N Main St Apt 4, Port Alden, NH 03611"),
            at("133 N. MAIN ST, PORT ALDEN, NH 03611"),
        ];
        assert_eq!(repeated(&locations), [None, None, Some(0), None, Some(0)]);
    }

    #[test]
    fn what_is_empty_too_long_or_too_late_is_refused() {
        let now = Timestamp::UNIX_EPOCH;
        let nothing = |axis| Err(RequestRefused::Nothing { axis });
        assert_eq!(request(0, &["A"], &[12]).grid(now), nothing("locations"));
        assert_eq!(request(1, &[], &[12]).grid(now), nothing("providers"));
        assert_eq!(request(1, &["A"], &[]).grid(now), nothing("terms"));
        let refused = request(LOCATIONS_MAX + 1, &["A"], &[12]).grid(now);
        assert_eq!(
            refused,
            Err(RequestRefused::TooMany {
                axis: "locations",
                given: LOCATIONS_MAX + 1,
                allowed: LOCATIONS_MAX
            })
        );
        let late = request(1, &["A"], &[12]);
        assert_eq!(
            late.grid(late.deadline),
            Err(RequestRefused::DeadlinePassed)
        );
        let earliest = late.deadline.saturating_sub(DEADLINE_MAX).unwrap();
        assert!(late.grid(earliest).is_ok());
        let before = earliest
            .saturating_sub(SignedDuration::from_secs(1))
            .unwrap();
        assert_eq!(late.grid(before), Err(RequestRefused::DeadlineTooLate));
    }

    #[test]
    fn an_id_reads_back_and_says_its_time() {
        let at = Timestamp::from_millisecond(1_790_000_000_123).unwrap();
        let id = QuoteId::new(at, [7; 10]);
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(id.created(), at);
        assert!("0".parse::<QuoteId>().is_err());
    }
}
