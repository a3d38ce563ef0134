//! `parvis registration`: for those who call, until there is an office. All of it through the desk.

use clap::{Args, Subcommand};

use super::{Outcome, open_house, unknown_among, unknown_programme};
use crate::{
    audit::{self, Actor, Entry, Fact, Facts},
    error::Result as HouseResult,
    locale::Lang,
    programme, publication,
    registration::{
        Answer, Cancellation, Cause, Order, PEOPLE_MAX, Refusal, Request,
        contact::{Code, Contact, Phone},
        desk,
        desk::House,
        person::{Email, Name},
        resend, store,
    },
    release,
};

#[derive(Subcommand)]
pub(super) enum Registration {
    /// Register somebody; also where the form is closed or by invitation. Full sessions put them in the queue.
    Add(Add),
    /// Give back somebody's seats, or turns.
    Cancel(Cancel),
    /// Send somebody a mail again that says what they have.
    Resend(Who),
}

#[derive(Args)]
pub(super) struct Add {
    /// The programme's slug.
    slug: String,
    /// The sessions' slugs.
    #[arg(required = true)]
    sessions: Vec<String>,
    /// Where to write. Left out for somebody without an address: they are found again by the code that is printed.
    #[arg(long)]
    email: Option<String>,
    /// Where somebody without an address is called.
    #[arg(long, default_value = "", conflicts_with = "email")]
    phone: String,
    /// The person's name.
    #[arg(long)]
    name: String,
    /// For how many.
    #[arg(long, default_value_t = 1)]
    people: i64,
    /// For whom they work.
    #[arg(long, default_value = "")]
    organisation: String,
    /// What they need in order to take part.
    #[arg(long, default_value = "")]
    access_needs: String,
    /// From the seats that are held back for this group, whoever waits: `partner`.
    #[arg(long, value_name = "GROUP")]
    held: Option<String>,
    /// The language of their mails: fr, en.
    #[arg(long, default_value = "fr")]
    language: String,
}

#[derive(Args)]
pub(super) struct Cancel {
    #[command(flatten)]
    who: Who,
    /// The sessions' slugs; where none is named, all that have not begun.
    sessions: Vec<String>,
}

#[derive(Args)]
pub(super) struct Who {
    /// The programme's slug.
    slug: String,
    /// The person's address, or the code of somebody without one.
    #[arg(value_name = "EMAIL or CODE")]
    who: String,
}

impl Registration {
    pub(super) async fn run(self) -> Outcome {
        let house = open_house().await?;
        match self {
            Registration::Add(add) => add.run(&house).await,
            Registration::Cancel(cancel) => cancel.run(&house).await,
            Registration::Resend(who) => who.resend(&house).await,
        }
    }
}

impl Add {
    /// Their address, or a new code.
    fn contact(&self, house: &House) -> Result<Contact, String> {
        match &self.email {
            Some(email) => Email::parse(email).map(Contact::from).map_err(|why| sentence(why.key())),
            None => Ok(Contact::Code {
                code: Code::fresh(&house.tokens),
                phone: Phone::parse(&self.phone).map_err(|_| sentence("phone-shape"))?,
            }),
        }
    }

    async fn run(self, house: &House) -> Outcome {
        let contact = self.contact(house)?;
        let name = Name::parse(&self.name).map_err(|why| sentence(why.key()))?;
        let lang = Lang::parse(&self.language).ok_or("--language: fr or en")?;
        if !(1..=PEOPLE_MAX).contains(&self.people) {
            return Err(format!("--people: 1 to {PEOPLE_MAX}").into());
        }
        let (programme, sessions) = find(house, &self.slug, &self.sessions).await?;
        let order = Order {
            programme,
            key: house.tokens.fresh(),
            contact: contact.clone(),
            name,
            people: self.people,
            organisation: self.organisation,
            access_needs: self.access_needs,
            lang,
            sessions: sessions.iter().map(|(id, _)| *id).collect(),
            cause: Cause::Organiser,
            held: self.held.clone(),
        };
        let (people, held) = (self.people, self.held.clone());
        let entries = move |answers: &[Answer]| {
            let orders = answers.iter().filter_map(|answer| match answer {
                Answer::Ordered(order) => Some(*order),
                _ => None,
            });
            let line = |order| {
                let facts = Facts::default().with("people", people);
                let facts = match &held {
                    Some(group) => facts.with("held", Fact::slug(group)),
                    None => facts,
                };
                logged(house, programme, "registration.add", audit::subject("order", order), facts)
            };
            orders.map(line).collect()
        };
        match publication::ask(house, &self.slug, Request::Register(order), &entries).await? {
            Answer::Ordered(order) => {
                say_places(house, order, &sessions).await?;
                if let Contact::Code { code, .. } = contact {
                    println!("code {code}");
                }
                Ok(())
            }
            Answer::Refused(refused) => {
                let lines = refused.iter().map(|(id, why)| {
                    let slug =
                        sessions.iter().find(|(known, _)| known == id).map_or("", |(_, slug)| slug.as_str());
                    match (why, &self.held) {
                        (Refusal::HeldGone { left }, Some(group)) => {
                            format!("{slug}: {left} seats are held for `{group}`, and {people} are asked for")
                        }
                        _ => format!("{slug}: {}", why.code()),
                    }
                });
                Err(lines.collect::<Vec<_>>().join("\n").into())
            }
            other => Err(other.unexpected().into()),
        }
    }
}

