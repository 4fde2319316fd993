//! What the gateway refuses by itself has the body, the status and the page of our own refusals.

use lastmile_api::{ErrorBody, ErrorCode};
use serde_json::Value;

use super::template::Template;

/// Logical id of the API.
const API: &str = "Api";
/// Logical id of what stands before it.
const FIREWALL: &str = "Firewall";
/// The only type of body.
const JSON: &str = "application/json";

/// What is wrong with the bodies.
pub(crate) fn findings(template: &Template) -> Vec<String> {
    let responses = &template.properties(API)["GatewayResponses"];
    let mut findings = Vec::new();
    for (name, response) in responses.as_object().into_iter().flatten() {
        let body = response["ResponseTemplates"][JSON].as_str();
        let code = match body.map(code_of) {
            Some(Ok(code)) => code,
            Some(Err(wrong)) => {
                findings.push(format!("{name}: {wrong}"));
                continue;
            }
            None => {
                findings.push(format!("{name} has no body"));
                continue;
            }
        };
        if response["StatusCode"] != code.status() {
            findings.push(format!("{name}: StatusCode should be {}", code.status()));
        }
        let says_when = response["ResponseParameters"]["Headers"]["Retry-After"].is_string();
        if says_when != is_later(code) {
            findings.push(format!("{name}: Retry-After goes with 429 and 503 only"));
        }
    }
    let bodies = &template.properties(FIREWALL)["CustomResponseBodies"];
    for (name, body) in bodies.as_object().into_iter().flatten() {
        if let Err(wrong) = code_of(body["Content"].as_str().unwrap_or_default()) {
            findings.push(format!("{name}: {wrong}"));
        }
    }
    findings
}

const fn is_later(code: ErrorCode) -> bool {
    matches!(code.status(), 429 | 503)
}

/// The code of a body that is written exactly as the API writes it.
fn code_of(text: &str) -> Result<ErrorCode, String> {
    let body: Value =
        serde_json::from_str(text).map_err(|reason| format!("the body is no JSON: {reason}"))?;
    let code = ErrorCode::ALL
        .into_iter()
        .find(|code| body["code"] == code.as_str())
        .ok_or_else(|| format!("there is no error code {}", body["code"]))?;
    let message = body["message"].as_str().map(str::to_owned);
    let wanted = serde_json::to_value(ErrorBody::new(code, message))
        .map_err(|reason| format!("the body cannot be written: {reason}"))?;
    if body == wanted {
        Ok(code)
    } else {
        Err(format!("the body should be {wanted}"))
    }
}

#[cfg(test)]
mod tests {
    use super::super::TEMPLATE;
    use super::*;
    use crate::tree;

    fn findings_with(original: &str, changed: &str) -> Vec<String> {
        let text = tree::text(TEMPLATE).expect("the template is readable");
        assert!(text.contains(original), "{original}");
        let text = text.replacen(original, changed, 1);
        findings(&Template::parse(&text).expect("it is YAML"))
    }

    #[test]
    fn the_gateway_refuses_as_the_api_does() {
        assert_eq!(findings_with("", ""), Vec::<String>::new());
        let template = Template::read(TEMPLATE).expect("the template is readable");
        let responses = template.properties(API)["GatewayResponses"].as_object();
        assert!(responses.is_some_and(|responses| responses.len() > 10));
    }

    #[test]
    fn another_status_another_text_and_an_unknown_code_are_found() {
        assert_eq!(
            findings_with("StatusCode: 401", "StatusCode: 403"),
            ["UNAUTHORIZED: StatusCode should be 401"]
        );
        let found = findings_with("too many requests in a short time", "slower, please");
        assert!(
            found[0].starts_with("THROTTLED: the body should be"),
            "{found:?}"
        );
        assert_eq!(
            findings_with(r#""code":"token_invalid""#, r#""code":"who_are_you""#),
            [r#"UNAUTHORIZED: there is no error code "who_are_you""#]
        );
    }
}
