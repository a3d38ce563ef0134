//! A new programme, made in the browser: as much as it needs to be there, and then its settings.

use rocket::{form::Form as Posted, get, post};
use serde::Serialize;

use super::{
    Answer,
    fields::NEW_PROGRAMME,
    form::{Draw, FormView, Preview},
    save,
};
use crate::{
    audit::{self, Facts},
    error::Result,
    identity::Staff,
    locale::{Lang, text},
    office::{Html, Right, Room, frame::At, guard::Signed},
    programme::{
        self,
        cells::Cells,
        edit::{Mistake, frame, meet::Seen},
    },
    web::{guards::SameOrigin, reply::Private, typed::Typed},
};

/// What `office/draft_made.html` shows.
#[derive(Serialize)]
struct MadePage {
    form: FormView,
    action: String,
    back: String,
}

#[get("/<lang>/office/programmes/new", rank = 5)]
pub async fn show(signed: Signed, lang: Lang, room: Room<'_>) -> Result<Private<Html>> {
    let staff = signed.with(Right::EditDraft)?;
    let cells =
        Cells::from([("timezone", "Europe/Zurich".to_owned()), ("languages", lang.code().to_owned())]);
    draw(&room, staff, lang, &NEW_PROGRAMME.fill(&cells), &[]).await.map(Private)
}

#[post("/<lang>/office/programmes", data = "<sent>", rank = 5)]
pub async fn send(
    _same: SameOrigin,
    signed: Signed,
    lang: Lang,
    sent: Posted<Typed>,
    room: Room<'_>,
) -> Result<Private<Answer>> {
    let staff = signed.with(Right::EditDraft)?;
    let said = NEW_PROGRAMME.read(&sent);
    let mut tx = room.house.pool.begin().await?;
    // Sent again, because its answer never came: it is there as it was said.
    if let Ok(draft) = frame::programme(&said, |_| false)
        && programme::store::load(&mut tx, &draft.programme.slug)
            .await?
            .is_some_and(|(_, known)| known == draft)
    {
        tx.rollback().await?;
        return Ok(done(lang, &draft.programme.slug));
    }
    let taken = programme::store::slugs(&mut tx).await?;
    let made = frame::programme(&said, |slug| taken.iter().any(|taken| taken == slug));
    let draft = match made {
        Ok(draft) => draft,
        Err(mistakes) => {
            tx.rollback().await?;
            return draw(&room, staff, lang, &sent, &mistakes).await.map(Answer::mistakes).map(Private);
        }
    };
    let slug = draft.programme.slug.clone();
    let id = programme::store::save(&mut tx, &draft, room.house.tokens.id(room.now), room.now).await?;
    let subject = audit::subject("programme", &slug);
    let entry = save::entry(room.house, room.now, staff, "programme.add", subject).of(id);
    audit::record(&mut tx, &entry.facts(Facts::default(), Facts::of(&draft.programme))).await?;
    tx.commit().await?;
    Ok(done(lang, &slug))
}

fn done(lang: Lang, slug: &str) -> Private<Answer> {
    Private(Answer::done(format!("/{}/office/{slug}/settings?done=made", lang.code())))
}

async fn draw(
    room: &Room<'_>,
    staff: &Staff,
    lang: Lang,
    typed: &Typed,
    mistakes: &[Mistake],
) -> Result<Html> {
    let mut db = room.db().await?;
    let at = At::office(&mut db, staff, lang, "programmes").await?;
    drop(db);
    let draft = frame::nothing();
    let draw = Draw {
        lang,
        draft: &draft,
        typed,
        seen: Seen::default(),
        mistakes,
        theirs: &[],
        preview: Preview::Hidden,
    };
    let body = MadePage {
        form: NEW_PROGRAMME.view(&draw),
        action: format!("/{}/office/programmes", lang.code()),
        back: format!("/{}/office", lang.code()),
    };
    let title = text(lang, "office-draft-new-programme", &[]);
    room.draw(at.frame(room, staff, "/programmes/new", title), body, "office/draft_made.html")
}
