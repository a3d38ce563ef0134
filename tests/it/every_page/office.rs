//! What must be true of each page of the office.

use std::{collections::BTreeMap, sync::Arc};

use chrono::TimeDelta;
use parvis::{
    identity::{
        Role,
        links::{self, LinkKind},
    },
    locale::Lang,
    programme::import::{
        Source,
        kept::{self, Kept, Outcome},
        store,
    },
};
use rocket::http::Status;

use super::{
    Kind::{self, Office, OfficeWay},
    Look,
};
use crate::{
    harness::{App, Member},
    html::Found,
};

/// What stands in the office's addresses: somebody who was invited, links that open, a second step that is begun.
pub async fn known(app: &App, owner: &Member<'_>) -> BTreeMap<&'static str, Vec<String>> {
    owner.post("/fr/office/account/second-step", &[]).await;
    let invite = [("email", "lou@example.org"), ("role", "partner"), ("language", "fr")];
    let person = owner.post("/fr/office/users", &invite).await;
    let person = person.location().split(['?', '/']).nth(4).unwrap().to_owned();
    let label = [("label", "Fondation d’exemple"), ("programme", "miso")];
    owner.post("/fr/office/users/figures-links", &label).await;
    let (now, partner) = (app.now(), app.signed_in(Role::Partner).await.id);
    let mut tx = app.pool.begin().await.unwrap();
    let mut tokens = Vec::new();
    for kind in [LinkKind::Invitation, LinkKind::Reset, LinkKind::SignIn] {
        tokens.push(links::make(&mut tx, app.house(), partner, kind, now).await.unwrap());
    }
    tx.commit().await.unwrap();
    let names = ["{office-invitation}", "{office-reset}", "{office-link}"];
    let mut known: BTreeMap<_, _> =
        names.into_iter().zip(tokens.into_iter().map(|token| vec![token])).collect();
    known.insert("{office-person}", vec![person]);
    let page = owner.get("/fr/office/users").await.body;
    let link = Found::on(&page).attributes("input.address", "value").pop().unwrap();
    known.insert("{figures}", vec![link.rsplit('/').next().unwrap().to_owned()]);
    known
}

/// The page as an owner sees it, and as nobody does who is not signed in.
pub async fn visit(app: &App, owner: &Member<'_>, kind: Kind, path: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut expect = |holds: bool, what: String| {
        if !holds {
            wrong.push(format!("{path}: {what}"));
        }
    };
    let stranger = app.get(path).await;
    let way = format!("{}/office/sign-in", &path[..3]);
    expect(stranger.status == Status::SeeOther, format!("a stranger gets {}", stranger.status));
    expect(stranger.location().starts_with(&way), format!("a stranger is sent to {}", stranger.location()));

    let page = owner.get(path).await;
    let status = if kind == OfficeWay { Status::SeeOther } else { Status::Ok };
    expect(page.status == status, format!("{} instead of {status}", page.status));
    let head = owner.head(path).await;
    let (said, says) = (head.header("content-type"), page.header("content-type"));
    expect(head.status == status && said == says && head.body.is_empty(), format!("HEAD answers {head:?}"));
    for answer in [&stranger, &page] {
        let cache = answer.header("cache-control");
        expect(cache == "private, no-store", format!("may be kept: {cache}"));
        expect(answer.header("x-robots-tag") == "noindex", "may be found".to_owned());
    }
    if kind == Office {
        let lang = Lang::parse(&path[1..3]).unwrap();
        let mut look = Look::at(path, lang, &page.body);
        wrong.append(&mut look.wrong);
        let robots = look.attributes("meta[name=robots]", "content");
        if robots != ["noindex"] {
            wrong.push(format!("{path}: robots {robots:?}"));
        }
        for twin in look.attributes("header a[hreflang]", "href") {
            let answer = owner.get(&twin).await;
            if answer.status != Status::Ok {
                wrong.push(format!("{path}: its twin {twin} answers {}", answer.status));
            }
        }
    }
    wrong
}

/// Files that the owner has sent: so many rows that can be taken, as many that cannot, one that was taken.
pub async fn sent(app: &App, count: usize) -> Vec<String> {
    let owner = app.signed_in(Role::Owner).await.id;
    let good: String = (0..count).map(|n| format!("n-{n},Nouvelle {n},2027-04-20,10:00\n")).collect();
    let wrong: String = (0..count.max(1)).map(|n| format!("n-{n},Nouvelle {n},31.02.2027,25h\n")).collect();
    let outcome = Outcome { added: count, changed: 0, removed: 0 };
    let mut tx = app.pool.begin().await.unwrap();
    let mut ids = Vec::new();
    for (rows, outcome) in [(good, None), (wrong, None), (String::new(), Some(outcome))] {
        let table = format!("slug,titre,jour,début\n{rows}");
        let file = Kept {
            id: app.tokens.id(app.now()),
            user: owner,
            programme: "miso".to_owned(),
            name: "programme d’août.csv".to_owned(),
            source: Some(Arc::new(Source::read("a.csv", table.as_bytes()).unwrap())),
            digest: kept::digest(table.as_bytes()),
            choices: kept::Choices::default(),
            outcome: None,
            created_at: app.now() + TimeDelta::weeks(20),
        };
        store::keep(&mut tx, &file).await.unwrap();
        if let Some(outcome) = outcome {
            assert!(store::taken(&mut tx, file.id, &outcome).await.unwrap());
        }
        ids.push(file.id.to_string());
    }
    tx.commit().await.unwrap();
    ids
}
