//! `parvis session set`: what is live beside the release, changed at once, and the draft with it.

use clap::{Args, Subcommand};

use super::{Outcome, open_house, unknown_among, unknown_programme};
use crate::{
    audit::{self, Actor, Entry},
    programme::{self, import::live},
    publication,
};

#[derive(Subcommand)]
pub(super) enum Session {
    /// Change capacity, held seats, registration, its times, or the join address.
    Set(Set),
}

#[derive(Args)]
pub(super) struct Set {
    /// The programme's slug.
    slug: String,
    /// The session's slug.
    session: String,
    /// `capacity=80`, `held=partner:5|press:2`, `registration=closed`, `opens=2027-04-01T09:00`, `opens=-7d`,
    /// `closes=-2h` (days `d`, hours `h`, minutes `m` before the start),
    /// `queue=offer`, `join_url=https://…`; an empty value clears.
    #[arg(required = true, value_name = "KEY=VALUE")]
    values: Vec<String>,
}

impl Session {
    pub(super) async fn run(self) -> Outcome {
        match self {
            Session::Set(set) => set.run().await,
        }
    }
}

impl Set {
    async fn run(self) -> Outcome {
        let house = open_house().await?;
        let now = house.clock.now();
        let mut tx = house.pool.begin().await?;
        if programme::store::lock(&mut tx, &self.slug).await?.is_none() {
            return Err(unknown_programme(&self.slug).into());
        }
        let (id, mut draft) = programme::store::load(&mut tx, &self.slug)
            .await?
            .ok_or_else(|| unknown_programme(&self.slug))?;
        let Some(at) = draft.sessions.iter().position(|session| session.session.slug == self.session) else {
            let what = format!("`{}` has no session `{}`", self.slug, self.session);
            let sessions = draft.sessions.iter().map(|session| session.session.slug.as_str());
            return Err(unknown_among(what, sessions).into());
        };
        let before = draft.sessions[at].live.clone();
        let (mut keys, mut problems) = (Vec::new(), Vec::new());
        for value in &self.values {
            let changed = value
                .split_once('=')
                .ok_or_else(|| format!("`{value}`: write KEY=VALUE"))
                .and_then(|(key, value)| live::set(&mut draft.sessions[at].live, key, value));
            match changed {
                Ok(key) => keys.push(key),
                Err(problem) => problems.push(problem),
            }
        }
        if keys.iter().any(|key| matches!(key, live::Key::Opens | live::Key::Closes)) {
            problems.extend(live::check_times(&draft.sessions[at], &draft.programme).err());
        }
        if !problems.is_empty() {
            return Err(problems.join("\n").into());
        }
        programme::store::save_session(&mut tx, id, &draft.sessions[at], now).await?;
        let seats = publication::set_keys_in(&mut tx, &house, id, &draft.sessions[at], &keys, now).await?;
        if let Some((before, after)) = audit::differing(&before, &draft.sessions[at].live) {
            let subject = audit::subject("session", &self.session);
            let entry = Entry::new(&house.tokens, now, Actor::Command, "session.live", subject);
            audit::record(&mut tx, &entry.of(id).facts(before, after)).await?;
        }
        tx.commit().await?;
        match seats.first() {
            Some(seat) => println!(
                "capacity {}, held {}, taken {}, waiting {}",
                seat.capacity.map_or("unlimited".to_owned(), |capacity| capacity.to_string()),
                seat.held,
                seat.taken,
                seat.waiting
            ),
            None => println!("in the draft; in force with the next release"),
        }
        Ok(())
    }
}
