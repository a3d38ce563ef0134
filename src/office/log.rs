//! `/log`: who changed what, and when; of one programme, or of everything. It is only ever read here.

mod words;

use std::collections::HashMap;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;
use rocket::{
    Route, get,
    http::{ContentType, Header},
    routes,
};
use serde::Serialize;
use uuid::Uuid;

use super::{
    Html, Right, Room,
    frame::{At, Known},
    guard::Signed,
    publish::names,
};
use crate::{
    audit::{
        store::{Filter, Line, Who, actions, lines},
        words::action,
    },
    db::Conn,
    error::Result,
    exchange::csv::log_csv,
    locale::{Lang, text},
    programme::{instant, routes::site::Query},
    web::reply::Private,
};

/// Lines of one page.
const PAGE: i64 = 50;
/// Lines that are read at once for a file, and the most that one holds.
const FILE_PIECE: i64 = 1_000;
const FILE_LINES_MAX: usize = 50_000;

/// The routes of this area.
pub fn routes() -> Vec<Route> {
    routes![show, show_of, file, file_of]
}

/// What `office/log.html` shows.
#[derive(Serialize)]
struct LogPage {
    action: String,
    people: Vec<Choice>,
    /// Empty on the page of one programme.
    programmes: Vec<Choice>,
    actions: Vec<Choice>,
    subject: String,
    from: String,
    until: String,
    filtered: bool,
    lines: Vec<Shown>,
    older: Option<String>,
    newest: Option<String>,
    csv: String,
    zone: String,
}

#[derive(Serialize)]
struct Choice {
    value: String,
    label: String,
    selected: bool,
}

#[derive(Serialize)]
struct Shown {
    at: DateTime<Utc>,
    when: String,
    who: String,
    programme: Option<String>,
    action: String,
    subject: String,
    facts: Vec<String>,
}

/// What was asked for.
struct Asked {
    filter: Filter,
    query: HashMap<String, String>,
}

#[get("/<lang>/office/log", rank = 5)]
async fn show(signed: Signed, lang: Lang, query: Query, room: Room<'_>) -> Result<Private<Html>> {
    let staff = signed.with(Right::SeeLog)?;
    let mut db = room.db().await?;
    let at = At::office(&mut db, staff, lang, "log").await?;
    let zone = main_zone(&room);
    let asked = Asked::of(&query, None, &at.programmes, zone);
    let body = page(&mut db, lang, zone, &asked, &at, None).await?;
    let layout = at.frame(&room, staff, "/log", text(lang, "log-title", &[])).query(&room.query);
    room.draw(layout, body, "office/log.html").map(Private)
}

#[get("/<lang>/office/<slug>/log", rank = 6)]
async fn show_of(
    signed: Signed,
    lang: Lang,
    slug: &str,
    query: Query,
    room: Room<'_>,
) -> Result<Private<Html>> {
    let staff = signed.with(Right::SeeLog)?;
    let mut db = room.db().await?;
    let (known, at) = At::programme(&mut db, staff, lang, slug, "log").await?;
    let zone = super::publish::zone(&mut db, &known).await?;
    let asked = Asked::of(&query, Some(&known), &at.programmes, zone);
    let body = page(&mut db, lang, zone, &asked, &at, Some(&known)).await?;
    let layout = at.frame(&room, staff, "/log", text(lang, "log-title", &[])).query(&room.query);
    room.draw(layout, body, "office/log.html").map(Private)
}

/// A file to keep; the browser saves it.
#[derive(rocket::Responder)]
struct File {
    body: Vec<u8>,
    kind: ContentType,
    name: Header<'static>,
}

#[get("/<lang>/office/log.csv", rank = 5)]
async fn file(signed: Signed, lang: Lang, query: Query, room: Room<'_>) -> Result<Private<File>> {
    let staff = signed.with(Right::SeeLog)?;
    let mut db = room.db().await?;
    let at = At::office(&mut db, staff, lang, "log").await?;
    let asked = Asked::of(&query, None, &at.programmes, main_zone(&room));
    written(&mut db, lang, &asked, &at, "log").await
}

