//! What providers sell: TMF620, whose resources are documents of the table of kinds.

use lastmile_model::document::DocumentKind;

/// The kinds that it serves.
pub(crate) const KINDS: [DocumentKind; 5] = [
    DocumentKind::Catalog,
    DocumentKind::Category,
    DocumentKind::ProductOffering,
    DocumentKind::ProductOfferingPrice,
    DocumentKind::ProductSpecification,
];
