//! Address texts into building keys: spellings of one building meet, different buildings never do.

use lastmile_model::Text;
use lastmile_model::address::{
    Address, BuildingKey, NormalAddress, Parts, UnitKey, parse, publication28,
};
use proptest::prelude::*;
use proptest::sample::select;

fn normal(text: &str) -> NormalAddress {
    NormalAddress::of(&parse(text))
}

fn key(text: &str) -> Option<String> {
    normal(text)
        .building_key()
        .as_ref()
        .map(ToString::to_string)
}

/// Spellings of one building and its key.
const SPELLINGS: &[(&[&str], &str)] = &[
    (
        &[
            "303 E 26TH ST,CHEYENNE,WY 82001,USA",
            "303 E 26th St Cheyenne, WY 82001",
            "303 East Twenty-Sixth Street, Cheyenne, Wyoming 82001-1234",
            "303 E. 26th St. Apt 4, Cheyenne WY 82001",
            "303 e 26th street #4B cheyenne wy 82001",
        ],
        "82001:E-26TH-ST:303",
    ),
    (
        &[
            "710 19TH AVE S,FARGO,ND 58103,USA",
            "710 19th Ave S Fargo, ND 58103",
            "710 19th Avenue South, Fargo ND 58103",
        ],
        "58103:19TH-AVE-S:710",
    ),
    (
        &[
            "4741 CLOCK TOWER LN S,FARGO,ND 58104,USA",
            "4741 Clock Tower Ln S Fargo, ND 58104",
        ],
        "58104:CLOCK-TOWER-LN-S:4741",
    ),
    (
        &[
            "4229 39 1/2 AVE S,FARGO,ND 58104,USA",
            "4229 39 1/2 Ave S Fargo, ND 58104",
        ],
        "58104:39-1~2F2-AVE-S:4229",
    ),
    (
        &[
            "40-05 Main St, Flushing, NY 11354",
            "40-05 MAIN STREET, FLUSHING NY 11354",
        ],
        "11354:MAIN-ST:40-05",
    ),
    (
        &[
            "100 1/2 Oak Ave, Waco, TX 76701",
            "100-1/2 Oak Avenue, Waco, TX 76701",
        ],
        "76701:OAK-AVE:100_1.2",
    ),
    (&["123 N St NW, Washington, DC 20001"], "20001:N-ST-NW:123"),
    (&["123 North Ave, Chicago, IL 60610"], "60610:NORTH-AVE:123"),
    (
        &[
            "12 Avenue C, Brooklyn, NY 11218",
            "12 Ave C, Brooklyn, NY 11218",
        ],
        "11218:AVENUE-C:12",
    ),
    (
        &[
            "112 Telford Street Ext, Boston, MA 02135",
            "112 TELFORD ST EXT, BOSTON, MA, 02135",
        ],
        "02135:TELFORD-STREET-EXT:112",
    ),
    (
        &[
            "900 Hwy 190, Covington, LA 70433",
            "900 HIGHWAY 190, Covington, LA 70433",
        ],
        "70433:HIGHWAY-190:900",
    ),
    (
        &[
            "900 US Hwy 190, Covington, LA 70433",
            "900 US Highway 190, Covington, LA 70433",
        ],
        "70433:US-HIGHWAY-190:900",
    ),
    (
        &[
            "W1234 County Road UV, Green Bay, WI 54313",
            "W1234 CR UV, Green Bay, WI 54313",
        ],
        "54313:COUNTY-ROAD-UV:W1234",
    ),
    (
        &[
            "1500 St Rt 28, Milford OH 45150",
            "1500 State Rt 28, Milford OH 45150",
            "1500 OH-28, Milford OH 45150",
            "1500 OH 28, Milford OH 45150",
            "1500 SR 28, Milford OH 45150",
            "1500 State Rte 28, Milford OH 45150",
            "1500 ST RTE 28, Milford OH 45150",
            "1500 Ohio Route 28, Milford OH 45150",
        ],
        "45150:STATE-ROUTE-28:1500",
    ),
    (
        &[
            "84-12 37 Ave, Jackson Heights NY 11372",
            "84-12 37th Ave, Jackson Heights NY 11372",
            "84 12 37th Ave, Jackson Heights NY 11372",
        ],
        "11372:37TH-AVE:84-12",
    ),
    (
        &[
            "123 1 St, Boston MA 02116",
            "123 1st St, Boston MA 02116",
            "123 First Street, Boston MA 02116",
        ],
        "02116:1ST-ST:123",
    ),
    (
        &[
            "12 MLK Blvd, Boston MA 02116",
            "12 Martin L King Blvd, Boston MA 02116",
            "12 Martin Luther King Jr. Blvd, Boston MA 02116",
            "12 Dr. Martin Luther King Jr Boulevard, Boston MA 02116",
        ],
        "02116:MARTIN-LUTHER-KING-JR-BLVD:12",
    ),
    (
        &[
            "21 Elm St, Boston MA 02116",
            "Twenty-One Elm Street, Boston MA 02116",
            "Twenty One Elm Street, Boston MA 02116",
            "Empire Building, 21 Elm St, Boston MA 02116",
            "21 Elm St, Boston MA 02116 (rear building)",
            "21 Elm St, Boston MA 02116 Attn Bob",
            "21 Elm St, Boston MA 02116 Suffolk County",
        ],
        "02116:ELM-ST:21",
    ),
    (
        &[
            "12 O Brien Ct, Boston MA 02116",
            "12 O'Brien Ct, Boston MA 02116",
            "12 OBrien Ct, Boston MA 02116",
        ],
        "02116:OBRIEN-CT:12",
    ),
    (
        &[
            "12 Main St Side Newark NJ",
            "12 Main St Upper, Newark NJ",
            "12 Main St, Newark, NJ (rear building)",
        ],
        "NJ.NEWARK:MAIN-ST:12",
    ),
    (
        &[
            "5 Main St, St. Louis, MO",
            "5 Main Street, Saint Louis, Missouri",
        ],
        "MO.SAINT-LOUIS:MAIN-ST:5",
    ),
];

