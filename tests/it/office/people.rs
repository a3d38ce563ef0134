//! The office's registrations and people, as somebody at the desk meets them.

mod race;

use chrono::TimeDelta;
use parvis::{
    identity::Role,
    programme::{Draft, Rules},
    registration::store,
};
use rocket::http::Status;
use uuid::Uuid;

use crate::{
    builders::{miso, on_day, session},
    harness::{App, Member, Page},
    html::Found,
};

const ANA: &str = "ana@example.org";
const PEOPLE: &str = "/fr/office/miso/people";
const REGISTRATIONS: &str = "/fr/office/miso/registrations";

/// Sends the form for who telephones; « inscrire quand même » where it warns.
pub async fn telephones(desk: &Member<'_>, fields: &[(&str, &str)]) -> Page {
    let page = desk.post(PEOPLE, fields).await;
    if page.status != Status::Ok {
        return page;
    }
    let seen = Found::on(&page.body).attributes("input[name=seen]", "value").remove(0);
    desk.post(PEOPLE, &[fields, &[("seen", seen.as_str())]].concat()).await
}

/// The address of the person's page, without what it says.
fn person_at(page: &Page) -> String {
    assert_eq!(page.status, Status::SeeOther, "{}", page.body);
    page.location().split('?').next().unwrap().to_owned()
}

async fn id_of(app: &App, email: &str) -> Uuid {
    let mut db = app.pool.acquire().await.unwrap();
    store::participant_by_email(&mut db, email).await.unwrap().unwrap().id
}

/// Name and state in the list of a session.
async fn list(desk: &Member<'_>, session: &str) -> Vec<(String, String)> {
    let page = desk.get(&format!("{REGISTRATIONS}/{session}?state=all")).await;
    assert_eq!(page.status, Status::Ok, "{}", page.body);
    let found = Found::on(&page.body);
    let names = found.texts("[aria-labelledby=who] tbody th");
    names.into_iter().zip(found.texts("[aria-labelledby=who] tbody .pill")).collect()
}

async fn actions(app: &App) -> Vec<String> {
    let mut db = app.pool.acquire().await.unwrap();
    parvis::audit::store::actions(&mut db).await.unwrap()
}

async fn in_order(app: &App) {
    assert_eq!(app.broken().await, Vec::<String>::new());
}

fn pair(name: &str, state: &str) -> (String, String) {
    (name.to_owned(), state.to_owned())
}

