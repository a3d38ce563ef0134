//! The demo's team: an owner, who can do everything, and a partner.

use crate::{
    error::Result,
    identity::{Membership, Role, Staff, password::Hasher, people, store},
    locale::Lang,
    registration::desk::House,
};

/// Who the demo's owner is.
pub(super) const EMAIL: &str = "bureau@example.org";

/// Who the demo's partner is.
pub(super) const PARTNER: &str = "partenaire@example.org";

/// Makes a partner of that organisation and gives the password, another one in each demo.
pub(super) async fn partner(house: &House, of: Membership) -> Result<(String, Staff)> {
    let partner = Staff {
        id: house.tokens.id(house.clock.now()),
        email: PARTNER.to_owned(),
        name: "Dominique Exemple".to_owned(),
        lang: Lang::Fr,
        role: Role::Partner,
        organisations: vec![of],
    };
    let password = enter(house, &partner).await?;
    Ok((password, partner))
}

/// Makes the owner and gives the password, another one in each demo.
pub(super) async fn hire(house: &House) -> Result<String> {
    let owner = Staff {
        id: house.tokens.id(house.clock.now()),
        email: EMAIL.to_owned(),
        name: "Camille Exemple".to_owned(),
        lang: Lang::Fr,
        role: Role::Owner,
        organisations: Vec::new(),
    };
    enter(house, &owner).await
}

/// Somebody with a password, which it gives.
async fn enter(house: &House, staff: &Staff) -> Result<String> {
    let now = house.clock.now();
    let password = house.tokens.code();
    let hash = Hasher::default().hash(&password, &house.tokens.key()).await?;
    let mut tx = house.pool.begin().await?;
    store::add(&mut tx, staff, now).await?;
    people::set_password(&mut tx, house, staff.id, &hash, None, now).await?;
    tx.commit().await?;
    Ok(password)
}
