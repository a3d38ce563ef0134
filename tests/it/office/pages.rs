//! Each list of the office asks the database as often for three things as for one.

use parvis::identity::Role;

use super::{import, press::release};
use crate::{
    builders::{miso, on_day, session},
    harness::{App, Member},
};

/// Each page that lists things of which there can be many.
const LISTS: [&str; 32] = [
    "/fr/office",
    "/fr/office/account",
    "/fr/office/users",
    "/fr/office/mails",
    "/fr/office/log",
    "/fr/office/log.csv",
    "/fr/office/miso/sessions",
    "/fr/office/miso/weeks",
    "/fr/office/miso/themes",
    "/fr/office/miso/places",
    "/fr/office/miso/organisations",
    "/fr/office/miso/press",
    "/fr/office/miso/registrations?show=all",
    "/fr/office/miso/registrations/s-0",
    "/fr/office/miso/registrations/s-0/access-needs",
    "/fr/office/miso/registrations/s-0/registrations.csv",
    "/fr/office/miso/people",
    "/fr/office/miso/people/to-call",
    "/fr/office/miso/people/new",
    "/fr/office/miso/proposals",
    "/fr/office/miso/proposals/partners",
    "/fr/office/miso/figures",
    "/fr/office/miso/publish",
    "/fr/office/miso/releases",
    "/fr/office/miso/mails",
    "/fr/office/miso/mails/messages",
    "/fr/office/miso/mails/texts",
    "/fr/office/miso/door",
    "/fr/office/miso/door/s-0",
    "/fr/office/miso/import",
    "/fr/office/miso/log",
    "/fr/office/miso/export/registrations.csv",
];

async fn statements(member: &Member<'_>) -> Vec<(&'static str, u64)> {
    let mut all = Vec::new();
    for path in LISTS {
        all.push((path, member.statements(path).await));
    }
    all
}

/// A session on its own day, with a person in it and one who waits; somebody of the team; a message.
async fn one_more(app: &App, owner: &Member<'_>, at: i64) {
    let sessions = (0..=at).map(|n| on_day(session(&format!("s-{n}"), 1), n)).collect();
    let mut draft = miso(sessions);
    draft.press = (0..=at).map(|n| release(&format!("annonce-{n}"), "fr")).collect();
    for n in 1..=at {
        let mut theme = draft.themes[0].clone();
        theme.slug = format!("theme-{n}");
        let mut place = draft.places[0].clone();
        place.slug = format!("lieu-{n}");
        let mut organisation = draft.organisations[0].clone();
        organisation.slug = format!("organisation-{n}");
        draft.themes.push(theme);
        draft.places.push(place);
        draft.organisations.push(organisation);
    }
    app.publish(&draft).await;
    let slug = format!("s-{at}");
    app.register(&format!("a{at}@example.org"), &["s-0", &slug]).await;
    app.register(&format!("b{at}@example.org"), &["s-0", &slug]).await;
    let user = format!("press{at}@example.org");
    owner.post("/fr/office/users", &[("email", &user), ("role", "press")]).await;
    let message = [
        ("key", slug.as_str()),
        ("about", "programme"),
        ("to", "both"),
        ("subject_fr", "Note"),
        ("text_fr", "Bonjour"),
    ];
    owner.post("/fr/office/miso/mails/messages", &message).await;
    let text = ["confirmed", "waiting", "reminder"][usize::try_from(at).unwrap()];
    owner.post(&format!("/fr/office/miso/mails/texts/{text}"), &[("intro_fr", "Bravo {name}")]).await;
    let file = format!("slug,Titre,Jour\ns-{at},Autre,2027-04-20\n");
    import::send(owner, "/fr/office/miso/import", &format!("table-{at}.csv"), file.as_bytes()).await;
    // Another device of theirs.
    app.signed_in(Role::Owner).await;
    app.deliver().await;
}

on_both_engines! {
    async fn each_list_asks_as_often_for_three_things_as_for_one(app: App) {
        let owner = app.signed_in(Role::Owner).await;
        one_more(&app, &owner, 0).await;
        let one = statements(&owner).await;

        one_more(&app, &owner, 1).await;
        one_more(&app, &owner, 2).await;

        assert_eq!(statements(&owner).await, one);
    }
}
