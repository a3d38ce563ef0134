//! How many people a message reaches, as its page says it.

use parvis::{
    identity::Role,
    locale::Lang,
    registration::{
        message::{
            About, Content, PEOPLE_A_DAY_MAX, To, send,
            store::outlook::{Among, reached},
        },
        store::reach,
    },
};
use rocket::http::Status;

use crate::{
    builders::{miso, on_day, session},
    harness::App,
};

#[path = "../../../benches/support/populate.rs"]
mod populate;

fn content(about: &About, to: To) -> Content {
    Content { about: about.clone(), to, texts: std::collections::BTreeMap::new() }
}

on_both_engines! {
    async fn whom_a_page_counts_is_whom_a_message_goes_to(app: App) {
        let mut other = miso(vec![session("ailleurs", 5)]);
        other.programme.slug = "autre".to_owned();
        app.publish(&other).await;
        app.publish(&miso(vec![session("ouverture", 1), on_day(session("suite", 5), 1)])).await;
        app.register("ana@example.org", &["ouverture", "suite"]).await;
        app.register("bob@example.org", &["ouverture"]).await;
        app.register("eva@example.org", &["suite"]).await;
        app.register("gone@example.org", &["suite"]).await;
        for email in ["ana@example.org", "zoe@example.org"] {
            let fields =
                [("name", "Zoé Exemple"), ("email", email), ("consent", "1"), ("session", "ailleurs")];
            assert_eq!(app.post("/en/autre/register", &fields).await.status, Status::SeeOther);
        }
        let agenda = app.agenda_path("gone@example.org").await;
        app.post(&format!("{agenda}/cancellations"), &[("session", "suite")]).await;
        let mut tx = app.pool.begin().await.unwrap();
        reach::mark_undeliverable(&mut tx, "eva@example.org", app.now(), app.now()).await.unwrap();
        tx.commit().await.unwrap();

        let published = app.house().publications.current("miso").unwrap();
        let mut db = app.pool.acquire().await.unwrap();
        let mut counted = Vec::new();
        let session = About::Session("ouverture".to_owned());
        // A theme that no session bears yet has no readers.
        let empty = About::Theme("personne".to_owned());
        for about in [About::Programme, About::Theme("lab".to_owned()), session, empty] {
            for to in To::ALL {
                let content = content(&about, to);
                let outlook = send::outlook(&mut db, &published, &content, 10).await.unwrap();
                let audience = send::audience(&mut db, &published, &content).await.unwrap();
                assert_eq!(outlook.people(), audience.reached.len() as i64, "{about:?} {to:?}");
                assert_eq!((outlook.to_call, outlook.to_call_more), (audience.to_call, 0), "{about:?} {to:?}");
                counted.push(audience.reached.len());
                send::sample(&mut db, app.house(), &published, &content, Lang::Fr, app.now()).await.unwrap();
            }
        }
        assert_eq!(counted, [1, 1, 2, 1, 1, 2, 1, 1, 2, 0, 0, 0]);
    }

    async fn nobody_is_counted_whom_no_message_reaches_in_a_day(app: App) {
        app.publish(&miso(vec![session("ouverture", 1), session("suite", 5)])).await;
        let people = usize::try_from(PEOPLE_A_DAY_MAX).unwrap() + 2;
        populate::populate(&app.db.url, people, 1, app.now()).await;
        let published = app.house().publications.current("miso").unwrap();
        let mut db = app.pool.acquire().await.unwrap();
        let sessions: Vec<_> = published.release.sessions.iter().map(|session| session.id).collect();
        for among in [Among::Programme(published.id), Among::Sessions(&sessions)] {
            for (to, limit, is) in [(To::Both, 7, 7), (To::Confirmed, 5_000, people), (To::Waiting, 7, 0)] {
                let counted = reached(&mut db, to, among, limit).await.unwrap();
                let counted: i64 = counted.iter().map(|group| group.people).sum();
                assert_eq!(counted, is as i64, "{among:?} {to:?}");
            }
        }
        drop(db);

        let editor = app.signed_in(Role::Editor).await;
        let fields = [("about", "programme"), ("to", "both"), ("subject_en", "Note"), ("text_en", "Hello")];
        let made = editor.post("/en/office/miso/mails/messages", &fields).await;
        let page = editor.get(made.location()).await.body;

        assert!(page.contains("More than 3000 people") && page.contains("choose a theme or a session"), "{page}");
        assert!(!page.contains("/sending\"") && !page.contains("3001"), "{page}");
    }
}
