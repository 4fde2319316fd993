//! Typed conditions and updates as DynamoDB's expressions.
//!
//! Names and values never stand in the text: it holds placeholders (`#0`, `:0`), so that no name is a
//! reserved word and no value is code.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use lastmile_store::item::PK;
use lastmile_store::{Condition, Value};

use super::item_codec;

/// Names and values that stand behind placeholders. DynamoDB refuses one that no expression uses.
#[derive(Default)]
pub(super) struct Placeholders {
    names: Vec<&'static str>,
    values: Vec<AttributeValue>,
}

impl Placeholders {
    fn name(&mut self, name: &'static str) -> String {
        let known = self.names.iter().position(|known| *known == name);
        let position = known.unwrap_or_else(|| {
            self.names.push(name);
            self.names.len() - 1
        });
        format!("#{position}")
    }

    fn value(&mut self, value: Value) -> String {
        self.values.push(item_codec::value(value));
        format!(":{}", self.values.len() - 1)
    }

    /// The names, if there are any: an empty map is refused.
    pub(super) fn names(&self) -> Option<HashMap<String, String>> {
        let names = self.names.iter().enumerate();
        let names = names.map(|(position, name)| (format!("#{position}"), (*name).to_owned()));
        some_of(names.collect())
    }

    /// The values, if there are any.
    pub(super) fn values(&self) -> Option<HashMap<String, AttributeValue>> {
        let values = self.values.iter().enumerate();
        let values = values.map(|(position, value)| (format!(":{position}"), value.clone()));
        some_of(values.collect())
    }
}

fn some_of<V>(map: HashMap<String, V>) -> Option<HashMap<String, V>> {
    (!map.is_empty()).then_some(map)
}

/// A condition that may stand beside an `AND`; `None` if it always holds. A disjunction is in parentheses,
/// once: DynamoDB refuses those that are redundant.
pub(super) fn condition(condition: &Condition, placeholders: &mut Placeholders) -> Option<String> {
    match constant(condition) {
        Some(true) => None,
        Some(false) => Some(format!("{} AND {}", exists(), exists_not())),
        None => Some(text(condition, placeholders)),
    }
}

/// A condition where DynamoDB insists on one.
pub(super) fn required_condition(asked: &Condition, placeholders: &mut Placeholders) -> String {
    condition(asked, placeholders).unwrap_or_else(|| format!("{} OR {}", exists(), exists_not()))
}

fn exists() -> String {
    format!("attribute_exists({PK})")
}

fn exists_not() -> String {
    format!("attribute_not_exists({PK})")
}

/// What a condition is, if it is the same for every item. Expressions have no word for such a one.
fn constant(condition: &Condition) -> Option<bool> {
    match condition {
        Condition::Always => Some(true),
        Condition::Exists | Condition::NotExists | Condition::Equals { .. } => None,
        Condition::All(conditions) => {
            let mut constants = conditions.iter().map(constant);
            if constants.clone().any(|held| held == Some(false)) {
                return Some(false);
            }
            constants.all(|held| held == Some(true)).then_some(true)
        }
        Condition::Any(conditions) => {
            let mut constants = conditions.iter().map(constant);
            if constants.clone().any(|held| held == Some(true)) {
                return Some(true);
            }
            constants.all(|held| held == Some(false)).then_some(false)
        }
    }
}

/// The text of a condition that is not [`constant`].
fn text(condition: &Condition, placeholders: &mut Placeholders) -> String {
    match condition {
        Condition::Always | Condition::Exists => exists(),
        Condition::NotExists => exists_not(),
        Condition::Equals { attribute, value } => {
            let name = placeholders.name(attribute);
            let value = placeholders.value(value.clone());
            format!("{name} = {value}")
        }
        Condition::All(conditions) => joined(conditions, " AND ", placeholders),
        Condition::Any(conditions) => joined(conditions, " OR ", placeholders),
    }
}

/// In a conjunction that is not constant the constants hold, in such a disjunction they do not: either
/// way they say nothing.
fn joined(conditions: &[Condition], word: &str, placeholders: &mut Placeholders) -> String {
    let texts: Vec<String> = conditions
        .iter()
        .filter(|condition| constant(condition).is_none())
        .map(|condition| text(condition, placeholders))
        .collect();
    match texts.as_slice() {
        [only] => only.clone(),
        texts => format!("({})", texts.join(word)),
    }
}

