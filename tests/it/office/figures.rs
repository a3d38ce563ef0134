//! Figures: what they count, that they stay when people are erased, and the funder's link.

use chrono::TimeDelta;
use parvis::{
    identity::Role,
    programme::{DraftSession, Format, Organisation},
    registration::{attendance, erasure, figures, retention, store},
};
use rocket::http::{Method, Status};

use crate::{
    builders::{miso, on_day, session},
    harness::{App, Member, Page},
    html::Found,
};

/// What stands in large at the head of the page, by its words.
fn headline(page: &Page) -> Vec<String> {
    assert_eq!(page.status, Status::Ok, "{}", page.body);
    let found = Found::on(&page.body);
    let values = found.texts("dl.counts dd");
    let labels = found.texts("dl.counts dt");
    labels.into_iter().zip(values).map(|(label, value)| format!("{value} {label}")).collect()
}

/// Some time passes, and what is due is done: it is counted.
async fn counted(app: &App) {
    app.pass(TimeDelta::minutes(1));
    parvis::publication::refresh(app.house()).await.unwrap();
    app.run_due().await;
}

fn hosted(mut session: DraftSession, host: &str) -> DraftSession {
    session.session.hosts = vec![host.to_owned()];
    session
}

/// Two sessions of two partners: the first has one seat.
fn two() -> parvis::programme::Draft {
    let mut draft = miso(vec![session("ouverture", 1), hosted(on_day(session("suite", 4), 1), "atelier")]);
    draft.organisations.push(Organisation {
        slug: "atelier".to_owned(),
        name: "=L’Atelier".to_owned(),
        url: String::new(),
        summary: String::new(),
    });
    draft.sessions[1].session.formats = vec![Format::Hackathon, Format::OpenForum];
    draft
}

/// Three people, one of whom waits, and one of whom has left something.
async fn three(app: &App) {
    app.publish(&two()).await;
    app.register("ana@example.org", &["ouverture", "suite"]).await;
    app.register("bob@example.org", &["ouverture"]).await;
    app.pass(TimeDelta::days(1));
    app.register("zoe@example.org", &["suite"]).await;
    let zoe = app.agenda_path("zoe@example.org").await;
    app.post(&format!("{zoe}/cancellations"), &[("all", "1")]).await;
}

async fn mark(app: &App, slug: &str, list: &str) {
    let published = app.house().publications.current("miso").unwrap();
    let session = published.session(slug).unwrap().id;
    let list = attendance::list::read("liste", list.as_bytes(), slug).unwrap();
    let now = app.now();
    let marked = attendance::mark(
        app.house(),
        parvis::audit::Actor::Command,
        published.id,
        session,
        &list,
        attendance::Mode::Write,
        now,
    )
    .await;
    assert!(matches!(marked.unwrap(), attendance::Marked::Done(_)));
}

/// Every table as a file: all that there is to say.
async fn files(member: &Member<'_>) -> Vec<String> {
    let names = [
        "summary",
        "days",
        "fills",
        "themes",
        "formats",
        "partners",
        "queues",
        "endings",
        "attendance",
        "languages",
        "sessions",
    ];
    let mut all = Vec::new();
    for name in names {
        let page = member.get(&format!("/fr/office/miso/figures/{name}.csv")).await;
        assert_eq!(page.status, Status::Ok, "{name}");
        all.push(page.body);
    }
    all
}

/// A funder's link, as the users' page shows it.
async fn link(owner: &Member<'_>) -> String {
    let form = [("label", "Fondation d’exemple"), ("programme", "miso")];
    owner.post("/fr/office/users/figures-links", &form).await;
    let page = owner.get("/fr/office/users").await.body;
    let address = Found::on(&page).attributes("input.address", "value").pop().unwrap();
    address["https://parvis.example.org".len()..].to_owned()
}

