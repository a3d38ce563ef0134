//! Thanks, the morning after: one mail a person for all sessions of the day, with what they leave behind and three
//! questions about each (docs/decisions/0006).

pub mod store;

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use super::{
    attendance::store as attendance,
    desk::House,
    reminders::{
        self,
        store::{self as reminders_store, Choice},
    },
    store::{
        concerned::{self, Registered},
        erase,
    },
};
use crate::{
    db::Conn,
    error::Result,
    mail::{self, After, Frozen, Item, Letter, MailData, Outcome, ProgrammeLine, Reminder, Timing, outbox},
    markdown,
    programme::{self, Session, Status, instant},
    release::{Release, ReleasedSession, published::Published},
    tokens::Purpose,
};
use store::Thanks;

/// The hour of the morning after, local to the programme.
const HOUR: u32 = 10;
/// How late people are still thanked: a server may have been down.
const LATE: TimeDelta = TimeDelta::days(3);
/// How late who came is thanked once it is marked.
const MARKED_LATE: TimeDelta = TimeDelta::days(30);
/// People thanked in one transaction.
const PEOPLE_MAX: i64 = 200;
/// Transactions of one turn: then what else has its time has its turn.
const BATCHES_MAX: usize = 40;
/// The longest session that the morning after is looked for, in days.
const DAYS_BACK: u64 = 6;

/// The version of the links to the questions: they are not revoked but by erasure.
pub const FEEDBACK_VERSION: i64 = 1;

/// The day that a session belongs to for the thank-you: the one on which it ended.
fn day(session: &Session) -> NaiveDate {
    session.end.map_or(session.date, |end| (end - TimeDelta::minutes(1)).date().max(session.date))
}

/// When people are thanked for the sessions of a day.
fn morning_after(zone: Tz, day: NaiveDate) -> DateTime<Utc> {
    let next = day.checked_add_days(Days::new(1)).unwrap_or(day);
    instant(zone, next.and_time(NaiveTime::from_hms_opt(HOUR, 0, 0).expect("there is such an hour")))
}

/// Puts right who is thanked for a session after it was marked who came. Before the morning after, nothing: it looks
/// itself. Later, who was not known to have come is thanked once the list has settled, and who was put down and not
/// yet written to, and did not come, is not.
///
/// The caller holds the programme and the seat row.
pub async fn follow(
    db: &mut Conn,
    house: &House,
    programme: Uuid,
    release: &Release,
    session: Uuid,
    now: DateTime<Utc>,
) -> Result<()> {
    let Some(released) = release.sessions.iter().find(|one| one.id == session) else { return Ok(()) };
    let day = day(released);
    let due = morning_after(release.programme.timezone, day);
    if now < due {
        return Ok(());
    }
    let guests = attendance::guests(db, session).await?;
    store::keep_only(db, session, &guests.iter().map(|guest| guest.id).collect()).await?;
    store::open_rounds(db, &[session], now).await?;
    if now < due + MARKED_LATE {
        store::put(db, programme, day, &guests, now + house.settle).await?;
    }
    Ok(())
}

/// Thanks everybody for whom it is time: writes their mails, and says how many. Several processes may do it at once.
///
/// # Errors
/// Where the database fails; whoever is not thanked then stays due.
pub async fn thank_due(house: &House, now: DateTime<Utc>) -> Result<usize> {
    for published in house.publications.all() {
        open_mornings(house, &published, now).await?;
    }
    let mut db = house.pool.acquire().await?;
    let programmes = store::due_programmes(&mut db, now).await?;
    drop(db);
    let (mut thanked, mut batches) = (0, 0);
    for programme in programmes {
        let Some(published) = house.publications.by_id(programme) else { continue };
        while batches < BATCHES_MAX && !house.pool.closing().is_cancelled() {
            batches += 1;
            let Some(mails) = thank_some(house, &published, now).await? else { break };
            thanked += mails;
            house.mail.notify_one();
        }
    }
    Ok(thanked)
}

