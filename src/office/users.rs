//! The team: who works here, as what; invited, kept out, let in again. And the links by which funders read figures.

mod figures;
mod person;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use rocket::{Route, form::Form, get, post, routes};
use serde::Serialize;
use uuid::Uuid;

use super::{Html, Right, Room, frame::At, guard::Signed};
use crate::{
    audit::Actor,
    db::Conn,
    error::Result,
    identity::{
        Role, Staff, people,
        store::{self, Row},
    },
    locale::{self, Lang, text},
    programme::routes::site::Query,
    registration::person::{Email, Name},
    web::{
        form::FormState,
        guards::{RateLimited, SameOrigin},
        page::Layout,
        reply::{Private, Sent},
        typed::Typed,
    },
};

/// The routes of this area.
pub fn routes() -> Vec<Route> {
    routes![
        list,
        invite,
        person::show,
        person::set_role,
        person::set_organisations,
        person::disable,
        person::enable,
        person::invite_again,
        person::remove_second_step,
        figures::make,
        figures::revoke,
    ]
}

/// What `office/users.html` shows.
#[derive(Serialize)]
struct UsersPage {
    home: String,
    done: Option<String>,
    people: Vec<Person>,
    roles: Vec<Choice>,
    languages: Vec<Choice>,
    links: Vec<figures::Link>,
    programmes: Vec<Choice>,
    form: FormState,
}

/// Somebody, in a line.
#[derive(Serialize)]
struct Person {
    href: String,
    name: String,
    email: String,
    role: String,
    /// In words.
    state: String,
    /// The style of that word.
    tone: &'static str,
    second_step: bool,
    organisations: i64,
    off: bool,
}

/// A value of a form and its words.
#[derive(Serialize)]
struct Choice {
    value: String,
    label: String,
    chosen: bool,
}

/// What has just been done; each has the message `users-done-{word}`.
const DONE: [&str; 8] =
    ["invited", "role", "disabled", "enabled", "organisations", "second-step", "link", "revoked"];

/// What has just been done, in words.
fn done(lang: Lang, query: &Query) -> Option<String> {
    let word = DONE.into_iter().find(|word| query.value("done") == *word)?;
    Some(text(lang, &format!("users-done-{word}"), &[]))
}

fn home(lang: Lang) -> String {
    format!("/{}/office/users", lang.code())
}

#[get("/<lang>/office/users", rank = 5)]
async fn list(signed: Signed, lang: Lang, query: Query, room: Room<'_>) -> Result<Private<Html>> {
    let staff = signed.with(Right::ManageUsers)?;
    let mut form = FormState::default();
    form.set("role", Role::Editor.code());
    form.set("language", lang.code());
    let done = done(lang, &query);
    draw(&room, &mut room.db().await?, staff, lang, done, form).await.map(Private)
}

async fn draw(
    room: &Room<'_>,
    db: &mut Conn,
    staff: &Staff,
    lang: Lang,
    done: Option<String>,
    form: FormState,
) -> Result<Html> {
    let at = At::office(db, staff, lang, "users").await?;
    let mut organisations: HashMap<Uuid, i64> = HashMap::new();
    for (person, ..) in store::all_memberships(db).await? {
        *organisations.entry(person).or_default() += 1;
    }
    let invitations: HashMap<_, _> = store::links::invitations(db).await?.into_iter().collect();
    let people = store::all(db).await?;
    let line = |row: &Row| {
        let (state, tone) = state(row, invitations.get(&row.id).copied(), lang, room.now);
        Person {
            href: format!("{}/{}", home(lang), row.id),
            name: row.name.clone(),
            email: row.email.clone(),
            role: text(lang, &format!("role-{}", row.role().code()), &[]),
            state,
            tone,
            second_step: row.totp_secret.is_some(),
            organisations: organisations.get(&row.id).copied().unwrap_or(0),
            off: row.disabled_at.is_some(),
        }
    };
    let body = UsersPage {
        home: home(lang),
        done,
        people: people.iter().map(line).collect(),
        roles: roles(lang, form.value("role")),
        languages: languages(form.value("language")),
        links: figures::links(room, db, lang, &at).await?,
        programmes: at
            .programmes
            .iter()
            .map(|known| Choice {
                value: known.slug.clone(),
                label: known.title.clone(),
                chosen: form.value("programme") == known.slug,
            })
            .collect(),
        form,
    };
    let layout = at.frame(room, staff, "/users", text(lang, "users-title", &[]));
    room.draw(layout, body, "office/users.html")
}

