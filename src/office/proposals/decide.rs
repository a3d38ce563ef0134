//! What the team decides, and the mail that says so: written by the house, looked at and changed by who decides. What is
//! accepted goes into the draft as its own form would write it, in the same transaction.

use rocket::{form::Form as Posted, get, post};
use serde::Serialize;

use super::{
    by, find, home,
    one::{self, DifferenceLine},
    open, words,
};
use crate::{
    db::Conn,
    error::{Error, Result},
    identity::people,
    locale::{Lang, text},
    mail::{
        Letter, outbox,
        render::{Sender, render},
    },
    markdown,
    office::{
        Html, Right, Room,
        draft::{
            Here,
            brought::{self, ClashView},
            form::Said as Wrong,
            save::Held,
            wrong,
        },
        guard::Signed,
        mails::message_mistake,
    },
    programme::{Draft, DraftSession, edit::Mistake},
    proposals::{
        self, Act, Changed, Proposal, Side, Step, What, difference,
        letters::{self, PLACEHOLDERS, Reader, SUBJECT_CHARS_MAX, TEXT_CHARS_MAX, Words},
        notices, said, state,
    },
    web::{
        form::FormState,
        guards::SameOrigin,
        reply::{Private, Sent},
        typed::Typed,
    },
};

/// What `office/proposals/decide.html` shows.
#[derive(Serialize)]
struct DecidePage {
    home: String,
    action: String,
    /// What is decided: the end of message keys.
    act: &'static str,
    title: String,
    revision: i64,
    differences: Vec<DifferenceLine>,
    /// How many people the mail goes to.
    readers: usize,
    /// The language of the words that the house proposes.
    language: &'static str,
    form: FormState,
    subject_max: usize,
    text_max: usize,
    placeholders: Vec<Placeholder>,
    /// The mail as the first of them gets it, in plain words.
    preview: Option<Preview>,
    /// What the rules of the draft say against it.
    mistakes: Vec<Wrong>,
    edit: String,
    /// What it would be in the way of.
    clashes: ClashView,
    /// It would be in the way of something that was not said before.
    clashes_new: bool,
    /// It has been changed since it was looked at.
    changed: bool,
}

#[derive(Serialize)]
struct Placeholder {
    written: String,
    means: String,
}

#[derive(Serialize)]
struct Preview {
    to: String,
    subject: String,
    text: String,
}

/// How the page is shown.
struct Shown<'s> {
    typed: &'s Typed,
    form: FormState,
    mistakes: &'s [Mistake],
    clashes: ClashView,
    crossed: Crossed,
}

/// Whether somebody else was faster.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Crossed {
    No,
    Yes,
}

#[get("/<lang>/office/<slug>/proposals/<id>/decision/<act>", rank = 7)]
pub async fn show(
    signed: Signed,
    lang: Lang,
    slug: &str,
    id: &str,
    act: &str,
    room: Room<'_>,
) -> Result<Private<Html>> {
    let here = open(&room, &signed, Right::Review, lang, slug).await?;
    let mut db = room.db().await?;
    let (proposal, act) = decidable(&mut db, &here, (id, act)).await?;
    let readers = readers(&mut db, &here, &proposal).await?;
    let house = Words::of(act, language(&here, &readers));
    let mut typed = Typed::default();
    typed.set("subject", &house.subject);
    typed.set("text", &house.text);
    for one in one::differences(&here, &proposal).iter().filter(|one| one.taken) {
        typed.add("take", one.field);
    }
    let accepted = accepted(&here.draft, &proposal, act, &typed, &room);
    let clashes = in_the_way(lang, &here.draft, &accepted);
    // Said already: the form bears them.
    typed.set("clashes", &clashes.seen);
    let form = state_of(&typed);
    let shown = Shown { typed: &typed, form, mistakes: &[], clashes, crossed: Crossed::No };
    draw(&here, &proposal, act, &readers, shown).map(Private)
}

/// The proposal, and what may be decided about it.
async fn decidable(db: &mut Conn, here: &Here<'_>, (id, act): (&str, &str)) -> Result<(Proposal, Act)> {
    let act = Act::decision(act).ok_or(Error::NotFound)?;
    let proposal = find(db, here, id).await?;
    state::after(proposal.state, Side::Team, act).ok_or(Error::NotFound)?;
    Ok((proposal, act))
}

