//! Statements of few sizes.
//!
//! A statement whose text holds one row, or one place in a list, for each thing has another text for each number of
//! things, and is parsed, planned and (on PostgreSQL) asked about in a round trip of its own each time. With sizes
//! 1, 2, 3, 4, 6, 8, 12, 16 … there are a handful of texts, which a connection keeps prepared.

use sqlx::{Database, Encode, QueryBuilder, Type};

/// The list, its last value repeated until its length is a power of two or half as much again. For `IN (…)`, where that says
/// nothing new; and for rows that `ON CONFLICT DO NOTHING` takes once.
pub fn filled<T: Clone>(list: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut list: Vec<T> = list.into_iter().collect();
    if let Some(last) = list.last().cloned() {
        list.resize(size_of(list.len()), last);
    }
    list
}

/// Writes a list into a statement, as it stands between the brackets of `IN (…)`: in one of few sizes.
pub fn push_list<'t, DB: Database, T>(query: &mut QueryBuilder<DB>, list: impl IntoIterator<Item = T>)
where
    T: Clone + Encode<'t, DB> + Type<DB>,
{
    let mut places = query.separated(", ");
    for one in filled(list) {
        places.push_bind(one);
    }
}

/// The smallest size that is not less.
fn size_of(length: usize) -> usize {
    let power = length.next_power_of_two();
    let less = power / 4 * 3;
    if power >= 4 && length <= less { less } else { power }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_filled_with_what_it_holds() {
        assert!(filled(Vec::<i32>::new()).is_empty());
        assert_eq!(filled([7]), [7]);
        assert_eq!(filled([1, 2, 3, 4, 5]), [1, 2, 3, 4, 5, 5]);
    }

    #[test]
    fn there_are_few_sizes_and_none_is_much_too_large() {
        let mut sizes: Vec<usize> = (1..=256).map(size_of).collect();

        assert!((1..=256).zip(&sizes).all(|(length, size)| length <= *size && *size * 2 < length * 3 + 2));
        sizes.dedup();
        assert_eq!(sizes, [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256]);
    }
}
