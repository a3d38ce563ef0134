//! A database in which people have worked is brought to this version: as it was before the office, with a past session, a
//! queue and mails; then, before proposals had titles, with a proposal. Its documents are written out here, so that they
//! stay what an older program has written, whatever becomes of our types.

use chrono::{DateTime, TimeDelta, Utc};
use parvis::{
    db::{Conn, Durability, Pool},
    mail::outbox,
    on,
    programme::store as drafts,
    proposals,
    registration::{attendance, store},
};
use serde_json::{Value, json};
use sqlx::{Connection as _, PgConnection, SqliteConnection, migrate::Migrator, query, query_scalar};
use uuid::Uuid;

use crate::{
    harness::{App, TestDb, Time},
    html::Found,
};

/// The last migration before the office, and the last before proposals had titles.
const BEFORE_THE_OFFICE: i64 = 12;
const BEFORE_TITLES: i64 = 23;

const ANA: &str = "ana@example.org";
const BEA: &str = "bea@example.org";

fn id(number: u128) -> Uuid {
    Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + number)
}

const PROGRAMME: u128 = 1;
const PAST: u128 = 10;
const FULL: u128 = 11;

/// Runs the migrations up to that one.
async fn migrate(db: &TestDb, last: i64) {
    let shared = sqlx::migrate!("./migrations");
    let own = if db.is_sqlite() {
        sqlx::migrate!("./migrations/sqlite")
    } else {
        sqlx::migrate!("./migrations/postgres")
    };
    let both = shared.iter().chain(own.iter()).filter(|one| one.version <= last);
    let migrator = Migrator::with_migrations(both.cloned().collect());
    if db.is_sqlite() {
        let mut conn = SqliteConnection::connect(&format!("{}?mode=rwc", db.url)).await.unwrap();
        migrator.run(&mut conn).await.unwrap();
        conn.close().await.unwrap();
    } else {
        let mut conn = PgConnection::connect(&db.url).await.unwrap();
        migrator.run(&mut conn).await.unwrap();
        conn.close().await.unwrap();
    }
}

/// The programme as it was written then.
fn programme() -> Value {
    json!({
        "slug": "miso", "title": "MISO", "tagline": "", "summary": "Un mois.",
        "timezone": "Europe/Zurich", "languages": ["fr", "en"],
        "starts": "2027-02-20", "ends": "2027-05-14",
        "contact": {"email": "info@example.org", "press_email": null, "press_phone": null},
        "rules": {
            "capacity": null, "overlap": "warn", "queue": "promote", "confirm": "instant", "opens": null,
            "closes": null, "per_week": null, "per_programme": null, "offer_hours": null, "quiet": null,
            "reminders": [],
        },
    })
}

/// What stands around the sessions.
fn around() -> Value {
    json!({
        "programme": programme(),
        "themes": [{"slug": "lab", "title": "Labo", "starts": null, "ends": null, "colour": "#0b6e4f", "summary": ""}],
        "places": [{"slug": "maison", "name": "Maison", "address": "Rue 1", "latitude": 46.2, "longitude": 6.1, "access": ""}],
        "organisations": [{"slug": "collectif", "name": "Collectif", "url": "", "summary": ""}],
        "press": [],
    })
}

fn with(mut value: Value, more: Value) -> Value {
    let more = more.as_object().unwrap().clone();
    value.as_object_mut().unwrap().extend(more);
    value
}

fn session(number: u128) -> Value {
    let (slug, day) = if number == PAST { ("passe", "2027-02-20") } else { ("atelier", "2027-04-19") };
    json!({
        "slug": slug, "id": id(number), "title": format!("Session {slug}"), "theme": "lab", "formats": ["workshop"],
        "date": day, "start": "10:00:00", "end": format!("{day}T11:00:00"), "languages": ["fr"], "place": "maison",
        "online": false, "hosts": ["collectif"], "speakers": [], "abstract": "En deux mots.", "description": "",
        "tags": [], "access": [], "status": "scheduled", "text_language": null,
    })
}

