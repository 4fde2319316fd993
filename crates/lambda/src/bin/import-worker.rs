//! The worker that loads lists, slice by slice.

use std::sync::Arc;

use lambda_runtime::Error;
use lastmile_app::imports::QueuedDesk;
use lastmile_app::work::Workshop;
use lastmile_lambda::{Parts, start, worker};
use lastmile_store::QueueName;

fn main() -> Result<(), Error> {
    start::run(async {
        let mut parts = Parts::of("import-worker");
        let context = parts.context()?;
        let queue = parts.queue(QueueName::Imports)?;
        let desk = QueuedDesk::new(context, parts.files()?, Arc::clone(&queue));
        let workshop = Workshop::default().imports(desk);
        worker::serve(parts, workshop, queue).await
    })
}
