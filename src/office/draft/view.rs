//! A session in the lists of the office: where it stands, in words, and what is worth a look.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::Here;
use crate::{
    locale::{self, Lang, text},
    programme::{
        Draft, DraftSession, Status,
        clashes::{Clash, Shared},
        words,
    },
    release::{Release, ReleasedSession},
};

/// How a draft's session stands to the release.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    /// The public does not know it.
    New,
    /// It is not as the public sees it.
    Differs,
    /// It is.
    Same,
}

/// Sessions of a release by their id.
pub fn released(release: Option<&Release>) -> HashMap<uuid::Uuid, &ReleasedSession> {
    release.into_iter().flat_map(|release| &release.sessions).map(|session| (session.id, session)).collect()
}

/// How it stands to what is published.
pub fn stands(session: &DraftSession, released: Option<&&ReleasedSession>) -> Stands {
    match released {
        None => Stands::New,
        Some(released) if released.session == session.session => Stands::Same,
        Some(_) => Stands::Differs,
    }
}

/// A state in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Pill {
    pub text: String,
    pub class: &'static str,
}

/// Where it stands: whether it takes place, and whether the public sees it so.
pub fn pills(lang: Lang, session: &DraftSession, stands: Stands) -> Vec<Pill> {
    let pill = |key: &str, class| Pill { text: text(lang, &format!("office-draft-state-{key}"), &[]), class };
    let status = match session.session.status {
        Status::Scheduled => None,
        Status::Cancelled => Some(pill("cancelled", "off")),
        Status::Withdrawn => Some(pill("withdrawn", "off")),
    };
    status.into_iter().chain([stands_pill(lang, "office-draft-state", stands)]).collect()
}

/// Whether the public sees it so, in the words that begin with this key.
pub fn stands_pill(lang: Lang, words: &str, stands: Stands) -> Pill {
    let (key, class) = match stands {
        Stands::New => ("new", ""),
        Stands::Differs => ("differs", "live"),
        Stands::Same => ("same", "good"),
    };
    Pill { text: text(lang, &format!("{words}-{key}"), &[]), class }
}

/// Something that is worth a look before it is published.
#[derive(Debug, Clone)]
pub enum Remark<'c> {
    /// By the end of its message key.
    Lacks(&'static str),
    /// It is in another one's way: [`together`].
    Clash(Vec<&'c Clash>),
}

/// The clashes of each session, by its slug.
pub fn by_session(clashes: &[Clash]) -> HashMap<&str, Vec<&Clash>> {
    let mut by_session: HashMap<&str, Vec<&Clash>> = HashMap::new();
    for clash in clashes {
        for slug in &clash.sessions {
            by_session.entry(slug).or_default().push(clash);
        }
    }
    by_session
}

/// What is worth a look at a session with these clashes.
pub fn remarks<'c>(
    draft: &Draft,
    session: &DraftSession,
    clashes: &[&'c Clash],
    now: DateTime<Utc>,
) -> Vec<Remark<'c>> {
    let one = &session.session;
    if one.status != Status::Scheduled {
        return Vec::new();
    }
    let zone = draft.programme.timezone;
    let is_past = one.ends_at(zone).unwrap_or_else(|| one.starts_at(zone)) < now && one.start.is_some();
    let lacks = [
        (one.start.is_none(), "no-time"),
        (one.place.is_none() && !one.online, "no-place"),
        (one.online && session.live.join_url.is_none() && !is_past, "no-address"),
        (!(draft.programme.starts..=draft.programme.ends).contains(&one.date), "outside"),
        (one.r#abstract.is_empty() && one.description.is_empty(), "no-text"),
    ];
    let lacks = lacks.into_iter().filter(|(is_so, _)| *is_so).map(|(_, key)| Remark::Lacks(key));
    lacks.chain(together(clashes.iter().copied()).into_iter().map(Remark::Clash)).collect()
}

/// A remark about that session, in words.
pub fn remark_words(lang: Lang, draft: &Draft, slug: &str, remark: &Remark<'_>) -> String {
    match remark {
        Remark::Lacks(key) => text(lang, &format!("office-draft-warn-{key}"), &[]),
        Remark::Clash(those) => words::capital(&clash_words(lang, draft, those, Some(slug))),
    }
}

/// Clashes of the same sessions together, where the first of them stands.
pub fn together<'c>(clashes: impl IntoIterator<Item = &'c Clash>) -> Vec<Vec<&'c Clash>> {
    let mut together: Vec<Vec<&Clash>> = Vec::new();
    let mut places: HashMap<&[String], usize> = HashMap::new();
    for clash in clashes {
        let place = *places.entry(&clash.sessions).or_insert(together.len());
        match together.get_mut(place) {
            Some(those) => those.push(clash),
            None => together.push(vec![clash]),
        }
    }
    together
}

/// « même lieu (Aula), même personne (Ana) à 10 h : Forum · Atelier »: what one group of [`together`] says.
pub fn clash_words(lang: Lang, draft: &Draft, those: &[&Clash], seen_from: Option<&str>) -> String {
    let title = |slug: &str| {
        let found = draft.sessions.iter().find(|one| one.session.slug == slug);
        found.map_or_else(|| slug.to_owned(), |one| one.session.title.clone())
    };
    let Some(first) = those.first() else { return String::new() };
    let others = first.sessions.iter().filter(|slug| Some(slug.as_str()) != seen_from);
    let others: Vec<String> = others.map(|slug| title(slug)).collect();
    let shared: Vec<String> = those.iter().map(|clash| shared_words(lang, draft, clash)).collect();
    let local = first.at.with_timezone(&draft.programme.timezone).naive_local();
    text(
        lang,
        "office-draft-clash-with",
        &[
            ("shared", shared.join(", ").into()),
            ("others", others.join("\u{a0}· ").into()),
            ("time", locale::time(lang, local.time()).into()),
        ],
    )
}

/// « même lieu (Aula) ».
fn shared_words(lang: Lang, draft: &Draft, clash: &Clash) -> String {
    let name = match clash.shared {
        Shared::Place => draft.places.iter().find(|it| it.slug == clash.name).map(|it| it.name.clone()),
        Shared::Organisation => {
            draft.organisations.iter().find(|it| it.slug == clash.name).map(|it| it.name.clone())
        }
        Shared::Theme => draft.themes.iter().find(|it| it.slug == clash.name).map(|it| it.title.clone()),
        Shared::Speaker => None,
    };
    text(
        lang,
        &format!("office-draft-clash-{}", clash.shared.code()),
        &[
            ("name", name.unwrap_or_else(|| clash.name.clone()).into()),
            ("n", i64::try_from(clash.sessions.len()).unwrap_or(i64::MAX).into()),
        ],
    )
}

/// « lundi 19 avril, 9 h – 10 h 15 ».
pub fn when(here: &Here<'_>, session: &DraftSession) -> String {
    words::capital(&words::when(here.lang(), &session.session))
}

/// Where it is, in a few words.
pub fn place(lang: Lang, draft: &Draft, session: &DraftSession) -> String {
    let online = text(lang, "online", &[]);
    let place = session.session.place.as_deref().map(|slug| {
        let found = draft.places.iter().find(|place| place.slug == slug);
        found.map_or_else(|| slug.to_owned(), |place| place.name.clone())
    });
    match (place, session.session.online) {
        (Some(place), true) => format!("{place} · {online}"),
        (Some(place), false) => place,
        (None, true) => words::capital(&online),
        (None, false) => String::new(),
    }
}
