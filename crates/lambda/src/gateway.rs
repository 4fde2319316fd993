//! What the API gateway found out, as the routers ask for it.
//!
//! The gateway's authorizer answers with a context; the gateway hands it on with the request. It becomes
//! the `Arc<Caller>` among the request's extensions. A client cannot write there.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::Request;
use axum::http::HeaderValue;
use lambda_http::RequestExt as _;
use lastmile_http::front::REQUEST_ID_HEADER;
use lastmile_model::identity::{Caller, ProviderName, Role, TenantId};
use serde_json::{Map, Value};

/// Field of the context with the tenant.
const TENANT: &str = "tenant";
/// Field of the context with the role.
const ROLE: &str = "role";
/// Field of the context with the provider, for the provider's role.
const PROVIDER: &str = "provider";

/// A caller as the authorizer's context.
#[must_use]
pub fn context_of(caller: &Caller) -> Value {
    let Caller { tenant, role } = caller;
    let mut fields = Map::new();
    fields.insert(TENANT.to_owned(), tenant.as_str().into());
    fields.insert(ROLE.to_owned(), role.as_str().into());
    if let Some(provider) = role.provider() {
        fields.insert(PROVIDER.to_owned(), provider.as_str().into());
    }
    Value::Object(fields)
}

/// The caller of an authorizer's context; `None` where it is none of ours.
#[must_use]
pub fn caller_in(fields: &HashMap<String, Value>) -> Option<Caller> {
    let text = |name: &str| fields.get(name).and_then(Value::as_str);
    let role = match text(ROLE)? {
        "operator" => Role::Operator,
        "agent" => Role::Agent,
        "provider" => Role::Provider(ProviderName::new(text(PROVIDER)?).ok()?),
        _ => return None,
    };
    Some(Caller {
        tenant: TenantId::new(text(TENANT)?).ok()?,
        role,
    })
}

/// Puts the caller that the gateway found among the request's extensions, and gives a request without an
/// id that of its invocation, under which Lambda logs it.
pub async fn found(mut request: Request) -> Request {
    let context = request.extensions().request_context_ref();
    let caller = context
        .and_then(|context| context.authorizer())
        .and_then(|authorizer| caller_in(&authorizer.fields));
    let invocation = request.extensions().lambda_context_ref();
    let id = invocation.and_then(|context| HeaderValue::from_str(&context.request_id).ok());
    if let Some(caller) = caller {
        request.extensions_mut().insert(Arc::new(caller));
    }
    if let Some(id) = id {
        request.headers_mut().entry(REQUEST_ID_HEADER).or_insert(id);
    }
    request
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caller(role: Role) -> Caller {
        Caller {
            tenant: TenantId::new("north").expect("a name"),
            role,
        }
    }

    fn fields(context: &Value) -> HashMap<String, Value> {
        let object = context.as_object().expect("an object").clone();
        object.into_iter().collect()
    }

    #[test]
    fn a_caller_passes_through_the_gateway() {
        let provider = ProviderName::new("Acme Fiber").expect("a name");
        for role in [Role::Operator, Role::Agent, Role::Provider(provider)] {
            let caller = caller(role);
            assert_eq!(caller_in(&fields(&context_of(&caller))), Some(caller));
        }
    }

    #[test]
    fn a_context_that_is_not_ours_is_nobody() {
        let provider = Role::Provider(ProviderName::new("Acme").expect("a name"));
        let whole = fields(&context_of(&caller(provider)));
        assert_eq!(caller_in(&HashMap::new()), None);
        for missing in [TENANT, ROLE, PROVIDER] {
            let mut part = whole.clone();
            part.remove(missing);
            assert_eq!(caller_in(&part), None, "{missing}");
        }
        let mut other = whole;
        other.insert(ROLE.to_owned(), "admin".into());
        assert_eq!(caller_in(&other), None);
    }
}
