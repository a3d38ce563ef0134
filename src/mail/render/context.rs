//! What the templates show. All that is decided about a mail's words is decided here.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use serde::Serialize;

use super::{Sender, after, changed, door, one_line, own, reminder};
use crate::{
    locale::{self, Lang, Value},
    mail::{Frozen, Item, Kind, Letter, MailData, Outcome, outbox::HELD_UP},
    markdown::filled::{self, Values},
    programme::{Access, Status},
    view::View,
};

/// A mail that was held up says no hour to which less time is left: what it tells of is held longer then, or lost.
const HOUR_LEAST: TimeDelta = TimeDelta::minutes(30);

/// When a mail was written, and when it leaves.
#[derive(Debug, Clone, Copy)]
pub(super) struct Way {
    pub written: DateTime<Utc>,
    pub leaves: DateTime<Utc>,
}

impl Way {
    /// True where this hour, which was right when the mail was written, can still be said.
    fn says(self, until: DateTime<Utc>) -> bool {
        self.leaves - self.written < HELD_UP || until - self.leaves >= HOUR_LEAST
    }
}

/// What `body.txt` and `body.html` find.
#[derive(Debug, Serialize)]
pub(super) struct Body {
    programme: String,
    programme_url: String,
    name: String,
    intro: String,
    /// The organisers' own words, as Markdown with placeholders: instead of `intro`, and below the sessions.
    own_intro: Option<String>,
    own_closing: Option<String>,
    /// The same in plain words.
    closing: String,
    /// The language of these words, where it is not the letter's.
    own_lang: Option<&'static str>,
    /// What their placeholders stand for.
    values: Values,
    items: Vec<Shown>,
    timezone: String,
    agenda_url: String,
    feed_url: String,
    has_seat: bool,
    /// What is shown at the door, in words; empty where no seat of the mail opens one.
    door_code: String,
    /// The picture of it that the mail brings: `cid:…`.
    door_picture: String,
    /// True where one of the seats is of a session that takes place.
    can_come: bool,
    /// True where a certificate can be had.
    present: bool,
    /// True where one can attend from home and nobody knows yet where to join.
    join_later: bool,
    /// Stops such mails.
    stop_url: Option<String>,
    contact: Option<String>,
    /// The page that confirms the order, or lets into the office.
    confirm_url: Option<String>,
}

/// One session, in words.
#[derive(Debug, Serialize)]
struct Shown {
    title: String,
    url: String,
    when: String,
    place: String,
    online: bool,
    join_url: Option<String>,
    /// Such an address may be pressed.
    join_is_link: bool,
    outcome: String,
    /// The page on which the person takes what is held for them.
    offer_url: Option<String>,
    /// What is not any more what the person was told, a line each.
    changes: Vec<String>,
    /// The word of a style: `seat`, `queue`, `over`.
    tone: &'static str,
    people: i64,
    access: Vec<String>,
    not_taking_place: bool,
    /// What it leaves behind.
    left: Option<after::Left>,
}

pub(super) fn body(letter: &Letter, way: Way, sender: &Sender) -> Body {
    let (data, lang) = (&letter.data, letter.lang);
    let base = format!("{}/{}", sender.base_url(), lang.code());
    let values = own::values(letter, &base);
    Body {
        programme: one_line(&data.programme.title),
        programme_url: format!("{base}/{}", data.programme.slug),
        name: one_line(&data.name),
        intro: data.own.intro.as_ref().map_or_else(|| intro(letter), |own| own::plain(own, &values)),
        own_intro: data.own.intro.clone(),
        own_closing: data.own.closing.clone(),
        closing: data.own.closing.as_ref().map(|own| own::plain(own, &values)).unwrap_or_default(),
        own_lang: data.own.lang.filter(|own| *own != lang).map(Lang::code),
        values,
        items: data.items.iter().map(|item| shown(item, data, way, lang, &base)).collect(),
        timezone: locale::zone(lang, data.programme.timezone.name()),
        agenda_url: format!("{base}/agenda/{}", data.agenda_token),
        feed_url: format!("{base}/agenda/{}/calendar.ics", data.feed_token),
        has_seat: data.items.iter().any(|item| item.outcome.has_seat()),
        can_come: data.items.iter().any(|item| item.outcome.has_seat() && takes_place(item)),
        door_code: door::code(letter).unwrap_or_default().to_owned(),
        door_picture: door::code(letter).map(|_| door::address(letter)).unwrap_or_default(),
        present: data.items.iter().any(|item| item.after.as_ref().is_some_and(|after| after.present)),
        join_later: data.items.iter().any(|item| item.session.online && item.session.join_url.is_none()),
        stop_url: reminder::stop_url(letter, sender),
        contact: data.programme.contact.as_deref().map(one_line),
        confirm_url: data.confirm_token.as_ref().map(|token| confirm_url(letter.kind, &base, token)),
    }
}

