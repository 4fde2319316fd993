//! The contracts of store, queue and files in DynamoDB, SQS and S3, and nothing else.
//!
//! Credentials, region and endpoints come from the environment, as AWS's own tools read them.

pub mod connection;
pub mod dynamodb;
pub mod retry;
pub mod s3;
pub mod sqs;

pub use connection::Connection;
pub use dynamodb::DynamoStore;
pub use retry::{Budget, Jitter, Retry};
pub use s3::S3Files;
pub use sqs::SqsQueue;
