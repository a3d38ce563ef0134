//! A programme folder: `programme.toml`, `sessions.csv`, `press/*.md`. Strict: it is the programme's own source.

use std::collections::{BTreeSet, HashSet};

use chrono_tz::Tz;
use uuid::Uuid;

use super::{
    Files, Imported, Options, Problem, cell, csv,
    document::{self, Document, Section, text_as, texts_as},
    merge::{self, Merge, Unknown},
    slug_rule, table, text, time, words,
};
use crate::programme::{
    Call, Confirm, Contact, Draft, Organisation, Overlap, Place, PressRelease, Programme, QueueMode,
    RegistrationTime, Rules, Theme, is_slug,
    span::{SPANS_MAX, Span},
};

const PROGRAMME: &str = "programme.toml";
const SESSIONS: &str = "sessions.csv";
/// Where a release to the press says its slug.
pub(super) const FILE_NAME: &str = "file name";
/// Sessions of one person beyond which a number is a slip of the hand.
const SESSIONS_MAX: i64 = 10_000;
/// A year; the desk lets no offer hold longer.
const OFFER_HOURS_MAX: i64 = 24 * 366;

/// The draft of a folder. Settings, themes, places and organisations are the folder's; sessions are merged.
pub(super) fn import(
    existing: Option<&Draft>,
    files: &Files,
    options: &Options,
    new_id: &mut dyn FnMut() -> Uuid,
) -> Result<Imported, Vec<Problem>> {
    let mut told = Told::default();
    let mut draft = empty(options);
    let knows_names = settings(files, options, &mut draft, &mut told);
    let press = told.take(press(files, own_language(&draft.programme))).unwrap_or_default();
    // A folder without press files says nothing about the press.
    draft.press = match existing {
        Some(existing) if press.is_empty() => existing.press.clone(),
        Some(_) | None => press,
    };
    // Where the names are not known whole, rows are still looked at, but nobody can say that a name is wrong.
    let unknown = if knows_names { Unknown::Refuse } else { Unknown::Make };
    let mut merge = Merge::new(SESSIONS, draft, existing, unknown);
    merge.notices = told.notices;
    let rows = match files.get(SESSIONS) {
        Some(bytes) => csv::sessions(&mut merge, SESSIONS, bytes, options.map.as_ref(), new_id),
        None => Err(vec![Problem::new(SESSIONS, "is missing in the folder")]),
    };
    let mut problems = told.problems;
    problems.extend(rows.err().unwrap_or_default());
    problems.append(&mut merge.problems);
    merge.problems = problems;
    merge.finish(options.remove_missing)
}

/// The language of what names none: the programme's first.
pub(super) fn own_language(programme: &Programme) -> &str {
    programme.languages.first().map_or("fr", String::as_str)
}

/// What there is to say about a folder.
#[derive(Default)]
struct Told {
    problems: Vec<Problem>,
    notices: Vec<Problem>,
}

impl Told {
    fn take<T>(&mut self, result: Result<T, Vec<Problem>>) -> Option<T> {
        result.map_err(|mut found| self.problems.append(&mut found)).ok()
    }
}

/// Nothing yet. What is wrong in the folder stays as it is here, and the whole is thrown away.
pub(super) fn empty(options: &Options) -> Draft {
    Draft {
        programme: Programme {
            slug: options.slug.clone(),
            title: String::new(),
            tagline: String::new(),
            summary: String::new(),
            timezone: options.timezone.unwrap_or(Tz::UTC),
            languages: Vec::new(),
            starts: chrono::NaiveDate::MIN,
            ends: chrono::NaiveDate::MAX,
            contact: Contact::default(),
            rules: Rules::default(),
            call: Call::default(),
        },
        themes: Vec::new(),
        places: Vec::new(),
        organisations: Vec::new(),
        press: Vec::new(),
        sessions: Vec::new(),
    }
}

/// Reads `programme.toml` into a draft. False where it names a theme, a place or an organisation that could not
/// be read.
fn settings(files: &Files, options: &Options, draft: &mut Draft, told: &mut Told) -> bool {
    let bytes = files.get(PROGRAMME).ok_or_else(|| vec![Problem::new(PROGRAMME, "is missing in the folder")]);
    let read = bytes.and_then(|bytes| table::decode(PROGRAMME, bytes).map_err(|problem| vec![problem]));
    let Some((source, notice)) = told.take(read) else { return false };
    told.notices.extend(notice);
    let mut document = Document::new(PROGRAMME, &source, 0);
    let root = document.parse();
    let is_toml = document.is_right();
    let mut section = Section::root(&root);
    let doc = &mut document;

    if let Some(slug) = section.read(doc, "slug", text_as(slug))
        && slug != options.slug
    {
        let message = format!("is another slug than {:?}, into which it is imported", options.slug);
        told.notices.push(Problem::new(PROGRAMME, message).column("slug").value(slug));
    }
    programme(doc, &mut section, options.timezone, &mut draft.programme);
    let sections = ["themes", "places", "organisations"].map(|key| section.tables(doc, key));
    let [of_themes, of_places, of_organisations] = sections;
    let named = of_themes.len() + of_places.len() + of_organisations.len();
    draft.themes = themes(doc, of_themes);
    draft.places = places(doc, of_places);
    draft.organisations = organisations(doc, of_organisations);
    section.finish(doc);
    told.take(document.done(()));
    is_toml && named == draft.themes.len() + draft.places.len() + draft.organisations.len()
}

