//! Everything that we have of one person, as a file for that person; nothing about anybody else.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

use super::{
    Awaits, State, certificate,
    desk::House,
    feedback::{self, Answers},
    reminders,
    store::{
        self,
        data::{ChangeRow, ItemRow, OrderRow, PersonRow, RegistrationRow},
    },
};
use crate::{
    error::{Error, Result},
    mail::outbox,
};

/// What the file says.
#[derive(Debug, Serialize)]
pub struct Data {
    /// When it was made.
    exported_at: DateTime<Utc>,
    person: Person,
    orders: Vec<Order>,
    registrations: Vec<Registration>,
    certificates: Vec<Certificate>,
    mails: Vec<Mail>,
    reminders_stopped: Vec<Stopped>,
}

/// A programme of which the person wants no reminders.
#[derive(Debug, Serialize)]
struct Stopped {
    programme: String,
    stopped_at: DateTime<Utc>,
}

#[derive(Debug, Serialize)]
struct Person {
    email: Option<String>,
    /// By which the organisers find somebody who was registered without an address.
    code: Option<String>,
    phone: String,
    name: String,
    language: String,
    known_since: DateTime<Utc>,
    /// When we last wrote only to say that nothing is new.
    told_at: Option<DateTime<Utc>>,
    link_sent_at: Option<DateTime<Utc>>,
    /// Since when mails come back.
    undeliverable_at: Option<DateTime<Utc>>,
}

/// A form that was sent, as it was typed.
#[derive(Debug, Serialize)]
struct Order {
    id: Uuid,
    programme: String,
    sent_at: DateTime<Utc>,
    name: String,
    people: i64,
    organisation: String,
    access_needs: String,
    language: String,
    consent_at: Option<DateTime<Utc>>,
    /// Until when the link in its mail confirmed it.
    confirm_by: Option<DateTime<Utc>>,
    sessions: Vec<OrderedSession>,
}

#[derive(Debug, Serialize)]
struct OrderedSession {
    session: String,
    title: Option<String>,
    /// What the page of the order shows.
    shown: String,
    position: Option<i64>,
}

#[derive(Debug, Serialize)]
struct Registration {
    id: Uuid,
    order: Uuid,
    programme: String,
    session: String,
    title: Option<String>,
    state: State,
    people: i64,
    /// `acceptance`, `link`: what you still have to do, and until when.
    awaits: Option<Awaits>,
    deadline: Option<DateTime<Utc>>,
    /// How many came, where somebody has marked it.
    attended: Option<i64>,
    /// What was answered to the questions after the session; stored without a link to the person.
    feedback: Option<Feedback>,
    registered_at: DateTime<Utc>,
    changed_at: DateTime<Utc>,
    changes: Vec<Change>,
}

#[derive(Debug, Serialize)]
struct Feedback {
    rating: Option<i64>,
    takeaway: String,
    better: String,
}

/// A certificate of attendance that anybody can verify.
#[derive(Debug, Serialize)]
struct Certificate {
    code: String,
    programme: String,
    /// `None`: all that was attended.
    session: Option<String>,
    issued_at: DateTime<Utc>,
}

#[derive(Debug, Serialize)]
struct Change {
    at: DateTime<Utc>,
    before: Option<String>,
    after: String,
    /// `form`, `person`, `queue`, `organiser`, `deadline`, `unconfirmed`.
    cause: String,
}

#[derive(Debug, Serialize)]
struct Mail {
    kind: String,
    language: String,
    state: &'static str,
    written_at: DateTime<Utc>,
    sent_at: Option<DateTime<Utc>>,
    failed_at: Option<DateTime<Utc>>,
}

/// Everything about this person.
///
/// # Errors
/// [`Error::OldLink`] where there is no such person any more.
pub async fn of(house: &House, participant: Uuid) -> Result<Data> {
    let mut db = house.pool.acquire().await?;
    let person = store::data::person(&mut db, participant).await?.ok_or(Error::OldLink)?;
    let orders = store::data::orders(&mut db, participant).await?;
    let items = store::data::items(&mut db, participant).await?;
    let registrations = store::data::registrations(&mut db, participant).await?;
    let changes = store::data::changes(&mut db, participant).await?;
    let answers: HashMap<_, _> =
        feedback::of_person(&mut db, house, participant).await?.into_iter().collect();
    let certificates = certificate::store::of_person(&mut db, participant).await?;
    let mails = match &person.email {
        Some(email) => outbox::to(&mut db, email).await?,
        None => Vec::new(),
    };
    let stopped = reminders::store::stopped(&mut db, participant).await?;
    let words = Words { house };
    Ok(Data {
        exported_at: house.clock.now(),
        person: said_of(person),
        orders: put_together(orders, items, &words),
        registrations: with_changes(registrations, changes, answers, &words),
        certificates: certificates.into_iter().map(|one| certified(one, &words)).collect(),
        mails: mails.into_iter().map(mail).collect(),
        reminders_stopped: stopped
            .into_iter()
            .map(|(programme, stopped_at)| Stopped { programme: words.programme(programme), stopped_at })
            .collect(),
    })
}

