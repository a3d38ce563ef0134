//! Who proposed is forgotten when they ask, and with the programme's time; what was only kept to decide goes as well.

use chrono::TimeDelta;
use parvis::{
    identity::{Role, joining},
    locale::Lang,
    mail::{self, outbox},
    proposals::{self, Act, By, Changed, Side, Step, forget},
    registration::person::Email,
};
use rocket::http::Status;

use super::{
    HOME, PDF, WHOLE, asked, call::open, called, confirm, decide, jpeg, propose, to_call, two_partners,
    upload, way,
};
use crate::{
    harness::{App, Member},
    html::Found,
};

const DATA: &str = "/fr/office/miso/data";

/// The proposal of the call that is there, talked about with the name of who proposed it.
async fn talked_about(app: &App, editor: &Member<'_>, link: &str) -> String {
    let one = Found::on(&editor.get(HOME).await.body).attributes("tbody th a", "href").remove(0);
    let text = [("text", "Bonjour {name}, où ?"), ("act", "send")];
    // What is said at the same moment has no order.
    app.pass(TimeDelta::seconds(1));
    way(&decide(editor, &one, "discuss", &text).await);
    app.pass(TimeDelta::seconds(1));
    way(&app.post(&format!("{link}/comments"), &[("comment", "Chez Lou Exemple.")]).await);
    way(&upload(editor, &one, "plan.pdf", PDF).await);
    let page = editor.get(&one).await.body;
    assert!(
        page.contains("Bonjour Lou Exemple") && page.contains("Chez Lou") && page.contains("plan.pdf"),
        "{page}"
    );
    one
}

/// Nothing on that page says who it was; what it was about stays.
async fn says_nobody(member: &Member<'_>, one: &str) {
    let page = member.get(one).await.body;
    assert!(
        !page.contains("Lou") && !page.contains("lou@example.org") && !page.contains("plan.pdf"),
        "{page}"
    );
    assert!(page.contains("Un jardin commun") && page.contains("À discuter"), "{page}");
}

