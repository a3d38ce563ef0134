//! Who speaks for which organisation: the link that each can be given, who has come by it, and inviting by address.

use std::collections::HashMap;

use rocket::{form::Form as Posted, get, post};
use serde::Serialize;
use uuid::Uuid;

use super::{open, words};
use crate::{
    audit::Actor,
    error::{Error, Result},
    identity::{
        Membership,
        joining::{self, Newcomer},
        store as people,
    },
    locale::{self, Lang, text},
    office::{
        Html, Right, Room,
        draft::{Here, form::OptionView},
        guard::Signed,
    },
    programme::routes::site::Query,
    registration::person::Email,
    web::{
        form::FormState,
        guards::{RateLimited, SameOrigin},
        reply::{Private, Sent},
        typed::Typed,
    },
};

/// People of one organisation whom the page names.
const NAMED_MAX: usize = 10;

/// What `office/proposals/partners.html` shows.
#[derive(Serialize)]
struct PartnersPage {
    home: String,
    list: String,
    done: Option<String>,
    organisations: Vec<Line>,
    form: FormState,
    choices: Vec<OptionView>,
    languages: Vec<OptionView>,
}

/// An organisation.
#[derive(Serialize)]
struct Line {
    slug: String,
    name: String,
    people: Vec<String>,
    more: usize,
    /// What is given to it, where it has a link that opens.
    address: Option<String>,
    until: String,
    /// The link's time is over.
    over: bool,
}

#[get("/<lang>/office/<slug>/proposals/partners", rank = 6)]
pub async fn show(
    signed: Signed,
    lang: Lang,
    slug: &str,
    query: Query,
    room: Room<'_>,
) -> Result<Private<Html>> {
    let here = open(&room, &signed, Right::Review, lang, slug).await?;
    let words = ["link", "revoked", "invited"].into_iter().find(|known| *known == query.value("done"));
    let done = words.map(|word| text(lang, &format!("partners-done-{word}"), &[]));
    let mut form = FormState::default();
    form.set("language", lang.code());
    draw(&here, done, form).await.map(Private)
}

async fn draw(here: &Here<'_>, done: Option<String>, form: FormState) -> Result<Html> {
    let (lang, room) = (here.lang(), here.room);
    let mut db = room.db().await?;
    let names: HashMap<Uuid, people::Row> =
        people::all(&mut db).await?.into_iter().map(|row| (row.id, row)).collect();
    let mut of: HashMap<String, Vec<String>> = HashMap::new();
    for (person, programme, organisation) in people::all_memberships(&mut db).await? {
        let row = names.get(&person).filter(|row| row.disabled_at.is_none());
        if let Some(row) = row.filter(|_| programme == here.known.id) {
            let name =
                if row.name.is_empty() { row.email.clone() } else { format!("{} ({})", row.name, row.email) };
            of.entry(organisation).or_default().push(name);
        }
    }
    let links = joining::of_programme(&mut db, here.known.id).await?;
    drop(db);
    let zone = here.draft.programme.timezone;
    let line = |slug: &str, name: &str| {
        let mut people = of.remove(slug).unwrap_or_default();
        people.sort();
        let more = people.len().saturating_sub(NAMED_MAX);
        people.truncate(NAMED_MAX);
        let link = links.iter().find(|link| link.organisation == slug);
        let opens = link.filter(|link| room.now < link.expires_at);
        let token = opens.map(|link| joining::token(&room.house.key, link));
        Line {
            slug: slug.to_owned(),
            name: name.to_owned(),
            people,
            more,
            address: token
                .map(|token| format!("{}/{}/office/join/{token}", room.settings.base_url, lang.code())),
            until: opens
                .map(|link| locale::date(lang, link.expires_at.with_timezone(&zone).date_naive()))
                .unwrap_or_default(),
            over: link.is_some() && opens.is_none(),
        }
    };
    let mut organisations: Vec<(&str, &str)> =
        here.draft.organisations.iter().map(|one| (one.slug.as_str(), one.name.as_str())).collect();
    organisations.sort_by_key(|(_, name)| crate::programme::import::plain(name));
    let mut line = line;
    let body = PartnersPage {
        home: here.href("/proposals/partners"),
        list: here.href("/proposals"),
        done,
        choices: words::organisations(&organisations, form.value("organisation")),
        organisations: organisations.iter().map(|(slug, name)| line(slug, name)).collect(),
        languages: Lang::ALL
            .map(|one| OptionView {
                value: one.code().to_owned(),
                label: one.own_name().to_owned(),
                chosen: form.value("language") == one.code(),
            })
            .into(),
        form,
    };
    let layout = here.frame("/proposals/partners", here.say("partners-title"));
    room.draw(layout, body, "office/proposals/partners.html")
}

