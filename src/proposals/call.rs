//! What comes through the public call. Anybody can type anybody's address, so a proposal is nothing to anybody but its
//! mail until the person behind the mailbox has confirmed it: the team neither sees it nor hears of it, it takes
//! nobody's turn, and after two days it is gone, with its mail. Nobody alone fills a call: from one network come so many
//! an hour (the route counts them), of one domain are so many open.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{
    Act, By, Changed, Proposal, Step, change,
    domains::registrant,
    letters, notices,
    store::{
        self,
        call::{Over, Waiting},
    },
};
use crate::{
    db::Conn,
    error::{Error, Result},
    mail::outbox::{self, Deadline},
    programme::{self, cells::Cells},
    registration::{desk::House, person::mailbox_of},
};

/// The most open proposals that the call of a programme takes.
pub const CALL_MAX: usize = 300;
/// The most of them that come from one mailbox; and as many of it await their confirmation.
pub const MAILBOX_MAX: usize = 10;
/// The most of them that come from one domain: whoever has a domain has as many mailboxes as they like. No limit of those who
/// share a provider's.
pub const DOMAIN_MAX: usize = 100;
/// The most that a programme's call takes down within [`ASKED_WITHIN`], each with a mail: as many as a relay bears at once.
pub const ASKED_MAX: usize = 30;
/// See there.
pub const ASKED_WITHIN: TimeDelta = TimeDelta::minutes(10);
/// How long somebody has for the confirmation, from when the mail left that asks for it, where that was held up.
pub const CONFIRM_WITHIN: TimeDelta = TimeDelta::hours(48);
/// The longest that a proposal waits in all, whatever becomes of its mail.
pub const CONFIRM_WITHIN_MOST: TimeDelta = TimeDelta::hours(96);
/// The most that await their confirmation in one programme: as many as come within that time, six times [`ASKED_MAX`] an
/// hour and those that begin it. So nothing has to go before its time.
pub const UNCONFIRMED_MAX: usize = ASKED_MAX * 6 * 96 + ASKED_MAX;
/// The most that one mailbox is asked about at a time; what comes on top has its turn after these.
pub const UNCONFIRMED_MAILBOX_MAX: usize = 3;

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
    /// A mail asks its mailbox: at once, or when it is its turn.
    Done,
    /// As many await the mailbox as may: nothing is to be committed, and whoever typed its address is told the same as if
    /// it had been.
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

/// So many seconds every mailbox waits where so many came; `lately`: since when each of these stands, the oldest first. It
/// is the same for every address, and so tells nothing of any. Pure.
fn wait(lately: &[DateTime<Utc>], now: DateTime<Utc>) -> Option<u64> {
    let until = lately[lately.len().checked_sub(ASKED_MAX)?] + ASKED_WITHIN;
    (now < until).then(|| (until - now).num_seconds().max(1).unsigned_abs())
}

/// What stands against one more of this mailbox, which is among them already. Pure.
fn refused(waiting: &[Waiting], mailbox: &str) -> Option<Asked> {
    if waiting.len() > UNCONFIRMED_MAX {
        // Does not happen: see there. Nothing grows without a limit.
        return Some(Asked::Later(ASKED_WITHIN.num_seconds().unsigned_abs()));
    }
    let theirs = waiting.iter().filter(|one| one.mailbox == mailbox).count();
    (theirs > MAILBOX_MAX).then_some(Asked::Enough)
}

/// Those whose mailbox is to be asked about them now: the oldest first, so many of each mailbox at a time. Pure.
fn to_ask(waiting: &[Waiting]) -> Vec<Uuid> {
    let mut asked: HashMap<&str, usize> = HashMap::new();
    for one in waiting.iter().filter(|one| one.letter.is_some()) {
        *asked.entry(&one.mailbox).or_default() += 1;
    }
    let mut next = Vec::new();
    for one in waiting.iter().filter(|one| one.letter.is_none()) {
        let asked = asked.entry(&one.mailbox).or_default();
        if *asked < UNCONFIRMED_MAILBOX_MAX {
            *asked += 1;
            next.push(one.id);
        }
    }
    next
}

