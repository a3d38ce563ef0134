//! The call and its form.

use rocket::{form::Form as Posted, get, post};
use serde::Serialize;
use uuid::Uuid;

use super::{frame_of, layout, shown_publicly};
use crate::{
    db::Conn,
    error::{Error, Result},
    locale::{self, Lang, text},
    office::{
        Html, Room,
        draft::{
            fields::CALL,
            form::{Draw, FormView, Preview},
        },
    },
    programme::{
        CallState, Draft,
        cells::Cells,
        edit::{Mistake, meet::Seen},
        routes::site::Query,
    },
    proposals::{
        Proposal, Proposer, State, What,
        call::{self, Asked},
        form_key, said,
    },
    registration::person::{Email, Name},
    web::{
        form::FormState,
        guards::{RateLimitedLink, SameOrigin, Visitor},
        reply::{Private, Sent},
        typed::{TRAP, Typed},
    },
};

/// The longest name of an organisation, in characters.
const ORGANISATION_CHARS_MAX: usize = 200;

/// What `proposals/call.html` shows.
#[derive(Serialize)]
struct CallPage {
    programme: String,
    action: String,
    /// What is looked for, Markdown.
    text: String,
    /// When it opens, closes, or closed, in words.
    when: String,
    /// True while one can propose.
    open: bool,
    /// What has just been done: the end of a message key.
    done: Option<&'static str>,
    /// Why it cannot be taken now.
    refused: Option<String>,
    who: FormState,
    form: FormView,
    key: String,
    trap: &'static str,
    privacy: String,
}

/// How the page is shown.
struct Shown<'s> {
    typed: &'s Typed,
    who: FormState,
    mistakes: &'s [Mistake],
    preview: Preview,
    /// A message key.
    refused: Option<&'static str>,
}

