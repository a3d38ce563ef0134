//! What `docs/DATABASE.md` promises of both engines, shown.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::join_all;
use parvis::on;
use sqlx::{query, query_as, query_scalar};

use crate::{
    harness::{Bare, TestDb},
    source::sources,
};

on_both_engines! {
    async fn what_is_written_is_read_back_as_it_was(app: Bare) {
        type Row = (uuid::Uuid, bool, DateTime<Utc>, chrono::NaiveDate, i64, serde_json::Value);
        let row: Row = (
            app.tokens.id(app.now()),
            true,
            app.now() + TimeDelta::microseconds(123_456),
            app.now().date_naive(),
            i64::MAX,
            serde_json::json!({"title": "Été", "seats": [1, null]}),
        );
        let mut db = app.pool.acquire().await.unwrap();
        on!(db, c => query(
            "CREATE TABLE kept (id UUID PRIMARY KEY, yes BOOLEAN, at TIMESTAMPTZ, day DATE, n BIGINT, doc JSON)",
        ).execute(c).await.map(drop)).unwrap();

        on!(db, c => query("INSERT INTO kept (id, yes, at, day, n, doc) VALUES ($1, $2, $3, $4, $5, $6)")
            .bind(row.0).bind(row.1).bind(row.2).bind(row.3).bind(row.4).bind(&row.5)
            .execute(c).await.map(drop)).unwrap();

        let read: Row = on!(db, c => query_as("SELECT id, yes, at, day, n, doc FROM kept").fetch_one(c).await).unwrap();
        assert_eq!(read, row);
    }

    async fn times_sort_and_compare_whatever_their_fractions(app: Bare) {
        let later = [0, 1, 120_000, 123_000, 123_456, 999_999, 1_000_000].map(|after| app.now() + TimeDelta::microseconds(after));
        let mut db = app.pool.acquire().await.unwrap();
        on!(db, c => query("CREATE TABLE moment (at TIMESTAMPTZ NOT NULL)").execute(c).await.map(drop)).unwrap();
        for at in later.iter().rev() {
            on!(db, c => query("INSERT INTO moment (at) VALUES ($1)").bind(at).execute(c).await.map(drop)).unwrap();
        }

        let sorted: Vec<DateTime<Utc>> = on!(db, c => query_scalar("SELECT at FROM moment ORDER BY at").fetch_all(c).await).unwrap();
        let due: i64 = on!(db, c => query_scalar("SELECT COUNT(*) FROM moment WHERE at <= $1").bind(later[3]).fetch_one(c).await).unwrap();

        assert_eq!(sorted, later);
        assert_eq!(due, 4);
    }

    async fn one_live_row_a_pair_is_kept_by_a_partial_index(app: Bare) {
        let mut db = app.pool.acquire().await.unwrap();
        on!(db, c => query("CREATE TABLE turn (who BIGINT, what BIGINT, state TEXT)").execute(c).await.map(drop)).unwrap();
        on!(db, c => query("CREATE UNIQUE INDEX turn_live ON turn (who, what) WHERE state <> 'cancelled'")
            .execute(c).await.map(drop)).unwrap();

        let mut inserted = Vec::new();
        for state in ["cancelled", "waiting", "confirmed", "cancelled"] {
            // The index's `WHERE` is repeated: PostgreSQL looks for an index that it fits.
            inserted.push(on!(db, c => query(
                "INSERT INTO turn (who, what, state) VALUES (1, 1, $1) ON CONFLICT (who, what) WHERE state <> 'cancelled' DO NOTHING",
            ).bind(state).execute(c).await.map(|done| done.rows_affected())).unwrap());
        }
        let sum: i64 = on!(db, c => query_scalar("SELECT CAST(COALESCE(SUM(who), 0) AS BIGINT) FROM turn").fetch_one(c).await).unwrap();

        assert_eq!(inserted, [1, 1, 0, 1]);
        assert_eq!(sum, 3);
    }

    async fn a_transaction_that_is_dropped_leaves_nothing(app: Bare) {
        with_counter(&app).await;

        let mut tx = app.pool.begin().await.unwrap();
        on!(tx, c => query("UPDATE counter SET n = 7").execute(c).await.map(drop)).unwrap();
        drop(tx);

        assert_eq!(counter(&app).await, 0);
    }

    async fn forty_transactions_that_write_first_and_read_then_lose_nothing(app: Bare) {
        with_counter(&app).await;

        join_all((0..40).map(|_| async {
            let mut tx = app.pool.begin().await.unwrap();
            // Writing the row first is the lock; reading first would decide on an old count.
            let n: i64 = on!(tx, c => query_scalar("UPDATE counter SET revision = revision + 1 WHERE id = 1 RETURNING n")
                .fetch_one(c).await).unwrap();
            on!(tx, c => query("UPDATE counter SET n = $1 WHERE id = 1").bind(n + 1).execute(c).await.map(drop)).unwrap();
            tx.commit().await.unwrap();
        }))
        .await;

        assert_eq!(counter(&app).await, 40);
    }

    async fn a_test_has_a_database_of_its_own(db: TestDb) {
        let pool = db.pool().await;
        let mut tx = pool.begin().await.unwrap();

        // Both tests and both engines make the same table; in one database the second would fail.
        on!(tx, c => query("CREATE TABLE mine (id BIGINT)").execute(c).await.map(drop)).unwrap();
        tokio::time::sleep(Duration::from_millis(50)).await;

        tx.commit().await.unwrap();
        assert_eq!(pool.is_sqlite(), db.is_sqlite());
    }

    async fn another_test_has_a_database_of_its_own(db: TestDb) {
        let pool = db.pool().await;
        let mut tx = pool.begin().await.unwrap();
        on!(tx, c => query("CREATE TABLE mine (id BIGINT)").execute(c).await.map(drop)).unwrap();
        tx.commit().await.unwrap();
    }
}

