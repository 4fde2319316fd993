//! The settings of each environment are parameters that the template has.

use super::template::Template;

/// The environments that there must be.
const NAMES: [&str; 2] = ["test", "production"];

/// What is wrong with the environments.
pub(crate) fn findings(template: &Template, text: &str) -> Vec<String> {
    let document: toml::Table = match toml::from_str(text) {
        Ok(document) => document,
        Err(reason) => return vec![format!("the environments are no TOML: {reason}")],
    };
    let mut findings = Vec::new();
    for name in NAMES {
        let settings = document
            .get(name)
            .and_then(|environment| environment.get("deploy")?.get("parameters"));
        let Some(settings) = settings else {
            findings.push(format!("there is no environment {name}"));
            continue;
        };
        let given = settings
            .get("parameter_overrides")
            .and_then(toml::Value::as_array);
        for setting in given.into_iter().flatten() {
            let setting = setting.as_str().unwrap_or_default();
            let parameter = setting.split('=').next().unwrap_or_default();
            if !template.has_parameter(parameter) {
                findings.push(format!(
                    "{name}: the template has no parameter {parameter:?}"
                ));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_parameter_and_a_missing_environment_are_found() {
        let template =
            Template::parse("Parameters:\n  LogDays: {Type: Number}\n").expect("it is YAML");
        let text = "[test.deploy.parameters]\nparameter_overrides = ['LogDays=7', 'LogDay=7']\n";
        assert_eq!(
            findings(&template, text),
            [
                "test: the template has no parameter \"LogDay\"",
                "there is no environment production",
            ]
        );
    }
}
