//! What was answered is true, whatever is killed when (DESIGN.md section 8, invariants 5 and 7).

use crate::{
    crowd::{self, Crowd, TWICE, nothing_is_lost},
    harness::TestDb,
    process::{self, Process},
    smtp::SmtpServer,
};

/// After how many answers the server dies, each time: in the first batch, when a session fills up, later, and when seats come
/// free.
const DEATHS: [usize; 4] = [1, 20, 60, 61];

on_both_engines! {
    async fn nothing_that_was_answered_is_lost_when_the_server_is_killed_in_a_rush(db: TestDb) {
        let pool = db.pool().await;
        process::publish(&pool, crowd::sessions()).await;
        let mails = SmtpServer::start().await;
        let crowd = Crowd::default();

        let mut process = Process::serve(&db, &mails.url()).await;
        for taken in DEATHS {
            if taken == DEATHS[3] {
                crowd.leaves(&process.visitor(), &mails, 3).await;
            }
            let rush = crowd.rush(&process.visitor());
            crowd.until_taken(crowd.taken() + taken).await;
            process.kill();
            rush.end().await;
            process::check(&db);
            process = process.again(&db, &mails.url()).await;
        }

        nothing_is_lost(&crowd, &process, &pool, &mails, TWICE).await;
        process::check(&db);
    }
}
