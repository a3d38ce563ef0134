//! What can be done with a session beside changing its words: copy it, make a series of it, cancel it, take it out of
//! the programme. Each is a page that says what it does before it is done.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use rocket::{form::Form as Posted, get, post, request::FromParam};
use serde::Serialize;
use uuid::Uuid;

use super::{
    Answer, Here,
    again::{self, KEY},
    brought::{self, ClashView},
    fields::{CANCEL, COPY, NOTHING, SERIES},
    form::{Draw, Form, FormView, Preview},
    save::{self, Held},
    view::{self, Stands},
};
use crate::{
    error::{Error, Result},
    locale::{self, Lang, text},
    office::{Html, Right, Room, guard::Signed},
    programme::{
        Draft, DraftSession, Status,
        cells::Cells,
        edit::{
            self, Mistake, Why,
            meet::Seen,
            series::{self, Every, Until},
        },
        import, words,
    },
    web::{guards::SameOrigin, reply::Private, typed::Typed},
};

/// What can be done with a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// A session like it, on another day.
    Copy,
    /// Many like it.
    Series,
    /// It does not take place.
    Cancel,
    /// It does, after all.
    Return,
    /// It leaves the programme.
    Withdraw,
    /// It was never published, and goes without a trace.
    Remove,
}

impl Act {
    const ALL: [Act; 6] = [Act::Copy, Act::Series, Act::Cancel, Act::Return, Act::Withdraw, Act::Remove];

    /// The word in addresses and message keys.
    pub fn code(self) -> &'static str {
        match self {
            Act::Copy => "copy",
            Act::Series => "series",
            Act::Cancel => "cancellation",
            Act::Return => "return",
            Act::Withdraw => "withdrawal",
            Act::Remove => "removal",
        }
    }

    /// What makes sense for a session as it stands.
    pub fn of(session: &DraftSession, stands: Stands) -> Vec<Act> {
        let makes_sense = |act: &Act| match act {
            Act::Copy | Act::Series => true,
            Act::Cancel => session.session.status == Status::Scheduled && stands != Stands::New,
            Act::Return => session.session.status != Status::Scheduled,
            Act::Withdraw => session.session.status != Status::Withdrawn && stands != Stands::New,
            Act::Remove => stands == Stands::New,
        };
        Act::ALL.into_iter().filter(makes_sense).collect()
    }

    fn form(self) -> &'static Form {
        match self {
            Act::Copy => &COPY,
            Act::Series => &SERIES,
            Act::Cancel => &CANCEL,
            Act::Return | Act::Withdraw | Act::Remove => &NOTHING,
        }
    }
}

impl<'a> FromParam<'a> for Act {
    type Error = &'a str;

