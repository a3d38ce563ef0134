//! The page of a message: who gets it, what they get, what can be done.

use serde::Serialize;

use super::{Desk, form::cells, home};
use crate::{
    db::Conn,
    error::{Error, Result},
    identity::Staff,
    locale::{Lang, text},
    mail::render::{Rendered, Sender, render},
    office::{Html, Room, mails::listing::moment},
    programme::edit::meet::Seen,
    registration::message::{PEOPLE_A_DAY_MAX, TESTS_MAX, send, store::Message},
};

/// People to call who are named on the page.
const CALLED_MAX: i64 = 200;

/// What `office/mails/message.html` shows.
#[derive(Serialize)]
struct MessagePage {
    home: String,
    about: String,
    to: String,
    sent: Option<String>,
    people: i64,
    /// It is for more than one user can write to in a day: so many are not counted, and nothing is sent.
    too_many: bool,
    shares: Vec<ShareLine>,
    to_call: Vec<CallLine>,
    /// More of them than are named.
    to_call_more: i64,
    previews: Vec<Preview>,
    email: String,
    tests_left: i64,
    left_today: i64,
    a_day: i64,
    contact: Option<String>,
    notice: Option<String>,
    refused: Option<String>,
    /// What stands here, for the buttons that act on it.
    seen: String,
}

#[derive(Serialize)]
struct ShareLine {
    people: i64,
    reads: &'static str,
    gets: &'static str,
    own: bool,
}

#[derive(Serialize)]
struct CallLine {
    name: String,
    why: String,
}

/// The mail as a reader of that language gets it.
#[derive(Serialize)]
struct Preview {
    language: &'static str,
    code: &'static str,
    to: String,
    subject: String,
    text: String,
    frame: String,
}

/// The page.
pub(super) async fn draw_message(
    db: &mut Conn,
    room: &Room<'_>,
    staff: &Staff,
    desk: &Desk,
    lang: Lang,
    message: &Message,
    (notice, refused): (Option<String>, Option<String>),
) -> Result<Html> {
    let content = message.content();
    let release = &desk.published.release;
    let outlook = send::outlook(db, &desk.published, content, CALLED_MAX).await?;
    let home = home(lang, &desk.known.slug);
    let here = format!("{home}/{}", message.id);
    let mut previews = Vec::new();
    for reads in content.texts.keys().copied() {
        let (read, to) = preview(db, room, desk, message, reads).await?;
        previews.push(Preview {
            language: reads.own_name(),
            code: reads.code(),
            to,
            subject: read.subject,
            text: read.text,
            frame: format!("{here}/preview/{}", reads.code()),
        });
    }
    let zone = release.programme.timezone;
    let body = MessagePage {
        about: content.about.title(release),
        to: text(lang, &format!("message-to-{}", content.to.code()), &[]),
        sent: message.sent_at.map(|at| moment(lang, zone, at)),
        people: match message.sent_at {
            Some(_) => message.recipients,
            None => outlook.people(),
        },
        too_many: message.sent_at.is_none() && outlook.too_many(),
        shares: outlook
            .shares(content, release)
            .into_iter()
            .map(|share| ShareLine {
                people: share.people,
                reads: share.reads.own_name(),
                gets: share.gets.own_name(),
                own: share.reads == share.gets,
            })
            .collect(),
        to_call: outlook
            .to_call
            .iter()
            .map(|one| CallLine {
                name: one.name.clone(),
                why: text(lang, &format!("message-call-{}", one.why.code()), &[]),
            })
            .collect(),
        to_call_more: outlook.to_call_more,
        previews,
        email: staff.email.clone(),
        tests_left: (TESTS_MAX - message.tests).max(0),
        left_today: send::left_today(db, staff.id, room.now).await?,
        a_day: PEOPLE_A_DAY_MAX,
        contact: release.programme.contact.email.clone(),
        notice,
        refused,
        seen: Seen::of(&cells(content)).to_string(),
        home: here,
    };
    let path = format!("/mails/messages/{}", message.id);
    let layout = desk.at.frame(room, staff, &path, text(lang, "office-message-title", &[]));
    room.draw(layout, body, "office/mails/message.html")
}

/// The mail as the first reader of that language gets it, and to whom.
pub(super) async fn preview(
    db: &mut Conn,
    room: &Room<'_>,
    desk: &Desk,
    message: &Message,
    reads: Lang,
) -> Result<(Rendered, String)> {
    let content = message.content();
    let mut letter = send::sample(db, room.house, &desk.published, content, reads, room.now).await?;
    let to = letter.recipient.clone();
    if letter.recipient.is_empty() {
        // Nobody reads this language: the mail is drawn all the same.
        letter.recipient = "nobody@example.org".to_owned();
    }
    let sender = Sender::new(&room.settings.mail.from, &room.settings.base_url)
        .map_err(|bad| Error::Internal(bad.to_string()))?;
    let read = render(&letter, room.now, room.view, &sender).map_err(Error::Internal)?;
    Ok((read, to))
}
