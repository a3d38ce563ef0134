//! What was published, by whom, with which note; and an older release once more.

use rocket::{form::Form, get, post};
use serde::Serialize;

use super::{
    Shown, note,
    page::{Changes, author, local, names, zone},
    wish,
    words::{self, LiveWords, MailWords},
};
use crate::{
    error::{Error, Result},
    identity::{Role, Staff},
    locale::{Lang, text},
    office::{Html, Right, Room, frame::At, guard::Signed, may},
    programme::routes::site::Query,
    publication::{self, Outcome, preview::preview, preview_again},
    release::{self, changes, store::Past},
    web::{
        form::FormState,
        guards::SameOrigin,
        reply::{Private, Sent},
        typed::Typed,
    },
};

/// Releases of one page.
const PAGE: usize = 20;

/// What `office/releases.html` shows.
#[derive(Serialize)]
struct ReleasesPage {
    publish: String,
    releases: Vec<ReleaseLine>,
    /// The next page.
    older: Option<String>,
}

#[derive(Serialize)]
struct ReleaseLine {
    number: i64,
    href: String,
    when: String,
    who: String,
    note: String,
    /// « Déplacées (2), nouvelle ».
    what: String,
    /// « Reprend la publication 2 ».
    again: Option<String>,
}

/// What `office/release.html` shows.
#[derive(Serialize)]
struct ReleasePage {
    number: i64,
    list: String,
    publish: String,
    line: ReleaseLine,
    /// What was just done, in words.
    done: Option<String>,
    changes: Changes,
    first: bool,
    /// What publishing it again would do; `None` for the one that stands, and for who may not publish.
    again: Option<Again>,
}

#[derive(Serialize)]
struct Again {
    action: String,
    /// True where the form is shown again, since something has changed in between.
    crossed: bool,
    nothing: bool,
    changes: Changes,
    parts: Vec<String>,
    live: Vec<LiveWords>,
    mails: MailWords,
    /// What of the draft was never published and would be overwritten.
    lost: Vec<String>,
    digest: String,
    form: FormState,
}

#[get("/<lang>/office/<slug>/releases", rank = 6)]
pub async fn list(
    signed: Signed,
    lang: Lang,
    slug: &str,
    query: Query,
    room: Room<'_>,
) -> Result<Private<Html>> {
    let staff = signed.with(Right::SeeDraft)?;
    let mut db = room.db().await?;
    let (known, at) = At::programme(&mut db, staff, lang, slug, "publish").await?;
    let older = query.pairs().find(|(name, _)| *name == "older").and_then(|(_, value)| value.parse().ok());
    let limit = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let mut past = release::store::history(&mut db, known.id, older, limit).await?;
    let names = names(&mut db).await?;
    let zone = zone(&mut db, &known).await?;
    let more = past.len() > PAGE;
    past.truncate(PAGE);
    let here = format!("/{}/office/{slug}", lang.code());
    let last = past.last().map(|past| past.note.number);
    let body = ReleasesPage {
        publish: format!("{here}/publish"),
        releases: past.iter().map(|past| line(lang, zone, past, &names, &here)).collect(),
        older: last.filter(|_| more).map(|last| format!("{here}/releases?older={last}")),
    };
    let layout = at.frame(&room, staff, "/releases", text(lang, "releases-title", &[]));
    room.draw(layout, body, "office/releases.html").map(Private)
}

#[get("/<lang>/office/<slug>/releases/<number>", rank = 6)]
pub async fn show(
    signed: Signed,
    lang: Lang,
    slug: &str,
    number: i64,
    query: Query,
    room: Room<'_>,
) -> Result<Private<Html>> {
    let staff = signed.with(Right::SeeDraft)?;
    let done = query.pairs().find(|(name, _)| *name == "done").map(|(_, value)| value.to_owned());
    let shown = done.map_or(Shown::First, Shown::Done);
    draw(&room, staff, lang, slug, number, shown).await.map(Private)
}

#[post("/<lang>/office/<slug>/releases/<number>/publication", data = "<typed>", rank = 6)]
pub async fn again(
    _same: SameOrigin,
    signed: Signed,
    lang: Lang,
    slug: &str,
    number: i64,
    typed: Form<Typed>,
    room: Room<'_>,
) -> Result<Private<Sent>> {
    let staff = signed.with(Right::Publish)?;
    At::programme(&mut room.db().await?, staff, lang, slug, "publish").await?;
    let mut form = FormState::default();
    let note = note(lang, &typed, &mut form);
    if !form.errors.is_empty() {
        let html = draw(&room, staff, lang, slug, number, Shown::Again(form)).await?;
        return Ok(Private(Sent::Mistakes(html)));
    }
    let there = format!("/{}/office/{slug}", lang.code());
    Ok(Private(
        match publication::publish_again(room.house, slug, number, wish(staff, &note, &typed)).await? {
            Outcome::Published(done) => {
                publication::refresh(room.house).await?;
                match done.release {
                    Some(release) => {
                        Sent::Done(format!("{there}/releases/{}?done=published", release.number))
                    }
                    None => Sent::Done(format!("{there}/publish?done=nothing")),
                }
            }
            Outcome::Before { release } => Sent::Done(format!("{there}/releases/{release}?done=published")),
            Outcome::Changed => {
                Sent::Crossed(draw(&room, staff, lang, slug, number, Shown::Crossed(form)).await?)
            }
        },
    ))
}

