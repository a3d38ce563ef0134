//! `parvis demo`: a month of sessions in the weeks ahead, in a database that is thrown away.

mod mailbox;
mod people;
mod proposed;
mod seed;
mod team;

use clap::Args;

use super::{Outcome, serve::said};
use crate::{
    clock::Clock,
    db::{Durability, Pool},
    mail::transport::Mailer,
    programme::{self, Draft},
    publication,
    registration::{desk::House, seats::SeatBoard},
    release::published::Publications,
    tokens::Tokens,
    world::World,
};

/// Connections that fill the demo.
const CONNECTIONS: u32 = 2;

#[derive(Args)]
pub(super) struct Demo {
    /// The port to listen on.
    #[arg(long, default_value_t = 8000)]
    port: u16,
}

impl Demo {
    pub(super) async fn run(self) -> Outcome {
        let folder = tempfile::tempdir()?;
        let url = format!("sqlite://{}", folder.path().join("demo.db").display());
        let base_url = format!("http://localhost:{}", self.port);
        let figment = crate::config::figment()
            .merge(("port", self.port))
            .merge(("databases.main.url", &url))
            .merge(("databases.main.synchronous", "off"))
            .merge(("parvis.base_url", &base_url));
        let passwords = fill(&url, &Clock::system()).await?;

        let world = World { clock: Clock::system(), tokens: Tokens::random(), mailer: Mailer::memory() };
        let rocket = crate::rocket(figment, world).map_err(|cause| cause.to_string())?;
        let rocket = rocket.mount("/", mailbox::routes());
        let rocket = rocket.ignite().await.map_err(|cause| said(&cause))?;
        eprintln!(
            "The demo: {base_url}/fr/miso   its mails: {base_url}/demo/mails   (Ctrl-C ends it and leaves nothing)"
        );
        let people =
            [("who runs it", team::EMAIL, passwords.owner), ("a partner", team::PARTNER, passwords.partner)];
        for (who, address, password) in people {
            eprintln!("Its office, {who}: {base_url}/fr/office   address: {address}   password: {password}");
        }
        rocket.launch().await.map_err(|cause| said(&cause))?;
        Ok(())
    }
}

/// What lets into the demo's office.
struct Passwords {
    owner: String,
    partner: String,
}

/// Publishes the programme twice, days apart, and registers people; then a partner proposes two sessions, and the draft
/// is changed, so that there is something to publish. Gives the passwords of the office.
async fn fill(url: &str, clock: &Clock) -> Result<Passwords, Box<dyn std::error::Error + Send + Sync>> {
    let pool = Pool::open(url, CONNECTIONS, Durability::Off).await?;
    let tokens = Tokens::random();
    let now = clock.now();
    let draft = seed::read(now, &mut || tokens.id(now))?;
    let id = tokens.id(now);
    for (edition, days_ago, note) in [
        (seed::first_edition(&draft), 9, ""),
        (draft.clone(), 1, "De nouvelles sessions rejoignent le programme, et quelques horaires bougent."),
    ] {
        let then = Clock::from_fn(move || now - chrono::TimeDelta::days(days_ago));
        let house = open(pool.clone(), then, tokens.clone()).await?;
        save(&house, &edition, id).await?;
        publication::publish(&house, &draft.programme.slug, note).await?;
        if days_ago == 1 {
            people::register(&house, id, &edition).await?;
        }
    }
    let house = open(pool.clone(), clock.clone(), tokens).await?;
    let owner = team::hire(&house).await?;
    let partner = proposed::fill(&house, id, &draft).await?;
    pool.close().await;
    Ok(Passwords { owner, partner })
}

async fn open(pool: Pool, clock: Clock, tokens: Tokens) -> crate::error::Result<House> {
    House::open(pool, clock, tokens, None, Publications::default(), SeatBoard::default()).await
}

async fn save(house: &House, draft: &Draft, id: uuid::Uuid) -> crate::error::Result<()> {
    let mut tx = house.pool.begin().await?;
    programme::store::save(&mut tx, draft, id, house.clock.now()).await?;
    Ok(tx.commit().await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        identity::{self, password::Hasher},
        proposals::{
            State,
            store::list::{self, Whose},
        },
    };

    #[tokio::test]
    async fn its_office_lets_two_people_in_and_has_two_proposals_and_changes_to_publish() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("demo.db").display());
        let passwords = fill(&url, &Clock::system()).await.unwrap();

        let pool = Pool::open(&url, CONNECTIONS, Durability::Off).await.unwrap();
        let house = open(pool.clone(), Clock::system(), Tokens::random()).await.unwrap();
        let mut db = pool.acquire().await.unwrap();
        for (address, password) in [(team::EMAIL, &passwords.owner), (team::PARTNER, &passwords.partner)] {
            let row = identity::store::by_email(&mut db, address).await.unwrap().unwrap();
            assert!(Hasher::default().holds(password, row.password.as_deref()).await.unwrap(), "{address}");
        }
        let miso = programme::store::id_of(&mut db, "miso").await.unwrap().unwrap();
        assert_eq!(list::counts(&mut db, miso, Whose::Team).await.unwrap(), [(State::Sent, 2)]);
        drop(db);
        assert!(!publication::preview::preview(&house, "miso").await.unwrap().is_nothing());
        pool.close().await;
    }
}
