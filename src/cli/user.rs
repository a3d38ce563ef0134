//! `parvis user`: who works in the office. The first owner comes in this way, and so does one who is locked out.

use clap::{Args, Subcommand, ValueEnum};

use super::{Outcome, make_house, open_house, unknown_among, unknown_programme};
use crate::{
    audit::Actor,
    config::{Settings, figment},
    identity::{
        Membership, Role, Staff,
        links::{self, LinkKind},
        people::{self, Changed},
        store,
    },
    locale::{Lang, text},
    programme,
    registration::{
        desk::House,
        person::{Email, Name},
    },
};

#[derive(Subcommand)]
pub(super) enum User {
    /// Invite somebody: a mail with a link to choose a name and a password.
    Add(Add),
    /// Everybody: address, role, state, name.
    List,
    /// Keep somebody out; their sessions end at once.
    Disable(Who),
    /// Send a link to choose a password; also to who was invited and has not come yet.
    Reset(Reset),
}

/// A person's role.
#[derive(Clone, Copy, ValueEnum)]
enum RoleWord {
    Owner,
    Editor,
    Press,
    Desk,
    Partner,
}

impl RoleWord {
    fn role(self) -> Role {
        match self {
            RoleWord::Owner => Role::Owner,
            RoleWord::Editor => Role::Editor,
            RoleWord::Press => Role::Press,
            RoleWord::Desk => Role::Desk,
            RoleWord::Partner => Role::Partner,
        }
    }
}

#[derive(Args)]
pub(super) struct Add {
    /// Where to write.
    email: String,
    /// What they may do.
    #[arg(long, value_enum)]
    role: RoleWord,
    /// The person's name; they can change it.
    #[arg(long)]
    name: Option<String>,
    /// The language of their mails: fr, en.
    #[arg(long, default_value = "fr")]
    language: String,
    /// A partner's programme.
    #[arg(long, value_name = "SLUG", requires = "organisation")]
    programme: Option<String>,
    /// A partner's organisation in it.
    #[arg(long, value_name = "SLUG", requires = "programme")]
    organisation: Option<String>,
    /// Print the link, too: for where no mail can be sent. Whoever reads it can use it.
    #[arg(long)]
    print_link: bool,
}

#[derive(Args)]
pub(super) struct Who {
    /// The person's address.
    email: String,
}

#[derive(Args)]
pub(super) struct Reset {
    #[command(flatten)]
    who: Who,
    /// Take the second step off as well, for who has lost telephone and recovery codes.
    #[arg(long)]
    second_step: bool,
    /// Print the link, too: for where no mail can be sent. Whoever reads it can use it.
    #[arg(long)]
    print_link: bool,
}

impl User {
    pub(super) async fn run(self) -> Outcome {
        match self {
            User::Add(add) => add.run(&make_house().await?).await,
            User::List => list(&open_house().await?).await,
            User::Disable(who) => who.disable(&open_house().await?).await,
            User::Reset(reset) => reset.run(&open_house().await?).await,
        }
    }
}

fn parse(email: &str) -> Result<Email, String> {
    Email::parse(email).map_err(|why| text(Lang::En, why.key(), &[]))
}

/// The link as it stands in the mail.
fn address(
    lang: Lang,
    kind: LinkKind,
    token: &str,
) -> Result<String, Box<dyn std::error::Error + Send + Sync>> {
    let settings = Settings::extract(&figment())?;
    Ok(format!("{}/{}/office/{}/{token}", settings.base_url, lang.code(), kind.page()))
}

