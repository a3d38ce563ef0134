//! A file that was sent: its columns, what would change, and taking it.

mod view;

use std::sync::Arc;

use rocket::{FromForm, form::Form, get, post, response::Redirect};
use uuid::Uuid;

use super::{Turn, address, find, frame, imported};
use crate::{
    audit::{self, Actor, Entry, Facts},
    db::Conn,
    error::Result,
    identity::joining,
    locale::{Lang, text},
    office::{Html, Right, Room, guard::Signed},
    programme::{
        self, Draft,
        import::{
            Field, Read, Source,
            kept::{self, Kept, Outcome},
            remembered, store,
        },
        slugify,
    },
    web::{guards::SameOrigin, reply::Private},
};

type Stored = Option<(Uuid, Draft)>;

#[get("/<lang>/office/<slug>/import/<file>?<changed>", rank = 6)]
pub async fn show(
    signed: Signed,
    lang: Lang,
    slug: &str,
    file: &str,
    changed: Option<&str>,
    room: Room<'_>,
) -> Result<Private<Html>> {
    let turn = Turn::wait().await?;
    let mut db = room.db().await?;
    let (kept, at) = find(&mut db, &room, &signed, lang, (slug, file)).await?;
    let staff = signed.with(Right::Import)?;
    let layout = frame(&at, &room, staff, (slug, &format!("/import/{file}")), kept.name.clone());
    let seen = look(&mut db, &turn, kept).await?;
    drop(db);
    let page = view::page(&room, &turn, lang, seen, changed.is_some()).await?;
    room.draw(layout, page, "office/import_file.html").map(Private)
}

/// A file beside the draft into which it would go.
struct Seen {
    kept: Kept,
    /// The rows whose columns are matched, and what was said in choosing them.
    read: Option<Arc<Read>>,
    before: Stored,
}

/// Reads what a page of the file needs. Columns that nobody has matched yet are guessed, or as they were last time.
async fn look(db: &mut Conn, turn: &Turn, mut kept: Kept) -> Result<Seen> {
    let before = programme::store::load(db, &kept.programme).await?;
    let Some(source) = kept.source.clone() else { return Ok(Seen { kept, read: None, before }) };
    let read = table_of(turn, &kept, source, kept.choices.sheet.clone()).await?;
    if let (Some(read), None) = (&read, &kept.choices.columns) {
        let known = store::matched(db, &kept.programme, &remembered::headings_key(&read.0)).await?;
        kept.choices.columns = Some(remembered::columns(&read.0, &known));
    }
    Ok(Seen { kept, read, before })
}

async fn table_of(
    turn: &Turn,
    kept: &Kept,
    source: Arc<Source>,
    sheet: Option<String>,
) -> Result<Option<Arc<Read>>> {
    let name = kept.name.clone();
    super::aside(turn, move || Some(Arc::new(source.table(&name, sheet.as_deref()).ok()??))).await
}

/// What the form of the columns sends.
#[derive(FromForm)]
pub struct Chosen<'r> {
    #[field(default = "")]
    sheet: &'r str,
    /// In the order of the columns.
    #[field(name = "column")]
    columns: Vec<&'r str>,
    #[field(default = "")]
    timezone: &'r str,
    #[field(default = false)]
    remove_missing: bool,
}

#[post("/<lang>/office/<slug>/import/<file>/choices", rank = 6, data = "<chosen>")]
pub async fn choose(
    _from: SameOrigin,
    signed: Signed,
    lang: Lang,
    slug: &str,
    file: &str,
    room: Room<'_>,
    chosen: Option<Form<Chosen<'_>>>,
) -> Result<Private<Redirect>> {
    let turn = Turn::wait().await?;
    let mut db = room.db().await?;
    let (kept, at) = find(&mut db, &room, &signed, lang, (slug, file)).await?;
    let there = Private(Redirect::to(address(lang, slug, kept.id)));
    let (Some(source), Some(chosen)) = (kept.source.clone(), chosen) else { return Ok(there) };
    let mut choices = kept.choices.clone();
    choices.remove_missing = chosen.remove_missing;
    // A programme that is there has its own, which its settings change.
    choices.timezone = chosen.timezone.parse().ok().filter(|_| at.programme.is_none());
    let sheets = source.sheets();
    let shown = kept.choices.sheet.as_deref().or(source.likely_sheet());
    let is_other = sheets.contains(&chosen.sheet) && shown != Some(chosen.sheet);
    if is_other {
        // Its columns are others: they are guessed afresh.
        choices.sheet = Some(chosen.sheet.to_owned());
        choices.columns = None;
    }
    let read = table_of(&turn, &kept, source, choices.sheet.clone()).await?;
    let table = read.as_deref().map(|(table, _)| table);
    let known = |code: &&str| Field::parse(code).map(Field::code).unwrap_or_default().to_owned();
    let columns: Vec<String> = chosen.columns.iter().map(known).collect();
    let fits = table.is_some_and(|table| table.headings.len() == columns.len());
    if fits && !is_other {
        choices.columns = Some(columns);
    }
    drop(db);
    let mut tx = room.house.pool.begin().await?;
    store::choose(&mut tx, kept.id, &choices).await?;
    if let (Some(table), Some(columns), None) = (table, &choices.columns, choices.said_twice()) {
        let matched = remembered::matched(table, columns);
        store::remember(&mut tx, slug, &remembered::headings_key(table), &matched, room.now).await?;
    }
    tx.commit().await?;
    Ok(there)
}

