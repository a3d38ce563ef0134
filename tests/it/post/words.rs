//! Mails as they are read: in plain text, and without anybody watching.

use parvis::{
    locale::Lang,
    mail::{After, Item, Kind, Letter, MailData, Outcome, Reminder, Timing, Told, render::render},
    programme::Status,
    view::View,
};
use scraper::{Html, Selector};

use crate::{
    harness::BASE_URL,
    mail::{data, id, item, read, sender},
};

const JOIN: &str = "https://meet.example.org/";
const RECORDING: &str = "https://video.example.org/comment-faire-une-place";
/// Each state that a mail can name.
const OUTCOMES: [Outcome; 11] = [
    Outcome::Confirmed,
    Outcome::Waiting { position: 3 },
    Outcome::AlreadyConfirmed,
    Outcome::AlreadyWaiting { position: 1 },
    Outcome::AlreadyOffered,
    Outcome::Promoted,
    Outcome::Cancelled,
    Outcome::LeftQueue,
    Outcome::OverWeek { limit: 5 },
    Outcome::OverProgramme { limit: 1 },
    Outcome::Overlaps,
];

fn long(mut item: Item) -> Item {
    let title = "Comment faire une place à chaque personne dans la ville\u{a0}: retours d’expérience de onze communes";
    item.session.title = title.to_owned();
    item.session.address =
        "Bâtiment des Forces-Motrices, place des Volontaires 2, 1204 Genève, Suisse".to_owned();
    item.session.join_url = Some(format!("{JOIN}{}", "chambre-".repeat(15)));
    item.people = 4;
    item
}

fn changed(mut item: Item) -> Item {
    let told = item.session.told();
    let place = "Maison de quartier de la Jonction".to_owned();
    let starts_at = told.starts_at.map(|at| at - chrono::TimeDelta::days(1));
    let title = format!("{} (titre provisoire)", told.title);
    item.before = Some(Told { title, place, starts_at, join_url: None, ..told });
    item
}

fn over(mut item: Item) -> Item {
    item.after = Some(After {
        recording: Some(RECORDING.to_owned()),
        minutes: "Nous avons dessiné une place, et un banc que chaque personne peut prendre avec soi.\n\nEt un arbre."
            .to_owned(),
        feedback_token: "feedbacktoken".repeat(6),
        present: item.people > 1,
    });
    item
}

fn stopped_by(timing: Timing) -> Option<Reminder> {
    Some(Reminder { timing, stop_token: "stoptoken".repeat(6) })
}

/// Every kind of mail with one session, with several, with long words, with nothing.
fn letters(lang: Lang) -> Vec<Letter> {
    let mut letters = Vec::new();
    for kind in Kind::ALL {
        let mut some: Vec<Vec<Item>> = OUTCOMES.map(|outcome| vec![item("a", outcome)]).to_vec();
        some.push(OUTCOMES.map(|outcome| long(item("b", outcome))).to_vec());
        some.push(vec![item("a", Outcome::Confirmed), long(item("c", Outcome::Confirmed))]);
        let mut off = item("d", Outcome::AlreadyConfirmed);
        off.session.status = Status::Cancelled;
        some.push(vec![off]);
        if kind == Kind::Changed {
            some.iter_mut().flatten().for_each(|item| *item = changed(item.clone()));
        }
        if kind == Kind::Thanks {
            some.iter_mut().flatten().for_each(|item| *item = over(item.clone()));
        }
        if kind == Kind::Link {
            some = vec![Vec::new()];
        }
        for items in some {
            let reminder = match kind {
                Kind::Reminder if items.len() == 1 => stopped_by(Timing::Soon),
                Kind::Reminder => stopped_by(Timing::Day),
                Kind::Thanks => stopped_by(Timing::After),
                _ => None,
            };
            let data = MailData { items, reminder, ..data(Vec::new()) };
            letters.push(Letter {
                id: id(1),
                kind,
                lang,
                recipient: "ada@example.org".to_owned(),
                data,
                priority: 0,
            });
        }
    }
    letters
}

