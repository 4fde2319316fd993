//! Looks at a body as the documents describe it, and notes everything that differs.

use serde_json::Value;

use super::problem::Problem;

/// Roles, actions and units, with the documents' spelling.
pub(super) const ACTIONS: &[&str] = &["add", "modify", "delete"];
pub(super) const LEVELS: &[&str] = &["budgetary", "firm"];
pub(super) const END_OF_TERM: &[&str] = &["roll", "autoDisconnect", "autoRenew"];
pub(super) const UNITS: &[&str] = &[
    "calendarMonths",
    "calendarDays",
    "calendarHours",
    "calendarMinutes",
    "businessDays",
    "businessHours",
    "businessMinutes",
];

/// Most members of a list in a request.
const MEMBERS_MAX: usize = 100;

/// Notes what is wrong with a body.
#[derive(Default)]
pub(super) struct Check {
    pub(super) problems: Vec<Problem>,
}

impl Check {
    pub(super) fn note(&mut self, code: &'static str, path: String, reason: &'static str) {
        self.problems.push(Problem { code, path, reason });
    }

    /// A text that must be there.
    pub(super) fn text<'v>(&mut self, body: &'v Value, path: &str, name: &str) -> Option<&'v str> {
        match body.get(name) {
            None | Some(Value::Null) => {
                self.note(
                    "missingProperty",
                    format!("{path}/{name}"),
                    "it must be there",
                );
                None
            }
            Some(Value::String(text)) if !text.is_empty() => Some(text),
            Some(_) => {
                self.note(
                    "invalidFormat",
                    format!("{path}/{name}"),
                    "it must be a text",
                );
                None
            }
        }
    }

    /// One of the documented values, exactly as documented.
    pub(super) fn one_of<'v>(
        &mut self,
        body: &'v Value,
        path: &str,
        name: &str,
        allowed: &[&str],
    ) -> Option<&'v str> {
        let text = self.text(body, path, name)?;
        if allowed.contains(&text) {
            return Some(text);
        }
        self.note(
            "invalidValue",
            format!("{path}/{name}"),
            "it is none of the values",
        );
        None
    }

    /// A truth value that must be there.
    pub(super) fn truth(&mut self, body: &Value, path: &str, name: &str) -> Option<bool> {
        let code = match body.get(name) {
            None | Some(Value::Null) => "missingProperty",
            Some(Value::Bool(truth)) => return Some(*truth),
            Some(_) => "invalidFormat",
        };
        self.note(code, format!("{path}/{name}"), "it must be true or false");
        None
    }

    /// A list with at least one member.
    pub(super) fn list<'v>(&mut self, body: &'v Value, path: &str, name: &str) -> &'v [Value] {
        let (code, reason) = match body.get(name) {
            None | Some(Value::Null) => ("missingProperty", "it must be there"),
            Some(Value::Array(members)) if members.len() > MEMBERS_MAX => {
                ("tooManyRecords", "there are too many")
            }
            Some(Value::Array(members)) if !members.is_empty() => return members,
            Some(_) => ("invalidFormat", "it must be a list with a member"),
        };
        self.note(code, format!("{path}/{name}"), reason);
        &[]
    }

    /// `relatedContactInformation` with a contact of this role.
    pub(super) fn contact(&mut self, body: &Value, path: &str, role: &str) {
        let path = format!("{path}/relatedContactInformation");
        let contacts = body
            .get("relatedContactInformation")
            .and_then(Value::as_array);
        let contacts = contacts.map_or(&[][..], Vec::as_slice);
        for (index, contact) in contacts.iter().enumerate() {
            let path = format!("{path}/{index}");
            for name in ["name", "emailAddress", "number", "role"] {
                self.text(contact, &path, name);
            }
        }
        if !contacts.iter().any(|contact| contact["role"] == role) {
            self.note(
                "missingProperty",
                path,
                "a contact of a needed role is missing",
            );
        }
    }
}
