//! One session: its form, a new one's, and when it is alone.

use rocket::{form::Form as Posted, get, post};
use serde::Serialize;

use super::{
    Answer, Here,
    again::{self, KEY},
    brought::{self, ClashView},
    fields::{NEW_SESSION, SESSION, TIME},
    form::{Draw, Form, FormView, Preview},
    save::Held,
    view::{self, Pill, Remark},
};
use crate::{
    error::Result,
    locale::Lang,
    office::{Html, Right, Room, guard::Signed},
    programme::{
        DraftSession,
        clashes::{self, Clash},
        edit::{
            self, Mistake,
            meet::{self, Seen, Theirs},
        },
        routes::site::Query,
    },
    web::{
        guards::SameOrigin,
        reply::{Private, Sent},
        typed::Typed,
    },
};

/// What `office/draft_session.html` shows.
#[derive(Serialize)]
struct SessionPage {
    form: FormView,
    action: String,
    back: String,
    /// Empty for a new one.
    slug: String,
    /// What a new one is known by when its form is sent again.
    key: String,
    pills: Vec<Pill>,
    warnings: Vec<String>,
    clashes: ClashView,
    /// The public page, where there is one.
    public: Option<String>,
    /// What else can be done with it.
    acts: Vec<Act>,
    /// People who have a seat, and who wait, where it is published.
    seats: Option<Numbers>,
    /// What has just been done: a message key's end.
    done: Option<&'static str>,
    colours: String,
}

#[derive(Serialize)]
struct Act {
    name: &'static str,
    href: String,
}

#[derive(Serialize)]
struct Numbers {
    taken: i64,
    waiting: i64,
}

/// How a form comes back.
struct Again<'a> {
    typed: &'a Typed,
    seen: Seen,
    mistakes: &'a [Mistake],
    theirs: &'a [Theirs],
    clashes: ClashView,
    preview: Preview,
}

#[get("/<lang>/office/<slug>/sessions/<session>", rank = 6)]
pub async fn show(
    signed: Signed,
    lang: Lang,
    slug: &str,
    session: &str,
    query: Query,
    room: Room<'_>,
) -> Result<Private<Html>> {
    first(&signed, lang, slug, session, &query, &room, &SESSION).await
}

#[get("/<lang>/office/<slug>/sessions/<session>/time", rank = 6)]
pub async fn show_time(
    signed: Signed,
    lang: Lang,
    slug: &str,
    session: &str,
    query: Query,
    room: Room<'_>,
) -> Result<Private<Html>> {
    first(&signed, lang, slug, session, &query, &room, &TIME).await
}

#[post("/<lang>/office/<slug>/sessions/<session>", data = "<sent>", rank = 6)]
pub async fn send(
    _same: SameOrigin,
    signed: Signed,
    lang: Lang,
    slug: &str,
    session: &str,
    sent: Posted<Typed>,
    room: Room<'_>,
) -> Result<Private<Answer>> {
    change(&signed, lang, slug, session, &sent, &room, &SESSION).await
}

#[post("/<lang>/office/<slug>/sessions/<session>/time", data = "<sent>", rank = 6)]
pub async fn send_time(
    _same: SameOrigin,
    signed: Signed,
    lang: Lang,
    slug: &str,
    session: &str,
    sent: Posted<Typed>,
    room: Room<'_>,
) -> Result<Private<Answer>> {
    change(&signed, lang, slug, session, &sent, &room, &TIME).await
}

async fn first(
    signed: &Signed,
    lang: Lang,
    slug: &str,
    session: &str,
    query: &Query,
    room: &Room<'_>,
    form: &Form,
) -> Result<Private<Html>> {
    let here = Here::open(room, signed, Right::EditDraft, lang, slug, "sessions").await?;
    let cells = edit::cells_of(here.session(session)?);
    let again = Again {
        typed: &form.fill(&cells),
        seen: Seen::of(&cells),
        mistakes: &[],
        theirs: &[],
        clashes: ClashView::default(),
        preview: Preview::Hidden,
    };
    let done = query.pairs().find(|(name, _)| *name == "done").and_then(|(_, what)| {
        ["saved", "same", "added", "copied", "cancelled", "back", "withdrawn"]
            .into_iter()
            .find(|known| *known == what)
    });
    draw(&here, form, session, &again, done).map(Private)
}

