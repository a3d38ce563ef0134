//! The form of a message: what was typed, what is wrong with it, and what can be chosen.

use std::collections::BTreeMap;

use rocket::FromForm;
use serde::Serialize;

use crate::{
    locale::{self, Lang, text},
    mail::own::PLACEHOLDERS,
    office::crossed::Crossed,
    programme::{
        cells::Cells,
        edit::meet::{Seen, Theirs},
    },
    registration::message::{
        About, Content, Lines, MESSAGE_CHARS_MAX, Mistake, To, Words, look_over, look_over_subject, typed,
    },
    release::Release,
    web::form::FormState,
};

/// What the form sends.
#[derive(Debug, Clone, Default, FromForm)]
pub(super) struct Typed {
    #[field(default = String::new())]
    about: String,
    #[field(default = String::new())]
    to: String,
    #[field(default = String::new())]
    subject_fr: String,
    #[field(default = String::new())]
    text_fr: String,
    #[field(default = String::new())]
    subject_en: String,
    #[field(default = String::new())]
    text_en: String,
    #[field(default = String::new())]
    key: String,
    #[field(default = String::new())]
    seen: String,
    /// False for a form that is shown for the first time: nothing is wrong with it yet.
    #[field(default = true)]
    sent: bool,
}

/// The longest key of a form, in characters.
const KEY_CHARS_MAX: usize = 64;

impl Typed {
    /// The form as it is first shown.
    pub fn empty(about: &str, key: String) -> Typed {
        Typed { about: about.to_owned(), to: To::Confirmed.code().to_owned(), key, ..Typed::default() }
    }

    /// The form of a message that is there.
    pub fn of(content: &Content) -> Typed {
        let words = |lang: Lang| content.texts.get(&lang).cloned().unwrap_or_default();
        let (french, english) = (words(Lang::Fr), words(Lang::En));
        Typed {
            about: content.about.code(),
            to: content.to.code().to_owned(),
            subject_fr: french.subject,
            text_fr: french.text,
            subject_en: english.subject,
            text_en: english.text,
            key: String::new(),
            seen: String::new(),
            sent: false,
        }
    }

    /// What the form had seen of the message when it was opened.
    pub fn seen(&self) -> Seen {
        Seen::parse(&self.seen)
    }

    /// The form with what only the others changed, and everything else as it was typed.
    pub fn met(&self, theirs: &[Theirs]) -> Typed {
        let mut shown = self.clone();
        for other in theirs.iter().filter(|other| !other.both) {
            let field = match other.field {
                "about" => &mut shown.about,
                "to" => &mut shown.to,
                "subject_fr" => &mut shown.subject_fr,
                "text_fr" => &mut shown.text_fr,
                "subject_en" => &mut shown.subject_en,
                _ => &mut shown.text_en,
            };
            field.clone_from(&other.theirs);
        }
        shown
    }

    /// The key that the form was given.
    pub fn form_key(&self) -> &str {
        let end = self.key.char_indices().nth(KEY_CHARS_MAX).map_or(self.key.len(), |(at, _)| at);
        &self.key[..end]
    }

    fn words(&self, lang: Lang) -> Words {
        let (subject, text) = match lang {
            Lang::Fr => (&self.subject_fr, &self.text_fr),
            Lang::En => (&self.subject_en, &self.text_en),
        };
        Words { subject: typed(subject, Lines::One), text: typed(text, Lines::Many) }
    }

    /// The message.
    ///
    /// # Errors
    /// What is wrong, by field.
    pub fn content(&self, release: &Release) -> Result<Content, Vec<(String, Mistake)>> {
        let mut wrong = Vec::new();
        let about = About::parse(&self.about, release);
        let to = To::parse(&self.to);
        for (field, missing) in [("about", about.is_none()), ("to", to.is_none())] {
            if missing {
                wrong.push((field.to_owned(), Mistake::Empty));
            }
        }
        let mut texts = BTreeMap::new();
        for lang in Lang::ALL {
            let words = self.words(lang);
            if words == Words::default() {
                continue;
            }
            let (subject, text) =
                (look_over_subject(&words.subject), look_over(&words.text, MESSAGE_CHARS_MAX));
            for (field, value, looked) in [("subject", &words.subject, subject), ("text", &words.text, text)]
            {
                let looked = if value.is_empty() { Err(Mistake::Empty) } else { looked };
                wrong.extend(looked.err().map(|mistake| (format!("{field}_{}", lang.code()), mistake)));
            }
            texts.insert(lang, words);
        }
        if texts.is_empty() {
            let first =
                release.programme.languages.iter().find_map(|code| Lang::parse(code)).unwrap_or_default();
            for field in ["subject", "text"] {
                wrong.push((format!("{field}_{}", first.code()), Mistake::Empty));
            }
        }
        match (about, to) {
            (Some(about), Some(to)) if wrong.is_empty() => Ok(Content { about, to, texts }),
            _ => Err(wrong),
        }
    }
}

/// What two people at one message are compared by.
pub(super) fn cells(content: &Content) -> Cells {
    let typed = Typed::of(content);
    Cells::from([
        ("about", typed.about),
        ("to", typed.to),
        ("subject_fr", typed.subject_fr),
        ("text_fr", typed.text_fr),
        ("subject_en", typed.subject_en),
        ("text_en", typed.text_en),
    ])
}

