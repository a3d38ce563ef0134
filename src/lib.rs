//! Parvis: programmes, registrations, mails and calendars of open-innovation months, festivals and hackathons.
//!
//! `ARCHITECTURE.md` is the map. Modules stand here in groups, in reading order.

pub mod audit;

pub mod programme;
pub mod release;

pub mod registration;

pub mod news;

pub mod publication;

pub mod press;

pub mod identity;
pub mod proposals;

pub mod periodic;

pub mod office;

pub mod calendar;
pub mod certificate;
pub mod exchange;
pub mod mail;

pub mod web;

pub mod cli;
pub mod config;
pub mod world;

pub mod clock;
pub mod db;
pub mod error;
pub mod files;
pub mod locale;
pub mod markdown;
pub mod tokens;
pub mod view;

use std::{sync::Arc, time::Duration};

use rocket::{Build, Rocket, fairing::AdHoc, figment::Figment};
use rocket_db_pools::Database as _;
use tokio::sync::Notify;
use uuid::Uuid;

use config::Settings;
use db::{Db, Pool};
use mail::{crowd::Crowd, dkim::Dkim, pace::Pace, render::Sender, transport::Mailer, worker::Worker};
use registration::{
    attendance::live::Doors,
    desk::{Desk, House},
    figures,
    seats::SeatBoard,
};
use release::published::Publications;
use tokens::{LinkKey, Tokens};
use view::View;
use web::health::Vital;
use world::World;

/// How often this process looks at what the others have published and given out. With `web::cache`'s half second, a page
/// is never more than a second behind another process.
const LOOK: Duration = Duration::from_millis(400);

/// How often personal data is looked through for what is to be erased.
const FORGET: Duration = Duration::from_secs(3_600);

/// The whole application, ready to launch. The database is opened, migrated and read at ignition.
///
/// # Errors
/// A setting that cannot be used, or a template that does not parse: a sentence that names it.
pub fn rocket(figment: Figment, world: World) -> Result<Rocket<Build>, Box<dyn std::error::Error>> {
    let settings = Settings::extract(&figment)?;
    let view = View::new()?;
    let sender = sender(&settings)?;
    let World { clock, tokens, mailer } = world;
    let rocket = rocket::custom(figment)
        .manage(clock)
        .manage(tokens)
        .manage(view.clone())
        .manage(Publications::default())
        .manage(SeatBoard::default())
        .attach(Db::init())
        .attach(AdHoc::try_on_ignite("Desk", move |rocket| open_house(rocket, view, mailer, sender)));
    Ok(web::attach(rocket, settings)
        .mount("/", programme::routes::routes())
        .mount("/", release::routes::routes())
        .mount("/", press::routes::routes())
        .mount("/", calendar::routes::routes())
        .mount("/", exchange::routes::routes())
        .mount("/", registration::routes::routes())
        .mount("/", identity::routes::routes())
        .mount("/", proposals::routes::routes())
        .mount("/", office::routes())
        .register("/", office::guard::catchers())
        .manage(identity::password::Hasher::default())
        .mount("/", web::health::routes()))
}

/// Who writes mails, by these settings.
///
/// # Errors
/// A setting that cannot be used.
pub fn sender(settings: &Settings) -> Result<Sender, mail::BadSetting> {
    let mut sender = Sender::new(&settings.mail.from, &settings.base_url)?;
    if let Some(bounces) = &settings.mail.bounces {
        sender = sender.with_bounces(bounces)?;
    }
    if let Some(dkim) = &settings.mail.dkim {
        let signs = Dkim::new(&dkim.domain, &dkim.selector, &dkim.key);
        sender = sender.signed(signs.map_err(|bad| bad.of_key(dkim.key_setting))?)?;
    }
    Ok(sender)
}

/// Opens the desk, starts the mail worker and the look-out, once the database is there.
async fn open_house(
    rocket: Rocket<Build>,
    view: View,
    mailer: Mailer,
    sender: Sender,
) -> Result<Rocket<Build>, Rocket<Build>> {
    let Some(house) = house_of(&rocket).await else { return Err(rocket) };
    let retention_days = rocket.state::<Settings>().map(|settings| settings.retention_days);
    let vital = Vital::default();
    house.pool.tasks().spawn(look_out(house.clone(), vital.clone()));
    house.pool.tasks().spawn(periodic::run(house.clone()));
    house.pool.tasks().spawn(figures::run(house.clone()));
    house.pool.tasks().spawn(forget(house.clone(), retention_days));
    let doors = Doors::default();
    house.pool.tasks().spawn(doors.clone().run(house.pool.clone()));
    let desk = Desk::open(house.clone());
    let post = post(house.clone(), mailer.clone(), view, sender.clone(), vital.clone());
    Ok(rocket
        .manage(desk)
        .manage(doors)
        .manage(vital)
        .manage(house.key.clone())
        .manage(sender)
        .manage(mailer)
        .manage(house)
        .attach(post)
        .attach(shutdown()))
}

/// Starts the mail worker once the port is ours: then no other process of its name lives, and it may take back
/// what one that was killed had claimed.
fn post(house: House, mailer: Mailer, view: View, sender: Sender, vital: Vital) -> AdHoc {
    AdHoc::on_liftoff("Post", move |rocket| {
        Box::pin(async move {
            let id = worker_id(rocket.config(), &house);
            let settings = rocket.state::<Settings>();
            let pace = settings.and_then(|settings| settings.mail.per_minute).map(Pace::per_minute);
            let worker = Worker::new(house.pool.clone(), mailer, view, sender, id).paced(pace);
            let worker = worker.walking_in(house.crowd.clone());
            let running = worker.run(house.clock.clone(), Arc::clone(&house.mail));
            let at_work = vital.worker_runs();
            house.pool.tasks().spawn(async move {
                running.await;
                drop(at_work);
            });
        })
    })
}