#[test]
fn spellings_of_one_building_have_one_key() {
    for (spellings, expected) in SPELLINGS {
        for spelling in *spellings {
            assert_eq!(key(spelling).as_deref(), Some(*expected), "{spelling}");
        }
    }
}

#[test]
fn a_letter_before_the_city_belongs_to_the_street_and_a_word_to_the_city() {
    for (text, street, city) in [
        ("710 19th Ave S Fargo, ND 58103", "19TH AVE S", "FARGO"),
        (
            "710 13th Ave E West Fargo, ND 58078",
            "13TH AVE E",
            "WEST FARGO",
        ),
        (
            "710 13th Ave West Fargo, ND 58078",
            "13TH AVE",
            "WEST FARGO",
        ),
        (
            "12 Main St N Great Falls, MT 59401",
            "MAIN ST N",
            "GREAT FALLS",
        ),
    ] {
        let address = normal(text);
        assert_eq!(
            address.street.map(|street| street.to_string()).as_deref(),
            Some(street),
            "{text}"
        );
        assert_eq!(address.city.as_deref(), Some(city), "{text}");
    }
}

#[test]
fn what_has_no_house_number_has_no_building() {
    for text in [
        "PO Box 318, Cheyenne, WY 82001",
        "RR 2 Box 18, Bismarck, ND 58501",
        "Main St & 5th Ave, Fargo, ND 58102",
        "26th St, Cheyenne, WY 82001",
        "303 E 26th St",
        "Cheyenne, WY",
        "",
    ] {
        assert_eq!(key(text), None, "{text}");
    }
}