on_both_engines! {
    async fn who_only_proposed_is_found_copied_and_erased_by_their_address(app: App) {
        open(&app).await;
        let link = called(&app, "lou@example.org").await;
        app.pass(TimeDelta::seconds(1));
        let waiting = asked(&app, "lou@example.org").await;
        let owner = app.signed_in(Role::Owner).await;
        let one = talked_about(&app, &owner, &link).await;
        let nobody = owner.post(&format!("{DATA}/people"), &[("email", "x@example.org")]).await;
        assert_eq!(nobody.status, Status::UnprocessableEntity);

        let found = way(&owner.post(&format!("{DATA}/people"), &[("email", "Lou@example.org")]).await);
        assert!(owner.get(&found).await.body.contains("Lou Exemple"));
        let copy: serde_json::Value = serde_json::from_str(&owner.get(&format!("{found}/data.json")).await.body).unwrap();
        assert_eq!(copy["proposals"].as_array().unwrap().len(), 2, "{copy}");
        assert_eq!(copy["proposals"][0]["name"], "Lou Exemple");
        assert_eq!(copy["proposals"][0]["talk"][2]["said"], "Chez Lou Exemple.");
        let wrong = owner.post(&format!("{found}/erasure"), &[("email", "ana@example.org")]).await;
        assert_eq!(wrong.status, Status::UnprocessableEntity);
        way(&owner.post(&format!("{found}/erasure"), &[("email", "lou@example.org")]).await);

        says_nobody(&owner, &one).await;
        for link in [link, waiting] {
            assert_eq!(app.get(&link).await.status, Status::NotFound);
        }
        let mut db = app.pool.acquire().await.unwrap();
        assert_eq!(outbox::to(&mut db, "lou@example.org").await.unwrap().len(), 0);
        assert_eq!(app.signed_in(Role::Editor).await.get(&found).await.status, Status::Forbidden);
    }

    async fn the_mails_of_what_they_come_to_elsewhere_still_leave(app: App) {
        open(&app).await;
        called(&app, "lou@example.org").await;
        let mut elsewhere = two_partners(vec![crate::builders::session("ailleurs", 3)]);
        elsewhere.programme.slug = "autre".to_owned();
        app.publish(&elsewhere).await;
        let here = [("name", "Lou Exemple"), ("email", "lou@example.org"), ("consent", "1"), ("session", "ailleurs")];
        way(&app.post("/fr/autre/register", &here).await);
        let sent = app.mails_to("lou@example.org").await.len();
        let owner = app.signed_in(Role::Owner).await;
        // Due in an hour.
        let due = mail::mailed_link(app.tokens.id(app.now()), Lang::Fr, "lou@example.org", "", "x");
        let mut tx = app.pool.begin().await.unwrap();
        outbox::queue(&mut tx, &[due], app.now() + TimeDelta::hours(1)).await.unwrap();
        tx.commit().await.unwrap();

        let found = way(&owner.post(&format!("{DATA}/people"), &[("email", "lou@example.org")]).await);
        way(&owner.post(&format!("{found}/erasure"), &[("email", "lou@example.org")]).await);

        let mut db = app.pool.acquire().await.unwrap();
        let kinds: Vec<_> = outbox::to(&mut db, "lou@example.org").await.unwrap().into_iter().map(|row| row.kind).collect();
        drop(db);
        assert!(kinds.len() == 2 && !kinds.contains(&mail::Kind::Proposal.code().to_owned()), "{kinds:?}");
        app.pass(TimeDelta::hours(2));
        assert_eq!(app.mails_to("lou@example.org").await.len(), sent + 1);
    }

    async fn a_decision_that_was_being_written_does_not_bring_the_name_back(app: App) {
        open(&app).await;
        let link = called(&app, "lou@example.org").await;
        let id = parvis::tokens::LinkKey::named(link.rsplit('/').next().unwrap()).unwrap();
        let programme = app.house().publications.current("miso").unwrap().id;
        let mut db = app.pool.acquire().await.unwrap();
        let seen = proposals::store::find(&mut db, programme, id).await.unwrap().unwrap();
        drop(db);

        forget::erase_person(app.house(), "lou@example.org", None).await.unwrap();

        let by = By::Staff(Side::Team, app.tokens.id(app.now()));
        let step = Step { said: "Bonjour Lou".to_owned(), ..Step::of(&seen, by, Some(Act::Refuse)) };
        let mut tx = app.pool.begin().await.unwrap();
        let became = proposals::change(&mut tx, app.house(), &seen, step, app.now()).await.unwrap();
        assert_eq!(became, Changed::Crossed);
        tx.rollback().await.unwrap();
    }

    async fn of_what_was_refused_only_the_title_stays_once_its_proposer_is_erased(app: App) {
        open(&app).await;
        called(&app, "lou@example.org").await;
        let editor = app.signed_in(Role::Editor).await;
        let one = Found::on(&editor.get(HOME).await.body).attributes("tbody th a", "href").remove(0);
        way(&decide(&editor, &one, "refuse", &[("act", "send")]).await);
        assert!(editor.get(&one).await.body.contains("nombreux"));

        forget::erase_person(app.house(), "lou@example.org", None).await.unwrap();

        let page = editor.get(&one).await.body;
        assert!(page.contains("Un jardin commun") && !page.contains("nombreux"), "{page}");
    }

    async fn who_has_only_asked_to_join_is_forgotten_too(app: App) {
        app.publish(&two_partners(vec![])).await;
        let editor = app.signed_in(Role::Editor).await;
        let partners = "/fr/office/miso/proposals/partners";
        way(&editor.post(&format!("{partners}/voisins/link"), &[]).await);
        let link = Found::on(&editor.get(partners).await.body).attributes("input.address", "value").pop().unwrap();
        let token = link.rsplit('/').next().unwrap();
        let programme = app.house().publications.current("miso").unwrap().id;
        let asked = async |email: &str| {
            let newcomer = joining::Newcomer { email: Email::parse(email).unwrap(), name: None, lang: Lang::Fr };
            joining::ask(app.house(), &newcomer, token).await.unwrap();
        };
        let is_waited_for = async |email: &str| {
            let mut db = app.pool.acquire().await.unwrap();
            joining::has_asked(&mut db, email).await.unwrap()
        };
        asked("lou@example.org").await;
        asked("ana@example.org").await;

        forget::erase_person(app.house(), "lou@example.org", None).await.unwrap();

        assert!(!is_waited_for("lou@example.org").await && is_waited_for("ana@example.org").await);
        let mut db = app.pool.acquire().await.unwrap();
        assert_eq!(outbox::to(&mut db, "lou@example.org").await.unwrap().len(), 0);
        drop(db);
        let mut tx = app.pool.begin().await.unwrap();
        forget::erase_programmes(&mut tx, &[(programme, "miso".to_owned())], app.now()).await.unwrap();
        tx.commit().await.unwrap();
        assert!(!is_waited_for("ana@example.org").await);
    }

    async fn who_registered_too_has_it_all_in_one_file_and_erases_it_themselves(app: App) {
        open(&app).await;
        let link = called(&app, "lou@example.org").await;
        app.register("lou@example.org", &["s-0"]).await;
        let agenda = app.agenda_path("lou@example.org").await;
        let editor = app.signed_in(Role::Editor).await;
        let one = talked_about(&app, &editor, &link).await;
        let copy: serde_json::Value = serde_json::from_str(&app.get(&format!("{agenda}/data.json")).await.body).unwrap();
        assert_eq!(copy["proposals"][0]["says"]["title"], "Un jardin commun", "{copy}");
        assert_eq!(copy["registrations"].as_array().unwrap().len(), 1);

        assert_eq!(app.post(&format!("{agenda}/erasure"), &[("confirm", "1")]).await.status, Status::SeeOther);

        says_nobody(&editor, &one).await;
        assert_eq!(app.get(&link).await.status, Status::NotFound);
    }

    async fn the_early_erasure_of_a_programme_takes_who_proposed_with_it(app: App) {
        open(&app).await;
        let link = called(&app, "lou@example.org").await;
        let owner = app.signed_in(Role::Owner).await;
        let one = talked_about(&app, &owner, &link).await;
        assert!(owner.get(DATA).await.body.contains("Personnes qui ont proposé"));

        way(&owner.post(&format!("{DATA}/erasure"), &[("slug", "miso"), ("early", "true")]).await);

        says_nobody(&owner, &one).await;
        assert!(!owner.get(DATA).await.body.contains("Personnes qui ont proposé"));
    }

    async fn a_programme_that_was_never_published_forgets_as_well(app: App) {
        let mut draft = two_partners(vec![]);
        draft.programme.call.opens = Some("2027-01-01T08:00:00".parse().unwrap());
        let mut tx = app.pool.begin().await.unwrap();
        parvis::programme::store::save(&mut tx, &draft, app.tokens.id(app.now()), app.now()).await.unwrap();
        tx.commit().await.unwrap();
        // No theme is public yet.
        let mut fields = to_call("lou@example.org");
        fields.retain(|(name, _)| *name != "theme");
        way(&app.post("/fr/miso/call", &fields).await);
        let mail = app.mails_to("lou@example.org").await.pop().unwrap().text;
        let link = mail.split_whitespace().find(|word| word.contains("/call/")).unwrap();
        let link = link[crate::harness::BASE_URL.len()..].to_owned();
        way(&confirm(&app, &link).await);
        let owner = app.signed_in(Role::Owner).await;
        let one = talked_about(&app, &owner, &link).await;
        app.pass(TimeDelta::minutes(11));
        app.run_due().await;
        assert!(!app.mails_to("owner@example.org").await.is_empty());

        app.pass(TimeDelta::days(180));
        forget::erase_due(app.house(), 90).await.unwrap();

        says_nobody(&app.signed_in(Role::Owner).await, &one).await;
        let mut db = app.pool.acquire().await.unwrap();
        for email in ["lou@example.org", "owner@example.org"] {
            assert_eq!(outbox::to(&mut db, email).await.unwrap().len(), 0, "{email}");
        }
    }

    async fn files_of_what_was_refused_are_erased_in_time_and_those_of_what_waits_are_not(app: App) {
        app.publish(&two_partners(vec![])).await;
        let partner = app.signed_in(Role::Partner).await;
        let editor = app.signed_in(Role::Editor).await;
        let refused = propose(&partner, &[&WHOLE[..], &[("key", "a")]].concat()).await;
        let waits = propose(&partner, &[&WHOLE[..], &[("key", "b")]].concat()).await;
        for one in [&refused, &waits] {
            way(&upload(&partner, one, "photo.jpg", &jpeg()).await);
        }
        way(&decide(&editor, &refused, "refuse", &[("act", "send")]).await);
        let pictures = async |one: &str| {
            let partner = app.signed_in(Role::Partner).await;
            Found::on(&partner.get(one).await.body).attributes(".proposal-picture img", "src").len()
        };
        forget::erase_due(app.house(), 90).await.unwrap();
        assert_eq!((pictures(&refused).await, pictures(&waits).await), (1, 1));

        app.pass(forget::FILES_KEPT + TimeDelta::hours(1));
        // The programme itself is kept for longer.
        forget::erase_due(app.house(), 3_650).await.unwrap();

        assert_eq!((pictures(&refused).await, pictures(&waits).await), (0, 1));
    }
}