/// Puts down the people of the sessions whose morning after it is, all of them at once, so that a day is one mail.
async fn open_mornings(house: &House, published: &Published, now: DateTime<Utc>) -> Result<()> {
    let over = just_over(&published.release, now);
    if over.is_empty() {
        return Ok(());
    }
    let ids: Vec<_> = over.keys().copied().collect();
    let mut db = house.pool.acquire().await?;
    if store::without_round(&mut db, &ids).await?.is_empty() {
        return Ok(());
    }
    drop(db);
    let mut tx = house.pool.begin().await?;
    // Who marks a list, or thanks, waits for this, and the other way round.
    programme::store::hold(&mut tx, published.id).await?;
    for session in store::open_rounds(&mut tx, &ids, now).await? {
        let Some(day) = over.get(&session) else { continue };
        let guests = attendance::guests(&mut tx, session).await?;
        store::put(&mut tx, published.id, *day, &guests, now).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// The sessions whose morning after has come, not long ago, and their day. Days are compared first: this is asked
/// each second.
fn just_over(release: &Release, now: DateTime<Utc>) -> BTreeMap<Uuid, NaiveDate> {
    let zone = release.programme.timezone;
    let today = now.with_timezone(&zone).date_naive();
    let oldest = today.checked_sub_days(Days::new(DAYS_BACK)).unwrap_or(today);
    let of = |session: &ReleasedSession| {
        let day = day(session);
        if session.status != Status::Scheduled || day < oldest || day >= today {
            return None;
        }
        let due = morning_after(zone, day);
        (due <= now && now < due + LATE).then_some((session.id, day))
    };
    release.sessions.iter().filter_map(of).collect()
}

/// Thanks some of the people; `None` where nobody is left.
async fn thank_some(house: &House, published: &Published, now: DateTime<Utc>) -> Result<Option<usize>> {
    let mut tx = house.pool.begin().await?;
    programme::store::hold(&mut tx, published.id).await?;
    let people = store::due_people(&mut tx, published.id, now, PEOPLE_MAX).await?;
    if people.is_empty() {
        return Ok(None);
    }
    // Erasing somebody waits for this, or has been done.
    erase::lock_people(&mut tx, &people).await?;
    let choices = choices(&mut tx, house, published.id, &people, now).await?;
    let put_down = store::of(&mut tx, published.id, &people).await?;
    let ids: Vec<_> = put_down.iter().map(|one| one.registration_id).collect();
    let registered = concerned::registered(&mut tx, &ids).await?;
    let attended = attendance::attended(&mut tx, &ids).await?;
    let writer = Writer {
        house,
        release: &published.release,
        registered: &registered,
        attended: &attended,
        choices: &choices,
    };
    let mut letters = Vec::new();
    let mut told: Vec<(Uuid, Option<Uuid>)> = Vec::new();
    for of_day in by_day(&put_down).into_values() {
        let letter = writer.letter(&of_day, now);
        let mail = letter.as_ref().map(|letter| letter.id);
        told.extend(of_day.iter().map(|one| (one.registration_id, mail)));
        letters.extend(letter);
    }
    outbox::queue(&mut tx, &letters, now).await?;
    store::done(&mut tx, &told).await?;
    tx.commit().await?;
    Ok(Some(letters.len()))
}

/// What these people chose about such mails of this programme: who stopped its reminders is not thanked either.
async fn choices(
    db: &mut Conn,
    house: &House,
    programme: Uuid,
    people: &[Uuid],
    now: DateTime<Utc>,
) -> Result<HashMap<Uuid, Choice>> {
    let fresh: Vec<_> = people.iter().map(|person| (*person, house.tokens.id(now))).collect();
    Ok(reminders_store::choices(db, programme, &fresh).await?)
}

/// What one mail is about: a person's sessions of a day.
fn by_day(put_down: &[Thanks]) -> BTreeMap<(Uuid, NaiveDate), Vec<&Thanks>> {
    let mut days: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for one in put_down {
        days.entry((one.participant_id, one.day)).or_default().push(one);
    }
    days
}

struct Writer<'w> {
    house: &'w House,
    release: &'w Release,
    registered: &'w HashMap<Uuid, Registered>,
    attended: &'w BTreeMap<Uuid, i64>,
    choices: &'w HashMap<Uuid, Choice>,
}

impl Writer<'_> {
    /// `None` where there is nothing to thank for, or nobody to write to, any more.
    fn letter(&self, of_day: &[&Thanks], now: DateTime<Utc>) -> Option<Letter> {
        let mut items: Vec<_> = of_day
            .iter()
            .filter(|one| now < one.due_at + LATE)
            .filter_map(|one| self.item(one.registration_id))
            .collect();
        items.sort_by(|a, b| {
            (a.session.starts_at, &a.session.slug).cmp(&(b.session.starts_at, &b.session.slug))
        });
        let registered = self.registered.get(&of_day.first()?.registration_id)?;
        let person = Some(&registered.participant).filter(|_| registered.reachable)?;
        let email = person.email.as_deref().filter(|_| !items.is_empty())?;
        let choice = self.choices.get(&person.id).filter(|choice| choice.stopped_at.is_none())?;
        let key = &self.house.key;
        let data = MailData {
            programme: ProgrammeLine::of(self.release),
            name: person.name.clone(),
            agenda_token: key.seal(Purpose::Agenda, person.id, person.agenda_version),
            feed_token: key.seal(Purpose::Feed, person.id, person.feed_version),
            items,
            confirm_token: None,
            door_code: None,
            own: mail::Own::default(),
            reminder: Some(Reminder {
                timing: Timing::After,
                stop_token: key.seal(Purpose::Reminders, choice.id, reminders::LINK_VERSION),
            }),
        };
        Some(mail::thanks(self.house.tokens.id(now), person.lang, email, data))
    }

    fn item(&self, registration: Uuid) -> Option<Item> {
        let registered = &self.registered.get(&registration)?.registration;
        let session = self.release.sessions.iter().find(|one| one.id == registered.session)?;
        let attended = self.attended.get(&registration);
        if session.status != Status::Scheduled || attended == Some(&0) {
            return None;
        }
        Some(Item {
            session: Frozen::of(self.release, session, None),
            outcome: Outcome::AlreadyConfirmed,
            people: registered.people,
            sequence: session.sequence + registered.bumps,
            before: None,
            after: Some(After {
                recording: session.recording.clone(),
                minutes: markdown::to_text(&session.minutes),
                feedback_token: self.house.key.seal(Purpose::Feedback, registration, FEEDBACK_VERSION),
                present: attended.is_some(),
            }),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_morning_after_is_local_and_a_night_s_session_belongs_to_the_day_on_which_it_ends() {
        let mut session = crate::exchange::sample::release().sessions[0].session.clone();
        let date = |text: &str| text.parse::<NaiveDate>().unwrap();
        session.date = date("2027-03-27");
        session.end = Some(date("2027-03-28").and_hms_opt(1, 0, 0).unwrap());
        assert_eq!(day(&session), date("2027-03-28"));
        session.end = Some(date("2027-03-28").and_hms_opt(0, 0, 0).unwrap());
        assert_eq!(day(&session), date("2027-03-27"));
        session.end = None;
        assert_eq!(day(&session), date("2027-03-27"));
        // The night of the change to summer time.
        let zone = chrono_tz::Europe::Zurich;
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        assert_eq!(morning_after(zone, date("2027-03-26")), at("2027-03-27T09:00:00Z"));
        assert_eq!(morning_after(zone, date("2027-03-27")), at("2027-03-28T08:00:00Z"));
    }
}
