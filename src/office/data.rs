//! The life of a programme's data: for how long it is kept, what goes when, what goes now; one person's; the archive.

mod person;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use rocket::{FromForm, Route, form::Form, get, http::ContentType, post, routes};
use serde::Serialize;

use super::{
    Html, Right, Room,
    frame::{At, Known},
    guard::Signed,
    mails::Answer,
    may,
};
use crate::{
    audit::{self, Actor, Entry, Facts},
    db::Conn,
    error::{Error, Result},
    identity::Staff,
    locale::{self, Lang, text},
    mail::outbox,
    programme::{self, Draft},
    proposals::{self, forget},
    registration::retention::{self, DAYS_MAX, store},
    release::Release,
    web::{archive, form::FormState, guards::SameOrigin, reply::Private},
};

/// The routes of this area.
pub fn routes() -> Vec<Route> {
    [routes![show, keep_days, erase, archived], person::routes()].concat()
}

/// What `office/data/show.html` shows.
#[derive(Serialize)]
struct DataPage {
    home: String,
    /// « 14 mai 2028 »: when those go who have registered; `None` before the first release.
    due: Option<String>,
    ends: Option<String>,
    is_due: bool,
    /// When those go who have proposed something, and their files; without a release, all mails.
    proposed_due: String,
    /// The last day from which that counts.
    proposed_ends: String,
    is_proposed_due: bool,
    /// Both on one day.
    together: bool,
    is_over: bool,
    days: i64,
    house_days: i64,
    own: bool,
    people: i64,
    elsewhere: i64,
    orders: i64,
    answers: i64,
    /// People whom proposals of the public call name.
    proposers: i64,
    mails: i64,
    may_erase: bool,
    slug: String,
    form: FormState,
    archive: Option<String>,
    notice: Option<String>,
}

fn home(lang: Lang, known: &Known) -> String {
    format!("/{}/office/{}/data", lang.code(), known.slug)
}

#[get("/<lang>/office/<slug>/data?<done>", rank = 6)]
async fn show(
    signed: Signed,
    lang: Lang,
    slug: &str,
    done: Option<&str>,
    room: Room<'_>,
) -> Result<Private<Html>> {
    let staff = signed.with(Right::SeeDraft)?;
    let mut db = room.db().await?;
    let (known, at) = At::programme(&mut db, staff, lang, slug, "data").await?;
    let notice = match done {
        Some("days") => Some(text(lang, "data-days-kept", &[])),
        Some("erased") => Some(text(lang, "data-erased", &[])),
        Some("person") => Some(text(lang, "data-person-erased", &[])),
        Some(_) | None => None,
    };
    draw(&mut db, &room, staff, (&known, &at), lang, FormState::default(), notice).await.map(Private)
}

async fn draw(
    db: &mut Conn,
    room: &Room<'_>,
    staff: &Staff,
    (known, at): (&Known, &At),
    lang: Lang,
    mut form: FormState,
    notice: Option<String>,
) -> Result<Html> {
    let own = store::days(db, known.id).await?;
    let personal = store::personal(db, known.id).await?;
    let mails = outbox::personal_of(db, &known.slug).await?;
    let proposers = proposals::store::forget::count(db, known.id).await?;
    let days = own.unwrap_or(room.settings.retention_days);
    let published = room.house.publications.current(&known.slug);
    let release = published.as_ref().map(|published| &published.release);
    let (_, draft) = programme::store::load(db, &known.slug).await?.ok_or(Error::NotFound)?;
    let due = release.and_then(|release| retention::due_at(release, days));
    let proposed_due = forget::due_at(&draft, release, days).ok_or(Error::NotFound)?;
    let local_day = |zone: Tz, at: DateTime<Utc>| locale::date(lang, at.with_timezone(&zone).date_naive());
    let zone = release.map_or(draft.programme.timezone, |release| release.programme.timezone);
    let proposed_ends = forget::last_day(&draft, release);
    if form.values("days").is_empty() {
        form.set("days", own.map(|days| days.to_string()).unwrap_or_default());
    }
    let body = DataPage {
        home: home(lang, known),
        due: due.map(|due| local_day(zone, due)),
        ends: release.map(|release| locale::date(lang, release.last_day())),
        is_due: due.is_some_and(|due| due <= room.now),
        proposed_due: local_day(draft.programme.timezone, proposed_due),
        proposed_ends: locale::date(lang, proposed_ends),
        is_proposed_due: proposed_due <= room.now,
        together: release.is_some_and(|release| release.last_day() == proposed_ends),
        is_over: is_over(&draft, release, room.now),
        days,
        house_days: room.settings.retention_days,
        own: own.is_some(),
        people: personal.people,
        elsewhere: personal.elsewhere,
        orders: personal.orders,
        answers: personal.answers,
        proposers,
        mails,
        may_erase: may(staff.role, Right::EraseData),
        slug: known.slug.clone(),
        form,
        archive: published.as_ref().map(|_| format!("{}/archive.zip", home(lang, known))),
        notice,
    };
    let layout = at.frame(room, staff, "/data", text(lang, "office-data-title", &[]));
    room.draw(layout, body, "office/data/show.html")
}

/// True where neither what is published nor the draft has a day before it: nobody comes, or proposes, any more.
fn is_over(draft: &Draft, release: Option<&Release>, now: DateTime<Utc>) -> bool {
    forget::due_at(draft, release, 0).is_some_and(|end| end <= now)
}

