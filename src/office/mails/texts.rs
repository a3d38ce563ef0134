//! The sentences of a programme's mails: the house's, or the organisers' own; in each language, with the mail as it will
//! read beside them.

use std::collections::HashMap;

use rocket::{Route, form::Form, get, post, routes};
use serde::Serialize;

use super::{
    Answer, Framed,
    message::form::{Placeholder, placeholders, said},
    sample,
};
use crate::{
    audit::{self, Actor, Entry},
    error::{Error, Result},
    identity::Staff,
    locale::{Lang, text},
    mail::{
        Own,
        outbox::texts::{self, Sentences},
        own::{SENTENCE_CHARS_MAX, Text},
        render::{Rendered, Sender, render},
    },
    office::{
        Html, Right, Room,
        crossed::Crossed,
        frame::{At, Known},
        guard::Signed,
    },
    programme::{
        self,
        cells::Cells,
        edit::meet::{self, Seen, Theirs},
    },
    registration::message::{Lines, look_over, typed},
    web::{form::FormState, guards::SameOrigin, reply::Private},
};

pub(super) fn routes() -> Vec<Route> {
    routes![list, one, framed, keep]
}

#[derive(Serialize)]
struct ListPage {
    mails: String,
    texts: Vec<TextLine>,
}

#[derive(Serialize)]
struct TextLine {
    href: String,
    title: String,
    when: String,
    /// The languages that have sentences of their own.
    own: Vec<&'static str>,
}

#[get("/<lang>/office/<slug>/mails/texts", rank = 6)]
async fn list(signed: Signed, lang: Lang, slug: &str, room: Room<'_>) -> Result<Private<Html>> {
    let staff = signed.with(Right::ChangeMails)?;
    let mut db = room.db().await?;
    let (known, at) = At::programme(&mut db, staff, lang, slug, "mails").await?;
    let kept = texts::of_programme(&mut db, &known.slug).await?;
    let line = |text: Text| TextLine {
        href: format!("/{}/office/{}/mails/texts/{}", lang.code(), known.slug, text.code()),
        title: title(lang, text),
        when: crate::locale::text(lang, &format!("mail-text-when-{}", text.code()), &[]),
        own: Lang::ALL
            .into_iter()
            .filter(|own| kept.contains_key(&(text, *own)))
            .map(Lang::own_name)
            .collect(),
    };
    let body = ListPage {
        mails: format!("/{}/office/{}/mails", lang.code(), known.slug),
        texts: Text::ALL.map(line).into(),
    };
    let layout = at.frame(&room, staff, "/mails/texts", text(lang, "office-texts-title", &[]));
    room.draw(layout, body, "office/mails/texts.html").map(Private)
}

fn title(lang: Lang, text: Text) -> String {
    crate::locale::text(lang, &format!("mail-text-{}", text.code()), &[])
}

/// What the form sends.
#[derive(Debug, Clone, Default, rocket::FromForm)]
struct Typed {
    #[field(default = String::new())]
    intro_fr: String,
    #[field(default = String::new())]
    closing_fr: String,
    #[field(default = String::new())]
    intro_en: String,
    #[field(default = String::new())]
    closing_en: String,
    #[field(default = String::new())]
    seen: String,
}

impl Typed {
    fn of(kept: &HashMap<(Text, Lang), Sentences>, text: Text) -> Typed {
        let own = |lang: Lang| kept.get(&(text, lang)).cloned().unwrap_or_default();
        let (french, english) = (own(Lang::Fr), own(Lang::En));
        Typed {
            intro_fr: french.intro,
            closing_fr: french.closing,
            intro_en: english.intro,
            closing_en: english.closing,
            seen: String::new(),
        }
    }

