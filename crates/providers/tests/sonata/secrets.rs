//! Nobody sees a credential: not in a log, not in an error, not in a `Debug`.

use std::io;
use std::sync::{Arc, Mutex};

use lastmile_simulator::{Behaviour, Destiny};
use tracing_subscriber::fmt::MakeWriter;

use crate::world::{SECRET, World};

/// Keeps everything that is logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0
            .lock()
            .expect("the test sets it up")
            .extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[test]
fn no_log_at_any_level_holds_a_credential() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(log.clone())
        .finish();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let mut shown = String::new();
    tracing::subscriber::with_default(subscriber, || {
        runtime.block_on(async {
            for extra in ["", "client_authentication = \"form\""] {
                let world = World::with(extra, Behaviour::default()).await;
                shown += &format!("{:?}", world.covered().await);
                world.market.behave(
                    1,
                    Behaviour {
                        forgets_tokens: true,
                        ..Behaviour::default()
                    },
                );
                shown += &format!("{:?}", world.covered().await);
                world.market.behave(1, Behaviour::default());
                let unknown = Destiny::NotRecognised { knows_alike: false };
                shown += &format!("{:?}", world.price(&world.question(unknown, &[12])).await);
                let gone = world.elsewhere("http://127.0.0.1:1/p1", "tries = 1");
                shown += &format!("{:?}", gone.health());
            }
        });
    });
    shown += &String::from_utf8_lossy(&log.0.lock().unwrap());
    assert!(shown.len() > 1_000, "something was logged");
    let encoded = base64::Engine::encode(
        &base64::engine::general_purpose::STANDARD,
        format!("lastmile:{SECRET}"),
    );
    for hidden in [SECRET, &encoded, "Bearer ", "Basic "] {
        assert!(!shown.contains(hidden), "{hidden} is shown");
    }
}
