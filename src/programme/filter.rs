//! What a visitor asks of the programme: `?q= &theme= &format= &day= &language= &org= &open=1 &online=1 &access=`.
//!
//! A value that the programme does not have is left out and named, so that the page can say so; it never fails.

use chrono::{NaiveDate, TimeDelta};

use crate::programme::{Access, Format, Session};

/// Of a filter's value, so many characters are kept and shown again.
pub const VALUE_CHARS_MAX: usize = 200;

/// What is asked. An empty filter lets every session through.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Words to search for; empty: none.
    pub q: String,
    /// The slug of a theme.
    pub theme: Option<String>,
    /// One of a session's formats.
    pub format: Option<Format>,
    /// A day on which the session takes place.
    pub day: Option<NaiveDate>,
    /// A language that is spoken.
    pub language: Option<String>,
    /// The slug of a host.
    pub org: Option<String>,
    /// Only where a seat or a turn can be had with our form.
    pub open: bool,
    /// `1`: what can be attended from home; `0`: what has a place.
    pub online: Option<Where>,
    /// One of the six needs that we know.
    pub access: Option<Access>,
}

/// From where one attends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Where {
    /// From home (`online=1`).
    Online,
    /// In a place (`online=0`).
    OnSite,
}

impl Where {
    /// As in the address.
    pub fn code(self) -> &'static str {
        match self {
            Where::Online => "1",
            Where::OnSite => "0",
        }
    }
}

/// What the programme has: a filter can ask for that.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choices {
    /// Slugs.
    pub themes: Vec<String>,
    /// Slugs.
    pub organisations: Vec<String>,
    /// Codes, in the order of the programme.
    pub languages: Vec<String>,
    /// In their order, days without a session left out.
    pub days: Vec<NaiveDate>,
    /// Those that a session has, in the order of [`Format::ALL`].
    pub formats: Vec<Format>,
    /// Those that a session has, in the order of [`Access::KNOWN`].
    pub access: Vec<Access>,
    /// True where there are sessions online and sessions in places.
    pub both_places: bool,
}

impl Choices {
    /// What these sessions can be filtered by. Themes and hosts stand in the given order.
    pub fn of<'s>(
        themes: impl IntoIterator<Item = &'s str>,
        organisations: impl IntoIterator<Item = &'s str>,
        sessions: &[&Session],
    ) -> Choices {
        let has = |test: &dyn Fn(&Session) -> bool| sessions.iter().any(|session| test(session));
        let mut days: Vec<_> = sessions.iter().map(|session| session.date).collect();
        days.sort_unstable();
        days.dedup();
        let mut languages: Vec<String> = Vec::new();
        for language in sessions.iter().flat_map(|session| &session.languages) {
            if !languages.contains(language) {
                languages.push(language.clone());
            }
        }
        Choices {
            themes: themes.into_iter().map(str::to_owned).collect(),
            organisations: organisations.into_iter().map(str::to_owned).collect(),
            languages,
            days,
            formats: Format::ALL
                .into_iter()
                .filter(|f| has(&|session| session.formats.contains(f)))
                .collect(),
            access: Access::KNOWN
                .into_iter()
                .filter(|a| has(&|session| session.access.contains(a)))
                .collect(),
            both_places: has(&|session| session.online) && has(&|session| session.place.is_some()),
        }
    }
}

/// A filter in an address whose value the programme does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ignored {
    /// Which filter: `theme`, `day`…
    pub name: &'static str,
    /// What stood there, cut at [`VALUE_CHARS_MAX`].
    pub value: String,
}

impl Filter {
    /// Reads the fields of an address. Of several values of one filter the first counts; other names are
    /// not ours and say nothing.
    pub fn parse<'q>(
        fields: impl IntoIterator<Item = (&'q str, &'q str)>,
        choices: &Choices,
    ) -> (Filter, Vec<Ignored>) {
        let mut filter = Filter::default();
        let mut ignored = Vec::new();
        let mut seen = Vec::new();
        for (name, value) in fields {
            let value: String = value.trim().chars().take(VALUE_CHARS_MAX).collect();
            let Some(name) = NAMES.into_iter().find(|known| *known == name) else { continue };
            if value.is_empty() || seen.contains(&name) {
                continue;
            }
            seen.push(name);
            if !filter.set(name, &value, choices) {
                ignored.push(Ignored { name, value });
            }
        }
        (filter, ignored)
    }

    /// False where the programme has no such value.
    fn set(&mut self, name: &str, value: &str, choices: &Choices) -> bool {
        let known = |list: &[String]| list.iter().find(|known| *known == value).cloned();
        match name {
            "q" => self.q = value.to_owned(),
            "theme" => self.theme = known(&choices.themes),
            "format" => self.format = Format::parse(value),
            "day" => self.day = value.parse().ok().filter(|day| choices.days.contains(day)),
            "language" => self.language = known(&choices.languages),
            "org" => self.org = known(&choices.organisations),
            "open" => self.open = value == "1",
            "online" => {
                self.online = [Where::Online, Where::OnSite].into_iter().find(|w| w.code() == value);
            }
            _ => self.access = Access::KNOWN.into_iter().find(|known| known.code() == value),
        }
        match name {
            "theme" => self.theme.is_some(),
            "format" => self.format.is_some(),
            "day" => self.day.is_some(),
            "language" => self.language.is_some(),
            "org" => self.org.is_some(),
            "open" => self.open || value == "0",
            "online" => self.online.is_some(),
            "access" => self.access.is_some(),
            _ => true,
        }
    }

    /// True where nothing is asked.
    pub fn is_empty(&self) -> bool {
        *self == Filter::default()
    }

    /// True where the session is asked for, by all but `q` and `open`, which are not in the session.
    pub fn lets_through(&self, session: &Session) -> bool {
        self.theme.as_ref().is_none_or(|theme| session.theme.as_ref() == Some(theme))
            && self.format.is_none_or(|format| session.formats.contains(&format))
            && self.day.is_none_or(|day| takes_place_on(session, day))
            && self.language.as_ref().is_none_or(|language| session.languages.contains(language))
            && self.org.as_ref().is_none_or(|org| session.hosts.contains(org))
            && self.access.as_ref().is_none_or(|access| session.access.contains(access))
            && self.online.is_none_or(|online| match online {
                Where::Online => session.online,
                Where::OnSite => session.place.is_some(),
            })
    }
}

