//! Templates (tera 2): compiled into the binary, reloaded from disk in debug builds.
//!
//! Every template finds `lang` in its context. `t(key="…", name=value)` is the message of that key.
//! Only names that end in `.html` escape; plain-text mails end in `.txt` and do not.

use std::{
    fs,
    path::Path,
    sync::{Arc, Mutex, RwLock},
    time::{Duration, Instant, UNIX_EPOCH},
};

use rust_embed::RustEmbed;
use serde::Serialize;
use tera::{Context, Kwargs, Map, State, Tera, TeraResult, Value};

use crate::{
    error::Result,
    locale::{self, Lang},
    markdown,
};

#[derive(RustEmbed)]
#[folder = "templates"]
struct Files;

/// How long a debug build takes its templates for the newest. To ask at every page was four tenths of its time.
const TRUSTED: Duration = Duration::from_millis(500);

/// The templates, ready to render. Those of a process are the same: it reads them once.
#[derive(Clone)]
pub struct View(Arc<RwLock<Loaded>>);

struct Loaded {
    tera: Tera,
    /// Of the newest file, seconds since 1970; debug builds reload when it rises.
    newest: u64,
    /// When somebody asked last whether there is a newer one.
    asked: Instant,
}

impl View {
    /// Reads and checks every template. An error names file and line.
    pub fn new() -> Result<View> {
        static OURS: Mutex<Option<View>> = Mutex::new(None);
        let mut ours = OURS.lock().expect("nobody panics while holding this lock");
        if let Some(view) = &*ours {
            return Ok(view.clone());
        }
        let view = View(Arc::new(RwLock::new(load()?)));
        *ours = Some(view.clone());
        Ok(view)
    }

    /// Renders a template with the fields of `context`, and `lang`.
    pub fn render(&self, template: &str, lang: Lang, context: &impl Serialize) -> Result<String> {
        if cfg!(debug_assertions) {
            self.reload_if_changed()?;
        }
        let mut context = Context::from_serialize(context)?;
        context.insert("lang", lang.code());
        let loaded = self.0.read().expect("nobody panics while holding this lock");
        Ok(loaded.tera.render(template, &context)?)
    }

    /// Renders a template that is written in a test, with every component at hand.
    #[cfg(test)]
    pub(crate) fn render_source(&self, source: &str, lang: Lang, context: &impl Serialize) -> Result<String> {
        let mut context = Context::from_serialize(context)?;
        context.insert("lang", lang.code());
        let loaded = self.0.read().expect("nobody panics while holding this lock");
        Ok(loaded.tera.render_str(source, &context, true)?)
    }

    /// The name of every template, sorted.
    pub fn names(&self) -> Vec<String> {
        let loaded = self.0.read().expect("nobody panics while holding this lock");
        let mut names: Vec<_> = loaded.tera.get_template_names().map(str::to_owned).collect();
        names.sort();
        names
    }

    fn reload_if_changed(&self) -> Result<()> {
        if self.0.read().expect("nobody panics while holding this lock").asked.elapsed() < TRUSTED {
            return Ok(());
        }
        let mut loaded = self.0.write().expect("nobody panics while holding this lock");
        if newest() > loaded.newest {
            *loaded = load()?;
        }
        loaded.asked = Instant::now();
        Ok(())
    }
}

/// In debug builds alone. It is asked often, so no file is read: `Files::get` would hash each of them.
fn newest() -> u64 {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    let changed = |name: &str| {
        let changed = fs::metadata(folder.join(name)).and_then(|file| file.modified()).ok()?;
        Some(changed.duration_since(UNIX_EPOCH).ok()?.as_secs())
    };
    Files::iter().filter_map(|name| changed(&name)).max().unwrap_or(0)
}

fn load() -> Result<Loaded> {
    let mut tera = Tera::default();
    tera.autoescape_on([".html"]);
    tera.register_function("t", message);
    // `{{ text | markdown(top=2) }}` under the page's heading, `| markdown` under a section's.
    tera.register_filter("markdown", |text: &str, arguments: Kwargs, _: &State<'_>| -> TeraResult<Value> {
        let top = arguments.get::<usize>("top")?.unwrap_or(3);
        Ok(Value::safe_string(&markdown::to_html(text, top)))
    });
    // Organisers' text with placeholders: `{{ text | filled(values=values) }}`.
    tera.register_filter("filled", |text: &str, arguments: Kwargs, _: &State<'_>| -> TeraResult<Value> {
        let values = arguments.must_get::<&Map>("values")?;
        let values = values.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
        let top = arguments.get::<usize>("top")?.unwrap_or(2);
        Ok(Value::safe_string(&markdown::to_html_filled(text, top, &values)))
    });
    tera.register_filter("plain", |text: &str, _: Kwargs, _: &State<'_>| markdown::to_text(text));
    let files: Vec<_> = Files::iter()
        .filter_map(|name| {
            Some((name.to_string(), String::from_utf8(Files::get(&name)?.data.into_owned()).ok()?))
        })
        .collect();
    tera.add_raw_templates(files)?;
    Ok(Loaded { tera, newest: if cfg!(debug_assertions) { newest() } else { 0 }, asked: Instant::now() })
}

/// `t(key="seats-left", n=4)`: never safe, so that a value in a message is escaped with it.
fn message(arguments: Kwargs, state: &State<'_>) -> TeraResult<String> {
    let key = arguments.must_get::<&str>("key")?;
    let lang = state.get::<String>("lang")?.and_then(|code| Lang::parse(&code)).unwrap_or_default();
    let values: Vec<(String, locale::Value<'_>)> = arguments
        .iter()
        .filter(|(name, _)| name.as_str() != Some("key"))
        .map(|(name, value)| (name.to_string(), to_fluent(value)))
        .collect();
    let values: Vec<_> = values.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
    Ok(locale::text(lang, key, &values))
}

fn to_fluent(value: &Value) -> locale::Value<'static> {
    if let Some(number) = value.as_i128() {
        return locale::Value::from(i64::try_from(number).unwrap_or(i64::MAX));
    }
    locale::Value::from(value.to_string())
}
