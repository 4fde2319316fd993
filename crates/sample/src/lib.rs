//! A made-up city and the lists its providers give.