#[derive(FromForm)]
struct Days {
    #[field(default = String::new())]
    days: String,
}

/// For how long personal data is kept; nothing typed: as long as the house.
#[post("/<lang>/office/<slug>/data/retention", data = "<typed>", rank = 6)]
async fn keep_days(
    signed: Signed,
    _origin: SameOrigin,
    lang: Lang,
    slug: &str,
    typed: Form<Days>,
    room: Room<'_>,
) -> Result<Answer> {
    let staff = signed.with(Right::EraseData)?;
    let mut tx = room.house.pool.begin().await?;
    let (known, at) = At::programme(&mut tx, staff, lang, slug, "data").await?;
    let typed = typed.days.trim();
    let days = match typed {
        "" => None,
        text => Some(text.parse::<i64>().ok().filter(|days| (1..=DAYS_MAX).contains(days))),
    };
    if days == Some(None) {
        let mut form = FormState::default();
        form.set("days", typed);
        form.refuse("days", text(lang, "data-days-wrong", &[("max", DAYS_MAX.into())]));
        return draw(&mut tx, &room, staff, (&known, &at), lang, form, None)
            .await
            .map(Private)
            .map(Answer::Wrong);
    }
    let days = days.flatten();
    let before = store::days(&mut tx, known.id).await?;
    store::set_days(&mut tx, known.id, days, room.now).await?;
    let fact = |days: Option<i64>| Facts::default().with("days", days);
    let entry = entry(&room, staff, &known, "data.retention").facts(fact(before), fact(days));
    audit::record(&mut tx, &entry).await?;
    tx.commit().await?;
    room.house.board.put_kept_days(known.id, days);
    Ok(Answer::Done(format!("{}?done=days", home(lang, &known))))
}

fn entry(room: &Room<'_>, staff: &Staff, known: &Known, action: &'static str) -> Entry {
    let subject = audit::subject("programme", &known.slug);
    Entry::new(&room.house.tokens, room.now, Actor::User(staff.id), action, subject).of(known.id)
}

#[derive(FromForm)]
struct Erasure {
    #[field(default = String::new())]
    slug: String,
    /// That it is not over, and all the same.
    #[field(default = false)]
    early: bool,
}

/// Everything personal of the programme goes, now; its slug has to be typed.
#[post("/<lang>/office/<slug>/data/erasure", data = "<typed>", rank = 6)]
async fn erase(
    signed: Signed,
    _origin: SameOrigin,
    lang: Lang,
    slug: &str,
    typed: Form<Erasure>,
    room: Room<'_>,
) -> Result<Answer> {
    let staff = signed.with(Right::EraseData)?;
    let mut tx = room.house.pool.begin().await?;
    let (known, at) = At::programme(&mut tx, staff, lang, slug, "data").await?;
    let (_, draft) = programme::store::load(&mut tx, &known.slug).await?.ok_or(Error::NotFound)?;
    let published = room.house.publications.current(&known.slug);
    let mut form = FormState::default();
    if typed.slug.trim() != known.slug {
        form.refuse("slug", text(lang, "data-erase-slug-wrong", &[("slug", known.slug.clone().into())]));
    }
    let is_over = is_over(&draft, published.as_ref().map(|published| &published.release), room.now);
    if !is_over && !typed.early {
        form.refuse("early", text(lang, "data-erase-early-wrong", &[]));
    }
    if !form.errors.is_empty() {
        form.set("slug", typed.slug.clone());
        if typed.early {
            form.set("early", "true");
        }
        return draw(&mut tx, &room, staff, (&known, &at), lang, form, None)
            .await
            .map(Private)
            .map(Answer::Wrong);
    }
    let programmes = [(known.id, known.slug.clone())];
    let people = retention::erase_programmes(&mut tx, room.house, &programmes, room.now).await?;
    forget::erase_programmes(&mut tx, &programmes, room.now).await?;
    let facts = Facts::default().with("people", people).with("early", !is_over);
    audit::record(&mut tx, &entry(&room, staff, &known, "data.erase").facts(Facts::default(), facts)).await?;
    tx.commit().await?;
    Ok(Answer::Done(format!("{}?done=erased", home(lang, &known))))
}

/// The programme as pages that need no server, in one file.
#[get("/<lang>/office/<slug>/data/archive.zip", rank = 6)]
async fn archived(signed: Signed, lang: Lang, slug: &str, room: Room<'_>) -> Result<Private<Download>> {
    let staff = signed.with(Right::SeeDraft)?;
    let (known, _) = At::programme(&mut room.db().await?, staff, lang, slug, "data").await?;
    let published = room.house.publications.current(&known.slug).ok_or(Error::NotFound)?;
    let (content_type, bytes) =
        archive::zipped(room.house, room.view, &room.settings.base_url, &published).await?;
    Ok(Private(Download { name: format!("{}.zip", known.slug), content_type, bytes }))
}

/// A file to keep.
pub(super) struct Download {
    name: String,
    content_type: ContentType,
    bytes: Vec<u8>,
}

impl<'r> rocket::response::Responder<'r, 'static> for Download {
    fn respond_to(self, request: &'r rocket::Request<'_>) -> rocket::response::Result<'static> {
        let mut response = (self.content_type, self.bytes).respond_to(request)?;
        // Names are slugs and ids: nothing in them ends the quotes.
        response.set_raw_header("Content-Disposition", format!("attachment; filename=\"{}\"", self.name));
        Ok(response)
    }
}
