//! Finding queues by their names, and making them: for tests, and for servers of an account that has
//! none yet. Where the stack was deployed its template made them.

use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::QueueAttributeName;
use lastmile_store::queue::{MESSAGE_KEPT, QueueError, QueueName, QueueSettings};

use super::client::failed;
use super::{QueueUrls, SqsClient, seconds_up};

/// What the name of a queue of dead letters ends with.
const DEAD_SUFFIX: &str = "-dead";

/// The name of a queue, after what tells stacks apart.
#[must_use]
pub fn name(stack: &str, queue: QueueName) -> String {
    format!("{stack}-{}", queue.as_str())
}

/// Finds a queue and its dead letters by name, or makes them. What is there already is left as it is.
///
/// # Errors
/// As any call of a queue.
pub async fn find_or_create(
    client: &SqsClient,
    name: &str,
    settings: QueueSettings,
) -> Result<QueueUrls, QueueError> {
    let client = client.get().await;
    let dead_name = format!("{name}{DEAD_SUFFIX}");
    let dead = match find(client, &dead_name).await? {
        Some(dead) => dead,
        None => create_dead(client, &dead_name).await?,
    };
    let queue = match find(client, name).await? {
        Some(queue) => queue,
        None => create_queue(client, name, settings, &dead).await?,
    };
    Ok(QueueUrls {
        queue,
        dead: Some(dead),
    })
}

/// Finds a queue and its dead letters by name; `None` where one of the two is missing.
///
/// # Errors
/// As any call of a queue.
pub async fn find_made(client: &SqsClient, name: &str) -> Result<Option<QueueUrls>, QueueError> {
    let client = client.get().await;
    let dead = find(client, &format!("{name}{DEAD_SUFFIX}")).await?;
    let queue = find(client, name).await?;
    let both = queue.zip(dead);
    Ok(both.map(|(queue, dead)| QueueUrls {
        queue,
        dead: Some(dead),
    }))
}

async fn find(client: &Client, name: &str) -> Result<Option<String>, QueueError> {
    match client.get_queue_url().queue_name(name).send().await {
        Ok(answer) => Ok(answer.queue_url),
        Err(error) => match error.as_service_error() {
            Some(refused) if refused.is_queue_does_not_exist() => Ok(None),
            _ => Err(failed(error)),
        },
    }
}

async fn create_dead(client: &Client, name: &str) -> Result<String, QueueError> {
    let kept = seconds_up(MESSAGE_KEPT).to_string();
    let answer = client
        .create_queue()
        .queue_name(name)
        .attributes(QueueAttributeName::MessageRetentionPeriod, kept)
        .send()
        .await
        .map_err(failed)?;
    Ok(answer.queue_url.unwrap_or_default())
}

async fn create_queue(
    client: &Client,
    name: &str,
    settings: QueueSettings,
    dead: &str,
) -> Result<String, QueueError> {
    let QueueSettings {
        visibility,
        tries_max,
    } = settings;
    let kept = seconds_up(MESSAGE_KEPT).to_string();
    let dead_arn = arn(client, dead).await?;
    let redrive =
        format!(r#"{{"deadLetterTargetArn":"{dead_arn}","maxReceiveCount":{tries_max}}}"#);
    let answer = client
        .create_queue()
        .queue_name(name)
        .attributes(QueueAttributeName::MessageRetentionPeriod, kept)
        .attributes(
            QueueAttributeName::VisibilityTimeout,
            seconds_up(visibility).to_string(),
        )
        .attributes(QueueAttributeName::RedrivePolicy, redrive)
        .send()
        .await
        .map_err(failed)?;
    Ok(answer.queue_url.unwrap_or_default())
}

async fn arn(client: &Client, url: &str) -> Result<String, QueueError> {
    let name = QueueAttributeName::QueueArn;
    let answer = client
        .get_queue_attributes()
        .queue_url(url)
        .attribute_names(name.clone())
        .send()
        .await
        .map_err(failed)?;
    let mut attributes = answer.attributes.unwrap_or_default();
    Ok(attributes.remove(&name).unwrap_or_default())
}
