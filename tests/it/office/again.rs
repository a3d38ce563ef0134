//! A mail that was sent is sent once more: to whom, what it says, and what is never sent a second time.

use chrono::TimeDelta;
use parvis::{
    audit,
    identity::Role,
    locale::Lang,
    mail::{self, outbox},
    on,
    registration::store,
};
use rocket::http::Status;
use sqlx::query;
use uuid::Uuid;

use crate::{
    builders::{miso, on_day, session},
    harness::{App, Member, Page},
    html::Found,
    mail::read,
};

const ANA: &str = "ana@example.org";
const BOB: &str = "bob@example.org";

/// Ana has the only seat of `ouverture` and one in `suite`; Bob waits behind her. Their mails have left.
async fn registered(app: &App) {
    app.publish(&miso(vec![session("ouverture", 1), on_day(session("suite", 5), 1)])).await;
    app.register(ANA, &["ouverture", "suite"]).await;
    app.register(BOB, &["ouverture"]).await;
    app.deliver().await;
}

/// The page of the first mail to this address.
async fn first_to(app: &App, email: &str) -> String {
    let mut db = app.pool.acquire().await.unwrap();
    format!("/fr/office/mails/{}", outbox::to(&mut db, email).await.unwrap().first().unwrap().id)
}

async fn person(app: &App, email: &str) -> Uuid {
    let mut db = app.pool.acquire().await.unwrap();
    store::participant_by_email(&mut db, email).await.unwrap().unwrap().id
}

/// Sends it again, as its page shows it.
async fn again(member: &Member<'_>, path: &str) -> Page {
    let seen = Found::on(&member.get(path).await.body).attributes("input[name=seen]", "value");
    let seen = seen.first().cloned().unwrap_or_default();
    member.post(&format!("{path}/repeats"), &[("seen", &seen)]).await
}

/// Where the answer leads; it must be 303.
fn way(page: &Page) -> String {
    assert_eq!(page.status, Status::SeeOther, "{}", page.body);
    page.location().to_owned()
}

/// It is refused with this sentence, and nothing is written.
async fn refused(app: &App, member: &Member<'_>, path: &str, sentence: &str) {
    let id: Uuid = path.rsplit('/').next().unwrap().parse().unwrap();
    let written = async || {
        let mut db = app.pool.acquire().await.unwrap();
        outbox::repeats(&mut db, id).await.unwrap().len()
    };
    let before = written().await;
    let page = again(member, path).await;
    assert_eq!(page.status, Status::UnprocessableEntity, "{}", page.body);
    assert!(page.body.contains(sentence), "{sentence}: {}", page.body);
    assert_eq!(written().await, before);
}

async fn times_noted(app: &App, action: &str) -> usize {
    let mut db = app.pool.acquire().await.unwrap();
    let lines = audit::store::lines(&mut db, &audit::store::Filter::default(), 50).await.unwrap();
    lines.iter().filter(|line| line.action == action).count()
}

