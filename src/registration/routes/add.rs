//! One more session, from the agenda: the person is known, so one button is enough. What it sends goes to the desk
//! as any order does.

use std::{collections::HashSet, sync::Arc};

use rocket::{form::Form, get, post};
use serde::Serialize;
use uuid::Uuid;

use super::{
    Html, Room, Sent,
    agenda::{self, Known},
    agenda_of, form, own, read,
    typed::Typed,
};
use crate::{
    db::Conn,
    error::Result,
    locale::{self, Lang, text},
    programme::{
        routes::{
            rows::{self, Here, seat_view},
            site::Query,
        },
        words,
    },
    registration::{Answer, Cause, Order, Request as Ask, decide::Participant, store::person},
    release::{ReleasedSession, published::Published},
    tokens::Purpose,
    web::{
        guards::{RateLimited, SameOrigin},
        reply::Private,
    },
};

/// Somebody at their own page, and what they have.
struct Owner<'o> {
    lang: Lang,
    token: &'o str,
    person: Participant,
    mine: Vec<Known>,
    /// What they typed last besides their name.
    last: Option<person::LastOrder>,
}

impl Owner<'_> {
    async fn of<'o>(room: &Room<'_>, db: &mut Conn, lang: Lang, token: &'o str) -> Result<Owner<'o>> {
        let person = room.person(db, token, Purpose::Agenda).await?;
        let mine = agenda::known(read::agenda(db, person.id).await?, &room.house.publications);
        let last = person::last_order(db, person.id).await?;
        Ok(Owner { lang, token, person, mine, last })
    }

    /// Sessions that they hold, or wait for.
    fn has(&self) -> HashSet<Uuid> {
        let live = self.mine.iter().filter(|known| known.mine.state.is_live());
        live.map(|known| known.mine.session_id).collect()
    }

    fn action(&self) -> String {
        format!("{}/sessions", agenda_of(self.lang, self.token))
    }
}

#[get("/<lang>/agenda/<token>/sessions", rank = 5)]
pub async fn show(lang: Lang, token: &str, query: Query, room: Room<'_>) -> Result<Private<Html>> {
    let mut db = room.db().await?;
    let owner = Owner::of(&room, &mut db, lang, token).await?;
    let pairs = query.pairs().filter(|(name, _)| matches!(*name, "session" | "session[]"));
    let names: Vec<_> = pairs.map(|(_, value)| value.trim().to_owned()).collect();
    let Some(published) = programme_of(&room, &names) else {
        return draw_choice(&room, &owner, !names.is_empty()).map(Private);
    };
    let has = owner.has();
    let mut typed = <Typed as Default>::default();
    let mut notices = Vec::new();
    for slug in slugs(&published, &names) {
        match published.session(&slug).filter(|session| has.contains(&session.id)) {
            Some(had) => {
                notices.push(text(lang, "add-already", &[("session", had.title.as_str().into())]));
            }
            None => typed.add("session", &slug),
        }
    }
    typed.set("people", "1");
    typed.set("key", &room.house.tokens.fresh());
    if let Some(last) = &owner.last {
        typed.set("organisation", &last.organisation);
        typed.set("access_needs", &last.access_needs);
    }
    draw_form(&room, &owner, &published, &typed, form::Shown::First, notices).map(Private)
}

#[post("/<lang>/agenda/<token>/sessions", data = "<sent>", rank = 5)]
pub async fn send(
    _same: SameOrigin,
    _limit: RateLimited,
    lang: Lang,
    token: &str,
    sent: Form<Typed>,
    room: Room<'_>,
) -> Result<Private<Sent>> {
    let mut db = room.db().await?;
    let owner = Owner::of(&room, &mut db, lang, token).await?;
    // Back before the desk wants one of its own.
    drop(db);
    let Some(published) = programme_of(&room, sent.all("session")) else {
        return draw_choice(&room, &owner, true).map(Sent::Mistakes).map(Private);
    };
    let typed = filled_in(&room, &owner, &published, &sent);
    let again = |shown| draw_form(&room, &owner, &published, &typed, shown, Vec::new());
    let order = match form::parse(&published, lang, &typed) {
        // Their own page proves who they are, and may say what they have already.
        Ok(order) => Order { cause: Cause::Person, ..order },
        Err(mistakes) => return again(form::Shown::Again(&mistakes)).map(Sent::Mistakes).map(Private),
    };
    let sent = match room.desk.ask(Ask::Register(order)).await {
        Ok(Answer::Ordered(_)) => Sent::Done(own::said(lang, token, "added")),
        Ok(Answer::Refused(refused)) => {
            Sent::Mistakes(again(form::Shown::Again(&form::Mistakes::refused(refused)))?)
        }
        Ok(other) => return Err(other.unexpected()),
        Err(cause) if cause.is_passing() => {
            log::warn!("an order had to wait: {cause}");
            Sent::Busy(again(form::Shown::Busy)?)
        }
        Err(cause) => return Err(cause),
    };
    Ok(Private(sent))
}

/// The form of the programme as if the person had typed who they are. Consent is what pressing the button says.
fn filled_in(room: &Room<'_>, owner: &Owner<'_>, published: &Published, sent: &Typed) -> Typed {
    let mut typed = <Typed as Default>::default();
    for slug in slugs(published, sent.all("session")) {
        typed.add("session", &slug);
    }
    for field in ["people", "organisation", "access_needs"] {
        typed.set(field, sent.first(field));
    }
    typed.set("name", &owner.person.name);
    typed.set("email", owner.person.email.as_deref().unwrap_or_default());
    typed.set("consent", "1");
    let key = sent.first("key");
    typed.set("key", if form::is_key(key) { key } else { "" });
    if typed.first("key").is_empty() {
        typed.set("key", &room.house.tokens.fresh());
    }
    typed
}

