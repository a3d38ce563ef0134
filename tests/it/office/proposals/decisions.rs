//! From a draft to a decision; what is accepted stands in the programme, once; what is told to whom.

use chrono::TimeDelta;
use parvis::{audit, identity::Role, programme};
use rocket::http::Status;

use super::{HOME, WHOLE, decide, filled, propose, send, two_partners, way};
use crate::{
    builders::session,
    harness::{App, Member},
    html::Found,
};

async fn draft(app: &App) -> programme::Draft {
    let mut db = app.pool.acquire().await.unwrap();
    programme::store::load(&mut db, "miso").await.unwrap().unwrap().1
}

async fn titles(app: &App) -> Vec<String> {
    draft(app).await.sessions.into_iter().map(|one| one.session.title).collect()
}

async fn rows(member: &Member<'_>, path: &str) -> Vec<String> {
    Found::on(&member.get(path).await.body).texts("tbody th > a")
}

async fn subjects(app: &App, email: &str) -> Vec<String> {
    app.mails_to(email).await.into_iter().map(|mail| mail.subject).collect()
}

on_both_engines! {
    async fn what_an_accepted_proposal_is_in_the_way_of_is_said_before_and_once_more_where_it_is_new(app: App) {
        app.publish(&two_partners(vec![crate::builders::on_day(session("s-0", 3), 2)])).await;
        let partner = app.signed_in(Role::Partner).await;
        let editor = app.signed_in(Role::Editor).await;
        let one = propose(&partner, &[&WHOLE[..], &[("start", "10:30"), ("end", "11:00")]].concat()).await;
        let edit = filled(&partner.get(&format!("{one}/edit")).await, "form.wide", &[("start", "10:30"), ("end", "11:00"), ("act", "send")]);
        way(&send(&partner, &one, &edit).await);
        let accept = format!("{one}/decision/accept");
        let warned = |page: &crate::harness::Page| Found::on(&page.body).texts(".notice.warn li");

        let page = editor.get(&accept).await;

        let said = "Même organisation (Collectif) à 10\u{a0}h\u{a0}30\u{a0}: Session s-0\u{a0}· Un jardin commun";
        assert_eq!(warned(&page), [said]);
        assert_eq!(warned(&editor.get(&format!("{one}/decision/refuse")).await), Vec::<String>::new());
        // Meanwhile somebody puts one more there.
        let mut draft = draft(&app).await;
        draft.sessions.push(crate::builders::on_day(session("s-1", 3), 2));
        app.publish(&draft).await;
        let form = filled(&page, "form.wide", &[("act", "send")]);
        let again = send(&editor, &accept, &form).await;
        assert_eq!(again.status, Status::UnprocessableEntity);
        assert_eq!(warned(&again), [said.to_owned(), said.replace("s-0", "s-1")]);
        assert_eq!(titles(&app).await.len(), 2, "it is not accepted yet");
        let form = Found::on(&again.body).fields("form.wide");
        let form: Vec<_> = form.into_iter().filter(|(name, _)| name != "act").chain([("act".to_owned(), "send".to_owned())]).collect();
        assert_eq!(way(&send(&editor, &accept, &form).await), one);
        assert_eq!(titles(&app).await.len(), 3);
    }

    async fn a_draft_is_its_writers_own_until_it_is_sent_and_waits_then(app: App) {
        app.publish(&two_partners(vec![session("s-0", 3)])).await;
        let partner = app.signed_in(Role::Partner).await;
        let editor = app.signed_in(Role::Editor).await;

        let one = propose(&partner, &[("title", "Un jardin"), ("act", "draft")]).await;

        assert!(partner.get(&one).await.body.contains("Brouillon"));
        assert_eq!(editor.get(&one).await.status, Status::NotFound);
        assert_eq!(rows(&editor, HOME).await, Vec::<String>::new());
        // It cannot be sent like this: a day is missing.
        let edit = filled(&partner.get(&format!("{one}/edit")).await, "form.wide", &[("act", "send")]);
        let wrong = send(&partner, &one, &edit).await;
        assert_eq!(wrong.status, Status::UnprocessableEntity);
        assert!(wrong.body.contains("value=\"Un jardin\"") && wrong.body.contains("f-date-mistake"), "{}", wrong.body);
        let edit = filled(&partner.get(&format!("{one}/edit")).await, "form.wide", &WHOLE);
        assert_eq!(way(&send(&partner, &one, &edit).await), one);
        assert_eq!(rows(&editor, HOME).await, ["Un jardin commun"]);
        let seen = editor.get(&one).await.body.replace('\u{a0}', " ");
        assert!(seen.contains("<strong>Venez</strong>") && seen.contains("Mercredi 21 avril 2027"), "{seen}");
        assert_eq!(titles(&app).await, ["Session s-0"], "nothing is in the programme yet");
        // The team is told, once, when it has settled.
        assert_eq!(subjects(&app, "editor@example.org").await, Vec::<String>::new());
        app.pass(TimeDelta::minutes(11));
        app.run_due().await;
        assert_eq!(subjects(&app, "editor@example.org").await, ["Du nouveau dans une proposition"]);
        app.pass(TimeDelta::minutes(11));
        app.run_due().await;
        assert_eq!(subjects(&app, "editor@example.org").await.len(), 1);
    }

    async fn a_form_that_is_sent_twice_is_one_proposal(app: App) {
        app.publish(&two_partners(vec![])).await;
        let partner = app.signed_in(Role::Partner).await;
        let fields = filled(&partner.get(&format!("{HOME}/new")).await, "form.wide", &WHOLE);

        let first = way(&send(&partner, HOME, &fields).await);
        let second = way(&send(&partner, HOME, &fields).await);

        assert_eq!(first, second);
        assert_eq!(rows(&partner, HOME).await, ["Un jardin commun"]);
    }

    async fn what_is_accepted_is_in_the_draft_once_with_whose_it_is_and_the_mail_is_in_the_team_s_words(app: App) {
        app.publish(&two_partners(vec![session("s-0", 3)])).await;
        let partner = app.signed_in(Role::Partner).await;
        let editor = app.signed_in(Role::Editor).await;
        let one = propose(&partner, &WHOLE).await;
        let form = editor.get(&format!("{one}/decision/accept")).await.body;
        assert!(form.contains("{session}") && form.contains("partner@example.org"), "{form}");

        let odd = decide(&editor, &one, "accept", &[("text", "{{ 7*7 }} {nom}"), ("act", "send")]).await;
        assert_eq!(odd.status, Status::UnprocessableEntity);
        assert!(odd.body.contains("{nom}") && odd.body.contains("{{ 7*7 }}"));
        let look = decide(&editor, &one, "accept", &[("text", "**Bravo** {name} pour {session}"), ("act", "preview")]).await;
        assert_eq!(look.status, Status::Ok);
        assert!(look.body.contains("Bravo Camille partner pour Un jardin commun"), "{}", look.body);
        assert_eq!(titles(&app).await, ["Session s-0"], "a look changes nothing");
        let done = decide(&editor, &one, "accept", &[("text", "**Bravo** {name} pour {session}"), ("act", "send")]).await;
        assert_eq!(way(&done), one);

        let sessions = draft(&app).await.sessions;
        assert_eq!(titles(&app).await, ["Session s-0", "Un jardin commun"]);
        assert_eq!(sessions[1].session.hosts, ["collectif"]);
        let mail = app.mails_to("partner@example.org").await.pop().unwrap();
        assert_eq!(mail.subject, "Un jardin commun\u{a0}: votre proposition est acceptée");
        assert!(mail.text.contains("Bravo Camille partner pour Un jardin commun"), "{}", mail.text);
        assert!(mail.text.contains(&one), "{}", mail.text);
        let late = editor.post(&format!("{one}/decision/accept"), &[("act", "send")]).await;
        assert!(late.location().ends_with("?done=late"), "{}", late.location());
        assert_eq!(titles(&app).await.len(), 2, "once");
        assert!(partner.get(&one).await.body.contains("Bravo Collectif"), "its page keeps what was said");
        let mut db = app.pool.acquire().await.unwrap();
        let known = audit::store::actions(&mut db).await.unwrap();
        assert_eq!(known, ["proposal.add", "proposal.decide", "release.publish", "session.add"]);
    }

    async fn what_is_decided_is_what_was_read(app: App) {
        app.publish(&two_partners(vec![])).await;
        let partner = app.signed_in(Role::Partner).await;
        let editor = app.signed_in(Role::Editor).await;
        let one = propose(&partner, &WHOLE).await;
        let form = filled(&editor.get(&format!("{one}/decision/accept")).await, "form.wide", &[("act", "send")]);
        let edit = filled(&partner.get(&format!("{one}/edit")).await, "form.wide", &[("title", "Autre chose"), ("act", "send")]);
        way(&send(&partner, &one, &edit).await);

        let crossed = send(&editor, &format!("{one}/decision/accept"), &form).await;

        assert_eq!(crossed.status, Status::Conflict);
        assert!(crossed.body.contains("a été changée depuis"), "{}", crossed.body);
        assert_eq!(titles(&app).await, Vec::<String>::new());
        assert_eq!(way(&decide(&editor, &one, "accept", &[("act", "send")]).await), one);
        assert_eq!(titles(&app).await, ["Autre chose"]);
    }

    async fn it_is_talked_about_corrected_refused_and_thought_over(app: App) {
        app.publish(&two_partners(vec![])).await;
        let partner = app.signed_in(Role::Partner).await;
        let editor = app.signed_in(Role::Editor).await;
        let one = propose(&partner, &WHOLE).await;

        way(&decide(&editor, &one, "discuss", &[("text", "Quand ?\n\nOù ?"), ("act", "send")]).await);
        let seen = partner.get(&one).await.body;
        assert!(seen.contains("À discuter") && seen.contains("Quand ?"), "{seen}");
        way(&partner.post(&format!("{one}/comments"), &[("comment", "Le soir.\r\nAu jardin.")]).await);
        let empty = partner.post(&format!("{one}/comments"), &[("comment", " ")]).await;
        assert_eq!(empty.status, Status::UnprocessableEntity);
        let edit = filled(&partner.get(&format!("{one}/edit")).await, "form.wide", &[("place", "maison"), ("act", "send")]);
        way(&send(&partner, &one, &edit).await);
        let seen = editor.get(&one).await.body;
        assert!(seen.contains("Au jardin.") && seen.contains("Maison des associations"), "{seen}");
        way(&decide(&editor, &one, "refuse", &[("act", "send")]).await);
        assert_eq!(editor.get(&format!("{one}/decision/accept")).await.status, Status::NotFound);
        assert_eq!(partner.get(&format!("{one}/edit")).await.status, Status::NotFound, "it is decided");
        way(&partner.post(&format!("{one}/comments"), &[("comment", "Dommage, pourquoi ?")]).await);
        way(&decide(&editor, &one, "discuss", &[("act", "send")]).await);
        way(&decide(&editor, &one, "accept", &[("act", "send")]).await);
        assert_eq!(titles(&app).await, ["Un jardin commun"]);
        assert_eq!(subjects(&app, "partner@example.org").await.len(), 4, "one mail a decision");
        // The team hears of all that it has not seen in one mail.
        app.pass(TimeDelta::minutes(11));
        app.run_due().await;
        assert_eq!(subjects(&app, "editor@example.org").await, ["Du nouveau dans une proposition"]);
    }

    async fn it_is_taken_back_and_taken_up_again(app: App) {
        app.publish(&two_partners(vec![])).await;
        let partner = app.signed_in(Role::Partner).await;
        let editor = app.signed_in(Role::Editor).await;
        let one = propose(&partner, &WHOLE).await;

        assert_eq!(editor.post(&format!("{one}/withdrawal"), &[]).await.location(), format!("{one}?done=late"), "not theirs to do");
        way(&partner.post(&format!("{one}/withdrawal"), &[]).await);
        assert_eq!(editor.get(&format!("{one}/decision/accept")).await.status, Status::NotFound);
        way(&partner.post(&format!("{one}/return"), &[]).await);
        assert!(partner.get(&one).await.body.contains("Brouillon"));
        assert_eq!(editor.get(&one).await.status, Status::NotFound);
    }

    async fn a_change_of_a_published_session_waits_and_is_taken_field_by_field(app: App) {
        app.publish(&two_partners(vec![session("s-0", 3)])).await;
        app.register("ana@example.org", &["s-0"]).await;
        let partner = app.signed_in(Role::Partner).await;
        let editor = app.signed_in(Role::Editor).await;
        let change = format!("{HOME}/sessions/s-0/change");
        let post = format!("{HOME}/sessions/s-0");
        let same = filled(&partner.get(&change).await, "form.wide", &[("act", "send")]);
        assert_eq!(send(&partner, &post, &same).await.location(), format!("{HOME}?done=same"));
        let fields = filled(&partner.get(&change).await, "form.wide", &[("title", "Un autre titre"), ("start", "10:30"), ("capacity", "9"), ("act", "send")]);
        let one = way(&send(&partner, &post, &fields).await);

        assert_eq!(titles(&app).await, ["Session s-0"]);
        assert_eq!(way(&partner.get(&change).await), format!("{one}/edit"), "one open change at a time");
        let seen = Found::on(&editor.get(&one).await.body);
        assert_eq!(seen.texts("tbody th"), ["Titre", "Début", "Capacité"]);
        assert_eq!(seen.texts("tbody del"), ["Session s-0", "10\u{a0}h", "3"]);
        assert_eq!(seen.texts("tbody ins"), ["Un autre titre", "10\u{a0}h\u{a0}30", "9"]);
        // Meanwhile an editor changes the title, too, and the text, which the partner left alone.
        let form = filled(&editor.get("/fr/office/miso/sessions/s-0").await, "form.wide", &[("title", "Le titre de l’équipe"), ("abstract", "Un texte.")]);
        assert_eq!(send(&editor, "/fr/office/miso/sessions/s-0", &form).await.status, Status::SeeOther);
        let page = editor.get(&format!("{one}/decision/accept")).await;
        let ticked = Found::on(&page.body).attributes("input[name=take][checked]", "value");
        assert_eq!(ticked, ["start", "capacity"], "what both have changed is not taken without a word");
        assert!(page.body.contains("Changé par quelqu’un d’autre depuis"));
        way(&decide(&editor, &one, "accept", &[("act", "send")]).await);

        let after = &draft(&app).await.sessions[0];
        assert_eq!(after.session.title, "Le titre de l’équipe");
        assert_eq!(after.session.r#abstract, "Un texte.");
        assert_eq!(after.session.start.unwrap().to_string(), "10:30:00");
        let seat = app.house().board.seat(after.session.id).unwrap();
        assert_eq!(seat.capacity, Some(9), "what is live is in force at once");
        let public = app.get("/fr/miso/sessions/s-0").await.body;
        assert!(public.contains("Session s-0") && !public.contains("Le titre"), "the rest waits for its release");
    }

    async fn two_people_of_one_organisation_correct_it_at_once_and_lose_nothing(app: App) {
        app.publish(&two_partners(vec![])).await;
        let partner = app.signed_in(Role::Partner).await;
        let editor = app.signed_in(Role::Editor).await;
        let one = propose(&partner, &WHOLE).await;
        let first = filled(&partner.get(&format!("{one}/edit")).await, "form.wide", &[("title", "À la une"), ("act", "send")]);
        let second = filled(&editor.get(&format!("{one}/edit")).await, "form.wide", &[("title", "Autrement"), ("abstract", "Un mot."), ("act", "send")]);
        way(&send(&partner, &one, &first).await);

        let crossed = send(&editor, &one, &second).await;

        assert_eq!(crossed.status, Status::Conflict);
        assert!(crossed.body.contains("À la une") && crossed.body.contains("value=\"Autrement\"") && crossed.body.contains("Un mot."), "{}", crossed.body);
        let again = Found::on(&crossed.body).fields("form.wide");
        way(&send(&editor, &one, &again).await);
        assert!(partner.get(&one).await.body.contains("Autrement"));
    }
}
