//! Themes, places, organisations, releases to the press: searched without accents, sorted, fifty a page.

use rocket::get;
use serde::Serialize;

use super::{Area, Told, done, right, sessions, sessions_href, told};
use crate::{
    error::Result,
    locale::{self, Lang, text},
    office::{
        Html, Right, Room,
        draft::{
            Here, fields,
            list::{Asked, number},
            order::{self, Heading, Order, PAGE},
        },
        guard::Signed,
        may,
        pages::{PageLink, Pages},
    },
    programme::{Draft, PressRelease, edit::frame::Kind, import::plain, press::missing, routes::site::Query},
    web::reply::Private,
};

/// The columns that a list is sorted by.
fn columns(kind: Kind) -> [&'static str; 2] {
    match kind {
        Kind::Theme | Kind::Place | Kind::Organisation => ["name", "sessions"],
        // Its day and language.
        Kind::Press => ["name", "press"],
    }
}

/// What `office/draft_items.html` shows.
#[derive(Serialize)]
struct ItemsPage {
    kind: &'static str,
    q: String,
    action: String,
    /// The order, where somebody asks for one; otherwise it is the programme's.
    sort: String,
    sorts: Vec<Heading>,
    rows: Vec<ItemRow>,
    pages: Vec<PageLink>,
    /// « 3 sur 12 », and the way back to all of them, where some are left out.
    count: String,
    all: Option<String>,
    new: Option<String>,
    done: Option<&'static str>,
    colours: String,
}

#[derive(Serialize)]
struct ItemRow {
    slug: String,
    name: String,
    /// The language of its name, where it is known and not the page's.
    lang: Option<String>,
    href: Option<String>,
    /// Days, an address, a site: what tells it from the others.
    detail: String,
    /// A theme's, and a word where it can hardly be read on.
    colour: Option<String>,
    contrast: String,
    sessions: String,
    /// Empty where there are none.
    sessions_href: String,
    press: Option<Told>,
}

#[get("/<lang>/office/<slug>/<area>", rank = 8)]
pub async fn show(
    signed: Signed,
    lang: Lang,
    slug: &str,
    area: Area,
    query: Query,
    room: Room<'_>,
) -> Result<Private<Html>> {
    let kind = area.0;
    let here = Here::open(&room, &signed, Right::SeeDraft, lang, slug, kind.code()).await?;
    let asked = Asked::of(&query);
    let names = kind.names(&here.draft);
    let mut found: Vec<_> =
        names.iter().copied().filter(|(slug, name)| says(&here, kind, slug, name, &asked.q)).collect();
    let columns = columns(kind);
    let order = Order::of(&asked.sort, &columns);
    if let Some(order) = order {
        sort(&mut found, &here.draft, kind, order);
    }
    let missing = missing(&here.draft);
    let code = order.map(Order::code).unwrap_or_default();
    let base = here.href(&format!("/{}", kind.code()));
    let pages = Pages::of(found.len(), PAGE, asked.page);
    let rows = pages.part(&found).map(|(slug, name)| row(&here, kind, (slug, name), &missing));
    let count = [("n", number(found.len()).into()), ("all", number(names.len()).into())];
    let body = ItemsPage {
        kind: kind.one(),
        rows: rows.collect(),
        sorts: columns.map(|name| Heading::of(name, order, |sort| asked.href(&base, sort, 1))).into(),
        pages: pages.links(|page| asked.href(&base, &code, page)),
        count: text(lang, "office-draft-shown-of", &count),
        all: (found.len() < names.len()).then(|| base.clone()),
        new: may(here.staff.role, right(kind)).then(|| here.href(&format!("/new/{}", kind.code()))),
        done: done(&query),
        colours: here.colours(),
        action: base,
        q: asked.q,
        sort: code,
    };
    let title = text(lang, &format!("office-draft-{}", kind.code()), &[]);
    let layout = here.frame(&format!("/{}", kind.code()), title).query(&query.raw);
    room.draw(layout, body, "office/draft_items.html").map(Private)
}

/// Sorts by the column, and what is equal in it by name.
fn sort(found: &mut [(&str, &str)], draft: &Draft, kind: Kind, order: Order) {
    found.sort_by_cached_key(|(_, name)| plain(name));
    match order.by {
        "sessions" => found.sort_by_cached_key(|(slug, _)| kind.borne_by(draft, slug).len()),
        "press" => found.sort_by_cached_key(|(slug, _)| {
            draft.press.iter().find(|release| release.slug == *slug).map(|release| release.date)
        }),
        _ => {}
    }
    order.turn(found);
}

/// True where it says each word that was searched for.
fn says(here: &Here<'_>, kind: Kind, slug: &str, name: &str, q: &str) -> bool {
    if q.is_empty() {
        return true;
    }
    let cells = kind.cells(&here.draft, slug).unwrap_or_default();
    let texts = ["address", "url", "summary", "place", "text"].iter().filter_map(|field| cells.get(field));
    let all: Vec<&str> = [name, slug].into_iter().chain(texts.map(String::as_str)).collect();
    order::says(&all, q)
}

fn row(
    here: &Here<'_>,
    kind: Kind,
    (slug, name): (&str, &str),
    missing: &[(&PressRelease, &str)],
) -> ItemRow {
    let lang = here.lang();
    let cells = kind.cells(&here.draft, slug).unwrap_or_default();
    let cell = |field: &str| cells.get(field).cloned().unwrap_or_default();
    let detail = match kind {
        Kind::Theme => {
            let theme = here.draft.themes.iter().find(|theme| theme.slug == slug);
            let days = theme.and_then(|theme| theme.starts.zip(theme.ends));
            days.map(|(first, last)| locale::date_range(lang, first, last)).unwrap_or_default()
        }
        Kind::Place => cell("address"),
        Kind::Organisation => shown(&cell("url")),
        // Told with everything else of it.
        Kind::Press => String::new(),
    };
    let press = told(here, kind, slug, missing);
    ItemRow {
        slug: slug.to_owned(),
        name: name.to_owned(),
        lang: press.as_ref().and_then(|press| press.lang.clone()),
        href: may(here.staff.role, right(kind)).then(|| here.href(&format!("/{}/{slug}", kind.code()))),
        detail,
        colour: cells.get("colour").cloned(),
        contrast: cells.get("colour").map(|colour| fields::poor_contrast(lang, colour)).unwrap_or_default(),
        sessions: sessions(lang, &here.draft, kind, slug),
        sessions_href: if kind.borne_by(&here.draft, slug).is_empty() {
            String::new()
        } else {
            sessions_href(here, kind, slug)
        },
        press,
    }
}

/// A site as people say it: « collectif.example.org ».
fn shown(url: &str) -> String {
    let bare = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://")).unwrap_or(url);
    bare.strip_suffix('/').unwrap_or(bare).to_owned()
}
