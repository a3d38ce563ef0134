//! Parvis: programmes, registrations, mails and calendars of open-innovation months, festivals and hackathons.
//!
//! `ARCHITECTURE.md` is the map. Modules stand here in reading order.

pub mod programme;
pub mod registration;
pub mod release;

pub mod calendar;
pub mod exchange;
pub mod mail;
pub mod press;

pub mod web;

pub mod clock;
pub mod config;
pub mod db;
pub mod error;
pub mod locale;
pub mod markdown;
pub mod tokens;
pub mod view;
