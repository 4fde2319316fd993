//! What went wrong with a request, and which of the outcomes that is.

use std::time::Duration;

use http::header::RETRY_AFTER;
use http::{HeaderMap, StatusCode};
use lastmile_model::carrier::{
    AskPersonReason, CarrierWords, FailureReason, NotServedReason, Retry, UnknownReason, Unpriced,
};

use super::wire::answers::Problem;
use super::wire::lenient::{Many, Scalar};
use super::wire::spelling::{BadRequestCode, ForbiddenCode, ProblemCode};

/// Longest rest that a carrier may ask for; what it asks for beyond is taken for this.
const REST_MAX: Duration = Duration::from_secs(3_600);

/// Why there is no answer that could be read.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Trouble {
    /// The whole request failed.
    Failed {
        why: Unpriced<FailureReason>,
        retry: Retry,
    },
    /// The seller found something in what was asked (422): at least one.
    Found(Vec<Finding>),
}

/// One thing that a seller found in what was asked.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Finding {
    pub(super) what: Found,
    /// Which item of the request it is about, from 0, where the seller says.
    pub(super) item: Option<usize>,
    pub(super) said: Option<CarrierWords>,
}

/// What a finding comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    Address,
    Product,
    Term,
    MoreInformation,
    /// It is the seller that has the problem.
    Carrier,
    /// Our program or its settings are at fault.
    Ours,
}

impl From<FailureReason> for Trouble {
    fn from(reason: FailureReason) -> Self {
        Self::Failed {
            why: reason.into(),
            retry: reason.retry(),
        }
    }
}

