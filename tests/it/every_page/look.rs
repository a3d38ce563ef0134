//! What must be true of any page that people see, read as a browser reads it.

use std::collections::{BTreeMap, BTreeSet};

use parvis::locale::Lang;
use scraper::{ElementRef, Html, Node, Selector};
use serde_json::Value;

/// A page and what is wrong with it, in sentences.
pub struct Look<'p> {
    path: &'p str,
    page: Html,
    pub wrong: Vec<String>,
}

impl<'p> Look<'p> {
    /// Looks at everything that needs no other page.
    pub fn at(path: &'p str, lang: Lang, html: &str) -> Look<'p> {
        let mut look = Look { path, page: Html::parse_document(html), wrong: Vec::new() };
        look.expect(html.starts_with("<!doctype html>"), || "no doctype".to_owned());
        look.head(lang);
        look.headings();
        look.landmarks();
        look.ids();
        look.names();
        look.data();
        look
    }

    pub fn expect(&mut self, holds: bool, wrong: impl FnOnce() -> String) {
        if !holds {
            let path = self.path;
            self.wrong.push(format!("{path}: {}", wrong()));
        }
    }

    /// An attribute of each element that matches and has it.
    pub fn attributes(&self, selector: &str, attribute: &str) -> Vec<String> {
        self.all(selector).filter_map(|element| element.attr(attribute).map(str::to_owned)).collect()
    }

    /// Language and address of the page's twins.
    pub fn twins(&self) -> BTreeMap<String, String> {
        self.all("head link[rel=alternate][hreflang]")
            .map(|link| (attribute(link, "hreflang"), attribute(link, "href")))
            .collect()
    }

    fn head(&mut self, lang: Lang) {
        let said = self.attributes("html", "lang");
        self.expect(said == [lang.code()], || format!("<html lang> is {said:?}"));
        let titles: Vec<_> = self.all("head > title").map(text).collect();
        self.expect(matches!(&titles[..], [title] if !title.is_empty()), || format!("titles {titles:?}"));
        for lang in self.attributes("[lang]", "lang") {
            self.expect(!lang.is_empty() && lang.is_ascii(), || format!("lang `{lang}`"));
        }
    }

    /// One `h1`, first; below it no level is left out. None is empty.
    fn headings(&mut self) {
        let mut last = 0;
        let headings: Vec<_> = self.all("h1, h2, h3, h4, h5, h6").map(|h| (level(h), text(h))).collect();
        for (level, words) in &headings {
            let is_first = (*level == 1) == (last == 0);
            self.expect(is_first && *level <= last + 1, || format!("h{level} « {words} » after h{last}"));
            self.expect(!words.is_empty(), || format!("an empty h{level}"));
            last = *level;
        }
        self.expect(last > 0, || "no heading".to_owned());
    }

    fn landmarks(&mut self) {
        for landmark in ["body > main#main", "body > header", "body > footer", "a.skip[href='#main']"] {
            let count = self.all(landmark).count();
            self.expect(count == 1, || format!("{count} `{landmark}`"));
        }
        for nav in self.tags("nav:not([aria-label]):not([aria-labelledby])") {
            self.expect(false, || format!("{nav} has no name"));
        }
    }

    /// Each is there once, and what is referred to is there.
    fn ids(&mut self) {
        let ids = self.attributes("[id]", "id");
        let known: BTreeSet<_> = ids.iter().cloned().collect();
        self.expect(ids.len() == known.len(), || {
            let twice = known.iter().filter(|id| ids.iter().filter(|other| other == id).count() > 1);
            format!("twice: {:?}", twice.collect::<Vec<_>>())
        });
        for attribute in ["for", "aria-labelledby", "aria-describedby", "aria-controls", "form"] {
            for value in self.attributes(&format!("[{attribute}]"), attribute) {
                for id in value.split_whitespace().filter(|id| !known.contains(*id)) {
                    self.expect(false, || format!("{attribute} refers to `{id}`, which is not there"));
                }
            }
        }
        for href in self.attributes("a[href^='#']", "href") {
            self.expect(known.contains(&href[1..]), || format!("a link to `{href}`, which is not there"));
        }
    }

    /// Everything that can be used has a name.
    fn names(&mut self) {
        let labelled: BTreeSet<_> = self.attributes("label[for]", "for").into_iter().collect();
        let fields = "input:not([type=hidden], [type=submit]), select, textarea";
        let unnamed: Vec<_> = self
            .all(fields)
            .filter(|field| {
                let by_id = field.attr("id").is_some_and(|id| labelled.contains(id));
                let within =
                    field.ancestors().filter_map(ElementRef::wrap).any(|e| e.value().name() == "label");
                !by_id && !within && field.attr("aria-label").is_none_or(str::is_empty)
            })
            .map(|field| field.html())
            .collect();
        let silent: Vec<_> = self
            .all("a[href], button, summary, legend, label, caption, dt, th")
            .filter(|element| !is_hidden(*element))
            .filter(|element| text(*element).is_empty() && element.attr("aria-label").is_none())
            .map(|element| element.html())
            .collect();
        self.expect(unnamed.is_empty(), || format!("without a label: {unnamed:?}"));
        self.expect(silent.is_empty(), || format!("says nothing: {silent:?}"));
        for image in self.tags("img:not([alt]), svg:not([aria-hidden]):not([role])") {
            self.expect(false, || format!("{image} has no text"));
        }
        // What the content security policy would stop, and what would speak to another host.
        for tag in self.tags(
            "[style], style, script:not([src]):not([type='application/ld+json']), [onclick], [srcdoc], \
             iframe:not([sandbox=''][title])",
        ) {
            self.expect(false, || format!("{tag}: nothing inline"));
        }
        for (selector, attribute) in [("[src]", "src"), ("link[rel=stylesheet], link[rel=icon]", "href")] {
            for address in self.attributes(selector, attribute) {
                self.expect(address.starts_with('/') && !address.starts_with("//"), || {
                    format!("asks another host for {address}")
                });
            }
        }
    }

    /// JSON-LD: what search engines and calendars need of an event.
    fn data(&mut self) {
        let texts: Vec<String> =
            self.all("script[type='application/ld+json']").map(|script| script.text().collect()).collect();
        for text in texts {
            match serde_json::from_str::<Value>(&text) {
                Ok(data) => self.event(&data),
                Err(error) => self.expect(false, || format!("JSON-LD: {error}")),
            }
        }
    }

    fn event(&mut self, data: &Value) {
        let kind = data["@type"].as_str().unwrap_or_default().to_owned();
        let name = data["name"].as_str().unwrap_or_default().to_owned();
        self.expect(["Event", "EventSeries"].contains(&kind.as_str()) && !name.is_empty(), || {
            format!("JSON-LD of the type `{kind}`, named `{name}`")
        });
        for sub in data["subEvent"].as_array().into_iter().flatten() {
            self.event(sub);
        }
        if kind != "Event" {
            return;
        }
        let start = data["startDate"].as_str().unwrap_or_default().to_owned();
        let is_time = chrono::DateTime::parse_from_rfc3339(&start).is_ok();
        let is_day = start.parse::<chrono::NaiveDate>().is_ok();
        self.expect(is_time || is_day, || format!("« {name} » starts at `{start}`, without an offset"));
        let one_of = |key: &str, known: &[&str]| {
            let value = data[key].as_str().unwrap_or_default();
            value.strip_prefix("https://schema.org/").is_some_and(|value| known.contains(&value))
        };
        let status = ["EventScheduled", "EventCancelled", "EventRescheduled", "EventMovedOnline"];
        let modes = ["Offline", "Online", "Mixed"].map(|mode| format!("{mode}EventAttendanceMode"));
        let has_status = one_of("eventStatus", &status);
        let has_mode = one_of("eventAttendanceMode", &modes.each_ref().map(String::as_str));
        self.expect(has_status, || format!("« {name} » has the status {}", data["eventStatus"]));
        // Within a series only the page's own data says how one attends.
        let is_part = data.get("@context").is_none();
        self.expect(has_mode || is_part, || format!("« {name} »: {}", data["eventAttendanceMode"]));
    }

    fn all<'a>(&'a self, selector: &str) -> impl Iterator<Item = ElementRef<'a>> + use<'a, 'p> {
        let selector = Selector::parse(selector).unwrap_or_else(|error| panic!("`{selector}`: {error:?}"));
        self.page.select(&selector).collect::<Vec<_>>().into_iter()
    }

    /// The opening tag of each element that matches.
    fn tags(&self, selector: &str) -> Vec<String> {
        let tag = |element: ElementRef<'_>| {
            element.html().split_inclusive('>').next().unwrap_or_default().to_owned()
        };
        self.all(selector).map(tag).collect()
    }
}

