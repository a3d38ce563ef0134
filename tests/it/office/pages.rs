//! Each list of the office asks the database as often for three things as for one.

use std::ops::Range;

use chrono::TimeDelta;
use parvis::{
    identity::{self, Membership, Role, Staff},
    locale::Lang,
    mail::outbox,
    programme,
    registration::store,
};
use rocket::http::Status;

use super::{import, people::telephones, press::release};
use crate::{
    builders::{miso, on_day, session},
    harness::{App, Member},
};

/// Each page that lists things of which there can be many.
const LISTS: [&str; 32] = [
    "/fr/office",
    "/fr/office/account",
    "/fr/office/users",
    "/fr/office/mails",
    "/fr/office/log",
    "/fr/office/log.csv",
    "/fr/office/miso/sessions",
    "/fr/office/miso/weeks",
    "/fr/office/miso/themes",
    "/fr/office/miso/places",
    "/fr/office/miso/organisations",
    "/fr/office/miso/press",
    "/fr/office/miso/registrations?show=all",
    "/fr/office/miso/registrations/s-0",
    "/fr/office/miso/registrations/s-0/access-needs",
    "/fr/office/miso/registrations/s-0/registrations.csv",
    "/fr/office/miso/people",
    "/fr/office/miso/people/to-call",
    "/fr/office/miso/people/new",
    "/fr/office/miso/proposals",
    "/fr/office/miso/proposals/partners",
    "/fr/office/miso/figures",
    "/fr/office/miso/publish",
    "/fr/office/miso/releases",
    "/fr/office/miso/mails",
    "/fr/office/miso/mails/messages",
    "/fr/office/miso/mails/texts",
    "/fr/office/miso/door",
    "/fr/office/miso/door/s-0",
    "/fr/office/miso/import",
    "/fr/office/miso/log",
    "/fr/office/miso/export/registrations.csv",
];

async fn statements(member: &Member<'_>) -> Vec<(&'static str, u64)> {
    let mut all = Vec::new();
    for path in LISTS {
        all.push((path, member.statements(path).await));
    }
    all
}

/// A session on its own day, with a person in it and one who waits; somebody of the team; a message.
async fn one_more(app: &App, owner: &Member<'_>, at: i64) {
    let sessions = (0..=at).map(|n| on_day(session(&format!("s-{n}"), 1), n)).collect();
    let mut draft = miso(sessions);
    draft.press = (0..=at).map(|n| release(&format!("annonce-{n}"), "fr")).collect();
    for n in 1..=at {
        let mut theme = draft.themes[0].clone();
        theme.slug = format!("theme-{n}");
        let mut place = draft.places[0].clone();
        place.slug = format!("lieu-{n}");
        let mut organisation = draft.organisations[0].clone();
        organisation.slug = format!("organisation-{n}");
        draft.themes.push(theme);
        draft.places.push(place);
        draft.organisations.push(organisation);
    }
    app.publish(&draft).await;
    let slug = format!("s-{at}");
    app.register(&format!("a{at}@example.org"), &["s-0", &slug]).await;
    app.register(&format!("b{at}@example.org"), &["s-0", &slug]).await;
    let user = format!("press{at}@example.org");
    owner.post("/fr/office/users", &[("email", &user), ("role", "press")]).await;
    let message = [
        ("key", slug.as_str()),
        ("about", "programme"),
        ("to", "both"),
        ("subject_fr", "Note"),
        ("text_fr", "Bonjour"),
    ];
    owner.post("/fr/office/miso/mails/messages", &message).await;
    let text = ["confirmed", "waiting", "reminder"][usize::try_from(at).unwrap()];
    owner.post(&format!("/fr/office/miso/mails/texts/{text}"), &[("intro_fr", "Bravo {name}")]).await;
    let file = format!("slug,Titre,Jour\ns-{at},Autre,2027-04-20\n");
    import::send(owner, "/fr/office/miso/import", &format!("table-{at}.csv"), file.as_bytes()).await;
    // Another device of theirs.
    app.signed_in(Role::Owner).await;
    app.deliver().await;
}

