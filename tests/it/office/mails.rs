//! The post in the office: what is shown, what is done about a mail, messages, texts; and the life of data.

use chrono::TimeDelta;
use parvis::{
    audit,
    identity::Role,
    mail::outbox,
    registration::{message, retention, store},
};
use rocket::http::Status;

use crate::{
    builders::{miso, on_day, session},
    harness::{App, Member, Page},
    html::Found,
    mail::read,
};

async fn registered(app: &App) {
    app.publish(&miso(vec![session("ouverture", 1), on_day(session("suite", 5), 1)])).await;
    app.register("ana@example.org", &["ouverture", "suite"]).await;
    app.register("bob@example.org", &["ouverture"]).await;
}

async fn mail_id(app: &App, email: &str) -> uuid::Uuid {
    let mut db = app.pool.acquire().await.unwrap();
    outbox::to(&mut db, email).await.unwrap().last().unwrap().id
}

async fn actions(app: &App) -> Vec<String> {
    let mut db = app.pool.acquire().await.unwrap();
    let lines = audit::store::lines(&mut db, &audit::store::Filter::default(), 50).await.unwrap();
    lines.into_iter().map(|line| line.action).collect()
}

/// The mail's page in the frame, and its policy.
async fn framed(member: &Member<'_>, path: &str) -> Page {
    let page = member.get(path).await;
    assert_eq!(page.status, Status::Ok, "{path}");
    let policy = page.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'") && policy.ends_with("sandbox"), "{policy}");
    assert!(policy.contains("frame-ancestors 'self'") && !policy.contains("script-src"), "{policy}");
    assert_eq!(page.header("x-frame-options"), "SAMEORIGIN");
    page
}

/// Does that with a message as its page shows it.
async fn act(member: &Member<'_>, there: &str, act: &str) -> Page {
    let seen = Found::on(&member.get(there).await.body).attributes("input[name=seen]", "value");
    // One that is sent has no buttons any more; who has the page open still has one.
    let seen = seen.first().cloned().unwrap_or_default();
    member.post(&format!("{there}/{act}"), &[("seen", &seen)]).await
}

/// Where the answer leads; it must be 303.
fn way(page: &Page) -> String {
    assert_eq!(page.status, Status::SeeOther, "{}", page.body);
    page.location().to_owned()
}

const TEXT: &str = "Bonjour {name}\r\n\r\nrendez-vous le **{when}** : {page}";

