//! One cell of a table of sessions to one value of a session. Each error says what would be right.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime};

use super::{
    table::values,
    text,
    time::{self, Moment, TIME_RULE},
    words,
};
use crate::programme::{Access, Capacity, Format as Kind, QueueMode, Registration, RegistrationTime, Status};

/// Seats beyond which a number is a slip of the hand.
pub(super) const SEATS_MAX: i64 = 1_000_000;

/// One or more formats.
pub(super) fn formats(cell: &str) -> Result<Vec<Kind>, String> {
    let mut formats = Vec::new();
    for word in values(cell) {
        let Some(format) = words::format(&word) else {
            let known = Kind::ALL.map(Kind::code).join(", ");
            return Err(format!("{word:?} is no format; it is one or more, parted by |, of: {known}"));
        };
        if !formats.contains(&format) {
            formats.push(format);
        }
    }
    Ok(if formats.is_empty() { vec![Kind::Other] } else { formats })
}

/// Language codes.
pub(super) fn languages(cell: &str) -> Result<Vec<String>, String> {
    let mut codes = Vec::new();
    for value in values(cell) {
        for code in words::languages(&value)? {
            if !codes.contains(&code) {
                codes.push(code);
            }
        }
    }
    Ok(codes)
}

/// One language code, or none.
pub(super) fn language(cell: &str) -> Result<Option<String>, String> {
    match cell.trim() {
        "" => Ok(None),
        word => words::language(word)
            .map(Some)
            .ok_or_else(|| "is no language; write a code such as fr".to_owned()),
    }
}

/// Names, tags, speakers: each one line.
pub(super) fn list(cell: &str) -> Result<Vec<String>, String> {
    values(cell).iter().map(|value| text::word(value)).collect()
}

/// What is there for whom needs it.
pub(super) fn access(cell: &str) -> Result<Vec<Access>, String> {
    let mut found = Vec::new();
    for value in list(cell)? {
        let access = words::access(&value);
        if !found.contains(&access) {
            found.push(access);
        }
    }
    Ok(found)
}

/// Whether one can attend from home.
pub(super) fn online(cell: &str) -> Result<bool, String> {
    words::yes(cell.trim()).ok_or_else(|| "is neither yes nor no; write true, or leave it empty".to_owned())
}

/// A web address, or none.
pub(super) fn address(cell: &str) -> Result<Option<String>, String> {
    if cell.trim().is_empty() { Ok(None) } else { text::web_address(cell).map(Some) }
}

/// How many may come.
pub(super) fn capacity(cell: &str) -> Result<Capacity, String> {
    match words::plain(cell).as_str() {
        "" if cell.trim().is_empty() => return Ok(Capacity::Rule),
        "unlimited" | "illimite" | "illimitee" | "illimitees" | "sans limite" | "no limit" => {
            return Ok(Capacity::Unlimited);
        }
        _ => {}
    }
    let seats = cell.trim().parse::<i64>().ok().filter(|seats| (0..=SEATS_MAX).contains(seats));
    seats.map(Capacity::Seats).ok_or_else(|| {
        format!(
            "is no number of seats; write 0 to {SEATS_MAX}, unlimited, or nothing for the programme's rule"
        )
    })
}

/// How one registers.
pub(super) fn registration(cell: &str) -> Result<Registration, String> {
    let found = match words::plain(cell).as_str() {
        "" if cell.trim().is_empty() => Registration::Open,
        "open" | "ouvert" | "ouverte" => Registration::Open,
        "closed" | "ferme" | "fermee" | "complet" => Registration::Closed,
        "invitation" | "sur invitation" | "by invitation" => Registration::Invitation,
        "none" | "aucune" | "sans" | "sans inscription" | "libre" | "entree libre" => Registration::None,
        _ => {
            let address = text::web_address(cell);
            let address =
                address.map_err(|_| "must be open, closed, invitation, none, or a web address (https://…)");
            Registration::External(address?)
        }
    };
    Ok(found)
}

