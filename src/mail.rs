//! Mails: what they say, the outbox that they wait in, who sends them.
