//! What the page shows, in words.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{
    Shown,
    words::{self, LiveWords, MailWords, WarningGroup},
};
use crate::{
    db::Conn,
    error::{Error, Result},
    identity::{self, Role},
    locale::{Lang, text},
    office::{Right, Room, frame::Known, may},
    programme,
    publication::{
        planned::{self, Planned, State},
        preview::Preview,
    },
    release::{
        self, Release,
        changes::{self, ChangeWords, moment},
        published::ReleaseNote,
        store::Past,
    },
    web::form::FormState,
};

/// What `office/publish.html` shows.
#[derive(Serialize)]
pub struct PublishPage {
    action: String,
    releases: String,
    may_publish: bool,
    /// What was just done, in words.
    done: Option<String>,
    /// True where somebody changed the draft between looking and publishing.
    crossed: bool,
    /// The release that stands, in words.
    standing: String,
    plan: Option<PlanWords>,
    nothing: bool,
    /// No release yet: everything is new.
    first: bool,
    counts: Vec<Count>,
    warnings: Vec<WarningGroup>,
    changes: Changes,
    parts: Vec<String>,
    live: Vec<LiveWords>,
    mails: MailWords,
    /// When people are told, in words.
    settle: String,
    digest: String,
    zone: String,
    form: FormState,
}

/// A number that says how much there is.
#[derive(Serialize)]
struct Count {
    n: usize,
    label: String,
    href: String,
}

/// A plan, in words.
#[derive(Serialize)]
struct PlanWords {
    text: String,
    /// Whether it can be taken back.
    open: bool,
    warn: bool,
}

/// What is different, session by session.
#[derive(Serialize)]
pub struct Changes {
    groups: Vec<Group>,
    /// The marks of all of them: a page that is shown again says which are new.
    pub shown: String,
}

#[derive(Serialize)]
struct Group {
    code: &'static str,
    title: String,
    items: Vec<Item>,
    /// False for a long list.
    open: bool,
}

#[derive(Serialize)]
struct Item {
    #[serde(flatten)]
    words: ChangeWords,
    /// True where it was not there when the page was first shown.
    fresh: bool,
}

/// Beyond so many a list is folded.
pub const OPEN_MAX: usize = 25;

/// What stands around a draft: its releases, its plan, who is who.
pub struct Around {
    plan: Option<Planned>,
    last: Option<Past>,
    /// What people are called.
    pub names: HashMap<Uuid, String>,
    /// The programme's address.
    pub slug: String,
    settle_minutes: i64,
}

impl Around {
    pub async fn read(db: &mut Conn, room: &Room<'_>, known: &Known) -> Result<Around> {
        Ok(Around {
            plan: planned::last(db, known.id).await?,
            last: release::store::history(db, known.id, None, 1).await?.pop(),
            names: names(db).await?,
            slug: known.slug.clone(),
            settle_minutes: room.house.settle.num_minutes(),
        })
    }
}

/// What everybody of the team is called.
pub async fn names(db: &mut Conn) -> Result<HashMap<Uuid, String>> {
    let all = identity::store::names(db).await?.into_iter();
    Ok(all.map(|(id, name, email)| (id, if name.is_empty() { email } else { name })).collect())
}

/// The zone of a programme's local times.
pub async fn zone(db: &mut Conn, known: &Known) -> Result<Tz> {
    programme::store::timezone(db, known.id).await?.ok_or(Error::NotFound)
}

/// « Ana Exemple », or that it was a command.
pub fn author(lang: Lang, kind: Option<&str>, id: Option<Uuid>, names: &HashMap<Uuid, String>) -> String {
    match (kind, id) {
        (Some("user"), Some(id)) => {
            names.get(&id).cloned().unwrap_or_else(|| text(lang, "publish-author-gone", &[]))
        }
        (Some("command"), _) => text(lang, "publish-author-command", &[]),
        _ => text(lang, "publish-author-unknown", &[]),
    }
}

pub fn of(lang: Lang, preview: &Preview, around: &Around, role: Role, shown: Shown) -> PublishPage {
    let zone = preview.draft.programme.timezone;
    let (done, crossed, form) = match shown {
        Shown::First => (None, false, FormState::default()),
        Shown::Done(word) => (done_in_words(lang, &word), false, FormState::default()),
        Shown::Again(form) => (None, false, form),
        Shown::Crossed(form) => (None, true, form),
    };
    let before = crossed.then(|| form.value("shown").to_owned());
    let changes =
        Changes::of(lang, zone, preview.release.as_ref(), preview.previous.as_deref(), before.as_deref());
    let warnings = words::warnings(lang, preview, &around.slug, role);
    let mails = words::mails(lang, preview, &around.slug);
    let live = words::live(lang, preview, &around.slug, role);
    PublishPage {
        action: format!("/{}/office/{}/publish", lang.code(), around.slug),
        releases: format!("/{}/office/{}/releases", lang.code(), around.slug),
        may_publish: may(role, Right::Publish),
        done,
        crossed,
        standing: standing(lang, zone, around),
        plan: around.plan.as_ref().and_then(|plan| plan_in_words(lang, zone, plan, around)),
        nothing: preview.is_nothing(),
        first: preview.previous.is_none(),
        counts: counts(lang, &changes, &live, &warnings, preview),
        warnings,
        changes,
        parts: preview
            .parts
            .iter()
            .map(|part| text(lang, &format!("publish-part-{}", part.code()), &[]))
            .collect(),
        live,
        mails,
        settle: text(lang, "publish-settle", &[("n", around.settle_minutes.into())]),
        digest: preview.digest.clone(),
        zone: zone.name().to_owned(),
        form,
    }
}