/// Whether it takes place.
pub(super) fn status(cell: &str) -> Result<Status, String> {
    match words::plain(cell).as_str() {
        "" if cell.trim().is_empty() => Ok(Status::Scheduled),
        "scheduled" | "confirmed" | "confirme" | "confirmee" | "maintenu" | "maintenue" => {
            Ok(Status::Scheduled)
        }
        "cancelled" | "canceled" | "annule" | "annulee" => Ok(Status::Cancelled),
        "withdrawn" | "retire" | "retiree" => Ok(Status::Withdrawn),
        _ => Err("must be empty or cancelled".to_owned()),
    }
}

/// The session's own way to serve its queue, or none.
pub(super) fn queue(cell: &str) -> Result<Option<QueueMode>, String> {
    match cell.trim() {
        "" => Ok(None),
        "promote" => Ok(Some(QueueMode::Promote)),
        "offer" => Ok(Some(QueueMode::Offer)),
        _ => Err("must be promote, offer, or empty for the programme's rule".to_owned()),
    }
}

/// Seats kept back, by group: `partner:5|press:2`.
pub(super) fn held(cell: &str) -> Result<BTreeMap<String, i64>, String> {
    let mut held = BTreeMap::new();
    for value in values(cell) {
        let rule = || format!("{value:?} is no group and number; write it as partner:5|press:2");
        let (group, seats) = value.rsplit_once(':').ok_or_else(rule)?;
        let seats = seats.trim().parse::<i64>().ok().filter(|seats| (0..=SEATS_MAX).contains(seats));
        let (group, seats) = (text::title(group).map_err(|_| rule())?, seats.ok_or_else(rule)?);
        if held.insert(group.clone(), seats).is_some() {
            return Err(format!("names the group {group:?} twice"));
        }
    }
    Ok(held)
}

/// When registration opens: a local time, of which a day alone is its first moment, or a span before the start.
pub(super) fn opens(cell: &str) -> Result<Option<RegistrationTime>, String> {
    moment_of_registration(cell, NaiveTime::MIN)
}

/// When registration closes: a day alone is its last minute.
pub(super) fn closes(cell: &str) -> Result<Option<RegistrationTime>, String> {
    moment_of_registration(cell, last_minute())
}

fn moment_of_registration(cell: &str, time: NaiveTime) -> Result<Option<RegistrationTime>, String> {
    let cell = cell.trim();
    if cell.is_empty() {
        return Ok(None);
    }
    if cell.starts_with(['-', '\u{2212}']) {
        return span(cell).map(Some);
    }
    let moment = time::moment(cell)?;
    let day = moment.date.ok_or("has no day; write it as 2027-04-01T09:00")?;
    Ok(Some(RegistrationTime::At(moment.on(day).unwrap_or_else(|| day.and_time(time)))))
}

/// A span before the start of the session: `-7d`, `-48h`, `-30m`.
pub(super) fn span(cell: &str) -> Result<RegistrationTime, String> {
    RegistrationTime::before(cell).ok_or_else(|| {
        "is no time before the start; write -7d, -48h or -30m (days, hours, minutes), or 2027-04-01T09:00"
            .to_owned()
    })
}

fn last_minute() -> NaiveTime {
    NaiveTime::from_hms_opt(23, 59, 0).expect("the day has that minute")
}

/// What an end says, whenever the session begins; nothing where it is empty.
pub(super) fn end_moment(cell: &str) -> Result<Option<Moment>, String> {
    if cell.trim().is_empty() {
        return Ok(None);
    }
    let moment = time::moment(cell).map_err(|why| {
        if why.contains("is no date") {
            format!("is no time; {TIME_RULE}, or 2027-04-20 12:00 on another day")
        } else {
            why
        }
    })?;
    Ok(Some(moment))
}

