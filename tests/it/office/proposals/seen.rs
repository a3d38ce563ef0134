//! Who sees what: a partner their own organisation's things, figures always, names where the programme says so; the same
//! number of questions to the database for one thing as for three.

use parvis::{audit::store, identity::Role};
use rocket::http::Status;

use super::{HOME, PDF, WHOLE, filled, jpeg, other_partner, propose, send, two_partners, upload, way};
use crate::{
    builders::{on_day, session},
    harness::App,
    html::Found,
};

on_both_engines! {
    async fn nobody_finds_another_organisation_s_things_by_their_address(app: App) {
        app.publish(&two_partners(vec![session("s-0", 3)])).await;
        app.register("ana@example.org", &["s-0"]).await;
        let partner = app.signed_in(Role::Partner).await;
        let one = propose(&partner, &WHOLE).await;
        way(&upload(&partner, &one, "a.pdf", PDF).await);
        let file = Found::on(&partner.get(&one).await.body).attributes(".proposal-files a", "href").remove(0);
        assert_eq!(partner.get(&file).await.status, Status::Ok);
        let session = format!("{HOME}/sessions/s-0");
        let gets = [one.clone(), format!("{one}/edit"), file.clone(), session.clone(), format!("{session}/change"), format!("{session}/access-needs")];
        let posts = [
            one.clone(), format!("{one}/comments"), format!("{one}/withdrawal"), format!("{one}/return"),
            format!("{one}/files"), format!("{file}/removal"), session.clone(),
        ];
        let other = other_partner(&app).await;
        for path in &gets {
            assert_eq!(partner.get(path).await.status, Status::Ok, "{path}");
            assert_eq!(other.get(path).await.status, Status::NotFound, "{path}");
        }
        for path in &posts {
            assert_eq!(other.post(path, &WHOLE).await.status, Status::NotFound, "{path}");
        }
        for (role, status) in [(Role::Desk, Status::Forbidden), (Role::Press, Status::Forbidden)] {
            let member = app.signed_in(role).await;
            for path in &gets {
                assert_eq!(member.get(path).await.status, status, "{path} as {}", role.code());
            }
        }
        assert!(!other.get(HOME).await.body.contains("Un jardin commun"));
        for path in [format!("{one}/decision/accept"), format!("{HOME}/partners")] {
            assert_eq!(partner.get(&path).await.status, Status::Forbidden, "{path}");
        }
        // A proposal cannot be made in another's name, nor below another programme's address.
        let theirs = propose(&other, &[&WHOLE[..], &[("organisation", "collectif")]].concat()).await;
        assert_eq!(partner.get(&theirs).await.status, Status::NotFound);
        assert_eq!(partner.get(&one.replace("/miso/", "/autre/")).await.status, Status::NotFound);
        // A file is below its own proposal, and nowhere else.
        let elsewhere = format!("{theirs}/files/{}", file.rsplit('/').next().unwrap());
        assert_eq!(other.get(&elsewhere).await.status, Status::NotFound);
    }

    async fn a_partner_sees_how_many_come_and_who_where_the_programme_says_so(app: App) {
        let mut draft = two_partners(vec![session("s-0", 1), session("s-1", 3)]);
        draft.sessions[1].session.hosts = vec!["voisins".to_owned()];
        app.publish(&draft).await;
        app.register("ana@example.org", &["s-0", "s-1"]).await;
        let form = [("name", "Bob Exemple"), ("email", "bob@example.org"), ("consent", "1"), ("session", "s-0"), ("access_needs", "Une rampe")];
        app.post("/fr/miso/register", &form).await;
        let partner = app.signed_in(Role::Partner).await;

        let list = Found::on(&partner.get(HOME).await.body);
        let path = format!("{HOME}/sessions/s-0");
        assert_eq!(list.attributes("td a[href*='/proposals/sessions/']:not(.button)", "href"), std::slice::from_ref(&path));
        let figures = partner.get(&path).await.body;
        assert_eq!(Found::on(&figures).texts(".counts dd"), ["1 sur 1", "1"]);
        let needs = partner.get(&format!("{path}/access-needs")).await.body;
        assert!(needs.contains("Une rampe"), "{needs}");
        for body in [&figures, &needs] {
            assert!(!body.contains("Exemple") && !body.contains("@example.org"), "{body}");
        }
        assert_eq!(partner.get(&format!("{HOME}/sessions/s-1")).await.status, Status::NotFound);
        // The owner says otherwise, in the settings, and publishes.
        let owner = app.signed_in(Role::Owner).await;
        let settings = "/fr/office/miso/settings";
        let fields = filled(&owner.get(settings).await, "form.wide", &[("rules.partners_see_names", "true")]);
        assert_eq!(send(&owner, settings, &fields).await.location(), format!("{settings}?done=saved"));
        parvis::publication::publish(app.house(), "miso", "").await.unwrap();
        parvis::publication::refresh(app.house()).await.unwrap();
        let names = partner.get(&path).await.body;
        assert!(names.contains("Ana Exemple") && names.contains("Bob Exemple") && !names.contains("bob@example.org"), "{names}");
        assert!(partner.get(&format!("{path}/access-needs")).await.body.contains("Bob Exemple"));
        let off: Vec<_> = filled(&owner.get(settings).await, "form.wide", &[]).into_iter().filter(|(name, _)| name != "rules.partners_see_names").collect();
        assert_eq!(send(&owner, settings, &off).await.location(), format!("{settings}?done=saved"));
    }

    async fn a_page_asks_as_often_for_one_thing_as_for_three(app: App) {
        let sessions = (0..3).map(|n| on_day(session(&format!("s-{n}"), 3), n)).collect();
        app.publish(&two_partners(sessions)).await;
        let partner = app.signed_in(Role::Partner).await;
        let editor = app.signed_in(Role::Editor).await;
        let one = propose(&partner, &WHOLE).await;
        let say = async |times: usize| {
            for n in 0..times {
                way(&partner.post(&format!("{one}/comments"), &[("comment", "Bonjour")]).await);
                way(&upload(&partner, &one, &format!("{n}.pdf"), PDF).await);
            }
        };
        say(1).await;
        let pages = [HOME, one.as_str()];
        let mut first = Vec::new();
        for path in pages {
            first.push((partner.statements(path).await, editor.statements(path).await));
        }
        let partners = editor.statements(&format!("{HOME}/partners")).await;
        for n in 0..2 {
            propose(&partner, &[&WHOLE[..], &[("key", ["a", "b"][n])]].concat()).await;
        }
        say(2).await;
        way(&editor.post(&format!("{HOME}/partners/collectif/link"), &[]).await);
        way(&editor.post(&format!("{HOME}/partners/voisins/link"), &[]).await);

        let mut second = Vec::new();
        for path in pages {
            second.push((partner.statements(path).await, editor.statements(path).await));
        }

        assert_eq!(second, first);
        assert_eq!(editor.statements(&format!("{HOME}/partners")).await, partners);
    }

    async fn an_organisation_with_files_keeps_the_newest_picture_and_no_more_than_it_may(app: App) {
        app.publish(&two_partners(vec![])).await;
        let partner = app.signed_in(Role::Partner).await;
        let one = propose(&partner, &WHOLE).await;
        for name in ["un.jpg", "deux.jpg"] {
            way(&upload(&partner, &one, name, &jpeg()).await);
        }
        for _ in 0..5 {
            way(&upload(&partner, &one, "a.pdf", PDF).await);
        }
        let page = Found::on(&partner.get(&one).await.body);
        assert_eq!(page.attributes(".proposal-picture img", "src").len(), 1);
        assert!(page.text("figcaption").starts_with("deux.jpg"));
        assert_eq!(page.texts(".proposal-files li").len(), 5);

        let full = upload(&partner, &one, "b.pdf", PDF).await;

        assert_eq!(full.status, Status::UnprocessableEntity);
        assert!(full.body.contains("trop de fichiers"), "{}", full.body);
        let removal = page.attributes(".proposal-files form", "action").remove(0);
        way(&partner.post(&removal, &[]).await);
        assert_eq!(partner.post(&removal, &[]).await.status, Status::NotFound, "it is gone");
        way(&upload(&partner, &one, "b.pdf", PDF).await);
        way(&partner.post(&format!("{one}/withdrawal"), &[]).await);
        assert_eq!(upload(&partner, &one, "c.pdf", PDF).await.status, Status::NotFound);

        // The log says which, by the house's name: what its sender calls a file may name somebody.
        let mut db = app.pool.acquire().await.unwrap();
        let lines = store::lines(&mut db, &store::Filter::default(), 50).await.unwrap();
        let gone = lines.iter().find(|line| line.action == "proposal.unfile").unwrap();
        let gone = &gone.before.as_ref().unwrap().0;
        let id = removal.trim_end_matches("/removal").rsplit('/').next().unwrap();
        assert_eq!((&gone["file"], &gone["media"]), (&id.into(), &"application/pdf".into()));
        let added = lines.iter().filter(|line| line.action == "proposal.file");
        let added: Vec<_> = added.map(|line| (&line.before, line.after.as_ref().unwrap())).collect();
        assert_eq!(added.len(), 8);
        assert_eq!(added.iter().filter(|(before, _)| before.is_some()).count(), 1, "one picture took another's place");
        for (_, after) in added {
            assert!(after.0["bytes"].as_i64().unwrap() > 0 && !after.0.to_string().contains(".pdf"), "{after:?}");
        }
    }
}
