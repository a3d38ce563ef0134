//! One person: what they have and had, what became of it and when, their mails, what they must be told.

use std::collections::HashMap;

use rocket::{FromForm, get};
use serde::Serialize;
use uuid::Uuid;

use super::{Call, calls, find, is_unreached};
use crate::{
    db::Conn,
    error::Result,
    identity::Staff,
    locale::{Lang, text},
    mail::{Kind, outbox},
    office::{
        Html, Right, Room,
        frame::At,
        guard::Signed,
        mails::{kind_words, may_read},
        may,
        registrations::{Said, moment, published, state},
    },
    programme::{Status, words},
    registration::{
        contact::Code,
        store::{
            self, SeatRow,
            data::ChangeRow,
            lists::{self, Person, Theirs},
        },
    },
    release::{ReleasedSession, published::Published},
    web::{form::FormState, reply::Private},
};

/// Mails that the page lists: the newest.
const MAILS_MAX: usize = 50;

/// What the page says has been done, as its address says.
#[derive(Debug, Default, FromForm)]
pub(super) struct Asked<'a> {
    said: Option<&'a str>,
    /// The session instead of which another is looked for.
    #[field(name = "move")]
    moving: Option<&'a str>,
}

#[derive(Serialize)]
struct PersonPage {
    home: String,
    people_href: String,
    name: String,
    email: Option<String>,
    code: Option<String>,
    phone: String,
    language: String,
    /// Since when mails come back.
    undeliverable: Option<String>,
    unreached: bool,
    known_since: String,
    said: Option<String>,
    /// What could not be done.
    refused: Option<String>,
    calls: Vec<Call>,
    live: Vec<Line>,
    gone: Vec<Line>,
    mails: Vec<Mail>,
    more_mails: bool,
    may_change: bool,
    new_href: String,
    slip: String,
    form: FormState,
    /// Who has the address that was typed, if they are of this programme.
    other: Option<String>,
    /// There is a session to which they could be moved.
    may_move: bool,
    /// The session instead of which another is looked for.
    moving: Option<String>,
    /// Those to choose from: named once it is known instead of which, since they may be a thousand.
    sessions: Vec<Choice>,
}

#[derive(Serialize)]
struct Choice {
    slug: String,
    title: String,
    day: String,
    state: String,
    full: bool,
}

/// A registration, with what became of it.
#[derive(Serialize)]
struct Line {
    slug: String,
    href: String,
    title: String,
    lang: Option<String>,
    when: String,
    off: bool,
    state: Said,
    people: i64,
    name: String,
    organisation: String,
    access_needs: String,
    attended: Option<i64>,
    /// Waits, or has something held: can be given a seat.
    can_promote: bool,
    /// Seats that are free for anybody; `None`: no limit.
    left: Option<i64>,
    history: Vec<Step>,
}

#[derive(Serialize)]
struct Step {
    at: String,
    text: String,
}

#[derive(Serialize)]
struct Mail {
    kind: String,
    state: Said,
    at: String,
}

#[get("/<lang>/office/<slug>/people/<id>?<asked..>", rank = 7)]
pub(super) async fn show(
    signed: Signed,
    lang: Lang,
    slug: &str,
    id: &str,
    asked: Asked<'_>,
    room: Room<'_>,
) -> Result<Private<Html>> {
    let said = asked.said.and_then(|said| SAID.contains(&said).then(|| format!("office-person-said-{said}")));
    let moving = asked.moving.map(str::to_owned);
    let shown = Shown { said: said.map(|key| text(lang, &key, &[])), moving, ..Shown::default() };
    draw(&signed, lang, slug, id, &room, shown).await.map(Private)
}

/// What can be said to have been done; each is the message `office-person-said-…`.
const SAID: [&str; 8] =
    ["registered", "cancelled", "moved", "queued", "promoted", "resent", "corrected", "readdressed"];

/// What the page shows besides the person.
#[derive(Default)]
pub(super) struct Shown {
    /// What was done.
    pub said: Option<String>,
    /// What was not.
    pub refused: Option<String>,
    /// What was typed in the form about name and address, with its mistakes.
    pub form: Option<FormState>,
    /// Who has the address that was typed.
    pub other: Option<Uuid>,
    /// The slug of the session instead of which another is looked for.
    pub moving: Option<String>,
}

