//! From what the desk must tell somebody to the letter that says it, frozen in the same transaction.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use uuid::Uuid;

use super::{
    decide::{Notice, NoticeItem},
    desk::House,
    store::SeatRow,
};
use crate::{
    db::Conn,
    error::Result,
    mail::{self, Frozen, Item, Kind, Letter, MailData, ProgrammeLine},
    release::{self, Release, published::Published},
    tokens::Purpose,
};

/// A release that sessions can be looked up in.
enum Facts {
    Memory(Arc<Published>),
    Read(Box<Release>),
}

impl Facts {
    fn release(&self) -> &Release {
        match self {
            Facts::Memory(published) => &published.release,
            Facts::Read(release) => release,
        }
    }
}

/// The letters of a batch, each with the links and the sessions as they stand now.
pub async fn write(
    db: &mut Conn,
    house: &House,
    notices: &[Notice],
    seats: &BTreeMap<Uuid, SeatRow>,
) -> Result<Vec<Letter>> {
    let mut facts: HashMap<Uuid, Facts> = HashMap::new();
    for notice in notices {
        if !facts.contains_key(&notice.programme) {
            let newest = release::store::newest(db, notice.programme).await?;
            let in_memory = house.publications.by_id(notice.programme);
            let known = match in_memory.filter(|published| Some(published.release.number) == newest) {
                Some(published) => Some(Facts::Memory(published)),
                // The command line keeps nothing in memory, and a server may not have seen what another process
                // has just published: people concerned were noted under the locks that we hold now.
                None => release::store::latest(db, notice.programme)
                    .await?
                    .map(|found| Facts::Read(Box::new(found))),
            };
            facts.extend(known.map(|known| (notice.programme, known)));
        }
    }
    Ok(notices
        .iter()
        .filter_map(|notice| letter(house, facts.get(&notice.programme)?.release(), notice, seats))
        .collect())
}

fn letter(
    house: &House,
    release: &Release,
    notice: &Notice,
    seats: &BTreeMap<Uuid, SeatRow>,
) -> Option<Letter> {
    let person = &notice.participant;
    let data = MailData {
        programme: ProgrammeLine::of(release),
        name: notice.name.clone(),
        agenda_token: house.key.seal(Purpose::Agenda, person.id, person.agenda_version),
        feed_token: house.key.seal(Purpose::Feed, person.id, person.feed_version),
        items: notice.items.iter().filter_map(|told| item(release, told, seats)).collect(),
    };
    let make = match notice.kind {
        Kind::Order => mail::order,
        Kind::Promoted => mail::promoted,
        Kind::Cancelled => mail::cancelled,
        Kind::Link => mail::link,
        Kind::Changed => mail::changed,
        Kind::Thanks => mail::thanks,
    };
    Some(make(notice.id, notice.lang, person.email.as_deref()?, data))
}

fn item(release: &Release, told: &NoticeItem, seats: &BTreeMap<Uuid, SeatRow>) -> Option<Item> {
    let session = release.sessions.iter().find(|session| session.id == told.session)?;
    let join_url = seats.get(&told.session).and_then(|seat| seat.settings.join_url.as_deref());
    Some(Item {
        session: Frozen::of(release, session, join_url.filter(|_| told.outcome.has_seat())),
        outcome: told.outcome,
        people: told.people,
        sequence: session.sequence + told.bumps,
        before: None,
        after: None,
    })
}
