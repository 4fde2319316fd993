//! Short texts.

/// A text that is short as a rule, up to 23 bytes: it is held in place, so that to read and to copy it takes no memory.
///
/// A lookup reads and copies some thirty of them. It cannot be changed; a longer one is shared by its copies.
pub type Text = smol_str::SmolStr;
