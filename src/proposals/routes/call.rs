//! The call and its form.

use rocket::{form::Form as Posted, get, post};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::{frame_of, layout};
use crate::{
    db::Conn,
    error::{Error, Result},
    locale::{self, Lang, text},
    mail::outbox,
    office::{
        Html, Room,
        draft::{
            fields::CALL,
            form::{Draw, FormView, Preview},
        },
    },
    programme::{
        CallState, Draft,
        edit::{Mistake, meet::Seen},
        routes::site::Query,
    },
    proposals::{
        CALL_MAX, Proposal, Proposer, Side, State, What,
        letters::{self, Reader},
        notices, said,
        store::{self, lines::Line},
    },
    registration::person::{Email, Name},
    web::{
        form::FormState,
        guards::{RateLimitedLink, SameOrigin},
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
    /// It has been sent.
    sent: bool,
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
}

#[get("/<lang>/<slug>/call", rank = 10)]
pub async fn show(lang: Lang, slug: &str, query: Query, room: Room<'_>) -> Result<Private<Html>> {
    let (_, draft) = frame_of(&mut room.db().await?, slug).await?;
    let mut typed = Typed::default();
    typed.set("language", draft.programme.languages.first().map_or("", String::as_str));
    let shown = Shown { typed: &typed, who: FormState::default(), mistakes: &[], preview: Preview::Hidden };
    draw(&room, lang, &draft, shown, query.value("done")).map(Private)
}

#[post("/<lang>/<slug>/call", data = "<sent>", rank = 10)]
pub async fn send(
    _same: SameOrigin,
    _limit: RateLimitedLink,
    lang: Lang,
    slug: &str,
    sent: Posted<Typed>,
    room: Room<'_>,
) -> Result<Private<Sent>> {
    let mut tx = room.house.pool.begin().await?;
    let (programme, draft) = frame_of(&mut tx, slug).await?;
    if !is_open(&draft, &room) {
        // Too late, or too early: the page says so, and gives back what was typed.
        let shown = Shown { typed: &sent, who: who(&sent), mistakes: &[], preview: Preview::Hidden };
        return draw(&room, lang, &draft, shown, "").map(Sent::Mistakes).map(Private);
    }
    let mut form = who(&sent);
    let content = said::only(CALL.read(&sent));
    if sent.first("act") == "preview" {
        let shown = Shown { typed: &sent, who: form, mistakes: &[], preview: Preview::Shown };
        return draw(&room, lang, &draft, shown, "").map(Sent::Page).map(Private);
    }
    let checked = said::add(&draft, &content, None, uuid::Uuid::nil());
    let mistakes = checked.err().unwrap_or_default();
    let proposer = proposer(lang, &sent, &mut form);
    let (Some(proposer), true) = (proposer, mistakes.is_empty()) else {
        let shown = Shown { typed: &sent, who: form, mistakes: &mistakes, preview: Preview::Hidden };
        return draw(&room, lang, &draft, shown, "").map(Sent::Mistakes).map(Private);
    };
    let (proposer, email) = proposer;
    if let Some(seconds) = room.limits.wait_of_mailbox(&email.mailbox()) {
        form.refuse("email", text(lang, "email-often", &[]));
        let shown = Shown { typed: &sent, who: form, mistakes: &[], preview: Preview::Hidden };
        let html = draw(&room, lang, &draft, shown, "")?;
        return Ok(Private(Sent::TooOften(html, seconds)));
    }
    let now = room.now;
    let new = Proposal {
        id: room.house.tokens.id(now),
        programme,
        organisation: None,
        author: None,
        proposer: Some(proposer),
        link_version: 1,
        what: What::New,
        session: None,
        state: State::Sent,
        content,
        base: None,
        revision: 1,
        created_at: now,
        changed_at: now,
        sent_at: Some(now),
    };
    if !keep(&mut tx, &room, &draft, &new, &own_key(&room, &new, &sent)).await? {
        form.refuse("form", text(lang, "call-full", &[]));
        let shown = Shown { typed: &sent, who: form, mistakes: &[], preview: Preview::Hidden };
        return draw(&room, lang, &draft, shown, "").map(Sent::Mistakes).map(Private);
    }
    tx.commit().await?;
    room.house.mail.notify_one();
    Ok(Private(Sent::Done(format!("/{}/{slug}/call?done=sent", lang.code()))))
}

fn is_open(draft: &Draft, room: &Room<'_>) -> bool {
    matches!(draft.programme.call.state(draft.programme.timezone, room.now), CallState::Open(_))
}

/// Writes the proposal and the mail that bears its link. False where the call has as many as it may have.
async fn keep(db: &mut Conn, room: &Room<'_>, draft: &Draft, new: &Proposal, key: &str) -> Result<bool> {
    let now = room.now;
    crate::programme::store::hold(db, new.programme).await?;
    if store::count(db, new.programme, None).await? >= CALL_MAX {
        return Ok(false);
    }
    if store::add(db, new, key).await? != new.id {
        // A double click: it is there, and its mail as well.
        return Ok(true);
    }
    let by = (Side::Partner, None);
    let line = Line::became(room.house.tokens.id(now), by, State::Sent, String::new(), now);
    store::lines::add(db, new.id, &line).await?;
    notices::note(db, new.id, Side::Team, now).await?;
    if let Some(proposer) = &new.proposer {
        let reader =
            Reader { email: proposer.email.clone(), name: proposer.name.clone(), lang: proposer.lang };
        let page = notices::call_page(room.house, &draft.programme, new.id, new.link_version);
        let id = room.house.tokens.id(now);
        let line = letters::programme_line(&draft.programme);
        outbox::queue(db, &[letters::received(id, &reader, line, page)], now).await?;
    }
    Ok(true)
}

/// The same form of the same mailbox is the same proposal.
fn own_key(room: &Room<'_>, new: &Proposal, sent: &Typed) -> String {
    let key = Some(sent.first("key")).filter(|key| !key.is_empty());
    let key = key.map_or_else(|| room.house.tokens.fresh(), str::to_owned);
    let email = new.proposer.as_ref().map_or("", |proposer| proposer.email.as_str());
    let mut digest = Sha256::new();
    for part in ["call", &new.programme.to_string(), email, &key] {
        digest.update(part.as_bytes());
        digest.update([0]);
    }
    data_encoding::HEXLOWER.encode(&digest.finalize())
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

fn draw(room: &Room<'_>, lang: Lang, draft: &Draft, shown: Shown<'_>, done: &str) -> Result<Html> {
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
        sent: done == "sent",
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
