//! What somebody has proposed through the public call, behind their link: followed, corrected, talked about. Opening it
//! changes nothing.

use std::collections::BTreeSet;

use rocket::{form::Form as Posted, get, post};
use serde::Serialize;
use uuid::Uuid;

use super::{
    form::{self, Look, Returned},
    frame_of, layout, shown_publicly,
    talk::{self, Notice, Said},
    words,
};
use crate::{
    db::Conn,
    error::{Error, Result},
    locale::{Lang, text},
    office::{
        Html, Room,
        draft::{fields::CALL, form::FormView, view::Pill},
    },
    programme::{Draft, edit::meet::Seen, routes::site::Query},
    proposals::{
        self, Act, By, COMMENT_CHARS_MAX, Changed, Proposal, Side, State, Step,
        call::{self, Confirmed, Full},
        said, state, store,
    },
    registration::message::{Lines, typed},
    tokens::{LinkKey, Purpose},
    web::{
        form::FormState,
        guards::{RateLimited, SameOrigin},
        reply::{Private, Sent},
        typed::Typed,
    },
};

/// What `proposals/mine.html` shows.
#[derive(Serialize)]
struct MinePage {
    home: String,
    programme: String,
    state: Pill,
    changed: String,
    done: Option<Notice>,
    /// Nobody has confirmed it yet, until when, in words.
    confirm_by: Option<String>,
    /// Why it could not be confirmed.
    refused: Option<String>,
    lines: Vec<words::Line>,
    may_edit: bool,
    may_withdraw: bool,
    talk: Vec<Said>,
    may_comment: bool,
    comment: FormState,
    comment_max: usize,
}

/// What `proposals/mine_form.html` shows.
#[derive(Serialize)]
struct MineForm {
    form: FormView,
    action: String,
    back: String,
    /// Why it cannot be sent any more, or not now.
    refused: Option<String>,
    /// False where nothing can be sent any more: what was typed is there to be kept elsewhere.
    open: bool,
    /// What the button that sends it says: the end of a message key.
    sends: &'static str,
}

/// The proposal behind a link, and its programme.
struct Mine {
    token: String,
    draft: Draft,
    proposal: Proposal,
}

impl Mine {
    /// What this token opens.
    ///
    /// # Errors
    /// [`Error::OldLink`] where that is nothing, of another programme, or revoked.
    async fn open(db: &mut Conn, room: &Room<'_>, slug: &str, token: &str) -> Result<Mine> {
        let id = LinkKey::named(token).ok_or(Error::OldLink)?;
        let (programme, draft) = frame_of(db, slug).await?;
        let proposal = store::find(db, programme, id).await?.ok_or(Error::OldLink)?;
        let holds = room.house.key.holds(token, Purpose::Proposal, proposal.link_version);
        // One of the office has no such link.
        if !holds || proposal.organisation.is_some() {
            return Err(Error::OldLink);
        }
        Ok(Mine { token: token.to_owned(), draft, proposal })
    }

    /// The same, which nobody else changes until the transaction ends.
    async fn held(db: &mut Conn, room: &Room<'_>, slug: &str, token: &str) -> Result<Mine> {
        let id = LinkKey::named(token).ok_or(Error::OldLink)?;
        store::hold(db, id).await?;
        Mine::open(db, room, slug, token).await
    }

    /// The draft as who proposes may see it.
    fn shown(&self, room: &Room<'_>) -> Draft {
        let theme = self.proposal.said("theme");
        shown_publicly(room, self.proposal.programme, &self.draft, Some(theme))
    }

    fn home(&self, lang: Lang) -> String {
        format!("/{}/{}/call/{}", lang.code(), self.draft.programme.slug, self.token)
    }

    fn done(&self, lang: Lang, word: &str) -> Private<Sent> {
        Private(Sent::Done(format!("{}?done={word}", self.home(lang))))
    }
}

#[get("/<lang>/<slug>/call/<token>", rank = 20)]
pub async fn show(
    lang: Lang,
    slug: &str,
    token: &str,
    query: Query,
    room: Room<'_>,
) -> Result<Private<Html>> {
    let mut db = room.db().await?;
    let mine = Mine::open(&mut db, &room, slug, token).await?;
    let done = Notice::of(lang, &["sent", "said", "withdrawn", "late"], query.value("done"));
    let shown = Shown { done, ..Shown::default() };
    draw(&mut db, &room, lang, &mine, shown).await.map(Private)
}

#[get("/<lang>/<slug>/call/<token>/edit", rank = 20)]
pub async fn edit(lang: Lang, slug: &str, token: &str, room: Room<'_>) -> Result<Private<Html>> {
    let mine = Mine::open(&mut room.db().await?, &room, slug, token).await?;
    if !mine.proposal.state.may_edit(Side::Partner) {
        return Err(Error::NotFound);
    }
    let typed = CALL.fill(&mine.proposal.content);
    let seen = Seen::of(&mine.proposal.content);
    draw_form(&room, lang, &mine, &form::Shown::first(&typed, seen)).map(Private)
}