#[post("/<lang>/office/<slug>/proposals/<id>/decision/<act>", data = "<sent>", rank = 7)]
#[expect(clippy::too_many_arguments, reason = "guards of one request")]
pub async fn send(
    _same: SameOrigin,
    signed: Signed,
    lang: Lang,
    slug: &str,
    id: &str,
    act: &str,
    sent: Posted<Typed>,
    room: Room<'_>,
) -> Result<Private<Sent>> {
    let mut here = open(&room, &signed, Right::Review, lang, slug).await?;
    let act = Act::decision(act).ok_or(Error::NotFound)?;
    // The draft first, then the proposal: everybody in this order.
    let mut held = Held::hold(&here).await?;
    let before = find(held.db(), &here, id).await?;
    let there = home(&here, before.id);
    if state::after(before.state, Side::Team, act).is_none() {
        held.leave().await?;
        return Ok(Private(Sent::Done(format!("{there}?done=late"))));
    }
    let readers = readers(held.db(), &here, &before).await?;
    let mut form = state_of(&sent);
    let words = Words::parse(sent.first("subject"), sent.first("text"));
    for (field, mistake) in words.as_ref().err().into_iter().flatten() {
        form.refuse(field, message_mistake(lang, mistake, &PLACEHOLDERS));
    }
    let is_seen = sent.first("revision").parse() == Ok(before.revision);
    let accepted = accepted(&held.draft, &before, act, &sent, &room);
    let clashes = in_the_way(lang, &held.draft, &accepted);
    let (is_told, is_preview) = (clashes.is_told(sent.first("clashes")), sent.first("act") == "preview");
    let (Ok(words), true, true, Ok(accepted), false) = (&words, is_seen, is_told, &accepted, is_preview)
    else {
        let draft = held.draft.clone();
        held.leave().await?;
        here.draft = draft;
        let crossed = if is_seen { Crossed::No } else { Crossed::Yes };
        let mistakes = accepted.err().unwrap_or_default();
        let is_preview = is_preview && is_seen && words.is_ok();
        let shown = Shown { typed: &sent, form, mistakes: &mistakes, clashes, crossed };
        let html = draw(&here, &before, act, &readers, shown)?;
        return Ok(Private(match (is_preview, is_seen) {
            (true, _) => Sent::Page(html),
            (false, true) => Sent::Mistakes(html),
            (false, false) => Sent::Crossed(html),
        }));
    };
    let mut step = Step { said: as_said(&here, &before, words), ..Step::of(&before, by(&here), Some(act)) };
    if let Some(session) = accepted {
        step.session = Some(session.session.id);
        match before.what {
            What::New => held.add(std::slice::from_ref(session)).await?,
            What::Change => held.change("session.change", session).await?,
        }
    }
    let letters = letters(&here, &before, words, &readers);
    match proposals::change(held.db(), room.house, &before, step, room.now).await? {
        Changed::Done(_) => {}
        Changed::Late => {
            held.leave().await?;
            return Ok(Private(Sent::Done(format!("{there}?done=late"))));
        }
        Changed::Crossed => {
            held.leave().await?;
            let now = find(&mut room.db().await?, &here, id).await?;
            let clashes = ClashView::default();
            let shown = Shown { typed: &sent, form, mistakes: &[], clashes, crossed: Crossed::Yes };
            return Ok(Private(Sent::Crossed(draw(&here, &now, act, &readers, shown)?)));
        }
    }
    outbox::queue(held.db(), &letters, room.now).await?;
    held.commit().await?;
    Ok(Private(Sent::Done(format!("{there}?done=decided"))))
}

/// The session as the draft will have it, or what is wrong with it.
type Accepted = std::result::Result<Option<DraftSession>, Vec<Mistake>>;

/// Clashes that it brings.
fn in_the_way(lang: Lang, draft: &Draft, accepted: &Accepted) -> ClashView {
    brought::by(lang, draft, accepted.as_ref().map(Option::as_slice).unwrap_or_default())
}

/// The session as the draft will have it: a new one whole; of a change, the fields that are taken, over what the draft
/// says by now. `None` where nothing is left of the change, or it is not accepted.
fn accepted(draft: &Draft, proposal: &Proposal, act: Act, sent: &Typed, room: &Room<'_>) -> Accepted {
    if act != Act::Accept {
        return Ok(None);
    }
    match (proposal.what, proposal.session, &proposal.base) {
        (What::Change, Some(id), Some(base)) => {
            let known = draft.sessions.iter().find(|one| one.session.id == id);
            // A session that is gone can take no change.
            let Some(known) = known else {
                return Err(vec![Mistake::new("title", crate::programme::edit::Why::Unknown)]);
            };
            let differences = difference::of(base, &proposal.content, &said::of_session(known));
            let taken = difference::taken(&differences, sent.all("take"));
            said::change(draft, &known.session.slug, &taken).map(Some)
        }
        (What::New, _, _) | (What::Change, None, _) | (What::Change, _, None) => {
            let id = room.house.tokens.id(room.now);
            said::add(draft, &proposal.content, proposal.organisation.as_deref(), id).map(Some)
        }
    }
}

