//! `lastmile keys`: API keys are made, listed, given a new text, and revoked.

use std::sync::Arc;

use clap::{Args, Subcommand, ValueEnum};
use comfy_table::{Table, presets};
use lastmile_api::shown::Time;
use lastmile_app::Context;
use lastmile_edge::{ENTROPY_BYTES, Entropy, Keys, NewKey};
use lastmile_model::identity::{
    ApiKey, Caller, DEFAULT_TENANT, KeyId, KeyName, ProviderName, Role, TenantId,
};
use serde::Serialize;
use thiserror::Error;

use crate::ending::{Ending, Failure};
use crate::home::Home;
use crate::{output, runtime};

/// Make, list, rotate and revoke API keys
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    lastmile keys create --name \"night batch\"\n  \
    lastmile keys list")]
pub(crate) struct Options {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Make a key; its text is shown this once
    #[command(after_help = "Examples:\n  \
        lastmile keys create --name \"night batch\"\n  \
        lastmile keys create --name portal --role provider --provider \"Granite State Fiber\"")]
    Create(Create),
    /// List all keys, without their texts
    #[command(after_help = "Example:\n  lastmile keys list --json")]
    List {
        /// Write one JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// Give a key a new text, shown this once; the old one is refused from now on
    #[command(after_help = "Example:\n  lastmile keys rotate 3f9a1c07b2d4")]
    Rotate {
        /// Its id, as `keys list` shows it; it stays, as name and role do
        id: KeyId,
        /// Write one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Refuse a key from now on
    #[command(after_help = "Example:\n  lastmile keys revoke 3f9a1c07b2d4")]
    Revoke {
        /// Its id, as `keys list` shows it
        id: KeyId,
    },
}

#[derive(Debug, Args)]
struct Create {
    /// What people call it
    #[arg(long, value_parser = KeyName::new)]
    name: KeyName,
    /// What it may do
    #[arg(long, value_enum, default_value_t = RoleName::Operator)]
    role: RoleName,
    /// Whose lists a provider's key may load and see
    #[arg(long, value_parser = ProviderName::new, required_if_eq("role", "provider"))]
    provider: Option<ProviderName>,
    /// On whose behalf it asks
    #[arg(long, value_parser = TenantId::new, default_value = DEFAULT_TENANT)]
    tenant: TenantId,
    /// Write one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum RoleName {
    /// The distributor's own: everything of the tenant, and every list
    Operator,
    /// Asks; loads nothing
    Agent,
    /// Loads and sees its own lists
    Provider,
}

/// A provider was named for a key that is not a provider's.
#[derive(Debug, Error)]
#[error("--provider is for keys with --role provider; leave it out, or add the role")]
struct ProviderWithoutRole;

/// Runs the command.
pub(crate) fn run(options: Options, home: &Home) -> Result<Ending, Failure> {
    let opened = match options.action {
        Action::Create(_) => home.open(),
        Action::List { .. } | Action::Rotate { .. } | Action::Revoke { .. } => home.open_existing(),
    };
    let context = opened?.context;
    let keys = Keys::new(Arc::clone(&context.store), Arc::clone(&context.clock));
    runtime::block_on(async {
        match options.action {
            Action::Create(create) => self::create(&context, &keys, create).await,
            Action::List { json } => list(&keys, json).await,
            Action::Rotate { id, json } => rotate(&context, &keys, id, json).await,
            Action::Revoke { id } => revoke(&keys, id).await,
        }
    })
}

async fn create(context: &Context, keys: &Keys, create: Create) -> Result<Ending, Failure> {
    let Create {
        name,
        role,
        provider,
        tenant,
        json,
    } = create;
    let role = match (role, provider) {
        (RoleName::Provider, Some(provider)) => Role::Provider(provider),
        (RoleName::Operator, None) => Role::Operator,
        (RoleName::Agent, None) => Role::Agent,
        (RoleName::Provider, None) | (_, Some(_)) => return Err(ProviderWithoutRole.into()),
    };
    let (key, text) = make(context, keys, name, Caller { tenant, role }).await?;
    show_once(&key, &text, json)
}

async fn rotate(context: &Context, keys: &Keys, id: KeyId, json: bool) -> Result<Ending, Failure> {
    let rotated = keys.rotate(id, &entropy(context)).await?;
    show_once(&rotated.key, rotated.text.reveal(), json)
}

fn show_once(key: &ApiKey, text: &str, json: bool) -> Result<Ending, Failure> {
    if json {
        output::json(&Created {
            shown: Shown::of(key),
            key: text,
        })?;
    } else {
        output::line(format_args!(
            "{text}\n\nThis is the only time the key is shown. Send it as the header x-api-key."
        ))?;
    }
    Ok(Ending::Done)
}

fn entropy(context: &Context) -> Entropy {
    let mut entropy = [0; ENTROPY_BYTES];
    context.random.fill(&mut entropy);
    entropy
}

/// Makes a key; gives it and its text.
pub(crate) async fn make(
    context: &Context,
    keys: &Keys,
    name: KeyName,
    caller: Caller,
) -> Result<(ApiKey, String), Failure> {
    let new = NewKey { name, caller };
    let created = keys.create(new, &entropy(context)).await?;
    let text = created.text.reveal().to_owned();
    Ok((created.key, text))
}

async fn list(keys: &Keys, json: bool) -> Result<Ending, Failure> {
    let keys = keys.list().await?;
    if json {
        for key in &keys {
            output::json(&Shown::of(key))?;
        }
        return Ok(Ending::Done);
    }
    let mut table = Table::new();
    table.load_preset(presets::UTF8_HORIZONTAL_ONLY);
    table.set_header([
        "id", "name", "role", "provider", "tenant", "created", "revoked",
    ]);
    for key in &keys {
        let Shown {
            id,
            name,
            role,
            provider,
            tenant,
            created_at,
            revoked_at,
        } = Shown::of(key);
        let revoked_at = revoked_at.unwrap_or_default();
        let provider = provider.unwrap_or_default().to_owned();
        let [name, role, tenant] = [name, role, tenant].map(str::to_owned);
        table.add_row([id, name, role, provider, tenant, created_at, revoked_at]);
    }
    output::line(table)?;
    Ok(Ending::Done)
}

async fn revoke(keys: &Keys, id: KeyId) -> Result<Ending, Failure> {
    let key = keys.revoke(id).await?;
    output::line(format_args!(
        "key {} ({}) is refused from now on",
        key.id, key.name
    ))?;
    Ok(Ending::Done)
}

#[derive(Serialize)]
struct Created<'a> {
    #[serde(flatten)]
    shown: Shown<'a>,
    /// The text to send; shown this once.
    key: &'a str,
}

/// What may be shown of a key at any time.
#[derive(Serialize)]
struct Shown<'a> {
    id: String,
    name: &'a str,
    role: &'a str,
    provider: Option<&'a str>,
    tenant: &'a str,
    created_at: String,
    revoked_at: Option<String>,
}

impl<'a> Shown<'a> {
    fn of(key: &'a ApiKey) -> Self {
        let ApiKey {
            id,
            name,
            caller,
            created_at,
            rotated_at: _,
            revoked_at,
        } = key;
        let Caller { tenant, role } = caller;
        Self {
            id: id.to_string(),
            name: name.as_str(),
            role: role.as_str(),
            provider: role.provider().map(ProviderName::as_str),
            tenant: tenant.as_str(),
            created_at: Time(*created_at).to_string(),
            revoked_at: revoked_at.map(|time| Time(time).to_string()),
        }
    }
}
