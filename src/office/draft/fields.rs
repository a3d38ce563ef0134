//! The fields of each form, the most used first, and what can be chosen in them.

use chrono_tz::Tz;

use super::form::{Form, Group, Kind, Live, Need, Spec};
use crate::{
    locale::{self, Lang, text},
    programme::{Access, Draft, Format, routes::colours, words},
};

const fn free(field: &'static str, kind: Kind) -> Spec {
    Spec { field, kind, need: Need::Free }
}

const fn needed(field: &'static str, kind: Kind) -> Spec {
    Spec { field, kind, need: Need::Needed }
}

const fn part(name: &'static str, fields: &'static [Spec]) -> Group {
    Group { name, fields, live: Live::WithRelease }
}

const WHEN: Group =
    part("when", &[needed("date", Kind::Date), free("start", Kind::Time), free("end", Kind::End)]);

const SLUG: Spec = free("slug", Kind::Text);

const SESSION_PARTS: &[Group] = &[
    part("what", &[needed("title", Kind::Text), free("theme", Kind::Select), free("format", Kind::Checks)]),
    WHEN,
    part("where", &[free("place", Kind::Select), free("online", Kind::Check)]),
    Group {
        name: "live",
        fields: &[
            free("capacity", Kind::Short),
            free("registration", Kind::Registration),
            free("held", Kind::Lines),
            free("opens", Kind::Short),
            free("closes", Kind::Short),
            free("queue", Kind::Select),
            free("join_url", Kind::Text),
        ],
        live: Live::AtOnce,
    },
    part(
        "who",
        &[free("hosts", Kind::Checks), free("speakers", Kind::Lines), free("language", Kind::ChecksAndLines)],
    ),
    part(
        "texts",
        &[
            free("abstract", Kind::Area),
            free("description", Kind::Markdown),
            free("tags", Kind::Lines),
            free("text_language", Kind::Short),
        ],
    ),
    part("access", &[free("access", Kind::ChecksAndLines)]),
    part("after", &[free("recording", Kind::Text), free("minutes", Kind::Markdown)]),
];

/// A session's.
pub const SESSION: Form = Form { thing: "session", groups: SESSION_PARTS };
/// A new session's.
pub const NEW_SESSION: Form = Form {
    thing: "session",
    groups: &[
        SESSION_PARTS[0],
        SESSION_PARTS[1],
        SESSION_PARTS[2],
        SESSION_PARTS[3],
        SESSION_PARTS[4],
        SESSION_PARTS[5],
        SESSION_PARTS[6],
        part("address", &[SLUG]),
    ],
};
/// What partners say of a session; its fields are [`FIELDS`](crate::proposals::said::FIELDS).
pub const PROPOSAL: Form = Form {
    thing: "session",
    groups: &[
        SESSION_PARTS[0],
        SESSION_PARTS[1],
        SESSION_PARTS[2],
        part("seats", &[free("capacity", Kind::Short), free("join_url", Kind::Text)]),
        part("people", &[free("speakers", Kind::Lines), free("language", Kind::ChecksAndLines)]),
        SESSION_PARTS[5],
        SESSION_PARTS[6],
    ],
};
/// What anybody can say who answers the public call: what is not public yet (places), or never (where to join), is left out.
pub const CALL: Form = Form {
    thing: "session",
    groups: &[
        PROPOSAL.groups[0],
        PROPOSAL.groups[1],
        part("seats", &[free("capacity", Kind::Short), free("online", Kind::Check)]),
        PROPOSAL.groups[4],
        PROPOSAL.groups[5],
        PROPOSAL.groups[6],
    ],
};
/// When a session is, alone.
pub const TIME: Form = Form { thing: "session", groups: &[WHEN] };

const THEME_FIELDS: Group = part(
    "theme",
    &[
        needed("title", Kind::Text),
        free("starts", Kind::Date),
        free("ends", Kind::Date),
        free("colour", Kind::Colour),
        free("summary", Kind::Markdown),
    ],
);
const PLACE_FIELDS: Group = part(
    "place",
    &[
        needed("name", Kind::Text),
        free("address", Kind::Text),
        free("access", Kind::Area),
        free("latitude", Kind::Short),
        free("longitude", Kind::Short),
    ],
);
const ORGANISATION_FIELDS: Group = part(
    "organisation",
    &[needed("name", Kind::Text), free("url", Kind::Text), free("summary", Kind::Markdown)],
);
const ADDRESS: Group = part("address", &[SLUG]);

