//! Seats of a session, changed alone and at once: how many there are, and how many are held back for whom.

use std::collections::BTreeMap;

use rocket::{form::Form, post};
use serde::Serialize;

use super::{
    Opened,
    session::{self, Asked},
};
use crate::{
    audit::Actor,
    error::Result,
    locale::{Lang, text},
    office::{Right, Room, crossed::Crossed, guard::Signed},
    programme::{
        Capacity, Live,
        cells::Cells,
        edit::meet::{self, Seen, Theirs},
        import::live::Key,
    },
    publication,
    registration::Settings,
    web::{
        form::FormState,
        guards::SameOrigin,
        reply::{Private, Sent},
        typed::Typed,
    },
};

/// Seats of a session beyond which a number is a slip of the hand.
const SEATS_MAX: i64 = 1_000_000;
/// Groups for which one session holds seats back.
const GROUPS_MAX: usize = 20;
/// The longest name of a group, in characters.
const GROUP_CHARS_MAX: usize = 40;

/// A line of the form: seats for a group.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Group {
    /// Its name: `partner`.
    pub name: String,
    /// As typed.
    pub seats: String,
}

/// The form about seats, as a page shows it.
pub(super) struct Shown {
    /// The capacity, and what is wrong.
    pub form: FormState,
    /// Whom seats are held for.
    pub groups: Vec<Group>,
    /// What it has seen, and what others have changed since.
    pub crossed: Crossed,
}

/// The form about what is in force, with an empty line for one group more.
pub(super) fn of(settings: &Settings) -> Shown {
    let mut form = FormState::default();
    let cells = cells(settings.capacity, &settings.held);
    form.set("capacity", &cells["capacity"]);
    let held = settings.held.iter().filter(|(_, seats)| **seats > 0);
    let mut groups: Vec<_> =
        held.map(|(name, seats)| Group { name: name.clone(), seats: seats.to_string() }).collect();
    groups.push(Group::default());
    Shown { form, groups, crossed: Crossed::opened(&cells) }
}

/// The form as it was sent.
fn as_typed(typed: &Typed) -> Shown {
    let mut form = FormState::default();
    form.set("capacity", typed.first("capacity"));
    let seats = typed.all("seats").iter().cloned().chain(std::iter::repeat(String::new()));
    let groups = typed.all("group").iter().cloned().zip(seats).take(GROUPS_MAX);
    let groups = groups.map(|(name, seats)| Group { name, seats }).collect();
    Shown { form, groups, crossed: Crossed::again(typed.first("seen")) }
}

/// What two people at this form are compared by.
fn cells(capacity: Option<i64>, held: &BTreeMap<String, i64>) -> Cells {
    let held = held.iter().filter(|(_, seats)| **seats > 0).map(|(group, seats)| format!("{group}:{seats}"));
    Cells::from([
        ("capacity", capacity.map_or_else(String::new, |seats| seats.to_string())),
        ("held", held.collect::<Vec<_>>().join(", ")),
    ])
}

/// The form with what only the others changed, and everything else as it was typed.
fn met(lang: Lang, typed: &Typed, in_force: &Settings, theirs: &[Theirs]) -> Shown {
    let (mut shown, theirs_shown) = (as_typed(typed), of(in_force));
    for other in theirs.iter().filter(|other| !other.both) {
        match other.field {
            "capacity" => shown.form = theirs_shown.form.clone(),
            _ => shown.groups.clone_from(&theirs_shown.groups),
        }
    }
    let label = |field: &str| text(lang, &format!("office-reg-{field}"), &[]);
    shown.crossed = Crossed::met(&cells(in_force.capacity, &in_force.held), theirs, label);
    shown
}

/// What the form asks for.
#[derive(Debug, PartialEq, Eq)]
struct Wanted {
    capacity: Option<i64>,
    held: BTreeMap<String, i64>,
}

/// What was typed, or what is wrong with it, field by field as message keys.
fn parse(typed: &Typed) -> std::result::Result<Wanted, Vec<(&'static str, &'static str)>> {
    let mut wrong = Vec::new();
    let capacity = match typed.first("capacity").trim() {
        "" => Some(None),
        seats => number(seats).map(Some),
    };
    if capacity.is_none() {
        wrong.push(("capacity", "office-reg-capacity-wrong"));
    }
    let mut held = BTreeMap::new();
    let names = typed.all("group").iter().map(|name| name.trim());
    let seats = typed.all("seats").iter().map(|seats| seats.trim()).chain(std::iter::repeat(""));
    for (name, seats) in names.zip(seats).take(GROUPS_MAX) {
        match (name, number(seats)) {
            ("", _) if seats.is_empty() => {}
            (_, Some(0)) => {}
            (name, None) if seats.is_empty() && is_group(name) => {}
            (name, Some(seats)) if is_group(name) && !held.contains_key(name) => {
                held.insert(name.to_owned(), seats);
            }
            _ => wrong.push(("held", "office-reg-held-wrong")),
        }
    }
    wrong.dedup();
    match (capacity, wrong.is_empty()) {
        (Some(capacity), true) => Ok(Wanted { capacity, held }),
        _ => Err(wrong),
    }
}