on_both_engines! {
    async fn the_outbox_is_looked_through_and_nobody_learns_another_s_links(app: App) {
        registered(&app).await;
        let agenda = app.agenda_path("ana@example.org").await;
        let token = agenda.rsplit('/').next().unwrap().to_owned();
        let desk = app.signed_in(Role::Desk).await;

        let list = desk.get("/fr/office/miso/mails?state=sent&to=ANA@example.org").await;
        assert!(list.body.contains("ana@example.org") && !list.body.contains("bob@example.org"), "{}", list.body);
        let none = desk.get("/fr/office/miso/mails?state=failed").await.body;
        assert!(!none.contains("ana@example.org"));
        let day = desk.get("/fr/office/mails?day=2027-03-01").await.body;
        assert!(day.contains("ana@example.org") && day.contains("bob@example.org"));
        assert!(!desk.get("/fr/office/mails?day=2027-03-02").await.body.contains("ana@example.org"));

        let path = format!("/fr/office/mails/{}", mail_id(&app, "ana@example.org").await);
        let one = desk.get(&path).await;
        let frame = framed(&desk, &format!("{path}/page")).await;
        assert!(one.body.contains("Session suite") && frame.body.contains("Session suite"));
        for body in [&one.body, &frame.body] {
            assert!(!body.contains(&token), "the secret link of Ana");
            assert!(body.contains("/agenda/…"));
        }
        // The desk looks, and changes nothing.
        assert!(!one.body.contains("/retries\"") && !list.body.contains("/retries\""));
        assert_eq!(desk.post(&format!("{path}/aborts"), &[]).await.status, Status::Forbidden);
    }

    async fn a_mail_is_kept_back_and_sent_after_all_and_both_stand_in_the_log(app: App) {
        registered(&app).await;
        app.mails_to("ana@example.org").await;
        let mut tx = app.pool.begin().await.unwrap();
        let letter = crate::mail::confirmed(9, "zoe@example.org");
        outbox::queue(&mut tx, &[letter], app.now() + TimeDelta::hours(1)).await.unwrap();
        tx.commit().await.unwrap();
        let id = mail_id(&app, "zoe@example.org").await;
        let editor = app.signed_in(Role::Editor).await;
        let path = format!("/fr/office/mails/{id}");

        assert_eq!(way(&editor.post(&format!("{path}/aborts"), &[]).await), format!("{path}?done=abort"));
        assert_eq!(way(&editor.post(&format!("{path}/aborts"), &[]).await), format!("{path}?done=late"));
        app.pass(TimeDelta::hours(2));
        assert_eq!(app.mails_to("zoe@example.org").await.len(), 0);
        assert!(editor.get("/fr/office/miso/mails?state=aborted").await.body.contains("zoe@example.org"));
        assert_eq!(way(&editor.post("/fr/office/miso/mails/retries", &[]).await), "/fr/office/miso/mails?tried=0");
        assert_eq!(way(&editor.post("/fr/office/mails/retries", &[]).await), "/fr/office/mails?tried=0");
        assert_eq!(way(&editor.post(&format!("{path}/retries"), &[]).await), format!("{path}?done=retry"));
        assert_eq!(app.mails_to("zoe@example.org").await.len(), 1);
        let late = editor.post(&format!("{path}/retries"), &[]).await;
        assert_eq!(way(&late), format!("{path}?done=late"), "it is sent");
        let noted = actions(&app).await;
        assert_eq!(noted.iter().filter(|action| *action == "mail.abort").count(), 1, "{noted:?}");
        assert_eq!(noted.iter().filter(|action| *action == "mail.retry").count(), 3, "{noted:?}");
    }

    async fn a_message_is_written_looked_at_tried_and_sent_once(app: App) {
        registered(&app).await;
        app.mails_to("ana@example.org").await;
        let editor = app.signed_in(Role::Editor).await;
        let new = "/fr/office/miso/mails/messages/new?about=session:suite";
        let form = Found::on(&editor.get(new).await.body);
        let key = form.attributes("input[name=key]", "value").remove(0);
        let fields = |subject: &'static str, text: &'static str| {
            vec![
                ("key".to_owned(), key.clone()),
                ("about".to_owned(), "session:ouverture".to_owned()),
                ("to".to_owned(), "both".to_owned()),
                ("subject_fr".to_owned(), subject.to_owned()),
                ("text_fr".to_owned(), text.to_owned()),
            ]
        };
        let send = async |path: &str, fields: Vec<(String, String)>| {
            let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            editor.post(path, &fields).await
        };
        let home = "/fr/office/miso/mails/messages";

        let wrong = send(home, fields("{nom}", "{{ 7*7 }} {% if 1 %} <script>")).await;
        assert_eq!(wrong.status, Status::UnprocessableEntity);
        for said in ["{nom}", "{{ 7*7 }}", "{% if 1 %}", "{name}, {programme}", "&lt;script&gt;"] {
            assert!(wrong.body.contains(said), "{said}: {}", wrong.body);
        }
        let there = way(&send(home, fields("{session} : à savoir", TEXT)).await);
        assert_eq!(way(&send(home, fields("{session} : à savoir", TEXT)).await), there, "a double click");

        let shown = editor.get(&there).await.body;
        assert!(shown.contains("Session ouverture : à savoir"), "{shown}");
        let frame = framed(&editor, &format!("{there}/preview/fr")).await.body;
        assert!(frame.contains("Ana Exemple") && frame.contains("<strong>lundi") && frame.contains("/agenda/…"), "{frame}");
        let tried = way(&act(&editor, &there, "tests").await);
        assert!(tried.ends_with("?done=test"));
        let mails = app.mails_to("editor@example.org").await;
        assert_eq!(mails[0].subject, "[Test] Session ouverture : à savoir");
        assert_eq!(app.mails_to("ana@example.org").await.len(), 1, "nobody else got it");

        let seen = Found::on(&editor.get(&there).await.body).attributes("input[name=seen]", "value").remove(0);
        for done in ["sent", "already"] {
            let sent = editor.post(&format!("{there}/sending"), &[("seen", &seen)]).await;
            assert!(way(&sent).ends_with(&format!("?done={done}")));
        }
        let mails = app.mails_to("ana@example.org").await;
        assert_eq!(mails.len(), 2);
        let message = read(&mails[1].raw);
        assert_eq!(message.subject(), Some("Session ouverture : à savoir"));
        assert!(mails[1].text.contains("rendez-vous le lundi"), "{}", mails[1].text);
        assert_eq!(app.mails_to("bob@example.org").await.len(), 2);
        assert_eq!(editor.get(&format!("{there}/edit")).await.status, Status::NotFound, "it is sent");
        assert_eq!(editor.post(&format!("{there}/removal"), &[]).await.status, Status::NotFound);
        assert!(way(&send(&there, fields("x", "y")).await).ends_with("?done=already"));
        assert!(editor.get(home).await.body.contains(&there));
        let noted = actions(&app).await;
        for (action, times) in [("message.write", 1), ("message.send", 1)] {
            assert_eq!(noted.iter().filter(|known| *known == action).count(), times, "{noted:?}");
        }
    }

    async fn a_draft_of_a_message_is_changed_and_thrown_away(app: App) {
        registered(&app).await;
        let editor = app.signed_in(Role::Owner).await;
        let home = "/en/office/miso/mails/messages";
        let fields = [("about", "programme"), ("to", "waiting"), ("subject_en", "Note"), ("text_en", "Hello")];
        let there = way(&editor.post(home, &fields).await);
        assert!(editor.get(&format!("{there}/edit")).await.body.contains("Hello"));
        let changed = [("about", "theme:lab"), ("to", "both"), ("subject_en", "Note"), ("text_en", "{x}")];
        let wrong = editor.post(&there, &changed).await;
        assert_eq!(wrong.status, Status::UnprocessableEntity);
        let changed = [("about", "theme:lab"), ("to", "both"), ("subject_en", "Other"), ("text_en", "Hello")];
        assert_eq!(way(&editor.post(&there, &changed).await), there);
        let shown = editor.get(&there).await.body;
        // Both read French and get the English text.
        assert!(shown.contains("Other") && shown.contains("text received: English"), "{shown}");
        assert_eq!(way(&act(&editor, &there, "removal").await), home);
        assert_eq!(editor.get(&there).await.status, Status::NotFound);
        let elsewhere = there.replace("/miso/", "/autre/");
        assert_eq!(editor.get(&elsewhere).await.status, Status::NotFound);
    }

    async fn more_people_than_may_be_written_to_in_a_day_get_nothing(app: App) {
        registered(&app).await;
        let editor = app.signed_in(Role::Editor).await;
        let fields = [("about", "programme"), ("to", "both"), ("subject_fr", "Note"), ("text_fr", "Bonjour")];
        let home = "/fr/office/miso/mails/messages";
        let first = way(&editor.post(home, &fields).await);
        let id: uuid::Uuid = first.rsplit('/').next().unwrap().parse().unwrap();
        let mut tx = app.pool.begin().await.unwrap();
        message::store::claim(&mut tx, id, editor.id, message::PEOPLE_A_DAY_MAX, app.now()).await.unwrap();
        tx.commit().await.unwrap();
        let second = way(&editor.post(home, &fields).await);

        let refused = act(&editor, &second, "sending").await;

        assert_eq!(refused.status, Status::UnprocessableEntity);
        assert!(refused.body.contains("Il vous en reste 0 aujourd’hui"), "{}", refused.body);
        assert_eq!(app.mails_to("ana@example.org").await.len(), 1);
    }

    async fn the_sentences_of_a_mail_are_the_organisers_own_until_they_are_empty_again(app: App) {
        registered(&app).await;
        let editor = app.signed_in(Role::Editor).await;
        let path = "/fr/office/miso/mails/texts/confirmed";
        let keep = async |intro: &str, closing: &str| {
            editor.post(path, &[("intro_fr", intro), ("closing_fr", closing), ("intro_en", ""), ("closing_en", "")]).await
        };
        let wrong = keep("{{ x }} {nom}", "<script>{% raw %}").await;
        assert_eq!(wrong.status, Status::UnprocessableEntity);
        assert!(wrong.body.contains("{{ x }}, {nom}") && wrong.body.contains("&lt;script&gt;"), "{}", wrong.body);

        assert_eq!(way(&keep("Bravo\r\n{name} !", "**Venez** <script>alert(1)</script>").await), format!("{path}?kept=1"));
        let frame = framed(&editor, &format!("{path}/preview/fr")).await.body;
        assert!(frame.contains("Bravo") && frame.contains("Ada Exemple") && !frame.contains("<script>"), "{frame}");
        assert!(editor.get("/fr/office/miso/mails/texts").await.body.contains("Français"));
        app.register("eva@example.org", &["suite"]).await;
        let mail = app.mails_to("eva@example.org").await.pop().unwrap();
        assert!(mail.text.contains("Bravo Ana Exemple !") && mail.text.contains("Venez"), "{}", mail.text);
        assert!(!mail.html.contains("<script>"));
        // What was written before stays.
        assert!(!app.mails_to("ana@example.org").await[0].text.contains("Bravo"));

        way(&keep("", "").await);
        app.register("joe@example.org", &["suite"]).await;
        assert!(!app.mails_to("joe@example.org").await[0].text.contains("Bravo"));
        let noted = actions(&app).await;
        assert_eq!(noted.iter().filter(|action| *action == "mail_text.change").count(), 2, "{noted:?}");
    }

    async fn a_programme_s_data_is_kept_erased_and_archived_as_its_owner_says(app: App) {
        registered(&app).await;
        app.mails_to("ana@example.org").await;
        let owner = app.signed_in(Role::Owner).await;
        let home = "/fr/office/miso/data";
        for wrong in ["0", "-1", "3651", "x", "1e9"] {
            let page = owner.post(&format!("{home}/retention"), &[("days", wrong)]).await;
            assert_eq!(page.status, Status::UnprocessableEntity, "{wrong}");
            assert!(page.body.contains(&format!("value=\"{wrong}\"")), "what was typed is kept");
        }
        assert_eq!(way(&owner.post(&format!("{home}/retention"), &[("days", "10")]).await), format!("{home}?done=days"));
        assert!(app.get("/fr/miso/register?session=suite").await.body.contains("10"));
        assert!(owner.get(home).await.body.contains("25\u{a0}mai 2027"));
        // Who may look at the draft may look at the dates.
        let press = app.signed_in(Role::Press).await;
        let looked = press.get(home).await.body;
        assert!(looked.contains("25\u{a0}mai 2027") && !looked.contains("/erasure"));

        let archive = press.get(&format!("{home}/archive.zip")).await;
        assert_eq!(archive.header("content-type"), "application/zip");
        assert_eq!(archive.header("content-disposition"), "attachment; filename=\"miso.zip\"");

        let erasure = format!("{home}/erasure");
        let wrong = owner.post(&erasure, &[("slug", "autre"), ("early", "true")]).await;
        assert_eq!(wrong.status, Status::UnprocessableEntity);
        let early = owner.post(&erasure, &[("slug", "miso")]).await;
        assert_eq!(early.status, Status::UnprocessableEntity, "it is not over");
        app.pass(TimeDelta::days(76));
        // So long after, one signs in again.
        let owner = app.signed_in(Role::Owner).await;
        assert_eq!(way(&owner.post(&erasure, &[("slug", "miso")]).await), format!("{home}?done=erased"));
        let mut db = app.pool.acquire().await.unwrap();
        let programme = app.house().publications.current("miso").unwrap().id;
        assert_eq!(retention::store::personal(&mut db, programme).await.unwrap(), retention::store::Personal::default());
        assert_eq!(outbox::personal_of(&mut db, "miso").await.unwrap(), 0);
        drop(db);
        let noted = actions(&app).await;
        assert!(noted.contains(&"data.retention".to_owned()) && noted.contains(&"data.erase".to_owned()), "{noted:?}");
        assert_eq!(app.broken().await, Vec::<String>::new());
    }

    async fn the_page_of_the_data_says_what_goes_when_also_where_nothing_was_published(app: App) {
        let mut draft = miso(vec![session("ailleurs", 5)]);
        draft.programme.slug = "autre".to_owned();
        let mut tx = app.pool.begin().await.unwrap();
        parvis::programme::store::save(&mut tx, &draft, app.tokens.id(app.now()), app.now()).await.unwrap();
        tx.commit().await.unwrap();
        let owner = app.signed_in(Role::Owner).await;
        let unpublished = owner.get("/fr/office/autre/data").await.body;
        assert!(unpublished.contains("n’a jamais été publié") && unpublished.contains("le 14\u{a0}mai 2028, 365 jours après la fin du brouillon"), "{unpublished}");
        // It can be erased before its time, like any.
        let erasure = "/fr/office/autre/data/erasure";
        assert_eq!(owner.post(erasure, &[("slug", "autre")]).await.status, Status::UnprocessableEntity);
        assert_eq!(way(&owner.post(erasure, &[("slug", "autre"), ("early", "true")]).await), "/fr/office/autre/data?done=erased");

        app.publish(&miso(vec![session("suite", 5)])).await;
        let together = owner.get("/fr/office/miso/data").await.body;
        assert!(together.contains("sont effacés le même jour") && !together.contains("fin du brouillon"), "{together}");
        // The draft goes on for longer than what is published: who proposes is known for longer.
        let mut longer = miso(vec![session("suite", 5)]);
        longer.programme.ends += TimeDelta::days(10);
        let mut tx = app.pool.begin().await.unwrap();
        parvis::programme::store::save(&mut tx, &longer, app.tokens.id(app.now()), app.now()).await.unwrap();
        tx.commit().await.unwrap();
        let apart = owner.get("/fr/office/miso/data").await.body;
        for said in ["et les courriels, sont effacés le 14\u{a0}mai 2028", "publié\u{a0}: 14\u{a0}mai 2027", "leurs fichiers, sont effacés le 24\u{a0}mai 2028", "brouillon\u{a0}: 24\u{a0}mai 2027"] {
            assert!(apart.contains(said), "{said}: {apart}");
        }
    }

    async fn one_person_gets_a_copy_of_their_data_and_is_erased_on_request(app: App) {
        registered(&app).await;
        app.mails_to("bob@example.org").await;
        let owner = app.signed_in(Role::Owner).await;
        let home = "/fr/office/miso/data";
        let none = owner.post(&format!("{home}/people"), &[("email", "nobody@example.org")]).await;
        assert_eq!(none.status, Status::UnprocessableEntity);
        let there = way(&owner.post(&format!("{home}/people"), &[("email", " Ana@Example.org ")]).await);
        assert!(!there.contains('@'), "no address in an address");
        assert!(owner.get(&there).await.body.contains("ana@example.org"));
        let copy = owner.get(&format!("{there}/data.json")).await;
        assert!(copy.body.contains("ana@example.org") && !copy.body.contains("bob@example.org"));
        assert_eq!(copy.header("cache-control"), "private, no-store");
        let elsewhere = there.replace("/miso/", "/autre/");
        assert_eq!(owner.get(&elsewhere).await.status, Status::NotFound);

        let wrong = owner.post(&format!("{there}/erasure"), &[("email", "bob@example.org")]).await;
        assert_eq!(wrong.status, Status::UnprocessableEntity);
        let done = owner.post(&format!("{there}/erasure"), &[("email", "ana@example.org")]).await;
        assert_eq!(way(&done), format!("{home}?done=person"));

        let mut db = app.pool.acquire().await.unwrap();
        assert_eq!(store::participant_by_email(&mut db, "ana@example.org").await.unwrap(), None);
        drop(db);
        assert_eq!(owner.get(&there).await.status, Status::NotFound);
        let bob = app.mails_to("bob@example.org").await;
        assert_eq!(bob.len(), 2, "the seat goes to the next");
        let noted = actions(&app).await;
        assert!(noted.contains(&"person.copy".to_owned()) && noted.contains(&"person.erase".to_owned()), "{noted:?}");
        assert_eq!(app.broken().await, Vec::<String>::new());
    }
}