/// The organisation of that slug in this programme.
fn membership(here: &Here<'_>, organisation: &str) -> Option<Membership> {
    let known = here.draft.organisations.iter().find(|one| one.slug == organisation)?;
    Some(Membership { programme: here.known.id, organisation: known.slug.clone() })
}

#[post("/<lang>/office/<slug>/proposals/partners/<organisation>/link", rank = 6)]
pub async fn renew(
    _same: SameOrigin,
    signed: Signed,
    lang: Lang,
    slug: &str,
    organisation: &str,
    room: Room<'_>,
) -> Result<Private<Sent>> {
    change(&signed, &room, lang, (slug, organisation), Link::Another).await
}

#[post("/<lang>/office/<slug>/proposals/partners/<organisation>/revocation", rank = 6)]
pub async fn revoke(
    _same: SameOrigin,
    signed: Signed,
    lang: Lang,
    slug: &str,
    organisation: &str,
    room: Room<'_>,
) -> Result<Private<Sent>> {
    change(&signed, &room, lang, (slug, organisation), Link::None).await
}

/// What an organisation has afterwards.
#[derive(Clone, Copy)]
enum Link {
    Another,
    None,
}

async fn change(
    signed: &Signed,
    room: &Room<'_>,
    lang: Lang,
    (slug, organisation): (&str, &str),
    link: Link,
) -> Result<Private<Sent>> {
    let here = open(room, signed, Right::Review, lang, slug).await?;
    let of = membership(&here, organisation).ok_or(Error::NotFound)?;
    let (house, actor, now) = (room.house, Actor::User(here.staff.id), room.now);
    let mut tx = house.pool.begin().await?;
    let done = match link {
        Link::Another => {
            joining::renew(&mut tx, house, actor, &of, now).await?;
            "link"
        }
        Link::None => {
            joining::revoke(&mut tx, house, actor, &of, now).await?;
            "revoked"
        }
    };
    tx.commit().await?;
    Ok(Private(Sent::Done(here.href(&format!("/proposals/partners?done={done}")))))
}

#[post("/<lang>/office/<slug>/proposals/partners/invitations", data = "<typed>", rank = 6)]
pub async fn invite(
    _same: SameOrigin,
    _limit: RateLimited,
    signed: Signed,
    lang: Lang,
    slug: &str,
    typed: Posted<Typed>,
    room: Room<'_>,
) -> Result<Private<Sent>> {
    let here = open(&room, &signed, Right::Review, lang, slug).await?;
    let mut form = FormState::default();
    for field in ["email", "organisation", "language"] {
        form.set(field, typed.first(field));
    }
    let of = membership(&here, typed.first("organisation"));
    if of.is_none() {
        form.refuse("organisation", text(lang, "partners-organisation-unknown", &[]));
    }
    let email =
        Email::parse(typed.first("email")).map_err(|why| form.refuse("email", text(lang, why.key(), &[])));
    let (Some(of), Ok(email)) = (of, email) else {
        return draw(&here, None, form).await.map(Sent::Mistakes).map(Private);
    };
    let newcomer = Newcomer { email, name: None, lang: Lang::parse(typed.first("language")).unwrap_or(lang) };
    // The same answer for everybody: editors do not learn here who else works in the house.
    joining::invite(room.house, Actor::User(here.staff.id), &newcomer, &of).await?;
    Ok(Private(Sent::Done(here.href("/proposals/partners?done=invited"))))
}
