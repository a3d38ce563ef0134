//! The list of mails: what is looked for, and a line a mail.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;
use rocket::FromForm;
use serde::Serialize;

use crate::{
    db::Conn,
    error::Result,
    identity::Staff,
    locale::{self, Lang, text},
    mail::{
        Kind,
        outbox::seen::{self, Filter, Seen, Standing},
    },
    office::{Right, Room, frame::Known, may},
    programme::instant,
    registration::person::Email,
};

/// Mails on one page.
const PAGE_MAX: usize = 50;

/// What was asked for; what cannot be read is left out.
#[derive(Debug, Default, FromForm)]
pub(super) struct Asked<'r> {
    state: Option<&'r str>,
    kind: Option<&'r str>,
    to: Option<&'r str>,
    day: Option<&'r str>,
    before: Option<&'r str>,
    /// After a retry: so many.
    tried: Option<u32>,
}

/// Whose mails are listed.
pub(super) struct Place {
    lang: Lang,
    /// Of one programme.
    programme: Option<Known>,
    /// Days and times are of this zone.
    zone: Tz,
    /// The address of the list.
    home: String,
}

impl Place {
    /// All.
    pub fn house(lang: Lang, room: &Room<'_>) -> Place {
        let first = room.house.publications.current_first(room.now).into_iter().next();
        let zone = first.map_or(Tz::UTC, |published| published.release.programme.timezone);
        Place { lang, programme: None, zone, home: format!("/{}/office/mails", lang.code()) }
    }

    /// Those of a programme.
    pub fn programme(lang: Lang, room: &Room<'_>, known: &Known) -> Place {
        let published = room.house.publications.current(&known.slug);
        Place {
            zone: published.map_or(Tz::UTC, |published| published.release.programme.timezone),
            home: format!("/{}/office/{}/mails", lang.code(), known.slug),
            programme: Some(known.clone()),
            lang,
        }
    }
}

/// What `office/mails/list.html` shows.
#[derive(Debug, Serialize)]
pub(super) struct ListPage {
    home: String,
    /// What was asked for, to be seen in the form again.
    to: String,
    day: String,
    states: Vec<Choice>,
    kinds: Vec<Choice>,
    filtered: bool,
    mails: Vec<Line>,
    /// The mails before these.
    older: Option<String>,
    due: i64,
    failed: i64,
    /// After a retry.
    tried: Option<u32>,
    may_change: bool,
    /// The programmes whose mails need somebody, on the page of the house.
    programmes: Vec<ProgrammeLine>,
    /// The other pages of a programme's mails.
    messages: Option<String>,
    texts: Option<String>,
    zone: String,
}

#[derive(Debug, Serialize)]
struct Choice {
    value: &'static str,
    label: String,
    chosen: bool,
}

#[derive(Debug, Serialize)]
struct ProgrammeLine {
    title: String,
    href: String,
    due: i64,
    failed: i64,
}

/// A mail in the list.
#[derive(Debug, Serialize)]
pub(super) struct Line {
    pub href: String,
    pub state: String,
    /// The class of the state's pill.
    pub tone: &'static str,
    pub kind: String,
    pub to: String,
    pub written: String,
    pub datetime: String,
    /// When it is tried next.
    pub next: Option<String>,
    pub attempts: i64,
    pub error: Option<String>,
}

/// The page.
pub(super) async fn page(
    db: &mut Conn,
    room: &Room<'_>,
    staff: &Staff,
    place: &Place,
    asked: &Asked<'_>,
) -> Result<ListPage> {
    let filter = filter(place, asked, staff);
    let limit = i64::try_from(PAGE_MAX + 1).unwrap_or(i64::MAX);
    let mut found = seen::page(db, &filter, room.now, limit).await?;
    let more = found.len() > PAGE_MAX;
    found.truncate(PAGE_MAX);
    let waiting = seen::waiting(db).await?;
    let own = place.programme.as_ref().map(|known| known.slug.as_str());
    let counted = || waiting.iter().filter(|one| own.is_none() || one.programme.as_deref() == own);
    let lang = place.lang;
    let last = found.last().filter(|_| more).map(|seen| seen.row.id.to_string());
    let below = |rest: &str| place.programme.as_ref().map(|_| format!("{}/{rest}", place.home));
    Ok(ListPage {
        home: place.home.clone(),
        to: asked.to.unwrap_or_default().to_owned(),
        day: asked.day.unwrap_or_default().to_owned(),
        states: Standing::ALL
            .map(|standing| Choice {
                value: standing.code(),
                label: state_words(lang, standing),
                chosen: filter.standing == Some(standing),
            })
            .into(),
        kinds: Kind::ALL
            .into_iter()
            .filter(|kind| may_read(staff, *kind))
            .map(|kind| Choice {
                value: kind.code(),
                label: kind_words(lang, kind.code()),
                chosen: filter.kind == Some(kind),
            })
            .collect(),
        filtered: filter
            != Filter {
                programme: filter.programme.clone(),
                without: filter.without.clone(),
                ..Filter::default()
            },
        mails: found.iter().map(|seen| line(seen, lang, place.zone, room.now)).collect(),
        older: last.map(|last| format!("{}?{}", place.home, query(asked, &last))),
        due: counted().map(|one| one.due).sum(),
        failed: counted().map(|one| one.failed).sum(),
        tried: asked.tried,
        may_change: may(staff.role, Right::ChangeMails),
        programmes: match place.programme {
            Some(_) => Vec::new(),
            None => programmes(room, lang, &waiting),
        },
        messages: below("messages").filter(|_| may(staff.role, Right::ChangeMails)),
        texts: below("texts").filter(|_| may(staff.role, Right::ChangeMails)),
        zone: locale::zone(lang, place.zone.name()),
    })
}

