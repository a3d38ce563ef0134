//! Many people: so many in one session, and as many in the team. Straight through the domain, as forms would take a
//! minute.

use parvis::{
    audit::Actor,
    identity::{self, Role, Staff},
    locale::Lang,
    registration::{
        Answer, Cause, Order, Request,
        contact::{Code, Contact, Phone},
        desk,
        person::{Email, Name},
    },
    tokens::Tokens,
};

use crate::{
    harness::{App, Member},
    html::Found,
};

/// Which of so many sessions they are in: one without a limit, where there are enough of each sort.
pub fn session(count: usize) -> String {
    format!("s-{}", (count - 1).min(9))
}

/// So many people register for it, and as many are invited into the team.
pub async fn come(app: &App, session: &str, count: usize) {
    let published = app.house().publications.current("miso").unwrap();
    let session = published.session(session).unwrap().id;
    let orders: Vec<_> =
        (0..count).map(|at| Request::Register(order(app, published.id, session, at))).collect();
    let answers = desk::work(app.house(), &orders).await.unwrap();
    assert!(answers.iter().all(|answer| matches!(answer, Answer::Ordered(_))), "{answers:?}");

    let mut tx = app.pool.begin().await.unwrap();
    for at in 0..count {
        let staff = Staff {
            id: app.tokens.id(app.now()),
            email: format!("equipe-{at}@example.org"),
            name: if at % 3 == 0 { String::new() } else { format!("Équipe {at} <b>") },
            lang: Lang::ALL[at % Lang::ALL.len()],
            role: [Role::Editor, Role::Desk, Role::Press][at % 3],
            organisations: Vec::new(),
        };
        let invited = identity::people::invite(&mut tx, app.house(), Actor::Command, &staff, app.now()).await;
        assert!(invited.unwrap().is_some());
    }
    tx.commit().await.unwrap();
}

/// Some have no address, some a name without end, some need something.
fn order(app: &App, programme: uuid::Uuid, session: uuid::Uuid, at: usize) -> Order {
    let contact = if at % 8 == 7 {
        let code = Code::fresh(&Tokens::seeded(u64::try_from(at).unwrap()));
        Contact::Code { code, phone: Phone::parse("022 123 45 67").unwrap() }
    } else {
        Contact::Email(Email::parse(&format!("personne-{at}@example.org")).unwrap())
    };
    Order {
        programme,
        key: app.tokens.fresh(),
        contact,
        name: Name::parse(&format!("Personne {at} {}", "Exemple-".repeat(at % 12))).unwrap(),
        people: 1,
        organisation: if at % 4 == 1 { "L’Atelier <i>".to_owned() } else { String::new() },
        access_needs: if at % 5 == 2 { "Une chaise,\nprès de la porte".to_owned() } else { String::new() },
        lang: Lang::ALL[at % Lang::ALL.len()],
        sessions: vec![session],
        cause: Cause::Organiser,
        held: None,
    }
}

/// The lists of people are as long as they become, in each language.
pub async fn is_so(app: &App, count: usize) {
    let owner = app.signed_in(Role::Owner).await;
    for lang in Lang::ALL {
        let office = format!("/{}/office", lang.code());
        // A page of a long list holds fifty.
        for (path, rows) in [
            (format!("{office}/users"), count),
            (format!("{office}/mails"), 50),
            (format!("{office}/miso/people"), 50),
            (format!("{office}/miso/registrations/{}", session(count)), 50),
            (format!("{office}/miso/registrations/{}/access-needs", session(count)), count / 5),
        ] {
            assert!(rows_of(&owner, &path).await >= rows, "{path}: fewer than {rows}");
        }
    }
}

async fn rows_of(owner: &Member<'_>, path: &str) -> usize {
    Found::on(&owner.get(path).await.body).count("main tbody tr")
}
