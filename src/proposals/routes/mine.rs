//! What somebody has proposed through the public call, behind their link: followed, corrected, talked about. Opening it
//! changes nothing.

use rocket::{form::Form as Posted, get, post};
use serde::Serialize;
use uuid::Uuid;

use super::{frame_of, layout};
use crate::{
    db::Conn,
    error::{Error, Result},
    locale::{Lang, text},
    office::{
        Html, Room,
        draft::{
            fields::CALL,
            form::{Draw, FormView, Preview},
            view::Pill,
        },
        proposals::{one::wrong, words},
    },
    programme::{
        Draft,
        edit::{
            Mistake,
            meet::{self, Seen, Theirs},
        },
        routes::site::Query,
    },
    proposals::{
        Act, COMMENT_CHARS_MAX, Proposal, Side, State, notices, said, state,
        store::{self, lines::Line},
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
    done: Option<String>,
    lines: Vec<words::Line>,
    may_edit: bool,
    may_withdraw: bool,
    talk: Vec<Said>,
    may_comment: bool,
    comment: FormState,
    comment_max: usize,
}

#[derive(Serialize)]
struct Said {
    who: String,
    team: bool,
    when: String,
    state: Option<Pill>,
    said: String,
}

/// What `proposals/mine_form.html` shows.
#[derive(Serialize)]
struct MineForm {
    form: FormView,
    action: String,
    back: String,
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
    let words = ["saved", "sent", "said", "withdrawn", "file", "unfile", "late"];
    let done = words.into_iter().find(|known| *known == query.value("done"));
    let done = done.map(|word| text(lang, &format!("proposal-done-{word}"), &[]));
    draw(&mut db, &room, lang, &mine, done, FormState::default()).await.map(Private)
}

#[get("/<lang>/<slug>/call/<token>/edit", rank = 20)]
pub async fn edit(lang: Lang, slug: &str, token: &str, room: Room<'_>) -> Result<Private<Html>> {
    let mine = Mine::open(&mut room.db().await?, &room, slug, token).await?;
    if !mine.proposal.state.may_edit(Side::Partner) {
        return Err(Error::NotFound);
    }
    let form = CALL.fill(&mine.proposal.content);
    let seen = Seen::of(&mine.proposal.content);
    draw_form(&room, lang, &mine, &form, seen, (&[], &[], Preview::Hidden)).map(Private)
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
    let mut tx = room.house.pool.begin().await?;
    let mine = Mine::held(&mut tx, &room, slug, token).await?;
    let before = &mine.proposal;
    let Some(next) = state::after(before.state, Side::Partner, Act::Send) else {
        return Ok(mine.done(lang, "late"));
    };
    // What the form does not have (a place that the team has chosen) stays.
    let mut content = before.content.clone();
    content.extend(CALL.read(&sent));
    let content = said::only(content);
    let seen = Seen::parse(sent.first("seen"));
    if sent.first("act") == "preview" {
        let shown = (&[][..], &[][..], Preview::Shown);
        return draw_form(&room, lang, &mine, &sent, seen, shown).map(Sent::Page).map(Private);
    }
    let theirs = meet::meet(&seen, &before.content, &content);
    if !theirs.is_empty() {
        let met = CALL.met(&sent, &theirs);
        let shown = (&[][..], &theirs[..], Preview::Hidden);
        let html = draw_form(&room, lang, &mine, &met, Seen::of(&before.content), shown)?;
        return Ok(Private(Sent::Crossed(html)));
    }
    if let Err(mistakes) = said::add(&mine.draft, &content, None, Uuid::nil()) {
        let shown = (&mistakes[..], &[][..], Preview::Hidden);
        return draw_form(&room, lang, &mine, &sent, seen, shown).map(Sent::Mistakes).map(Private);
    }
    let now = room.now;
    let after = Proposal { state: next, content, changed_at: now, sent_at: Some(now), ..before.clone() };
    store::change(&mut tx, &after, before.revision).await?;
    if after.state != before.state {
        became(&mut tx, &room, after.id, next).await?;
    }
    notices::note(&mut tx, after.id, Side::Team, now).await?;
    tx.commit().await?;
    Ok(mine.done(lang, "sent"))
}

async fn became(db: &mut Conn, room: &Room<'_>, proposal: Uuid, state: State) -> Result<()> {
    let id = room.house.tokens.id(room.now);
    let line = Line::became(id, (Side::Partner, None), state, String::new(), room.now);
    Ok(store::lines::add(db, proposal, &line).await?)
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
    if let Some(wrong) = wrong(&mut tx, lang, &mine.proposal, &words).await? {
        let mut form = FormState::default();
        form.set("comment", words);
        form.refuse("comment", wrong);
        let html = draw(&mut tx, &room, lang, &mine, None, form).await?;
        return Ok(Private(Sent::Mistakes(html)));
    }
    let line = Line::comment(room.house.tokens.id(room.now), Side::Partner, None, words, room.now);
    store::lines::add(&mut tx, mine.proposal.id, &line).await?;
    notices::note(&mut tx, mine.proposal.id, Side::Team, room.now).await?;
    tx.commit().await?;
    Ok(mine.done(lang, "said"))
}

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
    let Some(next) = state::after(mine.proposal.state, Side::Partner, Act::Withdraw) else {
        return Ok(mine.done(lang, "late"));
    };
    let after = Proposal { state: next, changed_at: room.now, ..mine.proposal.clone() };
    store::change(&mut tx, &after, mine.proposal.revision).await?;
    became(&mut tx, &room, after.id, next).await?;
    notices::note(&mut tx, after.id, Side::Team, room.now).await?;
    tx.commit().await?;
    Ok(mine.done(lang, "withdrawn"))
}

