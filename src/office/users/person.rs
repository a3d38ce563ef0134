//! One of the team.

use rocket::{form::Form, get, post};
use serde::Serialize;
use uuid::Uuid;

use super::{Choice, done, home, person_frame, roles, state};
use crate::{
    audit::Actor,
    db::Conn,
    error::{Error, Result},
    identity::{
        Membership, Role, Staff,
        links::{self, LinkKind},
        people::{self, Changed},
        store,
    },
    locale::{Lang, text},
    office::{Html, Right, Room, crossed::Crossed, frame::At, guard::Signed},
    programme::{
        self,
        cells::Cells,
        edit::meet::{self, Seen, Theirs},
        routes::site::Query,
    },
    web::{
        form::FormState,
        guards::{RateLimited, SameOrigin},
        reply::{Private, Sent},
        typed::Typed,
    },
};

/// The boxes of organisations, in a form.
const ORGANISATION: &str = "organisation";
/// The field of the role.
const ROLE: &str = "role";

/// What `office/users_person.html` shows.
#[derive(Serialize)]
struct PersonPage {
    /// The address of this page; forms stand beneath it.
    home: String,
    team: String,
    done: Option<String>,
    email: String,
    language: &'static str,
    state: String,
    tone: &'static str,
    disabled: bool,
    /// True until they have chosen a password.
    invited: bool,
    second_step: bool,
    partner: bool,
    roles: Vec<Choice>,
    /// What the form of the role has seen.
    role_crossed: Crossed,
    /// A partner's, a programme a group.
    programmes: Vec<Organisations>,
    crossed: Crossed,
    form: FormState,
}

#[derive(Serialize)]
struct Organisations {
    title: String,
    organisations: Vec<Choice>,
}

#[get("/<lang>/office/users/<id>", rank = 5)]
pub async fn show(
    signed: Signed,
    lang: Lang,
    id: &str,
    query: Query,
    room: Room<'_>,
) -> Result<Private<Html>> {
    let staff = signed.with(Right::ManageUsers)?;
    let done = done(lang, &query);
    draw(&room, &mut room.db().await?, staff, lang, named(id)?, Shown { done, ..Shown::default() })
        .await
        .map(Private)
}

fn named(id: &str) -> Result<Uuid> {
    id.parse().map_err(|_| Error::NotFound)
}

/// How the page is shown, besides what stands in the database.
#[derive(Default)]
struct Shown {
    done: Option<String>,
    form: FormState,
    /// The organisations that are ticked, where they are not those that the person has.
    ticked: Option<Vec<Membership>>,
    /// What somebody else has changed meanwhile.
    crossed: Option<Crossed>,
    /// The role that is chosen, where it is not the one that the person has, and what somebody else made of it.
    role: Option<(Role, Crossed)>,
}

/// What two owners who say for whom somebody speaks are compared by.
fn cells(organisations: &[Membership]) -> Cells {
    let mut all: Vec<String> =
        organisations.iter().map(|one| format!("{}/{}", one.programme, one.organisation)).collect();
    all.sort();
    Cells::from([(ORGANISATION, all.join(" "))])
}

/// The same for the role.
fn role_cells(role: Role) -> Cells {
    Cells::from([(ROLE, role.code().to_owned())])
}

async fn draw(
    room: &Room<'_>,
    db: &mut Conn,
    staff: &Staff,
    lang: Lang,
    id: Uuid,
    shown: Shown,
) -> Result<Html> {
    let at = At::office(db, staff, lang, "users").await?;
    let row = store::by_id(db, id).await?.ok_or(Error::NotFound)?;
    let invitations = store::links::invitations(db).await?;
    let until = invitations.into_iter().find(|(person, _)| *person == id).map(|(_, until)| until);
    let (state, tone) = state(&row, until, lang, room.now);
    let role = row.role();
    let (programmes, crossed) = match role {
        Role::Partner => {
            let own = store::memberships(db, id).await?;
            let crossed = shown.crossed.unwrap_or_else(|| Crossed::opened(&cells(&own)));
            (organisations(db, &at, shown.ticked.as_ref().unwrap_or(&own)).await?, crossed)
        }
        Role::Owner | Role::Editor | Role::Press | Role::Desk | Role::Funder => {
            (Vec::new(), Crossed::default())
        }
    };
    let (chosen, role_crossed) = shown.role.unwrap_or_else(|| (role, Crossed::opened(&role_cells(role))));
    let body = PersonPage {
        home: format!("{}/{id}", home(lang)),
        team: home(lang),
        done: shown.done,
        email: row.email.clone(),
        language: row.lang().own_name(),
        state,
        tone,
        disabled: row.disabled_at.is_some(),
        invited: row.password.is_none() && row.disabled_at.is_none(),
        second_step: row.totp_secret.is_some(),
        partner: role == Role::Partner,
        roles: roles(lang, chosen.code()),
        role_crossed,
        programmes,
        crossed,
        form: shown.form,
    };
    room.draw(person_frame(&at, room, staff, &row), body, "office/users_person.html")
}

