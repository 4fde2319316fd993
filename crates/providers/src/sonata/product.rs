//! The product payloads: what is to be delivered, in the words of each product's schema.
//!
//! The schemas leave most attributes to what buyer and seller agree on. What is sent here is the skeleton
//! that they ask for and the bandwidth; the settings add what a carrier wants besides.

use lastmile_model::carrier::{Product, Service};
use lastmile_model::claim::Kbps;
use serde_json::{Map, Value, json};

/// Role of the place in a product.
const INSTALL_LOCATION: &str = "INSTALL_LOCATION";
/// Relationship of an Access E-Line to the point where the carrier meets us.
const CONNECTS_TO_ENNI: &str = "CONNECTS_TO_ENNI";
/// Largest frame and packet, in bytes.
const MTU_BYTES: u32 = 1_500;
/// Name of the only class of service that is asked for.
const CLASS_OF_SERVICE: &str = "Best-effort";

/// How a carrier calls a product, as agreed with it.
#[derive(Clone, Debug, PartialEq)]
pub struct Offering {
    /// Its id of the product offering.
    pub id: String,
    /// `@type` of the payload, where it is not the one of the published schema.
    pub kind: Option<String>,
    /// The carrier's id of the point where it meets us; Access E-Line needs it.
    pub enni: Option<String>,
    /// Attributes that are put into the payload, over those that are there.
    pub attributes: Map<String, Value>,
}

/// The URN of a product's schema.
#[must_use]
pub const fn schema(product: Product) -> &'static str {
    match product {
        Product::AccessELine => "urn:mef:lso:spec:sonata:access-eline-ovc:v5.0.0:all",
        Product::BasicInternetAccess => {
            "urn:mef:lso:spec:cantata-sonata:basic-internet-access:v1.0.0:all"
        }
        Product::AdvancedInternetAccess => {
            "urn:mef:lso:spec:cantata-sonata:exclusive-advanced-internet-access:v1.0.0:all"
        }
    }
}

/// `product` of a qualification or quote item.
pub(super) fn product(service: Service, offering: &Offering, place: Map<String, Value>) -> Value {
    let mut place = place;
    place.insert("role".to_owned(), INSTALL_LOCATION.into());
    let mut configuration = configuration(service);
    let kind = offering.kind.as_deref().unwrap_or(schema(service.product));
    configuration["@type"] = kind.into();
    put_over(&mut configuration, &offering.attributes);
    let mut product = json!({
        "productOffering": { "id": offering.id },
        "place": [place],
        "productConfiguration": configuration,
    });
    if let Some(enni) = &offering.enni {
        product["productRelationship"] =
            json!([{ "relationshipType": CONNECTS_TO_ENNI, "id": enni }]);
    }
    product
}

fn configuration(service: Service) -> Value {
    match service.product {
        Product::AccessELine => access_e_line(service),
        Product::BasicInternetAccess => basic_internet_access(service),
        Product::AdvancedInternetAccess => advanced_internet_access(service),
    }
}

fn access_e_line(service: Service) -> Value {
    let end_point = |identifier: &str, ingress: Kbps| {
        json!({
            "identifier": identifier,
            "ingressBandwidthProfilePerClassOfServiceName": [{
                "classOfServiceName": CLASS_OF_SERVICE,
                "bwpFlow": { "cir": rate(ingress) },
            }],
        })
    };
    json!({
        "listOfClassOfServiceNames": [CLASS_OF_SERVICE],
        "maximumFrameSize": MTU_BYTES,
        "uniEp": end_point("UNI", service.up),
        "enniEp": end_point("ENNI", service.down),
    })
}

fn basic_internet_access(service: Service) -> Value {
    let envelope = |most: Kbps| json!([{ "cir": rate(Kbps(0)), "maxIr": rate(most) }]);
    json!({
        "ipvc": ipvc(),
        "ipUni": {
            "managementType": "SUBSCRIBER_MANAGED",
            "ingressBandwidthProfileEnvelope": envelope(service.up),
            "egressBandwidthProfileEnvelope": envelope(service.down),
        },
        "ipUniAccessLink": { "connectionType": "POINT_TO_POINT", "mtu": MTU_BYTES },
        "ipUniAccessLinkTrunk": { "ethernetPhysicalLink": [], "ethernetLinkAggregation": [] },
    })
}