    fn from_param(param: &'a str) -> Result<Act, &'a str> {
        Act::ALL.into_iter().find(|act| act.code() == param).ok_or(param)
    }
}

/// What `office/draft_act.html` shows.
#[derive(Serialize)]
struct ActPage {
    act: &'static str,
    form: FormView,
    /// What a copy or a series is known by when its form is sent again.
    key: String,
    action: String,
    back: String,
    title: String,
    when: String,
    /// People who will hear of it.
    concerned: i64,
    /// The days of a series, in words, before it is made.
    days: Vec<String>,
    clashes: ClashView,
    colours: String,
}

#[get("/<lang>/office/<slug>/sessions/<session>/<act>", rank = 7)]
pub async fn show(
    signed: Signed,
    lang: Lang,
    slug: &str,
    session: &str,
    act: Act,
    room: Room<'_>,
) -> Result<Private<Html>> {
    let here = Here::open(&room, &signed, Right::EditDraft, lang, slug, "sessions").await?;
    let one = here.session(session)?;
    let mut typed = act.form().fill(&edit::cells_of(one));
    match act {
        Act::Copy => {
            typed.set("slug", "");
            typed.set("date", "");
            typed.set(KEY, &room.house.tokens.fresh());
        }
        Act::Series => {
            typed.set("every", "1");
            typed.set("times", "");
            typed.set(KEY, &room.house.tokens.fresh());
        }
        Act::Cancel | Act::Return | Act::Withdraw | Act::Remove => {}
    }
    draw(&here, act, session, &typed, &[], &[], ClashView::default()).map(Private)
}

#[post("/<lang>/office/<slug>/sessions/<session>/<act>", data = "<sent>", rank = 7)]
#[expect(clippy::too_many_arguments, reason = "what the address, the form and the guards say")]
pub async fn send(
    _same: SameOrigin,
    signed: Signed,
    lang: Lang,
    slug: &str,
    session: &str,
    act: Option<Act>,
    sent: Posted<Typed>,
    room: Room<'_>,
) -> Result<Private<Answer>> {
    let mut here = Here::open(&room, &signed, Right::EditDraft, lang, slug, "sessions").await?;
    let act = act.ok_or(Error::NotFound)?;
    let mut held = Held::hold(&here).await?;
    let one = held.session(session)?.clone();
    let done = |there: String| Ok(Private(Answer::done(there)));
    // A series is looked at before it is made.
    let wants = sent.first("act") != "preview" && (act != Act::Series || !sent.first("looked").is_empty());
    let mut ids = Ids::of(&here, act, session, &sent);
    if wants && let Some(slug) = again::made_before(&held.draft.sessions, ids.first()) {
        held.leave().await?;
        return done(is_made(&here, act, session, &slug));
    }
    let (mistakes, made) = match does(&here, &mut held, &one, act, &sent, &mut ids).await? {
        Did::Done(there) => {
            held.commit().await?;
            return done(there);
        }
        Did::Nothing => {
            held.leave().await?;
            return Err(Error::NotFound);
        }
        Did::Would(made) => (Vec::new(), made),
        Did::Wrong(mistakes) => (mistakes, Vec::new()),
    };
    let clashes = brought::by(lang, &held.draft, &made);
    let is_seen = clashes.is_told(sent.first("clashes"));
    if mistakes.is_empty() && is_seen && wants {
        held.add(&made).await?;
        held.commit().await?;
        return done(is_made(&here, act, session, &made[0].session.slug));
    }
    let draft = held.draft.clone();
    held.leave().await?;
    here.draft = draft;
    let html = draw(&here, act, session, &sent, &mistakes, &made, clashes)?;
    Ok(Private(if mistakes.is_empty() && act == Act::Series {
        Answer::Page(html)
    } else {
        Answer::mistakes(html)
    }))
}

/// What an act comes to.
enum Did {
    /// It is done, once it is committed; where to see it.
    Done(String),
    /// There was nothing to do it to.
    Nothing,
    /// It would make these.
    Would(Vec<DraftSession>),
    /// What was typed is wrong.
    Wrong(Vec<Mistake>),
}

async fn does(
    here: &Here<'_>,
    held: &mut Held<'_, '_>,
    one: &DraftSession,
    act: Act,
    sent: &Typed,
    ids: &mut Ids<'_>,
) -> Result<Did> {
    let slug = &one.session.slug;
    let own = |what: &str| Did::Done(here.href(&format!("/sessions/{slug}?done={what}")));
    Ok(match act {
        Act::Copy => {
            let id = ids.next();
            copied(&held.draft, one, &ids.said, id).map_or_else(Did::Wrong, |copy| Did::Would(vec![copy]))
        }
        Act::Series => {
            in_series(&held.draft, one, sent, &mut || ids.next()).map_or_else(Did::Wrong, Did::Would)
        }
        Act::Cancel => {
            let reason = CANCEL.read(sent).remove("cancel_reason").unwrap_or_default();
            match edit::reason(&reason) {
                // It goes to everybody who is registered, and stands on the page.
                Ok(reason) if reason.is_empty() => {
                    Did::Wrong(vec![Mistake::new("cancel_reason", Why::Empty)])
                }
                Ok(reason) => {
                    held.change("session.cancel", &save::cancelled(one, Some(&reason))).await?;
                    own("cancelled")
                }
                Err(mistake) => Did::Wrong(vec![mistake]),
            }
        }
        Act::Return => {
            held.change("session.return", &save::cancelled(one, None)).await?;
            own("back")
        }
        Act::Withdraw => {
            let mut after = one.clone();
            after.session.status = Status::Withdrawn;
            held.change("session.withdraw", &after).await?;
            own("withdrawn")
        }
        Act::Remove => {
            if held.remove(slug).await? {
                Did::Done(here.href("/sessions?done=removed"))
            } else {
                Did::Nothing
            }
        }
    })
}

/// Where to see what a copy or a series has made.
fn is_made(here: &Here<'_>, act: Act, of: &str, slug: &str) -> String {
    match act {
        Act::Copy => here.href(&format!("/sessions/{slug}?done=copied")),
        Act::Series | Act::Cancel | Act::Return | Act::Withdraw | Act::Remove => {
            here.href(&format!("/sessions?done=series&q={of}"))
        }
    }
}

/// The identities of what one form makes, in their order.
struct Ids<'i> {
    here: &'i Here<'i>,
    sent: &'i Typed,
    what: String,
    said: Cells,
    number: usize,
}