/// The pages on which something holds others, once it holds as many as the range's end: sessions with changes, people to
/// call, a programme more each, somebody of the team with organisations and devices. Those before the range are there.
async fn holding(app: &App, owner: &Member<'_>, range: Range<usize>) -> Vec<(&'static str, u64)> {
    let count = range.end;
    for n in range {
        somebody_to_call(app, owner, n).await;
        if n > 0 {
            let mut other = miso(vec![session(&format!("autre-{n}"), 3)]);
            other.programme.slug = format!("autre-{n}");
            app.publish(&other).await;
        }
        let label = [("label", "Fondation d’exemple"), ("programme", "miso")];
        owner.post("/fr/office/users/figures-links", &label).await;
    }
    let all: Vec<_> = (0..count).map(|n| format!("s-{n}")).collect();
    let email = format!("tout-{count}@example.org");
    app.register(&email, &all.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let person = person(app, &email).await;
    let mail = outbox::to(&mut app.pool.acquire().await.unwrap(), &email).await.unwrap().remove(0).id;
    let words = [
        ("key", email.as_str()),
        ("about", "programme"),
        ("to", "both"),
        ("subject_fr", "Note"),
        ("text_fr", "Bonjour"),
    ];
    let message = owner.post("/fr/office/miso/mails/messages", &words).await.location().to_owned();
    let member = of_organisations(app, count).await;
    let rows: String =
        (0..count).map(|n| format!("s-{n},Autrement,2027-04-20\nn-{count}-{n},Neuve,2027-04-20\n")).collect();
    let file = format!("slug,Titre,Jour\n{rows}");
    let file =
        import::send(owner, "/fr/office/miso/import", "a.csv", file.as_bytes()).await.location().to_owned();
    // Others than at the last publication, in a session that people are in.
    let mut tx = app.pool.begin().await.unwrap();
    let (id, mut draft) = programme::store::load(&mut tx, "miso").await.unwrap().unwrap();
    for session in draft.sessions.iter_mut().take(count) {
        session.session.start = session.session.start.map(|start| start + TimeDelta::minutes(15));
    }
    programme::store::save(&mut tx, &draft, id, app.now()).await.unwrap();
    tx.commit().await.unwrap();

    let mut asked = Vec::new();
    for (name, path) in [
        ("start", "/fr/office".to_owned()),
        ("publish", "/fr/office/miso/publish".to_owned()),
        ("to-call", "/fr/office/miso/people/to-call".to_owned()),
        ("users", "/fr/office/users".to_owned()),
        ("user", format!("/fr/office/users/{member}")),
        ("import", file),
        ("mail", format!("/fr/office/mails/{mail}")),
        ("message", message),
        ("data", "/fr/office/miso/data".to_owned()),
        ("person", format!("/fr/office/miso/people/{person}")),
        ("data of a person", format!("/fr/office/miso/data/people/{person}")),
    ] {
        asked.push((name, owner.statements(&path).await));
    }
    let number = app.publish(&draft).await.release.expect("something is new").number;
    asked.push(("release", owner.statements(&format!("/fr/office/miso/releases/{number}")).await));
    // Who was in a session that has moved is told, and nothing is left to be told when the next round begins.
    app.pass(TimeDelta::minutes(11));
    app.run_due().await;
    asked
}

/// They waited behind somebody who has left: they have the seat, and no address to which that could be written.
async fn somebody_to_call(app: &App, owner: &Member<'_>, n: usize) {
    let (email, slug, key) = (format!("part-{n}@example.org"), format!("s-{n}"), format!("appel-{n}"));
    app.register(&email, &[&slug]).await;
    let says = [
        ("name", "Rosa Sans-Courriel"),
        ("phone", "022 123 45 67"),
        ("session", slug.as_str()),
        ("people", "1"),
        ("language", "fr"),
        ("key", key.as_str()),
    ];
    assert_eq!(telephones(owner, &says).await.status, Status::SeeOther);
    let leaving = person(app, &email).await;
    owner.post(&format!("/fr/office/miso/people/{leaving}/cancellations"), &[("session", &slug)]).await;
    let page = owner.get("/fr/office/miso/people/to-call").await;
    assert_eq!(crate::html::Found::on(&page.body).count("main form[method=post]"), n + 1, "{}", page.body);
}

async fn person(app: &App, email: &str) -> uuid::Uuid {
    let mut db = app.pool.acquire().await.unwrap();
    store::participant_by_email(&mut db, email).await.unwrap().unwrap().id
}

/// Somebody of the team who speaks for an organisation in each of so many programmes, and is signed in as often.
async fn of_organisations(app: &App, count: usize) -> uuid::Uuid {
    let mut tx = app.pool.begin().await.unwrap();
    let mut organisations = Vec::new();
    for slug in ["miso", "autre-1", "autre-2"].into_iter().take(count) {
        let programme = programme::store::id_of(&mut tx, slug).await.unwrap().unwrap();
        organisations.push(Membership { programme, organisation: "collectif".to_owned() });
    }
    let id = app.tokens.id(app.now());
    let (email, name) = (format!("partenaire-{count}@example.org"), "Dominique Exemple".to_owned());
    let staff = Staff { id, email, name, lang: Lang::Fr, role: Role::Partner, organisations };
    assert!(identity::store::add(&mut tx, &staff, app.now()).await.unwrap());
    for _ in 0..count {
        identity::session::open(&mut tx, &app.tokens, id, "Firefox, Linux", app.now()).await.unwrap();
    }
    tx.commit().await.unwrap();
    id
}

on_both_engines! {
    async fn each_page_of_one_thing_asks_as_often_when_it_holds_three_others_as_when_it_holds_one(app: App) {
        let owner = app.signed_in(Role::Owner).await;
        app.publish(&miso((0..3).map(|n| on_day(session(&format!("s-{n}"), 1), n)).collect())).await;

        let one = holding(&app, &owner, 0..1).await;
        let three = holding(&app, &owner, 1..3).await;

        assert_eq!(three, one);
    }

    async fn each_list_asks_as_often_for_three_things_as_for_one(app: App) {
        let owner = app.signed_in(Role::Owner).await;
        one_more(&app, &owner, 0).await;
        let one = statements(&owner).await;

        one_more(&app, &owner, 1).await;
        one_more(&app, &owner, 2).await;

        assert_eq!(statements(&owner).await, one);
    }
}
