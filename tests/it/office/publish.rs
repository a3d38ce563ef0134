//! Publishing from the office: what the page says before, and what becomes of it.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use parvis::{
    identity::Role,
    locale::Lang,
    mail::{MailData, transport::Kept},
    on,
    programme::{
        self, Draft, Status as Held,
        import::{self, Options},
    },
    registration::{
        Answer, Cause, Order, Request,
        contact::Contact,
        desk,
        person::{Email, Name},
    },
    release::{self, ChangeKind},
};
use rocket::http::Status;
use sqlx::{query_as, types::Json};
use uuid::Uuid;

use crate::{
    builders::{miso, on_day, session},
    harness::{App, Member, Page, shared},
    html::Found,
};

const PAGE: &str = "/fr/office/miso/publish";

/// Writes a draft, and does not publish it.
async fn save(app: &App, draft: &Draft) {
    let mut tx = app.pool.begin().await.unwrap();
    programme::store::save(&mut tx, draft, app.tokens.id(app.now()), app.now()).await.unwrap();
    tx.commit().await.unwrap();
}

/// Sends the form of the page as it stands there, with these fields filled in.
async fn send(who: &Member<'_>, page: &Page, to: &str, filled: &[(&str, &str)]) -> Page {
    let mut fields = Found::on(&page.body).fields("form.form");
    for (name, value) in filled {
        fields.retain(|(known, _)| known != name);
        fields.push(((*name).to_owned(), (*value).to_owned()));
    }
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    who.post(to, &fields).await
}

async fn id_of(app: &App, slug: &str) -> Uuid {
    let mut db = app.pool.acquire().await.unwrap();
    programme::store::id_of(&mut db, slug).await.unwrap().unwrap()
}

async fn newest(app: &App, slug: &str) -> release::Release {
    let id = id_of(app, slug).await;
    let mut db = app.pool.acquire().await.unwrap();
    release::store::latest(&mut db, id).await.unwrap().unwrap()
}

/// What mails of changes say, by recipient: the sessions that they speak of.
async fn told(app: &App) -> BTreeMap<String, Vec<String>> {
    let mut db = app.pool.acquire().await.unwrap();
    let rows: Vec<(String, Json<MailData>)> = on!(&mut db, c => query_as(
        "SELECT recipient, data FROM outbox WHERE kind = 'changed'",
    )
    .fetch_all(c)
    .await)
    .unwrap();
    let slugs =
        |data: MailData| -> Vec<String> { data.items.into_iter().map(|item| item.session.slug).collect() };
    rows.into_iter().map(|(recipient, Json(data))| (recipient, slugs(data))).collect()
}

async fn register(app: &App, programme: Uuid, email: &str, sessions: &[Uuid]) {
    let order = Request::Register(Order {
        programme,
        key: app.tokens.fresh(),
        contact: Contact::Email(Email::parse(email).unwrap()),
        name: Name::parse("Une Personne").unwrap(),
        people: 1,
        organisation: String::new(),
        access_needs: String::new(),
        lang: Lang::Fr,
        sessions: sessions.to_vec(),
        cause: Cause::Organiser,
        held: None,
    });
    let answers = desk::work(app.house(), &[order]).await.unwrap();
    assert!(matches!(answers[..], [Answer::Ordered(_)]), "{answers:?}");
}

