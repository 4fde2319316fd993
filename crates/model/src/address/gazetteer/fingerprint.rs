//! One number for a name in an area; also compiled into the build script, which makes the table.

/// FNV-1a, 64 bits: offset basis and prime.
const BASIS: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0000_0100_0000_01b3;

/// How many of a number's highest bits say its page: a few dozen numbers, so that a question touches a few lines of the
/// processor's cache.
pub(crate) const PAGE_BITS: u32 = 12;

/// Words that are written in several ways within the names of cities, and what they count as.
const SPELLINGS: &[(&str, &str)] = &[
    ("BEACH", "BCH"),
    ("CENTER", "CTR"),
    ("CITY", "CY"),
    ("CREEK", "CRK"),
    ("EAST", "E"),
    ("FALLS", "FLS"),
    ("FORT", "FT"),
    ("GARDENS", "GDNS"),
    ("GROVE", "GRV"),
    ("HARBOR", "HBR"),
    ("HEIGHTS", "HTS"),
    ("HILL", "HL"),
    ("HILLS", "HLS"),
    ("ISLAND", "IS"),
    ("JUNCTION", "JCT"),
    ("LAKE", "LK"),
    ("MOUNT", "MT"),
    ("MOUNTAIN", "MTN"),
    ("NORTH", "N"),
    ("PARK", "PK"),
    ("POINT", "PT"),
    ("SAINT", "ST"),
    ("SOUTH", "S"),
    ("SPRING", "SPG"),
    ("SPRINGS", "SPGS"),
    ("TOWNSHIP", "TWP"),
    ("VALLEY", "VLY"),
    ("VILLAGE", "VLG"),
    ("WEST", "W"),
];

/// Longest word that may have another spelling, in bytes.
const WORD_MAX_BYTES: usize = 8;

/// Adds the letters and figures of a name, each word in its shortest spelling. Letter case, blanks,
/// punctuation and the usual abbreviations make no difference.
pub(crate) fn push_folded(letters: &mut Vec<u8>, name: &str) {
    let is_part = |letter: char| letter.is_alphanumeric() || matches!(letter, '\'' | '.');
    for word in name.split(|letter| !is_part(letter)) {
        fold_word(letters, word);
    }
}

/// The number of a folded name in an area (a state's two letters or five figures of a ZIP code, in
/// upper case).
pub(crate) fn fingerprint(area: &str, folded: &[u8]) -> u32 {
    let mut state = area.bytes().fold(BASIS, step);
    state = step(state, b':');
    state = folded.iter().copied().fold(state, step);
    // The upper half of FNV is the better mixed one.
    let mixed = (state ^ (state >> 29)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    u32::try_from(mixed >> 32).expect("32 bits are left of 64")
}

fn step(state: u64, byte: u8) -> u64 {
    (state ^ u64::from(byte)).wrapping_mul(PRIME)
}

/// Adds the letters and figures of one word, in its shortest spelling.
fn fold_word(letters: &mut Vec<u8>, word: &str) {
    let start = letters.len();
    let plain = word.bytes().filter(|byte| !matches!(byte, b'\'' | b'.'));
    letters.extend(plain.map(|byte| byte.to_ascii_uppercase()));
    let spelling = &letters[start..];
    if spelling.len() > WORD_MAX_BYTES {
        return;
    }
    let shorter = SPELLINGS.binary_search_by(|(known, _)| known.as_bytes().cmp(spelling));
    if let Ok(at) = shorter {
        letters.truncate(start);
        letters.extend_from_slice(SPELLINGS[at].1.as_bytes());
    }
}
