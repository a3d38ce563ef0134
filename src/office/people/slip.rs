//! What somebody takes home who gets no mail: when, where, and by which code they are found again. On paper, in large
//! letters.

use rocket::get;
use serde::Serialize;

use super::find;
use crate::{
    error::Result,
    locale::{self, Lang, text},
    office::{
        Html, Right, Room,
        frame::At,
        guard::Signed,
        registrations::{Said, published, state},
    },
    programme::{Status, words},
    registration::{
        contact::Code,
        store::lists::{self, Theirs},
    },
    release::published::Published,
    web::reply::Private,
};

#[derive(Serialize)]
struct SlipPage {
    home: String,
    programme: String,
    name: String,
    code: Option<String>,
    lines: Vec<Line>,
    /// The organisers' address.
    email: Option<String>,
    printed: String,
    /// The language in which it is read: the person's.
    language: &'static str,
}

#[derive(Serialize)]
struct Line {
    title: String,
    lang: Option<String>,
    when: String,
    place: String,
    address: String,
    online: bool,
    people: i64,
    state: Said,
    /// Has a seat: where and when matter most.
    seat: bool,
    off: bool,
}

#[get("/<lang>/office/<slug>/people/<id>/slip", rank = 6)]
pub(super) async fn show(
    signed: Signed,
    lang: Lang,
    slug: &str,
    id: &str,
    room: Room<'_>,
) -> Result<Private<Html>> {
    let staff = signed.with(Right::SeeRegistrations)?;
    let mut db = room.db().await?;
    let (known, at) = At::programme(&mut db, staff, lang, slug, "registrations").await?;
    let published = published(room.house, known.id)?;
    let person = find(&mut db, known.id, id).await?;
    let theirs = lists::theirs(&mut db, known.id, person.id).await?;
    let programme = &published.release.programme;
    let live = theirs.iter().filter(|one| one.state.is_live());
    let body = SlipPage {
        home: format!("/{}/office/{slug}/people/{}", lang.code(), person.id),
        programme: programme.title.clone(),
        code: person.code.as_deref().and_then(Code::parse).map(|code| code.readable()),
        lines: live.filter_map(|one| line(lang, &published, one)).collect(),
        email: programme.contact.email.clone(),
        printed: locale::date(lang, room.now.with_timezone(&programme.timezone).date_naive()),
        language: lang.code(),
        name: person.name,
    };
    let title = text(lang, "office-slip-title", &[]);
    let layout = at.frame(&room, staff, &format!("/people/{}/slip", person.id), title);
    let layout = layout.zone(programme.timezone);
    room.draw(layout, body, "office/people/slip.html").map(Private)
}

fn line(lang: Lang, published: &Published, one: &Theirs) -> Option<Line> {
    let session = published.session_by_id(one.session_id)?;
    let zone = published.release.programme.timezone;
    let place = published.place_of(session);
    Some(Line {
        title: session.title.clone(),
        lang: words::foreign_within(lang, &published.release.programme, session),
        when: words::when(lang, session),
        place: place.map_or_else(String::new, |place| place.name.clone()),
        address: place.map_or_else(String::new, |place| place.address.clone()),
        online: session.online,
        people: one.people,
        state: state(lang, zone, one.state, one.awaits.zip(one.deadline), one.position),
        seat: one.state.holds_seats(),
        off: session.status != Status::Scheduled,
    })
}
