//! How people of a partner organisation come into the office: by a link that the team gives to the organisation, and
//! everybody there may use; or invited by their address. Whoever types an address learns nothing of it, and makes nobody
//! a member: only the person behind the mailbox does, by the form behind the link in their mail.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{
    Membership, Role, Staff,
    links::{self, LinkKind},
    people,
    sign_in::{self, Whence},
    store::{
        self,
        joining::{self, JoiningLink, Request},
    },
};
use crate::{
    audit::{self, Actor, Entry, Facts},
    db::Conn,
    error::{Error, Result},
    locale::Lang,
    mail::{
        self,
        outbox::{self, Deadline},
    },
    programme,
    registration::{
        desk::House,
        person::{Email, Name},
    },
    tokens::{LinkKey, Purpose},
};

/// How long an organisation's link opens.
pub const LIFE: TimeDelta = TimeDelta::days(60);
/// The most people who speak for one organisation.
pub const PEOPLE_MAX: usize = 50;
/// How long somebody has to answer from their mailbox, from when the mail left that asks, where that was held up.
pub const ANSWER_WITHIN: TimeDelta = TimeDelta::hours(24);
/// The longest that they are waited for in all, whatever becomes of the mail.
pub const ANSWER_WITHIN_MOST: TimeDelta = TimeDelta::hours(72);
/// How long a mailbox that was asked by a link is not asked by it again.
pub const ASKED_AGAIN_AFTER: TimeDelta = TimeDelta::hours(1);
/// The most who are waited for by one link, and so the most strangers' mails that it sends in a day.
pub const REQUESTS_MAX: usize = 200;
/// Links have no further version: each has an id of its own.
const VERSION: i64 = 1;

/// Makes the organisation's link; one that it had opens no more.
pub async fn renew(
    db: &mut Conn,
    house: &House,
    actor: Actor,
    of: &Membership,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    joining::revoke(db, of.programme, &of.organisation, now).await?;
    let link = JoiningLink {
        id: house.tokens.id(now),
        programme_id: of.programme,
        organisation: of.organisation.clone(),
        made_at: now,
        expires_at: now + LIFE,
        revoked_at: None,
    };
    joining::make(db, &link).await?;
    record(db, house, actor, "partner.link", of, now).await
}

/// The organisation's link opens no more. Who came by it stays.
pub async fn revoke(
    db: &mut Conn,
    house: &House,
    actor: Actor,
    of: &Membership,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    if joining::revoke(db, of.programme, &of.organisation, now).await? {
        record(db, house, actor, "partner.unlink", of, now).await?;
    }
    Ok(())
}

/// What is given to the organisation.
pub fn token(key: &LinkKey, link: &JoiningLink) -> String {
    key.seal(Purpose::Joining, link.id, VERSION)
}

/// For which organisation this token joins.
///
/// # Errors
/// [`Error::OldLink`] where it is none, over, or revoked.
pub async fn open(db: &mut Conn, key: &LinkKey, token: &str, now: DateTime<Utc>) -> Result<Membership> {
    let link = opened(db, key, token, now).await?;
    Ok(Membership { programme: link.programme_id, organisation: link.organisation })
}

async fn opened(db: &mut Conn, key: &LinkKey, token: &str, now: DateTime<Utc>) -> Result<JoiningLink> {
    let id = LinkKey::named(token).filter(|_| key.holds(token, Purpose::Joining, VERSION));
    let link = joining::by_id(db, id.ok_or(Error::OldLink)?).await?;
    link.filter(|link| is_open(link, now)).ok_or(Error::OldLink)
}

fn is_open(link: &JoiningLink, now: DateTime<Utc>) -> bool {
    link.revoked_at.is_none() && now < link.expires_at
}

/// Somebody who is to speak for an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Newcomer {
    /// Where their mail goes.
    pub email: Email,
    /// What they are called; the team may not know it.
    pub name: Option<Name>,
    /// The language of their mails.
    pub lang: Lang,
}