/// A theme's.
pub const THEME: Form = Form { thing: "theme", groups: &[THEME_FIELDS] };
/// A new theme's.
pub const NEW_THEME: Form = Form { thing: "theme", groups: &[THEME_FIELDS, ADDRESS] };
/// A place's.
pub const PLACE: Form = Form { thing: "place", groups: &[PLACE_FIELDS] };
/// A new place's.
pub const NEW_PLACE: Form = Form { thing: "place", groups: &[PLACE_FIELDS, ADDRESS] };
/// An organisation's.
pub const ORGANISATION: Form = Form { thing: "organisation", groups: &[ORGANISATION_FIELDS] };
/// A new organisation's.
pub const NEW_ORGANISATION: Form = Form { thing: "organisation", groups: &[ORGANISATION_FIELDS, ADDRESS] };

const PRESS_FIELDS: Group = part(
    "press",
    &[
        needed("title", Kind::Text),
        needed("date", Kind::Date),
        free("place", Kind::Text),
        free("language", Kind::Select),
        free("text", Kind::Markdown),
    ],
);
/// That of a release to the press.
pub const PRESS: Form = Form { thing: "press", groups: &[PRESS_FIELDS] };
/// That of a new release to the press.
pub const NEW_PRESS: Form = Form { thing: "press", groups: &[PRESS_FIELDS, ADDRESS] };

/// The programme's own settings.
pub const SETTINGS: Form = Form {
    thing: "settings",
    groups: &[
        part(
            "programme",
            &[
                needed("title", Kind::Text),
                free("tagline", Kind::Text),
                free("summary", Kind::Markdown),
                needed("starts", Kind::Date),
                needed("ends", Kind::Date),
                needed("timezone", Kind::Select),
                free("languages", Kind::ChecksAndLines),
            ],
        ),
        part(
            "contact",
            &[
                free("contact.email", Kind::Text),
                free("contact.press_email", Kind::Text),
                free("contact.press_phone", Kind::Text),
            ],
        ),
        part(
            "rules",
            &[
                free("rules.capacity", Kind::Short),
                free("rules.opens", Kind::Short),
                free("rules.closes", Kind::Short),
                free("rules.per_week", Kind::Short),
                free("rules.per_programme", Kind::Short),
                free("rules.overlap", Kind::Select),
                free("rules.confirm", Kind::Select),
            ],
        ),
        part(
            "queue",
            &[
                free("rules.queue", Kind::Select),
                free("rules.offer_hours", Kind::Short),
                free("rules.quiet", Kind::Between),
                free("rules.reminders", Kind::Lines),
            ],
        ),
        part("partners", &[free("rules.partners_see_names", Kind::Check)]),
        Group {
            name: "call",
            fields: &[
                free("call.opens", Kind::Short),
                free("call.closes", Kind::Short),
                free("call.text", Kind::Markdown),
            ],
            live: Live::AtOnce,
        },
    ],
};
/// What a new programme needs.
pub const NEW_PROGRAMME: Form = Form {
    thing: "settings",
    groups: &[part(
        "programme",
        &[
            needed("title", Kind::Text),
            needed("slug", Kind::Text),
            needed("starts", Kind::Date),
            needed("ends", Kind::Date),
            needed("timezone", Kind::Select),
            free("languages", Kind::ChecksAndLines),
        ],
    )],
};

/// Languages that are a tick away; others are typed.
const LANGUAGES: [&str; 4] = ["fr", "en", "de", "it"];

