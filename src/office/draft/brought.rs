//! Clashes that a change brings, whichever way it comes into the draft: by a form, an accepted proposal, a file. They
//! are said before it is written, and hinder nobody.

use std::collections::HashSet;

use serde::Serialize;

use super::view;
use crate::{
    locale::{self, Lang, text},
    programme::{
        Draft, DraftSession,
        clashes::{self, Clash, Shared},
        words,
    },
};

/// Clashes that one page names.
const LINES_MAX: usize = 20;

/// Clashes in words, and what a form carries to say that they were seen.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ClashView {
    pub lines: Vec<String>,
    /// So many are not named.
    pub more: usize,
    pub seen: String,
}

impl ClashView {
    /// True where there is nothing to say, or a form says that it was read.
    pub fn is_told(&self, seen: &str) -> bool {
        self.lines.is_empty() || self.seen == seen
    }

    fn of(draft: &Draft, clashes: &[Clash], said: impl Fn(&Draft, &Clash) -> String) -> ClashView {
        let seen =
            clashes.iter().map(|clash| format!("{}:{}", clash.shared.code(), clash.sessions.join("+")));
        ClashView {
            lines: clashes.iter().take(LINES_MAX).map(|clash| said(draft, clash)).collect(),
            more: clashes.len().saturating_sub(LINES_MAX),
            seen: seen.collect::<Vec<_>>().join(" "),
        }
    }
}

/// Clashes that these sessions bring into a draft: new ones, or others in the place of those of their id.
pub fn by(lang: Lang, draft: &Draft, sessions: &[DraftSession]) -> ClashView {
    let mut next = draft.clone();
    for one in sessions {
        match next.sessions.iter_mut().find(|known| known.session.id == one.session.id) {
            Some(known) => known.clone_from(one),
            None => next.sessions.push(one.clone()),
        }
    }
    let slugs: Vec<&str> = sessions.iter().map(|one| one.session.slug.as_str()).collect();
    let new = between(Some(draft), &next, &slugs);
    ClashView::of(&next, &new, |draft, clash| view::clash_words(lang, draft, clash, None))
}

/// Clashes that another draft brings by these of its sessions, which are on many days.
pub fn by_draft(lang: Lang, before: Option<&Draft>, after: &Draft, slugs: &[&str]) -> ClashView {
    ClashView::of(after, &between(before, after, slugs), |draft, clash| dated(lang, draft, clash))
}

/// Clashes of these sessions that were not there before.
fn between(before: Option<&Draft>, after: &Draft, slugs: &[&str]) -> Vec<Clash> {
    if slugs.is_empty() {
        return Vec::new();
    }
    let slugs: HashSet<&str> = slugs.iter().copied().collect();
    let before = before.map(clashes::of).unwrap_or_default();
    let known: HashSet<(Shared, &str, &[String])> =
        before.iter().map(|clash| (clash.shared, clash.name.as_str(), clash.sessions.as_slice())).collect();
    let is_new = |clash: &Clash| {
        clash.sessions.iter().any(|slug| slugs.contains(slug.as_str()))
            && !known.contains(&(clash.shared, clash.name.as_str(), clash.sessions.as_slice()))
    };
    clashes::of(after).into_iter().filter(is_new).collect()
}

/// « Lundi 19 avril : même lieu (Aula) à 10 h : Forum · Atelier ».
pub fn dated(lang: Lang, draft: &Draft, clash: &Clash) -> String {
    let day = clash.at.with_timezone(&draft.programme.timezone).date_naive();
    let day = format!("{} {}", locale::weekday(lang, day), locale::day_month(lang, day));
    let clash = view::clash_words(lang, draft, clash, None);
    text(lang, "office-draft-clash-on", &[("day", words::capital(&day).into()), ("clash", clash.into())])
}
