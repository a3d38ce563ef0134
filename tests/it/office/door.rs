//! At the door: who may, what a mark means, two telephones, codes, the stream of figures, the picture in the mail.

use std::time::Duration;

use chrono::{TimeDelta, TimeZone as _, Utc};
use mail_parser::MimeHeaders as _;
use parvis::{
    audit::{self, Actor},
    identity::{self, Role},
    locale::Lang,
    mail::{Kind, Outcome, transport::Mailer},
    programme::{Draft, Status as Held},
    registration::{
        Cancellation, Cause, Request,
        attendance::{
            self, Figures,
            door::{self, Mark, Taken},
            live::{DOORS_MAX, Doors},
        },
        certificate, desk, search, store,
    },
};
use rocket::http::{Accept, ContentType, MediaType, Method, Status};
use serde_json::{Value, json};
use tokio::io::AsyncReadExt as _;
use uuid::Uuid;

use crate::{
    builders::{miso, on_day, session},
    harness::{App, Member, OFFICE_COOKIE, Page, TestDb, Time, page, world},
    html::Found,
    http::Served,
    mail,
};

const ANA: &str = "ana@example.org";
const BEN: &str = "ben@example.org";
const DOOR: &str = "/fr/office/miso/door/atelier";

fn draft() -> Draft {
    miso(vec![session("atelier", 3), session("forum", 2), on_day(session("suite", 5), 1)])
}

/// Lets time pass until then, on the first day of the programme.
fn until(app: &App, hour: u32, minute: u32) {
    let then = chrono_tz::Europe::Zurich.with_ymd_and_hms(2027, 4, 19, hour, minute, 0).unwrap();
    app.pass(then.with_timezone(&Utc) - app.now());
}

fn id(app: &App, slug: &str) -> (Uuid, Uuid) {
    let published = app.house().publications.current("miso").unwrap();
    (published.id, published.session(slug).unwrap().id)
}

/// Ana and two friends, and Ben, are registered; it is an hour before the session.
async fn before_it_begins(app: &App) {
    app.publish(&draft()).await;
    let group =
        [("name", "Ana Éxemple"), ("email", ANA), ("consent", "1"), ("people", "2"), ("session", "atelier")];
    assert_eq!(app.post("/fr/miso/register", &group).await.status, Status::SeeOther);
    let alone = [("name", "Ben Exemple"), ("email", BEN), ("consent", "1"), ("session", "atelier")];
    assert_eq!(app.post("/fr/miso/register", &alone).await.status, Status::SeeOther);
    until(app, 9, 0);
}

async fn person(app: &App, email: &str) -> parvis::registration::decide::Participant {
    let mut db = app.pool.acquire().await.unwrap();
    store::participant_by_email(&mut db, email).await.unwrap().unwrap()
}

async fn code(app: &App, email: &str) -> String {
    person(app, email).await.code.unwrap()
}

async fn registration(app: &App, email: &str, slug: &str) -> Uuid {
    let person = person(app, email).await.id;
    let mut db = app.pool.acquire().await.unwrap();
    let session = id(app, slug).1;
    let theirs = store::registrations_of(&mut db, &[person]).await.unwrap();
    theirs.into_iter().find(|one| one.session == session).unwrap().id
}

async fn figures(app: &App, slug: &str) -> Option<Figures> {
    attendance::store::figures_of(&mut app.pool.acquire().await.unwrap(), id(app, slug).1).await.unwrap()
}

async fn attended(app: &App, email: &str) -> Option<i64> {
    let registration = registration(app, email, "atelier").await;
    let mut db = app.pool.acquire().await.unwrap();
    attendance::store::attended(&mut db, &[registration]).await.unwrap().get(&registration).copied()
}

/// Presses the button, a second after whatever was before.
async fn mark(app: &App, member: &Member<'_>, registration: Uuid, came: &str) -> Page {
    app.pass(TimeDelta::seconds(1));
    let fields = [("registration", registration.to_string()), ("came", came.to_owned())];
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    member.post(&format!("{DOOR}/marks"), &fields).await
}

/// What a telephone sends that has kept these marks: each so many minutes old.
async fn send(member: &Member<'_>, marks: &[(Uuid, Option<i64>, i64)]) -> (Status, Value) {
    let marks: Vec<_> = marks
        .iter()
        .map(|(id, came, minutes)| json!({ "registration": id, "came": came, "ago": minutes * 60_000 }))
        .collect();
    let body = json!({ "marks": marks }).to_string();
    let request = member.request(Method::Post, &format!("{DOOR}/marks")).header(ContentType::JSON);
    let answer = page(request.body(body).dispatch().await).await;
    (answer.status, serde_json::from_str(&answer.body).unwrap_or_default())
}

