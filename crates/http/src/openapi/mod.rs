//! The OpenAPI documents, made from the code: one per service.

pub mod parameters;
pub mod responses;

use axum::Router;
use lastmile_api::ErrorBody;
use lastmile_api::version::{
    LASTMILE_VERSION, TMF645_BASE, TMF645_VERSION, TMF673_BASE, TMF673_VERSION,
};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{Components, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder};
use utoipa::{PartialSchema, ToSchema};
use utoipa_axum::router::OpenApiRouter;

use crate::authentication::API_KEY_HEADER;
use crate::services::Services;
use crate::{address, availability, imports};

/// The folder of the repository with the committed documents.
pub const FOLDER: &str = "openapi";

/// One document.
#[derive(Clone, Debug)]
pub struct NamedDocument {
    /// Its file in the folder `openapi`.
    pub file_name: &'static str,
    /// Where it is served.
    pub path: &'static str,
    /// What it is called.
    pub title: &'static str,
    /// The document, as it is committed and served: pretty JSON with a line break at its end.
    pub text: String,
}

/// File, path and title of a document.
type Name = (&'static str, &'static str, &'static str);

const TMF645: Name = (
    "tmf645-availability.json",
    "/openapi/tmf645-availability.json",
    "Availability (TMF645)",
);
const TMF673: Name = (
    "tmf673-address.json",
    "/openapi/tmf673-address.json",
    "Addresses (TMF673)",
);
const OURS: Name = (
    "lastmile.json",
    "/openapi/lastmile.json",
    "Lookups and imports",
);

/// Every document. The files in the folder `openapi` are these, to the byte.
#[must_use]
pub fn documents() -> Vec<NamedDocument> {
    let (tmf645, tmf673) = (tmf645().to_openapi(), tmf673().to_openapi());
    let mut ours = availability::lookup().to_openapi();
    ours.merge(imports::routes().to_openapi());
    vec![
        named(
            TMF645,
            TMF645_VERSION,
            "Which providers can serve an address.",
            tmf645,
        ),
        named(
            TMF673,
            TMF673_VERSION,
            "Is this address real, and which building is it.",
            tmf673,
        ),
        named(
            OURS,
            LASTMILE_VERSION,
            "One address asked; lists on their way in.",
            ours,
        ),
    ]
}

/// Every route that needs a key.
pub(crate) fn guarded_routes(services: &Services) -> Router {
    let Services {
        availability: state,
        imports: desk,
        authenticator: _,
    } = services;
    let imports_state = imports::ImportsState {
        context: state.context.clone(),
        desk: desk.clone(),
    };
    let availability = tmf645().merge(tmf673()).merge(availability::lookup());
    let (availability, _) = availability.with_state(state.clone()).split_for_parts();
    let (imports, _) = imports::routes()
        .with_state(imports_state)
        .split_for_parts();
    availability.merge(imports)
}

fn tmf645() -> OpenApiRouter<lastmile_app::availability::Availability> {
    OpenApiRouter::new().nest(TMF645_BASE, availability::tmf645())
}

fn tmf673() -> OpenApiRouter<lastmile_app::availability::Availability> {
    OpenApiRouter::new().nest(TMF673_BASE, address::tmf673())
}

fn named(
    (file_name, path, title): Name,
    version: &str,
    description: &str,
    found: OpenApi,
) -> NamedDocument {
    const SCHEME: &str = "apiKey";
    let mut document = OpenApiBuilder::from(found)
        .info(
            InfoBuilder::new()
                .title(title)
                .version(version)
                .description(Some(description))
                .license(Some(
                    LicenseBuilder::new()
                        .name("Apache-2.0")
                        .identifier(Some("Apache-2.0"))
                        .build(),
                ))
                .build(),
        )
        .security(Some([SecurityRequirement::new::<_, _, String>(SCHEME, [])]))
        .build();
    let key = ApiKeyValue::new(API_KEY_HEADER.as_str());
    let components = document.components.get_or_insert_with(Components::new);
    components
        .schemas
        .insert(ErrorBody::name().into_owned(), ErrorBody::schema());
    components.add_security_scheme(SCHEME, SecurityScheme::ApiKey(ApiKey::Header(key)));
    let mut text = document
        .to_pretty_json()
        .expect("an OpenAPI document is JSON");
    text.push('\n');
    NamedDocument {
        file_name,
        path,
        title,
        text,
    }
}
