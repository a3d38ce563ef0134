//! Registering, as a visitor meets it: the form, the order, the agenda, its feed.

use chrono::TimeDelta;
use futures_util::future::join_all;
use parvis::{
    programme::{DraftSession, Overlap, Registration, RegistrationTime, Status},
    tokens::{LinkKey, Purpose},
};
use rocket::http::Status as Http;

use crate::{
    builders::{miso, on_day, session},
    crowd::Taken,
    harness::{App, Page},
    html::Found,
};

const FORM: &str = "/fr/miso/register";

fn with(mut session: DraftSession, change: impl FnOnce(&mut DraftSession)) -> DraftSession {
    change(&mut session);
    session
}

fn registration(session: DraftSession, registration: Registration) -> DraftSession {
    with(session, |session| session.live.registration = registration)
}

/// Title and state of each session of an order or an agenda, in the page's order.
fn states(page: &Page) -> Vec<(String, String)> {
    let found = Found::on(&page.body);
    let titles = found.texts(".agenda :is(h2, h3)");
    titles.into_iter().zip(found.texts(".agenda .state")).collect()
}

fn pair(title: &str, state: &str) -> (String, String) {
    (title.to_owned(), state.to_owned())
}

fn lines(ics: &str, name: &str) -> Vec<String> {
    let unfolded = ics.replace("\r\n ", "");
    let start = format!("{name}:");
    unfolded.lines().filter_map(|line| Some(line.strip_prefix(&start)?.to_owned())).collect()
}

fn feed_path(agenda: &Page) -> String {
    let address = Found::on(&agenda.body).attributes("a[href^='webcal:']", "href").remove(0);
    let (_, path) = address.split_once("/fr/").unwrap();
    format!("/fr/{path}")
}

fn sent(email: &str) -> Vec<(&'static str, String)> {
    vec![("name", "Ana Exemple".to_owned()), ("email", email.to_owned()), ("consent", "1".to_owned())]
}