/// Values that a field has boxes for.
pub fn fixed(field: &str) -> Vec<&'static str> {
    match field {
        "language" | "languages" => LANGUAGES.to_vec(),
        "access" => Access::KNOWN
            .iter()
            .map(|access| match access {
                Access::StepFree => "step-free",
                Access::SignLanguage => "sign-language",
                Access::HearingLoop => "hearing-loop",
                Access::Childcare => "childcare",
                Access::EasyLanguage => "easy-language",
                Access::QuietRoom => "quiet-room",
                Access::Text(_) => "",
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// What can be chosen in a field: value and word.
pub fn choices(field: &str, lang: Lang, draft: &Draft) -> Vec<(String, String)> {
    let none = || (String::new(), text(lang, "office-draft-choice-none", &[]));
    let named = |names: Vec<(&str, &str)>| -> Vec<(String, String)> {
        names.into_iter().map(|(slug, name)| (slug.to_owned(), name.to_owned())).collect()
    };
    let words = |prefix: &str, codes: &[&str]| -> Vec<(String, String)> {
        codes
            .iter()
            .map(|code| ((*code).to_owned(), text(lang, &format!("office-draft-{prefix}-{code}"), &[])))
            .collect()
    };
    use crate::programme::edit::frame::Kind as Named;
    match field {
        "theme" => [vec![none()], named(Named::Theme.names(draft))].concat(),
        "place" => [vec![none()], named(Named::Place.names(draft))].concat(),
        "hosts" => {
            let mut hosts = named(Named::Organisation.names(draft));
            hosts.sort_by_key(|(_, name)| crate::programme::import::plain(name));
            hosts
        }
        "format" => Format::ALL.map(|format| (format.code().to_owned(), words::format(lang, format))).into(),
        "language" | "languages" => {
            LANGUAGES.map(|code| (code.to_owned(), words::language(lang, code))).into()
        }
        "access" => fixed("access")
            .into_iter()
            .map(|code| {
                (code.to_owned(), words::capital(&words::access(lang, &Access::from(code.to_owned()))))
            })
            .collect(),
        "queue" => [
            vec![(String::new(), text(lang, "office-draft-choice-rule", &[]))],
            words("queue", &["promote", "offer"]),
        ]
        .concat(),
        "registration" => words("registration", &["open", "closed", "invitation", "none", "external"]),
        "rules.queue" => words("queue", &["promote", "offer"]),
        "rules.overlap" => words("overlap", &["warn", "refuse"]),
        "rules.confirm" => words("confirm", &["instant", "link"]),
        "timezone" => zones(lang),
        "every" => words("every", &["day", "days", "1", "2", "4"]),
        "days" => (0_u64..7)
            .filter_map(|day| {
                let date =
                    chrono::NaiveDate::from_ymd_opt(2027, 3, 1)?.checked_add_days(chrono::Days::new(day))?;
                Some((day.to_string(), words::capital(locale::weekday(lang, date))))
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// Every language that has a name, where one is chosen: the programme's own first.
pub fn languages(lang: Lang, draft: &Draft) -> Vec<(String, String)> {
    let own = &draft.programme.languages;
    let named = |code: &str| (code.to_owned(), words::capital(&words::language(lang, code)));
    let keys = locale::keys(lang);
    let known = keys.iter().filter_map(|key| key.strip_prefix("lang-name-"));
    let mut others: Vec<_> = known.filter(|code| !own.iter().any(|own| own == code)).map(named).collect();
    others.sort_by_key(|(_, name)| crate::programme::import::plain(name));
    [own.iter().map(|code| named(code)).collect(), others].concat()
}

/// Zones by their city: those of Europe first.
pub fn zones(lang: Lang) -> Vec<(String, String)> {
    let is_place = |zone: &&Tz| zone.name().contains('/') && !zone.name().starts_with("Etc/");
    let mut zones: Vec<(bool, &'static str)> = chrono_tz::TZ_VARIANTS
        .iter()
        .filter(is_place)
        .map(|zone| (!zone.name().starts_with("Europe/"), zone.name()))
        .collect();
    zones.sort_unstable();
    let label = |name: &str| format!("{name} ({})", locale::zone(lang, name));
    let mut named: Vec<(String, String)> =
        zones.into_iter().map(|(_, name)| (name.to_owned(), label(name))).collect();
    named.push(("UTC".to_owned(), "UTC".to_owned()));
    named
}

/// What WCAG 2.2 asks of text (1.4.3).
const CONTRAST_LEAST: f64 = 4.5;

/// How well white letters can be read on a colour: « Contraste avec du blanc : 5,2 (lisible) ».
pub fn contrast(lang: Lang, colour: &str) -> String {
    let Some(ratio) = colours::contrast_with_white(colour) else { return String::new() };
    let said = format!("{ratio:.1}");
    let said = if lang == Lang::Fr { said.replace('.', ",") } else { said };
    let key =
        if ratio >= CONTRAST_LEAST { "office-draft-contrast-good" } else { "office-draft-contrast-poor" };
    text(lang, key, &[("ratio", said.into())])
}

/// The same of a colour on which they cannot be read well; of any other nothing.
pub fn poor_contrast(lang: Lang, colour: &str) -> String {
    let is_poor = colours::contrast_with_white(colour).is_some_and(|ratio| ratio < CONTRAST_LEAST);
    if is_poor { contrast(lang, colour) } else { String::new() }
}

/// What a copy says for itself.
pub const COPY: Form = Form {
    thing: "session",
    groups: &[part("copy", &[needed("title", Kind::Text), needed("date", Kind::Date), SLUG])],
};
/// When a series comes.
pub const SERIES: Form = Form {
    thing: "series",
    groups: &[part(
        "series",
        &[
            needed("every", Kind::Select),
            free("days", Kind::Checks),
            free("times", Kind::Short),
            free("until", Kind::Date),
            free("skip", Kind::Lines),
        ],
    )],
};
/// Why a session does not take place.
pub const CANCEL: Form =
    Form { thing: "session", groups: &[part("cancel", &[needed("cancel_reason", Kind::Area)])] };
/// What needs no word.
pub const NOTHING: Form = Form { thing: "session", groups: &[] };
