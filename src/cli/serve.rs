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
    world::World,
};

pub(super) async fn run() -> Outcome {
    let figment = config::figment()
        // We listen to signals ourselves: see `end_at_a_signal`.
        .merge(("shutdown.ctrlc", false))
        .merge(("shutdown.signals", Vec::<String>::new()));
    let settings = Settings::extract(&figment)?;
    let sender = crate::sender(&settings)?;
    let mailer = Mailer::open(&settings.mail.url, sender.host())?;
    let world = World { clock: Clock::system(), tokens: Tokens::random(), mailer };
    let rocket = crate::rocket(figment, world).map_err(|cause| cause.to_string())?;
    let rocket = rocket.ignite().await.map_err(|cause| said(&cause))?;
    log::info!("{} listens on {}:{}", settings.base_url, rocket.config().address, rocket.config().port);
    if let Some(db) = Db::fetch(&rocket) {
        tokio::spawn(end_at_a_signal(Pool::clone(db), rocket.shutdown()));
    }
    rocket.launch().await.map_err(|cause| said(&cause))?;
    Ok(())
}

/// Ends as DESIGN.md section 2 says. From its own signal on Rocket takes no new connection while the desk
/// answers and the worker finishes: visitors would hear nothing, and `/readyz` could not say why. So it is told
/// only then; until then newcomers are answered, a form with 503. A second signal does not wait.
async fn end_at_a_signal(pool: Pool, shutdown: Shutdown) {
    signal().await;
    log::info!("shutting down");
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
