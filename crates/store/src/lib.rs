//! Everything durable, said once: keys, items, conditions, and the Store trait.
