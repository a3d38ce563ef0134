//! All SQL on the draft: one document a programme, one a session.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use sqlx::{QueryBuilder, query, query_as, query_scalar, types::Json};
use uuid::Uuid;

use super::{Draft, DraftSession, Live, Organisation, Place, PressRelease, Programme, Theme};
use crate::{db::Conn, on};

/// Rows of one INSERT: SQLite takes 32,766 values a statement.
const ROWS_MAX: usize = 2_000;

/// A draft without its sessions, as it is stored.
#[derive(serde::Serialize, serde::Deserialize)]
struct Frame {
    programme: Programme,
    themes: Vec<Theme>,
    places: Vec<Place>,
    organisations: Vec<Organisation>,
    press: Vec<PressRelease>,
}

impl Frame {
    fn of(draft: &Draft) -> Frame {
        Frame {
            programme: draft.programme.clone(),
            themes: draft.themes.clone(),
            places: draft.places.clone(),
            organisations: draft.organisations.clone(),
            press: draft.press.clone(),
        }
    }
}

/// A programme's document, of which only its name is read.
#[derive(serde::Deserialize)]
struct OnlyTitle {
    programme: Titled,
}

#[derive(serde::Deserialize)]
struct Titled {
    title: String,
}

/// A programme's document, of which only its time zone is read.
#[derive(serde::Deserialize)]
struct OnlyZone {
    programme: Zoned,
}

#[derive(serde::Deserialize)]
struct Zoned {
    timezone: chrono_tz::Tz,
}

/// A programme's document, of which only its organisations are read.
#[derive(serde::Deserialize)]
struct OnlyOrganisations {
    organisations: Vec<Organisation>,
}

/// A session's document, of which only this is read.
#[derive(serde::Deserialize)]
struct OnlyLive {
    live: Live,
}

/// The programme of that slug: its id.
pub async fn id_of(db: &mut Conn, slug: &str) -> sqlx::Result<Option<Uuid>> {
    on!(db, c => query_scalar("SELECT id FROM programme WHERE slug = $1").bind(slug).fetch_optional(c).await)
}

/// The slugs of all programmes, sorted.
pub async fn slugs(db: &mut Conn) -> sqlx::Result<Vec<String>> {
    on!(db, c => query_scalar("SELECT slug FROM programme ORDER BY slug").fetch_all(c).await)
}

/// Id, slug and name of every draft, the one that was changed last first.
pub async fn titles(db: &mut Conn) -> sqlx::Result<Vec<(Uuid, String, String)>> {
    let rows: Vec<(Uuid, String, Json<OnlyTitle>)> = on!(db, c =>
        query_as("SELECT id, slug, content FROM programme ORDER BY changed_at DESC, id").fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(id, slug, Json(content))| (id, slug, content.programme.title)).collect())
}

/// The time zone of that draft: a page that shows a moment needs nothing else of it.
pub async fn timezone(db: &mut Conn, id: Uuid) -> sqlx::Result<Option<chrono_tz::Tz>> {
    let found: Option<(Json<OnlyZone>,)> = on!(db, c =>
        query_as("SELECT content FROM programme WHERE id = $1").bind(id).fetch_optional(c).await)?;
    Ok(found.map(|(Json(content),)| content.programme.timezone))
}

/// Every organisation of every draft, with its programme.
pub async fn organisations(db: &mut Conn) -> sqlx::Result<Vec<(Uuid, Organisation)>> {
    let rows: Vec<(Uuid, Json<OnlyOrganisations>)> =
        on!(db, c => query_as("SELECT id, content FROM programme ORDER BY id").fetch_all(c).await)?;
    let of = |(id, Json(content)): (Uuid, Json<OnlyOrganisations>)| {
        content.organisations.into_iter().map(move |organisation| (id, organisation))
    };
    Ok(rows.into_iter().flat_map(of).collect())
}

/// How many sessions each draft has.
pub async fn session_counts(db: &mut Conn) -> sqlx::Result<HashMap<Uuid, i64>> {
    let rows: Vec<(Uuid, i64)> = on!(db, c =>
        query_as("SELECT programme_id, COUNT(*) FROM session GROUP BY programme_id").fetch_all(c).await)?;
    Ok(rows.into_iter().collect())
}

