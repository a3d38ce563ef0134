//! The office: who may open what. Every route of it stands in [`TABLE`]; a new one without a line fails.

mod commands;
mod identity;
mod team;

use std::collections::BTreeSet;

use parvis::{
    identity::Role,
    office::{Right, may},
};
use rocket::http::{Method, Status};

use crate::{
    builders::{miso, session},
    harness::{App, Given as _, OFFICE_COOKIE, Page, TestDb},
};

/// Who a route is for.
#[derive(Debug, Clone, Copy, PartialEq)]
enum For {
    /// Whoever is not signed in, too.
    Everybody,
    /// Everybody who is signed in.
    Anybody,
    /// Whose role has the right.
    With(Right),
}
use For::{Anybody, Everybody, With};

/// Each route of the office, an address that stands for it, and who may use it. `{p}` is the programme `miso`,
/// `{s}` its only session, `{id}` the id of nothing.
const TABLE: &[(Method, &str, &str, For)] = &[
    (Method::Get, "/<lang>/office/sign-in", "/fr/office/sign-in", Everybody),
    (Method::Post, "/<lang>/office/sign-in", "/fr/office/sign-in", Everybody),
    (Method::Get, "/<lang>/office/sign-in/code", "/fr/office/sign-in/code", Everybody),
    (Method::Post, "/<lang>/office/sign-in/code", "/fr/office/sign-in/code", Everybody),
    (Method::Get, "/<lang>/office/password", "/fr/office/password", Everybody),
    (Method::Post, "/<lang>/office/password", "/fr/office/password", Everybody),
    (Method::Get, "/<lang>/office/password/<token>", "/fr/office/password/x", Everybody),
    (Method::Post, "/<lang>/office/password/<token>", "/fr/office/password/x", Everybody),
    (Method::Get, "/<lang>/office/mailed-link", "/fr/office/mailed-link", Everybody),
    (Method::Post, "/<lang>/office/mailed-link", "/fr/office/mailed-link", Everybody),
    (Method::Get, "/<lang>/office/mailed-link/<token>", "/fr/office/mailed-link/x", Everybody),
    (Method::Post, "/<lang>/office/mailed-link/<token>", "/fr/office/mailed-link/x", Everybody),
    (Method::Get, "/<lang>/office/invitation/<token>", "/fr/office/invitation/x", Everybody),
    (Method::Post, "/<lang>/office/invitation/<token>", "/fr/office/invitation/x", Everybody),
    (Method::Get, "/<lang>/office/account", "/fr/office/account", Anybody),
    (Method::Post, "/<lang>/office/account/name", "/fr/office/account/name", Anybody),
    (Method::Post, "/<lang>/office/account/password", "/fr/office/account/password", Anybody),
    (
        Method::Post,
        "/<lang>/office/account/sessions/<id>/end",
        "/fr/office/account/sessions/{id}/end",
        Anybody,
    ),
    (
        Method::Post,
        "/<lang>/office/account/sessions/end-others",
        "/fr/office/account/sessions/end-others",
        Anybody,
    ),
    (Method::Get, "/<lang>/office/account/second-step", "/fr/office/account/second-step", Anybody),
    (Method::Post, "/<lang>/office/account/second-step", "/fr/office/account/second-step", Anybody),
    (
        Method::Get,
        "/<lang>/office/account/second-step/picture.svg",
        "/fr/office/account/second-step/picture.svg",
        Anybody,
    ),
    (
        Method::Post,
        "/<lang>/office/account/second-step/confirmation",
        "/fr/office/account/second-step/confirmation",
        Anybody,
    ),
    (
        Method::Post,
        "/<lang>/office/account/second-step/codes",
        "/fr/office/account/second-step/codes",
        Anybody,
    ),
    (
        Method::Post,
        "/<lang>/office/account/second-step/removal",
        "/fr/office/account/second-step/removal",
        Anybody,
    ),
    (Method::Get, "/<lang>/office/users", "/fr/office/users", With(Right::ManageUsers)),
    (Method::Post, "/<lang>/office/users", "/fr/office/users", With(Right::ManageUsers)),
    (Method::Get, "/<lang>/office/users/<id>", "/fr/office/users/{id}", With(Right::ManageUsers)),
    (Method::Post, "/<lang>/office/users/<id>/role", "/fr/office/users/{id}/role", With(Right::ManageUsers)),
    (
        Method::Post,
        "/<lang>/office/users/<id>/organisations",
        "/fr/office/users/{id}/organisations",
        With(Right::ManageUsers),
    ),
    (
        Method::Post,
        "/<lang>/office/users/<id>/invitation",
        "/fr/office/users/{id}/invitation",
        With(Right::ManageUsers),
    ),
    (
        Method::Post,
        "/<lang>/office/users/<id>/second-step-removal",
        "/fr/office/users/{id}/second-step-removal",
        With(Right::ManageUsers),
    ),
    (
        Method::Post,
        "/<lang>/office/users/<id>/disabling",
        "/fr/office/users/{id}/disabling",
        With(Right::ManageUsers),
    ),
    (
        Method::Post,
        "/<lang>/office/users/<id>/enabling",
        "/fr/office/users/{id}/enabling",
        With(Right::ManageUsers),
    ),
    (
        Method::Post,
        "/<lang>/office/users/figures-links",
        "/fr/office/users/figures-links",
        With(Right::ManageUsers),
    ),
    (
        Method::Post,
        "/<lang>/office/users/figures-links/<id>/revocation",
        "/fr/office/users/figures-links/{id}/revocation",
        With(Right::ManageUsers),
    ),
    (Method::Post, "/<lang>/office/sign-out", "/fr/office/sign-out", Anybody),
    (Method::Get, "/<lang>/office", "/fr/office", Anybody),
    (Method::Get, "/<lang>/office/<slug>", "/fr/office/{p}", Anybody),
];

