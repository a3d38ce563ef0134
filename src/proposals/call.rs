//! What comes through the public call. Anybody can type anybody's address, so a proposal is nothing to anybody but its
//! mail until the person behind the mailbox has confirmed it: the team neither sees it nor hears of it, it takes
//! nobody's turn, and after two days it is gone, with its mail. Nobody alone fills a call: from one network come so many
//! an hour (the route counts them), of one domain are so many open.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{
    Act, By, Changed, Proposal, Step, change,
    domains::registrant,
    letters, notices,
    store::{self, call::Standing},
};
use crate::{
    db::Conn,
    error::{Error, Result},
    mail::outbox,
    programme::{self, Programme, cells::Cells},
    registration::{desk::House, person::Email},
};

/// The most open proposals that the call of a programme takes.
pub const CALL_MAX: usize = 300;
/// The most of them that come from one mailbox.
pub const MAILBOX_MAX: usize = 10;
/// The most of them that come from one domain: whoever has a domain has as many mailboxes as they like. No limit of those who
/// share a provider's.
pub const DOMAIN_MAX: usize = 100;
/// The most that await their confirmation in one programme; of more, the oldest goes. It had its time: so many do not come
/// within two hours ([`ASKED_MAX`]).
pub const UNCONFIRMED_MAX: usize = 500;
/// The most mailboxes that a programme's call asks within [`ASKED_WITHIN`]: as many mails as a relay bears at once.
pub const ASKED_MAX: usize = 30;
/// See there.
pub const ASKED_WITHIN: TimeDelta = TimeDelta::minutes(10);
/// The most that one mailbox is asked about at a time.
pub const UNCONFIRMED_MAILBOX_MAX: usize = 3;
/// How long somebody has for the confirmation.
pub const CONFIRM_WITHIN: TimeDelta = TimeDelta::hours(48);

/// What stands against one more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Full {
    /// The call has as many as it takes.
    Call,
    /// This mailbox has as many as it may have.
    Mailbox,
    /// Its domain has.
    Domain,
}

impl Full {
    /// The message key.
    pub fn key(self) -> &'static str {
        match self {
            Full::Call => "call-full",
            Full::Mailbox => "call-full-mailbox",
            Full::Domain => "call-full-domain",
        }
    }
}

/// What became of a form that somebody has sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// A mail asks its mailbox.
    Done,
    /// The mailbox is asked about as many as it may be: nothing is to be committed, and whoever typed its address is told
    /// the same as if it had been.
    Enough,
    /// Too many come at once; nothing is to be committed. After so many seconds it can be sent again.
    Later(u64),
}

/// What became of a confirmation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confirmed {
    /// The team has it.
    Done,
    /// There is no room for it; it can be tried again.
    Full(Full),
    /// It is not any more what was seen, or not there.
    Crossed,
}

/// Whether a mailbox can be asked about one more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Yes.
    Free,
    /// Yes, where this one goes.
    Instead(Uuid),
    /// It is asked about as many as it may be.
    Enough,
    /// None can, until then.
    Later(DateTime<Utc>),
}

/// Whether this mailbox may be asked about one more. `all` are the open ones of the call without this one, the oldest
/// first. Pure.
fn room_to_ask(all: &[Standing], mailbox: &str, now: DateTime<Utc>) -> Place {
    // First what is the same for every address: it tells nothing of any.
    let last = all.len().checked_sub(ASKED_MAX).map(|at| all[at].created_at + ASKED_WITHIN);
    if let Some(until) = last.filter(|until| now < *until) {
        return Place::Later(until);
    }
    let waiting: Vec<&Standing> = all.iter().filter(|one| one.unconfirmed).collect();
    if waiting.iter().filter(|one| is_of(one, mailbox)).count() >= UNCONFIRMED_MAILBOX_MAX {
        return Place::Enough;
    }
    let oldest = waiting.first().filter(|_| waiting.len() >= UNCONFIRMED_MAX);
    oldest.map_or(Place::Free, |oldest| Place::Instead(oldest.id))
}