fn level(heading: ElementRef<'_>) -> usize {
    heading.value().name()[1..].parse().unwrap()
}

/// The words that somebody hears.
fn text(element: ElementRef<'_>) -> String {
    let words = element.descendants().filter_map(|node| match node.value() {
        Node::Text(text) => {
            let around = node.parent().and_then(ElementRef::wrap);
            (!around.is_some_and(is_hidden)).then_some(&**text)
        }
        _ => None,
    });
    words.collect::<String>().trim().to_owned()
}

/// True for what assistive technology does not say.
fn is_hidden(element: ElementRef<'_>) -> bool {
    let is_marked = |element: ElementRef<'_>| element.attr("aria-hidden") == Some("true");
    is_marked(element) || element.ancestors().filter_map(ElementRef::wrap).any(is_marked)
}

fn attribute(element: ElementRef<'_>, name: &str) -> String {
    element.attr(name).unwrap_or_default().to_owned()
}

#[test]
fn a_bad_page_is_seen() {
    let page = "<!doctype html><html lang=en><title>x</title><h1>a</h1><h3>b</h3><nav></nav>
        <input name=q><p id=a><p id=a style='color:red'><a href='#c'>c</a><a href='/x'></a>
        <script type='application/ld+json'>{\"@type\":\"Event\",\"name\":\"a\",\"startDate\":\"2027-04-19T10:00\"}</script>
        <img src='https://example.com/x.png'>";

    let wrong = Look::at("/x", Lang::Fr, page).wrong.join("\n");

    for part in [
        "lang> is [\"en\"]",
        "h3 « b » after h1",
        "<nav> has no name",
        "twice: [\"a\"]",
        "`#c`",
        "without a label",
        "says nothing",
        "nothing inline",
        "without an offset",
        "the status null",
        "another host",
        "has no text",
        "0 `body > main#main`",
    ] {
        assert!(wrong.contains(part), "{part}:\n{wrong}");
    }
}
