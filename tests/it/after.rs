//! After a session: who came, the thank-you, the three questions, the certificate.

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

use chrono::{TimeDelta, TimeZone as _, Utc};
use mail_parser::{MessageParser, MimeHeaders as _};
use parvis::{
    audit::Actor,
    mail::transport::Kept,
    programme::{Draft, Status},
    registration::{
        attendance::{self, Figures, Marked, Mode, list},
        certificate, feedback, retention, store, thanks,
    },
    tokens::Purpose,
};
use uuid::Uuid;

use crate::{
    builders::{miso, on_day, session},
    harness::{App, Page},
    html::Found,
};

const ANA: &str = "ana@example.org";
const BEN: &str = "ben@example.org";
const KIM: &str = "kim@example.org";

/// Two sessions of a morning and an afternoon, and one of the next day.
fn draft() -> Draft {
    let mut second = session("forum", 5);
    second.session.start = second.session.start.map(|start| start + TimeDelta::hours(4));
    second.session.end = second.session.end.map(|end| end + TimeDelta::hours(4));
    let mut draft = miso(vec![session("atelier", 5), second, on_day(session("suite", 5), 1)]);
    draft.sessions[0].session.recording = Some("https://video.example.org/atelier".to_owned());
    draft.sessions[0].session.minutes = "Nous avons *dessiné* une place.\n\nEt un banc.".to_owned();
    draft
}

/// Lets time pass until then.
fn until(app: &App, day: u32, hour: u32, minute: u32) {
    let then = chrono_tz::Europe::Zurich.with_ymd_and_hms(2027, 4, day, hour, minute, 0).unwrap();
    app.pass(then.with_timezone(&Utc) - app.now());
}

fn id(app: &App, slug: &str) -> (Uuid, Uuid) {
    let published = app.house().publications.current("miso").unwrap();
    (published.id, published.session(slug).unwrap().id)
}

async fn mark(app: &App, slug: &str, text: &str) -> Marked {
    let (programme, session) = id(app, slug);
    let list = list::read("liste.csv", text.as_bytes(), slug).unwrap();
    attendance::mark(app.house(), Actor::Command, programme, session, &list, Mode::Write, app.now())
        .await
        .unwrap()
}

fn figures(registered: i64, present: i64, absent: i64, walk_in: i64) -> Marked {
    Marked::Done(Figures { registered, present, absent, walk_in })
}

/// The mails to somebody that say thank you, once everything due is written and delivered.
async fn thanked(app: &App, email: &str) -> Vec<Kept> {
    app.run_due().await;
    let mails = app.mails_to(email).await;
    mails
        .into_iter()
        .filter(|mail| mail.subject.starts_with("Merci") || mail.subject.starts_with("Thank"))
        .collect()
}

/// The addresses of a mail that go on so.
fn links(text: &str, part: &str) -> Vec<String> {
    let base = crate::harness::BASE_URL;
    let words = text.split_whitespace().filter(|word| word.starts_with(base) && word.contains(part));
    words.map(|word| word[base.len()..].to_owned()).collect()
}

async fn exported(app: &App) -> Vec<(String, String, Option<i64>)> {
    let published = app.house().publications.current("miso").unwrap();
    let slugs = published.release.sessions.iter().map(|one| (one.id, one.slug.clone())).collect();
    let mut db = app.pool.acquire().await.unwrap();
    let rows = store::report::rows(&mut db, published.id, &slugs).await.unwrap();
    rows.into_iter().map(|row| (row.session, row.email, row.attended)).collect()
}

fn row(session: &str, email: &str, attended: Option<i64>) -> (String, String, Option<i64>) {
    (session.to_owned(), email.to_owned(), attended)
}

async fn one_can_be_named(app: &App, page: &Page) -> String {
    let found = Found::on(&page.body);
    let links = found.attributes("a[href$='.pdf']", "href");
    let href = links.first().unwrap_or_else(|| panic!("a certificate: {}", page.body));
    let pdf = app.client.get(href.clone()).dispatch().await;
    assert_eq!(pdf.status().code, 200, "{href}");
    assert_eq!(pdf.content_type(), Some(rocket::http::ContentType::PDF));
    let kept = pdf.headers().get_one("content-disposition").unwrap_or_default().to_owned();
    assert!(kept.starts_with("attachment; filename=\"attestation-"), "{kept}");
    assert_eq!(pdf.headers().get_one("cache-control"), Some("private, no-store"));
    assert!(pdf.into_bytes().await.unwrap().starts_with(b"%PDF-1.7"));
    href.clone()
}

