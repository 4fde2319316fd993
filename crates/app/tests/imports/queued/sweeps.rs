//! Sweeping by messages is done in parts.

use lastmile_app::imports::limits::SWEEP_AFTER;
use lastmile_app::imports::{ImportDesk as _, Stint, Worked, undo};
use lastmile_store::Clock as _;
use lastmile_store::message::{Message, Sweep};

use super::crew::{Crew, items};
use crate::world::request;

#[tokio::test]
async fn a_sweep_goes_on_where_the_message_before_ended() {
    let crew = Crew::new(50);
    let header =
        "address_full,state,lat,lon,provider,price,speed_down,speed_up,technology,package\n";
    let mut text = header.to_owned();
    for chunk in 0..20 {
        text.push_str(&format!(
            "\"{} E 26TH ST,CHEYENNE,WY 82001,USA\",WY,,,Acme,5.0,10,1.0,Fiber,Plan\n",
            100 + chunk
        ));
        text.push_str(&"x\n".repeat(999));
    }
    let import = crew.load(&request("Acme"), text.as_bytes()).await;
    undo(&crew.world.context, &import.id).await.expect("undone");
    crew.desk().sweep_soon(&import.id.list).await;
    assert_eq!(crew.receive().await, None, "readers may still see them");
    crew.world
        .clock
        .advance_seconds(SWEEP_AFTER.as_secs() as i64);
    let no_time = Stint {
        until: crew.world.clock.now(),
        last_try: false,
    };
    let mut parts = Vec::new();
    while let Some(received) = crew.receive().await {
        let message = Message::read(&received.body).expect("a message");
        let Message::SweepList(Sweep { list: _, from }) = &message else {
            panic!("nothing else is sent: {message:?}");
        };
        parts.push(from.map(|(_, chunk)| chunk));
        let worked = crew.desk().work(&message, no_time).await;
        assert!(matches!(worked, Ok(Worked::Done)), "{worked:?}");
        crew.put_away(&received, worked).await;
    }
    assert_eq!(parts[..3], [None, Some(8), Some(16)]);
    assert!(!crew.import(&import.id).await.kept);
    let left = items(&crew.store).into_iter();
    let left: Vec<_> = left.filter(|item| item.key.sk.contains("#1.1#")).collect();
    assert_eq!(left, []);
}
