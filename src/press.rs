//! The press room.