/// What stands against one more confirmed one of that mailbox; `confirmed`: of which mailbox each is. Pure.
fn room_to_confirm(confirmed: &[Option<String>], mailbox: &str) -> Option<Full> {
    let theirs = registrant(mailbox);
    let of_mailbox = confirmed.iter().flatten().filter(|one| *one == mailbox).count();
    let of_domain = confirmed.iter().flatten().filter(|one| registrant(one) == theirs).count();
    if of_mailbox >= MAILBOX_MAX {
        Some(Full::Mailbox)
    } else if theirs.is_some() && of_domain >= DOMAIN_MAX {
        Some(Full::Domain)
    } else {
        (confirmed.len() >= CALL_MAX).then_some(Full::Call)
    }
}

/// Writes down what somebody has typed, and the mail that asks the mailbox, where that is not asked about three already.
/// The same form is the same proposal. The caller commits where it is done, and only there.
pub async fn propose(
    db: &mut Conn,
    house: &House,
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
        // A double click: it is there, and its mail as well, or its turn.
        return Ok(Asked::Done);
    }
    let lately = store::call::lately(db, new.programme, now - ASKED_WITHIN, new.id).await?;
    if let Some(seconds) = wait(&lately, now) {
        return Ok(Asked::Later(seconds));
    }
    let waiting = all_waiting(db, new.programme, now).await?;
    if let Some(refused) = refused(&waiting, &mailbox_of(&proposer.email)) {
        return Ok(refused);
    }
    ask(db, house, new.programme, &waiting, now).await?;
    Ok(Asked::Done)
}

/// What awaits its confirmation in that programme, the oldest first.
async fn all_waiting(db: &mut Conn, programme: Uuid, now: DateTime<Utc>) -> sqlx::Result<Vec<Waiting>> {
    store::call::waiting(db, programme, now - CONFIRM_WITHIN, now).await
}

/// Until when a proposal can be confirmed that nobody has confirmed yet.
pub async fn confirm_by(db: &mut Conn, proposal: &Proposal) -> sqlx::Result<DateTime<Utc>> {
    let longer = store::call::confirm_by(db, proposal.id).await?;
    Ok(longer.unwrap_or(proposal.created_at + CONFIRM_WITHIN))
}

/// Asks the mailboxes of those whose turn it is. The caller holds the programme, and commits.
async fn ask(
    db: &mut Conn,
    house: &House,
    programme: Uuid,
    waiting: &[Waiting],
    now: DateTime<Utc>,
) -> Result<()> {
    let next = to_ask(waiting);
    if next.is_empty() {
        return Ok(());
    }
    let draft = programme::store::frame_of(db, programme).await?.ok_or(Error::NotFound)?;
    let mut written = Vec::new();
    for id in next {
        let Some(one) = store::find(db, programme, id).await? else { continue };
        let Some(proposer) = &one.proposer else { continue };
        let letter = letters::received(
            house.tokens.id(now),
            (&proposer.email, proposer.lang),
            letters::programme_line(&draft.programme),
            one.created_at + CONFIRM_WITHIN,
            notices::call_page(house, &draft.programme, one.id, one.link_version),
        );
        // Somebody may erase it at this moment: then nothing says who it was.
        if store::call::bears(db, one.id, letter.id).await? {
            written.push(letter);
        }
    }
    Ok(outbox::queue(db, &written, now).await?)
}