/// Who hears of it, each with the page where they look at it.
async fn readers(db: &mut Conn, here: &Here<'_>, proposal: &Proposal) -> Result<Vec<(Reader, String)>> {
    match (&proposal.organisation, &proposal.proposer) {
        (Some(organisation), _) => {
            let page = letters::office_page(&here.known.slug, proposal.id);
            let people = people::of_organisation(db, here.known.id, organisation).await?;
            Ok(people.iter().map(|row| (notices::reader(row), page.clone())).collect())
        }
        (None, Some(proposer)) => {
            let reader =
                Reader { email: proposer.email.clone(), name: proposer.name.clone(), lang: proposer.lang };
            let house = here.room.house;
            let page = notices::call_page(house, &here.draft.programme, proposal.id, proposal.link_version);
            Ok(vec![(reader, page)])
        }
        (None, None) => Ok(Vec::new()),
    }
}

/// The language in which the house proposes its words: that of the first who reads them.
fn language(here: &Here<'_>, readers: &[(Reader, String)]) -> Lang {
    readers.first().map_or(here.lang(), |(reader, _)| reader.lang)
}

fn letters(here: &Here<'_>, proposal: &Proposal, words: &Words, readers: &[(Reader, String)]) -> Vec<Letter> {
    let lang = language(here, readers);
    let one = |(reader, page): &(Reader, String)| {
        let id = here.room.house.tokens.id(here.room.now);
        let line = letters::programme_line(&here.draft.programme);
        letters::decided(id, reader, line, (words, lang), &words::title(lang, proposal.title()), page.clone())
    };
    readers.iter().map(one).collect()
}

/// The words as the page of the proposal keeps them.
fn as_said(here: &Here<'_>, proposal: &Proposal, words: &Words) -> String {
    let name = match (&proposal.organisation, &proposal.proposer) {
        (Some(slug), _) => super::organisation_name(here, slug),
        (None, Some(proposer)) => proposer.name.clone(),
        (None, None) => String::new(),
    };
    let values = [
        ("name".to_owned(), name),
        ("programme".to_owned(), here.draft.programme.title.clone()),
        ("session".to_owned(), words::title(here.lang(), proposal.title())),
    ];
    markdown::to_text_filled(&words.text, &values.into())
}

fn state_of(typed: &Typed) -> FormState {
    let mut form = FormState::default();
    for field in ["subject", "text"] {
        form.set(field, typed.first(field));
    }
    form
}

fn draw(
    here: &Here<'_>,
    proposal: &Proposal,
    act: Act,
    readers: &[(Reader, String)],
    shown: Shown<'_>,
) -> Result<Html> {
    let lang = here.lang();
    let there = home(here, proposal.id);
    let mut differences = if act == Act::Accept { one::differences(here, proposal) } else { Vec::new() };
    for one in &mut differences {
        one.taken = shown.typed.all("take").iter().any(|field| field == one.field);
    }
    let words = Words::parse(shown.typed.first("subject"), shown.typed.first("text"));
    let preview = match words {
        Ok(words) => preview(here, proposal, &words, readers)?,
        Err(_) => None,
    };
    let mistakes = shown.mistakes.iter().map(|mistake| Wrong {
        href: String::new(),
        label: words::label(lang, mistake.field),
        text: wrong::sentence(lang, mistake),
    });
    let body = DecidePage {
        action: format!("{there}/decision/{}", act.code()),
        act: act.code(),
        title: words::title(lang, proposal.title()),
        revision: proposal.revision,
        differences,
        readers: readers.len(),
        language: language(here, readers).code(),
        form: shown.form,
        subject_max: SUBJECT_CHARS_MAX,
        text_max: TEXT_CHARS_MAX,
        placeholders: PLACEHOLDERS
            .map(|name| Placeholder {
                written: format!("{{{name}}}"),
                means: text(lang, &format!("placeholder-{name}"), &[]),
            })
            .into(),
        preview,
        mistakes: mistakes.collect(),
        edit: format!("{there}/edit"),
        clashes_new: !shown.clashes.is_told(shown.typed.first("clashes")),
        clashes: shown.clashes,
        changed: shown.crossed == Crossed::Yes,
        home: there,
    };
    let title = text(lang, &format!("proposal-act-{}", act.code()), &[]);
    let layout = here.frame(&format!("/proposals/{}/decision/{}", proposal.id, act.code()), title);
    here.room.draw(layout, body, "office/proposals/decide.html")
}

/// The mail as the first reader gets it, without what only they may see.
fn preview(
    here: &Here<'_>,
    proposal: &Proposal,
    words: &Words,
    readers: &[(Reader, String)],
) -> Result<Option<Preview>> {
    let Some(mut letter) = letters(here, proposal, words, readers).into_iter().next() else {
        return Ok(None);
    };
    let settings = here.room.settings;
    let sender = Sender::new(&settings.mail.from, &settings.base_url)
        .map_err(|bad| Error::Internal(bad.to_string()))?;
    if proposal.organisation.is_none() {
        letter.data = letter.data.masked();
    }
    let to = letter.recipient.clone();
    let read = render(&letter, here.room.now, here.room.view, &sender).map_err(Error::Internal)?;
    Ok(Some(Preview { to, subject: read.subject, text: read.text }))
}
