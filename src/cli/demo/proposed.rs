//! What waits in the demo's office: two proposals of a partner, and changes of the draft that nobody has published yet.

use chrono::{Days, NaiveDate, TimeDelta};
use uuid::Uuid;

use super::team;
use crate::{
    error::{Error, Result},
    identity::{Membership, Staff},
    programme::{self, Draft, cells::Cells},
    proposals::{
        Proposal, Side, State, What, said,
        store::{self, lines::Line},
    },
    registration::desk::House,
};

/// Title, day of the programme, hour, format, abstract and description of each.
const PROPOSED: [(&str, u64, &str, &str, &str, &str); 2] = [
    (
        "Réparer ensemble : un atelier ouvert",
        2,
        "18:00",
        "workshop",
        "Venez avec une lampe, un grille-pain ou une chaise : on apprend en réparant.",
        "Trois bénévoles, dix tables, des outils pour tout le monde.\n\n- aucune connaissance nécessaire\n- café offert",
    ),
    (
        "Qui garde les enfants ? Une table ronde",
        9,
        "12:15",
        "round-table",
        "Des parents, une crèche et une entreprise parlent d’horaires et de solidarité.",
        "Une heure à midi, avec de quoi manger et un coin pour les petits.",
    ),
];

/// Fills it, and gives the partner's password.
pub(super) async fn fill(house: &House, programme: Uuid, draft: &Draft) -> Result<String> {
    let organisation = draft.organisations.first().map(|one| one.slug.clone());
    let organisation =
        organisation.ok_or_else(|| Error::Internal("the demo has no organisation".to_owned()))?;
    let of = Membership { programme, organisation };
    let (password, partner) = team::partner(house, of.clone()).await?;
    for proposed in PROPOSED {
        propose(house, draft, &of, &partner, proposed).await?;
    }
    change(house, programme, draft).await?;
    Ok(password)
}

async fn propose(
    house: &House,
    draft: &Draft,
    of: &Membership,
    partner: &Staff,
    (title, day, hour, format, r#abstract, description): (&str, u64, &str, &str, &str, &str),
) -> Result<()> {
    let now = house.clock.now() - TimeDelta::hours(20);
    let date: NaiveDate = draft.programme.starts + Days::new(day);
    let said = Cells::from([
        ("title", french(title)),
        ("theme", draft.themes.first().map(|theme| theme.slug.clone()).unwrap_or_default()),
        ("format", format.to_owned()),
        ("date", date.to_string()),
        ("start", hour.to_owned()),
        ("capacity", "25".to_owned()),
        ("language", "fr".to_owned()),
        ("abstract", french(r#abstract)),
        ("description", french(description)),
        ("access", "step-free".to_owned()),
    ]);
    let new = Proposal {
        id: house.tokens.id(now),
        programme: of.programme,
        organisation: Some(of.organisation.clone()),
        author: Some(partner.id),
        proposer: None,
        link_version: 1,
        what: What::New,
        session: None,
        state: State::Sent,
        content: said::only(said),
        base: None,
        revision: 1,
        created_at: now,
        changed_at: now,
        sent_at: Some(now),
    };
    let by = (Side::Partner, Some(partner.id));
    let line = Line::became(house.tokens.id(now), by, State::Sent, String::new(), now);
    let mut tx = house.pool.begin().await?;
    store::add(&mut tx, &new, &house.tokens.fresh()).await?;
    store::lines::add(&mut tx, new.id, &line).await?;
    Ok(tx.commit().await?)
}

/// The typography that a person in Geneva would write.
fn french(text: &str) -> String {
    text.replace(" :", "\u{a0}:").replace(" ?", "\u{202f}?")
}

/// A session half an hour later, another title: there is something to publish.
async fn change(house: &House, programme: Uuid, draft: &Draft) -> Result<()> {
    let mut tx = house.pool.begin().await?;
    let timed = draft.sessions.iter().filter(|one| one.session.start.is_some());
    for (at, one) in timed.skip(2).step_by(9).take(3).enumerate() {
        let mut after = one.clone();
        let session = &mut after.session;
        if at == 0 {
            session.title = format!("{}, avec le public", session.title);
        } else {
            session.start = session.start.map(|start| start + TimeDelta::minutes(30));
            session.end = session.end.map(|end| end + TimeDelta::minutes(30));
        }
        programme::store::save_session(&mut tx, programme, &after, house.clock.now()).await?;
    }
    Ok(tx.commit().await?)
}
