//! The tables of USPS Publication 28: suffixes (appendix C1), unit designators (C2), directionals, states.
