//! From a message to the mails of its readers.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{
    About, Content, PEOPLE_A_DAY_MAX, TESTS_MAX,
    audience::{Audience, Outlook, Person},
    store::{
        self, Message,
        outlook::{self, Among},
    },
};
use crate::{
    db::Conn,
    error::Result,
    locale::Lang,
    mail::{self, Frozen, Item, Letter, MailData, Outcome, Own, ProgrammeLine, outbox},
    programme::{self, Status},
    registration::{
        State, decide,
        desk::House,
        store::{
            self as seat_store,
            concerned::{self, Registered},
            erase,
        },
    },
    release::{Release, published::Published},
    tokens::Purpose,
};

/// What became of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sent {
    /// It is on its way.
    Done {
        /// To so many people.
        people: i64,
    },
    /// It was sent before: a double click, a second editor.
    Already,
    /// Nobody is there to get it.
    Nobody,
    /// More people than its sender may still write to today.
    TooMany {
        /// Whom it is for.
        people: i64,
        /// So many may still be written to.
        left: i64,
    },
}

/// Writes a mail to each of its readers, once. The caller begins, notes who did it, and commits; where it is not
/// [`Sent::Done`], nothing is written.
pub async fn send(
    db: &mut Conn,
    house: &House,
    published: &Published,
    message: &Message,
    sender: Uuid,
    now: DateTime<Utc>,
) -> Result<Sent> {
    // Two who send at once: the second finds what the first has sent.
    programme::store::hold(db, published.id).await?;
    let content = message.content();
    let audience = audience(db, published, content).await?;
    let people = i64::try_from(audience.reached.len()).unwrap_or(i64::MAX);
    if people == 0 {
        return Ok(Sent::Nobody);
    }
    let left = left_today(db, sender, now).await?;
    if people > left {
        return Ok(Sent::TooMany { people, left });
    }
    if !store::claim(db, message.id, sender, people, now).await? {
        return Ok(Sent::Already);
    }
    // Who is erased this moment is waited for, and gets nothing.
    let ids: Vec<_> = audience.reached.iter().map(|person| person.participant).collect();
    erase::lock_people(db, &ids).await?;
    let letters = letters(db, house, published, content, &audience.reached, now).await?;
    outbox::queue(db, &letters, now).await?;
    Ok(Sent::Done { people })
}

/// To how many people this user may still write today.
pub async fn left_today(db: &mut Conn, sender: Uuid, now: DateTime<Utc>) -> Result<i64> {
    let written = store::written_to_since(db, sender, now - TimeDelta::days(1)).await?;
    Ok((PEOPLE_A_DAY_MAX - written).max(0))
}

/// Who gets it, as things stand.
pub async fn audience(db: &mut Conn, published: &Published, content: &Content) -> Result<Audience> {
    let readers = store::readers(db, &content.sessions(&published.release)).await?;
    Ok(Audience::of(content, &readers))
}

/// Whom it would reach, in figures, and the first `named` of those who are to be called. To more than
/// [`PEOPLE_A_DAY_MAX`] nobody can send it, so that one more is the last who is counted.
pub async fn outlook(db: &mut Conn, published: &Published, content: &Content, named: i64) -> Result<Outlook> {
    let sessions = content.sessions(&published.release);
    let among = among(published, content, &sessions);
    let groups = outlook::reached(db, content.to, among, PEOPLE_A_DAY_MAX + 1).await?;
    let first = outlook::unreached(db, content.to, among, named).await?;
    Ok(Outlook::of(&groups, first))
}

fn among<'s>(published: &Published, content: &Content, sessions: &'s [Uuid]) -> Among<'s> {
    match content.about {
        About::Programme => Among::Programme(published.id),
        About::Theme(_) | About::Session(_) => Among::Sessions(sessions),
    }
}

/// The mail of the first reader of that language, as it would be; without its secrets, for who looks at it. Where nobody
/// reads that language, a mail to nobody in particular.
pub async fn sample(
    db: &mut Conn,
    house: &House,
    published: &Published,
    content: &Content,
    lang: Lang,
    now: DateTime<Utc>,
) -> Result<Letter> {
    let sessions = content.sessions(&published.release);
    let first = outlook::first(db, content.to, among(published, content, &sessions), lang.code()).await?;
    let person = |(participant, registrations)| Person { participant, reads: lang, registrations };
    let first: Vec<Person> = first.map(person).into_iter().collect();
    let letter = letters(db, house, published, content, &first, now).await?.pop();
    let letter = letter.unwrap_or_else(|| {
        let release = &published.release;
        let about = content.sessions(release);
        let takes_place = |session: &&crate::release::ReleasedSession| {
            about.contains(&session.id) && session.status == Status::Scheduled
        };
        let items = release.sessions.iter().filter(takes_place).take(1).map(|session| Item {
            session: Frozen::of(release, session, None),
            outcome: Outcome::Confirmed,
            people: 1,
            sequence: session.sequence,
            before: None,
            after: None,
        });
        let data = data(release, String::new(), items.collect(), own(content, lang, release));
        mail::message(house.tokens.id(now), lang, "", data)
    });
    Ok(Letter { data: letter.data.masked(), ..letter })
}

