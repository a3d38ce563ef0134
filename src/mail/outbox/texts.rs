//! Sentences of the organisers in the mails of a programme: kept here, and put into each letter as it is written down.

use std::{
    borrow::Cow,
    collections::{BTreeSet, HashMap},
};

use chrono::{DateTime, Utc};
use sqlx::{FromRow, QueryBuilder, query, query_as};

use super::Letter;
use crate::{
    db::{Conn, sizes::push_list},
    locale::Lang,
    mail::own::Text,
    on,
};

/// The sentences of one mail in one language; an empty one is the house's.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sentences {
    /// Instead of the first sentence.
    pub intro: String,
    /// Below the sessions.
    pub closing: String,
}

impl Sentences {
    /// True where the house says everything.
    pub fn is_empty(&self) -> bool {
        self.intro.is_empty() && self.closing.is_empty()
    }
}

#[derive(FromRow)]
struct Row {
    programme: String,
    language: String,
    mail: String,
    intro: String,
    closing: String,
}

/// What a programme's organisers have written, by mail and language.
pub async fn of_programme(db: &mut Conn, programme: &str) -> sqlx::Result<HashMap<(Text, Lang), Sentences>> {
    let rows: Vec<Row> = on!(db, c => query_as(
        "SELECT programme, language, mail, intro, closing FROM mail_text WHERE programme = $1",
    )
    .bind(programme)
    .fetch_all(c)
    .await)?;
    let read = |row: Row| {
        let key = (Text::parse(&row.mail)?, Lang::parse(&row.language)?);
        Some((key, Sentences { intro: row.intro, closing: row.closing }))
    };
    Ok(rows.into_iter().filter_map(read).collect())
}

/// Keeps the sentences of one mail; without any, it is the house's again. What is written down already stays as it is.
pub async fn keep(
    db: &mut Conn,
    programme: &str,
    (text, lang): (Text, Lang),
    sentences: &Sentences,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    if sentences.is_empty() {
        return on!(db, c => query("DELETE FROM mail_text WHERE programme = $1 AND language = $2 AND mail = $3")
            .bind(programme)
            .bind(lang.code())
            .bind(text.code())
            .execute(c)
            .await
            .map(|_| ()));
    }
    on!(db, c => query(
        "INSERT INTO mail_text (programme, language, mail, intro, closing, changed_at)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (programme, language, mail) DO UPDATE
         SET intro = excluded.intro, closing = excluded.closing, changed_at = excluded.changed_at",
    )
    .bind(programme)
    .bind(lang.code())
    .bind(text.code())
    .bind(&sentences.intro)
    .bind(&sentences.closing)
    .bind(now)
    .execute(c)
    .await
    .map(|_| ()))
}

/// The letters with the sentences of their programmes, as these are now. Most programmes have none.
pub(super) async fn with_own<'l>(db: &mut Conn, letters: &'l [Letter]) -> sqlx::Result<Cow<'l, [Letter]>> {
    let programmes: BTreeSet<_> = letters.iter().map(|letter| letter.data.programme.slug.as_str()).collect();
    if programmes.is_empty() {
        return Ok(Cow::Borrowed(letters));
    }
    let rows: Vec<Row> = on!(db, c => {
        let mut select = QueryBuilder::new(
            "SELECT programme, language, mail, intro, closing FROM mail_text WHERE programme IN (",
        );
        push_list(&mut select, programmes.iter().copied());
        select.push(")").build_query_as().fetch_all(c).await
    })?;
    if rows.is_empty() {
        return Ok(Cow::Borrowed(letters));
    }
    let given = |letter: &Letter| {
        let mut letter = letter.clone();
        let text = Text::of(&letter).map(Text::code);
        let own = rows.iter().find(|row| {
            row.programme == letter.data.programme.slug
                && row.language == letter.lang.code()
                && Some(row.mail.as_str()) == text
        });
        if let Some(row) = own {
            let said = |words: &String| Some(words.clone()).filter(|words| !words.is_empty());
            (letter.data.own.intro, letter.data.own.closing) = (said(&row.intro), said(&row.closing));
        }
        letter
    };
    Ok(Cow::Owned(letters.iter().map(given).collect()))
}
