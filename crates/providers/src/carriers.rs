//! Which providers there are, and how each is asked.

use std::collections::BTreeMap;
use std::sync::Arc;

use lastmile_model::carrier::CarrierHealth;
use lastmile_model::identity::ProviderName;

use crate::doors::Doors;
use crate::exchange::Exchange;
use crate::guard::{Guarded, Watched};
use crate::settings::{Kind, ProviderSettings};
use crate::sonata::Sonata;

/// How a provider is asked.
#[derive(Clone)]
pub enum Way {
    /// By its API, behind a guard.
    Live(Arc<dyn Watched>),
    /// From its lists and rate cards, which are in our own store.
    Coverage,
    /// By a person.
    Person,
}

/// The providers that are set up, by name.
#[derive(Clone, Default)]
pub struct Carriers {
    by_name: BTreeMap<ProviderName, Way>,
}

impl Carriers {
    /// What the settings name; all carriers are reached by the same `exchange`.
    #[must_use]
    pub fn of_settings<E: Exchange + Clone>(
        settings: Vec<ProviderSettings>,
        exchange: &E,
        doors: &Doors,
    ) -> Self {
        let way = |provider: &ProviderName, kind| match kind {
            Kind::Sonata { sonata, guard } => {
                let clock = Arc::clone(&doors.clock);
                let sonata = Sonata::new(*sonata, exchange.clone(), clock);
                let guarded = Guarded::new(sonata, provider.clone(), guard, doors.clone());
                Way::Live(Arc::new(guarded))
            }
            Kind::Coverage => Way::Coverage,
            Kind::Person => Way::Person,
        };
        settings
            .into_iter()
            .map(|ProviderSettings { name, kind }| {
                let way = way(&name, kind);
                (name, way)
            })
            .collect()
    }

    /// How a provider is asked; `None` where it is not set up.
    #[must_use]
    pub fn way(&self, provider: &ProviderName) -> Option<&Way> {
        self.by_name.get(provider)
    }

    /// All of them, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&ProviderName, &Way)> {
        self.by_name.iter()
    }

    /// How those are doing that are asked by API.
    #[must_use]
    pub fn health(&self) -> Vec<CarrierHealth> {
        self.by_name
            .values()
            .filter_map(|way| match way {
                Way::Live(carrier) => Some(carrier.health()),
                Way::Coverage | Way::Person => None,
            })
            .collect()
    }
}

impl FromIterator<(ProviderName, Way)> for Carriers {
    fn from_iter<I: IntoIterator<Item = (ProviderName, Way)>>(ways: I) -> Self {
        Self {
            by_name: ways.into_iter().collect(),
        }
    }
}