async fn code_of(app: &App, email: &str, session: Option<&str>) -> String {
    let session = session.map(|slug| id(app, slug).1);
    let mut db = app.pool.acquire().await.unwrap();
    let person = store::participant_by_email(&mut db, email).await.unwrap().unwrap();
    let mine = certificate::store::of_person(&mut db, person.id).await.unwrap();
    mine.into_iter().find(|one| one.session_id == session).expect("a certificate").code
}

/// The link in the mail that asks what somebody says of a session.
pub async fn feedback_link(app: &App, email: &str, slug: &str) -> String {
    let mut db = app.pool.acquire().await.unwrap();
    let person = store::participant_by_email(&mut db, email).await.unwrap().unwrap();
    let mut all = store::registrations_of(&mut db, &[person.id]).await.unwrap();
    all.retain(|one| one.session == id(app, slug).1);
    let token = app.house().key.seal(Purpose::Feedback, all.last().unwrap().id, thanks::FEEDBACK_VERSION);
    format!("/fr/feedback/{token}")
}

async fn answers(app: &App) -> Vec<(Option<i64>, String, String)> {
    let mut db = app.pool.acquire().await.unwrap();
    let rows = feedback::store::rows(&mut db, id(app, "atelier").0).await.unwrap();
    rows.into_iter().map(|row| (row.rating, row.takeaway, row.better)).collect()
}

