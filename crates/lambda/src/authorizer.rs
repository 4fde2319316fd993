//! Who asks: the gateway's authorizer.
//!
//! A token is a Lastmile key (`authorization: Bearer lastmile_…`). The API key that the gateway asks for
//! beside it (`x-api-key`) only chooses the usage plan.

use std::sync::Arc;

use aws_lambda_events::apigw::ApiGatewayCustomAuthorizerRequest;
use lastmile_edge::Keys;
use lastmile_http::authentication::bearer_token;
use lastmile_model::identity::Caller;
use lastmile_store::StoreError;
use serde::Serialize;
use serde_json::Value;
use thiserror::Error;

use crate::gateway::context_of;

/// The version of the policy language.
const POLICY_VERSION: &str = "2012-10-17";
/// The only action there is at an API.
const INVOKE: &str = "execute-api:Invoke";

/// Nobody was found.
#[derive(Debug, Error)]
pub enum AuthorizerError {
    /// No token, or nobody's. The gateway answers 401 to exactly this text.
    #[error("Unauthorized")]
    Unauthorized,
    /// It is not known whose token it is. The gateway answers 500.
    #[error("the token could not be looked up")]
    Store(#[source] StoreError),
}

/// What the gateway is told.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Authorized {
    principal_id: String,
    policy_document: Policy,
    context: Value,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Policy {
    version: &'static str,
    statement: [Statement; 1],
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Statement {
    action: &'static str,
    effect: &'static str,
    resource: String,
}

/// Finds out whose token it is. What the caller may do is the routers' to say: the policy, which the
/// gateway keeps for all of the token's requests, allows the whole stage.
///
/// # Errors
/// [`AuthorizerError`].
pub async fn authorize(
    keys: &Keys,
    request: &ApiGatewayCustomAuthorizerRequest,
) -> Result<Authorized, AuthorizerError> {
    let token = request
        .authorization_token
        .as_deref()
        .and_then(bearer_token);
    let token = token.ok_or(AuthorizerError::Unauthorized)?;
    let caller = keys.authenticate(token).await;
    let caller = caller.map_err(AuthorizerError::Store)?;
    let caller = caller.ok_or(AuthorizerError::Unauthorized)?;
    let method = request.method_arn.as_deref().unwrap_or_default();
    Ok(allowed(&caller, method))
}

fn allowed(caller: &Arc<Caller>, method: &str) -> Authorized {
    Authorized {
        principal_id: caller.tenant.to_string(),
        policy_document: Policy {
            version: POLICY_VERSION,
            statement: [Statement {
                action: INVOKE,
                effect: "Allow",
                resource: stage_of(method),
            }],
        },
        context: context_of(caller),
    }
}

/// `arn:aws:execute-api:<region>:<account>:<api>/<stage>/GET/imports` -> the same, for all of the stage.
fn stage_of(method: &str) -> String {
    let mut parts = method.splitn(3, '/');
    let api = parts.next().unwrap_or_default();
    let stage = parts.next().unwrap_or_default();
    format!("{api}/{stage}/*")
}

#[cfg(test)]
mod tests {
    use lastmile_app::Random as _;
    use lastmile_doors::SystemRandom;
    use lastmile_edge::{ENTROPY_BYTES, NewKey};
    use lastmile_model::identity::{KeyName, Role, TenantId};
    use lastmile_store::Clock;
    use lastmile_testkit::store::{ManualClock, MemoryStore};
    use serde_json::json;

    use super::*;

    fn asked(token: Option<&str>) -> ApiGatewayCustomAuthorizerRequest {
        let event = json!({
            "type": "TOKEN",
            "methodArn": "arn:aws:execute-api:eu-west-1:1:abc/live/GET/imports/7",
            "authorizationToken": token,
        });
        serde_json::from_value(event).expect("an event")
    }

    #[tokio::test]
    async fn a_good_token_is_its_caller_and_any_other_is_nobody() {
        let clock: Arc<dyn Clock> = Arc::new(ManualClock::new());
        let store = Arc::new(MemoryStore::new(Arc::clone(&clock)));
        let keys = Keys::new(store, clock);
        let mut entropy = [0; ENTROPY_BYTES];
        SystemRandom.fill(&mut entropy);
        let new = NewKey {
            name: KeyName::new("agent").expect("a name"),
            caller: Caller {
                tenant: TenantId::new("north").expect("a name"),
                role: Role::Agent,
            },
        };
        let created = keys.create(new, &entropy).await.expect("a key");
        let token = created.text.reveal();
        let authorized = authorize(&keys, &asked(Some(&format!("Bearer {token}")))).await;
        let answer = serde_json::to_value(authorized.expect("authorized")).expect("JSON");
        assert_eq!(
            answer,
            json!({
                "principalId": "north",
                "policyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [{
                        "Action": "execute-api:Invoke",
                        "Effect": "Allow",
                        "Resource": "arn:aws:execute-api:eu-west-1:1:abc/live/*",
                    }],
                },
                "context": {"tenant": "north", "role": "agent"},
            })
        );
        let nobody = [
            None,
            Some(""),
            Some("Bearer"),
            Some("Bearer x"),
            Some(token),
        ];
        for header in nobody {
            let refused = authorize(&keys, &asked(header)).await;
            let refused = refused.expect_err("nobody's token").to_string();
            assert_eq!(refused, "Unauthorized", "{header:?}");
        }
    }
}
