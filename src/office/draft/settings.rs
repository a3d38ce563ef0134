//! The programme's own settings: everything that stands at the head of `programme.toml`.

use rocket::{form::Form as Posted, get, post};
use serde::Serialize;

use super::{
    Answer, Here,
    fields::SETTINGS,
    form::{Draw, FormView, Preview},
    save::{Held, Line},
};
use crate::{
    audit,
    error::Result,
    locale::Lang,
    office::{Html, Right, Room, guard::Signed},
    programme::{
        Draft,
        edit::{
            Mistake, frame,
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

/// What `office/draft_settings.html` shows.
#[derive(Serialize)]
struct SettingsPage {
    form: FormView,
    action: String,
    slug: String,
    done: Option<&'static str>,
}

#[get("/<lang>/office/<slug>/settings", rank = 6)]
pub async fn show(
    signed: Signed,
    lang: Lang,
    slug: &str,
    query: Query,
    room: Room<'_>,
) -> Result<Private<Html>> {
    let here = Here::open(&room, &signed, Right::EditDraft, lang, slug, "settings").await?;
    let cells = frame::settings_of(&here.draft.programme);
    let said = query.pairs().find(|(name, _)| *name == "done").map(|(_, what)| what);
    let done = ["saved", "same", "made"].into_iter().find(|known| Some(*known) == said);
    draw(&here, &SETTINGS.fill(&cells), Seen::of(&cells), (&[], &[]), Preview::Hidden, done).map(Private)
}

#[post("/<lang>/office/<slug>/settings", data = "<sent>", rank = 6)]
pub async fn send(
    _same: SameOrigin,
    signed: Signed,
    lang: Lang,
    slug: &str,
    sent: Posted<Typed>,
    room: Room<'_>,
) -> Result<Private<Answer>> {
    let mut here = Here::open(&room, &signed, Right::EditDraft, lang, slug, "settings").await?;
    let seen = Seen::parse(sent.first("seen"));
    if sent.first("act") == "preview" {
        return draw(&here, &sent, seen, (&[], &[]), Preview::Shown, None).map(Answer::Page).map(Private);
    }
    let said = SETTINGS.read(&sent);
    let mut held = Held::hold(&here).await?;
    let now = frame::settings_of(&held.draft.programme);
    let theirs = meet::meet(&seen, &now, &said);
    let mistakes = match frame::settings(&held.draft.programme, &said) {
        _ if !theirs.is_empty() => Vec::new(),
        Ok(programme) => {
            let what = if programme == held.draft.programme { "same" } else { "saved" };
            let (was, is) = audit::differing(&held.draft.programme, &programme).unwrap_or_default();
            let after = Draft { programme, ..held.draft.clone() };
            let line = Line { action: "settings.change", kind: "programme", slug, was, is };
            held.frame(&after, line).await?;
            held.commit().await?;
            return Ok(Private(Answer::done(here.href(&format!("/settings?done={what}")))));
        }
        Err(mistakes) => mistakes,
    };
    let draft = held.draft.clone();
    held.leave().await?;
    here.draft = draft;
    let crossed = !theirs.is_empty();
    let typed = SETTINGS.met(&sent, &theirs);
    let seen = if crossed { Seen::of(&now) } else { seen };
    let html = draw(&here, &typed, seen, (&mistakes, &theirs), Preview::Hidden, None)?;
    Ok(Private(if crossed { Answer::Sent(Sent::Crossed(html)) } else { Answer::mistakes(html) }))
}

fn draw(
    here: &Here<'_>,
    typed: &Typed,
    seen: Seen,
    (mistakes, theirs): (&[Mistake], &[Theirs]),
    preview: Preview,
    done: Option<&'static str>,
) -> Result<Html> {
    let draw = Draw { lang: here.lang(), draft: &here.draft, typed, seen, mistakes, theirs, preview };
    let body = SettingsPage {
        form: SETTINGS.view(&draw),
        action: here.href("/settings"),
        slug: here.known.slug.clone(),
        done,
    };
    let layout = here.frame("/settings", here.say("office-draft-settings"));
    here.room.draw(layout, body, "office/draft_settings.html")
}