fn advanced_internet_access(service: Service) -> Value {
    let envelope = |committed: Kbps| {
        json!([{
            "maxIrE": rate(committed),
            "bwpFlowPerIpvcEp": [{ "flowIdentifier": 1, "cir": rate(committed), "maxIr": rate(committed) }],
        }])
    };
    json!({
        "ipvc": ipvc(),
        "ipUni": {
            "managementType": "SUBSCRIBER_MANAGED",
            "ingressBandwidthProfileEnvelope": envelope(service.up),
            "egressBandwidthProfileEnvelope": envelope(service.down),
            "routingProtocols": [],
        },
        "ipUniAccessLink": { "connectionType": "POINT_TO_POINT", "mtu": MTU_BYTES },
    })
}

fn ipvc() -> Value {
    json!({
        "classOfServiceName": CLASS_OF_SERVICE,
        "mtu": MTU_BYTES,
        "ipvcEndPoint": {},
    })
}

/// An `InformationRate`, in the largest unit that leaves it whole.
fn rate(Kbps(kbps): Kbps) -> Value {
    let (value, unit) = if kbps % 1_000_000 == 0 && kbps > 0 {
        (kbps / 1_000_000, "GBPS")
    } else if kbps % 1_000 == 0 {
        (kbps / 1_000, "MBPS")
    } else {
        (kbps, "KBPS")
    };
    json!({ "irValue": value, "irUnits": unit })
}

/// Puts attributes over those of a payload; objects are joined, everything else is replaced.
fn put_over(target: &mut Value, attributes: &Map<String, Value>) {
    for (name, value) in attributes {
        match (&mut target[name.as_str()], value) {
            (present @ Value::Object(_), Value::Object(inner)) => put_over(present, inner),
            (present, value) => *present = value.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offering(attributes: Value) -> Offering {
        let Value::Object(attributes) = attributes else {
            panic!("attributes are an object");
        };
        Offering {
            id: "OFFER-1".to_owned(),
            kind: None,
            enni: None,
            attributes,
        }
    }

    fn service(product: Product) -> Service {
        Service {
            product,
            down: Kbps(1_000_000),
            up: Kbps(500_000),
            access: None,
        }
    }

    #[test]
    fn every_payload_has_what_its_schema_asks_for() {
        for (which, required) in [
            (Product::AccessELine, &["uniEp", "enniEp"][..]),
            (
                Product::BasicInternetAccess,
                &["ipvc", "ipUni", "ipUniAccessLink", "ipUniAccessLinkTrunk"],
            ),
            (
                Product::AdvancedInternetAccess,
                &["ipvc", "ipUni", "ipUniAccessLink"],
            ),
        ] {
            let product = product(service(which), &offering(json!({})), Map::new());
            let configuration = &product["productConfiguration"];
            assert_eq!(configuration["@type"], schema(which));
            for name in required {
                assert!(configuration[name].is_object(), "{which:?} {name}");
            }
            assert_eq!(product["place"][0]["role"], INSTALL_LOCATION);
        }
    }

    #[test]
    fn rates_are_whole_in_their_unit() {
        let shown = |kbps| rate(Kbps(kbps)).to_string();
        assert_eq!(shown(10_000_000), r#"{"irValue":10,"irUnits":"GBPS"}"#);
        assert_eq!(shown(1_500_000), r#"{"irValue":1500,"irUnits":"MBPS"}"#);
        assert_eq!(shown(1_544), r#"{"irValue":1544,"irUnits":"KBPS"}"#);
        assert_eq!(shown(0), r#"{"irValue":0,"irUnits":"MBPS"}"#);
    }

    #[test]
    fn settings_are_put_over_the_payload() {
        let agreed = offering(json!({"ipvc": {"mtu": 9000, "dscp": "X"}, "new": [1]}));
        let product = product(service(Product::BasicInternetAccess), &agreed, Map::new());
        let configuration = &product["productConfiguration"];
        assert_eq!(configuration["ipvc"]["mtu"], 9000);
        assert_eq!(configuration["ipvc"]["dscp"], "X");
        assert_eq!(
            configuration["ipvc"]["classOfServiceName"],
            CLASS_OF_SERVICE
        );
        assert_eq!(configuration["new"], json!([1]));
    }
}
