//! Warnings, live settings and mails in words.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;
use uuid::Uuid;

use super::page::{OPEN_MAX, local};
use crate::{
    identity::Role,
    locale::{self, Lang, text},
    office::{Right, draft, may},
    programme::{QueueMode, Registration, words},
    publication::{
        preview::{LiveChange, Preview},
        warnings::{About, WARNINGS_MAX, Warning},
    },
    release::ChangeKind,
};

/// The warnings of one kind.
#[derive(Serialize)]
pub struct WarningGroup {
    title: String,
    lines: Vec<WarningLine>,
    /// True for the worst, where they are few enough to be read in passing.
    open: bool,
    /// Those that are not told one by one.
    more: usize,
}

impl WarningGroup {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.lines.len() + self.more
    }
}

#[derive(Serialize)]
struct WarningLine {
    title: String,
    /// Where it can be mended.
    href: Option<String>,
    text: String,
}

/// Live settings of one session.
#[derive(Serialize)]
pub struct LiveWords {
    title: String,
    /// Where they are set, for who may.
    href: Option<String>,
    details: Vec<String>,
}

/// Who will be written to.
#[derive(Serialize)]
pub struct MailWords {
    /// « 12 personnes recevront un message. ».
    sentence: String,
    lines: Vec<MailLine>,
}

#[derive(Serialize)]
struct MailLine {
    title: String,
    what: String,
    seats: usize,
    waiting: usize,
    offered: usize,
    /// One such mail.
    sample: Option<String>,
}

impl MailWords {
    /// On a page that is not about the draft: its mails are others.
    #[must_use]
    pub fn without_samples(mut self) -> MailWords {
        self.lines.iter_mut().for_each(|line| line.sample = None);
        self
    }
}

/// The titles of the draft's sessions, by slug and by id.
struct Titles<'p> {
    by_slug: HashMap<&'p str, &'p str>,
    by_id: HashMap<Uuid, (&'p str, &'p str)>,
}

impl<'p> Titles<'p> {
    fn of(preview: &'p Preview) -> Titles<'p> {
        let sessions = preview.draft.sessions.iter().map(|session| &session.session);
        Titles {
            by_slug: sessions.clone().map(|one| (one.slug.as_str(), one.title.as_str())).collect(),
            by_id: sessions.map(|one| (one.id, (one.slug.as_str(), one.title.as_str()))).collect(),
        }
    }

    fn title<'s>(&self, slug: &'s str) -> &'s str
    where
        'p: 's,
    {
        match self.by_slug.get(slug) {
            Some(title) if !title.trim().is_empty() => title,
            Some(_) | None => slug,
        }
    }
}

/// By kind, what is worst first.
pub fn warnings(lang: Lang, preview: &Preview, slug: &str, role: Role) -> Vec<WarningGroup> {
    let titles = Titles::of(preview);
    let mut by_code: BTreeMap<usize, Vec<&About>> = BTreeMap::new();
    for about in &preview.warnings {
        let place = Warning::CODES.iter().position(|code| *code == about.warning.code());
        by_code.entry(place.unwrap_or(Warning::CODES.len())).or_default().push(about);
    }
    let group = |found: Vec<&About>| {
        let code = found.first().map_or("other", |about| about.warning.code());
        WarningGroup {
            title: text(lang, &format!("warning-{code}"), &[("n", found.len().into())]),
            open: false,
            more: found.len().saturating_sub(WARNINGS_MAX),
            lines: found
                .iter()
                .take(WARNINGS_MAX)
                .map(|about| line(lang, preview, &titles, about, slug, role))
                .collect(),
        }
    };
    let mut groups: Vec<_> = by_code.into_values().map(group).collect();
    if let Some(worst) = groups.first_mut() {
        worst.open = worst.len() <= OPEN_MAX;
    }
    groups
}