/// The page that the mail's one secret opens.
fn confirm_url(kind: Kind, base: &str, token: &str) -> String {
    let page = match kind {
        // Its page has an address of its own.
        Kind::Proposal => return format!("{base}/{token}"),
        Kind::Invitation => "office/invitation",
        Kind::Password => "office/password",
        Kind::SignIn => "office/mailed-link",
        Kind::Joining => "office/joining",
        Kind::Order
        | Kind::Promoted
        | Kind::Offered
        | Kind::Expired
        | Kind::Confirm
        | Kind::Cancelled
        | Kind::Link
        | Kind::Changed
        | Kind::Thanks
        | Kind::Reminder
        | Kind::Message => "confirm",
    };
    format!("{base}/{page}/{token}")
}

#[derive(Serialize)]
struct Subject {
    key: &'static str,
    title: String,
    programme: String,
    /// When it begins, in a reminder.
    when: String,
}

/// The subject, from the template of the mail: a session's title where there is but one.
pub(super) fn subject(letter: &Letter, sender: &Sender, view: &View) -> Result<String, String> {
    if let Some(own) = &letter.data.own.subject {
        let base = format!("{}/{}", sender.base_url(), letter.lang.code());
        return Ok(filled::fill(own, &own::values(letter, &base)));
    }
    let key = match (letter.kind, all(letter)) {
        (Kind::Order, All::Seats) => "mail-order-subject-confirmed",
        (Kind::Order, All::Waiting) => "mail-order-subject-waiting",
        (Kind::Order, All::Mixed) => "mail-order-subject-mixed",
        (Kind::Order, All::Refused) => "mail-order-subject-refused",
        (Kind::Order, All::Moved) => "mail-order-subject-moved",
        (Kind::Promoted, _) => "mail-promoted-subject",
        (Kind::Offered, _) => "mail-offered-subject",
        (Kind::Expired, _) => "mail-expired-subject",
        (Kind::Confirm, _) => "mail-confirm-subject",
        (Kind::Cancelled, _) => match left(letter) {
            Left::Seats => "mail-cancelled-subject",
            Left::Queues => "mail-left-subject",
            Left::Both => "mail-left-mixed-subject",
        },
        (Kind::Link, _) => "mail-link-subject",
        (Kind::Changed, _) => changed::subject(&letter.data.items),
        (Kind::Thanks, _) => "mail-thanks-subject",
        (Kind::Invitation, _) => "mail-invitation-subject",
        (Kind::Password, _) => "mail-password-subject",
        (Kind::SignIn, _) => "mail-sign-in-subject",
        (Kind::Joining, _) => "mail-joining-subject",
        (Kind::Proposal, _) => "mail-proposal-subject",
        (Kind::Reminder, _) => "mail-reminder-subject",
        (Kind::Message, _) => "mail-message-subject",
    };
    let programme = one_line(&letter.data.programme.title);
    let title = match letter.data.items.as_slice() {
        [only] => one_line(&only.session.title),
        _ => programme.clone(),
    };
    let when = reminder::when(letter);
    let name = format!("mail/{}/subject.txt", letter.kind.code());
    view.render(&name, letter.lang, &Subject { key, title, programme, when })
        .map_err(|_| format!("template {name}"))
}

enum All {
    Seats,
    Waiting,
    Mixed,
    /// The organisers gave one session for another.
    Moved,
    /// A rule of the programme gave nothing.
    Refused,
}

fn all(letter: &Letter) -> All {
    let items = &letter.data.items;
    let waits = |item: &Item| match item.outcome {
        Outcome::Waiting { .. } | Outcome::AlreadyWaiting { .. } => true,
        Outcome::Confirmed
        | Outcome::AlreadyConfirmed
        | Outcome::AlreadyOffered
        | Outcome::Offered { .. }
        | Outcome::OfferExpired
        | Outcome::SeatToConfirm { .. }
        | Outcome::TurnToConfirm { .. }
        | Outcome::Declined
        | Outcome::Promoted
        | Outcome::Cancelled
        | Outcome::LeftQueue
        | Outcome::OverWeek { .. }
        | Outcome::OverProgramme { .. }
        | Outcome::Overlaps => false,
    };
    let gone =
        |item: &Item| matches!(item.outcome, Outcome::Cancelled | Outcome::LeftQueue | Outcome::Declined);
    if items.iter().any(gone) {
        All::Moved
    } else if items.iter().all(|item| item.outcome.has_seat()) {
        All::Seats
    } else if items.iter().all(waits) {
        All::Waiting
    } else if items.iter().all(|item| item.outcome.is_refused()) {
        All::Refused
    } else {
        All::Mixed
    }
}

