//! What a form needs to be shown again: what was typed, and what was wrong with it.

use std::collections::BTreeMap;

use serde::Serialize;

/// A form as it is shown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct FormState {
    /// What was typed, in its order; a field that came several times has several values.
    pub values: BTreeMap<String, Vec<String>>,
    /// Sentences in the visitor's language, a field.
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
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{locale::Lang, view::View};

    #[derive(Serialize)]
    struct Shown {
        form: FormState,
    }

    #[test]
    fn a_field_shows_what_was_typed_and_its_mistake_as_text() {
        let mut form = FormState::default();
        form.set("name", "\"><script>");
        form.refuse("name", "<i>");

        let html = View::new()
            .unwrap()
            .render_source(
                r#"{{<field form={form} name="name" label="Nom" hint="Le vôtre" required={true} />}}{{<mistakes form={form} />}}"#,
                Lang::Fr,
                &Shown { form },
            )
            .unwrap();

        assert_eq!(
            html.replace('\n', ""),
            concat!(
                r#"<div class="field wrong"><label for="f-name">Nom</label>"#,
                r#"<p class="hint" id="f-name-hint">Le vôtre</p>"#,
                r#"<div id="f-name-mistake"><p class="mistake">&lt;i&gt;</p></div>"#,
                r#"<input id="f-name" name="name" type="text" value="&quot;&gt;&lt;script&gt;" maxlength="200" required"#,
                r#" aria-invalid="true" aria-describedby="f-name-hint f-name-mistake"></div>"#,
                r#"<div class="mistakes" role="alert" tabindex="-1" autofocus><h2>À corriger</h2><ul>"#,
                r##"<li><a href="#f-name">&lt;i&gt;</a></li></ul></div>"##,
            )
        );
    }

    #[test]
    fn every_part_of_a_page_can_be_used_with_as_little_as_it_needs() {
        let view = View::new().unwrap();
        for (part, html) in [
            (r#"{{<mistakes form={form} />}}"#, ""),
            (
                r#"{{<field form={form} name="access" label="A" type="textarea" />}}"#,
                r#"<div class="field"><label for="f-access">A <span class="optional">(optional)</span></label><textarea id="f-access" name="access" rows="4" maxlength="200"></textarea></div>"#,
            ),
            (
                r#"{{<checkbox form={form} name="consent" label="Yes" required={true} />}}"#,
                r#"<div class="field"><div class="check"><input type="checkbox" id="f-consent" name="consent" value="1" required><label for="f-consent">Yes</label></div></div>"#,
            ),
            (
                r#"{{<chosen_bar />}}"#,
                r##"<div class="chosen"><div class="page"><output data-chosen data-none="Tick the sessions that interest you" data-one="1 session chosen" data-many="# sessions chosen" data-apart="they do not overlap" data-overlap="some of them overlap">Tick the sessions that interest you</output><button class="button" type="submit" form="choice">Register</button></div></div>"##,
            ),
        ] {
            let drawn = view.render_source(part, Lang::En, &Shown { form: FormState::default() }).unwrap();
            assert_eq!(drawn.replace('\n', ""), html);
        }
    }
}