async fn draw(
    db: &mut Conn,
    room: &Room<'_>,
    lang: Lang,
    mine: &Mine,
    done: Option<String>,
    comment: FormState,
) -> Result<Html> {
    let (proposal, draft) = (&mine.proposal, &mine.draft);
    let home = mine.home(lang);
    let may_edit = proposal.state.may_edit(Side::Partner);
    let said = |line: &Line| Said {
        who: match (line.side(), &proposal.proposer) {
            (Side::Team, _) => text(lang, "proposal-who-team", &[]),
            (Side::Partner, Some(proposer)) => proposer.name.clone(),
            (Side::Partner, None) => text(lang, "proposal-who-partner", &[]),
        },
        team: line.side() == Side::Team,
        when: words::moment(lang, draft, line.at),
        state: line.state().map(|state| words::pill(lang, state)),
        said: line.said.clone(),
    };
    let body = MinePage {
        programme: draft.programme.title.clone(),
        state: words::pill(lang, proposal.state),
        changed: words::moment(lang, draft, proposal.changed_at),
        done,
        lines: words::lines(lang, draft, &proposal.content),
        may_edit,
        may_withdraw: state::after(proposal.state, Side::Partner, Act::Withdraw).is_some(),
        talk: store::lines::of(db, proposal.id).await?.iter().map(said).collect(),
        may_comment: proposal.state.may_comment(Side::Partner),
        comment,
        comment_max: COMMENT_CHARS_MAX,
        home,
    };
    let title = words::title(lang, proposal.title());
    let layout = layout(room, lang, draft, &format!("/{}", mine.token), title);
    room.draw(layout, body, "proposals/mine.html")
}

fn draw_form(
    room: &Room<'_>,
    lang: Lang,
    mine: &Mine,
    typed: &Typed,
    seen: Seen,
    (mistakes, theirs, preview): (&[Mistake], &[Theirs], Preview),
) -> Result<Html> {
    let draw = Draw { lang, draft: &mine.draft, typed, seen, mistakes, theirs, preview };
    let home = mine.home(lang);
    let body = MineForm { form: CALL.view(&draw), action: home.clone(), back: home };
    let title = words::title(lang, mine.proposal.title());
    let layout = layout(room, lang, &mine.draft, &format!("/{}/edit", mine.token), title);
    room.draw(layout, body, "proposals/mine_form.html")
}
