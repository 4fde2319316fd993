//! What the client sends and the simulator answers, against the published documents, where this machine
//! has them.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use jsonschema::Validator;
use lastmile_model::carrier::{Firmness, Product, Reply};
use lastmile_model::door::Timer;
use lastmile_providers::exchange::{Exchange, ExchangeError};
use lastmile_simulator::{Behaviour, Destiny};
use lastmile_testkit::reference_data::{self, SKIPPED};
use serde_json::{Value, json};

use crate::distance::{NoDistance, Simulation, simulation_over};
use crate::world::{location, question};

/// What was sent and answered: path, request, status, answer.
type Spoken = (String, Value, u16, Value);

/// Keeps what is spoken.
#[derive(Clone)]
struct Overheard {
    exchange: NoDistance,
    spoken: Arc<Mutex<Vec<Spoken>>>,
}

#[async_trait]
impl Exchange for Overheard {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, ExchangeError> {
        let path = request.uri().path().to_owned();
        let read = |body: &Bytes| serde_json::from_slice(body).unwrap_or(Value::Null);
        let asked = read(request.body());
        let response = self.exchange.send(request).await?;
        let answered = (
            path,
            asked,
            response.status().as_u16(),
            read(response.body()),
        );
        self.spoken
            .lock()
            .expect("nothing panics under it")
            .push(answered);
        Ok(response)
    }
}

/// One of the published interfaces.
struct Document(Value);

impl Document {
    fn read(relative: &str) -> Option<Self> {
        let path = reference_data::specification(&format!("sonata/productApi/{relative}"))?;
        let text = std::fs::read_to_string(path).expect("a file that can be read");
        Some(Self(yaml_serde::from_str(&text).expect("YAML")))
    }

    fn validator(&self, schema: &str) -> Validator {
        let whole = json!({
            "$ref": format!("#/components/schemas/{schema}"),
            "components": self.0["components"],
        });
        jsonschema::validator_for(&whole).expect("a schema")
    }

    fn assert_is(&self, schema: &str, value: &Value) {
        let errors: Vec<String> = self
            .validator(schema)
            .iter_errors(value)
            .map(|error| format!("{error} at {}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{schema}: {errors:#?}\n{value:#}");
    }

    /// A whole exchange; errors by their status.
    fn assert_spoken(&self, spoken: &Spoken, sent: &str, answer: &str) {
        let (_, asked, status, answered) = spoken;
        if !asked.is_null() {
            self.assert_is(sent, asked);
        }
        match status {
            200 | 201 => self.assert_is(answer, answered),
            422 => {
                let members = answered.as_array().expect("422 bodies are arrays");
                assert!(!members.is_empty());
                for member in members {
                    self.assert_is("Error422", member);
                }
            }
            400 | 401 | 403 | 404 | 500 => self.assert_is(&format!("Error{status}"), answered),
            other => unreachable!("{other} is not documented"),
        }
    }
}

/// Every destiny, product and level, at once and later.
async fn everything(simulation: &Simulation) {
    let destinies = [
        Destiny::Covered { sure: true },
        Destiny::Covered { sure: false },
        Destiny::NotCovered,
        Destiny::NotRecognised { knows_alike: true },
        Destiny::NotRecognised { knows_alike: false },
        Destiny::UnknownError {
            while_working: true,
        },
        Destiny::UnknownError {
            while_working: false,
        },
    ];
    for destiny in destinies {
        for product in Product::ALL {
            for firmness in [Firmness::Budgetary, Firmness::Firm] {
                let mut asked = question(location(&simulation.market, destiny, 0), &[12, 36, 120]);
                asked.service.product = product;
                asked.firmness = firmness;
                let mut reply = simulation.carrier.price(&[asked.clone()]).await.remove(0);
                while let Reply::Pending(pending) = reply {
                    reply = simulation.carrier.continue_price(&asked, &pending).await;
                    simulation
                        .time
                        .wait(std::time::Duration::from_secs(1))
                        .await;
                }
            }
        }
    }
}

#[test]
fn everything_that_is_spoken_is_as_documented() {
    let documents = [
        "serviceability/address/geographicAddressManagement.api.yaml",
        "serviceability/offeringQualification/productOfferingQualificationManagement.api.yaml",
        "quote/quoteManagement.api.yaml",
    ]
    .map(Document::read);
    let [Some(address), Some(qualification), Some(quote)] = documents else {
        println!("{SKIPPED}");
        return;
    };
    for answers in ["immediate", "deferred"] {
        let spoken = Arc::new(Mutex::new(Vec::new()));
        let extra = format!("answers = \"{answers}\"\n[provider.breaker]\ncalls_min = 1000");
        let overheard = |exchange| Overheard {
            exchange,
            spoken: Arc::clone(&spoken),
        };
        let simulation = simulation_over(&extra, Behaviour::default(), overheard);
        simulation.time.run(everything(&simulation));
        let spoken = spoken.lock().unwrap();
        assert!(spoken.len() > 100, "{}", spoken.len());
        for one in spoken.iter() {
            let (path, asked, _, _) = one;
            if path.contains("geographicAddressValidation") {
                address.assert_is("FieldedAddress", &asked["submittedGeographicAddress"]);
                address.assert_spoken(
                    one,
                    "GeographicAddressValidation_Create",
                    "GeographicAddressValidation",
                );
            } else if path.contains("/productOfferingQualification/") {
                qualification.assert_spoken(
                    one,
                    "ProductOfferingQualification_Create",
                    "ProductOfferingQualification",
                );
            } else if path.contains("/quote") {
                quote.assert_spoken(one, "Quote_Create", "Quote");
            } else {
                assert!(path.ends_with("/oauth2/token"), "{path}");
            }
        }
    }
}
