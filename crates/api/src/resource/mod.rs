//! Documents of the table of kinds ([`DocumentKind`]), to and from the model: what a client sends becomes a
//! draft, what is kept becomes what is shown. What the table does not name is kept and given back as it was.

mod schema;
mod shape;

use lastmile_model::document::kind::SERVER_OWNED;
use lastmile_model::document::{self as model, DocumentKind, Draft, LifecycleStatus, Rules};
use serde_json::Value;

pub use schema::{Described, described};

use crate::document::{AttributeError, Document, DocumentError, Problem, read, refuse};
use crate::shown::Time;
use crate::task::stored_text;
use crate::version::document_href;
use shape::Reader;

/// The attribute that says which kind of thing it is; the client's where it sends one.
const TYPE: &str = "@type";
/// Attributes of every resource that the table does not list.
const EXTENSIBLE: [&str; 3] = [TYPE, "@baseType", "@schemaLocation"];

/// Reads the body of a POST.
///
/// # Errors
/// [`DocumentError`] with the path of what is wrong.
pub fn of_body(kind: DocumentKind, body: &[u8]) -> Result<Draft, DocumentError> {
    let mut document = read(body)?;
    refuse(&document, SERVER_OWNED)?;
    let rules = kind.rules();
    // In a patch `null` takes an attribute away; here it leaves one out.
    let known = |name: &str| rules.attributes.iter().any(|known| known.name == name);
    document.retain(|name, value| !value.is_null() || !known(name));
    if let Some(attribute) = rules.status() {
        let first = || Value::from(LifecycleStatus::InStudy.as_str());
        document.entry(attribute).or_insert_with(first);
    }
    document
        .entry(TYPE)
        .or_insert_with(|| rules.type_name.into());
    draft(rules, document)
}

/// Reads a document as it is after a patch of what was shown ([`shown`]).
///
/// # Errors
/// [`DocumentError`] with the path of what is wrong.
pub fn of_patched(kind: DocumentKind, mut document: Document) -> Result<Draft, DocumentError> {
    let rules = kind.rules();
    for attribute in SERVER_OWNED {
        document.shift_remove(*attribute);
    }
    if let Some(attribute) = rules.status().filter(|name| !document.contains_key(*name)) {
        let hint = LifecycleStatus::NAMES;
        return Err(AttributeError::at(attribute, Problem::Missing { hint }).into());
    }
    draft(rules, document)
}

/// A document as it is shown.
///
/// # Errors
/// [`DocumentError`] where what is stored is no document: a defect, not the client's.
pub fn shown(document: &model::Document) -> Result<Document, DocumentError> {
    let model::Document {
        name,
        tenant: _,
        owner: _,
        status: _,
        version: _,
        updated,
        text,
        references: _,
    } = document;
    let mut shown = Document::new();
    shown.insert("id".to_owned(), name.id.to_string().into());
    let href = document_href(name.kind, name.id);
    shown.insert("href".to_owned(), href.into());
    shown.extend(read(text.as_bytes())?);
    let updated = Time(*updated).to_string();
    shown.insert("lastUpdate".to_owned(), updated.into());
    Ok(shown)
}