#[test]
fn a_unit_of_one_building_is_not_that_of_the_next() {
    let unit = |text: &str| normal(text).unit_key().map(|key| key.to_string());
    let one = "100 Main St Bldg 4 Apt 12, Boston, MA 02108";
    assert_eq!(
        unit(one).as_deref(),
        Some("02108:MAIN-ST:100:BLDG-4-UNIT-12")
    );
    assert_ne!(
        unit(one),
        unit("100 Main St Bldg 5 Apt 12, Boston, MA 02108")
    );
    assert_eq!(
        unit(one),
        unit("100 MAIN STREET BUILDING 4 # 12 BOSTON MA 02108")
    );
    assert_eq!(normal(one).delivery_line(), "100 MAIN ST BLDG 4 UNIT 12");
    for (spellings, expected) in [
        (
            [
                "12 Elm St 2nd Floor Apt B, 02116",
                "12 Elm St Fl 2 Apt B, 02116",
            ],
            "02116:ELM-ST:12:FL-2-UNIT-B",
        ),
        (
            [
                "123 Main St NW Apt 5 # 7, 20001",
                "123 Main St NW Unit 5 No 7, 20001",
            ],
            "20001:MAIN-ST-NW:123:5-UNIT-7",
        ),
        (
            ["123 Main St Apt 5 # 5, 20001", "123 Main St Apt 5, 20001"],
            "20001:MAIN-ST:123:5",
        ),
    ] {
        for spelling in spellings {
            assert_eq!(unit(spelling).as_deref(), Some(expected), "{spelling}");
        }
    }
    assert_eq!(unit("100 Main St, Boston, MA 02108"), None);
}

#[test]
fn the_standard_form_is_written_as_on_an_envelope() {
    for (text, expected) in [
        (
            "303 east 26th street apartment 4, cheyenne, wyoming 82001",
            "303 E 26TH ST APT 4, CHEYENNE, WY 82001",
        ),
        (
            "100 1/2 Oak Av # 04B, Waco TX 76701-1234",
            "100 1/2 OAK AVE # 4B, WACO, TX 76701-1234",
        ),
        (
            "12 Elm St 2nd Floor, Boston, MA 02135",
            "12 ELM ST FL 2, BOSTON, MA 02135",
        ),
        ("5 Elm St, 02135", "5 ELM ST, 02135"),
    ] {
        assert_eq!(normal(text).one_line(), expected, "{text}");
    }
}

#[test]
fn the_parts_may_be_split_in_any_way() {
    let parts = |pre: &str, street: &str, suffix: &str| {
        let some = |text: &str| Some(Text::new(text)).filter(|text| !text.is_empty());
        let address = Address::from_parts(&Parts {
            number: some("22"),
            predirectional: some(pre),
            street: some(street),
            suffix: some(suffix),
            zip: some("02125"),
            ..Parts::default()
        });
        NormalAddress::of(&address)
            .building_key()
            .map(|key| key.to_string())
    };
    for (pre, street, suffix) in [
        ("North", "Point", "Drive"),
        ("", "North Point", "Dr"),
        ("", "N Point Drive", ""),
    ] {
        assert_eq!(
            parts(pre, street, suffix).as_deref(),
            Some("02125:N-POINT-DR:22"),
            "{pre} {street} {suffix}"
        );
    }
}

/// A building with every part chosen: number, directional, name, suffix, ZIP.
#[derive(Clone, Debug, PartialEq)]
struct Building {
    number: u32,
    directional: Option<usize>,
    name: &'static str,
    suffix: usize,
    zip: u32,
}

/// Names that are neither a suffix nor a directional, spelled in one way only.
const NAMES: [&str; 8] = [
    "Hackensack",
    "Lincoln",
    "Oak",
    "Oaks",
    "Washington",
    "Maplewood",
    "Beacon",
    "King George",
];

/// Suffixes that no parser could take for a part of a name.
const SUFFIXES: [&str; 8] = [
    "STREET",
    "AVENUE",
    "ROAD",
    "DRIVE",
    "LANE",
    "BOULEVARD",
    "COURT",
    "CIRCLE",
];

