//! Releases to the press: their order, and which of them are one.

use std::{cmp::Ordering, collections::BTreeMap};

use chrono::NaiveDate;

use super::{Draft, PressRelease};

impl PressRelease {
    /// The newest first; those of one day by their address.
    pub fn newest_first(&self, other: &PressRelease) -> Ordering {
        other.date.cmp(&self.date).then_with(|| self.slug.cmp(&other.slug))
    }
}

/// What is there in some of the programme's languages and not in the others: a release, and the language that it is
/// missing in. Nothing ties two releases together but their day: those of one day are one, in several languages.
pub fn missing(draft: &Draft) -> Vec<(&PressRelease, &str)> {
    let languages = &draft.programme.languages;
    let mut by_day: BTreeMap<NaiveDate, Vec<&PressRelease>> = BTreeMap::new();
    for release in draft.press.iter().filter(|release| languages.contains(&release.language)) {
        by_day.entry(release.date).or_default().push(release);
    }
    let mut missing = Vec::new();
    for releases in by_day.values() {
        let has = |language: &String| releases.iter().any(|release| release.language == *language);
        let without = languages.iter().filter(|language| !has(language));
        missing.extend(without.map(|language| (releases[0], language.as_str())));
    }
    missing
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::programme::edit::frame;

    fn release(slug: &str, day: &str, language: &str) -> PressRelease {
        PressRelease {
            slug: slug.to_owned(),
            title: slug.to_owned(),
            place: String::new(),
            date: day.parse().unwrap(),
            language: language.to_owned(),
            body: String::new(),
        }
    }

    #[test]
    fn releases_of_one_day_are_one_and_each_of_them_lacks_the_languages_that_none_is_in() {
        let mut draft = frame::nothing();
        draft.programme.languages = ["fr", "en", "de"].map(str::to_owned).into();
        draft.press = vec![
            release("annonce", "2027-03-01", "fr"),
            release("opening", "2027-03-02", "en"),
            release("ouverture", "2027-03-02", "fr"),
            release("auf-romanisch", "2027-03-03", "rm"),
        ];

        let missing: Vec<_> = missing(&draft)
            .into_iter()
            .map(|(release, language)| (release.slug.as_str(), language))
            .collect();

        assert_eq!(missing, [("annonce", "en"), ("annonce", "de"), ("opening", "de")]);
    }
}
