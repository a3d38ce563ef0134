//! Every session of a draft: searched without accents, filtered, sorted, fifty a page.

use rocket::get;
use serde::Serialize;

use super::{
    Here,
    form::OptionView,
    order::{self, Heading, Order, PAGE, Way},
    view::{self, Pill, Remark, Stands},
};
use crate::{
    error::Result,
    locale::{Lang, text},
    office::{
        Html, Right, Room,
        guard::Signed,
        pages::{PageLink, Pages},
    },
    programme::{DraftSession, Format, Status, clashes, import::plain, routes::site::Query, words},
    web::reply::Private,
};

/// The columns that the list is sorted by; the first one where nobody asks.
const COLUMNS: [&str; 3] = ["time", "title", "theme"];

/// What was asked for.
#[derive(Default)]
pub(super) struct Asked {
    pub(super) q: String,
    theme: String,
    day: String,
    place: String,
    org: String,
    format: String,
    state: String,
    look: String,
    pub(super) sort: String,
    pub(super) page: Option<usize>,
}

impl Asked {
    pub(super) fn of(query: &Query) -> Asked {
        let mut asked = Asked::default();
        for (name, value) in query.pairs() {
            let value = value.trim().to_owned();
            match name {
                "q" => asked.q = value,
                "theme" => asked.theme = value,
                "day" => asked.day = value,
                "place" => asked.place = value,
                "org" => asked.org = value,
                "format" => asked.format = value,
                "state" => asked.state = value,
                "look" => asked.look = value,
                "sort" => asked.sort = value,
                "page" => asked.page = value.parse().ok(),
                _ => {}
            }
        }
        asked
    }

    /// As it stands in an address, with another sort or page.
    pub(super) fn href(&self, base: &str, sort: &str, page: usize) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        let pairs = [
            ("q", &self.q),
            ("theme", &self.theme),
            ("day", &self.day),
            ("place", &self.place),
            ("org", &self.org),
            ("format", &self.format),
            ("state", &self.state),
            ("look", &self.look),
        ];
        for (name, value) in pairs.into_iter().filter(|(_, value)| !value.is_empty()) {
            query.append_pair(name, value);
        }
        if !sort.is_empty() && sort != "time" {
            query.append_pair("sort", sort);
        }
        if page > 1 {
            query.append_pair("page", &page.to_string());
        }
        match query.finish() {
            none if none.is_empty() => base.to_owned(),
            some => format!("{base}?{some}"),
        }
    }
}

/// What `office/draft_list.html` shows.
#[derive(Serialize)]
struct ListPage {
    q: String,
    filters: Vec<Filter>,
    action: String,
    /// The way back to all of them, where some are left out.
    all: Option<String>,
    sorts: Vec<Heading>,
    /// The order, where it is another one than the first.
    sort: String,
    rows: Vec<Row>,
    /// « 12 sessions », or « 3 sessions sur 12 ».
    count: String,
    pages: Vec<PageLink>,
    new: Option<String>,
    done: Option<&'static str>,
    colours: String,
}

#[derive(Serialize)]
struct Filter {
    name: &'static str,
    label: String,
    options: Vec<OptionView>,
}

#[derive(Serialize)]
struct Row {
    slug: String,
    href: Option<String>,
    title: String,
    what: String,
    theme: Option<String>,
    theme_title: String,
    when: String,
    place: String,
    pills: Vec<Pill>,
    warnings: Vec<String>,
    off: bool,
}

/// A session with everything that it is chosen by.
struct Known<'d> {
    session: &'d DraftSession,
    stands: Stands,
    remarks: Vec<Remark<'d>>,
}

