//! What an event says of itself: abstract, description, links.

use super::{Event, event::Reading, html, one_line};
use crate::{
    markdown,
    programme::{
        Session, TEXT_CHARS_MAX,
        import::{Problem, text},
    },
};

/// The longest text that is looked at before it is brought into form, in bytes.
const RAW_BYTES_MAX: usize = 8 * TEXT_CHARS_MAX;

/// What still fits into a list of sessions.
const ABSTRACT_CHARS: usize = 400;

impl Reading<'_, '_> {
    /// Sets abstract and description.
    pub(super) fn texts(&self, event: &Event, session: &mut Session) -> Result<(), Problem> {
        for (column, raw) in [("abstract", &event.r#abstract), ("description", &event.description)] {
            if raw.len() > RAW_BYTES_MAX {
                let why = format!("has {} bytes; at most {TEXT_CHARS_MAX} characters are taken", raw.len());
                return Err(self.wrong(event, column, raw, why));
            }
        }
        let (short, long) = match self.ours {
            true => (event.r#abstract.clone(), event.description.clone()),
            false => in_form(event),
        };
        session.r#abstract = text::long(&short).map_err(|why| self.wrong(event, "abstract", "", why))?;
        session.description = text::long(&long).map_err(|why| self.wrong(event, "description", "", why))?;
        Ok(())
    }
}

/// The abstract is plain and short; a long one without a description is the description.
fn in_form(event: &Event) -> (String, String) {
    let subtitle = one_line(&event.subtitle);
    let intro = html::to_markdown(&event.r#abstract);
    let plain = markdown::to_text(&intro);
    let mut description = html::to_markdown(&event.description);
    let is_long = plain.chars().count() > ABSTRACT_CHARS || plain.contains("\n\n");
    let short = if description.is_empty() && is_long {
        description = intro;
        String::new()
    } else {
        plain
    };
    let parts: Vec<_> = [subtitle, short].into_iter().filter(|part| !part.is_empty()).collect();
    let links: Vec<_> = event.links.iter().filter_map(|(words, href)| link(words, href)).collect();
    if !links.is_empty() {
        let space = if description.is_empty() { "" } else { "\n\n" };
        description = format!("{description}{space}{}", links.join("\n"));
    }
    (parts.join("\n\n"), description)
}

fn link(words: &str, href: &str) -> Option<String> {
    let href = href.trim();
    let words = one_line(words).replace(['[', ']', '\\', '<', '>', '`', '*'], "");
    match (html::is_safe(href), words.is_empty()) {
        (false, _) => None,
        (true, true) => Some(format!("- <{href}>")),
        (true, false) => Some(format!("- [{words}](<{href}>)")),
    }
}
