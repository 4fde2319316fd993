//! PATCH: a merge patch or a list of operations, applied to the resource as it is shown.

use json_patch::Patch;
use lastmile_api::{Document, DocumentError, ErrorCode};
use serde_json::Value;

use crate::body::PatchBody;
use crate::limits::PATCH_OPERATIONS_MAX;
use crate::refusal::Refusal;

/// The document after the patch.
///
/// # Errors
/// [`Refusal`] for a patch that is none, that cannot be applied, or that changes one of `read_only`.
pub fn apply(
    before: &Document,
    patch: &PatchBody,
    read_only: &[&[&'static str]],
) -> Result<Document, Refusal> {
    let mut after = Value::Object(before.clone());
    match patch {
        PatchBody::Merge(bytes) => {
            let patch = lastmile_api::document::read(bytes)?;
            json_patch::merge(&mut after, &Value::Object(patch));
        }
        PatchBody::Operations(bytes) => operate(&mut after, bytes)?,
    }
    let Value::Object(after) = after else {
        let message = "the patch replaces the whole resource";
        return Err(Refusal::with(ErrorCode::PatchFailed, message));
    };
    for attribute in read_only.iter().copied().flatten() {
        if before.get(*attribute) != after.get(*attribute) {
            return Err(DocumentError::ReadOnly { attribute }.into());
        }
    }
    Ok(after)
}

fn operate(document: &mut Value, bytes: &[u8]) -> Result<(), Refusal> {
    let malformed = |error: serde_json::Error| {
        Refusal::with(
            ErrorCode::MalformedJson,
            format!("not a JSON patch (RFC 6902): {error}"),
        )
    };
    let Patch(operations) = serde_json::from_slice(bytes).map_err(malformed)?;
    if operations.len() > PATCH_OPERATIONS_MAX {
        let message = format!(
            "{} operations where {PATCH_OPERATIONS_MAX} are allowed",
            operations.len()
        );
        return Err(Refusal::with(ErrorCode::TooManyItems, message));
    }
    json_patch::patch(document, &operations)
        .map_err(|error| Refusal::with(ErrorCode::PatchFailed, error.to_string()))
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use serde_json::json;

    use super::*;

    fn patched(patch: &PatchBody) -> Result<Value, ErrorCode> {
        let before = json!({"id": "1", "state": "done", "description": "old", "note": {"a": 1}});
        let before = before.as_object().unwrap();
        let after = apply(before, patch, &[&["id"], &["state", "missing"]]);
        after.map(Value::Object).map_err(|refusal| refusal.code())
    }

    fn merge(patch: &'static str) -> PatchBody {
        PatchBody::Merge(Bytes::from_static(patch.as_bytes()))
    }

    fn operations(patch: &'static str) -> PatchBody {
        PatchBody::Operations(Bytes::from_static(patch.as_bytes()))
    }

    #[test]
    fn a_merge_patch_sets_and_removes() {
        let after = patched(&merge(r#"{"description": null, "note": {"b": 2}}"#));
        assert_eq!(
            after,
            Ok(json!({"id": "1", "state": "done", "note": {"a": 1, "b": 2}}))
        );
    }

    #[test]
    fn what_the_server_owns_stays() {
        let refused = Err(ErrorCode::AttributeReadOnly);
        assert_eq!(patched(&merge(r#"{"id": "2"}"#)), refused);
        assert_eq!(patched(&merge(r#"{"state": null}"#)), refused);
        assert_eq!(patched(&merge(r#"{"missing": 1}"#)), refused);
        let replace = r#"[{"op": "replace", "path": "/state", "value": "cancelled"}]"#;
        assert_eq!(patched(&operations(replace)), refused);
        let moved = r#"[{"op": "move", "from": "/id", "path": "/description"}]"#;
        assert_eq!(patched(&operations(moved)), refused);
    }

    #[test]
    fn an_operation_that_cannot_be_done_fails_as_a_whole() {
        let tested = r#"[{"op": "test", "path": "/description", "value": "new"}]"#;
        assert_eq!(patched(&operations(tested)), Err(ErrorCode::PatchFailed));
        let missing = r#"[{"op": "remove", "path": "/nowhere"}]"#;
        assert_eq!(patched(&operations(missing)), Err(ErrorCode::PatchFailed));
        let whole = r#"[{"op": "replace", "path": "", "value": 1}]"#;
        assert_eq!(patched(&operations(whole)), Err(ErrorCode::PatchFailed));
        assert_eq!(patched(&operations("{}")), Err(ErrorCode::MalformedJson));
    }
}