fn done_in_words(lang: Lang, word: &str) -> Option<String> {
    let known = ["settings", "nothing", "planned", "unplanned", "too-late"];
    known.contains(&word).then(|| text(lang, &format!("publish-done-{word}"), &[]))
}

/// « Publication 4, lundi 12 avril 2027, 14 h 05, par Ana ».
fn standing(lang: Lang, zone: Tz, around: &Around) -> String {
    let Some(past) = &around.last else { return text(lang, "publish-never", &[]) };
    let when = local(lang, zone, past.note.published_at);
    let by = author(lang, past.author.as_deref(), past.author_id, &around.names);
    text(
        lang,
        "publish-standing",
        &[("n", past.note.number.into()), ("when", when.into()), ("who", by.into())],
    )
}

/// « lundi 12 avril 2027, 14 h 05 ».
pub fn local(lang: Lang, zone: Tz, at: DateTime<Utc>) -> String {
    moment(lang, at.with_timezone(&zone).naive_local())
}

fn plan_in_words(lang: Lang, zone: Tz, plan: &Planned, around: &Around) -> Option<PlanWords> {
    let when = local(lang, zone, plan.due_at);
    let kind = if plan.author_id.is_some() { "user" } else { "command" };
    let who = author(lang, Some(kind), plan.author_id, &around.names);
    match plan.state {
        State::Planned => Some(PlanWords {
            text: text(lang, "publish-plan-open", &[("when", when.into()), ("who", who.into())]),
            open: true,
            warn: false,
        }),
        State::Failed => {
            let why = plan.problem.as_deref().unwrap_or("internal");
            let why = text(lang, &format!("publish-problem-{why}"), &[]);
            Some(PlanWords {
                text: text(lang, "publish-plan-failed", &[("when", when.into()), ("why", why.into())]),
                open: false,
                warn: true,
            })
        }
        State::Done | State::Withdrawn => None,
    }
}

fn counts(
    lang: Lang,
    changes: &Changes,
    live: &[LiveWords],
    warnings: &[WarningGroup],
    preview: &Preview,
) -> Vec<Count> {
    let numbers = [
        ("changes", changes.groups.iter().map(|group| group.items.len()).sum()),
        ("live", live.len()),
        ("warnings", warnings.iter().map(WarningGroup::len).sum()),
        ("mails", preview.mails.count),
    ];
    let count = |(code, n): (&str, usize)| Count {
        n,
        label: text(lang, &format!("publish-count-{code}"), &[("n", n.into())]),
        href: format!("#{code}"),
    };
    numbers.into_iter().map(count).collect()
}

impl Changes {
    /// What differs in that release; in the first one everything is new. `before` are the marks of what was shown, where
    /// it is shown again.
    pub fn of(
        lang: Lang,
        zone: Tz,
        release: Option<&Release>,
        previous: Option<&Release>,
        before: Option<&str>,
    ) -> Changes {
        let Some(release) = release else { return Changes { groups: Vec::new(), shown: String::new() } };
        let mut note = ReleaseNote::of(release);
        if previous.is_none() {
            note.changes = release
                .listed()
                .map(|session| release::Change {
                    kind: release::ChangeKind::New,
                    slug: session.slug.clone(),
                    fields: Vec::new(),
                })
                .collect();
            note.titles = release
                .sessions
                .iter()
                .map(|session| (session.slug.clone(), session.title.clone()))
                .collect();
        }
        Changes::of_note(lang, zone, &note, before)
    }

    /// The same for a release that was made.
    pub fn of_note(lang: Lang, zone: Tz, note: &ReleaseNote, before: Option<&str>) -> Changes {
        let marks: BTreeMap<&str, String> =
            note.changes.iter().map(|change| (change.slug.as_str(), mark(change))).collect();
        let known: Option<HashSet<&str>> = before.map(|before| before.split(' ').collect());
        let shown = marks.values().cloned().collect::<Vec<_>>().join(" ");
        let words = changes::in_words(lang, zone, std::slice::from_ref(note)).pop();
        let total = note.changes.len();
        let groups = words.into_iter().flat_map(|words| words.groups).map(|group| Group {
            code: group.code,
            title: group.title,
            open: total <= OPEN_MAX,
            items: group
                .items
                .into_iter()
                .map(|words| {
                    let mark = marks.get(words.slug.as_str()).map_or("", String::as_str);
                    Item { fresh: known.as_ref().is_some_and(|known| !known.contains(mark)), words }
                })
                .collect(),
        });
        Changes { groups: groups.collect(), shown }
    }
}

/// Eight letters that are others as soon as anything in the change is.
fn mark(change: &release::Change) -> String {
    let text = serde_json::to_vec(change).unwrap_or_default();
    data_encoding::HEXLOWER.encode(&Sha256::digest(text)[..4])
}