fn live() -> Value {
    json!({"live": {
        "join_url": null, "capacity": {"seats": 2}, "registration": "open", "opens": null, "closes": null,
        "queue": null, "held": {},
    }})
}

fn mail(name: &str) -> Value {
    let frozen = json!({
        "slug": "atelier", "uid": id(FULL), "title": "Session atelier", "date": "2027-04-19", "start": "10:00:00",
        "end": "2027-04-19T11:00:00", "starts_at": "2027-04-19T08:00:00Z", "ends_at": "2027-04-19T09:00:00Z",
        "place": "Maison", "address": "Rue 1", "geo": null, "online": false, "join_url": null,
        "path": "/miso/sessions/atelier", "theme": "Labo", "formats": ["workshop"], "tags": [],
        "description": "En deux mots.", "status": "scheduled", "access": [], "changed_at": "2027-01-20T09:00:00Z",
    });
    json!({
        "programme": {"slug": "miso", "title": "MISO", "timezone": "Europe/Zurich", "contact": null},
        "name": name, "agenda_token": "agendatoken", "feed_token": "feedtoken",
        "items": [{"session": frozen, "outcome": "confirmed", "people": 2, "sequence": 0}],
    })
}

/// The programme, its release and its two sessions: one is over, the other has two seats.
async fn write_programme(db: &mut Conn, at: DateTime<Utc>) {
    on!(db, c => query("INSERT INTO programme (id, slug, content, created_at, changed_at) VALUES ($1, 'miso', $2, $3, $3)")
        .bind(id(PROGRAMME)).bind(around()).bind(at).execute(c).await.map(drop)).unwrap();
    for (position, number) in [(0_i64, PAST), (1, FULL)] {
        let slug = session(number)["slug"].as_str().unwrap().to_owned();
        on!(db, c => query(
            "INSERT INTO session (id, programme_id, slug, position, content, changed_at) VALUES ($1, $2, $3, $4, $5, $6)",
        ).bind(id(number)).bind(id(PROGRAMME)).bind(slug).bind(position).bind(with(session(number), live())).bind(at)
            .execute(c).await.map(drop)).unwrap();
        let starts: DateTime<Utc> = session(number)["date"]
            .as_str()
            .unwrap()
            .parse::<chrono::NaiveDate>()
            .unwrap()
            .and_hms_opt(if number == PAST { 9 } else { 8 }, 0, 0)
            .unwrap()
            .and_utc();
        on!(db, c => query(
            "INSERT INTO seat (session_id, programme_id, capacity, held, held_total, taken, waiting, registration, queue,
                               starts, ends, timed, status, arrivals, touched)
             VALUES ($1, $2, 2, $3, 0, 2, $4, 'open', 'promote', $5, $6, TRUE, 'scheduled', 5, $7)",
        ).bind(id(number)).bind(id(PROGRAMME)).bind(json!({})).bind(i64::from(number == FULL)).bind(starts)
            .bind(starts + TimeDelta::hours(1)).bind(at).execute(c).await.map(drop)).unwrap();
    }
    let counters = json!({"sequence": 0, "changed_at": at, "since": 1});
    let sessions = [PAST, FULL].map(|number| with(session(number), counters.clone()));
    let release = with(
        around(),
        json!({
            "number": 1, "published_at": at, "note": "Ouvert", "sessions": sessions, "changes": [],
        }),
    );
    on!(db, c => query(
        "INSERT INTO programme_release (programme_id, number, published_at, note, content, changes, titles)
         VALUES ($1, 1, $2, 'Ouvert', $3, $4, $5)",
    ).bind(id(PROGRAMME)).bind(at).bind(release).bind(json!([])).bind(json!({})).execute(c).await.map(drop))
    .unwrap();
}