/// What was given back. Who leaves a queue never had an entry: nothing is attached for it.
enum Left {
    Seats,
    Queues,
    Both,
}

fn left(letter: &Letter) -> Left {
    let items = &letter.data.items;
    let queue = |item: &Item| matches!(item.outcome, Outcome::LeftQueue | Outcome::Declined);
    match (items.iter().any(queue), items.iter().all(queue)) {
        (false, _) => Left::Seats,
        (true, true) => Left::Queues,
        (true, false) => Left::Both,
    }
}

fn intro(letter: &Letter) -> String {
    let key = match (letter.kind, all(letter)) {
        (Kind::Order, All::Seats) => "mail-order-intro-confirmed",
        (Kind::Order, All::Waiting) => "mail-order-intro-waiting",
        (Kind::Order, All::Refused) => "mail-order-intro-refused",
        (Kind::Order, All::Moved) => "mail-order-intro-moved",
        (Kind::Order, All::Mixed) if letter.data.items.iter().any(|item| item.outcome.is_refused()) => {
            "mail-order-intro-limits"
        }
        (Kind::Order, All::Mixed) => "mail-order-intro-mixed",
        (Kind::Promoted, _) => "mail-promoted-intro",
        (Kind::Offered, _) => "mail-offered-intro",
        (Kind::Expired, _) => "mail-expired-intro",
        (Kind::Confirm, _) => "mail-confirm-intro",
        (Kind::Cancelled, _) => match left(letter) {
            Left::Seats => "mail-cancelled-intro",
            Left::Queues => "mail-left-intro",
            Left::Both => "mail-left-mixed-intro",
        },
        (Kind::Link, _) => "mail-link-intro",
        (Kind::Changed, _) => "mail-changed-intro",
        (Kind::Thanks, _) => after::intro(&letter.data.items),
        (Kind::Invitation, _) => "mail-invitation-intro",
        (Kind::Password, _) => "mail-password-intro",
        (Kind::SignIn, _) => "mail-sign-in-intro",
        (Kind::Joining, _) => "mail-joining-intro",
        (Kind::Proposal, _) => "mail-proposal-intro",
        (Kind::Reminder, _) => reminder::intro(letter),
        (Kind::Message, _) => "mail-message-intro",
    };
    let count = i64::try_from(letter.data.items.len()).unwrap_or(i64::MAX);
    locale::text(letter.lang, key, &[("count", Value::from(count)), ("when", reminder::when(letter).into())])
}

fn shown(item: &Item, data: &MailData, way: Way, lang: Lang, base: &str) -> Shown {
    let (session, zone) = (&item.session, data.programme.timezone);
    let may_join = item.outcome.has_seat() && takes_place(item);
    let join_url = session.join_url.as_deref().filter(|_| may_join).map(one_line);
    Shown {
        title: one_line(&session.title),
        url: url(session, base),
        when: locale::when(lang, session.date, session.start, session.end),
        place: place_of(session),
        // What is over is not attended any more.
        online: session.online && item.after.is_none(),
        join_is_link: join_url.as_deref().is_some_and(is_web_address),
        join_url,
        outcome: match (&item.before, &item.after) {
            (None, None) => outcome(item.outcome, way, zone, lang),
            (Some(_), None) => changed::outcome(item, way, zone, lang),
            (_, Some(after)) => after::outcome(after, lang),
        },
        // By its id: another programme may have a session of that name.
        offer_url: matches!(item.outcome, Outcome::Offered { .. } | Outcome::AlreadyOffered)
            .then(|| format!("{base}/agenda/{}/offers/{}", data.agenda_token, session.uid)),
        changes: item
            .before
            .as_ref()
            .map(|before| changed::lines(before, session, zone, lang))
            .unwrap_or_default(),
        tone: match item.outcome {
            _ if item.before.is_some() && !takes_place(item) => "over",
            Outcome::Confirmed | Outcome::AlreadyConfirmed | Outcome::Promoted => "seat",
            Outcome::Waiting { .. }
            | Outcome::AlreadyWaiting { .. }
            | Outcome::AlreadyOffered
            | Outcome::Offered { .. }
            | Outcome::SeatToConfirm { .. }
            | Outcome::TurnToConfirm { .. } => "queue",
            Outcome::Cancelled
            | Outcome::LeftQueue
            | Outcome::Declined
            | Outcome::OfferExpired
            | Outcome::OverWeek { .. }
            | Outcome::OverProgramme { .. }
            | Outcome::Overlaps => "over",
        },
        people: item.people,
        access: session
            .access
            .iter()
            .filter(|_| item.after.is_none())
            .map(|access| access_word(access, lang))
            .collect(),
        // A mail about changes says it among them.
        not_taking_place: item.before.is_none() && !takes_place(item),
        left: item.after.as_ref().map(|after| after::left(after, base)),
    }
}

