//! One mail as it will be read, or was; and what can be done about it.

use rocket::{FromForm, Route, form::Form, get, post, response::Redirect, routes};
use serde::Serialize;

use super::{
    Answer, Framed, id_of,
    listing::{self, Line, moment},
};
use crate::{
    audit::{self, Actor, Entry, Facts},
    db::Conn,
    error::{Error, Result},
    identity::Staff,
    locale::{Lang, text},
    mail::{
        Kind,
        outbox::{
            self, Which,
            seen::{self, Whole},
        },
        render::{Rendered, Sender, render_leaving},
    },
    office::{Html, Right, Room, frame::At, guard::Signed, may},
    registration::again::{self, Again, Why},
    web::{guards::SameOrigin, reply::Private},
};

pub(super) fn routes() -> Vec<Route> {
    routes![show, framed, retry, repeat, abort]
}

/// What `office/mails/one.html` shows.
#[derive(Debug, Serialize)]
struct MailPage {
    line: Line,
    language: &'static str,
    /// The list that it stands in.
    home: String,
    programme: Option<String>,
    /// `None` where it is erased, or cannot be written.
    read: Option<Read>,
    may_retry: bool,
    may_abort: bool,
    /// It can be sent once more, as far as it can be told before somebody does it.
    may_repeat: bool,
    /// Such mails never are, which is said.
    never_repeated: bool,
    /// The mail that this one repeats.
    original: Option<String>,
    /// Those that repeat it.
    repeats: Vec<RepeatLine>,
    /// So many of them, for the form.
    seen: usize,
    done: Option<String>,
    refused: Option<String>,
}

/// A mail that repeats this one.
#[derive(Debug, Serialize)]
struct RepeatLine {
    href: String,
    when: String,
}

/// What its reader sees.
#[derive(Debug, Serialize)]
struct Read {
    subject: String,
    text: String,
    frame: String,
}

#[get("/<lang>/office/mails/<id>?<done>", rank = 5)]
async fn show(
    signed: Signed,
    lang: Lang,
    id: &str,
    done: Option<&str>,
    room: Room<'_>,
) -> Result<Private<Html>> {
    let staff = signed.with(Right::SeeMails)?;
    let mut db = room.db().await?;
    let mail = found(&mut db, staff, id).await?;
    let done = match done {
        Some("retry") => Some(text(lang, "office-mail-retried", &[])),
        Some("abort") => Some(text(lang, "office-mail-aborted", &[])),
        Some("late") => Some(text(lang, "office-mail-too-late", &[])),
        Some("again") => Some(text(lang, "office-mail-sent-again", &[])),
        Some(_) | None => None,
    };
    draw(&mut db, &room, staff, lang, &mail, (done, None)).await.map(Private)
}

/// The page, with what was done or refused.
async fn draw(
    db: &mut Conn,
    room: &Room<'_>,
    staff: &Staff,
    lang: Lang,
    mail: &Whole,
    (done, refused): (Option<String>, Option<String>),
) -> Result<Html> {
    let at = match &mail.seen.programme {
        Some(slug) => match At::programme(db, staff, lang, slug, "mails").await {
            Ok((_, at)) => at,
            // A mail of the house, or of a programme that has gone.
            Err(Error::NotFound) => At::office(db, staff, lang, "mails").await?,
            Err(cause) => return Err(cause),
        },
        None => At::office(db, staff, lang, "mails").await?,
    };
    let known = at.programme.clone();
    let published = known.as_ref().and_then(|known| room.house.publications.current(&known.slug));
    let zone = published.map_or(chrono_tz::UTC, |published| published.release.programme.timezone);
    let standing = mail.seen.standing(room.now);
    let may_change = may(staff.role, Right::ChangeMails);
    let was_written = Kind::parse(&mail.seen.row.kind).filter(|_| standing.has_ended());
    let there = |id: uuid::Uuid| format!("/{}/office/mails/{id}", lang.code());
    let line = |repeat: &outbox::Repeat| RepeatLine {
        href: there(repeat.id),
        when: moment(lang, zone, repeat.queued_at),
    };
    let all = outbox::repeats(db, mail.root()).await?;
    let others = all.iter().filter(|repeat| repeat.id != mail.seen.row.id);
    let read = read(mail, room).map(|read| Read {
        subject: read.subject,
        text: read.text,
        frame: format!("/{}/office/mails/{}/page", lang.code(), mail.seen.row.id),
    });
    let body = MailPage {
        language: Lang::parse(&mail.seen.row.language).map_or("", Lang::own_name),
        home: match &known {
            Some(known) => format!("/{}/office/{}/mails", lang.code(), known.slug),
            None => format!("/{}/office/mails", lang.code()),
        },
        programme: known.map(|known| known.title),
        line: listing::line(&mail.seen, lang, zone, room.now),
        may_retry: may_change && standing.can_be_tried(),
        may_abort: may_change && standing.can_be_aborted(),
        may_repeat: may_change && read.is_some() && was_written.is_some_and(again::is_repeated),
        never_repeated: may_change && was_written.is_some_and(|kind| !again::is_repeated(kind)),
        original: mail.again_of.map(there),
        seen: all.len(),
        repeats: others.map(line).collect(),
        done,
        refused,
        read,
    };
    let mut layout = at.frame(room, staff, "/mails", text(lang, "office-mail-title", &[]));
    // The page stands below the office, whatever programme its frame is of.
    for twin in &mut layout.alternates {
        twin.href = format!("/{}/office/mails/{}", twin.code, mail.seen.row.id);
    }
    room.draw(layout, body, "office/mails/one.html")
}

