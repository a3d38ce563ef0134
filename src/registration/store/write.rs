//! What the desk writes: a few statements of many rows.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::{QueryBuilder, query, types::Json};
use uuid::Uuid;

use super::{SeatRow, how_code};
use crate::{
    db::{
        Conn,
        sizes::{filled, push_list},
    },
    on,
    programme::Registration as How,
    registration::{
        Cause, Settings,
        decide::{Change, NewOrder, Registration},
    },
};

/// Rows of one statement: with those that fill it up, well under the 32,766 values that SQLite takes.
const ROWS_MAX: usize = 1_000;

/// What fills a statement up is a row that stands in it already. Every id is new.
const TAKES_ONCE: &str = " ON CONFLICT DO NOTHING";

/// A seat row for a session that has none yet.
pub async fn insert_seat(db: &mut Conn, settings: &Settings, now: DateTime<Utc>) -> sqlx::Result<bool> {
    on!(db, c => query(
        "INSERT INTO seat (session_id, programme_id, capacity, held, held_total, registration, external_url,
                           opens, closes, queue, join_url, starts, ends, timed, status, touched)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
         ON CONFLICT (session_id) DO NOTHING",
    )
    .bind(settings.session)
    .bind(settings.programme)
    .bind(settings.capacity)
    .bind(Json(&settings.held))
    .bind(settings.held.values().sum::<i64>())
    .bind(how_code(&settings.registration))
    .bind(external_url(&settings.registration))
    .bind(settings.opens)
    .bind(settings.closes)
    .bind(settings.queue)
    .bind(settings.join_url.as_deref())
    .bind(settings.starts)
    .bind(settings.ends)
    .bind(settings.timed)
    .bind(settings.status)
    .bind(now)
    .execute(c)
    .await
    .map(|done| done.rows_affected() == 1))
}

/// Other live settings for a seat row, which the caller has locked.
pub async fn update_settings(db: &mut Conn, settings: &Settings, touched: DateTime<Utc>) -> sqlx::Result<()> {
    on!(db, c => query(
        "UPDATE seat SET capacity = $2, held = $3, held_total = $4, registration = $5, external_url = $6,
                opens = $7, closes = $8, queue = $9, join_url = $10, starts = $11, ends = $12, timed = $13,
                status = $14, touched = CASE WHEN touched < $15 THEN $15 ELSE touched END
         WHERE session_id = $1",
    )
    .bind(settings.session)
    .bind(settings.capacity)
    .bind(Json(&settings.held))
    .bind(settings.held.values().sum::<i64>())
    .bind(how_code(&settings.registration))
    .bind(external_url(&settings.registration))
    .bind(settings.opens)
    .bind(settings.closes)
    .bind(settings.queue)
    .bind(settings.join_url.as_deref())
    .bind(settings.starts)
    .bind(settings.ends)
    .bind(settings.timed)
    .bind(settings.status)
    .bind(touched)
    .execute(c)
    .await
    .map(|_| ()))
}

fn external_url(registration: &How) -> Option<&str> {
    match registration {
        How::External(url) => Some(url),
        How::Open | How::Closed | How::Invitation | How::None => None,
    }
}