on_both_engines! {
    async fn a_mail_that_was_sent_is_sent_once_more_and_a_double_click_sends_one(app: App) {
        registered(&app).await;
        let editor = app.signed_in(Role::Editor).await;
        let path = first_to(&app, ANA).await;

        let first = way(&editor.post(&format!("{path}/repeats"), &[("seen", "0")]).await);
        let second = way(&editor.post(&format!("{path}/repeats"), &[("seen", "0")]).await);

        assert_eq!(first, second);
        assert!(first.ends_with("?done=again") && !first.starts_with(&path), "{first}");
        let mails = app.mails_to(ANA).await;
        assert_eq!(mails.len(), 2);
        let (was, is) = (read(&mails[0].raw), read(&mails[1].raw));
        assert_eq!((is.subject(), &mails[1].text), (was.subject(), &mails[0].text));
        // A receiver drops what bears an id that it has seen.
        assert_ne!(is.message_id(), was.message_id());
        assert_eq!(times_noted(&app, "mail.again").await, 1);
        assert_eq!(app.broken().await, Vec::<String>::new());

        // Each page knows the other, and who means it sends a third.
        let there = first.split('?').next().unwrap().to_owned();
        assert!(editor.get(&there).await.body.contains(&path));
        assert!(editor.get(&path).await.body.contains(&there));
        assert_ne!(way(&again(&editor, &path).await), first);
        assert_eq!(app.mails_to(ANA).await.len(), 3);
    }

    async fn it_goes_to_the_present_address_with_the_links_of_today(app: App) {
        registered(&app).await;
        let editor = app.signed_in(Role::Editor).await;
        let path = first_to(&app, ANA).await;
        let contact = format!("/fr/office/miso/people/{}/contact", person(&app, ANA).await);
        let fields = [("name", "Ana Exemple"), ("email", "anne@example.org"), ("phone", "")];
        assert_eq!(editor.post(&contact, &fields).await.status, Status::SeeOther);
        assert_eq!(app.mails_to("anne@example.org").await.len(), 1, "what she has, by the correction");

        way(&again(&editor, &path).await);

        let mails = app.mails_to("anne@example.org").await;
        assert_eq!((mails.len(), app.mails_to(ANA).await.len()), (2, 1));
        let agenda = app.agenda_path("anne@example.org").await;
        assert_eq!(app.get(&agenda).await.status, Status::Ok);
        assert_eq!(app.broken().await, Vec::<String>::new());

        // Who is erased leaves nothing behind, nor at the address that was wrong.
        app.post(&format!("{agenda}/erasure"), &[("confirm", "1")]).await;
        let mut db = app.pool.acquire().await.unwrap();
        for address in [ANA, "anne@example.org"] {
            assert_eq!(outbox::to(&mut db, address).await.unwrap().len(), 0, "{address}");
        }
    }

    async fn what_does_not_hold_any_more_is_not_said_again(app: App) {
        registered(&app).await;
        let editor = app.signed_in(Role::Editor).await;
        let (ana, bob) = (first_to(&app, ANA).await, first_to(&app, BOB).await);
        let changed = "ce que dit ce courriel n’est plus vrai";
        // He still waits.
        way(&again(&editor, &bob).await);
        app.deliver().await;

        let agenda = app.agenda_path(ANA).await;
        app.post(&format!("{agenda}/cancellations"), &[("session", "ouverture")]).await;
        app.deliver().await;
        refused(&app, &editor, &bob, changed).await;
        refused(&app, &editor, &ana, changed).await;

        // The mail by which she gave it back still holds, until the session moves.
        let mut db = app.pool.acquire().await.unwrap();
        let cancelled = outbox::to(&mut db, ANA).await.unwrap();
        let cancelled = cancelled.iter().find(|row| row.kind == "cancelled").unwrap().id;
        drop(db);
        let cancelled = format!("/fr/office/mails/{cancelled}");
        way(&again(&editor, &cancelled).await);
        app.deliver().await;
        app.publish(&miso(vec![on_day(session("ouverture", 1), 2), on_day(session("suite", 5), 1)])).await;
        refused(&app, &editor, &cancelled, changed).await;
    }

    async fn nothing_goes_to_nobody_nor_twice_by_a_link_that_is_good_once(app: App) {
        registered(&app).await;
        let editor = app.signed_in(Role::Editor).await;
        let invitation = mail::invited(app.tokens.id(app.now()), Lang::Fr, "zoe@example.org", "Zoé", "token");
        let mut tx = app.pool.begin().await.unwrap();
        outbox::queue(&mut tx, &[invitation], app.now()).await.unwrap();
        tx.commit().await.unwrap();
        app.deliver().await;
        let invitation = first_to(&app, "zoe@example.org").await;
        let shown = editor.get(&invitation).await.body;
        assert!(!shown.contains("/repeats\"") && shown.contains("pas envoyé une seconde fois"), "{shown}");
        refused(&app, &editor, &invitation, "pas envoyé une seconde fois").await;

        // A message that its author has sent to themselves: nobody's.
        let home = "/fr/office/miso/mails/messages";
        let fields = [("about", "programme"), ("to", "both"), ("subject_fr", "Note"), ("text_fr", "Bonjour")];
        let message = way(&editor.post(home, &fields).await);
        let seen = Found::on(&editor.get(&message).await.body).attributes("input[name=seen]", "value");
        way(&editor.post(&format!("{message}/tests"), &[("seen", &seen[0])]).await);
        app.deliver().await;
        refused(&app, &editor, &first_to(&app, "editor@example.org").await, "c’était un essai").await;

        // One that waits for its time is on its way; it can still be kept back.
        let later = app.now() + TimeDelta::hours(1);
        let letter = crate::mail::confirmed(9, "zoe@example.org");
        let id = letter.id;
        let mut tx = app.pool.begin().await.unwrap();
        outbox::queue(&mut tx, &[letter], later).await.unwrap();
        tx.commit().await.unwrap();
        let waiting = format!("/fr/office/mails/{id}");
        refused(&app, &editor, &waiting, "encore en route").await;
        way(&editor.post(&format!("{waiting}/aborts"), &[]).await);

        // Whose address sends mails back is corrected first.
        let path = first_to(&app, BOB).await;
        let mut tx = app.pool.begin().await.unwrap();
        store::reach::mark_undeliverable(&mut tx, BOB, app.now() + TimeDelta::hours(1), app.now()).await.unwrap();
        tx.commit().await.unwrap();
        refused(&app, &editor, &path, "Corrigez d’abord l’adresse").await;

        // Who is erased is nobody: the page has no button, and who still has one sends nothing.
        let (agenda, path) = (app.agenda_path(ANA).await, first_to(&app, ANA).await);
        app.post(&format!("{agenda}/erasure"), &[("confirm", "1")]).await;
        assert!(!editor.get(&path).await.body.contains("/repeats\""));
        refused(&app, &editor, &path, "personne n’est là pour le lire").await;
        assert_eq!(app.mails_to(ANA).await.len(), 1);
    }

    async fn what_never_left_goes_out_by_trying_again_or_to_another_address(app: App) {
        app.publish(&miso(vec![session("ouverture", 1)])).await;
        let editor = app.signed_in(Role::Editor).await;
        app.register(ANA, &["ouverture"]).await;
        app.deliver().await;
        let path = first_to(&app, ANA).await;
        let id: Uuid = path.rsplit('/').next().unwrap().parse().unwrap();
        let mut tx = app.pool.begin().await.unwrap();
        assert!(outbox::bounced(&mut tx, id, "5.1.1", app.now()).await.unwrap());
        tx.commit().await.unwrap();
        refused(&app, &editor, &path, "n’est jamais arrivé").await;

        let contact = format!("/fr/office/miso/people/{}/contact", person(&app, ANA).await);
        let fields = [("name", "Ana Exemple"), ("email", "anne@example.org"), ("phone", "")];
        assert_eq!(editor.post(&contact, &fields).await.status, Status::SeeOther);
        way(&again(&editor, &path).await);
        assert_eq!(app.mails_to("anne@example.org").await.len(), 2);

        // With all that has failed nobody sends it to the former address after all.
        app.register(BOB, &["ouverture"]).await;
        app.deliver().await;
        let path = first_to(&app, BOB).await;
        let mut tx = app.pool.begin().await.unwrap();
        on!(tx, c => query("UPDATE outbox SET sent_at = NULL, failed_at = queued_at WHERE recipient = $1").bind(BOB).execute(c).await.map(drop)).unwrap();
        tx.commit().await.unwrap();
        let contact = format!("/fr/office/miso/people/{}/contact", person(&app, BOB).await);
        let fields = [("name", "Bob Exemple"), ("email", "rob@example.org"), ("phone", "")];
        assert_eq!(editor.post(&contact, &fields).await.status, Status::SeeOther);
        way(&again(&editor, &path).await);
        let mut tx = app.pool.begin().await.unwrap();
        assert_eq!(outbox::retry(&mut tx, outbox::Which::AllFailed, app.now()).await.unwrap(), 0);
    }
}
