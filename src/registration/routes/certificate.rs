//! Certificates of attendance: the file, from the agenda, and the page where anybody can verify a code.

use chrono::{DateTime, Utc};
use rocket::{
    Responder, get,
    http::{ContentType, Header, Status},
    response::Redirect,
};
use serde::Serialize;
use uuid::Uuid;

use super::{Html, Room};
use crate::{
    certificate::{self as paper, Attended},
    error::{Error, Result},
    locale::{self, Lang, text},
    programme::{routes::site::Query, words},
    registration::certificate::{self, Known, Vouched},
    release::ReleasedSession,
    tokens::Purpose,
    web::{form::FormState, guards::RateLimited, page::Layout, reply::Private},
};

/// A file to keep.
#[derive(Responder)]
pub struct Download {
    pdf: (ContentType, Vec<u8>),
    disposition: Header<'static>,
}

#[get("/<lang>/agenda/<token>/certificates/<programme>/<file>", rank = 5)]
pub async fn of_session(
    _limit: RateLimited,
    lang: Lang,
    token: &str,
    programme: &str,
    file: &str,
    room: Room<'_>,
) -> Result<Private<Download>> {
    let published = room.programme(programme)?;
    let session =
        file.strip_suffix(".pdf").and_then(|slug| published.session(slug)).ok_or(Error::NotFound)?;
    download(&room, lang, token, published.id, Some((session.id, &session.slug))).await.map(Private)
}

#[get("/<lang>/agenda/<token>/certificates/<file>", rank = 5)]
pub async fn of_programme(
    _limit: RateLimited,
    lang: Lang,
    token: &str,
    file: &str,
    room: Room<'_>,
) -> Result<Private<Download>> {
    let published = room.programme(file.strip_suffix(".pdf").ok_or(Error::NotFound)?)?;
    download(&room, lang, token, published.id, None).await.map(Private)
}

async fn download(
    room: &Room<'_>,
    lang: Lang,
    token: &str,
    programme: Uuid,
    session: Option<(Uuid, &str)>,
) -> Result<Download> {
    let mut db = room.db().await?;
    let person = room.person(&mut db, token, Purpose::Agenda).await?;
    let mine = certificate::store::of_person(&mut db, person.id).await?;
    let wanted = |one: &certificate::Certificate| {
        one.programme_id == programme && one.session_id == session.map(|(id, _)| id)
    };
    let mine = mine.into_iter().find(wanted).ok_or(Error::NotFound)?;
    let vouched = certificate::vouched(&mut db, room.house, mine).await?.ok_or(Error::NotFound)?;
    drop(db);
    let name = text(lang, "certificate-file", &[]);
    let slug = session.map_or(vouched.published.slug(), |(_, slug)| slug);
    let disposition = format!("attachment; filename=\"{name}-{}.pdf\"", crate::programme::slugify(slug));
    let certificate = written(&vouched, lang, &room.settings.base_url);
    // Some milliseconds of work, that no other visitor should wait for.
    let pdf = rocket::tokio::task::spawn_blocking(move || paper::pdf(&certificate)).await;
    let pdf = pdf.map_err(|cause| Error::Internal(cause.to_string()))?.map_err(Error::Internal)?;
    Ok(Download {
        pdf: (ContentType::PDF, pdf),
        disposition: Header::new("Content-Disposition", disposition),
    })
}

fn written(vouched: &Vouched, lang: Lang, base_url: &str) -> paper::Certificate {
    let code = certificate::readable(&vouched.certificate.code);
    let attended = |session: &ReleasedSession| {
        let published = &vouched.published;
        let place = published.place_of(session).map(|place| place.name.clone());
        let online = session.online.then(|| words::capital(&text(lang, "online", &[])));
        Attended {
            title: session.title.clone(),
            lang: words::foreign(lang, session),
            when: words::capital(&words::when(lang, session)),
            place: place.into_iter().chain(online).collect::<Vec<_>>().join(", "),
            hosts: published.hosts_of(session).map(|host| host.name.as_str()).collect::<Vec<_>>().join(", "),
        }
    };
    paper::Certificate {
        lang,
        programme: vouched.published.release.programme.title.clone(),
        name: vouched.name.clone(),
        sessions: sessions(vouched).map(attended).collect(),
        issued_on: issued_on(vouched, lang),
        issued_at: vouched.certificate.issued_at,
        verify_url: format!("{base_url}/{}/certificates/{code}", lang.code()),
        code,
    }
}

fn sessions(vouched: &Vouched) -> impl Iterator<Item = &ReleasedSession> {
    vouched.sessions.iter().filter_map(|id| vouched.published.session_by_id(*id))
}

