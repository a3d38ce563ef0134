//! `parvis serve`: the server.

use super::{DATABASE_DEFAULT, Outcome, figment};
use crate::{
    clock::Clock,
    config::Settings,
    mail::{render::Sender, transport::Mailer},
    tokens::Tokens,
    world::World,
};

pub(super) async fn run() -> Outcome {
    // A default under what Rocket.toml says: a single binary in an empty folder starts.
    let figment = rocket::figment::Figment::from(("databases.main.url", DATABASE_DEFAULT)).merge(figment());
    let settings = Settings::extract(&figment)?;
    let sender = Sender::new(&settings.mail.from, &settings.base_url)?;
    let mailer = Mailer::open(&settings.mail.url, sender.host())?;
    let world = World { clock: Clock::system(), tokens: Tokens::random(), mailer };
    let rocket = crate::rocket(figment, world).map_err(|cause| cause.to_string())?;
    let rocket = rocket.ignite().await.map_err(|cause| said(&cause))?;
    log::info!("{} listens on {}:{}", settings.base_url, rocket.config().address, rocket.config().port);
    rocket.launch().await.map_err(|cause| said(&cause))?;
    Ok(())
}

/// Rocket's error panics when it is dropped unread; its sentence is enough.
pub(super) fn said(cause: &rocket::Error) -> String {
    cause.kind().to_string()
}
