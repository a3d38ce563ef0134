//! What publishing would do, told before it is done; publishing at a time; an older release once more.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use futures_util::future::join_all;
use parvis::{
    audit::{self, Actor, store::Filter},
    cli::check,
    db::Pool,
    locale::Lang,
    mail::{self, MailData},
    on,
    programme::{
        self, Capacity, Draft, DraftSession, Organisation, Registration as How, Status, clashes::Shared,
    },
    publication::{
        self, Outcome, Publication, Wish,
        planned::{self, Answer, State},
        preview::{Part, Preview},
        warnings::Warning,
    },
    registration::{
        Answer as DeskAnswer, Cause, Order, Request,
        contact::{Code, Contact, Phone},
        desk::{self, House},
        person::{Email, Name},
        seats::SeatBoard,
    },
    release::{self, ChangeKind, Release, published::Publications},
    tokens::Tokens,
};
use sqlx::{query, query_as, query_scalar, types::Json};
use uuid::Uuid;

use crate::{
    builders::{first_day, miso, on_day, session},
    harness::{Given, TestDb, Time},
};

const NOBODY: Uuid = Uuid::from_u128(7);

/// A house in which nothing happens but what a test does.
struct Still {
    house: House,
    time: Time,
    db: TestDb,
}

impl Given for Still {
    async fn given(db: TestDb) -> Still {
        let time = Time::new();
        let house = house(&db.pool().await, &time, 1).await;
        Still { house, time, db }
    }
}

/// Everything that a process works with.
async fn house(pool: &Pool, time: &Time, seed: u64) -> House {
    let secret = Some("a secret of more than thirty-two letters");
    let (publications, board) = (Publications::default(), SeatBoard::default());
    House::open(pool.clone(), time.clock(), Tokens::seeded(seed), secret, publications, board).await.unwrap()
}

fn wish(seen: Option<&str>) -> Wish<'_> {
    Wish { note: "Une note", author: Actor::User(NOBODY), seen, again: None }
}

