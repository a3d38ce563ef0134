//! Who came: marked from a list, as often as it is corrected, and the figures that stay (docs/decisions/0006).

pub mod list;
pub mod store;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{State, certificate, desk::House, store as seat_store, thanks};
use crate::{
    error::{Error, Result},
    programme::{self, Status, import::Problem},
    release::{self, Release},
};
use list::{Came, List};

/// What became of a session's seats, in people.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Figures {
    /// Had a seat.
    pub registered: i64,
    /// Came, of those who are known by their address, or their code.
    pub present: i64,
    /// Had a seat and did not come.
    pub absent: i64,
    /// Came without having registered.
    pub walk_in: i64,
}

/// Whether a list is put in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Yes.
    Write,
    /// It is only looked at.
    Try,
}

/// What became of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Marked {
    /// These are the figures.
    Done(Figures),
    /// The session has not begun.
    NotYet(DateTime<Utc>),
    /// It does not take place.
    Off,
    /// The programme has published no such session.
    Unknown,
    /// Nothing was written, because of these rows.
    Wrong(Vec<Problem>),
}

/// Marks who came to a session, all of it at once: whoever has a seat and is not on the list did not come. Called
/// again with a corrected list, it corrects. Who came gets a certificate, and is thanked when it is time.
///
/// # Errors
/// Where the database fails; nothing is changed then.
pub async fn mark(
    house: &House,
    programme: Uuid,
    session: Uuid,
    list: &List,
    mode: Mode,
    now: DateTime<Utc>,
) -> Result<Marked> {
    let mut tx = house.pool.begin().await?;
    programme::store::hold(&mut tx, programme).await?;
    let Some(seat) = seat_store::lock_seats(&mut tx, [session]).await?.remove(&session) else {
        return Ok(Marked::Unknown);
    };
    if seat.settings.programme != programme {
        return Ok(Marked::Unknown);
    }
    if seat.settings.status != Status::Scheduled {
        return Ok(Marked::Off);
    }
    if now < seat.settings.starts {
        return Ok(Marked::NotYet(seat.settings.starts));
    }
    let known = store::of_session(&mut tx, session).await?;
    let (marks, figures) = match decide(list, &known) {
        Ok(decided) => decided,
        Err(problems) => return Ok(Marked::Wrong(problems)),
    };
    if mode == Mode::Try {
        return Ok(Marked::Done(figures));
    }
    store::write(&mut tx, &marks, now).await?;
    store::put_figures(&mut tx, programme, session, figures, now).await?;
    certificate::follow(&mut tx, house, programme, session, now).await?;
    let release = release_of(&mut tx, programme).await?;
    thanks::follow(&mut tx, house, programme, &release, session, now).await?;
    tx.commit().await?;
    Ok(Marked::Done(figures))
}

async fn release_of(db: &mut crate::db::Conn, programme: Uuid) -> Result<Release> {
    let missing = || Error::Internal("a seat row of a programme without a release".to_owned());
    release::store::latest(db, programme).await?.ok_or_else(missing)
}

/// A registration, as far as it matters who came.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Registered {
    /// Which.
    pub id: Uuid,
    /// Where its mails go, or the code of somebody without an address; `None` after erasure.
    pub contact: Option<String>,
    /// Where it stands.
    pub state: State,
    /// For how many.
    pub people: i64,
    /// How many came, where it is marked.
    pub attended: Option<i64>,
}

/// What differs from what is marked: the registrations, and how many came of each. And the figures then.
pub type Decided = (Vec<(Uuid, Option<i64>)>, Figures);