async fn lines(app: &App) -> Vec<(String, String)> {
    let mut db = app.pool.acquire().await.unwrap();
    let lines = audit::store::lines(&mut db, &audit::store::Filter::default(), 50).await.unwrap();
    let of_the_door = lines.into_iter().filter(|line| line.action.starts_with("attendance."));
    of_the_door
        .map(|line| (line.action, format!("{} {:?}", line.subject, line.after.map(|json| json.0))))
        .collect()
}

on_both_engines! {
    async fn somebody_is_marked_and_the_mark_is_taken_back(app: App) {
        before_it_begins(&app).await;
        let desk = app.signed_in(Role::Desk).await;
        let (ana, ben) = (registration(&app, ANA, "atelier").await, registration(&app, BEN, "atelier").await);

        let list = Found::on(&desk.get(DOOR).await.body);
        assert_eq!(list.texts(".door-row strong"), ["Ana Éxemple", "Ben Exemple"]);
        assert_eq!(list.texts("[data-count]"), ["0", "3", "0", "0"], "there, expected, free, waiting");
        assert_eq!(list.texts(".door-row .door-todo:not([hidden]) button"), ["1", "2", "Est là – Ben Exemple"]);
        let done = mark(&app, &desk, ana, "2").await;
        assert_eq!((done.status, done.location()), (Status::SeeOther, &*format!("{DOOR}#r-{ana}")));
        assert_eq!(mark(&app, &desk, ben, "1").await.status, Status::SeeOther);
        assert_eq!(mark(&app, &desk, ben, "1").await.status, Status::SeeOther, "twice is once");

        assert_eq!(figures(&app, "atelier").await, Some(Figures { registered: 3, present: 3, absent: 0, walk_in: 0 }));
        let there = Found::on(&desk.get(&format!("{DOOR}?show=present")).await.body);
        assert_eq!(there.texts(".door-done:not([hidden]) .door-there"), ["2 sur 2", "Est là"]);
        assert_eq!(there.texts("[data-count=present]"), ["3"]);
        assert!(Found::on(&desk.get(&format!("{DOOR}?show=missing")).await.body).texts(".door-row").is_empty());

        mark(&app, &desk, ana, "1").await;
        mark(&app, &desk, ben, "").await;
        assert_eq!(figures(&app, "atelier").await, Some(Figures { registered: 3, present: 1, absent: 2, walk_in: 0 }));
        assert_eq!((attended(&app, ANA).await, attended(&app, BEN).await), (Some(1), None));
        mark(&app, &desk, ana, "").await;
        assert_eq!(figures(&app, "atelier").await, None, "as if nobody had marked anything");
        assert_eq!(app.broken().await, Vec::<String>::new());
    }

    async fn the_camera_is_for_the_door_of_a_session_and_for_no_other_page(app: App) {
        before_it_begins(&app).await;
        let (owner, desk) = (app.signed_in(Role::Owner).await, app.signed_in(Role::Desk).await);
        let policy = |page: &Page| -> Vec<String> {
            let named = page.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("permissions-policy"));
            named.map(|(_, value)| value.clone()).collect()
        };

        for path in [DOOR, &format!("{DOOR}?q=ana")] {
            let page = desk.get(path).await;
            assert_eq!((page.status, policy(&page)), (Status::Ok, vec!["camera=(self), geolocation=(), microphone=()".to_owned()]), "{path}");
        }
        for path in [
            "/fr/office", "/fr/office/account", "/fr/office/miso/door", "/fr/office/miso/door/nope", "/fr/office/miso/registrations/atelier",
            "/fr/office/miso/people", "/fr/office/miso/sessions/atelier", "/fr/office/sign-in", "/fr/miso/sessions/atelier", "/nope",
        ] {
            let page = owner.get(path).await;
            assert_eq!(policy(&page), ["camera=(), geolocation=(), microphone=()"], "{path}");
        }
        let refused = desk.post(&format!("{DOOR}/walk-ins"), &[("people", "beaucoup")]).await;
        assert_eq!(policy(&refused), ["camera=(self), geolocation=(), microphone=()"], "the same page with a mistake");
    }

    async fn who_registers_or_gives_a_seat_back_once_people_are_marked_is_counted(app: App) {
        before_it_begins(&app).await;
        let desk = app.signed_in(Role::Desk).await;
        mark(&app, &desk, registration(&app, ANA, "atelier").await, "2").await;
        assert_eq!(figures(&app, "atelier").await, Some(Figures { registered: 3, present: 2, absent: 1, walk_in: 0 }));

        let cancellation = Cancellation { participant: person(&app, BEN).await.id, sessions: None, cause: Cause::Organiser };
        desk::work(app.house(), &[Request::Cancel(cancellation)]).await.unwrap();

        assert_eq!(figures(&app, "atelier").await, Some(Figures { registered: 2, present: 2, absent: 0, walk_in: 0 }));
        assert_eq!(app.register("cy@example.org", &["atelier"]).await.status, Status::SeeOther);
        assert_eq!(figures(&app, "atelier").await, Some(Figures { registered: 3, present: 2, absent: 1, walk_in: 0 }));
        assert_eq!(app.broken().await, Vec::<String>::new());
        let mut tx = app.pool.begin().await.unwrap();
        parvis::on!(tx, c => sqlx::query("UPDATE attendance SET absent = absent + 1").execute(c).await.map(|_| ())).unwrap();
        tx.commit().await.unwrap();
        assert!(app.broken().await.iter().any(|line| line.starts_with("8: ")), "and `check` would see it");
    }

    async fn who_came_without_a_registration_is_counted_once_however_often_it_is_said(app: App) {
        before_it_begins(&app).await;
        let desk = app.signed_in(Role::Desk).await;
        let count = async |people: &str| desk.post(&format!("{DOOR}/walk-ins"), &[("people", people)]).await;

        assert_eq!(count("4").await.location(), format!("{DOOR}#walk-in"));
        assert_eq!(count(" 4 ").await.status, Status::SeeOther);
        let alone = Some(Figures { registered: 0, present: 0, absent: 0, walk_in: 4 });
        assert_eq!(figures(&app, "atelier").await, alone, "nobody has looked who of the registered is there");
        assert_eq!(app.broken().await, Vec::<String>::new());
        mark(&app, &desk, registration(&app, BEN, "atelier").await, "1").await;

        assert_eq!(figures(&app, "atelier").await, Some(Figures { registered: 3, present: 1, absent: 2, walk_in: 4 }));
        let page = Found::on(&desk.get(DOOR).await.body);
        assert_eq!((page.texts("[data-count=present]"), page.attributes("#walk-ins", "value")), (vec!["5".to_owned()], vec!["4".to_owned()]));
        for wrong in ["", "-1", "beaucoup", "10000"] {
            let page = count(wrong).await;
            assert_eq!(page.status, Status::UnprocessableEntity, "{wrong}");
            let page = Found::on(&page.body);
            assert_eq!(page.text("#walk-ins-mistake"), "Écrivez un nombre, de 0 à 9999.");
            assert_eq!(page.attributes("#walk-ins", "value"), [wrong], "what was typed stays");
        }
        count("0").await;
        let said: Vec<_> = lines(&app).await.into_iter().map(|(action, _)| action).collect();
        assert_eq!(said, ["attendance.walk-ins", "attendance.mark", "attendance.walk-ins"]);
        assert_eq!(app.broken().await, Vec::<String>::new());
    }

    async fn who_is_there_is_thanked_with_a_certificate_and_who_is_not_is_not(app: App) {
        before_it_begins(&app).await;
        let desk = app.signed_in(Role::Desk).await;
        mark(&app, &desk, registration(&app, BEN, "atelier").await, "1").await;

        let ben = person(&app, BEN).await.id;
        let certificates = certificate::store::of_person(&mut app.pool.acquire().await.unwrap(), ben).await.unwrap();
        assert_eq!(certificates.len(), 2, "of the session, of the programme");
        until(&app, 10, 0);
        app.pass(TimeDelta::days(1) + TimeDelta::minutes(5));
        app.run_due().await;
        let thanks = |mails: Vec<parvis::mail::transport::Kept>| {
            mails.into_iter().filter(|mail| mail.subject.starts_with("Merci")).count()
        };
        assert_eq!((thanks(app.mails_to(BEN).await), thanks(app.mails_to(ANA).await)), (1, 0));
    }

    async fn two_telephones_are_settled_by_when_each_mark_was_made(app: App) {
        before_it_begins(&app).await;
        let (one, other) = (app.signed_in(Role::Desk).await, app.signed_in(Role::Editor).await);
        let (ana, ben) = (registration(&app, ANA, "atelier").await, registration(&app, BEN, "atelier").await);
        app.pass(TimeDelta::minutes(30));

        // The one has network and sees that Ben was a mistake, five minutes ago. The other had none: its mark is older.
        let (status, now) = send(&one, &[(ben, None, 5), (ana, Some(2), 4)]).await;
        assert_eq!((status, &now["marks"][ben.to_string()]), (Status::Ok, &Value::Null));
        let (_, now) = send(&other, &[(ben, Some(1), 9), (ana, Some(1), 1)]).await;

        assert_eq!(now["marks"], json!({ ana.to_string(): 1, ben.to_string(): null }));
        assert_eq!((attended(&app, ANA).await, attended(&app, BEN).await), (Some(1), None));
        assert_eq!((now["present"].as_i64(), now["expected"].as_i64(), now["free"].as_i64()), (Some(1), Some(3), Some(0)));
        // The same once more, as after an answer that was lost; and from a clock that is wrong.
        let before = lines(&app).await;
        app.pass(TimeDelta::minutes(1));
        send(&other, &[(ben, Some(1), 10), (ana, Some(1), 2)]).await;
        assert_eq!(lines(&app).await, before);
        send(&other, &[(ben, Some(1), i64::from(i32::MIN))]).await;
        assert_eq!(attended(&app, BEN).await, Some(1), "made now, at the latest");
        app.pass(TimeDelta::minutes(1));
        send(&other, &[(ben, None, i64::from(i32::MAX))]).await;
        assert_eq!(attended(&app, BEN).await, Some(1), "made at the opening, at the earliest");
    }

    async fn a_list_and_the_door_know_of_each_other(app: App) {
        before_it_begins(&app).await;
        let desk = app.signed_in(Role::Desk).await;
        let ben = registration(&app, BEN, "atelier").await;
        until(&app, 12, 0);
        mark(&app, &desk, ben, "1").await;
        let (programme, atelier) = id(&app, "atelier");
        app.pass(TimeDelta::minutes(10));
        let text = format!("{}\n+1", code(&app, ANA).await);
        let list = attendance::list::read("t", text.as_bytes(), "atelier").unwrap();
        let mode = attendance::Mode::Write;
        attendance::mark(app.house(), Actor::Command, programme, atelier, &list, mode, app.now()).await.unwrap();

        app.pass(TimeDelta::minutes(1));
        send(&desk, &[(ben, Some(1), 5)]).await;

        assert_eq!((attended(&app, ANA).await, attended(&app, BEN).await), (Some(2), Some(0)), "the list is later");
        let (_, now) = send(&desk, &[(ben, Some(1), 0)]).await;
        assert_eq!(now["present"], 4, "with who came without a registration");
        assert_eq!(figures(&app, "atelier").await, Some(Figures { registered: 3, present: 3, absent: 0, walk_in: 1 }));
        let said: Vec<_> = lines(&app).await.into_iter().map(|(action, _)| action).collect();
        assert_eq!(said, ["attendance.mark", "attendance.list", "attendance.mark"]);
    }

    async fn each_change_has_a_line_in_the_log_without_a_name(app: App) {
        before_it_begins(&app).await;
        let desk = app.signed_in(Role::Desk).await;
        let ana = registration(&app, ANA, "atelier").await;
        mark(&app, &desk, ana, "2").await;
        mark(&app, &desk, ana, "2").await;
        mark(&app, &desk, ana, "").await;

        let lines = lines(&app).await;
        assert_eq!(lines.len(), 2, "{lines:?}");
        let who = format!("person/{}", person(&app, ANA).await.id);
        assert!(lines.iter().all(|(action, line)| action == "attendance.mark" && line.starts_with(&who)), "{lines:?}");
        assert!(!format!("{lines:?}").to_lowercase().contains("exemple"), "{lines:?}");
        let owner = app.signed_in(Role::Owner).await;
        let page = owner.get("/fr/office/miso/log?action=attendance.mark").await.body;
        assert!(page.contains("Présence pointée à l’entrée"), "{page}");
    }

    async fn nobody_is_marked_too_early_or_where_nothing_takes_place_or_in_another_session(app: App) {
        app.publish(&draft()).await;
        app.register(ANA, &["atelier", "suite"]).await;
        let desk = app.signed_in(Role::Desk).await;
        let (ana, suite) = (registration(&app, ANA, "atelier").await, registration(&app, ANA, "suite").await);

        let early = mark(&app, &desk, ana, "1").await;
        assert_eq!(early.status, Status::UnprocessableEntity);
        assert!(Found::on(&early.body).text("[role=alert]").contains("Le pointage ouvre le 18\u{a0}avril 2027"), "{}", early.body);
        assert!(Found::on(&early.body).texts("[name=registration]").is_empty());
        let (status, said) = send(&desk, &[(ana, Some(1), 0)]).await;
        assert_eq!(status, Status::UnprocessableEntity);
        assert!(said["refused"].as_str().unwrap().starts_with("Le pointage ouvre le"), "{said}");

        until(&app, 9, 0);
        // Who had signed in seven weeks ago has to do it again.
        let desk = app.signed_in(Role::Desk).await;
        assert_eq!(mark(&app, &desk, suite, "1").await.status, Status::NotFound, "of another session");
        let (status, said) = send(&desk, &[(suite, Some(1), 0), (ana, Some(1), 0)]).await;
        assert_eq!((status, &said["marks"]), (Status::Ok, &json!({ ana.to_string(): 1 })));
        assert_eq!(mark(&app, &desk, Uuid::nil(), "1").await.status, Status::NotFound);
        assert_eq!(mark(&app, &desk, ana, "beaucoup").await.status, Status::NotFound);
        assert_eq!(send(&desk, &[(ana, Some(1), 0); 501]).await.0, Status::UnprocessableEntity);
        let elsewhere = app.tokens.id(app.now());
        let nothing = [Mark { registration: ana, came: Some(1), made_at: app.now() }];
        let of = |programme, session| door::take(app.house(), Actor::Command, programme, session, &nothing, app.now());
        assert_eq!(of(elsewhere, id(&app, "atelier").1).await.unwrap(), Taken::Unknown);

        let mut off = draft();
        off.sessions[0].session.status = Held::Cancelled;
        app.publish(&off).await;
        assert_eq!(of(id(&app, "atelier").0, id(&app, "atelier").1).await.unwrap(), Taken::Off);
        let page = mark(&app, &desk, ana, "").await;
        assert_eq!(page.status, Status::UnprocessableEntity);
        assert!(page.body.contains("Cette session n’a pas lieu"));
    }

    async fn people_are_found_by_name_and_by_code_and_a_code_of_another_session_says_so(app: App) {
        before_it_begins(&app).await;
        app.publish(&draft()).await;
        app.register("zoe@example.org", &["forum"]).await;
        app.register("lou@example.org", &["suite"]).await;
        let desk = app.signed_in(Role::Desk).await;
        let found = async |typed: &str| Found::on(&desk.get(&format!("{DOOR}?q={typed}")).await.body);

        assert_eq!(found("EXEMPLE+ana").await.texts(".door-row strong"), ["Ana Éxemple"]);
        let ana = code(&app, ANA).await;
        let typed = format!("{}-{}", ana[..4].to_lowercase(), &ana[4..]);
        assert_eq!(found(&typed).await.texts(".door-row strong"), ["Ana Éxemple"]);

        let other = found(&code(&app, "zoe@example.org").await).await;
        assert!(other.texts(".door-row").is_empty());
        let said = other.text("[role=alert]");
        assert!(said.starts_with("Ana Exemple n’est pas inscrit·e à cette session, mais à\u{a0}: Session forum, "), "{said}");
        let doors = other.links("[role=alert]");
        assert!(doors[0].1.starts_with("/fr/office/miso/door/forum?q="), "{doors:?}");
        assert!(doors[1].1.contains("/people/new?session=atelier&person="), "{doors:?}");
        let unknown = found("CFGH-KLM2").await;
        assert_eq!(unknown.texts("[role=alert]"), Vec::<String>::new(), "no code: a name");
        let unknown = found("CCCC-CCCC").await.text("[role=alert]");
        assert!(unknown.starts_with("Aucune inscription ne porte le code CCCC-CCCC."), "{unknown}");
        // What was marked after a search is said, and the field is free for the next.
        let ben = registration(&app, BEN, "atelier").await.to_string();
        let fields = [("registration", ben.as_str()), ("came", "1"), ("q", "ben")];
        let done = desk.post(&format!("{DOOR}/marks"), &fields).await;
        assert_eq!(done.location(), format!("{DOOR}?said={ben}"));
        let page = Found::on(&desk.get(done.location()).await.body);
        assert_eq!(page.text(".door-said [role=status]"), "Ben Exemple est là.");
        assert_eq!(page.attributes("input[type=search]", "value"), [""]);
    }

    async fn the_doors_of_today_come_first_and_only_of_this_programme(app: App) {
        before_it_begins(&app).await;
        let mut other = draft();
        other.programme.slug = "autre".to_owned();
        other.sessions.clear();
        let mut theirs = session("ailleurs", 2);
        theirs.session.title = "Ailleurs".to_owned();
        other.sessions.push(theirs);
        app.publish(&other).await;
        let desk = app.signed_in(Role::Desk).await;

        let page = Found::on(&desk.get("/fr/office/miso/door").await.body);
        assert_eq!(page.texts("main h2"), ["Aujourd’hui, lundi 19\u{a0}avril 2027", "Mardi 20\u{a0}avril 2027"]);
        assert_eq!(page.texts(".doors strong"), ["Session atelier", "Session forum", "Session suite"]);
        assert_eq!(page.texts(".door-sum"), ["3 personnes attendues", "personne d’attendu", "personne d’attendu"]);
        mark(&app, &desk, registration(&app, ANA, "atelier").await, "2").await;
        let page = Found::on(&desk.get("/fr/office/miso/door").await.body);
        assert_eq!(page.texts(".door-sum")[0], "2 sur 3");
        // Another programme's session is no door of this one, for nobody.
        assert_eq!(desk.get("/fr/office/miso/door/ailleurs").await.status, Status::NotFound);
        assert_eq!(desk.get("/fr/office/autre/door/atelier").await.status, Status::NotFound);
        let ana = registration(&app, ANA, "atelier").await.to_string();
        let fields = [("registration", ana.as_str()), ("came", "1")];
        assert_eq!(desk.post("/fr/office/autre/door/ailleurs/marks", &fields).await.status, Status::NotFound);
        app.pass(TimeDelta::days(2));
        let desk = app.signed_in(Role::Desk).await;
        let page = Found::on(&desk.get("/fr/office/miso/door").await.body);
        assert_eq!(page.texts("main details summary"), ["Mardi 20\u{a0}avril 2027", "Lundi 19\u{a0}avril 2027"]);
        for role in [Role::Partner, Role::Press] {
            assert_eq!(app.signed_in(role).await.get(DOOR).await.status, Status::Forbidden, "{role:?}");
        }
    }

    async fn everybody_has_a_code_also_who_was_there_before_there_were_any(app: App) {
        before_it_begins(&app).await;
        let ana = code(&app, ANA).await;
        app.register(ANA, &["suite"]).await;
        assert_eq!(code(&app, ANA).await, ana, "for good");
        assert_ne!(code(&app, BEN).await, ana);
        let mut tx = app.pool.begin().await.unwrap();
        parvis::on!(&mut tx, c => sqlx::query("UPDATE participant SET code = NULL").execute(c).await.map(|_| ())).unwrap();
        tx.commit().await.unwrap();

        search::write_missing(app.house()).await.unwrap();

        let (new, ben) = (code(&app, ANA).await, code(&app, BEN).await);
        assert!(new != ana && new != ben);
        let desk = app.signed_in(Role::Desk).await;
        let people = desk.get(&format!("/fr/office/miso/people?q={ben}")).await.body;
        assert!(people.contains("Ben Exemple") && !people.contains("Éxemple"), "found by the new one");
    }

    async fn the_confirmation_bears_the_code_and_its_picture(app: App) {
        before_it_begins(&app).await;
        let mails = app.mails_to(BEN).await;
        let message = mail::read(&mails[0].raw);
        let code = code(&app, BEN).await;
        let readable = format!("{}-{}", &code[..4], &code[4..]);

        assert!(mails[0].text.contains(&format!("montrez ce code\u{a0}: {readable}")), "{}", mails[0].text);
        assert_eq!(pictures(&message), [code]);
        let html = message.body_html(0).unwrap();
        let id = message.parts.iter().find_map(|part| part.content_id()).unwrap();
        assert!(html.contains(&format!("src=\"cid:{id}\"")) && html.contains(&readable), "{html}");
        assert!(!html.contains("src=\"http"), "nobody else is asked for it");
        // In the office, the same picture within the page.
        let owner = app.signed_in(Role::Owner).await;
        let mut db = app.pool.acquire().await.unwrap();
        let sent = parvis::mail::outbox::to(&mut db, BEN).await.unwrap()[0].id;
        drop(db);
        let page = owner.get(&format!("/fr/office/mails/{sent}/page")).await;
        assert!(page.body.contains("src=\"data:image/png;base64,") && !page.body.contains("cid:"), "{}", page.body);
        assert!(page.header("content-security-policy").contains("img-src data:;"));
    }

    async fn signing_out_takes_with_it_what_the_telephone_has_kept(app: App) {
        before_it_begins(&app).await;
        let desk = app.signed_in(Role::Desk).await;
        let gone = desk.post("/fr/office/sign-out", &[]).await;
        assert_eq!((gone.status, gone.header("clear-site-data")), (Status::SeeOther, "\"storage\""));
        assert_eq!(gone.header("cache-control"), "private, no-store");
    }
}

