//! Passwords: what we take, and argon2id with the recommended parameters of its crate.

use std::sync::Arc;

use argon2::{Argon2, PasswordHasher as _, PasswordVerifier as _};
use tokio::sync::Semaphore;

use crate::error::{Error, Result};

/// The shortest password, in characters.
pub const CHARS_MIN: usize = 12;
/// The longest: more would only keep the machine busy.
pub const CHARS_MAX: usize = 200;

/// Hashes that are made at once: each takes 19 MiB and a core.
const AT_ONCE: usize = 2;
/// Sign-ins that may wait for one; the next is told to come back.
const WAITING_MAX: usize = 64;

/// Of twelve characters and more, what people choose most, and what the names of this house suggest. Compared in
/// lower case, without blanks.
const COMMON: [&str; 28] = [
    "123456789012",
    "1234567890123",
    "12345678901234",
    "123456789123",
    "123123123123",
    "000000000000",
    "111111111111",
    "abcdefghijkl",
    "abcdefghijklm",
    "abcd12345678",
    "azertyuiop12",
    "azertyuiopqs",
    "azertyuiop123",
    "qwertyuiop12",
    "qwertyuiop123",
    "qwertyuiopas",
    "qwertz123456",
    "1q2w3e4r5t6y",
    "motdepasse12",
    "motdepasse123",
    "motdepasse1234",
    "motdepassemotdepasse",
    "password1234",
    "password12345",
    "passwordpassword",
    "administrateur",
    "administrator",
    "parvisparvis",
];

/// Why a password is not taken; each has a message `password-…`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotAPassword {
    /// Fewer than [`CHARS_MIN`] characters.
    Short,
    /// More than [`CHARS_MAX`].
    Long,
    /// One of those that are tried first, one character many times, or the person's own address.
    Common,
}

impl NotAPassword {
    /// The message key.
    pub fn key(self) -> &'static str {
        match self {
            NotAPassword::Short => "password-short",
            NotAPassword::Long => "password-long",
            NotAPassword::Common => "password-common",
        }
    }
}

/// Whether this person may have this password. What it is made of is nobody's business but its owner's.
pub fn check(password: &str, email: &str) -> Result<(), NotAPassword> {
    let chars = password.chars().count();
    let plain: String =
        password.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
    let first = plain.chars().next();
    if chars < CHARS_MIN {
        Err(NotAPassword::Short)
    } else if chars > CHARS_MAX {
        Err(NotAPassword::Long)
    } else if COMMON.contains(&plain.as_str())
        || plain.chars().all(|c| Some(c) == first)
        || plain == email.to_lowercase()
    {
        Err(NotAPassword::Common)
    } else {
        Ok(())
    }
}

/// Makes and compares hashes, a few at once, away from the threads that answer requests. Cheap to clone.
#[derive(Clone, Default)]
pub struct Hasher(Arc<Turns>);

struct Turns {
    working: Arc<Semaphore>,
    waiting: Semaphore,
}

impl Default for Turns {
    fn default() -> Turns {
        Turns { working: Arc::new(Semaphore::new(AT_ONCE)), waiting: Semaphore::new(WAITING_MAX) }
    }
}

/// A hash that no password has. Comparing with it takes as long as with a real one.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

impl Hasher {
    /// The hash of a password, as a PHC string. `salt` is random: 16 bytes or more.
    ///
    /// # Errors
    /// [`Error::Busy`] where too many wait already.
    pub async fn hash(&self, password: &str, salt: &[u8]) -> Result<String> {
        let (password, salt) = (password.to_owned(), salt.to_owned());
        let hashed = self.run(move || {
            Argon2::default().hash_password_with_salt(password.as_bytes(), &salt).map(|hash| hash.to_string())
        });
        hashed.await?.map_err(|cause| Error::Internal(format!("argon2: {cause}")))
    }

    /// True where this is the password of that hash. `None` takes as long and is never right: nobody learns by the
    /// time whether an address is known.
    ///
    /// # Errors
    /// [`Error::Busy`] where too many wait already.
    pub async fn holds(&self, password: &str, hash: Option<&str>) -> Result<bool> {
        let is_known = hash.is_some();
        let (password, hash) = (password.to_owned(), hash.unwrap_or(NOBODY).to_owned());
        let is_right =
            self.run(move || Argon2::default().verify_password(password.as_bytes(), hash.as_str()).is_ok());
        Ok(is_right.await? && is_known)
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let _place = self.0.waiting.try_acquire().map_err(|_| Error::Busy("too many sign-ins at once"))?;
        let turn = Arc::clone(&self.0.working).acquire_owned().await;
        let turn = turn.map_err(|_| Error::Busy("shutting down"))?;
        let work = move || {
            let _turn = turn;
            work()
        };
        tokio::task::spawn_blocking(work).await.map_err(|cause| Error::Internal(format!("argon2: {cause}")))
    }
}

#[cfg(test)]
mod tests {
    use argon2::password_hash::phc::PasswordHash;

    use super::*;

    #[test]
    fn a_password_is_long_and_not_the_first_that_is_tried() {
        for (password, answer) in [
            ("cheval batterie agrafe", Ok(())),
            ("éléphants !!", Ok(())),
            ("short", Err(NotAPassword::Short)),
            ("Motdepasse 1234", Err(NotAPassword::Common)),
            ("aaaaaaaaaaaaa", Err(NotAPassword::Common)),
            ("ANA@example.org", Err(NotAPassword::Common)),
            ("            ", Err(NotAPassword::Common)),
        ] {
            assert_eq!(check(password, "ana@example.org"), answer, "{password}");
        }
        assert_eq!(check(&"ab".repeat(101), "a@example.org"), Err(NotAPassword::Long));
    }

    #[tokio::test]
    async fn only_the_password_itself_opens_and_nobody_s_hash_never_does() {
        let hasher = Hasher::default();
        let hash = hasher.hash("cheval batterie agrafe", &[7; 16]).await.unwrap();

        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(hasher.holds("cheval batterie agrafe", Some(&hash)).await.unwrap());
        assert!(!hasher.holds("cheval batterie agraf", Some(&hash)).await.unwrap());
        assert!(!hasher.holds("cheval batterie agrafe", None).await.unwrap());
        assert!(!hasher.holds("x", Some("not a hash")).await.unwrap());
        let work = |hash: &str| {
            let hash = PasswordHash::new(hash).unwrap();
            (hash.algorithm, hash.params)
        };
        assert_eq!(work(NOBODY), work(&hash), "an unknown address takes as long");
    }
}
