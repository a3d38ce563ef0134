//! The organisers' own words in mails, and what they do about single mails.

use chrono::TimeDelta;
use parvis::{
    locale::Lang,
    mail::{
        self, Kind, Letter, MailData, Outcome, Own,
        outbox::{
            self, State, Which,
            seen::{self, Filter, Standing},
            texts::{self, Sentences},
        },
        own::Text,
        render::render,
        transport::Mailer,
    },
    programme,
    view::View,
};

use super::{ADA, worker_of};
use crate::{
    builders::miso,
    harness::Bare,
    mail::{confirmed, data, id, item, queue, read, rows, sender, sent},
    smtp::SmtpServer,
};

async fn with_programme(app: &Bare) {
    let mut tx = app.pool.begin().await.unwrap();
    programme::store::save(&mut tx, &miso(Vec::new()), app.tokens.id(app.now()), app.now()).await.unwrap();
    tx.commit().await.unwrap();
}

async fn keep(app: &Bare, text: Text, lang: Lang, intro: &str, closing: &str) {
    let sentences = Sentences { intro: intro.to_owned(), closing: closing.to_owned() };
    let mut tx = app.pool.begin().await.unwrap();
    texts::keep(&mut tx, "miso", (text, lang), &sentences, app.now()).await.unwrap();
    tx.commit().await.unwrap();
}

async fn looked_for(app: &Bare, filter: Filter) -> Vec<(u128, Standing)> {
    let mut db = app.pool.acquire().await.unwrap();
    let found = seen::page(&mut db, &filter, app.now(), 10).await.unwrap();
    found.iter().map(|seen| (seen.row.id.as_u128() & 0xffff, seen.standing(app.now()))).collect()
}

