//! From what the desk must tell somebody to the letter that says it, frozen in the same transaction.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::{
    contact::Code,
    decide::{Notice, NoticeItem},
    desk::House,
    facts::Facts,
    store::SeatRow,
};
use crate::{
    mail::{self, Frozen, Item, Kind, Letter, MailData, ProgrammeLine},
    tokens::Purpose,
};

/// The link that confirms an order is not revoked: it opens nothing after its half hour.
pub const CONFIRM_VERSION: i64 = 1;

/// The letters of a batch, each with the links and the sessions as they stand now.
pub fn write(
    house: &House,
    facts: &Facts,
    notices: &[Notice],
    seats: &BTreeMap<Uuid, SeatRow>,
) -> Vec<Letter> {
    notices.iter().filter_map(|notice| letter(house, facts, notice, seats)).collect()
}

fn letter(house: &House, facts: &Facts, notice: &Notice, seats: &BTreeMap<Uuid, SeatRow>) -> Option<Letter> {
    let release = facts.release(notice.programme)?;
    let person = &notice.participant;
    let data = MailData {
        programme: ProgrammeLine::of(release),
        name: notice.name.clone(),
        agenda_token: house.key.seal(Purpose::Agenda, person.id, person.agenda_version),
        feed_token: house.key.seal(Purpose::Feed, person.id, person.feed_version),
        items: notice.items.iter().filter_map(|told| item(facts, notice.programme, told, seats)).collect(),
        reminder: None,
        confirm_token: notice.confirms.map(|order| house.key.seal(Purpose::Confirm, order, CONFIRM_VERSION)),
        door_code: door_code(notice),
        own: mail::Own::default(),
    };
    let make = match notice.kind {
        Kind::Order => mail::order,
        Kind::Promoted => mail::promoted,
        Kind::Offered => mail::offered,
        Kind::Expired => mail::expired,
        Kind::Confirm => mail::confirm,
        Kind::Cancelled => mail::cancelled,
        Kind::Link => mail::link,
        Kind::Changed => mail::changed,
        Kind::Thanks => mail::thanks,
        Kind::Reminder => mail::reminder,
        Kind::Message => mail::message,
        // They are about no registration.
        Kind::Invitation | Kind::Password | Kind::SignIn | Kind::Joining | Kind::Proposal => return None,
    };
    Some(make(notice.id, notice.lang, person.email.as_deref()?, data))
}

/// What who has a seat shows at the door.
fn door_code(notice: &Notice) -> Option<String> {
    let is_expected = notice.items.iter().any(|item| item.outcome.has_seat());
    let code = notice.participant.code.as_deref().filter(|_| is_expected)?;
    Some(Code::parse(code)?.readable())
}

fn item(facts: &Facts, programme: Uuid, told: &NoticeItem, seats: &BTreeMap<Uuid, SeatRow>) -> Option<Item> {
    let release = facts.release(programme)?;
    let (session, description) = facts.session(programme, told.session)?;
    let join_url = seats.get(&told.session).and_then(|seat| seat.settings.join_url.as_deref());
    let join_url = join_url.filter(|_| told.outcome.has_seat());
    Some(Item {
        session: Frozen::with_text(release, session, description, join_url),
        outcome: told.outcome,
        people: told.people,
        sequence: session.sequence + told.bumps,
        before: None,
        after: None,
    })
}
