//! What somebody who works here too cannot do to another's account; and how many strangers one network may try.

use std::net::SocketAddr;

use parvis::identity::Role;
use rocket::http::{ContentType, Header, Status};

use super::{Browser, PASSWORD, hired};
use crate::{
    harness::{self, App, Page},
    html::Found,
};

/// A first attempt with that address, from there, as a proxy in front of nothing might say.
async fn tries(app: &App, from: &str, forwarded: &str, email: &str, password: &str) -> Page {
    let body = crate::http::form(&[("email", email), ("password", password)]);
    let request = app.client.post("/fr/office/sign-in").header(ContentType::Form).body(body);
    let request = request.header(Header::new("Sec-Fetch-Site", "same-origin"));
    let request = request.header(Header::new("X-Forwarded-For", forwarded.to_owned()));
    let from: SocketAddr = from.parse().unwrap();
    harness::page(request.remote(from).dispatch().await).await
}

on_both_engines! {
    async fn nobody_ends_a_session_of_somebody_else(app: App) {
        hired(&app, "ana@example.org", Role::Editor).await;
        hired(&app, "bo@example.org", Role::Owner).await;
        let (mut ana, mut phone, mut bo) = (Browser::new(&app), Browser::new(&app), Browser::new(&app));
        for browser in [&mut ana, &mut phone] {
            browser.sign_in("ana@example.org", PASSWORD).await;
        }
        bo.sign_in("bo@example.org", PASSWORD).await;
        let account = Found::on(&ana.get("/fr/office/account").await.body);
        let ends = account.attributes("form[action*='/sessions/'][action$='/end']", "action").remove(0);

        let answer = bo.post(&ends, &[]).await;

        assert_eq!(answer.location(), "/fr/office/account?done=ended", "as for one that has ended");
        assert!(phone.is_in().await && ana.is_in().await && bo.is_in().await);
        ana.post(&ends, &[]).await;
        assert!(!phone.is_in().await && ana.is_in().await, "it was that one");
    }

    async fn one_network_tries_so_many_addresses_and_then_waits_whatever_it_says_of_itself(app: App) {
        hired(&app, "ana@example.org", Role::Editor).await;
        // Each address is tried once: none of them is what makes it wait.
        for n in 0..41 {
            let guess = tries(&app, &format!("192.0.2.7:{}", 4_000 + n), &format!("198.51.100.{n}"), &format!("n{n}@example.org"), "guess").await;
            assert_eq!(guess.status, Status::UnprocessableEntity, "{n}");
        }

        for (forwarded, email) in [("198.51.100.99", "n99@example.org"), ("203.0.113.1, 10.0.0.1", "ana@example.org"), ("192.0.2.8", "x")] {
            let slow = tries(&app, "192.0.2.7:4711", forwarded, email, PASSWORD).await;
            assert_eq!(slow.status, Status::TooManyRequests, "{forwarded}");
            assert!((1..=6).contains(&slow.header("retry-after").parse::<u32>().unwrap()), "{slow:?}");
        }

        let elsewhere = tries(&app, "192.0.2.8:4711", "192.0.2.7", "ana@example.org", PASSWORD).await;
        assert_eq!((elsewhere.status, elsewhere.location()), (Status::SeeOther, "/fr/office"), "others are let in");
        app.pass(chrono::TimeDelta::seconds(6));
        let later = tries(&app, "192.0.2.7:4711", "", "ana@example.org", PASSWORD).await;
        assert_eq!(later.status, Status::SeeOther, "and so are these, later");
    }
}
