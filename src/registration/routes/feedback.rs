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
        reply::Private,
    },
};

/// What `registration/feedback.html` shows.
#[derive(Debug, Serialize)]
struct FeedbackPage {
    action: String,
    /// What it is about.
    title: String,
    lang_of: Option<String>,
    when: String,
    /// Its page.
    href: String,
    /// In words, that the answers have just been saved.
    done: Option<String>,
    ratings: Vec<Rating>,
    chars_max: usize,
    form: FormState,
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
    let [rating, takeaway, better] = ["rating", "takeaway", "better"].map(|field| typed.first(field));
    match Answers::parse(rating, takeaway, better) {
        Ok(answers) => {
            feedback::save(room.house, token, &answers, room.now).await?;
            Ok(Private(Sent::Done(format!("/{}/feedback/{token}?done=1", lang.code()))))
        }
        Err(wrong) => {
            let mut form = FormState::default();
            for field in ["rating", "takeaway", "better"] {
                form.set(field, typed.first(field));
            }
            for why in wrong {
                let (field, key) = why.said();
                let most = i64::try_from(ANSWER_CHARS_MAX).unwrap_or(i64::MAX);
                form.refuse(field, text(lang, key, &[("n", most.into())]));
            }
            draw(&room, lang, token, form, None).await.map(Sent::Mistakes).map(Private)
        }
    }
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
    let chosen = form.value("rating").trim().to_owned();
    let rating = |value: i64| Rating {
        chosen: chosen == value.to_string(),
        value: value.to_string(),
        label: text(lang, &format!("feedback-rating-{value}"), &[]),
    };
    let path = format!("/feedback/{token}");
    let programme = &published.release.programme;
    let body = FeedbackPage {
        action: format!("/{}{path}", lang.code()),
        title: session.title.clone(),
        lang_of: words::foreign(lang, session),
        when: words::capital(&words::when(lang, session)),
        href: format!("/{}/{}/sessions/{}", lang.code(), programme.slug, session.slug),
        done,
        ratings: (1..=5).map(rating).collect(),
        chars_max: ANSWER_CHARS_MAX,
        form,
    };
    let title = text(lang, "feedback-title", &[]);
    let layout = crate::web::page::Layout::new(&room.settings.base_url, lang, &path, title)
        .programme(&programme.slug, programme.title.clone())
        .release(published.release.number)
        .zone(programme.timezone)
        .robots("noindex");
    room.draw(layout, body, "registration/feedback.html")
}
