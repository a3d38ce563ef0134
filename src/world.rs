//! What the outside world supplies: production and tests differ only here.

use crate::{clock::Clock, mail::transport::Mailer, tokens::Tokens};

/// Clock, randomness, and who delivers mails.
pub struct World {
    /// Tells the time.
    pub clock: Clock,
    /// Makes ids and keys.
    pub tokens: Tokens,
    /// Delivers mails.
    pub mailer: Mailer,
}