/// Every organisation of every programme, those of the person ticked.
async fn organisations(db: &mut Conn, at: &At, own: &[Membership]) -> Result<Vec<Organisations>> {
    let mut all = programme::store::organisations(db).await?;
    all.sort_by_cached_key(|(_, organisation)| organisation.name.to_lowercase());
    let of = |id: Uuid| {
        all.iter().filter(move |(programme, _)| *programme == id).map(move |(_, organisation)| {
            let membership = Membership { programme: id, organisation: organisation.slug.clone() };
            Choice {
                value: format!("{id}/{}", organisation.slug),
                label: organisation.name.clone(),
                chosen: own.contains(&membership),
            }
        })
    };
    let groups = at
        .programmes
        .iter()
        .map(|known| Organisations { title: known.title.clone(), organisations: of(known.id).collect() });
    Ok(groups.filter(|group| !group.organisations.is_empty()).collect())
}

#[post("/<lang>/office/users/<id>/role", data = "<typed>", rank = 5)]
pub async fn set_role(
    _same: SameOrigin,
    _limit: RateLimited,
    signed: Signed,
    lang: Lang,
    id: &str,
    typed: Form<Typed>,
    room: Room<'_>,
) -> Result<Private<Sent>> {
    let staff = signed.with(Right::ManageUsers)?;
    let id = named(id)?;
    let mut tx = room.house.pool.begin().await?;
    // Two owners at once: the second finds what the first has said.
    store::hold_owners(&mut tx).await?;
    let row = store::by_id(&mut tx, id).await?.ok_or(Error::NotFound)?;
    let changed = match Role::parse(typed.first(ROLE)) {
        Some(role) => {
            let now = role_cells(row.role());
            let theirs = meet::meet(&Seen::parse(typed.first("role_seen")), &now, &role_cells(role));
            if let [other] = theirs.as_slice() {
                let name = |code: &str| text(lang, &format!("role-{code}"), &[]);
                let said = Theirs { theirs: name(&other.theirs), typed: name(&other.typed), ..other.clone() };
                let chosen = if other.both { role } else { row.role() };
                let crossed = Crossed::met(&now, &[said], |_| text(lang, "users-role", &[]));
                let shown = Shown { role: Some((chosen, crossed)), ..Shown::default() };
                // Nobody waits for the turn to write while a page is drawn.
                tx.rollback().await?;
                return draw(&room, &mut room.db().await?, staff, lang, id, shown)
                    .await
                    .map(Sent::Crossed)
                    .map(Private);
            }
            people::set_role(&mut tx, room.house, Actor::User(staff.id), id, role, room.now).await?
        }
        None => Changed::Unknown,
    };
    if changed == Changed::Done {
        tx.commit().await?;
        // Who has just given their own role away has no business on this page any more.
        let there = if id == staff.id { format!("/{}/office", lang.code()) } else { back(lang, id, "role") };
        return Ok(Private(Sent::Done(there)));
    }
    refused(&room, &mut tx, staff, lang, id, changed).await
}

/// The page again, with why not.
async fn refused(
    room: &Room<'_>,
    db: &mut Conn,
    staff: &Staff,
    lang: Lang,
    id: Uuid,
    changed: Changed,
) -> Result<Private<Sent>> {
    let mut form = FormState::default();
    let key = match changed {
        Changed::LastOwner => "users-last-owner",
        Changed::Unknown | Changed::Done => "users-role-unknown",
    };
    form.refuse("role", text(lang, key, &[]));
    draw(room, db, staff, lang, id, Shown { form, ..Shown::default() }).await.map(Sent::Mistakes).map(Private)
}

fn back(lang: Lang, id: Uuid, done: &str) -> String {
    format!("{}/{id}?done={done}", home(lang))
}