/// Ana was at the first session and has both seats of the second; Bea waits, after she had given a seat back.
async fn write_people(db: &mut Conn, at: DateTime<Utc>) {
    for (number, email, name) in [(100, ANA, "Ana Été"), (101, BEA, "Bea")] {
        on!(db, c => query("INSERT INTO participant (id, email, name, language, created_at) VALUES ($1, $2, $3, 'fr', $4)")
            .bind(id(number)).bind(email).bind(name).bind(at).execute(c).await.map(drop)).unwrap();
        on!(db, c => query(
            "INSERT INTO registration_order (id, programme_id, form_key, participant_id, name, people, organisation,
                                             access_needs, language, consent_at, created_at)
             VALUES ($1, $2, $3, $4, $5, 2, '', 'boucle', 'fr', $6, $6)",
        ).bind(id(number + 100)).bind(id(PROGRAMME)).bind(format!("key-{number}")).bind(id(number)).bind(name).bind(at)
            .execute(c).await.map(drop)).unwrap();
    }
    // Registration, session, participant, state, arrival, attended.
    let rows = [
        (300, PAST, 100, "confirmed", 1_i64, Some(1_i64)),
        (301, FULL, 101, "cancelled", 1, None),
        (302, FULL, 100, "confirmed", 2, None),
        (303, FULL, 101, "waiting", 3, None),
    ];
    for (number, session, participant, state, arrival, attended) in rows {
        on!(db, c => query(
            "INSERT INTO registration (id, session_id, participant_id, order_id, state, people, arrival, bumps, created_at,
                                       changed_at, attended, attended_at)
             VALUES ($1, $2, $3, $4, $5, 2, $6, 0, $7, $7, $8, $9)",
        ).bind(id(number)).bind(id(session)).bind(id(participant)).bind(id(participant + 100)).bind(state).bind(arrival)
            .bind(at).bind(attended).bind(attended.map(|_| at)).execute(c).await.map(drop)).unwrap();
        let mut before = None;
        let first = if state == "cancelled" { "confirmed" } else { state };
        for (step, after) in [first, state].into_iter().take(if first == state { 1 } else { 2 }).enumerate() {
            on!(db, c => query(
                "INSERT INTO registration_change (id, registration_id, before, after, cause, mail_id, at)
                 VALUES ($1, $2, $3, $4, 'form', $5, $6)",
            ).bind(id(number + 100 + 10 * step as u128)).bind(id(number)).bind(before).bind(after)
                .bind(id(500 + participant)).bind(at).execute(c).await.map(drop))
            .unwrap();
            before = Some(after);
        }
    }
    on!(db, c => query(
        "INSERT INTO attendance (session_id, programme_id, registered, present, absent, walk_in, marked_at)
         VALUES ($1, $2, 3, 1, 2, 0, $3)",
    ).bind(id(PAST)).bind(id(PROGRAMME)).bind(at).execute(c).await.map(drop))
    .unwrap();
    for (number, email, sent) in [(600, ANA, Some(at)), (601, BEA, None)] {
        on!(db, c => query(
            "INSERT INTO outbox (id, kind, language, recipient, data, priority, queued_at, due_at, sent_at)
             VALUES ($1, 'order', 'fr', $2, $3, 0, $4, $4, $5)",
        ).bind(id(number)).bind(email).bind(mail(email)).bind(at).bind(sent).execute(c).await.map(drop))
        .unwrap();
    }
}

/// What a partner has proposed, and somebody through the public call.
async fn write_proposals(db: &mut Conn, at: DateTime<Utc>) {
    let content = json!({"title": " Un jardin ", "date": "2027-04-21", "start": "18:30"});
    for (number, organisation, proposer) in [
        (700, Some("collectif"), None),
        (
            701,
            None,
            Some(json!({"name": "Lou", "email": "lou@example.org", "organisation": "", "lang": "fr"})),
        ),
    ] {
        on!(db, c => query(
            "INSERT INTO proposal (id, programme_id, organisation, proposer, what, state, content, form_key, created_at,
                                   changed_at, sent_at)
             VALUES ($1, $2, $3, $4, 'new', 'sent', $5, $6, $7, $7, $7)",
        ).bind(id(number)).bind(id(PROGRAMME)).bind(organisation).bind(proposer).bind(&content).bind(number.to_string())
            .bind(at).execute(c).await.map(drop)).unwrap();
    }
}