const NAMES: [&str; 9] = ["q", "theme", "format", "day", "language", "org", "open", "online", "access"];

/// True from its first day to its last; the small hours still belong to the evening before.
pub fn takes_place_on(session: &Session, day: NaiveDate) -> bool {
    let night = TimeDelta::hours(6);
    let last = session.end.map_or(session.date, |end| (end - night).date()).max(session.date);
    (session.date..=last).contains(&day)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::programme::Status;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2027, 4, day).unwrap()
    }

    fn session() -> Session {
        Session {
            slug: "forum".to_owned(),
            id: uuid::Uuid::nil(),
            title: "Forum ouvert".to_owned(),
            theme: Some("lab".to_owned()),
            formats: vec![Format::OpenForum],
            date: day(19),
            start: None,
            end: None,
            languages: vec!["fr".to_owned()],
            place: None,
            online: true,
            hosts: vec!["socialup".to_owned()],
            speakers: vec![],
            r#abstract: String::new(),
            description: String::new(),
            tags: vec![],
            access: vec![Access::SignLanguage],
            status: Status::Scheduled,
            text_language: None,
            recording: None,
            minutes: String::new(),
            cancel_reason: String::new(),
        }
    }

    fn choices() -> Choices {
        Choices::of(["lab"], ["socialup"], &[&session()])
    }

    #[test]
    fn known_values_filter_and_unknown_ones_are_named() {
        let asked = [
            ("q", "  santé "),
            ("theme", "lab"),
            ("theme", "autre"),
            ("format", "dance"),
            ("day", "2027-02-30"),
            ("online", "1"),
            ("open", "1"),
            ("org", ""),
            ("utm_source", "journal"),
        ];
        let (filter, ignored) = Filter::parse(asked, &choices());

        let expected = Filter {
            q: "santé".to_owned(),
            theme: Some("lab".to_owned()),
            open: true,
            online: Some(Where::Online),
            ..Filter::default()
        };
        assert_eq!(filter, expected);
        let named: Vec<_> = ignored.iter().map(|i| (i.name, i.value.as_str())).collect();
        assert_eq!(named, [("format", "dance"), ("day", "2027-02-30")]);
    }

    #[test]
    fn each_filter_lets_its_own_through_and_nothing_else() {
        let yes = |field, value| Filter::parse([(field, value)], &choices()).0.lets_through(&session());
        for (field, value) in [
            ("theme", "lab"),
            ("format", "open-forum"),
            ("day", "2027-04-19"),
            ("language", "fr"),
            ("org", "socialup"),
            ("online", "1"),
            ("access", "sign-language"),
        ] {
            assert!(yes(field, value), "{field}");
        }
        for (field, value) in [("format", "workshop"), ("online", "0"), ("access", "childcare")] {
            assert!(!yes(field, value), "{field}");
        }
    }

    #[test]
    fn a_weekend_is_found_on_both_days_and_a_night_on_its_evening() {
        let mut session = session();
        session.end = day(20).and_hms_opt(17, 0, 0);
        assert_eq!([18, 19, 20, 21].map(|d| takes_place_on(&session, day(d))), [false, true, true, false]);
        session.end = day(20).and_hms_opt(1, 0, 0);
        assert_eq!([19, 20].map(|d| takes_place_on(&session, day(d))), [true, false]);
    }

    proptest! {
        #[test]
        fn any_address_is_read(fields in proptest::collection::vec(("q|theme|format|day|language|org|open|online|access", any::<String>()), 0..12)) {
            let fields = fields.iter().map(|(name, value)| (name.as_str(), value.as_str()));
            let (filter, ignored) = Filter::parse(fields, &choices());
            prop_assert!(filter.q.chars().count() <= VALUE_CHARS_MAX && ignored.len() <= 9);
        }
    }
}