/// The mail's own page, for the frame: under a policy that lets it run and load nothing.
#[get("/<lang>/office/mails/<id>/page", rank = 5)]
async fn framed(signed: Signed, lang: Lang, id: &str, room: Room<'_>) -> Result<Framed> {
    let staff = signed.with(Right::SeeMails)?;
    // The mail has a language of its own.
    let _ = lang;
    let mail = found(&mut room.db().await?, staff, id).await?;
    read(&mail, &room).map(|read| Framed(read.page())).ok_or(Error::NotFound)
}

#[post("/<lang>/office/mails/<id>/retries", rank = 5)]
async fn retry(
    signed: Signed,
    _origin: SameOrigin,
    lang: Lang,
    id: &str,
    room: Room<'_>,
) -> Result<Redirect> {
    let staff = signed.with(Right::ChangeMails)?;
    let mut tx = room.house.pool.begin().await?;
    let mail = found(&mut tx, staff, id).await?;
    let id = mail.seen.row.id;
    let tried = mail.seen.standing(room.now).can_be_tried()
        && outbox::retry(&mut tx, Which::Ids(&[id]), room.now).await? > 0;
    if tried {
        note(&mut tx, &room, &mail, staff.id, "mail.retry").await?;
    }
    tx.commit().await?;
    room.house.mail.notify_one();
    Ok(back(lang, id, if tried { "retry" } else { "late" }))
}

/// What the button sends along: how often the mail had been sent again when the page was drawn.
#[derive(Debug, FromForm)]
struct Looked {
    /// What is no number has seen nothing.
    seen: Option<usize>,
}

/// The mail once more, to where its reader is now.
#[post("/<lang>/office/mails/<id>/repeats", data = "<looked>", rank = 5)]
async fn repeat(
    signed: Signed,
    _origin: SameOrigin,
    lang: Lang,
    id: &str,
    looked: Form<Looked>,
    room: Room<'_>,
) -> Result<Answer> {
    let staff = signed.with(Right::ChangeMails)?;
    let mut tx = room.house.pool.begin().await?;
    let mail = found(&mut tx, staff, id).await?;
    let new = match again::again(&mut tx, room.house, &mail, looked.seen.unwrap_or(0), room.now).await? {
        Again::Written { mail: repeat, readdressed } => {
            // To another address, never to which.
            let facts = Facts::default().with("mail", repeat).with("readdressed", readdressed);
            record(&mut tx, &room, &mail, staff.id, ("mail.again", facts)).await?;
            repeat
        }
        Again::Already(repeat) => repeat,
        Again::Not(why) => {
            // Nobody waits for the turn to write while a page is drawn.
            tx.rollback().await?;
            let refused = Some(said(lang, why));
            let html = draw(&mut room.db().await?, &room, staff, lang, &mail, (None, refused)).await?;
            return Ok(Answer::Wrong(Private(html)));
        }
    };
    tx.commit().await?;
    room.house.mail.notify_one();
    Ok(Answer::Done(format!("/{}/office/mails/{new}?done=again", lang.code())))
}

fn said(lang: Lang, why: Why) -> String {
    text(lang, &format!("office-mail-not-again-{}", why.code()), &[])
}

#[post("/<lang>/office/mails/<id>/aborts", rank = 5)]
async fn abort(
    signed: Signed,
    _origin: SameOrigin,
    lang: Lang,
    id: &str,
    room: Room<'_>,
) -> Result<Redirect> {
    let staff = signed.with(Right::ChangeMails)?;
    let mut tx = room.house.pool.begin().await?;
    let mail = found(&mut tx, staff, id).await?;
    let id = mail.seen.row.id;
    let aborted = seen::abort(&mut tx, id, room.now).await?;
    if aborted {
        note(&mut tx, &room, &mail, staff.id, "mail.abort").await?;
    }
    tx.commit().await?;
    Ok(back(lang, id, if aborted { "abort" } else { "late" }))
}

fn back(lang: Lang, id: uuid::Uuid, done: &str) -> Redirect {
    Redirect::to(format!("/{}/office/mails/{id}?done={done}", lang.code()))
}

async fn note(
    db: &mut Conn,
    room: &Room<'_>,
    mail: &Whole,
    by: uuid::Uuid,
    action: &'static str,
) -> Result<()> {
    record(db, room, mail, by, (action, Facts::default())).await
}

async fn record(
    db: &mut Conn,
    room: &Room<'_>,
    mail: &Whole,
    by: uuid::Uuid,
    (action, facts): (&'static str, Facts),
) -> Result<()> {
    let subject = audit::subject("mail", mail.seen.row.id);
    let mut entry = Entry::new(&room.house.tokens, room.now, Actor::User(by), action, subject)
        .facts(Facts::default(), facts);
    let published = mail.seen.programme.as_ref().and_then(|slug| room.house.publications.current(slug));
    if let Some(published) = published {
        entry = entry.of(published.id);
    }
    Ok(audit::record(db, &entry).await?)
}

/// The mail of that id, where this person may read it.
async fn found(db: &mut Conn, staff: &Staff, id: &str) -> Result<Whole> {
    let found = seen::one(db, id_of(id)?, None).await?;
    let may_read = |mail: &Whole| {
        let kind = Kind::parse(&mail.seen.row.kind);
        kind.is_none_or(|kind| listing::may_read(staff, kind))
    };
    found.filter(may_read).ok_or(Error::NotFound)
}

/// What its reader sees, without what opens the reader's own pages.
fn read(mail: &Whole, room: &Room<'_>) -> Option<Rendered> {
    let sender = Sender::new(&room.settings.mail.from, &room.settings.base_url).ok()?;
    let row = &mail.seen.row;
    let leaves = row.sent_at.unwrap_or(room.now);
    render_leaving(&mail.letter()?, row.queued_at, leaves, room.view, &sender).ok()
}
