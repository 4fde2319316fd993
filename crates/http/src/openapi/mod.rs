//! The OpenAPI documents, made from the code: one per service.

pub mod bodies;
pub mod parameters;
pub mod responses;

use std::sync::Arc;

use axum::Router;
use lastmile_api::ErrorBody;
use lastmile_api::version::{
    LASTMILE_VERSION, TMF620_BASE, TMF620_VERSION, TMF645_BASE, TMF645_VERSION, TMF648_BASE,
    TMF648_VERSION, TMF673_BASE, TMF673_VERSION,
};
use lastmile_app::Context;
use lastmile_app::availability::Availability;
use lastmile_app::imports::ImportDesk;
use lastmile_app::quotes::Quotes;
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{Components, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder};
use utoipa::{PartialSchema, ToSchema};
use utoipa_axum::router::OpenApiRouter;

use crate::authentication::API_KEY_HEADER;
use crate::documents::{self, Documents};
use crate::{address, availability, carriers, catalog, imports, providers, quotes};

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
const TMF620: Name = (
    "tmf620-catalog.json",
    "/openapi/tmf620-catalog.json",
    "Product catalog (TMF620)",
);
const TMF648: Name = (
    "tmf648-quotes.json",
    "/openapi/tmf648-quotes.json",
    "Quotes (TMF648)",
);
const OURS: Name = (
    "lastmile.json",
    "/openapi/lastmile.json",
    "Lookups and imports",
);

const PROVIDERS: Name = (
    OF_ONE_PROCESS,
    "/openapi/lastmile-providers.json",
    "Providers",
);

/// File of the document that only a process describes which asks carriers itself: no function can serve it.
pub const OF_ONE_PROCESS: &str = "lastmile-providers.json";

/// File, path and title of every document.
pub(crate) const NAMES: [Name; 6] = [TMF645, TMF673, TMF620, TMF648, OURS, PROVIDERS];

/// Every document. The files in the folder `openapi` are these, to the byte.
#[must_use]
pub fn documents() -> Vec<NamedDocument> {
    let (tmf645, tmf673) = (tmf645().to_openapi(), tmf673().to_openapi());
    let tmf620 = tmf620().to_openapi();
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
            TMF620,
            TMF620_VERSION,
            "What providers sell: specifications, offerings, prices, categories, catalogs.",
            tmf620,
        ),
        named(
            TMF648,
            TMF648_VERSION,
            "What it costs at many places, from many providers; and prices that persons give.",
            tmf648().merge(carriers::routes()).to_openapi(),
        ),
        named(
            OURS,
            LASTMILE_VERSION,
            "One address asked; lists on their way in.",
            ours,
        ),
        named(
            PROVIDERS,
            LASTMILE_VERSION,
            "Who is asked how, and how the carriers are doing; where all of Lastmile is one process.",
            providers::routes().to_openapi(),
        ),
    ]
}

/// The routes of the availability service.
pub(crate) fn availability_routes(state: &Availability) -> Router {
    routes_of(tmf645().merge(availability::lookup()), state.clone())
}

/// The routes of the address service.
pub(crate) fn address_routes(state: &Availability) -> Router {
    routes_of(tmf673(), state.clone())
}

/// The routes of the catalog service: those of each kind with a state of their own.
pub(crate) fn catalog_routes(context: &Context) -> Router {
    let of_kind = |kind| {
        let described = OpenApiRouter::new().nest(TMF620_BASE, documents::routes(kind));
        let context = context.clone();
        routes_of(described, Documents { context, kind })
    };
    let routes = catalog::KINDS.into_iter().map(of_kind);
    routes.fold(Router::new(), Router::merge)
}

/// The routes of the import service.
pub(crate) fn imports_routes(context: &Context, desk: &Arc<dyn ImportDesk>) -> Router {
    let state = imports::ImportsState {
        context: context.clone(),
        desk: Arc::clone(desk),
    };
    routes_of(imports::routes(), state)
}

/// The routes of the quote service.
pub(crate) fn quotes_routes(state: &Quotes) -> Router {
    routes_of(tmf648(), state.clone())
}

/// The routes by which carriers reach the quote service, without a key.
pub(crate) fn carriers_routes(state: &Quotes) -> Router {
    routes_of(carriers::routes(), state.clone())
}

/// The routes that say how providers are doing.
pub(crate) fn providers_routes(state: &Quotes) -> Router {
    routes_of(providers::routes(), state.clone())
}

fn routes_of<S: Clone + Send + Sync + 'static>(described: OpenApiRouter<S>, state: S) -> Router {
    let (routes, _document) = described.with_state(state).split_for_parts();
    routes
}

fn tmf645() -> OpenApiRouter<Availability> {
    OpenApiRouter::new().nest(TMF645_BASE, availability::tmf645())
}

fn tmf673() -> OpenApiRouter<Availability> {
    OpenApiRouter::new().nest(TMF673_BASE, address::tmf673())
}

fn tmf648() -> OpenApiRouter<Quotes> {
    OpenApiRouter::new()
        .nest(TMF648_BASE, quotes::tmf648())
        .merge(quotes::icb())
}

fn tmf620() -> OpenApiRouter<Documents> {
    let kinds = catalog::KINDS.into_iter().map(documents::routes);
    OpenApiRouter::new().nest(
        TMF620_BASE,
        kinds.fold(OpenApiRouter::new(), OpenApiRouter::merge),
    )
}

fn named(
    (file_name, path, title): Name,
    version: &str,
    description: &str,
    found: OpenApi,
) -> NamedDocument {
    const KEY: &str = "apiKey";
    const TOKEN: &str = "bearerToken";
    let needs = |schemes: &[&str]| {
        let requirement = SecurityRequirement::default();
        schemes.iter().fold(requirement, |all, scheme| {
            all.add::<_, _, String>(*scheme, [])
        })
    };
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
        // One of the two; before a gateway both, and the key then chooses the plan.
        .security(Some([needs(&[KEY]), needs(&[TOKEN]), needs(&[KEY, TOKEN])]))
        .build();
    let key = ApiKeyValue::new(API_KEY_HEADER.as_str());
    let components = document.components.get_or_insert_with(Components::new);
    components
        .schemas
        .insert(ErrorBody::name().into_owned(), ErrorBody::schema());
    components.add_security_scheme(KEY, SecurityScheme::ApiKey(ApiKey::Header(key)));
    let token = Http::new(HttpAuthScheme::Bearer);
    components.add_security_scheme(TOKEN, SecurityScheme::Http(token));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_document_has_its_name() {
        let made = documents().into_iter();
        let made: Vec<Name> = made
            .map(|named| (named.file_name, named.path, named.title))
            .collect();
        assert_eq!(made, NAMES);
    }
}
