//! Units: `APT 4B`, `# 234`, `4TH FLOOR`, `REAR`, and bare identifiers.

use std::ops::Range;

use super::Reader;
use super::token::{Label, Token};
use super::words::Class;

/// A unit that was found.
pub(super) struct Unit {
    /// The designator; empty for a bare identifier.
    kind: Range<usize>,
    /// The identifier; empty for a designator that stands alone.
    identifier: Range<usize>,
    /// What it is worth beside another one.
    rank: Rank,
}

/// Of two units in one address the more precise is the unit.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// A mail stop, tower or reference that Publication 28 does not know: never the unit.
    MailStop,
    /// Figures without a designator.
    Bare,
    /// A part of the building: `BLDG 3`, `DEPT 528`.
    Part,
    /// `4TH FLOOR`.
    Floor,
    /// A unit proper.
    Proper,
}

impl Unit {
    fn start(&self) -> usize {
        if self.kind.is_empty()
            || !self.identifier.is_empty() && self.identifier.start < self.kind.start
        {
            self.identifier.start
        } else {
            self.kind.start
        }
    }

    /// The position after the unit.
    pub(super) fn end(&self) -> usize {
        self.kind.end.max(self.identifier.end)
    }
}

impl Reader<'_> {
    /// The unit that starts at `at` with a designator.
    pub(super) fn unit_at(&self, at: usize, end: usize) -> Option<Unit> {
        if at >= end {
            return None;
        }
        self.floor(at, end)
            .or_else(|| self.designated(at, end))
            .or_else(|| self.mail_stop(at, end))
    }

    /// `4th Floor`, `Ground Floor`, `Lower level`, `20TH FL`.
    fn floor(&self, at: usize, end: usize) -> Option<Unit> {
        if at + 1 >= end
            || !self.is(at + 1, Class::FLOOR)
            || self.token(at + 1).after_comma
            || self.is_street_called_floor(at + 1, end)
        {
            return None;
        }
        let token = self.token(at);
        let says_which = token.has_digit()
            || token.is(Class::ORDINAL)
            || token.is(Class::CARDINAL)
            || [
                "GROUND",
                "LOWER",
                "UPPER",
                "MAIN",
                "TOP",
                "MEZZANINE",
                "GARDEN",
                "LOBBY",
            ]
            .iter()
            .any(|word| self.written(at..at + 1).eq_ignore_ascii_case(word));
        says_which.then(|| Unit {
            kind: at + 1..at + 2,
            identifier: at..at + 1,
            rank: Rank::Floor,
        })
    }

    /// `5 Floor Ave`: nothing but the word is left for the street.
    pub(super) fn is_street_called_floor(&self, at: usize, end: usize) -> bool {
        at + 1 < end
            && self.is(at + 1, Class::STRONG)
            && !self.token(at + 1).after_comma
            && self.breaks(at + 2, end)
            && self.tokens[..at - 1].iter().all(|token| !token.has_digit())
    }

    fn designated(&self, at: usize, end: usize) -> Option<Unit> {
        let token = self.token(at);
        let sign = token.is(Class::NUMBER_SIGN);
        if !(sign || token.is(Class::UNIT) || token.is(Class::FLOOR) && at + 1 < end) {
            return None;
        }
        // `# APT 5`: the sign belongs to the designator.
        if sign
            && at + 1 < end
            && self.is(at + 1, Class::UNIT)
            && !self.is(at + 1, Class::WEAK_UNIT)
        {
            let unit = self.designated(at + 1, end)?;
            return Some(Unit {
                kind: at..unit.kind.end,
                ..unit
            });
        }
        let mut id = at + 1;
        if !sign && id < end && self.is(id, Class::NUMBER_SIGN) {
            id += 1;
        }
        let kind = at..at + 1;
        // `DEPT LA 21702`: the account's letters stand apart.
        if self.is(at, Class::REFERENCE)
            && self.token(id).shape.letters == 2
            && self.token(id + 1).is_digits()
            && id + 1 < end
        {
            let identifier = id..self.identifier_end(id + 1, end, true);
            return Some(Unit {
                kind,
                identifier,
                rank: self.rank_of(at),
            });
        }
        let id_end = self.identifier_end(id, end, token.is(Class::WEAK_UNIT) || sign);
        if id_end > id
            && !self.is_road_number(at, id_end, end)
            && !self.is_anothers(at, id, id_end, end)
        {
            let reference = sign && at > 0 && self.is(at - 1, Class::REFERENCE);
            let rank = if reference {
                Rank::MailStop
            } else {
                self.rank_of(at)
            };
            return Some(Unit {
                kind,
                identifier: at + 1..id_end,
                rank,
            });
        }
        self.without_identifier(at, end)
    }

    /// A designator with nothing behind it: `REAR` names the unit by itself, of `APT` the identifier
    /// was forgotten.
    fn without_identifier(&self, at: usize, end: usize) -> Option<Unit> {
        let token = self.token(at);
        let alone = token.is(Class::UNIT_ALONE)
            && (!token.is(Class::WEAK_UNIT)
                || self.breaks(at + 1, end)
                || self.is_alone_before_city(at));
        let bare = token.is(Class::UNIT)
            && !token.is(Class::NUMBER_SIGN)
            && !token.is(Class::WHOLE_BUILDING)
            && !token.is(Class::WEAK_UNIT.or(Class::STATE))
            && self.breaks(at + 1, end);
        // `REAR` names the unit by itself.
        if alone {
            return Some(Unit {
                kind: at..at,
                identifier: at..at + 1,
                rank: Rank::Proper,
            });
        }
        bare.then_some(Unit {
            kind: at..at + 1,
            identifier: at + 1..at + 1,
            rank: Rank::Part,
        })
    }

    /// `OLD NUMBER 6 HIGHWAY`: the figures behind the sign belong to a road.
    fn is_road_number(&self, at: usize, id_end: usize, end: usize) -> bool {
        self.is(at, Class::NUMBER_SIGN)
            && id_end < end
            && self.is(id_end, Class::STRONG)
            && !self.token(id_end).after_comma
    }

    /// `Empire State Building, 350 5th Ave`, `Dept 4th Floor`: figures that are not the designator's.
    fn is_anothers(&self, at: usize, id: usize, id_end: usize, end: usize) -> bool {
        let number = self.token(id).after_comma
            && id_end < end
            && !self.token(id_end).after_comma
            && self.token(id).is_house_number();
        number && self.token(id_end).is_word_or_ordinal()
            || id == at + 1
                && self.token(id).is_ordinal_figure()
                && !self.is(at, Class::FLOOR)
                && self.is(id + 1, Class::FLOOR)
                && id + 1 < end
    }

    /// Is there a unit with a designator and figures at `at`?
    pub(super) fn designated_unit(&self, at: usize, end: usize) -> bool {
        self.designated(at, end)
            .is_some_and(|unit| !unit.identifier.is_empty())
            && !self.is(at, Class::WEAK_UNIT)
    }

    fn rank_of(&self, at: usize) -> Rank {
        if self.is(at, Class::FLOOR) {
            return Rank::Floor;
        }
        match super::super::publication28::unit_designator(self.written(at..at + 1)) {
            Some("BLDG" | "DEPT") => Rank::Part,
            _ => Rank::Proper,
        }
    }

    /// Where the identifier that starts at `at` ends; `at` if there is none.
    fn identifier_end(&self, at: usize, end: usize, figures_only: bool) -> usize {
        if at >= end || (self.token(at).after_comma && !self.token(at).has_digit()) {
            return at;
        }
        let token = self.token(at);
        let word = token.is(Class::CARDINAL
            .or(Class::ORDINAL)
            .or(Class::DIRECTIONAL)
            .or(Class::UNIT_ALONE));
        if !(token.has_digit()
            || token.is_letter()
            || (word && !figures_only)
            || self.is_initials(at) && !figures_only)
        {
            return at;
        }
        let mut next = at + 1;
        while next < end && self.continues_identifier(next, end) {
            next += 1;
        }
        next
    }

    /// `Main St Side Newark NJ`: a designator between the street and a city that is known without it,
    /// unlike `Main St Upper Marlboro MD`.
    fn is_alone_before_city(&self, at: usize) -> bool {
        let number = |at: usize| self.token(at).label == Label::Number;
        let place =
            !self.has_tail && self.is(at + 1, Class::PLACE) && self.token(at + 2).after_comma;
        at > 1
            && (self.is_city_after(at) || place)
            && !number(at - 1)
            && !(number(at - 2) && self.is(at - 1, Class::DIRECTIONAL.or(Class::ARTICLE)))
            && !self.is_half_a_name(at - 1)
    }

    /// Two letters in upper case that stand for a unit, `APT LH`.
    fn is_initials(&self, at: usize) -> bool {
        let token = self.token(at);
        token.is_word()
            && token.shape.letters == 2
            && !token.is(Class::STATE.or(Class::SUFFIX).or(Class::CITY_START))
    }

    /// `164 A`, `2 East` at the end.
    fn continues_identifier(&self, at: usize, end: usize) -> bool {
        let token = self.token(at);
        if token.after_comma {
            return false;
        }
        if self.token(at - 1).end == token.start {
            return true;
        }
        // `DEPT 472 806009965`: an account behind the number.
        let boxed = self.tokens.iter().any(|token| token.label == Label::Box);
        if boxed && token.is_digits() && self.token(at - 1).is_digits() && at + 1 < end {
            return true;
        }
        // `APT 3 & 4`, `STE A 1`.
        let ends = |at: usize| self.breaks(at, end) || self.is_city(at);
        let part = |token: Token| token.is_digits() || token.is_letter();
        if self.is(at, Class::AND) && part(self.token(at + 1)) && ends(at + 2)
            || self.is(at - 1, Class::AND) && part(token)
            || token.is_digits() && self.token(at - 1).is_letter() && ends(at + 1)
        {
            return true;
        }
        // `1024 RANDOLPH 1 N OAK PARK`.
        let floor_side = token.is_letter()
            && token.is(Class::DIRECTIONAL)
            && self.token(at - 1).is_digits()
            && self.has_tail
            && !self.is(at + 1, Class::DIRECTED_PLACE);
        if floor_side {
            return true;
        }
        // `SUITE 3500 EAST PHILADELPHIA`.
        if token.is(Class::DIRECTIONAL) && self.token(at - 1).has_digit() && self.is_city_after(at)
        {
            return true;
        }
        // `DEPT 96 0430, …`.
        if token.is_digits()
            && at > 1
            && self.is(at - 2, Class::REFERENCE)
            && self.breaks(at + 1, end)
        {
            return true;
        }
        (token.is_letter() || token.is(Class::DIRECTIONAL))
            && self.breaks(at + 1, end)
            && self.token(at - 1).has_digit()
    }

    /// `MSC 24`, `TOWER 5`, `BIN 141987`, `REF NO 590261`.
    fn mail_stop(&self, at: usize, end: usize) -> Option<Unit> {
        if !self.is(at, Class::MAIL_STOP) {
            return None;
        }
        let id = if at + 1 < end && self.is(at + 1, Class::NUMBER_SIGN) {
            at + 2
        } else {
            at + 1
        };
        // `TOWER A UNIT 12`.
        let lettered = self.is(at, Class::BUILDING)
            && self.token(id).is_letter()
            && (self.breaks(id + 1, end)
                || self.designated_unit(id + 1, end)
                || self.is_city(id + 1));
        if id >= end || !(self.token(id).has_digit() || lettered) {
            return None;
        }
        Some(Unit {
            kind: at..at + 1,
            identifier: at + 1..id + 1,
            rank: Rank::MailStop,
        })
    }

    /// A unit without a designator after the street: `12C`, `608`, a letter before a comma.
    pub(super) fn bare_unit(&self, at: usize, end: usize) -> Option<Unit> {
        if at >= end {
            return None;
        }
        let token = self.token(at);
        if token.is_word() && self.is_city(at) {
            return None;
        }
        // A letter alone before a city, `10th Ave SW A Mount Vernon IA`, or before a comma.
        let lone = self.has_tail && self.token(at + 1).is_word() && !token.is(Class::DIRECTIONAL);
        let letter = token.is_letter() && (lone || self.breaks(at + 1, end));
        let figures = token.has_digit() && !token.is_ordinal_figure();
        let initials = token.shape.letters == 2
            && token.is_word()
            && at + 1 == end
            && !self.has_tail
            && self.is_initials(at);
        if !(letter || figures || initials) {
            return None;
        }
        let next = at + 1 + usize::from(at + 1 < end && self.continues_identifier(at + 1, end));
        Some(Unit {
            kind: at..at,
            identifier: at..next,
            rank: Rank::Bare,
        })
    }

    /// `LT42` right before the house number.
    pub(super) fn glued_unit(&self, at: usize, front: &Range<usize>) -> Option<Unit> {
        let token = self.token(at);
        let glued = at + 1 == front.end
            && token.has_digit()
            && token.shape.letters >= 2
            && !token.shape.starts_with_digit;
        glued.then(|| Unit {
            kind: at..at,
            identifier: at..at + 1,
            rank: Rank::Bare,
        })
    }

    /// Labels a unit; of two, the more precise is kept. Gives back the position after it.
    pub(super) fn take_unit(&mut self, unit: &Unit) -> usize {
        let end = unit.end();
        let earlier = self.rank_of_earlier(unit.start());
        if unit.rank == Rank::MailStop || earlier.is_some_and(|earlier| earlier >= unit.rank) {
            self.label(unit.start()..end, Label::SecondUnit);
            return end;
        }
        if earlier.is_some() {
            for token in &mut self.tokens {
                if matches!(token.label, Label::Unit | Label::UnitType) {
                    token.label = Label::SecondUnit;
                }
            }
        }
        self.label(unit.kind.clone(), Label::UnitType);
        // `NO 2202`: no designator of Publication 28; it stays with the identifier.
        if unit.kind.len() == 1 && self.is(unit.kind.start, Class::DIRECTIONAL) {
            self.label(unit.kind.clone(), Label::Unit);
        }
        // `APT # 4`: the sign stays with the identifier, as it is written.
        self.label(unit.identifier.clone(), Label::Unit);
        end
    }

    fn rank_of_earlier(&self, at: usize) -> Option<Rank> {
        let read = |label| {
            self.tokens[..at]
                .iter()
                .position(|token| token.label == label)
        };
        match (read(Label::UnitType), read(Label::Unit)) {
            (None, None) => None,
            (Some(kind), _) => Some(self.rank_of(kind)),
            (None, Some(_)) => Some(Rank::Bare),
        }
    }
}
