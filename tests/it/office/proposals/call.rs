//! The public call: when it is open, what it takes, once; the link that only a mailbox has; what it must not do.

use chrono::TimeDelta;
use parvis::{identity::Role, programme::Call, proposals};
use rocket::http::{Header, Status};

use super::{
    HOME, WHOLE, called, confirm, decide, filled, jpeg, propose, send_file, to_call, two_partners, way,
};
use crate::{
    builders::session,
    harness::{App, Page},
    html::Found,
};

pub const CALL: &str = "/fr/miso/call";

/// The programme with a call from 1 March, 08:00, to 31 March, 18:00.
pub async fn open(app: &App) {
    let mut draft = two_partners(vec![session("s-0", 3)]);
    draft.programme.call = Call {
        opens: Some("2027-03-01T08:00:00".parse().unwrap()),
        closes: Some("2027-03-31T18:00:00".parse().unwrap()),
        text: "Des **ateliers**.".to_owned(),
    };
    app.publish(&draft).await;
}

async fn posted(app: &App, path: &str, fields: &[(String, String)]) -> Page {
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    app.post(path, &fields).await
}

on_both_engines! {
    async fn somebody_without_an_account_proposes_follows_corrects_and_is_answered(app: App) {
        open(&app).await;
        let page = app.get(CALL).await;
        assert!(page.body.contains("<strong>ateliers</strong>") && page.body.replace('\u{a0}', " ").contains("mercredi 31 mars 2027"), "{}", page.body);
        let link = called(&app, "lou@example.org").await;
        let editor = app.signed_in(Role::Editor).await;
        let seen = Found::on(&editor.get(HOME).await.body);
        assert_eq!(seen.texts("tbody td[data-label=De]"), ["Café"]);
        let one = seen.attributes("tbody th a", "href").remove(0);

        let mine = app.get(&link).await;
        assert_eq!(mine.header("cache-control"), "private, no-store");
        assert!(mine.body.contains("Un jardin commun") && mine.body.contains("Envoyée"));
        way(&decide(&editor, &one, "discuss", &[("text", "Avec qui ?"), ("act", "send")]).await);
        let told = app.mails_to("lou@example.org").await.pop().unwrap();
        assert!(told.text.contains("Avec qui ?") && told.text.contains(&link), "{}", told.text);
        way(&app.post(&format!("{link}/comments"), &[("comment", "Avec mes voisines.")]).await);
        let edit = filled(&app.get(&format!("{link}/edit")).await, "form.wide", &[("title", "Un jardin pour toutes"), ("act", "send")]);
        way(&posted(&app, &link, &edit).await);
        let seen = editor.get(&one).await.body;
        assert!(seen.contains("Avec mes voisines.") && seen.contains("Un jardin pour toutes") && seen.contains("lou@example.org"), "{seen}");
        way(&decide(&editor, &one, "accept", &[("act", "send")]).await);
        assert!(app.get(&link).await.body.contains("Acceptée"));
        assert_eq!(app.get(&format!("{link}/edit")).await.status, Status::NotFound);
        // The team hears of its messages, they of the team's.
        way(&editor.post(&format!("{one}/comments"), &[("comment", "Merci !")]).await);
        app.pass(TimeDelta::minutes(11));
        app.run_due().await;
        assert_eq!(app.mails_to("lou@example.org").await.pop().unwrap().subject, "Du nouveau dans votre proposition");
    }

    async fn a_call_takes_proposals_while_it_is_open_and_gives_back_what_was_typed(app: App) {
        app.publish(&two_partners(vec![])).await;
        assert_eq!(app.get(CALL).await.status, Status::NotFound, "there is none");
        open(&app).await;
        let wrong = app.post(CALL, &[("title", "Un jardin"), ("email", "x"), ("subject", "spam"), ("act", "send")]).await;
        assert_eq!(wrong.status, Status::UnprocessableEntity);
        let found = Found::on(&wrong.body);
        assert_eq!(found.texts(".mistakes h2").len(), 1, "everything that is wrong stands in one place");
        assert_eq!(found.attributes("input[name=title]", "value"), ["Un jardin"]);
        for field in ["name", "email", "consent", "form"] {
            assert!(!found.texts(&format!(".mistakes a[href='#f-{field}']")).is_empty(), "{field}: {}", wrong.body);
        }
        assert!(wrong.body.contains("f-date-mistake"));
        app.pass(TimeDelta::days(40));
        let late = app.post(CALL, &to_call("lou@example.org")).await;
        assert_eq!(late.status, Status::UnprocessableEntity);
        assert!(late.body.contains("Clos depuis"), "{}", late.body);
        assert_eq!(app.mails_to("lou@example.org").await.len(), 0);
        assert_eq!(app.get("/fr/nope/call").await.status, Status::NotFound);
    }

    async fn the_same_form_is_the_same_proposal_and_one_mail(app: App) {
        open(&app).await;
        let form = filled(&app.get(CALL).await, "form.wide", &to_call("lou@example.org"));

        for _ in 0..2 {
            assert_eq!(way(&posted(&app, CALL, &form).await), CALL);
        }

        assert_eq!(app.mails_to("lou@example.org").await.len(), 1);
        let mail = app.mails_to("lou@example.org").await.pop().unwrap().text;
        let link = mail.split_whitespace().find(|word| word.contains("/call/")).unwrap();
        way(&confirm(&app, &link[crate::harness::BASE_URL.len()..]).await);
        assert_eq!(way(&posted(&app, CALL, &form).await), CALL, "also once it is confirmed");
        let editor = app.signed_in(Role::Editor).await;
        assert_eq!(Found::on(&editor.get(HOME).await.body).texts("tbody th").len(), 1);
    }

    async fn nobody_opens_a_proposal_without_its_own_link(app: App) {
        open(&app).await;
        let link = called(&app, "lou@example.org").await;
        let other = called(&app, "autre@example.org").await;
        // Nobody without an account sends files.
        assert_eq!(send_file(&app, &format!("{link}/files"), "a.jpg", &jpeg()).await.status, Status::NotFound);

        let token = |link: &str| link.rsplit('/').next().unwrap().to_owned();
        let mixed = format!("{CALL}/{}{}", &token(&link)[..26], &token(&other)[26..]);
        for path in [mixed, format!("{CALL}/x"), link.replace("/miso/", "/autre/")] {
            assert_eq!(app.get(&path).await.status, Status::NotFound, "{path}");
        }
        // A partner's proposal has no such link, whoever knows the way to seal one.
        let partner = app.signed_in(Role::Partner).await;
        let one = propose(&partner, &WHOLE).await;
        let id = one.rsplit('/').next().unwrap().parse().unwrap();
        let sealed = app.house().key.seal(parvis::tokens::Purpose::Proposal, id, 1);
        assert_eq!(app.get(&format!("{CALL}/{sealed}")).await.status, Status::NotFound);
        // And partners see none of the call's.
        assert_eq!(Found::on(&partner.get(HOME).await.body).texts("th a[href*='/proposals/']"), ["Un jardin commun"]);
        let cross = app.client.post(format!("{link}/withdrawal")).header(Header::new("Sec-Fetch-Site", "cross-site"));
        assert_eq!(cross.dispatch().await.status(), Status::Forbidden);
        // Opening it has changed nothing; taking it back does.
        way(&app.post(&format!("{link}/withdrawal"), &[]).await);
        assert!(app.get(&link).await.body.contains("Retirée"));
    }

    async fn who_proposed_is_forgotten_with_the_programme_s_time(app: App) {
        open(&app).await;
        let link = called(&app, "lou@example.org").await;
        let editor = app.signed_in(Role::Editor).await;
        let one = Found::on(&editor.get(HOME).await.body).attributes("tbody th a", "href").remove(0);
        proposals::forget::erase_due(app.house(), 90).await.unwrap();
        assert!(editor.get(&one).await.body.contains("lou@example.org"), "it is not its time");

        app.pass(TimeDelta::days(180));
        proposals::forget::erase_due(app.house(), 90).await.unwrap();

        let editor = app.signed_in(Role::Editor).await;
        let seen = editor.get(&one).await.body;
        assert!(!seen.contains("lou@example.org") && !seen.contains("Lou Exemple") && seen.contains("Un jardin commun"), "{seen}");
        assert_eq!(app.get(&link).await.status, Status::NotFound);
    }

    async fn words_sent_to_the_call_stay_words(app: App) {
        open(&app).await;
        let hostile = "<script>alert(1)</script>";
        let mut fields = to_call("lou@example.org");
        fields.retain(|(name, _)| !["title", "name", "organisation", "description"].contains(name));
        for field in ["title", "name", "organisation", "description", "speakers", "tags", "abstract"] {
            fields.push((field, hostile));
        }
        let sent = app.post(CALL, &fields).await;
        assert_eq!(sent.status, Status::SeeOther, "{}", sent.body);
        let mail = app.mails_to("lou@example.org").await.pop().unwrap();
        let link = mail.text.split_whitespace().find(|word| word.contains("/call/")).unwrap();
        let link = &link[crate::harness::BASE_URL.len()..];
        way(&confirm(&app, link).await);
        let editor = app.signed_in(Role::Editor).await;
        let one = Found::on(&editor.get(HOME).await.body).attributes("tbody th a", "href").remove(0);
        let pages = [
            app.get(link).await.body,
            app.get(&format!("{link}/edit")).await.body,
            editor.get(HOME).await.body,
            editor.get(&one).await.body,
        ];
        for page in pages {
            assert!(!page.contains("<script>alert") && page.contains("alert(1)"), "{page}");
        }
        assert!(!mail.html.contains("alert(1)") && !mail.text.contains("alert(1)"), "nobody there has said that it was them");
    }
}
