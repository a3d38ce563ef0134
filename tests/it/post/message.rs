//! What organisers write to the people of their sessions.

use parvis::{
    locale::Lang,
    mail::outbox,
    registration::message::{
        About, Content, PEOPLE_A_DAY_MAX, TESTS_MAX, To, Words,
        audience::Why,
        send::{self, Sent},
        store::{self, Message},
    },
};
use uuid::Uuid;

use crate::{
    builders::{miso, on_day, session},
    harness::App,
    mail::read,
};

const EDITOR: Uuid = Uuid::from_u128(7);

fn words(subject: &str, text: &str) -> Words {
    Words { subject: subject.to_owned(), text: text.to_owned() }
}

pub fn content(about: About, to: To) -> Content {
    let french = words("{session} : à savoir", "Bonjour {name},\n\nrendez-vous le **{when}**, {place}.");
    Content { about, to, texts: [(Lang::Fr, french)].into() }
}

pub async fn kept(app: &App, content: &Content) -> Message {
    let published = app.house().publications.current("miso").unwrap();
    let id = app.tokens.id(app.now());
    let key = app.tokens.fresh();
    let mut tx = app.pool.begin().await.unwrap();
    let kept = store::keep(&mut tx, (id, &key), published.id, content, EDITOR, app.now()).await.unwrap();
    let again =
        store::keep(&mut tx, (Uuid::nil(), &key), published.id, content, EDITOR, app.now()).await.unwrap();
    assert_eq!((kept, again), (id, id), "the same form is the same message");
    let message = store::find(&mut tx, published.id, id).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    message
}

pub async fn send(app: &App, message: &Message) -> Sent {
    let published = app.house().publications.current("miso").unwrap();
    let mut tx = app.pool.begin().await.unwrap();
    let sent = send::send(&mut tx, app.house(), &published, message, EDITOR, app.now()).await.unwrap();
    tx.commit().await.unwrap();
    sent
}

async fn registered(app: &App) {
    app.publish(&miso(vec![session("ouverture", 1), on_day(session("suite", 5), 1)])).await;
    app.register("ana@example.org", &["ouverture", "suite"]).await;
    app.register("bob@example.org", &["ouverture"]).await;
    for email in ["ana@example.org", "bob@example.org"] {
        assert_eq!(app.mails_to(email).await.len(), 1);
    }
}

