//! Registering who telephones, or stands at the desk: several sessions at once, with or without an address. What is full
//! or at the same time as something else is said before it is saved; if there is nothing to say, it is saved at once.

mod parse;

use std::collections::{BTreeSet, HashMap};

use rocket::{FromForm, form::Form, get, post};
use serde::Serialize;
use uuid::Uuid;

use super::find;
use crate::{
    audit::{self, Actor, Entry, Facts},
    db::Conn,
    error::{Error, Result},
    locale::{self, Lang, text},
    office::{
        Html, Right, Room,
        frame::At,
        guard::Signed,
        registrations::{published, refused},
    },
    programme::{Status, words},
    publication,
    registration::{
        Answer, Order, PEOPLE_MAX, Request,
        clash::{Span, clashes},
        contact::{Code, Contact},
        person::Email,
        store::{
            self, SeatRow,
            lists::{self, Person},
            read,
        },
    },
    release::{ReleasedSession, published::Published},
    web::{
        form::FormState,
        guards::SameOrigin,
        reply::{Private, Sent},
        typed::Typed,
    },
};

/// How often a new code is made where the one before was somebody's.
const CODES_MAX: usize = 8;

/// What the form begins with, as its address says.
#[derive(Debug, Default, FromForm)]
pub(super) struct Asked<'a> {
    session: Vec<&'a str>,
    person: Option<&'a str>,
}

#[derive(Serialize)]
struct NewPage {
    action: String,
    people_href: String,
    form: FormState,
    /// Somebody whom we know: they need not say who they are.
    person: Option<Who>,
    days: Vec<Day>,
    /// Nothing can be had any more.
    none: bool,
    people: Vec<Number>,
    languages: Vec<Language>,
    groups: Vec<Group>,
    /// What is to be said before it is saved.
    warnings: Vec<String>,
    /// What was said: sent again with it, the form is saved.
    seen: String,
    key: String,
}

#[derive(Serialize)]
struct Who {
    id: Uuid,
    name: String,
    contact: String,
}

#[derive(Serialize)]
struct Day {
    heading: String,
    sessions: Vec<Choice>,
}

#[derive(Serialize)]
struct Choice {
    slug: String,
    title: String,
    lang: Option<String>,
    time: String,
    state: String,
    full: bool,
    chosen: bool,
    /// The person has it already.
    has: bool,
}

#[derive(Serialize)]
struct Number {
    value: i64,
    chosen: bool,
}

#[derive(Serialize)]
struct Language {
    code: &'static str,
    name: &'static str,
    chosen: bool,
}

#[derive(Serialize)]
struct Group {
    name: String,
    chosen: bool,
}

/// What became of the form.
#[derive(rocket::Responder)]
pub(super) enum Registered {
    /// They are registered, or something is wrong with it.
    Sent(Sent),
    /// There is something to say first.
    Warned(Html),
}

/// What the form needs to know.
struct Here<'h> {
    lang: Lang,
    published: &'h Published,
    seats: HashMap<Uuid, SeatRow>,
    /// The person whom the form is for, and the sessions that they have.
    person: Option<(Person, BTreeSet<Uuid>)>,
    now: chrono::DateTime<chrono::Utc>,
}

