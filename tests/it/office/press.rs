//! Releases to the press, written in the office: what the press officer does, and what the public reads of it.

use std::collections::BTreeMap;

use parvis::{audit, identity::Role, programme::PressRelease, publication};
use rocket::http::Status;

use super::draft::{draft_of, form_of, mistakes, pages::is_hostile, send, typed};
use crate::{
    builders::{first_day, miso, session},
    harness::{App, Member},
    html::Found,
};

const LIST: &str = "/fr/office/miso/press";
const NEW: &str = "/fr/office/miso/new/press";
const ONE: &str = "/fr/office/miso/press/annonce";
const PUBLISH: &str = "/fr/office/miso/publish";

/// A release to the press of the first day.
pub fn release(slug: &str, language: &str) -> PressRelease {
    PressRelease {
        slug: slug.to_owned(),
        title: format!("Communiqué {slug}"),
        place: "Genève".to_owned(),
        date: first_day(),
        language: language.to_owned(),
        body: "Du *neuf*.".to_owned(),
    }
}

async fn publish(app: &App) {
    publication::publish(app.house(), "miso", "").await.unwrap();
    publication::refresh(app.house()).await.unwrap();
}

/// The headlines of the public press page.
async fn headlines(app: &App) -> Vec<String> {
    Found::on(&app.get("/fr/miso/press").await.body).texts(".list h3")
}

/// What the list says of each: headline and address, day and language, state.
async fn list(who: &Member<'_>) -> Vec<[String; 3]> {
    let page = Found::on(&who.get(LIST).await.body);
    let cells = |selector: &str| page.texts(selector).into_iter();
    let rows = cells("tbody th").zip(cells("tbody td:nth-child(2)")).zip(cells("tbody td:nth-child(3)"));
    rows.map(|((headline, day), state)| [headline, day, state]).collect()
}

/// What publishing would change beside the sessions.
async fn parts(who: &Member<'_>) -> Vec<String> {
    Found::on(&who.get(PUBLISH).await.body).texts("#changes > ul > li")
}

/// What the log says of releases to the press, sorted.
async fn logged(app: &App) -> Vec<(String, String)> {
    let mut db = app.pool.acquire().await.unwrap();
    let lines = audit::store::lines(&mut db, &Default::default(), 50).await.unwrap();
    let lines = lines.into_iter().filter(|line| line.action.starts_with("press."));
    let mut lines: Vec<_> = lines.map(|line| (line.action, line.subject)).collect();
    lines.sort();
    lines
}

