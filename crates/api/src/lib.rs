//! What a client may send and will receive, per version.
