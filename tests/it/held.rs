//! Seats that are held back for a group: given back to everybody, or given to somebody of the group; and a capacity
//! that is raised and lowered while people are registered.

use std::process::{Command, Output};

use parvis::on;

use crate::{
    builders::{miso, session},
    harness::App,
};

/// Types `parvis` and these words, on the application's own database: standard output or what was wrong.
fn types(app: &App, words: &[&str]) -> Result<String, String> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_parvis"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("ROCKET_")) {
        command.env_remove(name);
    }
    let Output { status, stdout, stderr } = command
        .args(words)
        .current_dir(app.db.folder())
        .env("ROCKET_DATABASES", format!("{{main={{url={:?}}}}}", app.db.url))
        .env(
            "ROCKET_PARVIS",
            "{base_url=\"https://example.org\",mail={url=\"file:mails\",from=\"a@example.org\"}}",
        )
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    if status.success() { Ok(text(stdout)) } else { Err(text(stderr)) }
}

fn set(app: &App, value: &str) -> String {
    types(app, &["session", "set", "miso", "atelier", value]).unwrap()
}

fn add(app: &App, email: &str, more: &[&str]) -> Result<String, String> {
    let words = ["registration", "add", "miso", "atelier", "--email", email, "--name", "Une Personne"];
    types(app, &[&words[..], more].concat())
}

/// Who has or had something, with the state, in the order of arrival.
async fn queue(app: &App) -> Vec<String> {
    let mut db = app.pool.acquire().await.unwrap();
    let rows: Vec<(String, String)> = on!(&mut db, c => sqlx::query_as(
        "SELECT p.email, r.state FROM registration r JOIN participant p ON p.id = r.participant_id ORDER BY r.arrival",
    )
    .fetch_all(c)
    .await)
    .unwrap();
    rows.into_iter().map(|(email, state)| format!("{} {state}", email.split('@').next().unwrap())).collect()
}

/// Capacity, held back, taken, waiting.
async fn seats(app: &App) -> (Option<i64>, i64, i64, i64) {
    let mut db = app.pool.acquire().await.unwrap();
    on!(&mut db, c => sqlx::query_as("SELECT capacity, held_total, taken, waiting FROM seat").fetch_one(c).await)
        .unwrap()
}

async fn held(app: &App, capacity: i64, groups: &[(&str, i64)]) {
    let mut only = session("atelier", capacity);
    only.live.held = groups.iter().map(|(group, seats)| ((*group).to_owned(), *seats)).collect();
    app.publish(&miso(vec![only])).await;
}

