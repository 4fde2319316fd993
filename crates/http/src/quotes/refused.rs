//! Outcomes that are refusals.

use lastmile_api::ErrorCode;
use lastmile_app::quotes::{CreateError, QuoteError};
use lastmile_model::quote::RequestRefused;

use crate::refusal::Refusal;

pub(super) fn create(error: &CreateError) -> Refusal {
    let code = match error {
        CreateError::Refused(
            RequestRefused::Nothing { .. }
            | RequestRefused::DeadlinePassed
            | RequestRefused::DeadlineTooLate
            | RequestRefused::NoBandwidth,
        )
        | CreateError::UnknownProvider(_) => ErrorCode::InvalidAttribute,
        CreateError::Refused(RequestRefused::TooMany { .. }) => ErrorCode::TooManyItems,
        CreateError::TooLarge { .. } => ErrorCode::BodyTooLarge,
        CreateError::KeyReused => ErrorCode::IdempotencyKeyReused,
        CreateError::Store(error) => return Refusal::store(error),
    };
    Refusal::with(code, error.to_string())
}

pub(super) fn quote(error: &QuoteError) -> Refusal {
    let code = match error {
        QuoteError::NotFound => ErrorCode::NotFound,
        QuoteError::NoSuchCase => ErrorCode::CellNotOpen,
        QuoteError::Refused(_) => ErrorCode::MoveRefused,
        QuoteError::Changed => ErrorCode::Conflict,
        QuoteError::Store(error) => return Refusal::store(error),
    };
    Refusal::with(code, error.to_string())
}