impl<'i> Ids<'i> {
    fn of(here: &'i Here<'i>, act: Act, session: &str, sent: &'i Typed) -> Ids<'i> {
        let what = format!("{}/{session}", act.code());
        Ids { here, sent, what, said: act.form().read(sent), number: 0 }
    }

    fn first(&self) -> Uuid {
        again::identity(self.here, self.sent, &self.what, &self.said, 0)
    }

    fn next(&mut self) -> Uuid {
        let id = again::identity(self.here, self.sent, &self.what, &self.said, self.number);
        self.number += 1;
        id
    }
}

fn copied(draft: &Draft, one: &DraftSession, said: &Cells, id: Uuid) -> Result<DraftSession, Vec<Mistake>> {
    let date = import::day(&said["date"]);
    let copy = edit::copy(one, String::new(), id, date.unwrap_or(one.session.date));
    // Read as any new session, so that the same rules hold, and everything that is wrong is said at once.
    let mut cells = edit::cells_of(&copy);
    cells.extend(said.iter().map(|(field, cell)| (*field, cell.clone())));
    if let Some(date) = date {
        cells.insert("date", date.to_string());
    }
    edit::add(draft, &cells, id)
}

fn in_series(
    draft: &Draft,
    one: &DraftSession,
    sent: &Typed,
    new_id: &mut dyn FnMut() -> Uuid,
) -> Result<Vec<DraftSession>, Vec<Mistake>> {
    let (every, until, skip) = plan(sent)?;
    let dates = series::dates(one.session.date, every, until, &skip);
    if dates.is_empty() {
        return Err(vec![Mistake::new("until", Why::EndsBeforeStart)]);
    }
    series::sessions(draft, one, &dates, new_id)
}

/// What the form of a series says.
fn plan(sent: &Typed) -> Result<(Every, Until, BTreeSet<NaiveDate>), Vec<Mistake>> {
    let mut mistakes = Vec::new();
    let mut wrong = |field: &'static str, why: Why, value: &str| {
        mistakes.push(Mistake { value: value.to_owned(), ..Mistake::new(field, why) });
    };
    let days = sent.all("days").iter().filter_map(|day| day.parse::<usize>().ok());
    let mut chosen = [false; 7];
    for day in days {
        if let Some(one) = chosen.get_mut(day) {
            *one = true;
        }
    }
    let every = match sent.first("every").trim() {
        "day" => Some(Every::Day),
        "days" if chosen.contains(&true) => Some(Every::On(chosen)),
        "days" => {
            wrong("days", Why::Empty, "");
            None
        }
        weeks => weeks.parse().ok().filter(|weeks| (1..=8).contains(weeks)).map(Every::Weeks),
    };
    if every.is_none() && sent.first("every").trim() != "days" {
        wrong("every", Why::Form, sent.first("every"));
    }
    let (times, last) = (sent.first("times").trim(), sent.first("until").trim());
    let until = match (times, last) {
        ("", "") => {
            wrong("times", Why::Empty, "");
            None
        }
        ("", last) => {
            let day = import::day(last);
            if day.is_none() {
                wrong("until", Why::Form, last);
            }
            day.map(Until::Day)
        }
        (times, _) => {
            let number = times.parse().ok().filter(|number| (1..=series::SERIES_MAX).contains(number));
            if number.is_none() {
                wrong("times", Why::Form, times);
            }
            number.map(Until::Times)
        }
    };
    let mut skip = BTreeSet::new();
    for line in sent.first("skip").lines().map(str::trim).filter(|line| !line.is_empty()) {
        match import::day(line) {
            Some(day) => drop(skip.insert(day)),
            None => wrong("skip", Why::Form, line),
        }
    }
    match (every, until) {
        (Some(every), Some(until)) if mistakes.is_empty() => Ok((every, until, skip)),
        _ => Err(mistakes),
    }
}

fn draw(
    here: &Here<'_>,
    act: Act,
    slug: &str,
    typed: &Typed,
    mistakes: &[Mistake],
    made: &[DraftSession],
    clashes: ClashView,
) -> Result<Html> {
    let one = here.session(slug)?;
    let lang = here.lang();
    let draw = Draw {
        lang,
        draft: &here.draft,
        typed,
        seen: Seen::default(),
        mistakes,
        theirs: &[],
        preview: Preview::Hidden,
    };
    let seat = here.room.house.board.seat(one.session.id);
    let below = format!("/sessions/{slug}/{}", act.code());
    let day = |one: &DraftSession| words::capital(&locale::full_date(lang, one.session.date));
    let body = ActPage {
        act: act.code(),
        form: act.form().view(&draw),
        key: typed.first(KEY).to_owned(),
        action: here.href(&below),
        back: here.href(&format!("/sessions/{slug}")),
        title: one.session.title.clone(),
        when: view::when(here, one),
        concerned: seat.map_or(0, |seat| seat.taken + seat.waiting),
        days: if act == Act::Series { made.iter().map(day).collect() } else { Vec::new() },
        clashes,
        colours: here.colours(),
    };
    let title = text(lang, &format!("office-draft-act-{}", act.code()), &[]);
    here.room.draw(here.frame(&below, title), body, "office/draft_act.html")
}