/// The draft of that slug, with its id.
pub async fn load(db: &mut Conn, slug: &str) -> sqlx::Result<Option<(Uuid, Draft)>> {
    let found: Option<(Uuid, Json<Frame>)> = on!(db, c =>
        query_as("SELECT id, content FROM programme WHERE slug = $1").bind(slug).fetch_optional(c).await)?;
    let Some((id, Json(frame))) = found else { return Ok(None) };
    let mut sessions: Vec<(i64, Json<DraftSession>)> = on!(db, c =>
        query_as("SELECT position, content FROM session WHERE programme_id = $1")
            .bind(id)
            .fetch_all(c)
            .await)?;
    // Sorted here: the database would carry all that they say to and fro for it.
    sessions
        .sort_by(|(a, Json(one)), (b, Json(other))| (a, &one.session.slug).cmp(&(b, &other.session.slug)));
    let Frame { programme, themes, places, organisations, press } = frame;
    let sessions = sessions.into_iter().map(|(_, Json(session))| session).collect();
    Ok(Some((id, Draft { programme, themes, places, organisations, press, sessions })))
}

/// The draft of that programme.
pub async fn load_by_id(db: &mut Conn, id: Uuid) -> sqlx::Result<Option<Draft>> {
    let slug: Option<String> = on!(db, c =>
        query_scalar("SELECT slug FROM programme WHERE id = $1").bind(id).fetch_optional(c).await)?;
    let Some(slug) = slug else { return Ok(None) };
    Ok(load(db, &slug).await?.map(|(_, draft)| draft))
}

/// The draft of that programme without its sessions.
pub async fn frame_of(db: &mut Conn, id: Uuid) -> sqlx::Result<Option<Draft>> {
    let found: Option<(Json<Frame>,)> = on!(db, c =>
        query_as("SELECT content FROM programme WHERE id = $1").bind(id).fetch_optional(c).await)?;
    Ok(found.map(|(Json(frame),)| {
        let Frame { programme, themes, places, organisations, press } = frame;
        Draft { programme, themes, places, organisations, press, sessions: Vec::new() }
    }))
}

/// What is live beside the release, as organisers wrote it in the draft, by session.
pub async fn lives(db: &mut Conn, programme: Uuid) -> sqlx::Result<HashMap<Uuid, Live>> {
    let rows: Vec<(Uuid, Json<OnlyLive>)> = on!(db, c =>
        query_as("SELECT id, content FROM session WHERE programme_id = $1")
            .bind(programme)
            .fetch_all(c)
            .await)?;
    Ok(rows.into_iter().map(|(id, Json(content))| (id, content.live)).collect())
}

/// Holds the programme until the transaction ends: two imports, or two publications, take turns. Nothing is changed by it.
pub async fn lock(db: &mut Conn, slug: &str) -> sqlx::Result<Option<Uuid>> {
    on!(db, c => query_scalar("UPDATE programme SET changed_at = changed_at WHERE slug = $1 RETURNING id")
        .bind(slug)
        .fetch_optional(c)
        .await)
}

/// The same for a programme that is known by its id.
pub async fn hold(db: &mut Conn, id: Uuid) -> sqlx::Result<()> {
    on!(db, c => query("UPDATE programme SET changed_at = changed_at WHERE id = $1")
        .bind(id)
        .execute(c)
        .await
        .map(|_| ()))
}

/// Writes a draft whole. A programme that is new gets `new_id`. Sessions are never deleted.
pub async fn save(db: &mut Conn, draft: &Draft, new_id: Uuid, now: DateTime<Utc>) -> sqlx::Result<Uuid> {
    let frame = Frame::of(draft);
    let id: Uuid = on!(db, c => query_scalar(
        "INSERT INTO programme (id, slug, content, created_at, changed_at)
         VALUES ($1, $2, $3, $4, $4)
         ON CONFLICT (slug) DO UPDATE SET content = excluded.content, changed_at = excluded.changed_at
         RETURNING id",
    )
    .bind(new_id)
    .bind(&draft.programme.slug)
    .bind(Json(&frame))
    .bind(now)
    .fetch_one(c)
    .await)?;
    let numbered: Vec<_> = (0..).zip(&draft.sessions).collect();
    for rows in numbered.chunks(ROWS_MAX) {
        save_sessions(db, id, rows, now).await?;
    }
    Ok(id)
}

