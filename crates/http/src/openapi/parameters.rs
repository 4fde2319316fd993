//! Parameters that many endpoints share.

use utoipa::{IntoParams, ToSchema};

/// Of a list.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "says to the generator what `ListRequest` reads")]
pub(crate) struct ListParameters {
    /// Attributes to give, separated by commas; `id`, `href` and `@type` always stay.
    fields: Option<String>,
    /// How many to pass over.
    #[param(minimum = 0)]
    offset: Option<usize>,
    /// How many to give at most; the server gives at most 100.
    #[param(minimum = 1)]
    limit: Option<usize>,
}

/// Of a single resource.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "says to the generator what `Fields` reads")]
pub(crate) struct FieldsParameter {
    /// Attributes to give, separated by commas; `id`, `href` and `@type` always stay.
    fields: Option<String>,
}

/// Of a page of locations.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "says to the generator what `ListRequest` reads")]
pub(crate) struct PageParameters {
    /// How many to pass over.
    #[param(minimum = 0)]
    offset: Option<usize>,
    /// How many to give at most; the server gives at most 100.
    #[param(minimum = 1)]
    limit: Option<usize>,
}

/// A patch: an object with the attributes to change (merge patch), or an array of operations (JSON patch).
#[derive(ToSchema)]
#[schema(value_type = Object)]
#[expect(dead_code, reason = "says to the generator what `PatchBody` reads")]
pub(crate) struct PatchDocument(serde_json::Value);
