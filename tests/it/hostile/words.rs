//! Hostile texts, from the organisers' files and from the form, to everything that shows them.

use std::collections::BTreeMap;

use calcard::icalendar::{ICalendar, ICalendarComponentType};
use mail_parser::{MessageParser, MimeHeaders as _};
use quick_xml::{Reader, events::Event};
use rocket::http::Status;

use super::{imported, published};
use crate::{
    crawl::everything_public,
    harness::{App, BASE_URL, Page},
    html::Found,
};

/// One line that leaves every context in which it could land, is a template twice, a formula, and goes both ways.
pub const HOSTILE: &str = "=1+1 <script>evil(1)</script> \"'><svg onload=evil(2)> {{ 1234 * 5 }}{% include \"x\" %} ]]>--> &amp;lt; \\, \\n; 🎈 שלום \u{200f}a";

/// The same as organisers' Markdown, with what that adds.
const MARKDOWN: &str = "[a](javascript:evil(3)) [b](data:text/html,evil) <img src=x onerror=evil(4)> ![c](https://tracker.example.net/p.png)\n\n<iframe src=//evil.example.net></iframe><style>*{}</style>";

pub const PRESS: &str = "+++\ntitle = '''HOSTILE'''\nplace = '''HOSTILE'''\ndate = 2027-04-01\nlanguage = \"fr\"\n+++\n\nHOSTILE\n";

fn toml_of(text: &str) -> toml::Table {
    text.parse().unwrap()
}

/// A programme whose every text is hostile.
fn programme() -> toml::Table {
    let mut programme = toml_of(
        r##"slug = "miso"
        timezone = "Europe/Zurich"
        languages = ["fr", "en"]
        starts = 2027-04-19
        ends = 2027-05-14
        contact = { email = "info@example.org", press_email = "presse@example.org" }
        themes = [{ slug = "lab", starts = 2027-04-19, ends = 2027-04-23, colour = "#0b6e4f" }]
        places = [{ slug = "maison", latitude = 46.2, longitude = 6.14 }]
        organisations = [{ slug = "collectif", url = "https://collectif.example.org/?\"><script>evil(5)</script>" }]
        "##,
    );
    let hostile = || toml::Value::from(HOSTILE);
    let markdown = || toml::Value::from(format!("{HOSTILE}\n\n{MARKDOWN}"));
    for (key, value) in [("title", hostile()), ("tagline", hostile()), ("summary", markdown())] {
        programme.insert(key.to_owned(), value);
    }
    let mut put = |list: &str, key: &str, value: toml::Value| {
        let item = programme[list][0].as_table_mut().unwrap();
        item.insert(key.to_owned(), value);
    };
    put("themes", "title", hostile());
    put("themes", "summary", markdown());
    put("places", "name", hostile());
    put("places", "address", hostile());
    put("places", "access", hostile());
    put("organisations", "name", hostile());
    put("organisations", "summary", markdown());
    programme
}

fn session(slug: &str) -> BTreeMap<&'static str, String> {
    // A bar parts values, and a leading quotation mark keeps spreadsheets from calculating.
    let hostile = format!("'{HOSTILE}");
    BTreeMap::from([
        ("slug", slug.to_owned()),
        ("title", hostile.clone()),
        ("theme", "lab".to_owned()),
        ("format", "workshop".to_owned()),
        ("date", "2027-04-19".to_owned()),
        ("start", "10:00".to_owned()),
        ("end", "11:00".to_owned()),
        ("language", "fr".to_owned()),
        ("place", "maison".to_owned()),
        ("online", "true".to_owned()),
        ("join_url", "https://visio.example.org/?\"><script>evil(6)</script>".to_owned()),
        ("capacity", "20".to_owned()),
        ("registration", "open".to_owned()),
        ("hosts", "collectif".to_owned()),
        ("speakers", hostile.clone()),
        ("abstract", hostile.clone()),
        ("description", format!("{hostile}\n\n{MARKDOWN}")),
        ("tags", hostile.clone()),
        ("access", hostile),
    ])
}

