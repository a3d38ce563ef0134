//! What stands around the sessions: themes, places, organisations, releases to the press, and the programme's own settings. Each is changed
//! alone, in the one document that holds them all.

use super::{Mistake, Why, why};
use crate::programme::{
    Confirm, Draft, Organisation, Overlap, Place, PressRelease, Programme, RESERVED_SLUGS, Theme,
    cells::{self, Cells},
    import::{names::unused, row},
    is_slug, slugify,
};

/// The kinds of things that have a slug of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Kind {
    Theme,
    Place,
    Organisation,
    Press,
}

impl Kind {
    /// Every one.
    pub const ALL: [Kind; 4] = [Kind::Theme, Kind::Place, Kind::Organisation, Kind::Press];

    /// The word in addresses, `themes`.
    pub fn code(self) -> &'static str {
        match self {
            Kind::Theme => "themes",
            Kind::Place => "places",
            Kind::Organisation => "organisations",
            Kind::Press => "press",
        }
    }

    /// One of them, `theme`: in message keys and in the log.
    pub fn one(self) -> &'static str {
        match self {
            Kind::Theme => "theme",
            Kind::Place => "place",
            Kind::Organisation => "organisation",
            Kind::Press => "press",
        }
    }

    /// The fields of its form, in their order.
    pub fn fields(self) -> &'static [&'static str] {
        match self {
            Kind::Theme => &["title", "starts", "ends", "colour", "summary"],
            Kind::Place => &["name", "address", "access", "latitude", "longitude"],
            Kind::Organisation => &["name", "url", "summary"],
            Kind::Press => &["title", "place", "date", "language", "text"],
        }
    }

    /// The field that is its name.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Theme | Kind::Press => "title",
            Kind::Place | Kind::Organisation => "name",
        }
    }

    /// Slugs and names, in the order of the programme.
    pub fn names(self, draft: &Draft) -> Vec<(&str, &str)> {
        match self {
            Kind::Theme => draft.themes.iter().map(|it| (it.slug.as_str(), it.title.as_str())).collect(),
            Kind::Place => draft.places.iter().map(|it| (it.slug.as_str(), it.name.as_str())).collect(),
            Kind::Organisation => {
                draft.organisations.iter().map(|it| (it.slug.as_str(), it.name.as_str())).collect()
            }
            Kind::Press => draft.press.iter().map(|it| (it.slug.as_str(), it.title.as_str())).collect(),
        }
    }

    /// What its form shows; `None` where there is no such thing.
    pub fn cells(self, draft: &Draft, slug: &str) -> Option<Cells> {
        match self {
            Kind::Theme => draft.themes.iter().find(|it| it.slug == slug).map(of_theme),
            Kind::Place => draft.places.iter().find(|it| it.slug == slug).map(of_place),
            Kind::Organisation => draft.organisations.iter().find(|it| it.slug == slug).map(of_organisation),
            Kind::Press => draft.press.iter().find(|it| it.slug == slug).map(of_press),
        }
    }

    /// Slugs of the sessions that bear it, withdrawn ones too.
    pub fn borne_by(self, draft: &Draft, slug: &str) -> Vec<String> {
        let bears = |session: &super::DraftSession| {
            let session = &session.session;
            match self {
                Kind::Theme => session.theme.as_deref() == Some(slug),
                Kind::Place => session.place.as_deref() == Some(slug),
                Kind::Organisation => session.hosts.iter().any(|host| host == slug),
                Kind::Press => false,
            }
        };
        let sessions = draft.sessions.iter().filter(|session| bears(session));
        sessions.map(|session| session.session.slug.clone()).collect()
    }
}

fn of_theme(theme: &Theme) -> Cells {
    let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    Cells::from([
        ("title", theme.title.clone()),
        ("starts", day(theme.starts)),
        ("ends", day(theme.ends)),
        ("colour", theme.colour.clone()),
        ("summary", theme.summary.clone()),
    ])
}

fn of_place(place: &Place) -> Cells {
    let degrees = |degrees: Option<f64>| degrees.map(|degrees| degrees.to_string()).unwrap_or_default();
    Cells::from([
        ("name", place.name.clone()),
        ("address", place.address.clone()),
        ("latitude", degrees(place.latitude)),
        ("longitude", degrees(place.longitude)),
        ("access", place.access.clone()),
    ])
}

