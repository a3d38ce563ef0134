//! frab's `schedule.xml`, as c3voc's schema (`schedule.xml.xsd`) has it: for the programme apps that read it.

use std::io;

use quick_xml::{
    Writer,
    events::{BytesDecl, BytesText, Event},
};

use super::{frab, xml_text};
use crate::{
    calendar::session_url,
    locale::Lang,
    programme::Theme,
    release::{Release, ReleasedSession},
};

/// The release as `schedule.xml`. Cancelled and withdrawn sessions are left out.
pub fn schedule_xml(release: &Release, base_url: &str, lang: Lang) -> String {
    let mut xml = Xml(Writer::new_with_indent(Vec::new(), b' ', 2));
    schedule(&mut xml, release, base_url, lang).expect("a Vec takes everything");
    String::from_utf8(xml.0.into_inner()).expect("what we wrote was text")
}

/// Elements of text, cleaned of what XML can not hold.
struct Xml(Writer<Vec<u8>>);

impl Xml {
    fn text(&mut self, name: &str, text: &str) -> io::Result<()> {
        self.text_with(name, &[], text)
    }

    fn text_with(&mut self, name: &str, attributes: &[(&str, &str)], text: &str) -> io::Result<()> {
        let attributes = clean(attributes);
        let element = self.0.create_element(name).with_attributes(borrowed(&attributes));
        element.write_text_content(BytesText::new(&xml_text(text)))?;
        Ok(())
    }

    fn within(
        &mut self,
        name: &str,
        attributes: &[(&str, &str)],
        inside: impl FnOnce(&mut Xml) -> io::Result<()>,
    ) -> io::Result<()> {
        use quick_xml::events::{BytesEnd, BytesStart};
        let attributes = clean(attributes);
        let start = BytesStart::new(name).with_attributes(borrowed(&attributes));
        self.0.write_event(Event::Start(start))?;
        inside(self)?;
        self.0.write_event(Event::End(BytesEnd::new(name)))
    }
}

fn clean<'a>(attributes: &[(&'a str, &str)]) -> Vec<(&'a str, String)> {
    attributes.iter().map(|(name, value)| (*name, xml_text(value).replace(['\r', '\n', '\t'], " "))).collect()
}

fn borrowed<'a>(attributes: &'a [(&str, String)]) -> impl Iterator<Item = (&'a str, &'a str)> {
    attributes.iter().map(|(name, value)| (*name, value.as_str()))
}

fn schedule(xml: &mut Xml, release: &Release, base_url: &str, lang: Lang) -> io::Result<()> {
    let programme = &release.programme;
    let page = format!("{}/{}/{}", base_url.trim_end_matches('/'), lang.code(), programme.slug);
    let days = frab::days(release, lang);
    let numbers = frab::numbers(release);
    xml.0.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    xml.within("schedule", &[], |xml| {
        xml.text_with("generator", &[("name", "Parvis"), ("version", env!("CARGO_PKG_VERSION"))], "")?;
        xml.text("url", &format!("{page}/schedule.xml"))?;
        xml.text("version", &release.number.to_string())?;
        xml.within("conference", &[], |xml| conference(xml, release, &page, days.len()))?;
        for (index, day) in days.iter().enumerate() {
            let attributes = [
                ("index", (index + 1).to_string()),
                ("date", day.date.to_string()),
                ("start", day.start.to_rfc3339()),
                ("end", day.end.to_rfc3339()),
            ];
            let attributes = attributes.each_ref().map(|(name, value)| (*name, value.as_str()));
            xml.within("day", &attributes, |xml| {
                for (room, sessions) in &day.rooms {
                    let guid = frab::room_guid(release, room).to_string();
                    xml.within("room", &[("name", room), ("guid", &guid)], |xml| {
                        sessions.iter().try_for_each(|session| {
                            event(xml, release, session, room, &numbers, base_url, lang)
                        })
                    })?;
                }
                Ok(())
            })?;
        }
        Ok(())
    })
}

fn conference(xml: &mut Xml, release: &Release, page: &str, days: usize) -> io::Result<()> {
    let programme = &release.programme;
    xml.text("acronym", &frab::acronym(release))?;
    xml.text("title", &programme.title)?;
    xml.text("start", &programme.starts.to_string())?;
    xml.text("end", &programme.ends.to_string())?;
    xml.text("days", &days.to_string())?;
    xml.text("timeslot_duration", "00:15")?;
    xml.text("url", page)?;
    xml.text("time_zone_name", programme.timezone.name())?;
    for Theme { slug, title, colour, .. } in &release.themes {
        let mut attributes = vec![("name", title.as_str())];
        if is_colour(colour) {
            attributes.push(("color", colour));
        }
        if slug.starts_with(|c: char| c.is_ascii_lowercase()) {
            attributes.push(("slug", slug));
        }
        xml.text_with("track", &attributes, title)?;
    }
    Ok(())
}

fn event(
    xml: &mut Xml,
    release: &Release,
    session: &ReleasedSession,
    room: &str,
    numbers: &std::collections::HashMap<uuid::Uuid, i64>,
    base_url: &str,
    lang: Lang,
) -> io::Result<()> {
    let start = frab::local_start(session);
    let id = numbers[&session.id].to_string();
    let guid = session.guid().to_string();
    xml.within("event", &[("guid", &guid), ("id", &id)], |xml| {
        xml.text("date", &frab::offset(release.programme.timezone, start).to_rfc3339())?;
        xml.text("start", &start.format("%H:%M").to_string())?;
        xml.text("duration", &frab::duration(release, session))?;
        xml.text("room", room)?;
        if is_slug(&session.slug) {
            xml.text("slug", &session.slug)?;
        }
        xml.text("url", &session_url(base_url, lang, &release.programme.slug, &session.slug))?;
        xml.text("title", &session.title)?;
        xml.text("subtitle", "")?;
        xml.text("track", release.theme_of(session).map_or("", |theme| &theme.title))?;
        xml.text("type", frab::kind(session))?;
        xml.text("language", session.languages.first().map_or("", String::as_str))?;
        xml.text("abstract", &session.r#abstract)?;
        xml.text("description", &session.description)?;
        xml.within("persons", &[], |xml| {
            session.speakers.iter().try_for_each(|speaker| xml.text("person", speaker))
        })?;
        xml.within("links", &[], |xml| {
            frab::links(release, session)
                .try_for_each(|(name, url)| xml.text_with("link", &[("href", &url)], name))
        })
    })
}

/// The schema's `voc-slug-new`: `[a-z0-9_]{4,}-[a-z0-9\-_]{4,}`.
fn is_slug(slug: &str) -> bool {
    let ok = |text: &str, also: &str| {
        text.len() >= 4
            && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || also.contains(c))
    };
    slug.split_once('-').is_some_and(|(first, rest)| ok(first, "_") && ok(rest, "-_"))
}

fn is_colour(colour: &str) -> bool {
    colour.strip_prefix('#').is_some_and(|hex| hex.len() == 6 && hex.bytes().all(|b| b.is_ascii_hexdigit()))
}
