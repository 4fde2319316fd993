//! Requests as the API gateway hands them to a function, and the function's answers as it takes them.

use axum::Router;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response};
use lambda_http::Adapter;
use lambda_http::request::LambdaRequest;
use lambda_runtime::{Context, LambdaEvent};
use lastmile_lambda::service::answer;
use serde_json::{Map, Value, json};
use tower::Service as _;

/// The stage of the API; its name stands in the context and in no path that a client asks for.
const STAGE: &str = "live";

/// The event of a request. `authorizer` is what the authorizer's context was.
pub(crate) fn event_of(request: &Request<Bytes>, authorizer: &Value) -> LambdaRequest {
    let uri = request.uri();
    let body = request.body();
    let event = json!({
        "resource": "/{proxy+}",
        "path": uri.path(),
        "httpMethod": request.method().as_str(),
        "headers": single(request.headers()),
        "multiValueHeaders": multiple(request.headers()),
        "queryStringParameters": null,
        "multiValueQueryStringParameters": parameters(uri.query().unwrap_or_default()),
        "pathParameters": null,
        "stageVariables": null,
        "requestContext": {
            "accountId": "000000000000",
            "apiId": "abc",
            "authorizer": authorizer,
            "httpMethod": request.method().as_str(),
            "identity": {"sourceIp": "192.0.2.1"},
            "path": format!("/{STAGE}{}", uri.path()),
            "protocol": "HTTP/1.1",
            "requestId": "f7f2b8a0-0000-4000-8000-000000000000",
            "resourcePath": "/{proxy+}",
            "stage": STAGE,
        },
        // The gateway passes every body of an API with binary types so.
        "body": (!body.is_empty()).then(|| STANDARD.encode(body)),
        "isBase64Encoded": !body.is_empty(),
    });
    serde_json::from_value(event).expect("an event of the gateway")
}

fn single(headers: &HeaderMap) -> Map<String, Value> {
    let text = |value: &HeaderValue| value.to_str().unwrap_or_default().to_owned();
    let pairs = headers.iter();
    pairs
        .map(|(name, value)| (name.to_string(), Value::from(text(value))))
        .collect()
}

fn multiple(headers: &HeaderMap) -> Map<String, Value> {
    let all = |name: &HeaderName| -> Vec<String> {
        let values = headers.get_all(name).iter();
        values
            .map(|value| value.to_str().unwrap_or_default().to_owned())
            .collect()
    };
    let names = headers.keys();
    names
        .map(|name| (name.to_string(), all(name).into()))
        .collect()
}

/// The gateway decodes parameters, and gives all values of a name.
fn parameters(query: &str) -> Map<String, Value> {
    let mut all: Map<String, Value> = Map::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        let values = all.entry(name).or_insert_with(|| json!([]));
        if let Value::Array(values) = values {
            values.push(value.into_owned().into());
        }
    }
    all
}

/// What a function answers to an event, through the gateway's format and back.
pub(crate) async fn answer_to(event: LambdaRequest, function: Router) -> Response<Bytes> {
    let serve = move |request| answer(function.clone(), request);
    let mut function = Adapter::from(tower::service_fn(serve));
    let event = LambdaEvent::new(event, Context::default());
    let answer = function
        .call(event)
        .await
        .expect("an answer that Lambda takes");
    let answer = serde_json::to_value(answer).expect("JSON");
    let status = answer["statusCode"].as_u64().expect("a status");
    let status = u16::try_from(status).expect("a status");
    let mut reply = Response::builder().status(status);
    let headers = answer["multiValueHeaders"].as_object().expect("headers");
    for (name, values) in headers {
        for value in values.as_array().expect("values") {
            reply = reply.header(name, value.as_str().expect("a text"));
        }
    }
    let body = answer["body"].as_str().unwrap_or_default();
    let body = if answer["isBase64Encoded"] == true {
        STANDARD.decode(body).expect("Base64").into()
    } else {
        Bytes::copy_from_slice(body.as_bytes())
    };
    reply.body(body).expect("an answer")
}
