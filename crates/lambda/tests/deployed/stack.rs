//! The stack: its outputs, its API, and what stands behind it.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::sync::Arc;

use aws_config::SdkConfig;
use aws_sdk_dynamodb::config::{Credentials, Region};
use aws_sdk_dynamodb::types::{DeleteRequest, WriteRequest};
use aws_sdk_sqs::types::{MessageSystemAttributeName, QueueAttributeName};
use bytes::Bytes;
use http::{HeaderValue, Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use lastmile_backend_aws::{Connection, DynamoStore};
use lastmile_doors::SystemRandom;
use serde_json::Value;

use crate::patience::until;

/// Names the endpoint of the emulator.
const EMULATOR_VARIABLE: &str = "LASTMILE_EMULATOR";
/// Names the file with the outputs of the stack.
const OUTPUTS_VARIABLE: &str = "LASTMILE_STACK_OUTPUTS";
/// Stage of the API.
const STAGE: &str = "live";
/// The emulator asks for no signature, only for the name of the service where one would stand.
const AS_THE_GATEWAYS_OWNER: &str = "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/apigateway/aws4_request, \
     SignedHeaders=host, Signature=0";
/// Items that one request of DynamoDB removes.
const REMOVED_AT_ONCE: usize = 25;
/// How long a receive waits for a message.
const WAIT_SECONDS: i32 = 1;

/// A deployed stack.
pub(crate) struct Stack {
    outputs: BTreeMap<String, String>,
    endpoint: String,
    settings: SdkConfig,
    client: Client<HttpConnector, Full<Bytes>>,
}

/// How much is in a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Depth {
    /// Waits to be received.
    pub(crate) visible: usize,
    /// Was received, and is neither deleted nor given back.
    pub(crate) in_work: usize,
}

impl Stack {
    /// The stack that the environment names, or nothing where it names none.
    pub(crate) async fn deployed(test: &str) -> Option<Self> {
        let variables = (env::var(EMULATOR_VARIABLE), env::var(OUTPUTS_VARIABLE));
        let (Ok(endpoint), Ok(outputs)) = variables else {
            println!(
                "{test} is skipped: {EMULATOR_VARIABLE} and {OUTPUTS_VARIABLE} name no deployed stack"
            );
            return None;
        };
        let outputs = fs::read(outputs).expect("the outputs of the stack");
        let outputs: Vec<BTreeMap<String, String>> =
            serde_json::from_slice(&outputs).expect("outputs as `sam` lists them");
        let settings = aws_config::from_env()
            .endpoint_url(&endpoint)
            .region(Region::new("us-east-1"))
            .credentials_provider(Credentials::new("test", "test", None, None, "test"))
            .load()
            .await;
        Some(Self {
            outputs: outputs
                .into_iter()
                .map(|mut output| {
                    let mut part = |name: &str| output.remove(name).expect("a part of an output");
                    (part("OutputKey"), part("OutputValue"))
                })
                .collect(),
            endpoint,
            settings,
            client: Client::builder(TokioExecutor::new()).build_http(),
        })
    }

    /// An output of the template.
    pub(crate) fn output(&self, name: &str) -> &str {
        let value = self.outputs.get(name);
        value.unwrap_or_else(|| panic!("the stack has no output {name}"))
    }

    /// Sends a request to the API, as it is.
    pub(crate) async fn send(&self, request: Request<Bytes>) -> Response<Bytes> {
        let api = self.output("ApiId");
        let stage = format!("/restapis/{api}/{STAGE}/_user_request_");
        self.send_below(&stage, request).await
    }

    async fn send_below(&self, folder: &str, request: Request<Bytes>) -> Response<Bytes> {
        let mut request = request.map(Full::new);
        let uri = format!("{}{folder}{}", self.endpoint, request.uri());
        *request.uri_mut() = uri.parse().expect("an address");
        let response = self.client.request(request).await.expect("an answer");
        let (head, body) = response.into_parts();
        let body = body.collect().await.expect("a whole body").to_bytes();
        Response::from_parts(head, body)
    }

    /// The text of the API key of which an output has the id.
    pub(crate) async fn plan_key(&self, output: &str) -> String {
        let path = format!("/apikeys/{}?includeValue=true", self.output(output));
        let mut request = Request::new(Bytes::new());
        *request.uri_mut() = path.parse().expect("a path");
        request.headers_mut().insert(
            "authorization",
            HeaderValue::from_static(AS_THE_GATEWAYS_OWNER),
        );
        let answer = self.send_below("", request).await;
        let key: Value = serde_json::from_slice(answer.body()).expect("JSON");
        key["value"].as_str().expect("the key's text").to_owned()
    }

    /// The table, as our own programs use it.
    pub(crate) fn store(&self) -> Arc<DynamoStore> {
        let connection = Arc::new(Connection::from_settings(self.settings.clone()));
        let table = self.output("TableName").to_owned();
        let jitter = Arc::new(|| SystemRandom.number());
        Arc::new(DynamoStore::new(connection, table, jitter))
    }