on_both_engines! {
    async fn a_list_says_who_came_and_a_corrected_one_puts_it_right(app: App) {
        app.publish(&draft()).await;
        for email in [ANA, BEN, KIM] {
            app.register(email, &["atelier"]).await;
        }
        let (programme, atelier) = id(&app, "atelier");
        assert!(matches!(mark(&app, "atelier", ANA).await, Marked::NotYet(_)), "it has not begun");
        until(&app, 19, 12, 0);

        assert_eq!(mark(&app, "atelier", "ana@example.org\nBEN@example.org\n+2").await, figures(3, 2, 1, 2));
        let expected = [row("atelier", ANA, Some(1)), row("atelier", BEN, Some(1)), row("atelier", KIM, Some(0))];
        assert_eq!(exported(&app).await, expected);
        assert_eq!(mark(&app, "atelier", "ana@example.org\nBEN@example.org\n+2").await, figures(3, 2, 1, 2), "again");

        let Marked::Wrong(problems) = mark(&app, "atelier", "ana@example.org\nkimm@example.org").await else { panic!("one is unknown") };
        assert!(problems[0].to_string().starts_with("liste.csv:2: \"kimm@example.org\": nobody is registered"), "{}", problems[0]);
        assert!(problems[0].to_string().contains("is it kim@example.org?"), "{}", problems[0]);
        assert_eq!(exported(&app).await, expected, "nothing was written");

        let csv = "session;email;présent·e\natelier;ana@example.org;x\natelier;ben@example.org;\natelier;kim@example.org;oui\nforum;x@example.org;1";
        assert_eq!(mark(&app, "atelier", csv).await, figures(3, 2, 1, 0));
        let mut db = app.pool.acquire().await.unwrap();
        let kept = attendance::store::figures(&mut db, programme).await.unwrap();
        assert_eq!(kept.get(&atelier), Some(&Figures { registered: 3, present: 2, absent: 1, walk_in: 0 }));
        assert_eq!(app.broken().await, Vec::<String>::new());
    }

    async fn a_session_that_does_not_take_place_or_is_of_another_programme_has_no_attendance(app: App) {
        let mut one = draft();
        app.publish(&one).await;
        app.register(ANA, &["atelier", "forum"]).await;
        one.sessions[0].session.status = Status::Cancelled;
        app.publish(&one).await;
        until(&app, 19, 23, 0);

        assert_eq!(mark(&app, "atelier", ANA).await, Marked::Off);
        let list = list::read("t", ANA.as_bytes(), "forum").unwrap();
        let (programme, forum) = id(&app, "forum");
        let elsewhere = app.tokens.id(app.now());
        let of = |programme, session| attendance::mark(app.house(), Actor::Command, programme, session, &list, Mode::Write, app.now());
        assert_eq!(of(elsewhere, forum).await.unwrap(), Marked::Unknown);
        assert_eq!(of(programme, elsewhere).await.unwrap(), Marked::Unknown);
        let tried = attendance::mark(app.house(), Actor::Command, programme, forum, &list, Mode::Try, app.now()).await.unwrap();
        assert_eq!(tried, figures(1, 1, 0, 0));
        assert_eq!(exported(&app).await.iter().filter(|row| row.2.is_some()).count(), 0, "a trial writes nothing");
    }

    async fn one_mail_thanks_for_all_sessions_of_a_day_the_morning_after(app: App) {
        app.publish(&draft()).await;
        app.register(ANA, &["atelier", "forum", "suite"]).await;
        app.register(BEN, &["atelier"]).await;
        until(&app, 19, 16, 0);
        assert_eq!(mark(&app, "atelier", ANA).await, figures(2, 1, 1, 0));

        until(&app, 20, 9, 59);
        assert_eq!(thanked(&app, ANA).await.len(), 0, "not before ten");
        until(&app, 20, 10, 0);
        let mails = thanked(&app, ANA).await;

        assert_eq!(mails.len(), 1);
        let mail = &mails[0];
        assert_eq!(mail.subject, "Merci\u{a0}: MISO");
        let text = &mail.text;
        // Nobody has marked who came to the forum: whoever had a seat is thanked.
        assert!(text.contains("* Session atelier") && text.contains("* Session forum") && !text.contains("* Session suite"), "{text}");
        assert!(text.contains("Merci d’avoir pris part"), "{text}");
        assert!(text.contains("https://video.example.org/atelier"), "{text}");
        assert!(text.contains("Nous avons dessiné une place.\n  Et un banc."), "{text}");
        assert!(text.contains("attestation de participation"), "{text}");
        let message = MessageParser::default().parse(&mail.raw).unwrap();
        let calendars = message.parts.iter().filter(|part| part.content_type().is_some_and(|kind| kind.subtype() == Some("calendar")));
        assert_eq!(calendars.count(), 0, "what is over is in the calendar as it was");
        let questions = links(text, "/feedback/");
        assert_eq!(questions.len(), 2, "{text}");
        for path in questions {
            assert_eq!(app.get(&path).await.status.code, 200, "{path}");
        }
        assert_eq!(thanked(&app, BEN).await.len(), 0, "who did not come is not thanked");

        until(&app, 21, 11, 0);
        let next = thanked(&app, ANA).await;
        assert_eq!(next.len(), 2, "the next day's is another mail");
        // Nobody knows whether she came.
        assert!(next[1].text.contains("Vous y étiez ? Merci".replace(" ?", "\u{202f}?").as_str()), "{}", next[1].text);
        assert!(!next[1].text.contains("attestation"), "{}", next[1].text);
        until(&app, 25, 11, 0);
        assert_eq!(thanked(&app, ANA).await.len(), 2);
        assert_eq!(app.broken().await, Vec::<String>::new());
    }

    async fn who_is_marked_later_is_thanked_once_the_list_has_settled(app: App) {
        app.publish(&draft()).await;
        for email in [ANA, BEN] {
            app.register(email, &["atelier"]).await;
        }
        until(&app, 19, 16, 0);
        mark(&app, "atelier", ANA).await;
        until(&app, 20, 10, 0);
        assert_eq!((thanked(&app, ANA).await.len(), thanked(&app, BEN).await.len()), (1, 0));

        // Ben was there after all; then not; then he was.
        mark(&app, "atelier", &format!("{ANA}\n{BEN}")).await;
        assert_eq!(thanked(&app, BEN).await.len(), 0, "it settles first");
        mark(&app, "atelier", ANA).await;
        until(&app, 20, 10, 30);
        assert_eq!(thanked(&app, BEN).await.len(), 0, "he did not come");
        mark(&app, "atelier", &format!("{ANA}\n{BEN}")).await;
        until(&app, 20, 10, 41);
        assert_eq!((thanked(&app, ANA).await.len(), thanked(&app, BEN).await.len()), (1, 1));
        assert_eq!(app.broken().await, Vec::<String>::new());
    }

    async fn who_stops_the_messages_of_a_programme_with_one_click_is_not_thanked_any_more(app: App) {
        app.publish(&draft()).await;
        for email in [ANA, BEN] {
            app.register(email, &["atelier", "suite"]).await;
        }
        until(&app, 20, 10, 0);
        let mails = thanked(&app, ANA).await;
        let message = MessageParser::default().parse(&mails[0].raw).unwrap();
        let header = |name| message.header_raw(name).map_or("", str::trim).replace("\r\n", "");
        assert_eq!(header("List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
        let stop = links(&mails[0].text, "/unsubscribe/").remove(0);
        assert_eq!(header("List-Unsubscribe"), format!("<{}{stop}>", crate::harness::BASE_URL));

        let form = rocket::http::ContentType::Form;
        let click = app.client.post(stop).header(form).body("List-Unsubscribe=One-Click").dispatch().await;
        assert_eq!(click.status().code, 200);
        until(&app, 21, 10, 0);
        assert_eq!((thanked(&app, ANA).await.len(), thanked(&app, BEN).await.len()), (1, 2));
        assert_eq!(app.broken().await, Vec::<String>::new());
    }

    async fn whose_mails_come_back_is_not_thanked(app: App) {
        app.publish(&draft()).await;
        for email in [ANA, BEN] {
            app.register(email, &["atelier"]).await;
        }
        let mut db = app.pool.acquire().await.unwrap();
        assert!(store::reach::mark_undeliverable(&mut db, ANA, app.now(), app.now()).await.unwrap());
        drop(db);
        until(&app, 20, 10, 0);
        assert_eq!((thanked(&app, ANA).await.len(), thanked(&app, BEN).await.len()), (0, 1));
        assert_eq!(app.broken().await, Vec::<String>::new());
    }

    async fn two_processes_at_once_thank_once_and_nobody_who_waited_or_left_or_is_erased(app: App) {
        let mut one = draft();
        one.sessions[0].live.capacity = parvis::programme::Capacity::Seats(3);
        app.publish(&one).await;
        for email in [ANA, BEN, KIM, "waiting@example.org"] {
            app.register(email, &["atelier"]).await;
        }
        let agenda = app.agenda_path(BEN).await;
        until(&app, 19, 16, 0);
        app.post(&format!("{agenda}/erasure"), &[("confirm", "1")]).await;
        until(&app, 20, 10, 5);

        let (house, now) = (app.house(), app.now());
        let all = futures_util::future::join_all((0..6).map(|_| thanks::thank_due(house, now))).await;
        // Two that crossed: the next second does it.
        assert!(all.iter().any(Result::is_ok));
        app.run_due().await;

        assert_eq!(thanked(&app, ANA).await.len(), 1);
        assert_eq!(thanked(&app, KIM).await.len(), 1);
        assert_eq!(thanked(&app, "waiting@example.org").await.len(), 0);
        let thanks = app.mailer.kept().into_iter().filter(|mail| mail.subject.starts_with("Merci")).count();
        assert_eq!(thanks, 2, "nobody else");
        let mut db = app.pool.acquire().await.unwrap();
        let told = thanks::store::mails(&mut db, id(&app, "atelier").1).await.unwrap();
        assert_eq!(told.iter().filter(|(_, mail)| mail.is_some()).count(), 2);
        drop(db);
        assert_eq!(app.broken().await, Vec::<String>::new());
    }

    async fn a_server_that_was_down_for_days_thanks_for_what_is_not_long_ago(app: App) {
        app.publish(&draft()).await;
        app.register(ANA, &["atelier", "suite"]).await;
        until(&app, 24, 9, 0);

        let mails = thanked(&app, ANA).await;

        assert_eq!(mails.len(), 1);
        assert!(mails[0].text.contains("* Session suite") && !mails[0].text.contains("* Session atelier"), "{}", mails[0].text);
        until(&app, 30, 9, 0);
        assert_eq!(thanked(&app, ANA).await.len(), 1);
        mark(&app, "atelier", ANA).await;
        app.pass(TimeDelta::minutes(11));
        assert_eq!(thanked(&app, ANA).await.len(), 2, "who is marked is thanked later, too");
        app.pass(TimeDelta::days(30));
        mark(&app, "suite", ANA).await;
        app.pass(TimeDelta::minutes(11));
        assert_eq!(thanked(&app, ANA).await.len(), 2, "never twice for one session");
    }

    async fn three_questions_are_answered_without_an_account_and_can_be_answered_again(app: App) {
        app.publish(&draft()).await;
        app.register(ANA, &["atelier"]).await;
        let path = feedback_link(&app, ANA, "atelier").await;
        assert_eq!(app.get(&path).await.status.code, 404, "before it begins there is nothing to say");
        until(&app, 20, 10, 0);

        let page = app.get(&path).await;
        assert_eq!(page.status.code, 200);
        assert_eq!(Found::on(&page.body).count("input[type=radio]"), 5);
        assert_eq!(answers(&app).await, [], "opening it changes nothing");
        let empty = app.post(&path, &[("takeaway", "  ")]).await;
        assert_eq!(empty.status.code, 422);
        assert!(empty.body.contains("Répondez à une question au moins"), "{}", empty.body);
        let wrong = app.post(&path, &[("rating", "9"), ("better", "<b>du café</b>")]).await;
        assert_eq!(wrong.status.code, 422);
        assert!(wrong.body.contains("&lt;b&gt;du café&lt;&#x2F;b&gt;") || wrong.body.contains("&lt;b&gt;du café&lt;/b&gt;"), "{}", wrong.body);
        assert_eq!(answers(&app).await, []);

        let sent = app.post(&path, &[("rating", "4"), ("takeaway", "Une idée")]).await;
        assert_eq!((sent.status.code, sent.location()), (303, format!("{path}?done=1").as_str()));
        assert_eq!(answers(&app).await, [(Some(4), "Une idée".to_owned(), String::new())]);
        app.post(&path, &[("rating", "5"), ("better", "Du café")]).await;
        assert_eq!(answers(&app).await, [(Some(5), String::new(), "Du café".to_owned())]);
        let again = Found::on(&app.get(&format!("{path}?done=1")).await.body);
        assert_eq!(again.attributes("input[type=radio][checked]", "value"), ["5"]);
        assert_eq!(again.text("textarea[name=better]"), "Du café");

        let strange = app.client.post(path.clone()).header(rocket::http::ContentType::Form)
            .header(rocket::http::Header::new("Sec-Fetch-Site", "cross-site")).body("rating=1").dispatch().await;
        assert_eq!(strange.status().code, 403);
        let agenda = app.agenda_path(ANA).await;
        let token = agenda.rsplit('/').next().unwrap();
        assert_eq!(app.get(&format!("/fr/feedback/{token}")).await.status.code, 404, "another purpose");
        assert_eq!(app.post("/fr/feedback/nope", &[("rating", "1")]).await.status.code, 404);
        assert_eq!(answers(&app).await.len(), 1);
    }

    async fn erasure_empties_the_texts_and_keeps_the_figures(app: App) {
        app.publish(&draft()).await;
        for email in [ANA, BEN] {
            app.register(email, &["atelier"]).await;
        }
        until(&app, 20, 10, 0);
        mark(&app, "atelier", &format!("{ANA}\n{BEN}")).await;
        let path = feedback_link(&app, ANA, "atelier").await;
        app.post(&path, &[("rating", "4"), ("takeaway", "Moi, Ana, j’ai appris"), ("better", "Tout")]).await;
        app.post(&feedback_link(&app, BEN, "atelier").await, &[("better", "Rien")]).await;
        let code = code_of(&app, ANA, Some("atelier")).await;
        assert_eq!(app.get(&format!("/fr/certificates/{code}")).await.status.code, 200);
        let agenda = app.agenda_path(ANA).await;
        let data: serde_json::Value = serde_json::from_str(&app.get(&format!("{agenda}/data.json")).await.body).unwrap();
        assert_eq!(data["registrations"][0]["feedback"]["better"], "Tout");
        assert_eq!(data["registrations"][0]["attended"], 1);
        assert!(data["certificates"].as_array().unwrap().iter().any(|one| one["code"] == code.as_str()), "{data}");

        app.post(&format!("{agenda}/erasure"), &[("confirm", "1")]).await;

        let mut left = answers(&app).await;
        left.sort();
        assert_eq!(left, [(None, String::new(), "Rien".to_owned()), (Some(4), String::new(), String::new())]);
        assert_eq!(app.get(&path).await.status.code, 404);
        let gone = app.get(&format!("/fr/certificates/{code}")).await;
        assert_eq!(gone.status.code, 410);
        assert!(gone.body.contains("ne peut plus être vérifiée") && !gone.body.contains("Ana Exemple"), "{}", gone.body);
        // A list that is corrected afterwards says nothing of her, and nothing about her is lost.
        assert_eq!(mark(&app, "atelier", BEN).await, figures(2, 2, 0, 0));

        app.pass(TimeDelta::days(500));
        app.run_due().await;
        retention::erase_due(app.house(), 365).await.unwrap();
        assert_eq!(answers(&app).await.iter().filter(|(_, a, b)| !a.is_empty() || !b.is_empty()).count(), 0);
        let mut db = app.pool.acquire().await.unwrap();
        let kept = attendance::store::figures(&mut db, id(&app, "atelier").0).await.unwrap();
        assert_eq!(kept.into_values().collect::<Vec<_>>(), [Figures { registered: 2, present: 2, absent: 0, walk_in: 0 }]);
        assert!(certificate::store::by_code(&mut db, &code).await.unwrap().unwrap().revoked_at.is_some());
        drop(db);
        assert_eq!(app.broken().await, Vec::<String>::new());
    }

    async fn who_came_has_a_certificate_that_anybody_can_verify_until_it_is_taken_back(app: App) {
        let mut one = draft();
        one.sessions[0].session.title = "L’<atelier> \"Œuvre\"".to_owned();
        app.publish(&one).await;
        app.register(ANA, &["atelier", "forum"]).await;
        app.register(BEN, &["atelier"]).await;
        let agenda = app.agenda_path(ANA).await;
        until(&app, 19, 20, 0);
        assert_eq!(Found::on(&app.get(&agenda).await.body).attributes("a[href$='.pdf']", "href"), Vec::<String>::new(), "nobody has marked it");
        mark(&app, "atelier", ANA).await;
        let page = app.get(&agenda).await;
        assert!(Found::on(&page.body).text("main").contains("Vous y étiez"), "{}", page.body);
        let links = Found::on(&page.body).attributes("a[href$='.pdf']", "href");
        assert_eq!(links.len(), 1, "one session has no certificate of several: {links:?}");
        let href = one_can_be_named(&app, &page).await;

        let code = code_of(&app, ANA, Some("atelier")).await;
        let shown = app.get(&format!("/fr/certificates/{}", code.to_uppercase())).await;
        assert_eq!((shown.status.code, shown.header("x-robots-tag")), (200, "noindex"));
        let facts = Found::on(&shown.body).text("dl");
        for part in ["Ana Exemple", "L’<atelier> \"Œuvre\"", "19\u{a0}avril 2027", "Collectif", "MISO"] {
            assert!(facts.contains(part), "{part}: {facts}");
        }
        assert!(!shown.body.contains(ANA), "the address is nobody's business");
        let dashed = parvis::registration::certificate::readable(&code);
        assert_eq!(app.get(&format!("/en/certificates/{dashed}")).await.status.code, 200);
        let typed = app.get(&format!("/fr/certificates?code=%20{dashed}%20")).await;
        assert_eq!(typed.status.code, 303);
        assert_eq!(app.get(typed.location()).await.status.code, 200);
        for wrong in ["nope", "aaaa-aaaa-aaaa-aaaa", "%3Cscript%3E", "%22%3E"] {
            let page = app.get(&format!("/fr/certificates/{wrong}")).await;
            assert_eq!(page.status.code, 404, "{wrong}");
            assert!(page.body.contains("Ce code n’est pas connu"), "{}", page.body);
            assert!(!page.body.contains("<script>"), "{}", page.body);
        }

        mark(&app, "forum", ANA).await;
        let all = Found::on(&app.get(&agenda).await.body).attributes("a[href$='.pdf']", "href");
        assert_eq!(all.len(), 3, "each, and both: {all:?}");
        let whole = code_of(&app, ANA, None).await;
        let facts = Found::on(&app.get(&format!("/fr/certificates/{whole}")).await.body).text("dl");
        assert!(facts.contains("Session forum") && facts.contains("Œuvre"), "{facts}");
        let name = [("name", "Ana Đorđević")];
        app.post(&format!("{agenda}/name"), &name).await;
        assert!(Found::on(&app.get(&format!("/fr/certificates/{whole}")).await.body).text("dl").contains("Ana Đorđević"));

        mark(&app, "atelier", BEN).await;
        assert_eq!(app.get(&format!("/fr/certificates/{code}")).await.status.code, 410);
        assert_eq!(app.get(&href).await.status.code, 404);
        assert_eq!(app.get(&format!("/fr/certificates/{whole}")).await.status.code, 200, "the forum is left");
        mark(&app, "atelier", &format!("{ANA}\n{BEN}")).await;
        assert_ne!(code_of(&app, ANA, Some("atelier")).await, code, "what was revoked stays revoked");
        let strange = href.replace(agenda.rsplit('/').next().unwrap(), &app.agenda_path(BEN).await[11..]);
        assert_eq!(app.get(&strange.replace("atelier", "forum")).await.status.code, 404, "Ben was not there");
        assert_eq!(app.broken().await, Vec::<String>::new());
    }

    async fn what_a_session_leaves_behind_stands_on_its_page_and_among_the_changes(app: App) {
        let mut one = draft();
        let (recording, minutes) = (one.sessions[0].session.recording.take(), std::mem::take(&mut one.sessions[0].session.minutes));
        app.publish(&one).await;
        app.register(ANA, &["atelier"]).await;
        app.mails_to(ANA).await;
        let path = "/fr/miso/sessions/atelier";
        assert_eq!(Found::on(&app.get(path).await.body).count("#after"), 0);

        (one.sessions[0].session.recording, one.sessions[0].session.minutes) = (recording, minutes);
        app.publish(&one).await;

        let page = Found::on(&app.get(path).await.body);
        assert_eq!(page.text("#after"), "Après la session");
        assert_eq!(page.attributes("a[href='https://video.example.org/atelier']", "rel"), ["nofollow noopener noreferrer"]);
        assert!(page.text("main").contains("Et un banc."));
        assert!(app.get("/fr/miso/changes").await.body.contains("L’enregistrement ou le compte rendu a été ajouté ou revu."));
        app.pass(TimeDelta::minutes(11));
        app.run_due().await;
        assert_eq!(app.mails_to(ANA).await.len(), 1, "nobody must know it before the session");
        let csv = app.get("/fr/miso/sessions.csv").await.body;
        assert!(csv.lines().next().unwrap().ends_with(",text_language,recording,minutes,cancel_reason"), "{csv}");

        // Nobody is promised an address any more where it is over.
        one.sessions[0].session.online = true;
        app.publish(&one).await;
        let before = Found::on(&app.get(path).await.body).text(".facts");
        until(&app, 20, 12, 0);
        let over = Found::on(&app.get(path).await.body).text(".facts");
        assert!(before.contains("Aussi en ligne") && !over.contains("Aussi en ligne"), "{before} {over}");
        assert!(over.contains("En ligne"), "{over}");
    }

    async fn the_command_takes_lists_from_files_and_from_standard_input(app: App) {
        // The command asks the machine's own clock.
        app.pass(TimeDelta::days(-3_650));
        let mut past = draft();
        past.programme.starts -= TimeDelta::days(3_650);
        past.programme.ends -= TimeDelta::days(3_650);
        past.sessions = past.sessions.into_iter().map(|one| on_day(one, -3_650)).collect();
        past.themes.clear();
        past.sessions.iter_mut().for_each(|one| one.session.theme = None);
        app.publish(&past).await;
        for email in [ANA, BEN] {
            app.register(email, &["atelier"]).await;
        }
        let name = |text: &str| {
            let path = app.db.folder().join("liste.csv");
            std::fs::write(&path, text).unwrap();
            "liste.csv"
        };
        let attendance = ["attendance", "miso", "atelier"];

        let exported = types(&app, &["export", "miso", "--format", "registrations-csv"], "").0;
        let marked = exported.replace("code\r\n", "code,present\r\n").replace(",,\r\n", ",,,\r\n").replacen(",,,\r\n", ",,,x\r\n", 1);
        assert_eq!(types(&app, &[&attendance[..], &[name(&marked), "--dry-run"]].concat(), "").0, "present 1, absent 1, walk-in 0\n");
        assert!(types(&app, &["export", "miso", "--format", "attendance-csv"], "").0.lines().count() == 1, "nothing was written");
        assert_eq!(types(&app, &[&attendance[..], &[name(&marked)]].concat(), "").0, "present 1, absent 1, walk-in 0\n");
        assert_eq!(types(&app, &[&attendance[..], &["-"]].concat(), "ana@example.org\nben@example.org\n+1\n").0, "present 2, absent 0, walk-in 1\n");
        let csv = types(&app, &["export", "miso", "--format", "attendance-csv"], "").0;
        assert_eq!(csv, "session,registered,present,absent,walk_in\r\natelier,2,2,0,1\r\n");
        let csv = types(&app, &["export", "miso", "--format", "registrations-csv"], "").0;
        assert!(csv.lines().skip(1).all(|line| line.ends_with(",present,")), "{csv}");

        let (out, err) = types(&app, &[&attendance[..], &["-"]].concat(), "bem@example.org\nnobody");
        assert_eq!(out, "");
        assert!(err.contains("-:2: \"nobody\": is no e-mail address") && err.ends_with("nothing was written\n"), "{err}");
        let (_, err) = types(&app, &[&attendance[..], &["-"]].concat(), "email,present\nana@example.org,non\n");
        assert!(err.contains("--nobody"), "{err}");
        assert_eq!(types(&app, &[&attendance[..], &["-", "--nobody"]].concat(), "email,present\nana@example.org,non\n").0, "present 0, absent 2, walk-in 0\n");
        assert!(types(&app, &["attendance", "miso", "nope", "-"], ANA).1.contains("has published no session `nope`"));
        assert!(types(&app, &["attendance", "miso", "atelier", "missing.csv"], "").1.contains("missing.csv"));
        let (out, _) = types(&app, &["export", "miso", "--format", "feedback-csv"], "");
        assert_eq!(out, "session,answered_on,rating,takeaway,better\r\n");
    }
}

/// Types `parvis` and these words, with this on standard input; what it says on standard output and standard error.
fn types(app: &App, words: &[&str], input: &str) -> (String, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_parvis"))
        .args(words)
        .current_dir(app.db.folder())
        .env("ROCKET_DATABASES", format!("{{main={{url={:?}}}}}", app.db.url))
        .env(
            "ROCKET_PARVIS",
            "{base_url=\"https://example.org\",mail={url=\"file:mails\",from=\"a@example.org\"}}",
        )
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that refuses before it reads closes its end.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let done = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(done.stdout), text(done.stderr))
}

on_both_engines! {
    async fn whoever_tries_codes_is_slowed_down(db: crate::harness::TestDb) {
        let figment = db
            .figment()
            .merge(("parvis.rate_limits", std::collections::BTreeMap::from([("forms", 2), ("links", 1)])));
        let world =
            crate::harness::world(&crate::harness::Time::new(), &parvis::mail::transport::Mailer::memory());
        let rocket = parvis::rocket(figment, world).unwrap();
        let client = rocket::local::asynchronous::Client::untracked(rocket).await.unwrap();
        let mut statuses = Vec::new();
        for number in 0..3 {
            let code = format!("/fr/certificates/aaaaaaaaaaaaaaa{}", ['b', 'c', 'd'][number]);
            let answer = client.get(code).remote("192.0.2.7:4711".parse().unwrap()).dispatch().await;
            statuses.push((answer.status().code, answer.headers().contains("retry-after")));
        }

        assert_eq!(statuses, [(404, false), (404, false), (429, true)]);
    }
}
