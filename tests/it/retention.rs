//! Personal data goes when its time is over; the figures stay.

use chrono::TimeDelta;
use parvis::{
    locale::Lang,
    mail::{self, outbox},
    programme::Draft,
    registration::{retention, retention::store as days, store},
};

use crate::{
    builders::{miso, on_day, session},
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

    async fn who_comes_back_keeps_what_is_new_and_nothing_leads_to_what_is_over(app: App) {
        app.publish(&miso(vec![session("ouverture", 1)])).await;
        app.register("ana@example.org", &["ouverture"]).await;
        app.mails_to("ana@example.org").await;
        let old = app.house().publications.current("miso").unwrap();
        app.pass(TimeDelta::days(300));
        app.publish(&next_year()).await;
        let again = app
            .post("/fr/encore/register", &[
                ("name", "Ana"),
                ("email", "ana@example.org"),
                ("consent", "1"),
                ("session", "suite"),
            ])
            .await;
        assert_eq!(again.status.code, 303, "{}", again.body);
        let agenda = app.agenda_path("ana@example.org").await;

        app.pass(TimeDelta::days(74 + 366 - 300));
        assert_eq!(retention::erase_due(app.house(), 365).await.unwrap(), 1);
        assert_eq!(retention::erase_due(app.house(), 365).await.unwrap(), 0, "nothing is left to do");

        let mut db = app.pool.acquire().await.unwrap();
        let ana = store::participant_by_email(&mut db, "ana@example.org").await.unwrap().unwrap();
        let hers = store::registrations_of(&mut db, &[ana.id]).await.unwrap();
        let new = app.house().publications.current("encore").unwrap();
        assert_eq!(hers.iter().map(|one| one.session).collect::<Vec<_>>(), [new.release.sessions[0].id]);
        let slugs = old.release.sessions.iter().map(|session| (session.id, session.slug.clone())).collect();
        let rows = store::report::rows(&mut db, old.id, &slugs).await.unwrap();
        let left: Vec<_> = rows.iter().map(|row| (row.state.as_str(), row.name.as_str(), row.email.as_str())).collect();
        assert_eq!(left, [("confirmed", "", "")], "the figure stays");
        let mails = outbox::to(&mut db, "ana@example.org").await.unwrap();
        assert_eq!(mails.len(), 1, "the mail about the new programme alone");
        assert_eq!(app.get(&agenda).await.status.code, 200);
        assert_eq!(app.broken().await, Vec::<String>::new());
    }
}

/// Another programme, a year later.
fn next_year() -> Draft {
    let mut draft = miso(vec![on_day(session("suite", 5), 365)]);
    draft.programme.slug = "encore".to_owned();
    draft.programme.starts += TimeDelta::days(365);
    draft.programme.ends += TimeDelta::days(365);
    draft
}

