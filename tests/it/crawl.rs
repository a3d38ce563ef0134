//! Every public address, as a robot finds them: by following links.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    harness::{App, BASE_URL, Page},
    html::Found,
};

/// More pages than the programmes of tests have.
const PAGES_MAX: usize = 400;

/// Where a robot begins; what no page links to stands here.
const STARTS: [&str; 6] =
    ["/fr/", "/en/", "/sitemap.xml", "/robots.txt", "/fr/miso/press.atom", "/en/miso/schedule.json"];

/// Every answer that can be reached from the start pages, by its address. Queries are not followed.
pub async fn everything_public(app: &App) -> BTreeMap<String, Page> {
    let mut pages = BTreeMap::new();
    let mut known: BTreeSet<String> = STARTS.map(str::to_owned).into();
    let mut waiting: Vec<String> = known.iter().cloned().collect();
    while let Some(path) = waiting.pop() {
        let page = app.get(&path).await;
        assert!(page.status.code < 400, "{path}: {}", page.status);
        for found in links(&page) {
            if known.insert(found.clone()) {
                waiting.push(found);
            }
        }
        pages.insert(path, page);
        assert!(pages.len() < PAGES_MAX, "there is no end to it");
    }
    pages
}

/// Addresses of ours that an answer names, without queries and fragments.
fn links(page: &Page) -> Vec<String> {
    let kind = page.header("content-type");
    let is_page = kind.starts_with("text/html");
    let mut found = if is_page {
        let html = Found::on(&page.body);
        [html.attributes("[href]", "href"), html.attributes("[src]", "src")].concat()
    } else {
        page.body.split(['"', '<', '>', ' ', '\r', '\n']).map(str::to_owned).collect()
    };
    let webcal = BASE_URL.replacen("https:", "webcal:", 1);
    let ours = found.iter().filter_map(|address| {
        let path = address.strip_prefix(BASE_URL).or_else(|| address.strip_prefix(webcal.as_str()));
        // Elsewhere a path is only a word.
        let path = path.or(Some(address.as_str()).filter(|_| is_page))?;
        let path = path.split(['?', '#']).next()?;
        (path.starts_with('/') && !path.starts_with("//")).then(|| path.to_owned())
    });
    ours.collect()
}
