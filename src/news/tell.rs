//! Telling what has settled: one mail a person for all their sessions of a programme.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    store::{self, Note},
    story::{Releases, Verdict, verdicts},
};
use crate::{
    error::Result,
    mail::{self, Item, Letter, MailData, ProgrammeLine, outbox},
    programme,
    registration::{
        calls::{self, Call, Reason},
        desk::House,
        store::{
            self as seat_store,
            concerned::{self, Registered},
        },
    },
    release::Release,
    tokens::Purpose,
};

/// People told in one transaction: between two, the desk has its turn.
const PEOPLE_MAX: i64 = 200;

/// Tells everybody what is due: writes their mails, and says how many. Several processes may do it at once.
///
/// # Errors
/// Where the database fails; what is not told then stays due.
pub async fn tell_due(house: &House, now: DateTime<Utc>) -> Result<usize> {
    let mut db = house.pool.acquire().await?;
    let programmes = store::due_programmes(&mut db, now).await?;
    drop(db);
    let mut told = 0;
    for programme in programmes {
        let mut releases = Releases::default();
        while !house.pool.closing().is_cancelled() {
            let Some(mails) = tell_some(house, programme, &mut releases, now).await? else { break };
            told += mails;
            house.mail.notify_one();
        }
    }
    Ok(told)
}

/// Tells some of the people; `None` where nobody is left. Whoever else does it waits for the programme, and then
/// finds the notes gone.
async fn tell_some(
    house: &House,
    programme: Uuid,
    releases: &mut Releases<'_>,
    now: DateTime<Utc>,
) -> Result<Option<usize>> {
    let mut tx = house.pool.begin().await?;
    programme::store::hold(&mut tx, programme).await?;
    let people = store::due_people(&mut tx, programme, now, PEOPLE_MAX).await?;
    if people.is_empty() {
        return Ok(None);
    }
    let notes = store::of(&mut tx, programme, &people).await?;
    // Nobody gets or gives back a seat in these sessions until what is told of it is written down.
    let sessions: BTreeSet<_> = notes.iter().map(|note| note.session_id).collect();
    let seats = seat_store::lock_seats(&mut tx, sessions).await?;
    let ids: Vec<_> = notes.iter().map(|note| note.registration_id).collect();
    let registered = concerned::registered(&mut tx, &ids).await?;
    releases.read(&mut tx, programme, &notes).await?;

    let verdicts = verdicts(&mut tx, releases, &notes, &registered, &seats, now).await?;
    let letters = letters(house, releases.current()?, &notes, &registered, &verdicts, now);
    let of = |wanted: fn(&Verdict) -> bool| -> Vec<Uuid> {
        let chosen = notes.iter().zip(&verdicts).filter(|(_, verdict)| wanted(verdict));
        chosen.map(|(note, _)| note.registration_id).collect()
    };
    let calls = calls(house, programme, &notes, &registered, &verdicts, now);
    calls::note(&mut tx, &calls, now).await?;
    outbox::queue(&mut tx, &letters, now).await?;
    store::rest(&mut tx, &of(|verdict| matches!(verdict, Verdict::Rest))).await?;
    store::remove(&mut tx, &of(|verdict| !matches!(verdict, Verdict::Rest))).await?;
    tx.commit().await?;
    Ok(Some(letters.len()))
}

/// One letter a person, its sessions in the order of their time.
fn letters(
    house: &House,
    release: &Release,
    notes: &[Note],
    registered: &HashMap<Uuid, Registered>,
    verdicts: &[Verdict],
    now: DateTime<Utc>,
) -> Vec<Letter> {
    let mut items: BTreeMap<Uuid, (&Registered, Vec<Item>)> = BTreeMap::new();
    for (note, verdict) in notes.iter().zip(verdicts) {
        if let (Verdict::Tell(item), Some(who)) = (verdict, registered.get(&note.registration_id))
            && can_be_written_to(who)
        {
            items.entry(note.participant_id).or_insert_with(|| (who, Vec::new())).1.push((**item).clone());
        }
    }
    let letter = |(who, mut items): (&Registered, Vec<Item>)| {
        let person = &who.participant;
        items.sort_by(|a, b| {
            (a.session.starts_at, &a.session.slug).cmp(&(b.session.starts_at, &b.session.slug))
        });
        let data = MailData {
            programme: ProgrammeLine::of(release),
            name: person.name.clone(),
            agenda_token: house.key.seal(Purpose::Agenda, person.id, person.agenda_version),
            feed_token: house.key.seal(Purpose::Feed, person.id, person.feed_version),
            items,
            reminder: None,
            confirm_token: None,
            door_code: None,
            own: mail::Own::default(),
        };
        Some(mail::changed(house.tokens.id(now), person.lang, person.email.as_deref()?, data))
    };
    items.into_values().filter_map(letter).collect()
}

/// False for who has no address, or one that sends mails back: they are called.
pub(super) fn can_be_written_to(who: &Registered) -> bool {
    who.reachable && who.participant.email.is_some()
}

/// Whom to call, since nobody can write to them.
fn calls(
    house: &House,
    programme: Uuid,
    notes: &[Note],
    registered: &HashMap<Uuid, Registered>,
    verdicts: &[Verdict],
    now: DateTime<Utc>,
) -> Vec<(Uuid, Call)> {
    let call = |(note, verdict): (&Note, &Verdict)| {
        let who = registered.get(&note.registration_id)?;
        let call = Call {
            registration: note.registration_id,
            participant: note.participant_id,
            session: note.session_id,
            programme,
            reason: Reason::Changed,
        };
        let is_told = matches!(verdict, Verdict::Tell(_)) && !can_be_written_to(who);
        is_told.then(|| (house.tokens.id(now), call))
    };
    notes.iter().zip(verdicts).filter_map(call).collect()
}
