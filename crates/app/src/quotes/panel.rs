//! Who is asked in which way, and who buys from whom.

use std::collections::BTreeMap;

use lastmile_model::carrier::HowAsked;
use lastmile_model::identity::ProviderName;
use lastmile_model::quote::OffNet;
use lastmile_providers::exchange::Exchange;
use lastmile_providers::settings::Settings;
use lastmile_providers::{Carriers, Doors, Way};

/// Who is asked in which way.
#[derive(Clone, Default)]
pub struct Panel {
    carriers: Carriers,
    off_net: BTreeMap<ProviderName, OffNet>,
}

impl Panel {
    /// Of the carriers that are set up, and those of them that buy from others.
    #[must_use]
    pub const fn new(carriers: Carriers, off_net: BTreeMap<ProviderName, OffNet>) -> Self {
        Self { carriers, off_net }
    }

    /// As a providers file says, by calls that go out through `exchange`.
    #[must_use]
    pub fn of_settings<E: Exchange + Clone>(
        settings: Settings,
        exchange: &E,
        doors: &Doors,
    ) -> Self {
        let Settings { providers, off_net } = settings;
        Self::new(Carriers::of_settings(providers, exchange, doors), off_net)
    }

    /// How a provider is asked. One that is not set up is answered from its lists and rate cards.
    pub(super) fn way(&self, provider: &ProviderName) -> Way {
        self.carriers
            .way(provider)
            .cloned()
            .unwrap_or(Way::Coverage)
    }

    /// From whom a provider buys; `None` where it sells only its own lines.
    pub(super) fn off_net(&self, provider: &ProviderName) -> Option<&OffNet> {
        self.off_net
            .get(provider)
            .filter(|off_net| !off_net.suppliers.is_empty())
    }

    /// Those that are set up, by name, and how they are doing.
    pub fn providers(&self) -> impl Iterator<Item = (&ProviderName, HowAsked)> {
        let how = |way: &Way| match way {
            Way::Live(carrier) => HowAsked::Live(Box::new(carrier.health())),
            Way::Coverage => HowAsked::Coverage,
            Way::Person => HowAsked::Person,
        };
        let all = self.carriers.iter();
        all.map(move |(provider, way)| (provider, how(way)))
    }
}