    fn fields(&self) -> [(&'static str, &str); 4] {
        [
            ("intro_fr", &self.intro_fr),
            ("closing_fr", &self.closing_fr),
            ("intro_en", &self.intro_en),
            ("closing_en", &self.closing_en),
        ]
    }

    /// What two people at these sentences are compared by.
    fn cells(&self) -> Cells {
        self.fields().into_iter().map(|(field, value)| (field, typed(value, Lines::Many))).collect()
    }

    /// The form with what only the others changed, and everything else as it was typed.
    fn met(&self, theirs: &[Theirs]) -> Typed {
        let mut shown = self.clone();
        for other in theirs.iter().filter(|other| !other.both) {
            let field = match other.field {
                "intro_fr" => &mut shown.intro_fr,
                "closing_fr" => &mut shown.closing_fr,
                "intro_en" => &mut shown.intro_en,
                _ => &mut shown.closing_en,
            };
            field.clone_from(&other.theirs);
        }
        shown
    }

    fn sentences(&self, lang: Lang) -> Sentences {
        let (intro, closing) = match lang {
            Lang::Fr => (&self.intro_fr, &self.closing_fr),
            Lang::En => (&self.intro_en, &self.closing_en),
        };
        Sentences { intro: typed(intro, Lines::Many), closing: typed(closing, Lines::Many) }
    }
}

/// What `office/mails/text.html` shows.
#[derive(Serialize)]
struct TextPage {
    texts: String,
    action: String,
    title: String,
    when: String,
    form: FormState,
    crossed: Crossed,
    languages: Vec<LanguagePart>,
    placeholders: Vec<Placeholder>,
    kept: bool,
}

#[derive(Serialize)]
struct LanguagePart {
    code: &'static str,
    name: &'static str,
    /// What the house says.
    house: String,
    subject: String,
    text: String,
    frame: Option<String>,
}

#[get("/<lang>/office/<slug>/mails/texts/<code>?<kept>", rank = 7)]
async fn one(
    signed: Signed,
    lang: Lang,
    slug: &str,
    code: &str,
    kept: Option<&str>,
    room: Room<'_>,
) -> Result<Private<Html>> {
    let staff = signed.with(Right::ChangeMails)?;
    let text = Text::parse(code).ok_or(Error::NotFound)?;
    let mut db = room.db().await?;
    let (known, at) = At::programme(&mut db, staff, lang, slug, "mails").await?;
    let all = texts::of_programme(&mut db, &known.slug).await?;
    let page = TextForm { room: &room, staff, known: &known, at: &at, lang, text };
    let typed = Typed::of(&all, text);
    let crossed = Crossed::opened(&typed.cells());
    page.draw((&typed, crossed), &HashMap::new(), kept.is_some()).map(Private)
}

struct TextForm<'p> {
    room: &'p Room<'p>,
    staff: &'p Staff,
    known: &'p Known,
    at: &'p At,
    lang: Lang,
    text: Text,
}

impl TextForm<'_> {
    fn draw(
        &self,
        (typed, crossed): (&Typed, Crossed),
        wrong: &HashMap<&'static str, String>,
        kept: bool,
    ) -> Result<Html> {
        let (lang, text, known) = (self.lang, self.text, self.known);
        let mut form = FormState::default();
        for (field, value) in typed.fields() {
            form.set(field, value);
            if let Some(wrong) = wrong.get(field) {
                form.refuse(field, wrong.clone());
            }
        }
        let texts = format!("/{}/office/{}/mails/texts", lang.code(), known.slug);
        let action = format!("{texts}/{}", text.code());
        let part = |own: Lang| {
            let house = read(self.room, known, text, own, Own::default());
            // What is wrong is not shown as if it could be sent.
            let sentences = if wrong.is_empty() { typed.sentences(own) } else { Sentences::default() };
            let shown = read(self.room, known, text, own, own_of(&sentences));
            LanguagePart {
                code: own.code(),
                name: own.own_name(),
                house: house.map(|read| intro_of(&read.text)).unwrap_or_default(),
                subject: shown.as_ref().map(|read| read.subject.clone()).unwrap_or_default(),
                text: shown.as_ref().map(|read| read.text.clone()).unwrap_or_default(),
                frame: shown.filter(|_| wrong.is_empty()).map(|_| format!("{action}/preview/{}", own.code())),
            }
        };
        let body = TextPage {
            title: title(lang, text),
            when: crate::locale::text(lang, &format!("mail-text-when-{}", text.code()), &[]),
            form,
            crossed,
            languages: Lang::ALL.map(part).into(),
            placeholders: placeholders(lang),
            kept,
            texts,
            action,
        };
        let path = format!("/mails/texts/{}", text.code());
        let layout = self.at.frame(self.room, self.staff, &path, title(lang, text));
        self.room.draw(layout, body, "office/mails/text.html")
    }
}

/// What a field is called, with the language that it is for.
fn label(lang: Lang, field: &str) -> String {
    let (part, code) = field.split_once('_').unwrap_or((field, ""));
    let reads = Lang::parse(code).map(Lang::own_name).unwrap_or_default();
    format!("{} ({reads})", text(lang, &format!("office-text-{part}"), &[]))
}

