//! What is missing, doubled, too long, of the wrong kind, somebody else's, too late or forged, in every field of every
//! form: a clear page or a 4xx, and not a byte of the database is another one.
//!
//! What only one room knows (shapes of bodies, words, keys) stands in `hostile.rs`, `attack.rs` and `agenda.rs`.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use futures_util::future::join_all;
use parvis::{
    identity::{Role, people},
    mail::{Kind, outbox},
    on,
    programme::{Confirm, Draft, DraftSession, QueueMode, Registration, Status},
    registration::message::{About, To, send::Sent},
    tokens::{LinkKey, Purpose},
};
use rocket::http::{ContentType, Header, Status as Http};

use crate::{
    builders::{miso, on_day, session},
    harness::{App, BASE_URL, Page, TestDb},
    html::Found,
    post::message,
    process::Process,
};

const ANA: &str = "ana@example.org";
const FORM: &str = "/fr/miso/register";

type Field<'f> = (&'f str, &'f str);

/// Every row of every table, as text.
pub async fn dump(app: &App) -> BTreeMap<String, BTreeSet<String>> {
    // What the house does by itself is done first.
    app.run_due().await;
    let mut db = app.pool.acquire().await.unwrap();
    let tables = if app.db.is_sqlite() {
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    } else {
        "SELECT CAST(table_name AS TEXT) FROM information_schema.tables WHERE table_schema = current_schema()"
    };
    let mut dump: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let ask = async |db: &mut parvis::db::Conn, sql: String| -> Vec<String> {
        on!(db, c => sqlx::query_scalar(sqlx::AssertSqlSafe(sql.as_str())).fetch_all(c).await).unwrap()
    };
    for table in ask(&mut db, tables.to_owned()).await {
        let row = if app.db.is_sqlite() {
            let columns = ask(&mut db, format!("SELECT name FROM pragma_table_info('{table}')")).await;
            columns.iter().map(|name| format!("quote(\"{name}\")")).collect::<Vec<_>>().join(" || '|' || ")
        } else {
            format!("CAST(\"{table}\" AS TEXT)")
        };
        let rows = ask(&mut db, format!("SELECT {row} FROM \"{table}\"")).await;
        dump.insert(table, rows.into_iter().collect());
    }
    assert!(dump.len() > 10 && !dump["participant"].is_empty(), "{:?}", dump.keys());
    dump
}

/// The rows that are not in both.
pub fn difference(
    before: &BTreeMap<String, BTreeSet<String>>,
    after: &BTreeMap<String, BTreeSet<String>>,
) -> Vec<String> {
    let of = |table: &String| before[table].symmetric_difference(&after[table]).cloned().collect::<Vec<_>>();
    before.keys().flat_map(of).collect()
}

fn with(mut session: DraftSession, change: impl FnOnce(&mut DraftSession)) -> DraftSession {
    change(&mut session);
    session
}

/// Two programmes, Ana in `atelier`, Ben in `forum`; her page's address, and his.
async fn scene(app: &App) -> (String, String) {
    let how = |slug: &str, how: Registration| with(session(slug, 9), |it| it.live.registration = how);
    let mut draft = miso(vec![
        session("atelier", 9),
        on_day(session("forum", 9), 1),
        on_day(session("libre", 9), 2),
        how("clos", Registration::Closed),
        how("invites", Registration::Invitation),
        with(session("annulee", 9), |it| it.session.status = Status::Cancelled),
        with(session("retiree", 9), |it| it.session.status = Status::Withdrawn),
        on_day(session("passee", 9), -60),
    ]);
    app.publish(&draft).await;
    draft.programme.slug = "autre".to_owned();
    draft.sessions = vec![session("ailleurs", 9)];
    app.publish(&draft).await;
    app.register(ANA, &["atelier"]).await;
    app.register("ben@example.org", &["forum"]).await;
    let pages = (app.agenda_path(ANA).await, app.agenda_path("ben@example.org").await);
    app.deliver().await;
    pages
}

/// The fields with this one set, doubled or (`None`) left out.
fn changed<'f>(fields: &[Field<'f>], name: &'f str, values: &[&'f str]) -> Vec<Field<'f>> {
    let others = fields.iter().filter(|(known, _)| *known != name).copied();
    others.chain(values.iter().map(|value| (name, *value))).collect()
}

