//! The release in memory: what every public page is drawn from, without asking the database (DESIGN.md section 2.2).

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::{Arc, OnceLock, RwLock},
};

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{
    markdown,
    programme::{
        Format, Organisation, Place, Session, Status,
        filter::Choices,
        search::{Document, Index},
    },
    release::{Change, ChangeKind, Release, ReleasedSession},
};

/// A release, and what is prepared of it once.
pub struct Published {
    /// The programme's id in the database.
    pub id: Uuid,
    /// What the public sees.
    pub release: Release,
    /// This release and those before it, newest first.
    pub history: Vec<ReleaseNote>,
    /// What its sessions can be filtered by.
    pub choices: Choices,
    by_slug: HashMap<String, usize>,
    by_id: HashMap<Uuid, usize>,
    organisations: HashMap<String, usize>,
    places: HashMap<String, usize>,
    /// What the last release says of a session, by slug.
    marks: HashMap<String, ChangeKind>,
    search: Option<Index>,
    /// What mails and calendars say of each session, made when it is first needed: a rush needs it for each form.
    texts: Vec<OnceLock<String>>,
}

/// What one release changed, and when: the change page, the Atom feed.
#[derive(Debug, Clone, PartialEq)]
pub struct ReleaseNote {
    /// 1, 2, 3… in a programme.
    pub number: i64,
    /// When it was published.
    pub published_at: DateTime<Utc>,
    /// What the organisers say about it.
    pub note: String,
    /// What is different from the release before.
    pub changes: Vec<Change>,
    /// The titles of the sessions that changed, by slug, as this release has them.
    pub titles: BTreeMap<String, String>,
}

impl ReleaseNote {
    /// What is kept of a release once a newer one stands.
    pub fn of(release: &Release) -> ReleaseNote {
        let titles: HashMap<&str, &str> =
            release.sessions.iter().map(|session| (session.slug.as_str(), session.title.as_str())).collect();
        let title =
            |change: &Change| Some((change.slug.clone(), (*titles.get(change.slug.as_str())?).to_owned()));
        ReleaseNote {
            number: release.number,
            published_at: release.published_at,
            note: release.note.clone(),
            changes: release.changes.clone(),
            titles: release.changes.iter().filter_map(title).collect(),
        }
    }
}

impl Published {
    /// Prepares a release. Its history is itself alone; see [`Published::with_history`].
    pub fn new(id: Uuid, release: Release) -> Published {
        let search = Index::new(release.sessions.iter().map(|session| document(&release, session)))
            .inspect_err(|error| log::error!("search index of {}: {error}", release.programme.slug))
            .ok();
        let position = |slugs: Vec<&String>| -> HashMap<String, usize> {
            slugs.into_iter().enumerate().map(|(at, slug)| (slug.clone(), at)).collect()
        };
        Published {
            id,
            by_id: release.sessions.iter().enumerate().map(|(at, session)| (session.id, at)).collect(),
            history: vec![ReleaseNote::of(&release)],
            choices: choices(&release),
            by_slug: position(release.sessions.iter().map(|session| &session.session.slug).collect()),
            organisations: position(release.organisations.iter().map(|o| &o.slug).collect()),
            places: position(release.places.iter().map(|place| &place.slug).collect()),
            marks: release.changes.iter().map(|change| (change.slug.clone(), change.kind)).collect(),
            search,
            texts: release.sessions.iter().map(|_| OnceLock::new()).collect(),
            release,
        }
    }

    /// With the notes of the releases before it; they are sorted here, newest first.
    #[must_use]
    pub fn with_history(mut self, mut earlier: Vec<ReleaseNote>) -> Published {
        earlier.retain(|note| note.number < self.release.number);
        earlier.sort_by_key(|note| std::cmp::Reverse(note.number));
        self.history = std::iter::once(ReleaseNote::of(&self.release)).chain(earlier).collect();
        self
    }

    /// The programme's slug.
    pub fn slug(&self) -> &str {
        &self.release.programme.slug
    }

    /// The session of that slug, whatever its status.
    pub fn session(&self, slug: &str) -> Option<&ReleasedSession> {
        self.position(slug).map(|at| &self.release.sessions[at])
    }

    /// Where the session of that slug stands among those of the release.
    pub fn position(&self, slug: &str) -> Option<usize> {
        self.by_slug.get(slug).copied()
    }

    /// The session of that id, whatever its status.
    pub fn session_by_id(&self, id: Uuid) -> Option<&ReleasedSession> {
        self.by_id.get(&id).map(|at| &self.release.sessions[*at])
    }

    /// [`Session::plain_text`] of the session of that id.
    pub fn plain_text(&self, id: Uuid) -> Option<&str> {
        let at = *self.by_id.get(&id)?;
        Some(self.texts[at].get_or_init(|| self.release.sessions[at].plain_text()))
    }

    /// True where the session has a page: it is there, and was not withdrawn.
    pub fn has_page(&self, slug: &str) -> bool {
        self.session(slug).is_some_and(|session| session.status != Status::Withdrawn)
    }

    /// The place of a session, where it has one.
    pub fn place_of(&self, session: &Session) -> Option<&Place> {
        self.places.get(session.place.as_deref()?).map(|at| &self.release.places[*at])
    }

