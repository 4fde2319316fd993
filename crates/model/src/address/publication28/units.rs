//! Secondary unit designators (section 213 and appendix C2), with the abbreviations people write.

use super::spellings::{Row, Spellings};

/// The designators of appendix C2 and `#` (section 213.2).
pub const UNIT_DESIGNATORS: &[Row] = &[
    ("APARTMENT", "APT", &["APPT", "APMT", "APTMT", "APTS"]),
    ("BASEMENT", "BSMT", &["BASMT", "BSMNT"]),
    ("BUILDING", "BLDG", &["BLG", "BUILD", "BLD"]),
    ("DEPARTMENT", "DEPT", &[]),
    ("FLOOR", "FL", &["FLR", "FLOORS"]),
    ("FRONT", "FRNT", &["FRT"]),
    ("HANGAR", "HNGR", &["HANGER", "HGR"]),
    ("KEY", "KEY", &[]),
    ("LOBBY", "LBBY", &["LBY"]),
    ("LOT", "LOT", &["LOTS"]),
    ("LOWER", "LOWR", &["LWR"]),
    ("OFFICE", "OFC", &["OFFC", "OFF"]),
    ("PENTHOUSE", "PH", &["PNTHSE", "PENTHSE"]),
    ("PIER", "PIER", &[]),
    ("REAR", "REAR", &[]),
    ("ROOM", "RM", &["ROOMS", "RMS"]),
    ("SIDE", "SIDE", &[]),
    ("SLIP", "SLIP", &[]),
    ("SPACE", "SPC", &["SP"]),
    ("STOP", "STOP", &[]),
    ("SUITE", "STE", &["SUIT", "SUITES", "SUTE", "STES"]),
    ("TRAILER", "TRLR", &["TRLER"]),
    ("UNIT", "UNIT", &["UNITS", "UNT"]),
    ("UPPER", "UPPR", &["UPR"]),
    ("#", "#", &[]),
];

/// The designators that need no identifier after them.
pub(super) const STANDS_ALONE: &[&str] = &[
    "BSMT", "FRNT", "LBBY", "LOWR", "OFC", "PH", "REAR", "SIDE", "UPPR",
];

/// Words that stand for the sign `#`; the publication knows none of them.
const UNLISTED: &[Row] = &[("#", "#", &["NO", "NUM", "NUMBER", "NBR"])];

pub(super) static TABLE: Spellings<128> = Spellings::of(UNIT_DESIGNATORS).and(UNLISTED);
