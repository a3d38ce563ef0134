//! What a release to the press has beside its form: whether the public reads it so, and the languages that it is missing in.

use serde::Serialize;

use crate::{
    locale::{Lang, text},
    office::{
        draft::{
            Here,
            view::{Pill, Stands, stands_pill},
        },
        may,
    },
    press::{dateline, foreign},
    programme::{
        PressRelease,
        cells::Cells,
        edit::frame::Kind,
        routes::site::Query,
        words::{capital, language},
    },
};

/// What the list and the form tell of one.
#[derive(Serialize)]
pub struct Told {
    /// « Genève, 1er avril 2027 ».
    pub dateline: String,
    /// « Français ».
    pub language: String,
    /// The language of its words, where it is not the page's.
    pub lang: Option<String>,
    /// Whether the public reads it so.
    pub pill: Pill,
    /// Its public page, where there is one.
    pub public: Option<String>,
    /// The programme's languages that it is not there in.
    pub missing: Vec<Missing>,
}

/// A language that a release is not there in.
#[derive(Serialize)]
pub struct Missing {
    /// « Manque en anglais ».
    pub text: String,
    /// Where it is written.
    pub href: Option<String>,
}

/// What is told of the release of that slug; `missing` is what [`programme::press`](crate::programme::press) says of the draft.
pub fn told(here: &Here<'_>, slug: &str, missing: &[(&PressRelease, &str)]) -> Option<Told> {
    let lang = here.lang();
    let release = here.draft.press.iter().find(|one| one.slug == slug)?;
    let published = here.published.as_ref().map(|published| &published.release);
    let public = published.and_then(|published| published.press.iter().find(|one| one.slug == slug));
    let stands = match public {
        None => Stands::New,
        Some(public) if public == release => Stands::Same,
        Some(_) => Stands::Differs,
    };
    let may_write = may(here.staff.role, super::right(Kind::Press));
    let without = |(_, code): &(&PressRelease, &str)| Missing {
        text: text(lang, "warning-detail-press", &[("language", language(lang, code).into())]),
        href: may_write.then(|| press_in_language(lang, &here.known.slug, slug, code)),
    };
    Some(Told {
        dateline: dateline(lang, release),
        language: capital(&language(lang, &release.language)),
        lang: foreign(lang, release),
        pill: stands_pill(lang, "office-draft-press-state", stands),
        public: public.map(|_| format!("/{}/{}/press/{slug}", lang.code(), here.known.slug)),
        missing: missing.iter().filter(|(one, _)| one.date == release.date).map(without).collect(),
    })
}

/// Where a release is written in another language.
pub fn press_in_language(lang: Lang, programme: &str, release: &str, code: &str) -> String {
    format!("/{}/office/{programme}/new/press?with={release}&language={code}", lang.code())
}

/// How the form of a new one begins: today, in the programme's own language; or as the one that the address names, whose
/// day and place it shares, in another.
pub fn begun(here: &Here<'_>, query: &Query) -> Cells {
    let programme = &here.draft.programme;
    let with = here.draft.press.iter().find(|one| one.slug == query.value("with"));
    let today = here.room.now.with_timezone(&programme.timezone).date_naive();
    let asked = programme.languages.iter().find(|code| *code == query.value("language"));
    let language = asked.or(programme.languages.first());
    Cells::from([
        ("date", with.map_or(today, |with| with.date).to_string()),
        ("place", with.map(|with| with.place.clone()).unwrap_or_default()),
        ("language", language.cloned().unwrap_or_default()),
    ])
}
