//! The table of kinds: what the one engine for documents knows of each.
//!
//! A resource that has no rules of its own beyond validation is a row here and nothing anywhere else: how it
//! is read, kept, listed, changed, removed and described follows from its row.

use super::catalog;

/// A kind of document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DocumentKind {
    /// A collection of categories.
    Catalog,
    /// A group of offerings.
    Category,
    /// What is sold.
    ProductOffering,
    /// What it costs.
    ProductOfferingPrice,
    /// What it is.
    ProductSpecification,
}

/// What is true of every document of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// The last fixed segment of its path: `productOffering`.
    pub segment: &'static str,
    /// Its `@type` where the client says no other: `ProductOffering`.
    pub type_name: &'static str,
    /// What one is, for people: `product offering`.
    pub noun: &'static str,
    /// Attributes without which it is none.
    pub mandatory: &'static [&'static str],
    /// The first-level attributes that are looked at. Any other is kept as it is.
    pub attributes: &'static [Attribute],
}

/// A first-level attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// Its name.
    pub name: &'static str,
    /// What it must look like where it is given.
    pub shape: Shape,
    /// What it is for.
    pub says: &'static str,
}

/// What an attribute must look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A text.
    Text,
    /// `true` or `false`.
    Truth,
    /// A number.
    Number,
    /// A number without a fraction.
    WholeNumber,
    /// An amount: `unit`, a currency, and `value`, a number.
    Amount,
    /// A time from `startDateTime` to `endDateTime`, each open where it is left out.
    Period,
    /// A [`super::LifecycleStatus`].
    Status,
    /// An object of which nothing is known.
    Object,
    /// A list of such objects.
    Objects,
    /// The id of a document of this kind, as a text.
    Id(DocumentKind),
    /// An object with the `id` of a document of this kind.
    Reference(DocumentKind),
    /// A list of such objects.
    References(DocumentKind),
    /// A list of objects, of which those that have an `id` refer to a document of this kind; the others
    /// are values.
    Mentions(DocumentKind),
    /// A list of objects, of which each may have one more object under this name, with the `id` of a
    /// document of this kind.
    MentionsWithin(&'static str, DocumentKind),
}

/// What only the server sets, whatever the kind.
pub const SERVER_OWNED: &[&str] = &["id", "href", "lastUpdate"];
/// What cannot be changed once the document is there, besides [`SERVER_OWNED`].
pub const FIXED: &[&str] = &["@type", "@baseType"];

impl DocumentKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [
        Self::Catalog,
        Self::Category,
        Self::ProductOffering,
        Self::ProductOfferingPrice,
        Self::ProductSpecification,
    ];

    /// Its row in the table.
    #[must_use]
    pub const fn rules(self) -> &'static Rules {
        match self {
            Self::Catalog => &catalog::CATALOG,
            Self::Category => &catalog::CATEGORY,
            Self::ProductOffering => &catalog::PRODUCT_OFFERING,
            Self::ProductOfferingPrice => &catalog::PRODUCT_OFFERING_PRICE,
            Self::ProductSpecification => &catalog::PRODUCT_SPECIFICATION,
        }
    }

    /// Its name in paths and keys: [`Rules::segment`].
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.rules().segment
    }

    /// The kind of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

impl Rules {
    /// The attribute with the [`super::LifecycleStatus`] of its documents, where they have one.
    #[must_use]
    pub fn status(&self) -> Option<&'static str> {
        let mut attributes = self.attributes.iter();
        let status = attributes.find(|attribute| attribute.shape == Shape::Status)?;
        Some(status.name)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_kind_is_found_by_its_name_and_has_its_own() {
        let names: BTreeSet<_> = DocumentKind::ALL.map(DocumentKind::as_str).into();
        assert_eq!(names.len(), DocumentKind::ALL.len());
        for kind in DocumentKind::ALL {
            assert_eq!(DocumentKind::named(kind.as_str()), Some(kind));
        }
        assert_eq!(DocumentKind::named("productoffering"), None);
    }

    #[test]
    fn every_row_is_consistent() {
        for kind in DocumentKind::ALL {
            let rules = kind.rules();
            let names: BTreeSet<_> = rules.attributes.iter().map(|a| a.name).collect();
            assert_eq!(
                names.len(),
                rules.attributes.len(),
                "{kind:?} names one twice"
            );
            for mandatory in rules.mandatory {
                assert!(names.contains(mandatory), "{kind:?}: {mandatory}");
            }
            for elsewhere in SERVER_OWNED.iter().chain(FIXED) {
                assert!(!names.contains(elsewhere), "{kind:?}: {elsewhere}");
            }
        }
    }
}
