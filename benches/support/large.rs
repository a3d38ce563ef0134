//! What weeks of work leave behind beside registrations: days on which they were made, queues, cancellations, who came,
//! mails and lines in the log, written straight into the database.

use chrono::{DateTime, TimeDelta, Utc};
use parvis::{
    db::{Conn, Durability, Pool},
    identity::figures,
    locale::Lang,
    mail::{self, outbox},
    on,
    programme::{self, Capacity},
    proposals::{
        Proposal, Side, State, What, said,
        store::{self, lines::Line},
    },
    registration::{desk::House, message},
    tokens::Tokens,
};
use sqlx::{QueryBuilder, query, query_as};
use uuid::Uuid;

/// Rows of one INSERT.
const ROWS: usize = 1_000;
/// Days on which people have registered.
const DAYS: i64 = 60;
/// Mails that were sent.
const MAILS: usize = 50_000;
/// Lines in the log.
const LINES: usize = 20_000;
/// Proposals that wait for the team, and what was said of each.
const PROPOSALS: usize = 500;
const COMMENTS: usize = 5;
/// People of programmes that are over.
const ERASED: u128 = 20_000;
/// A mail that there is.
pub const MAIL: Uuid = Uuid::from_u128(0x0190_a7ae_7c1c_7000_8000_0000_0000_0001);

/// Makes what was populated in one moment look like weeks.
pub async fn weeks_of_work(url: &str, now: DateTime<Utc>) {
    let pool = Pool::open(url, 2, Durability::Off).await.expect("a database");
    let mut tx = pool.begin().await.expect("a transaction");
    for day in 0..DAYS {
        let at = now - TimeDelta::days(DAYS - day);
        on!(tx, c => query("UPDATE registration SET created_at = $1, changed_at = $1 WHERE arrival % 60 = $2")
            .bind(at)
            .bind(day)
            .execute(c)
            .await
            .map(|_| ()))
        .expect("days");
    }
    let states = [("cancelled", 3_i64), ("waiting", 7)];
    for (state, rest) in states {
        on!(tx, c => query("UPDATE registration SET state = $1, changed_at = $3 WHERE arrival % 20 = $2")
            .bind(state)
            .bind(rest)
            .bind(now)
            .execute(c)
            .await
            .map(|_| ()))
        .expect("states");
    }
    on!(tx, c => query(
        "UPDATE seat
         SET taken = (SELECT COUNT(*) FROM registration r
                      WHERE r.session_id = seat.session_id AND r.state = 'confirmed'),
             waiting = (SELECT COUNT(*) FROM registration r
                        WHERE r.session_id = seat.session_id AND r.state = 'waiting')",
    )
    .execute(c)
    .await
    .map(|_| ()))
    .expect("seat rows");
    on!(tx, c => query(
        "INSERT INTO attendance (session_id, programme_id, registered, present, absent, walk_in, marked_at)
         SELECT session_id, programme_id, taken, taken - 7, 7, 2, $1 FROM seat WHERE arrivals % 2 = 0",
    )
    .bind(now)
    .execute(c)
    .await
    .map(|_| ()))
    .expect("attendance");
    years_before(&mut tx, now).await;
    resting_news(&mut tx, now).await;
    let programme: (Uuid,) =
        on!(tx, c => query_as("SELECT programme_id FROM seat LIMIT 1").fetch_one(c).await).expect("one");
    mails(&mut tx, now).await;
    lines(&mut tx, programme.0, now).await;
    tx.commit().await.expect("a commit");
    if url.starts_with("postgres") {
        let mut db = pool.acquire().await.expect("a connection");
        // What the server does by itself within a minute, where so many rows have changed.
        on!(db, c => query("VACUUM ANALYZE").execute(c).await.map(|_| ())).expect("statistics");
    }
    pool.close().await;
}

async fn mails(db: &mut Conn, now: DateTime<Utc>) {
    let tokens = Tokens::seeded(11);
    let letters: Vec<_> = (0..MAILS)
        .map(|n| {
            let id = if n == 0 { MAIL } else { tokens.id(now) };
            mail::invited(id, Lang::Fr, &format!("ancienne-{n}@example.org"), "Ancienne", "token")
        })
        .collect();
    outbox::queue(db, &letters, now).await.expect("mails");
    on!(db, c => query("UPDATE outbox SET sent_at = $1, attempts = 1, programme = 'rush'")
        .bind(now)
        .execute(c)
        .await
        .map(|_| ()))
    .expect("they were sent");
}

async fn lines(db: &mut Conn, programme: Uuid, now: DateTime<Utc>) {
    let tokens = Tokens::seeded(13);
    let ids: Vec<Uuid> = (0..LINES).map(|_| tokens.id(now)).collect();
    for some in ids.chunks(ROWS) {
        on!(db, c => QueryBuilder::new(
            "INSERT INTO audit_entry (id, at, programme_id, actor, actor_id, action, subject, before, after) ",
        )
        .push_values(some.iter().enumerate(), |mut row, (n, id)| {
            row.push_bind(*id)
                .push_bind(now)
                .push_bind(programme)
                .push_bind("command")
                .push_bind(None::<Uuid>)
                .push_bind(if n % 3 == 0 { "registration.add" } else { "session.live" })
                .push_bind(format!("session/session-{n}"))
                .push_bind(None::<sqlx::types::Json<serde_json::Value>>)
                .push_bind(Some(sqlx::types::Json(serde_json::json!({ "capacity": n }))));
        })
        .build()
        .execute(c)
        .await
        .map(|_| ()))
        .expect("lines");
    }
}

