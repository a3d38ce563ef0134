//! The log: what is in it, and that nothing takes it out again.

use chrono::TimeDelta;
use parvis::{
    audit::{self, Actor, Entry, Facts, store::Filter, store::Who},
    locale::{self, Lang},
    programme,
};
use serde_json::json;

use crate::{
    builders::{miso, on_day, session},
    harness::{App, Bare},
    process,
    source::sources,
};

/// Who did what to what, newest first.
async fn lines(app: &App) -> Vec<(String, String, String)> {
    let mut db = app.pool.acquire().await.unwrap();
    let lines = audit::store::lines(&mut db, &Filter::default(), 100).await.unwrap();
    lines.into_iter().map(|line| (line.actor, line.action, line.subject)).collect()
}

fn line(actor: &str, action: &str, subject: &str) -> (String, String, String) {
    (actor.to_owned(), action.to_owned(), subject.to_owned())
}

#[test]
fn no_code_changes_or_deletes_a_line() {
    let mut found = Vec::new();
    for source in sources() {
        let named = source.strings.iter().filter(|text| text.contains("audit_entry"));
        let kept = ["SELECT ", "INSERT INTO audit_entry ", "WITH RECURSIVE "];
        let other = named.filter(|text| {
            let text = text.trim_start();
            let inside = ["DELETE", "UPDATE", "DROP", "TRUNCATE"].iter().any(|word| text.contains(word));
            inside || !kept.iter().any(|start| text.starts_with(start))
        });
        found.extend(other.map(|text| format!("{}: {text}", source.path)));
    }

    assert_eq!(found, Vec::<String>::new(), "the log is only ever added to");
}

#[test]
fn only_what_is_made_to_be_published_may_be_written_into_the_log_whole() {
    let mut found: Vec<_> = sources()
        .into_iter()
        .filter(|source| source.bare.contains("Logged for "))
        .map(|source| source.path)
        .collect();
    found.sort();

    assert_eq!(
        found,
        ["src/audit/facts.rs", "src/programme/logged.rs"],
        "name the fields with `Facts::with`"
    );
}

#[test]
fn words_are_kept_as_they_stand_only_where_everybody_may_read_them() {
    let mut found: Vec<_> = sources()
        .into_iter()
        .filter(|source| source.bare.contains("differing_words("))
        .map(|source| source.path)
        .collect();
    found.sort();

    assert_eq!(
        found,
        ["src/audit/facts.rs", "src/office/mails/texts.rs", "src/proposals/logged.rs"],
        "words that may speak of people are `differing_veiled`"
    );
}

#[test]
fn each_action_has_its_words() {
    let mut found = Vec::new();
    for source in sources().into_iter().filter(|source| source.says("Entry::new") || source.says("logged")) {
        let is_action = |text: &&String| {
            text.split_once('.').is_some_and(|(area, verb)| {
                let word =
                    |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_lowercase() || c == '-');
                word(area) && word(verb)
            })
        };
        for action in source.strings.iter().filter(is_action) {
            let key = format!("log-action-{}", action.replace('.', "-"));
            if Lang::ALL.into_iter().any(|lang| !locale::has(lang, &key)) {
                found.push(format!("{}: `{key}`", source.path));
            }
        }
    }

    assert_eq!(found, Vec::<String>::new(), "write it into a file of locales/*/, in every language");
}

