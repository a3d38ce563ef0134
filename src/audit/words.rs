//! The log in words.

use crate::locale::{Lang, text};

/// « Séance annulée »: what `session.cancel` says. One that has no words any more stands for itself.
pub fn action(lang: Lang, action: &str) -> String {
    let key = format!("log-action-{}", action.replace(['.', '_'], "-"));
    if crate::locale::has(lang, &key) { text(lang, &key, &[]) } else { action.to_owned() }
}
