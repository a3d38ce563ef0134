//! What ends a request, or a command, that has no page of its own.

/// The result of everything that can end in an [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A rule that a visitor can run into ("this session is closed") is no `Error`: it is a variant of
/// the domain's own enum, and the handler answers it with the page that visitor was on.
///
/// The cause goes to the log and never to the visitor; the page for each is in `web/error_page.rs`.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nothing stands at this address.
    #[error("not found")]
    NotFound,
    /// A session that was withdrawn: 410, so that search engines forget it.
    #[error("gone")]
    Gone,
    /// A secret link that is wrong, old, or revoked.
    #[error("the link is not valid (any more)")]
    OldLink,
    /// Somebody who is signed in, and whose role does not open this: 403.
    #[error("not allowed")]
    Forbidden,
    /// For a short while we cannot answer: 503 with `Retry-After`.
    #[error("busy: {0}")]
    Busy(&'static str),
    /// The database refused or could not be reached: 503 where trying again can help.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// A template that does not render: our own mistake.
    #[error("template: {0}")]
    Template(#[from] tera::Error),
    /// Any other failure of our own, with its cause for the log.
    #[error("{0}")]
    Internal(String),
}

impl Error {
    /// True where the same request can succeed a little later: the pool was empty, the disk full,
    /// the file locked, the server gone. False for our own mistakes.
    pub fn is_passing(&self) -> bool {
        match self {
            Error::Busy(_) => true,
            Error::Database(cause) => is_passing(cause),
            Error::NotFound
            | Error::Gone
            | Error::OldLink
            | Error::Forbidden
            | Error::Template(_)
            | Error::Internal(_) => false,
        }
    }
}

/// True where two transactions crossed and the same one can be tried again at once: a deadlock, or a
/// serialisation failure (PostgreSQL, class 40).
pub fn is_crossing(cause: &Error) -> bool {
    matches!(cause, Error::Database(sqlx::Error::Database(cause)) if cause.code().is_some_and(|code| code.starts_with("40")))
}

fn is_passing(cause: &sqlx::Error) -> bool {
    match cause {
        sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::Io(_)
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::Tls(_)
        | sqlx::Error::BeginFailed => true,
        sqlx::Error::Database(database) => passes(&database.code().unwrap_or_default()),
        _ => false,
    }
}

/// True where an engine's code is of trouble that passes.
fn passes(code: &str) -> bool {
    // SQLite's primary result code is the low byte: BUSY, LOCKED, READONLY, IOERR, FULL, CANTOPEN.
    let sqlite = code.parse::<i64>().is_ok_and(|code| [5, 6, 8, 10, 13, 14].contains(&(code & 0xff)));
    // PostgreSQL: connection trouble, rollback to be tried again, resources, operator intervention; and a lock
    // that somebody holds for too long.
    let postgres = code == "55P03" || code.len() == 5 && ["08", "40", "53", "57"].contains(&&code[..2]);
    sqlite || postgres
}

#[cfg(test)]
mod tests {
    use super::passes;

    #[test]
    fn people_are_told_to_come_back_where_an_engine_s_trouble_passes_and_only_there() {
        // SQLite: busy, the same in its long form, a disk that errs, full; PostgreSQL: the connection, a serialisation
        // failure, a full disk, too many connections, an administrator, a lock.
        for code in ["5", "517", "3338", "13", "08006", "40001", "53100", "53300", "57P01", "55P03"] {
            assert!(passes(code), "{code}");
        }
        // A constraint, a mistake of ours in SQL, no code at all.
        for code in ["19", "2067", "1", "23505", "42601", "22P02", "", "é"] {
            assert!(!passes(code), "{code}");
        }
    }
}