fn building() -> impl Strategy<Value = Building> {
    (
        1..20_000_u32,
        proptest::option::of(0..8_usize),
        select(&NAMES[..]),
        0..SUFFIXES.len(),
        10_000..99_999_u32,
    )
        .prop_map(|(number, directional, name, suffix, zip)| Building {
            number,
            directional,
            name,
            suffix,
            zip,
        })
}

/// Which of several spellings is taken, for each part.
#[derive(Clone, Debug)]
struct Hand {
    directional: usize,
    suffix: usize,
    upper: bool,
    dots: bool,
    unit: &'static str,
    comma: &'static str,
}

fn hand() -> impl Strategy<Value = Hand> {
    let unit = select(vec![
        "",
        " Apt 4",
        " #4",
        " Unit 4B",
        ", Suite 100",
        " STE 2",
    ]);
    (
        0..2_usize,
        0..12_usize,
        any::<bool>(),
        any::<bool>(),
        unit,
        select(vec![", ", ","]),
    )
        .prop_map(|(directional, suffix, upper, dots, unit, comma)| Hand {
            directional,
            suffix,
            upper,
            dots,
            unit,
            comma,
        })
}

fn written(building: &Building, hand: &Hand) -> String {
    let dot = if hand.dots { "." } else { "" };
    let directional = building.directional.map(|at| {
        let (full, short, _) = publication28::DIRECTIONALS[at];
        if hand.directional == 0 {
            format!("{full} ")
        } else {
            format!("{short}{dot} ")
        }
    });
    let name = SUFFIXES[building.suffix];
    let row = publication28::SUFFIXES
        .iter()
        .find(|(full, _, _)| *full == name)
        .expect("SUFFIXES holds names of appendix C1");
    let spellings: Vec<&str> = [row.0, row.1]
        .into_iter()
        .chain(row.2.iter().copied())
        .collect();
    let suffix = spellings[hand.suffix % spellings.len()];
    let text = format!(
        "{} {}{} {suffix}{dot}{}{}Springfield{}IL {}",
        building.number,
        directional.unwrap_or_default(),
        building.name,
        hand.unit,
        hand.comma,
        hand.comma,
        building.zip
    );
    if hand.upper {
        text.to_uppercase()
    } else {
        text
    }
}

proptest! {
    #[test]
    fn generated_spellings_of_one_building_have_one_key(building in building(), one in hand(), other in hand()) {
        let (one, other) = (written(&building, &one), written(&building, &other));
        prop_assert!(key(&one).is_some(), "{}", one);
        prop_assert_eq!(key(&one), key(&other), "{} and {}", one, other);
    }

    #[test]
    fn generated_buildings_that_differ_have_two_keys(
        one in building(),
        changed in building(),
        what in 0..5_usize,
        hands in (hand(), hand()),
    ) {
        let mut other = one.clone();
        match what {
            0 => other.number = changed.number,
            1 => other.directional = changed.directional,
            2 => other.name = changed.name,
            3 => other.suffix = changed.suffix,
            _ => other.zip = changed.zip,
        }
        let texts = (written(&one, &hands.0), written(&other, &hands.1));
        prop_assert_eq!(one == other, key(&texts.0) == key(&texts.1), "{} and {}", texts.0, texts.1);
    }

    #[test]
    fn any_text_has_a_standard_form_and_keys_that_read_back(text in "\\PC{0,60}|[0-9]{1,4} [A-Za-z .#/-]{1,30},? [A-Z]{2} [0-9]{5}") {
        let address = normal(&text);
        if let Some(key) = address.building_key() {
            prop_assert_eq!(key.to_string().parse::<BuildingKey>(), Ok(key));
        }
        if let Some(key) = address.unit_key() {
            prop_assert_eq!(key.to_string().parse::<UnitKey>(), Ok(key));
        }
        prop_assert!(address.one_line().len() >= address.delivery_line().len());
    }
}