#[post("/<lang>/<slug>/call/<token>", data = "<sent>", rank = 20)]
pub async fn send(
    _same: SameOrigin,
    _limit: RateLimited,
    lang: Lang,
    slug: &str,
    token: &str,
    sent: Posted<Typed>,
    room: Room<'_>,
) -> Result<Private<Sent>> {
    // Nobody waits for the turn to write while pages are drawn.
    let mine = Mine::open(&mut room.db().await?, &room, slug, token).await?;
    let content = match looked_at(&room, lang, &mine, &sent)? {
        Look::Good(content) => content,
        Look::Answer(answer) => return Ok(Private(answer)),
    };
    let mut tx = room.house.pool.begin().await?;
    let became = if mine.proposal.is_unconfirmed() {
        call::confirm(&mut tx, room.house, &mine.proposal, content, room.now).await?
    } else {
        let act = Some(Act::Send);
        let step = Step { content, ..Step::of(&mine.proposal, By::Proposer, act) };
        match proposals::change(&mut tx, room.house, &mine.proposal, step, room.now).await? {
            Changed::Done(_) => Confirmed::Done,
            Changed::Late | Changed::Crossed => Confirmed::Crossed,
        }
    };
    match became {
        Confirmed::Done => {
            tx.commit().await?;
            room.house.mail.notify_one();
            Ok(mine.done(lang, "sent"))
        }
        Confirmed::Full(full) => {
            tx.rollback().await?;
            let shown = form::Shown::first(&sent, Seen::parse(sent.first("seen")));
            let shown = form::Shown { refused: Some(full.key()), ..shown };
            draw_form(&room, lang, &mine, &shown).map(Sent::Mistakes).map(Private)
        }
        Confirmed::Crossed => {
            tx.rollback().await?;
            // Somebody was faster by a moment: it is looked at again as it is now, once.
            let mine = Mine::open(&mut room.db().await?, &room, slug, token).await?;
            let shown = match looked_at(&room, lang, &mine, &sent)? {
                Look::Answer(answer) => return Ok(Private(answer)),
                Look::Good(_) => form::Shown::first(&sent, Seen::of(&mine.proposal.content)),
            };
            let shown = form::Shown { refused: Some("proposal-crossed"), ..shown };
            draw_form(&room, lang, &mine, &shown).map(Sent::Crossed).map(Private)
        }
    }
}

/// Looks at a form that was sent, beside the proposal as it is now.
fn looked_at(room: &Room<'_>, lang: Lang, mine: &Mine, sent: &Typed) -> Result<Look> {
    let before = &mine.proposal;
    // What the form does not have (a place that the team has chosen) stays.
    let mut content = before.content.clone();
    content.extend(CALL.read(sent));
    let form = Returned::of(&CALL, sent, said::only(content), &before.content);
    let again = |shown: &form::Shown<'_>| draw_form(room, lang, mine, shown);
    if !before.state.may_edit(Side::Partner) {
        return form.late(again);
    }
    let draft = mine.shown(room);
    form.looked_at(|content| said::add(&draft, content, None, Uuid::nil()).map(|_| ()), again)
}

/// The person behind the mailbox says that it is theirs.
#[post("/<lang>/<slug>/call/<token>/confirmation", rank = 20)]
pub async fn confirm(
    _same: SameOrigin,
    _limit: RateLimited,
    lang: Lang,
    slug: &str,
    token: &str,
    room: Room<'_>,
) -> Result<Private<Sent>> {
    let mine = Mine::open(&mut room.db().await?, &room, slug, token).await?;
    if !mine.proposal.is_unconfirmed() {
        // Pressed twice; or something has become of it since.
        return Ok(mine.done(lang, if mine.proposal.state == State::Sent { "sent" } else { "late" }));
    }
    let content = mine.proposal.content.clone();
    let mut tx = room.house.pool.begin().await?;
    match call::confirm(&mut tx, room.house, &mine.proposal, content, room.now).await? {
        Confirmed::Done => {
            tx.commit().await?;
            room.house.mail.notify_one();
            Ok(mine.done(lang, "sent"))
        }
        Confirmed::Crossed => {
            tx.rollback().await?;
            Ok(mine.done(lang, "late"))
        }
        Confirmed::Full(full) => {
            tx.rollback().await?;
            let shown = Shown { refused: Some(full), ..Shown::default() };
            let html = draw(&mut room.db().await?, &room, lang, &mine, shown).await?;
            Ok(Private(Sent::Mistakes(html)))
        }
    }
}

