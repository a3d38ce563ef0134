//! Two people at one form, and one form that is sent twice: nobody's work is lost, and nothing is made a second time.

use std::collections::BTreeMap;

use parvis::{identity::Role, programme::Capacity};
use rocket::http::Status;

use super::draft::{draft_of, form_of, mistakes, one, send, typed};
use crate::{
    builders::{miso, session},
    harness::{App, Member, Page},
    html::Found,
};

const SEATS: &str = "/fr/office/miso/registrations/forum";
const MESSAGES: &str = "/fr/office/miso/mails/messages";

/// A group in the first line of the form about seats.
fn with_group(form: &[(String, String)], group: &str, seats: &str) -> Vec<(String, String)> {
    typed(form, &[("group", group), ("seats", seats)])
}

async fn held(app: &App) -> BTreeMap<String, i64> {
    one(app, "forum").await.live.held
}

fn said(page: &Page) -> Vec<String> {
    Found::on(&page.body).texts("[role=alert] .draft-theirs")
}

async fn kept(member: &Member<'_>, text: &str) -> String {
    let fields = [("about", "programme"), ("to", "both"), ("subject_fr", "Note"), ("text_fr", text)];
    let page = member.post(MESSAGES, &fields).await;
    assert_eq!(page.status, Status::SeeOther, "{}", page.body);
    page.location().to_owned()
}

