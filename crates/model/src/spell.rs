//! Text that is written piece by piece into whatever takes it.

use std::fmt;

use jiff::civil::Date;
use smol_str::SmolStrBuilder;

use crate::Text;

/// What is shown as a text. Whatever is displayed as well is displayed by the same code, but for dates, which their
/// own crate displays.
///
/// [`fmt::Display`] hands every piece over through a pointer. This is compiled for its target, so that a lookup, whose
/// answer is some hundred pieces, does not pay for that.
pub trait Spell {
    /// Writes the text.
    ///
    /// # Errors
    /// Those of the target.
    fn spell<W: fmt::Write>(&self, out: &mut W) -> fmt::Result;

    /// The text.
    #[must_use]
    fn spelled(&self) -> Text {
        let mut text = SmolStrBuilder::new();
        self.spell(&mut text).expect("a string takes every text");
        text.finish()
    }
}

impl<T: Spell> Spell for &T {
    fn spell<W: fmt::Write>(&self, out: &mut W) -> fmt::Result {
        (**self).spell(out)
    }
}

/// As ISO 8601 has it, `2026-03-03`.
impl Spell for Date {
    fn spell<W: fmt::Write>(&self, out: &mut W) -> fmt::Result {
        let fields = (
            u16::try_from(self.year()),
            u8::try_from(self.month()),
            u8::try_from(self.day()),
        );
        let (Ok(year), Ok(month), Ok(day)) = fields else {
            // A negative year has a sign and six figures.
            return write!(out, "{self}");
        };
        let [century, of_century] = [year / 100, year % 100].map(|pair| pair as u8);
        let mut text = *b"0000-00-00";
        for (at, pair) in [(0, century), (2, of_century), (5, month), (8, day)] {
            text[at] += pair / 10;
            text[at + 1] += pair % 10;
        }
        out.write_str(str::from_utf8(&text).map_err(|_| fmt::Error)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_spelled_as_they_are_displayed() {
        let years = (-9999..=9999).step_by(7).chain(-1..=1);
        let days = years.flat_map(|year| {
            [(1, 1), (2, 28), (10, 9), (12, 31)].map(|(month, day)| Date::new(year, month, day))
        });
        for day in days {
            let day = day.expect("a day");
            assert_eq!(day.spelled(), day.to_string());
        }
    }
}