pub(super) async fn draw(
    signed: &Signed,
    lang: Lang,
    slug: &str,
    id: &str,
    room: &Room<'_>,
    shown: Shown,
) -> Result<Html> {
    let staff = signed.with(Right::SeeRegistrations)?;
    let mut db = room.db().await?;
    let (known, at) = At::programme(&mut db, staff, lang, slug, "registrations").await?;
    let published = published(room.house, known.id)?;
    let person = find(&mut db, known.id, id).await?;
    let zone = published.release.programme.timezone;
    let below = format!("/{}/office/{slug}", lang.code());
    let people = format!("{below}/people");
    let seats: HashMap<Uuid, SeatRow> = store::seats_of(&mut db, known.id)
        .await?
        .into_iter()
        .map(|seat| (seat.settings.session, seat))
        .collect();
    let theirs = lists::theirs(&mut db, known.id, person.id).await?;
    let changes = store::data::changes(&mut db, person.id).await?;
    let open = store::calls::open_of(&mut db, known.id, person.id).await?;
    let (mails, more_mails) = mails(&mut db, staff, (lang, zone), person.email.as_deref()).await?;
    let other = match shown.other {
        Some(other) => {
            lists::person(&mut db, known.id, other).await?.map(|other| format!("{people}/{}", other.id))
        }
        None => None,
    };
    let lines = Lines { lang, published: &published, seats: &seats, below: &below, changes: &changes };
    let (live, gone): (Vec<_>, Vec<_>) = theirs.iter().partition(|one| one.state.is_live());
    let has: Vec<Uuid> = live.iter().map(|one| one.session_id).collect();
    let open_to = open_to(&published, &has, room.now);
    let is_theirs = |slug: &String| published.session(slug).is_some_and(|session| has.contains(&session.id));
    let moving = shown.moving.filter(is_theirs);
    let body = PersonPage {
        home: format!("{people}/{}", person.id),
        new_href: format!("{people}/new?person={}", person.id),
        slip: format!("{people}/{}/slip", person.id),
        code: person.code.as_deref().and_then(Code::parse).map(|code| code.readable()),
        language: words::language(lang, &person.language),
        undeliverable: person.undeliverable_at.map(|at| moment(lang, zone, at)),
        unreached: is_unreached(person.email.as_deref(), person.undeliverable_at.is_some()),
        known_since: moment(lang, zone, person.created_at),
        said: shown.said,
        refused: shown.refused,
        calls: calls(lang, &people, &published, &open),
        live: live.iter().filter_map(|one| lines.line(one)).collect(),
        gone: gone.iter().filter_map(|one| lines.line(one)).collect(),
        mails,
        more_mails,
        may_change: may(staff.role, Right::ChangeRegistrations),
        form: shown.form.unwrap_or_else(|| form_of(&person)),
        other,
        may_move: !open_to.is_empty(),
        sessions: if moving.is_some() { choices(lang, open_to, &seats) } else { Vec::new() },
        moving,
        name: person.name,
        email: person.email,
        phone: person.phone,
        people_href: people,
    };
    let title = if body.name.is_empty() { text(lang, "office-person-title", &[]) } else { body.name.clone() };
    let layout = at.frame(room, staff, &format!("/people/{}", person.id), title).zone(zone);
    room.draw(layout, body, "office/people/person.html")
}

/// The form about name and address, as they are.
fn form_of(person: &Person) -> FormState {
    let mut form = FormState::default();
    form.set("name", person.name.as_str());
    form.set("email", person.email.as_deref().unwrap_or_default());
    form.set("phone", person.phone.as_str());
    form
}

struct Lines<'l> {
    lang: Lang,
    published: &'l Published,
    seats: &'l HashMap<Uuid, SeatRow>,
    below: &'l str,
    changes: &'l [ChangeRow],
}