on_both_engines! {
    async fn each_person_gets_one_mail_with_what_is_theirs_and_it_is_sent_once(app: App) {
        registered(&app).await;
        let message = kept(&app, &content(About::Theme("lab".to_owned()), To::Both)).await;

        assert_eq!(send(&app, &message).await, Sent::Done { people: 2 });
        assert_eq!(send(&app, &message).await, Sent::Already, "a double click");

        let mails = app.mails_to("ana@example.org").await;
        assert_eq!(mails.len(), 2, "one a person, not one a session");
        let mail = read(&mails[1].raw);
        assert_eq!(mail.subject(), Some("Session ouverture ; Session suite : à savoir"));
        assert_eq!(mail.reply_to().unwrap().first().unwrap().address(), Some("info@example.org"));
        assert!(mails[1].text.contains("Bonjour Ana Exemple,\n\nrendez-vous le"), "{}", mails[1].text);
        assert!(mails[1].text.contains("/fr/agenda/"), "the way to give a seat back");
        assert!(!String::from_utf8_lossy(&mails[1].raw).contains("text/calendar"));
        let bob = app.mails_to("bob@example.org").await;
        assert!(bob[1].text.contains("Liste d’attente, position 1"), "{}", bob[1].text);
        let mut db = app.pool.acquire().await.unwrap();
        let published = app.house().publications.current("miso").unwrap();
        let known = store::find(&mut db, published.id, message.id).await.unwrap().unwrap();
        assert_eq!((known.recipients, known.sent_by, known.sent_at), (2, Some(EDITOR), Some(app.now())));
        assert!(!store::change(&mut db, message.id, published.id, message.content(), app.now()).await.unwrap());
        assert!(!store::discard(&mut db, message.id, published.id).await.unwrap(), "what is sent stays");
        assert_eq!(store::list(&mut db, published.id).await.unwrap().len(), 1);
        assert_eq!(store::find(&mut db, Uuid::nil(), message.id).await.unwrap(), None, "another programme's");
        assert_eq!(app.broken().await, Vec::<String>::new());
    }

    async fn who_waits_and_who_has_a_seat_are_written_to_apart(app: App) {
        registered(&app).await;
        let about = || About::Session("ouverture".to_owned());
        let waiting = kept(&app, &content(about(), To::Waiting)).await;
        assert_eq!(send(&app, &waiting).await, Sent::Done { people: 1 });
        assert_eq!(app.mails_to("ana@example.org").await.len(), 1);
        assert_eq!(app.mails_to("bob@example.org").await.len(), 2);
        let confirmed = kept(&app, &content(about(), To::Confirmed)).await;
        assert_eq!(send(&app, &confirmed).await, Sent::Done { people: 1 });
        assert_eq!(app.mails_to("ana@example.org").await.len(), 2);
        assert_eq!(app.mails_to("bob@example.org").await.len(), 2);
        app.publish(&miso(vec![session("ouverture", 1), session("vide", 1)])).await;
        let nobody = kept(&app, &content(About::Session("vide".to_owned()), To::Both)).await;
        assert_eq!(send(&app, &nobody).await, Sent::Nobody);
    }

    async fn whom_no_mail_reaches_is_named_and_gets_none(app: App) {
        registered(&app).await;
        let mut db = app.pool.acquire().await.unwrap();
        let now = app.now();
        parvis::registration::store::reach::mark_undeliverable(&mut db, "bob@example.org", now, now).await.unwrap();
        let published = app.house().publications.current("miso").unwrap();
        let content = content(About::Programme, To::Both);

        let audience = send::audience(&mut db, &published, &content).await.unwrap();

        assert_eq!(audience.reached.len(), 1);
        let called: Vec<_> = audience.to_call.iter().map(|one| (one.name.as_str(), one.why)).collect();
        assert_eq!(called, [("Ana Exemple", Why::ComesBack)]);
        // A page counts them; it says the same of the whole programme and of its sessions.
        let slug = published.release.sessions[0].slug.clone();
        for about in [About::Programme, About::Session(slug)] {
            let content = Content { about, ..content.clone() };
            let outlook = send::outlook(&mut db, &published, &content, 1).await.unwrap();
            assert_eq!((outlook.people(), outlook.to_call_more), (1, 0));
            assert_eq!(outlook.to_call, audience.to_call);
        }
        drop(db);
        let message = kept(&app, &content).await;
        assert_eq!(send(&app, &message).await, Sent::Done { people: 1 });
        assert_eq!(app.mails_to("bob@example.org").await.len(), 1);
    }

    async fn what_a_reader_would_get_is_shown_without_secrets_and_goes_to_its_author_alone(app: App) {
        registered(&app).await;
        let published = app.house().publications.current("miso").unwrap();
        let mut content = content(About::Programme, To::Both);
        content.texts.insert(Lang::En, words("Note", "See {registrations}"));
        let message = kept(&app, &content).await;
        let mut tx = app.pool.begin().await.unwrap();
        let outlook = send::outlook(&mut tx, &published, &content, 200).await.unwrap();
        let shares = outlook.shares(&content, &published.release);
        assert_eq!(shares.iter().map(|share| (share.reads, share.gets, share.people)).collect::<Vec<_>>(), [(Lang::Fr, Lang::Fr, 2)]);
        let house = app.house();
        let sample = send::sample(&mut tx, house, &published, &content, Lang::Fr, app.now()).await.unwrap();
        assert_eq!((sample.data.agenda_token.as_str(), sample.data.feed_token.as_str()), ("…", "…"));
        assert!(["ana@example.org", "bob@example.org"].contains(&sample.recipient.as_str()));

        let author = ("editor@example.org", "Édith");
        for _ in 0..TESTS_MAX {
            assert!(send::send_to_author(&mut tx, house, &published, &message, author, app.now()).await.unwrap());
        }
        assert!(!send::send_to_author(&mut tx, house, &published, &message, author, app.now()).await.unwrap());
        tx.commit().await.unwrap();

        let mails = app.mails_to("editor@example.org").await;
        assert_eq!(mails.len(), 40, "a mail for each text");
        let subjects: std::collections::BTreeSet<_> = mails.iter().map(|mail| mail.subject.as_str()).collect();
        assert!(subjects.contains("[Test] Note"), "{subjects:?}");
        for mail in mails {
            let text = String::from_utf8_lossy(&mail.raw).into_owned() + &mail.text;
            assert!(!text.contains("Ana") && !text.contains("ana@") && !text.contains("bob@"), "{text}");
        }
        assert_eq!(app.mails_to("ana@example.org").await.len(), 1);
    }

    async fn nobody_writes_to_more_people_in_a_day_than_one_may(app: App) {
        registered(&app).await;
        let published = app.house().publications.current("miso").unwrap();
        let earlier = kept(&app, &content(About::Programme, To::Both)).await;
        let mut tx = app.pool.begin().await.unwrap();
        assert!(store::claim(&mut tx, earlier.id, EDITOR, PEOPLE_A_DAY_MAX - 1, app.now()).await.unwrap());
        tx.commit().await.unwrap();
        let message = kept(&app, &content(About::Programme, To::Both)).await;

        assert_eq!(send(&app, &message).await, Sent::TooMany { people: 2, left: 1 });
        assert_eq!(app.mails_to("ana@example.org").await.len(), 1);
        app.pass(chrono::TimeDelta::hours(25));
        assert_eq!(send(&app, &message).await, Sent::Done { people: 2 });
        let mut db = app.pool.acquire().await.unwrap();
        assert_eq!(send::left_today(&mut db, EDITOR, app.now()).await.unwrap(), PEOPLE_A_DAY_MAX - 2);
        assert_eq!(send::left_today(&mut db, published.id, app.now()).await.unwrap(), PEOPLE_A_DAY_MAX);
    }

    async fn an_order_that_nobody_has_confirmed_is_a_stranger_s_and_gets_no_message(app: App) {
        let mut draft = miso(vec![session("ouverture", 5)]);
        draft.programme.rules.confirm = parvis::programme::Confirm::Link;
        app.publish(&draft).await;
        app.register("ana@example.org", &["ouverture"]).await;
        let message = kept(&app, &content(About::Programme, To::Both)).await;
        assert_eq!(send(&app, &message).await, Sent::Nobody);
        let mut db = app.pool.acquire().await.unwrap();
        assert_eq!(outbox::to(&mut db, "ana@example.org").await.unwrap().len(), 1);
    }

    async fn a_draft_is_written_anew_and_thrown_away(app: App) {
        registered(&app).await;
        let published = app.house().publications.current("miso").unwrap();
        let message = kept(&app, &content(About::Programme, To::Both)).await;
        let mut tx = app.pool.begin().await.unwrap();
        let other = content(About::Programme, To::Waiting);
        assert!(store::change(&mut tx, message.id, published.id, &other, app.now()).await.unwrap());
        assert_eq!(store::find(&mut tx, published.id, message.id).await.unwrap().unwrap().content(), &other);
        assert!(!store::discard(&mut tx, message.id, Uuid::nil()).await.unwrap(), "another programme's");
        assert!(store::discard(&mut tx, message.id, published.id).await.unwrap());
        tx.commit().await.unwrap();
    }
}
