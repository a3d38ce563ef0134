//! How a process sees what others publish.

use chrono::TimeDelta;
use parvis::{on, programme, publication};
use rocket::http::Status;
use sqlx::query;

use crate::{
    builders::{miso, session},
    harness::App,
};

on_both_engines! {
    async fn a_release_that_cannot_be_read_hides_no_other(app: App) {
        app.publish(&miso(vec![session("ouverture", 50)])).await;
        let mut other = miso(vec![session("ailleurs", 50)]);
        other.programme.slug = "autre".to_owned();
        let mut db = app.pool.acquire().await.unwrap();
        let id = programme::store::id_of(&mut db, "miso").await.unwrap().unwrap();
        on!(db, c => query(
            "INSERT INTO programme_release (programme_id, number, published_at, note, content, changes, titles)
             SELECT programme_id, 2, published_at, note, changes, changes, titles FROM programme_release",
        ).execute(c).await.map(drop)).unwrap();
        drop(db);
        app.pass(TimeDelta::minutes(1));

        app.publish(&other).await;

        assert_eq!(publication::refresh(app.house()).await.unwrap(), [(id, 2)]);
        assert_eq!(app.get("/fr/autre").await.status, Status::Ok);
        assert_eq!(app.get("/fr/miso").await.status, Status::Ok, "the release before");
        assert_eq!(app.house().board.all(id).len(), 1);
        assert_eq!(app.get("/readyz").await.status, Status::Ok);
    }
}
