//! What a provider says it can deliver at a building, exactly as its list says it.

use std::sync::Arc;

use crate::Text;
use crate::address::{BuildingKey, NormalAddress};
use crate::geography::{Cell, Coordinates};
use crate::identity::ProviderName;
use crate::money::Money;

/// How the service reaches the building (the codes of the FCC's Broadband Data Collection, and what
/// lit-building lists add to them).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Technology {
    /// Copper pair (BDC 10).
    Copper,
    /// Coaxial cable / HFC (BDC 40).
    Cable,
    /// Fiber to the premises (BDC 50).
    Fiber,
    /// Ethernet over a medium that the list does not name (lit-building lists).
    Ethernet,
    /// Unlicensed fixed wireless (BDC 70).
    UnlicensedFixedWireless,
    /// Licensed fixed wireless (BDC 71).
    LicensedFixedWireless,
    /// Licensed-by-rule fixed wireless (BDC 72).
    LicensedByRuleFixedWireless,
    /// The list says "not fiber" and no more.
    NotFiber,
    /// Anything else (BDC 0), or not said.
    Other,
}

impl Technology {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Copper,
        Self::Cable,
        Self::Fiber,
        Self::Ethernet,
        Self::UnlicensedFixedWireless,
        Self::LicensedFixedWireless,
        Self::LicensedByRuleFixedWireless,
        Self::NotFiber,
        Self::Other,
    ];

    /// The name used on every surface: `copper`, `cable`, `fiber`, `ethernet`, `unlicensed_fixed_wireless`,
    /// `licensed_fixed_wireless`, `licensed_by_rule_fixed_wireless`, `not_fiber`, `other`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Copper => "copper",
            Self::Cable => "cable",
            Self::Fiber => "fiber",
            Self::Ethernet => "ethernet",
            Self::UnlicensedFixedWireless => "unlicensed_fixed_wireless",
            Self::LicensedFixedWireless => "licensed_fixed_wireless",
            Self::LicensedByRuleFixedWireless => "licensed_by_rule_fixed_wireless",
            Self::NotFiber => "not_fiber",
            Self::Other => "other",
        }
    }
}

/// Megabits per second, in thousandths (kbit/s), so that `0.75 Mbps` is exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Kbps(pub u64);

/// What the list says about selling it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Standing {
    /// `Y`, on-net, lit: it can be sold.
    Offered,
    /// `N`: it cannot be delivered at this building.
    NotOffered,
    /// `ICB`: a person prices it, case by case.
    IndividualCase,
    /// Stubbed, fiber only: the route is there, the building needs construction.
    NearNet,
    /// The building is known but must not be sold.
    Restricted,
}

/// A price as the list has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListPrice {
    /// Monthly recurring charge.
    pub mrc: Money,
}

/// One provider's statement about one service at one building (or unit). Never merged with another's.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// Who claims it. Usually the list's owner; a collected list names one provider a row.
    pub provider: ProviderName,
    /// The building; claims that are read together share it.
    pub building: Arc<BuildingKey>,
    /// The place in the words of the list, in standard form; shared too, where it is the same.
    pub place: Arc<NormalAddress>,
    /// How it gets there.
    pub technology: Technology,
    /// Product or package, as the list names it; tells apart several claims of one technology.
    pub product: Option<Text>,
    /// Smallest bandwidth that is sold, where the list gives a range.
    pub smallest: Option<Kbps>,
    /// Highest download bandwidth, where said.
    pub down: Option<Kbps>,
    /// Highest upload bandwidth, where said.
    pub up: Option<Kbps>,
    /// What the list says about selling it.
    pub standing: Standing,
    /// Where the list has one.
    pub price: Option<ListPrice>,
    /// Where the list has them.
    pub coordinates: Option<Coordinates>,
    /// The provider's own id of the building or location.
    pub provider_building_id: Option<Text>,
    /// The carrier whose line is resold, where the list says so.
    pub underlying_provider: Option<ProviderName>,
}

/// What a provider reports for an area: no building, so never more than a hint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AreaHint {
    /// Who reports it (the brand).
    pub provider: ProviderName,
    /// The area, an H3 cell of resolution 8.
    pub cell: Cell,
    /// How it gets there.
    pub technology: Technology,
    /// Highest advertised download bandwidth in the cell.
    pub down: Option<Kbps>,
    /// Highest advertised upload bandwidth in the cell.
    pub up: Option<Kbps>,
}