impl<'s> Shown<'s> {
    fn first(typed: &'s Typed, who: FormState) -> Shown<'s> {
        Shown { typed, who, mistakes: &[], preview: Preview::Hidden, refused: None }
    }
}

#[get("/<lang>/<slug>/call", rank = 10)]
pub async fn show(lang: Lang, slug: &str, query: Query, room: Room<'_>) -> Result<Private<Html>> {
    let called = Called::of(&mut room.db().await?, &room, slug).await?;
    let mut typed = Typed::default();
    typed.set("language", called.draft.programme.languages.first().map_or("", String::as_str));
    draw(&room, lang, &called, Shown::first(&typed, FormState::default()), query.value("done")).map(Private)
}

/// A programme that calls, as everybody may see it.
struct Called {
    id: Uuid,
    draft: Draft,
}

impl Called {
    /// The call of the programme of that slug.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there is none; nor does one that will open some day tell of a programme that nobody
    /// knows yet.
    async fn of(db: &mut Conn, room: &Room<'_>, slug: &str) -> Result<Called> {
        let (id, draft) = frame_of(db, slug).await?;
        let is_public = room.house.publications.by_id(id).is_some();
        match draft.programme.call.state(draft.programme.timezone, room.now) {
            CallState::None => return Err(Error::NotFound),
            CallState::NotYet(_) if !is_public => return Err(Error::NotFound),
            CallState::NotYet(_) | CallState::Open(_) | CallState::Over(_) => {}
        }
        Ok(Called { id, draft: shown_publicly(room, id, &draft, None) })
    }
}

#[post("/<lang>/<slug>/call", data = "<sent>", rank = 10)]
pub async fn send(
    _same: SameOrigin,
    _limit: RateLimitedLink,
    visitor: Visitor,
    lang: Lang,
    slug: &str,
    sent: Posted<Typed>,
    room: Room<'_>,
) -> Result<Private<Sent>> {
    // Nobody waits for the turn to write while pages are drawn.
    let called = Called::of(&mut room.db().await?, &room, slug).await?;
    let mut form = who(&sent);
    let again = |shown: Shown<'_>| draw(&room, lang, &called, shown, "");
    if !is_open(&called.draft, &room) {
        // Too late, or too early: the page says so, and gives back what was typed.
        return again(Shown::first(&sent, form)).map(Sent::Mistakes).map(Private);
    }
    let content = said::only(CALL.read(&sent));
    if sent.first("act") == "preview" {
        let shown = Shown { preview: Preview::Shown, ..Shown::first(&sent, form) };
        return again(shown).map(Sent::Page).map(Private);
    }
    let checked = said::add(&called.draft, &content, None, Uuid::nil());
    let mistakes = checked.err().unwrap_or_default();
    let proposer = proposer(lang, &sent, &mut form);
    let (Some((proposer, email)), true) = (proposer, mistakes.is_empty()) else {
        let shown = Shown { mistakes: &mistakes, ..Shown::first(&sent, form) };
        return again(shown).map(Sent::Mistakes).map(Private);
    };
    let later =
        |shown: Shown<'_>, seconds: u64| again(shown).map(|html| Private(Sent::TooOften(html, seconds)));
    if let Some(seconds) = visitor.ip.and_then(|ip| room.limits.wait_of_proposals(ip)) {
        return later(Shown { refused: Some("call-often"), ..Shown::first(&sent, form) }, seconds);
    }
    if let Some(seconds) = room.limits.wait_of_mailbox(&email.mailbox()) {
        form.refuse("email", text(lang, "email-often", &[]));
        return later(Shown::first(&sent, form), seconds);
    }
    let new = unconfirmed(&room, called.id, proposer, content);
    let of = [b"call".as_slice(), called.id.as_bytes(), email.as_str().as_bytes()];
    let key = form_key(&room.house.tokens, &of, sent.first("key"));
    let mut tx = room.house.pool.begin().await?;
    match call::propose(&mut tx, room.house, &new, &key, room.now).await? {
        Asked::Done => tx.commit().await?,
        Asked::Enough => tx.rollback().await?,
        Asked::Later(seconds) => {
            tx.rollback().await?;
            return later(Shown { refused: Some("call-later"), ..Shown::first(&sent, form) }, seconds);
        }
    }
    room.house.mail.notify_one();
    Ok(Private(Sent::Done(format!("/{}/{slug}/call?done=sent", lang.code()))))
}

/// What somebody has typed: a draft, until its mailbox says otherwise.
fn unconfirmed(room: &Room<'_>, programme: Uuid, proposer: Proposer, content: Cells) -> Proposal {
    Proposal {
        id: room.house.tokens.id(room.now),
        programme,
        organisation: None,
        author: None,
        proposer: Some(proposer),
        link_version: 1,
        what: What::New,
        session: None,
        state: State::Draft,
        content,
        base: None,
        revision: 1,
        created_at: room.now,
        changed_at: room.now,
        sent_at: None,
    }
}

fn is_open(draft: &Draft, room: &Room<'_>) -> bool {
    matches!(draft.programme.call.state(draft.programme.timezone, room.now), CallState::Open(_))
}

fn who(sent: &Typed) -> FormState {
    let mut form = FormState::default();
    for field in ["name", "email", "organisation"] {
        form.set(field, sent.first(field));
    }
    if sent.is_ticked("consent") {
        form.set("consent", "1");
    }
    form
}

/// Who proposes; `None` where something is wrong, which the form then says.
fn proposer(lang: Lang, sent: &Typed, form: &mut FormState) -> Option<(Proposer, Email)> {
    let name = Name::parse(sent.first("name")).map_err(|why| form.refuse("name", text(lang, why.key(), &[])));
    let email =
        Email::parse(sent.first("email")).map_err(|why| form.refuse("email", text(lang, why.key(), &[])));
    let organisation = sent.first("organisation").trim();
    if organisation.chars().count() > ORGANISATION_CHARS_MAX {
        let most = [("most", ORGANISATION_CHARS_MAX.into())];
        form.refuse("organisation", text(lang, "register-long", &most));
    } else if organisation.chars().any(crate::registration::person::is_control) {
        form.refuse("organisation", text(lang, "register-control", &[]));
    }
    if !sent.is_ticked("consent") {
        form.refuse("consent", text(lang, "call-consent-missing", &[]));
    }
    if !sent.first(TRAP).is_empty() {
        form.refuse("form", text(lang, "register-trap", &[]));
    }
    let (Ok(name), Ok(email), true) = (name, email, form.errors.is_empty()) else { return None };
    let proposer = Proposer {
        name: name.as_str().to_owned(),
        email: email.to_string(),
        organisation: organisation.to_owned(),
        lang,
    };
    Some((proposer, email))
}

fn draw(room: &Room<'_>, lang: Lang, called: &Called, shown: Shown<'_>, done: &str) -> Result<Html> {
    let draft = &called.draft;
    let zone = draft.programme.timezone;
    let state = draft.programme.call.state(zone, room.now);
    let moment = |key: &str, at: chrono::DateTime<chrono::Utc>| {
        let local = at.with_timezone(&zone).naive_local();
        let (day, time) = (locale::full_date(lang, local.date()), locale::time(lang, local.time()));
        text(lang, key, &[("day", day.into()), ("time", time.into())])
    };
    let when = match state {
        // Where there is no call there is no page.
        CallState::None => return Err(Error::NotFound),
        CallState::NotYet(at) => moment("call-opens", at),
        CallState::Open(Some(at)) => moment("call-closes", at),
        CallState::Open(None) => String::new(),
        CallState::Over(at) => moment("call-over", at),
    };
    let draw = Draw {
        lang,
        draft,
        typed: shown.typed,
        seen: Seen::default(),
        mistakes: shown.mistakes,
        theirs: &[],
        preview: shown.preview,
    };
    let body = CallPage {
        programme: draft.programme.title.clone(),
        action: format!("/{}/{}/call", lang.code(), draft.programme.slug),
        text: draft.programme.call.text.clone(),
        when,
        open: matches!(state, CallState::Open(_)),
        done: ["sent", "erased"].into_iter().find(|known| *known == done),
        refused: shown.refused.map(|key| text(lang, key, &[])),
        who: shown.who,
        form: CALL.view(&draw),
        key: match shown.typed.first("key") {
            "" => room.house.tokens.fresh(),
            key => key.to_owned(),
        },
        trap: TRAP,
        privacy: format!("/{}/privacy", lang.code()),
    };
    room.draw(layout(room, lang, draft, "", text(lang, "call-title", &[])), body, "proposals/call.html")
}
