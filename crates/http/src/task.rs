//! What the task resources of TMF645 and TMF673 have in common: taken in, read, listed, patched, deleted.

use axum::http::StatusCode;
use axum::response::Response;
use lastmile_api::task::Asked;
use lastmile_api::{Document, DocumentError, ErrorCode};
use lastmile_app::availability::Availability;
use lastmile_app::availability::limits::TASKS_PAGE_MAX;
use lastmile_app::availability::task::{self, CreateError, ListTasks, TaskError, When};
use lastmile_model::availability::task::{Task, TaskHeader, TaskId, TaskKind};
use lastmile_model::identity::TenantId;

use crate::body::PatchBody;
use crate::list::{Fields, ListRequest};
use crate::patch;
use crate::refusal::Refusal;
use crate::reply;

/// How one kind of task is written and read.
pub struct TaskResource {
    /// Which kind.
    pub kind: TaskKind,
    /// Where its items stand in the body, for errors.
    pub items_at: &'static str,
    /// A body into a question.
    pub asked: fn(&[u8]) -> Result<Asked, DocumentError>,
    /// A task into its document.
    pub of_task: fn(&Task) -> Result<Document, DocumentError>,
    /// A task into its document in a list.
    pub of_header: fn(&TaskHeader) -> Result<Document, DocumentError>,
    /// A patched document into the text to store.
    pub after_patch: fn(Document) -> Result<String, DocumentError>,
    /// Attributes that a list neither shows nor filters.
    pub not_listed: &'static [&'static str],
    /// Attributes that a patch may not change.
    pub read_only: &'static [&'static [&'static str]],
}

impl TaskResource {
    /// Takes a question in: 200 with the answer, or 201 with the task.
    ///
    /// # Errors
    /// [`Refusal`].
    pub async fn create(
        &self,
        availability: &Availability,
        tenant: &TenantId,
        body: &[u8],
    ) -> Result<Response, Refusal> {
        let Asked { task, instant } = (self.asked)(body)?;
        let when = if instant { When::Now } else { When::Deferred };
        let task = task::create(availability, tenant, task, when).await;
        let task = task.map_err(|error| self.refuse_create(&error))?;
        let document = (self.of_task)(&task).map_err(|error| Refusal::damaged(&error))?;
        Ok(match when {
            When::Now => reply::located(StatusCode::OK, &document),
            When::Deferred => reply::located(StatusCode::CREATED, &document),
        })
    }

    fn refuse_create(&self, error: &CreateError) -> Refusal {
        let at = |error: &CreateError| format!("{}: {error}", self.items_at);
        match error {
            CreateError::NoItems => Refusal::with(ErrorCode::InvalidAttribute, at(error)),
            CreateError::TooManyItems { .. } => Refusal::with(ErrorCode::TooManyItems, at(error)),
            CreateError::TooLarge { .. } => {
                Refusal::with(ErrorCode::BodyTooLarge, error.to_string())
            }
            CreateError::Store(error) => Refusal::store(error),
        }
    }

    /// Reads a task, whole.
    ///
    /// # Errors
    /// [`Refusal`]; an id that is none, another tenant's and an expired one are all not found.
    pub async fn get(
        &self,
        availability: &Availability,
        tenant: &TenantId,
        id: &str,
        fields: &Fields,
    ) -> Result<Response, Refusal> {
        let id = self.id(id)?;
        let task = task::get(availability, tenant, self.kind, id).await;
        let task = task.map_err(|error| refuse(&error))?;
        let document = (self.of_task)(&task).map_err(|error| Refusal::damaged(&error))?;
        Ok(reply::json(StatusCode::OK, &fields.select(document)))
    }

    /// Lists a tenant's tasks, newest first, without their items and results.
    ///
    /// # Errors
    /// [`Refusal`].
    pub async fn list(
        &self,
        availability: &Availability,
        tenant: &TenantId,
        request: &ListRequest,
    ) -> Result<Response, Refusal> {
        if let Some(attribute) = request.asks_for(self.not_listed) {
            let message = format!(
                "{attribute} is not part of a list, and can be neither selected nor filtered there: read it \
                 with the task, by its id"
            );
            return Err(Refusal::with(ErrorCode::InvalidParameter, message));
        }
        let page = ListTasks {
            offset: request.offset,
            limit: request.page_size(TASKS_PAGE_MAX),
        };
        let admits = |header: &TaskHeader| {
            request.filters.is_empty()
                || (self.of_header)(header).is_ok_and(|document| request.admits(&document))
        };
        let listed = task::list(availability, tenant, self.kind, page, &admits).await;
        let listed = listed.map_err(|error| Refusal::store(&error))?;
        let documents = listed
            .page
            .iter()
            .map(self.of_header)
            .collect::<Result<Vec<_>, _>>();
        let documents = documents.map_err(|error| Refusal::damaged(&error))?;
        Ok(request.answer(documents, listed.total, listed.cut, TASKS_PAGE_MAX))
    }

    /// Changes what the client may change of a task.
    ///
    /// # Errors
    /// [`Refusal`]; nothing was changed.
    pub async fn patch(
        &self,
        availability: &Availability,
        tenant: &TenantId,
        id: &str,
        body: &PatchBody,
    ) -> Result<Response, Refusal> {
        let id = self.id(id)?;
        let task = task::get(availability, tenant, self.kind, id).await;
        let mut task = task.map_err(|error| refuse(&error))?;
        let before = (self.of_task)(&task).map_err(|error| Refusal::damaged(&error))?;
        let after = patch::apply(&before, body, self.read_only)?;
        let text = (self.after_patch)(after)?;
        let version = task.header.version;
        let header = task::patch(availability, tenant, self.kind, id, version, text).await;
        task.header = header.map_err(|error| refuse(&error))?;
        let document = (self.of_task)(&task).map_err(|error| Refusal::damaged(&error))?;
        Ok(reply::json(StatusCode::OK, &document))
    }

    /// Removes a task.
    ///
    /// # Errors
    /// [`Refusal`].
    pub async fn delete(
        &self,
        availability: &Availability,
        tenant: &TenantId,
        id: &str,
    ) -> Result<Response, Refusal> {
        let id = self.id(id)?;
        let deleted = task::delete(availability, tenant, self.kind, id).await;
        deleted.map_err(|error| refuse(&error))?;
        Ok(reply::no_content())
    }

    fn id(&self, text: &str) -> Result<TaskId, Refusal> {
        let not_found = TaskError::NotFound { kind: self.kind };
        text.parse().map_err(|_| refuse(&not_found))
    }
}

fn refuse(error: &TaskError) -> Refusal {
    match error {
        TaskError::NotFound { .. } => Refusal::with(ErrorCode::NotFound, error.to_string()),
        TaskError::Changed => Refusal::with(ErrorCode::Conflict, error.to_string()),
        TaskError::TooLarge { .. } => Refusal::with(ErrorCode::BodyTooLarge, error.to_string()),
        TaskError::Store(error) => Refusal::store(error),
    }
}
