//! Lists on their way in: `/imports`.

pub mod create;
pub mod get;
pub mod list;
pub mod rejects;
pub mod undo;

use std::sync::Arc;

use lastmile_api::ErrorCode;
use lastmile_app::Context;
use lastmile_app::imports::{self, ImportDesk, LookError};
use lastmile_model::identity::{Caller, Role, TenantId};
use lastmile_model::listing::ImportId;
use lastmile_model::listing::life::Import;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::authentication::lists_of;
use crate::refusal::Refusal;

/// What the endpoints share.
#[derive(Clone)]
pub(crate) struct ImportsState {
    pub(crate) context: Context,
    pub(crate) desk: Arc<dyn ImportDesk>,
}

/// The endpoints.
pub(crate) fn routes() -> OpenApiRouter<ImportsState> {
    OpenApiRouter::new()
        .routes(routes!(list::handler, create::handler))
        .routes(routes!(get::handler))
        .routes(routes!(rejects::handler))
        .routes(routes!(undo::handler))
}

/// Reads an import that the caller may see; another provider's is not found.
async fn visible(context: &Context, caller: &Caller, id: &str) -> Result<Import, Refusal> {
    let own = lists_of(caller)?;
    let not_found = || Refusal::with(ErrorCode::NotFound, "there is no such import");
    let id: ImportId = id.parse().map_err(|_| not_found())?;
    if own.is_some_and(|own| *own != id.list.provider) {
        return Err(not_found());
    }
    imports::get(context, &id)
        .await
        .map_err(|error| match error {
            LookError::Unknown { import: _ } => not_found(),
            LookError::Store(error) => Refusal::store(&error.into()),
        })
}

/// Whether the caller may replace or take back what was loaded on behalf of a tenant. A provider may, whoever
/// loaded its list; [`visible`] and `may_load` let it see no other.
///
/// # Errors
/// [`ErrorCode::AccessDenied`] for another tenant's operator.
fn may_change(caller: &Caller, tenant: &TenantId) -> Result<(), Refusal> {
    match &caller.role {
        Role::Operator if caller.tenant != *tenant => Err(Refusal::with(
            ErrorCode::AccessDenied,
            "another tenant loaded this list: its operators and the provider may replace it and take it back",
        )),
        Role::Operator | Role::Provider(_) | Role::Agent => Ok(()),
    }
}
