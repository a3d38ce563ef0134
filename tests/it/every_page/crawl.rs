//! A visitor who follows every link of the demo's programme.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use parvis::locale::Lang;
use rocket::http::Status;

use super::look::Look;
use crate::{
    builders::seed,
    harness::{App, Given as _, TestDb},
};

/// Of links that differ in their query alone, so many are followed: they lead to the same page, filtered.
const QUERIES_MAX: usize = 12;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_link_of_the_demo_leads_somewhere() {
    // On one engine: public pages come from memory, whatever the release was read from.
    let app = App::given(TestDb::sqlite().await).await;
    app.publish(&seed()).await;
    let mut changed = seed();
    changed.sessions[0].session.title.push_str(" (suite)");
    changed.sessions[1].session.start =
        changed.sessions[1].session.start.map(|start| start + chrono::TimeDelta::minutes(5));
    app.publish(&changed).await;

    let mut crawl = Crawl::default();
    for lang in Lang::ALL {
        crawl.find("", &format!("/{}/", lang.code()));
    }
    while let Some(path) = crawl.queue.pop_front() {
        let page = app.get(&path).await;
        crawl.visit(&path, page.status, page.header("content-type"), &page.body);
    }

    assert_eq!(crawl.wrong(), Vec::<String>::new());
    let pages = crawl.pages.len();
    // Both languages of each session, theme and organisation, at least.
    let least = 2 * (changed.sessions.len() + changed.themes.len() + changed.organisations.len());
    assert!(pages > least, "{pages} pages");
}

#[derive(Default)]
struct Crawl {
    queue: VecDeque<String>,
    /// Every address so far, and where it was found first.
    found: BTreeMap<String, String>,
    /// Addresses with a query, by the path before it.
    queries: BTreeMap<String, usize>,
    /// The ids of each page.
    pages: BTreeMap<String, BTreeSet<String>>,
    /// Page, other page, id that should be there.
    fragments: Vec<(String, String, String)>,
    wrong: Vec<String>,
}

impl Crawl {
    fn find(&mut self, on: &str, href: &str) {
        let (address, fragment) = href.split_once('#').unwrap_or((href, ""));
        if !fragment.is_empty() && !address.is_empty() {
            self.fragments.push((on.to_owned(), address.to_owned(), fragment.to_owned()));
        }
        if !address.starts_with('/') || self.found.contains_key(address) {
            return;
        }
        if let Some((path, _)) = address.split_once('?') {
            let queries = self.queries.entry(path.to_owned()).or_default();
            *queries += 1;
            if *queries > QUERIES_MAX {
                return;
            }
        }
        self.found.insert(address.to_owned(), on.to_owned());
        self.queue.push_back(address.to_owned());
    }

    fn visit(&mut self, path: &str, status: Status, content_type: &str, body: &str) {
        if ![Status::Ok, Status::SeeOther].contains(&status) {
            self.wrong.push(format!("{path}: {status}, linked from {}", self.found[path]));
        }
        if !content_type.starts_with("text/html") {
            return;
        }
        let lang = Lang::parse(path.split('/').nth(1).unwrap_or_default()).unwrap_or_default();
        let mut look = Look::at(path, lang, body);
        self.wrong.append(&mut look.wrong);
        self.pages.insert(path.to_owned(), look.attributes("[id]", "id").into_iter().collect());
        for (selector, attribute) in [("[href]", "href"), ("[src]", "src"), ("form[method=get]", "action")] {
            for address in look.attributes(selector, attribute) {
                self.find(path, &address);
            }
        }
    }

    fn wrong(&self) -> Vec<String> {
        let lost = self.fragments.iter().filter_map(|(on, page, id)| {
            let ids = self.pages.get(page)?;
            (!ids.contains(id)).then(|| format!("{on}: `{page}` has no #{id}"))
        });
        self.wrong.iter().cloned().chain(lost).collect()
    }
}
