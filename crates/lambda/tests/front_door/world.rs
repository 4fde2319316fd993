//! Functions over a store in memory, and what the gateway before them does.

use std::sync::Arc;

use async_trait::async_trait;
use aws_lambda_events::apigw::ApiGatewayCustomAuthorizerRequest;
use axum::Router;
use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderValue, Request, Response};
use lastmile_api::{ErrorBody, ErrorCode};
use lastmile_app::availability::Availability;
use lastmile_app::imports::{ImportDesk, QueuedDesk};
use lastmile_app::quotes::{QuoteDesk, Quotes};
use lastmile_app::work::Workshop;
use lastmile_http::Gate;
use lastmile_http::openapi::OF_ONE_PROCESS;
use lastmile_lambda::authorizer::{AuthorizerError, authorize};
use lastmile_lambda::service::behind_gateway;
use lastmile_store::QueueName;
use lastmile_testkit::crew::{Crew, memory_queues};
use lastmile_testkit::files::MemoryFiles;
use lastmile_testkit::front_door::{self, Backstage, Deviation, Door, World};
use serde_json::{Value, json};

use crate::events::{answer_to, event_of};
use crate::policed::{policed, policed_queue};

/// The functions behind the gateway, and the authorizer's keys.
struct Gateway {
    availability: Router,
    address: Router,
    catalog: Router,
    imports: Router,
    quotes: Router,
    documentation: Router,
    keys: Arc<lastmile_edge::Keys>,
    _crew: Crew,
}

#[async_trait]
impl Door for Gateway {
    async fn send(&self, request: Request<Bytes>) -> Response<Bytes> {
        let (function, guarded) = self.function(request.uri().path());
        let authorizer = if guarded {
            match self.authorized(&request).await {
                Ok(context) => context,
                Err(code) => return refused(code),
            }
        } else {
            Value::Null
        };
        answer_to(event_of(&request, &authorizer), function.clone()).await
    }
}

impl Gateway {
    /// The function of a path, and whether the authorizer stands before it.
    fn function(&self, path: &str) -> (&Router, bool) {
        let begins = |prefix: &str| path.starts_with(prefix);
        if begins("/tmf-api/serviceQualificationManagement/") || begins("/availability/") {
            (&self.availability, true)
        } else if begins("/tmf-api/geographicAddressManagement/") {
            (&self.address, true)
        } else if begins("/tmf-api/productCatalogManagement/") {
            (&self.catalog, true)
        } else if begins("/tmf-api/quoteManagement/") || begins("/quotes/") {
            (&self.quotes, true)
        } else if begins("/carriers/") {
            (&self.quotes, false)
        } else if begins("/imports") {
            (&self.imports, true)
        } else {
            (&self.documentation, false)
        }
    }

    /// The authorizer's context for a request. A client of the gateway shows its key as a token; the suite
    /// shows it as a key.
    async fn authorized(&self, request: &Request<Bytes>) -> Result<Value, ErrorCode> {
        let text = |value: &HeaderValue| value.to_str().unwrap_or_default().to_owned();
        let headers = request.headers();
        let token = match (headers.get(AUTHORIZATION), headers.get("x-api-key")) {
            (Some(token), _) => text(token),
            (None, Some(key)) => format!("Bearer {}", text(key)),
            (None, None) => return Err(ErrorCode::TokenInvalid),
        };
        let event = json!({
            "type": "TOKEN",
            "methodArn": format!("arn:aws:execute-api:eu-west-1:000000000000:abc/live/GET{}", request.uri().path()),
            "authorizationToken": token,
        });
        let event: ApiGatewayCustomAuthorizerRequest =
            serde_json::from_value(event).expect("an event of the gateway");
        let authorized = authorize(&self.keys, &event).await;
        let authorized = authorized.map_err(|error| match error {
            AuthorizerError::Unauthorized => ErrorCode::TokenInvalid,
            AuthorizerError::Store(_) => ErrorCode::Internal,
        })?;
        let answer = serde_json::to_value(authorized).expect("JSON");
        Ok(answer["context"].clone())
    }
}

/// What the gateway answers by itself, as the template says.
fn refused(code: ErrorCode) -> Response<Bytes> {
    let body = serde_json::to_vec(&ErrorBody::new(code, None)).expect("JSON");
    let response = Response::builder()
        .status(code.status())
        .header(CONTENT_TYPE, "application/json");
    response.body(body.into()).expect("an answer")
}

/// A world whose door is a gateway with our functions behind it, each allowed what its role allows.
pub(crate) async fn functions_world() -> World {
    let backstage = Backstage::new().await;
    let context_of = |function| policed(&backstage.context, function);
    let availability_of = |function| Availability::new(context_of(function));
    let queues = memory_queues(&backstage.context.clock);
    let files = Arc::new(MemoryFiles::default());
    let desk_of = |function| {
        let queue = policed_queue(&queues, function, QueueName::Imports);
        QueuedDesk::new(context_of(function), files.clone(), queue)
    };
    let panel = Arc::new(front_door::panel());
    let quotes_of = |function| Quotes {
        availability: availability_of(function),
        panel: Arc::clone(&panel),
    };
    let (importer, tasker, quoter) = (
        "ImportWorkerFunction",
        "TaskWorkerFunction",
        "QuoteWorkerFunction",
    );
    let queue = policed_queue(&queues, quoter, QueueName::Quotes);
    let quote_desk = QuoteDesk::new(quotes_of(quoter), queue);
    let crew = Crew::start_at(
        queues.clone(),
        &Availability::new(backstage.context.clone()),
        // Each hand is a function of its own.
        &Workshop::default()
            .imports(desk_of(importer))
            .tasks(availability_of(tasker))
            .quotes(quote_desk),
    );
    let (availability, address) = (
        availability_of("AvailabilityFunction"),
        availability_of("AddressFunction"),
    );
    let catalog = context_of("CatalogFunction");
    let imports = context_of("ImportsFunction");
    let quotes = quotes_of("QuotesFunction");
    let desk: Arc<dyn ImportDesk> = Arc::new(desk_of("ImportsFunction"));
    let authorizer = context_of("AuthorizerFunction");
    let context = &backstage.context;
    let gate = Gate::Gateway;
    let door = Gateway {
        availability: behind_gateway(lastmile_http::availability_router(&availability, &gate)),
        address: behind_gateway(lastmile_http::address_router(&address, &gate)),
        catalog: behind_gateway(lastmile_http::catalog_router(&catalog, &gate)),
        quotes: behind_gateway(lastmile_http::quotes_router(&quotes, &gate)),
        imports: behind_gateway(lastmile_http::imports_router(&imports, &desk, &gate)),
        documentation: behind_gateway(lastmile_http::documentation_router(
            Arc::clone(&context.clock),
            &*context.random,
        )),
        keys: Arc::new(lastmile_edge::Keys::new(authorizer.store, authorizer.clock)),
        _crew: crew,
    };
    World {
        door: Box::new(door),
        gate: front_door::Gate::Gateway,
        deviations: &[Deviation::CarriersElsewhere],
        collected: Backstage::collected(),
        documents: documents(),
        pass_time: backstage.pass_time(),
        break_store: backstage.break_store(),
        keys: backstage.keys,
    }
}

/// What describes the API.
fn documents() -> Vec<Value> {
    let documents = lastmile_http::openapi::documents();
    documents
        .iter()
        .filter(|named| named.file_name != OF_ONE_PROCESS)
        .map(|named| serde_json::from_str(&named.text).expect("JSON"))
        .collect()
}
