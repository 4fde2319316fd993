//! What is known of a word alone: one lookup in one table that the compiler builds.
//!
//! The classes are general knowledge of US addresses (the tables of Publication 28 and the words
//! below); no street or test string is listed.

use super::super::publication28::{
    DIRECTIONALS, ORDINALS, Row, STATES, SUFFIXES, UNIT_DESIGNATORS, UNLISTED_SUFFIXES,
};

/// A set of word classes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Class(u64);

impl Class {
    pub(super) const NONE: Self = Self(0);
    /// Any suffix of appendix C1.
    pub(super) const SUFFIX: Self = Self(1);
    /// A suffix that hardly ever is anything else: `AVE`, `RD`, `BLVD`.
    pub(super) const STRONG: Self = Self(1 << 1);
    /// A directional.
    pub(super) const DIRECTIONAL: Self = Self(1 << 2);
    /// A unit designator of appendix C2.
    pub(super) const UNIT: Self = Self(1 << 3);
    /// A designator that is also an ordinary word of street and place names: `LOT`, `FRONT`.
    pub(super) const WEAK_UNIT: Self = Self(1 << 4);
    /// A state in one word.
    pub(super) const STATE: Self = Self(1 << 5);
    /// The last word of a state in several words: `CAROLINA`.
    pub(super) const STATE_END: Self = Self(1 << 6);
    /// A number as a word: `ONE`.
    pub(super) const CARDINAL: Self = Self(1 << 7);
    /// An ordinal as a word: `FIRST`.
    pub(super) const ORDINAL: Self = Self(1 << 8);
    /// A country: `USA`.
    pub(super) const COUNTRY: Self = Self(1 << 9);
    /// `BOX` and its like.
    pub(super) const BOX: Self = Self(1 << 10);
    /// `POBOX`, `POB`, `LOCKBOX`: a box in one word.
    pub(super) const WHOLE_BOX: Self = Self(1 << 11);
    /// What kind of numbered road: `STATE`, `COUNTY`, `US`.
    pub(super) const ROAD_QUALIFIER: Self = Self(1 << 12);
    /// The noun of a numbered road: `HIGHWAY`, `ROUTE`, `ROAD`.
    pub(super) const ROAD_NOUN: Self = Self(1 << 13);
    /// A numbered road in one word: `FM`, `SR`, `CR`.
    pub(super) const ROAD: Self = Self(1 << 14);
    /// What may follow the number of a road: `BUSINESS`, `ALT`.
    pub(super) const ROAD_TAIL: Self = Self(1 << 15);
    /// A rural or highway-contract route: `RR`, `HC`.
    pub(super) const RURAL: Self = Self(1 << 16);
    /// The first word of many place names: `SAN`, `FORT`, `NEW`.
    pub(super) const CITY_START: Self = Self(1 << 17);
    /// The last word of many place names: `CITY`, `SPRINGS`.
    pub(super) const CITY_END: Self = Self(1 << 18);
    /// A word of companies and persons' roles: `INC`, `ATTN`.
    pub(super) const COMPANY: Self = Self(1 << 19);
    /// A word of buildings and landmarks: `TOWER`, `AIRPORT`.
    pub(super) const BUILDING: Self = Self(1 << 20);
    /// Joins two streets: `&`, `AND`, `AT`.
    pub(super) const AND: Self = Self(1 << 21);
    /// `NO`, `NUMBER`, `#`.
    pub(super) const NUMBER_SIGN: Self = Self(1 << 22);
    /// A word before the identifier of a part of a building or a mail stop that Publication 28
    /// does not list: `MSC`, `TOWER`, `BIN`.
    pub(super) const MAIL_STOP: Self = Self(1 << 23);
    /// A place of one word that is known by itself: `CHICAGO`.
    pub(super) const PLACE: Self = Self(1 << 24);
    /// `THE`, `OF`, `DE`, `LA`: joins the words of a name.
    pub(super) const ARTICLE: Self = Self(1 << 25);
    /// Unit designator that may stand alone: `REAR`.
    pub(super) const UNIT_ALONE: Self = Self(1 << 26);
    /// Floors: the identifier stands before them as often as after.
    pub(super) const FLOOR: Self = Self(1 << 27);
    /// `MILE`, `MILEPOST`: a number along a highway follows.
    pub(super) const MILE: Self = Self(1 << 28);
    /// `CORNER`, `JCT`, `JUNCTION`, `INTERSECTION`.
    pub(super) const CORNER: Self = Self(1 << 29);
    /// A street type that stands before the name: `RUE`, `CALLE`, `VIA`.
    pub(super) const FOREIGN_TYPE: Self = Self(1 << 30);
    /// The second word of places that start with a directional: `WEST PALM BEACH`.
    pub(super) const DIRECTED_PLACE: Self = Self(1 << 31);
    /// The second word of places that start with `SAINT`: `ST LOUIS`.
    pub(super) const SAINTED_PLACE: Self = Self(1 << 32);
    /// Words that name a whole building when they end a segment: `TOWER`, `BLDG`.
    pub(super) const WHOLE_BUILDING: Self = Self(1 << 33);
    /// The last word of a company or a department: a place may follow it, `AGENCY COLDWATER`.
    pub(super) const COMPANY_END: Self = Self(1 << 34);
    /// A number that is no unit follows: `CUSTOMER # 11`.
    pub(super) const REFERENCE: Self = Self(1 << 35);