on_both_engines! {
    async fn a_large_conference_of_which_one_track_is_withdrawn_is_published_and_those_concerned_are_told(app: App) {
        let Some(file) = shared("data/schedules/fosdem-2024.xml") else { return };
        // Before that conference.
        app.pass("2024-01-08T09:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap() - app.now());
        let (format, files) = import::read(&file, None).unwrap();
        let options = Options { slug: "fosdem-2024".to_owned(), ..Options::default() };
        let mut draft = import::import(None, &files, format, &options, &mut || app.tokens.id(app.now())).unwrap().draft;
        let all = draft.sessions.len();
        save(&app, &draft).await;
        let owner = app.signed_in(Role::Owner).await;
        let address = "/fr/office/fosdem-2024/publish";

        let first = owner.get(address).await;
        assert_eq!(Found::on(&first.body).texts("#changes summary"), [format!("Nouvelles ({all})")]);
        let done = send(&owner, &first, address, &[("note", "Le programme est là")]).await;
        assert_eq!((done.status, done.location()), (Status::SeeOther, "/fr/office/fosdem-2024/releases/1?done=published"));

        let track = "rust-devroom";
        let of = |draft: &Draft, wanted: bool| -> Vec<(Uuid, String)> {
            let sessions = draft.sessions.iter().map(|one| &one.session);
            let chosen = sessions.filter(|one| (one.theme.as_deref() == Some(track)) == wanted);
            chosen.map(|one| (one.id, one.slug.clone())).collect()
        };
        let (withdrawn, others) = (of(&draft, true), of(&draft, false));
        assert!(withdrawn.len() > 3, "{:?}", draft.themes.iter().map(|theme| &theme.slug).collect::<Vec<_>>());
        let programme = id_of(&app, "fosdem-2024").await;
        register(&app, programme, "ana@example.org", &[withdrawn[0].0, withdrawn[1].0, others[0].0]).await;
        register(&app, programme, "ben@example.org", &[withdrawn[1].0]).await;
        register(&app, programme, "cleo@example.org", &[others[0].0, others[1].0]).await;
        for one in draft.sessions.iter_mut().filter(|one| one.session.theme.as_deref() == Some(track)) {
            one.session.status = Held::Withdrawn;
        }
        save(&app, &draft).await;

        let page = owner.get(address).await;
        let found = Found::on(&page.body);
        assert_eq!(found.texts("#changes summary"), [format!("Retirées ({})", withdrawn.len())]);
        assert_eq!(found.count("#changes .changes > li"), withdrawn.len());
        assert!(found.text("#mails > p").starts_with("2 messages partiront."), "{}", found.text("#mails > p"));
        let row = |at: usize| -> Vec<String> { found.texts(&format!("#mails tbody tr:nth-child({}) td.number", at + 1)) };
        let mut rows = [row(0), row(1)];
        rows.sort();
        assert_eq!(rows, [["1", "0", "0"], ["2", "0", "0"]], "Ana; Ana and Ben");
        let done = send(&owner, &page, address, &[]).await;
        assert_eq!(done.location(), "/fr/office/fosdem-2024/releases/2?done=published");

        let release = newest(&app, "fosdem-2024").await;
        let mut gone: Vec<_> = release.changes.iter().map(|change| (change.kind, change.slug.clone())).collect();
        gone.sort();
        let mut expected: Vec<_> =
            withdrawn.iter().map(|(_, slug)| (ChangeKind::Withdrawn, slug.clone())).collect();
        expected.sort();
        assert_eq!(gone, expected);
        app.pass(app.house().settle);
        app.run_due().await;
        let mut told = told(&app).await;
        told.values_mut().for_each(|slugs| slugs.sort());
        let slugs = |which: &[usize]| {
            let mut slugs: Vec<_> = which.iter().map(|at| withdrawn[*at].1.clone()).collect();
            slugs.sort();
            slugs
        };
        assert_eq!(
            told,
            BTreeMap::from([
                ("ana@example.org".to_owned(), slugs(&[0, 1])),
                ("ben@example.org".to_owned(), slugs(&[1])),
            ])
        );
        assert_eq!(app.get(&format!("/fr/fosdem-2024/sessions/{}", withdrawn[0].1)).await.status, Status::Gone);
        assert_eq!(app.broken().await, Vec::<String>::new());
    }

    async fn the_second_of_two_who_publish_is_shown_what_is_new_and_keeps_what_they_typed(app: App) {
        app.publish(&miso(vec![session("atelier", 9), on_day(session("forum", 9), 1)])).await;
        save(&app, &miso(vec![on_day(session("atelier", 9), 2), on_day(session("forum", 9), 1)])).await;
        let (owner, editor) = (app.signed_in(Role::Owner).await, app.signed_in(Role::Editor).await);
        let seen = editor.get(PAGE).await;
        let also = owner.get(PAGE).await;
        // Somebody changes the draft between looking and publishing.
        save(&app, &miso(vec![on_day(session("atelier", 9), 2), on_day(session("forum", 9), 3)])).await;

        let refused = send(&editor, &seen, PAGE, &[("note", "Deux <b>nouveautés</b>")]).await;

        let found = Found::on(&refused.body);
        assert_eq!(refused.status, Status::Conflict);
        assert_eq!(found.texts("#changes .changes > li .pill"), ["nouveau"]);
        let marked = found.texts("#changes .changes > li:has(.pill)").remove(0);
        assert!(marked.contains("Session forum"), "{marked}");
        assert_eq!(found.raw_text("textarea[name=note]"), "Deux <b>nouveautés</b>");
        assert_eq!(newest(&app, "miso").await.number, 1);
        let done = send(&editor, &refused, PAGE, &[]).await;
        assert_eq!(done.location(), "/fr/office/miso/releases/2?done=published");
        let late = send(&owner, &also, PAGE, &[]).await;
        assert_eq!(late.status, Status::Conflict, "the other one was first");
        let release = newest(&app, "miso").await;
        assert_eq!((release.number, release.note.as_str()), (2, "Deux <b>nouveautés</b>"));
        let shown = editor.get("/fr/office/miso/releases/2?done=published").await;
        assert!(!shown.body.contains("<b>nouveaut"), "a note is text");
        let found = Found::on(&shown.body);
        assert_eq!(found.text("p.lead"), "Deux <b>nouveautés</b>");
        assert!(found.text(".top p:not(.acts)").contains("Camille editor"), "{}", found.text(".top p:not(.acts)"));
    }

    async fn a_publication_is_planned_shown_taken_back_and_carried_out(app: App) {
        app.publish(&miso(vec![session("atelier", 9)])).await;
        save(&app, &miso(vec![on_day(session("atelier", 9), 2)])).await;
        let owner = app.signed_in(Role::Owner).await;
        let plan = format!("{PAGE}/plan");

        let page = owner.get(PAGE).await;
        let wrong = send(&owner, &page, &plan, &[("note", "Demain"), ("day", "demain"), ("time", "")]).await;
        assert_eq!(wrong.status, Status::UnprocessableEntity);
        let found = Found::on(&wrong.body);
        assert_eq!(found.count(".field.wrong"), 2);
        assert_eq!(found.raw_text("textarea[name=note]"), "Demain");
        let past = send(&owner, &page, &plan, &[("day", "2027-03-01"), ("time", "09:30")]).await;
        assert_eq!(past.status, Status::UnprocessableEntity, "half an hour ago, in Zurich");

        // 10:30 in Zurich is half past nine, half an hour from now.
        let done = send(&owner, &page, &plan, &[("day", "2027-03-01"), ("time", "10:30")]).await;
        assert_eq!(done.location(), "/fr/office/miso/publish?done=planned");
        // A double click leads to the same plan; another wish meets it.
        let again = send(&owner, &page, &plan, &[("day", "2027-03-01"), ("time", "10:30")]).await;
        assert_eq!(again.location(), "/fr/office/miso/publish?done=planned", "{}", again.body);
        let editor = app.signed_in(Role::Editor).await;
        let other = send(&editor, &page, &plan, &[("day", "2027-03-01"), ("time", "10:30")]).await;
        assert_eq!(other.status, Status::UnprocessableEntity, "somebody else's is not theirs");
        let shown = Found::on(&owner.get(PAGE).await.body).texts(".notice p");
        assert!(shown[0].contains("lundi 1er\u{a0}mars 2027, 10\u{a0}h\u{a0}30 (par Camille owner)"), "{shown:?}");
        let twice = send(&owner, &page, &plan, &[("day", "2027-03-02"), ("time", "10:30")]).await;
        assert_eq!(twice.status, Status::UnprocessableEntity);
        let back = owner.post(&format!("{plan}/withdrawal"), &[]).await;
        assert_eq!(back.location(), "/fr/office/miso/publish?done=unplanned");
        let again = owner.post(&format!("{plan}/withdrawal"), &[]).await;
        assert_eq!(again.location(), "/fr/office/miso/publish?done=too-late");

        send(&owner, &owner.get(PAGE).await, &plan, &[("day", "2027-03-01"), ("time", "10:30")]).await;
        app.pass(TimeDelta::minutes(30));
        app.run_due().await;
        parvis::publication::refresh(app.house()).await.unwrap();
        let after = Found::on(&owner.get(PAGE).await.body);
        assert_eq!(after.text("p.lead"), "Le public voit exactement ce que dit le brouillon\u{a0}: il n’y a rien à publier.");
        assert!(after.text(".top p:not(.acts)").starts_with("En ligne\u{a0}: publication 2, lundi 1er\u{a0}mars 2027, 10\u{a0}h\u{a0}30, par Camille owner"));
        assert_eq!(after.count(".notice"), 0);
        assert_eq!(newest(&app, "miso").await.number, 2);
    }

    async fn who_only_looks_is_led_to_no_form_that_is_not_theirs(app: App) {
        app.publish(&miso(vec![session("atelier", 9)])).await;
        let mut draft = miso(vec![session("atelier", 5), session("autre", 3)]);
        draft.sessions[1].session.r#abstract.clear();
        save(&app, &draft).await;
        let to_sessions = async |role| {
            let page = app.signed_in(role).await.get(PAGE).await;
            let links = Found::on(&page.body).links("main").into_iter().map(|(_, href)| href);
            assert!(page.body.contains("Session atelier") && page.body.contains("Session autre"));
            links.filter(|href| href.contains("/miso/sessions/")).collect::<Vec<_>>()
        };
        assert!(to_sessions(Role::Editor).await.len() > 1);
        assert_eq!(to_sessions(Role::Press).await, Vec::<String>::new());
    }

    async fn a_double_click_publishes_once_and_leads_to_that_release_and_nobody_else_is_told_so(app: App) {
        app.publish(&miso(vec![session("atelier", 9)])).await;
        save(&app, &miso(vec![on_day(session("atelier", 9), 2)])).await;
        let (owner, editor) = (app.signed_in(Role::Owner).await, app.signed_in(Role::Editor).await);
        let page = editor.get(PAGE).await;

        let first = send(&editor, &page, PAGE, &[("note", "Bonjour")]).await;
        let second = send(&editor, &page, PAGE, &[("note", "Bonjour")]).await;

        assert_eq!((first.status, first.location()), (Status::SeeOther, "/fr/office/miso/releases/2?done=published"));
        assert_eq!((second.status, second.location()), (first.status, first.location()));
        assert_eq!(newest(&app, "miso").await.number, 2);
        let other = send(&owner, &page, PAGE, &[("note", "Bonjour")]).await;
        assert_eq!(other.status, Status::Conflict, "somebody else has not published it");
        let anew = send(&editor, &page, PAGE, &[("note", "Une autre note")]).await;
        assert_eq!(anew.status, Status::Conflict, "nor has another form");
    }

    async fn an_older_release_is_published_again_from_its_page(app: App) {
        let atelier = session("atelier", 9);
        app.publish(&miso(vec![atelier.clone()])).await;
        app.register("ana@example.org", &["atelier"]).await;
        app.publish(&miso(vec![on_day(atelier.clone(), 2)])).await;
        app.pass(app.house().settle);
        app.run_due().await;
        save(&app, &miso(vec![on_day(atelier.clone(), 2), on_day(session("nouveau", 5), 3)])).await;
        let owner = app.signed_in(Role::Owner).await;
        let path = "/fr/office/miso/releases/1";

        let page = owner.get(path).await;

        let found = Found::on(&page.body);
        assert_eq!(found.texts(".again summary"), ["Déplacée"]);
        assert_eq!(found.texts(".again .notice li"), ["Session nouveau"], "never published, and replaced");
        let done = send(&owner, &page, &format!("{path}/publication"), &[("note", "Retour")]).await;
        assert_eq!(done.location(), "/fr/office/miso/releases/3?done=published");
        let twice = send(&owner, &page, &format!("{path}/publication"), &[("note", "Retour")]).await;
        assert_eq!(twice.location(), done.location(), "a double click");
        let release = newest(&app, "miso").await;
        assert_eq!(release.number, 3);
        assert_eq!(release.session("atelier").unwrap().session, atelier.session);
        assert_eq!(release.session("atelier").unwrap().sequence, 2);
        assert!(release.session("nouveau").is_none(), "nobody has ever seen it");
        app.pass(app.house().settle);
        let mails = app.mails_to("ana@example.org").await.len();
        app.run_due().await;
        assert_eq!(app.mails_to("ana@example.org").await.len(), mails + 1);
        let list = Found::on(&owner.get("/fr/office/miso/releases").await.body);
        let lines = list.texts("tbody tr");
        assert_eq!(lines.len(), 3);
        assert!(lines[0].contains("reprend la publication 1") && lines[0].contains("Retour"), "{}", lines[0]);
        assert!(lines[2].contains("une commande sur le serveur"), "{}", lines[2]);
        assert_eq!(Found::on(&owner.get("/fr/office/miso/releases/3").await.body).count("form.form"), 0, "it stands");
    }

    async fn a_mail_is_shown_as_somebody_who_does_not_exist_would_read_it(app: App) {
        let mut atelier = session("atelier", 9);
        app.publish(&miso(vec![atelier.clone()])).await;
        app.register("ana@example.org", &["atelier"]).await;
        let before: Vec<Kept> = app.mails_to("ana@example.org").await;
        atelier.session.title = "<script>alert(1)</script>".to_owned();
        save(&app, &miso(vec![atelier])).await;
        let press = app.signed_in(Role::Press).await;

        let page = press.get(PAGE).await;
        let found = Found::on(&page.body);
        assert_eq!(found.count("form.form"), 0, "who may look may not publish");
        assert!(!page.body.contains("<script>alert"), "titles are text");
        let sample = found.attributes("#mails tbody a", "href");
        assert_eq!(sample, ["/fr/office/miso/publish/mails/atelier/changed"]);
        let mail = press.get(&sample[0]).await;

        assert_eq!(mail.status, Status::Ok);
        let text = Found::on(&mail.body).text("pre");
        assert!(text.contains("Camille Exemple") && text.contains("<script>alert(1)</script>"), "{text}");
        for personal in ["ana@example.org", "Ana Exemple"] {
            assert!(!mail.body.contains(personal), "{personal}");
        }
        let link = before[0].text.split_whitespace().find(|word| word.contains("/agenda/")).unwrap().to_owned();
        assert!(!mail.body.contains(link.rsplit('/').next().unwrap()), "the link of somebody real");
        assert_eq!(app.mails_to("camille@example.org").await.len(), 0);
        for gone in ["/fr/office/miso/publish/mails/atelier/promoted", "/fr/office/miso/publish/mails/x/changed"] {
            assert_eq!(press.get(gone).await.status, Status::NotFound, "{gone}");
        }
    }

    async fn a_page_of_nothing_of_one_and_of_eighty_differences(app: App) {
        let many = |titles: &str| -> Draft {
            miso((0..80).map(|n| {
                let mut one = on_day(session(&format!("s-{n}"), 9), n / 4);
                one.session.title = format!("{titles} {n}");
                one
            }).collect())
        };
        let owner = app.signed_in(Role::Owner).await;
        save(&app, &miso(Vec::new())).await;
        assert_eq!(owner.get("/en/office/miso/publish").await.status, Status::Ok, "an empty draft");
        app.publish(&many("Un")).await;

        let none = Found::on(&owner.get(PAGE).await.body);
        let mut one = many("Un");
        one.sessions[3].session.title = "Autre".to_owned();
        save(&app, &one).await;
        let single = Found::on(&owner.get(PAGE).await.body);
        save(&app, &many("Deux")).await;
        let eighty = Found::on(&owner.get("/en/office/miso/publish").await.body);

        assert_eq!((none.count("#changes"), none.count("form.form")), (0, 0));
        assert_eq!(single.texts("#changes summary"), ["Modifiée"]);
        assert_eq!((single.count("#changes .changes > li"), single.count("#changes details[open]")), (1, 1));
        assert_eq!((eighty.count("#changes .changes > li"), eighty.count("#changes details[open]")), (80, 0));
    }

    async fn a_note_is_one_paragraph_of_text_and_not_a_book(app: App) {
        save(&app, &miso(vec![session("atelier", 9)])).await;
        let owner = app.signed_in(Role::Owner).await;
        let page = owner.get(PAGE).await;

        let long = send(&owner, &page, PAGE, &[("note", &"x".repeat(1_001))]).await;
        let done = send(&owner, &page, PAGE, &[("note", "Une\u{0}ligne\r\net une autre")]).await;

        assert_eq!(long.status, Status::UnprocessableEntity);
        assert_eq!(done.status, Status::SeeOther);
        assert_eq!(newest(&app, "miso").await.note, "Une ligne et une autre");
        let unseen = owner.post(PAGE, &[("note", "Sans avoir rien vu")]).await;
        assert_eq!(unseen.status, Status::Conflict);
    }
}
