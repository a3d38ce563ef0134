//! The team, changed while it works.

use parvis::{
    audit,
    identity::{Role, figures},
    mail::{outbox, transport::Mailer},
    tokens::Tokens,
    world::World,
};
use rocket::{
    http::{ContentType, Header, Status},
    local::asynchronous::Client,
};

use crate::{
    builders::{miso, session},
    harness::{App, OFFICE_COOKIE, page},
    html::Found,
};

on_both_engines! {
    async fn who_is_disabled_is_out_at_once_and_comes_in_again_when_enabled(app: App) {
        let owner = app.signed_in(Role::Owner).await;
        let desk = app.signed_in(Role::Desk).await;
        assert_eq!(desk.get("/fr/office").await.status, Status::Ok);

        let done = owner.post(&format!("/fr/office/users/{}/disabling", desk.id), &[]).await;

        assert_eq!(done.location(), format!("/fr/office/users/{}?done=disabled", desk.id));
        assert_eq!(desk.get("/fr/office").await.status, Status::SeeOther);
        assert_eq!(desk.post("/fr/office/account/name", &[("name", "Eve")]).await.status, Status::SeeOther);
        owner.post(&format!("/fr/office/users/{}/enabling", desk.id), &[]).await;
        assert_eq!(desk.get("/fr/office").await.status, Status::SeeOther, "the session stays ended");
        assert_eq!(app.signed_in(Role::Desk).await.get("/fr/office").await.status, Status::Ok);
    }

    async fn a_role_that_is_changed_holds_from_the_next_click(app: App) {
        let owner = app.signed_in(Role::Owner).await;
        let editor = app.signed_in(Role::Editor).await;
        assert_eq!(editor.get("/fr/office/users").await.status, Status::Forbidden);

        owner.post(&format!("/fr/office/users/{}/role", editor.id), &[("role", "owner")]).await;
        assert_eq!(editor.get("/fr/office/users").await.status, Status::Ok);

        editor.post(&format!("/fr/office/users/{}/role", owner.id), &[("role", "press")]).await;
        assert_eq!(owner.get("/fr/office/users").await.status, Status::Forbidden);
        let back = owner.post(&format!("/fr/office/users/{}/role", owner.id), &[("role", "owner")]).await;
        assert_eq!(back.status, Status::Forbidden);
    }

    async fn the_last_owner_stays(app: App) {
        let owner = app.signed_in(Role::Owner).await;
        let home = format!("/fr/office/users/{}", owner.id);

        for (path, fields) in [("disabling", &[][..]), ("role", &[("role", "editor")][..])] {
            let refused = owner.post(&format!("{home}/{path}"), fields).await;
            assert_eq!(refused.status, Status::UnprocessableEntity, "{path}");
            assert!(refused.body.contains("dernière personne responsable"), "{}", refused.body);
        }
        assert_eq!(owner.get("/fr/office/users").await.status, Status::Ok);
        let odd = owner.post(&format!("{home}/role"), &[("role", "funder")]).await;
        assert_eq!(odd.status, Status::UnprocessableEntity, "no person's role");
    }

    async fn a_partner_speaks_for_the_organisations_that_are_ticked(app: App) {
        app.publish(&miso(vec![session("s-0", 3)])).await;
        let owner = app.signed_in(Role::Owner).await;
        let partner = app.signed_in(Role::Partner).await;
        let home = format!("/fr/office/users/{}", partner.id);
        let ticked = |body: &str| Found::on(body).attributes("input[name=organisation][checked]", "value");
        let own = ticked(&owner.get(&home).await.body);
        assert_eq!(own.len(), 1);
        assert!(partner.get("/fr/office").await.body.contains("MISO"));

        owner.post(&format!("{home}/organisations"), &[("organisation", "x/nope")]).await;
        assert_eq!(ticked(&owner.get(&home).await.body), Vec::<String>::new());
        assert!(!partner.get("/fr/office").await.body.contains("MISO"), "nobody's programme");
        assert_eq!(partner.get("/fr/office/miso").await.status, Status::NotFound);

        owner.post(&format!("{home}/organisations"), &[("organisation", &own[0])]).await;
        assert_eq!(ticked(&owner.get(&home).await.body), own);
    }

    async fn each_change_of_the_team_is_in_the_log_without_a_name(app: App) {
        let owner = app.signed_in(Role::Owner).await;
        let desk = app.signed_in(Role::Desk).await;
        owner.post("/fr/office/users", &[("email", "lou@example.org"), ("role", "press")]).await;
        owner.post(&format!("/fr/office/users/{}/role", desk.id), &[("role", "editor")]).await;
        owner.post(&format!("/fr/office/users/{}/disabling", desk.id), &[]).await;

        let mut db = app.pool.acquire().await.unwrap();
        let actions = audit::store::actions(&mut db).await.unwrap();

        assert_eq!(actions, ["user.disable", "user.invite", "user.role"]);
    }

    async fn invitations_are_sent_so_often_a_minute_and_no_more(app: App) {
        app.publish(&miso(vec![session("s-0", 3)])).await;
        let owner = app.signed_in(Role::Owner).await;
        let limits = std::collections::BTreeMap::from([("forms", 2)]);
        let figment = app.db.figment().merge(("parvis.rate_limits", limits));
        // Another process on this database makes other ids.
        let world = World { clock: app.time.clock(), tokens: Tokens::seeded(7), mailer: Mailer::memory() };
        let rocket = parvis::rocket(figment, world).unwrap();
        let limited = Client::untracked(rocket).await.unwrap();
        let invite = async |path: &str, from: &str, email: &str| {
            let fields = [("email", email), ("role", "desk"), ("organisation", "collectif"), ("language", "fr")];
            let request = limited.post(path.to_owned()).header(ContentType::Form).body(crate::http::form(&fields));
            let request = request.cookie((OFFICE_COOKIE, owner.token.clone()));
            let request = request.header(Header::new("Sec-Fetch-Site", "same-origin"));
            page(request.remote(from.parse().unwrap()).dispatch().await).await
        };
        for (path, here, there) in [
            ("/fr/office/users", "192.0.2.7:4711", "198.51.100.7:4711"),
            ("/fr/office/miso/proposals/partners/invitations", "192.0.2.8:4711", "198.51.100.8:4711"),
        ] {
            let email = |n: usize| format!("{}-{n}@example.org", &path[path.len() - 5..]);
            for n in 0..2 {
                let sent = invite(path, here, &email(n)).await;
                assert_eq!(sent.status, Status::SeeOther, "{path} {n}: {}", sent.body);
            }

            let third = invite(path, here, &email(2)).await;
            let elsewhere = invite(path, there, &email(3)).await;

            assert_eq!((third.status, elsewhere.status), (Status::TooManyRequests, Status::SeeOther), "{path}");
            assert!((1..=60).contains(&third.header("retry-after").parse::<u32>().unwrap()), "{path}: {third:?}");
            let mut mails = Vec::new();
            for n in 0..4 {
                let mut db = app.pool.acquire().await.unwrap();
                mails.push(outbox::to(&mut db, &email(n)).await.unwrap().len());
            }
            assert_eq!(mails, [1, 1, 0, 1], "{path}");
        }
    }

    async fn a_funder_s_link_reads_one_programme_until_it_is_revoked(app: App) {
        app.publish(&miso(vec![session("s-0", 3)])).await;
        let owner = app.signed_in(Role::Owner).await;
        let odd = owner.post("/fr/office/users/figures-links", &[("label", ""), ("programme", "miso")]).await;
        assert_eq!(odd.status, Status::UnprocessableEntity);
        let made = owner.post("/fr/office/users/figures-links", &[("label", "Fondation"), ("programme", "miso")]).await;
        assert_eq!(made.location(), "/fr/office/users?done=link");
        let page = owner.get("/fr/office/users").await.body;
        let address = Found::on(&page).attributes("input.address", "value").pop().unwrap();
        let token = address.rsplit('/').next().unwrap().to_owned();
        let open = async || {
            let mut db = app.pool.acquire().await.unwrap();
            figures::open(&mut db, &app.house().key, &token).await
        };

        let programme = app.house().publications.current("miso").unwrap().id;
        assert_eq!(open().await.unwrap().programme_id, programme);
        let revoke = Found::on(&page).attributes("form[action$='/revocation']", "action").pop().unwrap();
        owner.post(&revoke, &[]).await;
        assert!(open().await.is_err());
    }
}
