//! The rules of `ARCHITECTURE.md`, checked by reading the source. Each failure says what to do.

use std::collections::{BTreeMap, BTreeSet};

use crate::source::{Source, files, sources, words_at};

/// What domains build on. These use each other only.
const GROUND: [&str; 8] = ["clock", "db", "error", "files", "locale", "markdown", "tokens", "view"];
/// Each may use those before it.
const ORDER: [&str; 10] = [
    "audit",
    "programme",
    "release",
    "registration",
    "news",
    "identity",
    "publication",
    "press",
    "proposals",
    "periodic",
];
/// They take plain data and know nobody's tables.
const PLAIN: [&str; 4] = ["calendar", "certificate", "exchange", "mail"];
/// Places that tell the engines apart, and how often. `docs/DATABASE.md` says why each must.
const RAW_PLACES: [(&str, usize); 1] = [("src/registration/store.rs", 1)];
/// Words of one engine's own that stand in such a place.
const RAW_WORDS: [(&str, &str); 1] = [("src/registration/store.rs", "FOR UPDATE")];
/// A file that is longer has found its second subject.
const LINES_MAX: usize = 450;
/// Template folders that are no domain's.
const SHARED_TEMPLATES: [&str; 5] = ["layout", "components", "mail", "errors", "home"];
/// `| safe` switches escaping off: only for what was made safe by code, and looked at here.
const SAFE_PLACES: [(&str, &str); 2] = [
    ("templates/layout/page.html", "layout.jsonld"),
    // What stands between a component's tags was drawn by the template that uses it.
    ("templates/components/notice.html", "body"),
];

/// Handlers and what carries them: they know Rocket, and may use every domain.
fn is_edge(source: &Source) -> bool {
    let path = source.path.as_str();
    path.ends_with("/routes.rs")
        || path.contains("/routes/")
        || ["web", "office", "cli", "lib", "main"].contains(&source.domain())
}

/// Where SQL stands.
fn is_store(path: &str) -> bool {
    let of = |name: &str| path.ends_with(&format!("/{name}.rs")) || path.contains(&format!("/{name}/"));
    ["src/db.rs", "src/db/file.rs", "src/db/sizes.rs"].contains(&path) || of("store") || of("outbox")
}

fn nothing() -> Vec<String> {
    Vec::new()
}

#[test]
fn only_the_web_layer_names_rocket() {
    // The database and our settings are read from Rocket's figment.
    let reads_figment = ["src/db.rs", "src/config.rs", "src/config/tests.rs"];
    let allowed = |source: &&Source| is_edge(source) || reads_figment.contains(&source.path.as_str());
    let found: Vec<_> = sources()
        .iter()
        .filter(|source| !allowed(source))
        .filter(|source| source.says("rocket") || source.says("rocket_db_pools"))
        .map(|source| source.path.clone())
        .collect();

    assert_eq!(found, nothing(), "move what needs Rocket to that domain's `routes.rs`, or to `web/`");
}

#[test]
fn sql_stands_in_stores_only() {
    let is_sql = |text: &String| {
        let starts = ["SELECT ", "INSERT INTO ", "UPDATE ", "DELETE FROM ", "CREATE TABLE ", "WITH "];
        starts.iter().any(|start| text.trim_start().starts_with(start))
    };
    let asks = ["on!(", "sqlx::query", "query_as", "query_scalar", "QueryBuilder"];
    let found: Vec<_> = sources()
        .iter()
        .filter(|source| !is_store(&source.path))
        .filter(|source| asks.iter().any(|ask| source.says(ask)) || source.strings.iter().any(is_sql))
        .map(|source| source.path.clone())
        .collect();

    assert_eq!(found, nothing(), "move the query to that domain's `store.rs`");
}

#[test]
fn the_sql_on_a_table_stands_in_one_domain() {
    let tables: BTreeSet<_> = migrations().iter().flat_map(|(_, sql)| tables_made(sql)).collect();
    let mut domains: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for source in sources().iter().filter(|source| is_store(&source.path)) {
        for table in source.strings.iter().flat_map(|sql| tables_named(sql)).filter(|t| tables.contains(t)) {
            domains.entry(table).or_default().insert(source.domain().to_owned());
        }
    }

    domains.retain(|_, domains| domains.len() > 1);

    assert_eq!(domains, BTreeMap::new(), "ask the domain that the table belongs to");
}