/// What somebody else has changed, in the words of the page.
pub(super) fn crossed(now: &Content, theirs: &[Theirs], release: &Release, lang: Lang) -> Crossed {
    let label = |field: &str| match field.split_once('_') {
        Some((part, code)) => {
            let reads = Lang::parse(code).map(Lang::own_name).unwrap_or_default();
            format!("{} ({reads})", text(lang, &format!("message-{part}"), &[]))
        }
        None => text(lang, &format!("message-{field}"), &[]),
    };
    let say = |field: &str, value: &str| match field {
        "about" => About::parse(value, release).map(|about| about.title(release)),
        "to" => To::parse(value).map(|to| text(lang, &format!("message-to-{}", to.code()), &[])),
        _ => None,
    };
    let said = |other: &Theirs| Theirs {
        theirs: say(other.field, &other.theirs).unwrap_or_else(|| other.theirs.clone()),
        typed: say(other.field, &other.typed).unwrap_or_else(|| other.typed.clone()),
        ..other.clone()
    };
    let theirs: Vec<Theirs> = theirs.iter().map(said).collect();
    Crossed::met(&cells(now), &theirs, label)
}

/// What `office/mails/message_form.html` shows.
#[derive(Debug, Serialize)]
pub(super) struct FormPage {
    home: String,
    action: String,
    key: String,
    crossed: Crossed,
    form: FormState,
    abouts: Vec<Group>,
    tos: Vec<Choice>,
    languages: Vec<Language>,
    placeholders: Vec<Placeholder>,
}

#[derive(Debug, Serialize)]
struct Group {
    label: String,
    choices: Vec<Choice>,
}

#[derive(Debug, Serialize)]
struct Choice {
    value: String,
    label: String,
    chosen: bool,
}

#[derive(Debug, Serialize)]
struct Language {
    code: &'static str,
    name: &'static str,
}

/// A placeholder, and what it stands for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(in crate::office::mails) struct Placeholder {
    /// `{name}`.
    written: String,
    means: String,
}

impl FormPage {
    /// The form with what was typed; with its mistakes, where it was sent.
    pub fn of(
        (typed, crossed): (&Typed, Crossed),
        release: &Release,
        lang: Lang,
        home: String,
        action: String,
    ) -> FormPage {
        let mut form = FormState::default();
        for (field, value) in [
            ("subject_fr", &typed.subject_fr),
            ("text_fr", &typed.text_fr),
            ("subject_en", &typed.subject_en),
            ("text_en", &typed.text_en),
        ] {
            form.set(field, value.clone());
        }
        if typed.sent {
            for (field, mistake) in typed.content(release).err().unwrap_or_default() {
                form.refuse(&field, said(lang, &mistake));
            }
        }
        FormPage {
            home,
            action,
            key: typed.key.clone(),
            crossed,
            form,
            abouts: abouts(&typed.about, release, lang),
            tos: To::ALL
                .map(|to| Choice {
                    value: to.code().to_owned(),
                    label: text(lang, &format!("message-to-{}", to.code()), &[]),
                    chosen: typed.to == to.code(),
                })
                .into(),
            languages: languages(release),
            placeholders: placeholders(lang),
        }
    }
}

/// The programme's languages first.
fn languages(release: &Release) -> Vec<Language> {
    let own = release.programme.languages.iter().filter_map(|code| Lang::parse(code));
    let mut all: Vec<Lang> = own.chain(Lang::ALL).collect();
    let mut seen = Vec::new();
    all.retain(|lang| {
        !seen.contains(lang) && {
            seen.push(*lang);
            true
        }
    });
    all.into_iter().map(|lang| Language { code: lang.code(), name: lang.own_name() }).collect()
}

fn abouts(chosen: &str, release: &Release, lang: Lang) -> Vec<Group> {
    let choice = |about: About, label: String| {
        let value = about.code();
        Choice { chosen: value == chosen, value, label }
    };
    let sessions = release.sessions.iter().map(|session| {
        let day = locale::date(lang, session.date);
        choice(About::Session(session.slug.clone()), format!("{day} – {}", session.title))
    });
    let themes =
        release.themes.iter().map(|theme| choice(About::Theme(theme.slug.clone()), theme.title.clone()));
    vec![
        Group {
            label: text(lang, "message-about-programme", &[]),
            choices: vec![choice(About::Programme, release.programme.title.clone())],
        },
        Group { label: text(lang, "message-about-themes", &[]), choices: themes.collect() },
        Group { label: text(lang, "message-about-sessions", &[]), choices: sessions.collect() },
    ]
}

/// What organisers can write, and what stands there then.
pub(in crate::office::mails) fn placeholders(lang: Lang) -> Vec<Placeholder> {
    PLACEHOLDERS
        .map(|name| Placeholder {
            written: format!("{{{name}}}"),
            means: text(lang, &format!("placeholder-{name}"), &[]),
        })
        .into()
}

/// What is wrong, as a sentence.
pub(in crate::office::mails) fn said(lang: Lang, mistake: &Mistake) -> String {
    said_of(lang, mistake, &PLACEHOLDERS)
}

/// The same where other placeholders are known.
pub(in crate::office) fn said_of(lang: Lang, mistake: &Mistake, known: &[&str]) -> String {
    match mistake {
        Mistake::Empty => text(lang, "message-wrong-empty", &[]),
        Mistake::Long(max) => text(lang, "message-wrong-long", &[("max", (*max).into())]),
        Mistake::Unknown(unknown) => {
            let known = known.iter().map(|name| format!("{{{name}}}")).collect::<Vec<_>>().join(", ");
            let values = [("unknown", unknown.join(", ").into()), ("known", known.into())];
            text(lang, "message-wrong-unknown", &values)
        }
    }
}
