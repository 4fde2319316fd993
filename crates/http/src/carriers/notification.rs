//! `POST …/listener/{event}`: a carrier says that something may be done.

use axum::extract::{FromRequest as _, Path, Request, State};
use axum::response::Response;
use lastmile_api::ErrorCode;
use lastmile_api::carriers::Notification;
use lastmile_app::quotes::Quotes;
use lastmile_app::quotes::notice::{self, NoticeError};

use crate::body::JsonBody;
use crate::openapi::responses::CalledBack;
use crate::refusal::Refusal;
use crate::reply;

/// Say that a deferred answer may be there
///
/// For the carriers that we asked to call back (MEF LSO Sonata, notifications of qualifications and quotes): `token` is the carrier's
/// own, and there is no API key. What the body says is a hint and never an answer; the answer is asked of the carrier. A
/// notification of something that nobody waits for is taken and passed over.
#[utoipa::path(
    post,
    path = "/carriers/v1/{token}/mefApi/sonata/{api}/{version}/listener/{event}",
    operation_id = "notifyOfCarrier",
    tag = "carrier",
    security(()),
    params(
        ("token" = String, Path, description = "Which carrier, and that it may call."),
        ("api" = String, Path, description = "As the carrier names it; read by nobody."),
        ("version" = String, Path, description = "As the carrier names it; read by nobody."),
        ("event" = String, Path, description = "As in the body, which counts."),
    ),
    request_body(content = Notification),
    responses((status = 204, description = "It was taken."), CalledBack)
)]
pub(crate) async fn handler(
    State(quotes): State<Quotes>,
    Path((token, _api, _version, _event)): Path<(String, String, String, String)>,
    request: Request,
) -> Result<Response, Refusal> {
    // Who may not call is turned away before anything of the body is read.
    let carrier = notice::caller(&quotes, &token).map_err(refused)?;
    let JsonBody(body) = JsonBody::from_request(request, &()).await?;
    let taken = notice::take(&quotes, &carrier, &body).await;
    taken.map_err(refused)?;
    Ok(reply::no_content())
}

fn refused(error: NoticeError) -> Refusal {
    match error {
        NoticeError::Unknown => Refusal::with(ErrorCode::NotFound, error.to_string()),
        NoticeError::Unreadable(_) => Refusal::with(ErrorCode::InvalidAttribute, error.to_string()),
        NoticeError::Secret(_) => Refusal::logged(ErrorCode::Internal, &error),
        NoticeError::Store(error) => Refusal::store(&error),
    }
}