/// What the pictures of a mail say, read by another reader than the one that drew them.
fn pictures(message: &mail_parser::Message<'_>) -> Vec<String> {
    let png = message.parts.iter().filter(|part| {
        part.content_type().is_some_and(|kind| kind.ctype() == "image" && kind.subtype() == Some("png"))
    });
    png.map(|part| {
        let mut decoder = png::Decoder::new(std::io::Cursor::new(part.contents()));
        decoder.set_transformations(png::Transformations::normalize_to_color8());
        let mut reader = decoder.read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let frame = reader.next_frame(&mut pixels).unwrap();
        assert_eq!(frame.color_type, png::ColorType::Grayscale);
        let side = frame.width as usize;
        let mut read = rqrr::PreparedImage::prepare_from_greyscale(side, side, |x, y| pixels[y * side + x]);
        let grids = read.detect_grids();
        assert_eq!(grids.len(), 1, "one code");
        grids[0].decode().unwrap().1
    })
    .collect()
}

#[test]
fn only_a_mail_that_somebody_brings_along_has_a_picture() {
    let data = |outcome| {
        let mut data = mail::data(vec![mail::item("a", outcome)]);
        data.door_code = Some("CFGH-KLMQ".to_owned());
        data
    };
    let shown = |letter: parvis::mail::Letter| {
        let view = parvis::view::View::new().unwrap();
        let rendered =
            parvis::mail::render::render(&letter, chrono::DateTime::UNIX_EPOCH, &view, &mail::sender())
                .unwrap();
        (pictures(&mail::read(&rendered.message.formatted())), rendered.text.contains("CFGH-KLMQ"))
    };
    let code = vec!["CFGHKLMQ".to_owned()];
    let order = |outcome| parvis::mail::order(mail::id(1), Lang::Fr, ANA, data(outcome));

    assert_eq!(shown(order(Outcome::Confirmed)), (code.clone(), true));
    assert_eq!(shown(order(Outcome::Waiting { position: 2 })), (Vec::new(), false));
    let promoted = parvis::mail::promoted(mail::id(1), Lang::En, ANA, data(Outcome::Promoted));
    assert_eq!(shown(promoted), (code, true));
    let changed = parvis::mail::Letter { kind: Kind::Cancelled, ..order(Outcome::Cancelled) };
    assert_eq!(shown(changed), (Vec::new(), false));
    let mut online = data(Outcome::Confirmed);
    (online.items[0].session.online, online.items[0].session.place) = (true, String::new());
    let online = parvis::mail::order(mail::id(1), Lang::Fr, ANA, online);
    assert_eq!(shown(online), (Vec::new(), false), "there is no door");
}

