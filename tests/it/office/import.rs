//! Import in the browser: what is sent, shown, taken, and what is refused.

use std::time::Instant;

use chrono::TimeDelta;
use parvis::{
    exchange::xlsx,
    identity::Role,
    on,
    programme::{self, Draft, Status as Held},
};
use rocket::http::{Method, Status};
use sqlx::query_scalar;

use crate::{
    builders::{miso, session},
    harness::{App, Member, Page, page, shared},
    html::Found,
    http::multipart,
};

const IMPORT: &str = "/fr/office/miso/import";

/// Sends a file as a browser does.
pub async fn send(member: &Member<'_>, path: &str, name: &str, bytes: &[u8]) -> Page {
    send_with(member, path, name, bytes, &[]).await
}

async fn send_with(
    member: &Member<'_>,
    path: &str,
    name: &str,
    bytes: &[u8],
    fields: &[(&str, &str)],
) -> Page {
    let (multipart, body) = multipart(name, bytes, fields);
    page(member.request(Method::Post, path).header(multipart).body(body).dispatch().await).await
}

/// Sends a file that can be read; its page.
async fn sent(member: &Member<'_>, name: &str, bytes: &[u8]) -> (String, Page) {
    let answer = send(member, IMPORT, name, bytes).await;
    assert_eq!(answer.status, Status::SeeOther, "{}", answer.body);
    let there = answer.location().to_owned();
    let page = member.get(&there).await;
    assert_eq!(page.status, Status::Ok, "{}", page.body);
    (there, page)
}

/// Presses the button that takes what the page shows.
async fn take(member: &Member<'_>, there: &str, page: &Page) -> Page {
    let fields = Found::on(&page.body).fields("form.save");
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    member.post(&format!("{there}/draft"), &fields).await
}

async fn draft(app: &App, slug: &str) -> Draft {
    let mut db = app.pool.acquire().await.unwrap();
    programme::store::load(&mut db, slug).await.unwrap().unwrap().1
}

fn counts(page: &Page) -> Vec<String> {
    Found::on(&page.body).texts(".counts dd")
}

async fn kept(app: &App) -> i64 {
    let mut db = app.pool.acquire().await.unwrap();
    on!(db, c => query_scalar("SELECT COUNT(*) FROM import_file WHERE outcome IS NULL").fetch_one(c).await)
        .unwrap()
}

/// A real schedule comes in whole.
async fn real(app: &App, file: &str, sessions: usize) {
    let Some(path) = shared(&format!("data/schedules/{file}")) else { return };
    let owner = app.signed_in(Role::Owner).await;
    comes_in(app, &owner, file, &std::fs::read(path).unwrap(), sessions).await;
}

/// A file makes a programme of so many sessions, as its page has said before; the same again changes nothing.
async fn comes_in(app: &App, owner: &Member<'_>, file: &str, bytes: &[u8], sessions: usize) {
    let answer = send_with(owner, "/en/office/import", file, bytes, &[("slug", "schedule")]).await;
    assert_eq!(answer.status, Status::SeeOther, "{}", answer.body);
    let there = answer.location().to_owned();
    let page = owner.get(&there).await;
    assert_eq!(counts(&page)[..3], [sessions.to_string(), "0".to_owned(), "0".to_owned()], "{}", page.body);
    let mut db = app.pool.acquire().await.unwrap();
    assert_eq!(programme::store::id_of(&mut db, "schedule").await.unwrap(), None, "nothing is written yet");
    drop(db);

    assert_eq!(take(owner, &there, &page).await.location(), there);

    assert_eq!(counts(&owner.get(&there).await), [sessions.to_string(), "0".to_owned(), "0".to_owned()]);
    assert_eq!(draft(app, "schedule").await.sessions.len(), sessions);
    let there = send(owner, "/en/office/schedule/import", file, bytes).await.location().to_owned();
    assert!(owner.get(&there).await.body.contains("Nothing would change"));
}