/// How somebody stands: in, invited, kept out.
fn state(
    row: &Row,
    invited_until: Option<DateTime<Utc>>,
    lang: Lang,
    now: DateTime<Utc>,
) -> (String, &'static str) {
    let day = |at: DateTime<Utc>| locale::Value::from(locale::date(lang, at.date_naive()));
    match (row.disabled_at, &row.password, invited_until) {
        (Some(at), ..) => (text(lang, "users-state-disabled", &[("day", day(at))]), "off"),
        (None, None, Some(until)) if now < until => {
            (text(lang, "users-state-invited", &[("day", day(until))]), "live")
        }
        // Partners need no password.
        (None, None, _) if row.role() == Role::Partner => (text(lang, "users-state-link", &[]), "good"),
        (None, None, Some(_)) => (text(lang, "users-state-expired", &[]), "warn"),
        (None, Some(_), _) | (None, None, None) => (text(lang, "users-state-in", &[]), "good"),
    }
}

fn roles(lang: Lang, chosen: &str) -> Vec<Choice> {
    let choice = |role: Role| Choice {
        value: role.code().to_owned(),
        label: text(lang, &format!("role-{}", role.code()), &[]),
        chosen: role.code() == chosen,
    };
    Role::OF_PEOPLE.map(choice).into()
}

fn languages(chosen: &str) -> Vec<Choice> {
    let choice = |lang: Lang| Choice {
        value: lang.code().to_owned(),
        label: lang.own_name().to_owned(),
        chosen: lang.code() == chosen,
    };
    Lang::ALL.map(choice).into()
}

#[post("/<lang>/office/users", data = "<typed>", rank = 5)]
async fn invite(
    _same: SameOrigin,
    _limit: RateLimited,
    signed: Signed,
    lang: Lang,
    typed: Form<Typed>,
    room: Room<'_>,
) -> Result<Private<Sent>> {
    let staff = signed.with(Right::ManageUsers)?;
    let mut form = FormState::default();
    for field in ["email", "name", "role", "language"] {
        form.set(field, typed.first(field));
    }
    let email = Email::parse(typed.first("email"))
        .map_err(|why| form.refuse("email", text(lang, why.key(), &[])))
        .ok();
    // Who comes says their name themselves; here it may be left out.
    let name = match typed.first("name").trim() {
        "" => String::new(),
        typed => match Name::parse(typed) {
            Ok(name) => name.as_str().to_owned(),
            Err(why) => {
                form.refuse("name", text(lang, why.key(), &[]));
                String::new()
            }
        },
    };
    let role = Role::parse(typed.first("role"));
    if role.is_none() {
        form.refuse("role", text(lang, "users-role-unknown", &[]));
    }
    let mut tx = room.house.pool.begin().await?;
    if let (Some(email), Some(role), true) = (email, role, form.errors.is_empty()) {
        let new = Staff {
            id: room.house.tokens.id(room.now),
            email: email.to_string(),
            name,
            lang: Lang::parse(typed.first("language")).unwrap_or(lang),
            role,
            organisations: Vec::new(),
        };
        let actor = Actor::User(staff.id);
        if people::invite(&mut tx, room.house, actor, &new, room.now).await?.is_some() {
            tx.commit().await?;
            room.house.mail.notify_one();
            // A partner's organisations are chosen next.
            let next = match role {
                Role::Partner => format!("{}/{}?done=invited", home(lang), new.id),
                Role::Owner | Role::Editor | Role::Press | Role::Desk | Role::Funder => {
                    format!("{}?done=invited", home(lang))
                }
            };
            return Ok(Private(Sent::Done(next)));
        }
        form.refuse("email", text(lang, "users-known", &[]));
    }
    draw(&room, &mut tx, staff, lang, None, form).await.map(Sent::Mistakes).map(Private)
}

/// The frame of one person's page.
fn person_frame(at: &At, room: &Room<'_>, staff: &Staff, row: &Row) -> Layout {
    let title = if row.name.is_empty() { &row.email } else { &row.name };
    at.frame(room, staff, &format!("/users/{}", row.id), title.clone())
}
