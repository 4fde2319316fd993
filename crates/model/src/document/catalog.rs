//! The kinds of a product catalog, with the attributes of TMF620 v4.

use super::kind::{Attribute, DocumentKind, Rules, Shape};

const NAME: Attribute = attribute("name", Shape::Text, "What it is called.");
const DESCRIPTION: Attribute = attribute("description", Shape::Text, "For people.");
const VERSION: Attribute = attribute("version", Shape::Text, "The client's own version of it.");
const IS_BUNDLE: Attribute = attribute("isBundle", Shape::Truth, "Whether it is made of others.");
const VALID_FOR: Attribute = attribute("validFor", Shape::Period, "When it is valid.");
const LIFECYCLE_STATUS: Attribute = attribute(
    "lifecycleStatus",
    Shape::Status,
    "Where it stands; `In study` if not said. It moves one step ahead, or to `Rejected` before it is `Active`.",
);
const ATTACHMENT: Attribute = attribute(
    "attachment",
    Shape::Objects,
    "Pictures, leaflets and the like.",
);
const PLACE: Attribute = attribute("place", Shape::Objects, "Where it is sold.");
const PRODUCT_OFFERING_TERM: Attribute = attribute(
    "productOfferingTerm",
    Shape::Objects,
    "For how long a customer commits.",
);
const PROD_SPEC_CHAR_VALUE_USE: Attribute = attribute(
    "prodSpecCharValueUse",
    Shape::MentionsWithin("productSpecification", DocumentKind::ProductSpecification),
    "The values of characteristics that it is for.",
);
const RELATED_PARTY: Attribute = attribute(
    "relatedParty",
    Shape::Objects,
    "Whoever is concerned, each in a role.",
);

/// A collection of categories.
pub(super) const CATALOG: Rules = Rules {
    segment: "catalog",
    type_name: "Catalog",
    noun: "catalog",
    mandatory: &["name"],
    attributes: &[
        NAME,
        DESCRIPTION,
        VERSION,
        LIFECYCLE_STATUS,
        VALID_FOR,
        attribute("catalogType", Shape::Text, "What it is a catalog of."),
        attribute(
            "category",
            Shape::References(DocumentKind::Category),
            "Its root categories.",
        ),
        RELATED_PARTY,
    ],
};

/// A group of offerings.
pub(super) const CATEGORY: Rules = Rules {
    segment: "category",
    type_name: "Category",
    noun: "category",
    mandatory: &["name"],
    attributes: &[
        NAME,
        DESCRIPTION,
        VERSION,
        LIFECYCLE_STATUS,
        VALID_FOR,
        attribute("isRoot", Shape::Truth, "Whether it has no parent."),
        attribute(
            "parentId",
            Shape::Id(DocumentKind::Category),
            "The category that it is part of.",
        ),
        attribute(
            "subCategory",
            Shape::References(DocumentKind::Category),
            "The categories that are part of it.",
        ),
        attribute(
            "productOffering",
            Shape::References(DocumentKind::ProductOffering),
            "Offerings of it.",
        ),
    ],
};

/// What is sold.
pub(super) const PRODUCT_OFFERING: Rules = Rules {
    segment: "productOffering",
    type_name: "ProductOffering",
    noun: "product offering",
    mandatory: &["name"],
    attributes: &[
        NAME,
        DESCRIPTION,
        VERSION,
        IS_BUNDLE,
        attribute(
            "isSellable",
            Shape::Truth,
            "Whether it can be bought by itself.",
        ),
        LIFECYCLE_STATUS,
        attribute("statusReason", Shape::Text, "Why it stands there."),
        VALID_FOR,
        attribute(
            "productSpecification",
            Shape::Reference(DocumentKind::ProductSpecification),
            "What is sold.",
        ),
        attribute(
            "productOfferingPrice",
            Shape::Mentions(DocumentKind::ProductOfferingPrice),
            "What it costs: prices by their ids, or as values without an id.",
        ),
        attribute(
            "category",
            Shape::References(DocumentKind::Category),
            "Where it is listed.",
        ),
        attribute(
            "bundledProductOffering",
            Shape::Mentions(DocumentKind::ProductOffering),
            "The offerings that it is made of.",
        ),
        attribute(
            "productOfferingRelationship",
            Shape::Mentions(DocumentKind::ProductOffering),
            "Offerings that it needs, excludes or follows.",
        ),
        PRODUCT_OFFERING_TERM,
        PROD_SPEC_CHAR_VALUE_USE,
        PLACE,
        ATTACHMENT,
        attribute(
            "agreement",
            Shape::Objects,
            "Contracts that it is sold under.",
        ),
        attribute("channel", Shape::Objects, "Ways in which it is sold."),
        attribute("marketSegment", Shape::Objects, "Whom it is for."),
        attribute(
            "resourceCandidate",
            Shape::Object,
            "What of the network it takes.",
        ),
        attribute("serviceCandidate", Shape::Object, "The service behind it."),
        attribute(
            "serviceLevelAgreement",
            Shape::Object,
            "What is promised with it.",
        ),
    ],
};