/// As pretalx answers under `/submissions/?expand=slots.room,speakers,track,submission_type`.
const SUBMISSIONS: &str = r##"{ "count": 4, "next": null, "previous": null, "results": [
    { "code": "ABCDEF", "title": "Réparer ensemble", "state": "confirmed", "content_locale": "fr", "duration": 90,
      "track": { "id": 3, "name": { "fr": "Laboratoire" }, "color": "#0b6e4f" },
      "submission_type": { "id": 1, "name": { "fr": "Atelier" } }, "abstract": "On apprend.", "description": "",
      "speakers": [{ "code": "XYZABC", "name": "Camille Exemple" }],
      "slots": [{ "id": 1, "start": "2027-04-19T10:00:00+02:00", "end": "2027-04-19T11:30:00+02:00",
                  "room": { "id": 1, "name": { "fr": "Grande salle" } } }] },
    { "code": "GHIJKL", "title": "Une table ronde", "state": "confirmed", "content_locale": "fr", "duration": 60,
      "track": null, "submission_type": 1, "speakers": [],
      "slots": [{ "id": 2, "start": "2027-04-20T18:30:00+02:00", "end": null, "room": null }] },
    { "code": "MNOPQR", "title": "Refusée", "state": "rejected", "speakers": [],
      "slots": [{ "id": 3, "start": "2027-04-20T10:00:00+02:00", "end": null, "room": null }] },
    { "code": "STUVWX", "title": "Sans heure", "state": "accepted", "speakers": [], "slots": [] }
] }"##;

const TABLE: &str = "slug,Titre,Jour,Début,Remarque\n\
                     s-0,Une autre,2027-04-20,9h,à voir\n\
                     neuve,Une nouvelle,2027-04-21,9h30,\n";