/// An id that nothing has.
const NOTHING: &str = "0190a000-0000-7000-8000-000000000000";

/// The roles that people have, and what a route says to each; beneath, what it says to who is not signed in.
const ROLES: [Role; 5] = Role::OF_PEOPLE;

async fn start() -> App {
    let app = App::given(TestDb::sqlite().await).await;
    app.publish(&miso(vec![session("s-0", 3)])).await;
    app
}

fn fill(address: &str) -> String {
    address.replace("{p}", "miso").replace("{s}", "s-0").replace("{id}", NOTHING)
}

#[tokio::test]
async fn each_route_of_the_office_is_in_the_table() {
    let app = start().await;
    let is_office = |path: &str| path == "/<lang>/office" || path.starts_with("/<lang>/office/");
    let routes = app.client.rocket().routes().filter(|route| is_office(route.uri.path()));
    let routes: BTreeSet<_> = routes.map(|route| format!("{} {}", route.method, route.uri)).collect();
    let table: BTreeSet<_> = TABLE.iter().map(|(method, route, ..)| format!("{method} {route}")).collect();

    assert_eq!(table, routes, "the table, the application");
}

fn is_for(whom: For, role: Role) -> bool {
    match whom {
        Everybody | Anybody => true,
        With(right) => may(role, right),
    }
}

#[test]
fn a_line_with_a_right_is_for_the_roles_that_have_it() {
    let roles = ROLES.map(|role| is_for(With(Right::MarkAttendance), role));

    assert_eq!(roles, [true, true, false, true, false], "{ROLES:?}");
}

/// Everything that an address can say of who asks.
fn opens(page: &Page) -> Result<bool, String> {
    match page.status.code {
        303 if page.location().contains("/office/sign-in?next=") => Ok(false),
        303 if page.location().ends_with("/office/sign-in") => Ok(false),
        401 | 403 => Ok(false),
        code if code < 500 => Ok(true),
        code => Err(format!("answers {code}")),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_route_opens_to_each_role_that_may_and_to_no_other() {
    let app = start().await;
    let mut wrong = Vec::new();
    for (method, route, address, whom) in TABLE {
        let path = fill(address);
        for role in ROLES {
            // Afresh each time: the one before may have signed out.
            let member = app.signed_in(role).await;
            let page = match method {
                Method::Get => member.get(&path).await,
                Method::Post => member.post(&path, &[]).await,
                other => panic!("{other}: the office has GET and POST"),
            };
            let expected = is_for(*whom, role);
            if opens(&page) != Ok(expected) {
                wrong.push(format!(
                    "{method} {route} as {}: {} {}",
                    role.code(),
                    page.status,
                    page.location()
                ));
            }
            let is_forbidden = page.status == Status::Forbidden;
            if !expected && !is_forbidden {
                wrong.push(format!("{method} {route} as {}: {} and not 403", role.code(), page.status));
            }
        }
        let stranger = match method {
            Method::Get => app.get(&path).await,
            _ => app.post(&path, &[]).await,
        };
        if opens(&stranger) != Ok(*whom == Everybody) {
            wrong.push(format!("{method} {route} as nobody: {} {}", stranger.status, stranger.location()));
        }
        // Another site's page cannot send it, whoever is signed in.
        if *method == Method::Post {
            let owner = app.signed_in(Role::Owner).await;
            let cross = app.client.post(path.clone()).header(rocket::http::ContentType::Form);
            let cross = cross.cookie((OFFICE_COOKIE, owner.token.clone()));
            let cross = cross.header(rocket::http::Header::new("Sec-Fetch-Site", "cross-site"));
            let answer = cross.dispatch().await.status();
            if answer != Status::Forbidden {
                wrong.push(format!("{method} {route} from another site: {answer}"));
            }
        }
    }

    assert_eq!(wrong, Vec::<String>::new());
}
