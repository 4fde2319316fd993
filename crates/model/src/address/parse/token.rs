//! Text into tokens: what stands between blanks and commas, and what can be seen of it alone.

use super::city::CityHere;
use super::words::{Class, class_of};
use super::{TEXT_MAX_BYTES, TOKENS_MAX};

/// What a token was read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Label {
    Number,
    Predirectional,
    Street,
    Suffix,
    Postdirectional,
    UnitType,
    Unit,
    City,
    State,
    Zip,
    Zip4,
    Recipient,
    Box,
    CrossStreet,
    Country,
    SecondUnit,
    /// Set aside; also the state of a token that nobody has read yet.
    NotUnderstood,
}

/// One token: a piece of the text without the punctuation around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token {
    /// First byte in the text.
    pub(super) start: u16,
    /// Byte after the last.
    pub(super) end: u16,
    /// Does a comma, semicolon, bracket or line break stand before it?
    pub(super) after_comma: bool,
    /// What it is made of.
    pub(super) shape: Shape,
    /// What the word lists know of it.
    pub(super) class: Class,
    /// What it was read as.
    pub(super) label: Label,
    /// Does a known city begin here?
    pub(super) city: CityHere,
}

impl Token {
    /// What stands where no token is.
    pub(super) const NOTHING: Self = Self {
        start: 0,
        end: 0,
        after_comma: true,
        shape: Shape::NOTHING,
        class: Class::NONE,
        label: Label::NotUnderstood,
        city: CityHere::Unknown,
    };

    /// Is it in one of the classes?
    pub(super) const fn is(self, class: Class) -> bool {
        self.class.meets(class)
    }

    /// Has it a digit?
    pub(super) const fn has_digit(self) -> bool {
        self.shape.digits > 0
    }

    /// Digits only?
    pub(super) const fn is_digits(self) -> bool {
        self.shape.digits > 0 && self.shape.letters == 0 && self.shape.marks == 0
    }

    /// Seven or eight digits with one mark between, as in `9151-2100`?
    pub(super) const fn is_short_zip4(self) -> bool {
        matches!(self.shape.digits, 7 | 8) && self.shape.letters == 0 && self.shape.marks == 1
    }

    /// One letter, nothing else but a dot?
    pub(super) const fn is_letter(self) -> bool {
        self.shape.letters == 1 && self.shape.digits == 0
    }

    /// Letters only?
    pub(super) const fn is_word(self) -> bool {
        self.shape.letters > 0 && self.shape.digits == 0
    }

    /// Letters only, or figures with an ordinal ending?
    pub(super) const fn is_word_or_ordinal(self) -> bool {
        self.is_word() || self.shape.ordinal
    }

    /// Figures with an ordinal ending (`26th`)?
    pub(super) const fn is_ordinal_figure(self) -> bool {
        self.shape.ordinal
    }

    /// A house number: starts with a digit and is no ordinal, or a grid number such as `N165`.
    pub(super) const fn is_house_number(self) -> bool {
        (self.shape.starts_with_digit && !self.shape.ordinal && self.shape.letters <= 2)
            || self.shape.grid
    }
}

/// What a token is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    /// Digits in it.
    pub(super) digits: u8,
    /// Letters in it.
    pub(super) letters: u8,
    /// Other characters in it, dots and apostrophes not counted.
    pub(super) marks: u8,
    /// Is the first character a digit?
    pub(super) starts_with_digit: bool,
    /// `1st`, `22nd`, `3rd`, `26th`.
    pub(super) ordinal: bool,
    /// Wisconsin grid: a compass letter, digits, perhaps again: `N165`, `W204N11912`.
    pub(super) grid: bool,
    /// `1/2`.
    pub(super) fraction: bool,
}

impl Shape {
    /// Made of nothing.
    const NOTHING: Self = Self {
        digits: 0,
        letters: 0,
        marks: 0,
        starts_with_digit: false,
        ordinal: false,
        grid: false,
        fraction: false,
    };
}