/// Sends what must be refused, or do nothing; says what went wrong.
async fn harmless(app: &App, path: &str, fields: &[Field<'_>], expected: Http) -> Vec<String> {
    let before = dump(app).await;
    let answer = app.post(path, fields).await;
    let mut wrong = Vec::new();
    let short = |text: &str| text.chars().take(60).collect::<String>();
    let sent: Vec<_> = fields.iter().map(|(name, value)| format!("{name}={}", short(value))).collect();
    if answer.status != expected {
        wrong.push(format!("{path} {sent:?}: {} instead of {expected}", answer.status));
    }
    if expected.class().is_client_error() && Found::on(&answer.body).count("h1") != 1 {
        wrong.push(format!("{path} {sent:?}: no page"));
    }
    let difference = difference(&before, &dump(app).await);
    if !difference.is_empty() {
        wrong.push(format!("{path} {sent:?}: changed {difference:?}"));
    }
    wrong
}

/// Sessions that cannot be had, as somebody may name them.
fn wrong_sessions(app: &App) -> Vec<String> {
    let elsewhere = session("ailleurs", 9).session.id.to_string();
    let known = [
        "clos",
        "invites",
        "annulee",
        "retiree",
        "passee",
        "ailleurs",
        "autre/ailleurs",
        "../atelier",
        "nulle",
    ];
    let strange =
        ["' OR 1=1 --", "atelier\r\nforum", "\u{202e}", "<b>", "atelier/", "%00", "ATELIER ATELIER"];
    let mut all: Vec<String> = known.iter().chain(&strange).map(|name| (*name).to_owned()).collect();
    all.extend([elsewhere, app.tokens.id(app.now()).to_string(), "x".repeat(10_000)]);
    all
}

/// Lets time pass until then, does what is due, and delivers it.
async fn until(app: &App, moment: &str) {
    let moment: DateTime<Utc> = moment.parse().unwrap();
    assert!(moment > app.now(), "time goes forwards");
    app.pass(moment - app.now());
    app.run_due().await;
    app.deliver().await;
}

/// Opens every link of every mail so far, as scanners do, and what stands on the pages behind them: nothing changes.
async fn scanned(app: &App) -> BTreeSet<String> {
    let mails = app.mailer.kept();
    // Before anything is opened: what the first opening has changed, a second one may not.
    let before = dump(app).await;
    let mut paths: BTreeSet<String> =
        mails.iter().flat_map(|mail| [urls(&mail.text), urls(&mail.html)].concat()).collect();
    // And what stands on the pages that they open, as some scanners go on.
    for path in paths.clone() {
        let page = app.get(&path).await;
        assert!(page.status.code < 400, "{path}: {}", page.status);
        let page = Found::on(&page.body);
        paths.extend(page.attributes("main a[href^='/']", "href"));
        let sent = format!("confirm=1&all=1&session=miso/libre&name=X&email={ANA}");
        paths.extend(page.attributes("form", "action").iter().map(|action| format!("{action}?{sent}")));
    }

    for path in &paths {
        let got = app.get(path).await.status.code;
        let head = app.client.head(path.clone()).dispatch().await.status().code;
        assert!(got < 500 && head < 500, "{path}: {got} {head}");
    }
    app.settle().await;
    app.deliver().await;

    assert_eq!(difference(&before, &dump(app).await), Vec::<String>::new());
    assert_eq!(app.mailer.kept().len(), mails.len());
    paths
}

/// After [`scene`]: somebody gets each sort of mail about registrations, and each that opens the office. A scanner opens
/// all that have come so far while their links are good, and again when they are over.
async fn mails_of_every_kind(app: &App, ana: &str) {
    let offered = with(on_day(session("offerte", 1), 3), |it| it.live.queue = Some(QueueMode::Offer));
    let sessions =
        vec![session("atelier", 1), on_day(session("forum", 9), 1), on_day(session("libre", 9), 2), offered];
    let mut draft = Draft { sessions, ..miso(vec![]) };
    draft.programme.rules.reminders = vec!["1d".to_owned()];
    app.publish(&draft).await;
    // Order, link, cancelled, promoted.
    app.register("cleo@example.org", &["atelier", "libre"]).await;
    app.post("/fr/link", &[("email", "cleo@example.org")]).await;
    app.post(&format!("{ana}/cancellations"), &[("session", "miso/atelier")]).await;
    // Offered: to Dan, who does not take it, and then to Eve. A message.
    for email in ["finn@example.org", "dan@example.org", "eve@example.org"] {
        app.register(email, &["offerte"]).await;
    }
    let finn = app.agenda_path("finn@example.org").await;
    app.post(&format!("{finn}/cancellations"), &[("all", "1")]).await;
    let written = message::kept(app, &message::content(About::Programme, To::Both)).await;
    assert!(matches!(message::send(app, &written).await, Sent::Done { .. }));
    app.deliver().await;
    scanned(app).await;
    until(app, "2027-03-03T09:00:00Z").await;
    // Confirm, changed.
    draft.programme.rules.confirm = Confirm::Link;
    draft.sessions[2].session.start = NaiveTime::from_hms_opt(15, 0, 0);
    draft.sessions[2].session.end = None;
    app.publish(&draft).await;
    app.register("gil@example.org", &["libre"]).await;
    app.deliver().await;
    scanned(app).await;
    until(app, "2027-03-03T09:30:00Z").await;
    // Reminder, thanks.
    until(app, "2027-04-18T10:00:00Z").await;
    until(app, "2027-04-20T10:00:00Z").await;
    // Invitation, password, sign_in.
    let owner = app.signed_in(Role::Owner).await;
    owner
        .post("/fr/office/users", &[("email", "lou@example.org"), ("role", "editor"), ("language", "fr")])
        .await;
    // A password is chosen anew where there is one.
    let mut tx = app.pool.begin().await.unwrap();
    people::set_password(&mut tx, app.house(), owner.id, "a hash", None, app.now()).await.unwrap();
    tx.commit().await.unwrap();
    app.signed_in(Role::Partner).await;
    app.post("/fr/office/password", &[("email", "owner@example.org")]).await;
    app.post("/fr/office/mailed-link", &[("email", "partner@example.org")]).await;
    app.settle().await;
    app.deliver().await;
}

fn urls(text: &str) -> Vec<String> {
    let found = text.match_indices(BASE_URL).map(|(at, _)| {
        let rest = &text[at + BASE_URL.len()..];
        rest.split(|c: char| c.is_whitespace() || "\"<>'".contains(c))
            .next()
            .unwrap_or_default()
            .replace("&amp;", "&")
    });
    found.filter(|path| path.starts_with('/')).collect()
}

on_both_engines! {
    async fn every_field_of_the_form_is_refused_where_it_is_missing_too_long_or_of_the_wrong_kind(app: App) {
        scene(&app).await;
        let fields = [("name", "Eve"), ("email", "eve@example.org"), ("session", "libre"), ("consent", "1"),
            ("people", "1"), ("organisation", ""), ("access_needs", ""), ("key", "k")];
        let long = "x".repeat(3_000);
        let mut cases: Vec<(&str, Vec<&str>)> = vec![
            ("name", vec![]), ("name", vec![""]), ("name", vec![" \u{a0}"]), ("name", vec![&long]),
            ("name", vec!["Eve\r\nBcc: x@example.org"]), ("name", vec!["Eve\u{0}"]), ("name", vec!["https://example.org"]),
            ("email", vec![]), ("email", vec![""]), ("email", vec!["eve"]), ("email", vec!["@example.org"]),
            ("email", vec!["eve@example.org\r\nBcc: x@example.org"]), ("email", vec!["\"e\"@example.org"]),
            ("email", vec!["eve@[192.0.2.1]"]), ("email", vec!["a@b@example.org"]), ("email", vec![&long]),
            ("email", vec!["eve@example.org, x@example.org"]), ("email", vec!["Eve <eve@example.org>"]),
            ("session", vec![]), ("session", vec![""]), ("session", vec!["libre", "nulle"]),
            ("consent", vec![]), ("consent", vec![""]), ("consent", vec!["0"]), ("consent", vec!["false"]),
            ("organisation", vec![&long]), ("organisation", vec!["a\nb"]), ("organisation", vec!["\u{202e}"]),
            ("access_needs", vec![&long]), ("access_needs", vec!["a\u{0}"]),
            ("subject", vec!["spam"]),
        ];
        for people in ["0", "6", "-1", "1.5", "x", "99999999999999999999", "1e3", "١"] {
            cases.push(("people", vec![people]));
        }
        let sessions = wrong_sessions(&app);
        cases.extend(sessions.iter().map(|session| ("session", vec![session.as_str()])));
        let mut wrong = Vec::new();
        for (name, values) in &cases {
            wrong.extend(harmless(&app, FORM, &changed(&fields, name, values), Http::UnprocessableEntity).await);
        }

        assert_eq!(wrong, Vec::<String>::new());
        assert_eq!(app.post(FORM, &fields).await.status, Http::SeeOther, "and it is a good form otherwise");
    }

    async fn what_is_doubled_counts_once_and_the_first_is_taken(app: App) {
        scene(&app).await;
        let fields = [("name", "Eve"), ("name", "Mallory"), ("email", "eve@example.org"), ("email", "mal@example.org"),
            ("session", "libre"), ("session", "libre"), ("session[]", "libre"), ("consent", "1"), ("consent", "0"),
            ("people", "1"), ("people", "5"), ("key", "k"), ("key", &"x".repeat(500))];

        let sent = app.post(FORM, &fields).await;

        assert_eq!(sent.status, Http::SeeOther);
        assert_eq!(Found::on(&app.get(sent.location()).await.body).texts(".agenda h2"), ["Session libre"]);
        assert_eq!(app.mails_to("eve@example.org").await.len(), 1);
        assert!(app.mails_to("mal@example.org").await.is_empty());
        let mail = &app.mails_to("eve@example.org").await[0].text;
        assert!(mail.contains("Bonjour Eve") && !mail.contains("5 personnes"), "{mail}");
        assert_eq!(app.broken().await, Vec::<String>::new());
    }

    async fn what_is_doubled_behind_a_link_counts_once_and_the_first_is_taken(app: App) {
        let (ana, ben) = scene(&app).await;
        let add = format!("{ana}/sessions");
        let name = format!("{ana}/name");
        let erasure = format!("{ben}/erasure");
        let long = "x".repeat(3_000);
        let long = long.as_str();
        let one_more = [("session", "miso/libre"), ("people", "1"), ("organisation", ""), ("access_needs", ""), ("key", "k")];
        let mut wrong = Vec::new();
        // What comes after it mends nothing.
        for (field, values) in [("people", ["6", "1"]), ("organisation", [long, "Une"]), ("access_needs", [long, "Une rampe"])] {
            wrong.extend(harmless(&app, &add, &changed(&one_more, field, &values), Http::UnprocessableEntity).await);
        }
        for values in [["", "Ana Une"], ["https://example.org", "Ana Une"]] {
            wrong.extend(harmless(&app, &name, &values.map(|value| ("name", value)), Http::UnprocessableEntity).await);
        }
        wrong.extend(harmless(&app, &erasure, &[("confirm", "0"), ("confirm", "1")], Http::UnprocessableEntity).await);
        wrong.extend(harmless(&app, "/fr/link", &[("email", "ana"), ("email", ANA)], Http::UnprocessableEntity).await);
        let all = [("all", "0"), ("all", "1")];
        wrong.extend(harmless(&app, &format!("{ana}/cancellations"), &all, Http::SeeOther).await);
        assert_eq!(wrong, Vec::<String>::new());

        // So that her orders have an order.
        app.pass(TimeDelta::minutes(1));

        let doubled = [
            ("session", "miso/libre"), ("session", "miso/libre"), ("people", "2"), ("people", "5"), ("organisation", "Une"),
            ("organisation", "Deux"), ("access_needs", "Une rampe"), ("access_needs", "Du calme"), ("key", "k"), ("key", "l"),
        ];
        let added = [app.post(&add, &doubled).await, app.post(&add, &changed(&doubled, "key", &["k", "m"])).await];
        let renamed = app.post(&name, &[("name", "Ana Une"), ("name", "Ana Deux")]).await;
        let linked = app.post("/fr/link", &[("email", "ben@example.org"), ("email", ANA)]).await;
        app.settle().await;

        for answer in [&added[0], &added[1], &renamed, &linked] {
            assert_eq!(answer.status, Http::SeeOther);
        }
        let data: serde_json::Value = serde_json::from_str(&app.get(&format!("{ana}/data.json")).await.body).unwrap();
        let orders: Vec<_> = data["orders"].as_array().unwrap().iter().map(|order| {
            ["organisation", "access_needs", "people"].map(|field| order[field].clone())
        }).collect();
        assert_eq!(orders, [
            [serde_json::json!(""), serde_json::json!(""), serde_json::json!(1)],
            [serde_json::json!("Une"), serde_json::json!("Une rampe"), serde_json::json!(2)],
        ]);
        assert_eq!(data["registrations"].as_array().unwrap().len(), 2);
        assert_eq!(data["person"]["name"], "Ana Une");
        assert_eq!(app.mails_to(ANA).await.len(), 2, "her two orders, and no link");
        assert_eq!(app.mails_to("ben@example.org").await.len(), 2, "his order, and the link");

        let twice = [("session", "miso/libre"), ("session", "miso/libre")];
        let given_back = app.post(&format!("{ana}/cancellations"), &twice).await;
        assert!(given_back.location().ends_with("?done=1"), "{}", given_back.location());
        let erased = app.post(&erasure, &[("confirm", "1"), ("confirm", "0")]).await;
        assert_eq!((erased.location(), app.get(&ben).await.status), ("/fr/link?done=erased", Http::NotFound));
        assert_eq!(app.broken().await, Vec::<String>::new());
    }

    async fn what_is_doubled_in_the_questions_and_in_stopping_reminders_counts_once_too(app: App) {
        scene(&app).await;
        let stop = format!("/fr/unsubscribe/{}", crate::every_page::reminders_token(&app, ANA).await);
        // After the end she is asked.
        until(&app, "2027-04-19T10:00:00Z").await;
        let questions = crate::after::feedback_link(&app, ANA, "atelier").await;
        let long = "é".repeat(2_001);
        let long = long.as_str();
        let fields = [("rating", "4"), ("takeaway", "Un"), ("better", "")];
        let mut wrong = Vec::new();
        for (field, values) in [("rating", ["6", "4"]), ("takeaway", [long, "Un"]), ("better", [long, ""])] {
            wrong.extend(harmless(&app, &questions, &changed(&fields, field, &values), Http::UnprocessableEntity).await);
        }
        let two_clicks = [("List-Unsubscribe", "Two-Click"), ("List-Unsubscribe", "One-Click")];
        wrong.extend(harmless(&app, &stop, &two_clicks, Http::UnprocessableEntity).await);
        assert_eq!(wrong, Vec::<String>::new());

        let doubled = [
            ("rating", "4"), ("rating", "1"), ("takeaway", "Un"), ("takeaway", "Deux"), ("better", ""), ("better", "Trois"),
        ];
        let answered = app.post(&questions, &doubled).await;
        let stopped = app.post(&stop, &[("reminders", "stop"), ("reminders", "again")]).await;

        assert_eq!((answered.status, stopped.status), (Http::SeeOther, Http::SeeOther));
        let kept = Found::on(&app.get(&questions).await.body).fields("main form");
        assert_eq!(kept, fields.map(|(name, value)| (name.to_owned(), value.to_owned())));
        assert_eq!(Found::on(&app.get(&stop).await.body).attributes("button[name=reminders]", "value"), ["again"]);
    }

    async fn every_field_of_the_forms_behind_a_link_is_refused_or_does_nothing(app: App) {
        let (ana, _) = scene(&app).await;
        let long = "x".repeat(3_000);
        let mut wrong = Vec::new();
        // One more session.
        let add = format!("{ana}/sessions");
        let fields = [("session", "miso/libre"), ("people", "1"), ("organisation", ""), ("access_needs", ""), ("key", "k")];
        let mut cases: Vec<(&str, Vec<&str>)> = vec![
            ("session", vec![]), ("session", vec![""]), ("session", vec!["miso/libre", "autre/ailleurs"]),
            ("people", vec!["0"]), ("people", vec!["6"]), ("people", vec!["x"]),
            ("organisation", vec![&long]), ("organisation", vec!["a\r\nb"]), ("access_needs", vec![&long]),
        ];
        let sessions: Vec<String> = wrong_sessions(&app).into_iter()
            // Of another programme that they may well add from.
            .filter(|name| !["ailleurs", "autre/ailleurs"].contains(&name.as_str()))
            .map(|name| format!("miso/{name}"))
            .collect();
        cases.extend(sessions.iter().map(|session| ("session", vec![session.as_str()])));
        for (name, values) in &cases {
            wrong.extend(harmless(&app, &add, &changed(&fields, name, values), Http::UnprocessableEntity).await);
        }
        // Giving back: what is not theirs, or not there, is nothing.
        let forum = session("forum", 9).session.id.to_string();
        let mut nothing: Vec<Vec<Field<'_>>> = vec![
            vec![], vec![("session", "")], vec![("all", "0")], vec![("all", "")], vec![("session", "miso/forum")],
            vec![("session", &forum)], vec![("session", "forum"), ("session", "libre")], vec![("session", "autre/ailleurs")],
        ];
        let sessions = wrong_sessions(&app);
        nothing.extend(sessions.iter().filter(|name| !name.contains("atelier")).map(|name| vec![("session", name.as_str())]));
        for fields in &nothing {
            wrong.extend(harmless(&app, &format!("{ana}/cancellations"), fields, Http::SeeOther).await);
        }
        // Name, erasure, the link.
        for values in [&[][..], &[""], &[" "], &[&long], &["Ana\r\nBcc: x@example.org"], &["http://example.org/"], &["a@example.org"]] {
            let fields: Vec<Field<'_>> = values.iter().map(|value| ("name", *value)).collect();
            wrong.extend(harmless(&app, &format!("{ana}/name"), &fields, Http::UnprocessableEntity).await);
        }
        for fields in [&[][..], &[("confirm", "")], &[("confirm", "0")], &[("confirm", "no")], &[("other", "1")]] {
            wrong.extend(harmless(&app, &format!("{ana}/erasure"), fields, Http::UnprocessableEntity).await);
        }
        for values in [&[][..], &[""], &["ana"], &[&long], &["ana@example.org\r\nBcc: x@example.org"], &["a b@example.org"]] {
            let fields: Vec<Field<'_>> = values.iter().map(|value| ("email", *value)).collect();
            wrong.extend(harmless(&app, "/fr/link", &fields, Http::UnprocessableEntity).await);
        }
        wrong.extend(harmless(&app, "/fr/link", &[("email", "nobody@example.org")], Http::SeeOther).await);

        assert_eq!(wrong, Vec::<String>::new());
    }

    async fn every_field_of_the_questions_and_of_stopping_reminders_is_refused_where_it_is_of_the_wrong_kind(app: App) {
        let (ana, _) = scene(&app).await;
        let stop = format!("/fr/unsubscribe/{}", crate::every_page::reminders_token(&app, ANA).await);
        // After the end she is asked.
        app.pass(TimeDelta::days(49) + TimeDelta::hours(1));
        app.run_due().await;
        app.deliver().await;
        let questions = crate::after::feedback_link(&app, ANA, "atelier").await;
        let long = "é".repeat(2_001);
        let fields = [("rating", "4"), ("takeaway", "Un mot"), ("better", "")];
        let mut cases: Vec<Vec<Field<'_>>> = vec![
            vec![], vec![("rating", ""), ("takeaway", " \u{a0}\r\n"), ("better", "\u{0}")], vec![("other", "1")],
            changed(&fields, "takeaway", &[&long]), changed(&fields, "better", &[&long]), changed(&fields, "better", &[&long, "court"]),
        ];
        for rating in ["0", "6", "-1", "4.5", "x", "1e0", "٤", "99999999999999999999", "5 OR 1=1", "5\r\n4"] {
            cases.push(changed(&fields, "rating", &[rating]));
        }
        let mut wrong = Vec::new();
        for fields in &cases {
            wrong.extend(harmless(&app, &questions, fields, Http::UnprocessableEntity).await);
        }
        for fields in [&[][..], &[("reminders", "")], &[("reminders", "x")], &[("reminders", "STOP")], &[("reminders", "stop\u{0}")],
            &[("reminders", "x"), ("reminders", "stop")], &[("List-Unsubscribe", "Two-Click")], &[("subject", "stop")]] {
            wrong.extend(harmless(&app, &stop, fields, Http::UnprocessableEntity).await);
        }
        // The token of one form opens no other, and none opens with a letter more or less.
        let token = |path: &str| path.rsplit('/').next().unwrap().to_owned();
        for (form, good, fields) in [("feedback", &questions, &fields[..]), ("unsubscribe", &stop, &[("reminders", "stop")])] {
            let good = token(good);
            let others = [&questions, &stop, &ana].map(|path| token(path));
            let broken = [good[1..].to_owned(), format!("{good}a"), good.to_uppercase(), "0".to_owned()];
            for token in others.into_iter().filter(|other| *other != good).chain(broken) {
                wrong.extend(harmless(&app, &format!("/fr/{form}/{token}"), fields, Http::NotFound).await);
            }
        }

        assert_eq!(wrong, Vec::<String>::new());
        assert_eq!(app.post(&questions, &fields).await.status, Http::SeeOther, "and they are good forms otherwise");
        assert_eq!(app.post(&stop, &[("reminders", "stop")]).await.status, Http::SeeOther);
    }

    async fn a_token_that_is_not_theirs_any_more_or_never_was_opens_and_changes_nothing(app: App) {
        let (ana, ben) = scene(&app).await;
        let token = |path: &str| path.rsplit('/').next().unwrap().to_owned();
        let feed = Found::on(&app.get(&ana).await.body).attributes("a[href*='calendar.ics']", "href");
        let feed = feed.iter().find(|href| href.contains("/agenda/")).unwrap();
        let feed = feed.split("/calendar.ics").next().unwrap().rsplit('/').next().unwrap().to_owned();
        let order = app.register(ANA, &["atelier"]).await.location().to_owned();
        let id = LinkKey::named(&token(&ana)).unwrap();
        let other = LinkKey::named(&token(&ben)).unwrap();
        let stolen = app.house().key.seal(Purpose::Agenda, id, 1);
        let renewed = app.post(&format!("{ana}/link"), &[]).await;
        app.deliver().await;
        assert_eq!((renewed.status, &stolen), (Http::SeeOther, &token(&ana)));
        // Ben's id before the seal of Ana's.
        let mixed = format!("{}{}", &app.house().key.seal(Purpose::Agenda, other, 1)[..26], &stolen[26..]);
        let tokens = [stolen, feed, token(&order), mixed, token(&ben)[..20].to_owned(), format!("{}a", token(&ben)), "0".to_owned()];
        let mut wrong = Vec::new();
        for token in &tokens {
            for path in ["sessions", "cancellations", "name", "erasure", "feed", "link"] {
                let fields = [("all", "1"), ("confirm", "1"), ("name", "X"), ("session", "miso/forum")];
                wrong.extend(harmless(&app, &format!("/fr/agenda/{token}/{path}"), &fields, Http::NotFound).await);
            }
            for path in ["", "/sessions", "/data.json", "/erasure"] {
                let answer = app.get(&format!("/fr/agenda/{token}{path}")).await;
                if answer.status != Http::NotFound || answer.body.contains(ANA) {
                    wrong.push(format!("{token}{path}: {}", answer.status));
                }
            }
        }

        assert_eq!(wrong, Vec::<String>::new());
        assert_eq!(app.get(&ben).await.status, Http::Ok);
    }

    async fn a_scanner_that_opens_every_link_of_every_mail_changes_nothing(app: App) {
        let (ana, _) = scene(&app).await;
        mails_of_every_kind(&app, &ana).await;
        let written = outbox::list(&mut app.pool.acquire().await.unwrap(), None).await.unwrap();
        let written: BTreeSet<_> = written.into_iter().map(|mail| mail.kind).collect();
        // Those that take a proposal to begin: `office::proposals`, `confirmed` and `joining`.
        let elsewhere = [Kind::Joining, Kind::Proposal];
        let kinds = Kind::ALL.into_iter().filter(|kind| !elsewhere.contains(kind)).map(|kind| kind.code().to_owned());
        assert_eq!(written, kinds.collect());
        let paths = scanned(&app).await;

        for opened in ["agenda", "offers", "confirm", "unsubscribe", "feedback", "office/invitation", "office/password", "office/mailed-link"] {
            assert!(paths.iter().any(|path| path.contains(&format!("/{opened}/"))), "{opened}: {paths:?}");
        }
    }

    async fn a_forged_host_and_forwarded_address_reach_no_redirect_and_no_mail_of_a_person(app: App) {
        let (ana, _) = scene(&app).await;
        let post = async |path: String, fields: &[Field<'_>]| -> Page {
            let mut request = app.client.post(path).header(ContentType::Form).body(crate::http::form(fields));
            for (name, value) in [("Host", "evil.example.net"), ("X-Forwarded-Host", "evil.example.net"),
                ("X-Forwarded-For", "evil.example.net\r, 127.0.0.1"), ("X-Forwarded-Proto", "gopher"),
                ("X-Original-URL", "/en/"), ("Forwarded", "for=\"_gazonk\";host=evil.example.net")] {
                request.add_header(Header::new(name, value));
            }
            let answer = request.dispatch().await;
            let location = answer.headers().get_one("location").unwrap_or_default().to_owned();
            Page { status: answer.status(), headers: vec![("location".to_owned(), location)], body: answer.into_string().await.unwrap_or_default() }
        };

        let answers = [
            post("/fr/link".to_owned(), &[("email", ANA)]).await,
            post(format!("{ana}/sessions"), &[("session", "miso/libre")]).await,
            post(format!("{ana}/cancellations"), &[("session", "miso/libre")]).await,
            post(format!("{ana}/name"), &[("name", "Ana Autre")]).await,
            post(format!("{ana}/feed"), &[]).await,
        ];

        for answer in &answers {
            assert_eq!(answer.status, Http::SeeOther, "{}", answer.body);
            assert!(answer.location().starts_with("/fr/") && !answer.location().contains("evil"), "{}", answer.location());
        }
        let mails = app.mails_to(ANA).await;
        assert_eq!(mails.len(), 4, "an order, a link, an order, a cancellation");
        assert!(mails.iter().all(|mail| !String::from_utf8_lossy(&mail.raw).contains("evil.example.net")));
        assert!(mails[1].text.contains(&format!("{BASE_URL}/fr/agenda/")), "{}", mails[1].text);
    }

    async fn a_hundred_answers_to_the_questions_at_once_are_one_and_reminders_are_stopped_once_by_twenty(app: App) {
        scene(&app).await;
        let stop = format!("/fr/unsubscribe/{}", crate::every_page::reminders_token(&app, ANA).await);
        until(&app, "2027-04-19T10:00:00Z").await;
        let questions = crate::after::feedback_link(&app, ANA, "atelier").await;
        let at_once = async |times: usize, path: &str, fields: &[Field<'_>]| -> Vec<Http> {
            join_all((0..times).map(|_| async { app.post(path, fields).await.status })).await
        };
        let before = dump(&app).await;

        let answered = at_once(100, &questions, &[("rating", "4"), ("takeaway", "Un mot"), ("better", "")]).await;
        let stopped = at_once(20, &stop, &[("reminders", "stop")]).await;
        let in_one_click = at_once(20, &stop, &[("List-Unsubscribe", "One-Click")]).await;

        assert_eq!(answered, [Http::SeeOther; 100]);
        assert_eq!((stopped, in_one_click), (vec![Http::SeeOther; 20], vec![Http::Ok; 20]));
        let after = dump(&app).await;
        // What has one more row, or another one.
        let tables: Vec<_> = before.keys().filter(|table| before[*table] != after[*table]).collect();
        assert_eq!(tables, ["feedback", "reminder_choice"]);
        assert_eq!((after["feedback"].len(), after["reminder_choice"].len()), (1, 1));
        let kept = Found::on(&app.get(&questions).await.body).fields("main form");
        let wanted = [("rating", "4"), ("takeaway", "Un mot"), ("better", "")];
        assert_eq!(kept, wanted.map(|(name, value)| (name.to_owned(), value.to_owned())));
        assert_eq!(Found::on(&app.get(&stop).await.body).attributes("button[name=reminders]", "value"), ["again"]);
        assert_eq!(app.broken().await, Vec::<String>::new());
    }

    async fn a_hundred_uses_of_one_link_at_once_over_http_are_one(db: TestDb) {
        let process = Process::serve(&db, "file:mails").await;
        let pool = db.pool().await;
        crate::process::publish(&pool, vec![session("atelier", 9), on_day(session("forum", 9), 1)]).await;
        process.shows("/fr/miso/sessions/atelier").await;
        let visitor = process.visitor();
        let fields = [("name", "Ana"), ("email", ANA), ("consent", "1"), ("session", "atelier"), ("key", "one")];
        assert_eq!(visitor.post(FORM, &fields).await.status, 303);
        let agenda = loop {
            let mail = std::fs::read_dir(db.folder().join("mails")).into_iter().flatten().flatten()
                .find(|mail| mail.path().extension().is_some_and(|end| end == "eml"));
            if let Some(mail) = mail {
                let raw = std::fs::read(mail.path()).unwrap();
                let message = mail_parser::MessageParser::default().parse(&raw).unwrap();
                let text = message.body_text(0).unwrap().into_owned();
                let at = text.find("/fr/agenda/").unwrap();
                break text[at..].split_whitespace().next().unwrap().to_owned();
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        };
        let hundred = async |path: &str, fields: Vec<Field<'static>>| -> Vec<u16> {
            join_all((0..100).map(|_| {
                let (visitor, path, fields) = (visitor.clone(), format!("{agenda}/{path}"), fields.clone());
                async move { visitor.post(&path, &fields).await.status.as_u16() }
            }))
            .await
        };

        let added = hundred("sessions", vec![("session", "miso/forum")]).await;
        let given_back = hundred("cancellations", vec![("session", "miso/atelier")]).await;

        assert_eq!(added, [303; 100], "without a key, too: who has it has it");
        assert_eq!(given_back, [303; 100]);
        let mut db = pool.acquire().await.unwrap();
        let changes: Vec<(String, i64)> = on!(&mut db, c => sqlx::query_as(
            "SELECT after, COUNT(*) FROM registration_change GROUP BY after ORDER BY after",
        ).fetch_all(c).await).unwrap();
        let seats: Vec<(i64, i64)> = on!(&mut db, c => sqlx::query_as(
            "SELECT taken, waiting FROM seat ORDER BY starts",
        ).fetch_all(c).await).unwrap();
        assert_eq!(changes, [("cancelled".to_owned(), 1), ("confirmed".to_owned(), 2)]);
        assert_eq!(seats, [(0, 0), (1, 0)]);
    }
}
