//! What every page's frame (`templates/layout/page.html`) needs to know.

use rocket::response::content::RawHtml;
use serde::Serialize;
use uuid::Uuid;

use crate::{
    error::Result,
    locale::{self, Lang},
    view::View,
    web::assets,
};

/// The frame around a page: title, languages, navigation, feeds. Built by handlers, read by `layout/page.html`.
#[derive(Debug, Clone, Serialize)]
pub struct Layout {
    /// The language of the page.
    pub lang: Lang,
    /// The document's title; the site's or the programme's name is added behind it.
    pub title: String,
    /// For search engines and shared links.
    pub description: Option<String>,
    /// The address without its language: `/miso/sessions/x`; `/` for the start page.
    pub path: String,
    /// The site's address, without a slash at its end.
    pub base_url: String,
    /// The address that search engines should keep.
    pub canonical: String,
    /// This page in each language.
    pub alternates: Vec<Alternate>,
    /// The programme that the page is part of.
    pub programme: Option<ProgrammeLink>,
    /// The main navigation.
    pub nav: Vec<NavItem>,
    /// The navigation's item that this page is (part of): "programme", "changes", "agenda", "press" or "".
    pub current: &'static str,
    /// JSON-LD, safe to stand in a script element.
    pub jsonld: Option<String>,
    /// The content of the robots `meta`.
    pub robots: Option<&'static str>,
    /// Atom feeds.
    pub feeds: Vec<Feed>,
    /// The programme's colours, as a style sheet.
    pub colours: Option<String>,
    /// The zone of all times on the page.
    pub zone: Option<String>,
    /// True for a file of an archive: nothing on it needs a server.
    pub archive: bool,
    /// Our style sheet.
    pub css: &'static str,
    /// Our few lines of script.
    pub js: &'static str,
    /// The picture in the browser's tab.
    pub icon: &'static str,
    /// What `layout/office.html` shows to who is signed in.
    pub office: Option<OfficeFrame>,
    /// The office's own style sheet, after ours.
    pub office_css: &'static str,
    /// What keeps the office's long forms.
    pub office_js: &'static str,
}

/// The office around one of its pages.
#[derive(Debug, Clone, Serialize)]
pub struct OfficeFrame {
    /// Who they are: what a tab keeps of their forms is theirs.
    pub id: Uuid,
    /// What the person is called.
    pub who: String,
    /// The code of their role; its text is the message `role-{code}`.
    pub role: &'static str,
    /// The programme that the page is about.
    pub programme: Option<ProgrammeLink>,
    /// Every programme that the person can go to.
    pub programmes: Vec<ProgrammeLink>,
    /// What the person may do in this programme; the text of an item is the message `office-nav-{name}`.
    pub nav: Vec<NavItem>,
    /// What the person may do in the whole office.
    pub site: Vec<NavItem>,
}

/// A page's twin in one language.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Alternate {
    pub code: &'static str,
    pub name: &'static str,
    pub href: String,
    pub current: bool,
}

/// The programme in the masthead.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct ProgrammeLink {
    pub slug: String,
    pub title: String,
    pub href: String,
}

/// A word of the main navigation; its text is the message `nav-{name}`.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct NavItem {
    pub name: &'static str,
    pub href: String,
}

/// A feed that readers find by the page's head; its text is the message `feed-{name}`.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Feed {
    pub name: &'static str,
    pub href: String,
}

impl Layout {
    /// The frame of the page at `path` (without its language).
    pub fn new(base_url: &str, lang: Lang, path: &str, title: impl Into<String>) -> Layout {
        let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
        let alternates = Lang::ALL.map(|other| Alternate {
            code: other.code(),
            name: other.own_name(),
            href: format!("/{}{path}", other.code()),
            current: other == lang,
        });
        Layout {
            lang,
            title: title.into(),
            description: None,
            canonical: format!("{base_url}/{}{path}", lang.code()),
            path,
            base_url: base_url.to_owned(),
            alternates: alternates.into(),
            programme: None,
            nav: vec![agenda(lang)],
            current: "",
            jsonld: None,
            robots: None,
            feeds: Vec::new(),
            colours: None,
            zone: None,
            archive: false,
            css: assets::href("parvis.css"),
            js: assets::href("parvis.js"),
            icon: assets::href("icon.svg"),
            office: None,
            office_css: assets::href("office.css"),
            office_js: assets::href("office_form.js"),
        }
    }

    /// The page is part of this programme: its name stands in the masthead, with its navigation and feeds.
    #[must_use]
    pub fn programme(mut self, slug: &str, title: impl Into<String>) -> Layout {
        let home = format!("/{}/{slug}", self.lang.code());
        self.nav = vec![
            NavItem { name: "programme", href: home.clone() },
            NavItem { name: "changes", href: format!("{home}/changes") },
            agenda(self.lang),
            NavItem { name: "press", href: format!("{home}/press") },
        ];
        self.feeds = vec![
            Feed { name: "changes", href: format!("{home}/changes.atom") },
            Feed { name: "press", href: format!("{home}/press.atom") },
        ];
        self.programme = Some(ProgrammeLink { slug: slug.to_owned(), title: title.into(), href: home });
        self
    }