fn line(
    lang: Lang,
    zone: chrono_tz::Tz,
    past: &Past,
    names: &std::collections::HashMap<uuid::Uuid, String>,
    here: &str,
) -> ReleaseLine {
    let words = changes::in_words(lang, zone, std::slice::from_ref(&past.note)).pop();
    let groups: Vec<_> =
        words.iter().flat_map(|words| &words.groups).map(|group| group.title.clone()).collect();
    let number = past.note.number;
    ReleaseLine {
        number,
        href: format!("{here}/releases/{number}"),
        when: local(lang, zone, past.note.published_at),
        who: author(lang, past.author.as_deref(), past.author_id, names),
        note: past.note.note.clone(),
        what: match (number, groups.is_empty()) {
            (_, false) => groups.join(", "),
            (1, true) => text(lang, "changes-first", &[]),
            (_, true) => text(lang, "changes-other", &[]),
        },
        again: past.again.map(|again| text(lang, "releases-again-of", &[("n", again.into())])),
    }
}

async fn draw(
    room: &Room<'_>,
    staff: &Staff,
    lang: Lang,
    slug: &str,
    number: i64,
    shown: Shown,
) -> Result<Html> {
    let mut db = room.db().await?;
    let (known, at) = At::programme(&mut db, staff, lang, slug, "publish").await?;
    let newer = number.checked_add(1).ok_or(Error::NotFound)?;
    let past = release::store::history(&mut db, known.id, Some(newer), 1).await?.pop();
    let past = past.filter(|past| past.note.number == number).ok_or(Error::NotFound)?;
    let newest = release::store::newest(&mut db, known.id).await?;
    let names = names(&mut db).await?;
    let zone = zone(&mut db, &known).await?;
    drop(db);
    let here = format!("/{}/office/{slug}", lang.code());
    let is_done = matches!(&shown, Shown::Done(word) if word == "published");
    let again = match newest != Some(number) && may(staff.role, Right::Publish) {
        true => Some(again_of(room, staff.role, lang, slug, number, shown).await?),
        false => None,
    };
    let body = ReleasePage {
        number,
        list: format!("{here}/releases"),
        publish: format!("{here}/publish"),
        line: line(lang, zone, &past, &names, &here),
        done: is_done.then(|| text(lang, "publish-done-published", &[])),
        changes: Changes::of_note(lang, zone, &past.note, None),
        first: number == 1,
        again,
    };
    let title = text(lang, "changes-release", &[("n", number.into())]);
    let layout = at.frame(room, staff, &format!("/releases/{number}"), title);
    room.draw(layout, body, "office/release.html")
}

async fn again_of(
    room: &Room<'_>,
    role: Role,
    lang: Lang,
    slug: &str,
    number: i64,
    shown: Shown,
) -> Result<Again> {
    let again = preview_again(room.house, slug, number).await?;
    // What the draft says beyond the release that stands.
    let unpublished = preview(room.house, slug).await?;
    let zone = again.draft.programme.timezone;
    let lost = unpublished.release.iter().flat_map(|release| {
        let title = |slug: &str| release.session(slug).map_or(slug.to_owned(), |one| one.title.clone());
        let parts =
            unpublished.parts.iter().map(|part| text(lang, &format!("publish-part-{}", part.code()), &[]));
        release.changes.iter().map(|change| title(&change.slug)).chain(parts).collect::<Vec<_>>()
    });
    let crossed = matches!(shown, Shown::Crossed(_));
    let form = match shown {
        Shown::First | Shown::Done(_) => FormState::default(),
        Shown::Again(form) | Shown::Crossed(form) => form,
    };
    let before = crossed.then(|| form.value("shown").to_owned());
    Ok(Again {
        action: format!("/{}/office/{slug}/releases/{number}/publication", lang.code()),
        crossed,
        nothing: again.release.is_none(),
        changes: Changes::of(
            lang,
            zone,
            again.release.as_ref(),
            again.previous.as_deref(),
            before.as_deref(),
        ),
        parts: again
            .parts
            .iter()
            .map(|part| text(lang, &format!("publish-part-{}", part.code()), &[]))
            .collect(),
        live: words::live(lang, &again, slug, role),
        mails: words::mails(lang, &again, slug).without_samples(),
        lost: lost.collect(),
        digest: again.digest.clone(),
        form,
    })
}
