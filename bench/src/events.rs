//! Events as Lambda hands them to our functions, each the smallest one that lets its function do real work.

use serde_json::{Value, json};

use crate::quoting::QUOTES;

/// Makes an event about the address of a building that is served.
pub(crate) type Event = fn(address: &str) -> Value;

/// A lookup.
pub(crate) fn lookup(address: &str) -> Value {
    let parameters = json!({ "address": [address] });
    request("GET", "/availability/v1/lookup", &parameters, None)
}

/// An address to be validated.
pub(crate) fn validation(address: &str) -> Value {
    let body = json!({
        "provideAlternative": true,
        "instantSyncValidation": true,
        "submittedGeographicAddress": {"@type": "GeographicAddress", "name": address},
    });
    let path = "/tmf-api/geographicAddressManagement/v4/geographicAddressValidation";
    request("POST", path, &json!({}), Some(&body))
}

/// The offerings of a tenant that has none.
pub(crate) fn offerings(_address: &str) -> Value {
    let path = "/tmf-api/productCatalogManagement/v4/productOffering";
    request("GET", path, &json!({}), None)
}

/// The quotes of a tenant that has none.
pub(crate) fn quotes(_address: &str) -> Value {
    request("GET", QUOTES, &json!({}), None)
}

/// The list of imports.
pub(crate) fn imports(_address: &str) -> Value {
    request("GET", "/imports", &json!({}), None)
}

/// The largest of the documents.
pub(crate) fn document(_address: &str) -> Value {
    request("GET", "/docs/", &json!({}), None)
}

/// A token that is nobody's.
pub(crate) fn token(_address: &str) -> Value {
    json!({
        "type": "TOKEN",
        "methodArn": "arn:aws:execute-api:us-east-1:000000000000:abc/live/GET/imports",
        "authorizationToken": "Bearer lastmile_3f9a1c07b2d4_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    })
}

/// A change that asks for nothing.
pub(crate) fn change(_address: &str) -> Value {
    json!({"Records": [{
        "eventName": "MODIFY",
        "dynamodb": {
            "Keys": {"pk": {"S": "TASK#north#query#019cb391f0e000000000000000000001"}, "sk": {"S": "HEAD"}},
            "SequenceNumber": "1",
        },
    }]})
}

/// A question that is not there any more.
pub(crate) fn task(_address: &str) -> Value {
    message(&json!({
        "work": "answer-task", "tenant": "north", "kind": "query",
        "id": "019cb391f0e000000000000000000001",
    }))
}

/// A quote that is not there any more.
pub(crate) fn ask(_address: &str) -> Value {
    message(&json!({
        "work": "ask-carrier", "tenant": "north", "quote": "019cb391f0e000000000000000000001",
        "slice": 0, "carrier": "Anchor", "as_supplier": false,
    }))
}

/// A list of which nothing is to be removed.
pub(crate) fn sweep(_address: &str) -> Value {
    message(&json!({"work": "sweep-list", "list": "Anchor.main"}))
}

fn message(body: &Value) -> Value {
    json!({"Records": [{
        "messageId": "1",
        "receiptHandle": "1",
        "body": body.to_string(),
        "attributes": {
            "ApproximateReceiveCount": "1",
            "SentTimestamp": "1772539200000",
            "SenderId": "bench",
            "ApproximateFirstReceiveTimestamp": "1772539200000",
        },
        "messageAttributes": {},
        "md5OfBody": "0",
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:us-east-1:000000000000:bench",
        "awsRegion": "us-east-1",
    }]})
}

/// A request as the gateway hands it on, of an operator.
fn request(method: &str, path: &str, parameters: &Value, body: Option<&Value>) -> Value {
    json!({
        "resource": "/{proxy+}",
        "path": path,
        "httpMethod": method,
        "headers": {"content-type": "application/json", "accept": "application/json"},
        "multiValueHeaders": {"content-type": ["application/json"], "accept": ["application/json"]},
        "queryStringParameters": null,
        "multiValueQueryStringParameters": parameters,
        "pathParameters": null,
        "stageVariables": null,
        "requestContext": {
            "accountId": "000000000000",
            "apiId": "abc",
            "authorizer": {"tenant": "north", "role": "operator"},
            "httpMethod": method,
            "identity": {"sourceIp": "192.0.2.1"},
            "path": format!("/live{path}"),
            "protocol": "HTTP/1.1",
            "requestId": "f7f2b8a0-0000-4000-8000-000000000000",
            "resourcePath": "/{proxy+}",
            "stage": "live",
        },
        "body": body.map(Value::to_string),
        "isBase64Encoded": false,
    })
}