impl Add {
    async fn run(self, house: &House) -> Outcome {
        let email = parse(&self.email)?;
        let name = match &self.name {
            Some(name) => {
                Name::parse(name).map_err(|why| text(Lang::En, why.key(), &[]))?.as_str().to_owned()
            }
            None => String::new(),
        };
        let lang = Lang::parse(&self.language).ok_or("--language: fr or en")?;
        let role = self.role.role();
        let (now, id) = (house.clock.now(), house.tokens.id(house.clock.now()));
        let mut tx = house.pool.begin().await?;
        let organisations = match (&self.programme, &self.organisation) {
            (Some(programme), Some(organisation)) if role == Role::Partner => {
                vec![membership(&mut tx, programme, organisation).await?]
            }
            (None, None) if role == Role::Partner => {
                return Err("a partner speaks for an organisation: --programme and --organisation".into());
            }
            (None, None) => Vec::new(),
            _ => return Err("--programme and --organisation are for --role partner".into()),
        };
        let staff = Staff { id, email: email.to_string(), name, lang, role, organisations };
        let invited = people::invite(&mut tx, house, Actor::Command, &staff, now).await?;
        let token = invited.ok_or_else(|| {
            format!("{email} is in the team already; `parvis user reset {email}` sends a link")
        })?;
        tx.commit().await?;
        println!("invited {email}");
        if self.print_link {
            println!("{}", address(lang, LinkKind::Invitation, &token)?);
        }
        Ok(())
    }
}

async fn membership(
    db: &mut crate::db::Conn,
    slug: &str,
    organisation: &str,
) -> Result<Membership, Box<dyn std::error::Error + Send + Sync>> {
    let programme = programme::store::id_of(db, slug).await?.ok_or_else(|| unknown_programme(slug))?;
    let known = programme::store::organisations(db).await?;
    let mut here = known.iter().filter(|(id, _)| *id == programme).map(|(_, known)| known.slug.as_str());
    if !here.clone().any(|known| known == organisation) {
        let what = format!("there is no organisation `{organisation}` in `{slug}`");
        return Err(unknown_among(what, &mut here).into());
    }
    Ok(Membership { programme, organisation: organisation.to_owned() })
}

async fn list(house: &House) -> Outcome {
    for row in store::all(&mut house.pool.acquire().await?).await? {
        let state = match (&row.disabled_at, &row.password) {
            (Some(_), _) => "disabled",
            (None, Some(_)) => "active",
            (None, None) => "invited",
        };
        println!("{}\t{}\t{state}\t{}", row.email, row.role().code(), row.name);
    }
    Ok(())
}

impl Who {
    async fn disable(&self, house: &House) -> Outcome {
        let email = parse(&self.email)?;
        let mut tx = house.pool.begin().await?;
        let row = store::by_email(&mut tx, email.as_str()).await?;
        let id = row.ok_or_else(|| format!("{email} is not in the team"))?.id;
        match people::disable(&mut tx, house, Actor::Command, id, house.clock.now()).await? {
            Changed::Done => tx.commit().await?,
            Changed::LastOwner => {
                return Err(format!("{email} is the last owner; make somebody else an owner first").into());
            }
            Changed::Unknown => return Err(format!("{email} is not in the team").into()),
        }
        println!("disabled {email}");
        Ok(())
    }
}

impl Reset {
    async fn run(self, house: &House) -> Outcome {
        let email = parse(&self.who.email)?;
        let now = house.clock.now();
        let mut tx = house.pool.begin().await?;
        let row = store::by_email(&mut tx, email.as_str()).await?;
        let row = row.ok_or_else(|| format!("{email} is not in the team"))?;
        if row.disabled_at.is_some() {
            return Err(format!("{email} is disabled; an owner can enable them again in the office").into());
        }
        if self.second_step {
            people::remove_second_step(&mut tx, house, Actor::Command, row.id, now).await?;
        }
        let kind = if row.password.is_some() { LinkKind::Reset } else { LinkKind::Invitation };
        let token = links::send(&mut tx, house, &row, kind, row.lang(), now).await?;
        tx.commit().await?;
        println!("sent {email}");
        if self.print_link {
            println!("{}", address(row.lang(), kind, &token)?);
        }
        Ok(())
    }
}
