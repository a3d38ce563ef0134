//! Writing a changed draft: the row, what is live, the line in the log, in one transaction.

use super::Here;
use crate::{
    audit::{self, Actor, Entry, Facts},
    db::{Conn, Tx},
    error::{Error, Result},
    identity::{Staff, joining},
    programme::{self, Draft, DraftSession, Status, edit},
    publication,
    registration::seats::Seat,
};

/// A draft that nobody else can change until the transaction ends.
pub struct Held<'h, 'r> {
    here: &'h Here<'r>,
    tx: Tx,
    /// As it is now, whatever it was when the page was drawn.
    pub draft: Draft,
    seats: Vec<Seat>,
}

impl<'h, 'r> Held<'h, 'r> {
    /// Holds the draft.
    pub async fn hold(here: &'h Here<'r>) -> Result<Held<'h, 'r>> {
        let mut tx = here.room.house.pool.begin().await?;
        programme::store::lock(&mut tx, &here.known.slug).await?.ok_or(Error::NotFound)?;
        let (_, draft) = programme::store::load(&mut tx, &here.known.slug).await?.ok_or(Error::NotFound)?;
        Ok(Held { here, tx, draft, seats: Vec::new() })
    }

    /// For what is written beside it, in the same transaction.
    pub fn db(&mut self) -> &mut Conn {
        &mut self.tx
    }

    /// The session of that slug.
    pub fn session(&self, slug: &str) -> Result<&DraftSession> {
        self.draft.sessions.iter().find(|one| one.session.slug == slug).ok_or(Error::NotFound)
    }

    /// Writes a session that is there; what is live of it comes into force at once.
    pub async fn change(&mut self, action: &'static str, after: &DraftSession) -> Result<()> {
        let before = self.session(&after.session.slug)?.clone();
        if before == *after {
            return Ok(());
        }
        let (programme, now) = (self.here.known.id, self.here.room.now);
        programme::store::save_session(&mut self.tx, programme, after, now).await?;
        let keys = edit::keys(&before.live, &after.live);
        if !keys.is_empty() {
            let house = self.here.room.house;
            self.seats
                .extend(publication::set_keys_in(&mut self.tx, house, programme, after, &keys, now).await?);
        }
        let (was, is) = audit::differing(&before, after).unwrap_or_default();
        self.log(action, "session", &after.session.slug, was, is).await
    }

    /// Writes sessions that are new.
    pub async fn add(&mut self, sessions: &[DraftSession]) -> Result<()> {
        for session in sessions {
            let (programme, now) = (self.here.known.id, self.here.room.now);
            if !programme::store::add_session(&mut self.tx, programme, session, now).await? {
                return Err(Error::Internal(format!("the slug {} is taken", session.session.slug)));
            }
            self.log("session.add", "session", &session.session.slug, Facts::default(), Facts::of(session))
                .await?;
        }
        Ok(())
    }

    /// Takes away a session that was never published. False where it was.
    pub async fn remove(&mut self, slug: &str) -> Result<bool> {
        let gone = self.session(slug)?.clone();
        let programme = self.here.known.id;
        if publication::is_known(&mut self.tx, programme, gone.session.id).await? {
            return Ok(false);
        }
        programme::store::remove_session(&mut self.tx, programme, slug, self.here.room.now).await?;
        self.log("session.remove", "session", slug, Facts::of(&gone), Facts::default()).await?;
        Ok(true)
    }

    /// Writes what stands around the sessions.
    pub async fn frame(&mut self, after: &Draft, line: Line<'_>) -> Result<()> {
        if self.draft == *after {
            return Ok(());
        }
        let (here, now) = (self.here, self.here.room.now);
        programme::store::save_frame(&mut self.tx, here.known.id, after, now).await?;
        let kept: Vec<&str> = after.organisations.iter().map(|one| one.slug.as_str()).collect();
        if self.draft.organisations.iter().any(|one| !kept.contains(&one.slug.as_str())) {
            let actor = Actor::User(here.staff.id);
            joining::end_gone(&mut self.tx, here.room.house, actor, here.known.id, &kept, now).await?;
        }
        self.log(line.action, line.kind, line.slug, line.was, line.is).await
    }

    async fn log(
        &mut self,
        action: &'static str,
        kind: &'static str,
        slug: &str,
        was: Facts,
        is: Facts,
    ) -> Result<()> {
        let house = self.here.room.house;
        let entry = entry(house, self.here.room.now, self.here.staff, action, audit::subject(kind, slug));
        audit::record(&mut self.tx, &entry.of(self.here.known.id).facts(was, is)).await?;
        Ok(())
    }

    /// Makes it true, shows the seats, wakes the mail worker.
    pub async fn commit(self) -> Result<()> {
        self.tx.commit().await?;
        let house = self.here.room.house;
        house.board.put(self.seats);
        house.mail.notify_one();
        Ok(())
    }

    /// Leaves everything as it was.
    pub async fn leave(self) -> Result<()> {
        Ok(self.tx.rollback().await?)
    }
}

/// What the log says of a change of the frame.
pub struct Line<'l> {
    /// `theme.change`.
    pub action: &'static str,
    /// `theme`.
    pub kind: &'static str,
    /// Which.
    pub slug: &'l str,
    /// What it was.
    pub was: Facts,
    /// What it is.
    pub is: Facts,
}

/// A line of the log by somebody of the team.
pub fn entry(
    house: &crate::registration::desk::House,
    now: chrono::DateTime<chrono::Utc>,
    staff: &Staff,
    action: &'static str,
    subject: String,
) -> Entry {
    Entry::new(&house.tokens, now, Actor::User(staff.id), action, subject)
}

/// The session cancelled, with why; or on again.
pub fn cancelled(session: &DraftSession, reason: Option<&str>) -> DraftSession {
    let mut after = session.clone();
    after.session.status = if reason.is_some() { Status::Cancelled } else { Status::Scheduled };
    after.session.cancel_reason = reason.unwrap_or_default().to_owned();
    after
}