on_both_engines! {
    async fn what_a_press_officer_writes_corrects_and_removes_is_on_the_press_page_once_it_is_published(app: App) {
        app.publish(&miso(vec![session("forum", 5)])).await;
        let press = app.signed_in(Role::Press).await;
        let form = form_of(&press.get(NEW).await);
        assert!(form.contains(&("date".to_owned(), "2027-03-01".to_owned())), "today: {form:?}");

        let written = [("title", "Un mois pour essayer"), ("place", "Genève"), ("text", "Du *neuf*.\r\n\r\n- un\r\n")];
        let added = send(&press, LIST, &typed(&form, &written)).await;
        assert_eq!(added.location(), "/fr/office/miso/press?done=added", "{:?}", mistakes(&added));
        let row = |state: &str| {
            ["Un mois pour essayerun-mois-pour-essayer", "Genève, 1er\u{a0}mars 2027Français", state].map(str::to_owned)
        };
        let lacks = "Manque en anglais – écrire cette version";
        assert_eq!(list(&press).await, [row(&format!("pas encore publié{lacks}"))]);
        assert_eq!(parts(&press).await, ["l’espace presse"]);
        assert_eq!(headlines(&app).await, [""; 0], "not before it is published");
        publish(&app).await;
        assert_eq!(list(&press).await, [row(&format!("publié{lacks}"))]);
        assert_eq!(headlines(&app).await, ["Un mois pour essayer"]);
        let own = "/fr/miso/press/un-mois-pour-essayer";
        assert_eq!(Found::on(&app.get(own).await.body).texts("article :is(em, li)"), ["neuf", "un"]);

        let path = format!("{LIST}/un-mois-pour-essayer");
        let form = form_of(&press.get(&path).await);
        let same = send(&press, &path, &form).await;
        assert!(same.location().ends_with("?done=same"), "{:?}", mistakes(&same));
        let saved = send(&press, &path, &typed(&form, &[("title", "Un mois pour tout essayer"), ("slug", "ailleurs")])).await;
        assert_eq!(saved.location(), format!("{path}?done=saved"), "the address stays");
        assert_eq!(list(&press).await[0][2], format!("modifié depuis la publication{lacks}"));
        publish(&app).await;
        assert_eq!(headlines(&app).await, ["Un mois pour tout essayer"]);

        let asked = press.get(&format!("{path}/removal")).await;
        assert!(asked.body.contains("il disparaît de l’espace presse"), "{}", asked.body);
        let gone = press.post(&format!("{path}/removal"), &[]).await;
        assert_eq!(gone.location(), "/fr/office/miso/press?done=removed");
        assert_eq!(app.get(own).await.status, Status::Ok, "until it is published");
        publish(&app).await;
        assert_eq!((app.get(own).await.status, headlines(&app).await), (Status::NotFound, Vec::new()));
        assert_eq!(press.get(&path).await.status, Status::NotFound);
        let subject = "press/un-mois-pour-essayer";
        let lines = ["press.add", "press.change", "press.remove"].map(|action| (action.to_owned(), subject.to_owned()));
        assert_eq!(logged(&app).await, lines);
    }

    async fn the_second_of_two_editors_of_a_release_is_shown_the_first_one_s_change_and_loses_nothing(app: App) {
        let mut draft = miso(vec![session("forum", 5)]);
        draft.press = vec![release("annonce", "fr")];
        app.publish(&draft).await;
        let (ana, bo) = (app.signed_in(Role::Press).await, app.signed_in(Role::Editor).await);
        let (first, second) = (form_of(&ana.get(ONE).await), form_of(&bo.get(ONE).await));
        send(&ana, ONE, &typed(&first, &[("title", "Titre d’Ana"), ("text", "Texte d’Ana")])).await;

        let crossed = send(&bo, ONE, &typed(&second, &[("text", "Texte de Bo"), ("place", "Carouge")])).await;

        assert_eq!(crossed.status, Status::Conflict);
        for said in ["Titre d’Ana", "Texte d’Ana", "Texte de Bo"] {
            assert!(crossed.body.contains(said), "{said}");
        }
        let saved = send(&bo, ONE, &form_of(&crossed)).await;
        assert!(saved.location().ends_with("?done=saved"), "{}", saved.status);
        let one = draft_of(&app).await.press.remove(0);
        assert_eq!((one.title.as_str(), one.body.as_str(), one.place.as_str()), ("Titre d’Ana", "Texte de Bo", "Carouge"));
    }

    async fn every_mistake_stands_at_its_field_and_what_was_typed_is_kept(app: App) {
        let mut draft = miso(vec![session("forum", 5)]);
        draft.press = vec![release("annonce", "fr")];
        app.publish(&draft).await;
        let press = app.signed_in(Role::Press).await;
        let long = "a".repeat(301);
        let wrong = [
            ("title", " "),
            ("date", "31.02.2027"),
            ("place", &long),
            ("language", "klingonais"),
            ("text", "un\u{1}deux"),
            ("slug", "É"),
        ];

        let new = send(&press, LIST, &typed(&form_of(&press.get(NEW).await), &wrong)).await;
        let taken = press.post(LIST, &[("title", "Annonce"), ("date", ""), ("slug", "annonce")]).await;
        let old = send(&press, ONE, &typed(&form_of(&press.get(ONE).await), &wrong)).await;

        for (page, fields) in [
            (&new, vec!["date", "language", "place", "slug", "text", "title"]),
            (&taken, vec!["date", "slug"]),
            (&old, vec!["date", "language", "place", "text", "title"]),
        ] {
            assert_eq!(page.status, Status::UnprocessableEntity);
            assert_eq!(mistakes(page), fields);
        }
        let kept: BTreeMap<String, String> = form_of(&new).into_iter().collect();
        for (name, value) in wrong.into_iter().filter(|(name, _)| *name != "text") {
            assert_eq!(kept.get(name).map(|kept| kept.trim()), Some(value.trim()), "{name}");
        }
        assert_eq!(draft_of(&app).await, draft);
        assert_eq!(logged(&app).await, []);
    }

    async fn a_language_that_is_missing_is_written_from_where_it_is_warned_of(app: App) {
        let mut draft = miso(vec![session("forum", 5)]);
        // A session of the same address is another thing.
        draft.press = vec![release("forum", "fr")];
        app.publish(&draft).await;
        let press = app.signed_in(Role::Press).await;
        let write = "/fr/office/miso/new/press?with=forum&language=en";
        let links = async |path: &str, within: &str| Found::on(&press.get(path).await.body).links(within);

        assert_eq!(links(PUBLISH, "#warnings").await, [("Communiqué forum".to_owned(), write.to_owned())]);
        let there = [("écrire cette version".to_owned(), write.to_owned())];
        assert_eq!(links(LIST, "tbody td").await, there);
        assert_eq!(links(&format!("{LIST}/forum"), ".notice").await, there);
        let form = form_of(&press.get(write).await);
        let written = typed(&form, &[("title", "Something new"), ("text", "News.")]);
        assert_eq!(send(&press, LIST, &written).await.location(), "/fr/office/miso/press?done=added");

        let english = draft_of(&app).await.press.remove(1);
        assert_eq!((english.slug.as_str(), english.language.as_str()), ("something-new", "en"));
        assert_eq!((english.place.as_str(), english.date), ("Genève", first_day()), "as the French one");
        assert_eq!(links(PUBLISH, "#warnings").await, []);
        assert_eq!(links(LIST, "tbody td").await, []);
        publish(&app).await;
        assert_eq!(headlines(&app).await, ["Communiqué forum", "Something new"]);
    }

    async fn hostile_words_to_the_press_are_text_wherever_they_are_read(app: App) {
        app.publish(&miso(vec![session("forum", 5)])).await;
        let press = app.signed_in(Role::Press).await;
        let evil = "x <script>alert(1)</script> \"><img src=x onerror=alert(1)>";
        let markdown = "<script>alert(1)</script> [lien](javascript:alert(1)) <svg onload=alert(1)>";
        let words = [("title", evil), ("place", evil), ("text", markdown), ("slug", "annonce")];
        let form = typed(&form_of(&press.get(NEW).await), &words);

        let preview = send(&press, LIST, &typed(&form, &[("act", "preview")])).await;
        assert!(preview.body.contains("draft-preview") && !is_hostile(&preview), "{}", preview.body);
        let refused = send(&press, LIST, &typed(&form, &[("language", evil)])).await;
        assert_eq!((mistakes(&refused), is_hostile(&refused)), (vec!["language".to_owned()], false));
        let added = send(&press, LIST, &form).await;
        assert!(added.location().ends_with("?done=added"), "{:?}", mistakes(&added));
        publish(&app).await;

        let removal = format!("{ONE}/removal");
        for path in [LIST, ONE, &removal, PUBLISH, "/fr/miso/press", "/fr/miso/press/annonce", "/en/miso/press/annonce"] {
            let page = if path.contains("/office/") { press.get(path).await } else { app.get(path).await };
            assert_eq!(page.status, Status::Ok, "{path}");
            assert!(!is_hostile(&page), "{path}: {}", page.body);
        }
    }

    async fn only_who_may_write_for_the_press_is_offered_it_and_nobody_writes_into_another_programme(app: App) {
        let mut draft = miso(vec![session("forum", 5)]);
        draft.press = vec![release("annonce", "fr")];
        app.publish(&draft).await;
        let (press, desk) = (app.signed_in(Role::Press).await, app.signed_in(Role::Desk).await);
        let offers = |page: &str| Found::on(page).attributes("nav a", "href").contains(&LIST.to_owned());

        assert!(offers(&press.get("/fr/office/miso/sessions").await.body));
        assert!(!offers(&desk.get("/fr/office/miso/registrations").await.body));
        for path in [LIST, ONE, NEW] {
            assert_eq!(desk.get(path).await.status, Status::Forbidden, "{path}");
        }
        let gone = desk.post(&format!("{ONE}/removal"), &[]).await;
        assert_eq!(gone.status, Status::Forbidden);
        let theme = press.post("/fr/office/miso/themes/lab", &[("title", "Autre")]).await;
        assert_eq!(theme.status, Status::Forbidden, "the press officer writes to the press and changes nothing else");
        for path in ["/fr/office/autre/press", "/fr/office/autre/press/annonce", "/fr/office/miso/press/inconnu"] {
            assert_eq!(press.get(path).await.status, Status::NotFound, "{path}");
            assert_eq!(press.post(path, &[("title", "x")]).await.status, Status::NotFound, "{path}");
        }
        assert_eq!(draft_of(&app).await, draft);
    }
}
