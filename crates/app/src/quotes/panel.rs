//! Who is asked in which way, and who buys from whom.

use std::collections::{BTreeMap, BTreeSet};

use lastmile_model::carrier::HowAsked;
use lastmile_model::identity::ProviderName;
use lastmile_model::quote::OffNet;
use lastmile_providers::exchange::Exchange;
use lastmile_providers::settings::Settings;
use lastmile_providers::{CallBack, Carriers, Doors, Way};

/// Who is asked in which way.
#[derive(Clone, Default)]
pub struct Panel {
    carriers: Carriers,
    off_net: BTreeMap<ProviderName, OffNet>,
    call_back: Option<CallBack>,
    /// Who is set up, also where this process asks none of them.
    names: BTreeSet<ProviderName>,
}

impl Panel {
    /// Of the carriers that are set up, and those of them that buy from others.
    #[must_use]
    pub fn new(carriers: Carriers, off_net: BTreeMap<ProviderName, OffNet>) -> Self {
        let set_up = carriers.iter().map(|(name, _)| name);
        let names = set_up.chain(off_net.keys()).cloned().collect();
        Self {
            carriers,
            off_net,
            call_back: None,
            names,
        }
    }

    /// As a providers file says, for a process that takes quotes in and asks nobody: it holds no client of carriers.
    #[must_use]
    pub fn that_asks_nobody(settings: Settings) -> Self {
        let Settings {
            providers,
            off_net,
            call_back,
        } = settings;
        let mut panel = Self::new(Carriers::default(), off_net).called_back(call_back);
        let names = providers.into_iter().map(|provider| provider.name);
        panel.names.extend(names);
        panel
    }

    /// As a providers file says, by calls that go out through `exchange`.
    #[must_use]
    pub fn of_settings<E: Exchange + Clone>(
        settings: Settings,
        exchange: &E,
        doors: &Doors,
    ) -> Self {
        let Settings {
            providers,
            off_net,
            call_back,
        } = settings;
        let carriers = Carriers::of_settings(providers, exchange, doors);
        Self::new(carriers, off_net).called_back(call_back)
    }

    /// The same panel where carriers reach us so.
    #[must_use]
    pub fn called_back(self, call_back: Option<CallBack>) -> Self {
        Self { call_back, ..self }
    }

    /// How carriers reach us; `None` where none does.
    #[must_use]
    pub const fn call_back(&self) -> Option<&CallBack> {
        self.call_back.as_ref()
    }

    /// Whether a carrier calls back about what it is doing.
    pub(super) fn calls_back(&self, carrier: &ProviderName) -> bool {
        let call_back = self.call_back.as_ref();
        call_back.is_some_and(|call_back| call_back.carriers.contains(carrier))
    }

    /// How a provider is asked. One that is not set up is answered from its lists and rate cards.
    #[must_use]
    pub fn way(&self, provider: &ProviderName) -> Way {
        self.carriers
            .way(provider)
            .cloned()
            .unwrap_or(Way::Coverage)
    }

    /// Who is set up, in whatever way.
    pub(super) fn names(&self) -> impl Iterator<Item = &ProviderName> {
        self.names.iter()
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