#[track_caller]
fn is_harmless(path: &str, html: &str) {
    let elements = Found::on(html).elements();
    let is_styled = |(name, attributes): &(String, Vec<(String, String)>)| {
        name == "style" || attributes.iter().any(|(name, _)| name == "style")
    };
    assert!(!elements.iter().any(is_styled), "{path}");
    has_only_our_elements(path, html, elements);
}

/// A mail has its style within itself.
#[track_caller]
fn is_a_harmless_mail(html: &str) {
    let mut elements = Found::on(html).elements();
    assert_eq!(elements.iter().filter(|(name, _)| name == "style").count(), 1);
    elements.retain(|(name, _)| name != "style");
    elements.iter_mut().for_each(|(_, attributes)| attributes.retain(|(name, _)| name != "style"));
    has_only_our_elements("the mail", html, elements);
}

#[track_caller]
fn has_only_our_elements(path: &str, html: &str, elements: Vec<(String, Vec<(String, String)>)>) {
    for (name, attributes) in elements {
        let foreign = ["svg", "iframe", "object", "embed", "base", "img", "foreignobject"];
        assert!(
            !foreign.contains(&name.as_str())
                || attributes.iter().any(|(name, value)| {
                    // Ours: a file of the site, and the picture of the door's code, which is in the mail itself.
                    name == "src" && (value.starts_with("/static/") || value.starts_with("cid:door."))
                }),
            "{path}: <{name}> {attributes:?}"
        );
        for (attribute, value) in &attributes {
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-:".contains(c);
            assert!(
                attribute.chars().all(plain) && !attribute.starts_with("on"),
                "{path}: <{name} {attribute}={value:?}>"
            );
            let address = value.trim().to_ascii_lowercase();
            if ["href", "src", "action", "formaction"].contains(&attribute.as_str()) {
                assert!(
                    ["/", "#", "?", "https://", "http://", "mailto:", "webcal://", "data:,", "cid:door."]
                        .iter()
                        .any(|start| address.starts_with(start)),
                    "{path}: <{name} {attribute}={value:?}>"
                );
            }
            if attribute == "src" || name == "link" && address.ends_with(".css") {
                assert!(
                    ["/static/", "cid:door."].iter().any(|start| address.starts_with(start))
                        || address.contains("/colours.css"),
                    "{path}: {value}"
                );
            }
        }
        if name == "script" {
            let is_ours = attributes.iter().any(|(name, _)| name == "src");
            let is_data = attributes.contains(&("type".to_owned(), "application/ld+json".to_owned()));
            assert!(is_ours || is_data, "{path}: {attributes:?}");
        }
    }
    assert!(!html.contains("6170"), "{path}: a text was rendered as a template");
}

/// Every text and attribute value, character data resolved; panics where it is no well-formed XML.
fn xml_words(path: &str, xml: &str) -> String {
    let mut reader = Reader::from_str(xml);
    let mut words = String::new();
    loop {
        match reader.read_event().unwrap_or_else(|error| panic!("{path}: {error}")) {
            Event::Text(text) => words.push_str(&text.xml10_content()),
            Event::CData(text) => words.push_str(&text.xml10_content()),
            Event::GeneralRef(entity) => {
                let entity = format!("&{};", &*entity);
                words.push_str(
                    &quick_xml::escape::unescape(&entity).unwrap_or_else(|_| panic!("{path}: {entity}")),
                );
            }
            Event::Eof => return words,
            _ => {}
        }
    }
}

fn summaries(path: &str, ics: &str) -> Vec<String> {
    let calendar = ICalendar::parse(ics).unwrap_or_else(|error| panic!("{path}: {error:?}"));
    let events =
        calendar.components.iter().filter(|one| one.component_type == ICalendarComponentType::VEvent);
    let summary = |event: &calcard::icalendar::ICalendarComponent| {
        let entry = event.entries.iter().find(|entry| entry.name.as_str() == "SUMMARY").unwrap();
        entry.values[0].clone().into_text().unwrap().into_owned()
    };
    events.map(summary).collect()
}