/// What it costs.
pub(super) const PRODUCT_OFFERING_PRICE: Rules = Rules {
    segment: "productOfferingPrice",
    type_name: "ProductOfferingPrice",
    noun: "product offering price",
    mandatory: &["name"],
    attributes: &[
        NAME,
        DESCRIPTION,
        VERSION,
        IS_BUNDLE,
        LIFECYCLE_STATUS,
        VALID_FOR,
        attribute(
            "priceType",
            Shape::Text,
            "`recurring`, `oneTime`, `usage`, `discount` and the like.",
        ),
        attribute("price", Shape::Amount, "How much."),
        attribute("percentage", Shape::Number, "How much of another price."),
        attribute(
            "recurringChargePeriodType",
            Shape::Text,
            "In which steps it recurs: `month`.",
        ),
        attribute(
            "recurringChargePeriodLength",
            Shape::WholeNumber,
            "How many of these steps apart.",
        ),
        attribute("unitOfMeasure", Shape::Object, "For how much of it."),
        PRODUCT_OFFERING_TERM,
        PROD_SPEC_CHAR_VALUE_USE,
        attribute(
            "bundledPopRelationship",
            Shape::Mentions(DocumentKind::ProductOfferingPrice),
            "The prices that it is made of.",
        ),
        attribute(
            "popRelationship",
            Shape::Mentions(DocumentKind::ProductOfferingPrice),
            "Prices that go with it, a discount for example.",
        ),
        PLACE,
        attribute("constraint", Shape::Objects, "Rules of its use."),
        attribute(
            "pricingLogicAlgorithm",
            Shape::Objects,
            "How it is worked out elsewhere.",
        ),
        attribute("tax", Shape::Objects, "Taxes on it."),
    ],
};

/// What it is.
pub(super) const PRODUCT_SPECIFICATION: Rules = Rules {
    segment: "productSpecification",
    type_name: "ProductSpecification",
    noun: "product specification",
    mandatory: &["name"],
    attributes: &[
        NAME,
        DESCRIPTION,
        VERSION,
        IS_BUNDLE,
        LIFECYCLE_STATUS,
        VALID_FOR,
        attribute("brand", Shape::Text, "Whose mark it bears."),
        attribute(
            "productNumber",
            Shape::Text,
            "The number that it is known by.",
        ),
        attribute(
            "productSpecCharacteristic",
            Shape::Objects,
            "What tells one of it from another: bandwidth, access medium.",
        ),
        attribute(
            "bundledProductSpecification",
            Shape::Mentions(DocumentKind::ProductSpecification),
            "The specifications that it is made of.",
        ),
        attribute(
            "productSpecificationRelationship",
            Shape::Mentions(DocumentKind::ProductSpecification),
            "Specifications that it needs, excludes or follows.",
        ),
        RELATED_PARTY,
        ATTACHMENT,
        attribute(
            "resourceSpecification",
            Shape::Objects,
            "What of the network it takes.",
        ),
        attribute(
            "serviceSpecification",
            Shape::Objects,
            "The services behind it.",
        ),
        attribute(
            "targetProductSchema",
            Shape::Object,
            "The schema of the products that are made by it.",
        ),
    ],
};

const fn attribute(name: &'static str, shape: Shape, says: &'static str) -> Attribute {
    Attribute { name, shape, says }
}
