//! Themes, places, organisations and releases to the press: a form for each kind, and a list ([`list`]).

pub mod list;
mod logged;
mod press;
pub mod removal;

use rocket::{form::Form as Posted, get, post, request::FromParam};
use serde::Serialize;

pub use self::press::press_in_language;
use self::{
    logged::{added, changed, differing},
    press::Told,
};
use super::{
    Answer, Here,
    fields::{NEW_ORGANISATION, NEW_PLACE, NEW_PRESS, NEW_THEME, ORGANISATION, PLACE, PRESS, THEME},
    form::{Draw, Form, FormView, Preview},
    save::{Held, Line},
};
use crate::{
    error::{Error, Result},
    locale::{Lang, text},
    office::{Html, Right, Room, guard::Signed},
    programme::{
        Draft, PressRelease,
        cells::Cells,
        edit::{
            Mistake,
            frame::{self, Kind},
            meet::{self, Seen, Theirs},
        },
        press::missing,
        routes::site::Query,
    },
    web::{
        guards::SameOrigin,
        reply::{Private, Sent},
        typed::Typed,
    },
};

/// `themes`, `places`, `organisations`, `press` in an address. Where a form is sent it is optional: what Rocket refuses
/// by itself is 422, and an address that we do not have is 404.
pub struct Area(Kind);

impl<'a> FromParam<'a> for Area {
    type Error = &'a str;

    fn from_param(param: &'a str) -> Result<Area, &'a str> {
        Kind::ALL.into_iter().find(|kind| kind.code() == param).map(Area).ok_or(param)
    }
}

fn form(kind: Kind) -> &'static Form {
    match kind {
        Kind::Theme => &THEME,
        Kind::Place => &PLACE,
        Kind::Organisation => &ORGANISATION,
        Kind::Press => &PRESS,
    }
}

fn new_form(kind: Kind) -> &'static Form {
    match kind {
        Kind::Theme => &NEW_THEME,
        Kind::Place => &NEW_PLACE,
        Kind::Organisation => &NEW_ORGANISATION,
        Kind::Press => &NEW_PRESS,
    }
}

/// What it takes to change one.
fn right(kind: Kind) -> Right {
    match kind {
        Kind::Theme | Kind::Place | Kind::Organisation => Right::EditDraft,
        Kind::Press => Right::WritePress,
    }
}

/// What `office/draft_item.html` shows.
#[derive(Serialize)]
struct ItemPage {
    kind: &'static str,
    form: FormView,
    action: String,
    back: String,
    /// Where it can be taken away; none where sessions bear it.
    removal: Option<String>,
    /// « 12 sessions »; empty for a new one, and for what sessions do not bear.
    sessions: String,
    sessions_href: String,
    slug: String,
    press: Option<Told>,
    done: Option<&'static str>,
}

/// How a form is shown.
struct Shown<'a> {
    typed: &'a Typed,
    seen: Seen,
    mistakes: &'a [Mistake],
    theirs: &'a [Theirs],
    preview: Preview,
}

impl<'a> Shown<'a> {
    fn of(typed: &'a Typed, seen: Seen, preview: Preview) -> Shown<'a> {
        Shown { typed, seen, mistakes: &[], theirs: &[], preview }
    }
}

fn done(query: &Query) -> Option<&'static str> {
    let said = query.pairs().find(|(name, _)| *name == "done").map(|(_, what)| what);
    ["saved", "added", "there", "removed", "same"].into_iter().find(|known| Some(*known) == said)
}

fn told(here: &Here<'_>, kind: Kind, slug: &str, missing: &[(&PressRelease, &str)]) -> Option<Told> {
    match kind {
        Kind::Theme | Kind::Place | Kind::Organisation => None,
        Kind::Press => press::told(here, slug, missing),
    }
}

fn sessions(lang: Lang, draft: &Draft, kind: Kind, slug: &str) -> String {
    if kind == Kind::Press {
        return String::new();
    }
    let count = i64::try_from(kind.borne_by(draft, slug).len()).unwrap_or(i64::MAX);
    text(lang, "office-draft-count", &[("n", count.into())])
}