on_both_engines! {
    async fn hostile_texts_of_a_folder_are_words_on_every_page_and_in_every_file(app: App) {
        let draft = imported(&programme(), &[session("atelier")]).unwrap().draft;
        published(&app, &draft).await;

        let pages = everything_public(&app).await;

        let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
        for (path, page) in &pages {
            let kind = page.header("content-type").split(';').next().unwrap().to_owned();
            match kind.as_str() {
                "text/html" => is_harmless(path, &page.body),
                "application/xml" | "text/xml" | "application/atom+xml" => drop(xml_words(path, &page.body)),
                "application/json" => drop(serde_json::from_str::<serde_json::Value>(&page.body).unwrap()),
                "text/calendar" => assert_eq!(summaries(path, &page.body), [HOSTILE], "{path}"),
                _ => {}
            }
            *kinds.entry(kind).or_default() += 1;
        }
        // Nothing of this is worth anything where the robot missed the pages.
        assert!(kinds["text/html"] > 15 && kinds["text/calendar"] >= 6, "{kinds:?}");
        for path in ["/fr/miso", "/en/miso/sessions/atelier", "/fr/miso/press/annonce", "/fr/miso/organisations/collectif"] {
            assert!(pages.contains_key(path), "{path}: {:?}", pages.keys());
        }
    }

    async fn a_hostile_title_is_shown_letter_by_letter(app: App) {
        let draft = imported(&programme(), &[session("atelier")]).unwrap().draft;
        published(&app, &draft).await;

        let page = app.get("/fr/miso/sessions/atelier").await.body;
        let found = Found::on(&page);
        assert_eq!(found.text("h1"), HOSTILE);
        assert_eq!(found.attributes("meta[property='og:title']", "content"), [HOSTILE]);
        let data: serde_json::Value = serde_json::from_str(&found.raw_text("script[type='application/ld+json']")).unwrap();
        assert_eq!(data["name"], HOSTILE);
        assert!(!page.contains("<script>evil"), "not even in data");
        assert_eq!(found.attributes("a[rel~='noopener'][href*='collectif.example.org']", "href").len(), 0);
        assert_eq!(Found::on(&app.get("/fr/miso/themes/lab").await.body).text("h1"), HOSTILE);
        assert_eq!(Found::on(&app.get("/en/miso/organisations/collectif").await.body).text("h1"), HOSTILE);

        let schedule: serde_json::Value =
            serde_json::from_str(&app.get("/fr/miso/schedule.json").await.body).unwrap();
        assert_eq!(schedule["schedule"]["conference"]["title"], HOSTILE);
        assert!(xml_words("schedule.xml", &app.get("/fr/miso/schedule.xml").await.body).contains(HOSTILE));
        assert!(xml_words("press.atom", &app.get("/fr/miso/press.atom").await.body).contains(HOSTILE));
        let table = app.get("/fr/miso/sessions.csv").await.body;
        let mut table = csv::Reader::from_reader(table.as_bytes());
        let headings = table.headers().unwrap().clone();
        let row = table.records().next().unwrap().unwrap();
        for (heading, cell) in headings.iter().zip(&row) {
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{heading}: {cell:?} would be calculated");
        }
        assert_eq!(&row[1], format!("'{HOSTILE}"));
    }

    async fn a_hostile_person_gets_a_harmless_mail_or_a_reason(app: App) {
        let draft = imported(&programme(), &[session("atelier")]).unwrap().draft;
        published(&app, &draft).await;
        let hostile: String = HOSTILE.chars().take(200).collect();
        let long = "W".repeat(10_000);
        let fields = |name, access| {
            vec![("name", name), ("email", "ana@example.org"), ("organisation", name), ("access_needs", access),
                 ("consent", "1"), ("session", "atelier")]
        };

        let reasons = [
            (fields("Ana\r\nBcc: eve@example.org", ""), "name"),
            (fields("Ana\u{202e}", ""), "name"),
            (fields(&long, ""), "name"),
            (fields("Gagnez sur https://evil.example.net", ""), "name"),
            (fields("Ana", &long), "access_needs"),
        ];
        for (fields, field) in reasons {
            let refused = app.post("/fr/miso/register", &fields).await;
            assert_eq!(refused.status, Status::UnprocessableEntity, "{fields:?}");
            is_harmless("a refused form", &refused.body);
            assert!(Found::on(&refused.body).count(&format!("#f-{field}[aria-invalid]")) == 1, "{field}");
        }
        for email in ["ana@example.org\r\nBcc: eve@example.org", "a@b@example.org", "ana@example.org,eve@example.org", "\"<script>\"@example.org", "=cmd@localhost"] {
            let refused = app.post("/fr/miso/register", &[("name", "Ana"), ("email", email), ("consent", "1"), ("session", "atelier")]).await;
            assert_eq!(refused.status, Status::UnprocessableEntity, "{email:?}");
            is_harmless("a refused form", &refused.body);
        }

        let taken = app.post("/fr/miso/register", &fields(&hostile, HOSTILE)).await;
        assert_eq!(taken.status, Status::SeeOther, "{}", taken.body);
        let agenda = app.agenda_path("ana@example.org").await;
        for path in [taken.location().to_owned(), agenda.clone()] {
            is_harmless(&path, &app.get(&path).await.body);
        }
        let kept = app.mails_to("ana@example.org").await.remove(0);
        is_a_harmless_mail(&kept.html);
        let message = MessageParser::default().parse(&kept.raw).unwrap();
        assert_eq!(message.to().unwrap().first().unwrap().address(), Some("ana@example.org"));
        assert_eq!((message.to().unwrap().iter().count(), message.bcc(), message.cc()), (1, None, None));
        assert!(kept.raw.is_ascii(), "every header is encoded");
        assert!(message.body_html(0).unwrap().contains(BASE_URL));
        let calendar = message.attachments().find(|part| part.is_content_type("text", "calendar")).unwrap();
        assert_eq!(summaries("the entry", calendar.text_contents().unwrap()), [HOSTILE]);
    }
}

