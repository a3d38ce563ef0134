//! Sending a file.

use std::sync::Arc;

use rocket::{
    FromForm,
    form::{Errors, Form},
    fs::TempFile,
    get,
    http::Status,
    post,
    response::Redirect,
};
use serde::Serialize;
use uuid::Uuid;

use super::{Turn, UPLOAD_BYTES_MAX, address, aside};
use crate::{
    error::Result,
    identity::Staff,
    locale::{Lang, text},
    office::{Html, Right, Room, frame::At, guard::Signed},
    programme::{
        self, RESERVED_SLUGS,
        import::{
            Problem, Source,
            kept::{self, Choices, Kept},
            said, store,
        },
        is_slug,
    },
    web::{form::FormState, guards::SameOrigin, reply::Private, uploads},
};

/// What the form sends.
#[derive(FromForm)]
pub struct Sent<'r> {
    #[field(default = "")]
    slug: &'r str,
    file: TempFile<'r>,
}

type Received<'r> = std::result::Result<Form<Sent<'r>>, Errors<'r>>;

#[derive(Serialize)]
struct UploadPage {
    /// Where the form goes.
    action: String,
    /// True where the file makes a programme.
    is_new: bool,
    form: FormState,
    file_hint: String,
    /// What is wrong with the file that was sent.
    problems: Vec<String>,
    /// What it is called.
    name: String,
    waiting: Vec<Link>,
}

#[derive(Serialize)]
struct Link {
    href: String,
    name: String,
    since: String,
}

/// What was wrong.
#[derive(Default)]
struct Wrong {
    form: FormState,
    problems: Vec<Problem>,
    name: String,
}

#[get("/<lang>/office/<slug>/import", rank = 6)]
pub async fn show(signed: Signed, lang: Lang, slug: &str, room: Room<'_>) -> Result<Private<Html>> {
    let staff = signed.with(Right::Import)?;
    page(&room, staff, lang, Some(slug), Wrong::default()).await.map(Private)
}

#[get("/<lang>/office/import", rank = 5)]
pub async fn show_new(signed: Signed, lang: Lang, room: Room<'_>) -> Result<Private<Html>> {
    let staff = signed.with(Right::Import)?;
    page(&room, staff, lang, None, Wrong::default()).await.map(Private)
}

#[post("/<lang>/office/<slug>/import", rank = 6, data = "<sent>")]
pub async fn take(
    _from: SameOrigin,
    signed: Signed,
    lang: Lang,
    slug: &str,
    room: Room<'_>,
    sent: Received<'_>,
) -> Result<Answer> {
    let staff = signed.with(Right::Import)?;
    At::programme(&mut room.db().await?, staff, lang, slug, "import").await?;
    receive(&room, staff, lang, Some(slug), sent).await
}

#[post("/<lang>/office/import", rank = 5, data = "<sent>")]
pub async fn take_new(
    _from: SameOrigin,
    signed: Signed,
    lang: Lang,
    room: Room<'_>,
    sent: Received<'_>,
) -> Result<Answer> {
    let staff = signed.with(Right::Import)?;
    receive(&room, staff, lang, None, sent).await
}

/// The file's own page, or the form again.
#[derive(rocket::Responder)]
pub enum Answer {
    Taken(Box<Private<Redirect>>),
    Again((Status, Private<Html>)),
}

async fn receive(
    room: &Room<'_>,
    staff: &Staff,
    lang: Lang,
    slug: Option<&str>,
    sent: Received<'_>,
) -> Result<Answer> {
    let mut wrong = Wrong::default();
    let turn = Turn::wait().await?;
    match kept(room, &turn, staff, lang, slug, sent, &mut wrong).await? {
        Some(file) => {
            let mut tx = room.house.pool.begin().await?;
            store::make_room(&mut tx, staff.id).await?;
            store::keep(&mut tx, &file).await?;
            tx.commit().await?;
            Ok(Answer::Taken(Box::new(Private(Redirect::to(address(lang, &file.programme, file.id))))))
        }
        None => {
            let html = page(room, staff, lang, slug, wrong).await?;
            Ok(Answer::Again((Status::UnprocessableEntity, Private(html))))
        }
    }
}