/// What an update does, as an expression.
pub(super) fn update(
    set: Vec<(&'static str, Value)>,
    add: &[(&'static str, i64)],
    remove: &[&'static str],
    placeholders: &mut Placeholders,
) -> String {
    let set = set.into_iter().map(|(name, value)| {
        let name = placeholders.name(name);
        format!("{name} = {}", placeholders.value(value))
    });
    let set: Vec<String> = set.collect();
    let add = add.iter().map(|(name, addend)| {
        let name = placeholders.name(name);
        format!("{name} {}", placeholders.value(Value::N(*addend)))
    });
    let add: Vec<String> = add.collect();
    let remove = remove.iter().map(|name| placeholders.name(name));
    let remove: Vec<String> = remove.collect();
    let clauses = [("SET", set), ("ADD", add), ("REMOVE", remove)];
    let clauses = clauses
        .iter()
        .filter_map(|(word, parts)| clause(word, parts));
    clauses.collect::<Vec<_>>().join(" ")
}

fn clause(word: &str, parts: &[String]) -> Option<String> {
    (!parts.is_empty()).then(|| format!("{word} {}", parts.join(", ")))
}

/// That what is added to is missing, or a number that stays within 64 bits: DynamoDB's numbers are
/// larger, and an overflow would be stored.
pub(super) fn addable(
    add: &[(&'static str, i64)],
    placeholders: &mut Placeholders,
) -> Option<String> {
    let guards: Vec<String> = add
        .iter()
        .map(|(name, addend)| {
            let (least, most) = if *addend < 0 {
                (i64::MIN - addend, i64::MAX)
            } else {
                (i64::MIN, i64::MAX - addend)
            };
            let name = placeholders.name(name);
            let least = placeholders.value(Value::N(least));
            let most = placeholders.value(Value::N(most));
            format!("(attribute_not_exists({name}) OR {name} BETWEEN {least} AND {most})")
        })
        .collect();
    (!guards.is_empty()).then(|| guards.join(" AND "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(asked: &Condition) -> (Option<String>, usize) {
        let mut placeholders = Placeholders::default();
        let text = condition(asked, &mut placeholders);
        (text, placeholders.values.len())
    }

    fn equals(attribute: &'static str) -> Condition {
        Condition::Equals {
            attribute,
            value: Value::N(1),
        }
    }

    #[test]
    fn conditions_are_expressions_over_placeholders() {
        let all = Condition::All(vec![
            Condition::Exists,
            Condition::Any(vec![equals("size"), equals("n"), equals("size")]),
            Condition::Always,
        ]);
        let expected = "(attribute_exists(pk) AND (#0 = :0 OR #1 = :1 OR #0 = :2))";
        assert_eq!(shown(&all), (Some(expected.to_owned()), 3));
        let one = Condition::Any(vec![Condition::Any(vec![]), Condition::NotExists]);
        assert_eq!(shown(&one).0.unwrap(), "attribute_not_exists(pk)");
    }

    #[test]
    fn constants_use_no_placeholder() {
        let always = [
            Condition::Always,
            Condition::All(vec![]),
            Condition::Any(vec![equals("n"), Condition::Always]),
        ];
        for condition in always {
            assert_eq!(shown(&condition), (None, 0), "{condition:?}");
        }
        let never = [
            Condition::Any(vec![]),
            Condition::All(vec![equals("n"), Condition::Any(vec![])]),
        ];
        for condition in never {
            let expected = "attribute_exists(pk) AND attribute_not_exists(pk)";
            assert_eq!(shown(&condition), (Some(expected.to_owned()), 0));
        }
    }

    #[test]
    fn an_update_names_what_it_does() {
        let mut placeholders = Placeholders::default();
        let set = vec![("a", Value::Bool(true)), ("b", Value::N(2))];
        let text = update(set, &[("n", -3)], &["x", "y"], &mut placeholders);
        assert_eq!(text, "SET #0 = :0, #1 = :1 ADD #2 :2 REMOVE #3, #4");
        let guard = addable(&[("n", -3)], &mut placeholders).unwrap();
        assert_eq!(guard, "(attribute_not_exists(#2) OR #2 BETWEEN :3 AND :4)");
        let least = AttributeValue::N((i64::MIN + 3).to_string());
        assert_eq!(placeholders.values().unwrap()[":3"], least);
    }

    #[test]
    fn the_largest_steps_have_bounds() {
        let mut placeholders = Placeholders::default();
        let steps = [("a", i64::MIN), ("b", i64::MAX), ("c", 0)];
        assert!(addable(&steps, &mut placeholders).is_some());
        let bound = |name: &str| placeholders.values().unwrap()[name].as_n().unwrap().clone();
        let bounds: Vec<String> = (0..6).map(|at| bound(&format!(":{at}"))).collect();
        let [min, max] = [i64::MIN, i64::MAX].map(|end| end.to_string());
        assert_eq!(bounds, ["0", &max, &min, "0", &min, &max]);
    }
}