/// The database of an older version, as a program of that version has it open.
async fn older(db: &TestDb) -> Pool {
    Pool::open_existing(&db.url, 2, Durability::Off).await.unwrap()
}

on_both_engines! {
    async fn a_database_in_which_people_have_worked_is_brought_to_this_version_with_all_that_was_in_it(db: TestDb) {
        let at = Time::new().now() - TimeDelta::days(2);
        migrate(&db, BEFORE_THE_OFFICE).await;
        let pool = older(&db).await;
        let mut tx = pool.begin().await.unwrap();
        write_programme(&mut tx, at).await;
        write_people(&mut tx, at).await;
        tx.commit().await.unwrap();
        pool.close().await;
        migrate(&db, BEFORE_TITLES).await;
        let pool = older(&db).await;
        assert!(pool.is_of_this_version().await.is_err(), "it is an older one");
        let mut tx = pool.begin().await.unwrap();
        write_proposals(&mut tx, at).await;
        tx.commit().await.unwrap();
        pool.close().await;

        let app = App::start(db).await;

        app.pool.is_of_this_version().await.unwrap();
        assert_eq!(app.broken().await, Vec::<String>::new());
        let mut db = app.pool.acquire().await.unwrap();
        let (_, draft) = drafts::load(&mut db, "miso").await.unwrap().unwrap();
        assert_eq!(draft.sessions.len(), 2);
        let ana = store::participant_by_email(&mut db, ANA).await.unwrap().unwrap();
        let hers = store::registrations_of(&mut db, &[ana.id]).await.unwrap();
        assert_eq!((ana.name.as_str(), hers.len()), ("Ana Été", 2));
        let came = attendance::store::figures(&mut db, id(PROGRAMME)).await.unwrap();
        let came = came[&id(PAST)];
        assert_eq!((came.registered, came.present, came.absent), (2, 1, 1), "put right on the way");
        let proposal = proposals::store::find(&mut db, id(PROGRAMME), id(701)).await.unwrap().unwrap();
        assert_eq!(proposal.proposer.map(|who| who.email), Some("lou@example.org".to_owned()));
        let titles: Vec<String> = on!(db, c => query_scalar("SELECT title FROM proposal ORDER BY id").fetch_all(c).await).unwrap();
        assert_eq!(titles, ["Un jardin", "Un jardin"]);
        assert_eq!(outbox::to(&mut db, ANA).await.unwrap().len(), 1);
        drop(db);

        // And it goes on: the mail that waited leaves, the page stands, and a seat that is given back goes to who waits.
        assert_eq!(app.mails_to(BEA).await.len(), 1);
        let page = app.get("/fr/miso/sessions/atelier").await;
        assert_eq!(Found::on(&page.body).text("h1"), "Session atelier");
        let agenda = app.house().key.seal(parvis::tokens::Purpose::Agenda, ana.id, 1);
        let gone = app.post(&format!("/fr/agenda/{agenda}/cancellations"), &[("session", "atelier")]).await;
        assert_eq!(gone.status.code, 303, "{}", gone.body);
        let mut db = app.pool.acquire().await.unwrap();
        let states: Vec<String> = on!(db, c => query_scalar("SELECT state FROM registration ORDER BY id").fetch_all(c).await).unwrap();
        assert_eq!(states, ["confirmed", "cancelled", "cancelled", "confirmed"]);
        drop(db);
        assert_eq!(app.broken().await, Vec::<String>::new());
    }
}
