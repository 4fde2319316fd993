//! The parser through its front door.

use lastmile_model::Text;
use lastmile_model::address::{Address, Parts, parse};
use proptest::prelude::*;

/// Letters and digits of everything an address holds, sorted.
fn letters_held(address: &Address) -> Vec<char> {
    let Parts {
        number,
        predirectional,
        street,
        suffix,
        postdirectional,
        unit_type,
        unit,
        city,
        state,
        zip,
        zip4,
    } = &address.parts;
    let parts = [
        number,
        predirectional,
        street,
        suffix,
        postdirectional,
        unit_type,
        unit,
        city,
        state,
        zip,
        zip4,
    ];
    let held = parts.into_iter().flatten().map(Text::as_str);
    sorted_letters(held.chain(address.unparsed.iter().map(|piece| piece.text.as_str())))
}

fn sorted_letters<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<char> {
    let mut letters: Vec<char> = texts
        .flat_map(str::chars)
        .filter(|letter| letter.is_alphanumeric())
        .collect();
    letters.sort_unstable();
    letters
}

/// Pieces that addresses are made of, and some that they are not.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "123",
            "N165",
            "1/2",
            "One",
            "N",
            "North",
            "SW",
            "Main",
            "Park",
            "Court",
            "Avenue",
            "St",
            "St.",
            "Rd",
            "Hwy",
            "US",
            "County",
            "Apt",
            "#",
            "4B",
            "Floor",
            "Suite",
            "PO",
            "Box",
            "RR",
            "&",
            "and",
            "Chicago",
            "New",
            "York",
            "IL",
            "CT",
            "NE",
            "60601",
            "60601-1234",
            "USA",
            "United",
            "States",
            "Mile",
            "Corner",
            "attn",
            "Inc",
            "No",
            "-",
            "(",
            "26th",
            "of",
            "the",
            "Tower",
            "HC",
            "B",
            "-12",
            "12-34",
            "'",
            "/",
        ])
        .prop_map(str::to_owned),
        "\\PC{0,6}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn nothing_is_lost_and_nothing_is_read_twice(
        pieces in prop::collection::vec((piece(), prop::sample::select(vec![" ", ", ", ",", "\n", " ; "])), 0..14)
    ) {
        let text: String = pieces.into_iter().flat_map(|(piece, separator)| [piece, separator.to_owned()]).collect();
        let address = parse(&text);
        prop_assert_eq!(letters_held(&address), sorted_letters([text.as_str()].into_iter()), "{:?}", address);
    }

    #[test]
    fn any_text_is_read_without_panic(text in any::<String>(), repeat in 1_usize..60) {
        let text = text.repeat(repeat);
        let address = parse(&text);
        prop_assert_eq!(letters_held(&address), sorted_letters([text.as_str()].into_iter()));
    }

    #[test]
    fn any_columns_are_read_without_panic(columns in prop::collection::vec(prop::option::of(piece()), 11)) {
        let mut columns = columns.into_iter();
        let mut next = || columns.next().flatten().map(Text::from);
        let parts = Parts {
            number: next(),
            predirectional: next(),
            street: next(),
            suffix: next(),
            postdirectional: next(),
            unit_type: next(),
            unit: next(),
            city: next(),
            state: next(),
            zip: next(),
            zip4: next(),
        };
        let address = Address::from_parts(&parts);
        let Parts { street, unit, city, zip, .. } = &address.parts;
        for part in [street, unit, city, zip].into_iter().flatten() {
            prop_assert!(!part.trim().is_empty());
        }
    }
}
