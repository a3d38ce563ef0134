//! Settings that only time shows reach what they are for.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use parvis::mail::{outbox, transport::Mailer};

use crate::{
    builders::{miso, on_day, session},
    harness::{App, TestDb},
};

const ANA: &str = "ana@example.org";
const PATIENCE: Duration = Duration::from_secs(30);

on_both_engines! {
    async fn changes_are_gathered_for_as_long_as_the_setting_says(db: TestDb) {
        let figment = db.figment().merge(("parvis.settle", "90s"));
        let app = App::start_on(db, figment, Mailer::memory()).await;
        app.publish(&miso(vec![session("forum", 5)])).await;
        app.register(ANA, &["forum"]).await;
        assert_eq!(app.mails_to(ANA).await.len(), 1);

        app.publish(&miso(vec![on_day(session("forum", 5), 1)])).await;
        app.pass(TimeDelta::seconds(89));
        app.run_due().await;
        assert_eq!(app.mails_to(ANA).await.len(), 1, "another change may come");
        app.pass(TimeDelta::seconds(1));
        app.run_due().await;

        assert_eq!(app.mails_to(ANA).await.len(), 2);
    }

    async fn no_more_mails_leave_the_server_in_a_minute_than_the_setting_says(db: TestDb) {
        let figment = db.figment().merge(("parvis.mail.per_minute", 2));
        let mailer = Mailer::memory();
        let app = App::start_on(db, figment, mailer.clone()).await;
        app.publish(&miso(vec![session("forum", 5)])).await;
        for person in ["ana", "bea", "cleo"] {
            app.register(&format!("{person}@example.org"), &["forum"]).await;
        }

        // The server's own worker sends them, as its time passes.
        let since = Instant::now();
        while mailer.kept().len() < 3 {
            assert!(since.elapsed() < PATIENCE, "only {} have left", mailer.kept().len());
            app.pass(TimeDelta::seconds(1));
            tokio::time::sleep(Duration::from_millis(5)).await;
        }

        let mut left = Vec::new();
        while left.len() < 3 {
            assert!(since.elapsed() < PATIENCE, "only {} are marked", left.len());
            let rows = outbox::list(&mut app.pool.acquire().await.unwrap(), None).await.unwrap();
            left = rows.iter().filter_map(|row| row.sent_at).collect();
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        left.sort();
        assert!(left[2] - left[0] >= TimeDelta::seconds(59), "{left:?}");
    }
}