#[get("/<lang>/office/<slug>/sessions", rank = 6)]
pub async fn show(
    signed: Signed,
    lang: Lang,
    slug: &str,
    query: Query,
    room: Room<'_>,
) -> Result<Private<Html>> {
    let here = Here::open(&room, &signed, Right::SeeDraft, lang, slug, "sessions").await?;
    let asked = Asked::of(&query);
    let release = here.published.as_ref().map(|published| &published.release);
    let released = view::released(release);
    let clashes = clashes::of(&here.draft);
    let clashes = view::by_session(&clashes);
    let known: Vec<Known<'_>> = here
        .draft
        .sessions
        .iter()
        .map(|session| {
            let clashes = clashes.get(session.session.slug.as_str()).map_or(&[][..], Vec::as_slice);
            Known {
                stands: view::stands(session, released.get(&session.session.id)),
                remarks: view::remarks(&here.draft, session, clashes, room.now),
                session,
            }
        })
        .collect();
    let mut found: Vec<&Known<'_>> = known.iter().filter(|one| matches(&here, &asked, one)).collect();
    let order = Order::of(&asked.sort, &COLUMNS).unwrap_or(Order { by: COLUMNS[0], way: Way::Up });
    sort(&mut found, order);
    let pages = Pages::of(found.len(), PAGE, asked.page);
    let base = here.href("/sessions");
    let rows = pages.part(&found).map(|one| row(&here, one));
    let body = ListPage {
        filters: filters(&here, &asked),
        action: base.clone(),
        all: (found.len() < known.len()).then(|| base.clone()),
        sorts: COLUMNS.map(|name| Heading::of(name, Some(order), |sort| asked.href(&base, sort, 1))).into(),
        sort: if order.code() == COLUMNS[0] { String::new() } else { order.code() },
        rows: rows.collect(),
        count: count(lang, found.len(), known.len()),
        pages: pages.links(|number| asked.href(&base, &order.code(), number)),
        new: here.may_edit().then(|| here.href("/new/session")),
        done: query
            .pairs()
            .find(|(name, _)| *name == "done")
            .and_then(|(_, what)| ["removed", "series"].into_iter().find(|known| *known == what)),
        colours: here.colours(),
        q: asked.q,
    };
    let layout = here.frame("/sessions", here.say("office-draft-sessions"));
    let layout = layout.query(&query.raw);
    room.draw(layout, body, "office/draft_list.html").map(Private)
}

