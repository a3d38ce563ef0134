//! Two who work on one proposal at the same time: nobody loses what they have typed, and nobody decides on what they have not
//! seen. And long lists.

use chrono::TimeDelta;
use parvis::identity::Role;
use rocket::http::Status;

use super::{
    HOME, PDF, WHOLE, call::open, called, decide, filled, joining, propose, send, two_partners, upload, way,
};
use crate::{builders::session, harness::App, html::Found};

on_both_engines! {
    async fn who_edits_while_the_team_decides_loses_nothing(app: App) {
        app.publish(&two_partners(vec![])).await;
        let partner = app.signed_in(Role::Partner).await;
        let editor = app.signed_in(Role::Editor).await;
        let one = propose(&partner, &WHOLE).await;
        let edit = filled(&partner.get(&format!("{one}/edit")).await, "form.wide", &[("abstract", "Une heure de travail."), ("act", "send")]);
        way(&decide(&editor, &one, "refuse", &[("act", "send")]).await);

        let late = send(&partner, &one, &edit).await;

        assert_eq!(late.status, Status::Conflict);
        assert!(late.body.contains("Une heure de travail.") && late.body.contains("Entre-temps, cette proposition a été décidée"), "{}", late.body);
        assert!(Found::on(&late.body).attributes("button[name=act]", "value").is_empty(), "nothing can be sent any more");
        let page = partner.get(&format!("{one}?done=late")).await.body;
        assert_eq!(Found::on(&page).texts(".notice.warn").len(), 1, "{page}");
    }

    async fn who_proposed_through_the_call_loses_nothing_either(app: App) {
        open(&app).await;
        let link = called(&app, "lou@example.org").await;
        let edit = filled(&app.get(&format!("{link}/edit")).await, "form.wide", &[("abstract", "Une heure de travail."), ("act", "send")]);
        let edit: Vec<_> = edit.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let editor = app.signed_in(Role::Editor).await;
        let one = Found::on(&editor.get(HOME).await.body).attributes("tbody th a", "href").remove(0);
        way(&decide(&editor, &one, "accept", &[("act", "send")]).await);

        let late = app.post(&link, &edit).await;

        assert_eq!(late.status, Status::Conflict);
        assert!(late.body.contains("Une heure de travail.") && late.body.contains("Entre-temps"), "{}", late.body);
    }

    async fn files_change_only_while_it_is_open_and_who_decides_looks_at_them_again(app: App) {
        app.publish(&two_partners(vec![])).await;
        let partner = app.signed_in(Role::Partner).await;
        let editor = app.signed_in(Role::Editor).await;
        let one = propose(&partner, &WHOLE).await;
        let accept = format!("{one}/decision/accept");
        let read = filled(&editor.get(&accept).await, "form.wide", &[("act", "send")]);
        way(&upload(&partner, &one, "a.pdf", PDF).await);
        assert_eq!(send(&editor, &accept, &read).await.status, Status::Conflict, "a file has come");
        let read = filled(&editor.get(&accept).await, "form.wide", &[("act", "send")]);
        way(&upload(&partner, &one, "b.pdf", PDF).await);
        let removal = Found::on(&partner.get(&one).await.body).attributes(".proposal-files form", "action").remove(0);
        way(&partner.post(&removal, &[]).await);
        assert_eq!(send(&editor, &accept, &read).await.status, Status::Conflict, "one has gone");
        let kept = Found::on(&partner.get(&one).await.body).attributes(".proposal-files form", "action").remove(0);
        way(&decide(&editor, &one, "accept", &[("act", "send")]).await);

        for member in [&partner, &editor] {
            assert_eq!(upload(member, &one, "c.pdf", PDF).await.status, Status::NotFound);
            assert_eq!(member.post(&kept, &[]).await.location(), format!("{one}?done=late#files"));
        }
        assert_eq!(Found::on(&partner.get(&one).await.body).texts(".proposal-files li").len(), 1);
    }

    async fn what_was_taken_back_to_be_written_on_is_named_to_nobody_of_the_team(app: App) {
        app.publish(&two_partners(vec![])).await;
        let partner = app.signed_in(Role::Partner).await;
        let editor = app.signed_in(Role::Editor).await;
        let one = propose(&partner, &WHOLE).await;
        way(&partner.post(&format!("{one}/withdrawal"), &[]).await);
        way(&partner.post(&format!("{one}/return"), &[]).await);
        let edit = filled(&partner.get(&format!("{one}/edit")).await, "form.wide", &[("title", "Encore secret"), ("act", "draft")]);
        way(&send(&partner, &one, &edit).await);
        // One that stays with the team: it is told of that, in the same mail in which it would be told of the other.
        propose(&partner, &[&WHOLE[1..], &[("title", "Un four à pain"), ("key", "2")]].concat()).await;

        app.pass(TimeDelta::minutes(11));
        app.run_due().await;

        let told = app.mails_to("editor@example.org").await;
        assert_eq!(told.len(), 1);
        assert!(told[0].text.contains("Un four à pain"), "{}", told[0].text);
        for (title, text) in [("Encore secret", &told[0].text), ("Un jardin commun", &told[0].text), ("Un jardin commun", &told[0].html)] {
            assert!(!text.contains(title), "{title}: {text}");
        }
        drop(editor);
    }

    async fn pages_are_read_and_mistakes_are_told_while_somebody_else_has_the_turn_to_write(app: App) {
        open(&app).await;
        let partner = app.signed_in(Role::Partner).await;
        let editor = app.signed_in(Role::Editor).await;
        let one = propose(&partner, &WHOLE).await;
        let link = called(&app, "lou@example.org").await;
        let half = [("title", ""), ("act", "send")];
        let edit = filled(&partner.get(&format!("{one}/edit")).await, "form.wide", &half);
        let mine = filled(&app.get(&format!("{link}/edit")).await, "form.wide", &half);
        let mine: Vec<_> = mine.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();

        let mut turn = app.pool.begin().await.unwrap();
        let miso = parvis::programme::store::id_of(&mut turn, "miso").await.unwrap().unwrap();
        parvis::programme::store::hold(&mut turn, miso).await.unwrap();
        let answered = async {
            for (member, path) in [(&partner, HOME), (&editor, &one), (&editor, &format!("{one}/decision/accept"))] {
                assert_eq!(member.get(path).await.status, Status::Ok, "{path}");
            }
            assert_eq!(app.get(&link).await.status, Status::Ok);
            [
                app.post("/fr/miso/call", &half).await,
                app.post(&link, &mine).await,
                partner.post(HOME, &half).await,
                send(&partner, &one, &edit).await,
            ]
        };
        // Whoever asks for the turn waits until it ends.
        let told = tokio::time::timeout(std::time::Duration::from_secs(30), answered).await.expect("nobody waits for it");
        for page in told {
            assert_eq!(page.status, Status::UnprocessableEntity, "{}", page.body);
            assert_eq!(Found::on(&page.body).texts(".mistakes h2").len(), 1, "{}", page.body);
        }
        drop(turn);
    }

    async fn of_a_long_talk_the_newest_is_shown(app: App) {
        app.publish(&two_partners(vec![])).await;
        let partner = app.signed_in(Role::Partner).await;
        let one = propose(&partner, &WHOLE).await;
        let id = one.rsplit('/').next().unwrap().parse().unwrap();
        let mut tx = app.pool.begin().await.unwrap();
        for n in 0..650 {
            app.pass(TimeDelta::milliseconds(2));
            let line = parvis::proposals::store::lines::Line::comment(app.tokens.id(app.now()), parvis::proposals::Side::Team, None, format!("message {n}."), app.now());
            parvis::proposals::store::lines::add(&mut tx, id, &line).await.unwrap();
        }
        tx.commit().await.unwrap();

        let page = partner.get(&one).await.body;

        assert!(page.contains("message 649.") && !page.contains("message 0."));
    }

    async fn a_long_list_has_pages_and_counts_that_are_true(app: App) {
        app.publish(&two_partners(vec![])).await;
        let partner = app.signed_in(Role::Partner).await;
        let editor = app.signed_in(Role::Editor).await;
        for n in 0..53 {
            let (title, key) = (format!("Titre {n:02}"), n.to_string());
            propose(&partner, &[&WHOLE[1..], &[("title", title.as_str()), ("key", key.as_str())]].concat()).await;
            app.pass(TimeDelta::seconds(1));
        }
        propose(&partner, &[("title", "Brouillon"), ("act", "draft")]).await;
        let rows = async |member: &crate::harness::Member<'_>, path: &str| Found::on(&member.get(path).await.body).texts("tbody th > a");
        let first = rows(&editor, HOME).await;
        assert_eq!((first.len(), first[0].as_str()), (50, "Titre 52"), "the newest first");
        assert_eq!(rows(&editor, &format!("{HOME}?page=2")).await, ["Titre 02", "Titre 01", "Titre 00"]);
        assert_eq!(rows(&editor, &format!("{HOME}?page=99")).await.len(), 3, "the last");
        assert_eq!(rows(&editor, &format!("{HOME}?state=draft")).await.len(), 0);
        assert_eq!(rows(&partner, &format!("{HOME}?state=draft")).await, ["Brouillon"]);
        let tabs = Found::on(&editor.get(HOME).await.body).texts("nav[aria-label='Quelles propositions'] a");
        assert_eq!(tabs, ["À décider (53)", "Nouvelles (53)"]);
    }

    async fn the_desk_does_not_read_what_the_team_says_to_who_proposes(app: App) {
        app.publish(&two_partners(vec![])).await;
        let partner = app.signed_in(Role::Partner).await;
        let editor = app.signed_in(Role::Editor).await;
        let one = propose(&partner, &WHOLE).await;
        way(&decide(&editor, &one, "refuse", &[("text", "Un refus délicat."), ("act", "send")]).await);
        let mails = "/fr/office/miso/mails";
        let mail = Found::on(&editor.get(mails).await.body).attributes("tbody a[href*='/office/mails/']", "href").remove(0);
        assert!(editor.get(&mail).await.body.contains("Un refus délicat."), "it was there");

        let desk = app.signed_in(Role::Desk).await;
        for path in [mails.to_owned(), format!("{mails}?kind=proposal"), "/fr/office/mails".to_owned()] {
            let page = desk.get(&path).await;
            assert_eq!(page.status, Status::Ok);
            assert!(!page.body.contains("partner@example.org") && !page.body.contains(&mail), "{path}: {}", page.body);
        }
        assert_eq!(desk.get(&mail).await.status, Status::NotFound);
        assert_eq!(desk.get(&format!("{mail}/page")).await.status, Status::NotFound);
    }

    async fn the_desk_does_not_read_that_somebody_proposes_or_joins_on_the_page_of_who_is_registered(app: App) {
        app.publish(&two_partners(vec![session("atelier", 3)])).await;
        app.register("partner@example.org", &["atelier"]).await;
        let partner = app.signed_in(Role::Partner).await;
        let editor = app.signed_in(Role::Editor).await;
        let one = propose(&partner, &WHOLE).await;
        way(&decide(&editor, &one, "refuse", &[("act", "send")]).await);
        let link = joining::link(&app, "voisins").await;
        joining::join(&app, &link, "partner@example.org").await;
        joining::mailed(&app, "partner@example.org").await;
        let desk = app.signed_in(Role::Desk).await;
        let people = Found::on(&editor.get("/fr/office/miso/people").await.body).links("tbody");
        let kinds = async |member: &crate::harness::Member<'_>| {
            let page = member.get(&people[0].1).await;
            let mut kinds = Found::on(&page.body).texts("[aria-labelledby=mails] tbody th");
            kinds.sort();
            kinds
        };

        assert_eq!(kinds(&editor).await, ["Entrée au bureau", "Inscription", "Proposition"], "they are there");
        assert_eq!(kinds(&desk).await, ["Inscription"]);
        let listed = desk.get("/fr/office/mails?kind=joining").await.body;
        assert!(Found::on(&listed).texts("tbody a").is_empty(), "{listed}");
    }
}