/// Somebody has typed an address behind an organisation's link: its mailbox is asked. Whoever works here as something else,
/// or is kept out, stays as they are and gets nothing; whoever asked must not learn which.
pub async fn ask(house: &House, newcomer: &Newcomer, token: &str) -> Result<()> {
    let now = house.clock.now();
    let mut tx = house.pool.begin().await?;
    let link = opened(&mut tx, &house.key, token, now).await?;
    let known = store::by_email(&mut tx, newcomer.email.as_str()).await?;
    if known.is_some_and(|row| row.role() != Role::Partner || row.disabled_at.is_some()) {
        return Ok(());
    }
    // Requests of this link are counted one after the other.
    programme::store::hold(&mut tx, link.programme_id).await?;
    let waiting = joining::waiting(&mut tx, link.id, now).await?;
    let was_asked = waiting
        .iter()
        .any(|one| is_of(one, &newcomer.email.mailbox()) && now - ASKED_AGAIN_AFTER < one.made_at);
    // Nobody who waits is pushed out: making room would let a link send as many mails as somebody has patience.
    if was_asked || waiting.len() >= REQUESTS_MAX {
        return Ok(());
    }
    let letter_id = house.tokens.id(now);
    let request = Request {
        id: house.tokens.id(now),
        link_id: link.id,
        email: newcomer.email.to_string(),
        name: newcomer.name.as_ref().map(|name| name.as_str().to_owned()).unwrap_or_default(),
        language: newcomer.lang.code().to_owned(),
        made_at: now,
        expires_at: now + ANSWER_WITHIN,
        letter_id: Some(letter_id),
    };
    joining::ask(&mut tx, &request).await?;
    let token = house.key.seal(Purpose::Request, request.id, VERSION);
    let letter = mail::joining(letter_id, newcomer.lang, &request.email, &token);
    outbox::queue(&mut tx, &[letter], now).await?;
    tx.commit().await?;
    house.mail.notify_one();
    Ok(())
}

fn is_of(request: &Request, mailbox: &str) -> bool {
    Email::parse(&request.email).is_ok_and(|email| email.mailbox() == mailbox)
}

/// Who is asked by the link in their mail, and for which organisation they would speak.
///
/// # Errors
/// [`Error::OldLink`] where it is none, answered or over; or where the organisation's own link opens no more.
pub async fn asked(
    db: &mut Conn,
    key: &LinkKey,
    token: &str,
    now: DateTime<Utc>,
) -> Result<(Request, Membership)> {
    let id = LinkKey::named(token).filter(|_| key.holds(token, Purpose::Request, VERSION));
    let request = joining::request(db, id.ok_or(Error::OldLink)?).await?.ok_or(Error::OldLink)?;
    if request.expires_at <= now && outbox::held_up(db, &[deadline(&request)], now).await?.is_empty() {
        return Err(Error::OldLink);
    }
    let link = joining::by_id(db, request.link_id).await?;
    let link = link.filter(|link| is_open(link, now)).ok_or(Error::OldLink)?;
    Ok((request, Membership { programme: link.programme_id, organisation: link.organisation }))
}

/// How long it is answered to, as its mail has told.
fn deadline(request: &Request) -> Deadline {
    Deadline {
        of: request.id,
        mail: request.letter_id,
        ends: request.made_at + ANSWER_WITHIN,
        most: request.made_at + ANSWER_WITHIN_MOST,
    }
}

/// The person behind the mailbox answers: they speak for the organisation from now on, and are let in.
///
/// # Errors
/// [`Error::OldLink`] as of [`asked`]; also where the organisation has no room for them, or they may not come in.
pub async fn answer(house: &House, token: &str, whence: &Whence) -> Result<sign_in::Entry> {
    let now = house.clock.now();
    let mut tx = house.pool.begin().await?;
    let (request, of) = asked(&mut tx, &house.key, token, now).await?;
    // Of two who come at once, one waits: nobody is the fifty-first.
    programme::store::hold(&mut tx, of.programme).await?;
    let draft = programme::store::frame_of(&mut tx, of.programme).await?.ok_or(Error::OldLink)?;
    let is_there = draft.organisations.iter().any(|one| one.slug == of.organisation);
    if !is_there || !joining::answered(&mut tx, request.link_id, &request.email).await? {
        return Err(Error::OldLink);
    }
    let members = store::of_organisation(&mut tx, of.programme, &of.organisation).await?;
    let is_member = members.iter().any(|row| row.email == request.email);
    if !is_member && members.len() >= PEOPLE_MAX {
        return Err(Error::OldLink);
    }
    let id = match store::by_email(&mut tx, &request.email).await? {
        Some(row) if row.role() == Role::Partner && row.disabled_at.is_none() => {
            store::join(&mut tx, row.id, &of).await?;
            row.id
        }
        Some(_) => return Err(Error::OldLink),
        None => {
            let staff = Staff {
                id: house.tokens.id(now),
                lang: Lang::parse(&request.language).unwrap_or_default(),
                email: request.email,
                name: request.name,
                role: Role::Partner,
                organisations: vec![of.clone()],
            };
            store::add(&mut tx, &staff, now).await?;
            staff.id
        }
    };
    if !is_member {
        record(&mut tx, house, Actor::User(id), "partner.join", &of, now).await?;
    }
    let person = store::by_id(&mut tx, id).await?.ok_or(Error::OldLink)?;
    let entry = sign_in::enter(&mut tx, house, &person, whence, now).await?;
    tx.commit().await?;
    Ok(entry)
}