/// Reads an answer with a status that is no success.
pub(super) fn trouble(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Trouble {
    // An array (422), an object (all others), or no JSON at all.
    let problems = serde_json::from_slice::<Many<Problem>>(body).unwrap_or_default();
    if status == StatusCode::UNPROCESSABLE_ENTITY && !problems.0.is_empty() {
        return Trouble::Found(problems.0.iter().map(finding).collect());
    }
    let first = problems.0.first();
    let reason = reason_of(status, first);
    let asked_for = rest(headers);
    Trouble::Failed {
        why: Unpriced {
            reason,
            said: first.and_then(words),
        },
        retry: match (reason.retry(), asked_for) {
            (Retry::After(_), Some(rest)) => Retry::After(rest),
            (retry, _) => retry,
        },
    }
}

fn reason_of(status: StatusCode, problem: Option<&Problem>) -> FailureReason {
    match status {
        StatusCode::UNAUTHORIZED => FailureReason::NotLetIn,
        StatusCode::FORBIDDEN => {
            match problem.and_then(|problem| code(problem, ForbiddenCode::read)) {
                Some(ForbiddenCode::TooManyUsers) => FailureReason::RateLimited,
                Some(ForbiddenCode::AccessDenied | ForbiddenCode::ForbiddenRequester) | None => {
                    FailureReason::NotLetIn
                }
            }
        }
        StatusCode::NOT_FOUND | StatusCode::GONE => FailureReason::Forgotten,
        StatusCode::REQUEST_TIMEOUT | StatusCode::GATEWAY_TIMEOUT => FailureReason::TimedOut,
        StatusCode::TOO_MANY_REQUESTS => FailureReason::RateLimited,
        StatusCode::NOT_IMPLEMENTED => FailureReason::Refused,
        status if status.is_server_error() => FailureReason::CarrierFailed,
        status if status.is_client_error() => FailureReason::Refused,
        _ => FailureReason::NotUnderstood,
    }
}

/// Whether a seller refuses what it was sent by a code that the documents do not have: real carriers say
/// so that they cannot verify an address.
pub(super) fn is_undocumented_refusal(status: StatusCode, body: &[u8]) -> bool {
    let problems = serde_json::from_slice::<Many<Problem>>(body).unwrap_or_default();
    let documented = problems
        .0
        .first()
        .and_then(|problem| code(problem, BadRequestCode::read));
    status == StatusCode::BAD_REQUEST && documented.is_none()
}

/// `Retry-After` in seconds; as a date it is not read, because the clocks may differ.
fn rest(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers
        .get(RETRY_AFTER)?
        .to_str()
        .ok()?
        .trim()
        .parse()
        .ok()?;
    Some(Duration::from_secs(seconds).min(REST_MAX))
}

fn code<T>(problem: &Problem, read: impl Fn(&str) -> Option<T>) -> Option<T> {
    read(&problem.code.as_ref().and_then(Scalar::text)?)
}

pub(super) fn words(problem: &Problem) -> Option<CarrierWords> {
    [&problem.reason, &problem.value, &problem.message]
        .into_iter()
        .flatten()
        .find_map(|text| CarrierWords::new(text))
}

/// What a 422 body's member, or a termination error, comes to: by the code, and by what the path names.
pub(super) fn finding(problem: &Problem) -> Finding {
    let path = problem.property_path.as_deref().unwrap_or_default();
    Finding {
        what: found(code(problem, ProblemCode::read), path),
        item: item_in(path),
        said: words(problem),
    }
}

fn found(code: Option<ProblemCode>, path: &str) -> Found {
    let path = path.to_ascii_lowercase();
    let names = |words: &[&str]| words.iter().any(|word| path.contains(word));
    match code {
        Some(
            ProblemCode::InvalidValue
            | ProblemCode::InvalidFormat
            | ProblemCode::ReferenceNotFound
            | ProblemCode::MissingProperty,
        ) if names(&["place", "address"]) => Found::Address,
        Some(ProblemCode::InvalidValue | ProblemCode::ReferenceNotFound) if names(&["term"]) => {
            Found::Term
        }
        Some(ProblemCode::InvalidValue | ProblemCode::ReferenceNotFound)
            if names(&["product"]) && !names(&["qualification/", "relationship"]) =>
        {
            Found::Product
        }
        Some(ProblemCode::MissingProperty) => Found::MoreInformation,
        Some(ProblemCode::OtherIssue) => Found::Carrier,
        Some(
            ProblemCode::InvalidValue
            | ProblemCode::InvalidFormat
            | ProblemCode::ReferenceNotFound
            | ProblemCode::UnexpectedProperty
            | ProblemCode::TooManyRecords,
        )
        | None => Found::Ours,
    }
}

/// The number in `/quoteItem/2/product/…` or `$.quoteItem[2].product…`.
fn item_in(path: &str) -> Option<usize> {
    let lower = path.to_ascii_lowercase();
    let at = ["productofferingqualificationitem", "quoteitem"]
        .into_iter()
        .find_map(|list| Some(lower.find(list)? + list.len()))?;
    let digits: String = lower[at..]
        .trim_start_matches(['/', '['])
        .chars()
        .take_while(char::is_ascii_digit)
        .collect();
    digits.parse().ok()
}

/// What of a question is answered by something that a seller found in it.
pub(super) enum Verdict {
    NotServed(Unpriced<NotServedReason>),
    AddressUnknown(Unpriced<UnknownReason>),
    AskPerson(Unpriced<AskPersonReason>),
    Failed {
        why: Unpriced<FailureReason>,
        retry: Retry,
    },
}

impl Finding {
    pub(super) fn verdict(self) -> Verdict {
        let Self {
            what,
            item: _,
            said,
        } = self;
        let failed = |reason: FailureReason, said| Verdict::Failed {
            why: Unpriced { reason, said },
            retry: reason.retry(),
        };
        match what {
            Found::Address => Verdict::AddressUnknown(Unpriced {
                reason: UnknownReason::Refused,
                said,
            }),
            Found::Product => Verdict::NotServed(Unpriced {
                reason: NotServedReason::ProductNotOffered,
                said,
            }),
            Found::Term => Verdict::NotServed(Unpriced {
                reason: NotServedReason::TermNotOffered,
                said,
            }),
            Found::MoreInformation => Verdict::AskPerson(Unpriced {
                reason: AskPersonReason::MoreInformation,
                said,
            }),
            Found::Carrier => failed(FailureReason::GivenUp, said),
            Found::Ours => failed(FailureReason::Refused, said),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed(status: u16, body: &str) -> FailureReason {
        let status = StatusCode::from_u16(status).unwrap();
        match trouble(status, &HeaderMap::new(), body.as_bytes()) {
            Trouble::Failed { why, .. } => why.reason,
            Trouble::Found(found) => panic!("{found:?}"),
        }
    }

    #[test]
    fn every_documented_status_has_its_reason() {
        for (status, body, reason) in [
            (
                400,
                r#"{"code":"invalidBody","reason":"x"}"#,
                FailureReason::Refused,
            ),
            (
                401,
                r#"{"code":"invalidCredentials","reason":"x"}"#,
                FailureReason::NotLetIn,
            ),
            (
                403,
                r#"{"code":"accessDenied","reason":"x"}"#,
                FailureReason::NotLetIn,
            ),
            (
                403,
                r#"{"code":"forbiddenRequester","reason":"x"}"#,
                FailureReason::NotLetIn,
            ),
            (
                403,
                r#"{"code":"tooManyUsers ","reason":"x"}"#,
                FailureReason::RateLimited,
            ),
            (
                404,
                r#"{"code":"notFound","reason":"x"}"#,
                FailureReason::Forgotten,
            ),
            (422, "not JSON", FailureReason::Refused),
            (429, "", FailureReason::RateLimited),
            (
                500,
                r#"{"code":"internalError","reason":"x"}"#,
                FailureReason::CarrierFailed,
            ),
            (
                501,
                r#"{"code":"notImplemented","reason":"x"}"#,
                FailureReason::Refused,
            ),
            (503, "<html>", FailureReason::CarrierFailed),
            (504, "", FailureReason::TimedOut),
            (302, "", FailureReason::NotUnderstood),
        ] {
            assert_eq!(failed(status, body), reason, "{status} {body}");
        }
    }

    #[test]
    fn a_rest_that_is_asked_for_is_kept_within_reason() {
        let retry = |seconds: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, seconds.parse().unwrap());
            match trouble(StatusCode::TOO_MANY_REQUESTS, &headers, b"") {
                Trouble::Failed { retry, .. } => retry,
                Trouble::Found(found) => panic!("{found:?}"),
            }
        };
        assert_eq!(retry("7"), Retry::After(Duration::from_secs(7)));
        assert_eq!(retry("99999999"), Retry::After(REST_MAX));
        assert_eq!(
            retry("Wed, 21 Oct 2026"),
            FailureReason::RateLimited.retry()
        );
    }

    #[test]
    fn findings_say_what_is_wrong_and_with_which_item() {
        for (code, path, what, item) in [
            (
                "referenceNotFound",
                "/productOfferingQualificationItem/3/product/place/0/id",
                Found::Address,
                Some(3),
            ),
            (
                "invalidValue",
                "$.submittedGeographicAddress.streetNr",
                Found::Address,
                None,
            ),
            (
                "invalidValue",
                "$.quoteItem[2].requestedQuoteItemTerm.duration",
                Found::Term,
                Some(2),
            ),
            (
                "referenceNotFound",
                "/quoteItem/0/product/productOffering/id",
                Found::Product,
                Some(0),
            ),
            (
                "missingProperty",
                "/quoteItem/0/product/productConfiguration/x",
                Found::MoreInformation,
                Some(0),
            ),
            ("otherIssue", "", Found::Carrier, None),
            ("unexpectedProperty", "/quoteItem/0/x", Found::Ours, Some(0)),
            ("tooManyRecords", "", Found::Ours, None),
            (
                "invalidFormat",
                "/requestedQuoteCompletionDate",
                Found::Ours,
                None,
            ),
            ("neverHeardOf", "/quoteItem/1/product", Found::Ours, Some(1)),
        ] {
            let body = format!(r#"[{{"code":"{code}","propertyPath":"{path}","reason":"why"}}]"#);
            let trouble = trouble(
                StatusCode::UNPROCESSABLE_ENTITY,
                &HeaderMap::new(),
                body.as_bytes(),
            );
            let expected = Finding {
                what,
                item,
                said: CarrierWords::new("why"),
            };
            assert_eq!(trouble, Trouble::Found(vec![expected]), "{code} {path}");
        }
    }

    #[test]
    fn a_refusal_without_a_documented_code_is_told_apart() {
        let bad = StatusCode::BAD_REQUEST;
        assert!(is_undocumented_refusal(
            bad,
            b"{\"message\":\"can't verify address\"}"
        ));
        assert!(!is_undocumented_refusal(
            bad,
            b"{\"code\":\"invalidBody\",\"reason\":\"x\"}"
        ));
        assert!(!is_undocumented_refusal(StatusCode::FORBIDDEN, b"{}"));
    }
}