/// What stands against one more confirmed one of that mailbox. Pure.
fn room_to_confirm(all: &[Standing], mailbox: &str) -> Option<Full> {
    let confirmed: Vec<&Standing> = all.iter().filter(|one| !one.unconfirmed).collect();
    let theirs = registrant(mailbox);
    let is_of_domain = |one: &&&Standing| one.email.as_deref().and_then(registrant) == theirs;
    if confirmed.iter().filter(|one| is_of(one, mailbox)).count() >= MAILBOX_MAX {
        Some(Full::Mailbox)
    } else if theirs.is_some() && confirmed.iter().filter(is_of_domain).count() >= DOMAIN_MAX {
        Some(Full::Domain)
    } else {
        (confirmed.len() >= CALL_MAX).then_some(Full::Call)
    }
}

fn is_of(one: &Standing, mailbox: &str) -> bool {
    one.email.as_deref().is_some_and(|email| mailbox_of(email) == mailbox)
}

fn mailbox_of(email: &str) -> String {
    Email::parse(email).map_or_else(|_| email.to_owned(), |email| email.mailbox())
}

/// Writes down what somebody has typed, and the mail that asks the mailbox. The same form is the same proposal. The
/// caller commits where it is done, and only there.
pub async fn propose(
    db: &mut Conn,
    house: &House,
    programme: &Programme,
    new: &Proposal,
    key: &str,
    now: DateTime<Utc>,
) -> Result<Asked> {
    let Some(proposer) = &new.proposer else {
        return Err(Error::Internal("nobody proposes".to_owned()));
    };
    // Counts are true until the commit.
    programme::store::hold(db, new.programme).await?;
    if store::add(db, new, key).await? != new.id {
        // A double click: it is there, and its mail as well.
        return Ok(Asked::Done);
    }
    let mut all = store::call::open(db, new.programme).await?;
    all.retain(|one| one.id != new.id);
    match room_to_ask(&all, &mailbox_of(&proposer.email), now) {
        Place::Later(until) => return Ok(Asked::Later((until - now).num_seconds().max(1).unsigned_abs())),
        Place::Enough => return Ok(Asked::Enough),
        Place::Instead(oldest) => erase(db, &[oldest], now).await?,
        Place::Free => {}
    }
    let page = notices::call_page(house, programme, new.id, new.link_version);
    let letter = letters::received(
        house.tokens.id(now),
        (&proposer.email, proposer.lang),
        letters::programme_line(programme),
        page,
    );
    store::call::bears(db, new.id, letter.id).await?;
    outbox::queue(db, &[letter], now).await?;
    Ok(Asked::Done)
}

/// The person behind the mailbox says that it is theirs, and that the team gets it, with this content. The caller
/// commits where it is done, and only there.
pub async fn confirm(
    db: &mut Conn,
    house: &House,
    seen: &Proposal,
    content: Cells,
    now: DateTime<Utc>,
) -> Result<Confirmed> {
    programme::store::hold(db, seen.programme).await?;
    let all = store::call::open(db, seen.programme).await?;
    let email = seen.proposer.as_ref().map_or("", |proposer| proposer.email.as_str());
    if let Some(full) = room_to_confirm(&all, &mailbox_of(email)) {
        return Ok(Confirmed::Full(full));
    }
    let step = Step { content, ..Step::of(seen, By::Proposer, Some(Act::Send)) };
    Ok(match change(db, house, seen, step, now).await? {
        Changed::Done(_) => Confirmed::Done,
        Changed::Late | Changed::Crossed => Confirmed::Crossed,
    })
}

/// Erases these, where nobody has confirmed them, and their mails. The caller commits.
pub async fn erase(db: &mut Conn, proposals: &[Uuid], now: DateTime<Utc>) -> sqlx::Result<()> {
    let letters = store::call::erase(db, proposals).await?;
    outbox::erase_these(db, &letters, now).await
}