on_both_engines! {
    async fn the_page_says_how_many_registered_wait_and_left(app: App) {
        three(&app).await;
        counted(&app).await;
        let editor = app.signed_in(Role::Editor).await;

        let page = editor.get("/en/office/miso/figures").await;

        assert_eq!(headline(&page), [
            "4 Registrations",
            "3 Different people 1 of them with a seat",
            "2 Seats taken 40% of 5 limited seats",
            "1 Waiting",
            "1 Cancellations",
        ]);
        let found = Found::on(&page.body);
        assert_eq!(found.texts("#figures-days ~ details tbody td").join(" "), "3 0 3 1 1 3");
        assert_eq!(found.texts("#figures-partners ~ .picture tbody th"), ["=L’Atelier", "Collectif"]);
        let pictures = found.texts("svg[role=img] > title");
        assert!(pictures.iter().any(|title| title == "Registrations by day"), "{pictures:?}");
        let bars = found.texts("#figures-themes ~ .picture svg rect title");
        assert_eq!(bars, ["Laboratoire – 40% (2 of 5)"]);
        for name in ["ana@", "Ana Exemple"] {
            assert!(!page.body.contains(name), "nobody is named");
        }
    }

    async fn a_partner_s_figures_are_those_of_its_own_sessions(app: App) {
        three(&app).await;
        counted(&app).await;
        let press = app.signed_in(Role::Press).await;

        let own = press.get("/en/office/miso/figures?organisation=atelier").await;
        let unknown = press.get("/en/office/miso/figures?organisation=nope").await;

        assert_eq!(headline(&own), [
            "2 Registrations",
            "2 Different people 1 of them with a seat",
            "1 Seats taken 25% of 4 limited seats",
            "0 Waiting",
            "1 Cancellations",
        ]);
        assert_eq!(Found::on(&own.body).texts("#figures-sessions ~ .table tbody th a"), ["Session suite"]);
        let twin = Found::on(&own.body).attributes("header a[hreflang=fr]", "href");
        assert_eq!(twin, ["/fr/office/miso/figures?organisation=atelier"]);
        assert_eq!(headline(&unknown)[0], "4 Registrations");
        let file = press.get("/en/office/miso/figures/sessions.csv?organisation=atelier").await;
        assert_eq!(file.header("content-disposition"), "attachment; filename=\"miso-atelier-sessions.csv\"");
        assert_eq!(file.body.lines().count(), 2);
    }

    async fn each_table_is_a_file_in_which_no_cell_is_a_formula(app: App) {
        three(&app).await;
        counted(&app).await;
        let owner = app.signed_in(Role::Owner).await;

        let partners = owner.get("/fr/office/miso/figures/partners.csv").await;
        let excel = owner.get("/fr/office/miso/figures/partners.csv?dialect=excel").await;

        assert_eq!(
            partners.body,
            "organisation,title,sessions,seats,taken,fill,waiting,made,gone\r\n\
             atelier,'=L’Atelier,1,4,1,25,0,2,1\r\n\
             collectif,Collectif,1,1,1,100,1,2,0\r\n"
        );
        assert!(excel.body.starts_with("\u{feff}organisation;title;"), "{}", excel.body);
        let days = owner.get("/fr/office/miso/figures/days.csv").await.body;
        assert_eq!(days, "day,made,gone,stands\r\n2027-03-01,3,0,3\r\n2027-03-02,1,1,3\r\n");
        for wrong in ["nope.csv", "days", "days.xlsx", "..csv"] {
            let page = owner.get(&format!("/fr/office/miso/figures/{wrong}")).await;
            assert_eq!(page.status, Status::NotFound, "{wrong}");
        }
    }

    async fn each_table_of_sessions_says_these_figures(app: App) {
        three(&app).await;
        app.register("eva@example.org", &["suite"]).await;
        let editor = app.signed_in(Role::Editor).await;
        let eva = {
            let mut db = app.pool.acquire().await.unwrap();
            store::participant_by_email(&mut db, "eva@example.org").await.unwrap().unwrap().id
        };
        editor.post(&format!("/fr/office/miso/people/{eva}/cancellations"), &[("session", "suite")]).await;
        counted(&app).await;
        app.pass(TimeDelta::days(60));
        mark(&app, "suite", "+2").await;
        let editor = app.signed_in(Role::Editor).await;
        let file = async |name: &str| editor.get(&format!("/fr/office/miso/figures/{name}.csv")).await.body;

        // A session of two formats is counted in both.
        assert_eq!(
            file("formats").await,
            "format,title,sessions,seats,taken,fill,waiting,made,gone\r\n\
             workshop,Atelier,1,1,1,100,1,2,0\r\n\
             open-forum,Forum ouvert,1,4,1,25,0,3,2\r\n\
             hackathon,Hackathon,1,4,1,25,0,3,2\r\n"
        );
        assert_eq!(
            file("fills").await,
            "percent,sessions\r\n0-19,0\r\n20-39,1\r\n40-59,0\r\n60-79,0\r\n80-99,0\r\n100,1\r\n"
        );
        assert_eq!(
            file("queues").await,
            "session,title,waiting,taken,seats\r\nouverture,Session ouverture,1,1,1\r\n"
        );
        assert_eq!(file("endings").await, "ending,gone\r\nperson,1\r\norganiser,1\r\n");
        // Nobody has said who came to the first one: that is nothing, and not nobody.
        assert_eq!(
            file("sessions").await,
            "session,title,seats,taken,fill,waiting,made,gone,present,absent,walk_in\r\n\
             ouverture,Session ouverture,1,1,100,1,2,0,,,\r\n\
             suite,Session suite,4,1,25,0,3,2,0,1,2\r\n"
        );
    }

    async fn what_a_picture_shows_stands_in_a_table_beside_it(app: App) {
        three(&app).await;
        app.pass(TimeDelta::days(60));
        mark(&app, "suite", "+2").await;
        counted(&app).await;
        let owner = app.signed_in(Role::Owner).await;
        let link = link(&owner).await;

        for (page, at_least) in [(owner.get("/fr/office/miso/figures").await, 10), (app.get(&link).await, 9)] {
            let found = Found::on(&page.body);
            let pictures = found.count("svg[role=img]");
            assert!(pictures >= at_least, "{pictures} pictures");
            let beside = "section:has(table > caption, details table > caption) svg[role=img]";
            assert_eq!(found.count(beside), pictures);
            let sections = found.count("section:has(svg[role=img])");
            assert_eq!(found.count("section:has(svg[role=img]) table:has(thead th):has(tbody td)"), sections);
        }
    }

    async fn who_came_is_there_as_soon_as_it_is_marked(app: App) {
        three(&app).await;
        counted(&app).await;
        app.pass(TimeDelta::days(60));
        let editor = app.signed_in(Role::Editor).await;

        mark(&app, "suite", "+2").await;

        let page = editor.get("/fr/office/miso/figures").await;
        assert_eq!(headline(&page)[5..], [
            "2 Présentes dont 2 sans inscription",
            "100\u{a0}% Taux d’absence une personne attendue n’est pas venue",
        ]);
        let found = Found::on(&page.body);
        let row = found.texts("#figures-attendance ~ .picture tbody td").join(" ");
        assert_eq!(row, "1 1 0 1 100\u{a0}% 2");
    }

    async fn erasure_changes_no_figure(app: App) {
        three(&app).await;
        let agenda = app.agenda_path("ana@example.org").await;
        app.pass(TimeDelta::days(60));
        mark(&app, "suite", "ana@example.org\n").await;
        counted(&app).await;
        let before = {
            let owner = app.signed_in(Role::Owner).await;
            files(&owner).await
        };
        assert!(before[0].contains("people,3") && before[8].contains("present"), "{before:?}");

        // Ana asks for it herself; what she had is over.
        app.post(&format!("{agenda}/erasure"), &[("confirm", "1")]).await;
        let mut db = app.pool.acquire().await.unwrap();
        if let Some(ana) = store::participant_by_email(&mut db, "ana@example.org").await.unwrap() {
            erasure::erase(app.house(), ana.id).await.unwrap();
        }
        assert_eq!(store::participant_by_email(&mut db, "ana@example.org").await.unwrap(), None);
        drop(db);
        let again = {
            recounted(&app).await;
            let owner = app.signed_in(Role::Owner).await;
            files(&owner).await
        };
        assert_eq!(again, before);

        // And everybody's time is over.
        app.pass(TimeDelta::days(500));
        assert_eq!(retention::erase_due(app.house(), 365).await.unwrap(), 2);
        recounted(&app).await;
        let owner = app.signed_in(Role::Owner).await;
        assert_eq!(files(&owner).await, before);
    }

    async fn what_is_counted_stays_for_somebody_who_goes_on_elsewhere(app: App) {
        three(&app).await;
        counted(&app).await;
        let mut next = miso(vec![on_day(session("encore", 5), 365)]);
        next.programme.slug = "encore".to_owned();
        next.programme.starts += TimeDelta::days(365);
        next.programme.ends += TimeDelta::days(365);
        app.publish(&next).await;
        let form = [("name", "Ana"), ("email", "ana@example.org"), ("consent", "1"), ("session", "encore")];
        assert_eq!(app.post("/fr/encore/register", &form).await.status, Status::SeeOther);
        let published = app.house().publications.current("miso").unwrap();
        let now = async || {
            figures::counted(app.house(), &published.release, figures::NO_REST).await.unwrap().unwrap()
        };
        let before = now().await;

        app.pass(TimeDelta::days(74 + 400));
        assert_eq!(retention::erase_due(app.house(), 365).await.unwrap(), 3);

        assert_eq!(now().await, before);
        let mut db = app.pool.acquire().await.unwrap();
        assert!(store::participant_by_email(&mut db, "ana@example.org").await.unwrap().is_some());
    }

    async fn a_programme_is_counted_again_only_where_something_has_changed(app: App) {
        three(&app).await;
        counted(&app).await;
        let published = app.house().publications.current("miso").unwrap();
        let at = async || {
            let mut db = app.pool.acquire().await.unwrap();
            let when = figures::store::when(&mut db).await.unwrap()[&published.id];
            assert_eq!(when.registrations, 4);
            when.counted_at
        };
        let first = at().await;

        counted(&app).await;
        assert_eq!(at().await, first, "nothing has happened");
        // An older count of another process does not come back.
        let mut tx = app.pool.begin().await.unwrap();
        let old = figures::store::When {
            counted_at: first - TimeDelta::minutes(1),
            release_number: 1,
            registrations: 0,
        };
        figures::store::keep(&mut tx, published.id, old, &figures::Counted::default()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(at().await, first);
    }

    async fn a_funder_reads_the_figures_of_one_programme_and_can_do_nothing(app: App) {
        three(&app).await;
        counted(&app).await;
        let owner = app.signed_in(Role::Owner).await;
        let link = link(&owner).await;

        let page = app.get(&link).await;

        assert_eq!(headline(&page)[0], "4 Inscriptions");
        assert_eq!(page.header("cache-control"), "private, no-store");
        assert_eq!(page.header("x-robots-tag"), "noindex");
        let found = Found::on(&page.body);
        assert_eq!(found.count("form[method=post]"), 0);
        assert_eq!(found.text("h1"), "MISO Chiffres");
        for secret in ["ana@", "Ana Exemple", "Fondation d’exemple", "/office/miso"] {
            assert!(!page.body.contains(secret), "{secret}");
        }
        let inward: Vec<_> = found
            .links("main")
            .into_iter()
            .filter(|(_, href)| href.contains("/office/") && !href.starts_with(&link))
            .collect();
        assert_eq!(inward, [], "every way stays behind the link");
        for (_, href) in found.links("main").into_iter().filter(|(_, href)| !href.contains('#')) {
            assert_eq!(app.get(&href).await.status, Status::Ok, "{href}");
        }
        for method in [Method::Post, Method::Put, Method::Delete] {
            let answer = app.client.req(method, link.clone()).dispatch().await;
            // The office's forms have addresses of this shape: one signs in first.
            assert!([303, 404, 405].contains(&answer.status().code), "{method}: {}", answer.status());
        }
    }

    async fn behind_a_link_nobody_is_told_by_what_few_have_in_common(app: App) {
        app.publish(&two()).await;
        for n in 0..9 {
            app.register(&format!("p{n}@example.org"), &["suite"]).await;
        }
        let form = [("name", "Zoe"), ("email", "zoe@example.org"), ("consent", "1"), ("session", "suite")];
        assert_eq!(app.post("/en/miso/register", &form).await.status, Status::SeeOther);
        counted(&app).await;
        let owner = app.signed_in(Role::Owner).await;
        let link = link(&owner).await;

        let own = owner.get("/fr/office/miso/figures/languages.csv").await.body;
        let (page, file) = (app.get(&link).await.body, app.get(&format!("{link}/languages.csv")).await.body);

        assert_eq!(own, "language,people\r\nfr,9\r\nen,1\r\n");
        assert_eq!(file, "language,people\r\nfr,withheld\r\nen,<5\r\n");
        let found = Found::on(&page);
        assert_eq!(found.texts("#figures-languages ~ .picture tbody td"), ["non indiqué", "moins de 5"]);
        let bars = found.texts("#figures-languages ~ .picture svg rect title");
        assert_eq!(bars, ["Français – non indiqué", "Anglais – moins de 5"]);
    }

    async fn behind_a_link_few_are_not_reckoned_from_two_organisations_that_share_nobody(app: App) {
        app.publish(&two()).await;
        for n in 0..9 {
            app.register(&format!("p{n}@example.org"), &["suite"]).await;
        }
        let form = [("name", "Zoe"), ("email", "zoe@example.org"), ("consent", "1"), ("session", "ouverture")];
        assert_eq!(app.post("/en/miso/register", &form).await.status, Status::SeeOther);
        counted(&app).await;
        let owner = app.signed_in(Role::Owner).await;
        let link = link(&owner).await;

        for (organisation, known) in [("atelier", "fr,9\r\n"), ("collectif", "en,1\r\n")] {
            let file = format!("languages.csv?organisation={organisation}");
            let own = owner.get(&format!("/fr/office/miso/figures/{file}")).await.body;
            assert_eq!(own, format!("language,people\r\n{known}"), "the team sees the names");
            assert_eq!(app.get(&format!("{link}/{file}")).await.body, "language,people\r\n");
            let page = app.get(&format!("{link}?organisation={organisation}")).await;
            let found = Found::on(&page.body);
            assert_eq!((found.count("#figures-languages"), found.count("#figures-days")), (0, 1), "{organisation}");
            assert!(!page.body.contains("Anglais"), "{}", page.body);
        }
        assert_eq!(app.get(&format!("{link}/languages.csv")).await.body, "language,people\r\nfr,withheld\r\nen,<5\r\n");
    }

    async fn behind_a_link_nothing_is_told_of_so_few_that_each_could_be_reckoned(app: App) {
        app.publish(&two()).await;
        let form = [("name", "Zoe"), ("email", "zoe@example.org"), ("consent", "1"), ("session", "suite")];
        assert_eq!(app.post("/en/miso/register", &form).await.status, Status::SeeOther);
        counted(&app).await;
        let owner = app.signed_in(Role::Owner).await;
        let link = link(&owner).await;
        let told = async || app.get(&format!("{link}/languages.csv")).await.body;
        assert_eq!(told().await, "language,people\r\n", "one person alone");

        for n in 0..5 {
            app.register(&format!("p{n}@example.org"), &["suite"]).await;
        }
        counted(&app).await;

        let own = owner.get("/fr/office/miso/figures/languages.csv").await.body;
        assert_eq!(own, "language,people\r\nfr,5\r\nen,1\r\n");
        assert_eq!(told().await, "language,people\r\n", "of six, who are fewer than five is one");
        assert_eq!(Found::on(&app.get(&link).await.body).count("#figures-languages"), 0);
    }

    async fn a_link_that_was_revoked_or_forged_says_so_and_nothing_else(app: App) {
        three(&app).await;
        counted(&app).await;
        let owner = app.signed_in(Role::Owner).await;
        let link = link(&owner).await;
        assert_eq!(app.get(&format!("{link}/days.csv")).await.status, Status::Ok);
        let token = link.rsplit('/').next().unwrap().to_owned();
        let mut forged = token.clone().into_bytes();
        let last = forged.last_mut().unwrap();
        *last = if *last == b'a' { b'b' } else { b'a' };
        let forged = link.replace(&token, &String::from_utf8(forged).unwrap());
        let revoke = Found::on(&owner.get("/fr/office/users").await.body)
            .attributes("form[action$='/revocation']", "action")
            .pop()
            .unwrap();
        owner.post(&revoke, &[]).await;

        let mut said = Vec::new();
        for path in [link.clone(), format!("{link}/days.csv"), forged, "/fr/office/figures-link/x".to_owned()] {
            let page = app.get(&path).await;
            assert_eq!(page.status, Status::NotFound, "{path}");
            assert!(!page.body.contains("MISO") && !page.body.contains("Inscriptions"), "{}", page.body);
            said.push(Found::on(&page.body).text("main"));
        }
        said.dedup();
        assert_eq!(said.len(), 1, "one page for all: {said:?}");
    }

    async fn before_the_first_release_there_is_nothing_to_count(app: App) {
        let mut tx = app.pool.begin().await.unwrap();
        let id = app.tokens.id(app.now());
        parvis::programme::store::save(&mut tx, &two(), id, app.now()).await.unwrap();
        tx.commit().await.unwrap();
        let editor = app.signed_in(Role::Editor).await;

        let page = editor.get("/fr/office/miso/figures").await;

        assert!(page.body.contains("Rien n’est encore publié"), "{}", page.body);
        assert_eq!(editor.get("/fr/office/miso/figures/days.csv").await.status, Status::NotFound);
    }

    async fn a_page_of_figures_asks_as_often_for_one_session_as_for_many(app: App) {
        app.publish(&miso(vec![session("ouverture", 1)])).await;
        app.register("ana@example.org", &["ouverture"]).await;
        counted(&app).await;
        let editor = app.signed_in(Role::Editor).await;
        let paths = ["/fr/office/miso/figures", "/fr/office/miso/figures/sessions.csv"];
        let mut one = Vec::new();
        for path in paths {
            one.push(editor.statements(path).await);
        }

        let many = (0..120).map(|n| on_day(session(&format!("s-{n}"), 2), n / 5)).collect();
        app.publish(&miso(many)).await;
        app.register("bob@example.org", &["s-1", "s-2", "s-3"]).await;
        counted(&app).await;

        let mut more = Vec::new();
        for path in paths {
            more.push(editor.statements(path).await);
        }
        assert_eq!(more, one);
        assert!(one.iter().all(|count| *count <= 5), "{one:?}");
        let second = editor.get("/fr/office/miso/figures?sort=fill&page=2").await;
        assert_eq!(Found::on(&second.body).count("#figures-sessions ~ .table tbody tr"), 50);
    }
}

/// Counts once more, though no seat has changed: what is there now is what is counted.
async fn recounted(app: &App) {
    let published = app.house().publications.current("miso").unwrap();
    let (registrations, counted) =
        figures::counted(app.house(), &published.release, figures::NO_REST).await.unwrap().unwrap();
    let release_number = published.release.number;
    let when = figures::store::When { counted_at: app.now(), release_number, registrations };
    let mut tx = app.pool.begin().await.unwrap();
    figures::store::keep(&mut tx, published.id, when, &counted).await.unwrap();
    tx.commit().await.unwrap();
}