/// The tokens of a text, and where reading stopped (the length of the text, or the limit).
pub(super) fn tokenise(text: &str) -> (Vec<Token>, usize) {
    let limit = floor_char_boundary(text, TEXT_MAX_BYTES);
    let mut tokens = Vec::with_capacity(16);
    let mut after_comma = false;
    let mut position = 0;
    while position < limit {
        let rest = &text[position..limit];
        let Piece { width, kinds } = piece_of(rest);
        if width == 0 {
            // A separator: one character.
            let separator = rest.chars().next().map_or(1, char::len_utf8);
            after_comma |= matches!(rest.as_bytes()[0], b',' | b';' | b'(' | b')' | b'\n' | b'|');
            position += separator;
            continue;
        }
        if tokens.len() + 4 > TOKENS_MAX {
            return (tokens, position);
        }
        let (before, end) = (tokens.len(), position + width);
        match token_of_piece(&text[position..end], kinds) {
            Some((shape, class)) => push(position, end, shape, class, &mut tokens),
            None => push_piece(text, position, end, &mut tokens),
        }
        if let Some(first) = tokens.get_mut(before) {
            first.after_comma = after_comma;
            after_comma = false;
        }
        position = end;
    }
    (tokens, limit)
}

fn floor_char_boundary(text: &str, limit: usize) -> usize {
    if text.len() <= limit {
        return text.len();
    }
    (0..=limit)
        .rev()
        .find(|&at| text.is_char_boundary(at))
        .unwrap_or(0)
}

/// What stands before the next separator.
struct Piece {
    /// In bytes; 0 if the text starts with a separator.
    width: usize,
    /// The kinds of its bytes, all together.
    kinds: u8,
}

fn piece_of(rest: &str) -> Piece {
    // Most texts are ASCII.
    let (mut plain, mut kinds) = (0, 0);
    for &byte in rest.as_bytes() {
        let kind = KINDS[usize::from(byte)];
        if kind == 0 {
            break;
        }
        kinds |= kind;
        plain += 1;
    }
    let width = match rest.as_bytes().get(plain) {
        Some(byte) if !byte.is_ascii() => {
            kinds |= OTHER;
            let behind = rest[plain..].find(|letter: char| {
                letter.is_whitespace() || letter.is_control() || separates(letter)
            });
            behind.map_or(rest.len(), |at| plain + at)
        }
        Some(_) | None => plain,
    };
    Piece { width, kinds }
}

/// The signs between pieces.
const fn separates(sign: char) -> bool {
    matches!(sign, ',' | ';' | '(' | ')' | '|')
}

/// A letter of ASCII.
const LETTER: u8 = 1;
/// A digit.
const DIGIT: u8 = 1 << 1;
/// Whatever else is in pieces.
const OTHER: u8 = 1 << 2;

/// The kind of every byte that is visible ASCII, and no sign between pieces; of all others none.
const KINDS: [u8; 256] = {
    let mut table = [0; 256];
    let mut byte = 0_u8;
    while byte < 0x80 {
        table[byte as usize] = match byte {
            b'A'..=b'Z' | b'a'..=b'z' => LETTER,
            b'0'..=b'9' => DIGIT,
            _ if byte.is_ascii_graphic() && !separates(byte as char) => OTHER,
            _ => 0,
        };
        byte += 1;
    }
    table
};

/// What most pieces are, one token: letters only, or digits only that are no ZIP and its four digits written close.
/// [`push_piece`] would find the same.
fn token_of_piece(piece: &str, kinds: u8) -> Option<(Shape, Class)> {
    let many = u8::try_from(piece.len()).unwrap_or(u8::MAX);
    match kinds {
        LETTER => {
            let shape = Shape {
                letters: many,
                ..Shape::NOTHING
            };
            Some((shape, class_of(piece)))
        }
        DIGIT if piece.len() != ZIP9_DIGITS => {
            let shape = Shape {
                digits: many,
                starts_with_digit: true,
                ..Shape::NOTHING
            };
            // No word that is known is figures alone.
            Some((shape, Class::NONE))
        }
        _ => None,
    }
}

