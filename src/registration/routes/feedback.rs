//! The three questions after a session. Opening the link changes nothing; it can be answered again.

use rocket::{form::Form, get, post};
use serde::Serialize;

use super::{Html, Room, Sent, typed::Typed};
use crate::{
    error::{Error, Result},
    locale::{Lang, text},
    programme::{routes::site::Query, words},
    registration::feedback::{self, ANSWER_CHARS_MAX, Answers},
    web::{
        form::FormState,
        guards::{RateLimited, SameOrigin},
        page::Layout,
        reply::Private,
    },
};

/// What is asked.
const FIELDS: [&str; 3] = ["rating", "takeaway", "better"];

/// What `registration/feedback.html` shows.
#[derive(Debug, Serialize)]
struct FeedbackPage {
    action: String,
    /// What it is about; `None` where nobody can look now.
    session: Option<About>,
    /// Nothing can be saved now; everything typed is still there.
    busy: bool,
    /// In words, that the answers have just been saved.
    done: Option<String>,
    ratings: Vec<Rating>,
    chars_max: usize,
    form: FormState,
}

#[derive(Debug, Serialize)]
struct About {
    title: String,
    lang: Option<String>,
    when: String,
    /// Its page.
    href: String,
}

#[derive(Debug, Serialize)]
struct Rating {
    value: String,
    label: String,
    chosen: bool,
}

#[get("/<lang>/feedback/<token>", rank = 5)]
pub async fn show(lang: Lang, token: &str, query: Query, room: Room<'_>) -> Result<Private<Html>> {
    let mut db = room.db().await?;
    let (registration, _) = feedback::place(&mut db, room.house, token, room.now).await?;
    let known = feedback::answers(&mut db, room.house, registration).await?.unwrap_or_default();
    drop(db);
    let mut form = FormState::default();
    form.set("rating", known.rating.map(|rating| rating.to_string()).unwrap_or_default());
    form.set("takeaway", known.takeaway);
    form.set("better", known.better);
    let done = query.pairs().any(|pair| pair == ("done", "1"));
    let done = done.then(|| text(lang, "feedback-done", &[]));
    draw(&room, lang, token, form, done).await.map(Private)
}

#[post("/<lang>/feedback/<token>", data = "<typed>", rank = 5)]
pub async fn send(
    _same: SameOrigin,
    _limit: RateLimited,
    lang: Lang,
    token: &str,
    typed: Form<Typed>,
    room: Room<'_>,
) -> Result<Private<Sent>> {
    match answer(&room, lang, token, &typed).await {
        Err(cause) if cause.is_passing() => {
            log::warn!("answers had to wait: {cause}");
            let page = FeedbackPage { busy: true, ..page(lang, token, state(&typed)) };
            room.draw(layout(&room, lang, token), page, "registration/feedback.html")
                .map(Sent::Busy)
                .map(Private)
        }
        answered => answered.map(Private),
    }
}

async fn answer(room: &Room<'_>, lang: Lang, token: &str, typed: &Typed) -> Result<Sent> {
    let [rating, takeaway, better] = FIELDS.map(|field| typed.first(field));
    match Answers::parse(rating, takeaway, better) {
        Ok(answers) => {
            feedback::save(room.house, token, &answers, room.now).await?;
            Ok(Sent::Done(format!("/{}/feedback/{token}?done=1", lang.code())))
        }
        Err(wrong) => {
            let mut form = state(typed);
            for why in wrong {
                let (field, key) = why.said();
                let most = i64::try_from(ANSWER_CHARS_MAX).unwrap_or(i64::MAX);
                form.refuse(field, text(lang, key, &[("n", most.into())]));
            }
            draw(room, lang, token, form, None).await.map(Sent::Mistakes)
        }
    }
}

/// The form as it was sent.
fn state(typed: &Typed) -> FormState {
    let mut form = FormState::default();
    for field in FIELDS {
        form.set(field, typed.first(field));
    }
    form
}

async fn draw(
    room: &Room<'_>,
    lang: Lang,
    token: &str,
    form: FormState,
    done: Option<String>,
) -> Result<Html> {
    let (_, place) = feedback::place(&mut room.db().await?, room.house, token, room.now).await?;
    // Another process may have published a moment ago.
    let published = room.house.publications.by_id(place.programme_id).ok_or(Error::Busy("no release yet"))?;
    let session = published.session_by_id(place.session_id).ok_or(Error::OldLink)?;
    let programme = &published.release.programme;
    let about = About {
        title: session.title.clone(),
        lang: words::foreign(lang, session),
        when: words::capital(&words::when(lang, session)),
        href: format!("/{}/{}/sessions/{}", lang.code(), programme.slug, session.slug),
    };
    let body = FeedbackPage { session: Some(about), done, ..page(lang, token, form) };
    let layout = layout(room, lang, token)
        .programme(&programme.slug, programme.title.clone())
        .release(published.release.number)
        .zone(programme.timezone);
    room.draw(layout, body, "registration/feedback.html")
}

/// The questions, of whatever session.
fn page(lang: Lang, token: &str, form: FormState) -> FeedbackPage {
    let chosen = form.value("rating").trim().to_owned();
    let rating = |value: i64| Rating {
        chosen: chosen == value.to_string(),
        value: value.to_string(),
        label: text(lang, &format!("feedback-rating-{value}"), &[]),
    };
    FeedbackPage {
        action: format!("/{}/feedback/{token}", lang.code()),
        session: None,
        busy: false,
        done: None,
        ratings: (1..=5).map(rating).collect(),
        chars_max: ANSWER_CHARS_MAX,
        form,
    }
}

fn layout(room: &Room<'_>, lang: Lang, token: &str) -> Layout {
    let title = text(lang, "feedback-title", &[]);
    Layout::new(&room.settings.base_url, lang, &format!("/feedback/{token}"), title).robots("noindex")
}
