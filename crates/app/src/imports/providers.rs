//! Whose claims a list may hold, and how their providers are spelt.

use std::collections::HashMap;

use lastmile_model::identity::ProviderName;
use lastmile_model::listing::row::{Notes, RejectReason, RowReading, Warning};
use lastmile_store::StoreError;

use super::look::read_lists;
use super::retry::retrying;
use crate::Context;

/// Whose claims a list may hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ClaimsOf {
    /// Of whichever provider a row names: a list that somebody trusted has collected.
    #[default]
    Anyone,
    /// Of the list's own provider. Rows that name another one are rejected: nobody speaks for others.
    ListOwner,
}

/// The providers of one import's rows.
#[derive(Debug)]
pub(super) struct Providers {
    /// Whose list it is.
    pub(super) owner: ProviderName,
    claims_of: ClaimsOf,
    /// The owners of lists by their names in lower case.
    known: HashMap<String, ProviderName>,
}

impl Providers {
    /// Reads who has lists.
    pub(super) async fn of(
        context: &Context,
        owner: &ProviderName,
        claims_of: ClaimsOf,
    ) -> Result<Self, StoreError> {
        let lists = retrying(|| read_lists(context)).await?;
        let owners = lists.into_iter().map(|stored| stored.list.id.provider);
        let known = owners
            .chain([owner.clone()])
            .map(|owner| (owner.as_str().to_lowercase(), owner))
            .collect();
        Ok(Self {
            owner: owner.clone(),
            claims_of,
            known,
        })
    }

    /// What a row says, once it is settled whose claim it is. A name that differs from a known one by case
    /// only is most likely a slip, and is read as that one.
    pub(super) fn settle(&self, mut said: RowReading, notes: &mut Notes) -> RowReading {
        let rejected = match &mut said {
            RowReading::Claims(claims) => claims
                .iter_mut()
                .find_map(|claim| self.settle_name(&mut claim.provider, notes)),
            RowReading::Hint(hint) => self.settle_name(&mut hint.provider, notes),
            // A rate names nobody: it is the list owner's.
            RowReading::Rates(_) | RowReading::Excluded(_) | RowReading::Rejected(_) => None,
        };
        rejected.map_or(said, RowReading::Rejected)
    }

    /// Puts a name as it is known; gives back why its row cannot be used, if it cannot.
    fn settle_name(&self, name: &mut ProviderName, notes: &mut Notes) -> Option<RejectReason> {
        if *name == self.owner {
            return None;
        }
        if let Some(known) = self.known.get(&name.as_str().to_lowercase())
            && known != name
        {
            notes.warnings.push(Warning::NameFolded {
                given: name.to_string(),
                read: known.to_string(),
            });
            *name = known.clone();
        }
        match self.claims_of {
            ClaimsOf::ListOwner if *name != self.owner => Some(RejectReason::OtherProvider {
                given: name.to_string(),
                owner: self.owner.to_string(),
            }),
            ClaimsOf::ListOwner | ClaimsOf::Anyone => None,
        }
    }
}
