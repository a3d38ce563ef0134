//! Critical paths in real headless Chromium.
//!
//! The application is started as in `tests/it`, whose helpers are here, too. `PARVIS_LOOK=1` has pictures of the
//! pages left in `target/screenshots/`.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed, which is the point")]

#[path = "../it/builders.rs"]
mod builders;
mod driver;
#[path = "../it/harness.rs"]
#[macro_use]
mod harness;
#[path = "../it/http.rs"]
mod http;
mod keys;
#[expect(dead_code, reason = "no browser test stops its server")]
#[path = "../it/postgres.rs"]
mod postgres;

mod post;
mod site;
mod small;
#[path = "../it/smtp.rs"]
mod smtp;

mod attendance;
mod desk;
mod driving;
mod errands;
mod forms;
mod keyboard;
mod looking;
mod proposals;
mod publishing;
mod reading;
mod registering;
mod schedule;
mod tour;
