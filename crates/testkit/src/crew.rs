//! Those who work behind the services: the relay, and a worker at each queue in memory.

use std::sync::Arc;

use lastmile_app::availability::Availability;
use lastmile_app::quotes::{QuoteDesk, Quotes};
use lastmile_app::work::{Queues, Workshop, limits, relay, worker};
use lastmile_store::{Clock, QueueName};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::queue::MemoryQueue;

/// A crew at work; it goes home when this is dropped.
pub struct Crew {
    /// Its queues.
    pub queues: Queues,
    stop: Vec<oneshot::Sender<()>>,
    working: Vec<JoinHandle<()>>,
}

/// Queues in memory, empty.
#[must_use]
pub fn memory_queues(clock: &Arc<dyn Clock>) -> Queues {
    let queue = |name: QueueName| Arc::new(MemoryQueue::new(name.settings(), Arc::clone(clock)));
    Queues {
        imports: queue(QueueName::Imports),
        quotes: queue(QueueName::Quotes),
        tasks: queue(QueueName::Tasks),
    }
}

impl Crew {
    /// Begins to work, on queues of its own.
    #[must_use]
    pub fn start(availability: &Availability) -> Self {
        let queues = memory_queues(&availability.context.clock);
        let workshop = Workshop::default().tasks(availability.clone());
        Self::start_at(queues, availability, &workshop)
    }

    /// Begins to work on queues of its own, also on quotes.
    #[must_use]
    pub fn start_with_quotes(quotes: &Quotes) -> Self {
        let queues = memory_queues(&quotes.availability.context.clock);
        let workshop = Workshop::default()
            .tasks(quotes.availability.clone())
            .quotes(QuoteDesk::new(quotes.clone(), Arc::clone(&queues.quotes)));
        Self::start_at(queues, &quotes.availability, &workshop)
    }

    /// Begins to work on these queues; `relay` is what the relay reads.
    #[must_use]
    pub fn start_at(queues: Queues, relay: &Availability, workshop: &Workshop) -> Self {
        let mut crew = Self {
            queues: queues.clone(),
            stop: Vec::new(),
            working: Vec::new(),
        };
        for name in QueueName::ALL {
            let queue = Arc::clone(queues.named(name));
            let at_home = crew.until_stopped();
            let (settings, at_once) = (name.settings(), limits::at_once(name));
            let work = worker::run(workshop.clone(), queue, settings, at_once, at_home);
            crew.working.push(tokio::spawn(work));
        }
        let at_home = crew.until_stopped();
        let availability = relay.clone();
        let seating = relay::Seating::SoleProcess;
        let relayed = relay::run(availability, queues, seating, at_home);
        crew.working.push(tokio::spawn(relayed));
        crew
    }

    /// Ends what is under way, and waits for it.
    ///
    /// # Panics
    /// Where one of the crew panicked.
    pub async fn end(self) {
        drop(self.stop);
        for work in self.working {
            work.await.expect("nobody of the crew panics");
        }
    }

    fn until_stopped(&mut self) -> impl Future<Output = ()> + Send + use<> {
        let (stop, stopped) = oneshot::channel::<()>();
        self.stop.push(stop);
        async {
            let _dropped = stopped.await;
        }
    }
}
