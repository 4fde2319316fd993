//! What a client sends for each operation.

use std::sync::Arc;

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::CONTENT_TYPE;
use hyper::{Method, Request};
use lastmile_api::version::{
    CHECK_SERVICE_QUALIFICATION, GEOGRAPHIC_ADDRESS_VALIDATION, LOOKUP_PATH,
    QUERY_SERVICE_QUALIFICATION, QUOTE, TMF645_BASE, TMF648_BASE, TMF673_BASE,
};
use lastmile_model::identity::{Caller, Role, TenantId};
use serde_json::{Value, json};

use crate::ending::Failure;
use crate::remote::encode;

/// A request as the gateway hands it over: with the caller that its authorizer found.
pub(crate) type GatewayRequest = Request<Full<Bytes>>;

/// Looks an address up.
pub(crate) fn lookup(address: &str) -> Result<GatewayRequest, Failure> {
    get(&format!(
        "{LOOKUP_PATH}?{}",
        encode(&[("address", address)])
    ))
}

/// TMF645: what is available at these addresses.
pub(crate) fn query(addresses: &[String], at_once: bool) -> Result<GatewayRequest, Failure> {
    let places: Vec<Value> = addresses.iter().map(place).collect();
    let body = json!({
        "instantSyncQualification": at_once,
        "searchCriteria": {"service": {"place": places}},
    });
    post(
        &format!("{TMF645_BASE}/{QUERY_SERVICE_QUALIFICATION}"),
        &body,
    )
}

/// TMF645: is fiber available at this address.
pub(crate) fn check(address: &String) -> Result<GatewayRequest, Failure> {
    let body = json!({
        "instantSyncQualification": true,
        "provideAlternative": true,
        "serviceQualificationItem": [{"service": {
            "place": [place(address)],
            "serviceCharacteristic": [{"name": "technology", "value": "fiber"}],
        }}],
    });
    post(
        &format!("{TMF645_BASE}/{CHECK_SERVICE_QUALIFICATION}"),
        &body,
    )
}

/// TMF673: is this address real.
pub(crate) fn validation(address: &str) -> Result<GatewayRequest, Failure> {
    let body = json!({
        "instantSyncValidation": true,
        "provideAlternative": true,
        "submittedGeographicAddress": {"name": address},
    });
    post(
        &format!("{TMF673_BASE}/{GEOGRAPHIC_ADDRESS_VALIDATION}"),
        &body,
    )
}

/// TMF648: what internet access of 100 Mbps costs at these addresses.
pub(crate) fn quote(
    addresses: &[String],
    providers: &[&str],
    terms: &[u16],
) -> Result<GatewayRequest, Failure> {
    let location = |address| json!({"address": address});
    let body = json!({
        "location": addresses.iter().map(location).collect::<Vec<Value>>(),
        "service": [{"product": "basic_internet_access", "downMbps": 100, "upMbps": 100}],
        "term": terms,
        "provider": providers,
        "firmness": "budgetary",
    });
    post(&format!("{TMF648_BASE}/{QUOTE}"), &body)
}

/// Reads a stored task, or how far a quote is.
pub(crate) fn stored(href: &str) -> Result<GatewayRequest, Failure> {
    get(href)
}

/// Whose requests these are.
pub(crate) fn tenant() -> Result<TenantId, Failure> {
    Ok(TenantId::default())
}

fn place(address: &String) -> Value {
    json!({"role": "installation address", "name": address})
}

fn get(path: &str) -> Result<GatewayRequest, Failure> {
    request(Method::GET, path, Bytes::new())
}

fn post(path: &str, body: &Value) -> Result<GatewayRequest, Failure> {
    request(Method::POST, path, body.to_string().into())
}

fn request(method: Method, path: &str, body: Bytes) -> Result<GatewayRequest, Failure> {
    let caller = Caller {
        tenant: tenant()?,
        role: Role::Operator,
    };
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(CONTENT_TYPE, "application/json")
        .extension(Arc::new(caller));
    Ok(request.body(Full::new(body))?)
}
