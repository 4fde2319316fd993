//! Nothing of the bucket is removed by itself but copies, and what the services wrote.

use super::template::Template;

/// What may be removed after a while. Settings lie beside it, and stay until somebody removes them.
const EXPIRING: [&str; 3] = ["lists/", "rejects/", "uploads/"];

/// What is wrong with the rules by which files end.
pub(crate) fn findings(template: &Template) -> Vec<String> {
    let mut findings = Vec::new();
    for (id, properties) in template.resources("AWS::S3::Bucket") {
        let rules = properties["LifecycleConfiguration"]["Rules"].as_array();
        for rule in rules.into_iter().flatten() {
            let prefix = rule["Prefix"].as_str().unwrap_or_default();
            if !rule["ExpirationInDays"].is_null() && !EXPIRING.contains(&prefix) {
                findings.push(format!(
                    "{id}: {} removes what begins with {prefix:?}, settings among it: say one of {EXPIRING:?}",
                    rule["Id"]
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
    fn a_rule_that_removes_everything_is_found() {
        let text = "
Resources:
  Files:
    Type: AWS::S3::Bucket
    Properties:
      LifecycleConfiguration:
        Rules:
          - {Id: copies, Prefix: lists/, Status: Enabled, ExpirationInDays: 30}
          - {Id: broken, Status: Enabled, AbortIncompleteMultipartUpload: {DaysAfterInitiation: 1}}
          - {Id: all, Status: Enabled, ExpirationInDays: 90}
";
        let template = Template::parse(text).expect("it is YAML");
        assert_eq!(
            findings(&template),
            [
                "Files: \"all\" removes what begins with \"\", settings among it: say one of [\"lists/\", \"rejects/\", \"uploads/\"]"
            ]
        );
    }
}
