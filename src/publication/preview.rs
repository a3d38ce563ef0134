//! What publishing would do, before it is done: by the same decisions, and nothing is written.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    ops::Deref,
    sync::Arc,
};

use futures_util::future::join;
use uuid::Uuid;

use super::{
    plan::{Plan, digest, sorted},
    warnings::{About, warnings},
};
use crate::{
    db::Conn,
    error::{Error, Result},
    locale::Lang,
    mail::{self, Item, Kind, Letter, MailData, Outcome, Own, ProgrammeLine},
    news::foresee::{Foreseen, Many, Scene, foresee as foresee_news},
    programme::{self, Draft},
    registration::{
        Settings,
        desk::{House, foresee::foresee as foresee_queues},
        store as seat_store,
    },
    release::{self, Release, published::Published},
};

/// Who a mail is shown to that is only looked at.
const SAMPLE_RECIPIENT: &str = "camille@example.org";
const SAMPLE_NAME: &str = "Camille Exemple";
/// A link of the right length that opens nothing.
const SAMPLE_TOKEN: &str = "exempleexempleexempleexempleexempleexempleexempleexe";

/// What publishing would do.
pub struct Preview {
    /// The programme's id.
    pub programme: Uuid,
    /// Names what is shown here: who publishes says that they have seen this, and nothing else is published.
    pub digest: String,
    /// What would be published.
    pub draft: Arc<Draft>,
    /// The release that stands.
    pub previous: Option<Standing>,
    /// The one that would be made; `None` where the public would see no difference.
    pub release: Option<Release>,
    /// What differs beside sessions.
    pub parts: Vec<Part>,
    /// Live settings that would come into force.
    pub live: Vec<LiveChange>,
    /// What is probably wrong.
    pub warnings: Vec<About>,
    /// Who would be written to.
    pub mails: Mails,
}

impl Preview {
    /// True where publishing would do nothing at all.
    pub fn is_nothing(&self) -> bool {
        self.release.is_none() && self.live.is_empty()
    }
}

/// The release that stands: from memory, where that has it.
pub enum Standing {
    /// Pages show it.
    Shown(Arc<Published>),
    /// Another process has published it a moment ago.
    Read(Box<Release>),
}

impl Deref for Standing {
    type Target = Release;

    fn deref(&self) -> &Release {
        match self {
            Standing::Shown(published) => &published.release,
            Standing::Read(release) => release,
        }
    }
}

/// What a programme consists of beside its sessions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Part {
    Programme,
    Themes,
    Places,
    Organisations,
    Press,
}

impl Part {
    /// The word in message keys.
    pub fn code(self) -> &'static str {
        match self {
            Part::Programme => "programme",
            Part::Themes => "themes",
            Part::Places => "places",
            Part::Organisations => "organisations",
            Part::Press => "press",
        }
    }
}

/// Live settings of one session, as they are and as they would be.
#[derive(Debug, Clone, PartialEq)]
pub struct LiveChange {
    /// As they are.
    pub before: Settings,
    /// As they would be.
    pub after: Settings,
}

