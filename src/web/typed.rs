//! A form as it was sent: every field, every value, nothing refused yet.

use std::collections::BTreeMap;

use rocket::form::{self, DataField, FromForm, Options, ValueField};
use serde::Serialize;

/// The field that people never see, and programs fill in.
pub const TRAP: &str = "subject";

/// Names and values, in the order of the values.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Typed(BTreeMap<String, Vec<String>>);

impl Typed {
    /// The first value of a field, or nothing.
    pub fn first(&self, field: &str) -> &str {
        self.all(field).first().map_or("", String::as_str)
    }

    /// Every value of a field.
    pub fn all(&self, field: &str) -> &[String] {
        self.0.get(field).map_or(&[], Vec::as_slice)
    }

    /// True where a box was ticked. Scripts that send `0` or `false` mean no.
    pub fn is_ticked(&self, field: &str) -> bool {
        let value = self.first(field).trim().to_ascii_lowercase();
        !matches!(value.as_str(), "" | "0" | "false" | "off" | "no")
    }

    /// One more value.
    pub fn add(&mut self, field: &str, value: &str) {
        self.0.entry(field.to_owned()).or_default().push(value.to_owned());
    }

    /// This value and no other.
    pub fn set(&mut self, field: &str, value: &str) {
        self.0.insert(field.to_owned(), vec![value.to_owned()]);
    }
}

#[rocket::async_trait]
impl<'r> FromForm<'r> for Typed {
    type Context = Typed;

    fn init(_: Options) -> Typed {
        <Typed as Default>::default()
    }

    fn push_value(typed: &mut Typed, field: ValueField<'r>) {
        let name = field.name.source().as_str();
        typed.add(name.strip_suffix("[]").unwrap_or(name), field.value);
    }

    async fn push_data(_: &mut Typed, _: DataField<'r, '_>) {
        // We ask for no files.
    }

    fn finalize(typed: Typed) -> form::Result<'r, Typed> {
        Ok(typed)
    }
}

#[cfg(test)]
mod tests {
    use rocket::form::Form;

    use super::*;

    #[test]
    fn every_value_is_kept_whatever_the_field() {
        let typed: Typed = Form::parse("session=b&session=a&session[]=c&name=é&odd[x].y=1").unwrap();

        assert_eq!(typed.all("session"), ["b", "a", "c"]);
        assert_eq!((typed.first("name"), typed.first("odd[x].y"), typed.first("none")), ("é", "1", ""));
    }

    #[test]
    fn a_box_is_ticked_unless_its_value_says_no() {
        for (sent, ticked) in
            [("all=1", true), ("all=on", true), ("all=0", false), ("all=", false), ("", false)]
        {
            assert_eq!(Form::<Typed>::parse(sent).unwrap().is_ticked("all"), ticked, "{sent}");
        }
    }
}
