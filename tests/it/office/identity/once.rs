//! What opens the office once, used by several at the same moment: one of them is in, and the others are told that it is
//! used.

use futures_util::future::{join, join_all};
use parvis::{
    audit::{self, store::Filter},
    identity::{Role, store, totp},
};
use rocket::http::Status;

use super::{Browser, PASSWORD, hired, mailed, set_cookies, settled};
use crate::{
    harness::{App, OFFICE_COOKIE, Page},
    html::Found,
};

/// How many come at the same moment.
const AT_ONCE: usize = 3;

/// All of them send the form behind that link: how many are let in. Nobody else is given anything.
pub async fn let_in(app: &App, link: &str, fields: &[(&str, &str)]) -> usize {
    let pages = join_all((0..AT_ONCE).map(|_| app.post(link, fields))).await;
    let is_in = |page: &&Page| {
        let has_cookie = set_cookies(page).iter().any(|line| line.starts_with(OFFICE_COOKIE));
        match page.status {
            Status::SeeOther => assert!(has_cookie, "{page:?}"),
            status => assert_eq!((status, has_cookie), (Status::NotFound, false), "{page:?}"),
        }
        page.status == Status::SeeOther
    };
    pages.iter().filter(is_in).count()
}

/// How many sessions this person has.
async fn sessions(app: &App, email: &str) -> usize {
    let mut db = app.pool.acquire().await.unwrap();
    let id = store::by_email(&mut db, email).await.unwrap().unwrap().id;
    store::sessions::of(&mut db, id).await.unwrap().len()
}

on_both_engines! {
    async fn an_invitation_lets_one_in(app: App) {
        let owner = app.signed_in(Role::Owner).await;
        owner.post("/fr/office/users", &[("email", "lou@example.org"), ("role", "desk")]).await;
        let link = mailed(&app, "lou@example.org").await;

        let inside = let_in(&app, &link, &[("name", "Lou"), ("password", PASSWORD), ("again", PASSWORD)]).await;

        assert_eq!((inside, sessions(&app, "lou@example.org").await), (1, 1));
        let mut db = app.pool.acquire().await.unwrap();
        let chosen = Filter { action: Some("user.password".to_owned()), ..Filter::default() };
        assert_eq!(audit::store::lines(&mut db, &chosen, 9).await.unwrap().len(), 1, "one password was chosen");
    }

    async fn a_link_to_a_new_password_lets_one_in(app: App) {
        hired(&app, "ana@example.org", Role::Editor).await;
        app.post("/fr/office/password", &[("email", "ana@example.org")]).await;
        settled(&app, "ana@example.org", 1).await;
        let link = mailed(&app, "ana@example.org").await;
        let new = "agrafe batterie cheval";

        let inside = let_in(&app, &link, &[("password", new), ("again", new)]).await;

        assert_eq!((inside, sessions(&app, "ana@example.org").await), (1, 1));
    }

    async fn a_mailed_link_lets_one_in(app: App) {
        hired(&app, "lou@example.org", Role::Partner).await;
        app.post("/fr/office/mailed-link", &[("email", "lou@example.org")]).await;
        settled(&app, "lou@example.org", 1).await;
        let link = mailed(&app, "lou@example.org").await;

        assert_eq!(let_in(&app, &link, &[]).await, 1);
        assert_eq!(sessions(&app, "lou@example.org").await, 1);
    }

    async fn a_code_from_paper_lets_one_in_whoever_else_types_it(app: App) {
        hired(&app, "ana@example.org", Role::Owner).await;
        let mut ana = Browser::new(&app);
        ana.sign_in("ana@example.org", PASSWORD).await;
        let home = "/fr/office/account/second-step";
        ana.post(home, &[]).await;
        let secret = Found::on(&ana.get(home).await.body).text("code.secret").replace(' ', "");
        let code = totp::code(&secret, app.now()).unwrap();
        let page = ana.post(&format!("{home}/confirmation"), &[("code", &code)]).await;
        let codes = Found::on(&page.body).texts(".codes code");
        let paper = codes[0].as_str();
        let before = sessions(&app, "ana@example.org").await;
        let (mut one, mut other) = (Browser::new(&app), Browser::new(&app));
        for browser in [&mut one, &mut other] {
            assert_eq!(browser.sign_in("ana@example.org", PASSWORD).await.location(), "/fr/office/sign-in/code");
        }

        let fields = [("code", paper)];
        let path = "/fr/office/sign-in/code";
        let (first, second) = join(one.post(path, &fields), other.post(path, &fields)).await;

        let mut answers = [first.status, second.status];
        answers.sort_by_key(|status| status.code);
        assert_eq!(answers, [Status::SeeOther, Status::UnprocessableEntity]);
        assert!(one.is_in().await != other.is_in().await, "one of them");
        assert_eq!(sessions(&app, "ana@example.org").await, before + 1);
    }
}
