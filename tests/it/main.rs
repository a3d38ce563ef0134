//! One binary for all integration tests: one link, shared helpers, no warnings about unused ones.
//!
//! `harness.rs` starts the application, `postgres.rs` its server; `http.rs` and `html.rs` are how a test visits
//! it. A file of tests a domain beside them; `architecture.rs` reads the source itself.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed, which is the point")]

#[macro_use]
mod harness;
// For axe-core, which looks at pages in a browser.
#[path = "../browser/axe.rs"]
mod axe;
mod balancer;
mod builders;
mod crawl;
mod crowd;
#[path = "../browser/driver.rs"]
mod driver;
mod html;
mod http;
mod postgres;
mod process;
mod proxy;
mod smtp;
mod source;

mod after;
mod agenda;
mod architecture;
mod archive;
mod attack;
mod bad_input;
mod confirm;
mod database;
mod day;
mod demo;
mod desk;
mod disk;
mod every_page;
mod failures;
mod formats;
mod held;
mod hostile;
mod kill;
mod limits;
mod log;
mod mail;
mod memory;
mod messages;
mod migrations;
mod news;
mod offers;
mod office;
mod openings;
mod planned;
mod post;
mod publication;
mod queue;
mod registration;
mod reminders;
mod retention;
mod rush;
mod settings;
mod several;
mod shutdown;
mod stopped;
mod telephone;
