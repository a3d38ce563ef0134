//! The form, the order page, the agenda.

use rocket::{Route, routes};

/// The routes of this room.
pub fn routes() -> Vec<Route> {
    routes![]
}
