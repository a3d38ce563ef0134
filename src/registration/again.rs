//! A mail once more, to where its reader is now: one that was sent and cannot be found, or that went to an address which
//! has been corrected since. It is another mail with another Message-ID, since receivers drop what bears one that they
//! have seen, and its calendar entries are those of before: programs that have them know them by UID and SEQUENCE.
//!
//! It goes out only while all that it says still holds. What has changed is told by the mail of the change, and what
//! somebody has now by [`super::resend`].

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    Awaits, State,
    decide::{Participant, Registration},
    desk::House,
    facts::Facts,
    store::{self, SeatRow, erase, reach},
};
use crate::{
    db::Conn,
    error::Result,
    mail::{
        Item, Kind, Letter, MailData, Outcome, Told,
        outbox::{
            self,
            seen::{Standing, Whole},
        },
    },
    tokens::{LinkKey, Purpose},
};

/// What became of the wish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Again {
    /// It is written down, as this mail.
    Written {
        /// Which.
        mail: Uuid,
        /// Its reader has another address now than the first one went to.
        readdressed: bool,
    },
    /// It had been sent again since the form was drawn, as this mail: a double click, a second editor.
    Already(Uuid),
    /// It is not, and why.
    Not(Why),
}

/// Why a mail is not sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// It bears a link that is good once, or belongs to an hour, or to who asked for it.
    Kind,
    /// It is still on its way.
    OnItsWay,
    /// It never left, and its reader is where they were: it can be tried.
    NeverLeft,
    /// Nobody is there to read it: erased, or never registered (a test).
    Nobody,
    /// Mails to their address come back.
    ComesBack,
    /// What it says does not hold any more.
    Changed,
}

impl Why {
    /// The word in message keys.
    pub fn code(self) -> &'static str {
        match self {
            Why::Kind => "kind",
            Why::OnItsWay => "on-its-way",
            Why::NeverLeft => "never-left",
            Why::Nobody => "nobody",
            Why::ComesBack => "comes-back",
            Why::Changed => "changed",
        }
    }
}

/// Whether mails of this kind are ever sent again. Links that are good once, for half an hour, or for whoever asked for them
/// are asked for again; of what begins, and for what was, nobody hears twice (invariants 11 and 13).
pub fn is_repeated(kind: Kind) -> bool {
    match kind {
        Kind::Order
        | Kind::Promoted
        | Kind::Offered
        | Kind::Expired
        | Kind::Cancelled
        | Kind::Changed
        | Kind::Message => true,
        Kind::Confirm
        | Kind::Link
        | Kind::Thanks
        | Kind::Reminder
        | Kind::Invitation
        | Kind::Password
        | Kind::SignIn
        | Kind::Joining
        | Kind::Proposal => false,
    }
}

/// Writes the mail down once more, for the present address of its reader. `seen` says how often that had been done when
/// the form was drawn. The caller begins, notes who did it, and commits.
pub async fn again(
    db: &mut Conn,
    house: &House,
    mail: &Whole,
    seen: usize,
    now: DateTime<Utc>,
) -> Result<Again> {
    match mail.seen.standing(now) {
        Standing::Due | Standing::Sending | Standing::Delayed => return Ok(Again::Not(Why::OnItsWay)),
        Standing::Erased => return Ok(Again::Not(Why::Nobody)),
        Standing::Sent | Standing::Failed | Standing::Bounced | Standing::Aborted => {}
    }
    let Some(letter) = mail.unmasked() else { return Ok(Again::Not(Why::Nobody)) };
    if !is_repeated(letter.kind) {
        return Ok(Again::Not(Why::Kind));
    }
    let Some(id) = LinkKey::named(&letter.data.agenda_token) else { return Ok(Again::Not(Why::Nobody)) };
    // In the desk's order, seats before people: what it gives or takes at this moment is waited for.
    let seats = store::lock_seats(db, letter.data.items.iter().map(|item| item.session.uid)).await?;
    // Two forms at once: the second finds what the first has written. Who is erased this moment is waited for.
    erase::lock_people(db, &[id]).await?;
    let Some(person) = store::participant(db, id).await? else { return Ok(Again::Not(Why::Nobody)) };
    let Some(email) = person.email.clone() else { return Ok(Again::Not(Why::Nobody)) };
    let repeats = outbox::repeats(db, mail.root()).await?;
    if let Some(last) = repeats.last() {
        if repeats.len() > seen {
            return Ok(Again::Already(last.id));
        }
        // However often the button is pressed, one at a time.
        if !last.has_ended {
            return Ok(Again::Not(Why::OnItsWay));
        }
    }
    let readdressed = email != letter.recipient;
    if !readdressed && mail.seen.standing(now) != Standing::Sent {
        return Ok(Again::Not(Why::NeverLeft));
    }
    if reach::comes_back(db, id).await? {
        return Ok(Again::Not(Why::ComesBack));
    }
    if !holds(db, house, &person, &seats, &letter.data, now).await? {
        return Ok(Again::Not(Why::Changed));
    }
    let first = letter.id;
    let letter = Letter {
        id: house.tokens.id(now),
        recipient: email,
        // A link that was revoked since, as by another address, opens nothing: this one bears today's.
        data: MailData {
            agenda_token: house.key.seal(Purpose::Agenda, person.id, person.agenda_version),
            feed_token: house.key.seal(Purpose::Feed, person.id, person.feed_version),
            ..letter.data
        },
        ..letter
    };
    outbox::queue_again(db, &letter, mail.root(), now).await?;
    if readdressed {
        // To that address nobody tries it again.
        outbox::set_aside(db, first, now).await?;
    }
    Ok(Again::Written { mail: letter.id, readdressed })
}

