//! When mails were written, and when they left: for what waits for its reader.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::QueryBuilder;
use uuid::Uuid;

use super::ROWS_MAX;
use crate::{
    db::{Conn, sizes::push_list},
    on,
};

/// A mail on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Journey {
    /// When it was written.
    pub written: DateTime<Utc>,
    /// When the server took it; `None`: it waits.
    pub left: Option<DateTime<Utc>>,
    /// How often it was refused, or its line lost; a server that is away counts nothing.
    pub attempts: i64,
}

/// A mail that was longer on its way to the mail server was held up.
pub const HELD_UP: TimeDelta = TimeDelta::minutes(2);

impl Journey {
    /// Until when it was held up: when it left, or now. `None` where it was not, and where it waits because it was refused.
    pub fn held_up_until(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        if self.left.is_none() && self.attempts > 0 {
            return None;
        }
        let left = self.left.unwrap_or(now);
        (left - self.written >= HELD_UP).then_some(left)
    }

    /// Until when the deadline holds, counted from when the mail left. `None` where that has passed too.
    fn longer(&self, told: &Deadline, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let until = (told.ends + (self.held_up_until(now)? - self.written)).min(told.most);
        (now < until).then_some(until)
    }
}

/// A deadline that has passed, and that a mail has told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadline {
    /// Of what.
    pub of: Uuid,
    /// The mail; `None`: none was written, and nothing is longer for it.
    pub mail: Option<Uuid>,
    /// When it passed.
    pub ends: DateTime<Utc>,
    /// The latest that it can become, whatever the mail does.
    pub most: DateTime<Utc>,
}

/// Those of these deadlines that hold on, since their mail was held up, in the order of the ids of what they are of, in which
/// rows are locked; and until when.
pub async fn held_up(
    db: &mut Conn,
    told: &[Deadline],
    now: DateTime<Utc>,
) -> sqlx::Result<BTreeMap<Uuid, DateTime<Utc>>> {
    let mails: Vec<Uuid> = told.iter().filter_map(|one| one.mail).collect();
    let journeys = journeys(db, &mails).await?;
    let longer = |one: &Deadline| Some((one.of, journeys.get(&one.mail?)?.longer(one, now)?));
    Ok(told.iter().filter_map(longer).collect())
}

/// The journeys of those of these mails that wait or have left. What failed, came back or was aborted makes none.
pub async fn journeys(db: &mut Conn, ids: &[Uuid]) -> sqlx::Result<HashMap<Uuid, Journey>> {
    type Row = (Uuid, DateTime<Utc>, Option<DateTime<Utc>>, i64);
    let mut found = HashMap::new();
    for some in ids.chunks(ROWS_MAX) {
        let rows: Vec<Row> = on!(db, c => {
            let mut select = QueryBuilder::new(
                "SELECT id, queued_at, sent_at, attempts FROM outbox WHERE failed_at IS NULL AND id IN (",
            );
            push_list(&mut select, some.iter().copied());
            select.push(")").build_query_as().fetch_all(c).await
        })?;
        let journey = |(id, written, left, attempts)| (id, Journey { written, left, attempts });
        found.extend(rows.into_iter().map(journey));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_is_longer_by_as_much_as_its_mail_was_held_up_and_has_an_end() {
        let at = |hours: i64| DateTime::UNIX_EPOCH + TimeDelta::hours(hours);
        let journey = |left: Option<i64>, attempts| Journey { written: at(0), left: left.map(at), attempts };
        let told = Deadline { of: Uuid::nil(), mail: None, ends: at(48), most: at(96) };
        let longer = |journey: Journey, now| journey.longer(&told, at(now));

        assert_eq!(longer(journey(Some(0), 0), 48), None, "it left at once");
        assert_eq!(longer(journey(Some(5), 3), 48), Some(at(53)));
        assert_eq!(longer(journey(Some(5), 0), 53), None, "and that has passed");
        assert_eq!(longer(journey(None, 0), 48), Some(at(96)), "it waits");
        assert_eq!(longer(journey(None, 0), 96), None, "not for ever");
        assert_eq!(longer(journey(Some(90), 0), 95), Some(at(96)));
        assert_eq!(longer(journey(None, 1), 48), None, "it was refused: nobody may be there");
    }
}