/// The programme of the first session that is named: `programme/session`, or a slug that a programme knows.
fn programme_of(room: &Room<'_>, names: &[String]) -> Option<Arc<Published>> {
    let publications = &room.house.publications;
    names.iter().find_map(|name| match name.trim().split_once('/') {
        Some((programme, _)) => publications.current(programme),
        None => {
            let all = publications.current_first(room.now);
            all.into_iter().find(|published| published.session(name.trim()).is_some())
        }
    })
}

/// The names as the programme's form has them. Those of another programme stay whole, and so are unknown here.
fn slugs(published: &Published, names: &[String]) -> Vec<String> {
    let own = format!("{}/", published.slug());
    names
        .iter()
        .map(|name| name.trim())
        .map(|name| name.strip_prefix(&own).unwrap_or(name).to_owned())
        .collect()
}

fn draw_form(
    room: &Room<'_>,
    owner: &Owner<'_>,
    published: &Published,
    typed: &Typed,
    shown: form::Shown<'_>,
    notices: Vec<String>,
) -> Result<Html> {
    let lang = owner.lang;
    let here =
        Here { lang, base_url: &room.settings.base_url, published, seats: &room.house.board, now: room.now };
    let body = form::page(&here, typed, shown, room.kept_days(published)).of_agenda(
        owner.action(),
        agenda_of(lang, owner.token),
        notices,
    );
    let query: Vec<_> =
        typed.all("session").iter().map(|slug| format!("session={}/{slug}", published.slug())).collect();
    let title = text(lang, "add-title", &[]);
    let path = format!("/agenda/{}/sessions", owner.token);
    let layout = room.agenda_frame(lang, &path, title, &owner.mine).query(&encoded(&query.join("&")));
    room.draw(layout, body, "registration/add.html")
}

/// What was typed can be anything; in an address it must be harmless.
fn encoded(query: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_/=&".contains(c);
    query.split('&').filter(|pair| pair.chars().all(plain)).collect::<Vec<_>>().join("&")
}

/// What `registration/choice.html` shows.
#[derive(Debug, Serialize)]
struct ChoicePage {
    action: String,
    agenda: String,
    /// Something was chosen that is not there, or nothing at all.
    missing: bool,
    programmes: Vec<Choice>,
}

/// What can be had in one programme.
#[derive(Debug, Serialize)]
struct Choice {
    slug: String,
    title: String,
    href: String,
    days: Vec<Day>,
}

#[derive(Debug, Serialize)]
struct Day {
    iso: String,
    heading: String,
    lines: Vec<Line>,
}

#[derive(Debug, Serialize)]
struct Line {
    slug: String,
    title: String,
    lang: Option<String>,
    theme: Option<String>,
    datetime: String,
    time: String,
    seat: String,
    few: bool,
    full: bool,
}

fn draw_choice(room: &Room<'_>, owner: &Owner<'_>, missing: bool) -> Result<Html> {
    let lang = owner.lang;
    let mut all = room.house.publications.current_first(room.now);
    let last = owner.last.as_ref().map(|last| last.programme_id);
    all.sort_by_key(|published| Some(published.id) != last);
    let has = owner.has();
    let programmes = all.iter().map(|published| choice(room, lang, published, &has));
    let body = ChoicePage {
        action: owner.action(),
        agenda: agenda_of(lang, owner.token),
        missing,
        programmes: programmes.filter(|choice| !choice.days.is_empty()).collect(),
    };
    let title = text(lang, "add-title", &[]);
    let layout = room.agenda_frame(lang, &format!("/agenda/{}/sessions", owner.token), title, &owner.mine);
    room.draw(layout, body, "registration/choice.html")
}

fn choice(room: &Room<'_>, lang: Lang, published: &Published, has: &HashSet<Uuid>) -> Choice {
    let here =
        Here { lang, base_url: &room.settings.base_url, published, seats: &room.house.board, now: room.now };
    let mut days: Vec<Day> = Vec::new();
    for session in published.release.listed().filter(|session| !has.contains(&session.id)) {
        let Some(line) = line(&here, session) else { continue };
        let iso = session.date.to_string();
        match days.last_mut().filter(|day| day.iso == iso) {
            Some(day) => day.lines.push(line),
            None => {
                let heading = words::capital(&locale::full_date(lang, session.date));
                days.push(Day { iso, heading, lines: vec![line] });
            }
        }
    }
    let programme = &published.release.programme;
    Choice { slug: programme.slug.clone(), title: programme.title.clone(), href: here.href(""), days }
}

/// `None` for what our form does not take now.
fn line(here: &Here<'_>, session: &ReleasedSession) -> Option<Line> {
    let state = here.state(session).filter(|state| state.takes_registrations())?;
    let seat = seat_view(here.lang, here.zone(), &state);
    Some(Line {
        slug: session.slug.clone(),
        title: session.title.clone(),
        lang: words::foreign(here.lang, session),
        theme: session.theme.clone(),
        datetime: rows::datetime(here.zone(), session),
        time: rows::time(here.lang, session),
        seat: seat.text,
        few: seat.few,
        full: matches!(state, crate::registration::seats::SeatState::Full { .. }),
    })
}
