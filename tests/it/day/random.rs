//! Any life of a programme: actions drawn from a seed, over the real application.

use std::collections::{BTreeMap, HashMap, VecDeque};

use chrono::{NaiveTime, TimeDelta};
use futures_util::future::join_all;
use parvis::{
    audit::Actor,
    mail::outbox,
    programme::{
        self, Capacity, Confirm, Draft, QueueMode, Registration, Status,
        import::live::{self, Key},
        instant,
    },
    publication,
    registration::{
        State,
        attendance::{self, Marked, Mode, list},
        decide::{Participant, Registration as Seated},
        store,
    },
    tokens::Purpose,
};
use rocket::http::Status as Http;
use uuid::Uuid;

use super::entries;
use crate::{
    builders::{miso, session},
    harness::App,
};

/// In `cargo test`.
const ACTIONS: u64 = 60;
const PEOPLE: usize = 14;
/// Sessions that are still to come.
const AHEAD: usize = 4;
/// The actions that a failure tells.
const TOLD: usize = 12;

/// SplitMix64: the same life for the same seed, whatever crates do.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut drawn = self.0;
        drawn = (drawn ^ (drawn >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        drawn = (drawn ^ (drawn >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((drawn ^ (drawn >> 31)) % sides as u64).unwrap()
    }

    fn of<'t, T>(&mut self, of: &'t [T]) -> &'t T {
        &of[self.below(of.len())]
    }

    fn number(&mut self, below: usize) -> i64 {
        i64::try_from(self.below(below)).unwrap()
    }
}

/// How often each mail was written, in the long form: a life in which nothing happens shows nothing.
async fn mails(app: &App) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for mail in outbox::list(&mut app.pool.acquire().await.unwrap(), None).await.unwrap() {
        *counts.entry(mail.kind).or_default() += 1;
    }
    counts
}

/// What a failure must say, so that anybody can live it again.
struct Diary {
    seed: u64,
    done: u64,
    last: VecDeque<String>,
}

impl Diary {
    fn write(&mut self, what: String) {
        self.done += 1;
        if self.last.len() == TOLD {
            self.last.pop_front();
        }
        self.last.push_back(what);
    }
}

impl Drop for Diary {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let last: Vec<_> = self.last.iter().map(String::as_str).collect();
            eprintln!(
                "PARVIS_SOAK_SEED={} after {} actions, the last of them\n{}",
                self.seed,
                self.done,
                last.join("\n")
            );
        }
    }
}

/// The entry that a calendar has.
struct Known {
    cancelled: bool,
    sequence: i64,
    start: String,
}

struct Life<'a> {
    app: &'a App,
    dice: Dice,
    draft: Draft,
    /// Of an address and a session: what its calendar knows.
    calendars: HashMap<(String, String), Known>,
    seen: std::collections::HashSet<Uuid>,
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|value| value.parse().unwrap_or_else(|_| panic!("{name} is a number")))
}

/// So many actions as the environment says, or a few; every invariant holds again and again.
pub(super) async fn life(app: &App) {
    let actions = number("PARVIS_SOAK_ACTIONS").unwrap_or(ACTIONS);
    let seed = number("PARVIS_SOAK_SEED").unwrap_or(1);
    let each = (actions / 200).clamp(5, 250);
    let mut diary = Diary { seed, done: 0, last: VecDeque::new() };
    let mut life = Life {
        app,
        dice: Dice(seed),
        draft: miso(Vec::new()),
        calendars: HashMap::new(),
        seen: std::collections::HashSet::new(),
    };
    life.draft.programme.rules.quiet = Some(["21:00".to_owned(), "08:00".to_owned()]);
    life.draft.programme.rules.reminders = vec!["1d".to_owned(), "1h".to_owned()];
    life.draft.programme.rules.queue = QueueMode::Offer;
    life.publish().await;
    for action in 1..=actions {
        let what = life.act().await;
        diary.write(format!("{} {what}", app.now().format("%m-%d %H:%M")));
        app.deliver().await;
        life.read_calendars();
        if action % each == 0 || action == actions {
            app.run_due().await;
            assert_eq!(app.broken().await, Vec::<String>::new());
        }
        if action % (4 * each) == 0 || action == actions {
            life.calendars_agree().await;
            assert_eq!(app.broken().await, Vec::<String>::new());
        }
        if actions > ACTIONS && action % 1000 == 0 {
            println!("{action} actions, {}", app.now());
        }
    }
    if actions > ACTIONS {
        println!("{:?}", mails(app).await);
    }
}

