//! Three questions after a session, without an account and apart from the person (docs/decisions/0006).

pub mod store;

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::{
    State,
    attendance::store::{self as attendance, Place},
    desk::House,
    thanks::FEEDBACK_VERSION,
};
use crate::{
    db::Conn,
    error::{Error, Result},
    tokens::{LinkKey, Purpose},
};

/// The longest answer, in characters.
pub const ANSWER_CHARS_MAX: usize = 2_000;

/// What somebody says of a session; at least one of the three.
#[derive(Debug, Clone, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Answers {
    /// How it was, 1 to 5.
    pub rating: Option<i64>,
    /// What the person takes with them.
    pub takeaway: String,
    /// What should be better.
    pub better: String,
}

/// Why answers are not taken; each has a message `feedback-…`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotAnswers {
    /// No question is answered.
    Nothing,
    /// The rating is none of 1 to 5.
    Rating,
    /// `takeaway` is too long.
    LongTakeaway,
    /// `better` is too long.
    LongBetter,
}

impl NotAnswers {
    /// The field that it is about, and the message.
    pub fn said(self) -> (&'static str, &'static str) {
        match self {
            NotAnswers::Nothing => ("rating", "feedback-nothing"),
            NotAnswers::Rating => ("rating", "feedback-rating-unknown"),
            NotAnswers::LongTakeaway => ("takeaway", "feedback-long"),
            NotAnswers::LongBetter => ("better", "feedback-long"),
        }
    }
}

impl Answers {
    /// From what was typed.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn parse(rating: &str, takeaway: &str, better: &str) -> Result<Answers, Vec<NotAnswers>> {
        let mut wrong = Vec::new();
        let rating = match rating.trim() {
            "" => None,
            text => match text.parse() {
                Ok(rating @ 1..=5) => Some(rating),
                Ok(_) | Err(_) => {
                    wrong.push(NotAnswers::Rating);
                    None
                }
            },
        };
        let [takeaway, better] = [takeaway, better].map(clean);
        let long = |text: &str| text.chars().count() > ANSWER_CHARS_MAX;
        wrong.extend(long(&takeaway).then_some(NotAnswers::LongTakeaway));
        wrong.extend(long(&better).then_some(NotAnswers::LongBetter));
        if wrong.is_empty() && rating.is_none() && takeaway.is_empty() && better.is_empty() {
            wrong.push(NotAnswers::Nothing);
        }
        if wrong.is_empty() { Ok(Answers { rating, takeaway, better }) } else { Err(wrong) }
    }
}

/// Lines of visible text.
fn clean(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.chars().filter(|c| *c == '\n' || !c.is_control()).collect::<String>().trim().to_owned()
}

/// The registration that a link opens the questions of.
///
/// # Errors
/// [`Error::OldLink`] for every link that opens nothing: wrong, of an erased person, or of somebody who was not there.
pub async fn place(db: &mut Conn, house: &House, token: &str, now: DateTime<Utc>) -> Result<(Uuid, Place)> {
    if !house.key.holds(token, Purpose::Feedback, FEEDBACK_VERSION) {
        return Err(Error::OldLink);
    }
    let id = LinkKey::named(token).ok_or(Error::OldLink)?;
    let place = attendance::place(db, id).await?.ok_or(Error::OldLink)?;
    let was_there = match place.attended {
        Some(people) => people > 0,
        None => place.state == State::Confirmed,
    };
    if place.email.is_none() || now < place.starts || !was_there {
        return Err(Error::OldLink);
    }
    Ok((id, place))
}

/// What was answered by this registration.
pub async fn answers(db: &mut Conn, house: &House, registration: Uuid) -> Result<Option<Answers>> {
    Ok(store::answers(db, under(house, registration)).await?)
}

/// Saves answers, over those that were given before.
pub async fn save(house: &House, token: &str, answers: &Answers, now: DateTime<Utc>) -> Result<()> {
    let mut tx = house.pool.begin().await?;
    let (registration, place) = place(&mut tx, house, token, now).await?;
    let today = day_there(house, place.programme_id, now);
    let id = under(house, registration);
    store::put(&mut tx, id, place.session_id, place.programme_id, answers, today).await?;
    tx.commit().await?;
    Ok(())
}

fn day_there(house: &House, programme: Uuid, now: DateTime<Utc>) -> NaiveDate {
    match house.publications.by_id(programme) {
        Some(published) => now.with_timezone(&published.release.programme.timezone).date_naive(),
        None => now.date_naive(),
    }
}

/// The id under which answers stand: nothing in the database leads from it to the registration.
fn under(house: &House, registration: Uuid) -> Uuid {
    house.key.alias(Purpose::Feedback, registration)
}

/// Every answer of a person, with its registration.
pub async fn of_person(db: &mut Conn, house: &House, participant: Uuid) -> Result<Vec<(Uuid, Answers)>> {
    let mut found = Vec::new();
    for registration in store::registrations_of(db, participant).await? {
        if let Some(answers) = answers(db, house, registration).await? {
            found.push((registration, answers));
        }
    }
    Ok(found)
}

/// Empties what a person wrote; how they rated stays, as a figure.
pub async fn forget(db: &mut Conn, house: &House, participant: Uuid) -> Result<()> {
    let ids: Vec<_> =
        store::registrations_of(db, participant).await?.into_iter().map(|id| under(house, id)).collect();
    Ok(store::empty(db, &ids).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_answer_is_enough_and_none_is_not() {
        let only = Answers { rating: None, takeaway: "Une\nidée".to_owned(), better: String::new() };
        assert_eq!(Answers::parse("", " Une\r\nidée\u{0} ", ""), Ok(only));
        assert_eq!(Answers::parse(" 5 ", "", "").map(|answers| answers.rating), Ok(Some(5)));
        assert_eq!(Answers::parse("", " \n", "\u{7}"), Err(vec![NotAnswers::Nothing]));
        let long = "x".repeat(ANSWER_CHARS_MAX + 1);
        assert_eq!(
            Answers::parse("6", &long, &long),
            Err(vec![NotAnswers::Rating, NotAnswers::LongTakeaway, NotAnswers::LongBetter])
        );
    }
}
