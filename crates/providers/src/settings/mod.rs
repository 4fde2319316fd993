//! The settings file: which providers there are, how each is asked, and what is allowed of it.
//!
//! `docs/providers.md` says what each figure means. The file names where a secret is and never holds one.

mod file;
mod limits;

use std::collections::{BTreeMap, BTreeSet};

use lastmile_model::identity::{BadName, ProviderName};
use lastmile_model::quote::OffNet;
use thiserror::Error;

use crate::callback::CallBack;
use crate::guard::GuardFigures;
use crate::sonata::settings::SonataSettings;

/// Most providers that one file may have.
pub const PROVIDERS_MAX: usize = 1_000;

/// One provider of the file.
#[derive(Clone, Debug, PartialEq)]
pub struct ProviderSettings {
    /// Its name, as lists and quotes have it.
    pub name: ProviderName,
    /// How it is asked.
    pub kind: Kind,
}

/// How a provider is asked.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// By MEF LSO Sonata.
    Sonata {
        /// As agreed with it.
        sonata: Box<SonataSettings>,
        /// What is allowed of it.
        guard: GuardFigures,
    },
    /// From its lists and rate cards.
    Coverage,
    /// By a person.
    Person,
}

/// What one file says; nothing by default.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings {
    /// The providers, in the file's order.
    pub providers: Vec<ProviderSettings>,
    /// Those that buy lines where they have none, and from whom. A supplier need not be in the file: one that is
    /// not is answered from its lists.
    pub off_net: BTreeMap<ProviderName, OffNet>,
    /// How carriers reach us, where any does.
    pub call_back: Option<CallBack>,
}

/// A settings file cannot be used.
#[derive(Debug, Error)]
pub enum SettingsError {
    /// It is no TOML, lacks something, or has something that is not known.
    #[error("the providers file cannot be read, at or below line {line}: {what}")]
    Unreadable {
        /// Line, from 1.
        line: usize,
        /// What the parser says. Its whole error is not kept, because that shows the line, and the line
        /// may hold what should not be in the file.
        what: Box<str>,
    },
    /// A provider's name cannot be one.
    #[error("the providers file names a provider that cannot be one")]
    Name(#[source] BadName),
    /// A provider stands in it twice.
    #[error("provider {name} is in the providers file twice")]
    Twice {
        /// Its name.
        name: ProviderName,
    },
    /// There are too many.
    #[error("a providers file has at most {PROVIDERS_MAX} providers")]
    TooMany,
    /// Our own address cannot be called.
    #[error("call_back.base_url {problem}")]
    CallBack {
        /// What it must be.
        problem: &'static str,
    },
    /// A figure or text of one provider cannot be used.
    #[error("provider {name}: {field} {problem}")]
    Field {
        /// Of which provider.
        name: ProviderName,
        /// The field.
        field: &'static str,
        /// What it must be.
        problem: &'static str,
    },
}

/// Reads a settings file.
///
/// # Errors
/// [`SettingsError`].
pub fn read(text: &str) -> Result<Settings, SettingsError> {
    let file: file::File = toml::from_str(text).map_err(|error| {
        let before = error.span().and_then(|span| text.get(..span.start));
        SettingsError::Unreadable {
            line: before.unwrap_or_default().matches('\n').count() + 1,
            what: error.message().into(),
        }
    })?;
    let file::File {
        contact,
        provider,
        off_net,
        call_back,
    } = file;
    if provider.len() > PROVIDERS_MAX {
        return Err(SettingsError::TooMany);
    }
    let mut seen = BTreeSet::new();
    let mut providers = Vec::with_capacity(provider.len());
    let mut call_back = call_back.map(file::call_back).transpose()?;
    for provider in provider {
        let calls_back = provider.calls_back();
        let settings = provider.settings(contact.as_ref())?;
        if calls_back {
            let wrong = || SettingsError::Field {
                name: settings.name.clone(),
                field: "calls_back",
                problem: "needs call_back, said once for all providers",
            };
            let carriers = &mut call_back.as_mut().ok_or_else(wrong)?.carriers;
            carriers.insert(settings.name.clone());
        }
        if !seen.insert(settings.name.clone()) {
            return Err(SettingsError::Twice {
                name: settings.name,
            });
        }
        providers.push(settings);
    }
    let off_net = off_net.into_iter().map(file::off_net);
    Ok(Settings {
        providers,
        off_net: off_net.collect::<Result<_, _>>()?,
        call_back,
    })
}

#[cfg(test)]
mod tests;
