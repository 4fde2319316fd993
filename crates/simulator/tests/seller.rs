//! What a seller takes, refuses, keeps and calls back about.

use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use jiff::Timestamp;
use lastmile_simulator::{Behaviour, Figures, Market, Mix};
use serde_json::{Value, json};

const QUOTES: &str = "mefApi/sonata/quoteManagement/v8";

struct Shop {
    market: Market,
    token: String,
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_000_000 + second).expect("a time of our days")
}

fn body_of(response: &Response<Bytes>) -> Value {
    serde_json::from_slice(response.body()).unwrap_or(Value::Null)
}

impl Shop {
    fn new() -> Self {
        let figures = Figures {
            mix: Mix::ALL_COVERED,
            thinking: Duration::from_secs(9),
            ..Figures::default()
        };
        let market = Market::new(2, 7, figures, "secret");
        let form = "grant_type=client_credentials&client_id=me&client_secret=secret";
        let request = Request::post("/p1/oauth2/token").body(Bytes::from(form));
        let answered = market.answer(&request.expect("a request"), at(0));
        let token = body_of(&answered.response)["access_token"].clone();
        Self {
            market,
            token: token.as_str().expect("a token").to_owned(),
        }
    }

    fn send(&self, method: &str, path: &str, body: &Value, second: i64) -> (u16, Value) {
        let response = self.response(method, path, body.to_string(), second);
        (response.status().as_u16(), body_of(&response))
    }

    fn response(&self, method: &str, path: &str, body: String, second: i64) -> Response<Bytes> {
        let request = Request::builder()
            .method(method)
            .uri(format!("/p1/{path}"))
            .header("authorization", format!("Bearer {}", self.token))
            .body(Bytes::from(body));
        let request = request.expect("a request");
        self.market.answer(&request, at(second)).response
    }
}

/// A quote as documented, to be answered later.
fn quote() -> Value {
    let contact =
        |role: &str| json!({ "role": role, "name": "n", "emailAddress": "e", "number": "1" });
    json!({
        "buyerRequestedQuoteLevel": "firm",
        "instantSyncQuote": false,
        "relatedContactInformation": [contact("buyerContactInformation")],
        "quoteItem": [{
            "id": "36",
            "action": "add",
            "relatedContactInformation": [
                contact("quoteItemTechnicalContact"),
                contact("quoteItemLocationContact"),
            ],
            "requestedQuoteItemTerm": {
                "name": "36 months",
                "duration": { "amount": 36, "units": "calendarMonths" },
                "endOfTermAction": "autoRenew",
            },
            "product": {
                "productOffering": { "id": "AEL" },
                "productConfiguration": {
                    "@type": "urn:mef:lso:spec:sonata:access-eline-ovc:v5.0.0:all",
                    "uniEp": {}, "enniEp": {},
                },
                "place": [{
                    "@type": "FieldedAddress", "role": "INSTALL_LOCATION", "streetNr": "133",
                    "streetName": "N Main", "streetType": "St", "city": "Port Alden",
                    "stateOrProvince": "NH", "postcode": "03611", "country": "US",
                }],
            },
        }],
    })
}

#[test]
fn what_differs_from_the_documents_is_refused_with_where_and_why() {
    let shop = Shop::new();
    for (pointer, value, code, path) in [
        (
            "/buyerRequestedQuoteLevel",
            json!("Firm"),
            "invalidValue",
            "/buyerRequestedQuoteLevel",
        ),
        (
            "/buyerRequestedQuoteLevel",
            Value::Null,
            "missingProperty",
            "/buyerRequestedQuoteLevel",
        ),
        (
            "/instantSyncQuote",
            json!("false"),
            "invalidFormat",
            "/instantSyncQuote",
        ),
        ("/quoteItem", json!([]), "invalidFormat", "/quoteItem"),
        (
            "/quoteItem/0/action",
            json!("install"),
            "invalidValue",
            "/quoteItem/0/action",
        ),
        (
            "/quoteItem/0/requestedQuoteItemTerm/duration/amount",
            json!("36"),
            "invalidFormat",
            "/quoteItem/0/requestedQuoteItemTerm/duration/amount",
        ),
        (
            "/quoteItem/0/product/productConfiguration/enniEp",
            Value::Null,
            "missingProperty",
            "/quoteItem/0/product/productConfiguration/enniEp",
        ),
        (
            "/quoteItem/0/product/place/0",
            json!({ "@type": "GeographicAddressRef", "role": "x", "id": "nowhere" }),
            "referenceNotFound",
            "/quoteItem/0/product/place/0/id",
        ),
        (
            "/quoteItem/0/relatedContactInformation",
            json!([]),
            "missingProperty",
            "/quoteItem/0/relatedContactInformation",
        ),
    ] {
        let mut body = quote();
        *body.pointer_mut(pointer).unwrap() = value;
        let (status, answer) = shop.send("POST", &format!("{QUOTES}/quote"), &body, 0);
        assert_eq!(status, 422, "{pointer}: {answer}");
        assert_eq!(answer[0]["code"], code, "{answer}");
        assert_eq!(answer[0]["propertyPath"], path, "{answer}");
    }
}