/// Erases what nobody has confirmed in time.
///
/// # Errors
/// Where nothing was erased.
pub async fn erase_due(house: &House, now: DateTime<Utc>) -> Result<()> {
    let mut db = house.pool.acquire().await?;
    let over = store::call::unconfirmed_before(&mut db, now - CONFIRM_WITHIN).await?;
    drop(db);
    if over.is_empty() {
        return Ok(());
    }
    let mut tx = house.pool.begin().await?;
    erase(&mut tx, &over, now).await?;
    Ok(tx.commit().await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::minutes(minutes)
    }

    fn all(count: usize, email: &str, unconfirmed: bool) -> Vec<Standing> {
        let one = |n: usize| Standing {
            id: Uuid::from_u128(u128::try_from(n).unwrap()),
            email: Some(email.replace('#', &n.to_string())),
            unconfirmed,
            created_at: at(0),
        };
        (1..=count).map(one).collect()
    }

    #[test]
    fn a_mailbox_is_asked_about_three_at_a_time_however_its_address_is_spelled() {
        let asked = all(UNCONFIRMED_MAILBOX_MAX, "l.ou+#@example.org", true);
        assert_eq!(room_to_ask(&asked, "lou@example.org", at(1)), Place::Enough);
        assert_eq!(room_to_ask(&asked[1..], "lou@example.org", at(1)), Place::Free);
        assert_eq!(room_to_ask(&asked, "ana@example.org", at(1)), Place::Free);
    }

    #[test]
    fn invented_addresses_push_only_out_what_had_its_time_and_take_no_turn() {
        let invented = all(UNCONFIRMED_MAX, "a#@example.org", true);
        assert_eq!(room_to_ask(&invented, "lou@example.org", at(120)), Place::Instead(Uuid::from_u128(1)));
        assert_eq!(room_to_ask(&invented[1..], "lou@example.org", at(120)), Place::Free);
        assert_eq!(room_to_confirm(&invented, "lou@example.org"), None);
        let turns = usize::try_from(TimeDelta::hours(2).num_minutes() / ASKED_WITHIN.num_minutes()).unwrap();
        assert!(ASKED_MAX * (turns + 1) < UNCONFIRMED_MAX, "so many do not come within two hours");
    }

    #[test]
    fn a_call_asks_so_many_mailboxes_at_a_time_and_says_the_same_to_every_other() {
        let invented = all(ASKED_MAX, "a#@example.org", true);
        let later = Place::Later(at(10));
        assert_eq!(room_to_ask(&invented, "lou@example.org", at(9)), later);
        assert_eq!(room_to_ask(&invented, "lou@example.org", at(10)), Place::Free);
        assert_eq!(room_to_ask(&invented[1..], "lou@example.org", at(9)), Place::Free);
        assert_eq!(room_to_ask(&all(ASKED_MAX, "lou@example.org", true), "lou@example.org", at(9)), later);
        assert_eq!(
            room_to_ask(&all(ASKED_MAX, "a#@example.org", false), "lou@example.org", at(9)),
            later,
            "mails left"
        );
    }

    #[test]
    fn what_is_confirmed_is_counted_by_mailbox_and_by_call() {
        let full = all(CALL_MAX, "a@#.test", false);
        assert_eq!(room_to_confirm(&full, "lou@example.org"), Some(Full::Call));
        assert_eq!(room_to_confirm(&full[1..], "lou@example.org"), None);
        let one_s = all(DOMAIN_MAX, "a@a#.example.org", false);
        assert_eq!(room_to_confirm(&one_s, "lou@example.org"), Some(Full::Domain));
        assert_eq!(room_to_confirm(&one_s, "lou@org"), None);
        assert_eq!(room_to_confirm(&one_s, "lou@example.com"), None, "takes a third and no more");
        assert_eq!(
            room_to_confirm(&all(MAILBOX_MAX, "lou+#@example.org", false), "lou@example.org"),
            Some(Full::Mailbox)
        );
    }

    #[test]
    fn strangers_who_share_a_provider_or_a_country_s_second_level_share_no_limit() {
        for (theirs, other) in [("a#@gmail.com", "lou@gmail.com"), ("a@b#.co.uk", "lou@example.co.uk")] {
            assert_eq!(room_to_confirm(&all(CALL_MAX - 1, theirs, false), other), None, "{other}");
            assert_eq!(room_to_confirm(&all(CALL_MAX, theirs, false), other), Some(Full::Call), "{other}");
        }
        assert_eq!(
            room_to_confirm(&all(DOMAIN_MAX, "a#@example.co.uk", false), "lou@b.example.co.uk"),
            Some(Full::Domain)
        );
    }
}