async fn change(
    signed: &Signed,
    lang: Lang,
    slug: &str,
    session: &str,
    sent: &Typed,
    room: &Room<'_>,
    form: &Form,
) -> Result<Private<Answer>> {
    let mut here = Here::open(room, signed, Right::EditDraft, lang, slug, "sessions").await?;
    let said = form.read(sent);
    let seen = Seen::parse(sent.first("seen"));
    if sent.first("act") == "preview" {
        let again = Again::typed(sent, seen, Preview::Shown);
        return draw(&here, form, session, &again, None).map(Answer::Page).map(Private);
    }
    let mut held = Held::hold(&here).await?;
    let before = held.session(session)?.clone();
    let now = edit::cells_of(&before);
    let theirs = meet::meet(&seen, &now, &said);
    let decided = match edit::change(&held.draft, session, &said) {
        _ if !theirs.is_empty() => Err(Vec::new()),
        decided => decided,
    };
    let clashes = match &decided {
        Ok(after) => brought::by(lang, &held.draft, std::slice::from_ref(after)),
        Err(_) => ClashView::default(),
    };
    match decided {
        Ok(after) if clashes.is_told(sent.first("clashes")) => {
            let done = if after == before { "same" } else { "saved" };
            let action = if form.groups.len() == 1 { "session.move" } else { "session.change" };
            held.change(action, &after).await?;
            held.commit().await?;
            Ok(Private(Answer::done(here.href(&format!("/sessions/{session}?done={done}")))))
        }
        decided => {
            let draft = held.draft.clone();
            held.leave().await?;
            here.draft = draft;
            let mistakes = decided.err().unwrap_or_default();
            let shown = form.met(sent, &theirs);
            let crossed = !theirs.is_empty();
            let seen = if crossed { Seen::of(&now) } else { seen };
            let again = Again {
                typed: &shown,
                seen,
                mistakes: &mistakes,
                theirs: &theirs,
                clashes,
                preview: Preview::Hidden,
            };
            let html = draw(&here, form, session, &again, None)?;
            Ok(Private(if crossed { Answer::Sent(Sent::Crossed(html)) } else { Answer::mistakes(html) }))
        }
    }
}