#[post("/<lang>/<slug>/call/<token>/comments", data = "<sent>", rank = 20)]
pub async fn comment(
    _same: SameOrigin,
    _limit: RateLimited,
    lang: Lang,
    slug: &str,
    token: &str,
    sent: Posted<Typed>,
    room: Room<'_>,
) -> Result<Private<Sent>> {
    let mut tx = room.house.pool.begin().await?;
    let mine = Mine::held(&mut tx, &room, slug, token).await?;
    if !mine.proposal.state.may_comment(Side::Partner) {
        return Err(Error::NotFound);
    }
    let words = typed(sent.first("comment"), Lines::Many);
    if let Some(wrong) = talk::wrong(&mut tx, lang, &mine.proposal, &words).await? {
        tx.rollback().await?;
        let mut comment = FormState::default();
        comment.set("comment", words);
        comment.refuse("comment", wrong);
        let shown = Shown { comment, ..Shown::default() };
        let html = draw(&mut room.db().await?, &room, lang, &mine, shown).await?;
        return Ok(Private(Sent::Mistakes(html)));
    }
    proposals::comment(&mut tx, room.house, &mine.proposal, By::Proposer, words, room.now).await?;
    tx.commit().await?;
    Ok(mine.done(lang, "said"))
}

/// Takes it back; what nobody has confirmed is erased, with its mail.
#[post("/<lang>/<slug>/call/<token>/withdrawal", rank = 20)]
pub async fn withdraw(
    _same: SameOrigin,
    lang: Lang,
    slug: &str,
    token: &str,
    room: Room<'_>,
) -> Result<Private<Sent>> {
    let mut tx = room.house.pool.begin().await?;
    let mine = Mine::held(&mut tx, &room, slug, token).await?;
    if mine.proposal.is_unconfirmed() {
        call::erase(&mut tx, &[mine.proposal.id], room.now).await?;
        tx.commit().await?;
        call::ask_next(room.house, &BTreeSet::from([mine.proposal.programme]), room.now).await?;
        return Ok(Private(Sent::Done(format!("/{}/{slug}/call?done=erased", lang.code()))));
    }
    let step = Step::of(&mine.proposal, By::Proposer, Some(Act::Withdraw));
    match proposals::change(&mut tx, room.house, &mine.proposal, step, room.now).await? {
        Changed::Done(_) => {
            tx.commit().await?;
            Ok(mine.done(lang, "withdrawn"))
        }
        Changed::Late | Changed::Crossed => Ok(mine.done(lang, "late")),
    }
}

/// How the page is shown.
#[derive(Default)]
struct Shown {
    done: Option<Notice>,
    refused: Option<Full>,
    comment: FormState,
}

async fn draw(db: &mut Conn, room: &Room<'_>, lang: Lang, mine: &Mine, shown: Shown) -> Result<Html> {
    let (proposal, draft) = (&mine.proposal, &mine.draft);
    let home = mine.home(lang);
    let who = |side: Side| talk::side(lang, proposal, side);
    let lines = store::lines::of(db, proposal.id).await?;
    let confirm_by = match proposal.is_unconfirmed() {
        true => Some(call::confirm_by(db, proposal).await?),
        false => None,
    };
    let body = MinePage {
        programme: draft.programme.title.clone(),
        state: words::pill_of(lang, proposal),
        changed: words::moment(lang, draft, proposal.changed_at),
        done: shown.done,
        confirm_by: confirm_by.map(|until| words::moment(lang, draft, until)),
        refused: shown.refused.map(|full| text(lang, full.key(), &[])),
        lines: words::lines(lang, draft, &proposal.content),
        may_edit: proposal.state.may_edit(Side::Partner),
        may_withdraw: state::after(proposal.state, Side::Partner, Act::Withdraw).is_some(),
        talk: lines.iter().map(|line| Said::of(lang, draft, line, who(line.side()))).collect(),
        may_comment: proposal.state.may_comment(Side::Partner),
        comment: shown.comment,
        comment_max: COMMENT_CHARS_MAX,
        home,
    };
    let title = words::title(lang, proposal.title());
    let layout = layout(room, lang, draft, &format!("/{}", mine.token), title);
    room.draw(layout, body, "proposals/mine.html")
}

fn draw_form(room: &Room<'_>, lang: Lang, mine: &Mine, shown: &form::Shown<'_>) -> Result<Html> {
    let draft = mine.shown(room);
    let home = mine.home(lang);
    let body = MineForm {
        form: CALL.view(&shown.draw(lang, &draft)),
        action: home.clone(),
        back: home,
        refused: shown.refused.map(|key| text(lang, key, &[])),
        open: mine.proposal.state.may_edit(Side::Partner),
        sends: if mine.proposal.is_unconfirmed() { "send" } else { "send-again" },
    };
    let title = words::title(lang, mine.proposal.title());
    let layout = layout(room, lang, &mine.draft, &format!("/{}/edit", mine.token), title);
    room.draw(layout, body, "proposals/mine_form.html")
}