#[post("/<lang>/office/users/<id>/organisations", data = "<typed>", rank = 5)]
pub async fn set_organisations(
    _same: SameOrigin,
    _limit: RateLimited,
    signed: Signed,
    lang: Lang,
    id: &str,
    typed: Form<Typed>,
    room: Room<'_>,
) -> Result<Private<Sent>> {
    let staff = signed.with(Right::ManageUsers)?;
    let id = named(id)?;
    let mut tx = room.house.pool.begin().await?;
    // Two owners at once: the second finds what the first has said.
    store::hold_owners(&mut tx).await?;
    store::by_id(&mut tx, id).await?.ok_or(Error::NotFound)?;
    let known = programme::store::organisations(&mut tx).await?;
    // Only what there is: nobody is made a partner of a name that somebody takes later.
    let chosen: Vec<_> = known
        .iter()
        .filter(|(programme, organisation)| {
            typed.all(ORGANISATION).contains(&format!("{programme}/{}", organisation.slug))
        })
        .map(|(programme, organisation)| Membership {
            programme: *programme,
            organisation: organisation.slug.clone(),
        })
        .collect();
    let own = store::memberships(&mut tx, id).await?;
    let now = cells(&own);
    let theirs = meet::meet(&Seen::parse(typed.first("seen")), &now, &cells(&chosen));
    if let [other] = theirs.as_slice() {
        let name = |value: &str| {
            let (_, slug) = value.split_once('/').unwrap_or_default();
            let of = known.iter().find(|(id, one)| one.slug == slug && value.starts_with(&id.to_string()));
            of.map_or_else(|| slug.to_owned(), |(_, one)| one.name.clone())
        };
        let names = |cell: &str| cell.split_whitespace().map(name).collect::<Vec<_>>().join(", ");
        let said = Theirs { theirs: names(&other.theirs), typed: names(&other.typed), ..other.clone() };
        let label = |_: &str| text(lang, "users-organisations-title", &[]);
        let shown = Shown {
            ticked: Some(if other.both { chosen } else { own }),
            crossed: Some(Crossed::met(&now, &[said], label)),
            ..Shown::default()
        };
        return draw(&room, &mut tx, staff, lang, id, shown).await.map(Sent::Crossed).map(Private);
    }
    people::set_organisations(&mut tx, room.house, Actor::User(staff.id), id, &chosen, room.now).await?;
    tx.commit().await?;
    Ok(Private(Sent::Done(back(lang, id, "organisations"))))
}

#[post("/<lang>/office/users/<id>/disabling", rank = 5)]
pub async fn disable(
    _same: SameOrigin,
    _limit: RateLimited,
    signed: Signed,
    lang: Lang,
    id: &str,
    room: Room<'_>,
) -> Result<Private<Sent>> {
    let staff = signed.with(Right::ManageUsers)?;
    let id = named(id)?;
    let mut tx = room.house.pool.begin().await?;
    match people::disable(&mut tx, room.house, Actor::User(staff.id), id, room.now).await? {
        Changed::Done => {
            tx.commit().await?;
            Ok(Private(Sent::Done(back(lang, id, "disabled"))))
        }
        Changed::Unknown => Err(Error::NotFound),
        Changed::LastOwner => refused(&room, &mut tx, staff, lang, id, Changed::LastOwner).await,
    }
}

#[post("/<lang>/office/users/<id>/enabling", rank = 5)]
pub async fn enable(
    _same: SameOrigin,
    _limit: RateLimited,
    signed: Signed,
    lang: Lang,
    id: &str,
    room: Room<'_>,
) -> Result<Private<Sent>> {
    let staff = signed.with(Right::ManageUsers)?;
    let id = named(id)?;
    let mut tx = room.house.pool.begin().await?;
    if people::enable(&mut tx, room.house, Actor::User(staff.id), id, room.now).await? == Changed::Unknown {
        return Err(Error::NotFound);
    }
    tx.commit().await?;
    Ok(Private(Sent::Done(back(lang, id, "enabled"))))
}

/// Another invitation; the one before opens nothing any more.
#[post("/<lang>/office/users/<id>/invitation", rank = 5)]
pub async fn invite_again(
    _same: SameOrigin,
    _limit: RateLimited,
    signed: Signed,
    lang: Lang,
    id: &str,
    room: Room<'_>,
) -> Result<Private<Sent>> {
    signed.with(Right::ManageUsers)?;
    let id = named(id)?;
    let mut tx = room.house.pool.begin().await?;
    let row = store::by_id(&mut tx, id).await?.ok_or(Error::NotFound)?;
    if row.password.is_none() && row.disabled_at.is_none() {
        links::send(&mut tx, room.house, &row, LinkKind::Invitation, row.lang(), room.now).await?;
        tx.commit().await?;
        room.house.mail.notify_one();
    }
    Ok(Private(Sent::Done(back(lang, id, "invited"))))
}

#[post("/<lang>/office/users/<id>/second-step-removal", rank = 5)]
pub async fn remove_second_step(
    _same: SameOrigin,
    _limit: RateLimited,
    signed: Signed,
    lang: Lang,
    id: &str,
    room: Room<'_>,
) -> Result<Private<Sent>> {
    let staff = signed.with(Right::ManageUsers)?;
    let id = named(id)?;
    // One's own is taken off with the password: a session left open is not enough.
    if id == staff.id {
        return Ok(Private(Sent::Done(format!("/{}/office/account/second-step", lang.code()))));
    }
    let mut tx = room.house.pool.begin().await?;
    store::by_id(&mut tx, id).await?.ok_or(Error::NotFound)?;
    people::remove_second_step(&mut tx, room.house, Actor::User(staff.id), id, room.now).await?;
    tx.commit().await?;
    Ok(Private(Sent::Done(back(lang, id, "second-step"))))
}