/// A letter, as far as it is counted: what kind of mail it is, of which sessions it speaks, and what its reader has there.
type Letter = (String, Vec<(String, &'static str)>);

impl Still {
    async fn save(&self, draft: &Draft) {
        let now = self.time.now();
        let mut tx = self.house.pool.begin().await.unwrap();
        programme::store::save(&mut tx, draft, self.house.tokens.id(now), now).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn publish(&self, draft: &Draft) -> Publication {
        self.save(draft).await;
        publication::publish(&self.house, "miso", "").await.unwrap()
    }

    async fn draft(&self) -> Draft {
        let mut db = self.house.pool.acquire().await.unwrap();
        programme::store::load(&mut db, "miso").await.unwrap().unwrap().1
    }

    async fn id(&self) -> Uuid {
        let mut db = self.house.pool.acquire().await.unwrap();
        programme::store::id_of(&mut db, "miso").await.unwrap().unwrap()
    }

    async fn release(&self, number: i64) -> Option<Release> {
        let id = self.id().await;
        let mut db = self.house.pool.acquire().await.unwrap();
        release::store::load(&mut db, id, number).await.unwrap()
    }

    async fn preview(&self) -> Preview {
        publication::preview::preview(&self.house, "miso").await.unwrap()
    }

    async fn register(&self, email: &str, people: i64, sessions: &[&DraftSession]) {
        self.register_by(Contact::Email(Email::parse(email).unwrap()), people, sessions).await;
    }

    async fn register_by(&self, contact: Contact, people: i64, sessions: &[&DraftSession]) {
        let order = Request::Register(Order {
            programme: self.id().await,
            key: self.house.tokens.fresh(),
            contact,
            name: Name::parse("Une Personne").unwrap(),
            people,
            organisation: String::new(),
            access_needs: String::new(),
            lang: Lang::Fr,
            sessions: sessions.iter().map(|session| session.session.id).collect(),
            cause: Cause::Organiser,
            held: None,
        });
        let answers = desk::work(&self.house, &[order]).await.unwrap();
        assert!(matches!(answers[..], [DeskAnswer::Ordered(_)]), "{answers:?}");
    }

    /// Every mail that was written, by its kind and its sessions.
    async fn letters(&self) -> Vec<Letter> {
        let mut db = self.house.pool.acquire().await.unwrap();
        let rows: Vec<(String, Json<MailData>)> =
            on!(&mut db, c => query_as("SELECT kind, data FROM outbox ORDER BY id").fetch_all(c).await)
                .unwrap();
        let of = |(kind, data): (String, Json<MailData>)| {
            (kind, data.0.items.into_iter().map(|item| (item.session.slug, has(item.outcome))).collect())
        };
        rows.into_iter().map(of).collect()
    }

    /// What was changed has settled, and is told.
    async fn settle(&self) {
        self.time.pass(self.house.settle);
        parvis::periodic::run_due(&self.house).await.unwrap();
    }

    async fn plans(&self) -> Vec<(State, Option<i64>)> {
        let mut db = self.house.pool.acquire().await.unwrap();
        let sql = "SELECT state, release_number FROM planned_publication ORDER BY id";
        on!(&mut db, c => query_as(sql).fetch_all(c).await).unwrap()
    }

    async fn actions(&self) -> Vec<String> {
        let mut db = self.house.pool.acquire().await.unwrap();
        let lines = audit::store::lines(&mut db, &Filter::default(), 100).await.unwrap();
        lines.into_iter().rev().map(|line| format!("{} {}", line.actor, line.action)).collect()
    }
}

fn has(outcome: mail::Outcome) -> &'static str {
    match outcome {
        outcome if outcome.has_seat() => "seat",
        mail::Outcome::AlreadyOffered | mail::Outcome::Offered { .. } => "offer",
        _ => "turn",
    }
}

/// Session, kind of mail, and what its reader has.
type About = (String, String, &'static str);

/// So many registrations are told something.
fn counted(letters: &[Letter]) -> BTreeMap<About, usize> {
    let mut counts = BTreeMap::new();
    for (kind, sessions) in letters {
        for (session, has) in sessions {
            *counts.entry((session.clone(), kind.clone(), *has)).or_default() += 1;
        }
    }
    counts
}

fn foreseen(preview: &Preview) -> BTreeMap<About, usize> {
    let slug = |id: &Uuid| {
        let known = preview.draft.sessions.iter().find(|session| session.session.id == *id);
        known.unwrap().session.slug.clone()
    };
    let groups = preview.mails.groups.iter();
    let about = groups.flat_map(|((id, kind), group)| {
        let counts = [("seat", group.seats), ("turn", group.waiting), ("offer", group.offered)];
        counts.map(|(has, n)| ((slug(id), (*kind).to_owned(), has), n))
    });
    about.filter(|(_, n)| *n > 0).collect()
}

/// Numbers that look as if they were thrown.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

/// One session, changed in some way that an editor, or a file, changes it.
fn change(dice: &mut Dice, session: &mut DraftSession) {
    let DraftSession { session, live } = session;
    match dice.throw(11) {
        0 => session.title.push_str(" (bis)"),
        1 => *session = on_day(DraftSession { session: session.clone(), live: live.clone() }, 1).session,
        2 => session.status = Status::Cancelled,
        3 => session.status = Status::Withdrawn,
        4 => session.status = Status::Scheduled,
        5 => live.capacity = Capacity::Seats(i64::try_from(dice.throw(6)).unwrap()),
        6 => live.capacity = Capacity::Unlimited,
        7 => live.join_url = Some(format!("https://example.org/{}", dice.throw(9))),
        8 => live.registration = if dice.throw(2) == 0 { How::Open } else { How::Closed },
        9 => session.place = if session.place.is_some() { None } else { Some("maison".to_owned()) },
        _ => session.r#abstract.push_str(" Et plus."),
    }
}

on_both_engines! {
    async fn the_mails_that_are_foreseen_are_the_mails_that_go_out(still: Still) {
        let mut dice = Dice(2027);
        let mut draft = miso((0..6).map(|n| on_day(session(&format!("s-{n}"), 3), n)).collect());
        draft.programme.rules.queue = programme::QueueMode::Promote;
        still.publish(&draft).await;
        for person in 0..9_u64 {
            let mine: Vec<_> = draft.sessions.iter().filter(|_| dice.throw(2) == 0).collect();
            if !mine.is_empty() {
                let people = 1 + i64::try_from(dice.throw(2)).unwrap();
                still.register(&format!("p{person}@example.org"), people, &mine).await;
            }
        }

        for round in 0..25 {
            for _ in 0..=dice.throw(4) {
                let which = usize::try_from(dice.throw(6)).unwrap();
                change(&mut dice, &mut draft.sessions[which]);
            }
            draft.programme.rules.queue =
                if dice.throw(3) == 0 { programme::QueueMode::Offer } else { programme::QueueMode::Promote };
            still.save(&draft).await;
            // Ids sort by time: what is written from now on stands behind the rest.
            still.time.pass(TimeDelta::minutes(1));
            let before = still.letters().await.len();

            let preview = still.preview().await;
            let done = publication::publish(&still.house, "miso", "").await.unwrap();
            still.settle().await;

            let letters = &still.letters().await[before..];
            assert_eq!(foreseen(&preview), counted(letters), "round {round}");
            assert_eq!(preview.mails.count, letters.len(), "round {round}");
            assert_eq!(preview.release.as_ref().map(|release| &release.changes), done.release.as_ref().map(|r| &r.changes));
            assert_eq!(preview.live.is_empty() && preview.release.is_none(), preview.is_nothing());
        }
        assert!(counted(&still.letters().await).keys().any(|(_, kind, _)| kind == "promoted"), "the dice were bad");
        assert_eq!(check::broken(&still.house).await.unwrap(), Vec::<String>::new());
    }

    async fn what_is_foreseen_is_true_where_news_waits_and_where_nobody_can_write(still: Still) {
        let mut dice = Dice(1848);
        let mut draft = miso((0..6).map(|n| on_day(session(&format!("s-{n}"), 4), n)).collect());
        still.publish(&draft).await;
        for person in 0..12_u64 {
            let mine: Vec<_> = draft.sessions.iter().filter(|_| dice.throw(2) == 0).collect();
            let contact = match person % 4 {
                0 => Contact::Code { code: Code::fresh(&still.house.tokens), phone: Phone::parse("022 123 45 67").unwrap() },
                _ => Contact::Email(Email::parse(&format!("p{person}@example.org")).unwrap()),
            };
            still.register_by(contact, 1, &mine).await;
        }
        for gone in ["p1@example.org", "p2@example.org"] {
            let sql = "UPDATE participant SET undeliverable_at = $2 WHERE email = $1";
            let mut db = still.house.pool.begin().await.unwrap();
            on!(&mut db, c => query(sql).bind(gone).bind(still.time.now()).execute(c).await.map(|_| ())).unwrap();
            db.commit().await.unwrap();
        }

        let (mut compared, mut compared_with_what_waited) = (0, 0);
        let mut waits = false;
        for round in 0..40 {
            for _ in 0..=dice.throw(3) {
                let which = usize::try_from(dice.throw(6)).unwrap();
                change(&mut dice, &mut draft.sessions[which]);
            }
            // Who hears nothing new by this release may hear of the last one meanwhile, which is not its doing: where
            // something waits, everybody hears something new.
            if waits {
                draft.sessions.iter_mut().for_each(|one| one.session.title.push('!'));
            }
            still.save(&draft).await;
            still.time.pass(TimeDelta::minutes(1));
            let before = still.letters().await.len();

            let preview = still.preview().await;
            publication::publish(&still.house, "miso", "").await.unwrap();
            // Each third time somebody publishes again before it has settled.
            if dice.throw(3) == 0 {
                waits = true;
                continue;
            }
            still.settle().await;

            let letters = &still.letters().await[before..];
            assert_eq!((preview.mails.count, foreseen(&preview)), (letters.len(), counted(letters)), "round {round}");
            compared += preview.mails.count;
            compared_with_what_waited += if waits { preview.mails.count } else { 0 };
            waits = false;
        }
        assert!(compared > 60 && compared_with_what_waited > 30, "the dice were bad: {compared}, {compared_with_what_waited}");
    }

    async fn what_waits_to_be_told_goes_into_the_same_mail_and_is_counted_once(still: Still) {
        let (a, b) = (session("atelier", 9), on_day(session("forum", 9), 1));
        still.publish(&miso(vec![a.clone(), b.clone()])).await;
        still.register("ana@example.org", 1, &[&a, &b]).await;
        let moved = on_day(a, 2);
        still.publish(&miso(vec![moved.clone(), b.clone()])).await;
        let before = still.letters().await.len();
        still.save(&miso(vec![moved, on_day(b, 3)])).await;

        let preview = still.preview().await;
        publication::publish(&still.house, "miso", "").await.unwrap();
        still.settle().await;

        let letters = still.letters().await;
        let both = vec![("atelier".to_owned(), "seat"), ("forum".to_owned(), "seat")];
        assert_eq!(letters[before..], [("changed".to_owned(), both)]);
        assert_eq!((preview.mails.count, foreseen(&preview)), (1, counted(&letters[before..])));
        let sample = &preview.mails.groups.values().next().unwrap().sample;
        assert_eq!((sample.recipient.as_str(), sample.data.name.as_str()), ("camille@example.org", "Camille Exemple"));
        assert_eq!(sample.data.items.len(), 1, "what else that person has is nobody's business");
    }

    async fn the_mail_that_is_shown_says_what_those_know_who_get_it(still: Still) {
        let a = session("atelier", 9);
        still.publish(&miso(vec![a.clone()])).await;
        still.register("ana@example.org", 1, &[&a]).await;
        let title = |title: &str| {
            let mut other = a.clone();
            title.clone_into(&mut other.session.title);
            miso(vec![other])
        };
        still.publish(&title("Deux")).await;
        still.save(&title("Trois")).await;

        let preview = still.preview().await;
        publication::publish(&still.house, "miso", "").await.unwrap();
        still.settle().await;

        let before = |data: &MailData| data.items[0].before.as_ref().map(|told| told.title.clone());
        let shown = &preview.mails.groups.values().next().unwrap().sample.data;
        let mut db = still.house.pool.acquire().await.unwrap();
        let sql = "SELECT data FROM outbox WHERE kind = 'changed' ORDER BY id DESC LIMIT 1";
        let Json(sent): Json<MailData> = on!(&mut db, c => query_scalar(sql).fetch_one(c).await).unwrap();
        assert_eq!((before(shown), before(&sent)), (Some(a.session.title.clone()), Some(a.session.title)), "nobody has heard of « Deux »");
    }

    async fn looking_at_what_would_be_changes_nothing(still: Still) {
        let a = session("atelier", 1);
        still.publish(&miso(vec![a.clone()])).await;
        still.register("ana@example.org", 1, &[&a]).await;
        still.register("ben@example.org", 1, &[&a]).await;
        let mut more = on_day(a, 1);
        more.live.capacity = Capacity::Seats(5);
        still.save(&miso(vec![more])).await;
        let before = still.letters().await;

        let first = still.preview().await;
        let second = still.preview().await;

        assert_eq!((first.mails.count, first.live.len()), (3, 1), "told twice, and promoted once");
        assert_eq!((foreseen(&first), &first.digest), (foreseen(&second), &second.digest));
        assert_eq!(still.letters().await, before);
        let mut db = still.house.pool.acquire().await.unwrap();
        assert_eq!(parvis::news::store::all(&mut db, first.programme).await.unwrap(), []);
        assert_eq!(release::store::newest(&mut db, first.programme).await.unwrap(), Some(1));
    }

    async fn of_two_who_publish_the_same_at_once_one_is_told_that_it_has_changed(still: Still) {
        still.save(&miso(vec![session("atelier", 9)])).await;
        let seen = still.preview().await.digest;

        let both = join_all(["Un", "Deux"].map(|note| {
            let wish = Wish { note, ..wish(Some(&seen)) };
            publication::publish_by(&still.house, "miso", wish)
        }))
        .await;

        let both: Vec<_> = both.into_iter().map(Result::unwrap).collect();
        let published = both.iter().filter(|one| matches!(one, Outcome::Published(_))).count();
        assert_eq!((published, both.contains(&Outcome::Changed)), (1, true));
        assert!(still.release(2).await.is_none());
    }

    async fn a_form_that_is_sent_twice_at_once_publishes_once_and_both_hear_of_that_release(still: Still) {
        still.save(&miso(vec![session("atelier", 9)])).await;
        let seen = still.preview().await.digest;

        let both = join_all([0, 1].map(|_| publication::publish_by(&still.house, "miso", wish(Some(&seen)))))
            .await;

        let both: Vec<_> = both.into_iter().map(Result::unwrap).collect();
        let published = both.iter().filter(|one| matches!(one, Outcome::Published(_))).count();
        assert_eq!((published, both.contains(&Outcome::Before { release: 1 })), (1, true));
        assert!(still.release(2).await.is_none());
    }

    async fn what_nobody_has_seen_is_not_published(still: Still) {
        still.publish(&miso(vec![session("atelier", 9)])).await;
        still.save(&miso(vec![on_day(session("atelier", 9), 1)])).await;
        let seen = still.preview().await.digest;
        still.save(&miso(vec![on_day(session("atelier", 9), 2)])).await;

        let done = publication::publish_by(&still.house, "miso", wish(Some(&seen))).await.unwrap();
        let plan = planned::plan(&still.house, "miso", still.time.now() + TimeDelta::hours(1), wish(Some(&seen)));

        assert_eq!(done, Outcome::Changed);
        assert_eq!(plan.await.unwrap(), Answer::Changed);
        assert!(still.release(2).await.is_none());
        assert_eq!(still.plans().await, []);
        let now = still.preview().await.digest;
        let done = publication::publish_by(&still.house, "miso", wish(Some(&now))).await.unwrap();
        assert!(matches!(done, Outcome::Published(_)));
    }

    async fn a_plan_is_kept_over_a_restart_and_two_processes_publish_it_once(still: Still) {
        still.publish(&miso(vec![session("atelier", 9)])).await;
        still.save(&miso(vec![on_day(session("atelier", 9), 1)])).await;
        let seen = still.preview().await.digest;
        let at = still.time.now() + TimeDelta::hours(2);
        assert_eq!(planned::plan(&still.house, "miso", at, wish(Some(&seen))).await.unwrap(), Answer::Planned);
        still.time.pass(TimeDelta::hours(1));
        planned::run_due(&still.house, still.time.now()).await.unwrap();
        assert!(still.release(2).await.is_none(), "its time is to come");
        // It is published as it stands then.
        still.save(&miso(vec![on_day(session("atelier", 9), 2)])).await;
        still.house.pool.close().await;

        still.time.pass(TimeDelta::hours(1));
        let (one, two) = (still.db.pool().await, still.db.pool().await);
        let houses = [house(&one, &still.time, 2).await, house(&two, &still.time, 3).await];
        let ran = join_all(houses.iter().map(|house| planned::run_due(house, still.time.now()))).await;

        // A process that crossed the other one tries again a second later.
        for house in houses.iter().zip(&ran).filter(|(_, ran)| ran.is_err()).map(|(house, _)| house) {
            planned::run_due(house, still.time.now()).await.unwrap();
        }
        let after = Still { house: houses[0].clone(), time: still.time.clone(), db: still.db };
        let release = after.release(2).await.unwrap();
        assert_eq!(release.sessions[0].date, first_day() + TimeDelta::days(2));
        assert_eq!(release.note, "Une note");
        assert!(after.release(3).await.is_none());
        assert_eq!(after.plans().await, [(State::Done, Some(2))]);
        let mut db = after.house.pool.acquire().await.unwrap();
        let past = release::store::history(&mut db, after.id().await, None, 9).await.unwrap();
        let authors: Vec<_> = past.iter().map(|past| (past.note.number, past.author.as_deref(), past.author_id)).collect();
        assert_eq!(authors, [(2, Some("user"), Some(NOBODY)), (1, Some("command"), None)]);
        assert_eq!(
            after.actions().await,
            ["command release.publish", "user release.plan", "user release.publish"]
        );
    }

    async fn a_plan_is_taken_back_and_there_is_one_at_a_time(still: Still) {
        still.publish(&miso(vec![session("atelier", 9)])).await;
        still.save(&miso(vec![on_day(session("atelier", 9), 1)])).await;
        let (now, house) = (still.time.now(), &still.house);
        let (id, in_an_hour) = (still.id().await, now + TimeDelta::hours(1));

        assert_eq!(planned::plan(house, "miso", now, wish(None)).await.unwrap(), Answer::WrongTime);
        let far = now + TimeDelta::days(400);
        assert_eq!(planned::plan(house, "miso", far, wish(None)).await.unwrap(), Answer::WrongTime);
        let at = |minutes| in_an_hour + TimeDelta::minutes(minutes);
        let both = join_all([0, 1].map(|n| planned::plan(house, "miso", at(n), wish(None)))).await;
        let both: Vec<_> = both.into_iter().map(Result::unwrap).collect();
        assert!(both.contains(&Answer::Planned) && both.contains(&Answer::Taken), "{both:?}");
        // The one that there is, wished for again, is that one.
        let again = join_all([0, 1].map(|n| planned::plan(house, "miso", at(n), wish(None)))).await;
        assert_eq!(again.into_iter().map(Result::unwrap).collect::<Vec<_>>(), both);
        still.time.pass(TimeDelta::minutes(1));
        assert!(planned::take_back(house, id, Actor::User(NOBODY)).await.unwrap());
        assert!(!planned::take_back(house, id, Actor::User(NOBODY)).await.unwrap());
        still.time.pass(TimeDelta::hours(2));
        planned::run_due(house, still.time.now()).await.unwrap();

        assert!(still.release(2).await.is_none());
        assert_eq!(still.plans().await, [(State::Withdrawn, None)]);
        assert_eq!(still.actions().await[1..], ["user release.plan", "user release.unplan"]);
    }

    async fn a_plan_that_cannot_be_carried_out_says_why_and_is_not_tried_for_ever(still: Still) {
        still.publish(&miso(vec![session("atelier", 9)])).await;
        let at = still.time.now() + TimeDelta::hours(1);
        planned::plan(&still.house, "miso", at, wish(None)).await.unwrap();
        let mut db = still.house.pool.acquire().await.unwrap();
        on!(&mut db, c => query("UPDATE session SET content = '[]'").execute(c).await.map(drop)).unwrap();
        still.time.pass(TimeDelta::hours(1));

        planned::run_due(&still.house, still.time.now()).await.unwrap();
        planned::run_due(&still.house, still.time.now()).await.unwrap();

        let plan = planned::last(&mut db, still.id().await).await.unwrap().unwrap();
        assert_eq!((plan.state, plan.problem.as_deref(), plan.ended_at), (State::Failed, Some("unreadable"), Some(at)));
        assert_eq!(still.actions().await[1..], ["user release.plan", "house release.plan-failed"]);
        assert!(still.release(2).await.is_none());
    }

    async fn a_plan_with_nothing_to_publish_makes_no_release(still: Still) {
        still.publish(&miso(vec![session("atelier", 9)])).await;
        planned::plan(&still.house, "miso", still.time.now() + TimeDelta::hours(1), wish(None)).await.unwrap();
        still.time.pass(TimeDelta::hours(1));

        assert_eq!(check::broken(&still.house).await.unwrap(), Vec::<String>::new());
        still.time.pass(TimeDelta::hours(1));
        assert_eq!(check::broken(&still.house).await.unwrap(), ["9: 1 programmes were not published at their time"]);
        parvis::periodic::run_due(&still.house).await.unwrap();

        assert_eq!(still.plans().await, [(State::Done, None)]);
        assert!(still.release(2).await.is_none());
    }

    async fn an_older_release_is_published_again_as_a_new_one(still: Still) {
        let (a, b) = (session("atelier", 9), on_day(session("forum", 9), 1));
        still.publish(&miso(vec![a.clone(), b.clone()])).await;
        still.register("ana@example.org", 1, &[&a]).await;
        let mut moved = on_day(a.clone(), 2);
        moved.session.title = "Un autre titre".to_owned();
        moved.live.capacity = Capacity::Seats(4);
        let mut second = miso(vec![moved, b, on_day(session("nouveau", 9), 3)]);
        second.places[0].name = "Ailleurs".to_owned();
        second.programme.rules.per_week = Some(3);
        second.programme.call.text = "Qui veut venir ?".to_owned();
        second.organisations.push(Organisation {
            slug: "since".to_owned(),
            name: "Depuis".to_owned(),
            url: String::new(),
            summary: String::new(),
        });
        still.publish(&second).await;
        let mut unseen = second.clone();
        unseen.organisations.push(Organisation { slug: "unseen".to_owned(), ..second.organisations[0].clone() });
        still.save(&unseen).await;
        still.settle().await;
        let (first_before, second_before) = (still.release(1).await, still.release(2).await);
        let before = still.letters().await.len();

        let preview = publication::preview_again(&still.house, "miso", 1).await.unwrap();
        let done = publication::publish_again(&still.house, "miso", 1, wish(Some(&preview.digest))).await.unwrap();
        still.settle().await;

        assert!(matches!(done, Outcome::Published(_)));
        let (first, third) = (first_before.clone().unwrap(), still.release(3).await.unwrap());
        assert_eq!((still.release(1).await, still.release(2).await), (first_before, second_before.clone()));
        let atelier = |release: &Release| release.session("atelier").unwrap().clone();
        assert_eq!(atelier(&third).session, atelier(&first).session);
        let numbers = [&first, &second_before.unwrap(), &third].map(|release| atelier(release).sequence);
        assert_eq!(numbers, [0, 1, 2], "each change raises it, back as well as forth");
        assert_eq!(third.session("forum").unwrap().sequence, 2, "its place had another name");
        assert_eq!(third.session("nouveau").unwrap().status, Status::Withdrawn);
        assert_eq!((third.places, third.programme.rules.per_week), (first.places, Some(3)), "rules are live");
        let draft = still.draft().await;
        assert_eq!(draft.programme.call, second.programme.call, "the call is live");
        assert_eq!(draft.organisations, unseen.organisations, "people speak for those that came since");
        assert_eq!(third.organisations, second.organisations, "nobody has published the last one");
        assert_eq!(draft.sessions[0].live.capacity, Capacity::Seats(4), "live values stay");
        assert_eq!(draft.sessions[0].session, a.session, "the next publication does not undo it");
        let kinds: Vec<_> = third.changes.iter().map(|change| change.kind).collect();
        assert_eq!(kinds, [ChangeKind::Moved, ChangeKind::Moved, ChangeKind::Withdrawn]);
        let letters = still.letters().await;
        assert_eq!(letters[before..], [("changed".to_owned(), vec![("atelier".to_owned(), "seat")])]);
        assert_eq!((preview.mails.count, foreseen(&preview)), (1, counted(&letters[before..])));
        assert_eq!(preview.parts, [Part::Places]);
        assert_eq!(still.preview().await.parts, [Part::Organisations], "it still waits for that");
        let mut db = still.house.pool.acquire().await.unwrap();
        let past = release::store::history(&mut db, still.id().await, None, 1).await.unwrap();
        assert_eq!((past[0].note.number, past[0].again), (3, Some(1)));
        assert_eq!(check::broken(&still.house).await.unwrap(), Vec::<String>::new());
    }

    async fn an_older_release_is_not_put_over_a_draft_that_nobody_has_seen(still: Still) {
        still.publish(&miso(vec![session("atelier", 9)])).await;
        still.publish(&miso(vec![on_day(session("atelier", 9), 1)])).await;
        let seen = publication::preview_again(&still.house, "miso", 1).await.unwrap().digest;
        let newer = miso(vec![on_day(session("atelier", 9), 2)]);
        still.save(&newer).await;

        let done = publication::publish_again(&still.house, "miso", 1, wish(Some(&seen))).await.unwrap();

        assert_eq!(done, Outcome::Changed);
        assert_eq!(still.draft().await, newer);
        assert!(still.release(3).await.is_none());
        assert!(publication::preview_again(&still.house, "miso", 7).await.is_err());
    }
}

/// The codes of what is wrong with a draft that is about to be published for the first time.
fn warned(draft: &Draft) -> Vec<(String, &'static str)> {
    let now = Time::new().now();
    let release = release::freeze::freeze(draft, None, "", now);
    let taken = draft.sessions.iter().map(|session| (session.session.id, 5)).collect();
    let found = publication::warnings::warnings(draft, release.as_ref(), &taken, now);
    found.into_iter().map(|about| (about.slug, about.warning.code())).collect()
}

#[test]
fn a_draft_with_everything_in_it_warns_of_nothing() {
    assert_eq!(warned(&miso(vec![session("atelier", 5), on_day(session("forum", 9), 1)])), []);
}

#[test]
fn each_thing_that_is_probably_wrong_is_said_of_its_session() {
    type Spoil = fn(&mut DraftSession);
    let spoilt: [(Spoil, &[&str]); 15] = [
        (|one| one.session.place = None, &["no-place"]),
        (|one| one.session.online = true, &["no-join-url"]),
        (
            |one| {
                one.session.online = true;
                one.live.registration = How::External("https://example.org".into());
            },
            &[],
        ),
        (|one| one.session.place = Some("nulle-part".into()), &["unknown"]),
        (|one| one.session.theme = Some("aucun".into()), &["unknown"]),
        (|one| one.session.hosts = vec!["personne".into()], &["unknown"]),
        (|one| *one = on_day(one.clone(), -60), &["past", "outside-programme"]),
        (|one| *one = on_day(one.clone(), 60), &["outside-programme"]),
        (|one| *one = on_day(one.clone(), 10), &["outside-theme"]),
        (|one| one.live.capacity = Capacity::Seats(4), &["capacity"]),
        (|one| one.live.capacity = Capacity::Unlimited, &[]),
        (|one| one.session.title = " ".into(), &["no-title"]),
        (
            |one| {
                one.session.r#abstract = String::new();
                one.session.description = String::new();
            },
            &["no-abstract"],
        ),
        (|one| one.session.languages = vec!["en".into()], &["language"]),
        (
            |one| {
                one.session.languages = vec!["en".into()];
                one.session.text_language = Some("en".into());
            },
            &[],
        ),
    ];
    for (number, (spoil, codes)) in spoilt.into_iter().enumerate() {
        let mut one = session("atelier", 5);
        spoil(&mut one);

        let found = warned(&miso(vec![one.clone(), on_day(session("forum", 9), 1)]));

        let expected: Vec<_> = codes.iter().map(|code| ("atelier".to_owned(), *code)).collect();
        assert_eq!(found, expected, "{number}");
        one.session.status = Status::Cancelled;
        assert_eq!(
            warned(&miso(vec![one, on_day(session("forum", 9), 1)])),
            [],
            "{number}: it does not take place"
        );
    }
}

#[test]
fn sessions_in_each_others_way_and_press_releases_in_one_language_are_warned_of() {
    let mut draft = miso(vec![session("atelier", 5), session("forum", 9)]);
    draft.press = vec![parvis::programme::PressRelease {
        slug: "ouverture".to_owned(),
        title: "Ouverture".to_owned(),
        place: String::new(),
        date: first_day(),
        language: "fr".to_owned(),
        body: String::new(),
    }];
    let now = Time::new().now();

    let found = publication::warnings::warnings(&draft, None, &Default::default(), now);

    let clashes: Vec<_> = found
        .iter()
        .filter_map(|about| match &about.warning {
            Warning::Clash(clash) => Some((clash.shared, clash.sessions.clone())),
            _ => None,
        })
        .collect();
    let both = vec!["atelier".to_owned(), "forum".to_owned()];
    assert_eq!(clashes, [(Shared::Place, both.clone()), (Shared::Organisation, both)]);
    assert_eq!(found.last().map(|about| &about.warning), Some(&Warning::PressMissing("en".to_owned())));
}

#[test]
fn what_has_taken_place_is_left_alone() {
    let draft = miso(vec![on_day(session("atelier", 5), 30)]);
    let later = Time::new();
    later.pass(TimeDelta::days(365));

    assert_eq!(publication::warnings::warnings(&draft, None, &Default::default(), later.now()), []);
}

#[test]
fn the_call_for_proposals_is_in_force_at_once_and_nothing_to_publish() {
    let mut draft = miso(vec![session("atelier", 5)]);
    let now = Time::new().now();
    let first = release::freeze::freeze(&draft, None, "", now);
    draft.programme.call.text = "Qui veut venir ?".to_owned();
    assert_eq!(release::freeze::freeze(&draft, first.as_ref(), "", now), None);
}