fn draft(rules: &Rules, mut document: Document) -> Result<Draft, DocumentError> {
    for mandatory in rules.mandatory {
        let is_blank = match document.get(*mandatory) {
            None | Some(Value::Null) => true,
            Some(Value::String(text)) => text.trim().is_empty(),
            Some(Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => false,
        };
        if is_blank {
            let hint = "it is mandatory, and not blank";
            return Err(AttributeError::at(*mandatory, Problem::Missing { hint }).into());
        }
    }
    let mut reader = Reader::default();
    for attribute in rules.attributes {
        if let Some(value) = document.get_mut(attribute.name) {
            reader.look(attribute, value)?;
        }
    }
    for name in EXTENSIBLE {
        if let Some(value) = document.get(name) {
            shape::text(name, value)?;
        }
    }
    let Reader { status, mentions } = reader;
    Ok(Draft {
        text: stored_text(&document),
        status,
        mentions,
    })
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use lastmile_model::document::{DocumentId, DocumentRef};
    use lastmile_model::identity::TenantId;
    use serde_json::json;

    use super::*;

    const ID: &str = "019cb391f0e000000000000000000001";

    fn offering(body: &Value) -> Result<Draft, DocumentError> {
        of_body(DocumentKind::ProductOffering, body.to_string().as_bytes())
    }

    fn refused(body: &Value) -> String {
        offering(body).unwrap_err().to_string()
    }

    #[test]
    fn what_is_sent_comes_back_in_its_order_with_what_the_server_sets() {
        let body =
            json!({"x-note": [1, null], "name": "Gig", "validFor": {}, "@baseType": "Thing"});
        let draft = offering(&body).unwrap();
        let name = DocumentRef {
            kind: DocumentKind::ProductOffering,
            id: ID.parse::<DocumentId>().unwrap(),
        };
        let now: Timestamp = "2026-03-03T12:00:00.5Z".parse().unwrap();
        let kept = model::Document::new(name, TenantId::default(), None, draft.clone(), now);
        let document = shown(&kept).unwrap();
        let href = format!("/tmf-api/productCatalogManagement/v4/productOffering/{ID}");
        let expected = json!({
            "id": ID, "href": href, "x-note": [1, null], "name": "Gig", "validFor": {},
            "@baseType": "Thing", "lifecycleStatus": "In study", "@type": "ProductOffering",
            "lastUpdate": "2026-03-03T12:00:00.500Z",
        });
        assert_eq!(
            serde_json::to_string(&document).unwrap(),
            expected.to_string()
        );
        let again = of_patched(DocumentKind::ProductOffering, document);
        assert_eq!(again.unwrap(), draft, "nothing was changed");
    }

    #[test]
    fn every_reference_is_found_with_its_path() {
        let reference = json!({"id": ID});
        let body = json!({
            "name": "Gig",
            "productSpecification": reference,
            "category": [reference],
            "productOfferingPrice": [{"priceType": "recurring"}, reference],
            "prodSpecCharValueUse": [{"name": "down"}, {"productSpecification": reference}],
        });
        let mentions = offering(&body).unwrap().mentions;
        let paths: Vec<_> = mentions
            .iter()
            .map(|m| (m.path.as_str(), m.target.kind))
            .collect();
        assert_eq!(
            paths,
            [
                (
                    "productSpecification.id",
                    DocumentKind::ProductSpecification
                ),
                (
                    "productOfferingPrice[1].id",
                    DocumentKind::ProductOfferingPrice
                ),
                ("category[0].id", DocumentKind::Category),
                (
                    "prodSpecCharValueUse[1].productSpecification.id",
                    DocumentKind::ProductSpecification
                ),
            ]
        );
    }

    #[test]
    fn what_is_wrong_is_said_with_its_path() {
        let with = |name: &str, value: Value| {
            let mut body = json!({"name": "Gig"});
            body[name] = value;
            refused(&body)
        };
        assert_eq!(
            refused(&json!({"name": " "})),
            "name: must be given: it is mandatory, and not blank"
        );
        assert_eq!(
            with("name", json!(7)),
            "name: expected a text, found a number"
        );
        assert_eq!(
            with("isBundle", json!("yes")),
            "isBundle: expected true or false, found a text"
        );
        assert_eq!(with("id", json!("1")), "id: leave this attribute out");
        assert_eq!(
            with("lifecycleStatus", json!("InTest")),
            "lifecycleStatus: \"InTest\" is not one of In study, In design, In test, Active, Launched, Retired, Obsolete, Rejected"
        );
        assert_eq!(
            with("validFor", json!({"startDateTime": "2026-03-03"})),
            "validFor.startDateTime: \"2026-03-03\" is not a time, such as 2026-03-03T12:00:00Z"
        );
        let backwards = json!({
            "startDateTime": "2026-03-03T00:00:00-05:00",
            "endDateTime": "2026-03-03T01:00:00Z",
        });
        assert_eq!(
            with("validFor", backwards),
            "validFor.endDateTime: lies before startDateTime"
        );
        assert_eq!(
            with("category", json!([{"name": "Internet"}])),
            "category[0].id: must be given: the id of what is referred to"
        );
        assert_eq!(
            with("category", json!([{"id": "7"}])),
            "category[0].id: there is no such category"
        );
        assert_eq!(
            with("productOfferingPrice", json!(["x"])),
            "productOfferingPrice[0]: expected an object, found a text"
        );
        assert_eq!(
            with("@type", json!({})),
            "@type: expected a text, found an object"
        );
    }

    #[test]
    fn a_status_is_kept_as_it_is_published_and_cannot_be_taken_away() {
        let body = json!({"name": "Gig", "lifecycleStatus": "In Test", "description": null});
        let draft = offering(&body).unwrap();
        assert_eq!(draft.status, Some(LifecycleStatus::InTest));
        assert_eq!(
            draft.text,
            r#"{"name":"Gig","lifecycleStatus":"In test","@type":"ProductOffering"}"#
        );
        let without = read(br#"{"name": "Gig"}"#).unwrap();
        let taken = of_patched(DocumentKind::ProductOffering, without).unwrap_err();
        assert!(
            taken
                .to_string()
                .starts_with("lifecycleStatus: must be given")
        );
    }
}
