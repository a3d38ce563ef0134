//! The press room: what the programme is in one paragraph, its themes, its figures, its releases to the press.

pub mod routes;

use serde::Serialize;

use crate::{
    locale::{self, Lang, text},
    programme::{PressRelease, Status, words},
    release::published::Published,
};

/// What `templates/press/index.html` shows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PressRoom {
    /// The programme's name.
    pub title: String,
    /// The language of the programme's own words, where it is not the page's.
    pub own_lang: Option<String>,
    /// Its one line.
    pub tagline: String,
    /// Markdown: what it is.
    pub summary: String,
    /// Its themes, week by week.
    pub themes: Vec<PressTheme>,
    /// Numbers and what they count.
    pub figures: Vec<Figure>,
    /// For journalists.
    pub email: Option<String>,
    /// For journalists in a hurry.
    pub phone: Option<String>,
    /// Newest first.
    pub releases: Vec<ReleaseLine>,
    /// The Atom feed.
    pub feed: String,
}

/// A theme, as the press page tells it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct PressTheme {
    pub title: String,
    pub href: String,
    pub class: String,
    pub dates: Option<String>,
    pub summary: String,
    pub count: String,
}

/// A number and what it counts.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Figure {
    pub number: String,
    pub label: String,
}

/// A release to the press in the list.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReleaseLine {
    /// Its headline.
    pub title: String,
    /// Its page.
    pub href: String,
    /// « Genève, 1er avril 2027 ».
    pub dateline: String,
    /// `2027-04-01`.
    pub iso: String,
    /// The language of its text, where it is not the page's.
    pub lang: Option<String>,
}

/// The press page. `people` are registered, each counted once, and `seats` taken; what is not counted yet is
/// left out.
pub fn press_room(published: &Published, lang: Lang, people: i64, seats: i64) -> PressRoom {
    let release = &published.release;
    let home = format!("/{}/{}", lang.code(), release.programme.slug);
    let contact = &release.programme.contact;
    let theme = |theme: &crate::programme::Theme| {
        let in_theme = |session: &&crate::release::ReleasedSession| {
            session.theme.as_ref() == Some(&theme.slug) && session.status == Status::Scheduled
        };
        let sessions = release.listed().filter(in_theme).count();
        PressTheme {
            title: theme.title.clone(),
            href: format!("{home}/themes/{}", theme.slug),
            class: format!("theme-{}", theme.slug),
            dates: theme.starts.map(|first| locale::date_range(lang, first, theme.ends.unwrap_or(first))),
            summary: theme.summary.clone(),
            count: text(lang, "count-sessions", &[("n", sessions.into())]),
        }
    };
    PressRoom {
        title: release.programme.title.clone(),
        own_lang: words::own_language(lang, &release.programme),
        tagline: release.programme.tagline.clone(),
        summary: release.programme.summary.clone(),
        themes: release.themes.iter().map(theme).collect(),
        figures: figures(published, lang, people, seats),
        email: contact.press_email.clone().or_else(|| contact.email.clone()),
        phone: contact.press_phone.clone(),
        releases: release.press.iter().map(|release| line(lang, &home, release)).collect(),
        feed: format!("{home}/press.atom"),
    }
}

fn figures(published: &Published, lang: Lang, people: i64, seats: i64) -> Vec<Figure> {
    let sessions: Vec<_> =
        published.release.listed().filter(|session| session.status == Status::Scheduled).collect();
    let mut days: Vec<_> = sessions.iter().map(|session| session.date).collect();
    days.sort_unstable();
    days.dedup();
    let count = |many: usize| i64::try_from(many).unwrap_or(i64::MAX);
    [
        ("figure-sessions", count(sessions.len())),
        ("figure-days", count(days.len())),
        ("figure-partners", count(published.hosting().len())),
        ("figure-formats", count(published.choices.formats.len())),
        ("figure-people", people),
        ("figure-seats", seats),
    ]
    .into_iter()
    .filter(|(_, number)| *number > 0)
    .map(|(key, number)| Figure { number: grouped(number), label: text(lang, key, &[("n", number.into())]) })
    .collect()
}

/// « 1 204 », with no-break spaces: both languages understand it.
fn grouped(number: i64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push('\u{202f}');
        }
        grouped.push(digit);
    }
    grouped
}

fn line(lang: Lang, home: &str, release: &PressRelease) -> ReleaseLine {
    ReleaseLine {
        title: release.title.clone(),
        href: format!("{home}/press/{}", release.slug),
        dateline: dateline(lang, release),
        iso: release.date.to_string(),
        lang: foreign(lang, release),
    }
}

/// « Genève, 1er avril 2027 ».
pub fn dateline(lang: Lang, release: &PressRelease) -> String {
    let date = locale::date(lang, release.date);
    if release.place.is_empty() { date } else { format!("{}, {date}", release.place) }
}

/// The language of a release's text, where it is not the page's.
pub fn foreign(lang: Lang, release: &PressRelease) -> Option<String> {
    let tag = |code: &&String| {
        (2..=35).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    Some(&release.language).filter(tag).filter(|code| *code != lang.code()).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_grouped_by_thousands() {
        assert_eq!(
            [7, 204, 1_204, 1_234_567].map(grouped),
            ["7", "204", "1\u{202f}204", "1\u{202f}234\u{202f}567"]
        );
    }

    #[test]
    fn a_release_bears_its_place_and_its_day() {
        let mut release = PressRelease {
            slug: "ouverture".to_owned(),
            title: "Ouverture".to_owned(),
            place: "Genève".to_owned(),
            date: chrono::NaiveDate::from_ymd_opt(2027, 4, 1).unwrap(),
            language: "fr".to_owned(),
            body: String::new(),
        };
        assert_eq!(dateline(Lang::Fr, &release), "Genève, 1er\u{a0}avril 2027");
        assert_eq!(foreign(Lang::En, &release), Some("fr".to_owned()));
        release.place.clear();
        release.language = "\"><script>".to_owned();
        assert_eq!(dateline(Lang::En, &release), "1\u{a0}April 2027");
        assert_eq!(foreign(Lang::En, &release), None);
    }
}