/// Cuts one piece into tokens: `#4` into `#` and `4`, `08003-1128` into ZIP and ZIP+4, `Ste.200`.
///
/// Pieces without a letter or digit are dropped, except `#`, `&`, `@` and `/`.
fn push_piece(text: &str, start: usize, end: usize, tokens: &mut Vec<Token>) {
    let before = tokens.len();
    let mut from = start;
    let piece = &text.as_bytes()[start..end];
    for (offset, &byte) in piece.iter().enumerate() {
        let at = start + offset;
        if byte == b'#' && tokens.len() - before < 2 {
            push_token(text, from, at, tokens);
            push_mark(text, at, tokens);
            from = at + 1;
        }
    }
    while let Some(cut) = split_at(&text.as_bytes()[from..end]) {
        push_token(text, from, from + cut, tokens);
        from += cut;
    }
    push_token(text, from, end, tokens);
    if tokens.len() == before && end - start == 1 && matches!(piece[0], b'&' | b'@' | b'/') {
        push_mark(text, start, tokens);
    }
}

/// Where a piece without `#` falls into two tokens, as an offset.
fn split_at(piece: &[u8]) -> Option<usize> {
    let digits = piece
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    if digits == ZIP9_DIGITS && piece.len() == ZIP9_DIGITS {
        return Some(5);
    }
    if digits == 5 && piece.len() >= 10 {
        let dash = DASHES
            .iter()
            .find(|dash| piece[5..].starts_with(dash.as_bytes()))?
            .len();
        let plus = piece[5 + dash..]
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        let whole = plus == 4 && piece[9 + dash..].iter().all(u8::is_ascii_punctuation);
        return whole.then_some(5 + dash);
    }
    if digits == 0 {
        return split_after_dot(piece).or_else(|| split_before_figures(piece));
    }
    None
}

/// Digits of a ZIP code with its four digits.
const ZIP9_DIGITS: usize = 9;
/// What stands between a ZIP code and its four digits.
const DASHES: [&str; 3] = ["-", "\u{2013}", "\u{2014}"];

/// `WA98902`, `Box123`: a cut before figures that were written close.
fn split_before_figures(piece: &[u8]) -> Option<usize> {
    let at = piece.iter().position(u8::is_ascii_digit)?;
    let head = std::str::from_utf8(&piece[..at]).ok()?;
    let digits = piece[at..]
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    let letters = head.trim_end_matches(['-', '.']);
    let class = class_of(letters);
    let state = digits == 5 && letters.len() == 2 && class.meets(Class::STATE);
    let route = ["HC", "HCR", "RFD", "RR"]
        .iter()
        .any(|route| letters.eq_ignore_ascii_case(route));
    let cut = state || route || class.meets(Class::BOX.or(Class::WHOLE_BOX));
    cut.then_some(at)
}

/// `Ste.200`, `W.Washington`, `P.O.Box 4`: a cut after the dot where both sides are longer than initials.
fn split_after_dot(piece: &[u8]) -> Option<usize> {
    let dot = piece.iter().position(|&byte| byte == b'.')?;
    let (head, tail) = (&piece[..dot], &piece[dot + 1..]);
    if tail.len() < 2 || tail.contains(&b'.') || head.is_empty() || !head.is_ascii() {
        return None;
    }
    let head = std::str::from_utf8(head).ok()?;
    let class = class_of(head);
    let known = class.meets(Class::UNIT.or(Class::DIRECTIONAL).or(Class::SUFFIX));
    (known && (tail.len() > 2 || tail[0].is_ascii_digit())).then_some(dot + 1)
}