/// The second paragraph: the first says hello.
fn intro_of(text: &str) -> String {
    text.split("\n\n").nth(1).unwrap_or_default().to_owned()
}

fn own_of(sentences: &Sentences) -> Own {
    let said = |words: &String| Some(words.clone()).filter(|words| !words.is_empty());
    Own { intro: said(&sentences.intro), closing: said(&sentences.closing), ..Own::default() }
}

/// The mail about the programme's first session; `None` where it has no release.
fn read(room: &Room<'_>, known: &Known, text: Text, lang: Lang, own: Own) -> Option<Rendered> {
    let published = room.house.publications.current(&known.slug)?;
    let letter = sample::letter(room, &published.release, text, lang, own);
    let sender = Sender::new(&room.settings.mail.from, &room.settings.base_url).ok()?;
    render(&letter, room.now, room.view, &sender).ok()
}

#[get("/<lang>/office/<slug>/mails/texts/<code>/preview/<reads>", rank = 7)]
async fn framed(
    signed: Signed,
    lang: Lang,
    slug: &str,
    code: &str,
    reads: Lang,
    room: Room<'_>,
) -> Result<Framed> {
    let staff = signed.with(Right::ChangeMails)?;
    let text = Text::parse(code).ok_or(Error::NotFound)?;
    let mut db = room.db().await?;
    let (known, _) = At::programme(&mut db, staff, lang, slug, "mails").await?;
    let kept = texts::of_programme(&mut db, &known.slug).await?;
    let own = kept.get(&(text, reads)).map(own_of).unwrap_or_default();
    read(&room, &known, text, reads, own).map(|read| Framed(read.page())).ok_or(Error::NotFound)
}

#[post("/<lang>/office/<slug>/mails/texts/<code>", data = "<typed>", rank = 7)]
async fn keep(
    signed: Signed,
    _origin: SameOrigin,
    lang: Lang,
    slug: &str,
    code: &str,
    typed: Form<Typed>,
    room: Room<'_>,
) -> Result<Answer> {
    let staff = signed.with(Right::ChangeMails)?;
    let text = Text::parse(code).ok_or(Error::NotFound)?;
    let mut tx = room.house.pool.begin().await?;
    let (known, at) = At::programme(&mut tx, staff, lang, slug, "mails").await?;
    programme::store::hold(&mut tx, known.id).await?;
    let page = TextForm { room: &room, staff, known: &known, at: &at, lang, text };
    let wrong: HashMap<_, _> = typed
        .fields()
        .into_iter()
        .filter_map(|(field, value)| {
            let looked =
                look_over(&crate::registration::message::typed(value, Lines::Many), SENTENCE_CHARS_MAX);
            Some((field, said(lang, &looked.err()?)))
        })
        .collect();
    if !wrong.is_empty() {
        let form = (&*typed, Crossed::again(&typed.seen));
        return page.draw(form, &wrong, false).map(Private).map(Answer::Wrong);
    }
    let before = texts::of_programme(&mut tx, &known.slug).await?;
    let now = Typed::of(&before, text).cells();
    let theirs = meet::meet(&Seen::parse(&typed.seen), &now, &typed.cells());
    if !theirs.is_empty() {
        let form = (&typed.met(&theirs), Crossed::met(&now, &theirs, |field| label(lang, field)));
        return page.draw(form, &wrong, false).map(Private).map(Answer::Crossed);
    }
    for own in Lang::ALL {
        let sentences = typed.sentences(own);
        if before.get(&(text, own)).cloned().unwrap_or_default() == sentences {
            continue;
        }
        texts::keep(&mut tx, &known.slug, (text, own), &sentences, room.now).await?;
        let subject = audit::subject("mail-text", format!("{}-{}", text.code(), own.code()));
        let was = before.get(&(text, own)).cloned().unwrap_or_default();
        // They are written to be sent to everybody: the log keeps them.
        let (was, is) = audit::differing_words([
            ("intro", was.intro.as_str(), sentences.intro.as_str()),
            ("closing", was.closing.as_str(), sentences.closing.as_str()),
        ]);
        let entry =
            Entry::new(&room.house.tokens, room.now, Actor::User(staff.id), "mail_text.change", subject)
                .of(known.id)
                .facts(was, is);
        audit::record(&mut tx, &entry).await?;
    }
    tx.commit().await?;
    let there = format!("/{}/office/{}/mails/texts/{}?kept=1", lang.code(), known.slug, text.code());
    Ok(Answer::Done(there))
}