/// What the last form sends.
#[derive(FromForm)]
pub struct Take<'r> {
    #[field(default = "")]
    seal: &'r str,
}

/// Takes the file into the draft, if that is as it was when somebody looked.
#[post("/<lang>/office/<slug>/import/<file>/draft", rank = 6, data = "<take>")]
pub async fn import(
    _from: SameOrigin,
    signed: Signed,
    lang: Lang,
    slug: &str,
    file: &str,
    room: Room<'_>,
    take: Option<Form<Take<'_>>>,
) -> Result<Private<Redirect>> {
    let turn = Turn::wait().await?;
    let mut db = room.db().await?;
    let (kept, _) = find(&mut db, &room, &signed, lang, (slug, file)).await?;
    let seen = look(&mut db, &turn, kept).await?;
    // Read, and compared, without a lock: forms go on being answered meanwhile.
    drop(db);
    let there = address(lang, slug, seen.kept.id);
    let again = format!("{there}?changed=1");
    let draft = seen.before.as_ref().map(|(_, draft)| draft);
    let seal = kept::seal(&seen.kept, draft);
    let Some(source) = seen.kept.source.clone() else { return Ok(Private(Redirect::to(there))) };
    if take.is_none_or(|take| take.seal != seal) || seen.kept.choices.said_twice().is_some() {
        return Ok(Private(Redirect::to(again)));
    }
    let copy = draft.cloned().map(Arc::new);
    let Ok(imported) = imported(&room, &turn, &seen.kept, source, seen.read.clone(), copy).await? else {
        return Ok(Private(Redirect::to(there)));
    };
    let outcome = Outcome { added: imported.added, changed: imported.changed, removed: imported.removed };
    let staff = signed.with(Right::Import)?;
    let saved = save(&room, staff.id, &seen, &imported.draft, outcome).await?;
    Ok(Private(Redirect::to(if saved { there } else { again })))
}

/// Writes the draft and its line in the log, unless the draft that it was made from has changed meanwhile, or the
/// file was taken: then nothing is written, and the answer is false.
async fn save(room: &Room<'_>, user: Uuid, seen: &Seen, draft: &Draft, outcome: Outcome) -> Result<bool> {
    let (kept, now, tokens) = (&seen.kept, room.now, &room.house.tokens);
    let slug = &kept.programme;
    let mut tx = room.house.pool.begin().await?;
    // Another import into the same programme, or an editor, waits.
    programme::store::lock(&mut tx, slug).await?;
    let is_as_it_was = programme::store::load(&mut tx, slug).await? == seen.before;
    if !is_as_it_was || !store::taken(&mut tx, kept.id, &outcome).await? {
        tx.rollback().await?;
        return Ok(false);
    }
    let id = programme::store::save(&mut tx, draft, tokens.id(now), now).await?;
    let facts = Facts::default()
        .with("added", outcome.added)
        .with("changed", outcome.changed)
        .with("removed", outcome.removed)
        .with("file", audit::Fact::slug(&slugify(&kept.name)))
        .with("sha256", audit::Fact::slug(&kept.digest));
    let entry = Entry::new(tokens, now, Actor::User(user), "draft.import", audit::subject("programme", slug));
    audit::record(&mut tx, &entry.of(id).facts(Facts::default(), facts)).await?;
    let organisations: Vec<&str> = draft.organisations.iter().map(|one| one.slug.as_str()).collect();
    joining::end_gone(&mut tx, room.house, Actor::User(user), id, &organisations, now).await?;
    tx.commit().await?;
    Ok(true)
}

#[post("/<lang>/office/<slug>/import/<file>/deletion", rank = 6)]
pub async fn discard(
    _from: SameOrigin,
    signed: Signed,
    lang: Lang,
    slug: &str,
    file: &str,
    room: Room<'_>,
) -> Result<Private<Redirect>> {
    let _turn = Turn::wait().await?;
    let mut db = room.db().await?;
    let (kept, at) = find(&mut db, &room, &signed, lang, (slug, file)).await?;
    drop(db);
    let mut tx = room.house.pool.begin().await?;
    store::discard(&mut tx, kept.id).await?;
    tx.commit().await?;
    let below = if at.programme.is_some() { format!("/{slug}") } else { String::new() };
    Ok(Private(Redirect::to(format!("/{}/office{below}/import", lang.code()))))
}

/// « Jour »: what a column of our own files is called.
fn field_name(lang: Lang, code: &str) -> String {
    text(lang, &format!("import-field-{}", code.replace('_', "-")), &[])
}