/// The team names somebody: they speak for the organisation, and are written a mail that lets them in. Whoever works here
/// as something else, or is kept out, stays as they are and gets none; whoever asked must not learn which.
pub async fn invite(house: &House, actor: Actor, newcomer: &Newcomer, of: &Membership) -> Result<()> {
    let now = house.clock.now();
    let mut tx = house.pool.begin().await?;
    programme::store::hold(&mut tx, of.programme).await?;
    let known = store::by_email(&mut tx, newcomer.email.as_str()).await?;
    if store::of_organisation(&mut tx, of.programme, &of.organisation).await?.len() >= PEOPLE_MAX {
        return Ok(());
    }
    match known {
        None => {
            let staff = staff(house, newcomer, of, now);
            people::invite(&mut tx, house, actor, &staff, now).await?;
        }
        Some(row) if row.role() == Role::Partner && row.disabled_at.is_none() => {
            if !store::memberships(&mut tx, row.id).await?.contains(of) {
                store::join(&mut tx, row.id, of).await?;
                record(&mut tx, house, actor, "partner.join", of, now).await?;
            }
            if !links::was_sent(&mut tx, row.id, LinkKind::SignIn, now).await? {
                links::send(&mut tx, house, &row, LinkKind::SignIn, row.lang(), now).await?;
            }
        }
        Some(_) => return Ok(()),
    }
    tx.commit().await?;
    house.mail.notify_one();
    Ok(())
}

/// Memberships and links end with their organisation: whoever has one of a programme that is none of `kept`, its slugs,
/// has it no more. One of that name that comes later is another one. The caller commits.
pub async fn end_gone(
    db: &mut Conn,
    house: &House,
    actor: Actor,
    programme: Uuid,
    kept: &[&str],
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    for organisation in joining::organisations(db, programme).await? {
        if kept.contains(&organisation.as_str()) {
            continue;
        }
        let of = Membership { programme, organisation };
        joining::revoke(db, of.programme, &of.organisation, now).await?;
        let people = joining::leave(db, of.programme, &of.organisation).await?;
        let subject = audit::subject("organisation", &of.organisation);
        let entry = Entry::new(&house.tokens, now, actor, "partner.end", subject).of(programme);
        let entry = entry.facts(Facts::default().with("people", people), Facts::default());
        audit::record(db, &entry).await?;
    }
    Ok(())
}

/// The same for every programme, whatever took an organisation away; forgets requests that are over.
pub async fn tidy(db: &mut Conn, house: &House, now: DateTime<Utc>) -> sqlx::Result<()> {
    let over: Vec<Deadline> = joining::over(db, now).await?.iter().map(deadline).collect();
    for (request, until) in outbox::held_up(db, &over, now).await? {
        joining::hold_on(db, request, until).await?;
    }
    joining::forget_requests(db, now).await?;
    for programme in joining::programmes(db).await? {
        let Some(draft) = programme::store::frame_of(db, programme).await? else { continue };
        let kept: Vec<&str> = draft.organisations.iter().map(|one| one.slug.as_str()).collect();
        end_gone(db, house, Actor::House, programme, &kept, now).await?;
    }
    Ok(())
}

fn staff(house: &House, newcomer: &Newcomer, of: &Membership, now: DateTime<Utc>) -> Staff {
    Staff {
        id: house.tokens.id(now),
        email: newcomer.email.to_string(),
        name: newcomer.name.as_ref().map(|name| name.as_str().to_owned()).unwrap_or_default(),
        lang: newcomer.lang,
        role: Role::Partner,
        organisations: vec![of.clone()],
    }
}

async fn record(
    db: &mut Conn,
    house: &House,
    actor: Actor,
    action: &'static str,
    of: &Membership,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let subject = audit::subject("organisation", &of.organisation);
    audit::record(db, &Entry::new(&house.tokens, now, actor, action, subject).of(of.programme)).await
}

/// The links of a programme, by organisation.
pub async fn of_programme(db: &mut Conn, programme: Uuid) -> sqlx::Result<Vec<JoiningLink>> {
    joining::of_programme(db, programme).await
}

/// Whether anybody of that address has asked to join, and has not answered yet.
pub async fn has_asked(db: &mut Conn, email: &str) -> sqlx::Result<bool> {
    joining::has_asked(db, email).await
}

/// Forgets that anybody of that address has asked to join. False where nobody had. The caller commits.
pub async fn forget(db: &mut Conn, email: &str) -> sqlx::Result<bool> {
    joining::forget(db, email).await
}

/// Forgets who has asked to join an organisation of that programme. The caller commits.
pub async fn forget_programme(db: &mut Conn, programme: Uuid) -> sqlx::Result<()> {
    joining::forget_programme(db, programme).await
}
