//! What people asked of the waiting lists of other systems, thread by thread (field notes, section 3, rows 1 to 15).
//!
//! | row | thread | shown by |
//! |---|---|---|
//! | 1 | indico#3036 | `row_01_…`, and `registration::a_person_walks_from_the_form_to_the_agenda_and_gives_the_seat_to_the_next` |
//! | 2 | indico#5243 | `row_02_…` |
//! | 3 | decidim#14264 | `row_03_…`; what is asked, is asked once, in the one form |
//! | 4 | HiEventsDev/Hi.Events#315 | `row_04_…` |
//! | 5 | pretix#974, #1404 | `row_05_…` in both modes |
//! | 6 | pretix#2119 | `row_06_…` |
//! | 7 | pretix#1163 | `row_07_…` |
//! | 8 | pretix#1164 | `row_08_…`, and all of `confirm` |
//! | 9 | pretix#837 | `row_09_…` |
//! | 10 | pretix#1031, #681 | `row_10_…` |
//! | 11 | pretix#5188 | `row_11_…` |
//! | 12 | alf.io#1273 | `row_12_…`; limits a person are rules of their own |
//! | 13 | alf.io#425, #1450 | `row_13_…` |
//! | 14 | Hi.Events#905 | `row_14_…` |
//! | 15 | Hi.Events#466, #790, #1195 | `row_15_…` |

use std::collections::BTreeMap;

use chrono::TimeDelta;
use parvis::{
    programme::{Confirm, Draft, DraftSession, QueueMode},
    publication,
    registration::{Settings, store},
};

use crate::{
    builders::{miso, on_day, session},
    harness::{App, BASE_URL, Page},
    html::Found,
};

fn offering(sessions: Vec<DraftSession>) -> Draft {
    let mut draft = miso(sessions);
    draft.programme.rules.queue = QueueMode::Offer;
    draft
}

/// Sends the form for so many people.
async fn register(app: &App, email: &str, sessions: &[&str], people: &str) -> Page {
    let mut fields = vec![("name", "Ana Exemple"), ("email", email), ("consent", "1"), ("people", people)];
    fields.extend(sessions.iter().map(|session| ("session", *session)));
    app.post("/fr/miso/register", &fields).await
}

async fn cancel(app: &App, email: &str, session: &str) {
    let agenda = app.agenda_path(email).await;
    app.post(&format!("{agenda}/cancellations"), &[("session", session)]).await;
}

/// Title and state of what the person has.
async fn states(app: &App, email: &str) -> Vec<String> {
    let page = app.get(&app.agenda_path(email).await).await;
    let found = Found::on(&page.body);
    let titles = found.texts(".agenda :is(h2, h3)").into_iter();
    titles.zip(found.texts(".agenda .state")).map(|(title, state)| format!("{title}: {state}")).collect()
}

async fn subjects(app: &App, email: &str) -> Vec<String> {
    app.mails_to(email).await.into_iter().map(|mail| mail.subject).collect()
}

/// Other live settings for a session.
async fn set(app: &App, slug: &str, change: impl FnOnce(&mut Settings)) {
    let published = app.house().publications.current("miso").unwrap();
    let id = published.session(slug).unwrap().id;
    let seats = store::seats_of(&mut app.pool.acquire().await.unwrap(), published.id).await.unwrap();
    let mut settings = seats.into_iter().find(|seat| seat.settings.session == id).unwrap().settings;
    change(&mut settings);
    publication::set(app.house(), settings).await.unwrap();
}

const CONFIRMED: &str = "Session atelier: Place confirmée";
const FIRST: &str = "Session atelier: En liste d’attente, position 1";
const OFFERED: &str = "Session atelier: Place gardée pour vous jusqu’au mardi 2\u{a0}mars 2027 à 10\u{a0}h";
const GONE: &str = "Session atelier: Inscription annulée";

