//! One measured figure beside what it is compared with.

use serde::Serialize;

use crate::failure::Failure;

/// One figure.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Figure {
    /// `bench.what`, stable, for machines.
    pub(crate) name: &'static str,
    /// What was measured.
    pub(crate) value: f64,
    /// Unit of `value` and `reference`.
    pub(crate) unit: &'static str,
    /// The same for what it is compared with, measured in the same run.
    pub(crate) reference: Option<f64>,
    /// What `reference` is.
    pub(crate) reference_is: Option<&'static str>,
    /// `value / reference`.
    pub(crate) ratio: Option<f64>,
    /// What is wanted, in words; none for a figure that is only reported.
    pub(crate) goal: Option<String>,
    /// Whether it is reached.
    pub(crate) met: Option<bool>,
}

/// What is wanted of a figure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Goal {
    /// The ratio is at most this.
    RatioAtMost(f64),
    /// The ratio is at least this.
    RatioAtLeast(f64),
    /// The value is at most this.
    AtMost(f64),
    /// The value is at least this.
    AtLeast(f64),
}

impl Figure {
    /// A figure that stands alone.
    pub(crate) const fn alone(name: &'static str, value: f64, unit: &'static str) -> Self {
        Self {
            name,
            value,
            unit,
            reference: None,
            reference_is: None,
            ratio: None,
            goal: None,
            met: None,
        }
    }

    /// The same, compared.
    pub(crate) fn against(mut self, reference: f64, what: &'static str) -> Self {
        self.reference = Some(reference);
        self.reference_is = Some(what);
        self.ratio = Some(self.value / reference);
        self
    }

    /// The same, with what is wanted.
    pub(crate) fn wanted(mut self, goal: Goal) -> Self {
        let ratio = self.ratio.unwrap_or(f64::NAN);
        let (words, met) = match goal {
            Goal::RatioAtMost(most) => (format!("ratio at most {most}"), ratio <= most),
            Goal::RatioAtLeast(least) => (format!("ratio at least {least}"), ratio >= least),
            Goal::AtMost(most) => (format!("at most {most}"), self.value <= most),
            Goal::AtLeast(least) => (format!("at least {least}"), self.value >= least),
        };
        self.goal = Some(words);
        self.met = Some(met);
        self
    }
}

/// Prints the figures as a JSON array, one figure a line.
pub(crate) fn print_json(figures: &[Figure]) -> Result<(), Failure> {
    println!("[");
    for (index, figure) in figures.iter().enumerate() {
        let text = serde_json::to_string(figure)
            .map_err(|error| Failure::system("writing a figure")(error.into()))?;
        let comma = if index + 1 < figures.len() { "," } else { "" };
        println!("{text}{comma}");
    }
    println!("]");
    Ok(())
}

/// Prints the figures for people.
pub(crate) fn print_table(figures: &[Figure]) {
    println!(
        "{:<34} {:>14} {:>14} {:>8}  {:<14} {:<5} compared with",
        "figure", "value", "reference", "ratio", "unit", "met"
    );
    for figure in figures {
        let number = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), shown);
        let met = match figure.met {
            Some(true) => "yes",
            Some(false) => "NO",
            None => "-",
        };
        println!(
            "{:<34} {:>14} {:>14} {:>8}  {:<14} {:<5} {}{}",
            figure.name,
            shown(figure.value),
            number(figure.reference),
            number(figure.ratio),
            figure.unit,
            met,
            figure.reference_is.unwrap_or("-"),
            figure
                .goal
                .as_ref()
                .map(|goal| format!(" ({goal})"))
                .unwrap_or_default(),
        );
    }
}

/// Below this two decimals say nothing.
const SMALL: f64 = 0.1;

fn shown(value: f64) -> String {
    if value.abs() >= 1_000.0 {
        format!("{value:.0}")
    } else if value != 0.0 && value.abs() < SMALL {
        format!("{value:.6}")
    } else {
        format!("{value:.2}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_shown_with_the_decimals_that_matter() {
        let figures = [12_345.6, 12.345, 0.25, 0.007_654_3, 0.0].map(shown);
        assert_eq!(figures, ["12346", "12.35", "0.25", "0.007654", "0.00"]);
    }

    #[test]
    fn a_goal_is_met_or_not() {
        let figure = |value| Figure::alone("x", value, "us").against(10.0, "hello");
        assert_eq!(figure(29.0).wanted(Goal::RatioAtMost(3.0)).met, Some(true));
        assert_eq!(figure(31.0).wanted(Goal::RatioAtMost(3.0)).met, Some(false));
        assert_eq!(
            figure(2.4).wanted(Goal::RatioAtLeast(0.25)).met,
            Some(false)
        );
        let alone = Figure::alone("x", 1.0, "units");
        assert_eq!(
            alone.clone().wanted(Goal::RatioAtMost(3.0)).met,
            Some(false)
        );
        assert_eq!(alone.wanted(Goal::AtMost(1.0)).met, Some(true));
    }
}
