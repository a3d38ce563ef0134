//! Who came: marked from a list, as often as it is corrected, or one by one at the door; and the figures that stay
//! (docs/decisions/0006).

pub mod door;
pub mod list;
pub mod live;
pub mod store;

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    State, certificate,
    desk::House,
    facts::Facts as Releases,
    store::{self as seat_store, SeatRow},
    thanks,
};
use crate::{
    audit::{self, Actor, Entry, Facts},
    db::Conn,
    error::Result,
    programme::{self, Status, import::Problem},
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
    actor: Actor,
    programme: Uuid,
    session: Uuid,
    list: &List,
    mode: Mode,
    now: DateTime<Utc>,
) -> Result<Marked> {
    let mut tx = house.pool.begin().await?;
    let seat = match hold(&mut tx, programme, session).await? {
        Held::Seat(seat) => seat,
        Held::Off => return Ok(Marked::Off),
        Held::Unknown => return Ok(Marked::Unknown),
    };
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
    let before = store::figures_of(&mut tx, session).await?;
    store::write(&mut tx, &marks, now).await?;
    // A mark that was made at the door before this and is sent later is older than the list.
    store::touch(&mut tx, session, now).await?;
    store::put_figures(&mut tx, programme, session, figures, now).await?;
    follow(&mut tx, house, programme, session, now).await?;
    if before != Some(figures) {
        let subject = audit::subject("session", session);
        let entry = Entry::new(&house.tokens, now, actor, "attendance.list", subject).of(programme);
        let entry = entry.facts(before.map(said).unwrap_or_default(), said(figures));
        audit::record(&mut tx, &entry).await?;
    }
    tx.commit().await?;
    Ok(Marked::Done(figures))
}

/// What the log says of a session's figures.
fn said(figures: Figures) -> Facts {
    let facts = Facts::default().with("present", figures.present).with("absent", figures.absent);
    facts.with("walk_in", figures.walk_in)
}

/// A session whose attendance can be marked, or why not.
enum Held {
    /// Its seat row, locked.
    Seat(Box<SeatRow>),
    /// It does not take place.
    Off,
    /// The programme has published no such session.
    Unknown,
}

/// Locks what marking a session touches: the programme, which who thanks waits for, then the seat row.
async fn hold(db: &mut Conn, programme: Uuid, session: Uuid) -> Result<Held> {
    programme::store::hold(db, programme).await?;
    let seat = seat_store::lock_seats(db, [session]).await?.remove(&session);
    Ok(match seat.filter(|seat| seat.settings.programme == programme) {
        None => Held::Unknown,
        Some(seat) if seat.settings.status != Status::Scheduled => Held::Off,
        Some(seat) => Held::Seat(Box::new(seat)),
    })
}

/// Puts right what depends on who came: certificates, and who is thanked. The caller has [`hold`].
async fn follow(
    db: &mut Conn,
    house: &House,
    programme: Uuid,
    session: Uuid,
    now: DateTime<Utc>,
) -> Result<()> {
    certificate::follow(db, house, programme, session, now).await?;
    let releases = Releases::of(db, house, &BTreeSet::from([programme])).await?;
    match releases.release(programme) {
        Some(release) => thanks::follow(db, house, programme, release, session, now).await,
        None => Err(crate::error::Error::Internal("a seat row of a programme without a release".to_owned())),
    }
}

/// A registration, as far as it matters who came.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Registered {
    /// Which.
    pub id: Uuid,
    /// Whose.
    pub participant_id: Uuid,
    /// Where its mails go; `None` for who has no address, and after erasure.
    pub email: Option<String>,
    /// By which they are found at the door; `None` after erasure, and until they are given one.
    pub code: Option<String>,
    /// Where it stands.
    pub state: State,
    /// For how many.
    pub people: i64,
    /// How many came, where it is marked.
    pub attended: Option<i64>,
    /// When that was so: marked, or taken back.
    pub attended_at: Option<DateTime<Utc>>,
}

impl Registered {
    /// True where nobody knows any more who it was.
    fn is_erased(&self) -> bool {
        self.email.is_none() && self.code.is_none()
    }

    fn has_seat(&self) -> bool {
        self.state == State::Confirmed
    }

    fn is_of(&self, contact: &str) -> bool {
        [&self.email, &self.code].into_iter().any(|known| known.as_deref() == Some(contact))
    }
}

/// What differs from what is marked: the registrations, and how many came of each. And the figures then.
pub type Decided = (Vec<(Uuid, Option<i64>)>, Figures);

/// Decides who came. `known` are the session's registrations, oldest first. Nothing is known any more of who was
/// erased: they stay as they are marked.
fn decide(list: &List, known: &[Registered]) -> Result<Decided, Vec<Problem>> {
    let mut attended: HashMap<Uuid, i64> = HashMap::new();
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
    let came = |one: &Registered| match attended.get(&one.id) {
        _ if one.is_erased() => one.attended,
        Some(came) => Some(*came),
        None => one.has_seat().then_some(0),
    };
    let decided: Vec<_> = known.iter().map(|one| (one, came(one))).collect();
    let changed = decided.iter().filter(|(one, came)| *came != one.attended);
    Ok((changed.map(|(one, came)| (one.id, *came)).collect(), count(&decided, list.walk_ins)))
}

/// The figures of a session's registrations, each with how many came: whoever had a seat and is not marked did not come.
/// Where none is marked, nobody has looked who is there, and nobody is absent.
/// [`store::recount`] counts the same when registrations change afterwards.
fn count(decided: &[(&Registered, Option<i64>)], walk_in: i64) -> Figures {
    let mut figures = Figures { walk_in, ..Figures::default() };
    if decided.iter().all(|(_, came)| came.is_none()) {
        return figures;
    }
    for (one, came) in decided {
        figures.present += came.unwrap_or_default();
        if one.has_seat() {
            figures.registered += one.people;
            figures.absent += one.people - came.unwrap_or_default();
        }
    }
    figures
}

/// The registration of that address, or code: the one that counts, else the last that was cancelled or never got a seat. They
/// may have come all the same.
fn of_contact<'k>(known: &'k [Registered], contact: &str) -> Option<&'k Registered> {
    let mut of = known.iter().rev().filter(|one| one.is_of(contact));
    let last = of.clone().next();
    of.find(|one| one.state.is_live()).or(last)
}

fn unknown(known: &[Registered], contact: &str) -> String {
    let addresses = known.iter().filter_map(|one| one.email.as_deref());
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
        let email = (!contact.is_empty()).then(|| contact.to_owned());
        Registered { id, participant_id: id, email, code: None, state, people, attended, attended_at: None }
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
        assert_eq!(figures, Figures { registered: 7, present: 4, absent: 4, walk_in: 0 });
    }

    #[test]
    fn where_only_people_are_left_whom_nobody_can_mark_nobody_is_absent() {
        let known = [registered(1, "", State::Confirmed, 2, None)];

        let (changed, figures) = decide(&list("+1"), &known).unwrap();

        assert_eq!((changed, figures), (vec![], Figures { walk_in: 1, ..Figures::default() }));
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