    /// Waits until nobody works, and removes every message, item and file.
    pub(crate) async fn empty(&self) {
        let queues = [
            "TasksQueueUrl",
            "ImportsQueueUrl",
            "QuotesQueueUrl",
            "TasksDeadQueueUrl",
            "ImportsDeadQueueUrl",
            "QuotesDeadQueueUrl",
        ];
        for queue in queues {
            until("nobody works any more", async || {
                let Depth { visible, in_work } = self.depth(queue).await;
                let is_dead = queue.contains("Dead");
                (in_work == 0 && (visible == 0 || is_dead)).then_some(())
            })
            .await;
            let purged = self.sqs().purge_queue().queue_url(self.output(queue));
            purged.send().await.expect("a purged queue");
        }
        self.empty_table().await;
        self.empty_bucket().await;
    }

    async fn empty_table(&self) {
        let client = aws_sdk_dynamodb::Client::new(&self.settings);
        let table = self.output("TableName");
        loop {
            let scan = client.scan().table_name(table);
            let found = scan.projection_expression("pk, sk").send().await;
            let keys = found.expect("a scan").items.unwrap_or_default();
            if keys.is_empty() {
                return;
            }
            for keys in keys.chunks(REMOVED_AT_ONCE) {
                let removed = keys.iter().map(|key| {
                    let key = DeleteRequest::builder().set_key(Some(key.clone())).build();
                    WriteRequest::builder()
                        .delete_request(key.expect("a key"))
                        .build()
                });
                let batch = client
                    .batch_write_item()
                    .request_items(table, removed.collect());
                batch.send().await.expect("items are removed");
            }
        }
    }

    async fn empty_bucket(&self) {
        for name in self.file_names("").await {
            let remove = self.s3().delete_object().bucket(self.output("BucketName"));
            remove.key(name).send().await.expect("a file is removed");
        }
    }

    /// Puts a file into the bucket.
    pub(crate) async fn put(&self, name: &str, content: impl Into<Bytes>) {
        let put = self.s3().put_object().bucket(self.output("BucketName"));
        let put = put.key(name).body(content.into().into());
        put.send().await.expect("a file is put");
    }

    /// A file of the bucket, where it is there.
    pub(crate) async fn file(&self, name: &str) -> Option<Bytes> {
        let get = self.s3().get_object().bucket(self.output("BucketName"));
        let got = get.key(name).send().await.ok()?;
        Some(got.body.collect().await.expect("a whole file").into_bytes())
    }

    /// Names of files in the bucket that begin so, in their order.
    pub(crate) async fn file_names(&self, prefix: &str) -> Vec<String> {
        let list = self
            .s3()
            .list_objects_v2()
            .bucket(self.output("BucketName"));
        let listed = list.prefix(prefix).send().await.expect("a list of files");
        assert_ne!(
            listed.is_truncated,
            Some(true),
            "no test puts so many files"
        );
        let files = listed.contents.unwrap_or_default();
        files.into_iter().filter_map(|file| file.key).collect()
    }

    /// Sends a message that no program of ours has written.
    pub(crate) async fn send_message(&self, queue: &str, body: &str) {
        let send = self.sqs().send_message().queue_url(self.output(queue));
        send.message_body(body)
            .send()
            .await
            .expect("a sent message");
    }

    /// A message of a queue, where there is one, and how often it was received.
    pub(crate) async fn received(&self, queue: &str) -> Option<(String, u32)> {
        let receive = self.sqs().receive_message().queue_url(self.output(queue));
        let received = receive
            .wait_time_seconds(WAIT_SECONDS)
            .message_system_attribute_names(MessageSystemAttributeName::ApproximateReceiveCount)
            .send()
            .await
            .expect("a receive");
        let message = received.messages?.pop()?;
        let counts = message.attributes.unwrap_or_default();
        let count = counts.get(&MessageSystemAttributeName::ApproximateReceiveCount);
        let count = count.and_then(|count| count.parse().ok());
        Some((message.body.unwrap_or_default(), count.unwrap_or_default()))
    }

    /// How much is in a queue.
    pub(crate) async fn depth(&self, queue: &str) -> Depth {
        let counts = [
            QueueAttributeName::ApproximateNumberOfMessages,
            QueueAttributeName::ApproximateNumberOfMessagesNotVisible,
        ];
        let get = self
            .sqs()
            .get_queue_attributes()
            .queue_url(self.output(queue));
        let get = get.set_attribute_names(Some(counts.to_vec()));
        let got = get.send().await.expect("attributes of a queue");
        let got = got.attributes.unwrap_or_default();
        let [visible, in_work] = counts.map(|name| {
            let count = got.get(&name).expect("a count of messages");
            count.parse().expect("a number")
        });
        Depth { visible, in_work }
    }

    fn s3(&self) -> aws_sdk_s3::Client {
        let settings = aws_sdk_s3::config::Builder::from(&self.settings);
        aws_sdk_s3::Client::from_conf(settings.force_path_style(true).build())
    }

    fn sqs(&self) -> aws_sdk_sqs::Client {
        aws_sdk_sqs::Client::new(&self.settings)
    }
}