/// The same after each start of a process that listens at the same port of the same machine.
fn worker_id(config: &rocket::Config, house: &House) -> Uuid {
    match hostname::get() {
        Ok(host) if config.port != 0 => {
            let name = format!("parvis:worker:{}:{}:{}", host.display(), config.address, config.port);
            Uuid::new_v5(&Uuid::NAMESPACE_URL, name.as_bytes())
        }
        // Tests without a socket, or a machine without a name: claims of such a process end by themselves.
        Ok(_) | Err(_) => house.tokens.id(house.clock.now()),
    }
}

/// Everything that domain functions work with, from a rocket whose database is open.
async fn house_of(rocket: &Rocket<Build>) -> Option<House> {
    let house = House::open(
        Pool::clone(Db::fetch(rocket)?),
        rocket.state::<clock::Clock>()?.clone(),
        rocket.state::<Tokens>()?.clone(),
        rocket.state::<Settings>()?.secret_key.as_deref(),
        rocket.state::<Publications>()?.clone(),
        rocket.state::<SeatBoard>()?.clone(),
    );
    let settle = rocket.state::<Settings>()?.settle;
    match house.await.map(|house| house.with_settle(settle)) {
        Ok(house) => {
            publication::refresh(&house).await.inspect_err(|cause| log::error!("{cause}")).ok().map(|_| house)
        }
        Err(cause) => {
            log::error!("{cause}");
            None
        }
    }
}

/// `/readyz` says 503 from the signal on; `Pool::close` does the rest.
fn shutdown() -> AdHoc {
    AdHoc::on_liftoff("Shutdown", |rocket| {
        Box::pin(async move {
            let Some(pool) = Db::fetch(rocket).map(|db| Pool::clone(db)) else { return };
            let signal = rocket.shutdown();
            tokio::spawn(async move {
                signal.await;
                pool.closing().cancel();
            });
        })
    })
}

async fn look_out(house: House, vital: Vital) {
    let closing = house.pool.closing().clone();
    let mut healthy = true;
    let mut known = Vec::new();
    while !closing.is_cancelled() {
        let mut look = publication::refresh(&house).await.map(|unreadable| {
            for (programme, number) in unreadable.iter().filter(|one| !known.contains(*one)) {
                log::error!("release {number} of programme {programme} cannot be read and is not shown");
            }
            known = unreadable;
        });
        if look.is_ok() {
            look = publication::read_people(&house).await;
        }
        match look {
            Ok(()) => {
                healthy = true;
                vital.looked();
            }
            Err(cause) => {
                if healthy {
                    log::error!("what is published could not be read: {cause}");
                }
                healthy = false;
            }
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            () = closing.cancelled() => {}
        }
    }
}

/// Erases personal data whose time is over, when the server starts and each hour.
async fn forget(house: House, retention_days: Option<i64>) {
    let Some(days) = retention_days else { return };
    let closing = house.pool.closing().clone();
    while !closing.is_cancelled() {
        match registration::retention::erase_due(&house, days).await {
            Ok(0) => {}
            Ok(people) => log::info!("personal data of {people} people was erased"),
            Err(cause) => log::error!("personal data could not be erased: {cause}"),
        }
        if let Err(cause) = proposals::forget::erase_due(&house, days).await {
            log::error!("who proposed could not be forgotten: {cause}");
        }
        if let Err(cause) = identity::people::tidy(&house).await {
            log::error!("sessions that are over could not be forgotten: {cause}");
        }
        tokio::select! {
            () = tokio::time::sleep(FORGET) => {}
            () = closing.cancelled() => {}
        }
    }
}

/// The key of secret links: the setting's, or the one in the database, which is made once.
fn link_key(secret: &str) -> LinkKey {
    use sha2::{Digest as _, Sha256};
    LinkKey::new(Sha256::digest(secret.as_bytes()).into())
}

impl House {
    /// Reads, or makes, the key of links. For the server and for commands alike.
    pub async fn open(
        pool: Pool,
        clock: clock::Clock,
        tokens: Tokens,
        secret_key: Option<&str>,
        publications: Publications,
        board: SeatBoard,
    ) -> error::Result<House> {
        let fresh = data_encoding::HEXLOWER.encode(&tokens.key());
        let key = match secret_key {
            Some(secret) => link_key(secret),
            None => {
                let mut db = pool.acquire().await?;
                let known = programme::store::known_setting(&mut db, "secret_key").await?;
                drop(db);
                match known {
                    Some(secret) => link_key(&secret),
                    None => {
                        let mut tx = pool.begin().await?;
                        let secret = programme::store::setting(&mut tx, "secret_key", &fresh).await?;
                        tx.commit().await?;
                        link_key(&secret)
                    }
                }
            }
        };
        let (mail, crowd) = (Arc::new(Notify::new()), Crowd::default());
        let settle = config::SETTLE_DEFAULT;
        Ok(House { pool, clock, tokens, key, publications, board, mail, crowd, settle })
    }

    /// With the setting of that name.
    #[must_use]
    pub fn with_settle(self, settle: chrono::TimeDelta) -> House {
        House { settle, ..self }
    }
}
