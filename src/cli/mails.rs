//! `parvis mail`: the outbox, in sight of the organisers.

use clap::{Args, Subcommand, ValueEnum};
use uuid::Uuid;

use super::{Outcome, open_house};
use crate::{
    audit::{self, Actor, Entry, Facts},
    mail::outbox::{self, State, Which},
};

#[derive(Subcommand)]
pub(super) enum Mail {
    /// The newest mails: id, state, kind, recipient, attempts, times, last error.
    List(List),
    /// Make failed mails due again, with all their attempts before them; what came back, or was aborted, only by its id.
    Retry(Retry),
}

#[derive(Args)]
pub(super) struct List {
    /// Only those of this state.
    #[arg(long, value_enum)]
    state: Option<StateWord>,
}

#[derive(Clone, Copy, ValueEnum)]
enum StateWord {
    Due,
    Sent,
    Failed,
    Aborted,
}

#[derive(Args)]
pub(super) struct Retry {
    /// The mails' ids; every one that never left where none is named.
    ids: Vec<Uuid>,
}

impl Mail {
    pub(super) async fn run(self) -> Outcome {
        let house = open_house().await?;
        match self {
            Mail::List(list) => {
                let state = list.state.map(|word| match word {
                    StateWord::Due => State::Due,
                    StateWord::Sent => State::Sent,
                    StateWord::Failed => State::Failed,
                    StateWord::Aborted => State::Aborted,
                });
                let mut db = house.pool.acquire().await?;
                for row in outbox::list(&mut db, state).await? {
                    println!(
                        "{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}",
                        row.id,
                        row.state().code(),
                        row.kind,
                        row.recipient.as_deref().unwrap_or("(erased)"),
                        row.attempts,
                        row.queued_at.format("%FT%TZ"),
                        row.due_at.format("%FT%TZ"),
                        row.error.as_deref().unwrap_or("")
                    );
                }
            }
            Mail::Retry(retry) => {
                let mut tx = house.pool.begin().await?;
                let which = if retry.ids.is_empty() { Which::AllFailed } else { Which::Ids(&retry.ids) };
                let now = house.clock.now();
                let count = outbox::retry(&mut tx, which, now).await?;
                if count > 0 {
                    let after = Facts::default().with("mails", count);
                    let entry = Entry::new(&house.tokens, now, Actor::Command, "mail.retry", "outbox");
                    audit::record(&mut tx, &entry.facts(Facts::default(), after)).await?;
                }
                tx.commit().await?;
                println!("retried {count}");
            }
        }
        Ok(())
    }
}
