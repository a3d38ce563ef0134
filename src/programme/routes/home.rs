//! The programmes of this site: the current one first.

use serde::Serialize;

use super::{listing, site::Site};
use crate::{
    locale::{Lang, text},
    programme::words,
    release::published::Published,
};

/// What `templates/programme/home.html` shows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Home {
    /// The current programme, or the next, or the last.
    pub first: Option<Card>,
    /// All the others.
    pub others: Vec<Card>,
}

/// A programme in the list.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Card {
    /// Its name.
    pub title: String,
    /// Its one line.
    pub tagline: String,
    /// The language of its words, where it is not the page's.
    pub lang: Option<String>,
    /// « Du 19 avril au 14 mai 2027 ».
    pub dates: String,
    /// « 87 sessions ».
    pub count: String,
    /// « En cours », « À venir », « Terminé ».
    pub state: String,
    /// Its page.
    pub href: String,
}

/// The start page.
pub fn home(site: &Site<'_>, lang: Lang) -> Home {
    let mut cards = site.programmes().into_iter().map(|published| card(site, lang, &published));
    Home { first: cards.next(), others: cards.collect() }
}

fn card(site: &Site<'_>, lang: Lang, published: &Published) -> Card {
    let programme = &published.release.programme;
    let today = site.now.with_timezone(&programme.timezone).date_naive();
    let state = match () {
        () if programme.ends < today => "home-over",
        () if programme.starts <= today => "home-now",
        () => "home-next",
    };
    Card {
        title: programme.title.clone(),
        tagline: programme.tagline.clone(),
        lang: words::own_language(lang, programme),
        dates: words::from_to(lang, programme.starts, programme.ends),
        count: listing::count(
            lang,
            published.release.listed().filter(|session| listing::takes_place(session)).count(),
        ),
        state: text(lang, state, &[]),
        href: format!("/{}/{}", lang.code(), programme.slug),
    }
}
