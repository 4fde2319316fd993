//! The rate cards of one provider, read as far as they are asked for.
//!
//! For a building two ranges of a card are read: the rates of its ZIP code and of buildings there, and those of
//! wider zones, which are read once for all buildings that are asked about together.

use std::collections::BTreeMap;

use lastmile_model::address::Area;
use lastmile_model::carrier::Product;
use lastmile_model::identity::ProviderName;
use lastmile_model::listing::Generation;
use lastmile_model::rate_card::Rate;
use lastmile_store::key::{narrow_rates, wide_rates};
use lastmile_store::{Query, StoreError, record};

use crate::Context;
use crate::listed::read_all;

/// See the module.
pub(super) struct RateCards<'a> {
    context: &'a Context,
    provider: &'a ProviderName,
    cards: Vec<Generation>,
    wide: BTreeMap<Product, Vec<Rate>>,
    narrow: BTreeMap<(Product, Area), Vec<Rate>>,
}

impl<'a> RateCards<'a> {
    /// The given imports of a provider's rate cards; nothing is read yet.
    pub(super) const fn new(
        context: &'a Context,
        provider: &'a ProviderName,
        cards: Vec<Generation>,
    ) -> Self {
        Self {
            context,
            provider,
            cards,
            wide: BTreeMap::new(),
            narrow: BTreeMap::new(),
        }
    }

    /// Whether the provider has none.
    pub(super) const fn is_empty(&self) -> bool {
        self.cards.is_empty()
    }

    /// Every rate for a product that can hold at a building in the area.
    pub(super) async fn rates(
        &mut self,
        product: Product,
        area: &Area,
    ) -> Result<impl Iterator<Item = &Rate> + Clone, StoreError> {
        if !self.wide.contains_key(&product) {
            let query = |card| wide_rates(self.provider, product, card);
            let rates = self.read(query).await?;
            self.wide.insert(product, rates);
        }
        let narrow = (product, area.clone());
        if !self.narrow.contains_key(&narrow) {
            let query = |card| narrow_rates(self.provider, product, card, area);
            let rates = self.read(query).await?;
            self.narrow.insert(narrow.clone(), rates);
        }
        let read = [self.wide.get(&product), self.narrow.get(&narrow)];
        Ok(read.into_iter().flatten().flatten())
    }

    async fn read(&self, query: impl Fn(Generation) -> Query) -> Result<Vec<Rate>, StoreError> {
        let mut rates = Vec::new();
        for card in &self.cards {
            for item in read_all(self.context, query(*card)).await? {
                rates.push(record::rate::from_item(&item)?.rate);
            }
        }
        Ok(rates)
    }
}
