//! What people are found by: the code that they have for the door, and the letters of the office's search. Both are
//! written with the person, and here for those who have none yet: from before there was such a column, or made by an
//! older process.

use super::{contact::Code, desk::House, store::newcomers};
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
    give_codes(house).await?;
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

/// Gives a code to whoever has none. Where one is somebody's already, others are made in the next turn.
async fn give_codes(house: &House) -> Result<()> {
    for _ in 0..BATCHES_MAX {
        let mut db = house.pool.acquire().await?;
        if !newcomers::some_uncoded(&mut db).await? || house.pool.closing().is_cancelled() {
            return Ok(());
        }
        drop(db);
        let mut tx = house.pool.begin().await?;
        let people = newcomers::uncoded(&mut tx, PEOPLE_MAX).await?;
        let codes: Vec<_> = people.into_iter().map(|id| (id, Code::fresh(&house.tokens))).collect();
        if codes.is_empty() {
            return Ok(());
        }
        newcomers::give_codes(&mut tx, &codes).await?;
        tx.commit().await?;
    }
    Ok(())
}
