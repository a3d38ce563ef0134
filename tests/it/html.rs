//! What a person finds on a page: texts, links, forms.

#![allow(dead_code, reason = "each test binary uses its own part of this")]

use scraper::{ElementRef, Html, Selector};

/// A page, parsed as a browser does. Arguments are CSS selectors.
pub struct Found(Html);

impl Found {
    pub fn on(page: &str) -> Found {
        Found(Html::parse_document(page))
    }

    /// The text of each element that matches, in the page's order, its white space as a reader sees it.
    pub fn texts(&self, selector: &str) -> Vec<String> {
        self.all(selector, text)
    }

    /// The text of the only element that matches.
    ///
    /// # Panics
    /// Where there is none, or several.
    pub fn text(&self, selector: &str) -> String {
        let mut texts = self.texts(selector);
        assert_eq!(texts.len(), 1, "`{selector}` matches {} elements", texts.len());
        texts.remove(0)
    }

    /// An attribute of each element that matches and has it.
    pub fn attributes(&self, selector: &str, attribute: &str) -> Vec<String> {
        self.all(selector, |element| element.attr(attribute).map(str::to_owned))
            .into_iter()
            .flatten()
            .collect()
    }

    /// Text and address of each link within what matches.
    pub fn links(&self, selector: &str) -> Vec<(String, String)> {
        self.all(&format!("{selector} a[href]"), |link| (text(link), attribute(link, "href")))
    }

    /// Name and value of everything that the form sends when nothing is touched.
    pub fn fields(&self, form: &str) -> Vec<(String, String)> {
        let fields = format!("{form} :is(input, textarea, option[selected])");
        let value = |field: ElementRef<'_>| {
            let kind = field.attr("type").unwrap_or("text");
            let is_sent = match kind {
                "checkbox" | "radio" => field.attr("checked").is_some(),
                "submit" | "button" | "image" | "reset" | "file" => false,
                _ => field.attr("disabled").is_none(),
            };
            let name = match field.value().name() {
                "option" => {
                    let select =
                        field.ancestors().filter_map(ElementRef::wrap).find(|e| e.value().name() == "select");
                    select.map(|select| attribute(select, "name"))?
                }
                _ => attribute(field, "name"),
            };
            let value = match (field.value().name(), field.attr("value")) {
                ("textarea", _) | ("option", None) => field.text().collect(),
                (_, Some(value)) => value.to_owned(),
                (_, None) if kind == "checkbox" || kind == "radio" => "on".to_owned(),
                (_, None) => String::new(),
            };
            (is_sent && !name.is_empty()).then_some((name, value))
        };
        self.all(&fields, value).into_iter().flatten().collect()
    }

    /// Name and attributes of every element.
    pub fn elements(&self) -> Vec<(String, Vec<(String, String)>)> {
        let attributes = |element: ElementRef<'_>| {
            element.value().attrs().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
        };
        self.all("*", |element| (element.value().name().to_owned(), attributes(element)))
    }

    /// The text of the first element that matches, as it stands.
    pub fn raw_text(&self, selector: &str) -> String {
        self.all(selector, |element| element.text().collect()).remove(0)
    }

    /// How many elements match.
    pub fn count(&self, selector: &str) -> usize {
        self.all(selector, |_| ()).len()
    }

    fn all<T>(&self, selector: &str, read: impl Fn(ElementRef<'_>) -> T) -> Vec<T> {
        let selector = Selector::parse(selector).unwrap_or_else(|error| panic!("`{selector}`: {error:?}"));
        self.0.select(&selector).map(read).collect()
    }
}

fn text(element: ElementRef<'_>) -> String {
    let text: String = element.text().collect();
    // No-break spaces stay: they are part of what we write.
    text.split([' ', '\n', '\t', '\r']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn attribute(element: ElementRef<'_>, name: &str) -> String {
    element.attr(name).unwrap_or_default().to_owned()
}

#[test]
fn a_page_is_read_as_a_person_reads_it() {
    let page = Found::on(
        "<main><h1>Mes\n  sessions</h1><a href='/fr/x'>Vers <b>x</b></a></main><form><input name=name value=Ada>
         <input type=checkbox name=session value=a checked><input type=checkbox name=session value=b>
         <select name=people><option>1<option selected>2</select><textarea name=note>h\u{e9}</textarea><button>Go</button></form>",
    );

    assert_eq!(page.text("h1"), "Mes sessions");
    assert_eq!(page.links("main"), [("Vers x".to_owned(), "/fr/x".to_owned())]);
    let pairs = [("name", "Ada"), ("session", "a"), ("people", "2"), ("note", "hé")];
    assert_eq!(page.fields("form"), pairs.map(|(name, value)| (name.to_owned(), value.to_owned())));
    assert_eq!(page.attributes("input[type=checkbox]", "value"), ["a", "b"]);
}