fn takes_place(item: &Item) -> bool {
    item.session.status == Status::Scheduled
}

/// Where a session takes place, in one line.
pub(super) fn place_of(session: &Frozen) -> String {
    let place = [&session.place, &session.address].map(|text| one_line(text));
    place.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(", ")
}

/// The page of the session; for one that was withdrawn and has none any more, that of its programme.
pub(super) fn url(session: &Frozen, base: &str) -> String {
    let path = match session.status {
        Status::Scheduled | Status::Cancelled => session.path.as_str(),
        Status::Withdrawn => session.path.split("/sessions/").next().unwrap_or_default(),
    };
    format!("{base}{path}")
}

pub(super) fn is_web_address(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
}

pub(super) fn outcome(outcome: Outcome, way: Way, zone: Tz, lang: Lang) -> String {
    let (key, number) = match outcome {
        Outcome::Confirmed => ("mail-outcome-confirmed", 0),
        Outcome::Waiting { position } => ("mail-outcome-waiting", position),
        Outcome::AlreadyConfirmed => ("mail-outcome-already-confirmed", 0),
        Outcome::AlreadyWaiting { position } => ("mail-outcome-already-waiting", position),
        Outcome::AlreadyOffered => ("mail-outcome-already-offered", 0),
        Outcome::Offered { until } if !way.says(until) => ("mail-outcome-offered-late", 0),
        Outcome::SeatToConfirm { until } if !way.says(until) => ("mail-outcome-seat-to-confirm-late", 0),
        Outcome::TurnToConfirm { until } if !way.says(until) => ("mail-outcome-turn-to-confirm-late", 0),
        Outcome::Offered { until } => {
            return locale::text(lang, "mail-outcome-offered", &moment(until, zone, lang));
        }
        Outcome::SeatToConfirm { until } => {
            return locale::text(lang, "mail-outcome-seat-to-confirm", &moment(until, zone, lang));
        }
        Outcome::TurnToConfirm { until } => {
            return locale::text(lang, "mail-outcome-turn-to-confirm", &moment(until, zone, lang));
        }
        Outcome::OfferExpired => ("mail-outcome-offer-expired", 0),
        Outcome::Declined => ("mail-outcome-declined", 0),
        Outcome::Promoted => ("mail-outcome-promoted", 0),
        Outcome::Cancelled => ("mail-outcome-cancelled", 0),
        Outcome::LeftQueue => ("mail-outcome-left-queue", 0),
        Outcome::OverWeek { limit } => ("mail-outcome-over-week", limit),
        Outcome::OverProgramme { limit } => ("mail-outcome-over-programme", limit),
        Outcome::Overlaps => ("mail-outcome-overlaps", 0),
    };
    locale::text(lang, key, &[("position", Value::from(number)), ("limit", Value::from(number))])
}

/// The values `day` and `time` of a message.
fn moment(at: DateTime<Utc>, zone: Tz, lang: Lang) -> [(&'static str, Value<'static>); 2] {
    let at = at.with_timezone(&zone).naive_local();
    let (day, time) = (locale::full_date(lang, at.date()), locale::time(lang, at.time()));
    [("day", day.into()), ("time", time.into())]
}

fn access_word(access: &Access, lang: Lang) -> String {
    match access {
        Access::Text(text) => one_line(text),
        Access::StepFree
        | Access::SignLanguage
        | Access::HearingLoop
        | Access::Childcare
        | Access::EasyLanguage
        | Access::QuietRoom => locale::text(lang, &format!("access-{}", access.code()), &[]),
    }
}