fn of_organisation(organisation: &Organisation) -> Cells {
    Cells::from([
        ("name", organisation.name.clone()),
        ("url", organisation.url.clone()),
        ("summary", organisation.summary.clone()),
    ])
}

fn of_press(release: &PressRelease) -> Cells {
    Cells::from([
        ("title", release.title.clone()),
        ("place", release.place.clone()),
        ("date", release.date.to_string()),
        ("language", release.language.clone()),
        ("text", release.body.clone()),
    ])
}

/// The draft with this thing as a form says it, and its slug. Where `slug` is said it is the one of that slug, which
/// it keeps; otherwise a new one, whose slug comes from the form or from its name.
///
/// # Errors
/// Everything that is wrong.
pub fn put(
    draft: &Draft,
    kind: Kind,
    slug: Option<&str>,
    said: &Cells,
) -> Result<(Draft, String), Vec<Mistake>> {
    let mut row = said.clone();
    let is_taken = |slug: &str| kind.names(draft).iter().any(|(known, _)| *known == slug);
    let typed = said.get("slug").map_or("", |slug| slug.trim()).to_owned();
    let mut mistakes = Vec::new();
    let own = match slug {
        Some(slug) => slug.to_owned(),
        None if typed.is_empty() => {
            unused(&slugify(said.get(kind.name()).map_or("", String::as_str)), is_taken)
        }
        None if is_taken(&typed) => {
            mistakes.push(Mistake { value: typed.clone(), ..Mistake::new("slug", Why::Taken) });
            typed
        }
        None => typed,
    };
    row.insert("slug", own.clone());
    let mut after = draft.clone();
    let read = match kind {
        Kind::Theme => row::theme(draft, &row).map(|it| replace(&mut after.themes, it, |it| it.slug == own)),
        Kind::Place => row::place(&row).map(|it| replace(&mut after.places, it, |it| it.slug == own)),
        Kind::Organisation => {
            row::organisation(&row).map(|it| replace(&mut after.organisations, it, |it| it.slug == own))
        }
        Kind::Press => row::press(draft, &row).map(|it| {
            replace(&mut after.press, it, |it| it.slug == own);
            after.press.sort_by(PressRelease::newest_first);
        }),
    };
    if let Err(problems) = read {
        mistakes.extend(why::all(&row, &problems));
    }
    if mistakes.is_empty() { Ok((after, own)) } else { Err(mistakes) }
}

/// The thing of that kind that says exactly what a form for a new one says: the form was sent before, and its answer
/// never came.
pub fn same(draft: &Draft, kind: Kind, said: &Cells) -> Option<String> {
    let asked = said.get("slug").map_or("", |slug| slug.trim());
    let mut any = said.clone();
    any.remove("slug");
    let (after, new) = put(draft, kind, None, &any).ok()?;
    let cells = kind.cells(&after, &new)?;
    let is_it = |slug: &str| {
        (asked.is_empty() || asked == slug) && kind.cells(draft, slug).is_some_and(|known| known == cells)
    };
    kind.names(draft).into_iter().find(|(slug, _)| is_it(slug)).map(|(slug, _)| slug.to_owned())
}

fn replace<T>(all: &mut Vec<T>, one: T, is_it: impl Fn(&T) -> bool) {
    match all.iter().position(is_it) {
        Some(at) => all[at] = one,
        None => all.push(one),
    }
}

/// The draft without that thing, which no session may bear.
///
/// # Errors
/// One that is borne, or unknown.
pub fn remove(draft: &Draft, kind: Kind, slug: &str) -> Result<Draft, Mistake> {
    if kind.cells(draft, slug).is_none() {
        return Err(Mistake::new("slug", Why::Unknown));
    }
    if !kind.borne_by(draft, slug).is_empty() {
        return Err(Mistake::new("slug", Why::InUse));
    }
    let mut after = draft.clone();
    match kind {
        Kind::Theme => after.themes.retain(|it| it.slug != slug),
        Kind::Place => after.places.retain(|it| it.slug != slug),
        Kind::Organisation => after.organisations.retain(|it| it.slug != slug),
        Kind::Press => after.press.retain(|it| it.slug != slug),
    }
    Ok(after)
}