    /// The organisations that bring a session, in its order.
    pub fn hosts_of<'p>(&'p self, session: &'p Session) -> impl Iterator<Item = &'p Organisation> {
        session.hosts.iter().filter_map(|slug| self.organisation(slug))
    }

    /// The organisation of that slug.
    pub fn organisation(&self, slug: &str) -> Option<&Organisation> {
        self.organisations.get(slug).map(|at| &self.release.organisations[*at])
    }

    /// What the last release says of a session.
    pub fn mark(&self, slug: &str) -> Option<ChangeKind> {
        self.marks.get(slug).copied()
    }

    /// Positions in `release.sessions` of the sessions that hold every word, best first; withdrawn ones too.
    pub fn find(&self, query: &str) -> Vec<usize> {
        self.search.as_ref().map_or_else(Vec::new, |index| index.find(query))
    }

    /// Formats of the listed sessions with their number, in the order of [`Format::ALL`].
    pub fn formats(&self) -> Vec<(Format, usize)> {
        let count = |format: &Format| {
            self.release.listed().filter(|session| session.formats.contains(format)).count()
        };
        self.choices.formats.iter().map(|format| (*format, count(format))).collect()
    }

    /// Organisations that bring a listed session, in the order of the programme.
    pub fn hosting(&self) -> Vec<&Organisation> {
        let hosts: HashSet<&str> =
            self.release.listed().flat_map(|session| session.hosts.iter().map(String::as_str)).collect();
        self.release.organisations.iter().filter(|o| hosts.contains(o.slug.as_str())).collect()
    }
}

fn document<'r>(release: &'r Release, session: &'r Session) -> Document<'r> {
    let hosts = release.hosts_of(session).map(|host| host.name.as_str());
    let place = release.place_of(session).map(|place| place.name.as_str());
    let theme = release.theme_of(session).map(|theme| theme.title.as_str());
    Document {
        title: &session.title,
        names: hosts
            .chain(session.speakers.iter().map(String::as_str))
            .chain(session.tags.iter().map(String::as_str))
            .chain(place)
            .chain(theme)
            .collect(),
        text: format!("{}\n{}", session.r#abstract, markdown::to_text(&session.description)),
    }
}

fn choices(release: &Release) -> Choices {
    let sessions: Vec<&Session> = release.listed().map(|session| &session.session).collect();
    let hosts: HashSet<&str> =
        sessions.iter().flat_map(|session| session.hosts.iter().map(String::as_str)).collect();
    let mut organisations: Vec<_> =
        release.organisations.iter().filter(|o| hosts.contains(o.slug.as_str())).collect();
    organisations.sort_by_key(|o| deunicode::deunicode(&o.name).to_lowercase());
    Choices::of(
        release.themes.iter().map(|theme| theme.slug.as_str()),
        organisations.iter().map(|o| o.slug.as_str()),
        &sessions,
    )
}

/// Every published programme, as this process last loaded it. Cheap to clone.
#[derive(Clone, Default)]
pub struct Publications(Arc<RwLock<HashMap<String, Arc<Published>>>>);

impl Publications {
    /// The newest release of a programme.
    pub fn current(&self, slug: &str) -> Option<Arc<Published>> {
        self.0.read().expect("nobody panics while holding this lock").get(slug).cloned()
    }

    /// The newest release of the programme of that id.
    pub fn by_id(&self, id: Uuid) -> Option<Arc<Published>> {
        let all = self.0.read().expect("nobody panics while holding this lock");
        all.values().find(|published| published.id == id).cloned()
    }

    /// Every programme, the one that ends last first.
    pub fn all(&self) -> Vec<Arc<Published>> {
        let mut all: Vec<_> =
            self.0.read().expect("nobody panics while holding this lock").values().cloned().collect();
        all.sort_by(|a, b| {
            let key = |p: &Published| {
                let programme = &p.release.programme;
                (
                    std::cmp::Reverse(programme.ends),
                    std::cmp::Reverse(programme.starts),
                    programme.slug.clone(),
                )
            };
            key(a).cmp(&key(b))
        });
        all
    }

    /// Every programme: the current one first, then those to come, the nearest first, then those that are
    /// over, the last one first.
    pub fn current_first(&self, now: DateTime<Utc>) -> Vec<Arc<Published>> {
        let mut all = self.all();
        // Stable: those that are over stay as `all` has them.
        all.sort_by_key(|published| {
            let programme = &published.release.programme;
            let today = now.with_timezone(&programme.timezone).date_naive();
            let days = (programme.starts - today).num_days();
            match () {
                () if programme.ends < today => (2, 0),
                () if programme.starts <= today => (0, -days),
                () => (1, days),
            }
        });
        all
    }

    /// Puts a release in the place of the one before, or beside the other programmes. An older number than
    /// the one that stands is left out: two loads may cross.
    pub fn replace(&self, published: Published) {
        let mut all = self.0.write().expect("nobody panics while holding this lock");
        let newer = all
            .get(published.slug())
            .is_some_and(|current| current.release.number > published.release.number);
        if !newer {
            all.insert(published.slug().to_owned(), Arc::new(published));
        }
    }
}
