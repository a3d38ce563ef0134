//! Files in and files out: what real files give, what comes back, and what is said of wrong ones.

mod commands;
mod csv;
mod folders;
mod schedules;
mod tables;
mod typed;
mod workbooks;

use std::path::Path;

use parvis::{
    programme::{
        self, Draft,
        import::{self, ColumnMap, Files, Format, Imported, Options, Problem},
    },
    tokens::Tokens,
};

use crate::harness::App;

/// An import into a programme, or into nothing.
fn run(
    existing: Option<&Draft>,
    (format, files): &(Format, Files),
    options: &Options,
) -> Result<Imported, Vec<Problem>> {
    let tokens = Tokens::seeded(5);
    let mut new_id = || tokens.id(chrono::DateTime::UNIX_EPOCH);
    import::import(existing, files, *format, options, &mut new_id)
}

/// An import in which nothing may be wrong.
fn take(existing: Option<&Draft>, files: &(Format, Files), slug: &str) -> Imported {
    let options = Options { slug: slug.to_owned(), ..Options::default() };
    run(existing, files, &options).unwrap_or_else(|problems| panic!("{}", said(&problems)))
}

/// What is wrong in a file of the disk, each problem on its line; with a map where one is given.
fn refused(path: &Path, map: &str) -> String {
    let read = import::read(path, None).unwrap();
    let map = (!map.is_empty()).then(|| ColumnMap::parse("map.toml", map).unwrap());
    let options = Options { slug: "programme".to_owned(), map, ..Options::default() };
    said(&run(None, &read, &options).unwrap_err())
}

fn said(problems: &[Problem]) -> String {
    problems.iter().map(Problem::to_string).collect::<Vec<_>>().join("\n")
}

fn counts(imported: &Imported) -> (usize, usize, usize) {
    (imported.added, imported.changed, imported.removed)
}

/// One file, as it would stand on the disk.
fn one(name: &str, bytes: impl Into<Vec<u8>>) -> (Format, Files) {
    let bytes = bytes.into();
    (Format::guess(Path::new(name), &bytes), Files::new([(name.to_owned(), bytes)]))
}

/// A draft as it is written in the database, its sessions by slug: files may bring them in another order.
async fn stored(app: &App, slug: &str) -> Draft {
    let mut db = app.pool.acquire().await.unwrap();
    let (_, draft) = programme::store::load(&mut db, slug).await.unwrap().unwrap();
    by_slug(draft)
}

fn by_slug(mut draft: Draft) -> Draft {
    draft.sessions.sort_by(|a, b| a.session.slug.cmp(&b.session.slug));
    draft
}

/// Nothing that a file says is different from what is there.
#[track_caller]
fn assert_no_difference(before: &Draft, files: &(Format, Files), what: &str) {
    let again = take(Some(before), files, &before.programme.slug);
    let after = by_slug(again.draft.clone());
    for (before, after) in before.sessions.iter().zip(&after.sessions) {
        assert_eq!(after, before, "{what}");
    }
    assert_eq!(counts(&again), (0, 0, 0), "{what}");
    assert_eq!(after, by_slug(before.clone()), "{what}");
}
