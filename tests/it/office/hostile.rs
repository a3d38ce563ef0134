//! What people of the house call themselves, their devices and their funders: words wherever they are read, and no
//! formula in a file.

use parvis::{
    identity::Role,
    programme::{self, Draft},
};
use rocket::http::{ContentType, Header, Status};

use super::{
    draft::pages::is_hostile,
    identity::{PASSWORD, hired},
    proposals::{WHOLE, filled, propose, send, two_partners, way},
};
use crate::{
    builders::session,
    harness::{self, App, Member, OFFICE_COOKIE, Page},
    html::Found,
};

const EVIL: &str = "<svg onload=alert(1)>";
const FORMULA: &str = "=cmd|'/C calc'!A0";
const PUBLISH: &str = "/fr/office/miso/publish";

/// Writes the draft with another title of its session.
async fn retitled(app: &App, draft: &mut Draft, title: &str) {
    draft.sessions[0].session.title = title.to_owned();
    let mut tx = app.pool.begin().await.unwrap();
    programme::store::save(&mut tx, draft, app.tokens.id(app.now()), app.now()).await.unwrap();
    tx.commit().await.unwrap();
}

/// The page shows what was typed, and nothing of it runs.
async fn is_read_as_words(member: &Member<'_>, path: &str) {
    let page = member.get(path).await;
    assert_eq!(page.status, Status::Ok, "{path}");
    assert!(page.body.contains("&lt;svg onload=alert(1)"), "{path} shows it: {}", page.body);
    assert!(!is_hostile(&page), "{path}: {}", page.body);
}