#[test]
fn sql_keeps_to_what_both_engines_understand() {
    let refused = [
        "now()",
        "CURRENT_TIMESTAMP",
        "CURRENT_DATE",
        "INTERVAL",
        "ILIKE",
        "LOWER(",
        "FOR UPDATE",
        "SKIP LOCKED",
        "ANY(",
        "JSONB",
        "->>",
        "SERIAL",
        "BIGSERIAL",
        "AUTOINCREMENT",
        "ROWID",
        "INTEGER",
        "INT",
        "DATETIME",
        "BLOB",
        "BYTEA",
        "VARCHAR",
        "strftime",
        "AT TIME ZONE",
        "ON CONSTRAINT",
        "OR IGNORE",
        "OR REPLACE",
    ];
    let shared = migrations().into_iter().filter(|(path, _)| path.matches('/').count() == 1);
    let mut texts: Vec<_> = shared.map(|(path, sql)| (path, without_comments(&sql))).collect();
    for source in sources().into_iter().filter(|source| is_store(&source.path)) {
        texts.extend(source.strings.into_iter().map(|sql| (source.path.clone(), sql)));
    }

    let mut found = Vec::new();
    for (path, sql) in &texts {
        let used = refused.iter().filter(|refused| {
            words_at(sql, refused).next().is_some() && !RAW_WORDS.contains(&(path.as_str(), refused))
        });
        found.extend(used.map(|refused| format!("{path}: {refused}")));
    }

    assert_eq!(found, nothing(), "docs/DATABASE.md has what to write instead");
}

#[test]
fn each_table_says_why_it_exists() {
    let mut found = Vec::new();
    for (path, sql) in migrations() {
        let lines: Vec<_> = sql.lines().collect();
        for (number, line) in lines.iter().enumerate().filter(|(_, line)| line.starts_with("CREATE TABLE")) {
            let is_explained = number > 0 && lines[number - 1].starts_with("--");
            if !is_explained {
                found.push(format!("{path}:{}: {line}", number + 1));
            }
        }
    }

    assert_eq!(found, nothing(), "write a `--` line above it");
}

#[test]
fn only_these_places_tell_the_engines_apart() {
    let counted: Vec<_> = sources()
        .iter()
        .filter(|source| !source.path.starts_with("src/db"))
        .map(|source| (source.path.clone(), words_at(&source.bare, "Raw::Sqlite").count()))
        .filter(|(_, count)| *count > 0)
        .collect();

    assert_eq!(
        counted,
        RAW_PLACES.map(|(path, count)| (path.to_owned(), count)),
        "one text for both, if it can be"
    );
}

#[test]
fn calls_go_downwards() {
    let place = |domain: &str| ORDER.iter().position(|name| *name == domain);
    let mut found = BTreeSet::new();
    for source in sources().iter().filter(|source| !is_edge(source)) {
        let from = source.domain();
        for name in source.names() {
            let mut parts = name.split("::");
            let to = parts.next().unwrap_or_default();
            let is_later = place(from).zip(place(to)).is_some_and(|(from, to)| to > from);
            let is_above =
                ["web", "office", "cli"].contains(&to) || name.split("::").any(|part| part == "routes");
            let leaves_the_ground = GROUND.contains(&from) && is_module(to) && !GROUND.contains(&to);
            let knows_a_store =
                PLAIN.contains(&from) && to != from && name.split("::").any(|part| part == "store");
            let knows_the_database = ["calendar", "exchange"].contains(&from) && to == "db";
            if is_later || is_above || leaves_the_ground || knows_a_store || knows_the_database {
                found.insert(format!("{} uses crate::{name}", source.path));
            }
        }
    }

    assert_eq!(found.into_iter().collect::<Vec<_>>(), nothing(), "the upper one calls the lower one");
}

#[test]
fn no_modules_use_each_other_in_a_circle() {
    let mut uses: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for source in sources().iter().filter(|source| !is_edge(source)) {
        let named = source.names().into_iter().filter_map(|name| Some(name.split("::").next()?.to_owned()));
        let others = named.filter(|name| name != source.domain() && is_module(name));
        uses.entry(source.domain().to_owned()).or_default().extend(others);
    }

    // Take away whoever uses nobody that is left, until nobody can be taken away.
    while let Some(free) = uses.iter().find(|(_, used)| used.is_empty()).map(|(name, _)| name.clone()) {
        uses.remove(&free);
        for used in uses.values_mut() {
            used.remove(&free);
        }
    }

    assert_eq!(uses, BTreeMap::new(), "what both need is a third module");
}

#[test]
fn time_and_chance_come_from_one_place_each() {
    let rules = [
        ("Utc::now", "src/clock.rs"),
        ("Local::now", "src/clock.rs"),
        ("SystemTime::now", "src/clock.rs"),
        ("rand::", "src/tokens.rs"),
        ("Uuid::now_v7", "src/tokens.rs"),
        ("Uuid::new_v4", "src/tokens.rs"),
    ];
    let mut found = Vec::new();
    for source in sources() {
        let broken = rules.iter().filter(|(word, home)| source.path != *home && source.says(word));
        found.extend(broken.map(|(word, home)| format!("{}: {word} belongs to {home}", source.path)));
    }

    assert_eq!(found, nothing(), "take `now` and `Tokens` as arguments");
}

