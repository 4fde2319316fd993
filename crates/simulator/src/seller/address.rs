//! `geographicAddressManagement`: validation, and an address by its id.

use http::Method;
use serde_json::{Value, json};

use super::check::Check;
use super::place::neighbour;
use super::problem::NotAnswered;
use super::{Admitted, KEPT_MAX, Reply, Seller, State, unless_found};
use crate::destiny::Destiny;

impl Seller {
    pub(super) fn address_api(
        &self,
        state: &mut State,
        request: &Admitted<'_>,
    ) -> Result<Reply, NotAnswered> {
        match (request.method, request.path.split_once('/')) {
            (&Method::POST, None) if request.path == "geographicAddressValidation" => {
                self.validate(state, request)
            }
            (&Method::GET, Some(("geographicAddress", id))) => {
                let place = state.places.get(id).ok_or(NotAnswered::NotFound)?;
                Ok(Reply::new(200, self.known(place).1))
            }
            _ => Err(NotAnswered::NotFound),
        }
    }

    fn validate(&self, state: &mut State, request: &Admitted<'_>) -> Result<Reply, NotAnswered> {
        let body = request.json()?;
        let mut check = Check::default();
        check.truth(&body, "", "provideAlternative");
        let submitted = &body["submittedGeographicAddress"];
        let path = "/submittedGeographicAddress";
        if submitted.is_null() {
            check.note("missingProperty", path.to_owned(), "it must be there");
        }
        let place = if submitted.is_null() {
            None
        } else {
            self.address(&mut check, submitted, path)
        };
        unless_found(check.problems)?;
        let place = place.ok_or(NotAnswered::BadRequest("invalidBody"))?;
        let mut answer = json!({
            "provideAlternative": true,
            "submittedGeographicAddress": submitted,
        });
        match self.destiny(&place.building) {
            Destiny::NotRecognised { knows_alike } => {
                if state.behaviour.undocumented_refusals {
                    return Err(NotAnswered::Undocumented);
                }
                answer["validationResult"] = json!(if knows_alike { "partial" } else { "fail" });
                let alike: Vec<Value> =
                    knows_alike.then(|| neighbour(&place)).into_iter().collect();
                answer["alternateGeographicAddress"] = json!(alike);
            }
            _ if state.behaviour.inconsistent => {
                answer["validationResult"] = json!("success");
                answer["bestMatchGeographicAddress"] = neighbour(&place);
            }
            Destiny::Covered { .. }
            | Destiny::NotCovered
            | Destiny::UnknownError { .. }
            | Destiny::Business => {
                let (id, known) = self.known(&place);
                if state.places.len() < KEPT_MAX {
                    state.places.insert(id, place);
                }
                answer["validationResult"] = json!("success");
                answer["bestMatchGeographicAddress"] = known;
            }
        }
        Ok(Reply::new(200, answer))
    }
}