/// Asks the mailboxes of those of these programmes whose turn has come: others of them were erased.
///
/// # Errors
/// Where nobody was asked; they are with the next of their programme.
pub async fn ask_next(house: &House, programmes: &BTreeSet<Uuid>, now: DateTime<Utc>) -> Result<()> {
    for programme in programmes {
        let mut db = house.pool.acquire().await?;
        let waiting = all_waiting(&mut db, *programme, now).await?;
        drop(db);
        if to_ask(&waiting).is_empty() {
            continue;
        }
        let mut tx = house.pool.begin().await?;
        // Counts are true until the commit.
        programme::store::hold(&mut tx, *programme).await?;
        let waiting = all_waiting(&mut tx, *programme, now).await?;
        ask(&mut tx, house, *programme, &waiting, now).await?;
        tx.commit().await?;
        house.mail.notify_one();
    }
    Ok(())
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
    let confirmed = store::call::confirmed(db, seen.programme).await?;
    let email = seen.proposer.as_ref().map_or("", |proposer| proposer.email.as_str());
    if let Some(full) = room_to_confirm(&confirmed, &mailbox_of(email)) {
        return Ok(Confirmed::Full(full));
    }
    let step = Step { content, ..Step::of(seen, By::Proposer, Some(Act::Send)) };
    Ok(match change(db, house, seen, step, now).await? {
        Changed::Done(_) => {
            let waiting = all_waiting(db, seen.programme, now).await?;
            ask(db, house, seen.programme, &waiting, now).await?;
            Confirmed::Done
        }
        Changed::Late | Changed::Crossed => Confirmed::Crossed,
    })
}

/// Erases these, where nobody has confirmed them, and their mails. The caller commits, and then calls [`ask_next`].
pub async fn erase(db: &mut Conn, proposals: &[Uuid], now: DateTime<Utc>) -> sqlx::Result<()> {
    let letters = store::call::erase(db, proposals).await?;
    outbox::erase_these(db, &letters, now).await
}

/// How long it can be confirmed, as its mail has told.
fn deadline(one: &Over) -> Deadline {
    Deadline {
        of: one.id,
        mail: one.letter_id,
        ends: one.created_at + CONFIRM_WITHIN,
        most: one.created_at + CONFIRM_WITHIN_MOST,
    }
}

