//! The demo's team: an owner, who can do everything.

use crate::{
    error::Result,
    identity::{Role, Staff, password::Hasher, people, store},
    locale::Lang,
    registration::desk::House,
};

/// Who the demo's owner is.
pub(super) const EMAIL: &str = "bureau@example.org";

/// Makes the owner and gives the password, another one in each demo.
pub(super) async fn hire(house: &House) -> Result<String> {
    let now = house.clock.now();
    let password = house.tokens.code();
    let hash = Hasher::default().hash(&password, &house.tokens.key()).await?;
    let owner = Staff {
        id: house.tokens.id(now),
        email: EMAIL.to_owned(),
        name: "Camille Exemple".to_owned(),
        lang: Lang::Fr,
        role: Role::Owner,
        organisations: Vec::new(),
    };
    let mut tx = house.pool.begin().await?;
    store::add(&mut tx, &owner, now).await?;
    people::set_password(&mut tx, house, owner.id, &hash, None, now).await?;
    tx.commit().await?;
    Ok(password)
}
