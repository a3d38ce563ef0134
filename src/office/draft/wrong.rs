//! What is wrong with a field, in a sentence that says what would be right.

use super::form::key;
use crate::{
    locale::{Lang, text},
    programme::edit::{Mistake, Why},
};

/// The sentence for a mistake.
pub fn sentence(lang: Lang, mistake: &Mistake) -> String {
    match mistake.why {
        Why::Form => text(lang, &format!("office-draft-form-{}", key(mistake.field)), &[]),
        Why::TooLong(most) => {
            let most = i64::try_from(most).unwrap_or(i64::MAX);
            let count = i64::try_from(mistake.value.chars().count()).unwrap_or(i64::MAX);
            text(lang, "office-draft-wrong-long", &[("n", count.into()), ("most", most.into())])
        }
        Why::SummerTime if !mistake.value.is_empty() && mistake.field == "skip" => {
            text(lang, "office-draft-wrong-series", &[("day", mistake.value.as_str().into())])
        }
        Why::Empty
        | Why::Control
        | Why::NoSuchDay
        | Why::SummerTime
        | Why::EndsBeforeStart
        | Why::ClosesBeforeOpens
        | Why::ClosesAfterStart
        | Why::OpensTooLate
        | Why::Taken
        | Why::Unknown
        | Why::Twice
        | Why::Alone
        | Why::InUse => text(lang, &format!("office-draft-wrong-{}", mistake.why.code()), &[]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        locale,
        office::draft::fields::{NEW_PRESS, NEW_PROGRAMME, ORGANISATION, PLACE, SESSION, SETTINGS, THEME},
    };

    #[test]
    fn every_field_has_its_label_and_a_sentence_for_what_is_not_written_as_it_should_be() {
        let mut missing = Vec::new();
        for lang in Lang::ALL {
            for form in [SESSION, THEME, PLACE, ORGANISATION, NEW_PRESS, SETTINGS, NEW_PROGRAMME] {
                for spec in form.groups.iter().flat_map(|group| group.fields) {
                    let field = key(spec.field);
                    for key in
                        [format!("office-draft-{}-{field}", form.thing), format!("office-draft-form-{field}")]
                    {
                        if !locale::has(lang, &key) && !missing.contains(&key) {
                            missing.push(key);
                        }
                    }
                }
                for group in form.groups {
                    let key = format!("office-draft-part-{}", group.name);
                    if !locale::has(lang, &key) {
                        missing.push(key);
                    }
                }
            }
        }
        assert_eq!(missing, Vec::<String>::new());
    }
}