/// People of programmes that are over, of whom nothing is known any more; and two hundred of this one's whose address
/// sends mails back.
async fn years_before(tx: &mut Conn, now: DateTime<Utc>) {
    let erased: Vec<_> = (0..ERASED).map(|n| Uuid::from_u128((1 << 120) + n)).collect();
    for rows in erased.chunks(ROWS) {
        on!(tx, c => QueryBuilder::new(
            "INSERT INTO participant (id, email, name, language, agenda_version, feed_version, created_at, folded, erased_at) ",
        )
        .push_values(rows, |mut row, id| {
            row.push_bind(*id)
                .push_bind(None::<String>)
                .push_bind("")
                .push_bind("fr")
                .push_bind(1_i64)
                .push_bind(1_i64)
                .push_bind(now)
                .push_bind("")
                .push_bind(now);
        })
        .build()
        .execute(c)
        .await
        .map(|_| ()))
        .expect("erased people");
    }
    on!(tx, c => query(
        "UPDATE participant SET undeliverable_at = $1
         WHERE id IN (SELECT participant_id FROM registration WHERE arrival = 11 LIMIT 200)",
    )
    .bind(now)
    .execute(c)
    .await
    .map(|_| ()))
    .expect("addresses that send mails back");
}

/// Three sessions were cancelled, and who knows it hears nothing of them for now.
async fn resting_news(tx: &mut Conn, now: DateTime<Utc>) {
    on!(tx, c => query(
        "INSERT INTO news (registration_id, participant_id, session_id, programme_id, noted_at, told_release)
         SELECT r.id, r.participant_id, r.session_id, seat.programme_id, $1, 1
         FROM registration r JOIN seat ON seat.session_id = r.session_id
         WHERE r.state <> 'cancelled'
           AND r.session_id IN (SELECT session_id FROM seat ORDER BY session_id LIMIT 3)",
    )
    .bind(now)
    .execute(c)
    .await
    .map(|_| ()))
    .expect("news that rests");
}

/// A message to everybody that waits to be looked at.
pub async fn message(house: &House, author: Uuid) -> Uuid {
    let now = house.clock.now();
    let words = message::Words { subject: "Note".to_owned(), text: "Bonjour {name}".to_owned() };
    let content = message::Content {
        about: message::About::Programme,
        to: message::To::Both,
        texts: [(Lang::Fr, words)].into(),
    };
    let programme = house.publications.current("rush").expect("published").id;
    let id = house.tokens.id(now);
    let mut tx = house.pool.begin().await.expect("a transaction");
    message::store::keep(&mut tx, (id, "key"), programme, &content, author, now).await.expect("a message");
    tx.commit().await.expect("a commit");
    id
}

/// Has so many sessions of the draft on the next day, as nobody outside sees yet; `larger` of them with ten seats more.
pub async fn moves(house: &House, sessions: usize, larger: usize) {
    let now = house.clock.now();
    let mut tx = house.pool.begin().await.expect("a transaction");
    let (id, mut draft) =
        programme::store::load(&mut tx, "rush").await.expect("a draft").expect("it is there");
    // Among them the one that pages are asked for.
    let is_one = |slug: &str| (50..50 + sessions).any(|number| slug == format!("session-{number}"));
    for one in draft.sessions.iter_mut().filter(|one| is_one(&one.session.slug)) {
        one.session.date += TimeDelta::days(1);
        one.session.end = one.session.end.map(|end| end + TimeDelta::days(1));
    }
    let larger = draft.sessions.iter_mut().filter(|one| is_one(&one.session.slug)).take(larger);
    larger.for_each(|one| {
        let Capacity::Seats(seats) = &mut one.live.capacity else { panic!("the sessions have a capacity") };
        *seats += 10;
    });
    programme::store::save(&mut tx, &draft, id, now).await.expect("saved");
    tx.commit().await.expect("a commit");
}

/// A funder's link.
pub async fn link(house: &House) -> String {
    let now = house.clock.now();
    let programme = house.publications.current("rush").expect("published").id;
    let mut tx = house.pool.begin().await.expect("a transaction");
    let id = figures::make(&mut tx, house, programme, "Fondation", now).await.expect("a link");
    tx.commit().await.expect("a commit");
    figures::token(&house.key, id)
}

/// Proposals of ten organisations, which wait for the team; gives one of the partner's.
pub async fn proposals(house: &House, author: Uuid, partner: Uuid) -> Uuid {
    let now = house.clock.now();
    let programme = house.publications.current("rush").expect("published").id;
    let mut tx = house.pool.begin().await.expect("a transaction");
    let mut id = Uuid::nil();
    for n in 0..PROPOSALS {
        id = house.tokens.id(now);
        let cells = [
            ("title", format!("Atelier proposé {n}")),
            ("format", "workshop".to_owned()),
            ("language", "fr".to_owned()),
            ("capacity", "25".to_owned()),
            ("description", "On apprend en faisant. ".repeat(40)),
        ];
        let new = Proposal {
            id,
            programme,
            organisation: Some(format!("org-{}", 28 + n % 10)),
            author: Some(if n % 10 == 9 { partner } else { author }),
            proposer: None,
            link_version: 1,
            what: What::New,
            session: None,
            state: State::Sent,
            content: said::only(cells.into()),
            base: None,
            revision: 1,
            created_at: now,
            changed_at: now,
            sent_at: Some(now),
        };
        store::add(&mut tx, &new, &house.tokens.fresh()).await.expect("a proposal");
        for _ in 0..COMMENTS {
            let by = (Side::Team, Some(author));
            let line = Line::became(house.tokens.id(now), by, State::Sent, "Quel jour ?".to_owned(), now);
            store::lines::add(&mut tx, id, &line).await.expect("a comment");
        }
    }
    tx.commit().await.expect("a commit");
    id
}
