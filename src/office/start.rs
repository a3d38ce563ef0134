//! The start page: each programme with the numbers that say whether somebody is needed.

use chrono::{DateTime, Utc};
use rocket::{Route, get, response::Redirect, routes};
use serde::Serialize;

use super::{
    Html, Right, Room,
    frame::{self, At, Known},
    guard::Signed,
    may,
};
use crate::{
    error::Result,
    identity::Role,
    locale::{self, Lang},
    mail::outbox,
    programme,
    web::reply::Private,
};

/// The routes of this area.
pub fn routes() -> Vec<Route> {
    routes![show, programme_start]
}

#[derive(Serialize)]
struct StartPage {
    /// What to call the person.
    who: String,
    programmes: Vec<Card>,
    /// Mails that need somebody; `None` where that is not this person's business.
    failed: Option<i64>,
    /// True where the person may make programmes.
    may_make: bool,
    /// True where they may make one from a file.
    may_import: bool,
}

/// A programme on the start page.
#[derive(Serialize)]
struct Card {
    title: String,
    /// Where this person begins in it; `None` where nothing in it is open to them.
    href: Option<String>,
    /// The public page, where there is one.
    public: Option<String>,
    /// « Publication 12, 3 mars 2027 », or that there is none.
    release: String,
    /// Numbers; a partner sees none.
    numbers: Option<Numbers>,
}

#[derive(Serialize)]
struct Numbers {
    sessions: i64,
    /// People who hold a seat.
    seats: i64,
    /// Registrations that wait.
    waiting: i64,
}

#[get("/<lang>/office", rank = 5)]
async fn show(signed: Signed, lang: Lang, room: Room<'_>) -> Result<Private<Html>> {
    let staff = signed.anybody();
    let mut db = room.db().await?;
    let at = At::office(&mut db, staff, lang, "start").await?;
    let failed = match may(staff.role, Right::SeeMails) {
        true => Some(outbox::failed(&mut db).await?),
        false => None,
    };
    let sessions = programme::store::session_counts(&mut db).await?;
    let programmes = at.programmes.iter().map(|known| {
        let count = sessions.get(&known.id).copied().unwrap_or(0);
        card(&room, lang, staff.role, known, count)
    });
    let body = StartPage {
        who: staff.called().to_owned(),
        programmes: programmes.collect(),
        failed,
        may_make: may(staff.role, Right::EditDraft),
        may_import: may(staff.role, Right::Import),
    };
    let layout = at.frame(&room, staff, "", locale::text(lang, "office-start-title", &[]));
    room.draw(layout, body, "office/start.html").map(Private)
}

fn card(room: &Room<'_>, lang: Lang, role: Role, known: &Known, sessions: i64) -> Card {
    let published = room.house.publications.current(&known.slug);
    let release = match &published {
        Some(published) => {
            let zone = published.release.programme.timezone;
            release_line(lang, published.release.number, published.release.published_at, zone)
        }
        None => locale::text(lang, "office-start-unpublished", &[]),
    };
    let seats = room.house.board.all(known.id);
    Card {
        title: known.title.clone(),
        href: frame::first_address(lang, role, &known.slug),
        public: published.map(|_| format!("/{}/{}", lang.code(), known.slug)),
        release,
        numbers: (role != Role::Partner).then(|| Numbers {
            sessions,
            seats: seats.values().map(|seat| seat.taken).sum(),
            waiting: seats.values().map(|seat| seat.waiting).sum(),
        }),
    }
}

fn release_line(lang: Lang, number: i64, at: DateTime<Utc>, zone: chrono_tz::Tz) -> String {
    let local = at.with_timezone(&zone).naive_local();
    let (day, time) = (locale::date(lang, local.date()), locale::time(lang, local.time()));
    locale::text(
        lang,
        "office-start-release",
        &[("number", number.into()), ("day", day.into()), ("time", time.into())],
    )
}

/// To what this person's work in the programme begins with.
#[get("/<lang>/office/<slug>", rank = 8)]
async fn programme_start(
    signed: Signed,
    lang: Lang,
    slug: &str,
    room: Room<'_>,
) -> Result<Private<Redirect>> {
    let staff = signed.anybody();
    let (known, _) = At::programme(&mut room.db().await?, staff, lang, slug, "start").await?;
    let there = frame::first_address(lang, staff.role, &known.slug);
    Ok(Private(Redirect::to(there.unwrap_or_else(|| format!("/{}/office", lang.code())))))
}