fn sessions_href(here: &Here<'_>, kind: Kind, slug: &str) -> String {
    let name = match kind {
        Kind::Theme => "theme",
        Kind::Place => "place",
        Kind::Organisation => "org",
        Kind::Press => return String::new(),
    };
    here.href(&format!("/sessions?{name}={slug}&state=all"))
}

#[get("/<lang>/office/<slug>/<area>/<item>", rank = 8)]
pub async fn show(
    signed: Signed,
    lang: Lang,
    slug: &str,
    area: Area,
    item: &str,
    query: Query,
    room: Room<'_>,
) -> Result<Private<Html>> {
    let kind = area.0;
    let here = Here::open(&room, &signed, right(kind), lang, slug, kind.code()).await?;
    let cells = kind.cells(&here.draft, item).ok_or(Error::NotFound)?;
    let typed = form(kind).fill(&cells);
    let shown = Shown::of(&typed, Seen::of(&cells), Preview::Hidden);
    draw(&here, kind, item, &shown, done(&query)).map(Private)
}

#[post("/<lang>/office/<slug>/<area>/<item>", data = "<sent>", rank = 8)]
#[expect(clippy::too_many_arguments, reason = "what the address, the form and the guards say")]
pub async fn send(
    _same: SameOrigin,
    signed: Signed,
    lang: Lang,
    slug: &str,
    area: Option<Area>,
    item: &str,
    sent: Posted<Typed>,
    room: Room<'_>,
) -> Result<Private<Answer>> {
    let kind = area.ok_or(Error::NotFound)?.0;
    let mut here = Here::open(&room, &signed, right(kind), lang, slug, kind.code()).await?;
    kind.cells(&here.draft, item).ok_or(Error::NotFound)?;
    let form = form(kind);
    let seen = Seen::parse(sent.first("seen"));
    if sent.first("act") == "preview" {
        let shown = Shown::of(&sent, seen, Preview::Shown);
        return draw(&here, kind, item, &shown, None).map(Answer::Page).map(Private);
    }
    let said = form.read(&sent);
    let mut held = Held::hold(&here).await?;
    let now = kind.cells(&held.draft, item).ok_or(Error::NotFound)?;
    let theirs = meet::meet(&seen, &now, &said);
    let mistakes = match frame::put(&held.draft, kind, Some(item), &said) {
        _ if !theirs.is_empty() => Vec::new(),
        Ok((after, _)) => {
            let what = if after == held.draft { "same" } else { "saved" };
            let (was, is) = differing(kind, item, &held.draft, &after);
            let line = Line { action: changed(kind), kind: kind.one(), slug: item, was, is };
            held.frame(&after, line).await?;
            held.commit().await?;
            return Ok(Private(Answer::done(here.href(&format!("/{}/{item}?done={what}", kind.code())))));
        }
        Err(mistakes) => mistakes,
    };
    let draft = held.draft.clone();
    held.leave().await?;
    here.draft = draft;
    let crossed = !theirs.is_empty();
    let typed = form.met(&sent, &theirs);
    let seen = if crossed { Seen::of(&now) } else { seen };
    let shown = Shown { mistakes: &mistakes, theirs: &theirs, ..Shown::of(&typed, seen, Preview::Hidden) };
    let html = draw(&here, kind, item, &shown, None)?;
    Ok(Private(if crossed { Answer::Sent(Sent::Crossed(html)) } else { Answer::mistakes(html) }))
}

#[get("/<lang>/office/<slug>/new/<area>", rank = 7)]
pub async fn show_new(
    signed: Signed,
    lang: Lang,
    slug: &str,
    area: Area,
    query: Query,
    room: Room<'_>,
) -> Result<Private<Html>> {
    let kind = area.0;
    let here = Here::open(&room, &signed, right(kind), lang, slug, kind.code()).await?;
    let begun = match kind {
        Kind::Theme | Kind::Place | Kind::Organisation => Cells::default(),
        Kind::Press => press::begun(&here, &query),
    };
    let typed = new_form(kind).fill(&begun);
    draw_new(&here, kind, &Shown::of(&typed, Seen::default(), Preview::Hidden)).map(Private)
}