/// What a file must not hold is refused with its place and what would be right.
#[test]
fn what_cannot_be_words_is_refused_with_its_place() {
    let cases = [
        ("title", "Deux\nlignes".to_owned(), "holds a line end; it must be one line of text"),
        (
            "title",
            "Un\u{0}zéro".to_owned(),
            "holds the control character U+0000; it must be one line of text",
        ),
        ("title", "x".repeat(10_000), "has 10000 characters; at most 300 are taken"),
        (
            "join_url",
            "javascript:evil()".to_owned(),
            "is no web address; write it as https://example.org/page",
        ),
        (
            "description",
            "a\u{b}b".to_owned(),
            "holds the control character U+000B; only line ends and tabs may stand between letters",
        ),
    ];
    for (column, value, message) in cases {
        let mut row = session("atelier");
        row.insert(column, value);
        let problems = imported(&programme(), &[row]).unwrap_err();
        let said: Vec<_> =
            problems.iter().map(|one| (one.column.as_deref(), one.line, one.message.as_str())).collect();
        assert_eq!(said, [(Some(column), Some(2), message)]);
    }
    for registration in
        ["javascript:evil()", "data:text/html,evil", "//evil.example.net", "mailto:a@example.org"]
    {
        let mut row = session("atelier");
        row.insert("registration", registration.to_owned());
        let problems = imported(&programme(), &[row]).unwrap_err();
        assert_eq!(problems[0].column.as_deref(), Some("registration"), "{registration}");
    }
    for url in ["javascript:evil()", "data:text/html,evil", " javascript:evil()", "JaVaScRiPt:evil()"] {
        let mut programme = programme();
        programme["organisations"][0]["url"] = url.into();
        let problems = imported(&programme, &[session("atelier")]).unwrap_err();
        assert_eq!(problems.len(), 1, "{url}: {problems:?}");
        assert!(problems[0].column.as_deref().unwrap().contains("url"), "{problems:?}");
    }
}

on_both_engines! {
    async fn an_address_of_somebody_else_s_form_is_a_link_and_nothing_else(app: App) {
        let mut row = session("atelier");
        let address = "https://forms.example.org/?a=\"onmouseover=\"evil(7)&b=<script>evil(8)</script>";
        row.insert("registration", address.to_owned());
        published(&app, &imported(&programme(), &[row]).unwrap().draft).await;

        for path in ["/fr/miso", "/fr/miso/sessions/atelier", "/fr/miso/register?session=atelier"] {
            let Page { body, .. } = app.get(path).await;
            is_harmless(path, &body);
            assert!(body.contains("forms.example.org") || path == "/fr/miso", "{path}");
        }
    }
}