/// Writes one session of a programme that is there.
pub async fn save_session(
    db: &mut Conn,
    programme: Uuid,
    session: &DraftSession,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    on!(db, c => query(
        "UPDATE session SET content = $3, changed_at = $4 WHERE programme_id = $1 AND slug = $2",
    )
    .bind(programme)
    .bind(&session.session.slug)
    .bind(Json(session))
    .bind(now)
    .execute(c)
    .await
    .map(|_| ()))?;
    touch(db, programme, now).await
}

/// Something of the programme has changed.
async fn touch(db: &mut Conn, id: Uuid, now: DateTime<Utc>) -> sqlx::Result<()> {
    on!(db, c => query("UPDATE programme SET changed_at = $2 WHERE id = $1")
        .bind(id)
        .bind(now)
        .execute(c)
        .await
        .map(|_| ()))
}

/// Writes a session that is new, behind all others. False where its slug was taken meanwhile.
pub async fn add_session(
    db: &mut Conn,
    programme: Uuid,
    session: &DraftSession,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let written = on!(db, c => query(
        "INSERT INTO session (id, programme_id, slug, position, content, changed_at)
         SELECT $1, $2, $3, COALESCE(MAX(position), -1) + 1, $4, $5 FROM session WHERE programme_id = $2
         ON CONFLICT (programme_id, slug) DO NOTHING",
    )
    .bind(session.session.id)
    .bind(programme)
    .bind(&session.session.slug)
    .bind(Json(session))
    .bind(now)
    .execute(c)
    .await
    .map(|done| done.rows_affected()))?;
    touch(db, programme, now).await?;
    Ok(written == 1)
}

/// Takes away a session that was never published: nobody else has seen it, and nothing stands on it.
pub async fn remove_session(
    db: &mut Conn,
    programme: Uuid,
    slug: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    on!(db, c => query("DELETE FROM session WHERE programme_id = $1 AND slug = $2")
        .bind(programme)
        .bind(slug)
        .execute(c)
        .await
        .map(|_| ()))?;
    touch(db, programme, now).await
}

/// Writes what stands around the sessions of a programme that is there, and none of its sessions.
pub async fn save_frame(db: &mut Conn, id: Uuid, draft: &Draft, now: DateTime<Utc>) -> sqlx::Result<()> {
    let frame = Frame::of(draft);
    on!(db, c => query("UPDATE programme SET content = $2, changed_at = $3 WHERE id = $1")
        .bind(id)
        .bind(Json(&frame))
        .bind(now)
        .execute(c)
        .await
        .map(|_| ()))
}

async fn save_sessions(
    db: &mut Conn,
    programme: Uuid,
    rows: &[(i64, &DraftSession)],
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    on!(db, c => QueryBuilder::new("INSERT INTO session (id, programme_id, slug, position, content, changed_at) ")
        .push_values(rows, |mut row, (position, session)| {
            row.push_bind(session.session.id)
                .push_bind(programme)
                .push_bind(&session.session.slug)
                .push_bind(*position)
                .push_bind(Json(*session))
                .push_bind(now);
        })
        .push(
            " ON CONFLICT (programme_id, slug) DO UPDATE
              SET position = excluded.position, content = excluded.content, changed_at = excluded.changed_at",
        )
        .build()
        .execute(c)
        .await
        .map(|_| ()))
}

/// The setting of that name, where it has been made. Takes no lock.
pub async fn known_setting(db: &mut Conn, name: &str) -> sqlx::Result<Option<String>> {
    on!(db, c => query_scalar("SELECT value FROM setting WHERE name = $1").bind(name).fetch_optional(c).await)
}

/// The setting of that name; made from `fresh` where there is none yet. All processes see the same.
pub async fn setting(db: &mut Conn, name: &str, fresh: &str) -> sqlx::Result<String> {
    on!(db, c => query_scalar(
        "INSERT INTO setting (name, value) VALUES ($1, $2)
         ON CONFLICT (name) DO UPDATE SET value = setting.value
         RETURNING value",
    )
    .bind(name)
    .bind(fresh)
    .fetch_one(c)
    .await)
}

/// Ids of a programme's sessions that stand in the database: for `check`.
pub async fn session_ids(db: &mut Conn, programme: Uuid) -> sqlx::Result<HashSet<Uuid>> {
    let ids: Vec<Uuid> = on!(db, c =>
        query_scalar("SELECT id FROM session WHERE programme_id = $1").bind(programme).fetch_all(c).await)?;
    Ok(ids.into_iter().collect())
}