#[test]
fn who_is_not_let_in_and_what_is_not_there_is_told_as_documented() {
    let shop = Shop::new();
    let unreadable = shop.response("POST", &format!("{QUOTES}/quote"), "{".to_owned(), 0);
    assert_eq!(unreadable.status(), 400);
    assert_eq!(body_of(&unreadable)["code"], "invalidBody");
    let old_version = "mefApi/sonata/quoteManagement/v7/quote";
    let (status, answer) = shop.send("POST", old_version, &quote(), 0);
    assert_eq!((status, &answer["code"]), (404, &json!("notFound")));
    let (status, answer) = shop.send("GET", &format!("{QUOTES}/quote/77"), &Value::Null, 3_601);
    assert_eq!(
        (status, &answer["code"]),
        (401, &json!("invalidCredentials")),
        "over"
    );
    let request = Request::get(format!("/p1/{QUOTES}/quote")).body(Bytes::new());
    let answered = shop.market.answer(&request.unwrap(), at(0));
    assert_eq!(answered.response.status(), 401);
    assert_eq!(body_of(&answered.response)["code"], "missingCredentials");
}

#[test]
fn a_quote_moves_is_kept_listed_and_called_back_about() {
    let shop = Shop::new();
    let hub = json!({ "callback": "http://buyer", "query": "eventType=quoteStateChangeEvent" });
    assert_eq!(shop.send("POST", &format!("{QUOTES}/hub"), &hub, 0).0, 201);
    let (status, begun) = shop.send("POST", &format!("{QUOTES}/quote"), &quote(), 0);
    assert_eq!((status, &begun["state"]), (201, &json!("acknowledged")));
    let id = begun["id"].as_str().unwrap();
    let path = format!("{QUOTES}/quote/{id}");
    let state = |second| shop.send("GET", &path, &Value::Null, second).1["state"].clone();
    assert_eq!(state(8), "inProgress");
    assert_eq!(state(9), "approved.orderable");

    assert_eq!(shop.market.next_callback_at(), Some(at(9)));
    assert!(shop.market.callbacks_until(at(8)).is_empty());
    let callbacks = shop.market.callbacks_until(at(9));
    assert_eq!(callbacks.len(), 1);
    assert_eq!(callbacks[0].body["event"]["id"], id);
    assert!(shop.market.callbacks_until(at(99)).is_empty(), "once");

    let list = |query: &str| {
        let path = format!("{QUOTES}/quote?{query}");
        let response = shop.response("GET", &path, String::new(), 9);
        let total = response.headers()["x-total-count"]
            .to_str()
            .unwrap()
            .to_owned();
        (total, body_of(&response).as_array().unwrap().len())
    };
    assert_eq!(list("state=approved.orderable"), ("1".to_owned(), 1));
    assert_eq!(list("state=rejected"), ("0".to_owned(), 0));

    let cancel = json!({ "quoteId": id });
    assert_eq!(
        shop.send("POST", &format!("{QUOTES}/cancelQuote"), &cancel, 9)
            .0,
        200
    );
    assert_eq!(state(10), "cancelled");
    let (status, again) = shop.send("POST", &format!("{QUOTES}/cancelQuote"), &cancel, 9);
    assert_eq!((status, &again[0]["code"]), (422, &json!("otherIssue")));
}

#[test]
fn a_seller_behaves_as_it_is_told_and_the_others_do_not() {
    let shop = Shop::new();
    let down = Behaviour {
        down: true,
        ..Behaviour::default()
    };
    assert!(shop.market.behave(1, down));
    assert!(!shop.market.behave(3, down));
    assert_eq!(
        shop.send("POST", &format!("{QUOTES}/quote"), &quote(), 0).0,
        503
    );
    let other = Request::post("/p2/oauth2/token")
        .body(Bytes::new())
        .unwrap();
    assert_eq!(shop.market.answer(&other, at(0)).response.status(), 400);
}

#[test]
fn the_same_seed_answers_the_same_in_the_same_time() {
    let asked = |shop: &Shop| {
        let path = format!("/p1/{QUOTES}/quote");
        let request = Request::post(path)
            .header("authorization", format!("Bearer {}", shop.token))
            .body(Bytes::from(quote().to_string()))
            .unwrap();
        let answered = shop.market.answer(&request, at(0));
        (answered.takes, answered.response.into_body())
    };
    assert_eq!(asked(&Shop::new()), asked(&Shop::new()));
}
