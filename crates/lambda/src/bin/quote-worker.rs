//! The worker that asks carriers for prices.

use std::sync::Arc;

use lambda_runtime::Error;
use lastmile_app::availability::Availability;
use lastmile_app::quotes::{QuoteDesk, Quotes};
use lastmile_app::work::Workshop;
use lastmile_app::work::limits::QUOTE_STINT;
use lastmile_lambda::providers_file::{self, ProvidersFile};
use lastmile_lambda::{Parts, start, worker};
use lastmile_store::QueueName;

fn main() -> Result<(), Error> {
    start::run(async {
        let mut parts = Parts::of("quote-worker");
        let context = parts.context()?;
        let availability = Availability::new(context.clone());
        let queue = parts.queue(QueueName::Quotes)?;
        let sent_to = Arc::clone(&queue);
        let file = ProvidersFile::new(context, move |settings| {
            let quotes = Quotes {
                availability: availability.clone(),
                panel: providers_file::asking(settings)?,
            };
            let desk = QuoteDesk::new(quotes, Arc::clone(&sent_to)).within(QUOTE_STINT);
            Ok(Workshop::default().quotes(desk))
        });
        worker::serve_by_providers(parts, file, queue).await
    })
}
