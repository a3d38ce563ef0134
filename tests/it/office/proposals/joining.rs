//! Joining an organisation: by its link, or invited. Nobody learns who works here.

use chrono::TimeDelta;
use parvis::{
    audit::Actor,
    identity::{Role, joining, store},
    publication::{self, Outcome, Wish},
};
use rocket::http::Status;

use super::{HOME, WHOLE, propose, two_partners, way};
use crate::{
    builders::session,
    harness::{App, Page, TestDb},
    html::Found,
    office::identity::once::let_in,
    process,
};

const PARTNERS: &str = "/fr/office/miso/proposals/partners";

/// Makes the organisation's link, and gives its address.
pub async fn link(app: &App, organisation: &str) -> String {
    let editor = app.signed_in(Role::Editor).await;
    way(&editor.post(&format!("{PARTNERS}/{organisation}/link"), &[]).await);
    let page = editor.get(PARTNERS).await.body;
    let address = Found::on(&page).attributes("input.address", "value").pop().unwrap();
    address[crate::harness::BASE_URL.len()..].to_owned()
}

pub async fn join(app: &App, link: &str, email: &str) -> Page {
    app.post(link, &[("name", "Sacha Exemple"), ("email", email)]).await
}

/// Who speaks for that organisation.
async fn members(app: &App, organisation: &str) -> Vec<String> {
    let programme = app.house().publications.current("miso").unwrap().id;
    let mut db = app.pool.acquire().await.unwrap();
    let rows = store::of_organisation(&mut db, programme, organisation).await.unwrap();
    rows.into_iter().map(|row| row.email).collect()
}

/// The page that the newest mail opens.
pub async fn mailed(app: &App, email: &str) -> String {
    app.settle().await;
    let mail = app.mails_to(email).await.pop().expect("a mail to this address");
    let word = mail.text.split_whitespace().find(|word| word.contains("/office/")).unwrap();
    word[crate::harness::BASE_URL.len()..].to_owned()
}

