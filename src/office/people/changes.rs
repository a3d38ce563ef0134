//! What the office changes for one person: each a form of their page, through the desk, with its line in the log.

use rocket::{form::Form, post};
use uuid::Uuid;

use super::{
    find,
    person::{self, Shown},
};
use crate::{
    audit::{self, Actor, Entry, Facts},
    error::{Error, Result},
    identity::Staff,
    locale::{Lang, text},
    office::{
        Right, Room,
        frame::At,
        guard::Signed,
        registrations::{published, refused, session_of},
    },
    publication,
    registration::{
        Answer, Cancellation, Cause, Promoted, Promotion, Request, Seats, Transfer, Transferred,
        contact::Phone,
        correction::{self, Corrected, Correction},
        person::{Email, Name},
        resend as mails,
        store::lists::Person,
    },
    web::{
        form::FormState,
        guards::SameOrigin,
        reply::{Private, Sent},
        typed::Typed,
    },
};

/// Who asks, and about whom.
struct Here<'h> {
    staff: &'h Staff,
    lang: Lang,
    slug: &'h str,
    programme: Uuid,
    person: Person,
}

impl<'h> Here<'h> {
    async fn of(
        signed: &'h Signed,
        lang: Lang,
        slug: &'h str,
        id: &str,
        room: &Room<'_>,
    ) -> Result<Here<'h>> {
        let staff = signed.with(Right::ChangeRegistrations)?;
        let mut db = room.db().await?;
        let (known, _) = At::programme(&mut db, staff, lang, slug, "registrations").await?;
        let person = find(&mut db, known.id, id).await?;
        Ok(Here { staff, lang, slug, programme: known.id, person })
    }

    fn session(&self, room: &Room<'_>, slug: &str) -> Result<Uuid> {
        Ok(session_of(&*published(room.house, self.programme)?, slug)?.id)
    }

    fn done(&self, said: &str) -> Private<Sent> {
        let there =
            format!("/{}/office/{}/people/{}?said={said}", self.lang.code(), self.slug, self.person.id);
        Private(Sent::Done(there))
    }

    async fn refuse(&self, signed: &Signed, room: &Room<'_>, shown: Shown) -> Result<Private<Sent>> {
        let id = self.person.id.to_string();
        let html = person::draw(signed, self.lang, self.slug, &id, room, shown).await?;
        Ok(Private(Sent::Mistakes(html)))
    }

    async fn say(&self, signed: &Signed, room: &Room<'_>, sentence: String) -> Result<Private<Sent>> {
        self.refuse(signed, room, Shown { refused: Some(sentence), ..Shown::default() }).await
    }

    /// Asks the desk; `line` says what goes into the log.
    async fn ask(
        &self,
        room: &Room<'_>,
        request: Request,
        line: &(dyn Fn(&Answer) -> Option<(&'static str, Facts)> + Sync),
    ) -> Result<Answer> {
        let entries = |answers: &[Answer]| {
            let lines = answers.iter().filter_map(line);
            lines.map(|(action, facts)| self.entry(room, action, facts)).collect()
        };
        publication::ask(room.house, self.slug, request, &entries).await
    }

    fn entry(&self, room: &Room<'_>, action: &'static str, facts: Facts) -> Entry {
        let subject = audit::subject("person", self.person.id);
        let entry = Entry::new(&room.house.tokens, room.now, Actor::User(self.staff.id), action, subject);
        entry.of(self.programme).facts(Facts::default(), facts)
    }
}

/// Gives back one session, or all that have not begun.
#[post("/<lang>/office/<slug>/people/<id>/cancellations", data = "<typed>", rank = 6)]
pub(super) async fn cancel(
    _same: SameOrigin,
    signed: Signed,
    lang: Lang,
    slug: &str,
    id: &str,
    typed: Form<Typed>,
    room: Room<'_>,
) -> Result<Private<Sent>> {
    let here = Here::of(&signed, lang, slug, id, &room).await?;
    let sessions = match typed.is_ticked("all") {
        true => not_begun(&room, here.programme),
        false => typed.all("session").iter().map(|slug| here.session(&room, slug)).collect::<Result<_>>()?,
    };
    let cancellation =
        Cancellation { participant: here.person.id, sessions: Some(sessions), cause: Cause::Organiser };
    let line = |answer: &Answer| match answer {
        Answer::Cancelled(gone) if !gone.is_empty() => {
            let one = gone.first().filter(|_| gone.len() == 1).copied();
            let facts = Facts::default().with("sessions", gone.len());
            Some(("registration.cancel", one.map_or(facts.clone(), |one| facts.with("session", one))))
        }
        _ => None,
    };
    match here.ask(&room, Request::Cancel(cancellation), &line).await? {
        Answer::Cancelled(gone) if gone.is_empty() => {
            here.say(&signed, &room, text(lang, "office-person-nothing-there", &[])).await
        }
        Answer::Cancelled(_) => Ok(here.done("cancelled")),
        other => Err(other.unexpected()),
    }
}

/// What can still be given back: the rest was attended or missed, and stays recorded as it was.
fn not_begun(room: &Room<'_>, programme: Uuid) -> Vec<Uuid> {
    let seats = room.house.board.all(programme).into_values();
    seats.filter(|seat| room.now < seat.starts || !seat.timed).map(|seat| seat.session_id).collect()
}

/// Another session instead of one, in one mail.
#[post("/<lang>/office/<slug>/people/<id>/transfers", data = "<typed>", rank = 6)]
pub(super) async fn transfer(
    _same: SameOrigin,
    signed: Signed,
    lang: Lang,
    slug: &str,
    id: &str,
    typed: Form<Typed>,
    room: Room<'_>,
) -> Result<Private<Sent>> {
    let here = Here::of(&signed, lang, slug, id, &room).await?;
    let again = |sentence: String| Shown {
        refused: Some(sentence),
        moving: Some(typed.first("from").to_owned()),
        ..Shown::default()
    };
    if typed.first("to").trim().is_empty() {
        let shown = again(text(lang, "office-person-choose-session", &[]));
        return here.refuse(&signed, &room, shown).await;
    }
    let (from, to) =
        (here.session(&room, typed.first("from"))?, here.session(&room, typed.first("to").trim())?);
    let transfer = Transfer { participant: here.person.id, from, to };
    let line = |answer: &Answer| match answer {
        Answer::Transferred(Transferred::Seated | Transferred::Queued) => {
            Some(("registration.move", Facts::default().with("from", from).with("to", to)))
        }
        _ => None,
    };
    let sentence = match here.ask(&room, Request::Transfer(transfer), &line).await? {
        Answer::Transferred(Transferred::Seated) => return Ok(here.done("moved")),
        Answer::Transferred(Transferred::Queued) => return Ok(here.done("queued")),
        Answer::Transferred(Transferred::NothingThere) => text(lang, "office-person-nothing-there", &[]),
        Answer::Transferred(Transferred::HasIt) => text(lang, "office-person-has-it", &[]),
        Answer::Transferred(Transferred::Full { left }) => {
            text(lang, "office-person-move-full", &[("n", left.into())])
        }
        Answer::Transferred(Transferred::Refused(refusal)) => refused(lang, &refusal),
        other => return Err(other.unexpected()),
    };
    here.refuse(&signed, &room, again(sentence)).await
}

/// A seat, whoever waits before them.
#[post("/<lang>/office/<slug>/people/<id>/promotions", data = "<typed>", rank = 6)]
pub(super) async fn promote(
    _same: SameOrigin,
    signed: Signed,
    lang: Lang,
    slug: &str,
    id: &str,
    typed: Form<Typed>,
    room: Room<'_>,
) -> Result<Private<Sent>> {
    let here = Here::of(&signed, lang, slug, id, &room).await?;
    let session = here.session(&room, typed.first("session"))?;
    let seats = if typed.first("seats") == "more" { Seats::More } else { Seats::Free };
    let promotion = Promotion { participant: here.person.id, session, seats };
    let line = |answer: &Answer| match answer {
        Answer::Promoted(Promoted::Seated { capacity }) => {
            let facts = Facts::default().with("session", session);
            Some((
                "registration.promote",
                match seats {
                    Seats::Free => facts,
                    Seats::More => facts.with("capacity", *capacity),
                },
            ))
        }
        _ => None,
    };
    let sentence = match here.ask(&room, Request::Promote(promotion), &line).await? {
        Answer::Promoted(Promoted::Seated { .. }) => return Ok(here.done("promoted")),
        Answer::Promoted(Promoted::NotWaiting) => text(lang, "office-person-not-waiting", &[]),
        Answer::Promoted(Promoted::Full { left }) => {
            text(lang, "office-person-promote-full", &[("n", left.into())])
        }
        Answer::Promoted(Promoted::Refused(refusal)) => refused(lang, &refusal),
        other => return Err(other.unexpected()),
    };
    here.say(&signed, &room, sentence).await
}

/// The mail that says what they have, once more.
#[post("/<lang>/office/<slug>/people/<id>/mails", rank = 6)]
pub(super) async fn resend(
    _same: SameOrigin,
    signed: Signed,
    lang: Lang,
    slug: &str,
    id: &str,
    room: Room<'_>,
) -> Result<Private<Sent>> {
    let here = Here::of(&signed, lang, slug, id, &room).await?;
    let actor = Actor::User(here.staff.id);
    if mails::resend(room.house, actor, here.programme, here.person.id).await? {
        Ok(here.done("resent"))
    } else {
        here.say(&signed, &room, text(lang, "office-person-not-resent", &[])).await
    }
}

/// Another name, address or telephone number. A new address is sent at once what the person has: the links of before
/// open nothing any more.
#[post("/<lang>/office/<slug>/people/<id>/contact", data = "<typed>", rank = 6)]
pub(super) async fn correct(
    _same: SameOrigin,
    signed: Signed,
    lang: Lang,
    slug: &str,
    id: &str,
    typed: Form<Typed>,
    room: Room<'_>,
) -> Result<Private<Sent>> {
    let here = Here::of(&signed, lang, slug, id, &room).await?;
    let correction = match parse(lang, &typed, here.person.email.is_some()) {
        Ok(correction) => correction,
        Err(form) => {
            return here.refuse(&signed, &room, Shown { form: Some(form), ..Shown::default() }).await;
        }
    };
    let mut tx = room.house.pool.begin().await?;
    let corrected = correction::correct(&mut tx, here.person.id, &correction).await?;
    let said = match corrected {
        Corrected::Done => "corrected",
        Corrected::Readdressed => "readdressed",
        Corrected::Nobody => return Err(Error::NotFound),
        Corrected::AddressTaken { by } => {
            drop(tx);
            let mut form = typed_form(&typed);
            form.refuse("email", text(lang, "office-person-address-taken", &[]));
            let shown = Shown { form: Some(form), other: Some(by), ..Shown::default() };
            return here.refuse(&signed, &room, shown).await;
        }
    };
    // That it was another one, never which.
    let facts = Facts::default().with("address", corrected == Corrected::Readdressed);
    audit::record(&mut tx, &here.entry(&room, "registration.correct", facts)).await?;
    tx.commit().await?;
    if corrected == Corrected::Readdressed {
        mails::resend(room.house, Actor::User(here.staff.id), here.programme, here.person.id).await?;
    }
    Ok(here.done(said))
}

fn typed_form(typed: &Typed) -> FormState {
    let mut form = FormState::default();
    for field in ["name", "email", "phone"] {
        form.set(field, typed.first(field));
    }
    form
}

/// What was typed; an address is asked for again of who has one.
fn parse(lang: Lang, typed: &Typed, has_address: bool) -> std::result::Result<Correction, FormState> {
    let mut form = typed_form(typed);
    let say = |key: &str| text(lang, key, &[]);
    let name = Name::parse(typed.first("name")).map_err(|why| form.refuse("name", say(why.key()))).ok();
    let email = match typed.first("email").trim() {
        "" if !has_address => Some(None),
        typed => Email::parse(typed).map_err(|why| form.refuse("email", say(why.key()))).ok().map(Some),
    };
    let phone = Phone::parse(typed.first("phone")).map_err(|_| form.refuse("phone", say("phone-shape"))).ok();
    match (name, email, phone) {
        (Some(name), Some(email), Some(phone)) => Ok(Correction { name, email, phone }),
        _ => Err(form),
    }
}
