//! What changed, in words.