#[test]
fn the_plain_text_reads_well_in_each_language() {
    let view = View::new().unwrap();
    for lang in [Lang::Fr, Lang::En] {
        for letter in letters(lang) {
            let queued_at = data(vec![item("a", Outcome::Confirmed)]).items[0].session.changed_at;
            let mail = render(&letter, queued_at, &view, &sender()).unwrap();
            let raw = mail.message.formatted();
            let text = read(&raw).body_text(0).unwrap().replace('\r', "");
            if let Ok(folder) = std::env::var("PARVIS_SHOW_MAILS") {
                use std::io::Write as _;
                let mut file = std::fs::File::options().create(true).append(true).open(folder).unwrap();
                writeln!(
                    file,
                    "=== {} {}\nSubject: {}\n\n{text}",
                    letter.kind.code(),
                    lang.code(),
                    mail.subject
                )
                .unwrap();
            }
            assert!(!text.contains("\n\n\n") && text.ends_with('\n') && !text.ends_with("\n\n"), "{text}");
            for line in text.lines() {
                let alone = line.trim_start().trim_start_matches("* ");
                let is_link = alone.starts_with("http") && !alone.contains(' ');
                assert!(is_link || line.chars().count() <= 76, "{line}");
                assert!(is_link || !line.contains("://"), "a link stands alone: {line}");
                assert!(line == "-- " || line.trim_end() == line, "{line:?}");
                assert!(
                    !line.contains("  ") || line.starts_with("  ") && !line.trim().contains("  "),
                    "{line:?}"
                );
                if lang == Lang::Fr {
                    assert!(!line.contains('\'') && !line.contains(" :") && !line.contains(" ?"), "{line}");
                    assert!(!line.contains("« ") && !line.contains(" »"), "{line}");
                }
            }
        }
    }
}

/// Nothing is loaded, and no link says who pressed it beyond the person's own page.
#[test]
fn no_mail_watches_who_reads_it() {
    let view = View::new().unwrap();
    let loads = ["src", "srcset", "background", "poster", "data", "style", "action"];
    let own = |link: &str| link == BASE_URL || link.starts_with(&format!("{BASE_URL}/"));
    // Where the organisers' own links lead.
    let theirs = |link: &str| link.starts_with(JOIN) || link == RECORDING;
    for lang in [Lang::Fr, Lang::En] {
        for letter in letters(lang) {
            let queued_at = data(vec![item("a", Outcome::Confirmed)]).items[0].session.changed_at;
            let mail = render(&letter, queued_at, &view, &sender()).unwrap();
            let page = Html::parse_document(&mail.html);
            for element in page.select(&Selector::parse("*").unwrap()) {
                let element = element.value();
                let refused =
                    ["img", "link", "script", "iframe", "object", "embed", "form", "video", "audio", "base"];
                assert!(!refused.contains(&element.name()), "<{}>", element.name());
                for (name, value) in element.attrs() {
                    assert!(!loads.contains(&name) && !name.starts_with("on"), "{name}={value}");
                    if name == "href" {
                        let known = own(value) || theirs(value) || value == "mailto:info@example.org";
                        assert!(known && !value.contains(['?', '#']), "{value}");
                        assert!(
                            !value.contains("utm_") && !value.contains(&letter.id.to_string()),
                            "{value}"
                        );
                    }
                }
            }
            let styles = mail.html.to_lowercase();
            assert!(
                !styles.contains("url(") && !styles.contains("@import") && !styles.contains("@font-face")
            );
            let links = mail.text.split_whitespace().filter(|word| word.contains("://"));
            assert!(links.into_iter().all(|link| own(link) || theirs(link)), "{}", mail.text);
            let raw = String::from_utf8(mail.message.formatted()).unwrap();
            for asked in ["Disposition-Notification-To", "Return-Receipt-To", "X-Confirm-Reading-To"] {
                assert!(!raw.contains(asked), "{asked}");
            }
        }
    }
}
