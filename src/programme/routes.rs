//! The public pages of a programme.

pub mod rows;
