//! What the log says of a message: what it is about, to whom it goes, and which of its words changed. The words may be
//! about the few people who get them, so they are not kept.

use super::form::cells;
use crate::{
    audit::{self, Fact, Facts},
    registration::message::Content,
};

const WORDS: [&str; 4] = ["subject_fr", "text_fr", "subject_en", "text_en"];

/// What it is about, and to whom it goes.
pub(super) fn aimed(content: &Content) -> Facts {
    Facts::default().with("about", Fact::slug(&content.about.code())).with("readers", content.to.code())
}

/// A message that was written, or written anew. What it is about is said each time.
pub(super) fn written(before: Option<&Content>, after: &Content) -> (Facts, Facts) {
    let (was, is) = (before.map(cells).unwrap_or_default(), cells(after));
    let words = WORDS.map(|field| {
        let [was, is] = [&was, &is].map(|cells| cells.get(field).map_or("", String::as_str));
        (field, was, is)
    });
    let (was, is) = audit::differing_veiled(words);
    let is_aimed_anew = |before: &&Content| (&before.about, before.to) != (&after.about, after.to);
    (before.filter(is_aimed_anew).map(aimed).unwrap_or_default().and(was), aimed(after).and(is))
}
