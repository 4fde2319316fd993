//! Those who work behind the services: the relay, and a worker at each queue in memory.

use std::sync::Arc;

use lastmile_app::availability::Availability;
use lastmile_app::imports::QueuedDesk;
use lastmile_app::work::{Queues, Workshop, relay, worker};
use lastmile_store::{Clock, QueueName};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::files::MemoryFiles;
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
        tasks: queue(QueueName::Tasks),
    }
}

impl Crew {
    /// Begins to work, on queues of its own.
    #[must_use]
    pub fn start(availability: &Availability) -> Self {
        let queues = memory_queues(&availability.context.clock);
        let workshop = Workshop {
            availability: availability.clone(),
            imports: None,
        };
        Self::start_at(queues, &workshop)
    }

    /// Begins to work on queues of its own, also on lists that are kept in memory; gives back the desk that
    /// receives them.
    #[must_use]
    pub fn start_with_imports(availability: &Availability) -> (Self, QueuedDesk) {
        let context = availability.context.clone();
        let queues = memory_queues(&context.clock);
        let files = Arc::new(MemoryFiles::default());
        let desk = QueuedDesk::new(context, files, Arc::clone(&queues.imports));
        let workshop = Workshop {
            availability: availability.clone(),
            imports: Some(desk.clone()),
        };
        (Self::start_at(queues, &workshop), desk)
    }

    /// Begins to work on these queues.
    #[must_use]
    pub fn start_at(queues: Queues, workshop: &Workshop) -> Self {
        Self::start_apart(queues, &workshop.availability, workshop, workshop)
    }

    /// Begins to work on these queues, as three who have nothing in common: the relay, and those who work on
    /// lists and on tasks.
    #[must_use]
    pub fn start_apart(
        queues: Queues,
        relay: &Availability,
        imports: &Workshop,
        tasks: &Workshop,
    ) -> Self {
        let mut crew = Self {
            queues: queues.clone(),
            stop: Vec::new(),
            working: Vec::new(),
        };
        for name in QueueName::ALL {
            let queue = Arc::clone(queues.named(name));
            let at_home = crew.until_stopped();
            let workshop = match name {
                QueueName::Imports => imports,
                QueueName::Tasks => tasks,
            };
            let work = worker::run(workshop.clone(), queue, name.settings(), at_home);
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
