//! What an API gateway does, for everywhere else: keys.
