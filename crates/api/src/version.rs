//! Which versions of which APIs are served, and where. The only place that says so.
//!
//! The version stands in the path of each API by itself: a v5 of one can stand beside a v4 of another.

use lastmile_model::document::{DocumentId, DocumentKind};

/// Version of the TMF645 document that [`crate::tmf645`] follows.
pub const TMF645_VERSION: &str = "4.0.1";
/// Where TMF645 is served.
pub const TMF645_BASE: &str = "/tmf-api/serviceQualificationManagement/v4";
/// TMF645: what is available at these places.
pub const QUERY_SERVICE_QUALIFICATION: &str = "queryServiceQualification";
/// TMF645: is this service available at this place.
pub const CHECK_SERVICE_QUALIFICATION: &str = "checkServiceQualification";

/// Version of the TMF673 document that [`crate::tmf673`] follows.
pub const TMF673_VERSION: &str = "4.0.1";
/// Where TMF673 is served.
pub const TMF673_BASE: &str = "/tmf-api/geographicAddressManagement/v4";
/// TMF673: is this address real.
pub const GEOGRAPHIC_ADDRESS_VALIDATION: &str = "geographicAddressValidation";
/// TMF673: the buildings that lists know.
pub const GEOGRAPHIC_ADDRESS: &str = "geographicAddress";
/// TMF673: the units of a building.
pub const GEOGRAPHIC_SUB_ADDRESS: &str = "geographicSubAddress";

/// Version of the TMF620 document that the kinds of a product catalog follow.
pub const TMF620_VERSION: &str = "4.1.0";
/// Where TMF620 is served.
pub const TMF620_BASE: &str = "/tmf-api/productCatalogManagement/v4";

/// Version of the TMF648 document that [`crate::tmf648`] follows.
pub const TMF648_VERSION: &str = "4.0.0";
/// Where TMF648 is served.
pub const TMF648_BASE: &str = "/tmf-api/quoteManagement/v4";
/// TMF648: what does this cost at these places.
pub const QUOTE: &str = "quote";
/// Where prices that persons have to give are listed and given.
pub const ICB_PATH: &str = "/quotes/v1/icb";

/// Version of our own API: lookups and imports.
pub const LASTMILE_VERSION: &str = "1.0.0";
/// Where a single address is looked up.
pub const LOOKUP_PATH: &str = "/availability/v1/lookup";
/// Where providers are listed as they are set up.
pub const PROVIDERS_PATH: &str = "/providers/v1/provider";
/// Where lists are imported.
pub const IMPORTS_PATH: &str = "/imports";
/// Where the pages about error codes are served; the code is the last segment.
pub const ERROR_PAGES_PATH: &str = "/docs/errors";

/// `href` of a TMF645 task.
#[must_use]
pub fn tmf645_href(resource: &str, id: impl std::fmt::Display) -> String {
    format!("{TMF645_BASE}/{resource}/{id}")
}

/// `href` of a TMF673 resource.
#[must_use]
pub fn tmf673_href(resource: &str, id: impl std::fmt::Display) -> String {
    format!("{TMF673_BASE}/{resource}/{id}")
}

/// `href` of a quote.
#[must_use]
pub fn quote_href(id: impl std::fmt::Display) -> String {
    format!("{TMF648_BASE}/{QUOTE}/{id}")
}

/// Where the API of a kind of document is served.
#[must_use]
pub const fn document_base(kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::Catalog
        | DocumentKind::Category
        | DocumentKind::ProductOffering
        | DocumentKind::ProductOfferingPrice
        | DocumentKind::ProductSpecification => TMF620_BASE,
    }
}

/// `href` of a document.
#[must_use]
pub fn document_href(kind: DocumentKind, id: DocumentId) -> String {
    format!("{}/{}/{id}", document_base(kind), kind.as_str())
}

/// `href` of an import.
#[must_use]
pub fn import_href(id: impl std::fmt::Display) -> String {
    format!("{IMPORTS_PATH}/{id}")
}
