//! Outcomes that are refusals.

use lastmile_api::ErrorCode;
use lastmile_app::documents::{ChangeError, CreateError, DeleteError, DraftRefused, ReadError};
use lastmile_model::document::{ChangeRefused, DocumentKind};

use crate::refusal::Refusal;

pub(super) fn read(error: &ReadError) -> Refusal {
    match error {
        ReadError::NotFound { .. } => Refusal::with(ErrorCode::NotFound, error.to_string()),
        ReadError::Store(error) => Refusal::store(error),
    }
}

pub(super) fn not_found(kind: DocumentKind) -> Refusal {
    read(&ReadError::NotFound { kind })
}

pub(super) fn create(error: &CreateError) -> Refusal {
    match error {
        CreateError::Refused(refused) => draft(refused),
        CreateError::KeyReused | CreateError::KeyOfRemoved => {
            Refusal::with(ErrorCode::IdempotencyKeyReused, error.to_string())
        }
        CreateError::Store(error) => Refusal::store(error),
    }
}

pub(super) fn change(error: &ChangeError) -> Refusal {
    match error {
        ChangeError::Change(refused) => {
            let code = match refused {
                ChangeRefused::Move(_) => ErrorCode::MoveRefused,
                ChangeRefused::RefersToItself { .. } => ErrorCode::InvalidAttribute,
            };
            Refusal::with(code, refused.to_string())
        }
        ChangeError::Draft(refused) => draft(refused),
        ChangeError::Changed => Refusal::with(ErrorCode::Conflict, error.to_string()),
        ChangeError::Store(error) => Refusal::store(error),
    }
}

pub(super) fn delete(error: &DeleteError) -> Refusal {
    match error {
        DeleteError::Referred { .. } => Refusal::with(ErrorCode::ResourceInUse, error.to_string()),
        DeleteError::Refused(refused) => draft(refused),
        DeleteError::Changed => Refusal::with(ErrorCode::Conflict, error.to_string()),
        DeleteError::Store(error) => Refusal::store(error),
    }
}

fn draft(refused: &DraftRefused) -> Refusal {
    let code = match refused {
        DraftRefused::TooLarge { .. } => ErrorCode::BodyTooLarge,
        DraftRefused::TooManyReferences { .. } => ErrorCode::TooManyItems,
        DraftRefused::UnknownReference { .. } => ErrorCode::ReferenceUnknown,
    };
    Refusal::with(code, refused.to_string())
}