#[get("/<lang>/office/<slug>/log.csv", rank = 6)]
async fn file_of(
    signed: Signed,
    lang: Lang,
    slug: &str,
    query: Query,
    room: Room<'_>,
) -> Result<Private<File>> {
    let staff = signed.with(Right::SeeLog)?;
    let mut db = room.db().await?;
    let (known, at) = At::programme(&mut db, staff, lang, slug, "log").await?;
    let zone = super::publish::zone(&mut db, &known).await?;
    let asked = Asked::of(&query, Some(&known), &at.programmes, zone);
    written(&mut db, lang, &asked, &at, &known.slug).await
}

/// The days of the whole office are those of its current programme.
fn main_zone(room: &Room<'_>) -> Tz {
    let current = room.house.publications.current_first(room.now).into_iter().next();
    current.map_or(Tz::UTC, |published| published.release.programme.timezone)
}

impl Asked {
    fn of(query: &Query, of: Option<&Known>, programmes: &[Known], zone: Tz) -> Asked {
        let kept = ["who", "programme", "action", "subject", "from", "until", "before"];
        let query: HashMap<String, String> = query
            .pairs()
            .filter(|(name, value)| kept.contains(name) && !value.trim().is_empty())
            .map(|(name, value)| (name.to_owned(), value.trim().to_owned()))
            .collect();
        let value = |name: &str| query.get(name).map(String::as_str);
        let day = |name| value(name).and_then(|day| day.parse::<NaiveDate>().ok());
        let start = |day: NaiveDate| instant(zone, day.and_time(NaiveTime::MIN));
        let named = value("programme").and_then(|slug| programmes.iter().find(|known| known.slug == slug));
        let filter = Filter {
            programme: of.or(named).map(|known| known.id),
            actor: value("who").and_then(|who| match who {
                "command" => Some(Who::Kind("command")),
                "house" => Some(Who::Kind("house")),
                id => id.parse().ok().map(Who::User),
            }),
            action: value("action").map(str::to_owned),
            subject: value("subject").map(str::to_lowercase),
            from: day("from").map(start),
            until: day("until").and_then(|day| day.checked_add_days(Days::new(1))).map(start),
            older_than: value("before").and_then(|id| id.parse().ok()),
        };
        Asked { filter, query }
    }

    fn value(&self, name: &str) -> &str {
        self.query.get(name).map_or("", String::as_str)
    }

    /// The same question at another line.
    fn address(&self, path: &str, before: Option<Uuid>) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for name in ["who", "programme", "action", "subject", "from", "until"] {
            if let Some(value) = self.query.get(name) {
                query.append_pair(name, value);
            }
        }
        if let Some(line) = before {
            query.append_pair("before", &line.to_string());
        }
        let query = query.finish();
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    }
}

async fn page(
    db: &mut Conn,
    lang: Lang,
    zone: Tz,
    asked: &Asked,
    at: &At,
    of: Option<&Known>,
) -> Result<LogPage> {
    let mut found = lines(db, &asked.filter, PAGE + 1).await?;
    let more = found.len() > usize::try_from(PAGE).unwrap_or(usize::MAX);
    found.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    let names = names(db).await?;
    let known = actions(db).await?;
    let path = match of {
        Some(known) => format!("/{}/office/{}/log", lang.code(), known.slug),
        None => format!("/{}/office/log", lang.code()),
    };
    let last = found.last().map(|line| line.id);
    let older = last.filter(|_| more).map(|last| asked.address(&path, Some(last)));
    let newest = asked.filter.older_than.map(|_| asked.address(&path, None));
    Ok(LogPage {
        people: people(lang, &names, asked.value("who")),
        programmes: match of {
            Some(_) => Vec::new(),
            None => programmes(lang, at, asked.value("programme")),
        },
        actions: choices_of_actions(lang, &known, asked.value("action")),
        subject: asked.value("subject").to_owned(),
        from: asked.value("from").to_owned(),
        until: asked.value("until").to_owned(),
        filtered: asked.query.keys().any(|name| name != "before"),
        lines: found.iter().map(|line| shown(lang, zone, line, &names, at)).collect(),
        older,
        newest,
        csv: asked.address(&format!("{path}.csv"), None),
        action: path,
        zone: zone.name().to_owned(),
    })
}

