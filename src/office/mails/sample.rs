//! A mail of the programme as its readers would get it, for who writes its sentences.

use chrono::TimeDelta;

use crate::{
    locale::Lang,
    mail::{
        self, Frozen, Item, Kind, Letter, MailData, Outcome, Own, ProgrammeLine, Reminder, Timing,
        own::{MASK, Text},
    },
    office::Room,
    programme::Status,
    release::{Release, ReleasedSession},
};

/// What nobody is found by: no code is four of one letter.
const SAMPLE_CODE: &str = "CCCC-CCCC";

/// The letter of that text about the programme's first session that takes place.
pub(super) fn letter(room: &Room<'_>, release: &Release, text: Text, lang: Lang, own: Own) -> Letter {
    let mut sessions = release.sessions.iter().filter(|session| session.status == Status::Scheduled);
    let until = room.now + TimeDelta::hours(24);
    let item = |session: &ReleasedSession, outcome: Outcome| Item {
        session: Frozen::of(release, session, None),
        outcome,
        people: 1,
        sequence: session.sequence,
        before: None,
        after: None,
    };
    let outcomes: &[Outcome] = match text {
        Text::Confirmed | Text::Reminder => &[Outcome::Confirmed],
        Text::Waiting => &[Outcome::Waiting { position: 2 }],
        Text::Mixed => &[Outcome::Confirmed, Outcome::Waiting { position: 2 }],
        Text::Promoted => &[Outcome::Promoted],
        Text::Offered => &[Outcome::Offered { until }],
        Text::Expired => &[Outcome::OfferExpired],
        Text::Cancelled => &[Outcome::Cancelled],
        Text::Changed | Text::Thanks => &[Outcome::AlreadyConfirmed],
    };
    let items = outcomes.iter().filter_map(|outcome| {
        let session = sessions.next()?;
        let mut item = item(session, *outcome);
        if text == Text::Changed {
            let mut told = item.session.told();
            told.place = crate::locale::text(lang, "office-text-sample-place", &[]);
            item.before = Some(told);
        }
        if text == Text::Thanks {
            item.after = Some(mail::After {
                recording: None,
                minutes: String::new(),
                feedback_token: MASK.to_owned(),
                present: true,
            });
        }
        Some(item)
    });
    let stoppable = matches!(text, Text::Reminder | Text::Thanks);
    let data = MailData {
        programme: ProgrammeLine::of(release),
        name: crate::locale::text(lang, "office-text-sample-name", &[]),
        agenda_token: MASK.to_owned(),
        feed_token: MASK.to_owned(),
        items: items.collect(),
        reminder: stoppable.then(|| Reminder {
            timing: if text == Text::Thanks { Timing::After } else { Timing::Day },
            stop_token: MASK.to_owned(),
        }),
        confirm_token: None,
        door_code: Some(SAMPLE_CODE.to_owned()),
        own,
    };
    let id = room.house.tokens.id(room.now);
    Letter { id, kind: kind(text), lang, recipient: "ada@example.org".to_owned(), data, priority: 0 }
}

fn kind(text: Text) -> Kind {
    match text {
        Text::Confirmed | Text::Waiting | Text::Mixed => Kind::Order,
        Text::Promoted => Kind::Promoted,
        Text::Offered => Kind::Offered,
        Text::Expired => Kind::Expired,
        Text::Cancelled => Kind::Cancelled,
        Text::Changed => Kind::Changed,
        Text::Reminder => Kind::Reminder,
        Text::Thanks => Kind::Thanks,
    }
}
