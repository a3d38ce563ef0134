//! Pages of proposals: so many of them, one that changes a session, with a picture, a document and things said; as the
//! team sees them, and as a partner does.

use std::collections::BTreeMap;

use parvis::{
    identity::{Role, joining},
    locale::Lang,
    registration::person::Email,
};
use rocket::http::Status;

use crate::{
    harness::{App, Page},
    office::proposals::{PDF, asked, called, jpeg, upload},
};

/// What a partner sees otherwise than the team.
pub const OF_PARTNERS: &[&str] = &[
    "/{lang}/office/miso/proposals",
    "/{lang}/office/miso/proposals?state=sent&done=same",
    "/{lang}/office/miso/proposals/new",
    "/{lang}/office/miso/proposals/{proposal}",
    "/{lang}/office/miso/proposals/{proposal}/edit",
    "/{lang}/office/miso/proposals/{proposal-change}",
    "/{lang}/office/miso/proposals/{proposal-change}/edit",
    "/{lang}/office/miso/proposals/sessions/{told}",
    "/{lang}/office/miso/proposals/sessions/{told}/access-needs",
    "/{lang}/office/miso/proposals/sessions/{had}/change",
];

fn id_of(page: &Page) -> String {
    assert_eq!(page.status, Status::SeeOther, "{}", page.body);
    page.location().split(['?', '#']).next().unwrap().rsplit('/').next().unwrap().to_owned()
}

/// What stands in their addresses.
pub async fn known(app: &App, count: usize) -> BTreeMap<&'static str, Vec<String>> {
    let partner = app.signed_in(Role::Partner).await;
    let owner = app.signed_in(Role::Owner).await;
    let mut known = BTreeMap::new();
    let mut all = Vec::new();
    for number in 0..count.max(1) {
        let title = format!("Proposition {number} {}", "très longue ".repeat(number % 7));
        let fields = [
            ("title", title.as_str()),
            ("date", "2027-04-20"),
            ("start", "18:30"),
            ("theme", "lab"),
            ("description", "# Un titre\n\n- un\n- deux"),
            ("access", "step-free"),
            ("act", "send"),
        ];
        all.push(id_of(&partner.post("/fr/office/miso/proposals", &fields).await));
    }
    let first = format!("/fr/office/miso/proposals/{}", all[0]);
    upload(&partner, &first, "photo d’été.jpg", &jpeg()).await;
    upload(&partner, &first, "programme.pdf", PDF).await;
    let said = "Une question\net <b>une autre</b>".to_owned() + &"long".repeat(60);
    owner.post(&format!("{first}/comments"), &[("comment", &said)]).await;
    let page = owner.get(&first).await.body;
    let files = crate::html::Found::on(&page).attributes("[src*='/files/'], [href*='/files/']", "src");
    known.insert(
        "{proposal-file}",
        files.iter().map(|file| file["/fr/office/miso/proposals/".len()..].to_owned()).collect(),
    );
    // Eighty pages of one kind are as good as a few.
    all.truncate(3);
    known.insert("{proposal}", all);
    if count > 0 {
        let form = crate::html::Found::on(
            &partner.get("/fr/office/miso/proposals/sessions/s-late/change").await.body,
        );
        let mut fields = form.fields("form.wide");
        fields.retain(|(name, _)| name != "title");
        fields.push(("title".to_owned(), "Un autre titre <i>".to_owned()));
        let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let sent = partner.post("/fr/office/miso/proposals/sessions/s-late", &fields).await;
        known.insert("{proposal-change}", vec![id_of(&sent)]);
    }
    owner.post("/fr/office/miso/proposals/partners/collectif/link", &[]).await;
    let page = owner.get("/fr/office/miso/proposals/partners").await.body;
    let links = crate::html::Found::on(&page).attributes("input.address", "value");
    let token = |link: &str| link.rsplit('/').next().unwrap().to_owned();
    let calls = [called(app, "lou.appel@example.org").await, asked(app, "lou.demande@example.org").await];
    known.insert("{call}", calls.iter().map(|link| token(link)).collect());
    let newcomer = joining::Newcomer {
        email: Email::parse("lou.arrive@example.org").unwrap(),
        name: None,
        lang: Lang::Fr,
    };
    joining::ask(app.house(), &newcomer, &token(&links[0])).await.unwrap();
    let mail = app.mails_to("lou.arrive@example.org").await.pop().unwrap().text;
    let link = mail.split_whitespace().find(|word| word.contains("/office/joining/")).unwrap();
    known.insert("{joining-answer}", vec![token(link)]);
    known.insert("{joining}", links.iter().map(|link| link.rsplit('/').next().unwrap().to_owned()).collect());
    known
}