on_both_engines! {
    async fn a_name_and_a_label_that_would_run_are_read_as_words_on_every_page_that_says_them(app: App) {
        let mut draft = two_partners(vec![session("s-0", 3)]);
        app.publish(&draft).await;
        let owner = app.signed_in(Role::Owner).await;
        let (editor, partner) = (app.signed_in(Role::Editor).await, app.signed_in(Role::Partner).await);
        for member in [&editor, &partner] {
            let named = member.post("/fr/office/account/name", &[("name", EVIL)]).await;
            assert_eq!(named.location(), "/fr/office/account?done=name");
        }
        let one = propose(&partner, &WHOLE).await;
        for member in [&partner, &editor] {
            way(&member.post(&format!("{one}/comments"), &[("comment", "Bonjour")]).await);
        }
        retitled(&app, &mut draft, "Un autre titre").await;
        let publish = filled(&editor.get(PUBLISH).await, "form.form", &[("note", "x")]);
        assert_eq!(way(&send(&editor, PUBLISH, &publish).await), "/fr/office/miso/releases/2");
        retitled(&app, &mut draft, "Un troisième titre").await;
        let plan = filled(&editor.get(PUBLISH).await, "form.form", &[("day", "2027-03-02"), ("time", "10:30")]);
        assert_eq!(way(&send(&editor, &format!("{PUBLISH}/plan"), &plan).await), PUBLISH);
        let label = owner.post("/fr/office/users/figures-links", &[("label", EVIL), ("programme", "miso")]).await;
        assert_eq!(label.location(), "/fr/office/users?done=link");

        for path in ["/fr/office", "/fr/office/account", "/fr/office/miso/sessions"] {
            is_read_as_words(&editor, path).await;
        }
        is_read_as_words(&partner, &one).await;
        for path in [
            "/fr/office/users", &format!("/fr/office/users/{}", editor.id), &format!("/fr/office/users/{}", partner.id),
            "/fr/office/log", "/fr/office/miso/log", PUBLISH, "/fr/office/miso/releases", "/fr/office/miso/proposals/partners", &one,
        ] {
            is_read_as_words(&owner, path).await;
        }
        let links = Found::on(&owner.get("/fr/office/users").await.body);
        assert!(links.texts("tbody th[scope=row]").contains(&EVIL.to_owned()), "the label");
        let refused = owner.post("/fr/office/users/figures-links", &[("label", EVIL), ("programme", EVIL)]).await;
        assert_eq!((refused.status, is_hostile(&refused)), (Status::UnprocessableEntity, false));
        let file = owner.get("/fr/office/log.csv").await;
        assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
        assert!(file.header("content-disposition").starts_with("attachment; "));
        assert_eq!(file.header("x-content-type-options"), "nosniff");
    }

    async fn a_name_that_is_a_formula_is_none_in_the_file_of_the_log(app: App) {
        app.publish(&two_partners(vec![session("s-0", 3)])).await;
        let editor = app.signed_in(Role::Editor).await;
        editor.post("/fr/office/account/name", &[("name", FORMULA)]).await;
        let made = editor.post("/fr/office/miso/themes", &[("title", "Eau vive"), ("colour", "")]).await;
        assert_eq!(made.location(), "/fr/office/miso/themes?done=added");

        for path in ["/fr/office/log.csv", "/fr/office/miso/log.csv"] {
            let file = editor.get(path).await;
            let mut rows = csv::Reader::from_reader(file.body.as_bytes());
            let said: Vec<_> = rows.records().map(|row| (row.as_ref().unwrap()[3].to_owned(), row.unwrap()[2].to_owned())).collect();
            let by_them = said.iter().find(|(action, _)| action == "theme.add");
            assert_eq!(by_them.map(|(_, who)| who.as_str()), Some("'=cmd|'/C calc'!A0"), "{path}: {said:?}");
            assert!(said.iter().all(|(_, who)| !who.starts_with('=')), "{path}: {said:?}");
        }
        let page = editor.get("/fr/office/miso/log").await;
        assert!(Found::on(&page.body).texts("tbody td:nth-child(2)").contains(&FORMULA.to_owned()), "on a page it is a name");
    }

    async fn who_is_invited_by_a_name_that_would_run_reads_it_as_words(app: App) {
        let owner = app.signed_in(Role::Owner).await;
        let fields = [("email", "lou@example.org"), ("name", EVIL), ("role", "editor"), ("language", "fr")];
        assert_eq!(owner.post("/fr/office/users", &fields).await.location(), "/fr/office/users?done=invited");

        let mail = app.mails_to("lou@example.org").await.pop().unwrap();

        assert!(mail.text.contains(EVIL), "they are called so: {}", mail.text);
        let html = Page { status: Status::Ok, headers: Vec::new(), body: mail.html.clone() };
        assert!(!is_hostile(&html) && mail.html.contains("&lt;svg onload=alert(1)"), "{}", mail.html);
        is_read_as_words(&owner, "/fr/office/users").await;
        let words = mail.text.split_whitespace();
        let link = words.map(|word| word.trim_start_matches(harness::BASE_URL)).find(|word| word.contains("/office/invitation/"));
        let page = app.get(link.unwrap()).await;
        assert_eq!((page.status, is_hostile(&page)), (Status::Ok, false), "{}", page.body);
    }

    async fn a_device_is_called_what_it_says_and_nothing_of_it_runs(app: App) {
        let id = hired(&app, "ana@example.org", Role::Editor).await;
        let body = crate::http::form(&[("email", "ana@example.org"), ("password", PASSWORD)]);
        let request = app.client.post("/fr/office/sign-in").header(ContentType::Form).body(body);
        let request = request.header(Header::new("Sec-Fetch-Site", "same-origin"));
        let signed = harness::page(request.header(Header::new("User-Agent", EVIL)).dispatch().await).await;
        assert_eq!(signed.status, Status::SeeOther, "{}", signed.body);
        let cookies = signed.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"));
        let mut cookies = cookies.filter_map(|(_, line)| line.split(';').next()?.split_once('='));
        let (_, token) = cookies.find(|(name, _)| *name == OFFICE_COOKIE).unwrap();
        let (ana, owner) = (app.member(id, token.to_owned()), app.signed_in(Role::Owner).await);

        is_read_as_words(&ana, "/fr/office/account").await;

        for path in [format!("/fr/office/users/{id}"), "/fr/office/log".to_owned()] {
            let page = owner.get(&path).await;
            assert_eq!((page.status, is_hostile(&page)), (Status::Ok, false), "{path}: {}", page.body);
        }
    }
}