on_both_engines! {
    async fn a_programme_keeps_data_as_long_as_it_says_itself_and_its_form_says_so(app: App) {
        app.publish(&miso(vec![session("ouverture", 1)])).await;
        app.register("ana@example.org", &["ouverture"]).await;
        app.mails_to("ana@example.org").await;
        let published = app.house().publications.current("miso").unwrap();
        let mut tx = app.pool.begin().await.unwrap();
        days::set_days(&mut tx, published.id, Some(30), app.now()).await.unwrap();
        days::set_days(&mut tx, published.id, Some(31), app.now()).await.unwrap();
        tx.commit().await.unwrap();
        app.house().board.put_kept_days(published.id, Some(31));
        let form = app.get("/fr/miso/register?session=ouverture").await.body;
        assert!(form.contains("31\u{a0}jours") || form.contains("31 jours"), "{form}");
        let mut db = app.pool.acquire().await.unwrap();
        assert_eq!(days::days(&mut db, published.id).await.unwrap(), Some(31));
        let personal = days::personal(&mut db, published.id).await.unwrap();
        assert_eq!(personal, days::Personal { people: 1, elsewhere: 0, orders: 1, answers: 0 });
        let ana = days::person_in(&mut db, published.id, "ana@example.org").await.unwrap().unwrap();
        assert!(days::is_in(&mut db, published.id, ana).await.unwrap());
        assert!(!days::is_in(&mut db, uuid::Uuid::nil(), ana).await.unwrap());
        assert_eq!(days::person_in(&mut db, uuid::Uuid::nil(), "ana@example.org").await.unwrap(), None);
        drop(db);

        app.pass(TimeDelta::days(74 + 30));
        assert_eq!(retention::erase_due(app.house(), 365).await.unwrap(), 0, "a day too early");
        app.pass(TimeDelta::days(2));
        assert_eq!(retention::erase_due(app.house(), 365).await.unwrap(), 1);

        let mut db = app.pool.acquire().await.unwrap();
        assert_eq!(days::personal(&mut db, published.id).await.unwrap(), days::Personal::default());
        assert!(outbox::list(&mut db, None).await.unwrap().iter().all(|row| row.recipient.is_none()));
        drop(db);
        let mut tx = app.pool.begin().await.unwrap();
        days::set_days(&mut tx, published.id, None, app.now()).await.unwrap();
        assert_eq!(days::days(&mut tx, published.id).await.unwrap(), None);
    }

    async fn who_comes_to_a_session_after_the_programme_s_last_day_is_known_until_then(app: App) {
        // The last day is 14 May; one session takes place on 18 June.
        app.publish(&miso(vec![session("ouverture", 1), on_day(session("bilan", 5), 60)])).await;
        app.register("ana@example.org", &["bilan"]).await;
        app.mails_to("ana@example.org").await;

        app.pass(TimeDelta::days(74 + 35));
        assert_eq!(retention::erase_due(app.house(), 30).await.unwrap(), 0);
        parvis::proposals::forget::erase_due(app.house(), 30).await.unwrap();
        let mut db = app.pool.acquire().await.unwrap();
        assert!(!outbox::to(&mut db, "ana@example.org").await.unwrap().is_empty());
        drop(db);

        app.pass(TimeDelta::days(32));
        assert_eq!(retention::erase_due(app.house(), 30).await.unwrap(), 1);
    }

    async fn mails_of_a_programme_that_was_never_published_go_with_its_last_day(app: App) {
        let mut tx = app.pool.begin().await.unwrap();
        let draft = miso(vec![session("ouverture", 1)]);
        parvis::programme::store::save(&mut tx, &draft, app.tokens.id(app.now()), app.now()).await.unwrap();
        let letter = crate::mail::confirmed(1, "ana@example.org");
        outbox::queue(&mut tx, &[letter], app.now()).await.unwrap();
        tx.commit().await.unwrap();
        app.mails_to("ana@example.org").await;

        app.pass(TimeDelta::days(74 + 30));
        parvis::proposals::forget::erase_due(app.house(), 30).await.unwrap();
        let mut db = app.pool.acquire().await.unwrap();
        assert_eq!(outbox::to(&mut db, "ana@example.org").await.unwrap().len(), 1, "a day too early");
        drop(db);
        app.pass(TimeDelta::days(2));
        retention::erase_due(app.house(), 30).await.unwrap();
        parvis::proposals::forget::erase_due(app.house(), 30).await.unwrap();

        let mut db = app.pool.acquire().await.unwrap();
        assert_eq!(outbox::to(&mut db, "ana@example.org").await.unwrap().len(), 0);
    }

    async fn mails_of_a_programme_that_goes_on_are_kept_however_old_they_are(app: App) {
        app.publish(&miso(vec![session("ouverture", 1)])).await;
        app.publish(&next_year()).await;
        app.post("/fr/encore/register", &[
            ("name", "Bob"), ("email", "bob@example.org"), ("consent", "1"), ("session", "suite"),
        ]).await;
        app.mails_to("bob@example.org").await;

        app.pass(TimeDelta::days(74 + 32));
        retention::erase_due(app.house(), 30).await.unwrap();

        let mut db = app.pool.acquire().await.unwrap();
        assert_eq!(outbox::to(&mut db, "bob@example.org").await.unwrap().len(), 1);
    }
    async fn mails_of_the_office_go_when_they_are_old_whatever_becomes_of_programmes(app: App) {
        let invited = mail::invited(uuid::Uuid::from_u128(7), Lang::Fr, "ana@example.org", "Ana", "token");
        let mut tx = app.pool.begin().await.unwrap();
        outbox::queue(&mut tx, &[invited], app.now()).await.unwrap();
        tx.commit().await.unwrap();

        app.pass(TimeDelta::days(29));
        retention::erase_due(app.house(), 30).await.unwrap();
        let mut db = app.pool.acquire().await.unwrap();
        assert_eq!(outbox::to(&mut db, "ana@example.org").await.unwrap().len(), 1);
        app.pass(TimeDelta::days(2));
        retention::erase_due(app.house(), 30).await.unwrap();

        assert_eq!(outbox::to(&mut db, "ana@example.org").await.unwrap().len(), 0);
    }
}
