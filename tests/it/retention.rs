//! Personal data goes when its time is over; the figures stay.

use chrono::TimeDelta;
use parvis::registration::{retention, store};

use crate::{
    builders::{miso, session},
    harness::App,
};

on_both_engines! {
    async fn a_year_after_the_end_nobody_is_known_any_more_and_the_figures_stand(app: App) {
        app.publish(&miso(vec![session("ouverture", 1)])).await;
        app.register("ana@example.org", &["ouverture"]).await;
        app.register("bob@example.org", &["ouverture"]).await;
        let agenda = app.agenda_path("ana@example.org").await;
        assert_eq!(app.get(&agenda).await.status.code, 200);

        // The programme ends on 14 May 2027; the test begins on 1 March.
        app.pass(TimeDelta::days(74 + 364));
        assert_eq!(retention::erase_due(app.house(), 365).await.unwrap(), 0, "a day too early");
        app.pass(TimeDelta::days(2));
        assert_eq!(retention::erase_due(app.house(), 365).await.unwrap(), 2);
        assert_eq!(retention::erase_due(app.house(), 365).await.unwrap(), 0, "there is nobody left");

        let mut db = app.pool.acquire().await.unwrap();
        assert_eq!(store::participant_by_email(&mut db, "ana@example.org").await.unwrap(), None);
        let release = &app.house().publications.current("miso").unwrap().release;
        let slugs = release.sessions.iter().map(|session| (session.id, session.slug.clone())).collect();
        let programme = app.house().publications.current("miso").unwrap().id;
        let rows = store::report::rows(&mut db, programme, &slugs).await.unwrap();
        let left: Vec<_> = rows.iter().map(|row| (row.state.as_str(), row.name.as_str(), row.email.as_str())).collect();
        assert_eq!(left, [("confirmed", "", ""), ("waiting", "", "")]);
        assert_eq!(app.get(&agenda).await.status.code, 404, "the link is revoked");
        assert_eq!(app.broken().await, Vec::<String>::new());
    }
}