fn issued_on(vouched: &Vouched, lang: Lang) -> String {
    let zone = vouched.published.release.programme.timezone;
    let issued: DateTime<Utc> = vouched.certificate.issued_at;
    locale::date(lang, issued.with_timezone(&zone).date_naive())
}

/// What `registration/certificate.html` shows.
#[derive(Debug, Serialize)]
struct CodePage {
    action: String,
    /// In words, where the code is good for nothing.
    wrong: Option<String>,
    vouched: Option<Shown>,
    form: FormState,
}

/// What a code vouches for.
#[derive(Debug, Serialize)]
struct Shown {
    name: String,
    programme: String,
    href: String,
    sessions: Vec<Line>,
    issued_on: String,
    code: String,
}

#[derive(Debug, Serialize)]
struct Line {
    title: String,
    lang_of: Option<String>,
    href: String,
    when: String,
    hosts: String,
}

/// Where a code is typed from paper.
#[derive(Responder)]
pub enum Asked {
    There(Box<Redirect>),
    Page(Html),
}

#[get("/<lang>/certificates", rank = 5)]
pub fn ask(lang: Lang, query: Query, room: Room<'_>) -> Result<Private<Asked>> {
    let code = query.pairs().find(|(name, _)| *name == "code").map(|(_, code)| code.trim());
    if let Some(code) = code.filter(|code| !code.is_empty()) {
        let code: String = code.chars().filter(char::is_ascii_alphanumeric).take(64).collect();
        let there = format!("/{}/certificates/{}", lang.code(), if code.is_empty() { "-" } else { &code });
        return Ok(Private(Asked::There(Box::new(Redirect::to(there)))));
    }
    draw(&room, lang, "/certificates", "", None, None).map(Asked::Page).map(Private)
}

#[get("/<lang>/certificates/<code>", rank = 5)]
pub async fn verify(
    _limit: RateLimited,
    lang: Lang,
    code: &str,
    room: Room<'_>,
) -> Result<Private<(Status, Html)>> {
    let known = certificate::look_up(&mut room.db().await?, room.house, code).await?;
    let say = |key: &str| Some(text(lang, key, &[]));
    let (status, wrong, vouched) = match known {
        Known::Yes(vouched) => (Status::Ok, None, Some(vouched)),
        Known::NoMore => (Status::Gone, say("certificate-no-more"), None),
        Known::No => (Status::NotFound, say("certificate-unknown"), None),
    };
    // What nobody knows is no address of ours.
    let path = match &vouched {
        Some(vouched) => format!("/certificates/{}", certificate::readable(&vouched.certificate.code)),
        None => "/certificates".to_owned(),
    };
    let html = draw(&room, lang, &path, code, wrong, vouched.as_deref())?;
    Ok(Private((status, html)))
}

fn draw(
    room: &Room<'_>,
    lang: Lang,
    path: &str,
    code: &str,
    wrong: Option<String>,
    vouched: Option<&Vouched>,
) -> Result<Html> {
    let mut form = FormState::default();
    form.set("code", code);
    let layout = Layout::new(&room.settings.base_url, lang, path, text(lang, "certificate-page-title", &[]));
    let layout = match vouched.map(|vouched| &vouched.published.release) {
        Some(release) => layout
            .programme(&release.programme.slug, release.programme.title.clone())
            .release(release.number)
            .zone(release.programme.timezone),
        None => layout,
    };
    let shown = |vouched: &Vouched| {
        let home = format!("/{}/{}", lang.code(), vouched.published.slug());
        let hosts = |session: &ReleasedSession| {
            vouched.published.hosts_of(session).map(|host| host.name.as_str()).collect::<Vec<_>>().join(", ")
        };
        let line = |session: &ReleasedSession| Line {
            title: session.title.clone(),
            lang_of: words::foreign(lang, session),
            href: format!("{home}/sessions/{}", session.slug),
            when: words::capital(&words::when(lang, session)),
            hosts: hosts(session),
        };
        Shown {
            name: vouched.name.clone(),
            programme: vouched.published.release.programme.title.clone(),
            sessions: sessions(vouched).map(line).collect(),
            issued_on: issued_on(vouched, lang),
            code: certificate::readable(&vouched.certificate.code),
            href: home,
        }
    };
    let body = CodePage {
        action: format!("/{}/certificates", lang.code()),
        wrong,
        vouched: vouched.map(shown),
        form,
    };
    room.draw(layout.robots("noindex"), body, "registration/certificate.html")
}
