//! `parvis user`, as somebody types it.

use parvis::{
    db::{Durability, Pool},
    mail::outbox,
};

use crate::{
    harness::{BASE_URL, TestDb},
    process,
};

fn typed(db: &TestDb, words: &[&str]) -> (String, String, Option<i32>) {
    let output = process::run(db, words);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr), output.status.code())
}

on_both_engines! {
    async fn the_first_owner_is_invited_by_a_command_and_is_not_disabled_by_one(db: TestDb) {
        let (out, _, code) =
            typed(&db, &["user", "add", "Ana@Example.org", "--role", "owner", "--name", "Ana"]);
        assert_eq!((out.as_str(), code), ("invited ana@example.org\n", Some(0)), "the link goes by mail alone");
        let pool = Pool::open(&db.url, 2, Durability::Off).await.unwrap();
        let mails = outbox::to(&mut pool.acquire().await.unwrap(), "ana@example.org").await.unwrap();
        assert_eq!(mails.iter().map(|mail| mail.kind.as_str()).collect::<Vec<_>>(), ["invitation"]);

        let (_, err, code) = typed(&db, &["user", "add", "ana@example.org", "--role", "desk"]);
        assert_eq!(code, Some(1));
        assert!(err.contains("parvis user reset ana@example.org"), "{err}");

        let (out, ..) = typed(&db, &["user", "reset", "ana@example.org", "--print-link"]);
        let link = out.lines().nth(1).unwrap();
        assert!(link.starts_with(&format!("{BASE_URL}/fr/office/invitation/")), "{out}");

        let (_, err, code) = typed(&db, &["user", "disable", "ana@example.org"]);
        assert_eq!(code, Some(1));
        assert!(err.contains("last owner"), "{err}");

        typed(&db, &["user", "add", "bo@example.org", "--role", "desk", "--language", "en"]);
        let (out, ..) = typed(&db, &["user", "disable", "bo@example.org"]);
        assert_eq!(out, "disabled bo@example.org\n");
        let (out, ..) = typed(&db, &["user", "list"]);
        assert_eq!(out, "ana@example.org\towner\tinvited\tAna\nbo@example.org\tdesk\tdisabled\t\n");
        pool.close().await;
    }
}

on_both_engines! {
    async fn a_partner_is_invited_for_an_organisation_that_there_is(db: TestDb) {
        let add = |rest: &[&str]| {
            let words = [&["user", "add", "lou@example.org", "--role"], rest].concat();
            let (_, err, code) = typed(&db, &words);
            (err, code)
        };

        let (err, code) = add(&["partner", "--programme", "miso", "--organisation", "collectif"]);
        assert_eq!(code, Some(1));
        assert!(err.contains("no programme `miso`"), "{err}");
        let (err, code) = add(&["desk", "--programme", "miso", "--organisation", "collectif"]);
        assert_eq!(code, Some(1));
        assert!(err.contains("--role partner"), "{err}");
        let (_, code) = add(&["partner", "--programme", "miso"]);
        assert_eq!(code, Some(2), "one without the other is not understood");
        let (err, code) = add(&["partner"]);
        assert_eq!(code, Some(1), "a partner of nobody would see nothing");
        assert!(err.contains("--organisation"), "{err}");
        let (_, code) = add(&["king"]);
        assert_eq!(code, Some(2));
    }
}