/// Who would be written to.
#[derive(Default)]
pub struct Mails {
    /// How many mails.
    pub count: usize,
    /// Whom they tell what, by session and kind of mail.
    pub groups: BTreeMap<(Uuid, &'static str), Group>,
}

/// The people of one session who would be told the same.
pub struct Group {
    /// Registrations with a seat.
    pub seats: usize,
    /// Registrations in the queue.
    pub waiting: usize,
    /// Registrations for which a seat is held.
    pub offered: usize,
    /// One of these mails, to somebody who does not exist.
    pub sample: Letter,
}

/// What publishing the draft of that slug would do now.
///
/// # Errors
/// [`Error::NotFound`] where there is no such programme.
pub async fn preview(house: &House, slug: &str) -> Result<Preview> {
    let mut db = house.pool.acquire().await?;
    let (id, draft) = programme::store::load(&mut db, slug).await?.ok_or(Error::NotFound)?;
    of_draft(&mut db, house, id, draft).await
}

/// What publishing this draft of that programme would do now.
pub(super) async fn of_draft(db: &mut Conn, house: &House, id: Uuid, draft: Draft) -> Result<Preview> {
    let now = house.clock.now();
    let previous = newest(db, house, id).await?;
    let (draft, number) = (Arc::new(draft), previous.as_deref().map(|previous| previous.number));
    let named = Arc::clone(&draft);
    let named = tokio::task::spawn_blocking(move || digest(&named, number));
    // While the database looks for the seats.
    let plan = async { Plan::of(id, &draft, previous.as_deref(), "", now) };
    let (seats, Plan { release, settings, told }) = join(seat_store::seats_of(db, id), plan).await;
    let mut seats: BTreeMap<Uuid, _> = seats?.into_iter().map(|seat| (seat.settings.session, seat)).collect();
    let known: HashMap<Uuid, Settings> =
        seats.iter().map(|(session, seat)| (*session, seat.settings.clone())).collect();
    let taken = seats.iter().map(|(session, seat)| (*session, seat.taken)).collect();
    let warnings = warnings(&draft, release.as_ref(), &taken, now);
    let (_, changed) = sorted(&known, settings);

    let mut mails = Mails::default();
    if let (Some(told), Some(previous)) = (told, previous.as_deref()) {
        let next = release.as_ref().unwrap_or(previous);
        let foreseen = foresee_queues(db, house, id, next, &changed, now).await?;
        seats.extend(foreseen.seats);
        foreseen.letters.iter().for_each(|letter| mails.add(letter));
        let scene = Scene {
            programme: id,
            previous,
            next,
            changed: &told.changed(&known, &changed),
            seats: &seats,
            moved: &foreseen.registrations,
        };
        mails.add_news(next, foresee_news(db, house, &scene, now).await?);
    }
    Ok(Preview {
        programme: id,
        digest: named.await.map_err(|cause| Error::Internal(format!("a draft was not named: {cause}")))?,
        parts: previous.as_deref().zip(release.as_ref()).map_or(Vec::new(), |(old, new)| parts(old, new)),
        live: changed.into_iter().filter_map(|after| live(&known, after)).collect(),
        warnings,
        mails,
        draft,
        previous,
        release,
    })
}

/// The newest release.
async fn newest(db: &mut Conn, house: &House, id: Uuid) -> Result<Option<Standing>> {
    let number = release::store::newest(db, id).await?;
    let in_memory = house.publications.by_id(id);
    match in_memory.filter(|published| Some(published.release.number) == number) {
        Some(published) => Ok(Some(Standing::Shown(published))),
        None => Ok(release::store::latest(db, id).await?.map(Box::new).map(Standing::Read)),
    }
}

/// What differs between two releases beside their sessions.
pub fn parts(old: &Release, new: &Release) -> Vec<Part> {
    let differs = [
        (Part::Programme, !release::freeze::same_programme(old, new)),
        (Part::Themes, old.themes != new.themes),
        (Part::Places, old.places != new.places),
        (Part::Organisations, old.organisations != new.organisations),
        (Part::Press, old.press != new.press),
    ];
    differs.into_iter().filter(|(_, differs)| *differs).map(|(part, _)| part).collect()
}

/// The change, where it is one of what is live, and not only another time or status, which the release says.
fn live(known: &HashMap<Uuid, Settings>, after: Settings) -> Option<LiveChange> {
    let before = known.get(&after.session)?.clone();
    let released = Settings {
        starts: after.starts,
        ends: after.ends,
        timed: after.timed,
        status: after.status,
        ..before.clone()
    };
    (released != after).then_some(LiveChange { before, after })
}

impl Mails {
    /// A mail of a queue that is served.
    fn add(&mut self, letter: &Letter) {
        self.count += 1;
        for item in &letter.data.items {
            let nobodys = || Letter {
                id: Uuid::nil(),
                recipient: SAMPLE_RECIPIENT.to_owned(),
                data: sample(letter.data.programme.clone(), letter.data.own.clone(), item),
                ..letter.clone()
            };
            self.tell((item.session.uid, letter.kind), has(item.outcome), 1, nobodys);
        }
    }

    /// The mails that tell what that release changes.
    fn add_news(&mut self, next: &Release, news: Foreseen) {
        self.count += news.people;
        for ((session, _), Many { registrations, item }) in news.groups {
            let nobodys = || {
                let data = sample(ProgrammeLine::of(next), Own::default(), &item);
                mail::changed(Uuid::nil(), Lang::default(), SAMPLE_RECIPIENT, data)
            };
            self.tell((session, Kind::Changed), has(item.outcome), registrations, nobodys);
        }
    }

    /// So many registrations of a session are told something by a mail of that kind.
    fn tell(
        &mut self,
        (session, kind): (Uuid, Kind),
        has: Has,
        registrations: usize,
        nobodys: impl Fn() -> Letter,
    ) {
        let group = self.groups.entry((session, kind.code())).or_insert_with(|| Group {
            seats: 0,
            waiting: 0,
            offered: 0,
            sample: nobodys(),
        });
        match has {
            Has::Seat => {
                if group.seats == 0 {
                    group.sample = nobodys();
                }
                group.seats += registrations;
            }
            Has::Turn => group.waiting += registrations,
            Has::Offer => group.offered += registrations,
        }
    }

    /// How many registrations are told something.
    pub fn registrations(&self) -> usize {
        self.groups.values().map(|group| group.seats + group.waiting + group.offered).sum()
    }

    /// The sessions whose people are told something.
    pub fn sessions(&self) -> BTreeSet<Uuid> {
        self.groups.keys().map(|(session, _)| *session).collect()
    }
}

enum Has {
    Seat,
    Turn,
    Offer,
}

fn has(outcome: Outcome) -> Has {
    match outcome {
        outcome if outcome.has_seat() => Has::Seat,
        Outcome::AlreadyOffered | Outcome::Offered { .. } => Has::Offer,
        _ => Has::Turn,
    }
}

/// What a mail to nobody says: this of the session, with links that open nothing.
fn sample(programme: ProgrammeLine, own: Own, item: &Item) -> MailData {
    MailData {
        programme,
        name: SAMPLE_NAME.to_owned(),
        agenda_token: SAMPLE_TOKEN.to_owned(),
        feed_token: SAMPLE_TOKEN.to_owned(),
        items: vec![Item { people: 1, ..item.clone() }],
        reminder: None,
        confirm_token: None,
        door_code: None,
        own,
    }
}

impl Group {
    /// The mail that is shown, in that language.
    pub fn sample_in(&self, lang: Lang) -> Letter {
        Letter { lang, ..self.sample.clone() }
    }

    /// Which mail it is.
    pub fn kind(&self) -> Kind {
        self.sample.kind
    }
}
