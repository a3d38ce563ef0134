//! The letters by which the office finds people: written with the person, and here for those who have none yet: from
//! before there was such a column, or made by an older process.

use super::{desk::House, store::newcomers};
use crate::error::Result;

/// People of one transaction: between two, the desk has its turn.
const PEOPLE_MAX: i64 = 500;
/// Transactions of one turn: then what else has its time has its turn.
const BATCHES_MAX: usize = 20;

/// Writes down under what people are found, as far as it is missing. Several processes may do it at once.
///
/// # Errors
/// Where the database fails; what is missing then stays so until the next turn.
pub async fn write_missing(house: &House) -> Result<()> {
    for _ in 0..BATCHES_MAX {
        let mut db = house.pool.acquire().await?;
        if !newcomers::some_unfolded(&mut db).await? || house.pool.closing().is_cancelled() {
            return Ok(());
        }
        drop(db);
        let mut tx = house.pool.begin().await?;
        newcomers::fold(&mut tx, PEOPLE_MAX).await?;
        tx.commit().await?;
    }
    Ok(())
}
