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

    /// These, which are on many days.
    pub fn dated<'c>(lang: Lang, draft: &Draft, clashes: impl IntoIterator<Item = &'c Clash>) -> ClashView {
        ClashView::of(clashes, |those| dated(lang, draft, those))
    }

    fn of<'c>(clashes: impl IntoIterator<Item = &'c Clash>, said: impl Fn(&[&Clash]) -> String) -> ClashView {
        let together = view::together(clashes);
        ClashView {
            lines: together.iter().take(LINES_MAX).map(|those| said(those)).collect(),
            more: together.len().saturating_sub(LINES_MAX),
            seen: together.iter().map(|those| code(those)).collect::<Vec<_>>().join(" "),
        }
    }
}

/// `place+speaker:forum+atelier`.
fn code(those: &[&Clash]) -> String {
    let shared: Vec<_> = those.iter().map(|clash| clash.shared.code()).collect();
    let sessions = those.first().map(|clash| clash.sessions.join("+")).unwrap_or_default();
    format!("{}:{sessions}", shared.join("+"))
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
    ClashView::of(&new, |those| words::capital(&view::clash_words(lang, &next, those, None)))
}

/// Clashes that another draft brings by these of its sessions, which are on many days.
pub fn by_draft(lang: Lang, before: Option<&Draft>, after: &Draft, slugs: &[&str]) -> ClashView {
    ClashView::dated(lang, after, &between(before, after, slugs))
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

/// « Lundi 19 avril : même lieu (Aula) à 10 h : Forum · Atelier », for one group of [`view::together`].
fn dated(lang: Lang, draft: &Draft, those: &[&Clash]) -> String {
    let Some(first) = those.first() else { return String::new() };
    let day = first.at.with_timezone(&draft.programme.timezone).date_naive();
    let day = format!("{} {}", locale::weekday(lang, day), locale::day_month(lang, day));
    let clash = view::clash_words(lang, draft, those, None);
    text(lang, "office-draft-clash-on", &[("day", words::capital(&day).into()), ("clash", clash.into())])
}