/// Moves the counters of seat rows from what they were to what they are. False where the database's own guard
/// says that one of them would be oversold: `taken` may only rise within `capacity - held_total`.
pub async fn move_seats(db: &mut Conn, moved: &[(&SeatRow, &SeatRow)]) -> sqlx::Result<bool> {
    for rows in moved.chunks(ROWS_MAX) {
        let written = on!(db, c => QueryBuilder::new(
            "WITH moved (session_id, taken, waiting, arrivals, touched) AS (",
        )
        .push_values(filled(rows), |mut row, (before, after)| {
            row.push_bind(after.settings.session)
                .push_bind(after.taken - before.taken)
                .push_bind(after.waiting - before.waiting)
                .push_bind(after.arrivals - before.arrivals)
                .push_bind(after.touched);
        })
        .push(
            ") UPDATE seat SET taken = seat.taken + moved.taken, waiting = seat.waiting + moved.waiting,
                     arrivals = seat.arrivals + moved.arrivals, touched = moved.touched
             FROM moved
             WHERE seat.session_id = moved.session_id
               AND (moved.taken <= 0 OR seat.capacity IS NULL
                    OR seat.taken + moved.taken <= seat.capacity - seat.held_total)",
        )
        .build()
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
        if written != rows.len() as u64 {
            return Ok(false);
        }
    }
    Ok(true)
}

/// New orders, and what their pages show.
/// False where one of them is there already: another process has taken the same form.
pub async fn insert_orders(db: &mut Conn, orders: &[NewOrder], now: DateTime<Utc>) -> sqlx::Result<bool> {
    for rows in orders.chunks(ROWS_MAX) {
        let written = on!(db, c => QueryBuilder::new(
            "INSERT INTO registration_order (id, programme_id, form_key, participant_id, name, people, organisation,
                                             access_needs, language, consent_at, confirm_by, created_at) ",
        )
        .push_values(filled(rows), |mut row, new| {
            let order = &new.order;
            row.push_bind(new.id)
                .push_bind(order.programme)
                .push_bind(order.key.as_str())
                .push_bind(new.participant)
                .push_bind(order.name.as_str())
                .push_bind(order.people)
                .push_bind(order.organisation.as_str())
                .push_bind(order.access_needs.as_str())
                .push_bind(order.lang.code())
                .push_bind((order.cause != Cause::Organiser).then_some(now))
                .push_bind(new.confirm_by)
                .push_bind(now);
        })
        .push(TAKES_ONCE)
        .build()
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
        if written != rows.len() as u64 {
            return Ok(false);
        }
    }
    let items: Vec<_> = orders.iter().flat_map(|new| new.items.iter().map(|item| (new.id, item))).collect();
    for rows in items.chunks(ROWS_MAX) {
        on!(db, c => QueryBuilder::new("INSERT INTO order_item (order_id, session_id, shown, position) ")
            .push_values(filled(rows), |mut row, (order, (session, position))| {
                row.push_bind(*order)
                    .push_bind(*session)
                    .push_bind(if position.is_some() { "waiting" } else { "confirmed" })
                    .push_bind(*position);
            })
            .push(TAKES_ONCE)
            .build()
            .execute(c)
            .await
            .map(|_| ()))?;
    }
    Ok(true)
}

/// New registrations. False where one of these people had a live one after all.
pub async fn insert_registrations(
    db: &mut Conn,
    registrations: &BTreeMap<Uuid, Registration>,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let all: Vec<_> = registrations.values().collect();
    for rows in all.chunks(ROWS_MAX) {
        let written = on!(db, c => QueryBuilder::new(
            "INSERT INTO registration (id, session_id, participant_id, order_id, state, people, arrival, bumps,
                                       awaits, deadline, created_at, changed_at) ",
        )
        .push_values(filled(rows), |mut row, registration| {
            row.push_bind(registration.id)
                .push_bind(registration.session)
                .push_bind(registration.participant)
                .push_bind(registration.order)
                .push_bind(registration.state)
                .push_bind(registration.people)
                .push_bind(registration.arrival)
                .push_bind(registration.bumps)
                .push_bind(registration.pending.map(|pending| pending.awaits))
                .push_bind(registration.pending.map(|pending| pending.deadline))
                .push_bind(now)
                .push_bind(now);
        })
        // Also a second live one of a person in a session (`registration_live`).
        .push(TAKES_ONCE)
        .build()
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
        if written != rows.len() as u64 {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The new states of registrations that were there. The caller holds their seat rows, without which nobody gives out or
/// takes back: a statement of many rows locks them in no order.
pub async fn update_registrations(
    db: &mut Conn,
    registrations: &BTreeMap<Uuid, Registration>,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let all: Vec<_> = registrations.values().collect();
    for rows in all.chunks(ROWS_MAX) {
        on!(db, c => QueryBuilder::new(
            "WITH became (id, state, bumps, arrival, awaits, deadline) AS (",
        )
        .push_values(filled(rows), |mut row, registration| {
            row.push_bind(registration.id)
                .push_bind(registration.state)
                .push_bind(registration.bumps)
                .push_bind(registration.arrival)
                .push_bind(registration.pending.map(|pending| pending.awaits))
                .push_bind(registration.pending.map(|pending| pending.deadline));
        })
        .push(
            ") UPDATE registration SET state = became.state, bumps = became.bumps, arrival = became.arrival,
                     awaits = became.awaits, deadline = became.deadline, changed_at = ",
        )
        .push_bind(now)
        .push(" FROM became WHERE registration.id = became.id")
        .build()
        .execute(c)
        .await
        .map(|_| ()))?;
    }
    Ok(())
}

/// The audit lines of a batch, each with its new id.
pub async fn insert_changes(
    db: &mut Conn,
    changes: &[(Uuid, &Change)],
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    for rows in changes.chunks(ROWS_MAX) {
        on!(db, c => QueryBuilder::new(
            "INSERT INTO registration_change (id, registration_id, before, after, cause, mail_id, unwritten, at) ",
        )
        .push_values(filled(rows), |mut row, (id, change)| {
            row.push_bind(*id)
                .push_bind(change.registration)
                .push_bind(change.before)
                .push_bind(change.after)
                .push_bind(change.cause)
                .push_bind(change.notice)
                .push_bind(change.is_unwritten())
                .push_bind(now);
        })
        .push(TAKES_ONCE)
        .build()
        .execute(c)
        .await
        .map(|_| ()))?;
    }
    Ok(())
}

/// Notes that these people were told that nothing is new.
pub async fn mark_told(db: &mut Conn, people: &[Uuid], now: DateTime<Utc>) -> sqlx::Result<()> {
    for some in people.chunks(ROWS_MAX) {
        on!(db, c => {
            let mut update = QueryBuilder::new("UPDATE participant SET told_at = ");
            update.push_bind(now).push(" WHERE id IN (");
            push_list(&mut update, some.iter().copied());
            update.push(")").build().execute(c).await.map(|_| ())
        })?;
    }
    Ok(())
}