#[post("/<lang>/office/<slug>/<area>", data = "<sent>", rank = 8)]
pub async fn send_new(
    _same: SameOrigin,
    signed: Signed,
    lang: Lang,
    slug: &str,
    area: Option<Area>,
    sent: Posted<Typed>,
    room: Room<'_>,
) -> Result<Private<Answer>> {
    let kind = area.ok_or(Error::NotFound)?.0;
    let here = Here::open(&room, &signed, right(kind), lang, slug, kind.code()).await?;
    if sent.first("act") == "preview" {
        let shown = Shown::of(&sent, Seen::default(), Preview::Shown);
        return draw_new(&here, kind, &shown).map(Answer::Page).map(Private);
    }
    let said = new_form(kind).read(&sent);
    let done = |what: &str| Private(Answer::done(here.href(&format!("/{}?done={what}", kind.code()))));
    let mut held = Held::hold(&here).await?;
    if frame::same(&held.draft, kind, &said).is_some() {
        // Sent twice, or entered by somebody else in the very same words: this form has added nothing.
        held.leave().await?;
        return Ok(done("there"));
    }
    match frame::put(&held.draft, kind, None, &said) {
        Ok((after, item)) => {
            let (was, is) = differing(kind, &item, &held.draft, &after);
            let line = Line { action: added(kind), kind: kind.one(), slug: &item, was, is };
            held.frame(&after, line).await?;
            held.commit().await?;
            Ok(done("added"))
        }
        Err(mistakes) => {
            held.leave().await?;
            let shown = Shown { mistakes: &mistakes, ..Shown::of(&sent, Seen::default(), Preview::Hidden) };
            draw_new(&here, kind, &shown).map(Answer::mistakes).map(Private)
        }
    }
}

fn drawn<'d>(here: &'d Here<'_>, shown: &'d Shown<'_>) -> Draw<'d> {
    Draw {
        lang: here.lang(),
        draft: &here.draft,
        typed: shown.typed,
        seen: shown.seen.clone(),
        mistakes: shown.mistakes,
        theirs: shown.theirs,
        preview: shown.preview,
    }
}

fn draw(
    here: &Here<'_>,
    kind: Kind,
    item: &str,
    shown: &Shown<'_>,
    done: Option<&'static str>,
) -> Result<Html> {
    let names = kind.names(&here.draft);
    let (_, name) = names.iter().find(|(slug, _)| *slug == item).ok_or(Error::NotFound)?;
    let below = format!("/{}/{item}", kind.code());
    let body = ItemPage {
        kind: kind.one(),
        form: form(kind).view(&drawn(here, shown)),
        action: here.href(&below),
        back: here.href(&format!("/{}", kind.code())),
        removal: Some(here.href(&format!("{below}/removal"))),
        sessions: sessions(here.lang(), &here.draft, kind, item),
        sessions_href: sessions_href(here, kind, item),
        slug: item.to_owned(),
        press: told(here, kind, item, &missing(&here.draft)),
        done,
    };
    here.room.draw(here.frame(&below, *name), body, "office/draft_item.html")
}

fn draw_new(here: &Here<'_>, kind: Kind, shown: &Shown<'_>) -> Result<Html> {
    let body = ItemPage {
        kind: kind.one(),
        form: new_form(kind).view(&drawn(here, shown)),
        action: here.href(&format!("/{}", kind.code())),
        back: here.href(&format!("/{}", kind.code())),
        removal: None,
        sessions: String::new(),
        sessions_href: String::new(),
        slug: String::new(),
        press: None,
        done: None,
    };
    let title = text(here.lang(), &format!("office-draft-new-{}", kind.one()), &[]);
    here.room.draw(here.frame(&format!("/new/{}", kind.code()), title), body, "office/draft_item.html")
}
