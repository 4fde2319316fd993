//! `product` of an item: which one, where, how much of it.

use serde_json::Value;

use super::check::Check;
use super::place::KnownPlace;
use super::{Seller, State};

/// `@type`s that sellers sell, and what each must have.
const PRODUCTS: &[(&str, &[&str])] = &[
    (
        "urn:mef:lso:spec:sonata:access-eline-ovc:v5.0.0:all",
        &["uniEp", "enniEp"],
    ),
    (
        "urn:mef:lso:spec:cantata-sonata:basic-internet-access:v1.0.0:all",
        &["ipvc", "ipUni", "ipUniAccessLink", "ipUniAccessLinkTrunk"],
    ),
    (
        "urn:mef:lso:spec:cantata-sonata:exclusive-advanced-internet-access:v1.0.0:all",
        &["ipvc", "ipUni", "ipUniAccessLink"],
    ),
];
/// A product offering that every seller refuses, so that the refusal can be seen.
const NOT_OFFERED: &str = "NOT-OFFERED";

/// What an item asks for.
#[derive(Clone)]
pub(super) struct Asked {
    pub(super) place: KnownPlace,
    /// The largest rate that the payload names.
    pub(super) mbps: u64,
}

impl Seller {
    /// Reads the `product` of an item whose action is `add`; notes what is wrong with it.
    pub(super) fn product(
        &self,
        state: &State,
        check: &mut Check,
        item: &Value,
        path: &str,
    ) -> Option<Asked> {
        let path = format!("{path}/product");
        let product = &item["product"];
        if !product.is_object() {
            check.note("missingProperty", path, "it must be there");
            return None;
        }
        if product.get("id").is_some() {
            check.note(
                "unexpectedProperty",
                format!("{path}/id"),
                "a new product has none",
            );
        }
        let offering = &product["productOffering"];
        let offering_path = format!("{path}/productOffering");
        if check.text(offering, &offering_path, "id") == Some(NOT_OFFERED) {
            let path = format!("{offering_path}/id");
            check.note("referenceNotFound", path, "there is no such offering");
        }
        let configuration = &product["productConfiguration"];
        self.configuration(
            check,
            configuration,
            &format!("{path}/productConfiguration"),
        );
        let places = check.list(product, &path, "place");
        let place = places.first()?;
        let place_path = format!("{path}/place/0");
        check.text(place, &place_path, "role");
        Some(Asked {
            place: self.place(state, check, place, &place_path)?,
            mbps: fastest_mbps(configuration),
        })
    }

    fn configuration(&self, check: &mut Check, configuration: &Value, path: &str) {
        let Some(kind) = check.text(configuration, path, "@type") else {
            return;
        };
        let Some((_, needed)) = PRODUCTS.iter().find(|(name, _)| *name == kind) else {
            check.note(
                "invalidValue",
                format!("{path}/@type"),
                "it is no known product",
            );
            return;
        };
        for name in *needed {
            if !configuration[*name].is_object() {
                check.note(
                    "missingProperty",
                    format!("{path}/{name}"),
                    "it must be there",
                );
            }
        }
    }
}

/// The largest `InformationRate` in a payload, in Mbps.
fn fastest_mbps(value: &Value) -> u64 {
    match value {
        Value::Object(fields) => {
            let own = match (value["irValue"].as_u64(), value["irUnits"].as_str()) {
                (Some(rate), Some("GBPS")) => rate.saturating_mul(1_000),
                (Some(rate), Some("MBPS")) => rate,
                _ => 0,
            };
            fields
                .values()
                .map(fastest_mbps)
                .max()
                .unwrap_or(0)
                .max(own)
        }
        Value::Array(members) => members.iter().map(fastest_mbps).max().unwrap_or(0),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 0,
    }
}
