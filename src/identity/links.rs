//! Links that let somebody in once: made, mailed, opened, used. Opening one changes nothing; only its form does.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::store::{
    self, Row,
    links::{self, LinkRow},
};
use crate::{
    db::Conn,
    error::{Error, Result},
    locale::Lang,
    mail::{self, Letter, outbox},
    registration::{desk::House, person::Email},
    tokens::{LinkKey, Purpose},
};

/// Links have no further version: each has an id of its own.
const VERSION: i64 = 1;
/// Somebody is sent such a link at most this often, however often the address is typed.
pub const SENT_AGAIN_AFTER: TimeDelta = TimeDelta::minutes(2);

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkKind {
    /// To choose a name and a password, for who is new.
    Invitation,
    /// To choose another password.
    Reset,
    /// To come in without one: partners.
    SignIn,
    /// To give the code of the second step. It is never mailed: a cookie bears it.
    Code,
}

impl LinkKind {
    fn code(self) -> &'static str {
        match self {
            LinkKind::Invitation => "invitation",
            LinkKind::Reset => "reset",
            LinkKind::SignIn => "sign_in",
            LinkKind::Code => "code",
        }
    }

    fn purpose(self) -> Purpose {
        match self {
            LinkKind::Invitation => Purpose::Invitation,
            LinkKind::Reset => Purpose::NewPassword,
            LinkKind::SignIn => Purpose::SignIn,
            LinkKind::Code => Purpose::SecondStep,
        }
    }

    /// How long it opens.
    pub fn life(self) -> TimeDelta {
        match self {
            LinkKind::Invitation => TimeDelta::days(7),
            LinkKind::Reset | LinkKind::SignIn => TimeDelta::minutes(30),
            LinkKind::Code => TimeDelta::minutes(10),
        }
    }

    /// The address of its page, below the office.
    pub fn page(self) -> &'static str {
        match self {
            LinkKind::Invitation => "invitation",
            LinkKind::Reset => "password",
            LinkKind::SignIn => "mailed-link",
            LinkKind::Code => "sign-in",
        }
    }
}

/// Makes a link for this person, and gives its token.
pub async fn make(
    db: &mut Conn,
    house: &House,
    staff: Uuid,
    kind: LinkKind,
    now: DateTime<Utc>,
) -> sqlx::Result<String> {
    let id = house.tokens.id(now);
    let (made_at, expires_at) = (now, now + kind.life());
    links::make(
        db,
        &LinkRow { id, staff_id: staff, kind: kind.code().to_owned(), made_at, expires_at, used_at: None },
    )
    .await?;
    Ok(house.key.seal(kind.purpose(), id, VERSION))
}

/// Makes a link, writes the mail that bears it into the outbox, and gives the token. Of invitations only the newest
/// opens.
pub async fn send(
    db: &mut Conn,
    house: &House,
    person: &Row,
    kind: LinkKind,
    lang: Lang,
    now: DateTime<Utc>,
) -> sqlx::Result<String> {
    if kind == LinkKind::Invitation {
        links::end_all(db, person.id, now).await?;
    }
    let token = make(db, house, person.id, kind, now).await?;
    let id = house.tokens.id(now);
    outbox::queue(db, &[letter(id, person, kind, lang, &token)], now).await?;
    Ok(token)
}

fn letter(id: Uuid, person: &Row, kind: LinkKind, lang: Lang, token: &str) -> Letter {
    let (to, name) = (&person.email, &person.name);
    match kind {
        LinkKind::Invitation => mail::invited(id, lang, to, name, token),
        LinkKind::Reset | LinkKind::Code => mail::new_password(id, lang, to, name, token),
        LinkKind::SignIn => mail::mailed_link(id, lang, to, name, token),
    }
}

/// Sends whoever has this address a link, in their own language: partners one that lets them in where that was asked
/// for, everybody else one to choose a password. Who was invited and has not come yet gets the invitation once more.
/// Whoever typed the address must not learn whether anything was sent.
pub async fn send_to(house: &House, email: &Email, asked: LinkKind) -> Result<bool> {
    let now = house.clock.now();
    let mut tx = house.pool.begin().await?;
    let person = store::by_email(&mut tx, email.as_str()).await?;
    let Some(person) = person.filter(|person| person.disabled_at.is_none()) else { return Ok(false) };
    let kind = match (asked, person.role(), &person.password) {
        (LinkKind::SignIn, super::Role::Partner, _) => LinkKind::SignIn,
        (_, _, None) => LinkKind::Invitation,
        (_, _, Some(_)) => LinkKind::Reset,
    };
    if was_sent(&mut tx, person.id, kind, now).await? {
        return Ok(false);
    }
    send(&mut tx, house, &person, kind, person.lang(), now).await?;
    tx.commit().await?;
    house.mail.notify_one();
    Ok(true)
}

/// True where this person was sent such a link a moment ago.
pub async fn was_sent(db: &mut Conn, staff: Uuid, kind: LinkKind, now: DateTime<Utc>) -> sqlx::Result<bool> {
    Ok(links::made_since(db, staff, kind.code(), now - SENT_AGAIN_AFTER).await? > 0)
}

/// A link that opens, and whom it lets in.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The link.
    pub id: Uuid,
    /// The person.
    pub person: Row,
}

/// The link of this token.
///
/// # Errors
/// [`Error::OldLink`] where it is none, of another kind, used, over, or where the person may not come in any more.
pub async fn open(
    db: &mut Conn,
    key: &LinkKey,
    token: &str,
    kind: LinkKind,
    now: DateTime<Utc>,
) -> Result<Opened> {
    let id = LinkKey::named(token).filter(|_| key.holds(token, kind.purpose(), VERSION));
    let link = links::by_id(db, id.ok_or(Error::OldLink)?).await?;
    let is_good =
        |link: &LinkRow| link.kind == kind.code() && link.used_at.is_none() && now < link.expires_at;
    let link = link.filter(is_good).ok_or(Error::OldLink)?;
    let person = store::by_id(db, link.staff_id).await?;
    let person = person.filter(|person| person.disabled_at.is_none()).ok_or(Error::OldLink)?;
    Ok(Opened { id: link.id, person })
}