/// True where everything that this mail says of sessions and registrations stands as it did.
async fn holds(
    db: &mut Conn,
    house: &House,
    person: &Participant,
    seats: &BTreeMap<Uuid, SeatRow>,
    data: &MailData,
    now: DateTime<Utc>,
) -> Result<bool> {
    let Some(published) = house.publications.current(&data.programme.slug) else { return Ok(false) };
    let programme = published.id;
    let facts = Facts::of(db, house, &BTreeSet::from([programme])).await?;
    let Some(release) = facts.release(programme) else { return Ok(false) };
    let live: BTreeMap<Uuid, Registration> = store::registrations_of(db, &[person.id])
        .await?
        .into_iter()
        .filter(|registration| registration.state.is_live())
        .map(|registration| (registration.session, registration))
        .collect();
    for item in &data.items {
        let session = release.sessions.iter().find(|session| session.id == item.session.uid);
        let Some(session) = session else { return Ok(false) };
        let join_url = seats.get(&session.id).and_then(|seat| seat.settings.join_url.as_deref());
        let told = Told::of(release, session, join_url.filter(|_| item.outcome.has_seat()));
        let had = live.get(&session.id);
        let position = match had.filter(|had| had.state == State::Waiting) {
            Some(had) => store::positions(db, &[had.id]).await?.remove(&had.id).unwrap_or(1),
            None => 0,
        };
        let sequence = session.sequence + had.map_or(0, |had| had.bumps);
        // What has begun is nothing to come to any more.
        let is_late = had.is_some() && item.session.starts_at <= now;
        if is_late || told != item.session.told() || !stands(item, had, position, sequence) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// True where the live registration that a person has there, or that they have none, is what the mail says. Of who has a
/// seat the calendar's number must be the newest: another entry than theirs would be dropped.
fn stands(item: &Item, had: Option<&Registration>, position: i64, sequence: i64) -> bool {
    let state = had.map(|had| (had.state, had.pending.map(|pending| (pending.awaits, pending.deadline))));
    if had.is_some_and(|had| had.people != item.people) {
        return false;
    }
    match item.outcome {
        Outcome::Confirmed | Outcome::AlreadyConfirmed | Outcome::Promoted => {
            state == Some((State::Confirmed, None)) && item.sequence == sequence
        }
        Outcome::Waiting { position: told } | Outcome::AlreadyWaiting { position: told } => {
            state == Some((State::Waiting, None)) && told == position
        }
        Outcome::AlreadyOffered => {
            matches!(state, Some((State::Offered, Some((Awaits::Acceptance, _)))))
        }
        Outcome::Offered { until } => state == Some((State::Offered, Some((Awaits::Acceptance, until)))),
        Outcome::OfferExpired
        | Outcome::Declined
        | Outcome::Cancelled
        | Outcome::LeftQueue
        | Outcome::OverWeek { .. }
        | Outcome::OverProgramme { .. }
        | Outcome::Overlaps => state.is_none(),
        // Their link is good for half an hour.
        Outcome::SeatToConfirm { .. } | Outcome::TurnToConfirm { .. } => false,
    }
}