on_both_engines! {
    async fn a_sentence_of_the_organisers_is_frozen_with_the_letter_and_no_other(app: Bare) {
        with_programme(&app).await;
        keep(&app, Text::Confirmed, Lang::Fr, "**Bravo** {name} : {session}.", "Prenez un *coussin* : {page}").await;
        let server = SmtpServer::start().await;
        let mailer = Mailer::open(&server.url(), "parvis.example.org").unwrap();
        let waiting = data(vec![item("a", Outcome::Waiting { position: 1 })]);
        queue(&app, &[
            confirmed(1, ADA),
            mail::order(id(2), Lang::Fr, "bob@example.org", waiting),
            Letter { lang: Lang::En, id: id(3), ..confirmed(3, "eve@example.org") },
        ]).await;
        // What is written stays as it is.
        keep(&app, Text::Confirmed, Lang::Fr, "Autre chose", "").await;
        queue(&app, &[confirmed(4, "joe@example.org")]).await;
        keep(&app, Text::Confirmed, Lang::Fr, "", "").await;
        queue(&app, &[confirmed(5, "zoe@example.org")]).await;

        assert_eq!(worker_of(&app, &mailer, 1).deliver_due(app.now()).await.unwrap(), sent(5));

        let text = |recipient: &str| {
            let received = server.messages();
            let raw = &received.iter().find(|mail| mail.recipient == recipient).unwrap().raw;
            let message = read(raw);
            (message.body_text(0).unwrap().to_string(), message.body_html(0).unwrap().to_string())
        };
        let house = "Votre inscription est confirmée.";
        let (ada, html) = text(ADA);
        assert!(ada.contains("Bravo Ada : Atelier a.") && !ada.contains(house), "{ada}");
        assert!(ada.contains("Prenez un coussin : https://parvis.example.org/fr/miso/sessions/a"), "{ada}");
        assert!(html.contains("<strong>Bravo</strong> Ada"), "{html}");
        assert!(html.contains("<a href=\"https://parvis.example.org/fr/miso/sessions/a\" rel"), "{html}");
        assert!(text("bob@example.org").0.contains("liste d’attente"));
        assert!(text("eve@example.org").0.contains("Your registration is confirmed."));
        assert!(text("joe@example.org").0.contains("Autre chose"));
        assert!(text("zoe@example.org").0.contains(house));
        let mut db = app.pool.acquire().await.unwrap();
        assert_eq!(texts::of_programme(&mut db, "miso").await.unwrap().len(), 0);
    }

    async fn a_mail_that_is_aborted_is_not_sent_until_somebody_wants_it(app: Bare) {
        let mailer = Mailer::memory();
        queue(&app, &[confirmed(1, ADA), confirmed(2, "bob@example.org")]).await;
        let mut tx = app.pool.begin().await.unwrap();
        assert!(seen::abort(&mut tx, id(1), app.now()).await.unwrap());
        assert!(!seen::abort(&mut tx, id(1), app.now()).await.unwrap(), "once");
        tx.commit().await.unwrap();

        assert_eq!(worker_of(&app, &mailer, 1).deliver_due(app.now()).await.unwrap(), sent(1));
        let states: Vec<_> = rows(&app).await.iter().map(|row| (row.id, row.state())).collect();
        assert!(states.contains(&(id(1), State::Aborted)) && states.contains(&(id(2), State::Sent)));
        let mut tx = app.pool.begin().await.unwrap();
        let counts = outbox::counts(&mut tx).await.unwrap();
        assert_eq!((counts.due, counts.failed, counts.sent), (0, 0, 1), "nobody needs to look at it");
        assert!(!seen::abort(&mut tx, id(2), app.now()).await.unwrap(), "it is sent");
        assert_eq!(outbox::list(&mut tx, Some(State::Aborted)).await.unwrap().len(), 1);
        assert_eq!(outbox::retry(&mut tx, Which::AllFailed, app.now()).await.unwrap(), 0);
        assert_eq!(seen::retry_failed_of(&mut tx, "miso", app.now()).await.unwrap(), 0);
        assert_eq!(outbox::retry(&mut tx, Which::Ids(&[id(1)]), app.now()).await.unwrap(), 1);
        tx.commit().await.unwrap();
        assert_eq!(worker_of(&app, &mailer, 1).deliver_due(app.now()).await.unwrap(), sent(1));
    }

    async fn a_mail_in_a_worker_s_hands_is_not_aborted(app: Bare) {
        queue(&app, &[confirmed(1, ADA)]).await;
        let mut tx = app.pool.begin().await.unwrap();
        outbox::claim(&mut tx, id(77), app.now(), 1).await.unwrap();
        assert!(!seen::abort(&mut tx, id(1), app.now()).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(looked_for(&app, Filter::default()).await, [(1, Standing::Sending)]);
        app.pass(TimeDelta::minutes(2));
        let mut tx = app.pool.begin().await.unwrap();
        assert!(seen::abort(&mut tx, id(1), app.now()).await.unwrap(), "the worker is gone");
        tx.commit().await.unwrap();
    }

    async fn mails_are_found_by_state_kind_reader_programme_and_day(app: Bare) {
        let mut elsewhere = data(vec![item("a", Outcome::Promoted)]);
        elsewhere.programme.slug = "encore".to_owned();
        queue(&app, &[confirmed(1, ADA), mail::promoted(id(2), Lang::En, "bob@example.org", elsewhere)]).await;
        for (n, worker) in [(3, 5), (4, 6)] {
            queue(&app, &[confirmed(n, ADA)]).await;
            let mut tx = app.pool.begin().await.unwrap();
            let claimed = outbox::claim(&mut tx, id(worker), app.now(), 9).await.unwrap();
            let became = |mail: &outbox::Claimed| match n {
                _ if mail.id != id(n) => outbox::Delivery::Released { error: None, may_have_arrived: false },
                3 => outbox::Delivery::Sent { at: app.now() },
                _ => outbox::Delivery::Failed { at: app.now(), error: "550".to_owned() },
            };
            let marks: Vec<_> = claimed.iter().map(|mail| outbox::Mark { id: mail.id, what: became(mail) }).collect();
            outbox::mark(&mut tx, id(worker), &marks).await.unwrap();
            tx.commit().await.unwrap();
        }
        use Standing::{Due, Failed, Sent};
        let all = Filter::default;
        assert_eq!(looked_for(&app, all()).await, [(4, Failed), (3, Sent), (2, Due), (1, Due)]);
        for (filter, found) in [
            (Filter { standing: Some(Due), ..all() }, vec![2, 1]),
            (Filter { standing: Some(Sent), ..all() }, vec![3]),
            (Filter { standing: Some(Failed), ..all() }, vec![4]),
            (Filter { standing: Some(Standing::Bounced), ..all() }, vec![]),
            (Filter { standing: Some(Standing::Aborted), ..all() }, vec![]),
            (Filter { standing: Some(Standing::Erased), ..all() }, vec![]),
            (Filter { standing: Some(Standing::Delayed), ..all() }, vec![]),
            (Filter { standing: Some(Standing::Sending), ..all() }, vec![]),
            (Filter { kind: Some(Kind::Promoted), ..all() }, vec![2]),
            (Filter { programme: Some("miso".to_owned()), ..all() }, vec![4, 3, 1]),
            (Filter { recipient: Some("bob@example.org".to_owned()), ..all() }, vec![2]),
            (Filter { recipient: Some("%".to_owned()), ..all() }, vec![]),
            (Filter { before: Some(id(3)), ..all() }, vec![2, 1]),
            (Filter { until: Some(app.now()), ..all() }, vec![]),
        ] {
            let ids: Vec<_> = looked_for(&app, filter.clone()).await.iter().map(|(id, _)| *id).collect();
            assert_eq!(ids, found, "{filter:?}");
        }
        let mut db = app.pool.acquire().await.unwrap();
        let mut waiting = seen::waiting(&mut db).await.unwrap();
        waiting.sort_by_key(|one| one.programme.clone());
        let counted: Vec<_> = waiting.iter().map(|one| (one.programme.as_deref(), one.due, one.failed)).collect();
        assert_eq!(counted, [(Some("encore"), 1, 0), (Some("miso"), 1, 1)]);
        assert!(seen::one(&mut db, id(2), Some("miso")).await.unwrap().is_none(), "another programme's");
        let one = seen::one(&mut db, id(2), Some("encore")).await.unwrap().unwrap();
        assert_eq!(one.letter().unwrap().recipient, "bob@example.org");
    }
}

/// Who looks at somebody's mail learns none of the links that open what is that person's alone.
#[test]
fn a_mail_that_somebody_else_looks_at_bears_none_of_its_reader_s_secrets() {
    let view = View::new().unwrap();
    for kind in Kind::ALL {
        for outcome in [Outcome::Confirmed, Outcome::AlreadyOffered] {
            let mut data = data(vec![item("a", outcome)]);
            data.confirm_token = Some("confirmtoken".to_owned());
            data.reminder =
                Some(mail::Reminder { timing: mail::Timing::After, stop_token: "stoptoken".to_owned() });
            data.own.intro = Some("{registrations}".to_owned());
            data.items[0].after = (kind == Kind::Thanks).then(|| mail::After {
                recording: None,
                minutes: String::new(),
                feedback_token: "feedbacktoken".to_owned(),
                present: true,
            });
            let letter = |data: MailData| Letter {
                id: id(1),
                kind,
                lang: Lang::Fr,
                recipient: ADA.to_owned(),
                data,
                priority: 0,
            };
            let drawn = |letter: &Letter| {
                let mail = render(letter, item("a", outcome).session.changed_at, &view, &sender()).unwrap();
                format!("{}{}{}", mail.subject, mail.text, mail.html)
            };
            let secrets = ["agendatoken", "feedtoken", "confirmtoken", "stoptoken", "feedbacktoken"];
            let shown = drawn(&letter(data.clone()));
            // A mail of the office has its one link, and no agenda.
            let bears = match kind {
                Kind::Invitation | Kind::Password | Kind::SignIn | Kind::Joining | Kind::Proposal => {
                    &secrets[2..3]
                }
                _ => &secrets[..2],
            };
            assert!(bears.iter().all(|secret| shown.contains(secret)), "they are there");
            let masked = drawn(&letter(data.masked()));
            assert!(secrets.iter().all(|secret| !masked.contains(secret)), "{}: {masked}", kind.code());
        }
    }
}

#[test]
fn hostile_words_in_a_message_and_in_its_values_stay_what_they_are() {
    let hostile = "<script>alert(1)</script>\r\nBcc: eve@example.org\r\n\r\n{{ 7 * 7 }} {% if 1 %}49{% endif %} {when} *x*";
    let mut data = data(vec![item("a", Outcome::Confirmed)]);
    data.name = hostile.to_owned();
    data.items[0].session.title = hostile.to_owned();
    data.own = Own {
        subject: Some(format!("{{name}} {{session}} {hostile}")),
        intro: Some(format!(
            "{{name}}\n\n{{session}}\n\n{hostile}\n\n[x](javascript:alert(1)) <img src=x onerror=y>"
        )),
        closing: Some("{name}".to_owned()),
        lang: Some(Lang::En),
        ..Own::default()
    };
    let letter = mail::message(id(1), Lang::Fr, ADA, data);
    let mail =
        render(&letter, letter.data.items[0].session.changed_at, &View::new().unwrap(), &sender()).unwrap();
    let raw = mail.message.formatted();
    let message = read(&raw);

    assert_eq!(message.bcc(), None);
    assert_eq!(message.to().unwrap().iter().count(), 1);
    assert!(message.subject().unwrap().chars().count() <= 250 && !message.subject().unwrap().contains('\n'));
    let html = message.body_html(0).unwrap();
    for wrong in ["<script", "<img", "href=\"javascript", "onerror"] {
        assert!(!html.contains(wrong), "{wrong}: {html}");
    }
    assert!(html.contains("{{ 7 * 7 }}") && html.contains("{% if 1 %}49{% endif %}"), "no template: {html}");
    assert!(
        html.contains("{when}") && !html.contains("<em>x</em>\n{"),
        "a value is not expanded again: {html}"
    );
    assert!(html.contains("<div lang=\"en\">"));
    assert_eq!(message.reply_to().unwrap().first().unwrap().address(), Some("info@example.org"));
    assert!(!String::from_utf8_lossy(&raw).contains("text/calendar"), "a message brings no entry");
}
