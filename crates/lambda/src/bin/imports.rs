//! The function of the import service.

use std::sync::Arc;

use lambda_runtime::Error;
use lastmile_app::imports::{ImportDesk, QueuedDesk};
use lastmile_http::Gate;
use lastmile_lambda::{Parts, service, start};
use lastmile_store::QueueName;

fn main() -> Result<(), Error> {
    start::run(async {
        let mut parts = Parts::of("imports");
        let context = parts.context()?;
        let queue = parts.queue(QueueName::Imports)?;
        let desk = QueuedDesk::new(context.clone(), parts.files()?, queue);
        let desk: Arc<dyn ImportDesk> = Arc::new(desk);
        let router = lastmile_http::imports_router(&context, &desk, &Gate::Gateway);
        service::serve(parts, router).await
    })
}
