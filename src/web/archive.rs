//! A finished programme as files that a plain web server, or a folder on a disk, can keep for years: each public page in
//! each language, with what it links to. Drawn by the handlers of the pages themselves, without a server, a moment after
//! the end, when nobody can register any more; what would need a server (forms, the filter, subscriptions) is left out
//! by the templates (`layout.archive`), and links are turned into relative ones.

mod links;

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike as _, Utc};
use rocket::{State, http::ContentType};
use serde::Serialize;

use crate::{
    calendar,
    error::{Error, Result},
    exchange,
    locale::Lang,
    press,
    programme::{
        self,
        routes::site::{Query, Site},
    },
    registration::{desk::House, retention},
    release::{self, published::Published},
    view::View,
    web::{
        assets,
        cache::{Pages, PreparedReply},
        page::{Layout, Page},
    },
};

/// A file of an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Where it stands below the archive's folder: `fr/miso/index.html`. Plain names only.
    pub path: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// What stands at the entrance of an archive, and of each language.
#[derive(Debug, Clone, Serialize)]
struct Entrance {
    title: String,
    languages: Vec<EntranceLink>,
}

#[derive(Debug, Clone, Serialize)]
struct EntranceLink {
    code: &'static str,
    name: &'static str,
    href: String,
}

/// What a page can be: its address below the language and the programme.
enum Address<'p> {
    Programme,
    Theme(&'p str),
    Session(&'p str),
    Organisation(&'p str),
    Changes,
    Press,
    PressRelease(&'p str),
    Calendar,
    ThemeCalendar(&'p str),
    SessionCalendar(&'p str),
    Colours,
    ScheduleXml,
    ScheduleJson,
    Csv,
    ChangesFeed,
    PressFeed,
}

impl Address<'_> {
    fn path(&self) -> String {
        match self {
            Address::Programme => String::new(),
            Address::Theme(slug) => format!("/themes/{slug}"),
            Address::Session(slug) => format!("/sessions/{slug}"),
            Address::Organisation(slug) => format!("/organisations/{slug}"),
            Address::Changes => "/changes".to_owned(),
            Address::Press => "/press".to_owned(),
            Address::PressRelease(slug) => format!("/press/{slug}"),
            Address::Calendar => "/calendar.ics".to_owned(),
            Address::ThemeCalendar(slug) => format!("/themes/{slug}/calendar.ics"),
            Address::SessionCalendar(slug) => format!("/sessions/{slug}/calendar.ics"),
            Address::Colours => "/colours.css".to_owned(),
            Address::ScheduleXml => "/schedule.xml".to_owned(),
            Address::ScheduleJson => "/schedule.json".to_owned(),
            Address::Csv => "/sessions.csv".to_owned(),
            Address::ChangesFeed => "/changes.atom".to_owned(),
            Address::PressFeed => "/press.atom".to_owned(),
        }
    }
}

/// Every address of a programme, as the map of the site has it, and the files beside the pages.
fn addresses(published: &Published) -> Vec<Address<'_>> {
    let release = &published.release;
    let mut all = vec![
        Address::Programme,
        Address::Changes,
        Address::Press,
        Address::Calendar,
        Address::Colours,
        Address::ScheduleXml,
        Address::ScheduleJson,
        Address::Csv,
        Address::ChangesFeed,
        Address::PressFeed,
    ];
    for theme in &release.themes {
        all.extend([Address::Theme(&theme.slug), Address::ThemeCalendar(&theme.slug)]);
    }
    all.extend(release.listed().map(|session| Address::Session(&session.slug)));
    // Of withdrawn ones too: who has it in a calendar must learn that it did not take place.
    all.extend(release.sessions.iter().map(|session| Address::SessionCalendar(&session.slug)));
    all.extend(release.organisations.iter().map(|one| Address::Organisation(&one.slug)));
    all.extend(release.press.iter().map(|press| Address::PressRelease(&press.slug)));
    all
}

/// Draws the archive of a programme and hands over each file. Says of how many files it is.
///
/// # Errors
/// What a page cannot be drawn for, or what `keep` says.
pub async fn write(
    house: &House,
    view: &View,
    base_url: &str,
    published: &Published,
    mut keep: impl FnMut(File) -> Result<()>,
) -> Result<usize> {
    let release = &published.release;
    let end = retention::due_at(release, 0).unwrap_or(release.published_at);
    let now = house.clock.now().max(end);
    let pages = Pages::new();
    let site = Site::of_archive(base_url, now, &house.publications, &house.board, view, &pages);
    let addresses = addresses(published);
    let known: BTreeSet<String> = Lang::ALL
        .iter()
        .flat_map(|lang| {
            let home = format!("/{}/{}", lang.code(), release.programme.slug);
            addresses.iter().map(move |address| format!("{home}{}", address.path()))
        })
        .collect();
    let links = links::Links { base_url, home: &release.programme.slug, known: &known };
    let mut files = 0;
    let mut give = |file: File| {
        files += 1;
        keep(file)
    };
    for lang in Lang::ALL {
        for address in &addresses {
            let path = format!("/{}/{}{}", lang.code(), release.programme.slug, address.path());
            // Slugs are checked where they come in; what is none all the same leaves no folder.
            let Some(file) = links.file_of(&path) else {
                log::warn!("an address that is no file's is left out of the archive");
                continue;
            };
            let reply = draw(&site, house, published, lang, address).await?;
            let bytes = match file.ends_with(".html") {
                true => links.relative(&file, &String::from_utf8_lossy(reply.0.bytes())).into_bytes(),
                false => reply.0.bytes().to_vec(),
            };
            give(File { path: file, bytes })?;
            // A thousand pages are drawn between other people's requests.
            tokio::task::yield_now().await;
        }
        let file = format!("{}/index.html", lang.code());
        let html = entrance(&site, view, published, lang)?;
        give(File { bytes: links.relative(&file, &html).into_bytes(), path: file })?;
    }
    let first = release.programme.languages.iter().find_map(|code| Lang::parse(code)).unwrap_or_default();
    let html = entrance(&site, view, published, first)?;
    give(File { path: "index.html".to_owned(), bytes: links.relative("index.html", &html).into_bytes() })?;
    for name in ["parvis.css", "icon.svg"] {
        let bytes = assets::bytes(name).ok_or_else(|| Error::Internal(format!("no static file `{name}`")))?;
        give(File { path: assets::href(name).trim_start_matches('/').to_owned(), bytes })?;
    }
    Ok(files)
}

fn entrance(site: &Site<'_>, view: &View, published: &Published, lang: Lang) -> Result<String> {
    let programme = &published.release.programme;
    let languages = Lang::ALL.map(|lang| EntranceLink {
        code: lang.code(),
        name: lang.own_name(),
        href: format!("/{}/{}", lang.code(), programme.slug),
    });
    let layout: Layout = site.frame(published, lang, "", programme.title.clone());
    let body = Entrance { title: programme.title.clone(), languages: languages.into() };
    Ok(Page { layout, body }.draw(view, "web/archive.html")?.0)
}

/// As the handler of that address draws it.
async fn draw(
    site: &Site<'_>,
    house: &House,
    published: &Published,
    lang: Lang,
    address: &Address<'_>,
) -> Result<PreparedReply> {
    let (slug, site) = (published.slug(), site.clone());
    let none = || Query { fields: Vec::new(), raw: String::new() };
    match address {
        Address::Programme => programme::routes::programme_page(lang, slug, none(), site),
        Address::Theme(theme) => programme::routes::theme_page(lang, slug, theme, site),
        Address::Session(session) => programme::routes::session_page(lang, slug, session, site),
        Address::Organisation(one) => programme::routes::organisation_page(lang, slug, one, site),
        Address::Changes => release::routes::changes_page(lang, slug, site),
        Address::Press => press::routes::press_page(lang, slug, site),
        Address::PressRelease(press) => press::routes::release_page(lang, slug, press, site),
        Address::Calendar => calendar::routes::programme(lang, slug, site),
        Address::ThemeCalendar(theme) => calendar::routes::theme(lang, slug, theme, site),
        Address::SessionCalendar(session) => calendar::routes::session(lang, slug, session, site),
        Address::Colours => programme::routes::style(lang, slug, site),
        Address::ScheduleXml => exchange::routes::schedule_xml(lang, slug, site),
        Address::ScheduleJson => exchange::routes::schedule_json(lang, slug, site),
        Address::Csv => exchange::routes::sessions_csv(lang, slug, site, State::from(house)).await,
        Address::ChangesFeed => release::routes::changes_feed(lang, slug, site),
        Address::PressFeed => press::routes::feed(lang, slug, site),
    }
}

/// The same in one file, for a browser to take.
///
/// # Errors
/// As [`write`].
pub async fn zipped(
    house: &House,
    view: &View,
    base_url: &str,
    published: &Published,
) -> Result<(ContentType, Vec<u8>)> {
    use std::io::{Cursor, Write as _};
    let day = day(house.clock.now()).unwrap_or_default();
    let options = zip::write::SimpleFileOptions::default().last_modified_time(day);
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let broken = |cause: zip::result::ZipError| Error::Internal(format!("the archive: {cause}"));
    write(house, view, base_url, published, |file| {
        zip.start_file(format!("{}/{}", published.slug(), file.path), options).map_err(broken)?;
        zip.write_all(&file.bytes).map_err(|cause| broken(cause.into()))
    })
    .await?;
    Ok((ContentType::ZIP, zip.finish().map_err(broken)?.into_inner()))
}

/// The day, as such files have it.
fn day(now: DateTime<Utc>) -> Option<zip::DateTime> {
    let year = u16::try_from(now.year()).ok()?;
    let (month, day) = (u8::try_from(now.month()).ok()?, u8::try_from(now.day()).ok()?);
    zip::DateTime::from_date_and_time(year, month, day, 0, 0, 0).ok()
}
