//! Themes, places and organisations by their slug, else by their name.

use std::collections::{HashMap, HashSet};

use crate::programme::slugify;

/// The slugs of one kind of thing, found by slug or name.
#[derive(Debug, Default)]
pub(super) struct Names {
    slugs: HashSet<String>,
    numbers: Numbers,
    by_name: HashMap<String, String>,
}

impl Names {
    /// The names of what is there: slug and name of each.
    pub fn of<'a>(known: impl IntoIterator<Item = (&'a str, &'a str)>) -> Names {
        let mut names = Names::default();
        for (slug, name) in known {
            names.add(slug, name);
        }
        names
    }

    fn add(&mut self, slug: &str, name: &str) {
        self.slugs.insert(slug.to_owned());
        self.by_name.entry(fold(name)).or_insert_with(|| slug.to_owned());
    }

    /// The slug of what a text names.
    pub fn find(&self, text: &str) -> Option<&str> {
        match self.slugs.get(text) {
            Some(slug) => Some(slug),
            None => self.by_name.get(&fold(text)).map(String::as_str),
        }
    }

    /// A new slug for a new name.
    pub fn make(&mut self, name: &str) -> String {
        let slug = self.numbers.unused(&slugify(name), |slug| self.slugs.contains(slug));
        self.add(&slug, name);
        slug
    }
}

/// The slug, or the first of `slug-2`, `slug-3`… that is not taken.
pub(in crate::programme) fn unused(slug: &str, taken: impl Fn(&str) -> bool) -> String {
    Numbers::default().unused(slug, taken)
}

/// The same for many things, of which none is let go again: numbers that were taken are not tried once more, so that twenty
/// thousand things of one name take no longer than of as many names.
#[derive(Debug, Default)]
pub(super) struct Numbers(HashMap<String, u32>);

impl Numbers {
    /// As [`unused`]; what it gives is taken from then on.
    pub fn unused(&mut self, slug: &str, taken: impl Fn(&str) -> bool) -> String {
        if !taken(slug) {
            return slug.to_owned();
        }
        let number = self.0.entry(slug.to_owned()).or_insert(1);
        loop {
            *number += 1;
            let numbered = format!("{slug}-{number}");
            if !taken(&numbered) {
                return numbered;
            }
        }
    }
}

/// Names are the same whatever their case and accents.
fn fold(name: &str) -> String {
    deunicode::deunicode(name.trim()).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thing_is_found_by_slug_or_name_and_new_names_get_new_slugs() {
        let mut names = Names::of([("hug", "Hôpitaux universitaires"), ("lab", "Le LAB")]);
        assert_eq!(names.find("hug"), Some("hug"));
        assert_eq!(names.find("hopitaux Universitaires "), Some("hug"));
        assert_eq!(names.find("HUG"), None);
        assert_eq!(names.make("C++"), "c-00");
        assert_eq!(names.make("C#"), "c-00-2");
        assert_eq!(names.find("c#"), Some("c-00-2"));
        assert_eq!(names.make("C*"), unused("c-00", |slug| ["c-00", "c-00-2"].contains(&slug)));
    }
}