async fn send(app: &App, fields: &[(&'static str, String)], more: &[(&str, &str)]) -> Page {
    let fields: Vec<_> =
        fields.iter().map(|(name, value)| (*name, value.as_str())).chain(more.iter().copied()).collect();
    app.post(FORM, &fields).await
}

on_both_engines! {
    async fn a_person_walks_from_the_form_to_the_agenda_and_gives_the_seat_to_the_next(app: App) {
        app.publish(&miso(vec![session("atelier", 1), on_day(session("forum", 9), 1)])).await;
        let form = app.get("/fr/miso/register?session=atelier&session=forum").await;
        let mut fields = Found::on(&form.body).fields("form");
        for (name, value) in &mut fields {
            match name.as_str() {
                "name" => *value = "Ana Exemple".to_owned(),
                "email" => *value = "ana@example.org".to_owned(),
                _ => {}
            }
        }
        fields.push(("consent".to_owned(), "1".to_owned()));
        let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();

        let answer = app.post(FORM, &fields).await;
        let order = app.get(answer.location()).await;
        let next = app.register("ben@example.org", &["atelier"]).await;
        let next_order = app.get(next.location()).await;
        let agenda = app.agenda_path("ana@example.org").await;
        let before = app.get(&agenda).await;
        let given_back = app.post(&format!("{agenda}/cancellations"), &[("session", "miso/atelier")]).await;
        let after = app.get(given_back.location()).await;
        let promoted = app.get(&app.agenda_path("ben@example.org").await).await;

        assert_eq!((form.status, answer.status, given_back.status), (Http::Ok, Http::SeeOther, Http::SeeOther));
        let both = [pair("Session atelier", "Place confirmée"), pair("Session forum", "Place confirmée")];
        assert_eq!(states(&order), both);
        assert_eq!(states(&next_order), [pair("Session atelier", "En liste d’attente, position 1")]);
        assert_eq!(states(&before), both);
        assert_eq!(
            states(&after),
            [pair("Session forum", "Place confirmée"), pair("Session atelier", "Inscription annulée")]
        );
        assert_eq!(
            Found::on(&after.body).text(".notice"),
            "C’est annulé, et un message vous le confirme. Merci de l’avoir dit."
        );
        assert_eq!(states(&promoted), [pair("Session atelier", "Place confirmée")]);
        assert_eq!(app.mails_to("ben@example.org").await.len(), 2, "waiting, then promoted");
        assert_eq!(app.broken().await, Vec::<String>::new());
    }

    async fn full_is_no_mistake_and_the_place_in_the_queue_is_said_before_and_after(app: App) {
        app.publish(&miso(vec![session("atelier", 1)])).await;
        app.register("a@example.org", &["atelier"]).await;
        app.register("b@example.org", &["atelier"]).await;

        let form = app.get("/fr/miso/register?session=atelier").await;
        let english = app.get("/en/miso/register?session=atelier").await;
        let order = app.get(app.register("c@example.org", &["atelier"]).await.location()).await;

        assert_eq!(
            Found::on(&form.body).text(".full"),
            "Complet\u{a0}: vous serez en liste d’attente, position 2"
        );
        assert_eq!(Found::on(&english.body).text(".full"), "Full: you will be on the waiting list, position 2");
        assert_eq!(states(&order), [pair("Session atelier", "En liste d’attente, position 2")]);
    }

    async fn the_same_form_sent_twice_is_one_order(app: App) {
        app.publish(&miso(vec![session("atelier", 9)])).await;
        let fields = sent("ana@example.org");
        let more = [("session", "atelier"), ("key", "the-same")];

        let first = send(&app, &fields, &more).await;
        let again = send(&app, &fields, &more).await;

        assert_eq!(first.status, Http::SeeOther);
        assert_eq!(first.location(), again.location());
        assert_eq!(app.mails_to("ana@example.org").await.len(), 1);
    }

    async fn of_twenty_clicks_on_one_form_at_the_same_moment_all_lead_to_one_order(app: App) {
        app.publish(&miso(vec![session("atelier", 9)])).await;
        let fields = sent("ana@example.org");
        let more = [("session", "atelier"), ("people", "2"), ("key", "one-form")];

        let answers = join_all((0..20).map(|_| send(&app, &fields, &more))).await;

        let led: Vec<_> = answers.iter().map(|answer| (answer.status, answer.location())).collect();
        let order = answers[0].location();
        assert!(order.starts_with("/fr/miso/orders/"), "{order}");
        assert_eq!(led, [(Http::SeeOther, order); 20]);
        assert_eq!(states(&app.get(order).await), [pair("Session atelier", "Place confirmée")]);
        assert_eq!(app.mails_to("ana@example.org").await.len(), 1);
        assert_eq!(Taken::of(&app.pool).await, Taken { orders: 1, registrations: 1, changes: 1, mails: 1, seats: 2 });
        assert_eq!(app.broken().await, Vec::<String>::new());
    }

    async fn somebody_who_has_a_seat_is_shown_what_a_stranger_would_be_shown(app: App) {
        app.publish(&miso(vec![session("atelier", 3), on_day(session("forum", 9), 1)])).await;
        app.register("ana@example.org", &["atelier", "forum"]).await;

        let known = app.get(app.register("ANA@Example.org", &["atelier"]).await.location()).await;
        let stranger = app.get(app.register("zoe@example.org", &["atelier"]).await.location()).await;

        assert_eq!(states(&known), states(&stranger));
        let texts = |page: &Page| Found::on(&page.body).texts("main p");
        assert_eq!(texts(&known), texts(&stranger));
        assert!(!known.body.contains("example.org/fr/agenda"), "the agenda's link travels by mail alone");
        let agenda = app.get(&app.agenda_path("ana@example.org").await).await;
        assert_eq!(states(&agenda).len(), 2, "nothing is doubled");
        assert_eq!(app.broken().await, Vec::<String>::new());
    }

    async fn every_mistake_is_told_at_once_and_what_was_typed_stays(app: App) {
        app.publish(&miso(vec![session("atelier", 9), registration(session("clos", 9), Registration::Closed)])).await;
        let fields = [
            ("session", "atelier"),
            ("session", "clos"),
            ("session", "inconnue"),
            ("name", "voir www.example.org <b>"),
            ("email", "ana@"),
            ("people", "6"),
            ("organisation", "Collectif \"&\""),
            ("access_needs", "Une rampe\r\net du calme"),
            ("key", "kept"),
        ];

        let again = app.post(FORM, &fields).await;

        assert_eq!(again.status, Http::UnprocessableEntity);
        let page = Found::on(&again.body);
        assert_eq!(
            page.links(".mistakes").into_iter().map(|(_, href)| href).collect::<Vec<_>>(),
            ["#f-session", "#s-clos", "#f-name", "#f-email", "#f-people", "#f-consent"]
        );
        for (_, href) in page.links(".mistakes") {
            assert_eq!(page.count(&format!("[id='{}']", &href[1..])), 1, "{href}");
        }
        let kept: Vec<_> = page.fields("form").into_iter().filter(|(name, _)| name != "subject").collect();
        let wanted = [
            ("session", "atelier"),
            ("name", "voir www.example.org <b>"),
            ("email", "ana@"),
            ("organisation", "Collectif \"&\""),
            ("access_needs", "Une rampe\net du calme"),
            ("key", "kept"),
        ];
        let wanted: Vec<_> = wanted.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let of = |fields: &[(String, String)], name: &str| -> Vec<String> {
            fields.iter().filter(|(known, _)| known == name).map(|(_, value)| value.replace("\r\n", "\n")).collect()
        };
        for (name, _) in &wanted {
            assert_eq!(of(&kept, name), of(&wanted, name), "{name}");
        }
        assert_eq!(app.mails_to("example.org").await.len(), 0);
    }

    async fn a_session_that_cannot_be_had_refuses_the_whole_order_with_its_reason(app: App) {
        let off = with(session("annulee", 9), |session| session.session.status = Status::Cancelled);
        let elsewhere = Registration::External("https://ailleurs.example.org/x".to_owned());
        let later = with(session("bientot", 9), |session| {
            session.live.opens = Some(RegistrationTime::At(session.session.date.and_hms_opt(8, 0, 0).unwrap()));
        });
        app.publish(&miso(vec![
            session("atelier", 9),
            registration(session("clos", 9), Registration::Closed),
            registration(session("invites", 9), Registration::Invitation),
            registration(session("libre", 9), Registration::None),
            registration(session("ailleurs", 9), elsewhere),
            off,
            later,
        ]))
        .await;

        for (slug, reason) in [
            ("clos", "Les inscriptions sont closes."),
            ("invites", "Cette session est sur invitation."),
            ("libre", "L’entrée est libre\u{a0}: venez, sans vous inscrire."),
            ("annulee", "Cette session est annulée."),
            ("bientot", "Les inscriptions ouvrent le lundi 19\u{a0}avril 2027 à 8\u{a0}h."),
            ("ailleurs", "L’inscription se fait sur un autre site. S’inscrire sur le site de l’organisation – Session ailleurs"),
        ] {
            let again = app.register("ana@example.org", &["atelier", slug]).await;

            assert_eq!(again.status, Http::UnprocessableEntity, "{slug}");
            let page = Found::on(&again.body);
            assert_eq!(page.text(".picked .mistake"), reason, "{slug}");
            assert_eq!(page.attributes("[name=session][checked]", "value"), ["atelier"], "the rest can be sent again");
            assert_eq!(page.attributes("[name=email]", "value"), ["ana@example.org"]);
        }
        app.pass(TimeDelta::days(60));
        let over = app.register("ana@example.org", &["atelier"]).await;
        assert_eq!(Found::on(&over.body).text(".picked .mistake"), "La session a déjà commencé.");
        assert_eq!(Found::on(&over.body).attributes("[name=email]", "value"), ["ana@example.org"]);
        assert_eq!(app.mails_to("ana@example.org").await.len(), 0);
    }

    async fn a_robot_that_fills_every_field_is_refused_and_a_person_can_send_again(app: App) {
        app.publish(&miso(vec![session("atelier", 9)])).await;
        let fields = sent("ana@example.org");

        let refused = send(&app, &fields, &[("session", "atelier"), ("subject", "Cheap")]).await;

        assert_eq!(refused.status, Http::UnprocessableEntity);
        let page = Found::on(&refused.body);
        assert_eq!(page.count(".mistakes a"), 1);
        assert_eq!(page.attributes("[name=subject]", "value"), Vec::<String>::new());
        assert_eq!(page.attributes("[name=email]", "value"), ["ana@example.org"]);
        assert_eq!(app.mails_to("ana@example.org").await.len(), 0);
    }

    async fn overlaps_are_said_and_refuse_only_where_the_rule_says_so(app: App) {
        let sessions = vec![session("atelier", 9), session("forum", 9), on_day(session("seul", 9), 1)];
        let mut draft = miso(sessions);
        app.publish(&draft).await;
        let all = ["atelier", "forum", "seul"];
        let address = "/fr/miso/register?session=atelier&session=forum&session=seul";

        let warned = app.get(address).await;
        let taken = app.register("ana@example.org", &all).await;
        draft.programme.rules.overlap = Overlap::Refuse;
        app.publish(&draft).await;
        let refused = app.register("ben@example.org", &all).await;
        let apart = app.register("ben@example.org", &["atelier", "seul"]).await;
        let agenda = app.get(&app.agenda_path("ana@example.org").await).await;

        let clashes = ["En même temps que «\u{a0}Session forum\u{a0}»", "En même temps que «\u{a0}Session atelier\u{a0}»"];
        assert_eq!(Found::on(&warned.body).texts(".clash"), clashes);
        assert_eq!(Found::on(&warned.body).count(".notice.warn"), 1);
        assert_eq!((taken.status, refused.status), (Http::SeeOther, Http::UnprocessableEntity));
        assert_eq!(apart.status, Http::SeeOther);
        assert_eq!(Found::on(&agenda.body).texts(".clash"), clashes);
    }

    async fn a_choice_that_is_empty_unknown_or_withdrawn_is_said_with_a_way_back(app: App) {
        let gone = with(session("retiree", 9), |session| session.session.status = Status::Withdrawn);
        app.publish(&miso(vec![session("atelier", 9), gone])).await;

        let none = app.get(FORM).await;
        let some = app.get("/fr/miso/register?session=atelier&session=nulle&session=retiree&session=%3Cb%3E").await;
        let sent_none = app.register("ana@example.org", &[]).await;

        assert_eq!(none.status, Http::Ok);
        assert_eq!(Found::on(&none.body).links(".acts"), [("Retour au programme".to_owned(), "/fr/miso".to_owned())]);
        assert_eq!(Found::on(&some.body).texts(".notice").len(), 3);
        assert_eq!(Found::on(&some.body).attributes("[name=session]", "value"), ["atelier"]);
        assert_eq!(sent_none.status, Http::UnprocessableEntity);
        assert_eq!(Found::on(&sent_none.body).links(".mistakes"), [(
            "Choisissez au moins une session.".to_owned(),
            "#f-session".to_owned()
        )]);
        assert_eq!(Found::on(&sent_none.body).attributes("[name=email]", "value"), ["ana@example.org"]);
        assert_eq!(app.get("/fr/nowhere/register").await.status, Http::NotFound);
    }

    async fn a_link_opens_its_own_door_only(app: App) {
        app.publish(&miso(vec![session("atelier", 9)])).await;
        app.publish(&with_slug("other")).await;
        let order = app.register("ana@example.org", &["atelier"]).await.location().to_owned();
        let agenda = app.agenda_path("ana@example.org").await;
        let feed = feed_path(&app.get(&agenda).await);
        let feed_token = feed.split('/').nth(3).unwrap().to_owned();
        let order_token = order.rsplit('/').next().unwrap().to_owned();
        let agenda_token = agenda.rsplit('/').next().unwrap().to_owned();
        let stranger = LinkKey::new([9; 32]).seal(Purpose::Agenda, LinkKey::named(&agenda_token).unwrap(), 1);

        for right in [&order, &agenda, &feed] {
            let page = app.get(right).await;
            assert_eq!((page.status, page.header("cache-control")), (Http::Ok, "private, no-store"), "{right}");
            assert_eq!(page.header("x-robots-tag"), "noindex");
        }
        for wrong in [
            format!("/fr/agenda/{feed_token}"),
            format!("/fr/agenda/{order_token}"),
            format!("/fr/agenda/{stranger}"),
            "/fr/agenda/x".to_owned(),
            format!("/fr/agenda/{agenda_token}/calendar.ics"),
            format!("/fr/agenda/{order_token}/calendar.ics"),
            "/fr/agenda/x/calendar.ics".to_owned(),
            format!("/fr/miso/orders/{agenda_token}"),
            format!("/fr/other/orders/{order_token}"),
            "/fr/miso/orders/x".to_owned(),
        ] {
            let page = app.get(&wrong).await;
            assert_eq!(page.status, Http::NotFound, "{wrong}");
            assert!(!page.body.contains("Session atelier"), "{wrong}");
            assert!(!Found::on(&page.body).links("main").is_empty(), "a way on: {wrong}");
        }
        for token in [&feed_token, &order_token, &stranger] {
            let refused = app.post(&format!("/fr/agenda/{token}/cancellations"), &[("all", "1")]).await;
            assert_eq!(refused.status, Http::NotFound);
        }
        assert_eq!(states(&app.get(&agenda).await), [pair("Session atelier", "Place confirmée")]);
    }

    async fn opening_links_changes_nothing_however_often_and_from_wherever(app: App) {
        app.publish(&miso(vec![session("atelier", 1)])).await;
        let order = app.register("ana@example.org", &["atelier"]).await.location().to_owned();
        let agenda = app.agenda_path("ana@example.org").await;
        let feed = feed_path(&app.get(&agenda).await);

        for path in [
            order,
            agenda.clone(),
            feed,
            format!("{agenda}?cancel=miso/atelier"),
            format!("{agenda}?cancel=all&done=7"),
            format!("{agenda}/cancellations?all=1"),
        ] {
            for _ in 0..2 {
                app.get(&path).await;
                app.client.head(path.clone()).dispatch().await;
            }
        }
        let foreign = app.client.post(format!("{agenda}/cancellations"))
            .header(rocket::http::ContentType::Form)
            .header(rocket::http::Header::new("Sec-Fetch-Site", "cross-site"))
            .body("all=1").dispatch().await.status();

        assert_eq!(foreign, Http::Forbidden);
        assert_eq!(states(&app.get(&agenda).await), [pair("Session atelier", "Place confirmée")]);
        let asked = app.get(&format!("{agenda}?cancel=atelier")).await;
        assert_eq!(Found::on(&asked.body).count("details[open]"), 1);
        assert_eq!(app.mails_to("ana@example.org").await.len(), 1);
    }

    async fn everything_can_be_given_back_at_once_and_only_what_has_not_begun(app: App) {
        let sessions = vec![session("atelier", 9), on_day(session("forum", 9), 1), on_day(session("table", 9), 2)];
        app.publish(&miso(sessions)).await;
        app.register("ana@example.org", &["atelier", "forum", "table"]).await;
        let agenda = app.agenda_path("ana@example.org").await;
        let cancellations = format!("{agenda}/cancellations");
        // Half an hour into the first one.
        app.pass(TimeDelta::days(48) + TimeDelta::minutes(23 * 60 + 30));

        let begun = app.post(&cancellations, &[("session", "atelier")]).await;
        let nothing = app.post(&cancellations, &[]).await;
        let all = app.post(&cancellations, &[("all", "1")]).await;
        let page = app.get(all.location()).await;
        let again = app.post(&cancellations, &[("all", "1")]).await;

        let done = |page: &Page| page.location().rsplit_once('=').unwrap().1.to_owned();
        assert_eq!([done(&begun), done(&nothing), done(&all), done(&again)], ["0", "0", "2", "0"]);
        assert_eq!(
            states(&page),
            [
                pair("Session atelier", "Place confirmée"),
                pair("Session forum", "Inscription annulée"),
                pair("Session table", "Inscription annulée"),
            ]
        );
        assert_eq!(app.broken().await, Vec::<String>::new());
    }

    async fn my_calendar_says_what_i_have_and_what_i_gave_back(app: App) {
        let join = |session: DraftSession| with(session, |session| {
            session.session.online = true;
            session.live.join_url = Some(format!("https://visio.example.org/{}", session.session.slug));
        });
        let sessions = vec![
            join(session("atelier", 9)),
            join(on_day(session("forum", 1), 1)),
            on_day(session("table", 9), 2),
            on_day(session("revue", 9), 3),
        ];
        let mut draft = miso(sessions);
        app.publish(&draft).await;
        app.register("zoe@example.org", &["forum"]).await;
        app.register("ana@example.org", &["atelier", "forum", "table", "revue"]).await;
        let agenda = app.agenda_path("ana@example.org").await;
        let cancellations = format!("{agenda}/cancellations");
        app.post(&cancellations, &[("session", "table")]).await;
        app.post(&cancellations, &[("session", "atelier")]).await;
        app.register("ana@example.org", &["atelier"]).await;
        draft.sessions[3].session.status = Status::Cancelled;
        app.publish(&draft).await;

        let page = app.get(&agenda).await;
        let feed = app.get(&feed_path(&page)).await;

        assert_eq!(feed.header("content-type"), "text/calendar; charset=utf-8");
        assert_eq!(lines(&feed.body, "STATUS"), ["CONFIRMED", "TENTATIVE", "CANCELLED", "CANCELLED"]);
        assert_eq!(lines(&feed.body, "SEQUENCE"), ["2", "0", "1", "1"]);
        assert_eq!(lines(&feed.body, "SUMMARY").len(), 4);
        assert_eq!(lines(&feed.body, "CONFERENCE;FEATURE=VIDEO;VALUE=URI"), ["https://visio.example.org/atelier"]);
        let token = agenda.rsplit('/').next().unwrap();
        assert!(!feed.body.replace("\r\n ", "").contains(token), "the agenda's link is in no entry");
        assert_eq!(
            Found::on(&page.body).attributes("a[href^='https://visio']", "href"),
            ["https://visio.example.org/atelier"]
        );
        assert_eq!(
            states(&page).last().unwrap(),
            &pair("Session revue", "Annulée par l’organisation")
        );
    }

    async fn a_group_is_all_or_none_and_the_agenda_says_for_how_many(app: App) {
        app.publish(&miso(vec![session("atelier", 4)])).await;
        let more = [("session", "atelier"), ("people", "3")];

        let first = send(&app, &sent("ana@example.org"), &more).await;
        let second = send(&app, &sent("ben@example.org"), &more).await;

        assert_eq!(states(&app.get(first.location()).await)[0].1, "Place confirmée");
        assert_eq!(states(&app.get(second.location()).await)[0].1, "En liste d’attente, position 1");
        let agenda = app.get(&app.agenda_path("ana@example.org").await).await;
        assert_eq!(states(&agenda)[0].1, "Place confirmée\u{a0}· pour 3 personnes");
        assert_eq!(app.broken().await, Vec::<String>::new());
    }

    async fn an_address_has_one_registration_a_session_and_no_second_form_makes_its_group_larger(app: App) {
        app.publish(&miso(vec![session("atelier", 9)])).await;
        for people in ["2", "5", "1"] {
            let sent = send(&app, &sent("ana@example.org"), &[("session", "atelier"), ("people", people)]).await;
            assert_eq!(sent.status, Http::SeeOther);
        }

        let agenda = app.get(&app.agenda_path("ana@example.org").await).await;
        assert_eq!(states(&agenda), [pair("Session atelier", "Place confirmée\u{a0}· pour 2 personnes")]);
        let taken = Taken::of(&app.pool).await;
        assert_eq!((taken.orders, taken.registrations, taken.seats), (3, 1, 2));
        assert_eq!(app.broken().await, Vec::<String>::new());
    }

    async fn a_desk_that_is_closed_shows_the_form_again_with_the_same_key(app: App) {
        app.publish(&miso(vec![session("atelier", 4)])).await;
        app.pool.closing().cancel();

        let busy = send(&app, &sent("ana@example.org"), &[("session", "atelier"), ("key", "kept")]).await;

        assert_eq!((busy.status, busy.header("retry-after")), (Http::ServiceUnavailable, "5"));
        let fields = Found::on(&busy.body).fields("form");
        for kept in [
            ("session", "atelier"),
            ("key", "kept"),
            ("name", "Ana Exemple"),
            ("email", "ana@example.org"),
            ("consent", "1"),
        ] {
            assert!(fields.contains(&(kept.0.to_owned(), kept.1.to_owned())), "{kept:?} in {fields:?}");
        }
    }
}

fn with_slug(slug: &str) -> parvis::programme::Draft {
    let mut draft = miso(vec![session("ailleurs", 3)]);
    draft.programme.slug = slug.to_owned();
    draft
}