/// True where this person reads such mails. What the team says to those who propose, and who joins it for a partner, is for
/// who decides about them.
pub(in crate::office) fn may_read(staff: &Staff, kind: Kind) -> bool {
    !matches!(kind, Kind::Proposal | Kind::Joining) || may(staff.role, Right::Review)
}

fn filter(place: &Place, asked: &Asked<'_>, staff: &Staff) -> Filter {
    let said = |text: Option<&str>| text.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    let day = asked.day.and_then(|day| day.parse::<NaiveDate>().ok());
    let midnight = |day: NaiveDate| instant(place.zone, day.and_time(NaiveTime::MIN));
    Filter {
        programme: place.programme.as_ref().map(|known| known.slug.clone()),
        standing: asked.state.and_then(Standing::parse),
        kind: asked.kind.and_then(Kind::parse),
        without: Kind::ALL.into_iter().filter(|kind| !may_read(staff, *kind)).collect(),
        // What is no address has no mails.
        recipient: said(asked.to).map(|to| Email::parse(&to).map_or(to, |email| email.as_str().to_owned())),
        from: day.map(midnight),
        until: day.and_then(|day| day.checked_add_days(Days::new(1))).map(midnight),
        before: asked.before.and_then(|before| before.parse().ok()),
    }
}

/// The same question, about the mails before that one.
fn query(asked: &Asked<'_>, before: &str) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in [("state", asked.state), ("kind", asked.kind), ("to", asked.to), ("day", asked.day)]
    {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            query.append_pair(name, value);
        }
    }
    query.append_pair("before", before).finish()
}

fn programmes(room: &Room<'_>, lang: Lang, waiting: &[seen::Waiting]) -> Vec<ProgrammeLine> {
    let line = |published: std::sync::Arc<crate::release::published::Published>| {
        let slug = published.slug();
        let counted = waiting.iter().find(|one| one.programme.as_deref() == Some(slug));
        ProgrammeLine {
            title: published.release.programme.title.clone(),
            href: format!("/{}/office/{slug}/mails", lang.code()),
            due: counted.map_or(0, |one| one.due),
            failed: counted.map_or(0, |one| one.failed),
        }
    };
    room.house.publications.current_first(room.now).into_iter().map(line).collect()
}

/// A line of the list.
pub(super) fn line(seen: &Seen, lang: Lang, zone: Tz, now: DateTime<Utc>) -> Line {
    let row = &seen.row;
    let standing = seen.standing(now);
    Line {
        href: format!("/{}/office/mails/{}", lang.code(), row.id),
        state: state_words(lang, standing),
        tone: tone(standing),
        kind: kind_words(lang, &row.kind),
        to: row.recipient.clone().unwrap_or_else(|| text(lang, "office-mails-erased", &[])),
        written: moment(lang, zone, row.queued_at),
        datetime: row.queued_at.format("%FT%TZ").to_string(),
        next: (standing == Standing::Delayed).then(|| moment(lang, zone, row.due_at)),
        attempts: row.attempts,
        // Our own words for what the state says already.
        error: row.error.clone().filter(|_| !matches!(standing, Standing::Aborted | Standing::Erased)),
    }
}

/// « lundi 1er mars, 10:00 ».
pub(super) fn moment(lang: Lang, zone: Tz, at: DateTime<Utc>) -> String {
    let local = at.with_timezone(&zone).naive_local();
    format!("{}, {}", locale::date(lang, local.date()), locale::time(lang, local.time()))
}

/// « En attente ».
pub(super) fn state_words(lang: Lang, standing: Standing) -> String {
    text(lang, &format!("mail-state-{}", standing.code()), &[])
}

/// « Rappel »; a kind of another version stands for itself.
pub(in crate::office) fn kind_words(lang: Lang, code: &str) -> String {
    match Kind::parse(code) {
        Some(kind) => text(lang, &format!("mail-kind-{}", kind.code().replace('_', "-")), &[]),
        None => code.to_owned(),
    }
}

/// The class of a state's pill.
pub(super) fn tone(standing: Standing) -> &'static str {
    match standing {
        Standing::Sent => "good",
        Standing::Failed | Standing::Bounced => "warn",
        Standing::Due | Standing::Sending | Standing::Delayed => "live",
        Standing::Aborted | Standing::Erased => "off",
    }
}