/// Reads events until one has come of which this holds; fails after a while.
async fn event(
    stream: &mut (impl tokio::io::AsyncRead + Unpin),
    read: &mut String,
    is_it: impl Fn(&str) -> bool,
) -> String {
    let found = async {
        loop {
            if let Some(end) = read.find("\n\n") {
                let event: String = read.drain(..end + 2).collect();
                if is_it(&event) {
                    return event;
                }
                continue;
            }
            let mut bytes = [0; 4096];
            let count = stream.read(&mut bytes).await.unwrap();
            assert!(count > 0, "the stream has ended; left: {read}");
            read.push_str(std::str::from_utf8(&bytes[..count]).unwrap());
        }
    };
    tokio::time::timeout(Duration::from_secs(20), found).await.expect("an event in time")
}

fn data(event: &str) -> Value {
    let line = event.lines().find_map(|line| line.strip_prefix("data:")).unwrap_or("null");
    serde_json::from_str(line).unwrap()
}

on_both_engines! {
    async fn figures_and_marks_come_as_they_change_until_one_is_signed_out(app: App) {
        before_it_begins(&app).await;
        let (desk, other) = (app.signed_in(Role::Desk).await, app.signed_in(Role::Editor).await);
        let (ana, ben) = (registration(&app, ANA, "atelier").await, registration(&app, BEN, "atelier").await);
        mark(&app, &other, ben, "1").await;
        let accept = Accept::new([rocket::http::QMediaType(MediaType::EventStream, None)]);
        let mut stream = desk.request(Method::Get, &format!("{DOOR}/live")).header(accept.clone()).dispatch().await;
        assert_eq!(stream.content_type(), Some(ContentType::EventStream));
        assert_eq!(stream.headers().get_one("cache-control"), Some("private, no-store"));
        assert_eq!(stream.headers().get_one("x-accel-buffering"), Some("no"), "a proxy passes each event on at once");
        let mut read = String::new();

        let first = data(&event(&mut stream, &mut read, |_| true).await);
        assert_eq!(first["marks"], json!({ ben.to_string(): 1 }));
        assert_eq!([&first["present"], &first["expected"], &first["free"], &first["whole"]], [&json!(1), &json!(3), &json!(0), &json!(true)]);
        mark(&app, &other, ana, "2").await;
        let next = data(&event(&mut stream, &mut read, |_| true).await);
        assert_eq!((&next["marks"], &next["present"], &next["whole"]), (&json!({ ana.to_string(): 2 }), &json!(3), &json!(false)));
        // Another process's mark, past this one's routes.
        let (programme, atelier) = id(&app, "atelier");
        app.pass(TimeDelta::minutes(1));
        let back = [Mark { registration: ana, came: None, made_at: app.now() }];
        door::take(app.house(), Actor::Command, programme, atelier, &back, app.now()).await.unwrap();
        let next = data(&event(&mut stream, &mut read, |_| true).await);
        assert_eq!(next["marks"], json!({ ana.to_string(): null }));

        assert_eq!(app.client.rocket().state::<Doors>().unwrap().watchers(), 1);
        let mut tx = app.pool.begin().await.unwrap();
        identity::store::sessions::end_others(&mut tx, desk.id, None).await.unwrap();
        tx.commit().await.unwrap();
        event(&mut stream, &mut read, |event| event.contains("event:out")).await;
        let mut rest = Vec::new();
        stream.read_to_end(&mut rest).await.unwrap();
        drop(stream);
        assert_eq!(app.client.rocket().state::<Doors>().unwrap().watchers(), 0);
    }

    async fn nobody_opens_more_streams_than_a_few_and_who_asks_for_none_is_told_once(app: App) {
        before_it_begins(&app).await;
        let desk = app.signed_in(Role::Desk).await;
        let accept = Accept::new([rocket::http::QMediaType(MediaType::EventStream, None)]);
        let open = || desk.request(Method::Get, &format!("{DOOR}/live")).header(accept.clone()).dispatch();
        let mut streams = Vec::new();
        for _ in 0..DOORS_MAX {
            streams.push(open().await);
        }

        let refused = open().await;
        assert_eq!(refused.status(), Status::ServiceUnavailable);
        assert!(refused.headers().get_one("retry-after").is_some());
        let once: Value = serde_json::from_str(&desk.get(&format!("{DOOR}/live")).await.body).unwrap();
        assert_eq!((&once["expected"], &once["whole"]), (&json!(3), &json!(true)));
        drop(streams);
        assert_eq!(open().await.status(), Status::Ok);
    }
}