    /// Which item of the navigation this page is, or is part of.
    #[must_use]
    pub fn current(mut self, name: &'static str) -> Layout {
        self.current = name;
        self
    }

    /// One or two sentences for search engines and shared links.
    #[must_use]
    pub fn describe(mut self, text: impl Into<String>) -> Layout {
        self.description = Some(text.into()).filter(|text| !text.is_empty());
        self
    }

    /// Data about the page (schema.org).
    #[must_use]
    pub fn jsonld(mut self, data: &serde_json::Value) -> Layout {
        self.jsonld = Some(script_safe(data));
        self
    }

    /// What search engines may do here: `noindex`.
    #[must_use]
    pub fn robots(mut self, rule: &'static str) -> Layout {
        self.robots = Some(rule);
        self
    }

    /// The colours of the programme's release of that number. After [`Layout::programme`].
    #[must_use]
    pub fn release(mut self, number: i64) -> Layout {
        self.colours = self.programme.as_ref().map(|p| format!("{}/colours.css?r={number}", p.href));
        self
    }

    /// The time zone of the page's times, by its IANA name; the foot says « heure de Zurich ».
    #[must_use]
    pub fn zone(mut self, zone: impl ToString) -> Layout {
        self.zone = Some(locale::zone(self.lang, &zone.to_string()));
        self
    }

    /// The page is a file of an archive. After [`Layout::programme`].
    #[must_use]
    pub fn archived(mut self) -> Layout {
        self.archive = true;
        self.nav.retain(|item| item.name != "agenda");
        self
    }

    /// The language switch keeps this query (`q=atelier&open=1`); the canonical address does not.
    #[must_use]
    pub fn query(mut self, query: &str) -> Layout {
        if !query.is_empty() {
            for alternate in &mut self.alternates {
                alternate.href = format!("{}?{query}", alternate.href);
            }
        }
        self
    }
}

/// « Mes sessions »: there one is sent the link to one's own page.
fn agenda(lang: Lang) -> NavItem {
    NavItem { name: "agenda", href: format!("/{}/link", lang.code()) }
}

/// JSON that cannot end the script element that it stands in.
pub fn script_safe(data: &serde_json::Value) -> String {
    let mut text = String::new();
    for c in data.to_string().chars() {
        match c {
            '<' => text.push_str("\\u003c"),
            '>' => text.push_str("\\u003e"),
            '&' => text.push_str("\\u0026"),
            '\u{2028}' => text.push_str("\\u2028"),
            '\u{2029}' => text.push_str("\\u2029"),
            c => text.push(c),
        }
    }
    text
}

/// A frame and what stands in it: templates find `layout.*` and the fields of `body`.
#[derive(Debug, Clone, Serialize)]
pub struct Page<T> {
    /// The frame.
    pub layout: Layout,
    /// What the page's own template shows; a struct, whose fields become the template's variables.
    #[serde(flatten)]
    pub body: T,
}

impl<T: Serialize> Page<T> {
    /// The page as HTML, in the layout's language.
    pub fn draw(&self, view: &View, template: &str) -> Result<RawHtml<String>> {
        view.render(template, self.layout.lang, self).map(RawHtml)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn json_in_a_page_cannot_leave_its_script_element() {
        let text = script_safe(&serde_json::json!({ "name": "</script><b>&\u{2028}" }));
        assert_eq!(text, r#"{"name":"\u003c/script\u003e\u003cb\u003e\u0026\u2028"}"#);
    }

    proptest! {
        #[test]
        fn no_text_ends_the_element_it_stands_in(text in "[</>&a-z\u{2028}\u{2029}\"\\\\]{0,40}|\\PC{0,20}") {
            let value = serde_json::json!({ "name": text });
            let html = script_safe(&value);
            let ends_it = html.contains(['<', '>', '&', '\u{2028}', '\u{2029}']);
            prop_assert!(!ends_it);
            prop_assert_eq!(serde_json::from_str::<serde_json::Value>(&html).unwrap(), value);
        }
    }

    #[test]
    fn a_page_knows_itself_in_each_language() {
        let layout = Layout::new("https://x.example.org", Lang::En, "/miso", "M").query("q=a");
        assert_eq!(layout.canonical, "https://x.example.org/en/miso");
        let hrefs: Vec<_> = layout.alternates.iter().map(|a| (a.href.as_str(), a.current)).collect();
        assert_eq!(hrefs, [("/fr/miso?q=a", false), ("/en/miso?q=a", true)]);
        assert_eq!(
            Layout::new("https://x.example.org", Lang::Fr, "", "M").canonical,
            "https://x.example.org/fr/"
        );
    }
}