/// The end of a session that begins then. A time before the start is on the next day.
pub(super) fn end(
    cell: &str,
    date: NaiveDate,
    start: Option<NaiveTime>,
) -> Result<Option<NaiveDateTime>, String> {
    let Some(moment) = end_moment(cell)? else { return Ok(None) };
    let begins = date.and_time(start.unwrap_or_default());
    match (moment.on(date), moment.date) {
        (Some(end), Some(_)) if end < begins => Err(format!("ends before the session begins ({begins})")),
        (Some(end), Some(_)) => Ok(Some(end)),
        (Some(end), None) if end < begins => Ok(end.checked_add_days(Days::new(1))),
        (Some(end), None) => Ok(Some(end)),
        // A day alone ends a session of whole days.
        (None, Some(day)) if start.is_none() && day >= date => Ok(Some(day.and_time(last_minute()))),
        (None, Some(day)) if day < date => Err(format!("ends before the session's day ({date})")),
        (None, _) => Err("has no time; write it as 10:30, or 2027-04-20 12:00 on another day".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2021, 4, day).unwrap()
    }

    fn at(on: u32, hour: u32, minute: u32) -> Result<Option<NaiveDateTime>, String> {
        Ok(day(on).and_hms_opt(hour, minute, 0))
    }

    #[test]
    fn an_end_is_on_its_day_or_the_next_or_its_own() {
        let start = NaiveTime::from_hms_opt(10, 0, 0);
        assert_eq!(end("10:30", day(19), start), at(19, 10, 30));
        assert_eq!(end("1h30", day(19), start), at(20, 1, 30));
        assert_eq!(end("10:00", day(19), start), at(19, 10, 0));
        assert_eq!(end("24:00", day(19), start), at(20, 0, 0));
        assert_eq!(end("2021-04-20 12:00", day(19), start), at(20, 12, 0));
        assert_eq!(end("", day(19), start), Ok(None));
        assert_eq!(end("21.04.2021", day(19), None), at(21, 23, 59));
        assert!(end("2021-04-18 12:00", day(19), start).is_err());
        assert!(end("2021-04-20", day(19), start).is_err());
        assert!(end("vers midi", day(19), start).is_err());
    }

    #[test]
    fn seats_are_a_number_a_word_or_the_rule() {
        assert_eq!(capacity(""), Ok(Capacity::Rule));
        assert_eq!(capacity(" illimité "), Ok(Capacity::Unlimited));
        assert_eq!(capacity("80"), Ok(Capacity::Seats(80)));
        for wrong in ["-1", "80.5", "beaucoup", "99999999999999999999", "?"] {
            assert!(capacity(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn registration_is_a_word_or_an_address() {
        assert_eq!(registration("Sur invitation"), Ok(Registration::Invitation));
        assert_eq!(
            registration("https://example.org/x"),
            Ok(Registration::External("https://example.org/x".to_owned()))
        );
        assert!(registration("javascript:alert(1)").is_err());
    }

    #[test]
    fn registration_opens_at_a_time_or_so_long_before_the_start() {
        let at = |hour, minute| RegistrationTime::At(day(1).and_hms_opt(hour, minute, 0).unwrap());
        assert_eq!(opens("1.4.2021 9h"), Ok(Some(at(9, 0))));
        assert_eq!((opens("2021-04-01"), closes("2021-04-01")), (Ok(Some(at(0, 0))), Ok(Some(at(23, 59)))));
        assert_eq!(opens(" -7j "), Ok(Some(RegistrationTime::DaysBefore(7))));
        assert_eq!(closes("-90m"), Ok(Some(RegistrationTime::MinutesBefore(90))));
        assert_eq!(closes(""), Ok(None));
        for wrong in ["-7", "-7w", "-0h", "-2d12h", "7d", "- 7d"] {
            assert!(opens(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn held_seats_are_groups_with_numbers() {
        let two = BTreeMap::from([("partner".to_owned(), 5), ("press".to_owned(), 2)]);
        assert_eq!(held("partner:5|press:2"), Ok(two));
        assert_eq!(held(""), Ok(BTreeMap::new()));
        for wrong in ["partner", "partner:x", "partner:-1", ":3", "a:1|a:2"] {
            assert!(held(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn formats_are_words_in_either_language() {
        assert_eq!(formats("Atelier|table ronde"), Ok(vec![Kind::Workshop, Kind::RoundTable]));
        assert_eq!(formats(""), Ok(vec![Kind::Other]));
        assert!(formats("Game Jam").is_err());
    }
}