/// What programmes and sessions are called; their ids where this process has not seen them.
struct Words<'h> {
    house: &'h House,
}

impl Words<'_> {
    fn programme(&self, id: Uuid) -> String {
        let published = self.house.publications.by_id(id);
        published.map_or_else(|| id.to_string(), |published| published.slug().to_owned())
    }

    fn session(&self, programme: Uuid, id: Uuid) -> (String, Option<String>) {
        let published = self.house.publications.by_id(programme);
        match published.as_ref().and_then(|published| published.session_by_id(id)) {
            Some(session) => (session.slug.clone(), Some(session.title.clone())),
            None => (id.to_string(), None),
        }
    }
}

fn said_of(row: PersonRow) -> Person {
    Person {
        email: row.email,
        code: row.code,
        phone: row.phone,
        name: row.name,
        language: row.language,
        known_since: row.created_at,
        told_at: row.told_at,
        link_sent_at: row.link_sent_at,
        undeliverable_at: row.undeliverable_at,
    }
}

fn put_together(orders: Vec<OrderRow>, items: Vec<ItemRow>, words: &Words<'_>) -> Vec<Order> {
    let mut of: BTreeMap<Uuid, Vec<ItemRow>> = BTreeMap::new();
    for item in items {
        of.entry(item.order_id).or_default().push(item);
    }
    let ordered = |programme: Uuid, item: ItemRow| {
        let (session, title) = words.session(programme, item.session_id);
        OrderedSession { session, title, shown: item.shown, position: item.position }
    };
    orders
        .into_iter()
        .map(|row| Order {
            sessions: of
                .remove(&row.id)
                .unwrap_or_default()
                .into_iter()
                .map(|item| ordered(row.programme_id, item))
                .collect(),
            id: row.id,
            programme: words.programme(row.programme_id),
            sent_at: row.created_at,
            name: row.name,
            people: row.people,
            organisation: row.organisation,
            access_needs: row.access_needs,
            language: row.language,
            consent_at: row.consent_at,
            confirm_by: row.confirm_by,
        })
        .collect()
}

fn certified(one: certificate::store::Certificate, words: &Words<'_>) -> Certificate {
    Certificate {
        code: one.code,
        programme: words.programme(one.programme_id),
        session: one.session_id.map(|session| words.session(one.programme_id, session).0),
        issued_at: one.issued_at,
    }
}

fn with_changes(
    rows: Vec<RegistrationRow>,
    changes: Vec<ChangeRow>,
    mut answers: HashMap<Uuid, Answers>,
    words: &Words<'_>,
) -> Vec<Registration> {
    let mut of: HashMap<Uuid, Vec<Change>> = HashMap::new();
    for row in changes {
        let ChangeRow { registration_id, before, after, cause, at } = row;
        of.entry(registration_id).or_default().push(Change { at, before, after, cause });
    }
    rows.into_iter()
        .map(|row| {
            let (session, title) = words.session(row.programme_id, row.session_id);
            Registration {
                changes: of.remove(&row.id).unwrap_or_default(),
                feedback: answers.remove(&row.id).map(|answers| Feedback {
                    rating: answers.rating,
                    takeaway: answers.takeaway,
                    better: answers.better,
                }),
                attended: row.attended,
                id: row.id,
                order: row.order_id,
                programme: words.programme(row.programme_id),
                session,
                title,
                state: row.state,
                people: row.people,
                awaits: row.awaits,
                deadline: row.deadline,
                registered_at: row.created_at,
                changed_at: row.changed_at,
            }
        })
        .collect()
}

fn mail(row: outbox::Row) -> Mail {
    Mail {
        state: row.state().code(),
        kind: row.kind,
        language: row.language,
        written_at: row.queued_at,
        sent_at: row.sent_at,
        failed_at: row.failed_at,
    }
}