/// The fields of the programme's settings, as `programme.toml` names them.
pub const SETTINGS: [&str; 25] = [
    "title",
    "tagline",
    "summary",
    "starts",
    "ends",
    "timezone",
    "languages",
    "contact.email",
    "contact.press_email",
    "contact.press_phone",
    "rules.capacity",
    "rules.opens",
    "rules.closes",
    "rules.queue",
    "rules.offer_hours",
    "rules.confirm",
    "rules.overlap",
    "rules.per_week",
    "rules.per_programme",
    "rules.quiet",
    "rules.reminders",
    "rules.partners_see_names",
    "call.opens",
    "call.closes",
    "call.text",
];

/// What the form of the settings shows.
pub fn settings_of(programme: &Programme) -> Cells {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let number = |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
    let (contact, rules) = (&programme.contact, &programme.rules);
    Cells::from([
        ("title", programme.title.clone()),
        ("tagline", programme.tagline.clone()),
        ("summary", programme.summary.clone()),
        ("starts", programme.starts.to_string()),
        ("ends", programme.ends.to_string()),
        ("timezone", programme.timezone.name().to_owned()),
        ("languages", cells::list(&programme.languages)),
        ("contact.email", text(&contact.email)),
        ("contact.press_email", text(&contact.press_email)),
        ("contact.press_phone", text(&contact.press_phone)),
        ("rules.capacity", number(rules.capacity)),
        ("rules.opens", cells::of_registration(rules.opens)),
        ("rules.closes", cells::of_registration(rules.closes)),
        ("rules.queue", cells::queue(rules.queue).to_owned()),
        ("rules.offer_hours", number(rules.offer_hours)),
        ("rules.confirm", confirm(rules.confirm).to_owned()),
        ("rules.overlap", overlap(rules.overlap).to_owned()),
        ("rules.per_week", number(rules.per_week)),
        ("rules.per_programme", number(rules.per_programme)),
        ("rules.quiet", rules.quiet.as_ref().map(cells::list).unwrap_or_default()),
        ("rules.reminders", cells::list(&rules.reminders)),
        ("rules.partners_see_names", if rules.partners_see_names { "true" } else { "" }.to_owned()),
        ("call.opens", moment(programme.call.opens)),
        ("call.closes", moment(programme.call.closes)),
        ("call.text", programme.call.text.clone()),
    ])
}

/// « 2027-03-01 09:00 », as it is typed.
fn moment(local: Option<chrono::NaiveDateTime>) -> String {
    local.map(|local| local.format("%Y-%m-%d %H:%M").to_string()).unwrap_or_default()
}

fn confirm(confirm: Confirm) -> &'static str {
    match confirm {
        Confirm::Instant => "instant",
        Confirm::Link => "link",
    }
}

fn overlap(overlap: Overlap) -> &'static str {
    match overlap {
        Overlap::Warn => "warn",
        Overlap::Refuse => "refuse",
    }
}

/// The settings as a form says them. The slug stays.
///
/// # Errors
/// Everything that is wrong.
pub fn settings(before: &Programme, said: &Cells) -> Result<Programme, Vec<Mistake>> {
    let mut row = settings_of(before);
    row.extend(said.iter().map(|(field, cell)| (*field, cell.clone())));
    row::programme(&before.slug, &row).map_err(|problems| why::all(&row, &problems))
}

/// A programme that is new, with its slug, as a form says it. `is_taken` knows the slugs of the others.
///
/// # Errors
/// Everything that is wrong.
pub fn programme(said: &Cells, is_taken: impl Fn(&str) -> bool) -> Result<Draft, Vec<Mistake>> {
    let slug = said.get("slug").map_or("", |slug| slug.trim());
    let mut mistakes = Vec::new();
    let why = match slug {
        "" => Some(Why::Empty),
        slug if !is_slug(slug) || RESERVED_SLUGS.contains(&slug) => Some(Why::Form),
        slug if is_taken(slug) => Some(Why::Taken),
        _ => None,
    };
    mistakes.extend(why.map(|why| Mistake { value: slug.to_owned(), ..Mistake::new("slug", why) }));
    let mut row = said.clone();
    row.remove("slug");
    match row::programme(slug, &row) {
        Ok(programme) if mistakes.is_empty() => return Ok(Draft { programme, ..nothing() }),
        Ok(_) => {}
        Err(problems) => mistakes.extend(why::all(&row, &problems)),
    }
    Err(mistakes)
}

/// A draft of which nothing is said yet.
pub fn nothing() -> Draft {
    row::empty()
}
