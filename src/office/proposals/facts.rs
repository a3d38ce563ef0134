//! A partner's own sessions: how they stand, and how many people come.

use serde::Serialize;

use crate::{
    office::draft::{
        Here,
        view::{self, Pill},
    },
    programme::{DraftSession, Status},
};

/// A session in the list of a partner.
#[derive(Debug, Clone, Serialize)]
pub struct Line {
    title: String,
    when: String,
    place: String,
    pills: Vec<Pill>,
    /// Where another edition of it is proposed; `None` for one that does not take place.
    change: String,
    /// Who is registered; `None` before it is published.
    registrations: Option<String>,
    /// Where the public reads it; `None` before it is published.
    public: Option<String>,
    taken: Option<i64>,
    capacity: Option<i64>,
    waiting: i64,
}

/// The sessions of the organisations for which this person speaks, by their time.
pub fn own(here: &Here<'_>) -> Vec<Line> {
    let mut own: Vec<&DraftSession> = here.draft.sessions.iter().filter(|one| is_own(here, one)).collect();
    own.retain(|one| one.session.status != Status::Withdrawn);
    own.sort_by_key(|one| (one.session.date, one.session.start));
    let release = here.published.as_ref().map(|published| &published.release);
    let released = view::released(release);
    own.into_iter().map(|one| line(here, one, released.get(&one.session.id).copied())).collect()
}

/// True where this person speaks for one of its hosts.
pub fn is_own(here: &Here<'_>, session: &DraftSession) -> bool {
    session.session.hosts.iter().any(|host| here.staff.speaks_for(here.known.id, host))
}

fn line(here: &Here<'_>, one: &DraftSession, released: Option<&crate::release::ReleasedSession>) -> Line {
    let lang = here.lang();
    let slug = &one.session.slug;
    let seat = here.room.house.board.seat(one.session.id);
    let is_public = released.is_some_and(|one| one.status != Status::Withdrawn);
    Line {
        title: one.session.title.clone(),
        when: view::when(here, one),
        place: view::place(lang, &here.draft, one),
        pills: view::pills(lang, one, view::stands(one, released.as_ref())),
        change: here.href(&format!("/proposals/sessions/{slug}/change")),
        registrations: seat.is_some().then(|| here.href(&format!("/proposals/sessions/{slug}"))),
        public: is_public.then(|| format!("/{}/{}/sessions/{slug}", lang.code(), here.known.slug)),
        taken: seat.as_ref().map(|seat| seat.taken),
        capacity: seat.as_ref().and_then(|seat| seat.capacity),
        waiting: seat.map_or(0, |seat| seat.waiting),
    }
}
