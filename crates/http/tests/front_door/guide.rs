//! The examples of the guide are true: every request in it is sent, and answers with the status that is printed.

use std::path::Path;

use lastmile_testkit::front_door::{Ask, World};

use crate::snapshots::loaded;

/// How often something is looked at before it counts as stuck.
const LOOKS_MAX: usize = 2_000;

/// One example: a fenced block `http` with a request, and the status that follows it.
struct Example {
    method: String,
    path: String,
    media_type: Option<&'static str>,
    /// Headers beside the type of the body.
    headers: Vec<(&'static str, String)>,
    body: String,
    status: u16,
}

/// The examples of the guide, in their order. A block holds a request line, headers, a blank line, a body; the
/// status stands in the block's first line: ```` ```http 200 ````.
fn examples(text: &str) -> Vec<Example> {
    let blocks = text.split("```http ").skip(1);
    blocks
        .map(|block| {
            let (block, _) = block.split_once("```").expect("a closed block");
            let (status, request) = block.split_once('\n').expect("a status line");
            let (head, body) = request.split_once("\n\n").unwrap_or((request, ""));
            let mut lines = head.lines();
            let (method, path) = lines
                .next()
                .and_then(|line| line.split_once(' '))
                .expect("a request line");
            let headers: Vec<_> = lines.filter_map(|line| line.split_once(": ")).collect();
            let header = |name: &str| {
                let mut named = headers.iter().filter(|(given, _)| *given == name);
                named.next().map(|(_, value)| value.trim())
            };
            let media_type = header("Content-Type");
            let others = [
                ("idempotency-key", header("Idempotency-Key")),
                ("if-match", header("If-Match")),
            ];
            Example {
                method: method.to_owned(),
                path: path.trim().to_owned(),
                media_type: media_type.map(|text| match text {
                    "application/json" => "application/json",
                    "application/merge-patch+json" => "application/merge-patch+json",
                    "application/json-patch+json" => "application/json-patch+json",
                    "text/csv" => "text/csv",
                    other => panic!("a type that the guide does not explain: {other}"),
                }),
                headers: others
                    .into_iter()
                    .filter_map(|(name, value)| Some((name, value?.to_owned())))
                    .collect(),
                body: body.to_owned(),
                status: status.trim().parse().expect("a status"),
            }
        })
        .collect()
}

#[tokio::test]
async fn every_example_of_the_guide_is_true() {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/api-guide.md");
    let examples = examples(&std::fs::read_to_string(guide).unwrap());
    assert!(
        examples.len() >= 10,
        "the guide has {} examples",
        examples.len()
    );
    let world = loaded().await;
    let mut last_href = String::new();
    for example in examples {
        let path = example.path.replace("{href}", &last_href);
        let id = last_href.rsplit('/').next().unwrap_or_default();
        let body = example.body.replace("{id}", id);
        let mut ask = Ask::new(&example.method, &path).key(&world.keys.operator);
        if let Some(media_type) = example.media_type {
            ask = ask.body(media_type, body);
        }
        for (name, value) in example.headers {
            ask = ask.header(name, &value);
        }
        let reply = world.send(&ask).await;
        let shown = String::from_utf8_lossy(&reply.body);
        assert_eq!(
            reply.status.as_u16(),
            example.status,
            "{} {path}: {shown}",
            example.method
        );
        if !reply.header("location").is_empty() {
            reply.header("location").clone_into(&mut last_href);
            settled(&world, &last_href).await;
        }
    }
}

/// Waits until what was begun is done, as a reader of the guide does.
async fn settled(world: &World, href: &str) {
    for _ in 0..LOOKS_MAX {
        let state = &world.get(href).await.expect(200).json()["state"];
        if !["loading", "accepted", "inProgress"]
            .iter()
            .any(|underway| state == underway)
        {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    }
    panic!("{href} is worked on for ever");
}
