//! Which sessions are at the same time.

pub use crate::programme::clashes::Span;

/// For each, the positions of those that it overlaps with.
pub fn clashes(spans: &[Option<Span>]) -> Vec<Vec<usize>> {
    let overlap = |a: usize, b: usize| match (spans[a], spans[b]) {
        (Some(one), Some(other)) => a != b && one.overlaps(other),
        (None, _) | (_, None) => false,
    };
    (0..spans.len()).map(|a| (0..spans.len()).filter(|b| overlap(a, *b)).collect()).collect()
}

#[cfg(test)]
mod tests {
    use chrono::{TimeDelta, TimeZone as _, Utc};
    use proptest::prelude::*;

    use super::*;

    fn span(from: i64, to: i64) -> Span {
        let noon = Utc.with_ymd_and_hms(2027, 4, 19, 12, 0, 0).unwrap();
        Span { start: noon + TimeDelta::minutes(from), end: noon + TimeDelta::minutes(to) }
    }

    #[test]
    fn one_after_the_other_is_no_overlap() {
        for (one, other, overlap) in [
            ((0, 60), (60, 120), false),
            ((0, 60), (59, 120), true),
            ((0, 60), (10, 20), true),
            ((0, 60), (0, 60), true),
            ((30, 30), (0, 60), true),
            ((0, 0), (0, 60), true),
            ((60, 60), (0, 60), false),
            ((0, 0), (0, 0), true),
            ((0, 0), (1, 1), false),
        ] {
            let (one, other) = (span(one.0, one.1), span(other.0, other.1));
            assert_eq!(one.overlaps(other), overlap, "{one:?} {other:?}");
        }
    }

    #[test]
    fn what_has_no_hour_is_in_nobody_s_way() {
        assert_eq!(
            clashes(&[Some(span(0, 60)), None, Some(span(30, 90)), Some(span(90, 100))]),
            [vec![2], vec![], vec![0], vec![]]
        );
    }

    proptest! {
        #[test]
        fn an_overlap_is_one_both_ways(a in 0i64..50, b in 0i64..50, c in 0i64..50, d in 0i64..50) {
            let (one, other) = (span(a.min(b), a.max(b)), span(c.min(d), c.max(d)));
            prop_assert_eq!(one.overlaps(other), other.overlaps(one));
        }
    }
}