/// Decides who came. `known` are the session's registrations, oldest first. Nothing is known any more of who was
/// erased: they stay as they are marked.
fn decide(list: &List, known: &[Registered]) -> Result<Decided, Vec<Problem>> {
    let mut attended: std::collections::HashMap<Uuid, i64> = std::collections::HashMap::new();
    let mut problems = Vec::new();
    for mark in &list.marks {
        let wrong = |message: String| Problem::new(&list.file, message).line(mark.line).value(&mark.contact);
        let Some(one) = of_contact(known, &mark.contact) else {
            // Who is said not to have come need not be known.
            if mark.came != Came::Nobody {
                problems.push(wrong(unknown(known, &mark.contact)));
            }
            continue;
        };
        match mark.came {
            Came::All => _ = attended.insert(one.id, one.people),
            Came::Some(people) if people <= one.people => _ = attended.insert(one.id, people),
            Came::Some(people) => problems.push(wrong(format!(
                "is registered for {} and {people} came; count the others as people who are not registered",
                one.people
            ))),
            Came::Nobody => {}
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let mut figures = Figures { walk_in: list.walk_ins, ..Figures::default() };
    let mut changed = Vec::new();
    for one in known {
        let has_seat = one.state == State::Confirmed;
        let now = match (&one.contact, attended.get(&one.id)) {
            (None, _) => one.attended,
            (Some(_), Some(came)) => Some(*came),
            (Some(_), None) if has_seat => Some(0),
            (Some(_), None) => None,
        };
        let came = now.unwrap_or_default();
        figures.present += came;
        if has_seat {
            figures.registered += one.people;
            figures.absent += now.map_or(0, |came| one.people - came);
        }
        if now != one.attended {
            changed.push((one.id, now));
        }
    }
    Ok((changed, figures))
}

/// The registration of that address, or code: the one that counts, else the last that was cancelled or never got a seat. They
/// may have come all the same.
fn of_contact<'k>(known: &'k [Registered], contact: &str) -> Option<&'k Registered> {
    let mut of = known.iter().rev().filter(|one| one.contact.as_deref() == Some(contact));
    let last = of.clone().next();
    of.find(|one| one.state.is_live()).or(last)
}

fn unknown(known: &[Registered], contact: &str) -> String {
    let addresses = known.iter().filter_map(|one| one.contact.as_deref());
    let nearest = addresses.map(|address| (distance(address, contact), address)).min();
    let hint = match nearest {
        Some((..=2, address)) => format!("is it {address}? "),
        _ => String::new(),
    };
    format!(
        "nobody is registered for this session with this address; {hint}Who came without a registration is counted: \
         leave the address empty, or write +1 in a list of addresses"
    )
}

/// How many letters must be changed, added or left out to make one word of the other.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let changed = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokens::Tokens;

    fn registered(
        number: u64,
        contact: &str,
        state: State,
        people: i64,
        attended: Option<i64>,
    ) -> Registered {
        let id = Tokens::seeded(number).id(DateTime::UNIX_EPOCH);
        let contact = (!contact.is_empty()).then(|| contact.to_owned());
        Registered { id, contact, state, people, attended }
    }

    fn list(text: &str) -> List {
        list::read("t", text.as_bytes(), "atelier").unwrap()
    }

    #[test]
    fn who_is_not_on_the_list_did_not_come_and_nobody_speaks_for_who_was_erased() {
        let known = [
            registered(1, "a@example.org", State::Confirmed, 3, None),
            registered(2, "b@example.org", State::Confirmed, 1, Some(1)),
            registered(3, "c@example.org", State::Waiting, 1, None),
            registered(4, "", State::Confirmed, 2, None),
            registered(5, "", State::Confirmed, 1, Some(1)),
            registered(6, "d@example.org", State::Cancelled, 1, Some(1)),
        ];
        let (changed, figures) =
            decide(&list("email,present\na@example.org,2\nc@example.org,x\n"), &known).unwrap();

        let ids: Vec<_> = known.iter().map(|one| one.id).collect();
        assert_eq!(changed, [(ids[0], Some(2)), (ids[1], Some(0)), (ids[2], Some(1)), (ids[5], None)]);
        assert_eq!(figures, Figures { registered: 7, present: 4, absent: 2, walk_in: 0 });
    }

    #[test]
    fn a_cancelled_registration_stands_aside_for_the_one_that_counts() {
        let known = [
            registered(1, "a@example.org", State::Cancelled, 1, None),
            registered(2, "a@example.org", State::Confirmed, 1, None),
            registered(3, "b@example.org", State::Cancelled, 1, None),
        ];
        let (changed, figures) = decide(&list("a@example.org\nb@example.org\n+2"), &known).unwrap();

        assert_eq!(changed, [(known[1].id, Some(1)), (known[2].id, Some(1))]);
        assert_eq!(figures, Figures { registered: 1, present: 2, absent: 0, walk_in: 2 });
    }

    #[test]
    fn an_address_that_nobody_has_is_said_with_the_one_that_was_meant() {
        let known = [registered(1, "ana@example.org", State::Confirmed, 1, None)];
        let problems = decide(&list("anna@example.org\nzoe@example.org"), &known).unwrap_err();

        assert!(problems[0].to_string().contains("is it ana@example.org?"), "{}", problems[0]);
        assert!(!problems[1].to_string().contains("is it"), "{}", problems[1]);
        let group = list("email,present\nana@example.org,2\n");
        assert!(decide(&group, &known).unwrap_err()[0].message.contains("registered for 1"));
    }
}
