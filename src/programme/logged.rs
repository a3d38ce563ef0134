//! What the log may keep: the draft and its parts, which are made to be published. Who speaks, and whom to write to, is
//! veiled by name (`audit/facts.rs`).

use super::{DraftSession, Live, Organisation, Place, PressRelease, Programme, Rules, Session, Theme};
use crate::audit::Logged;

impl Logged for Programme {}
impl Logged for Rules {}
impl Logged for Theme {}
impl Logged for Place {}
impl Logged for Organisation {}
impl Logged for PressRelease {}
impl Logged for DraftSession {}
impl Logged for Session {}
impl Logged for Live {}