on_both_engines! {
    async fn somebody_without_an_address_is_registered_found_by_code_called_and_moved(app: App) {
        app.publish(&miso(vec![session("atelier", 1), on_day(session("suite", 2), 1)])).await;
        app.register(ANA, &["atelier"]).await;
        let desk = app.signed_in(Role::Desk).await;

        let fields = [
            ("name", "Éloïse Sans-Courriel"), ("phone", "022 123 45 67"), ("session", "atelier"),
            ("people", "1"), ("language", "fr"), ("access_needs", "Une chaise"), ("key", "k1"),
        ];
        let warned = desk.post(PEOPLE, &fields).await;
        assert_eq!(warned.status, Status::Ok, "{}", warned.body);
        let said = Found::on(&warned.body).texts(".notice.warn li");
        assert_eq!(said, ["«\u{a0}Session atelier\u{a0}» est complète\u{a0}: rang 1 sur la liste d’attente."]);
        let person = person_at(&telephones(&desk, &fields).await);
        assert_eq!(person_at(&telephones(&desk, &fields).await), person, "the same form is the same order");
        in_order(&app).await;

        let page = desk.get(&person).await;
        let found = Found::on(&page.body);
        let code = found.text(".facts dd strong");
        assert_eq!(found.texts("article .pill"), ["En attente, rang 1"]);
        for typed in ["eloise", "SANS-courriel", "022 1234567", &code, &code.to_lowercase().replace('-', " ")] {
            let page = desk.get(&format!("{PEOPLE}?q={}", typed.replace(' ', "+"))).await;
            let links = Found::on(&page.body).links("tbody");
            assert_eq!(links, [("Éloïse Sans-Courriel".to_owned(), person.clone())], "{typed}");
        }
        let nobody = desk.get(&format!("{PEOPLE}?q=%25")).await;
        assert_eq!(Found::on(&nobody.body).links("tbody").len(), 2, "a sign is no search");

        let ana = id_of(&app, ANA).await;
        let cancelled = desk.post(&format!("{PEOPLE}/{ana}/cancellations"), &[("session", "atelier")]).await;
        assert_eq!(cancelled.status, Status::SeeOther);
        let calls = desk.get(&format!("{PEOPLE}/to-call")).await;
        let found = Found::on(&calls.body);
        assert_eq!(found.texts(".card h2"), ["Éloïse Sans-Courriel"]);
        assert!(found.text(".card").contains("022 123 45 67") && found.text(".card").contains("A obtenu une place."));
        let told = found.attributes(".card form", "action").remove(0);
        assert_eq!(desk.post(&told, &[]).await.status, Status::SeeOther);
        assert_eq!(desk.post(&told, &[]).await.status, Status::SeeOther, "twice is once");
        assert!(Found::on(&desk.get(&format!("{PEOPLE}/to-call")).await.body).texts(".card").is_empty());

        let moved = desk.post(&format!("{person}/transfers"), &[("from", "atelier"), ("to", "suite")]).await;
        assert_eq!(moved.location(), format!("{person}?said=moved"));
        assert_eq!(list(&desk, "suite").await, [pair("Éloïse Sans-Courriel", "Confirmée")]);
        let slip = Found::on(&desk.get(&format!("{person}/slip")).await.body);
        assert_eq!(slip.texts(".slip h2"), ["Session suite"]);
        assert!(slip.text(".slip-code").contains(&code));
        assert!(slip.text(".slip-when").contains("mardi 20\u{a0}avril 2027"), "{}", slip.text(".slip-when"));
        let needs = Found::on(&desk.get(&format!("{REGISTRATIONS}/suite/access-needs")).await.body);
        assert_eq!(needs.texts("tbody td.lines"), ["Une chaise"]);
        let again = desk.post(&format!("{person}/mails"), &[]).await;
        assert_eq!(again.status, Status::UnprocessableEntity, "there is nowhere to send it");
        in_order(&app).await;

        // They have an address after all: it gets what they have, and from then on every mail.
        let corrected = desk
            .post(&format!("{person}/contact"), &[("name", "Éloïse Dubois"), ("email", "Eloise@Example.org"), ("phone", "")])
            .await;
        assert_eq!(corrected.location(), format!("{person}?said=readdressed"));
        let mails = app.mails_to("eloise@example.org").await;
        assert_eq!(mails.len(), 1);
        assert!(mails[0].text.contains("Session suite"));
        assert_eq!(desk.post(&format!("{person}/cancellations"), &[("all", "1")]).await.status, Status::SeeOther);
        assert_eq!(app.mails_to("eloise@example.org").await.len(), 2);
        in_order(&app).await;
        let actions = actions(&app).await;
        for action in ["add", "call", "cancel", "correct", "move", "resend"] {
            assert!(actions.contains(&format!("registration.{action}")), "{action}: {actions:?}");
        }
    }

    async fn an_address_is_one_person_s_and_two_are_never_made_one(app: App) {
        app.publish(&miso(vec![session("atelier", 5)])).await;
        app.register(ANA, &["atelier"]).await;
        app.register("ben@example.org", &["atelier"]).await;
        let desk = app.signed_in(Role::Editor).await;
        let (ana, ben) = (id_of(&app, ANA).await, id_of(&app, "ben@example.org").await);
        let old = app.agenda_path("ben@example.org").await;

        let taken = desk
            .post(&format!("{PEOPLE}/{ben}/contact"), &[("name", "Ben"), ("email", ANA), ("phone", "")])
            .await;
        assert_eq!(taken.status, Status::UnprocessableEntity);
        let found = Found::on(&taken.body);
        assert!(found.texts("#f-email-mistake").remove(0).contains("Une autre personne"));
        assert_eq!(found.attributes("#f-email", "value"), [ANA], "what was typed stays");
        assert!(found.links("section").iter().any(|(_, href)| href.ends_with(&ana.to_string())));
        assert_eq!(app.get(&old).await.status, Status::Ok, "nothing has changed");

        let moved = desk
            .post(&format!("{PEOPLE}/{ben}/contact"), &[("name", "Ben"), ("email", "benoit@example.org"), ("phone", "")])
            .await;
        assert_eq!(moved.status, Status::SeeOther);
        assert_eq!(app.get(&old).await.status, Status::NotFound, "the old link went to somebody else");
        assert_eq!(app.mails_to("benoit@example.org").await.len(), 1);
        let empty = desk.post(&format!("{PEOPLE}/{ben}/contact"), &[("name", ""), ("email", ""), ("phone", "x")]).await;
        assert_eq!(empty.status, Status::UnprocessableEntity);
        assert_eq!(Found::on(&empty.body).texts(".field .mistake").len(), 3, "nobody loses an address");
        in_order(&app).await;
    }

    async fn a_person_of_many_sessions_among_a_thousand_has_a_small_page_and_is_moved_from_it(app: App) {
        let many = (0..1_000).map(|n| on_day(session(&format!("s-{n:03}"), 5), n % 25)).collect();
        app.publish(&miso(many)).await;
        let slugs = ["s-000", "s-001", "s-002", "s-003", "s-004", "s-005", "s-006", "s-007"];
        app.register(ANA, &slugs).await;
        let desk = app.signed_in(Role::Desk).await;
        let person = format!("{PEOPLE}/{}", id_of(&app, ANA).await);

        let page = desk.get(&person).await;

        assert!(page.body.len() < 40_000, "{}", page.body.len());
        let found = Found::on(&page.body);
        assert_eq!((found.count("select"), found.count("a[href*='?move=']")), (0, 8));
        let way = format!("{person}?move=s-003");
        let chosen = desk.get(&way).await;
        let found = Found::on(&chosen.body);
        assert_eq!((found.count("select[name=to]"), found.count("select[name=to] option")), (1, 1 + 992));
        assert_eq!(found.attributes("form:has(select[name=to]) input[name=from]", "value"), ["s-003"]);
        assert!(chosen.body.len() < 250_000, "{}", chosen.body.len());
        let empty = desk.post(&format!("{person}/transfers"), &[("from", "s-003"), ("to", "")]).await;
        assert_eq!(empty.status, Status::UnprocessableEntity);
        assert_eq!(Found::on(&empty.body).count("select[name=to]"), 1, "the form is there still");
        let moved = desk.post(&format!("{person}/transfers"), &[("from", "s-003"), ("to", "s-510")]).await;
        assert_eq!(moved.location(), format!("{person}?said=moved"));
        assert_eq!(Found::on(&desk.get(&format!("{person}?move=nope")).await.body).count("select"), 0);
        in_order(&app).await;
    }

    async fn the_desk_moves_promotes_and_changes_seats_and_nothing_is_oversold(app: App) {
        app.publish(&miso(vec![session("atelier", 1), on_day(session("suite", 1), 1)])).await;
        for email in [ANA, "ben@example.org", "eva@example.org"] {
            app.register(email, &["atelier"]).await;
        }
        app.register("kim@example.org", &["suite"]).await;
        let desk = app.signed_in(Role::Desk).await;
        let (ana, eva) = (id_of(&app, ANA).await, id_of(&app, "eva@example.org").await);

        let full = desk.post(&format!("{PEOPLE}/{ana}/transfers"), &[("from", "atelier"), ("to", "suite")]).await;
        assert_eq!(full.status, Status::UnprocessableEntity);
        assert!(Found::on(&full.body).text(".notice.warn[role=alert]").contains("Pas de place"));
        let full = desk.post(&format!("{PEOPLE}/{eva}/promotions"), &[("session", "atelier"), ("seats", "free")]).await;
        assert_eq!(full.status, Status::UnprocessableEntity);
        let more = desk.post(&format!("{PEOPLE}/{eva}/promotions"), &[("session", "atelier"), ("seats", "more")]).await;
        assert_eq!(more.location(), format!("{PEOPLE}/{eva}?said=promoted"));
        in_order(&app).await;
        let states: Vec<_> = list(&desk, "atelier").await.into_iter().map(|(_, state)| state).collect();
        assert_eq!(states, ["Confirmée", "En attente, rang 1", "Confirmée"]);

        // The next release keeps the seat that was added; more seats serve the queue; held ones do not.
        parvis::publication::publish(app.house(), "miso", "").await.unwrap();
        let seats = format!("{REGISTRATIONS}/atelier/seats");
        let held = [("capacity", "5"), ("group", "partner"), ("seats", "3"), ("group", ""), ("seats", "")];
        assert_eq!(desk.post(&seats, &held).await.location(), format!("{REGISTRATIONS}/atelier?said=live"));
        let states: Vec<_> = list(&desk, "atelier").await.into_iter().map(|(_, state)| state).collect();
        assert_eq!(states, ["Confirmée", "En attente, rang 1", "Confirmée"], "two seats of five, three held back");
        let fields = [("name", "Du groupe"), ("email", "gil@example.org"), ("session", "atelier"), ("held", "partner")];
        person_at(&desk.post(PEOPLE, &fields).await);
        assert_eq!(list(&desk, "atelier").await.len(), 4);
        let wrong = desk.post(&seats, &[("capacity", "beaucoup"), ("group", "Le groupe"), ("seats", "2")]).await;
        assert_eq!(wrong.status, Status::UnprocessableEntity);
        let found = Found::on(&wrong.body);
        assert_eq!(found.attributes("#f-capacity", "value"), ["beaucoup"]);
        assert_eq!(found.attributes("input[name=group]", "value"), ["Le groupe"]);
        assert_eq!(desk.post(&seats, &[("capacity", "3")]).await.status, Status::SeeOther);
        let page = desk.get(&format!("{REGISTRATIONS}/atelier")).await;
        assert!(page.body.contains("3 sur 3"), "{}", page.body);
        in_order(&app).await;
    }

    async fn a_person_or_a_session_of_another_programme_is_not_there_for_any_role(app: App) {
        app.publish(&miso(vec![session("atelier", 5)])).await;
        let other = autre();
        app.publish(&other).await;
        let fields = [("name", "Zoé"), ("email", "zoe@example.org"), ("consent", "1"), ("session", "ailleurs")];
        assert_eq!(app.post("/fr/autre/register", &fields).await.status, Status::SeeOther);
        let zoe = id_of(&app, "zoe@example.org").await;
        for role in Role::OF_PEOPLE {
            let member = app.signed_in(role).await;
            let may = parvis::office::may(role, parvis::office::Right::SeeRegistrations);
            let expected = if may { Status::NotFound } else { Status::Forbidden };
            for path in [
                format!("{PEOPLE}/{zoe}"),
                format!("{PEOPLE}/{zoe}/slip"),
                format!("{REGISTRATIONS}/ailleurs"),
                format!("{REGISTRATIONS}/ailleurs/registrations.csv"),
                format!("{REGISTRATIONS}/ailleurs/access-needs"),
                format!("{PEOPLE}/nope"),
            ] {
                assert_eq!(member.get(&path).await.status, expected, "{path} as {}", role.code());
            }
            for path in ["cancellations", "transfers", "promotions", "mails", "contact"] {
                let fields = [("session", "ailleurs"), ("all", "1"), ("from", "ailleurs"), ("to", "atelier")];
                let page = member.post(&format!("{PEOPLE}/{zoe}/{path}"), &fields).await;
                assert_eq!(page.status, expected, "{path} as {}", role.code());
            }
        }
        let desk = app.signed_in(Role::Desk).await;
        assert!(Found::on(&desk.get(&format!("{PEOPLE}?q=zoe")).await.body).texts("tbody").is_empty());
        let typed = desk.post(PEOPLE, &[("person", &zoe.to_string()), ("session", "atelier")]).await;
        assert_eq!(typed.status, Status::NotFound);
    }

    async fn what_people_type_is_text_on_every_page_and_no_formula_in_a_file(app: App) {
        app.publish(&miso(vec![session("atelier", 5)])).await;
        let desk = app.signed_in(Role::Desk).await;
        let evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>";
        let fields = [
            ("name", "=SUM(1) <b>Ana</b>"), ("organisation", evil), ("access_needs", evil), ("session", "atelier"),
        ];
        let person = person_at(&desk.post(PEOPLE, &fields).await);
        for path in [
            person.clone(),
            format!("{person}/slip"),
            PEOPLE.to_owned(),
            format!("{REGISTRATIONS}/atelier"),
            format!("{REGISTRATIONS}/atelier/access-needs"),
            format!("{PEOPLE}/new?person={}", person.rsplit('/').next().unwrap()),
            format!("{PEOPLE}?q=%3Cscript%3E"),
        ] {
            let page = desk.get(&path).await;
            assert_eq!(page.status, Status::Ok, "{path}");
            assert!(!page.body.contains("<script>") && !page.body.contains("<img") && !page.body.contains("<b>"), "{path}");
        }
        for dialect in ["", "?dialect=excel"] {
            let file = desk.get(&format!("{REGISTRATIONS}/atelier/registrations.csv{dialect}")).await;
            assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
            assert_eq!(file.header("content-disposition"), "attachment; filename=\"atelier.csv\"");
            assert!(file.body.contains("'=SUM(1)"), "{}", file.body);
        }
    }

    async fn what_clashes_or_is_missing_is_said_with_everything_typed_kept(app: App) {
        let mut draft = miso(vec![session("atelier", 5), session("forum", 5), on_day(session("suite", 5), 1)]);
        draft.programme.rules = Rules { per_week: Some(1), ..Rules::default() };
        app.publish(&draft).await;
        let desk = app.signed_in(Role::Desk).await;

        let wrong = desk
            .post(PEOPLE, &[("name", "x\u{1}"), ("email", "nope"), ("phone", "abc"), ("people", "9"), ("organisation", "O")])
            .await;
        assert_eq!(wrong.status, Status::UnprocessableEntity);
        let found = Found::on(&wrong.body);
        assert_eq!(found.texts(".mistakes li").len(), 5, "{}", wrong.body);
        assert_eq!(found.attributes("#f-organisation", "value"), ["O"]);
        assert_eq!(found.attributes("#f-email", "value"), ["nope"]);

        let fields = [("name", "Rosa"), ("session", "atelier"), ("session", "forum"), ("key", "k")];
        let clash = desk.post(PEOPLE, &fields).await;
        assert_eq!(clash.status, Status::Ok);
        assert!(Found::on(&clash.body).text(".notice.warn li").contains("en même temps"));
        assert_eq!(Found::on(&clash.body).attributes("input[type=checkbox][checked]", "value"), ["atelier", "forum"]);
        // Organisers are bound by no limit of the programme.
        let person = person_at(&telephones(&desk, &fields).await);
        let more = [("person", person.rsplit('/').next().unwrap()), ("session", "suite"), ("key", "k2")];
        assert_eq!(person_at(&desk.post(PEOPLE, &more).await), person);
        in_order(&app).await;
    }

    async fn a_page_asks_as_often_for_three_people_as_for_one(app: App) {
        app.publish(&miso(vec![session("atelier", 1), on_day(session("suite", 5), 1), on_day(session("fin", 5), 2)])).await;
        app.register(ANA, &["atelier"]).await;
        let desk = app.signed_in(Role::Desk).await;
        person_at(&telephones(&desk, &[("name", "Rosa"), ("session", "atelier"), ("key", "a")]).await);
        let ana = id_of(&app, ANA).await;
        let paths = [
            REGISTRATIONS.to_owned(),
            format!("{REGISTRATIONS}/atelier"),
            format!("{REGISTRATIONS}/atelier/access-needs"),
            PEOPLE.to_owned(),
            format!("{PEOPLE}/to-call"),
            format!("{PEOPLE}/{ana}"),
            format!("{PEOPLE}/{ana}/slip"),
            format!("{PEOPLE}/new"),
        ];
        let mut one = Vec::new();
        for path in &paths {
            one.push(statements(&desk, path).await);
        }
        app.register(ANA, &["suite", "fin"]).await;
        for (name, key) in [("Rosa", "b"), ("Lise", "c")] {
            person_at(&telephones(&desk, &[("name", name), ("session", "atelier"), ("key", key)]).await);
        }
        for (path, one) in paths.iter().zip(one) {
            assert_eq!(statements(&desk, path).await, one, "{path}");
        }
    }

    async fn whom_no_mail_reaches_is_called_when_a_release_moves_their_session(app: App) {
        app.publish(&miso(vec![session("atelier", 5)])).await;
        app.register(ANA, &["atelier"]).await;
        app.mails_to(ANA).await;
        let mut tx = app.pool.begin().await.unwrap();
        let at = app.now() + TimeDelta::minutes(1);
        assert!(store::reach::mark_undeliverable(&mut tx, ANA, at, at).await.unwrap());
        tx.commit().await.unwrap();
        app.publish(&miso(vec![on_day(session("atelier", 5), 1)])).await;
        app.pass(TimeDelta::minutes(11));
        app.run_due().await;

        let desk = app.signed_in(Role::Desk).await;
        let calls = Found::on(&desk.get(&format!("{PEOPLE}/to-call")).await.body);
        assert_eq!(calls.texts(".card h2"), ["Ana Exemple"]);
        assert!(calls.text(".card").contains("mardi 20\u{a0}avril"), "as it stands now");
        in_order(&app).await;
    }
}

/// How many statements a page sends to the database.
async fn statements(desk: &Member<'_>, path: &str) -> u64 {
    let (page, count) = parvis::db::counted(desk.get(path)).await;
    assert_eq!(page.status, Status::Ok, "{path}");
    count
}

/// Another programme, with a session of its own.
fn autre() -> Draft {
    let mut draft = miso(vec![session("ailleurs", 5)]);
    draft.programme.slug = "autre".to_owned();
    draft
}
