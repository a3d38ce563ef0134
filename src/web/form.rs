//! What a form needs to be shown again: what was typed, and what was wrong with it.

use std::collections::BTreeMap;

use rocket::form::Context;
use serde::Serialize;

/// Copied out of Rocket's [`Context`], because a `&Context` is not `Send` and so cannot be kept across an `.await`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct FormState {
    /// What was typed, in its order; a field that came several times has several values.
    pub values: BTreeMap<String, Vec<String>>,
    /// Message keys, or sentences, a field.
    pub errors: BTreeMap<String, Vec<String>>,
}

impl FormState {
    /// The first value of a field, or nothing.
    pub fn value(&self, field: &str) -> &str {
        self.values(field).first().map_or("", String::as_str)
    }

    /// Every value of a field.
    pub fn values(&self, field: &str) -> &[String] {
        self.values.get(field).map_or(&[], Vec::as_slice)
    }

    /// Fills a field in, for a form that is shown for the first time.
    pub fn set(&mut self, field: &str, value: impl Into<String>) {
        self.values.entry(field.to_owned()).or_default().push(value.into());
    }

    /// Something is wrong with a field.
    pub fn refuse(&mut self, field: &str, message: impl Into<String>) {
        self.errors.entry(field.to_owned()).or_default().push(message.into());
    }

    /// True where nothing is wrong.
    pub fn is_fine(&self) -> bool {
        self.errors.is_empty()
    }
}

impl From<&Context<'_>> for FormState {
    fn from(context: &Context<'_>) -> FormState {
        let mut state = FormState::default();
        for field in context.fields() {
            let name = field.to_string();
            let values = context.field_values(field).map(str::to_owned).collect();
            state.values.insert(name.clone(), values);
            let errors: Vec<_> = context.field_errors(field).map(ToString::to_string).collect();
            if !errors.is_empty() {
                state.errors.insert(name, errors);
            }
        }
        state
    }
}
