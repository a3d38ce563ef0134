//! A certificate of attendance as a PDF: plain data in, bytes out. Tagged for those who listen to it (PDF/UA), with
//! the letters of an embedded font (fonts/), so that names in many alphabets are right on every machine.

mod letters;
mod page;
#[cfg(test)]
mod tests;

use chrono::{DateTime, Datelike as _, Timelike as _, Utc};
use krilla::{
    Document, SerializeSettings,
    configure::{Accessibility, ConfigurationBuilder},
    destination::XyzDestination,
    geom::Point,
    metadata::{self, Metadata},
    outline::{Outline, OutlineNode},
};

use crate::locale::{Lang, text};
use letters::Face;
use page::{Pages, Role};

/// What it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// In which language.
    pub lang: Lang,
    /// The programme's name.
    pub programme: String,
    /// Who has attended.
    pub name: String,
    /// What; in the order of its time.
    pub sessions: Vec<Attended>,
    /// The day on which it was issued, in words.
    pub issued_on: String,
    /// The moment, for programs.
    pub issued_at: DateTime<Utc>,
    /// As people read it.
    pub code: String,
    /// The page that says whether it is true.
    pub verify_url: String,
}

/// A session that was attended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attended {
    /// Its name.
    pub title: String,
    /// The language of its name, where it is not the certificate's.
    pub lang: Option<String>,
    /// Its day and hours, in words.
    pub when: String,
    /// Where it was, and who brought it; either may be empty.
    pub place: String,
    /// Who brought it.
    pub hosts: String,
}

/// The certificate as a file. The same certificate gives the same bytes.
///
/// # Errors
/// What the writer found wrong: our own mistake.
pub fn pdf(certificate: &Certificate) -> Result<Vec<u8>, String> {
    let configuration = ConfigurationBuilder::new()
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|cause| format!("{cause:?}"))?;
    let settings = SerializeSettings { configuration, ..SerializeSettings::default() };
    let mut document = Document::new_with(settings);
    let say = |key: &str| text(certificate.lang, key, &[]);
    let title = say("certificate-title");
    let lang = certificate.lang.code();

    let mut pages = Pages::new(lang);
    pages.put(Role::Programme, Face::Bold, 13.0, &certificate.programme, None);
    pages.gap(70.0);
    pages.put(Role::Heading, Face::Bold, 26.0, &title, None);
    pages.rule();
    pages.gap(28.0);
    pages.put(Role::Text, Face::Plain, 12.0, &say("certificate-says"), None);
    pages.gap(6.0);
    pages.put(Role::Text, Face::Bold, 20.0, &certificate.name, None);
    pages.gap(14.0);
    let count = i64::try_from(certificate.sessions.len()).unwrap_or(i64::MAX);
    let attended = text(certificate.lang, "certificate-attended", &[("n", count.into())]);
    pages.put(Role::Text, Face::Plain, 12.0, &attended, None);
    pages.gap(4.0);
    for session in &certificate.sessions {
        pages.gap(12.0);
        pages.begin_item();
        pages.put(Role::Item, Face::Bold, 13.0, &session.title, session.lang.as_deref());
        pages.put(Role::Item, Face::Plain, 11.0, &session.when, None);
        for line in [&session.place, &session.hosts].into_iter().filter(|line| !line.is_empty()) {
            pages.put(Role::Item, Face::Plain, 11.0, line, None);
        }
        pages.end_item();
    }
    pages.gap(36.0);
    let issued =
        text(certificate.lang, "certificate-issued", &[("date", certificate.issued_on.clone().into())]);
    pages.put(Role::Text, Face::Plain, 11.0, &issued, None);
    pages.gap(26.0);
    pages.keep(70.0);
    let code = text(certificate.lang, "certificate-code", &[("code", certificate.code.clone().into())]);
    pages.put(Role::Text, Face::Bold, 11.0, &code, None);
    pages.put(Role::Text, Face::Plain, 10.0, &say("certificate-verify"), None);
    pages.put(Role::Link(&certificate.verify_url), Face::Plain, 10.0, &certificate.verify_url, None);

    let tree = pages.draw(&mut document, &certificate.code);
    document.set_tag_tree(tree);
    let mut outline = Outline::new();
    outline.push_child(OutlineNode::new(title.clone(), XyzDestination::new(0, Point::from_xy(0.0, 0.0))));
    document.set_outline(outline);
    document.set_metadata(
        Metadata::new()
            .title(format!("{title} – {}", certificate.programme))
            .language(lang.to_owned())
            .authors(vec![certificate.programme.clone()])
            .creator("Parvis".to_owned())
            .document_id(certificate.code.clone())
            .creation_date(moment(certificate.issued_at)),
    );
    document.finish().map_err(|cause| format!("{cause:?}"))
}

fn moment(at: DateTime<Utc>) -> metadata::DateTime {
    let small = |number: u32| u8::try_from(number).unwrap_or_default();
    metadata::DateTime::new(u16::try_from(at.year()).unwrap_or_default())
        .month(small(at.month()))
        .day(small(at.day()))
        .hour(small(at.hour()))
        .minute(small(at.minute()))
        .second(small(at.second()))
        .utc_offset_hour(0)
        .utc_offset_minute(0)
}
