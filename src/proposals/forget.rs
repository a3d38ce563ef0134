//! Who proposed through the public call is forgotten with its time, as who registers is: name and address go, and the link
//! with them; what was proposed stays.

use std::collections::HashMap;

use uuid::Uuid;

use super::store::forget;
use crate::{
    error::Result,
    programme,
    registration::{desk::House, retention},
};

/// Erases who proposed to programmes that are over for as long as they say, or else as the house says.
///
/// # Errors
/// Where nothing was erased.
pub async fn erase_due(house: &House, house_days: i64) -> Result<()> {
    let now = house.clock.now();
    let mut db = house.pool.acquire().await?;
    let programmes = forget::with_proposers(&mut db).await?;
    if programmes.is_empty() {
        return Ok(());
    }
    let own: HashMap<Uuid, i64> = retention::store::all_days(&mut db).await?;
    let mut over = Vec::new();
    for id in programmes {
        let Some(draft) = programme::store::frame_of(&mut db, id).await? else { continue };
        let days = own.get(&id).copied().unwrap_or(house_days);
        if retention::due_at(&draft.programme, days).is_some_and(|due| due <= now) {
            over.push(id);
        }
    }
    drop(db);
    if over.is_empty() {
        return Ok(());
    }
    let mut tx = house.pool.begin().await?;
    for programme in over {
        forget::proposers(&mut tx, programme).await?;
    }
    Ok(tx.commit().await?)
}
