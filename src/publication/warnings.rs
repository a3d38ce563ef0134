//! What the team should see before a draft is published: nothing of it hinders. Pure.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{
    programme::{
        Capacity, Draft, DraftSession, PressRelease, Registration, Status, Theme,
        clashes::{self, Clash},
        press::missing,
    },
    release::{ChangeKind, Release},
};

/// Warnings of one kind that are told one by one; of the rest only how many there are.
pub const WARNINGS_MAX: usize = 100;

/// Something that is probably wrong.
#[derive(Debug, Clone, PartialEq)]
pub enum Warning {
    /// Neither a place nor online: nobody knows where to go.
    NoPlace,
    /// Online, registration is with us, and nobody is told where to join.
    NoJoinUrl,
    /// A place, theme or organisation that the draft does not have (any more).
    Unknown(Reference, String),
    /// Announced, or moved, to a moment that is over.
    Past,
    /// Not between the programme's first and last day.
    OutsideProgramme,
    /// Not within the days of its theme, whose title this is.
    OutsideTheme(String),
    /// Fewer seats than there are people.
    CapacityBelowTaken {
        /// Seats that there will be.
        capacity: i64,
        /// Seats that are taken.
        taken: i64,
    },
    /// Nothing stands where people look first.
    NoTitle,
    /// Not a sentence that says what it is.
    NoAbstract,
    /// It is held in none of the languages in which its text is.
    NotInItsLanguage {
        /// In which it is held.
        spoken: Vec<String>,
        /// In which its text is.
        text: String,
    },
    /// A release to the press that is not there in this language of the programme.
    PressMissing(String),
    /// It is in the way of others, at that moment.
    Clash(Clash),
}

/// What a session names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Reference {
    Place,
    Theme,
    Organisation,
}

impl Reference {
    /// The word in message keys.
    pub fn code(self) -> &'static str {
        match self {
            Reference::Place => "place",
            Reference::Theme => "theme",
            Reference::Organisation => "organisation",
        }
    }
}

impl Warning {
    /// The word in message keys (`warning-no-place`); also what they are grouped by.
    pub fn code(&self) -> &'static str {
        match self {
            Warning::NoPlace => "no-place",
            Warning::NoJoinUrl => "no-join-url",
            Warning::Unknown(..) => "unknown",
            Warning::Past => "past",
            Warning::OutsideProgramme => "outside-programme",
            Warning::OutsideTheme(_) => "outside-theme",
            Warning::CapacityBelowTaken { .. } => "capacity",
            Warning::NoTitle => "no-title",
            Warning::NoAbstract => "no-abstract",
            Warning::NotInItsLanguage { .. } => "language",
            Warning::PressMissing(_) => "press",
            Warning::Clash(clash) => match clash.shared {
                clashes::Shared::Place => "clash-place",
                clashes::Shared::Speaker => "clash-speaker",
                clashes::Shared::Organisation => "clash-organisation",
                clashes::Shared::Theme => "clash-theme",
            },
        }
    }

    /// The words of [`Warning::code`], what is worst first.
    pub const CODES: [&str; 16] = [
        "capacity",
        "past",
        "no-place",
        "no-join-url",
        "clash-place",
        "clash-speaker",
        "clash-organisation",
        "clash-theme",
        "outside-programme",
        "outside-theme",
        "unknown",
        "no-title",
        "no-abstract",
        "language",
        "press",
        "other",
    ];
}

/// A warning and the slug of the session, or of the press release, that it is about.
#[derive(Debug, Clone, PartialEq)]
pub struct About {
    /// Which; for a clash the first of those concerned.
    pub slug: String,
    /// What.
    pub warning: Warning,
}

/// Everything that is probably wrong with a draft. `release` is what publishing would make, with what differs;
/// `taken` are the seats that people have, by session.
pub fn warnings(
    draft: &Draft,
    release: Option<&Release>,
    taken: &HashMap<Uuid, i64>,
    now: DateTime<Utc>,
) -> Vec<About> {
    let scene = Scene::of(draft, release, taken, now);
    let mut found = Vec::new();
    for session in &draft.sessions {
        if session.session.status == Status::Scheduled && !scene.is_over_and_unchanged(session) {
            let slug = || session.session.slug.clone();
            found
                .extend(scene.of_session(session).into_iter().map(|warning| About { slug: slug(), warning }));
        }
    }
    found.extend(press(draft));
    let clashes = clashes::of(draft).into_iter().filter(|clash| now < clash.at);
    found.extend(clashes.filter_map(|clash| {
        Some(About { slug: clash.sessions.first()?.clone(), warning: Warning::Clash(clash) })
    }));
    let place = |about: &About| Warning::CODES.iter().position(|code| *code == about.warning.code());
    found.sort_by_key(place);
    found
}

/// What warnings are made from.
struct Scene<'d> {
    draft: &'d Draft,
    themes: HashMap<&'d str, &'d Theme>,
    places: BTreeSet<&'d str>,
    organisations: BTreeSet<&'d str>,
    /// Sessions that this publication announces or moves.
    placed_anew: BTreeSet<&'d str>,
    taken: &'d HashMap<Uuid, i64>,
    now: DateTime<Utc>,
}

