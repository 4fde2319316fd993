//! The worker that answers deferred questions.

use lambda_runtime::Error;
use lastmile_app::availability::Availability;
use lastmile_app::work::Workshop;
use lastmile_lambda::{Parts, start, worker};
use lastmile_store::QueueName;

fn main() -> Result<(), Error> {
    start::run(async {
        let mut parts = Parts::of("task-worker");
        let workshop = Workshop::default().tasks(Availability::new(parts.context()?));
        let queue = parts.queue(QueueName::Tasks)?;
        worker::serve(parts, workshop, queue).await
    })
}