/// What a programme says of itself. `timezone` goes before the zone that stands there.
pub(super) fn programme(
    doc: &mut Document<'_>,
    section: &mut Section<'_, '_>,
    timezone: Option<Tz>,
    programme: &mut Programme,
) {
    programme.title = section.need(doc, "title", text_as(text::title)).unwrap_or_default();
    programme.tagline = section.read(doc, "tagline", text_as(text::word)).unwrap_or_default();
    programme.summary = section.read(doc, "summary", text_as(text::long)).unwrap_or_default();
    let zone = section.need(doc, "timezone", text_as(zone));
    let zone = timezone.or(zone);
    programme.timezone = zone.unwrap_or(Tz::UTC);
    programme.languages = section.need(doc, "languages", texts_as(language)).unwrap_or_default();
    let starts = section.need(doc, "starts", document::date);
    let ends = section.need(doc, "ends", document::date);
    if let (Some(starts), Some(ends)) = (starts, ends) {
        (programme.starts, programme.ends) = (starts, ends);
        if ends < starts {
            doc.wrong(0, "ends", Some(&ends.to_string()), format!("is before starts ({starts})"));
        }
    }
    programme.contact =
        section.table(doc, "contact").map(|section| contact(doc, section)).unwrap_or_default();
    programme.rules =
        section.table(doc, "rules").map(|section| rules(doc, section, zone)).unwrap_or_default();
    programme.call = section.table(doc, "call").map(|section| call(doc, section, zone)).unwrap_or_default();
}

/// When anybody may propose sessions.
fn call(doc: &mut Document<'_>, mut section: Section<'_, '_>, zone: Option<Tz>) -> Call {
    let local = |value: &toml::de::DeValue<'_>| {
        let local = document::date_time(value)?;
        zone.map_or(Ok(local), |zone| time::exists(zone, local).map(|()| local))
    };
    let call = Call {
        opens: section.read(doc, "opens", local),
        closes: section.read(doc, "closes", local),
        text: section.read(doc, "text", text_as(text::long)).unwrap_or_default(),
    };
    if let (Some(opens), Some(closes)) = (call.opens, call.closes)
        && closes < opens
    {
        doc.wrong(section.at, "call.closes", Some(&closes.to_string()), format!("is before opens ({opens})"));
    }
    section.finish(doc);
    call
}

fn slug(text: &str) -> Result<String, String> {
    if is_slug(text) { Ok(text.to_owned()) } else { Err(format!("is no slug; {}", slug_rule())) }
}

fn zone(text: &str) -> Result<Tz, String> {
    text.parse().map_err(|_| "is no time zone; write it as Europe/Zurich".to_owned())
}

fn language(text: &str) -> Result<String, String> {
    words::language(text).ok_or_else(|| "is no language; write a code such as fr".to_owned())
}

fn email(text: &str) -> Result<String, String> {
    let text = text::word(text)?;
    let is_address = text.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty()
            && domain.contains('.')
            && !domain.contains('@')
            && !text.contains(char::is_whitespace)
    });
    if is_address { Ok(text) } else { Err("is no e-mail address; write it as info@example.org".to_owned()) }
}

fn contact(doc: &mut Document<'_>, mut section: Section<'_, '_>) -> Contact {
    let contact = Contact {
        email: section.read(doc, "email", text_as(email)),
        press_email: section.read(doc, "press_email", text_as(email)),
        press_phone: section.read(doc, "press_phone", text_as(text::word)),
    };
    section.finish(doc);
    contact
}