impl<'h> Here<'h> {
    async fn read(
        db: &mut Conn,
        room: &Room<'_>,
        lang: Lang,
        published: &'h Published,
        person: Option<&str>,
    ) -> Result<Here<'h>> {
        let seats = store::seats_of(db, published.id).await?;
        let person = match person.filter(|id| !id.is_empty()) {
            Some(id) => {
                let person = find(db, published.id, id).await?;
                let has = lists::live_of(db, person.id).await?.into_iter().collect();
                Some((person, has))
            }
            None => None,
        };
        Ok(Here {
            lang,
            published,
            seats: seats.into_iter().map(|seat| (seat.settings.session, seat)).collect(),
            person,
            now: room.now,
        })
    }

    /// What organisers can register somebody for: also where the form is closed, and while people are arriving.
    fn coming(&self) -> Vec<&'h ReleasedSession> {
        let zone = self.published.release.programme.timezone;
        let coming = |session: &&ReleasedSession| {
            session.status == Status::Scheduled
                && session.ends_at(zone).unwrap_or(session.starts_at(zone)) >= self.now
                && self.seats.contains_key(&session.id)
        };
        let mut found: Vec<_> = self.published.release.sessions.iter().filter(coming).collect();
        found.sort_by_key(|session| (session.starts_at(zone), session.slug.as_str()));
        found
    }

    fn has(&self, session: Uuid) -> bool {
        self.person.as_ref().is_some_and(|(_, has)| has.contains(&session))
    }

    /// What is to be said before this order is saved: what is full, and what is at the same time as something else that
    /// they ask for, or have.
    fn warnings(&self, order: &Order) -> Vec<String> {
        let zone = self.published.release.programme.timezone;
        let sessions: Vec<_> =
            order.sessions.iter().filter_map(|id| self.published.session_by_id(*id)).collect();
        let full = |session: &&ReleasedSession| {
            let seat =
                self.seats.get(&session.id).filter(|_| order.held.is_none() && !self.has(session.id))?;
            let fits = seat.free().is_none_or(|free| free >= order.people);
            (!fits || seat.waiting > 0).then(|| {
                let place = seat.waiting + 1;
                self.say(
                    "office-new-full",
                    &[("session", session.title.as_str().into()), ("n", place.into())],
                )
            })
        };
        let mut said: Vec<String> = sessions.iter().filter_map(full).collect();
        // What they ask for, and beside it what they have.
        let had = self.person.iter().flat_map(|(_, has)| has).filter(|id| !order.sessions.contains(id));
        let all: Vec<_> =
            sessions.iter().copied().chain(had.filter_map(|id| self.published.session_by_id(*id))).collect();
        let spans: Vec<_> = all.iter().map(|session| Span::of(session, zone)).collect();
        for (at, others) in clashes(&spans).into_iter().enumerate().take(sessions.len()) {
            for other in others.into_iter().filter(|other| *other > at) {
                let (one, other) = (all[at].title.as_str(), all[other].title.as_str());
                said.push(self.say("office-new-clash", &[("one", one.into()), ("other", other.into())]));
            }
        }
        said
    }

    fn say(&self, key: &str, values: &[(&str, locale::Value<'_>)]) -> String {
        text(self.lang, key, values)
    }

    fn days(&self, chosen: &[String]) -> Vec<Day> {
        let mut days: Vec<Day> = Vec::new();
        let mut last = None;
        for session in self.coming() {
            if last != Some(session.date) {
                last = Some(session.date);
                let heading = words::capital(&locale::full_date(self.lang, session.date));
                days.push(Day { heading, sessions: Vec::new() });
            }
            if let (Some(day), Some(seat)) = (days.last_mut(), self.seats.get(&session.id)) {
                day.sessions.push(self.choice(session, seat, chosen));
            }
        }
        days
    }

    fn choice(&self, session: &ReleasedSession, seat: &SeatRow, chosen: &[String]) -> Choice {
        let free = seat.free();
        let full = free.is_some_and(|free| free <= 0) || seat.waiting > 0;
        let state = match free {
            _ if full => self.say("office-choice-full", &[("n", seat.waiting.into())]),
            Some(free) => self.say("office-choice-left", &[("n", free.into())]),
            None => self.say("office-choice-free", &[]),
        };
        let time = match session.start {
            Some(start) => locale::time_range(self.lang, session.date.and_time(start), session.end),
            None => self.say("time-unknown", &[]),
        };
        Choice {
            slug: session.slug.clone(),
            title: session.title.clone(),
            lang: words::foreign_within(self.lang, &self.published.release.programme, session),
            time,
            state,
            full,
            chosen: chosen.contains(&session.slug),
            has: self.has(session.id),
        }
    }

    fn page(&self, typed: &Typed, form: FormState, warnings: Vec<String>, key: &str) -> NewPage {
        let people = format!("/{}/office/{}/people", self.lang.code(), self.published.slug());
        let number = typed.first("people").parse().unwrap_or(1);
        let language = Lang::parse(typed.first("language")).unwrap_or(self.lang);
        let held: BTreeSet<&String> = self
            .seats
            .values()
            .flat_map(|seat| {
                seat.settings.held.iter().filter(|(_, seats)| **seats > 0).map(|(group, _)| group)
            })
            .collect();
        let days = self.days(typed.all("session"));
        NewPage {
            action: people.clone(),
            person: self.person.as_ref().map(|(person, _)| Who {
                id: person.id,
                name: person.name.clone(),
                contact: super::contact(person.email.as_deref(), person.code.as_deref(), &person.phone),
            }),
            none: days.is_empty(),
            days,
            people: (1..=PEOPLE_MAX).map(|value| Number { value, chosen: value == number }).collect(),
            languages: Lang::ALL
                .map(|lang| Language { code: lang.code(), name: lang.own_name(), chosen: lang == language })
                .into(),
            groups: held
                .into_iter()
                .map(|group| Group { name: group.clone(), chosen: typed.first("held") == group })
                .collect(),
            seen: seen(&warnings),
            warnings,
            key: key.to_owned(),
            form,
            people_href: people,
        }
    }
}

/// What was said, so that it can be told whether it is still the same.
fn seen(warnings: &[String]) -> String {
    use sha2::{Digest as _, Sha256};
    if warnings.is_empty() {
        return String::new();
    }
    data_encoding::HEXLOWER.encode(&Sha256::digest(warnings.join("\n").as_bytes())[..8])
}

#[get("/<lang>/office/<slug>/people/new?<asked..>", rank = 6)]
pub(super) async fn ask(
    signed: Signed,
    lang: Lang,
    slug: &str,
    asked: Asked<'_>,
    room: Room<'_>,
) -> Result<Private<Html>> {
    let staff = signed.with(Right::ChangeRegistrations)?;
    let mut db = room.db().await?;
    let (known, at) = At::programme(&mut db, staff, lang, slug, "registrations").await?;
    let published = published(room.house, known.id)?;
    let here = Here::read(&mut db, &room, lang, &published, asked.person).await?;
    let mut typed = Typed::default();
    asked.session.iter().for_each(|session| typed.add("session", session));
    let mut form = FormState::default();
    if let Some((person, _)) = &here.person {
        typed.set("language", &person.language);
        if let Some(last) = store::person::last_order(&mut db, person.id).await? {
            form.set("organisation", last.organisation);
            form.set("access_needs", last.access_needs);
        }
    }
    let page = here.page(&typed, form, Vec::new(), &room.house.tokens.fresh());
    draw(&room, &at, staff, &published, page).map(Private)
}

fn draw(
    room: &Room<'_>,
    at: &At,
    staff: &crate::identity::Staff,
    published: &Published,
    page: NewPage,
) -> Result<Html> {
    let title = text(at.lang, "office-new-title", &[]);
    let layout = at.frame(room, staff, "/people/new", title).zone(published.release.programme.timezone);
    let layout = layout.query(&room.query);
    room.draw(layout, page, "office/people/new.html")
}

#[post("/<lang>/office/<slug>/people", data = "<typed>", rank = 6)]
pub(super) async fn register(
    _same: SameOrigin,
    signed: Signed,
    lang: Lang,
    slug: &str,
    typed: Form<Typed>,
    room: Room<'_>,
) -> Result<Private<Registered>> {
    let staff = signed.with(Right::ChangeRegistrations)?;
    let mut db = room.db().await?;
    let (known, at) = At::programme(&mut db, staff, lang, slug, "registrations").await?;
    let published = published(room.house, known.id)?;
    let here = Here::read(&mut db, &room, lang, &published, Some(typed.first("person"))).await?;
    let key =
        if typed.first("key").is_empty() { room.house.tokens.fresh() } else { typed.first("key").to_owned() };
    let person = here.person.as_ref().map(|(person, _)| person);
    let parsed = match parse::parse(&published, lang, &typed, person, &key) {
        Ok(parsed) => parsed,
        Err(form) => {
            let page = here.page(&typed, form, Vec::new(), &key);
            return Ok(Private(Registered::Sent(Sent::Mistakes(draw(&room, &at, staff, &published, page)?))));
        }
    };
    let contact = contact(&mut db, &room, person, parsed.email.clone(), &parsed).await?;
    let order = parsed.order(known.id, contact);
    let warnings = here.warnings(&order);
    if seen(&warnings) != typed.first("seen") && !warnings.is_empty() {
        let page = here.page(&typed, parse::form(&typed), warnings, &key);
        return Ok(Private(Registered::Warned(draw(&room, &at, staff, &published, page)?)));
    }
    drop(db);
    let entries = |answers: &[Answer]| {
        let orders = answers.iter().filter_map(|answer| match answer {
            Answer::Ordered(id) => Some(*id),
            _ => None,
        });
        let line = |id| {
            let facts = Facts::default().with("people", order.people).with("sessions", order.sessions.len());
            let subject = audit::subject("order", id);
            Entry::new(&room.house.tokens, room.now, Actor::User(staff.id), "registration.add", subject)
                .of(known.id)
                .facts(Facts::default(), facts)
        };
        orders.map(line).collect()
    };
    match publication::ask(room.house, slug, Request::Register(order.clone()), &entries).await? {
        Answer::Ordered(id) => {
            let person =
                read::participant_of_order(&mut room.db().await?, id).await?.ok_or(Error::NotFound)?;
            let there = format!("/{}/office/{slug}/people/{person}?said=registered", lang.code());
            Ok(Private(Registered::Sent(Sent::Done(there))))
        }
        Answer::Refused(why) => {
            let mut form = parse::form(&typed);
            for (session, refusal) in why {
                let title = published.session_by_id(session).map_or("", |session| session.title.as_str());
                let why = refused(lang, &refusal);
                form.refuse(
                    "session",
                    text(lang, "office-new-refused", &[("session", title.into()), ("why", why.into())]),
                );
            }
            let page = here.page(&typed, form, Vec::new(), &key);
            Ok(Private(Registered::Sent(Sent::Mistakes(draw(&room, &at, staff, &published, page)?))))
        }
        other => Err(other.unexpected()),
    }
}

/// By what the person is known: whom we know, as they are; who is new, by their address, or by a code of their own.
async fn contact(
    db: &mut Conn,
    room: &Room<'_>,
    person: Option<&Person>,
    email: Option<Email>,
    parsed: &parse::Parsed,
) -> Result<Contact> {
    if let Some(person) = person {
        let email = person.email.as_deref().and_then(|email| Email::parse(email).ok());
        let code = person.code.as_deref().and_then(Code::parse);
        let known = email.map(Contact::from);
        let by_code = || code.map(|code| Contact::Code { code, phone: parsed.phone.clone() });
        return known.or_else(by_code).ok_or(Error::NotFound);
    }
    if let Some(email) = email {
        return Ok(email.into());
    }
    for _ in 0..CODES_MAX {
        let code = Code::fresh(&room.house.tokens);
        if store::person::by_code(db, &code).await?.is_none() {
            return Ok(Contact::Code { code, phone: parsed.phone.clone() });
        }
    }
    Err(Error::Internal("every code that was made is somebody's".to_owned()))
}
