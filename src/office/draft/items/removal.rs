//! Taking away a theme, a place, an organisation that no session bears; a release to the press.

use rocket::{get, post};
use serde::Serialize;

use super::{
    Area,
    logged::{differing, removed},
    right, sessions_href,
};
use crate::{
    error::{Error, Result},
    locale::{Lang, text},
    office::{
        Html, Room,
        draft::{
            Answer, Here,
            save::{Held, Line},
        },
        guard::Signed,
    },
    programme::edit::frame::{self, Kind},
    web::{guards::SameOrigin, reply::Private},
};

/// What `office/draft_removal.html` shows.
#[derive(Serialize)]
struct RemovalPage {
    kind: &'static str,
    name: String,
    /// Sessions that bear it: then it stays.
    borne: Vec<String>,
    sessions_href: String,
    action: String,
    back: String,
}

#[get("/<lang>/office/<slug>/<area>/<item>/removal", rank = 8)]
pub async fn show(
    signed: Signed,
    lang: Lang,
    slug: &str,
    area: Area,
    item: &str,
    room: Room<'_>,
) -> Result<Private<Html>> {
    let kind = area.0;
    let here = Here::open(&room, &signed, right(kind), lang, slug, kind.code()).await?;
    draw_removal(&here, kind, item).map(Private)
}

#[post("/<lang>/office/<slug>/<area>/<item>/removal", rank = 8)]
pub async fn remove(
    _same: SameOrigin,
    signed: Signed,
    lang: Lang,
    slug: &str,
    area: Option<Area>,
    item: &str,
    room: Room<'_>,
) -> Result<Private<Answer>> {
    let kind = area.ok_or(Error::NotFound)?.0;
    let here = Here::open(&room, &signed, right(kind), lang, slug, kind.code()).await?;
    kind.cells(&here.draft, item).ok_or(Error::NotFound)?;
    let mut held = Held::hold(&here).await?;
    match frame::remove(&held.draft, kind, item) {
        Ok(after) => {
            let (was, is) = differing(kind, item, &held.draft, &after);
            let line = Line { action: removed(kind), kind: kind.one(), slug: item, was, is };
            held.frame(&after, line).await?;
            held.commit().await?;
            Ok(Private(Answer::done(here.href(&format!("/{}?done=removed", kind.code())))))
        }
        Err(_) => {
            held.leave().await?;
            draw_removal(&here, kind, item).map(Answer::mistakes).map(Private)
        }
    }
}

fn draw_removal(here: &Here<'_>, kind: Kind, item: &str) -> Result<Html> {
    let names = kind.names(&here.draft);
    let (_, name) = names.iter().find(|(slug, _)| *slug == item).ok_or(Error::NotFound)?;
    let borne = kind.borne_by(&here.draft, item);
    let title = |slug: &String| {
        let found = here.draft.sessions.iter().find(|one| one.session.slug == *slug);
        found.map_or_else(|| slug.clone(), |one| one.session.title.clone())
    };
    let below = format!("/{}/{item}", kind.code());
    let body = RemovalPage {
        kind: kind.one(),
        name: (*name).to_owned(),
        borne: borne.iter().map(title).collect(),
        sessions_href: sessions_href(here, kind, item),
        action: here.href(&format!("{below}/removal")),
        back: here.href(&below),
    };
    let title = text(here.lang(), "office-draft-removal", &[("name", (*name).into())]);
    here.room.draw(here.frame(&format!("{below}/removal"), title), body, "office/draft_removal.html")
}