impl<'d> Scene<'d> {
    fn of(
        draft: &'d Draft,
        release: Option<&'d Release>,
        taken: &'d HashMap<Uuid, i64>,
        now: DateTime<Utc>,
    ) -> Scene<'d> {
        let changes = release.iter().flat_map(|release| &release.changes);
        let anew = changes.filter(|change| matches!(change.kind, ChangeKind::New | ChangeKind::Moved));
        let mut placed_anew: BTreeSet<&str> = anew.map(|change| change.slug.as_str()).collect();
        if let Some(first) = release.filter(|release| release.number == 1) {
            placed_anew.extend(first.sessions.iter().map(|session| session.slug.as_str()));
        }
        Scene {
            draft,
            themes: draft.themes.iter().map(|theme| (theme.slug.as_str(), theme)).collect(),
            places: draft.places.iter().map(|place| place.slug.as_str()).collect(),
            organisations: draft.organisations.iter().map(|host| host.slug.as_str()).collect(),
            placed_anew,
            taken,
            now,
        }
    }

    fn is_over(&self, session: &DraftSession) -> bool {
        let zone = self.draft.programme.timezone;
        let session = &session.session;
        let last = session.end.map_or(session.date, |end| end.date());
        match session.start {
            Some(_) => session.ends_at(zone).unwrap_or_else(|| session.starts_at(zone)) <= self.now,
            None => last < self.now.with_timezone(&zone).date_naive(),
        }
    }

    /// What has taken place needs no corrections.
    fn is_over_and_unchanged(&self, session: &DraftSession) -> bool {
        self.is_over(session) && !self.placed_anew.contains(session.session.slug.as_str())
    }

    fn of_session(&self, session: &DraftSession) -> Vec<Warning> {
        let mut found = Vec::new();
        let DraftSession { session: public, live } = session;
        if public.place.is_none() && !public.online {
            found.push(Warning::NoPlace);
        }
        let ours =
            matches!(live.registration, Registration::Open | Registration::Invitation | Registration::Closed);
        if public.online && live.join_url.is_none() && ours {
            found.push(Warning::NoJoinUrl);
        }
        if self.is_over(session) {
            found.push(Warning::Past);
        }
        if public.title.trim().is_empty() {
            found.push(Warning::NoTitle);
        }
        if public.r#abstract.trim().is_empty() && public.description.trim().is_empty() {
            found.push(Warning::NoAbstract);
        }
        found.extend(self.days(session));
        found.extend(self.seats(session));
        found.extend(self.language(session));
        found.extend(self.unknown(session));
        found
    }

    fn days(&self, session: &DraftSession) -> Option<Warning> {
        let day = session.session.date;
        let programme = &self.draft.programme;
        if day < programme.starts || programme.ends < day {
            return Some(Warning::OutsideProgramme);
        }
        let theme = self.themes.get(session.session.theme.as_deref()?)?;
        let before = theme.starts.is_some_and(|starts| day < starts);
        let after = theme.ends.is_some_and(|ends| ends < day);
        (before || after).then(|| Warning::OutsideTheme(theme.title.clone()))
    }

    fn seats(&self, session: &DraftSession) -> Option<Warning> {
        let capacity = match session.live.capacity {
            Capacity::Rule => self.draft.programme.rules.capacity?,
            Capacity::Seats(seats) => seats,
            Capacity::Unlimited => return None,
        };
        let taken = *self.taken.get(&session.session.id)?;
        (capacity < taken).then_some(Warning::CapacityBelowTaken { capacity, taken })
    }

    fn language(&self, session: &DraftSession) -> Option<Warning> {
        let spoken = &session.session.languages;
        let text = session.session.text_language.as_ref().or(self.draft.programme.languages.first())?;
        let missing = !spoken.is_empty() && !spoken.contains(text);
        missing.then(|| Warning::NotInItsLanguage { spoken: spoken.clone(), text: text.clone() })
    }

    fn unknown(&self, session: &DraftSession) -> Vec<Warning> {
        let public = &session.session;
        let places = public.place.iter().filter(|slug| !self.places.contains(slug.as_str()));
        let themes = public.theme.iter().filter(|slug| !self.themes.contains_key(slug.as_str()));
        let hosts = public.hosts.iter().filter(|slug| !self.organisations.contains(slug.as_str()));
        let of = |reference| move |slug: &String| Warning::Unknown(reference, slug.clone());
        places
            .map(of(Reference::Place))
            .chain(themes.map(of(Reference::Theme)))
            .chain(hosts.map(of(Reference::Organisation)))
            .collect()
    }
}

/// Releases to the press that are not there in each of the programme's languages.
fn press(draft: &Draft) -> Vec<About> {
    let about = |(release, language): (&PressRelease, &str)| About {
        slug: release.slug.clone(),
        warning: Warning::PressMissing(language.to_owned()),
    };
    missing(draft).into_iter().map(about).collect()
}
