//! `parvis serve`: the server.

use rocket::Shutdown;
use rocket_db_pools::Database as _;

use super::Outcome;
use crate::{
    clock::Clock,
    config::{self, Settings},
    db::{Db, Pool},
    mail::transport::Mailer,
    tokens::Tokens,
    web::health::DISK_REFUSES,
    world::World,
};

pub(super) async fn run() -> Outcome {
    let figment = config::figment()
        // We listen to signals ourselves: see `end_in_order`.
        .merge(("shutdown.ctrlc", false))
        .merge(("shutdown.signals", Vec::<String>::new()));
    let settings = Settings::extract(&figment)?;
    let sender = crate::sender(&settings)?;
    let mailer = Mailer::open(&settings.mail.url, sender.host())?;
    let world = World { clock: Clock::system(), tokens: Tokens::random(), mailer };
    let rocket = crate::rocket(figment, world).map_err(|cause| cause.to_string())?;
    let rocket = rocket.ignite().await.map_err(|cause| said(&cause))?;
    log::info!("{} listens on {}:{}", settings.base_url, rocket.config().address, rocket.config().port);
    let pool = Db::fetch(&rocket).map(|db| Pool::clone(db));
    if let Some(pool) = &pool {
        tokio::spawn(end_in_order(pool.clone(), rocket.shutdown()));
    }
    rocket.launch().await.map_err(|cause| said(&cause))?;
    // A service manager starts again what has failed, and only a start reads the disk again.
    if pool.is_some_and(|pool| pool.is_broken()) { Err(DISK_REFUSES.into()) } else { Ok(()) }
}

/// Ends as DESIGN.md section 2 says. From its own signal on Rocket takes no new connection while the desk
/// answers and the worker finishes: visitors would hear nothing, and `/readyz` could not say why. So it is told
/// only then; until then newcomers are answered, a form with 503. A second signal does not wait.
///
/// A disk that has refused to keep something ends the process as a signal does.
async fn end_in_order(pool: Pool, shutdown: Shutdown) {
    tokio::select! {
        () = signal() => log::info!("shutting down"),
        () = pool.breaks() => log::error!("{DISK_REFUSES}"),
    }
    tokio::select! {
        () = pool.finish() => {}
        () = signal() => {}
    }
    shutdown.notify();
}

/// SIGTERM, as service managers say it, or Ctrl-C.
async fn signal() {
    #[cfg(unix)]
    let told = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signals) => {
                signals.recv().await;
            }
            Err(cause) => {
                log::warn!("SIGTERM cannot be listened to: {cause}");
                std::future::pending::<()>().await;
            }
        }
    };
    #[cfg(not(unix))]
    let told = std::future::pending::<()>();
    tokio::select! {
        () = told => {}
        heard = tokio::signal::ctrl_c() => if let Err(cause) = heard {
            log::warn!("Ctrl-C cannot be listened to: {cause}");
            std::future::pending::<()>().await;
        }
    }
}

/// Rocket's error panics when it is dropped unread; its sentence is enough.
pub(super) fn said(cause: &rocket::Error) -> String {
    cause.kind().to_string()
}
