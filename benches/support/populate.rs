//! Many people who are registered already, written straight into the database: what a large programme looks like
//! after weeks.

use chrono::{DateTime, Utc};
use parvis::{
    db::{Durability, Pool},
    on,
    registration::contact::{Code, folded},
    tokens::Tokens,
};
use sqlx::{QueryBuilder, query, query_as};
use uuid::Uuid;

/// Rows of one INSERT: SQLite takes 32,766 values a statement.
const ROWS: usize = 2_000;

/// Registers `people` people in `each` sessions, one order for all of them, and gives who they are. Every mail has
/// been sent.
pub async fn populate(url: &str, people: usize, each: usize, now: DateTime<Utc>) -> Vec<Uuid> {
    let pool = Pool::open(url, 2, Durability::Off).await.expect("a database");
    let tokens = Tokens::seeded(7);
    let mut tx = pool.begin().await.expect("a transaction");
    let sessions: Vec<(Uuid, Uuid)> =
        on!(tx, c => query_as("SELECT session_id, programme_id FROM seat ORDER BY session_id").fetch_all(c).await)
            .expect("seat rows");
    let mut arrivals = vec![0_i64; sessions.len()];
    let persons: Vec<Uuid> = (0..people).map(|_| tokens.id(now)).collect();
    let orders: Vec<Uuid> = (0..people).map(|_| tokens.id(now)).collect();
    let numbers: Vec<usize> = (0..people).collect();
    for some in numbers.chunks(ROWS) {
        on!(tx, c => QueryBuilder::new("INSERT INTO participant (id, email, code, name, folded, language, created_at) ")
            .push_values(some, |mut row, n| {
                let (email, name) = (format!("ancienne-{n}@example.org"), format!("Ancienne {n}"));
                let code = Code::fresh(&tokens);
                let folded = folded(&name, Some(&email), Some(code.as_str()), "");
                row.push_bind(persons[*n])
                    .push_bind(email)
                    .push_bind(code.as_str().to_owned())
                    .push_bind(name)
                    .push_bind(folded)
                    .push_bind("fr")
                    .push_bind(now);
            })
            .build()
            .execute(c)
            .await
            .map(|_| ()))
        .expect("people");
        on!(tx, c => QueryBuilder::new(
            "INSERT INTO registration_order (id, programme_id, form_key, participant_id, name, people,
                                             organisation, access_needs, language, consent_at, created_at) ",
        )
        .push_values(some, |mut row, n| {
            row.push_bind(orders[*n])
                .push_bind(sessions[0].1)
                .push_bind(format!("key-{n}"))
                .push_bind(persons[*n])
                .push_bind(format!("Ancienne {n}"))
                .push_bind(1_i64)
                .push_bind("")
                .push_bind("")
                .push_bind("fr")
                .push_bind(now)
                .push_bind(now);
        })
        .build()
        .execute(c)
        .await
        .map(|_| ()))
        .expect("orders");
    }
    let count = sessions.len();
    let pairs: Vec<(usize, usize)> =
        numbers.iter().flat_map(|n| (0..each).map(move |k| (*n, (n * each + k) % count))).collect();
    for some in pairs.chunks(ROWS) {
        let rows: Vec<(Uuid, Uuid, Uuid, Uuid, i64)> = some
            .iter()
            .map(|(n, session)| {
                arrivals[*session] += 1;
                (tokens.id(now), sessions[*session].0, persons[*n], orders[*n], arrivals[*session])
            })
            .collect();
        on!(tx, c => QueryBuilder::new(
            "INSERT INTO registration (id, session_id, participant_id, order_id, state, people, arrival, bumps,
                                       created_at, changed_at) ",
        )
        .push_values(&rows, |mut row, (id, session, person, order, arrival)| {
            row.push_bind(*id)
                .push_bind(*session)
                .push_bind(*person)
                .push_bind(*order)
                .push_bind("confirmed")
                .push_bind(1_i64)
                .push_bind(*arrival)
                .push_bind(0_i64)
                .push_bind(now)
                .push_bind(now);
        })
        .build()
        .execute(c)
        .await
        .map(|_| ()))
        .expect("registrations");
        on!(tx, c => QueryBuilder::new(
            "INSERT INTO registration_change (id, registration_id, before, after, cause, mail_id, at) ",
        )
        .push_values(&rows, |mut row, (id, ..)| {
            row.push_bind(*id)
                .push_bind(*id)
                .push_bind(None::<String>)
                .push_bind("confirmed")
                .push_bind("form")
                .push_bind(None::<Uuid>)
                .push_bind(now);
        })
        .build()
        .execute(c)
        .await
        .map(|_| ()))
        .expect("audit lines");
    }
    for ((session, _), taken) in sessions.iter().zip(&arrivals) {
        on!(tx, c => query("UPDATE seat SET taken = $2, arrivals = $2, touched = $3 WHERE session_id = $1")
            .bind(*session)
            .bind(*taken)
            .bind(now)
            .execute(c)
            .await
            .map(|_| ()))
        .expect("a seat row");
    }
    tx.commit().await.expect("a commit");
    if !pool.is_sqlite() {
        // As it does by itself, some time after many rows have come.
        let mut db = pool.acquire().await.expect("a connection");
        on!(db, c => query("ANALYZE").execute(c).await.map(|_| ())).expect("statistics");
    }
    pool.close().await;
    persons
}