on_both_engines! {
    async fn seats_that_somebody_holds_meanwhile_are_not_lost_to_a_new_capacity(app: App) {
        app.publish(&miso(vec![session("forum", 12)])).await;
        let (ana, bo) = (app.signed_in(Role::Desk).await, app.signed_in(Role::Owner).await);
        let (first, second) = (form_of(&ana.get(SEATS).await), form_of(&bo.get(SEATS).await));
        let path = format!("{SEATS}/seats");
        let done = send(&bo, &path, &with_group(&second, "press", "2")).await;
        assert!(done.location().ends_with("?said=live"), "{} {}", done.status, done.body);

        let crossed = send(&ana, &path, &typed(&first, &[("capacity", "30")])).await;

        assert_eq!(crossed.status, Status::Conflict, "{}", crossed.location());
        assert_eq!(said(&crossed), ["press:2"]);
        assert_eq!(held(&app).await, BTreeMap::from([("press".to_owned(), 2)]));
        assert_eq!(one(&app, "forum").await.live.capacity, Capacity::Seats(12), "nothing is done yet");
        // Sent as it is now, it does what both of them want.
        let done = send(&ana, &path, &form_of(&crossed)).await;
        assert!(done.location().ends_with("?said=live"), "{}", done.status);
        assert_eq!(held(&app).await, BTreeMap::from([("press".to_owned(), 2)]));
        assert_eq!(one(&app, "forum").await.live.capacity, Capacity::Seats(30));

        // Who has changed the same is shown both, and what they typed stays.
        let crossed = send(&bo, &path, &with_group(&second, "press", "5")).await;
        assert_eq!(crossed.status, Status::Conflict);
        assert_eq!(said(&crossed), ["30", "press:2", "press:5"]);
        let form = form_of(&crossed);
        assert!(form.contains(&("seats".to_owned(), "5".to_owned())), "{form:?}");
        // Wrong first, then crossed: what was seen is not forgotten over a mistake.
        let wrong = send(&ana, &path, &typed(&first, &[("capacity", "beaucoup")])).await;
        assert_eq!(wrong.status, Status::UnprocessableEntity);
        let crossed = send(&ana, &path, &typed(&form_of(&wrong), &[("capacity", "40")])).await;
        assert_eq!(crossed.status, Status::Conflict);
        assert_eq!(app.broken().await, Vec::<String>::new());
    }

    async fn what_is_sent_to_people_is_what_its_sender_has_looked_at(app: App) {
        app.publish(&miso(vec![session("forum", 12)])).await;
        app.register("zoe@example.org", &["forum"]).await;
        let (ana, bo) = (app.signed_in(Role::Editor).await, app.signed_in(Role::Owner).await);
        let there = kept(&ana, "Bonjour").await;
        let looked = form_of(&ana.get(&there).await);
        let edit = format!("{there}/edit");
        let (first, second) = (form_of(&ana.get(&edit).await), form_of(&bo.get(&edit).await));
        let changed = send(&bo, &there, &typed(&second, &[("text_fr", "Les mots de Bo")])).await;
        assert_eq!(changed.location(), there);

        for act in ["tests", "sending", "removal"] {
            let refused = send(&ana, &format!("{there}/{act}"), &looked).await;
            assert_eq!(refused.status, Status::Conflict, "{act}");
            assert!(refused.body.contains("Quelqu’un d’autre a modifié ce message"), "{act}: {}", refused.body);
            assert!(refused.body.contains("Les mots de Bo"), "{act}: as it stands");
        }
        let blind = ana.post(&format!("{there}/sending"), &[]).await;
        assert_eq!(blind.status, Status::Conflict, "who has seen nothing sends nothing");
        assert_eq!(app.mails_to("zoe@example.org").await.len(), 1, "her seat, and nothing else");

        // The second of two who write is shown what the first has written.
        let crossed = send(&ana, &there, &typed(&first, &[("text_fr", "Les mots d’Ana"), ("to", "waiting")])).await;
        assert_eq!(crossed.status, Status::Conflict);
        assert_eq!(said(&crossed), ["Les mots de Bo", "Les mots d’Ana"]);
        let form = form_of(&crossed);
        for (name, value) in [("text_fr", "Les mots d’Ana"), ("to", "waiting")] {
            assert!(form.contains(&(name.to_owned(), value.to_owned())), "{name}: {form:?}");
        }
        assert_eq!(send(&ana, &there, &form).await.location(), there);

        let looked = form_of(&bo.get(&there).await);
        assert!(send(&bo, &format!("{there}/tests"), &looked).await.location().ends_with("?done=test"));
        let tried = app.mails_to("owner@example.org").await.pop().unwrap();
        assert!(tried.text.contains("Les mots d’Ana"), "{}", tried.text);
    }

    async fn sentences_that_two_write_at_once_are_both_there(app: App) {
        app.publish(&miso(vec![session("forum", 12)])).await;
        let (ana, bo) = (app.signed_in(Role::Editor).await, app.signed_in(Role::Owner).await);
        let path = "/fr/office/miso/mails/texts/confirmed";
        let (first, second) = (form_of(&ana.get(path).await), form_of(&bo.get(path).await));
        let done = send(&bo, path, &typed(&second, &[("intro_fr", "Bravo"), ("closing_fr", "À bientôt")])).await;
        assert_eq!(done.location(), format!("{path}?kept=1"));

        let crossed = send(&ana, path, &typed(&first, &[("intro_en", "Well done"), ("closing_fr", "Merci")])).await;

        assert_eq!(crossed.status, Status::Conflict, "{}", crossed.location());
        assert_eq!(said(&crossed), ["À bientôt", "Merci", "Bravo"]);
        assert_eq!(send(&ana, path, &form_of(&crossed)).await.location(), format!("{path}?kept=1"));
        let form: BTreeMap<String, String> = form_of(&ana.get(path).await).into_iter().collect();
        let now = ["intro_fr", "closing_fr", "intro_en", "closing_en"].map(|field| form[field].as_str());
        assert_eq!(now, ["Bravo", "Merci", "Well done", ""]);
    }

    async fn organisations_that_another_owner_has_ticked_meanwhile_are_shown(app: App) {
        let mut draft = miso(vec![session("forum", 3)]);
        let other = parvis::programme::Organisation { slug: "atelier".to_owned(), name: "L’Atelier".to_owned(), ..draft.organisations[0].clone() };
        draft.organisations.push(other);
        app.publish(&draft).await;
        let (owner, partner) = (app.signed_in(Role::Owner).await, app.signed_in(Role::Partner).await);
        let home = format!("/fr/office/users/{}", partner.id);
        let path = format!("{home}/organisations");
        let page = owner.get(&home).await;
        let all = Found::on(&page.body).attributes("input[name=organisation]", "value");
        let atelier = all.iter().find(|value| value.ends_with("/atelier")).unwrap();
        let form = form_of(&page);
        let both = [form.clone(), vec![("organisation".to_owned(), atelier.clone())]].concat();
        let done = send(&owner, &path, &both).await;
        assert_eq!(done.location(), format!("{home}?done=organisations"));

        let none: Vec<_> = form.iter().filter(|(name, _)| name != "organisation").cloned().collect();
        let crossed = send(&owner, &path, &none).await;

        assert_eq!(crossed.status, Status::Conflict);
        let told = said(&crossed);
        assert!(told[0].contains("L’Atelier") && told[0].contains(", "), "{told:?}");
        assert!(!form_of(&crossed).iter().any(|(name, _)| name == "organisation"), "as they were typed");
        let form = form_of(&owner.get(&home).await);
        assert_eq!(form.iter().filter(|(name, _)| name == "organisation").count(), 2, "nothing is done yet");
        assert_eq!(send(&owner, &path, &form_of(&crossed)).await.location(), format!("{home}?done=organisations"));
    }

    async fn a_new_session_whose_form_is_sent_again_is_there_once(app: App) {
        app.publish(&miso(vec![session("forum", 5)])).await;
        let editor = app.signed_in(Role::Editor).await;
        let (new, path) = ("/fr/office/miso/new/session", "/fr/office/miso/sessions");
        let fields = [("title", "Atelier d’eau"), ("date", "2027-04-22")];
        let form = typed(&form_of(&editor.get(new).await), &fields);

        let first = send(&editor, path, &form).await;
        let again = send(&editor, path, &form).await;

        let there = "/fr/office/miso/sessions/atelier-d-eau?done=added";
        assert_eq!((first.location(), again.location()), (there, there), "{:?}", mistakes(&again));
        assert_eq!(draft_of(&app).await.sessions.len(), 2);
        // A mistake on the way keeps the key.
        let other = typed(&form_of(&editor.get(new).await), &[("title", "Autre"), ("date", "jamais")]);
        let wrong = send(&editor, path, &other).await;
        let mended = typed(&form_of(&wrong), &[("date", "2027-04-23")]);
        let other = send(&editor, path, &mended).await.location().to_owned();
        assert_eq!(send(&editor, path, &mended).await.location(), other);
        // Another form that says the same is another session; so is this one, filled in otherwise.
        let same = send(&editor, path, &typed(&form_of(&editor.get(new).await), &fields)).await;
        assert!(same.location().ends_with("/atelier-d-eau-2?done=added") || same.status == Status::UnprocessableEntity, "{}", same.location());
        let taken_back = send(&editor, path, &typed(&form, &[("date", "2027-04-27")])).await;
        assert_eq!(taken_back.status, Status::SeeOther, "{:?}", mistakes(&taken_back));
        assert_ne!(taken_back.location(), there);
    }

    async fn a_copy_and_a_series_whose_forms_are_sent_again_are_there_once(app: App) {
        app.publish(&miso(vec![session("forum", 5)])).await;
        let editor = app.signed_in(Role::Editor).await;
        let (copy, series) = ("/fr/office/miso/sessions/forum/copy", "/fr/office/miso/sessions/forum/series");
        let form = typed(&form_of(&editor.get(copy).await), &[("title", "Forum du soir"), ("date", "2027-04-21")]);
        let first = send(&editor, copy, &form).await.location().to_owned();
        assert!(first.ends_with("?done=copied"), "{first}");
        assert_eq!(send(&editor, copy, &form).await.location(), first);
        assert_eq!(draft_of(&app).await.sessions.len(), 2);

        let form = typed(&form_of(&editor.get(series).await), &[("every", "1"), ("times", "2"), ("act", "preview")]);
        let looked = send(&editor, series, &form).await;
        assert_eq!(looked.status, Status::Ok);
        let form = typed(&form_of(&looked), &[("looked", "1")]);
        let first = send(&editor, series, &form).await.location().to_owned();
        assert!(first.contains("done=series"), "{first}");
        assert_eq!(send(&editor, series, &form).await.location(), first);
        assert_eq!(draft_of(&app).await.sessions.len(), 4);
        let form = typed(&form_of(&editor.get(copy).await), &[("title", "Forum du soir"), ("date", "2027-04-23")]);
        assert_ne!(send(&editor, copy, &form).await.location(), first);
        assert_eq!(draft_of(&app).await.sessions.len(), 5, "another form");
    }

    async fn a_role_that_another_owner_has_given_meanwhile_is_shown(app: App) {
        let (owner, desk) = (app.signed_in(Role::Owner).await, app.signed_in(Role::Desk).await);
        let home = format!("/fr/office/users/{}", desk.id);
        let path = format!("{home}/role");
        let seen = async || {
            let page = owner.get(&home).await.body;
            Found::on(&page).attributes("input[name=role_seen]", "value").remove(0)
        };
        let chosen =
            |page: &Page| Found::on(&page.body).attributes("select[name=role] option[selected]", "value");
        let first = seen().await;
        let done = owner.post(&path, &[("role", "press"), ("role_seen", &first)]).await;
        assert_eq!(done.location(), format!("{home}?done=role"));

        let crossed = owner.post(&path, &[("role", "editor"), ("role_seen", &first)]).await;

        assert_eq!(crossed.status, Status::Conflict);
        assert_eq!(said(&crossed), ["Presse", "Édition"]);
        assert_eq!(chosen(&crossed), ["editor"], "as it was typed");
        assert_eq!(chosen(&owner.get(&home).await), ["press"], "nothing is done yet");
        // Who has left it as it was is shown what it is now.
        let untouched = owner.post(&path, &[("role", "desk"), ("role_seen", &first)]).await;
        assert_eq!((untouched.status, chosen(&untouched)), (Status::Conflict, vec!["press".to_owned()]));
        let now = Found::on(&crossed.body).attributes("input[name=role_seen]", "value").remove(0);
        let done = owner.post(&path, &[("role", "editor"), ("role_seen", &now)]).await;
        assert_eq!(done.location(), format!("{home}?done=role"));
        // A double click has nothing to meet.
        let again = owner.post(&path, &[("role", "editor"), ("role_seen", &now)]).await;
        assert_eq!(again.location(), format!("{home}?done=role"));
    }

    async fn a_theme_a_place_and_an_organisation_sent_again_are_there_once(app: App) {
        app.publish(&miso(vec![session("forum", 5)])).await;
        let editor = app.signed_in(Role::Editor).await;
        for (area, fields) in [
            ("themes", [("title", "Eau vive"), ("colour", "#0b6e4f"), ("slug", "")]),
            ("places", [("name", "Salle 1"), ("address", "Rue de l’Exemple 1"), ("slug", "salle")]),
            ("organisations", [("name", "L’Atelier"), ("url", "https://example.org/"), ("slug", "")]),
        ] {
            let path = format!("/fr/office/miso/{area}");
            // The second has added nothing, and reads so, whoever was the first.
            for done in ["added", "there"] {
                let page = editor.post(&path, &fields).await;
                assert_eq!(page.location(), format!("{path}?done={done}"), "{:?}", mistakes(&page));
            }
            assert!(editor.get(&format!("{path}?done=there")).await.body.contains("déjà là, mot pour mot"));
            let other = editor.post(&path, &[fields[0], ("slug", "autre"), fields[1]]).await;
            assert_eq!(other.location(), format!("{path}?done=added"), "another address is another one");
        }
        let draft = draft_of(&app).await;
        assert_eq!((draft.themes.len(), draft.places.len(), draft.organisations.len()), (3, 3, 3));
    }
}