impl Life<'_> {
    async fn act(&mut self) -> String {
        match self.dice.below(100) {
            0..36 => self.register().await,
            36..50 => self.leave().await,
            50..62 => self.take().await,
            62..74 => self.wait().await,
            74..80 => self.look().await,
            80..88 => self.set().await,
            88..94 => self.publish().await,
            94..97 => self.mark().await,
            97..99 => self.rule().await,
            _ => self.erase().await,
        }
    }

    fn address(&mut self) -> String {
        format!("p{}@example.org", self.dice.below(PEOPLE))
    }

    /// One of the newest: what is long over is left in peace.
    fn newest(&mut self) -> usize {
        let newest = self.draft.sessions.len().min(AHEAD + 2);
        self.draft.sessions.len() - 1 - self.dice.below(newest)
    }

    async fn person(&self, email: &str) -> Option<Participant> {
        let mut db = self.app.pool.acquire().await.unwrap();
        store::participant_by_email(&mut db, email).await.unwrap()
    }

    fn agenda(&self, person: &Participant) -> String {
        let token = self.app.house().key.seal(Purpose::Agenda, person.id, person.agenda_version);
        format!("/fr/agenda/{token}")
    }

    async fn register(&mut self) -> String {
        let email = self.address();
        let many = *self.dice.of(&[1, 1, 1, 2, 3]);
        let sessions: Vec<_> = (0..many).map(|_| self.newest()).collect();
        let slugs: Vec<_> = sessions.iter().map(|at| self.draft.sessions[*at].session.slug.clone()).collect();
        let people = (1 + self.dice.below(8).saturating_sub(5)).to_string();
        let mut fields =
            vec![("name", "Une Personne"), ("email", &email), ("consent", "1"), ("people", &people)];
        fields.extend(slugs.iter().map(|slug| ("session", slug.as_str())));
        let page = self.app.post("/fr/miso/register", &fields).await;
        assert!(matches!(page.status, Http::SeeOther | Http::UnprocessableEntity), "{page:?}");
        format!("{email} registers {people} in {slugs:?}: {}", page.status.code)
    }

    async fn leave(&mut self) -> String {
        let (email, at) = (self.address(), self.newest());
        let Some(person) = self.person(&email).await else { return format!("{email} is nobody") };
        let slug = self.draft.sessions[at].session.slug.clone();
        let field = if self.dice.below(5) == 0 { ("all", "1") } else { ("session", slug.as_str()) };
        let page = self.app.post(&format!("{}/cancellations", self.agenda(&person)), &[field]).await;
        assert_eq!(page.status, Http::SeeOther, "{page:?}");
        format!("{email} leaves {field:?}")
    }

    /// Takes, or confirms, what is held for somebody; in vain where there is nothing.
    async fn take(&mut self) -> String {
        let first = self.dice.below(PEOPLE);
        for turn in 0..PEOPLE {
            let email = format!("p{}@example.org", (first + turn) % PEOPLE);
            let Some(person) = self.person(&email).await else { continue };
            let mut db = self.app.pool.acquire().await.unwrap();
            let all = store::registrations_of(&mut db, &[person.id]).await.unwrap();
            drop(db);
            let Some(held) = all.iter().find(|one| one.pending.is_some()) else { continue };
            let path = format!("{}/offers/{}", self.agenda(&person), held.session);
            let pages = join_all((0..2).map(|_| self.app.post(&path, &[]))).await;
            assert!(pages.iter().all(|page| page.status == Http::SeeOther), "{pages:?}");
            return format!("{email} takes {}: {}", held.session, pages[0].location());
        }
        "nobody is offered anything".to_owned()
    }

    /// From a minute to a night; what has its time meanwhile is done when it is looked at.
    async fn wait(&mut self) -> String {
        let minutes = *self.dice.of(&[1, 9, 10, 31, 60, 61, 180, 600]);
        self.app.pass(TimeDelta::minutes(minutes));
        self.app.run_due().await;
        format!("{minutes} minutes pass")
    }

    /// Several processes look at once.
    async fn look(&mut self) -> String {
        join_all((0..3).map(|_| self.app.run_due())).await;
        "three look at what is due".to_owned()
    }

    /// As `parvis session set` does it.
    async fn set(&mut self) -> String {
        let at = self.newest();
        let seats = self.dice.number(6).to_string();
        let held = format!("presse:{}", self.dice.below(3));
        let url = format!("https://meet.example.org/{}", self.dice.below(3));
        let choices = [
            ("capacity", seats.as_str()),
            ("capacity", seats.as_str()),
            ("capacity", "unlimited"),
            ("held", held.as_str()),
            ("held", ""),
            ("queue", "offer"),
            ("queue", "promote"),
            ("registration", "open"),
            ("registration", "open"),
            ("registration", "closed"),
            ("closes", "-3h"),
            ("closes", ""),
            ("join_url", url.as_str()),
        ];
        let (key, value) = *self.dice.of(&choices);
        let session = &mut self.draft.sessions[at];
        let key: Key = live::set(&mut session.live, key, value).unwrap();
        let (app, now) = (self.app, self.app.now());
        let mut tx = app.pool.begin().await.unwrap();
        let id = programme::store::lock(&mut tx, "miso").await.unwrap().unwrap();
        programme::store::save_session(&mut tx, id, session, now).await.unwrap();
        publication::set_keys_in(&mut tx, app.house(), id, session, &[key], now).await.unwrap();
        tx.commit().await.unwrap();
        format!("{} has {key:?} {value:?}", session.session.slug)
    }

    /// A release: sessions move, are renamed, cancelled, take place after all; new ones come for those that are over.
    async fn publish(&mut self) -> String {
        let mut what = self.change();
        let ahead = |one: &&programme::DraftSession| {
            let start = one.session.start.unwrap_or_default();
            instant(chrono_tz::Europe::Zurich, one.session.date.and_time(start)) > self.app.now()
        };
        for _ in self.draft.sessions.iter().filter(ahead).count()..AHEAD {
            let slug = format!("s{}", self.draft.sessions.len());
            let mut new = session(&slug, 1 + self.dice.number(4));
            new.live.capacity = Capacity::Seats(1 + self.dice.number(4));
            new.live.registration = Registration::Open;
            self.draft.sessions.push(new);
            self.place(self.draft.sessions.len() - 1);
            what = format!("{what}, {slug} is new");
        }
        self.app.publish(&self.draft).await;
        format!("{what}, published")
    }

    fn change(&mut self) -> String {
        if self.draft.sessions.is_empty() {
            return "it begins".to_owned();
        }
        let at = self.newest();
        let change = self.dice.below(6);
        let title = format!("Titre {}", self.dice.below(4));
        let begun = |one: &programme::Session| {
            let start = one.start.unwrap_or_default();
            instant(chrono_tz::Europe::Zurich, one.date.and_time(start)) <= self.app.now()
        };
        let begun = begun(&self.draft.sessions[at].session);
        let one = &mut self.draft.sessions[at].session;
        match change {
            0..3 if !begun => self.place(at),
            3 => one.title = title,
            4 if one.status == Status::Scheduled && !begun => one.status = Status::Cancelled,
            _ => one.status = Status::Scheduled,
        }
        let one = &self.draft.sessions[at].session;
        format!("{} is {:?} {:?} {} {:?}", one.slug, one.date, one.start, one.title, one.status)
    }

    /// Within the next days, at an hour of the day or the night.
    fn place(&mut self, at: usize) {
        let here = self.app.now().with_timezone(&chrono_tz::Europe::Zurich).date_naive();
        let date = here + TimeDelta::days(self.dice.number(5) + i64::from(self.dice.below(8) > 0));
        let start = NaiveTime::from_hms_opt(*self.dice.of(&[2, 9, 10, 14, 18, 23]), 30, 0).unwrap();
        let one = &mut self.draft.sessions[at].session;
        (one.date, one.start) = (date, Some(start));
        one.end = Some(date.and_time(start) + TimeDelta::hours(2));
    }

    async fn mark(&mut self) -> String {
        let at = self.newest();
        let one = &self.draft.sessions[at].session;
        let Some(published) = self.app.house().publications.current("miso") else { return String::new() };
        let mut db = self.app.pool.acquire().await.unwrap();
        let known = attendance::store::of_session(&mut db, one.id).await.unwrap();
        drop(db);
        let mut came: Vec<_> = known.into_iter().filter_map(|known| known.email.or(known.code)).collect();
        came.sort();
        came.dedup();
        came.retain(|_| self.dice.below(2) == 0);
        let text = format!("{}\n+{}\n", came.join("\n"), 1 + self.dice.below(3));
        let list = list::read("liste.csv", text.as_bytes(), &one.slug).unwrap();
        let now = self.app.now();
        let marked =
            attendance::mark(self.app.house(), Actor::Command, published.id, one.id, &list, Mode::Write, now)
                .await;
        let marked = marked.unwrap();
        assert!(!matches!(marked, Marked::Wrong(_) | Marked::Unknown), "{marked:?}");
        format!("{} is marked: {marked:?}", one.slug)
    }

    /// Another rule of the programme, in force with the release.
    async fn rule(&mut self) -> String {
        let rules = &mut self.draft.programme.rules;
        match self.dice.below(6) {
            0 => rules.quiet = None,
            1 => rules.quiet = Some(["21:00".to_owned(), "08:00".to_owned()]),
            2 => rules.confirm = Confirm::Link,
            3 => rules.confirm = Confirm::Instant,
            4 => rules.offer_hours = Some(1 + self.dice.number(30)),
            _ => rules.per_week = [None, Some(3)][self.dice.below(2)],
        }
        let said = format!("{:?}", self.draft.programme.rules);
        // Else the public would see no difference.
        self.draft.programme.tagline = format!("{} sessions, {}", self.draft.sessions.len(), said.len());
        self.app.publish(&self.draft).await;
        format!("the rules are {said}")
    }

    async fn erase(&mut self) -> String {
        let email = self.address();
        let Some(person) = self.person(&email).await else { return format!("{email} is nobody") };
        let page = self.app.post(&format!("{}/erasure", self.agenda(&person)), &[("confirm", "1")]).await;
        assert_eq!(page.status, Http::SeeOther, "{page:?}");
        // Whoever has the address now is somebody new, and begins anew.
        self.calendars.retain(|(known, _), _| *known != email);
        format!("{email} is erased")
    }

    /// A calendar takes an entry only where its number is not lower than that of the one it has, and after a CANCEL
    /// only a higher one: what it shows in the end is what the last mail says.
    fn read_calendars(&mut self) {
        for mail in self.app.mailer.kept() {
            if !self.seen.insert(mail.id) {
                continue;
            }
            for entry in entries(&mail, &self.draft) {
                let words: Vec<_> = entry.split([' ', '–']).collect();
                let (cancelled, sequence) = (words[0] == "CANCEL", words[2].parse().unwrap());
                let known = Known { cancelled, sequence, start: words[3].to_owned() };
                let key = (mail.recipient.clone(), words[1].to_owned());
                let Some(had) = self.calendars.insert(key, known) else { continue };
                let least = had.sequence + i64::from(had.cancelled && !cancelled);
                let (who, subject) = (&mail.recipient, &mail.subject);
                assert!(sequence >= least, "{who}: {entry} after {} in {subject}", had.sequence);
            }
        }
    }

    /// Once everything is told, everybody's calendar has the seats that they have, at the hour of the release,
    /// and no higher number than their feed. Of what has begun nobody is told any more.
    async fn calendars_agree(&mut self) {
        self.app.pass(TimeDelta::minutes(11));
        self.app.run_due().await;
        self.app.deliver().await;
        self.read_calendars();
        for number in 0..PEOPLE {
            let email = format!("p{number}@example.org");
            let Some(person) = self.person(&email).await else { continue };
            let mut db = self.app.pool.acquire().await.unwrap();
            let all = store::registrations_of(&mut db, &[person.id]).await.unwrap();
            drop(db);
            let token = self.app.house().key.seal(Purpose::Feed, person.id, person.feed_version);
            let feed = self.app.get(&format!("/fr/agenda/{token}/calendar.ics")).await.body;
            for one in self.draft.sessions.iter().map(|one| &one.session) {
                let start = instant(chrono_tz::Europe::Zurich, one.date.and_time(one.start.unwrap()));
                if start <= self.app.now() {
                    continue;
                }
                let has_seat = |it: &&Seated| it.session == one.id && it.state == State::Confirmed;
                let seated = all.iter().any(|it| has_seat(&it));
                let comes = seated && one.status == Status::Scheduled;
                let known = self.calendars.get(&(email.clone(), one.slug.clone()));
                let who = format!("{email} in {}", one.slug);
                assert_eq!(known.is_some_and(|known| !known.cancelled), comes, "{who}");
                let Some(known) = known.filter(|_| comes) else { continue };
                assert_eq!(known.start, start.format("%Y%m%dT%H%M%SZ").to_string(), "{who}");
                // Higher where a change was taken back before anybody was told: nobody hears of that.
                assert!(sequence_in(&feed, one.id) >= Some(known.sequence), "{who}");
            }
        }
    }
}

/// The `SEQUENCE` of that event of a feed.
fn sequence_in(feed: &str, uid: Uuid) -> Option<i64> {
    let uid = format!("UID:{uid}");
    let event = feed.split("BEGIN:VEVENT").find(|event| event.lines().any(|line| line == uid))?;
    event.lines().find_map(|line| line.strip_prefix("SEQUENCE:"))?.parse().ok()
}