async fn with_counter(app: &Bare) {
    let mut db = app.pool.acquire().await.unwrap();
    on!(db, c => query("CREATE TABLE counter (id BIGINT PRIMARY KEY, n BIGINT NOT NULL, revision BIGINT NOT NULL)")
        .execute(c).await.map(drop))
    .unwrap();
    on!(db, c => query("INSERT INTO counter (id, n, revision) VALUES (1, 0, 0)").execute(c).await.map(drop))
        .unwrap();
}

async fn counter(app: &Bare) -> i64 {
    let mut db = app.pool.acquire().await.unwrap();
    on!(db, c => query_scalar("SELECT n FROM counter WHERE id = 1").fetch_one(c).await).unwrap()
}

#[tokio::test]
async fn connections_of_sqlite_do_not_share_one_cache_and_its_mutex() {
    let pool = TestDb::sqlite().await.pool().await;
    let mut db = pool.acquire().await.unwrap();
    let options: Vec<String> =
        on!(db, c => query_scalar("SELECT compile_options FROM pragma_compile_options").fetch_all(c).await)
            .unwrap();

    // `.cargo/config.toml`: cargo reads it in this tree only.
    assert!(!options.contains(&"ENABLE_MEMORY_MANAGEMENT".to_owned()), "{options:?}");
    assert!(options.iter().any(|option| option.starts_with("THREADSAFE")), "{options:?}");
}

/// Each statement of which its own comment says that it is asked each second, with the file that it stands in.
fn asked_each_second() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for source in sources() {
        // A comment as one line.
        let text = source.text.replace("\n/// ", " ");
        for after in text.split("sked each second").skip(1) {
            let sql =
                after.split('"').nth(1).filter(|text| text.starts_with("SELECT") || text.starts_with("WITH"));
            found.extend(sql.map(|sql| (source.path.clone(), sql.to_owned())));
        }
    }
    found
}

#[tokio::test]
async fn nothing_that_is_asked_each_second_goes_through_a_whole_table() {
    let pool = TestDb::sqlite().await.pool().await;
    let mut conn = pool.acquire().await.unwrap();
    let partial: Vec<String> = on!(conn, c =>
        query_scalar("SELECT name FROM sqlite_master WHERE type = 'index' AND sql LIKE '% WHERE %'").fetch_all(c).await)
    .unwrap();
    let asked = asked_each_second();
    assert!(asked.len() >= 6, "{asked:?}");

    for (path, sql) in asked {
        let explain = || sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"));
        let plan: Vec<(i64, i64, i64, String)> = on!(conn, c => query_as(explain()).fetch_all(c).await)
            .unwrap_or_else(|cause| panic!("{path}: {cause}: {sql}"));
        for (_, _, _, step) in &plan {
            // What was found by another step, or all that a partial index has.
            let is_part = ["late", "CONSTANT ROW"].contains(&step.trim_start_matches("SCAN "))
                || partial.iter().any(|index| step.ends_with(index.as_str()));
            assert!(!step.starts_with("SCAN") || is_part, "{path}: {plan:#?}");
        }
    }
}