on_both_engines! {
    async fn row_01_who_cancels_needs_nobody_and_the_first_in_the_queue_gets_the_seat_by_itself(app: App) {
        app.publish(&miso(vec![session("atelier", 1)])).await;
        for email in ["a@example.org", "b@example.org", "c@example.org"] {
            app.register(email, &["atelier"]).await;
        }

        cancel(&app, "a@example.org", "miso/atelier").await;

        assert_eq!(states(&app, "b@example.org").await, [CONFIRMED]);
        assert_eq!(states(&app, "c@example.org").await, [FIRST]);
        assert_eq!(app.broken().await, Vec::<String>::new());
    }

    async fn row_02_a_larger_room_serves_the_whole_queue_at_once_without_an_organiser_deciding_each(app: App) {
        app.publish(&miso(vec![session("atelier", 1)])).await;
        for number in 0..12 {
            app.register(&format!("p{number}@example.org"), &["atelier"]).await;
        }

        set(&app, "atelier", |settings| settings.capacity = Some(11)).await;

        assert_eq!(states(&app, "p10@example.org").await, [CONFIRMED]);
        assert_eq!(states(&app, "p11@example.org").await, [FIRST]);
        assert_eq!(app.broken().await, Vec::<String>::new());
    }

    async fn row_03_one_leaves_the_queue_at_any_time_and_the_others_move_up(app: App) {
        app.publish(&miso(vec![session("atelier", 1)])).await;
        for email in ["a@example.org", "b@example.org", "c@example.org"] {
            app.register(email, &["atelier"]).await;
        }

        cancel(&app, "b@example.org", "miso/atelier").await;

        assert_eq!(states(&app, "b@example.org").await, [GONE]);
        assert_eq!(states(&app, "c@example.org").await, [FIRST]);
        assert_eq!(subjects(&app, "b@example.org").await.last().unwrap(), "Liste d’attente quittée\u{a0}: Session atelier");
    }

    async fn row_04_a_free_session_that_comes_again_each_week_has_a_queue_each_time(app: App) {
        let weekly = |week: i64| on_day(session(&format!("semaine-{week}"), 1), 7 * week);
        app.publish(&miso((0..3).map(weekly).collect())).await;
        let all = ["semaine-0", "semaine-1", "semaine-2"];
        for email in ["a@example.org", "b@example.org", "c@example.org"] {
            app.register(email, &all).await;
        }

        cancel(&app, "a@example.org", "miso/semaine-1").await;

        let stands = |of: [&str; 3]| all.iter().zip(of).map(|(slug, state)| format!("Session {slug}: {state}")).collect::<Vec<_>>();
        let (has, first, second) = ("Place confirmée", "En liste d’attente, position 1", "En liste d’attente, position 2");
        let mut left = stands([has, "Inscription annulée", has]);
        // What is given back stands below.
        left.swap(1, 2);
        assert_eq!(states(&app, "a@example.org").await, left);
        assert_eq!(states(&app, "b@example.org").await, stands([first, has, first]), "nobody decided, nobody paid");
        assert_eq!(states(&app, "c@example.org").await, stands([second, first, second]));
        assert_eq!(app.broken().await, Vec::<String>::new());
    }

    async fn row_05_a_family_gets_both_seats_or_none_and_nobody_slips_in_before_it(app: App) {
        for (mode, wanted) in [(QueueMode::Promote, CONFIRMED), (QueueMode::Offer, OFFERED)] {
            let slug = if mode == QueueMode::Promote { "atelier" } else { "forum" };
            let mut draft = miso(vec![session("atelier", 2), session("forum", 2)]);
            draft.programme.rules.queue = mode;
            app.publish(&draft).await;
            let [one, other, family, last] =
                ["one", "other", "family", "last"].map(|name| format!("{name}-{slug}@example.org"));
            app.register(&one, &[slug]).await;
            app.register(&other, &[slug]).await;
            register(&app, &family, &[slug], "2").await;
            app.register(&last, &[slug]).await;

            cancel(&app, &one, &format!("miso/{slug}")).await;
            let waits = FIRST.replace("atelier", slug);
            assert!(states(&app, &family).await[0].starts_with(&waits), "one seat is free, for two");
            assert!(states(&app, &last).await[0].contains("position 2"), "it is not overtaken");
            cancel(&app, &other, &format!("miso/{slug}")).await;

            let wanted = wanted.replace("atelier", slug);
            assert!(states(&app, &family).await[0].starts_with(&wanted), "{:?}", states(&app, &family).await);
        }
        assert_eq!(app.broken().await, Vec::<String>::new());
    }

    async fn row_06_each_session_has_its_own_queue_in_the_order_of_arrival(app: App) {
        app.publish(&miso(vec![session("atelier", 1), on_day(session("forum", 1), 1)])).await;
        app.register("a@example.org", &["atelier", "forum"]).await;
        app.register("b@example.org", &["forum"]).await;
        app.register("c@example.org", &["atelier"]).await;
        app.register("d@example.org", &["atelier", "forum"]).await;

        cancel(&app, "a@example.org", "miso/atelier").await;

        assert_eq!(states(&app, "c@example.org").await, [CONFIRMED]);
        assert_eq!(states(&app, "b@example.org").await, ["Session forum: En liste d’attente, position 1"]);
        let last = [FIRST, "Session forum: En liste d’attente, position 2"];
        assert_eq!(states(&app, "d@example.org").await, last);
        assert_eq!(app.broken().await, Vec::<String>::new());
    }

    async fn row_07_a_seat_from_the_queue_that_is_given_back_goes_on_at_once(app: App) {
        app.publish(&offering(vec![session("atelier", 1)])).await;
        for email in ["a@example.org", "b@example.org", "c@example.org"] {
            app.register(email, &["atelier"]).await;
        }
        cancel(&app, "a@example.org", "miso/atelier").await;
        let agenda = app.agenda_path("b@example.org").await;
        let take = Found::on(&app.get(&agenda).await.body).attributes("form[action*='/offers/']", "action");
        app.post(&take[0], &[]).await;
        assert_eq!(states(&app, "b@example.org").await, [CONFIRMED]);

        cancel(&app, "b@example.org", "miso/atelier").await;

        assert_eq!(states(&app, "c@example.org").await, [OFFERED]);
        assert_eq!(app.broken().await, Vec::<String>::new());
    }

    async fn row_08_a_turn_counts_once_the_address_has_confirmed_it(app: App) {
        let mut draft = miso(vec![session("atelier", 1)]);
        app.publish(&draft).await;
        app.register("a@example.org", &["atelier"]).await;
        draft.programme.rules.confirm = Confirm::Link;
        app.publish(&draft).await;
        app.register("stranger@example.org", &["atelier"]).await;
        app.register("b@example.org", &["atelier"]).await;

        let mail = app.mails_to("b@example.org").await.remove(0).text;
        let at = mail.find("/fr/confirm/").unwrap();
        let link: String = mail[at..].split_whitespace().next().unwrap().to_owned();
        app.post(&link, &[]).await;

        assert_eq!(states(&app, "b@example.org").await, [FIRST]);
        cancel(&app, "a@example.org", "miso/atelier").await;
        assert_eq!(states(&app, "b@example.org").await, [CONFIRMED], "whoever was typed before has no turn");
        assert_eq!(app.broken().await, Vec::<String>::new());
    }

    async fn row_09_an_offer_is_given_up_and_the_queue_left_with_the_same_button(app: App) {
        app.publish(&offering(vec![session("atelier", 1)])).await;
        for email in ["a@example.org", "b@example.org", "c@example.org"] {
            app.register(email, &["atelier"]).await;
        }
        cancel(&app, "a@example.org", "miso/atelier").await;
        assert_eq!(states(&app, "b@example.org").await, [OFFERED]);

        cancel(&app, "b@example.org", "miso/atelier").await;

        assert_eq!(states(&app, "b@example.org").await, [GONE]);
        assert_eq!(states(&app, "c@example.org").await, [OFFERED]);
        let last = app.mails_to("b@example.org").await.pop().unwrap();
        assert!(last.text.contains("Vous avez refusé la place"), "{}", last.text);
        let raw = String::from_utf8_lossy(&last.raw).into_owned();
        assert!(!raw.contains("text/calendar"), "no entry was ever sent");
    }

    async fn row_10_nothing_is_offered_after_closing_or_once_it_has_begun(app: App) {
        app.publish(&offering(vec![session("atelier", 1), on_day(session("forum", 1), 1)])).await;
        for email in ["a@example.org", "b@example.org"] {
            app.register(email, &["atelier", "forum"]).await;
        }
        let now = app.now();
        set(&app, "forum", |settings| settings.closes = Some(now + TimeDelta::hours(1))).await;

        app.pass(TimeDelta::hours(1));
        cancel(&app, "a@example.org", "miso/forum").await;
        app.run_due().await;
        app.pass(TimeDelta::days(60));
        set(&app, "atelier", |settings| settings.capacity = Some(9)).await;
        app.run_due().await;

        let kept = subjects(&app, "b@example.org").await;
        assert_eq!(kept, ["Liste d’attente\u{a0}: MISO"], "nothing was offered");
        assert_eq!(app.broken().await, Vec::<String>::new());
    }

    async fn row_11_the_queue_of_a_full_session_is_never_hidden(app: App) {
        app.publish(&offering(vec![session("atelier", 1)])).await;
        app.register("a@example.org", &["atelier"]).await;

        for page in ["/fr/miso/sessions/atelier", "/fr/miso", "/fr/miso/register?session=atelier"] {
            let body = app.get(page).await.body;
            assert!(body.contains("iste d’attente"), "{page}");
        }
        // Also while a free seat is held for somebody.
        app.register("b@example.org", &["atelier"]).await;
        cancel(&app, "a@example.org", "miso/atelier").await;
        let form = app.get("/fr/miso/register?session=atelier").await;
        assert_eq!(Found::on(&form.body).text(".full"), "Complet\u{a0}: vous serez en liste d’attente, position 1");
    }

    async fn row_12_a_person_has_one_seat_in_each_of_many_sessions(app: App) {
        app.publish(&miso(vec![session("atelier", 2), on_day(session("forum", 2), 1)])).await;
        app.register("a@example.org", &["atelier", "forum"]).await;
        app.register("a@example.org", &["atelier", "forum"]).await;

        let counts = app.house().board.all(app.house().publications.current("miso").unwrap().id);
        assert_eq!(counts.values().map(|seat| seat.taken).collect::<Vec<_>>(), [1, 1]);
        assert_eq!(states(&app, "a@example.org").await, [CONFIRMED, "Session forum: Place confirmée"]);
    }

    async fn row_13_a_turn_is_for_as_many_as_the_form_says(app: App) {
        app.publish(&miso(vec![session("atelier", 3)])).await;
        register(&app, "a@example.org", &["atelier"], "3").await;
        register(&app, "b@example.org", &["atelier"], "3").await;

        cancel(&app, "a@example.org", "miso/atelier").await;

        assert_eq!(states(&app, "b@example.org").await, [format!("{CONFIRMED}\u{a0}· pour 3 personnes")]);
        let published = app.house().publications.current("miso").unwrap();
        assert_eq!(app.house().board.all(published.id).values().next().unwrap().taken, 3);
    }

    async fn row_14_who_cancels_gives_the_seat_back_to_everybody(app: App) {
        app.publish(&miso(vec![session("atelier", 1)])).await;
        app.register("a@example.org", &["atelier"]).await;

        cancel(&app, "a@example.org", "miso/atelier").await;
        app.register("b@example.org", &["atelier"]).await;

        assert_eq!(states(&app, "b@example.org").await, [CONFIRMED]);
    }

    async fn row_15_seats_kept_back_or_a_group_too_large_block_nobody_else(app: App) {
        app.publish(&offering(vec![session("atelier", 4), on_day(session("forum", 1), 1)])).await;
        register(&app, "a@example.org", &["atelier"], "4").await;
        register(&app, "b@example.org", &["atelier"], "4").await;
        register(&app, "c@example.org", &["atelier"], "1").await;

        // Two seats are kept back: four can never come any more, one can.
        set(&app, "atelier", |settings| settings.held = BTreeMap::from([("press".to_owned(), 2)])).await;
        cancel(&app, "a@example.org", "miso/atelier").await;

        assert_eq!(states(&app, "c@example.org").await, [OFFERED]);
        assert!(states(&app, "b@example.org").await[0].contains("position 1"), "the group keeps its turn");
        app.register("c@example.org", &["forum"]).await;
        assert_eq!(states(&app, "c@example.org").await[1], "Session forum: Place confirmée");
        assert_eq!(app.broken().await, Vec::<String>::new());
    }

    async fn the_mail_that_gives_a_seat_says_how_it_is_given_back_and_its_link_leads_there(app: App) {
        app.publish(&miso(vec![session("atelier", 1)])).await;
        app.register("a@example.org", &["atelier"]).await;
        let english = [("name", "Ben"), ("email", "b@example.org"), ("consent", "1"), ("session", "atelier")];
        app.post("/en/miso/register", &english).await;
        app.register("c@example.org", &["atelier"]).await;
        app.register("d@example.org", &["atelier"]).await;
        cancel(&app, "a@example.org", "miso/atelier").await;
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");

        for (email, next, subject, sentence, lead, link) in [
            (
                "b@example.org",
                "c@example.org",
                "A seat for you: Session atelier",
                "You cannot come any more? Please cancel, and the seat goes to the next person.",
                "See or cancel your registrations:",
                "my registrations",
            ),
            (
                "c@example.org",
                "d@example.org",
                "Une place pour vous : Session atelier",
                "Vous ne pouvez plus venir ? Annulez votre inscription, et la place ira à la personne suivante.",
                "Voir ou annuler vos inscriptions :",
                "mes inscriptions",
            ),
        ] {
            let mail = app.mails_to(email).await.pop().unwrap();
            let page = Found::on(&mail.html);
            let (_, address) = page.links("p").into_iter().find(|(text, _)| text == link).unwrap();

            assert_eq!(words(&mail.subject), subject);
            assert!(words(&mail.text).contains(&format!("{sentence} {lead} {address}")), "{}", mail.text);
            assert!(mail.text.lines().any(|line| line == address), "it stands alone: {}", mail.text);
            let said: Vec<_> = page.texts("p").iter().map(|text| words(text)).collect();
            let at = said.iter().position(|text| text == sentence).unwrap_or_else(|| panic!("{said:?}"));
            assert_eq!(said[at + 1], format!("{lead} {link}"));
            let agenda = address.strip_prefix(BASE_URL).unwrap();
            app.post(&format!("{agenda}/cancellations"), &[("session", "miso/atelier")]).await;
            assert_eq!(states(&app, next).await, [CONFIRMED]);
        }
        assert_eq!(app.broken().await, Vec::<String>::new());
    }

    async fn who_leaves_the_queue_after_closing_is_gone_and_makes_way_for_nobody(app: App) {
        let slugs = ["atelier", "forum", "ouvert"];
        let mut sessions = slugs.map(|slug| session(slug, 2)).to_vec();
        sessions[1].live.queue = Some(QueueMode::Offer);
        app.publish(&miso(sessions)).await;
        let at = |slug: &str, person: &str| format!("{person}-{slug}@example.org");
        for slug in slugs {
            // One seat is free, and a family of two is not overtaken.
            app.register(&at(slug, "one"), &[slug]).await;
            register(&app, &at(slug, "family"), &[slug], "2").await;
            app.register(&at(slug, "last"), &[slug]).await;
        }
        let closing = app.now() + TimeDelta::hours(1);
        for slug in ["atelier", "forum"] {
            set(&app, slug, |settings| settings.closes = Some(closing)).await;
        }
        app.pass(TimeDelta::hours(1));

        for slug in slugs {
            let page = app.get(&app.agenda_path(&at(slug, "family")).await).await;
            let button = format!("Oui, quitter la liste d’attente – Session {slug}");
            assert_eq!(Found::on(&page.body).texts(".agenda button"), [button]);
            cancel(&app, &at(slug, "family"), &format!("miso/{slug}")).await;
        }
        app.run_due().await;

        for slug in slugs {
            assert_eq!(states(&app, &at(slug, "family")).await, [format!("Session {slug}: Inscription annulée")]);
            let left = format!("Liste d’attente quittée\u{a0}: Session {slug}");
            assert_eq!(subjects(&app, &at(slug, "family")).await.pop(), Some(left));
        }
        assert_eq!(states(&app, &at("ouvert", "last")).await, ["Session ouvert: Place confirmée"], "where it is open");
        for slug in ["atelier", "forum"] {
            assert_eq!(states(&app, &at(slug, "last")).await, [FIRST.replace("atelier", slug)]);
            let told = format!("Liste d’attente\u{a0}: Session {slug}");
            assert_eq!(subjects(&app, &at(slug, "last")).await, [told], "nothing is given or offered");
            assert_eq!(states(&app, &at(slug, "one")).await, [CONFIRMED.replace("atelier", slug)]);
        }
        assert_eq!(app.broken().await, Vec::<String>::new());
    }
}
