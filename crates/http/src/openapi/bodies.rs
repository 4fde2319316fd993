//! Bodies of requests whose description is not written out.

use utoipa::ToSchema;
use utoipa::openapi::request_body::{RequestBody, RequestBodyBuilder};
use utoipa::openapi::{ContentBuilder, Ref, Required};

use super::parameters::PatchDocument;

/// A JSON document of the named schema.
pub(crate) fn json(schema: &str) -> RequestBody {
    of_types(schema, &["application/json"])
}

/// A patch; its schema is [`PatchDocument`].
pub(crate) fn patch() -> RequestBody {
    let types = [
        "application/merge-patch+json",
        "application/json",
        "application/json-patch+json",
    ];
    of_types(&PatchDocument::name(), &types)
}

fn of_types(schema: &str, types: &[&str]) -> RequestBody {
    let content = || {
        let schema = Ref::from_schema_name(schema);
        ContentBuilder::new().schema(Some(schema)).build()
    };
    let body = RequestBodyBuilder::new().required(Some(Required::True));
    let body = types
        .iter()
        .fold(body, |body, of| body.content(*of, content()));
    body.build()
}