/// Says what became of each session of an order, in the order in which they were typed.
async fn say_places(house: &House, order: uuid::Uuid, sessions: &[(uuid::Uuid, String)]) -> Outcome {
    let mut db = house.pool.acquire().await?;
    let items = store::read::order(&mut db, order).await?.map(|(_, items)| items).unwrap_or_default();
    for (session, slug) in sessions {
        let Some(item) = items.iter().find(|item| item.session_id == *session) else { continue };
        match item.position {
            None => println!("{slug} confirmed"),
            Some(position) => println!("{slug} waiting {position}"),
        }
    }
    Ok(())
}

impl Cancel {
    async fn run(self, house: &House) -> Outcome {
        let participant = self.who.participant(house).await?;
        let (programme, named) = find(house, &self.who.slug, &self.sessions).await?;
        let sessions = match named.as_slice() {
            [] => not_begun(house, programme).await?,
            named => named.iter().map(|(id, _)| *id).collect(),
        };
        let cancellation = Cancellation { participant, sessions: Some(sessions), cause: Cause::Organiser };
        let entries = |answers: &[Answer]| {
            let gone = answers.iter().filter_map(|answer| match answer {
                Answer::Cancelled(gone) if !gone.is_empty() => Some(gone.len()),
                _ => None,
            });
            let line = |sessions: usize| {
                let facts = Facts::default().with("sessions", sessions);
                logged(house, programme, "registration.cancel", audit::subject("person", participant), facts)
            };
            gone.map(line).collect()
        };
        match desk::work_recorded(house, &[Request::Cancel(cancellation)], &entries).await?.pop() {
            Some(Answer::Cancelled(gone)) => {
                println!("cancelled {}", gone.len());
                Ok(())
            }
            Some(other) => Err(other.unexpected().into()),
            None => Err("the desk did not answer".into()),
        }
    }
}

impl Who {
    async fn participant(
        &self,
        house: &House,
    ) -> Result<uuid::Uuid, Box<dyn std::error::Error + Send + Sync>> {
        let mut db = house.pool.acquire().await?;
        if let Some(code) = Code::parse(&self.who) {
            let found = store::person::by_code(&mut db, &code).await?;
            return found.ok_or_else(|| "nobody has that code".into());
        }
        let email = Email::parse(&self.who).map_err(|why| sentence(why.key()))?;
        let found = store::participant_by_email(&mut db, email.as_str()).await?;
        found.map(|person| person.id).ok_or_else(|| "nobody of that address is registered".into())
    }

    async fn resend(self, house: &House) -> Outcome {
        let participant = self.participant(house).await?;
        let (programme, _) = find(house, &self.slug, &[]).await?;
        if resend::resend(house, Actor::Command, programme, participant).await? {
            println!("queued 1");
            Ok(())
        } else {
            Err("that person has nothing in this programme, or no address to which it could be sent".into())
        }
    }
}

/// A line of the log: a command did this.
fn logged(
    house: &House,
    programme: uuid::Uuid,
    action: &'static str,
    subject: String,
    after: Facts,
) -> Entry {
    let now = house.clock.now();
    Entry::new(&house.tokens, now, Actor::Command, action, subject)
        .of(programme)
        .facts(Facts::default(), after)
}

/// The programme, and the sessions of these slugs. An unknown one is a mistake.
async fn find(
    house: &House,
    slug: &str,
    sessions: &[String],
) -> Result<(uuid::Uuid, Vec<(uuid::Uuid, String)>), Box<dyn std::error::Error + Send + Sync>> {
    let mut db = house.pool.acquire().await?;
    let id = programme::store::id_of(&mut db, slug).await?.ok_or_else(|| unknown_programme(slug))?;
    let all = released(house, id).await?;
    let mut found = Vec::with_capacity(sessions.len());
    for wanted in sessions {
        let session = all.iter().find(|(_, slug)| slug == wanted);
        let unknown = || {
            let what = format!("`{slug}` has published no session `{wanted}`");
            unknown_among(what, all.iter().map(|(_, slug)| slug.as_str()))
        };
        found.push(session.cloned().ok_or_else(unknown)?);
    }
    Ok((id, found))
}

/// What can still be given back: the rest was attended or missed, and stays recorded as it was.
async fn not_begun(house: &House, programme: uuid::Uuid) -> HouseResult<Vec<uuid::Uuid>> {
    let now = house.clock.now();
    let mut db = house.pool.acquire().await?;
    let seats = store::seats_of(&mut db, programme).await?.into_iter().map(|seat| seat.settings);
    let still = seats.filter(|settings| now < settings.starts || !settings.timed);
    Ok(still.map(|settings| settings.session).collect())
}

async fn released(house: &House, programme: uuid::Uuid) -> HouseResult<Vec<(uuid::Uuid, String)>> {
    let mut db = house.pool.acquire().await?;
    let release = release::store::latest(&mut db, programme).await?;
    let sessions = release.into_iter().flat_map(|release| release.sessions);
    Ok(sessions.map(|session| (session.id, session.slug.clone())).collect())
}

fn sentence(key: &str) -> String {
    crate::locale::text(Lang::En, key, &[])
}
