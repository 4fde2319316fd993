//! The worker that loads lists, slice by slice.

use std::sync::Arc;

use lambda_runtime::Error;
use lastmile_app::imports::QueuedDesk;
use lastmile_app::work::Workshop;
use lastmile_lambda::{Parts, start, worker};
use lastmile_store::QueueName;

fn main() -> Result<(), Error> {
    start::run(async {
        let parts = Parts::of("import-worker")?;
        let queue = parts.queue(QueueName::Imports)?;
        let desk = QueuedDesk::new(parts.context.clone(), parts.files()?, Arc::clone(&queue));
        let workshop = Workshop {
            availability: parts.availability(),
            imports: Some(desk),
        };
        worker::serve(parts, workshop, queue).await
    })
}
