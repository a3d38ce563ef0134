//! What comes through the public call is nothing to anybody until the person behind the mailbox has confirmed it.

use chrono::TimeDelta;
use parvis::{identity::Role, mail::transport::Mailer, programme::Call, proposals::call};
use rocket::{
    http::{ContentType, Status},
    local::asynchronous::Client,
};

use super::{
    HOME, asked,
    call::{CALL, open},
    called, confirm, decide, filled, to_call, two_partners, way,
};
use crate::{
    builders::session,
    harness::{App, BASE_URL, Member, page, world},
    html::Found,
};

async fn rows(member: &Member<'_>, path: &str) -> Vec<String> {
    Found::on(&member.get(path).await.body).texts("tbody th > a")
}

/// The links that this address was sent, in the order of the mails.
async fn links(app: &App, email: &str) -> Vec<String> {
    let link = |text: &str| {
        let link = text.split_whitespace().find(|word| word.contains("/call/")).unwrap();
        link[BASE_URL.len()..].to_owned()
    };
    app.mails_to(email).await.iter().map(|mail| link(&mail.text)).collect()
}

on_both_engines! {
    async fn the_team_neither_sees_nor_hears_of_what_nobody_has_confirmed(app: App) {
        open(&app).await;
        let editor = app.signed_in(Role::Editor).await;
        let link = asked(&app, "lou@example.org").await;
        let id = parvis::tokens::LinkKey::named(link.rsplit('/').next().unwrap()).unwrap();
        // A scanner opens every link: nothing comes of it.
        let page = app.get(&link).await;
        assert_eq!(Found::on(&page.body).attributes(".panel form", "action"), [format!("{link}/confirmation"), format!("{link}/withdrawal")]);
        app.get(&format!("{link}/edit")).await;
        for path in [HOME.to_owned(), format!("{HOME}?state=sent"), format!("{HOME}?state=draft")] {
            assert_eq!(rows(&editor, &path).await, Vec::<String>::new(), "{path}");
        }
        let one = format!("{HOME}/{id}");
        for path in [one.clone(), format!("{one}/edit"), format!("{one}/decision/accept")] {
            assert_eq!(editor.get(&path).await.status, Status::NotFound, "{path}");
        }
        for path in [format!("{one}/comments"), format!("{link}/comments")] {
            assert_eq!(editor.post(&path, &[("comment", "Bonjour")]).await.status, Status::NotFound, "{path}");
        }
        app.pass(TimeDelta::minutes(11));
        app.run_due().await;
        assert_eq!(app.mails_to("editor@example.org").await.len(), 0);

        assert_eq!(way(&confirm(&app, &link).await), link);
        assert_eq!(way(&confirm(&app, &link).await), link, "pressed twice");

        let editor = app.signed_in(Role::Editor).await;
        assert_eq!(rows(&editor, HOME).await, ["Un jardin commun"]);
        assert_eq!(editor.get(&one).await.status, Status::Ok);
        app.pass(TimeDelta::minutes(11));
        app.run_due().await;
        assert_eq!(app.mails_to("editor@example.org").await.len(), 1);
    }

    async fn sending_the_corrected_form_from_behind_the_link_confirms_it_too(app: App) {
        open(&app).await;
        let link = asked(&app, "lou@example.org").await;
        let form = filled(&app.get(&format!("{link}/edit")).await, "form.wide", &[("title", "Mieux dit"), ("act", "send")]);
        let form: Vec<_> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();

        way(&app.post(&link, &form).await);

        assert_eq!(rows(&app.signed_in(Role::Editor).await, HOME).await, ["Mieux dit"]);
    }

    async fn what_nobody_confirms_is_gone_after_two_days_with_its_mail(app: App) {
        open(&app).await;
        let lost = asked(&app, "lou@example.org").await;
        let kept = called(&app, "ana@example.org").await;
        app.pass(call::CONFIRM_WITHIN - TimeDelta::minutes(1));
        app.run_due().await;
        assert_eq!(app.get(&lost).await.status, Status::Ok);

        app.pass(TimeDelta::minutes(2));
        app.run_due().await;

        assert_eq!(app.get(&lost).await.status, Status::NotFound);
        assert_eq!(app.get(&kept).await.status, Status::Ok);
        let mut db = app.pool.acquire().await.unwrap();
        assert_eq!(parvis::mail::outbox::to(&mut db, "lou@example.org").await.unwrap().len(), 0, "nothing says who it was");
        assert!(!parvis::mail::outbox::to(&mut db, "ana@example.org").await.unwrap().is_empty());
    }

    async fn whose_address_was_typed_by_somebody_else_erases_it_at_once(app: App) {
        open(&app).await;
        let link = asked(&app, "lou@example.org").await;

        assert_eq!(app.post(&format!("{link}/withdrawal"), &[]).await.location(), format!("{CALL}?done=erased"));

        assert_eq!(app.get(&link).await.status, Status::NotFound);
        let mut db = app.pool.acquire().await.unwrap();
        assert_eq!(parvis::mail::outbox::to(&mut db, "lou@example.org").await.unwrap().len(), 0);
    }

    async fn a_confirmation_that_is_pressed_again_says_what_became_of_it(app: App) {
        open(&app).await;
        let link = called(&app, "lou@example.org").await;
        assert_eq!(confirm(&app, &link).await.location(), format!("{link}?done=sent"), "the team has it still");
        let editor = app.signed_in(Role::Editor).await;
        let one = Found::on(&editor.get(HOME).await.body).attributes("tbody th a", "href").remove(0);
        way(&decide(&editor, &one, "refuse", &[("act", "send")]).await);

        assert_eq!(confirm(&app, &link).await.location(), format!("{link}?done=late"));
    }

    async fn what_is_typed_beyond_three_of_a_mailbox_is_kept_and_has_its_mail_once_one_of_them_is_confirmed(app: App) {
        open(&app).await;
        let mut three = Vec::new();
        for _ in 0..call::UNCONFIRMED_MAILBOX_MAX {
            three.push(asked(&app, "lou@example.org").await);
        }
        let own = "l.ou+autre@example.org";
        let sent = app.post(CALL, &to_call(own)).await;
        assert_eq!(sent.location(), format!("{CALL}?done=sent"), "nobody learns what awaits a mailbox");
        assert_eq!(links(&app, own).await, Vec::<String>::new());
        called(&app, "ana@example.org").await;
        assert_eq!(links(&app, own).await, Vec::<String>::new(), "another's turn");

        way(&confirm(&app, &three[0]).await);

        let link = links(&app, own).await.pop().unwrap();
        assert_eq!(way(&confirm(&app, &link).await), link);
        assert_eq!(links(&app, own).await.len(), 1, "once");
        assert_eq!(rows(&app.signed_in(Role::Editor).await, HOME).await.len(), 3);
    }

    async fn each_that_the_owner_of_a_mailbox_erases_brings_the_mail_of_the_next_up_to_ten(app: App) {
        open(&app).await;
        for _ in 0..call::MAILBOX_MAX + 2 {
            assert_eq!(way(&app.post(CALL, &to_call("lou@example.org")).await), CALL);
        }
        for n in 0..call::MAILBOX_MAX {
            let links = links(&app, "lou@example.org").await;
            assert_eq!(links.len(), call::MAILBOX_MAX.min(call::UNCONFIRMED_MAILBOX_MAX + n));
            way(&app.post(&format!("{}/withdrawal", links[n]), &[]).await);
        }
        assert_eq!(links(&app, "lou@example.org").await.len(), call::MAILBOX_MAX);
        called(&app, "lou@example.org").await;
    }

    async fn what_waits_behind_what_nobody_confirms_has_its_mail_then_with_the_time_that_is_left(app: App) {
        open(&app).await;
        for _ in 0..call::UNCONFIRMED_MAILBOX_MAX {
            asked(&app, "lou@example.org").await;
        }
        app.pass(TimeDelta::hours(24));
        let own = "l.ou@example.org";
        way(&app.post(CALL, &to_call(own)).await);
        app.run_due().await;
        assert_eq!(links(&app, own).await, Vec::<String>::new());

        app.pass(TimeDelta::hours(24) + TimeDelta::minutes(1));
        app.run_due().await;

        let mail = app.mails_to(own).await.pop().unwrap().text;
        let words: Vec<_> = mail.split_whitespace().collect();
        assert!(words.join(" ").contains("au plus tard le jeudi 4 mars 2027 à 10 h :"), "{mail}");
        let link = links(&app, own).await.pop().unwrap();
        assert_eq!(way(&confirm(&app, &link).await), link);
    }

    async fn who_is_erased_leaves_their_turn_to_another_spelling_of_their_address(app: App) {
        open(&app).await;
        for _ in 0..call::UNCONFIRMED_MAILBOX_MAX {
            asked(&app, "lou@example.org").await;
        }
        way(&app.post(CALL, &to_call("l.ou@example.org")).await);

        parvis::proposals::forget::erase_person(app.house(), "lou@example.org", None).await.unwrap();

        assert_eq!(links(&app, "l.ou@example.org").await.len(), 1);
    }

    async fn whoever_invents_addresses_is_kept_waiting_where_they_are_and_keeps_nobody_else(app: App) {
        open(&app).await;
        let limits = std::collections::BTreeMap::from([("forms", 300)]);
        let figment = app.db.figment().merge(("parvis.rate_limits", limits));
        let rocket = parvis::rocket(figment, world(&app.time, &Mailer::memory())).unwrap();
        let limited = Client::untracked(rocket).await.unwrap();
        let propose = async |from: &str, email: &str| {
            let request = limited.post(CALL).header(ContentType::Form).body(crate::http::form(&to_call(email)));
            page(request.remote(from.parse().unwrap()).dispatch().await).await
        };
        for n in 0..20 {
            let sent = propose("192.0.2.7:4711", &format!("invente{n}@example.org")).await;
            assert_eq!(sent.status, Status::SeeOther, "{n}: {}", sent.body);
        }

        let one_more = propose("192.0.2.7:4711", "invente@example.org").await;
        let elsewhere = propose("198.51.100.7:4711", "lou@example.org").await;

        assert_eq!((one_more.status, elsewhere.status), (Status::TooManyRequests, Status::SeeOther));
        assert!((1..=180).contains(&one_more.header("retry-after").parse::<i64>().unwrap()));
        let found = Found::on(&one_more.body);
        assert_eq!(found.texts(".mistakes p"), ["Beaucoup de propositions viennent d’arriver de votre réseau. Attendez quelques minutes et envoyez la vôtre à nouveau."]);
        assert_eq!(found.attributes("input[name=title]", "value"), ["Un jardin commun"], "nothing is lost");
        assert_eq!(app.mails_to("invente@example.org").await.len(), 0);
    }

    async fn a_call_that_is_asked_too_much_at_once_says_when_to_come_again(app: App) {
        open(&app).await;
        for n in 0..call::ASKED_MAX {
            let email = format!("invente{n}@example.org");
            way(&app.post(CALL, &to_call(&email)).await);
        }
        app.pass(TimeDelta::minutes(4));

        let later = app.post(CALL, &to_call("lou@example.org")).await;

        assert_eq!((later.status, later.header("retry-after")), (Status::TooManyRequests, "360"), "{}", later.body);
        let found = Found::on(&later.body);
        assert_eq!(found.texts(".mistakes p"), ["Beaucoup de propositions arrivent en ce moment. Attendez quelques minutes et envoyez la vôtre à nouveau."]);
        assert_eq!(found.attributes("input[name=title]", "value"), ["Un jardin commun"], "nothing is lost");
        app.pass(TimeDelta::minutes(6));
        called(&app, "lou@example.org").await;
    }

    async fn whoever_has_a_domain_fills_no_call_however_many_mailboxes_they_make(app: App) {
        open(&app).await;
        let first = called(&app, "a@example.org").await;
        let id = parvis::tokens::LinkKey::named(first.rsplit('/').next().unwrap()).unwrap();
        let programme = app.house().publications.current("miso").unwrap().id;
        let mut tx = app.pool.begin().await.unwrap();
        let one = parvis::proposals::store::find(&mut tx, programme, id).await.unwrap().unwrap();
        for n in 1..call::DOMAIN_MAX {
            let mut other = one.clone();
            other.id = app.tokens.id(app.now());
            other.proposer.as_mut().unwrap().email = format!("a@serveur{n}.example.org");
            parvis::proposals::store::add(&mut tx, &other, &n.to_string()).await.unwrap();
        }
        tx.commit().await.unwrap();
        app.pass(call::ASKED_WITHIN);

        let full = confirm(&app, &asked(&app, "eve@eve.example.org").await).await;

        assert_eq!(full.status, Status::UnprocessableEntity);
        assert!(full.body.contains("Beaucoup de propositions d’adresses du même domaine"), "{}", full.body);
        called(&app, "lou@example.com").await;
    }

    async fn a_mailbox_has_so_many_open_ones_and_room_again_once_they_are_decided(app: App) {
        open(&app).await;
        for _ in 0..call::MAILBOX_MAX {
            called(&app, "lou@example.org").await;
        }
        let one_more = asked(&app, "lou@example.org").await;
        let full = confirm(&app, &one_more).await;
        assert_eq!(full.status, Status::UnprocessableEntity);
        assert!(full.body.contains("Cette adresse a déjà plusieurs propositions"), "{}", full.body);

        let editor = app.signed_in(Role::Editor).await;
        let first = Found::on(&editor.get(HOME).await.body).attributes("tbody th a", "href").remove(0);
        way(&decide(&editor, &first, "refuse", &[("act", "send")]).await);

        assert_eq!(way(&confirm(&app, &one_more).await), one_more);
    }

    async fn a_title_that_is_a_web_address_leads_nowhere_in_the_team_s_mail(app: App) {
        open(&app).await;
        let editor = app.signed_in(Role::Editor).await;
        let mut fields = to_call("lou@example.org");
        fields.retain(|(name, _)| *name != "title");
        fields.push(("title", "https://gagnez.example.org/tout"));
        assert_eq!(way(&app.post(CALL, &fields).await), CALL);
        let mail = app.mails_to("lou@example.org").await.pop().unwrap().text;
        let link = mail.split_whitespace().find(|word| word.contains("/call/")).unwrap();
        way(&confirm(&app, &link[BASE_URL.len()..]).await);

        app.pass(TimeDelta::minutes(11));
        app.run_due().await;

        let told = app.mails_to("editor@example.org").await.pop().unwrap();
        assert!(told.text.contains("(titre avec une adresse web)"), "{}", told.text);
        assert!(!told.text.contains("gagnez") && !told.html.contains("gagnez"), "{}", told.html);
        drop(editor);
    }

    async fn a_call_tells_nobody_of_a_programme_or_of_themes_that_are_not_public(app: App) {
        let mut draft = two_partners(vec![session("s-0", 3)]);
        draft.programme.call = Call { opens: Some("2027-03-02T08:00:00".parse().unwrap()), ..Call::default() };
        let mut tx = app.pool.begin().await.unwrap();
        parvis::programme::store::save(&mut tx, &draft, app.tokens.id(app.now()), app.now()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(app.get(CALL).await.status, Status::NotFound, "neither published nor open");
        assert_eq!(app.post(CALL, &to_call("lou@example.org")).await.status, Status::NotFound);

        app.pass(TimeDelta::days(1));
        let page = app.get(CALL).await;
        assert_eq!(page.status, Status::Ok);
        assert_eq!(Found::on(&page.body).texts("select[name=theme] option").len(), 1, "none of the draft's: {}", page.body);

        app.publish(&draft).await;
        let themes = Found::on(&app.get(CALL).await.body).texts("select[name=theme] option");
        assert_eq!(themes.len(), 1 + draft.themes.len(), "{themes:?}");
    }
}