/// Sends the message to its author, a mail for each of its texts, as a reader would get it. False where that was done
/// so often that it serves something else.
pub async fn send_to_author(
    db: &mut Conn,
    house: &House,
    published: &Published,
    message: &Message,
    (email, name): (&str, &str),
    now: DateTime<Utc>,
) -> Result<bool> {
    if !store::count_test(db, message.id, TESTS_MAX).await? {
        return Ok(false);
    }
    let content = message.content();
    let mut letters = Vec::new();
    for lang in content.texts.keys() {
        let mut letter = sample(db, house, published, content, *lang, now).await?;
        // Somebody else's name and address stay out of the author's mailbox.
        letter.data.name = name.to_owned();
        letter.data.own.subject = letter.data.own.subject.map(|subject| format!("[Test] {subject}"));
        letters.push(Letter { id: house.tokens.id(now), recipient: email.to_owned(), ..letter });
    }
    outbox::queue(db, &letters, now).await?;
    Ok(true)
}

async fn letters(
    db: &mut Conn,
    house: &House,
    published: &Published,
    content: &Content,
    people: &[Person],
    now: DateTime<Utc>,
) -> Result<Vec<Letter>> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<_> = people.iter().flat_map(|person| person.registrations.iter().copied()).collect();
    let registered = concerned::registered(db, &ids).await?;
    let seats = seat_store::seats_of(db, published.id).await?;
    let join_urls: HashMap<Uuid, String> =
        seats.into_iter().filter_map(|seat| Some((seat.settings.session, seat.settings.join_url?))).collect();
    let release = &published.release;
    // Each session is put into words once.
    let mut frozen: BTreeMap<Uuid, Frozen> = BTreeMap::new();
    let mut letters = Vec::with_capacity(people.len());
    for person in people {
        let theirs: Vec<_> = person.registrations.iter().filter_map(|id| registered.get(id)).collect();
        let Some(who) = theirs.first().map(|registered| &registered.participant) else { continue };
        let Some(email) = who.email.as_deref() else { continue };
        let mut items: Vec<_> = theirs
            .iter()
            .filter_map(|registered| item(published, registered, &join_urls, &mut frozen))
            .collect();
        items.sort_by(|a, b| {
            (a.session.starts_at, &a.session.slug).cmp(&(b.session.starts_at, &b.session.slug))
        });
        let mut data = data(release, who.name.clone(), items, own(content, who.lang, release));
        data.agenda_token = house.key.seal(Purpose::Agenda, who.id, who.agenda_version);
        data.feed_token = house.key.seal(Purpose::Feed, who.id, who.feed_version);
        letters.push(mail::message(house.tokens.id(now), who.lang, email, data));
    }
    Ok(letters)
}

fn item(
    published: &Published,
    registered: &Registered,
    join_urls: &HashMap<Uuid, String>,
    frozen: &mut BTreeMap<Uuid, Frozen>,
) -> Option<Item> {
    let registration = &registered.registration;
    let session = published.session_by_id(registration.session)?;
    let words =
        frozen.entry(session.id).or_insert_with(|| Frozen::of(&published.release, session, None)).clone();
    let outcome = match registration.state {
        State::Confirmed => Outcome::Confirmed,
        State::Waiting => Outcome::Waiting { position: registered.position },
        State::Offered | State::Cancelled => decide::standing(registration, registered.position),
    };
    let join_url = join_urls.get(&session.id).filter(|_| outcome.has_seat()).cloned();
    Some(Item {
        session: Frozen { join_url, ..words },
        outcome,
        people: registration.people,
        sequence: session.sequence + registration.bumps,
        before: None,
        after: None,
    })
}

fn data(release: &Release, name: String, items: Vec<Item>, own: Own) -> MailData {
    MailData {
        programme: ProgrammeLine::of(release),
        name,
        agenda_token: String::new(),
        feed_token: String::new(),
        items,
        reminder: None,
        confirm_token: None,
        door_code: None,
        own,
    }
}

fn own(content: &Content, reads: Lang, release: &Release) -> Own {
    let Some((lang, words)) = content.words_for(reads, release) else { return Own::default() };
    Own {
        subject: Some(words.subject.clone()),
        intro: Some(words.text.clone()),
        closing: None,
        lang: (lang != reads).then_some(lang),
        ..Own::default()
    }
}