fn push_mark(text: &str, at: usize, tokens: &mut Vec<Token>) {
    let mark = &text[at..=at];
    push(
        at,
        at + 1,
        Shape {
            marks: 1,
            ..Shape::NOTHING
        },
        class_of(mark),
        tokens,
    );
}

/// Pushes a token without the punctuation around it, if a letter or digit is left.
fn push_token(text: &str, start: usize, end: usize, tokens: &mut Vec<Token>) {
    let piece = &text[start..end];
    let core = if let [first, .., last] = piece.as_bytes()
        && first.is_ascii_alphanumeric()
        && last.is_ascii_alphanumeric()
    {
        piece
    } else {
        piece.trim_matches(|letter: char| !letter.is_alphanumeric())
    };
    if core.is_empty() {
        return;
    }
    let offset = core.as_ptr() as usize - piece.as_ptr() as usize;
    let start = start + offset;
    push(
        start,
        start + core.len(),
        shape_of(core),
        class_of(core),
        tokens,
    );
}

fn push(start: usize, end: usize, shape: Shape, class: Class, tokens: &mut Vec<Token>) {
    // The text is cut at TEXT_MAX_BYTES, far below 65,536.
    let (start, end) = (start as u16, end as u16);
    tokens.push(Token {
        start,
        end,
        after_comma: false,
        shape,
        class,
        label: Label::NotUnderstood,
        city: CityHere::Unknown,
    });
}

fn shape_of(core: &str) -> Shape {
    let mut shape = Shape::NOTHING;
    let bytes = core.as_bytes();
    for &byte in bytes {
        if byte.is_ascii_digit() {
            shape.digits = shape.digits.saturating_add(1);
        } else if byte.is_ascii_alphabetic() || byte >= 0x80 {
            shape.letters = shape.letters.saturating_add(1);
        } else if byte != b'.' && byte != b'\'' {
            shape.marks = shape.marks.saturating_add(1);
        }
    }
    if shape.digits == 0 {
        return shape;
    }
    shape.starts_with_digit = bytes[0].is_ascii_digit();
    shape.ordinal = shape.starts_with_digit
        && shape.letters == 2
        && matches!(
            &bytes[bytes.len() - 2..].to_ascii_uppercase()[..],
            b"ST" | b"ND" | b"RD" | b"TH"
        );
    shape.fraction = shape.letters == 0
        && shape.marks == 1
        && bytes
            .iter()
            .position(|&byte| byte == b'/')
            .is_some_and(|at| at <= 2 && bytes.len() <= at + 3);
    shape.grid = is_grid(bytes);
    shape
}

/// A compass letter and digits, once or twice, with nothing else: `N165`, `W204N11912`.
fn is_grid(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    for _ in 0..2 {
        let [compass, tail @ ..] = rest else { break };
        // `W206N W16282`: the second half's letter was written with the first half.
        if tail.is_empty() && rest.len() < bytes.len() {
            return compass.is_ascii_alphabetic();
        }
        if !matches!(compass.to_ascii_uppercase(), b'N' | b'S' | b'E' | b'W') {
            return false;
        }
        let digits = tail.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if digits == 0 {
            return false;
        }
        rest = &tail[digits..];
    }
    rest.is_empty()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_plain_piece_is_the_token_that_the_long_way_finds(piece in "[A-Za-z]{1,20}|[0-9]{1,12}|[NSEW][0-9]{1,3}|\\PC{1,4}") {
            let Piece { width, kinds } = piece_of(&piece);
            let piece = &piece[..width];
            if let Some((shape, class)) = token_of_piece(piece, kinds) {
                let mut tokens = Vec::new();
                push_piece(piece, 0, width, &mut tokens);
                let expected = Token { end: width as u16, after_comma: false, shape, class, ..Token::NOTHING };
                prop_assert_eq!(tokens, [expected]);
            }
        }
    }
}