#[test]
fn a_file_has_one_subject() {
    let found: Vec<_> = sources()
        .iter()
        .map(|source| (source.path.clone(), source.text.lines().count()))
        .filter(|(_, lines)| *lines > LINES_MAX)
        .collect();

    assert_eq!(found, [], "split it by subject");
}

#[test]
fn each_template_belongs_to_a_domain() {
    let domains: BTreeSet<_> = sources().iter().map(|source| source.domain().to_owned()).collect();
    let mut found = Vec::new();
    for (path, _) in files("templates") {
        let mut parts = path.split('/').skip(1);
        let folder = parts.next().unwrap_or_default();
        let is_at_home =
            parts.next().is_some() && (SHARED_TEMPLATES.contains(&folder) || domains.contains(folder));
        let is_plain = path.ends_with(".txt");
        // Tera escapes only what ends in `.html`.
        let is_escaped = path.ends_with(".html");
        if !is_at_home || !(is_escaped || is_plain) {
            found.push(path);
        }
    }

    assert_eq!(
        found,
        nothing(),
        "templates/<domain>/<page>.html, or templates/mail/<name>/{{subject,body}}.txt"
    );
}

#[test]
fn templates_keep_to_the_content_security_policy() {
    let mut found = Vec::new();
    for (path, text) in files("templates").into_iter().filter(|(path, _)| path.ends_with(".html")) {
        // Mails have no policy and no other way to bring their style.
        if path.starts_with("templates/mail/") {
            continue;
        }
        let inline =
            ["<style", " style=", " onclick=", " onchange=", " onsubmit=", " onload=", "javascript:"];
        found.extend(inline.iter().filter(|word| text.contains(*word)).map(|word| format!("{path}: {word}")));
        let scripts = text.split("<script").skip(1).map(|rest| rest.split('>').next().unwrap_or_default());
        let foreign = scripts.filter(|tag| !tag.contains(" src=") && !tag.contains("application/ld+json"));
        found.extend(foreign.map(|tag| format!("{path}: <script{tag}>")));
    }

    assert_eq!(found, nothing(), "use a class, or a file in static/");
}

#[test]
fn escaping_is_switched_off_only_where_it_was_looked_at() {
    let mut found = Vec::new();
    for (path, text) in files("templates") {
        for (at, _) in text.match_indices("safe") {
            let before = text[..at].trim_end();
            if let Some(value) = before.strip_suffix('|') {
                let value = value.trim_end().rsplit([' ', '{', '(']).next().unwrap_or_default();
                found.push((path.clone(), value.to_owned()));
            }
        }
    }

    found.retain(|(path, value)| !SAFE_PLACES.contains(&(path.as_str(), value.as_str())));

    assert_eq!(found, [], "let tera escape it; Markdown has its filter");
}

fn is_module(name: &str) -> bool {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    root.join(format!("src/{name}.rs")).is_file()
}

fn migrations() -> Vec<(String, String)> {
    files("migrations").into_iter().filter(|(path, _)| path.ends_with(".sql")).collect()
}

fn without_comments(sql: &str) -> String {
    sql.lines().map(|line| line.split("--").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

fn tables_made(sql: &str) -> Vec<String> {
    let made = sql.split("CREATE TABLE ").skip(1);
    made.map(|rest| word(rest.trim_start_matches("IF NOT EXISTS "))).collect()
}

/// Every name after `FROM`, `JOIN`, `INTO`, `UPDATE`.
fn tables_named(sql: &str) -> Vec<String> {
    let mut words = sql.split_whitespace().peekable();
    let mut found = Vec::new();
    while let Some(keyword) = words.next() {
        if ["FROM", "JOIN", "INTO", "UPDATE"].contains(&keyword.trim_start_matches('(')) {
            found.extend(words.peek().map(|name| word(name)));
        }
    }
    found
}

fn word(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

#[test]
fn there_is_one_of_each_crate_that_must_be_one() {
    let lock = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.lock")).unwrap();
    let count = |name: &str| lock.matches(&format!("name = \"{name}\"\n")).count();

    // Two of them would be two SQLites, two kinds of time, two runtimes. `deny.toml` says it, too.
    let crates = ["sqlx", "sqlx-core", "libsqlite3-sys", "rocket", "tera", "tokio", "chrono"];

    assert_eq!(crates.map(count), [1; 7], "{crates:?}");
}