fn line(
    lang: Lang,
    preview: &Preview,
    titles: &Titles<'_>,
    about: &About,
    slug: &str,
    role: Role,
) -> WarningLine {
    let text = detail(lang, preview, titles, about);
    if let Warning::PressMissing(language) = &about.warning {
        let press = preview.draft.press.iter().find(|press| press.slug == about.slug);
        return WarningLine {
            title: press.map_or(about.slug.clone(), |press| press.title.clone()),
            href: Some(draft::press_in_language(lang, slug, &about.slug, language)),
            text,
        };
    }
    let is_session = titles.by_slug.contains_key(about.slug.as_str());
    WarningLine {
        title: titles.title(&about.slug).to_owned(),
        href: edit(lang, slug, &about.slug, role).filter(|_| is_session),
        text,
    }
}

/// Where a session is edited, for who may.
fn edit(lang: Lang, slug: &str, session: &str, role: Role) -> Option<String> {
    may(role, Right::EditDraft).then(|| format!("/{}/office/{slug}/sessions/{session}", lang.code()))
}

fn detail(lang: Lang, preview: &Preview, titles: &Titles<'_>, about: &About) -> String {
    let languages = |codes: &[String]| {
        codes.iter().map(|code| words::language(lang, code)).collect::<Vec<_>>().join(", ")
    };
    let date = || {
        let session = preview.draft.sessions.iter().find(|session| session.session.slug == about.slug);
        session.map(|session| {
            let session = &session.session;
            locale::when(lang, session.date, session.start, session.end)
        })
    };
    match &about.warning {
        Warning::NoPlace | Warning::NoJoinUrl | Warning::Past | Warning::OutsideProgramme => {
            date().unwrap_or_default()
        }
        Warning::NoTitle | Warning::NoAbstract => String::new(),
        Warning::OutsideTheme(theme) => text(
            lang,
            "warning-detail-theme",
            &[("when", date().unwrap_or_default().into()), ("theme", theme.clone().into())],
        ),
        Warning::Unknown(reference, name) => text(
            lang,
            &format!("warning-detail-unknown-{}", reference.code()),
            &[("name", name.clone().into())],
        ),
        Warning::CapacityBelowTaken { capacity, taken } => text(
            lang,
            "warning-detail-capacity",
            &[("capacity", (*capacity).into()), ("taken", (*taken).into())],
        ),
        Warning::NotInItsLanguage { spoken, text: written } => text(
            lang,
            "warning-detail-language",
            &[
                ("spoken", languages(spoken).into()),
                ("text", languages(std::slice::from_ref(written)).into()),
            ],
        ),
        Warning::PressMissing(language) => text(
            lang,
            "warning-detail-press",
            &[("language", languages(std::slice::from_ref(language)).into())],
        ),
        Warning::Clash(clash) => {
            let others: Vec<_> = clash
                .sessions
                .iter()
                .filter(|slug| **slug != about.slug)
                .map(|slug| titles.title(slug))
                .collect();
            let when = local(lang, preview.draft.programme.timezone, clash.at);
            let draft = &preview.draft;
            let named = draft
                .places
                .iter()
                .map(|place| (&place.slug, &place.name))
                .chain(draft.organisations.iter().map(|one| (&one.slug, &one.name)))
                .chain(draft.themes.iter().map(|theme| (&theme.slug, &theme.title)))
                .find(|(slug, _)| **slug == clash.name)
                .map_or(clash.name.clone(), |(_, name)| name.clone());
            text(
                lang,
                "warning-detail-clash",
                &[("others", others.join(", ").into()), ("when", when.into()), ("name", named.into())],
            )
        }
    }
}

/// What changes at once, session by session.
pub fn live(lang: Lang, preview: &Preview, slug: &str, role: Role) -> Vec<LiveWords> {
    let titles = Titles::of(preview);
    let line = |change: &LiveChange| {
        let (session, title) = titles.by_id.get(&change.after.session)?;
        Some(LiveWords {
            title: (*title).to_owned(),
            href: edit(lang, slug, session, role),
            details: settings(lang, preview, change),
        })
    };
    preview.live.iter().filter_map(line).collect()
}