fn shown(lang: Lang, zone: Tz, line: &Line, names: &HashMap<Uuid, String>, at: &At) -> Shown {
    let programme = at.programmes.iter().find(|known| Some(known.id) == line.programme_id);
    Shown {
        at: line.at,
        when: words::moment(lang, line.at.with_timezone(&zone).naive_local()),
        who: who(lang, line, names),
        programme: programme.map(|known| known.title.clone()),
        action: action(lang, &line.action),
        subject: line.subject.clone(),
        facts: words::facts(lang, line),
    }
}

fn who(lang: Lang, line: &Line, names: &HashMap<Uuid, String>) -> String {
    match (line.actor.as_str(), line.actor_id) {
        ("user", Some(id)) => names.get(&id).cloned().unwrap_or_else(|| id.to_string()),
        ("command", _) => text(lang, "log-who-command", &[]),
        ("house", _) => text(lang, "log-who-house", &[]),
        (other, _) => other.to_owned(),
    }
}

fn choice(value: &str, label: String, chosen: &str) -> Choice {
    Choice { value: value.to_owned(), label, selected: value == chosen }
}

fn people(lang: Lang, names: &HashMap<Uuid, String>, chosen: &str) -> Vec<Choice> {
    let mut people: Vec<_> =
        names.iter().map(|(id, name)| choice(&id.to_string(), name.clone(), chosen)).collect();
    people.sort_by_key(|one| (deunicode::deunicode(&one.label).to_lowercase(), one.value.clone()));
    let first = ["", "command", "house"].map(|kind| {
        let key = if kind.is_empty() { "all" } else { kind };
        choice(kind, text(lang, &format!("log-who-{key}"), &[]), chosen)
    });
    first.into_iter().chain(people).collect()
}

fn programmes(lang: Lang, at: &At, chosen: &str) -> Vec<Choice> {
    let all = choice("", text(lang, "log-programme-all", &[]), chosen);
    let each = at.programmes.iter().map(|known| choice(&known.slug, known.title.clone(), chosen));
    std::iter::once(all).chain(each).collect()
}

fn choices_of_actions(lang: Lang, known: &[String], chosen: &str) -> Vec<Choice> {
    let all = choice("", text(lang, "log-action-all", &[]), chosen);
    let mut each: Vec<_> = known.iter().map(|code| choice(code, action(lang, code), chosen)).collect();
    each.sort_by_key(|one| (deunicode::deunicode(&one.label).to_lowercase(), one.value.clone()));
    std::iter::once(all).chain(each).collect()
}

async fn written(db: &mut Conn, lang: Lang, asked: &Asked, at: &At, name: &str) -> Result<Private<File>> {
    let names = names(db).await?;
    let mut filter = Filter { older_than: None, ..asked.filter.clone() };
    let mut rows = Vec::new();
    while rows.len() < FILE_LINES_MAX {
        let found = lines(db, &filter, FILE_PIECE).await?;
        let Some(last) = found.last() else { break };
        filter.older_than = Some(last.id);
        rows.extend(found.iter().map(|line| words::row(lang, line, &who(lang, line, &names), at)));
    }
    let name = format!("attachment; filename=\"{name}.csv\"");
    Ok(Private(File {
        body: log_csv(&rows),
        kind: ContentType::CSV.with_params(("charset", "utf-8")),
        name: Header::new("Content-Disposition", name),
    }))
}
