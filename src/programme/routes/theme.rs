//! The pages of a theme and of an organisation: who or what it is, and its sessions by day.

use serde::Serialize;

use super::{
    listing::{choosable, count, in_theme, takes_place},
    rows::{Here, Week, days, is_web, unparted},
    session::Link,
};
use crate::{
    calendar::{links, links::Links},
    locale,
    programme::{Organisation, Theme},
};

/// What `templates/programme/theme.html` shows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ThemePage {
    /// Its name.
    pub title: String,
    /// `theme-lab`.
    pub class: String,
    /// Its number among dated themes.
    pub number: Option<usize>,
    /// « 19–23 avril ».
    pub dates: Option<String>,
    /// « 23 sessions ».
    pub count: String,
    /// The language of the programme's own words, where it is not the page's.
    pub own_lang: Option<String>,
    /// Markdown.
    pub summary: String,
    /// Its sessions.
    pub weeks: Vec<Week>,
    /// True where a row can be chosen.
    pub choosable: bool,
    /// What one person may have; empty where the programme has no limit.
    pub limits: String,
    /// Where the form of the chosen goes.
    pub register: String,
    /// Subscribe, Google, Outlook, file.
    pub calendar: Links,
    /// The other themes.
    pub others: Vec<Link>,
    /// The programme.
    pub home: String,
    /// Its slug, under which the browser remembers what is chosen.
    pub programme: String,
}

/// The page of a theme.
pub fn theme_page(here: &Here<'_>, theme: &Theme) -> ThemePage {
    let release = &here.published.release;
    let mut days = days(here, in_theme(release, &theme.slug));
    // The page says it already.
    days.iter_mut().for_each(|day| day.theme = None);
    let weeks = release.themes.iter().all(|theme| theme.starts.is_some());
    ThemePage {
        title: theme.title.clone(),
        class: format!("theme-{}", theme.slug),
        number: release.themes.iter().position(|other| weeks && other.slug == theme.slug).map(|at| at + 1),
        dates: theme.starts.map(|first| locale::date_range(here.lang, first, theme.ends.unwrap_or(first))),
        count: count(here.lang, in_theme(release, &theme.slug).filter(|s| takes_place(s)).count()),
        own_lang: here.own_words(),
        summary: theme.summary.clone(),
        choosable: choosable(&days),
        limits: here.limits(),
        weeks: unparted(days),
        register: here.href("/register"),
        calendar: links::of_feed(
            &here.url(&format!("/themes/{}/calendar.ics", theme.slug)),
            &format!("{} – {}", release.programme.title, theme.title),
        ),
        others: release
            .themes
            .iter()
            .filter(|other| other.slug != theme.slug)
            .map(|other| Link {
                label: other.title.clone(),
                href: here.href(&format!("/themes/{}", other.slug)),
            })
            .collect(),
        home: here.href(""),
        programme: here.published.slug().to_owned(),
    }
}

/// What `templates/programme/organisation.html` shows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OrganisationPage {
    /// Its name.
    pub title: String,
    /// Its own site.
    pub url: Option<String>,
    /// The language of the programme's own words, where it is not the page's.
    pub own_lang: Option<String>,
    /// Markdown.
    pub summary: String,
    /// Its sessions.
    pub weeks: Vec<Week>,
    /// « 3 sessions ».
    pub count: String,
    /// True where a row can be chosen.
    pub choosable: bool,
    /// What one person may have; empty where the programme has no limit.
    pub limits: String,
    /// Where the form of the chosen goes.
    pub register: String,
    /// The programme.
    pub home: String,
    /// Its slug, under which the browser remembers what is chosen.
    pub programme: String,
}

/// The page of an organisation.
pub fn organisation_page(here: &Here<'_>, organisation: &Organisation) -> OrganisationPage {
    let sessions =
        || here.published.release.listed().filter(|session| session.hosts.contains(&organisation.slug));
    let number = sessions().filter(|session| takes_place(session)).count();
    let days = days(here, sessions());
    OrganisationPage {
        title: organisation.name.clone(),
        url: Some(organisation.url.clone()).filter(|url| is_web(url)),
        summary: organisation.summary.clone(),
        own_lang: here.own_words(),
        count: count(here.lang, number),
        choosable: choosable(&days),
        limits: here.limits(),
        weeks: unparted(days),
        register: here.href("/register"),
        home: here.href(""),
        programme: here.published.slug().to_owned(),
    }
}