on_both_engines! {
    async fn lines_are_found_by_who_what_when_and_where_newest_first(bare: Bare) {
        let (ana, ben, here) = (bare.tokens.id(bare.now()), bare.tokens.id(bare.now()), bare.tokens.id(bare.now()));
        let mut db = bare.pool.begin().await.unwrap();
        for (actor, action, slug) in [
            (Actor::User(ana), "session.cancel", "forum_ouvert"),
            (Actor::User(ben), "session.edit", "forumxouvert"),
            (Actor::Command, "session.edit", "atelier"),
            (Actor::House, "release.publish", "atelier"),
        ] {
            let entry = Entry::new(&bare.tokens, bare.now(), actor, action, audit::subject("session", slug));
            let facts = Facts::default().with("capacity", 20_i64);
            audit::record(&mut db, &entry.of(here).facts(Facts::default(), facts)).await.unwrap();
            bare.pass(TimeDelta::minutes(1));
        }
        let other = Entry::new(&bare.tokens, bare.now(), Actor::User(ana), "user.disable", audit::subject("user", ben));
        audit::record(&mut db, &other).await.unwrap();
        db.commit().await.unwrap();
        let mut db = bare.pool.acquire().await.unwrap();

        let mut found = async |filter: Filter| -> Vec<String> {
            let lines = audit::store::lines(&mut db, &filter, 3).await.unwrap();
            lines.into_iter().map(|line| format!("{} {}", line.actor, line.action)).collect()
        };

        let all = Filter::default();
        assert_eq!(found(all.clone()).await, ["user user.disable", "house release.publish", "command session.edit"]);
        let by_ana = Filter { actor: Some(Who::User(ana)), ..all.clone() };
        assert_eq!(found(by_ana.clone()).await, ["user user.disable", "user session.cancel"]);
        assert_eq!(found(Filter { programme: Some(here), ..by_ana }).await, ["user session.cancel"]);
        let by_command = Filter { actor: Some(Who::Kind("command")), ..all.clone() };
        assert_eq!(found(by_command).await, ["command session.edit"]);
        let area = Filter { action: Some("session".to_owned()), ..all.clone() };
        assert_eq!(found(area).await, ["command session.edit", "user session.edit", "user session.cancel"]);
        let action = Filter { action: Some("session.edit".to_owned()), ..all.clone() };
        assert_eq!(found(action).await, ["command session.edit", "user session.edit"]);
        let subject = Filter { subject: Some("forum_".to_owned()), ..all.clone() };
        assert_eq!(found(subject).await, ["user session.cancel"], "`_` is a letter");
        let hour = Filter {
            from: Some(bare.now() - TimeDelta::minutes(3)),
            until: Some(bare.now() - TimeDelta::minutes(1)),
            ..all.clone()
        };
        assert_eq!(found(hour).await, ["command session.edit", "user session.edit"]);
        let page = audit::store::lines(&mut db, &all, 3).await.unwrap();
        let next = Filter { older_than: Some(page[2].id), ..all };
        let next = audit::store::lines(&mut db, &next, 3).await.unwrap();
        assert_eq!(next.iter().map(|line| line.subject.as_str()).collect::<Vec<_>>(), ["session/forumxouvert", "session/forum_ouvert"]);
        assert_eq!(next[0].after.as_ref().map(|facts| &facts.0), Some(&json!({ "capacity": 20 })));
        assert_eq!((next[0].before.is_none(), next[0].programme_id), (true, Some(here)));
        let known = audit::store::actions(&mut db).await.unwrap();
        assert_eq!(known, ["release.publish", "session.cancel", "session.edit", "user.disable"]);
    }

    async fn a_log_with_nothing_in_it_has_no_actions(bare: Bare) {
        let mut db = bare.pool.acquire().await.unwrap();

        assert_eq!(audit::store::actions(&mut db).await.unwrap(), Vec::<String>::new());
        assert_eq!(audit::store::lines(&mut db, &Filter::default(), 9).await.unwrap(), []);
    }

    async fn commands_write_lines_and_not_a_word_about_people(app: App) {
        // Commands read the machine's clock.
        let draft = miso(vec![session("atelier", 5), on_day(session("forum", 5), 1)]);
        let mut tx = app.pool.begin().await.unwrap();
        programme::store::save(&mut tx, &draft, app.tokens.id(app.now()), app.now()).await.unwrap();
        tx.commit().await.unwrap();
        let types = |words: &[&str]| {
            let done = process::run(&app.db, words);
            assert!(done.status.success(), "{words:?}: {}", String::from_utf8_lossy(&done.stderr));
        };
        let csv = "slug,title,date,start,end\nnouveau,Une nouvelle,2027-04-21,10:00,11:00\n";
        std::fs::write(app.db.folder().join("more.csv"), csv).unwrap();

        types(&["publish", "miso"]);
        types(&["import", "more.csv", "--programme", "miso"]);
        types(&["import", "more.csv", "--programme", "miso"]);
        types(&["import", "more.csv", "--programme", "miso", "--dry-run"]);
        types(&["publish", "miso", "--note", "Voir avec Ana Exemple"]);
        types(&["publish", "miso"]);
        types(&["session", "set", "miso", "atelier", "capacity=9", "join_url=https://secret.example.org"]);
        types(&["session", "set", "miso", "atelier", "capacity=9"]);
        types(&["registration", "add", "miso", "forum", "--email", "ana@example.org", "--name", "Ana Exemple"]);
        types(&["registration", "resend", "miso", "ana@example.org"]);
        types(&["registration", "cancel", "miso", "ana@example.org"]);
        types(&["registration", "cancel", "miso", "ana@example.org"]);

        let mut db = app.pool.acquire().await.unwrap();
        let person =
            parvis::registration::store::participant_by_email(&mut db, "ana@example.org").await.unwrap().unwrap().id;
        let miso = programme::store::id_of(&mut db, "miso").await.unwrap();
        let kept = audit::store::lines(&mut db, &Filter::default(), 100).await.unwrap();
        let order = kept[2].subject.clone();
        let person = format!("person/{person}");
        assert_eq!(
            lines(&app).await,
            [
                line("command", "registration.cancel", &person),
                line("command", "registration.resend", &person),
                line("command", "registration.add", &order),
                line("command", "session.live", "session/atelier"),
                line("command", "release.publish", "release/2"),
                line("command", "draft.import", "programme/miso"),
                line("command", "release.publish", "release/1"),
            ],
            "what changed nothing has no line"
        );
        assert!(kept.iter().all(|line| line.programme_id == miso));
        let live = (kept[3].before.clone().unwrap().0, kept[3].after.clone().unwrap().0);
        assert_eq!(
            live,
            (json!({ "capacity.seats": 5, "join_url": null }), json!({ "capacity.seats": 9, "join_url": "…" }))
        );
        let whole = format!("{kept:?}").to_lowercase();
        for personal in ["ana", "exemple", "example.org", "secret"] {
            assert!(!whole.contains(personal), "{personal} in {whole}");
        }
    }
}