fn rules(doc: &mut Document<'_>, mut section: Section<'_, '_>, zone: Option<Tz>) -> Rules {
    let local = |value: &toml::de::DeValue<'_>| {
        if let Some(span) = value.as_str().filter(|text| text.starts_with(['-', '\u{2212}'])) {
            return cell::span(span);
        }
        let local = document::date_time(value)?;
        zone.map_or(Ok(()), |zone| time::exists(zone, local)).map(|()| RegistrationTime::At(local))
    };
    let quiet = |value: &toml::de::DeValue<'_>| {
        let times = texts_as(|text: &str| match time::clock(text) {
            Some((time, false)) => Ok(time.format("%H:%M").to_string()),
            Some((_, true)) | None => Err("must be two times: [\"21:00\", \"08:00\"]".to_owned()),
        })(value)?;
        <[String; 2]>::try_from(times).map_err(|_| "must be two times: [\"21:00\", \"08:00\"]".to_owned())
    };
    let rules = Rules {
        capacity: section.read(doc, "capacity", document::integer(0, cell::SEATS_MAX)),
        overlap: section.read(doc, "overlap", text_as(overlap)).unwrap_or_default(),
        queue: section.read(doc, "queue", text_as(queue)).unwrap_or_default(),
        confirm: section.read(doc, "confirm", text_as(confirm)).unwrap_or_default(),
        opens: section.read(doc, "opens", local),
        closes: section.read(doc, "closes", local),
        per_week: section.read(doc, "per_week", document::integer(1, SESSIONS_MAX)),
        per_programme: section.read(doc, "per_programme", document::integer(1, SESSIONS_MAX)),
        offer_hours: section.read(doc, "offer_hours", document::integer(1, OFFER_HOURS_MAX)),
        quiet: section.read(doc, "quiet", quiet),
        reminders: section.read(doc, "reminders", reminders).unwrap_or_default(),
        partners_see_names: section.read(doc, "partners_see_names", document::yes_or_no).unwrap_or_default(),
    };
    // A span and a time are compared where a session has its start.
    let any_start = chrono::DateTime::UNIX_EPOCH;
    let at = |time: RegistrationTime| time.local().map(|local| local.and_utc());
    let pair = rules.opens.zip(rules.closes);
    let moments = pair.and_then(|(opens, closes)| match (at(opens), at(closes)) {
        (Some(opens), Some(closes)) => Some((opens, closes)),
        (None, None) => Some((opens.instant(Tz::UTC, any_start), closes.instant(Tz::UTC, any_start))),
        (Some(_), None) | (None, Some(_)) => None,
    });
    if let (Some((before, after)), Some((opens, closes))) = (moments, pair)
        && after < before
    {
        doc.wrong(
            section.at,
            "rules.closes",
            Some(&closes.to_string()),
            format!("is before opens ({opens})"),
        );
    }
    section.finish(doc);
    rules
}

fn overlap(text: &str) -> Result<Overlap, String> {
    match text {
        "warn" => Ok(Overlap::Warn),
        "refuse" => Ok(Overlap::Refuse),
        _ => Err("must be \"warn\" or \"refuse\"".to_owned()),
    }
}

fn queue(text: &str) -> Result<QueueMode, String> {
    match text {
        "promote" => Ok(QueueMode::Promote),
        "offer" => Ok(QueueMode::Offer),
        _ => Err("must be \"promote\" or \"offer\"".to_owned()),
    }
}

fn confirm(text: &str) -> Result<Confirm, String> {
    match text {
        "instant" => Ok(Confirm::Instant),
        "link" => Ok(Confirm::Link),
        _ => Err("must be \"instant\" or \"link\"".to_owned()),
    }
}

fn reminders(value: &toml::de::DeValue<'_>) -> Result<Vec<String>, String> {
    let span = |text: &str| Span::parse(text).ok_or_else(|| Span::rule().to_owned());
    let spans = texts_as(span)(value)?;
    let mut seen = HashSet::new();
    if let Some(twice) = spans.iter().find(|span| !seen.insert(**span)) {
        return Err(format!("names \"{}\" twice", twice.code()));
    }
    if spans.len() > SPANS_MAX {
        return Err(format!("can be {SPANS_MAX} at most"));
    }
    Ok(spans.into_iter().map(Span::code).collect())
}

/// Slugs that were seen, and a slug that must be new.
fn new_slug(
    doc: &mut Document<'_>,
    section: &mut Section<'_, '_>,
    seen: &mut BTreeSet<String>,
) -> Option<String> {
    let slug = section.need(doc, "slug", text_as(slug))?;
    if !seen.insert(slug.clone()) {
        doc.wrong(section.at, "slug", Some(&slug), "stands above already; each has a slug of its own");
    }
    Some(slug)
}

pub(super) fn themes(doc: &mut Document<'_>, sections: Vec<Section<'_, '_>>) -> Vec<Theme> {
    let (mut themes, mut seen) = (Vec::new(), BTreeSet::new());
    for mut section in sections {
        let slug = new_slug(doc, &mut section, &mut seen);
        let title = section.need(doc, "title", text_as(text::title));
        let starts = section.read(doc, "starts", document::date);
        let ends = section.read(doc, "ends", document::date);
        if let (Some(first), Some(last)) = (starts, ends)
            && last < first
        {
            doc.wrong(
                section.at,
                "themes.ends",
                Some(&last.to_string()),
                format!("is before starts ({first})"),
            );
        }
        let colour = section.read(doc, "colour", text_as(merge::colour));
        let summary = section.read(doc, "summary", text_as(text::long)).unwrap_or_default();
        section.finish(doc);
        if let Some(slug) = slug {
            let title = title.unwrap_or_default();
            let colour = colour.unwrap_or_else(|| merge::free_colour(&themes));
            themes.push(Theme { slug, title, starts, ends, colour, summary });
        }
    }
    themes
}

