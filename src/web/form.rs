//! What a form needs to be shown again: what was typed, and what was wrong with it.

use std::collections::BTreeMap;

use rocket::form::Context;
use serde::Serialize;

/// Copied out of Rocket's [`Context`], because a `&Context` is not `Send` and so cannot be kept across an `.await`.
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

#[cfg(test)]
mod tests {
    use rocket::form::{Contextual, Form, FromForm};

    use super::*;
    use crate::{locale::Lang, view::View};

    #[derive(FromForm)]
    struct Typed {
        #[expect(dead_code, reason = "only the context is looked at")]
        session: Vec<String>,
        #[expect(dead_code, reason = "only the context is looked at")]
        people: i64,
    }

    #[test]
    fn what_was_typed_comes_back_whole() {
        let form: Contextual<'_, Typed> =
            Form::parse("session=a&session=b&people=many&other=%3Cb%3E").expect("a context takes all");
        let mut state = FormState::from(&form.context);

        assert_eq!(state.values("session"), ["a", "b"]);
        assert_eq!(state.value("people"), "many");
        assert_eq!(state.value("nothing"), "");
        assert_eq!(state.errors.keys().collect::<Vec<_>>(), ["people"]);
        state.refuse("email", "Il manque l’adresse.");
        assert!(!state.is_fine());
    }

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
                r#"<div class="mistakes" role="alert"><h2>À corriger avant l’envoi</h2><ul>"#,
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
            (r#"{{<mark word="new" />}}"#, r#"<span class="mark">new</span>"#),
            (
                r#"{% <notice title="A<b" kind="warn"> %}<p>B</p>{% </notice> %}"#,
                r#"<div class="notice warn" role="status"><strong>A&lt;b</strong><p>B</p></div>"#,
            ),
            (r#"{{<pagination page={1} last={1} prefix="?page=" />}}"#, ""),
            (
                r#"{{<pagination page={2} last={3} prefix="?page=" />}}"#,
                r#"<nav class="pages" aria-label="Pages"><a href="?page=1" rel="prev">Previous page</a><span aria-current="page">Page 2 of 3</span><a href="?page=3" rel="next">Next page</a></nav>"#,
            ),
            (
                r#"{{<copy_link address="https://a.example.org/" />}}"#,
                r#"<button class="button plain small" type="button" hidden data-copy="https://a.example.org/" data-done="Link copied">Copy the link</button>"#,
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