/// Erases what nobody has confirmed in time, and asks about what has waited for its turn behind it. Where the mail itself
/// was held up, the time counts from when it left.
///
/// # Errors
/// Where nothing was erased.
pub async fn erase_due(house: &House, now: DateTime<Utc>) -> Result<()> {
    let mut db = house.pool.acquire().await?;
    let over = store::call::over(&mut db, now - CONFIRM_WITHIN, now).await?;
    if over.is_empty() {
        return Ok(());
    }
    let deadlines: Vec<Deadline> = over.iter().map(deadline).collect();
    let longer = outbox::held_up(&mut db, &deadlines, now).await?;
    drop(db);
    let gone = over.iter().filter(|one| !longer.contains_key(&one.id));
    let (programmes, gone): (BTreeSet<Uuid>, Vec<Uuid>) = gone.map(|one| (one.programme_id, one.id)).unzip();
    let mut tx = house.pool.begin().await?;
    for (proposal, until) in longer {
        store::call::hold_on(&mut tx, proposal, until).await?;
    }
    erase(&mut tx, &gone, now).await?;
    tx.commit().await?;
    ask_next(house, &programmes, now).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::minutes(minutes)
    }

    /// That many mailboxes.
    fn all(count: usize, email: &str) -> Vec<Option<String>> {
        (1..=count).map(|n| Some(mailbox_of(&email.replace('#', &n.to_string())))).collect()
    }

    fn waits(n: u128, mailbox: &str, letter: Option<Uuid>) -> Waiting {
        Waiting { id: Uuid::from_u128(n), mailbox: mailbox.to_owned(), letter }
    }

    fn asked(mailbox: &str) -> Waiting {
        waits(0, mailbox, Some(Uuid::nil()))
    }

    #[test]
    fn a_mailbox_is_asked_about_three_at_a_time_and_no_other_waits_for_it() {
        let three = vec![asked("lou@example.org"); UNCONFIRMED_MAILBOX_MAX];
        let more = [waits(4, "lou@example.org", None), waits(5, "ana@example.org", None)];
        assert_eq!(to_ask(&[&three[..], &more].concat()), [Uuid::from_u128(5)]);
        assert_eq!(to_ask(&[&three[1..], &more].concat()), [4, 5].map(Uuid::from_u128));
        let none_was: Vec<Waiting> = (1..=5).map(|n| waits(n, "lou@example.org", None)).collect();
        assert_eq!(to_ask(&none_was), [1, 2, 3].map(Uuid::from_u128), "the oldest first");
    }

    #[test]
    fn a_mailbox_has_so_many_that_wait_and_no_other_waits_for_it() {
        let most = vec![asked("lou@example.org"); MAILBOX_MAX];
        assert_eq!(refused(&most, "lou@example.org"), None);
        assert_eq!(refused(&[&most[..], &[asked("ana@example.org")]].concat(), "ana@example.org"), None);
        let one_more = [&most[..], &[asked("lou@example.org")]].concat();
        assert_eq!(refused(&one_more, "lou@example.org"), Some(Asked::Enough));
    }

    #[test]
    fn nothing_that_waits_has_to_go_within_its_time_however_much_comes() {
        let mut came: Vec<DateTime<Utc>> = Vec::new();
        for now in (0..CONFIRM_WITHIN_MOST.num_minutes() + 60).map(at) {
            came.retain(|since| now - CONFIRM_WITHIN_MOST <= *since);
            while wait(&came[came.partition_point(|since| *since <= now - ASKED_WITHIN)..], now).is_none() {
                came.push(now);
            }
            assert!(came.len() <= UNCONFIRMED_MAX, "{} at {now}", came.len());
        }
        assert_eq!(came.len() + ASKED_MAX, UNCONFIRMED_MAX, "no fewer come");
        let most = vec![asked("lou@example.org"); UNCONFIRMED_MAX];
        assert_eq!(refused(&most, "ana@example.org"), None);
    }

    #[test]
    fn a_call_asks_so_many_mailboxes_at_a_time_and_says_the_same_to_every_other() {
        let invented = [at(0); ASKED_MAX];
        assert_eq!(wait(&invented, at(9)), Some(60));
        assert_eq!(wait(&invented, at(10)), None);
        assert_eq!(wait(&invented[1..], at(9)), None);
    }

    #[test]
    fn what_is_confirmed_is_counted_by_mailbox_by_domain_and_by_call() {
        let full = all(CALL_MAX, "a@#.test");
        assert_eq!(room_to_confirm(&full, "lou@example.org"), Some(Full::Call));
        assert_eq!(room_to_confirm(&vec![None; CALL_MAX], "lou@example.org"), Some(Full::Call), "erased");
        assert_eq!(room_to_confirm(&full[1..], "lou@example.org"), None);
        let one_s = all(DOMAIN_MAX, "a@a#.example.org");
        assert_eq!(room_to_confirm(&one_s, "lou@example.org"), Some(Full::Domain));
        assert_eq!(room_to_confirm(&one_s, "lou@org"), None);
        assert_eq!(room_to_confirm(&one_s, "lou@example.com"), None, "takes a third and no more");
        assert_eq!(
            room_to_confirm(&all(MAILBOX_MAX, "l.ou+#@example.org"), "lou@example.org"),
            Some(Full::Mailbox)
        );
    }

    #[test]
    fn strangers_who_share_a_provider_or_a_country_s_second_level_share_no_limit() {
        for (theirs, other) in [("a#@gmail.com", "lou@gmail.com"), ("a@b#.co.uk", "lou@example.co.uk")] {
            assert_eq!(room_to_confirm(&all(CALL_MAX - 1, theirs), other), None, "{other}");
            assert_eq!(room_to_confirm(&all(CALL_MAX, theirs), other), Some(Full::Call), "{other}");
        }
        assert_eq!(
            room_to_confirm(&all(DOMAIN_MAX, "a#@example.co.uk"), "lou@b.example.co.uk"),
            Some(Full::Domain)
        );
    }
}
