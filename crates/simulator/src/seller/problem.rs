//! What a seller answers where it does not do what it was asked, as documented.

use serde_json::{Value, json};

use super::Reply;

/// Why a request was not done.
pub(super) enum NotAnswered {
    /// 400 with one of the codes of `Error400`.
    BadRequest(&'static str),
    /// 400 that no document has.
    Undocumented,
    /// 401 with one of the codes of `Error401`.
    Unauthorized(&'static str),
    /// 400 of a token endpoint (RFC 6749, section 5.2).
    Token(&'static str),
    /// 404.
    NotFound,
    /// 405.
    Method,
    /// 422; at least one.
    Unprocessable(Vec<Problem>),
    /// 429, to come back after so many seconds.
    TooMany(u32),
    /// 500.
    Internal,
    /// 501.
    NotImplemented,
    /// 503.
    Down,
}

/// A member of a 422 body.
#[derive(Debug)]
pub(super) struct Problem {
    pub(super) code: &'static str,
    /// JSON pointer.
    pub(super) path: String,
    pub(super) reason: &'static str,
}

impl Problem {
    pub(super) fn json(&self) -> Value {
        json!({ "code": self.code, "propertyPath": self.path, "reason": self.reason })
    }
}

impl NotAnswered {
    pub(super) fn reply(self) -> Reply {
        let error = |status, code: &str, reason: &str| {
            Reply::new(status, json!({ "code": code, "reason": reason }))
        };
        match self {
            Self::BadRequest(code) => error(400, code, "the request cannot be read"),
            Self::Undocumented => Reply::new(
                400,
                json!({ "status": 400, "message": "can't verify address" }),
            ),
            Self::Unauthorized(code) => error(401, code, "a valid token is needed"),
            Self::Token(code) => Reply::new(400, json!({ "error": code })),
            Self::NotFound => error(404, "notFound", "there is no such resource"),
            Self::Method => error(405, "methodNotAllowed", "the resource does not do that"),
            Self::Unprocessable(problems) => {
                Reply::new(422, problems.iter().map(Problem::json).collect())
            }
            Self::TooMany(seconds) => Reply {
                headers: vec![("retry-after", seconds.to_string())],
                ..error(429, "tooManyRequests", "too many requests in this second")
            },
            Self::Internal => error(500, "internalError", "something went wrong here"),
            Self::NotImplemented => error(501, "notImplemented", "there are no notifications"),
            Self::Down => error(503, "serviceUnavailable", "closed for maintenance"),
        }
    }
}