pub(super) fn number(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn count(lang: Lang, found: usize, all: usize) -> String {
    if found == all {
        text(lang, "office-draft-count", &[("n", number(all).into())])
    } else {
        text(lang, "office-draft-count-of", &[("n", number(found).into()), ("all", number(all).into())])
    }
}

fn matches(here: &Here<'_>, asked: &Asked, one: &Known<'_>) -> bool {
    let session = &one.session.session;
    let is = |wanted: &str, of: Option<&str>| wanted.is_empty() || of.unwrap_or("none") == wanted;
    let state = match (asked.state.as_str(), session.status) {
        ("", status) => status != Status::Withdrawn || !asked.q.is_empty(),
        ("all", _) => true,
        ("scheduled", Status::Scheduled)
        | ("cancelled", Status::Cancelled)
        | ("withdrawn", Status::Withdrawn) => true,
        (_, Status::Scheduled | Status::Cancelled | Status::Withdrawn) => false,
    };
    let look = match asked.look.as_str() {
        "warnings" => !one.remarks.is_empty(),
        "differs" => one.stands == Stands::Differs,
        "new" => one.stands == Stands::New,
        _ => true,
    };
    state
        && look
        && is(&asked.theme, session.theme.as_deref())
        && is(&asked.place, session.place.as_deref())
        && (asked.org.is_empty() || session.hosts.contains(&asked.org))
        && (asked.day.is_empty() || session.date.to_string() == asked.day)
        && (asked.format.is_empty() || session.formats.iter().any(|format| format.code() == asked.format))
        && says(here, one.session, &asked.q)
}

/// True where the session says each word that was searched for.
fn says(here: &Here<'_>, one: &DraftSession, q: &str) -> bool {
    if q.is_empty() {
        return true;
    }
    let session = &one.session;
    let hosts = here.draft.organisations.iter().filter(|host| session.hosts.contains(&host.slug));
    let mut all = vec![session.title.as_str(), &session.slug, &session.r#abstract];
    all.extend(session.speakers.iter().map(String::as_str));
    all.extend(session.tags.iter().map(String::as_str));
    all.extend(hosts.map(|host| host.name.as_str()));
    let place = here.draft.places.iter().find(|place| session.place.as_ref() == Some(&place.slug));
    all.extend(place.map(|place| place.name.as_str()));
    order::says(&all, q)
}

fn sort(found: &mut [&Known<'_>], order: Order) {
    let time = |one: &Known<'_>| {
        let session = &one.session.session;
        (session.date, session.start.is_some(), session.start, plain(&session.title))
    };
    match order.by {
        "title" => found.sort_by_cached_key(|one| plain(&one.session.session.title)),
        "theme" => found.sort_by_cached_key(|one| (one.session.session.theme.clone(), time(one))),
        _ => found.sort_by_cached_key(|one| time(one)),
    }
    order.turn(found);
}

fn filters(here: &Here<'_>, asked: &Asked) -> Vec<Filter> {
    let lang = here.lang();
    let draft = &here.draft;
    let filter = |name: &'static str, chosen: &str, options: Vec<(String, String)>| {
        let all = (String::new(), text(lang, &format!("office-draft-all-{name}"), &[]));
        let options = [vec![all], options].concat();
        Filter {
            name,
            label: text(lang, &format!("office-draft-filter-{name}"), &[]),
            options: options
                .into_iter()
                .map(|(value, label)| OptionView { chosen: value == chosen, value, label })
                .collect(),
        }
    };
    let named = |names: Vec<(&str, &str)>| -> Vec<(String, String)> {
        names.into_iter().map(|(slug, name)| (slug.to_owned(), name.to_owned())).collect()
    };
    let codes = |name: &str, codes: &[&str]| -> Vec<(String, String)> {
        let label =
            |code: &&str| ((*code).to_owned(), text(lang, &format!("office-draft-{name}-{code}"), &[]));
        codes.iter().map(label).collect()
    };
    use crate::programme::edit::frame::Kind;
    let days: std::collections::BTreeSet<_> = draft.sessions.iter().map(|one| one.session.date).collect();
    let days = days.into_iter().map(|day| (day.to_string(), crate::locale::full_date(lang, day)));
    let formats = Format::ALL.map(|format| (format.code().to_owned(), words::format(lang, format)));
    vec![
        filter("theme", &asked.theme, named(Kind::Theme.names(draft))),
        filter("day", &asked.day, days.collect()),
        filter("place", &asked.place, named(Kind::Place.names(draft))),
        filter("org", &asked.org, named(Kind::Organisation.names(draft))),
        filter("format", &asked.format, formats.into()),
        filter("state", &asked.state, codes("status", &["scheduled", "cancelled", "withdrawn", "all"])),
        filter("look", &asked.look, codes("look", &["warnings", "differs", "new"])),
    ]
}

fn row(here: &Here<'_>, one: &Known<'_>) -> Row {
    let lang = here.lang();
    let session = &one.session.session;
    let remarks = one.remarks.iter().map(|one| view::remark_words(lang, &here.draft, &session.slug, one));
    Row {
        slug: session.slug.clone(),
        href: here.may_edit().then(|| here.href(&format!("/sessions/{}", session.slug))),
        title: session.title.clone(),
        what: words::formats(lang, &session.formats),
        theme_title: (here.draft.themes.iter().find(|theme| session.theme.as_ref() == Some(&theme.slug)))
            .map(|theme| theme.title.clone())
            .unwrap_or_default(),
        theme: session.theme.clone(),
        when: view::when(here, one.session),
        place: view::place(lang, &here.draft, one.session),
        pills: view::pills(lang, one.session, one.stands),
        warnings: remarks.collect(),
        off: session.status != Status::Scheduled,
    }
}
