//! What became of one form, and nothing else about whoever sent it.

use serde::Serialize;

use super::{
    offer::moment,
    read::{OrderItem, OrderRow},
};
use crate::{
    calendar::{self, links},
    locale::{Lang, text},
    programme::{Status, routes::rows, words},
    release::{ReleasedSession, published::Published},
};

/// What `registration/order.html` shows.
#[derive(Debug, Serialize)]
pub struct OrderPage {
    slug: String,
    home: String,
    /// One sentence: all confirmed, some waiting…
    lead: String,
    /// What one person may have; empty where the programme has no limit.
    limits: String,
    lines: Vec<Line>,
}

#[derive(Debug, Serialize)]
struct Line {
    href: String,
    title: String,
    lang: Option<String>,
    theme: Option<String>,
    datetime: String,
    when: String,
    place: String,
    /// `confirmed`, `waiting`, `offered`, `cancelled`.
    class: &'static str,
    /// The same in words.
    state: String,
    /// For seats in sessions that take place.
    calendar: Option<links::Links>,
}

/// What the page is called: one that must be confirmed is not done yet.
pub fn title(order: &OrderRow, lang: Lang) -> String {
    text(lang, if order.confirm_by.is_some() { "order-title-confirm" } else { "order-title" }, &[])
}

/// The page of an order whose link was right. It never changes with what the person does: whoever sent the form may
/// be somebody else.
pub fn page(
    published: &Published,
    lang: Lang,
    order: &OrderRow,
    items: &[OrderItem],
    base_url: &str,
) -> OrderPage {
    let home = format!("/{}/{}", lang.code(), published.slug());
    // By start, as the release has them.
    let lines: Vec<Line> = published
        .release
        .sessions
        .iter()
        .filter_map(|session| Some((session, items.iter().find(|item| item.session_id == session.id)?)))
        .map(|(session, item)| line(published, lang, order, session, item, base_url))
        .collect();
    let waiting = items.iter().filter(|item| item.position.is_some()).count();
    let key = match waiting {
        0 => "order-confirmed",
        waiting if waiting == items.len() => "order-waiting",
        _ => "order-mixed",
    };
    let lead = match order.confirm_by {
        None => text(lang, key, &[("n", items.len().into())]),
        Some(until) => {
            text(lang, "order-confirm", &moment(lang, published.release.programme.timezone, until))
        }
    };
    let limits = words::limits(lang, &published.release.programme.rules);
    OrderPage { slug: published.slug().to_owned(), home, lead, limits, lines }
}

fn line(
    published: &Published,
    lang: Lang,
    order: &OrderRow,
    session: &ReleasedSession,
    item: &OrderItem,
    base_url: &str,
) -> Line {
    let release = &published.release;
    let href = format!("/{}/{}/sessions/{}", lang.code(), published.slug(), session.slug);
    let takes_place = session.status == Status::Scheduled;
    let to_confirm = order.confirm_by.is_some();
    let (class, state) = match (takes_place, item.position) {
        (false, _) => ("cancelled", text(lang, "seat-cancelled", &[])),
        (true, None) if to_confirm => ("offered", text(lang, "order-seat-held", &[])),
        (true, Some(_)) if to_confirm => ("waiting", text(lang, "order-turn-held", &[])),
        (true, None) => ("confirmed", text(lang, "state-confirmed", &[])),
        (true, Some(position)) => ("waiting", text(lang, "state-waiting", &[("n", position.into())])),
    };
    let place = published.place_of(session).map(|place| place.name.clone());
    let online = session.online.then(|| text(lang, "online", &[]));
    let calendar = (takes_place && item.position.is_none() && !to_confirm).then(|| {
        let entry = calendar::entry(release, session, lang, base_url);
        links::of_entry(&entry, &format!("{base_url}{href}/calendar.ics"))
    });
    Line {
        title: session.title.clone(),
        lang: words::foreign(lang, session),
        theme: session.theme.clone(),
        datetime: rows::datetime(release.programme.timezone, session),
        when: words::when(lang, session),
        place: place.into_iter().chain(online).collect::<Vec<_>>().join(", "),
        class,
        state,
        calendar,
        href,
    }
}