fn settings(lang: Lang, preview: &Preview, change: &LiveChange) -> Vec<String> {
    let zone = preview.draft.programme.timezone;
    let (before, after) = (&change.before, &change.after);
    let mut lines = Vec::new();
    let mut tell = |code: &str, old: String, new: String| {
        if old != new {
            let field = text(lang, &format!("live-{code}"), &[]);
            let values = [("field", field.into()), ("old", old.into()), ("new", new.into())];
            lines.push(text(lang, "change-from-to", &values));
        }
    };
    let seats = |capacity: Option<i64>| {
        capacity.map_or(text(lang, "live-no-limit", &[]), |capacity| capacity.to_string())
    };
    tell("capacity", seats(before.capacity), seats(after.capacity));
    let held = |held: &BTreeMap<String, i64>| {
        let groups: Vec<_> =
            held.iter().filter(|(_, n)| **n > 0).map(|(group, n)| format!("{group} {n}")).collect();
        if groups.is_empty() { text(lang, "live-none", &[]) } else { groups.join(", ") }
    };
    tell("held", held(&before.held), held(&after.held));
    let how = |registration: &Registration| match registration {
        Registration::Open => text(lang, "live-registration-open", &[]),
        Registration::Closed => text(lang, "live-registration-closed", &[]),
        Registration::Invitation => text(lang, "live-registration-invitation", &[]),
        Registration::None => text(lang, "live-registration-none", &[]),
        Registration::External(url) => url.clone(),
    };
    tell("registration", how(&before.registration), how(&after.registration));
    let when = |at| match at {
        Some(at) => local(lang, zone, at),
        None => text(lang, "live-not-set", &[]),
    };
    tell("opens", when(before.opens), when(after.opens));
    tell("closes", when(before.closes), when(after.closes));
    let queue = |queue: QueueMode| match queue {
        QueueMode::Promote => text(lang, "live-queue-promote", &[]),
        QueueMode::Offer => text(lang, "live-queue-offer", &[]),
    };
    tell("queue", queue(before.queue), queue(after.queue));
    if before.join_url != after.join_url {
        lines.push(text(lang, "live-join-url", &[]));
    }
    lines
}

/// Who will be told what, session by session.
pub fn mails(lang: Lang, preview: &Preview, slug: &str) -> MailWords {
    let titles = Titles::of(preview);
    let kinds: HashMap<&str, ChangeKind> = preview
        .release
        .iter()
        .flat_map(|release| &release.changes)
        .map(|change| (change.slug.as_str(), change.kind))
        .collect();
    let zone = preview.draft.programme.timezone;
    let starts: HashMap<Uuid, _> =
        preview.draft.sessions.iter().map(|one| (one.session.id, one.session.starts_at(zone))).collect();
    let mut groups: Vec<_> = preview.mails.groups.iter().collect();
    groups.sort_by_key(|((session, kind), _)| (starts.get(session), titles.by_id.get(session), *kind));
    let lines = groups.into_iter().filter_map(|((session, kind), group)| {
        let (session, title) = titles.by_id.get(session)?;
        let what = match (*kind, kinds.get(session)) {
            ("changed", Some(change)) => text(lang, &format!("publish-told-{}", change.code()), &[]),
            ("changed", None) => text(lang, "publish-told-join", &[]),
            (kind, _) => text(lang, &format!("publish-told-{kind}"), &[]),
        };
        Some(MailLine {
            title: (*title).to_owned(),
            what,
            seats: group.seats,
            waiting: group.waiting,
            offered: group.offered,
            sample: Some(format!("/{}/office/{slug}/publish/mails/{session}/{kind}", lang.code())),
        })
    });
    MailWords {
        lines: lines.collect(),
        sentence: text(lang, "publish-mails", &[("n", preview.mails.count.into())]),
    }
}
