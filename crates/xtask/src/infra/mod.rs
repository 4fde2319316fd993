//! `cargo xtask infra`: what can be said of `infra/` without an account.
//!
//! First what the template must have in common with the code: paths, queue settings, names of the table,
//! error bodies, environment variables, and what each function may do. Each check is a function from the
//! template to findings. Then the checks that others have written, where they can be had.

use clap::Args;

use crate::failure::{Failure, report};
use crate::tree;

mod environments;
mod functions;
mod permissions;
mod queues;
mod refusals;
mod routes;
mod table;
pub(crate) mod template;
pub(crate) mod tools;

use template::Template;

/// The stack.
pub(crate) const TEMPLATE: &str = "infra/template.yaml";
/// What each function may do, once more: a change of it is seen in a review.
const PERMISSIONS: &str = "infra/permissions.json";
/// The parameters of each environment.
const ENVIRONMENTS: &str = "infra/samconfig.toml";

/// Write or compare.
#[derive(Args)]
pub(crate) struct Options {
    /// Writes `infra/permissions.json` from the template, to be reviewed, and checks nothing.
    #[arg(long)]
    write: bool,
}

/// Checks, or writes what is compared.
pub(crate) fn run(options: &Options) -> Result<(), Failure> {
    if options.write {
        let path = tree::root().join(PERMISSIONS);
        let listed = permissions::listed(&Template::read(TEMPLATE)?);
        return std::fs::write(&path, listed).map_err(|reason| Failure::File { path, reason });
    }
    check()
}

/// Every check.
pub(crate) fn check() -> Result<(), Failure> {
    report("infra", &findings()?)?;
    tools::run()
}

/// What the template and the code do not agree on.
fn findings() -> Result<Vec<String>, Failure> {
    let template = Template::read(TEMPLATE)?;
    let mut findings = Vec::new();
    findings.extend(routes::findings(&template, &routes::documents()?));
    findings.extend(functions::findings(&template));
    findings.extend(queues::findings(&template));
    findings.extend(table::findings(&template));
    findings.extend(refusals::findings(&template));
    findings.extend(permissions::findings(&template, &tree::text(PERMISSIONS)?));
    findings.extend(environments::findings(
        &template,
        &tree::text(ENVIRONMENTS)?,
    ));
    Ok(findings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_and_the_code_agree() {
        assert_eq!(findings().expect("readable"), Vec::<String>::new());
    }
}