impl<'a> Again<'a> {
    fn typed(typed: &'a Typed, seen: Seen, preview: Preview) -> Again<'a> {
        Again { typed, seen, mistakes: &[], theirs: &[], clashes: ClashView::default(), preview }
    }
}

fn draw(
    here: &Here<'_>,
    form: &Form,
    slug: &str,
    again: &Again<'_>,
    done: Option<&'static str>,
) -> Result<Html> {
    let session = here.session(slug)?;
    let lang = here.lang();
    let release = here.published.as_ref().map(|published| &published.release);
    let released = view::released(release);
    let stands = view::stands(session, released.get(&session.session.id));
    let clashes = clashes::of(&here.draft);
    let own: Vec<&Clash> = clashes.iter().filter(|clash| clash.concerns(slug)).collect();
    let remarks = view::remarks(&here.draft, session, &own, here.room.now);
    let words = |remark: &Remark<'_>| view::remark_words(lang, &here.draft, slug, remark);
    let is_time = form.groups.len() == 1;
    let below = format!("/sessions/{slug}{}", if is_time { "/time" } else { "" });
    let is_public = released
        .get(&session.session.id)
        .is_some_and(|one| one.status != crate::programme::Status::Withdrawn);
    let public = is_public.then(|| format!("/{}/{}/sessions/{slug}", lang.code(), here.known.slug));
    let body = SessionPage {
        form: form.view(&drawn(here, again)),
        action: here.href(&below),
        back: if is_time { here.href(&format!("/sessions/{slug}")) } else { here.href("/sessions") },
        slug: slug.to_owned(),
        key: String::new(),
        pills: view::pills(lang, session, stands),
        warnings: remarks.iter().map(words).collect(),
        clashes: again.clashes.clone(),
        public,
        acts: if is_time { Vec::new() } else { acts(here, session, stands) },
        seats: (here.room.house.board.seat(session.session.id))
            .map(|seat| Numbers { taken: seat.taken, waiting: seat.waiting }),
        done,
        colours: here.colours(),
    };
    let layout = here.frame(&below, session.session.title.clone());
    here.room.draw(layout, body, "office/draft_session.html")
}

fn drawn<'d>(here: &'d Here<'_>, again: &'d Again<'_>) -> Draw<'d> {
    Draw {
        lang: here.lang(),
        draft: &here.draft,
        typed: again.typed,
        seen: again.seen.clone(),
        mistakes: again.mistakes,
        theirs: again.theirs,
        preview: again.preview,
    }
}

fn acts(here: &Here<'_>, session: &DraftSession, stands: view::Stands) -> Vec<Act> {
    super::acts::Act::of(session, stands)
        .into_iter()
        .map(|act| Act {
            name: act.code(),
            href: here.href(&format!("/sessions/{}/{}", session.session.slug, act.code())),
        })
        .collect()
}

#[get("/<lang>/office/<slug>/new/session?<date>", rank = 6)]
pub async fn show_new(
    signed: Signed,
    lang: Lang,
    slug: &str,
    date: Option<&str>,
    room: Room<'_>,
) -> Result<Private<Html>> {
    let here = Here::open(&room, &signed, Right::EditDraft, lang, slug, "sessions").await?;
    let cells = [("date", date.unwrap_or_default().to_owned()), ("registration", "open".to_owned())];
    let mut cells: crate::programme::cells::Cells = cells.into();
    cells.insert("language", here.draft.programme.languages.first().cloned().unwrap_or_default());
    let mut typed = NEW_SESSION.fill(&cells);
    typed.set(KEY, &room.house.tokens.fresh());
    draw_new(&here, &Again::typed(&typed, Seen::default(), Preview::Hidden)).map(Private)
}

#[post("/<lang>/office/<slug>/sessions", data = "<sent>", rank = 6)]
pub async fn send_new(
    _same: SameOrigin,
    signed: Signed,
    lang: Lang,
    slug: &str,
    sent: Posted<Typed>,
    room: Room<'_>,
) -> Result<Private<Answer>> {
    let mut here = Here::open(&room, &signed, Right::EditDraft, lang, slug, "sessions").await?;
    if sent.first("act") == "preview" {
        let again = Again::typed(&sent, Seen::default(), Preview::Shown);
        return draw_new(&here, &again).map(Answer::Page).map(Private);
    }
    let said = NEW_SESSION.read(&sent);
    let id = again::identity(&here, &sent, "session", &said, 0);
    let mut held = Held::hold(&here).await?;
    let added = |slug: &str| Private(Answer::done(here.href(&format!("/sessions/{slug}?done=added"))));
    if let Some(slug) = again::made_before(&held.draft.sessions, id) {
        held.leave().await?;
        return Ok(added(&slug));
    }
    let decided = edit::add(&held.draft, &said, id);
    let clashes = match &decided {
        Ok(new) => brought::by(lang, &held.draft, std::slice::from_ref(new)),
        Err(_) => ClashView::default(),
    };
    match decided {
        Ok(new) if clashes.is_told(sent.first("clashes")) => {
            held.add(std::slice::from_ref(&new)).await?;
            held.commit().await?;
            Ok(added(&new.session.slug))
        }
        decided => {
            let draft = held.draft.clone();
            held.leave().await?;
            here.draft = draft;
            let mistakes = decided.err().unwrap_or_default();
            let again = Again {
                mistakes: &mistakes,
                clashes,
                ..Again::typed(&sent, Seen::default(), Preview::Hidden)
            };
            draw_new(&here, &again).map(Answer::mistakes).map(Private)
        }
    }
}

fn draw_new(here: &Here<'_>, again: &Again<'_>) -> Result<Html> {
    let body = SessionPage {
        form: NEW_SESSION.view(&drawn(here, again)),
        action: here.href("/sessions"),
        back: here.href("/sessions"),
        slug: String::new(),
        key: again.typed.first(KEY).to_owned(),
        pills: Vec::new(),
        warnings: Vec::new(),
        clashes: again.clashes.clone(),
        public: None,
        acts: Vec::new(),
        seats: None,
        done: None,
        colours: here.colours(),
    };
    let layout = here.frame("/new/session", here.say("office-draft-new-session"));
    here.room.draw(layout, body, "office/draft_session.html")
}
