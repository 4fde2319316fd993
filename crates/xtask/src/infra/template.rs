//! A template of CloudFormation, with the short forms of its functions written out.

use serde_json::{Map, Value, json};

use crate::failure::Failure;
use crate::tree;

/// A template.
pub(crate) struct Template(Value);

impl Template {
    /// Reads a file of the repository.
    pub(crate) fn read(path: &str) -> Result<Self, Failure> {
        Self::parse(&tree::text(path)?).map_err(|reason| Failure::Yaml {
            path: path.to_owned(),
            reason,
        })
    }

    /// Reads a text.
    pub(crate) fn parse(text: &str) -> Result<Self, yaml_serde::Error> {
        yaml_serde::from_str(text).map(|document| Self(plain(document)))
    }

    /// The resources of a type: logical id and properties.
    pub(crate) fn resources<'a>(
        &'a self,
        type_name: &'a str,
    ) -> impl Iterator<Item = (&'a str, &'a Value)> {
        let all = self.0["Resources"].as_object().into_iter().flatten();
        all.filter(move |(_, resource)| resource["Type"] == type_name)
            .map(|(id, resource)| (id.as_str(), &resource["Properties"]))
    }

    /// The properties of one resource; null where there is none.
    pub(crate) fn properties(&self, id: &str) -> &Value {
        &self.0["Resources"][id]["Properties"]
    }

    /// What all functions have in common.
    pub(crate) fn function_defaults(&self) -> &Value {
        &self.0["Globals"]["Function"]
    }

    /// Whether there is such a parameter.
    pub(crate) fn has_parameter(&self, name: &str) -> bool {
        self.0["Parameters"].get(name).is_some()
    }
}

/// `!Ref A` is `{"Ref": "A"}`, `!GetAtt A.B` is `{"Fn::GetAtt": ["A", "B"]}`, `!Sub x` is `{"Fn::Sub": "x"}`.
fn plain(document: yaml_serde::Value) -> Value {
    match document {
        yaml_serde::Value::Null => Value::Null,
        yaml_serde::Value::Bool(truth) => Value::Bool(truth),
        yaml_serde::Value::Number(number) => number
            .as_i64()
            .map_or_else(|| json!(number.as_f64()), |whole| json!(whole)),
        yaml_serde::Value::String(text) => Value::String(text),
        yaml_serde::Value::Sequence(items) => items.into_iter().map(plain).collect(),
        yaml_serde::Value::Mapping(entries) => entries
            .into_iter()
            .map(|(key, value)| (key.as_str().unwrap_or_default().to_owned(), plain(value)))
            .collect::<Map<_, _>>()
            .into(),
        yaml_serde::Value::Tagged(tagged) => {
            let tag = tagged.tag.to_string();
            written_out(tag.trim_start_matches('!'), plain(tagged.value))
        }
    }
}

fn written_out(function: &str, argument: Value) -> Value {
    match (function, argument) {
        ("Ref" | "Condition", argument) => json!({ function: argument }),
        ("GetAtt", Value::String(text)) => {
            let (id, attribute) = text.split_once('.').unwrap_or((&text, ""));
            json!({ "Fn::GetAtt": [id, attribute] })
        }
        (function, argument) => json!({ format!("Fn::{function}"): argument }),
    }
}

/// The logical id behind `!Ref ID` or `!GetAtt ID.Attribute`.
pub(crate) fn referred(value: &Value) -> Option<&str> {
    value["Ref"]
        .as_str()
        .or_else(|| value["Fn::GetAtt"][0].as_str())
}

/// A value as one would write it: `${ID}` and `${ID.Attribute}` for references, each case of an `!If`.
pub(crate) fn written(value: &Value) -> Vec<String> {
    if let Some(text) = value.as_str() {
        return vec![text.to_owned()];
    }
    if let Some(id) = value["Ref"].as_str() {
        return vec![format!("${{{id}}}")];
    }
    if let Some([id, attribute]) = value["Fn::GetAtt"].as_array().map(Vec::as_slice) {
        let part = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        return vec![format!("${{{}.{}}}", part(id), part(attribute))];
    }
    if let Some([_, yes, no]) = value["Fn::If"].as_array().map(Vec::as_slice) {
        return [written(yes), written(no)].concat();
    }
    match &value["Fn::Sub"] {
        Value::String(text) => vec![text.clone()],
        Value::Array(parts) => parts.first().map(written).unwrap_or_default(),
        _ => match value {
            Value::Array(items) => items.iter().flat_map(written).collect(),
            other => vec![other.to_string()],
        },
    }
}

/// One text or a list of them, as policies may say it.
pub(crate) fn one_or_many(value: &Value) -> Vec<&Value> {
    value
        .as_array()
        .map_or_else(|| vec![value], |items| items.iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_forms_are_written_out() {
        let template = Template::parse(
            "Resources:\n  A:\n    Type: T\n    Properties:\n      R: !Ref X\n      G: !GetAtt X.Y.Z\n      I: !If [C, !Ref X, 'n']\n      S: !Sub ['a-${N}', {N: 3}]\n",
        )
        .expect("it is YAML");
        assert_eq!(
            template.properties("A"),
            &json!({
                "R": {"Ref": "X"},
                "G": {"Fn::GetAtt": ["X", "Y.Z"]},
                "I": {"Fn::If": ["C", {"Ref": "X"}, "n"]},
                "S": {"Fn::Sub": ["a-${N}", {"N": 3}]},
            })
        );
        let properties = template.properties("A");
        assert_eq!(referred(&properties["G"]), Some("X"));
        assert_eq!(written(&properties["I"]), ["${X}", "n"]);
        assert_eq!(written(&properties["S"]), ["a-${N}"]);
        assert_eq!(written(&properties["G"]), ["${X.Y.Z}"]);
    }

    #[test]
    fn resources_are_found_by_type() {
        let template =
            Template::parse("Resources:\n  A: {Type: T}\n  B: {Type: U}\n  C: {Type: T}\n")
                .expect("it is YAML");
        let ids: Vec<_> = template.resources("T").map(|(id, _)| id).collect();
        assert_eq!(ids, ["A", "C"]);
    }
}
