//! One binary for all integration tests: one link, shared helpers, no warnings about unused ones.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed, which is the point")]
