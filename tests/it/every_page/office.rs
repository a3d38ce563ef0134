//! What must be true of each page of the office.

use std::{collections::BTreeMap, sync::Arc};

use chrono::TimeDelta;
use parvis::{
    identity::{
        Role,
        links::{self, LinkKind},
        totp,
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
    harness::{App, Member, Page, page},
    html::Found,
};

/// What the cookie of somebody is called whose password was right, and whose code is still to come.
pub const STEP_COOKIE: &str = "__Host-parvis-step";

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

/// Somebody takes the second step into use: from then on one is asked for a code, and there are codes for paper.
pub async fn takes_the_second_step(app: &App, who: &Member<'_>) {
    let home = "/fr/office/account/second-step";
    who.post(home, &[]).await;
    let secret = Found::on(&who.get(home).await.body).text("code.secret").replace(' ', "");
    let code = totp::code(&secret, app.now()).unwrap();
    let page = who.post(&format!("{home}/confirmation"), &[("code", &code)]).await;
    assert_eq!(page.status, Status::Ok, "{}", page.body);
}

/// What the browser of somebody holds whose code is still to come.
pub async fn step(app: &App, who: &Member<'_>) -> String {
    let mut tx = app.pool.begin().await.unwrap();
    let token = links::make(&mut tx, app.house(), who.id, LinkKind::Code, app.now()).await.unwrap();
    tx.commit().await.unwrap();
    token
}

/// The pages of the second step that no address alone leads to: where the code is asked for, and where codes for paper
/// are shown.
pub async fn second_step(app: &App, who: &Member<'_>) -> Vec<String> {
    takes_the_second_step(app, who).await;
    let token = step(app, who).await;
    let mut wrong = Vec::new();
    for lang in Lang::ALL {
        let path = format!("/{}/office/sign-in/code", lang.code());
        let asked = app.client.get(path.clone()).cookie((STEP_COOKIE, token.clone())).dispatch().await;
        wrong.extend(outside(&path, lang, "input[name=code]", &page(asked).await));
        // They have no password that would be asked for.
        let path = format!("/{}/office/account/second-step/codes", lang.code());
        wrong.extend(outside(&path, lang, ".codes code", &who.post(&path, &[]).await));
    }
    wrong
}

/// A page that has this on it, for one person alone.
fn outside(path: &str, lang: Lang, selector: &str, page: &Page) -> Vec<String> {
    let mut look = Look::at(path, lang, &page.body);
    look.expect(page.status == Status::Ok, || format!("answers {}", page.status));
    look.expect(Found::on(&page.body).count(selector) > 0, || format!("has no {selector}"));
    let cache = page.header("cache-control");
    look.expect(cache == "private, no-store", || format!("may be kept: {cache}"));
    look.expect(page.header("x-robots-tag") == "noindex", || "may be found".to_owned());
    look.wrong
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