on_both_engines! {
    async fn a_stream_holds_no_connection_and_ends_with_the_house(db: TestDb) {
        let time = Time::new();
        let (tell, told) = std::sync::mpsc::channel();
        let rocket = parvis::rocket(db.figment(), world(&time, &Mailer::memory())).unwrap();
        let rocket = rocket.attach(rocket::fairing::AdHoc::on_liftoff("house", move |rocket| {
            Box::pin(async move {
                let house: &parvis::registration::desk::House = rocket.state().unwrap();
                tell.send(house.clone()).unwrap();
            })
        }));
        let served = Served::launch(rocket).await;
        let house = told.recv().unwrap();
        let draft = draft();
        let mut tx = house.pool.begin().await.unwrap();
        let now = house.clock.now();
        parvis::programme::store::save(&mut tx, &draft, house.tokens.id(now), now).await.unwrap();
        let staff = identity::Staff {
            id: house.tokens.id(now),
            email: "desk@example.org".to_owned(),
            name: String::new(),
            lang: Lang::Fr,
            role: Role::Desk,
            organisations: Vec::new(),
        };
        assert!(identity::store::add(&mut tx, &staff, now).await.unwrap());
        let token = identity::session::open(&mut tx, &house.tokens, staff.id, "Firefox", now).await.unwrap();
        tx.commit().await.unwrap();
        parvis::publication::publish(&house, "miso", "").await.unwrap();
        parvis::publication::refresh(&house).await.unwrap();

        let mut lines = Vec::new();
        for _ in 0..DOORS_MAX {
            use tokio::io::AsyncWriteExt as _;
            let mut line = tokio::net::TcpStream::connect(("127.0.0.1", served.port)).await.unwrap();
            let head = format!(
                "GET {DOOR}/live HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\nCookie: {OFFICE_COOKIE}={token}\r\n\r\n"
            );
            line.write_all(head.as_bytes()).await.unwrap();
            let mut read = String::new();
            event(&mut line, &mut read, |event| event.contains("data:")).await;
            lines.push(line);
        }
        // All connections that read can be had at once: of those of PostgreSQL the other half writes.
        let readers = if db.is_sqlite() { 8 } else { 4 };
        let mut held = Vec::new();
        for _ in 0..readers {
            held.push(tokio::time::timeout(Duration::from_secs(2), house.pool.acquire()).await.unwrap().unwrap());
        }
        drop(held);
        let since = std::time::Instant::now();
        served.end().await;
        assert!(since.elapsed() < Duration::from_secs(5), "{:?}", since.elapsed());
    }
}