    /// Both sets together.
    pub(super) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Have the sets a class in common?
    pub(super) const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// Longest word that is looked up, in bytes.
const WORD_MAX_BYTES: usize = 16;

/// Slots of the table: a power of two, about twice the number of words.
const SLOTS: usize = 4096;

static WORDS: Words = Words::build();

/// The classes of a word in any letter case; dots and apostrophes do not count.
pub(super) fn class_of(word: &str) -> Class {
    let mut folded = [0_u8; WORD_MAX_BYTES];
    let mut length = 0;
    for &byte in word.as_bytes() {
        if byte == b'.' || byte == b'\'' {
            continue;
        }
        if length == WORD_MAX_BYTES {
            return Class::NONE;
        }
        folded[length] = byte.to_ascii_uppercase();
        length += 1;
    }
    WORDS.get(&folded[..length])
}

struct Words {
    slots: [(&'static str, Class); SLOTS],
}

impl Words {
    const fn build() -> Self {
        let mut words = Self {
            slots: [("", Class::NONE); SLOTS],
        };
        words.insert_rows(SUFFIXES, Class::SUFFIX);
        words.insert_rows(UNLISTED_SUFFIXES, Class::SUFFIX);
        words.insert_rows(DIRECTIONALS, Class::DIRECTIONAL);
        words.insert_rows(UNIT_DESIGNATORS, Class::UNIT);
        words.insert_rows(ORDINALS, Class::ORDINAL);
        words.insert_states();
        let mut list = 0;
        while list < LISTS.len() {
            let (class, members) = LISTS[list];
            let mut member = 0;
            while member < members.len() {
                words.insert(members[member], class);
                member += 1;
            }
            list += 1;
        }
        words
    }

    const fn insert_rows(&mut self, rows: &'static [Row], class: Class) {
        let mut row = 0;
        while row < rows.len() {
            let (name, standard, others) = rows[row];
            let class = if class.meets(Class::SUFFIX) && is_strong(standard) {
                class.or(Class::STRONG)
            } else {
                class
            };
            self.insert(name, class);
            self.insert(standard, class);
            let mut other = 0;
            while other < others.len() {
                self.insert(others[other], class);
                other += 1;
            }
            row += 1;
        }
    }

    /// One word of a state gets STATE; of several words, the last gets STATE_END.
    const fn insert_states(&mut self) {
        let mut row = 0;
        while row < STATES.len() {
            let (name, standard, others) = STATES[row];
            self.insert(standard, Class::STATE);
            self.insert_state(name);
            let mut other = 0;
            while other < others.len() {
                self.insert_state(others[other]);
                other += 1;
            }
            row += 1;
        }
    }

    const fn insert_state(&mut self, name: &'static str) {
        let bytes = name.as_bytes();
        let mut last = bytes.len();
        while last > 0 && bytes[last - 1] != b' ' {
            last -= 1;
        }
        if last == 0 {
            self.insert(name, Class::STATE);
        } else {
            self.insert(name.split_at(last).1, Class::STATE_END);
        }
    }

    const fn insert(&mut self, word: &'static str, class: Class) {
        if word.len() > WORD_MAX_BYTES {
            return;
        }
        let mut slot = hash(word.as_bytes()) & (SLOTS - 1);
        while !self.slots[slot].0.is_empty() {
            if same(self.slots[slot].0.as_bytes(), word.as_bytes()) {
                self.slots[slot].1 = self.slots[slot].1.or(class);
                return;
            }
            slot = (slot + 1) & (SLOTS - 1);
        }
        self.slots[slot] = (word, class);
    }

    fn get(&self, word: &[u8]) -> Class {
        let mut slot = hash(word) & (SLOTS - 1);
        // Ends: more than half of the slots are free.
        loop {
            let (known, class) = self.slots[slot];
            if known.is_empty() {
                return Class::NONE;
            }
            if known.as_bytes() == word {
                return class;
            }
            slot = (slot + 1) & (SLOTS - 1);
        }
    }
}

/// Is the standard abbreviation that of a suffix which hardly ever is anything else?
const fn is_strong(standard: &str) -> bool {
    let mut index = 0;
    while index < STRONG_SUFFIXES.len() {
        if same(STRONG_SUFFIXES[index].as_bytes(), standard.as_bytes()) {
            return true;
        }
        index += 1;
    }
    false
}

const fn same(left: &[u8], right: &[u8]) -> bool {
    if left.len() != right.len() {
        return false;
    }
    let mut position = 0;
    while position < left.len() {
        if left[position] != right[position] {
            return false;
        }
        position += 1;
    }
    true
}

/// FNV-1a.
const fn hash(bytes: &[u8]) -> usize {
    let mut state: u32 = 0x811c_9dc5;
    let mut position = 0;
    while position < bytes.len() {
        state = (state ^ bytes[position] as u32).wrapping_mul(0x0100_0193);
        position += 1;
    }
    (state ^ (state >> 15)) as usize
}

const LISTS: &[(Class, &[&str])] = &[
    (Class::SUFFIX, UNLISTED_TYPES),
    (
        Class::WEAK_UNIT,
        &[
            "FRONT",
            "KEY",
            "LOT",
            "LOTS",
            "LOWER",
            "OFF",
            "PIER",
            "REAR",
            "SIDE",
            "SLIP",
            "SP",
            "SPACE",
            "STOP",
            "UPPER",
            "BUILD",
            "OFFICE",
            "LOBBY",
            "BUILDING",
            "TRAILER",
            "PH",
            "DEPARTMENT",
            "KEY",
        ],
    ),
    (
        Class::UNIT_ALONE,
        &[
            "BASEMENT",
            "BSMT",
            "FRONT",
            "FRNT",
            "LOBBY",
            "LBBY",
            "LOWER",
            "LOWR",
            "OFFICE",
            "OFC",
            "PENTHOUSE",
            "PH",
            "REAR",
            "SIDE",
            "UPPER",
            "UPPR",
        ],
    ),
    (
        Class::FLOOR,
        &["FLOOR", "FL", "FLR", "FLOORS", "LEVEL", "LVL"],
    ),
    (
        Class::CARDINAL,
        &[
            "ONE",
            "TWO",
            "THREE",
            "FOUR",
            "FIVE",
            "SIX",
            "SEVEN",
            "EIGHT",
            "NINE",
            "TEN",
            "ELEVEN",
            "TWELVE",
            "THIRTEEN",
            "FOURTEEN",
            "FIFTEEN",
            "SIXTEEN",
            "SEVENTEEN",
            "EIGHTEEN",
            "NINETEEN",
            "TWENTY",
            "THIRTY",
            "FORTY",
            "FIFTY",
            "SIXTY",
            "SEVENTY",
            "EIGHTY",
            "NINETY",
        ],
    ),
    (Class::COUNTRY, &["USA", "US", "CANADA", "AMERICA"]),
    (Class::BOX, &["BOX", "BX", "BOXES", "DRAWER"]),
    (
        Class::WHOLE_BOX,
        &["POBOX", "POB", "PBOX", "LOCKBOX", "LBX", "POBX", "PMB"],
    ),
    (
        Class::ROAD_QUALIFIER,
        &[
            "UNITED",
            "STATES",
            "STATE",
            "COUNTY",
            "CNTY",
            "COUNTRY",
            "US",
            "INTERSTATE",
            "FARM",
            "RANCH",
            "TOWNSHIP",
            "TWP",
            "FOREST",
            "BUSINESS",
            "BUS",
            "SERVICE",
            "PRIVATE",
            "INDIAN",
            "TRIBAL",
            "BIA",
            "CTY",
            "ALT",
            "ALTERNATE",
            "PARISH",
            "CO",
            "ST",
        ],
    ),
    (
        Class::ROAD_NOUN,
        &[
            "HIGHWAY",
            "HWYS",
            "HIGHWAYS",
            "HGHWY",
            "HWY",
            "HIWAY",
            "HIGHWY",
            "HIWY",
            "HWAY",
            "ROUTE",
            "RTE",
            "RT",
            "RTS",
            "ROUTES",
            "ROAD",
            "RD",
            "TRUNK",
            "TRUNKHIGHWAY",
        ],
    ),
    (
        Class::ROAD,
        &[
            "FM",
            "RM",
            "SR",
            "CR",
            "CTH",
            "STH",
            "USHWY",
            "TR",
            "IH",
            "SH",
            "CH",
            "INTERSTATE",
            "US",
            "RR",
            "NM",
            "PR",
            "LOOP",
            "SPUR",
            "CARR",
            "CARRETERA",
        ],
    ),
    (
        Class::ROAD_TAIL,
        &[
            "BSNSS",
            "BUSINESS",
            "BUS",
            "ALT",
            "ALTERNATE",
            "BYPASS",
            "BYP",
            "SPUR",
            "LOOP",
            "FRONTAGE",
        ],
    ),
    (
        Class::RURAL,
        &[
            "RR", "HC", "HCR", "RFD", "RURAL", "STAR", "RT", "RTE", "ROUTE", "SR", "RD", "RMB",
        ],
    ),
    (
        Class::CITY_START,
        &[
            "SAN",
            "SANTA",
            "FORT",
            "FT",
            "NEW",
            "LOS",
            "LAS",
            "EL",
            "LA",
            "DES",
            "SAINT",
            "ST",
            "MOUNT",
            "MT",
            "PORT",
            "PALM",
            "GRAND",
            "LITTLE",
            "BATON",
            "COLORADO",
            "SALT",
            "KANSAS",
            "JERSEY",
            "OKLAHOMA",
            "CEDAR",
            "CORAL",
            "DAYTONA",
            "BOCA",
            "LONG",
            "VIRGINIA",
            "WINSTON",
            "ANN",
            "COUNCIL",
            "SIOUX",
            "RAPID",
            "EAU",
            "GREEN",
            "TERRE",
            "CHULA",
            "PUERTO",
            "DELRAY",
            "BUENA",
            "COSTA",
            "LEES",
            "OVERLAND",
            "ROUND",
            "SANDY",
            "BOULDER",
            "TWIN",
            "IDAHO",
            "COEUR",
            "WALLA",
            "HOT",
            "PINE",
            "PANAMA",
            "POMPANO",
            "DEL",
            "CORPUS",
            "RANCHO",
            "REDONDO",
            "GROSSE",
            "HIGHLANDS",
            "MC",
        ],
    ),
    (
        Class::CITY_END,
        &[
            "CITY", "SPRINGS", "BEACH", "PARK", "HEIGHTS", "HTS", "FALLS", "HILLS", "HILL",
            "GROVE", "RAPIDS", "ISLAND", "VILLAGE", "TWP", "TOWNSHIP", "VALLEY", "POINT", "LAKE",
            "CREEK", "BLUFF", "BLUFFS", "BEND", "CENTER", "JUNCTION", "HARBOR", "LANDING",
            "SHORES", "GARDENS", "ESTATES", "RIDGE", "OAKS", "MILLS", "PLAINS", "FOREST",
            "STATION", "BAY", "RANCH", "GLEN", "HAVEN", "PRAIRIE", "BRANCH", "FERRY", "ROCK",
            "WORTH", "WAYNE", "BORO", "BOROUGH", "SPGS", "BR", "HL", "PK", "PT",
        ],
    ),
    (
        Class::COMPANY,
        &[
            "INC",
            "LLC",
            "CORP",
            "CORPORATION",
            "COMPANY",
            "LTD",
            "LLP",
            "PC",
            "BANK",
            "ATTN",
            "ATTENTION",
            "C/O",
            "DBA",
            "AGENCY",
            "SERVICES",
            "SERVICE",
            "INSURANCE",
            "UNIVERSITY",
            "COLLEGE",
            "SCHOOL",
            "CHURCH",
            "HOSPITAL",
            "CLINIC",
            "ASSOCIATES",
            "ASSOC",
            "GROUP",
            "CIO",
            "MR",
            "MRS",
            "AND",
            "REF",
            "CUSTOMER",
            "CLIENT",
            "ACCT",
            "ACCOUNT",
            "DIVISION",
            "DIV",
        ],
    ),
    (
        Class::BUILDING,
        &[
            "TOWER",
            "TOWERS",
            "PLAZA",
            "CENTER",
            "CENTRE",
            "BUILDING",
            "BLDG",
            "MALL",
            "SQUARE",
            "AIRPORT",
            "HOTEL",
            "APARTMENTS",
            "TOWNHOMES",
            "CONDOMINIUMS",
            "COMMONS",
            "COMPLEX",
            "HALL",
            "HOUSE",
            "SHOPPING",
            "CTR",
            "TERMINAL",
            "STATION",
            "FLATS",
            "LOFTS",
            "FIELD",
            "STADIUM",
            "CAMPUS",
            "PARK",
            "MARKETPLACE",
            "PAVILION",
            "VILLAGE",
            "FACTORY",
            "OUTLET",
            "OUTLETS",
            "WING",
            "MEZZANINE",
            "GARAGE",
            "UPSTAIRS",
            "DOWNSTAIRS",
            "WAREHOUSE",
        ],
    ),
    (Class::AND, &["&", "AND", "AT", "@", "/", "NEAR"]),
    (Class::NUMBER_SIGN, &["#", "NO", "NUMBER", "NUM", "NBR"]),
    (
        Class::MAIL_STOP,
        &[
            "FILE", "MSC", "BIN", "PBM", "TOWER", "LOCKBOX", "DRAWER", "KBA", "SCB", "ACCT",
            "ACCOUNT", "REF", "WING", "MAILSTOP", "MS", "PSC", "CMR", "TERMINAL", "GATE",
        ],
    ),
    (Class::PLACE, super::places::SINGLE),
    (Class::DIRECTED_PLACE, super::places::DIRECTIONAL),
    (
        Class::COMPANY_END,
        &[
            "INC",
            "LLC",
            "CORP",
            "CORPORATION",
            "COMPANY",
            "LTD",
            "LLP",
            "AGENCY",
            "DIVISION",
            "DIV",
            "SERVICES",
            "ASSOCIATES",
            "DEPARTMENT",
        ],
    ),
    (
        Class::REFERENCE,
        &[
            "CUSTOMER",
            "CLIENT",
            "ACCT",
            "ACCOUNT",
            "REF",
            "REFERENCE",
            "INVOICE",
            "CONTRACT",
            "STORE",
            "DEPT",
        ],
    ),
    (Class::SAINTED_PLACE, super::places::SAINTED),
    (
        Class::WHOLE_BUILDING,
        &["TOWER", "TOWERS", "BLDG", "BUILDING"],
    ),
    (
        Class::ARTICLE,
        &[
            "THE", "OF", "DE", "LA", "DEL", "LAS", "LOS", "EL", "DU", "DES", "LE", "VAN", "VON",
        ],
    ),
    (Class::MILE, &["MILE", "MI", "MILEPOST", "MP", "MM", "KM"]),
    (
        Class::CORNER,
        &[
            "CORNER",
            "COR",
            "JCT",
            "JUNCTION",
            "INTERSECTION",
            "CRSRDS",
            "CROSSROADS",
            "CNR",
        ],
    ),
    (
        Class::FOREIGN_TYPE,
        &[
            "RUE", "CALLE", "VIA", "CAMINO", "AVENIDA", "PASEO", "PLAZA", "AVE", "AVENUE", "VILLA",
            "CAMINITO", "CALLEJON", "VISTA",
        ],
    ),
];

/// Standard abbreviations of the suffixes that hardly ever are part of a name or a place.
const STRONG_SUFFIXES: &[&str] = &[
    "ALY", "AVE", "BLVD", "BYP", "CIR", "CT", "CV", "DR", "EXPY", "FWY", "HWY", "LN", "LOOP",
    "PIKE", "PKWY", "PL", "RD", "ST", "STS", "TER", "TPKE", "TRL", "WAY",
];

/// Street types that appendix C1 does not list.
const UNLISTED_TYPES: &[&str] = &[
    "APPROACH",
    "BYWAY",
    "CHASE",
    "CLOSE",
    "CONCOURSE",
    "CUTOFF",
    "ESPLANADE",
    "GARTH",
    "GATE",
    "GLADE",
    "GRADE",
    "GULCH",
    "INTERCHANGE",
    "LOOKOUT",
    "NOOK",
    "OUTLOOK",
    "OVERLOOK",
    "PROMENADE",
    "QUAY",
    "REACH",
    "RISE",
    "ROTARY",
    "STRIP",
    "TURN",
    "VALE",
    "WHARF",
    "WYND",
];
