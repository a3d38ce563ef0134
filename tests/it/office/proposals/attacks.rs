//! What somebody hostile sends: files that are not what they say, words that would be scripts, other sites' forms.

use parvis::identity::Role;
use rocket::http::{Header, Method, Status};

use super::{HOME, PDF, WHOLE, decide, filled, jpeg, propose, send, two_partners, upload, way};
use crate::{
    builders::session,
    harness::{App, OFFICE_COOKIE},
    html::Found,
};

const HOSTILE: &str = "\"><script>alert(1)</script><svg onload=alert(1)>{{ 7*7 }}'";

/// The bytes of a file as it is served, and its headers.
async fn served(app: &App, token: &str, path: &str) -> (Vec<(String, String)>, Vec<u8>) {
    let answer = app.client.get(path.to_owned()).cookie((OFFICE_COOKIE, token.to_owned())).dispatch().await;
    assert_eq!(answer.status(), Status::Ok, "{path}");
    let headers = answer
        .headers()
        .iter()
        .map(|h| (h.name().to_string().to_lowercase(), h.value().to_owned()))
        .collect();
    (headers, answer.into_bytes().await.unwrap())
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

on_both_engines! {
    async fn a_file_is_what_its_content_says_and_is_served_so_that_nothing_in_it_runs(app: App) {
        app.publish(&two_partners(vec![])).await;
        let partner = app.signed_in(Role::Partner).await;
        let one = propose(&partner, &WHOLE).await;
        let mut bomb = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\xff\xff\0\0\xff\xff\x08\x06\0\0\0".to_vec();
        bomb.extend([0; 64]);
        for (name, bytes, said) in [
            ("a.jpg", &b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"[..], "n’est ni une image"),
            ("a.pdf", b"<html><script>alert(1)</script></html>", "n’est ni une image"),
            ("a.png", &bomb, "image"),
            ("a.jpg", b"\xff\xd8\xff\xe0 nothing", "abîmé"),
            ("a.jpg", b"", "Choisissez"),
            ("a.pdf", b"%PDF-1.4 without an end", "abîmé"),
            ("a.jpg", &vec![0xff; 16 * 1024 * 1024], "trop lourd"),
        ] {
            let refused = upload(&partner, &one, name, bytes).await;
            assert_eq!(refused.status, Status::UnprocessableEntity, "{name}");
            assert!(refused.body.contains(said), "{name} {said}: {}", refused.body);
        }
        assert!(Found::on(&partner.get(&one).await.body).attributes("img", "src").is_empty());
        let sent = jpeg();
        assert!(holds(&sent, b"GPSLatitude") && holds(&sent, b"<script>"), "they were there");
        way(&upload(&partner, &one, &format!("../{HOSTILE}.html"), &sent).await);
        let mut polyglot = PDF[..9].to_vec();
        polyglot.extend(b"<html><script>alert(1)</script>");
        polyglot.extend(&PDF[9..]);
        way(&upload(&partner, &one, "page.html", &polyglot).await);

        let page = partner.get(&one).await.body;
        assert!(!page.contains("<script>alert") && !page.contains("<svg onload"), "{page}");
        let found = Found::on(&page);
        let picture = found.attributes(".proposal-picture img", "src").remove(0);
        let document = found.attributes(".proposal-files a", "href").remove(0);
        let (headers, bytes) = served(&app, &partner.token, &picture).await;
        assert!(!holds(&bytes, b"GPSLatitude") && !holds(&bytes, b"<script>") && bytes.starts_with(b"\xff\xd8\xff"));
        let header = |headers: &[(String, String)], name: &str| {
            headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone()).unwrap_or_default()
        };
        let (document_headers, _) = served(&app, &partner.token, &document).await;
        for (headers, kind, how) in [(&headers, "image/jpeg", "inline; "), (&document_headers, "application/pdf", "attachment; ")] {
            assert_eq!(header(headers, "content-type"), kind);
            assert!(header(headers, "content-disposition").starts_with(how));
            assert!(!header(headers, "content-disposition").contains(".html"));
            assert_eq!(header(headers, "x-content-type-options"), "nosniff");
            assert!(header(headers, "content-security-policy").starts_with("default-src 'none'"));
            assert!(header(headers, "content-security-policy").ends_with("sandbox"));
            assert_eq!(header(headers, "cache-control"), "private, no-store");
        }
        assert_eq!(app.get(&picture).await.status, Status::SeeOther, "not for who is not signed in");
    }

    async fn words_that_would_be_scripts_stay_words_wherever_they_are_shown(app: App) {
        app.publish(&two_partners(vec![session("s-0", 3)])).await;
        let partner = app.signed_in(Role::Partner).await;
        let editor = app.signed_in(Role::Editor).await;
        let every = ["title", "theme", "format", "date", "start", "end", "end_other", "place", "capacity", "join_url",
            "speakers", "language", "language_other", "abstract", "description", "tags", "text_language", "access", "access_other"];
        let fields: Vec<_> = every.iter().map(|field| (*field, HOSTILE)).collect();
        let draft = propose(&partner, &[&fields[..], &[("act", "draft")]].concat()).await;
        let refused = partner.post(HOME, &[&fields[..], &[("act", "send")]].concat()).await;
        assert_eq!(refused.status, Status::UnprocessableEntity);
        let texts: Vec<_> = ["title", "speakers", "abstract", "description", "tags", "access_other"].iter().map(|field| (*field, HOSTILE)).collect();
        let sent = propose(&partner, &[&WHOLE[1..4], &texts[..], &[("act", "send")]].concat()).await;
        way(&partner.post(&format!("{sent}/comments"), &[("comment", HOSTILE)]).await);
        let change = format!("{HOME}/sessions/s-0/change");
        let changed = filled(&partner.get(&change).await, "form.wide", &texts);
        let changed = way(&send(&partner, &format!("{HOME}/sessions/s-0"), &changed).await);

        let mut bodies = vec![refused.body];
        for path in [HOME, &draft, &format!("{draft}/edit"), &sent, &format!("{sent}/edit"), &changed] {
            bodies.push(partner.get(path).await.body);
        }
        for path in [HOME, &sent, &changed, &format!("{sent}/decision/accept"), &format!("{changed}/decision/accept")] {
            bodies.push(editor.get(path).await.body);
        }
        for body in &bodies {
            assert!(!body.contains("<script>alert") && !body.contains("<svg onload"), "{body}");
            assert!(body.contains("alert(1)"), "it is shown as words: {body}");
        }
        way(&decide(&editor, &sent, "accept", &[("text", &format!("{{session}} {HOSTILE}").replace("{{ 7*7 }}", "")), ("act", "send")]).await);
        let mail = app.mails_to("partner@example.org").await.pop().unwrap();
        assert!(!mail.html.contains("<script") && !mail.html.contains("<svg"), "{}", mail.html);
        assert!(mail.html.contains("{{ 7*7 }}"), "the title is no template: {}", mail.html);
    }

    async fn another_site_s_page_sends_nothing(app: App) {
        app.publish(&two_partners(vec![session("s-0", 3)])).await;
        let partner = app.signed_in(Role::Partner).await;
        let one = propose(&partner, &WHOLE).await;
        for path in [HOME.to_owned(), format!("{one}/comments"), format!("{one}/files"), format!("{one}/withdrawal"), format!("{HOME}/sessions/s-0")] {
            let request = app.client.req(Method::Post, path.clone()).cookie((OFFICE_COOKIE, partner.token.clone()));
            let request = request.header(rocket::http::ContentType::Form).header(Header::new("Origin", "https://evil.example.net"));
            assert_eq!(request.body(crate::http::form(&WHOLE)).dispatch().await.status(), Status::Forbidden, "{path}");
        }
    }
}