fn number(typed: &str) -> Option<i64> {
    typed.parse().ok().filter(|seats| (0..=SEATS_MAX).contains(seats))
}

/// A word of small letters, digits and hyphens: files say `partner:5|press:2`.
fn is_group(name: &str) -> bool {
    !name.is_empty()
        && name.chars().count() <= GROUP_CHARS_MAX
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_')
}

#[post("/<lang>/office/<slug>/registrations/<session>/seats", data = "<typed>", rank = 6)]
pub async fn set(
    _same: SameOrigin,
    signed: Signed,
    lang: Lang,
    slug: &str,
    session: &str,
    typed: Form<Typed>,
    room: Room<'_>,
) -> Result<Private<Sent>> {
    let staff = signed.with(Right::ChangeRegistrations)?;
    let of = (slug, session);
    let opened = Opened::of(&room, &mut room.db().await?, (staff, lang), of, "registrations").await?;
    let found = opened.session;
    let draw = async |shown| {
        session::draw(&signed, lang, slug, session, &Asked::default(), &room, Some(shown)).await
    };
    let wanted = match parse(&typed) {
        Ok(wanted) => wanted,
        Err(wrong) => {
            let mut shown = as_typed(&typed);
            wrong.iter().for_each(|(field, key)| shown.form.refuse(field, text(lang, key, &[])));
            return Ok(Private(Sent::Mistakes(draw(shown).await?)));
        }
    };
    let (seen, said) = (Seen::parse(typed.first("seen")), cells(wanted.capacity, &wanted.held));
    let change = |in_force: &Settings, live: &mut Live| {
        let theirs = meet::meet(&seen, &cells(in_force.capacity, &in_force.held), &said);
        if !theirs.is_empty() {
            return Err(Box::new((in_force.clone(), theirs)));
        }
        let mut keys = vec![Key::Held];
        live.held.clone_from(&wanted.held);
        // What was not touched stays as it is said: by the programme's rule.
        if wanted.capacity != in_force.capacity {
            live.capacity = wanted.capacity.map_or(Capacity::Unlimited, Capacity::Seats);
            keys.push(Key::Capacity);
        }
        Ok(keys)
    };
    let actor = Actor::User(staff.id);
    Ok(Private(match publication::set_live(room.house, actor, slug, found.id, &change).await? {
        Ok(()) => {
            Sent::Done(format!("/{}/office/{slug}/registrations/{}?said=live", lang.code(), found.slug))
        }
        Err(crossed) => {
            let (in_force, theirs) = &*crossed;
            Sent::Crossed(draw(met(lang, &typed, in_force, theirs)).await?)
        }
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(fields: &str) -> Typed {
        rocket::form::Form::<Typed>::parse(fields).unwrap()
    }

    #[test]
    fn seats_are_numbers_and_groups_are_words() {
        let held =
            |held: &[(&str, i64)]| held.iter().map(|(name, seats)| ((*name).to_owned(), *seats)).collect();
        for (sent, wanted) in [
            ("capacity=&group=&seats=", Wanted { capacity: None, held: held(&[]) }),
            (
                "capacity= 80 &group=partner&seats=5&group=&seats=",
                Wanted { capacity: Some(80), held: held(&[("partner", 5)]) },
            ),
            (
                "capacity=8&group=partner&seats=0&group=press&seats=",
                Wanted { capacity: Some(8), held: held(&[]) },
            ),
        ] {
            assert_eq!(parse(&typed(sent)), Ok(wanted), "{sent}");
        }
        for wrong in [
            "capacity=beaucoup",
            "capacity=-1",
            "capacity=8&group=Le+groupe&seats=2",
            "capacity=8&group=&seats=2",
            "capacity=8&group=a&seats=x",
            "capacity=8&group=a&seats=1&group=a&seats=2",
            "capacity=1000001",
        ] {
            assert!(parse(&typed(wrong)).is_err(), "{wrong}");
        }
    }
}