on_both_engines! {
    async fn several_people_of_one_organisation_come_by_its_link_and_propose_together(app: App) {
        app.publish(&two_partners(vec![])).await;
        let link = link(&app, "collectif").await;
        let page = app.get(&link).await;
        assert!(page.body.contains("Collectif") && page.body.contains("MISO"), "{}", page.body);
        assert_eq!(page.header("cache-control"), "private, no-store");

        let first = join(&app, &link, "a@example.org").await;
        join(&app, &link, "b@example.org").await;

        assert_eq!(first.location(), format!("{link}?done=sent"));
        let mut joined = Vec::new();
        for email in ["a@example.org", "b@example.org"] {
            let door = mailed(&app, email).await;
            let entered = app.post(&door, &[]).await;
            assert_eq!(entered.location(), "/fr/office", "{}", entered.body);
            let cookie = entered.headers.iter().find(|(_, value)| value.starts_with(crate::harness::OFFICE_COOKIE)).unwrap().1.clone();
            let token = cookie.split(';').next().unwrap().split_once('=').unwrap().1.to_owned();
            joined.push(app.member(app.tokens.id(app.now()), token));
        }
        let one = propose(&joined[0], &WHOLE).await;
        assert!(joined[1].get(&one).await.body.contains("Sacha Exemple"), "the other one of the house");
        assert_eq!(joined[1].get("/fr/office/miso/sessions").await.status, Status::Forbidden);
        assert!(app.signed_in(Role::Editor).await.get(PARTNERS).await.body.contains("a@example.org"));
    }

    async fn a_link_that_was_changed_revoked_or_is_over_opens_nothing(app: App) {
        app.publish(&two_partners(vec![])).await;
        let old = link(&app, "collectif").await;
        let new = link(&app, "collectif").await;
        let editor = app.signed_in(Role::Editor).await;
        let is_open = async |link: &str| app.get(link).await.status == Status::Ok;
        assert_eq!((is_open(&old).await, is_open(&new).await), (false, true));
        assert_eq!(app.post(&old, &[("name", "Eve"), ("email", "eve@example.org")]).await.status, Status::NotFound);

        way(&editor.post(&format!("{PARTNERS}/collectif/revocation"), &[]).await);
        assert!(!is_open(&new).await);
        let last = link(&app, "collectif").await;
        app.pass(joining::LIFE - TimeDelta::minutes(1));
        assert!(is_open(&last).await);
        app.pass(TimeDelta::minutes(2));
        assert!(!is_open(&last).await);
        assert!(app.signed_in(Role::Editor).await.get(PARTNERS).await.body.contains("Son temps est passé"));
        for odd in ["x", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"] {
            assert!(!is_open(&format!("/fr/office/join/{odd}")).await);
        }
        let editor = app.signed_in(Role::Editor).await;
        assert_eq!(editor.post(&format!("{PARTNERS}/nobody/link"), &[]).await.status, Status::NotFound);
    }

    async fn who_types_an_address_learns_nothing_of_it(app: App) {
        app.publish(&two_partners(vec![])).await;
        let link = link(&app, "collectif").await;
        let owner = app.signed_in(Role::Owner).await;
        let partner = app.signed_in(Role::Partner).await;
        owner.post(&format!("/fr/office/users/{}/disabling", partner.id), &[]).await;
        let mut answers = Vec::new();
        for email in ["neuf@example.org", "owner@example.org", "partner@example.org"] {
            let answer = join(&app, &link, email).await;
            answers.push((answer.status, answer.location().to_owned(), answer.body));
        }
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
        app.settle().await;
        let editor = app.signed_in(Role::Editor).await;
        let mut answers = Vec::new();
        for email in ["neuve@example.org", "owner@example.org", "partner@example.org"] {
            let fields = [("email", email), ("organisation", "collectif"), ("language", "en")];
            let answer = editor.post(&format!("{PARTNERS}/invitations"), &fields).await;
            answers.push((answer.status, answer.location().to_owned()));
        }
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");

        mailed(&app, "neuf@example.org").await;
        assert!(mailed(&app, "neuve@example.org").await.starts_with("/en/office/invitation/"));
        // Everything that was left to be done after the answers is done.
        for email in ["owner@example.org", "partner@example.org"] {
            assert_eq!(app.mails_to(email).await.len(), 0, "{email}: nobody becomes less, or comes back, by a link");
        }
        assert_eq!(partner.get("/fr/office").await.status, Status::SeeOther);
        assert_eq!(owner.get("/fr/office/users").await.status, Status::Ok);
        let odd = editor.post(&format!("{PARTNERS}/invitations"), &[("email", "x"), ("organisation", "nope")]).await;
        assert_eq!(odd.status, Status::UnprocessableEntity);
    }

    async fn a_partner_of_one_organisation_joins_a_second_one(app: App) {
        app.publish(&two_partners(vec![])).await;
        let partner = app.signed_in(Role::Partner).await;
        let link = link(&app, "voisins").await;
        join(&app, &link, "partner@example.org").await;
        let door = mailed(&app, "partner@example.org").await;
        assert_eq!(app.post(&door, &[]).await.location(), "/fr/office");

        let form = partner.get(&format!("{HOME}/new")).await.body;

        assert_eq!(Found::on(&form).texts("select[name=organisation] option"), ["Collectif", "Les Voisins"]);
    }

    async fn nobody_is_a_member_before_their_mailbox_has_answered_by_a_form(app: App) {
        app.publish(&two_partners(vec![])).await;
        let partner = app.signed_in(Role::Partner).await;
        let link = link(&app, "voisins").await;
        for email in ["invente@example.org", "partner@example.org"] {
            join(&app, &link, email).await;
            let door = mailed(&app, email).await;
            assert!(door.starts_with("/fr/office/joining/"), "{door}");
            // A scanner opens every link.
            let page = app.get(&door).await;
            assert!(page.body.contains("Les Voisins") && page.body.contains(email), "{}", page.body);
        }
        assert_eq!(members(&app, "voisins").await, Vec::<String>::new());
        let mut db = app.pool.acquire().await.unwrap();
        assert!(store::by_email(&mut db, "invente@example.org").await.unwrap().is_none(), "nor is there anybody");
        drop(db);

        let door = mailed(&app, "invente@example.org").await;
        let cross = app.client.post(door.clone()).header(rocket::http::Header::new("Sec-Fetch-Site", "cross-site"));
        assert_eq!(cross.dispatch().await.status(), Status::Forbidden);
        assert_eq!(app.post(&door, &[]).await.location(), "/fr/office");
        assert_eq!(members(&app, "voisins").await, ["invente@example.org"]);
        assert_eq!(app.post(&door, &[]).await.status, Status::NotFound, "once");

        let log = app.signed_in(Role::Owner).await.get("/fr/office/log?action=partner.join").await.body;
        let lines = Found::on(&log).texts("tbody tr");
        assert!(lines.len() == 1 && lines[0].contains("Sacha Exemple"), "who has answered, and nobody else: {lines:?}");
        drop(partner);
    }

    async fn of_several_answers_to_one_mail_at_the_same_moment_one_joins(app: App) {
        app.publish(&two_partners(vec![])).await;
        let link = link(&app, "voisins").await;
        join(&app, &link, "a@example.org").await;
        let door = mailed(&app, "a@example.org").await;

        assert_eq!(let_in(&app, &door, &[]).await, 1);

        assert_eq!(members(&app, "voisins").await, ["a@example.org"]);
        let log = app.signed_in(Role::Owner).await.get("/fr/office/log?action=partner.join").await.body;
        assert_eq!(Found::on(&log).texts("tbody tr").len(), 1, "{log}");
    }

    async fn an_answer_that_comes_too_late_or_to_a_revoked_link_lets_nobody_in(app: App) {
        app.publish(&two_partners(vec![])).await;
        let link = link(&app, "voisins").await;
        join(&app, &link, "a@example.org").await;
        let late = mailed(&app, "a@example.org").await;
        app.pass(joining::ANSWER_WITHIN);
        assert_eq!(app.get(&late).await.status, Status::NotFound);
        assert_eq!(app.post(&late, &[]).await.status, Status::NotFound);
        join(&app, &link, "b@example.org").await;
        let revoked = mailed(&app, "b@example.org").await;
        let editor = app.signed_in(Role::Editor).await;
        way(&editor.post(&format!("{PARTNERS}/voisins/revocation"), &[]).await);

        assert_eq!(app.post(&revoked, &[]).await.status, Status::NotFound);
        assert_eq!(members(&app, "voisins").await, Vec::<String>::new());
    }

    async fn the_same_mailbox_is_asked_once_an_hour_however_its_address_is_spelled(app: App) {
        app.publish(&two_partners(vec![])).await;
        let link = link(&app, "voisins").await;
        let token = link.rsplit('/').next().unwrap();
        let ask = async |email: &str| {
            let email = parvis::registration::person::Email::parse(email).unwrap();
            let newcomer = joining::Newcomer { email, name: None, lang: parvis::locale::Lang::Fr };
            joining::ask(app.house(), &newcomer, token).await.unwrap();
        };
        ask("sacha@example.org").await;
        app.pass(joining::ASKED_AGAIN_AFTER - TimeDelta::minutes(1));
        for email in ["sacha@example.org", "sa.cha@example.org", "sacha+b@example.org"] {
            ask(email).await;
        }
        assert_eq!(app.mails_to("example.org").await.len(), 1);

        app.pass(TimeDelta::minutes(1));
        ask("sa.cha@example.org").await;
        assert_eq!(app.mails_to("sa.cha@example.org").await.len(), 1);
    }

    async fn whoever_types_addresses_keeps_nobody_waiting_who_has_registered(app: App) {
        app.publish(&two_partners(vec![])).await;
        let link = link(&app, "voisins").await;
        let mut tx = app.pool.begin().await.unwrap();
        let token = link.rsplit('/').next().unwrap();
        let typed = parvis::mail::joining(app.tokens.id(app.now()), parvis::locale::Lang::Fr, "a@example.org", token);
        let wanted = parvis::mail::new_password(app.tokens.id(app.now()), parvis::locale::Lang::Fr, "b@example.org", "B", token);
        let (first, second) = (typed.id, wanted.id);
        // No worker takes either before both are there.
        parvis::mail::outbox::queue(&mut tx, &[typed, wanted], app.now()).await.unwrap();
        let claimed = parvis::mail::outbox::claim(&mut tx, app.tokens.id(app.now()), app.now(), 9).await.unwrap();

        assert_eq!(claimed.iter().map(|mail| mail.id).collect::<Vec<_>>(), [second, first]);
    }

    async fn an_organisation_takes_only_so_many_and_invented_addresses_take_no_place(app: App) {
        app.publish(&two_partners(vec![])).await;
        let link = link(&app, "voisins").await;
        let token = link.rsplit('/').next().unwrap();
        let newcomer = |n: usize| joining::Newcomer {
            email: parvis::registration::person::Email::parse(&format!("n{n}@example.org")).unwrap(),
            name: None,
            lang: parvis::locale::Lang::Fr,
        };
        for n in 0..joining::REQUESTS_MAX + 5 {
            app.pass(TimeDelta::seconds(1));
            joining::ask(app.house(), &newcomer(n), token).await.unwrap();
        }
        assert_eq!(app.mails_to(&format!("n{}@example.org", joining::REQUESTS_MAX)).await.len(), 0, "no mail more in a day");
        for n in 0..joining::PEOPLE_MAX {
            let door = mailed(&app, &format!("n{n}@example.org")).await;
            assert_eq!(app.post(&door, &[]).await.location(), "/fr/office", "{n}");
        }
        let door = mailed(&app, &format!("n{}@example.org", joining::PEOPLE_MAX)).await;
        assert_eq!(app.post(&door, &[]).await.status, Status::NotFound);
        assert_eq!(members(&app, "voisins").await.len(), joining::PEOPLE_MAX);
    }

    async fn memberships_and_links_end_with_their_organisation_and_no_namesake_inherits_them(app: App) {
        app.publish(&two_partners(vec![])).await;
        let link = link(&app, "voisins").await;
        join(&app, &link, "a@example.org").await;
        app.post(&mailed(&app, "a@example.org").await, &[]).await;
        assert_eq!(members(&app, "voisins").await, ["a@example.org"]);
        let editor = app.signed_in(Role::Editor).await;

        let gone = editor.post("/fr/office/miso/organisations/voisins/removal", &[]).await;
        assert_eq!(gone.status, Status::SeeOther, "{}", gone.body);

        assert_eq!(members(&app, "voisins").await, Vec::<String>::new());
        assert_eq!(app.get(&link).await.status, Status::NotFound);
        let made = editor.post("/fr/office/miso/organisations", &[("name", "Voisins"), ("slug", "voisins")]).await;
        assert_eq!(made.status, Status::SeeOther, "{}", made.body);
        assert_eq!(members(&app, "voisins").await, Vec::<String>::new());
        assert_eq!(app.get(&link).await.status, Status::NotFound);
        let log = app.signed_in(Role::Owner).await.get("/fr/office/log?action=partner.end").await.body;
        assert_eq!(Found::on(&log).texts("tbody tr").len(), 1, "{log}");
    }

    async fn who_joined_an_organisation_stays_when_a_release_without_it_is_published_again(app: App) {
        let mut alone = two_partners(vec![session("atelier", 5)]);
        alone.organisations.retain(|one| one.slug != "voisins");
        app.publish(&alone).await;
        app.publish(&two_partners(vec![session("atelier", 6)])).await;
        let link = link(&app, "voisins").await;
        join(&app, &link, "a@example.org").await;
        app.post(&mailed(&app, "a@example.org").await, &[]).await;
        let editor = app.signed_in(Role::Editor).await;

        let wish = Wish { note: "", author: Actor::User(editor.id), seen: None, again: None };
        let done = publication::publish_again(app.house(), "miso", 1, wish).await.unwrap();

        assert!(matches!(done, Outcome::Published(_)));
        assert_eq!(members(&app, "voisins").await, ["a@example.org"]);
        assert_eq!(app.get(&link).await.status, Status::Ok);
    }

    async fn memberships_end_with_an_import_that_has_no_such_organisation(db: TestDb) {
        let folder = db.folder().join("miso");
        std::fs::create_dir_all(&folder).unwrap();
        let import = |organisations: &[&str]| {
            let mut text = PROGRAMME.to_owned();
            for slug in organisations {
                text.push_str(&format!("[[organisations]]\nslug = \"{slug}\"\nname = \"{slug}\"\n"));
            }
            std::fs::write(folder.join("programme.toml"), text).unwrap();
            std::fs::write(folder.join("sessions.csv"), "slug,title,date\natelier,Atelier,2099-04-20\n").unwrap();
            let done = process::run(&db, &["import", folder.to_str().unwrap(), "--programme", "miso"]);
            assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        };
        import(&["collectif", "voisins"]);
        for slug in ["collectif", "voisins"] {
            let email = format!("{slug}@example.org");
            let of = ["--programme", "miso", "--organisation", slug];
            let done = process::run(&db, &[&["user", "add", &email, "--role", "partner"], &of[..]].concat());
            assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        }

        import(&["collectif"]);

        let pool = db.pool().await;
        let mut conn = pool.acquire().await.unwrap();
        let programme = parvis::programme::store::id_of(&mut conn, "miso").await.unwrap().unwrap();
        let mut left = Vec::new();
        for slug in ["collectif", "voisins"] {
            left.push(store::of_organisation(&mut conn, programme, slug).await.unwrap().len());
        }
        assert_eq!(left, [1, 0]);
        drop(conn);
        pool.close().await;
    }
}

const PROGRAMME: &str = r#"slug = "miso"
title = "MISO"
timezone = "Europe/Zurich"
languages = ["fr"]
starts = 2099-04-20
ends = 2099-05-15
"#;