impl Lines<'_> {
    fn line(&self, one: &Theirs) -> Option<Line> {
        let session = self.published.session_by_id(one.session_id)?;
        let zone = self.published.release.programme.timezone;
        let pending = one.awaits.zip(one.deadline);
        let waits = one.state == crate::registration::State::Waiting || pending.is_some();
        Some(Line {
            slug: session.slug.clone(),
            href: format!("{}/registrations/{}", self.below, session.slug),
            title: session.title.clone(),
            lang: words::foreign_within(self.lang, &self.published.release.programme, session),
            when: words::when(self.lang, session),
            off: session.status != Status::Scheduled,
            state: state(self.lang, zone, one.state, pending, one.position),
            people: one.people,
            name: one.name.clone(),
            organisation: one.organisation.clone(),
            access_needs: one.access_needs.clone(),
            attended: one.attended,
            can_promote: waits && session.status == Status::Scheduled,
            left: self.seats.get(&one.session_id).and_then(SeatRow::free).map(|free| free.max(0)),
            history: self.history(one.id),
        })
    }

    fn history(&self, registration: Uuid) -> Vec<Step> {
        let zone = self.published.release.programme.timezone;
        let of = self.changes.iter().filter(|change| change.registration_id == registration);
        of.map(|change| Step {
            at: moment(self.lang, zone, change.at),
            text: text(
                self.lang,
                &format!("office-step-{}", change.after),
                &[("cause", text(self.lang, &format!("office-cause-{}", change.cause), &[]).into())],
            ),
        })
        .collect()
    }
}

/// The sessions that are still to come and that the person does not have, by day.
fn open_to<'p>(
    published: &'p Published,
    has: &[Uuid],
    now: chrono::DateTime<chrono::Utc>,
) -> Vec<&'p ReleasedSession> {
    let zone = published.release.programme.timezone;
    let coming = |session: &&ReleasedSession| {
        session.status == Status::Scheduled
            && session.ends_at(zone).unwrap_or(session.starts_at(zone)) >= now
            && !has.contains(&session.id)
    };
    let mut found: Vec<_> = published.release.sessions.iter().filter(coming).collect();
    found.sort_by_key(|session| (session.starts_at(zone), session.slug.as_str()));
    found
}

/// These, with what is free in them.
fn choices(lang: Lang, sessions: Vec<&ReleasedSession>, seats: &HashMap<Uuid, SeatRow>) -> Vec<Choice> {
    let choice = |session: &ReleasedSession| {
        let seat = seats.get(&session.id)?;
        let free = seat.free();
        let full = free.is_some_and(|free| free <= 0) || seat.waiting > 0;
        let state = match free {
            _ if full => text(lang, "office-choice-full", &[("n", seat.waiting.into())]),
            Some(free) => text(lang, "office-choice-left", &[("n", free.into())]),
            None => text(lang, "office-choice-free", &[]),
        };
        Some(Choice {
            slug: session.slug.clone(),
            title: session.title.clone(),
            day: words::when(lang, session),
            state,
            full,
        })
    };
    sessions.into_iter().filter_map(choice).collect()
}

/// Those that they may read who look.
async fn mails(
    db: &mut Conn,
    staff: &Staff,
    (lang, zone): (Lang, chrono_tz::Tz),
    email: Option<&str>,
) -> Result<(Vec<Mail>, bool)> {
    let Some(email) = email else { return Ok((Vec::new(), false)) };
    let mut rows = outbox::to(db, email).await?;
    rows.retain(|row| Kind::parse(&row.kind).is_none_or(|kind| may_read(staff, kind)));
    let more = rows.len() > MAILS_MAX;
    let mail = |row: &outbox::Row| Mail {
        kind: kind_words(lang, &row.kind),
        state: match row.state() {
            outbox::State::Due => Said { text: text(lang, "office-mail-due", &[]), class: "live" },
            outbox::State::Sent => Said { text: text(lang, "office-mail-sent", &[]), class: "good" },
            outbox::State::Failed => Said { text: text(lang, "office-mail-failed", &[]), class: "warn" },
            outbox::State::Aborted => Said { text: text(lang, "mail-state-aborted", &[]), class: "warn" },
        },
        at: moment(lang, zone, row.sent_at.unwrap_or(row.queued_at)),
    };
    Ok((rows.iter().rev().take(MAILS_MAX).map(mail).collect(), more))
}