/// The file to keep, or what is wrong with what was sent.
async fn kept(
    room: &Room<'_>,
    turn: &Turn,
    staff: &Staff,
    lang: Lang,
    slug: Option<&str>,
    sent: Received<'_>,
    wrong: &mut Wrong,
) -> Result<Option<Kept>> {
    let most = (UPLOAD_BYTES_MAX / (1024 * 1024)).to_string();
    let most = [("most", most.as_str().into())];
    let sent = match sent {
        Ok(sent) => sent.into_inner(),
        Err(errors) => {
            let is_large = errors.iter().any(|error| error.status() == Status::PayloadTooLarge);
            let key = if is_large { "import-file-large" } else { "import-file-none" };
            wrong.form.refuse("file", text(lang, key, &most));
            return Ok(None);
        }
    };
    let slug = match slug {
        Some(slug) => slug.to_owned(),
        None => new_slug(room, lang, sent.slug, wrong).await?,
    };
    wrong.name = uploads::name(&sent.file);
    let Some(bytes) = uploads::bytes(&sent.file, UPLOAD_BYTES_MAX).await? else {
        wrong.form.refuse("file", text(lang, "import-file-large", &most));
        return Ok(None);
    };
    if bytes.is_empty() {
        wrong.form.refuse("file", text(lang, "import-file-none", &[]));
    }
    if !wrong.form.errors.is_empty() {
        return Ok(None);
    }
    let name = wrong.name.clone();
    let (read, digest) = aside(turn, move || (Source::read(&name, &bytes), kept::digest(&bytes))).await?;
    match read {
        Ok(source) => Ok(Some(Kept {
            id: room.house.tokens.id(room.now),
            user: staff.id,
            programme: slug,
            name: wrong.name.clone(),
            source: Some(Arc::new(source)),
            digest,
            choices: Choices::default(),
            outcome: None,
            created_at: room.now,
        })),
        Err(problems) => {
            wrong.problems = problems;
            Ok(None)
        }
    }
}

/// The address of a programme that is to be made.
async fn new_slug(room: &Room<'_>, lang: Lang, typed: &str, wrong: &mut Wrong) -> Result<String> {
    let slug = typed.trim().to_lowercase();
    wrong.form.set("slug", typed);
    if !is_slug(&slug) || RESERVED_SLUGS.contains(&slug.as_str()) {
        wrong.form.refuse("slug", text(lang, "import-slug-hint", &[]));
    } else if programme::store::id_of(&mut room.db().await?, &slug).await?.is_some() {
        wrong.form.refuse("slug", text(lang, "import-slug-taken", &[]));
    }
    Ok(slug)
}

async fn page(room: &Room<'_>, staff: &Staff, lang: Lang, slug: Option<&str>, wrong: Wrong) -> Result<Html> {
    let mut db = room.db().await?;
    let (at, key, action) = match slug {
        Some(slug) => {
            let (known, at) = At::programme(&mut db, staff, lang, slug, "import").await?;
            (at, "import-title", format!("/{}/office/{}/import", lang.code(), known.slug))
        }
        None => {
            let at = At::office(&mut db, staff, lang, "import").await?;
            (at, "import-new-title", format!("/{}/office/import", lang.code()))
        }
    };
    let waiting = match slug {
        Some(slug) => store::waiting(&mut db, staff.id, slug, room.now).await?,
        None => Vec::new(),
    };
    drop(db);
    let link = |id: Uuid, name: String, since: chrono::DateTime<chrono::Utc>| Link {
        href: address(lang, slug.unwrap_or_default(), id),
        name,
        since: text(lang, "import-waiting-since", &[("n", (room.now - since).num_minutes().into())]),
    };
    let most = (UPLOAD_BYTES_MAX / (1024 * 1024)).to_string();
    let body = UploadPage {
        action,
        is_new: slug.is_none(),
        form: wrong.form,
        file_hint: text(lang, "import-file-hint", &[("most", most.as_str().into())]),
        problems: wrong.problems.iter().map(|problem| sentence(lang, problem)).collect(),
        name: wrong.name,
        waiting: waiting.into_iter().map(|file| link(file.id, file.name, file.since)).collect(),
    };
    let layout = at.frame(room, staff, "/import", text(lang, key, &[]));
    room.draw(layout, body, "office/import.html")
}

/// A problem with a whole file, in one line.
fn sentence(lang: Lang, problem: &Problem) -> String {
    let message = said(lang, &problem.message);
    match (problem.line, &problem.value) {
        (Some(line), _) => {
            let values = [("line", line.to_string().into()), ("message", message.as_str().into())];
            text(lang, "import-problem-line", &values)
        }
        (None, Some(value)) => {
            let values = [("value", value.as_str().into()), ("message", message.as_str().into())];
            text(lang, "import-problem-value", &values)
        }
        (None, None) => message,
    }
}
