//! `get` and `query`.

use aws_sdk_dynamodb::operation::query::QueryOutput;
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnConsumedCapacity};
use lastmile_store::item::{INDEX1_PK, INDEX1_SK, INDEX2_PK, INDEX2_SK, PK, SK};
use lastmile_store::{
    Consistency, Cursor, Direction, Index, Item, Metered, Page, PrimaryKey, Query, SortKey,
    StoreError,
};

use super::error::{Missing, called};
use super::item_codec::{self, Stored};
use super::{DynamoStore, capacity, table};

/// Placeholder of the partition key.
const PARTITION: &str = ":pk";
/// Placeholder of the sort key, or of where its range begins.
const FROM: &str = ":sk";
/// Placeholder of where the range of sort keys ends.
const TO: &str = ":to";

impl DynamoStore {
    pub(super) async fn get_item(
        &self,
        key: &PrimaryKey,
        consistency: Consistency,
    ) -> Result<Metered<Option<Item>>, StoreError> {
        let request = self
            .client()
            .await
            .get_item()
            .table_name(&self.table)
            .set_key(Some(item_codec::key(key.clone())))
            .consistent_read(consistency == Consistency::Strong)
            .return_consumed_capacity(ReturnConsumedCapacity::Total);
        let answer = called(&self.busy, "GetItem", || request.clone().send()).await?;
        Ok(Metered {
            value: answer.item.map(item_codec::decode).transpose()?,
            capacity: capacity::read(answer.consumed_capacity.as_slice()),
        })
    }

    pub(super) async fn query_page(&self, query: &Query) -> Result<Metered<Page>, StoreError> {
        let request = self.query_request(query).await;
        let answer = called(&self.busy, "Query", || request.clone().send()).await?;
        let QueryOutput {
            items,
            last_evaluated_key,
            consumed_capacity,
            ..
        } = answer;
        let items = items.unwrap_or_default().into_iter();
        let next = last_evaluated_key.map(|key| read_cursor(query.index, key));
        Ok(Metered {
            value: Page {
                items: items.map(item_codec::decode).collect::<Result<_, _>>()?,
                next: next.transpose()?,
            },
            capacity: capacity::read(consumed_capacity.as_slice()),
        })
    }

    async fn query_request(&self, query: &Query) -> QueryFluentBuilder {
        let Query {
            index,
            pk,
            sk,
            direction,
            limit,
            after,
            consistency,
        } = query;
        let (pk_name, sk_name) = key_names(*index);
        let (condition, values) = sort_key_condition(sk_name, sk);
        let start = after.as_ref().map(|after| start_key(*index, pk, after));
        let limit = limit.map(|limit| i32::try_from(limit).unwrap_or(i32::MAX));
        let mut request = self
            .client()
            .await
            .query()
            .table_name(&self.table)
            .set_index_name(table::index_name(*index).map(str::to_owned))
            .key_condition_expression(format!("{pk_name} = {PARTITION}{condition}"))
            .expression_attribute_values(PARTITION, AttributeValue::S(pk.to_string()))
            .scan_index_forward(*direction == Direction::Forward)
            .set_limit(limit)
            .set_exclusive_start_key(start)
            .consistent_read(*consistency == Consistency::Strong)
            .return_consumed_capacity(ReturnConsumedCapacity::Total);
        for (placeholder, text) in values {
            let value = AttributeValue::S(text.clone());
            request = request.expression_attribute_values(placeholder, value);
        }
        request
    }
}

/// The attributes that hold the keys of what is read.
const fn key_names(index: Index) -> (&'static str, &'static str) {
    match index {
        Index::Table => (PK, SK),
        Index::One => (INDEX1_PK, INDEX1_SK),
        Index::Two => (INDEX2_PK, INDEX2_SK),
    }
}

/// What follows the condition on the partition key, and the texts behind its placeholders.
fn sort_key_condition<'q>(
    name: &str,
    asked: &'q SortKey,
) -> (String, Vec<(&'static str, &'q String)>) {
    match asked {
        SortKey::Any => (String::new(), Vec::new()),
        // DynamoDB takes no empty text for a key, and everything begins with it.
        SortKey::Prefix(prefix) if prefix.is_empty() => (String::new(), Vec::new()),
        SortKey::Equals(text) => (format!(" AND {name} = {FROM}"), vec![(FROM, text)]),
        SortKey::Prefix(prefix) => {
            let condition = format!(" AND begins_with({name}, {FROM})");
            (condition, vec![(FROM, prefix)])
        }
        SortKey::Between(from, to) => {
            let condition = format!(" AND {name} BETWEEN {FROM} AND {TO}");
            (condition, vec![(FROM, from), (TO, to)])
        }
    }
}

fn start_key(index: Index, pk: &str, after: &Cursor) -> Stored {
    let Cursor { key, index_sk } = after;
    let mut start = item_codec::key(key.clone());
    if let Some(sk) = index_sk {
        let (pk_name, sk_name) = key_names(index);
        start.insert(pk_name.to_owned(), AttributeValue::S(pk.to_owned()));
        start.insert(sk_name.to_owned(), AttributeValue::S(sk.clone()));
    }
    start
}

fn read_cursor(index: Index, mut key: Stored) -> Result<Cursor, StoreError> {
    let own = item_codec::take_key(&mut key)?;
    let index_sk = match index {
        Index::Table => None,
        Index::One | Index::Two => {
            let (_, sk_name) = key_names(index);
            let missing = Missing {
                call: "Query",
                part: "sort key of the index",
            };
            Some(item_codec::take_text(&mut key, sk_name).ok_or(missing)?)
        }
    };
    Ok(Cursor { key: own, index_sk })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_selection_has_its_condition() {
        let (from, to) = ("a".to_owned(), "b".to_owned());
        let selections = [
            (SortKey::Any, ""),
            (SortKey::Prefix(String::new()), ""),
            (SortKey::Equals(from.clone()), " AND sk1 = :sk"),
            (SortKey::Prefix(from.clone()), " AND begins_with(sk1, :sk)"),
            (SortKey::Between(from, to), " AND sk1 BETWEEN :sk AND :to"),
        ];
        for (asked, expected) in selections {
            let (condition, values) = sort_key_condition(INDEX1_SK, &asked);
            assert_eq!(condition, expected);
            assert_eq!(values.len(), expected.matches(':').count(), "{asked:?}");
        }
    }

    #[test]
    fn a_cursor_is_the_key_that_the_next_page_starts_after() {
        let key = PrimaryKey {
            pk: "p".into(),
            sk: "s".to_owned(),
        };
        let of_table = Cursor {
            key,
            index_sk: None,
        };
        let of_index = Cursor {
            index_sk: Some("x".to_owned()),
            ..of_table.clone()
        };
        for (index, cursor) in [(Index::Table, of_table), (Index::Two, of_index)] {
            let start = start_key(index, "q", &cursor);
            assert_eq!(start.len(), if index == Index::Table { 2 } else { 4 });
            assert_eq!(read_cursor(index, start).unwrap(), cursor);
        }
    }
}