on_both_engines! {
    async fn seats_that_are_given_back_go_to_the_front_of_the_queue_at_once(app: App) {
        held(&app, 5, &[("partner", 2), ("press", 2)]).await;
        for person in ["a", "b", "c", "d"] {
            app.register(&format!("{person}@example.org"), &["atelier"]).await;
        }
        assert_eq!(queue(&app).await, ["a confirmed", "b waiting", "c waiting", "d waiting"]);

        assert_eq!(set(&app, "held=partner:0|press:2"), "capacity 5, held 2, taken 3, waiting 1\n");

        assert_eq!(queue(&app).await, ["a confirmed", "b confirmed", "c confirmed", "d waiting"]);
        assert_eq!(app.mails_to("b@example.org").await.len(), 2);
        assert_eq!(app.mails_to("d@example.org").await.len(), 1);
        assert_eq!(app.broken().await, Vec::<String>::new());
    }

    async fn somebody_of_the_group_has_its_seat_whoever_waits_and_the_next_release_keeps_it_so(app: App) {
        held(&app, 3, &[("partner", 2)]).await;
        app.register("a@example.org", &["atelier"]).await;
        app.register("b@example.org", &["atelier"]).await;

        assert_eq!(add(&app, "p@example.org", &["--held", "partner"]), Ok("atelier confirmed\n".to_owned()));
        assert_eq!(seats(&app).await, (Some(3), 1, 2, 1), "one less held, one more taken");
        let two = add(&app, "q@example.org", &["--held", "partner", "--people", "2"]);
        assert_eq!(two, Err("error: atelier: 1 seats are held for `partner`, and 2 are asked for\n".to_owned()));
        let nobody = add(&app, "q@example.org", &["--held", "voisins"]);
        assert_eq!(nobody, Err("error: atelier: 0 seats are held for `voisins`, and 1 are asked for\n".to_owned()));
        assert_eq!(seats(&app).await, (Some(3), 1, 2, 1), "nothing was changed");
        assert_eq!(app.broken().await, Vec::<String>::new(), "b waits, and was not overtaken");
        // Who waits already gets it, too; again is no second seat.
        assert_eq!(add(&app, "b@example.org", &["--held", "partner"]), Ok("atelier confirmed\n".to_owned()));
        assert_eq!(seats(&app).await, (Some(3), 0, 3, 0));

        assert_eq!(queue(&app).await, ["a confirmed", "b confirmed", "p confirmed"]);
        assert_eq!(types(&app, &["publish", "miso"]), Ok("no change\n".to_owned()));
        assert_eq!(seats(&app).await, (Some(3), 0, 3, 0), "the draft holds back as many");
        assert_eq!(types(&app, &["check"]).map_err(|why| why.lines().count()), Ok(String::new()));
        let told = app.mails_to("p@example.org").await;
        assert_eq!(told.len(), 1);
        assert!(told[0].subject.contains("Inscription confirmée"), "{}", told[0].subject);
        assert_eq!(app.mails_to("b@example.org").await.len(), 2);
        assert_eq!(app.broken().await, Vec::<String>::new());
    }

    async fn a_seat_of_the_group_that_is_cancelled_goes_to_the_queue(app: App) {
        held(&app, 1, &[("press", 1)]).await;
        app.register("a@example.org", &["atelier"]).await;
        add(&app, "p@example.org", &["--held", "press"]).unwrap();
        assert_eq!(queue(&app).await, ["a waiting", "p confirmed"]);
        assert_eq!(app.broken().await, Vec::<String>::new(), "a seat of the group is nobody's turn");

        types(&app, &["registration", "cancel", "miso", "p@example.org", "atelier"]).unwrap();

        assert_eq!(queue(&app).await, ["a confirmed", "p cancelled"]);
        assert_eq!(seats(&app).await, (Some(1), 0, 1, 0));
        assert_eq!(app.broken().await, Vec::<String>::new());
    }

    async fn a_capacity_that_is_lowered_throws_nobody_out_and_lets_nobody_in_until_it_is_true_again(app: App) {
        held(&app, 3, &[]).await;
        for person in ["a", "b", "c", "d"] {
            app.register(&format!("{person}@example.org"), &["atelier"]).await;
        }

        assert_eq!(set(&app, "capacity=1"), "capacity 1, held 0, taken 3, waiting 1\n");
        app.register("e@example.org", &["atelier"]).await;
        types(&app, &["registration", "cancel", "miso", "a@example.org", "atelier"]).unwrap();
        types(&app, &["registration", "cancel", "miso", "b@example.org", "atelier"]).unwrap();
        let lowered = queue(&app).await;
        types(&app, &["registration", "cancel", "miso", "c@example.org", "atelier"]).unwrap();
        let true_again = queue(&app).await;
        assert_eq!(set(&app, "capacity=2"), "capacity 2, held 0, taken 2, waiting 0\n");

        assert_eq!(lowered, ["a cancelled", "b cancelled", "c confirmed", "d waiting", "e waiting"]);
        assert_eq!(true_again, ["a cancelled", "b cancelled", "c cancelled", "d confirmed", "e waiting"]);
        assert_eq!(queue(&app).await[4], "e confirmed", "raising it serves the queue at once");
        assert_eq!(app.broken().await, Vec::<String>::new());
    }
}
