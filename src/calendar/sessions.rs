//! A release's sessions as calendar entries.

use chrono::{DateTime, Utc};

use super::{Entry, EntryStatus, Feed, REFRESH_HOURS, words};
use crate::{
    locale::Lang,
    markdown,
    programme::{Session, Status},
    release::{Release, ReleasedSession},
};

/// Which sessions a feed holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filter<'a> {
    /// All of them.
    All,
    /// Those of the theme of that slug.
    Theme(&'a str),
    /// The one of that slug.
    Session(&'a str),
}

/// What an entry says to one person who is confirmed, beside what everybody may know.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Personal<'a> {
    /// Where to join online.
    pub join_url: Option<&'a str>,
    /// The number of the person's own cancellations and returns, added to the session's `SEQUENCE`.
    pub extra_sequence: i64,
    /// `DTSTAMP`; `None`: when the release was published.
    pub stamp: Option<DateTime<Utc>>,
    /// Name and address of who invites: `mail.from`.
    pub organizer: Option<(String, String)>,
    /// Name and address of the person.
    pub attendee: Option<(String, String)>,
}

/// The address of a session's page.
pub fn session_url(base_url: &str, lang: Lang, programme: &str, session: &str) -> String {
    format!("{}/sessions/{session}", programme_url(base_url, lang, programme))
}

fn programme_url(base_url: &str, lang: Lang, programme: &str) -> String {
    format!("{}/{}/{programme}", base_url.trim_end_matches('/'), lang.code())
}

/// A session as everybody may see it. Never holds the join address.
pub fn entry(release: &Release, session: &ReleasedSession, lang: Lang, base_url: &str) -> Entry {
    let url = session_url(base_url, lang, &release.programme.slug, &session.slug);
    let place = release.place_of(session);
    let zone = release.programme.timezone;
    let theme = release.theme_of(session).map_or("", |theme| &theme.title);
    Entry {
        uid: session.id.to_string(),
        sequence: session.sequence,
        stamp: release.published_at,
        last_modified: session.changed_at,
        when: words::when(
            session.date,
            session.end,
            session.start.map(|_| session.starts_at(zone)),
            session.ends_at(zone),
        ),
        summary: session.title.clone(),
        description: description(session, lang, None, &url),
        location: location(release, session, lang, None),
        geo: place.and_then(|place| place.latitude.zip(place.longitude)),
        url,
        conference: None,
        categories: words::categories(theme, &session.formats, &session.tags, lang),
        status: match session.status {
            Status::Scheduled => EntryStatus::Confirmed,
            Status::Cancelled | Status::Withdrawn => EntryStatus::Cancelled,
        },
        organizer: None,
        attendee: None,
    }
}

/// A session as a person who is confirmed sees it in the mail and in the agenda feed.
pub fn agenda_entry(
    release: &Release,
    session: &ReleasedSession,
    lang: Lang,
    base_url: &str,
    personal: &Personal<'_>,
) -> Entry {
    let mut entry = entry(release, session, lang, base_url);
    entry.sequence += personal.extra_sequence;
    entry.stamp = personal.stamp.unwrap_or(entry.stamp);
    entry.organizer = personal.organizer.clone();
    entry.attendee = personal.attendee.clone();
    // Who is told that it is off has nothing to join.
    if let Some(address) = personal.join_url.filter(|_| session.status == Status::Scheduled) {
        entry.description = description(session, lang, Some(address), &entry.url);
        entry.conference = Some(address.to_owned());
        entry.location = location(release, session, lang, Some(address));
    }
    entry
}

/// The ICS text of a programme, of one of its themes, or of one session; cancelled and withdrawn sessions stay in
/// it. A theme or session that is unknown gives an empty calendar: routes look before.
pub fn programme_feed(release: &Release, lang: Lang, base_url: &str, filter: Filter<'_>) -> String {
    let programme = &release.programme;
    let page = programme_url(base_url, lang, &programme.slug);
    let (name, url) = match filter {
        Filter::All => (programme.title.clone(), page),
        Filter::Theme(slug) => {
            let title = release.theme(slug).map_or(slug, |theme| &theme.title);
            (format!("{} – {title}", programme.title), format!("{page}/themes/{slug}"))
        }
        Filter::Session(slug) => {
            let title = release.session(slug).map_or(slug, |session| &session.title);
            (title.to_owned(), format!("{page}/sessions/{slug}"))
        }
    };
    let is_in = |session: &&ReleasedSession| match filter {
        Filter::All => true,
        Filter::Theme(slug) => session.theme.as_deref() == Some(slug),
        Filter::Session(slug) => session.slug == slug,
    };
    let sessions = release.sessions.iter().filter(is_in);
    super::feed(&Feed {
        name,
        description: programme.tagline.clone(),
        url,
        entries: sessions.map(|session| entry(release, session, lang, base_url)).collect(),
        stamp: release.published_at,
        refresh: REFRESH_HOURS,
    })
}

fn description(session: &Session, lang: Lang, join_url: Option<&str>, url: &str) -> String {
    let texts = [session.reason(), session.r#abstract.trim(), &markdown::to_text(&session.description)];
    words::description(session.status, join_url, &texts, url, lang)
}

fn location(release: &Release, session: &Session, lang: Lang, join_url: Option<&str>) -> String {
    let place = release.place_of(session).map_or([""; 2], |place| [&place.name, &place.address]);
    words::location(place, session.online, join_url, lang)
}