on_both_engines! {
    async fn a_file_is_sent_looked_at_and_taken_whole(app: App) {
        app.publish(&miso(vec![session("s-0", 3), session("s-1", 3)])).await;
        let editor = app.signed_in(Role::Editor).await;

        let (there, page) = sent(&editor, "août.csv", TABLE.as_bytes()).await;

        let found = Found::on(&page.body);
        assert_eq!(found.text("h1"), "août.csv");
        assert_eq!(found.texts("select option[selected]"), ["Identifiant", "Titre", "Jour", "Début (ou jour et début)", "pas lue"]);
        assert_eq!(counts(&page), ["1", "1", "0", "1"]);
        assert!(page.body.contains("Une nouvelle") && page.body.contains("<del>Session s-0</del>"), "{}", page.body);
        assert_eq!(draft(&app, "miso").await.sessions.len(), 2, "nothing is written yet");

        let answer = take(&editor, &there, &page).await;

        assert_eq!((answer.status, answer.location()), (Status::SeeOther, there.as_str()));
        let done = editor.get(&there).await;
        assert_eq!((Found::on(&done.body).texts("h1 ~ p"), counts(&done)), (vec![], vec!["1".to_owned(), "1".to_owned(), "0".to_owned()]));
        let draft = draft(&app, "miso").await;
        let titles: Vec<_> = draft.sessions.iter().map(|it| it.session.title.as_str()).collect();
        assert_eq!(titles, ["Une autre", "Une nouvelle", "Session s-1"]);
        // Once is enough.
        assert_eq!(take(&editor, &there, &page).await.location(), there);
        let mut db = app.pool.acquire().await.unwrap();
        let facts: Vec<String> = on!(db, c => query_scalar(
            "SELECT CAST(after AS TEXT) FROM audit_entry WHERE action = 'draft.import'").fetch_all(c).await).unwrap();
        assert_eq!(facts.len(), 1, "{facts:?}");
        assert!(facts[0].contains("aout-csv") && facts[0].contains("sha256"), "{facts:?}");
    }

    async fn mistakes_are_said_in_the_readers_language_and_nothing_is_written(app: App) {
        app.publish(&miso(vec![session("s-0", 3)])).await;
        let editor = app.signed_in(Role::Editor).await;
        let rows: String = (0..80).map(|n| format!("n-{n:03},Titre {n},31.02.2027,25h,-3\n")).collect();

        let (there, page) = sent(&editor, "faux.csv", format!("slug,titre,jour,début,places\n{rows}").as_bytes()).await;

        let found = Found::on(&page.body);
        let mistakes = found.texts("td[data-label=\"Ce qui ne va pas\"]");
        assert_eq!(mistakes.len(), 200, "of 240");
        assert_eq!(
            mistakes[0],
            "ce jour n’existe pas\u{a0}: ce mois a 28\u{a0}jours\u{202f}; écrire 2027-04-19 ou 19.04.2027"
        );
        assert_eq!(found.texts("td[data-label=\"Ligne\"]")[0], "2");
        assert!(page.body.contains("240 erreurs"));
        assert!(found.attributes("form.save", "action").is_empty(), "nothing can be taken");
        // Who posts all the same gets nothing either.
        member_cannot_take(&app, &editor, &there).await;
        let english = editor.get(&there.replacen("/fr/", "/en/", 1)).await;
        assert!(english.body.contains("there is no such day: that month has 28 days"));
    }

    async fn what_is_taken_is_what_was_looked_at(app: App) {
        app.publish(&miso(vec![session("s-0", 3)])).await;
        let editor = app.signed_in(Role::Editor).await;
        let (there, page) = sent(&editor, "a.csv", TABLE.as_bytes()).await;
        let mut other = draft(&app, "miso").await;
        other.sessions[0].session.title = "Changée entre-temps".to_owned();
        app.publish(&other).await;

        let answer = take(&editor, &there, &page).await;

        assert_eq!(answer.location(), format!("{there}?changed=1"));
        assert_eq!(draft(&app, "miso").await, other);
        let again = editor.get(answer.location()).await;
        assert!(again.body.contains("Le brouillon a changé entre-temps"), "{}", again.body);
        assert_eq!(take(&editor, &there, &again).await.location(), there);
        assert_eq!(draft(&app, "miso").await.sessions.len(), 2);
    }

    async fn a_file_is_its_senders_alone_and_gone_after_an_hour(app: App) {
        app.publish(&miso(vec![session("s-0", 3)])).await;
        let editor = app.signed_in(Role::Editor).await;
        let owner = app.signed_in(Role::Owner).await;
        let (there, _) = sent(&editor, "a.csv", TABLE.as_bytes()).await;

        for path in [there.clone(), there.replace("/miso/", "/other/"), format!("{there}0"), format!("{IMPORT}/x")] {
            assert_eq!(owner.get(&path).await.status, Status::NotFound, "{path}");
        }
        assert_eq!(owner.post(&format!("{there}/deletion"), &[]).await.status, Status::NotFound);
        assert!(editor.get(IMPORT).await.body.contains("a.csv"));
        app.pass(TimeDelta::minutes(61));
        assert_eq!(editor.get(&there).await.status, Status::NotFound);
        app.run_due().await;
        assert_eq!(kept(&app).await, 0);
    }

    async fn five_files_wait_at_most_and_one_can_be_dropped(app: App) {
        app.publish(&miso(vec![session("s-0", 3)])).await;
        let editor = app.signed_in(Role::Editor).await;
        let mut last = String::new();
        for n in 0..7 {
            last = sent(&editor, &format!("{n}.csv"), TABLE.as_bytes()).await.0;
        }
        assert_eq!(kept(&app).await, 5);
        assert_eq!(editor.post(&format!("{last}/deletion"), &[]).await.location(), IMPORT);
        assert_eq!(kept(&app).await, 4);
    }

    async fn columns_are_matched_by_hand_and_remembered(app: App) {
        app.publish(&miso(vec![session("s-0", 3)])).await;
        let editor = app.signed_in(Role::Editor).await;
        let table = "Quoi,Quand,Où\nUne,2027-04-20,Hall\nDeux,2027-04-21,Cour\n";
        let (there, page) = sent(&editor, "a.csv", table.as_bytes()).await;
        let chosen = |page: &Page| Found::on(&page.body).texts("td option[selected]");
        assert_eq!(chosen(&page), ["pas lue", "Jour", "pas lue"]);

        let twice = [("column", "title"), ("column", "date"), ("column", "title")];
        editor.post(&format!("{there}/choices"), &twice).await;
        let page = editor.get(&there).await;
        assert!(page.body.contains("Deux colonnes ne peuvent pas être toutes deux"), "{}", page.body);
        let right = [("column", "title"), ("column", "date"), ("column", "place")];
        editor.post(&format!("{there}/choices"), &right).await;
        assert_eq!(counts(&editor.get(&there).await), ["2", "0", "0", "1"]);
        // Other rows under the same headings, in another order.
        let (_, next) = sent(&editor, "b.csv", "où,QUAND,quoi\nHall,2027-04-22,Trois\n".as_bytes()).await;
        assert_eq!(chosen(&next), ["Lieu", "Jour", "Titre"]);
        // What is no field of ours, and what is too little, changes nothing.
        editor.post(&format!("{there}/choices"), &[("column", "password")]).await;
        assert_eq!(chosen(&editor.get(&there).await), ["Titre", "Jour", "Lieu"]);
    }

    async fn a_file_with_a_column_more_is_matched_as_the_last_one(app: App) {
        app.publish(&miso(vec![session("s-0", 3)])).await;
        let editor = app.signed_in(Role::Editor).await;
        let chosen = |page: &Page| Found::on(&page.body).texts("td option[selected]");
        let choose = async |file: &str, columns: &[&str]| {
            let (there, page) = sent(&editor, "a.csv", file.as_bytes()).await;
            let columns: Vec<_> = columns.iter().map(|code| ("column", *code)).collect();
            editor.post(&format!("{there}/choices"), &columns).await;
            app.pass(TimeDelta::minutes(1));
            page
        };
        choose("Quoi,Quand,Salle,Titre\nUne,2027-04-20,Hall,x\n", &["title", "date", "place", ""]).await;

        let next = choose("Titre,Salle,Accueil,Durée,QUOI,Quand,Fin\ny,Hall,Cour,2,Deux,2027-04-21,10h\n",
            &["", "", "place", "", "title", "date", "end"]).await;
        // As before; what is new as it looks; « Titre » stays out, whatever it is called.
        assert_eq!(chosen(&next), ["pas lue", "Lieu", "pas lue", "pas lue", "Titre", "Jour", "Fin"]);
        // The newest choice for each heading, and no field for two columns.
        let (_, next) = sent(&editor, "c.csv", "Accueil,Salle,Quoi,Quand,Lieu\nCour,Haute,Trois,2027-04-22,Hall\n".as_bytes()).await;
        assert_eq!(chosen(&next), ["Lieu", "pas lue", "Titre", "Jour", "pas lue"]);
        // The very same headings are as they were, though « Salle » was something else since.
        let (_, next) = sent(&editor, "d.csv", "Quoi,Quand,Salle,Titre\nQuatre,2027-04-23,Hall,x\n".as_bytes()).await;
        assert_eq!(chosen(&next), ["Titre", "Jour", "Lieu", "pas lue"]);
        // Another programme's files are others.
        let owner = app.signed_in(Role::Owner).await;
        let answer = send_with(&owner, "/fr/office/import", "e.csv", b"Quoi,Salle\nUne,Hall\n", &[("slug", "autre")]).await;
        assert_eq!(chosen(&owner.get(answer.location()).await), ["pas lue", "Lieu"]);
    }

    async fn a_file_that_brings_sessions_into_each_other_s_way_says_so_and_is_taken_all_the_same(app: App) {
        app.publish(&miso(vec![session("s-0", 3), session("s-1", 3)])).await;
        let editor = app.signed_in(Role::Editor).await;
        let warned = |page: &Page| Found::on(&page.body).texts(".notice.warn li");
        let table = "slug,titre,jour,début,fin,lieu,organisations\nneuve,Une nouvelle,2027-04-19,10:30,12:00,maison,collectif\n";

        let (there, page) = sent(&editor, "a.csv", table.as_bytes()).await;

        // Not that the two others are in each other's way: that was so before.
        assert_eq!(warned(&page), [
            "Lundi 19\u{a0}avril\u{a0}: même lieu (Maison des associations), même organisation (Collectif) à 10\u{a0}h\u{a0}30\u{a0}: Session s-0\u{a0}· Une nouvelle",
            "Lundi 19\u{a0}avril\u{a0}: même lieu (Maison des associations), même organisation (Collectif) à 10\u{a0}h\u{a0}30\u{a0}: Session s-1\u{a0}· Une nouvelle",
        ]);
        assert_eq!(take(&editor, &there, &page).await.location(), there);
        assert_eq!(draft(&app, "miso").await.sessions.len(), 3);
        let (_, page) = sent(&editor, "b.csv", b"slug,titre\nneuve,Une autre\n").await;
        assert_eq!(warned(&page), Vec::<String>::new(), "another title is in nobody's way");
    }

    async fn the_zone_of_a_file_is_said_and_can_be_chosen_for_a_new_programme(app: App) {
        app.publish(&miso(vec![session("s-0", 3)])).await;
        let owner = app.signed_in(Role::Owner).await;
        let xml = "<schedule><conference><title>Mois</title><time_zone_name>America/New_York</time_zone_name></conference>\
                   <day date=\"2027-04-20\"><room name=\"Hall\"><event id=\"7\"><title>Une</title><start>10:00</start>\
                   <duration>01:00</duration></event></room></day></schedule>";
        let there = send_with(&owner, "/fr/office/import", "a.xml", xml.as_bytes(), &[("slug", "mois")]).await.location().to_owned();
        let page = owner.get(&there).await;
        assert!(page.body.contains("lues en heure de New York (America/New_York)."), "{}", page.body);
        let chosen = |page: &Page| Found::on(&page.body).attributes("#zone option[selected]", "value");
        assert_eq!(chosen(&page), [""]);

        owner.post(&format!("{there}/choices"), &[("timezone", "Europe/Lisbon")]).await;

        let page = owner.get(&there).await;
        assert_eq!(chosen(&page), ["Europe/Lisbon"]);
        assert!(page.body.contains("(Europe/Lisbon)."), "{}", page.body);
        owner.post(&format!("{there}/choices"), &[("timezone", "Nowhere/<b>")]).await;
        assert_eq!(chosen(&owner.get(&there).await), [""]);
        owner.post(&format!("{there}/choices"), &[("timezone", "Europe/Lisbon")]).await;
        assert_eq!(take(&owner, &there, &owner.get(&there).await).await.location(), there);
        assert_eq!(draft(&app, "mois").await.programme.timezone.name(), "Europe/Lisbon");
        // A programme that is there has its own, whatever the file says.
        let (there, page) = sent(&owner, "b.xml", xml.as_bytes()).await;
        assert!(page.body.contains("(Europe/Zurich), le fuseau du programme."), "{}", page.body);
        assert!(page.body.contains("le fichier nomme le fuseau America/New_York"), "{}", page.body);
        assert_eq!(chosen(&page), Vec::<String>::new());
        owner.post(&format!("{there}/choices"), &[("timezone", "Europe/Lisbon")]).await;
        assert_eq!(take(&owner, &there, &owner.get(&there).await).await.location(), there);
        assert_eq!(draft(&app, "miso").await.programme.timezone.name(), "Europe/Zurich");
    }

    async fn sessions_that_a_file_does_not_have_go_only_if_it_is_asked_for(app: App) {
        app.publish(&miso(vec![session("s-0", 3), session("s-1", 3)])).await;
        let editor = app.signed_in(Role::Editor).await;
        let (there, page) = sent(&editor, "a.csv", b"slug,title\ns-0,Session s-0\n").await;
        assert!(page.body.contains("Rien ne changerait"));
        let choices = [("column", "slug"), ("column", "title"), ("remove_missing", "true")];
        editor.post(&format!("{there}/choices"), &choices).await;
        let page = editor.get(&there).await;
        assert_eq!(counts(&page), ["0", "0", "1"]);

        take(&editor, &there, &page).await;

        let draft = draft(&app, "miso").await;
        assert_eq!((draft.sessions.len(), draft.sessions[1].session.status), (2, Held::Withdrawn));
    }

    async fn the_sheets_of_a_workbook_can_be_chosen_and_our_own_changes_nothing(app: App) {
        app.publish(&miso((0..30).map(|n| session(&format!("s-{n:02}"), 3)).collect())).await;
        let editor = app.signed_in(Role::Editor).await;
        let before = draft(&app, "miso").await;
        let bytes = xlsx::sessions_xlsx(&before, app.now()).unwrap();
        let (_, page) = sent(&editor, "miso.xlsx", &bytes).await;
        assert!(page.body.contains("Rien ne changerait"), "{}", page.body);

        let mut book = rust_xlsxwriter::Workbook::new();
        for (name, title) in [("Semaine 1", "Une"), ("Semaine 2", "Deux")] {
            let sheet = book.add_worksheet().set_name(name).unwrap();
            for (column, text) in ["titre", "jour"].iter().enumerate() {
                sheet.write_string(0, column as u16, *text).unwrap();
            }
            sheet.write_string(1, 0, title).unwrap();
            sheet.write_string(1, 1, "20.04.2027").unwrap();
        }
        let (there, page) = sent(&editor, "deux.xlsx", &book.save_to_buffer().unwrap()).await;
        assert!(page.body.contains(">Une <small>") && !page.body.contains(">Deux <small>"));
        editor.post(&format!("{there}/choices"), &[("sheet", "Semaine 2"), ("column", "title"), ("column", "date")]).await;
        let page = editor.get(&there).await;
        assert!(!page.body.contains(">Une <small>") && page.body.contains(">Deux <small>"), "{}", page.body);
    }

    async fn a_programme_is_made_from_a_file(app: App) {
        app.publish(&miso(vec![session("s-0", 3)])).await;
        let owner = app.signed_in(Role::Owner).await;
        let send = async |slug: &str| send_with(&owner, "/fr/office/import", "n.csv", TABLE.as_bytes(), &[("slug", slug)]).await;
        for slug in ["", "a", "press", "miso", "<svg onload=alert(1)>"] {
            let answer = send(slug).await;
            assert_eq!(answer.status, Status::UnprocessableEntity, "{slug}");
            assert!(!answer.body.contains("<svg onload"), "{}", answer.body);
        }

        let there = send("mois-2027").await.location().to_owned();
        let page = owner.get(&there).await;
        assert_eq!(counts(&page), ["2", "0", "0"], "{}", page.body);
        assert_eq!(take(&owner, &there, &page).await.location(), there);

        assert_eq!(owner.get(&there).await.status, Status::Ok);
        assert_eq!(draft(&app, "mois-2027").await.sessions.len(), 2);
    }

    async fn a_large_schedule_is_imported_in_the_browser(app: App) {
        let Some(path) = shared("data/schedules/fosdem-2024.xml") else { return };
        let bytes = std::fs::read(path).unwrap();
        let owner = app.signed_in(Role::Owner).await;
        let begun = Instant::now();

        let answer = send_with(&owner, "/en/office/import", "fosdem-2024.xml", &bytes, &[("slug", "fosdem-2024")]).await;
        let there = answer.location().to_owned();
        let (read, page) = (begun.elapsed(), owner.get(&there).await);
        let shown = begun.elapsed();
        assert_eq!(counts(&page), ["674", "0", "0"]);
        assert!(page.body.contains("… and 474 more"));
        assert_eq!(take(&owner, &there, &page).await.location(), there);

        println!("fosdem-2024.xml: read {read:?}, shown {:?}, taken {:?}", shown - read, begun.elapsed() - shown);
        assert_eq!(draft(&app, "fosdem-2024").await.sessions.len(), 674);
        // The same once more changes nothing.
        let there = send(&owner, "/en/office/fosdem-2024/import", "fosdem-2024.xml", &bytes).await.location().to_owned();
        assert!(owner.get(&there).await.body.contains("Nothing would change"));
    }

    async fn a_workbook_of_libreoffice_is_imported_in_the_browser(app: App) {
        real(&app, "voc-schedule-example.ods", 13).await;
    }

    async fn the_json_of_frab_is_imported_in_the_browser(app: App) {
        real(&app, "voc-frab-camp2019.json", 79).await;
    }

    async fn the_json_of_pretalx_is_imported_in_the_browser(app: App) {
        real(&app, "voc-pretalx-democon.json", 36).await;
    }

    async fn an_answer_of_pretalx_s_api_is_imported_in_the_browser(app: App) {
        let owner = app.signed_in(Role::Owner).await;
        comes_in(&app, &owner, "submissions.json", SUBMISSIONS.as_bytes(), 2).await;

        let draft = draft(&app, "schedule").await;
        let said: Vec<_> = draft.sessions.iter().map(|it| (it.session.title.as_str(), it.session.speakers.len())).collect();
        assert_eq!(said, [("Réparer ensemble", 1), ("Une table ronde", 0)], "what has no time or was refused is none");
        assert_eq!((draft.places[0].name.as_str(), draft.themes[0].colour.as_str()), ("Grande salle", "#0b6e4f"));
    }

    async fn nothing_in_a_file_is_more_than_text(app: App) {
        app.publish(&miso(vec![session("s-0", 3)])).await;
        let editor = app.signed_in(Role::Editor).await;
        let evil = "<svg onload=alert(1)>";
        let table = format!(
            "title,date,{evil},theme,speakers\n{evil},2027-04-20,{evil},{evil},\"=cmd|'/C calc'!A0\r\nX: y\"\n\
             Une,2027-04-20,{evil}\u{1},\u{1},\n{{{{ 7*7 }}}},{evil},,,\n"
        );
        let (there, page) = sent(&editor, &format!("../../{evil}.csv"), table.as_bytes()).await;

        assert!(!page.body.contains("<svg"), "{}", page.body);
        assert!(page.body.contains("&lt;svg onload"), "it is shown");
        assert!(page.body.contains("U+0001"), "{}", page.body);
        assert!(!page.body.contains(">49<"));
        assert!(!editor.get(IMPORT).await.body.contains("<svg"));
        member_cannot_take(&app, &editor, &there).await;
        // Without what is wrong in it, it is taken as the text that it is.
        let table = format!("title,date,theme\n{evil},2027-04-20,{evil}\n");
        let (there, page) = sent(&editor, "a.csv", table.as_bytes()).await;
        assert_eq!(take(&editor, &there, &page).await.location(), there);
        assert!(!editor.get(&there).await.body.contains("<svg"));
    }

    async fn what_cannot_be_read_is_said_and_not_kept(app: App) {
        app.publish(&miso(vec![session("s-0", 3)])).await;
        let editor = app.signed_in(Role::Editor).await;
        let rows = "a,b\n".repeat(120_000);
        let large = vec![b'a'; 21 * 1024 * 1024 - 600];
        for (name, bytes, said) in [
            ("a.xlsx", &b"%PDF-1.7"[..], "n’est pas un tableau"),
            ("a.csv", b"PK\x03\x04zip", "c’est un fichier ZIP et pas un classeur"),
            ("a.csv", b"\xd0\xcf\x11\xe0", "c’est un ancien fichier Excel"),
            ("a.ods", b"", "Choisissez un fichier"),
            ("a.csv", rows.as_bytes(), "a plus de 20000 lignes"),
            ("a.csv", &large, "dépasse 20"),
            ("a.csv", b"title,date\nUne\0,2027-04-20\n", "U+0000"),
            ("a.xml", b"<schedule>\0</schedule>", "U+0000"),
            ("a.json", b"[[[[", "JSON"),
        ] {
            let answer = send(&editor, IMPORT, name, bytes).await;
            // A schedule is looked at on its own page.
            let page = if answer.status == Status::SeeOther { editor.get(answer.location()).await } else { answer };
            assert!(page.body.contains(said), "{name} {said}: {}", &page.body[..page.body.len().min(4_000)]);
        }
        let none = editor.post(IMPORT, &[("other", "x")]).await;
        assert_eq!(none.status, Status::UnprocessableEntity);
        assert_eq!(kept(&app).await, 1, "the JSON alone could be read as far as a page");
    }

    async fn the_page_of_files_leads_to_those_that_others_read_once_there_is_a_release(app: App) {
        let mut tx = app.pool.begin().await.unwrap();
        let draft = miso(vec![session("s-0", 3)]);
        programme::store::save(&mut tx, &draft, app.tokens.id(app.now()), app.now()).await.unwrap();
        tx.commit().await.unwrap();
        let editor = app.signed_in(Role::Editor).await;
        let files = async || {
            let page = Found::on(&editor.get("/fr/office/miso/export").await.body);
            page.attributes("main .files a", "href")
        };
        let of_the_draft = ["sessions.xlsx", "sessions.csv", "registrations.xlsx", "registrations.csv"];
        let office: Vec<_> = of_the_draft.iter().map(|file| format!("/fr/office/miso/export/{file}")).collect();
        assert_eq!(files().await, office, "nothing is published");

        app.publish(&draft).await;

        let public = ["calendar.ics", "schedule.xml", "schedule.json", "sessions.csv"].map(|file| format!("/fr/miso/{file}"));
        assert_eq!(files().await, [&office[..2], &public[..], &office[2..]].concat());
        // Whoever is given one of these addresses needs no account.
        for (path, kind, says) in [
            (&public[0], "text/calendar", "BEGIN:VCALENDAR"), (&public[1], "application/xml", "<schedule"), (&public[2], "application/json", "\"schedule\""),
            (&public[3], "text/csv", "Session s-0"),
        ] {
            let file = app.get(path).await;
            assert_eq!((file.status, file.header("content-type").split(';').next()), (Status::Ok, Some(kind)), "{path}");
            assert!(file.body.contains(says) && file.body.contains("Session s-0"), "{path}: {}", file.body);
        }
    }

    async fn files_of_a_programme_are_for_those_who_may_see_what_is_in_them(app: App) {
        app.publish(&miso(vec![session("s-0", 3)])).await;
        app.register("ana@example.org", &["s-0"]).await;
        let base = "/fr/office/miso/export";
        let status = async |role: Role, file: &str| app.signed_in(role).await.get(&format!("{base}/{file}")).await;
        for file in ["sessions.csv", "sessions.xlsx", "registrations.csv", "registrations.xlsx"] {
            let page = status(Role::Owner, file).await;
            assert_eq!(page.status, Status::Ok, "{file}");
            assert_eq!(page.header("content-disposition"), format!("attachment; filename=\"miso-{file}\""));
            assert_eq!(page.header("cache-control"), "private, no-store");
        }
        assert_eq!(status(Role::Press, "sessions.csv").await.status, Status::Ok);
        assert_eq!(status(Role::Press, "registrations.csv").await.status, Status::Forbidden);
        assert_eq!(status(Role::Desk, "registrations.csv").await.status, Status::Ok);
        assert_eq!(status(Role::Desk, "sessions.csv").await.status, Status::Forbidden);
        assert_eq!(status(Role::Partner, "registrations.csv").await.status, Status::Forbidden);
        for file in ["x", "registrations", "..%2fx", "sessions.xml"] {
            assert_eq!(status(Role::Owner, file).await.status, Status::NotFound, "{file}");
        }
        assert!(status(Role::Owner, "registrations.csv").await.body.contains("ana@example.org"));
        let page = app.signed_in(Role::Press).await.get(base).await;
        assert!(!page.body.contains("registrations"), "{}", page.body);
    }
}

/// Even with the right seal, a file with a mistake is not taken.
async fn member_cannot_take(app: &App, member: &Member<'_>, there: &str) {
    let before = draft(app, "miso").await;
    let answer = member.post(&format!("{there}/draft"), &[("seal", "x")]).await;
    assert_eq!(answer.status, Status::SeeOther);
    assert_eq!(draft(app, "miso").await, before);
}
