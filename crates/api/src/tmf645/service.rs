//! The parts of TMF645 that describe a service: asked for, or found.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::address::GeographicAddress;

/// Name of the characteristic that says how a service reaches the building.
pub const TECHNOLOGY: &str = "technology";
/// Name of the characteristic with the download bandwidth in Mbit/s.
pub const DOWN_MBPS: &str = "downMbps";
/// Name of the characteristic with the upload bandwidth in Mbit/s.
pub const UP_MBPS: &str = "upMbps";
/// Name of the characteristic with the smallest bandwidth that is sold, in Mbit/s; answers have it, and in
/// a question it is passed over.
pub const SMALLEST_MBPS: &str = "smallestMbps";
/// Role of the party that provides a service.
pub const ROLE_PROVIDER: &str = "provider";
/// Role of the carrier whose line is resold.
pub const ROLE_UNDERLYING_PROVIDER: &str = "underlyingProvider";
/// Role of the place where a service is to be delivered.
pub const ROLE_INSTALLATION: &str = "installation address";

/// TMF645 `ServiceRefOrValue`, as far as it is understood; the rest is kept.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Service {
    /// Product name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `technology`, `downMbps`, `upMbps`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_characteristic: Option<Vec<Characteristic>>,
    /// Where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Vec<GeographicAddress>>,
    /// By whom.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub related_party: Option<Vec<RelatedParty>>,
    /// `Service`.
    #[serde(rename = "@type", skip_serializing_if = "Option::is_none")]
    pub type_name: Option<String>,
}

/// TMF645 `Characteristic`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Characteristic {
    /// `technology`, `downMbps` or `upMbps`.
    pub name: String,
    /// `string` or `number`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value_type: Option<String>,
    /// The value; to ask for one of several technologies, an array.
    pub value: Value,
    /// `Characteristic`.
    #[serde(rename = "@type", skip_serializing_if = "Option::is_none")]
    pub type_name: Option<String>,
}

/// TMF645 `RelatedParty`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RelatedParty {
    /// Of a provider: its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Of a provider: its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `provider`, `underlyingProvider`; others are kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// `Organization`.
    #[serde(rename = "@referredType", skip_serializing_if = "Option::is_none")]
    pub referred_type: Option<String>,
    /// `RelatedParty`.
    #[serde(rename = "@type", skip_serializing_if = "Option::is_none")]
    pub type_name: Option<String>,
}

/// TMF645 `ServiceCategoryRef`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ServiceCategoryRef {
    /// `wired`, `fiber` or `fixed_wireless`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The same, where there is no `id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// TMF645 `ServiceQualificationItem` as it is asked: the search criteria of a query, an item of a check.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AskedItem {
    /// The client's own id of the item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// A group of technologies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<ServiceCategoryRef>,
    /// What is asked for, and where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<Service>,
}

impl Characteristic {
    /// A text.
    #[must_use]
    pub fn text(name: &str, value: &str) -> Self {
        Self::new(name, "string", value.into())
    }

    /// A bandwidth in Mbit/s.
    #[must_use]
    pub fn bandwidth(name: &str, bandwidth: crate::shown::Mbps) -> Self {
        let value = serde_json::to_value(bandwidth).expect("a number is a JSON value");
        Self::new(name, "number", value)
    }

    fn new(name: &str, value_type: &str, value: Value) -> Self {
        Self {
            name: name.to_owned(),
            value_type: Some(value_type.to_owned()),
            value,
            type_name: Some("Characteristic".to_owned()),
        }
    }
}

impl RelatedParty {
    /// A provider in a role.
    #[must_use]
    pub fn provider(name: &str, role: &str) -> Self {
        Self {
            id: Some(name.to_owned()),
            name: Some(name.to_owned()),
            role: Some(role.to_owned()),
            referred_type: Some("Organization".to_owned()),
            type_name: Some("RelatedParty".to_owned()),
        }
    }
}