pub(super) fn places(doc: &mut Document<'_>, sections: Vec<Section<'_, '_>>) -> Vec<Place> {
    let (mut places, mut seen) = (Vec::new(), BTreeSet::new());
    for mut section in sections {
        let slug = new_slug(doc, &mut section, &mut seen);
        let name = section.need(doc, "name", text_as(text::title));
        let address = section.read(doc, "address", text_as(text::word)).unwrap_or_default();
        let latitude = section.read(doc, "latitude", document::degrees(90.0));
        let longitude = section.read(doc, "longitude", document::degrees(180.0));
        if latitude.is_some() != longitude.is_some() {
            doc.wrong(
                section.at,
                "places.latitude",
                None,
                "latitude and longitude come together or not at all",
            );
        }
        let access = section.read(doc, "access", text_as(text::long)).unwrap_or_default();
        section.finish(doc);
        if let Some(slug) = slug {
            let name = name.unwrap_or_default();
            places.push(Place { slug, name, address, latitude, longitude, access });
        }
    }
    places
}

pub(super) fn organisations(doc: &mut Document<'_>, sections: Vec<Section<'_, '_>>) -> Vec<Organisation> {
    let (mut organisations, mut seen) = (Vec::new(), BTreeSet::new());
    for mut section in sections {
        let slug = new_slug(doc, &mut section, &mut seen);
        let name = section.need(doc, "name", text_as(text::title));
        let url = section.read(
            doc,
            "url",
            text_as(|text| if text.is_empty() { Ok(String::new()) } else { text::web_address(text) }),
        );
        let summary = section.read(doc, "summary", text_as(text::long)).unwrap_or_default();
        section.finish(doc);
        if let Some(slug) = slug {
            let name = name.unwrap_or_default();
            organisations.push(Organisation { slug, name, url: url.unwrap_or_default(), summary });
        }
    }
    organisations
}

/// Every `press/*.md`, newest first.
fn press(files: &Files, language: &str) -> Result<Vec<PressRelease>, Vec<Problem>> {
    let (mut releases, mut told) = (Vec::new(), Told::default());
    for (name, bytes) in &files.0 {
        let Some(stem) = name.strip_prefix("press/").and_then(|rest| rest.strip_suffix(".md")) else {
            continue;
        };
        let source = table::decode(name, bytes).map_err(|problem| vec![problem]);
        let release = source.and_then(|(source, _)| {
            let (front, body) = front_and_body(name, &source)?;
            press_release(name, stem, (front, body), language)
        });
        releases.extend(told.take(release));
    }
    releases.sort_by(PressRelease::newest_first);
    if told.problems.is_empty() { Ok(releases) } else { Err(told.problems) }
}

fn front_and_body<'s>(name: &str, source: &'s str) -> Result<(&'s str, &'s str), Vec<Problem>> {
    let form = "must begin with TOML between two lines of +++: title, place, date, language";
    let wrong = || vec![Problem::new(name, form).line(1)];
    let rest = source.strip_prefix("+++\n").ok_or_else(wrong)?;
    match rest.split_once("\n+++\n") {
        Some(parts) => Ok(parts),
        None => Ok((rest.strip_suffix("\n+++").ok_or_else(wrong)?, "")),
    }
}

/// One release: its slug is the file's name without `.md`; `language` is that of one that names none.
pub(super) fn press_release(
    name: &str,
    stem: &str,
    (front, body): (&str, &str),
    language: &str,
) -> Result<PressRelease, Vec<Problem>> {
    let mut document = Document::new(name, front, 1);
    let doc = &mut document;
    let root = doc.parse();
    let mut section = Section::root(&root);
    let slug = slug(stem).map_err(|message| doc.wrong(0, FILE_NAME, Some(stem), message)).ok();
    let title = section.need(doc, "title", text_as(text::title));
    let place = section.read(doc, "place", text_as(text::word)).unwrap_or_default();
    let date = section.need(doc, "date", document::date);
    let language =
        section.read(doc, "language", text_as(self::language)).unwrap_or_else(|| language.to_owned());
    section.finish(doc);
    let body = text::long(body).map_err(|message| doc.wrong(front.len(), "text", None, message)).ok();
    let release =
        || Some(PressRelease { slug: slug?, title: title?, place, date: date?, language, body: body? });
    let release = document.done(release())?;
    Ok(release.expect("what was missing has been said, and that ends it above"))
}
