//! `parvis bounce`: a mail server pipes in what came back.

use std::io::{self, Read as _};

use super::{Outcome, open_house};
use crate::{
    mail::{
        bounce::{self, REPORT_BYTES_MAX, Report, Verdict},
        outbox,
    },
    registration::{desk::House, store::reach},
};

/// What a mail server takes for "try again later" (`EX_TEMPFAIL`).
pub(super) const TRY_AGAIN: u8 = 75;

/// Whatever is no report of a mail of ours ends well: a mail server must not send it back to anybody.
pub(super) async fn run() -> Outcome {
    let Some(report) = bounce::read(&read_all(io::stdin().lock())?) else {
        eprintln!("no delivery report; nothing changed");
        return Ok(());
    };
    eprintln!("{}", take_in(&open_house().await?, &report).await?);
    Ok(())
}

/// The beginning; the rest is read and dropped, so that whoever writes is not cut off.
fn read_all(mut input: impl io::Read) -> io::Result<Vec<u8>> {
    let mut raw = Vec::new();
    input.by_ref().take(REPORT_BYTES_MAX as u64).read_to_end(&mut raw)?;
    io::copy(&mut input, &mut io::sink())?;
    Ok(raw)
}

/// Writes down what the report says of our mail; a line about what was done, without personal data.
///
/// # Errors
/// Where the database fails: then nothing was written.
pub async fn take_in(house: &House, report: &Report) -> crate::error::Result<String> {
    let now = house.clock.now();
    let mut tx = house.pool.begin().await?;
    let mut found = None;
    for id in &report.mails {
        found = outbox::posted(&mut tx, *id).await?;
        if found.is_some() {
            break;
        }
    }
    let Some(mail) = found else {
        return Ok("a delivery report of no mail of ours; nothing changed".to_owned());
    };
    let name = format!("mail {} ({})", mail.id, mail.kind);
    let line = match report.verdict(&mail.recipient) {
        Verdict::Fine => format!("{name}: nothing to note"),
        Verdict::Delayed { why } => {
            outbox::delayed(&mut tx, mail.id, &format!("delayed: {why}")).await?;
            format!("{name} is delayed: {why}")
        }
        Verdict::Failed { why, dead } => {
            let new = outbox::bounced(&mut tx, mail.id, &format!("came back: {why}"), now).await?;
            if new && dead {
                reach::mark_undeliverable(&mut tx, &mail.recipient, mail.queued_at, now).await?;
            }
            format!("{name} came back: {why}")
        }
    };
    tx.commit().await?;
    Ok(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_piped_in_is_read_to_its_end_and_kept_up_to_a_limit() {
        let mut input = io::repeat(b'x').take(20 << 20);
        assert_eq!(read_all(&mut input).unwrap().len(), REPORT_BYTES_MAX);
        assert_eq!(input.limit(), 0);
    }
}
