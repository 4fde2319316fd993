//! The schemas of the documents of a kind, made from its row in the table.

use lastmile_model::document::{Attribute, DocumentKind, LifecycleStatus, Rules, Shape};
use utoipa::openapi::schema::{
    ArrayBuilder, KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type,
};
use utoipa::openapi::{Ref, RefOr};

/// The schemas of a kind.
pub struct Described {
    /// Name of the schema of what is shown.
    pub shown: String,
    /// Name of the schema of a POST's body.
    pub create: String,
    /// These, and whatever they refer to.
    pub schemas: Vec<(String, RefOr<Schema>)>,
}

const REFERENCE: &str = "DocumentReference";
const PERIOD: &str = "TimePeriod";
const AMOUNT: &str = "Money";
const STATUS: &str = "LifecycleStatus";

/// The schemas of this kind.
#[must_use]
pub fn described(kind: DocumentKind) -> Described {
    let rules = kind.rules();
    let shown = rules.type_name.to_owned();
    let create = format!("{shown}Create");
    let mut schemas = vec![
        (shown.clone(), shown_schema(rules).into()),
        (create.clone(), create_schema(rules).into()),
    ];
    schemas.extend(shared(rules));
    Described {
        shown,
        create,
        schemas,
    }
}

fn create_schema(rules: &Rules) -> ObjectBuilder {
    let described = format!(
        "The body of a POST of a {}. Attributes that are not listed are kept and given back.",
        rules.noun
    );
    let object = extensible(with_attributes(ObjectBuilder::new(), rules));
    let object = object.description(Some(described));
    rules
        .mandatory
        .iter()
        .fold(object, |object, name| object.required(*name))
}

fn shown_schema(rules: &Rules) -> ObjectBuilder {
    let object = ObjectBuilder::new()
        .description(Some(format!("A {}.", rules.noun)))
        .property("id", property(text(), "Id."))
        .property("href", property(uri_reference(), "Where it can be read."));
    let object = extensible(with_attributes(object, rules)).property(
        "lastUpdate",
        property(date_time(), "When it was last changed."),
    );
    let always = ["id", "href", "lastUpdate", "@type"];
    let required = always.iter().chain(rules.mandatory).copied();
    let required = required.chain(rules.status());
    required.fold(object, ObjectBuilder::required)
}

fn with_attributes(object: ObjectBuilder, rules: &Rules) -> ObjectBuilder {
    rules.attributes.iter().fold(object, |object, attribute| {
        object.property(attribute.name, schema_of(attribute))
    })
}

fn extensible(object: ObjectBuilder) -> ObjectBuilder {
    object
        .property("@type", property(text(), "Which kind of thing it is."))
        .property("@baseType", property(text(), "What that is a kind of."))
        .property(
            "@schemaLocation",
            property(uri_reference(), "Where its own attributes are described."),
        )
}

fn schema_of(attribute: &Attribute) -> RefOr<Schema> {
    let Attribute {
        name: _,
        shape,
        says,
    } = *attribute;
    match shape {
        Shape::Text | Shape::Id(_) => property(text(), says),
        Shape::Truth => property(of_type(Type::Boolean), says),
        Shape::Number => property(of_type(Type::Number), says),
        Shape::WholeNumber => property(of_type(Type::Integer), says),
        Shape::Object => property(of_type(Type::Object), says),
        Shape::Amount => described_reference(AMOUNT, says),
        Shape::Period => described_reference(PERIOD, says),
        Shape::Status => described_reference(STATUS, says),
        Shape::Reference(_) => described_reference(REFERENCE, says),
        Shape::References(_) => list(Ref::from_schema_name(REFERENCE), says),
        Shape::Objects | Shape::Mentions(_) | Shape::MentionsWithin(..) => {
            list(of_type(Type::Object), says)
        }
    }
}

/// What the attributes refer to.
fn shared(rules: &Rules) -> Vec<(String, RefOr<Schema>)> {
    let uses = |fits: fn(Shape) -> bool| rules.attributes.iter().any(|a| fits(a.shape));
    let mut shared = Vec::new();
    let mut add = |name: &str, schema: ObjectBuilder| shared.push((name.to_owned(), schema.into()));
    if uses(|shape| shape == Shape::Period) {
        let time = |says: &str| property(date_time(), says);
        let period = ObjectBuilder::new()
            .description(Some("A time, open at an end that is left out."))
            .property("startDateTime", time("From when on."))
            .property("endDateTime", time("Until when."));
        add(PERIOD, period);
    }
    if uses(|shape| shape == Shape::Amount) {
        let amount = ObjectBuilder::new()
            .description(Some("An amount of money."))
            .property("unit", property(text(), "Currency (ISO 4217)."))
            .property("value", property(of_type(Type::Number), "How much of it."));
        add(AMOUNT, amount);
    }
    if uses(|shape| matches!(shape, Shape::Reference(_) | Shape::References(_))) {
        let reference = ObjectBuilder::new()
            .description(Some(
                "Another document, by its id; the rest is kept as it is.",
            ))
            .property("id", property(text(), "Its id."))
            .property("href", property(text(), "Where it can be read."))
            .property("name", property(text(), "What it is called."))
            .required("id");
        add(REFERENCE, reference);
    }
    if uses(|shape| shape == Shape::Status) {
        let status = of_type(Type::String)
            .description(Some("Where something stands in its life."))
            .enum_values(Some(LifecycleStatus::ALL.map(LifecycleStatus::as_str)));
        add(STATUS, status);
    }
    shared
}

fn of_type(schema_type: Type) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(schema_type)
}

fn text() -> ObjectBuilder {
    of_type(Type::String)
}

fn date_time() -> ObjectBuilder {
    text().format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
}

fn uri_reference() -> ObjectBuilder {
    text().format(Some(SchemaFormat::Custom("uri-reference".to_owned())))
}

fn property(schema: ObjectBuilder, says: &str) -> RefOr<Schema> {
    schema.description(Some(says)).into()
}

fn list(items: impl Into<RefOr<Schema>>, says: &str) -> RefOr<Schema> {
    let list = ArrayBuilder::new().items(items.into());
    list.description(Some(says)).into()
}

fn described_reference(name: &str, says: &str) -> RefOr<Schema> {
    let mut reference = Ref::from_schema_name(name);
    reference.description = says.to_owned();
    RefOr::Ref(reference)
}
