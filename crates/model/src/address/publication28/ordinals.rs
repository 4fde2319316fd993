//! Numbers written as words (section 233: `FIRST` and `1ST` are one street).

use super::spellings::{Row, Spellings};

/// Ordinals that are one word. The standard form is the one with figures.
pub const ORDINALS: &[Row] = &[
    ("FIRST", "1ST", &[]),
    ("SECOND", "2ND", &[]),
    ("THIRD", "3RD", &[]),
    ("FOURTH", "4TH", &[]),
    ("FIFTH", "5TH", &[]),
    ("SIXTH", "6TH", &[]),
    ("SEVENTH", "7TH", &[]),
    ("EIGHTH", "8TH", &[]),
    ("NINTH", "9TH", &[]),
    ("TENTH", "10TH", &[]),
    ("ELEVENTH", "11TH", &[]),
    ("TWELFTH", "12TH", &["TWELVTH"]),
    ("THIRTEENTH", "13TH", &[]),
    ("FOURTEENTH", "14TH", &[]),
    ("FIFTEENTH", "15TH", &[]),
    ("SIXTEENTH", "16TH", &[]),
    ("SEVENTEENTH", "17TH", &[]),
    ("EIGHTEENTH", "18TH", &[]),
    ("NINETEENTH", "19TH", &[]),
    ("TWENTIETH", "20TH", &[]),
    ("THIRTIETH", "30TH", &[]),
    ("FORTIETH", "40TH", &[]),
    ("FIFTIETH", "50TH", &[]),
    ("SIXTIETH", "60TH", &[]),
    ("SEVENTIETH", "70TH", &[]),
    ("EIGHTIETH", "80TH", &[]),
    ("NINETIETH", "90TH", &[]),
    ("HUNDREDTH", "100TH", &[]),
];

const TENS_ROWS: &[Row] = &[
    ("TWENTY", "2", &[]),
    ("THIRTY", "3", &[]),
    ("FORTY", "4", &["FOURTY"]),
    ("FIFTY", "5", &[]),
    ("SIXTY", "6", &[]),
    ("SEVENTY", "7", &[]),
    ("EIGHTY", "8", &[]),
    ("NINETY", "9", &[]),
];

const CARDINAL_ROWS: &[Row] = &[
    ("ONE", "1", &[]),
    ("TWO", "2", &[]),
    ("THREE", "3", &[]),
    ("FOUR", "4", &[]),
    ("FIVE", "5", &[]),
    ("SIX", "6", &[]),
    ("SEVEN", "7", &[]),
    ("EIGHT", "8", &[]),
    ("NINE", "9", &[]),
    ("TEN", "10", &[]),
    ("ELEVEN", "11", &[]),
    ("TWELVE", "12", &[]),
    ("THIRTEEN", "13", &[]),
    ("FOURTEEN", "14", &[]),
    ("FIFTEEN", "15", &[]),
    ("SIXTEEN", "16", &[]),
    ("SEVENTEEN", "17", &[]),
    ("EIGHTEEN", "18", &[]),
    ("NINETEEN", "19", &[]),
    ("TWENTY", "20", &[]),
    ("THIRTY", "30", &[]),
    ("FORTY", "40", &["FOURTY"]),
    ("FIFTY", "50", &[]),
    ("SIXTY", "60", &[]),
    ("SEVENTY", "70", &[]),
    ("EIGHTY", "80", &[]),
    ("NINETY", "90", &[]),
];

pub(super) static TABLE: Spellings<128> = Spellings::of(ORDINALS);
pub(super) static TENS: Spellings<32> = Spellings::of(TENS_ROWS);
pub(super) static CARDINALS: Spellings<64> = Spellings::of(CARDINAL_ROWS);
