//! How many mails may leave where the relay sets a limit. Pure; what was taken stands in one row that all processes
//! share, so that the limit holds for all of them together.

use std::num::NonZeroU32;

use chrono::{DateTime, TimeDelta, Utc};

/// A limit a minute: never more in any sixty seconds, however they are cut.
///
/// What a second may hold leaves at once, since the worker looks each second; the rest of the minute is spread
/// evenly (the generic cell rate algorithm).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// At once, after a pause.
    burst: i64,
    /// Between one and the next, after that.
    interval: TimeDelta,
}

/// What may be taken now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// So many mails.
    pub mails: i64,
    /// Where there is none: when there is room for one.
    pub next_at: DateTime<Utc>,
}

impl Pace {
    /// At most so many mails in any minute.
    pub fn per_minute(mails: NonZeroU32) -> Pace {
        let mails = i64::from(mails.get());
        // One more than a second has, since looks and room for a mail do not fall together; of few mails that one
        // would be too many.
        let burst = (mails / 60 + 1).max(if mails > 10 { 2 } else { 1 });
        // Those of the burst are of the minute, too.
        let spread = mails - burst + 1;
        let micros = TimeDelta::minutes(1).num_microseconds().expect("a minute") as u64;
        let interval = micros.div_ceil(spread.unsigned_abs());
        Pace { burst, interval: TimeDelta::microseconds(interval.cast_signed()) }
    }

    /// What may be taken where all that was taken before is worked off at `free_at`.
    pub fn room(&self, free_at: DateTime<Utc>, now: DateTime<Utc>) -> Room {
        let free_at = self.possible(free_at, now);
        let one = micros(self.interval);
        let taken = micros(free_at - now);
        let mails = (one.saturating_mul(self.burst) - taken).div_euclid(one);
        let next_at = free_at - TimeDelta::microseconds(one.saturating_mul(self.burst - 1));
        Room { mails: mails.max(0), next_at }
    }

    /// When these mails more are worked off, too.
    pub fn after(&self, free_at: DateTime<Utc>, mails: usize, now: DateTime<Utc>) -> DateTime<Utc> {
        let mails = i64::try_from(mails).unwrap_or(i64::MAX);
        self.possible(free_at, now) + TimeDelta::microseconds(micros(self.interval).saturating_mul(mails))
    }

    /// Later than a whole burst from now only where a clock was set back: nobody waits for that.
    fn possible(&self, free_at: DateTime<Utc>, now: DateTime<Utc>) -> DateTime<Utc> {
        let all = TimeDelta::microseconds(micros(self.interval).saturating_mul(self.burst));
        free_at.clamp(now, now + all)
    }
}

fn micros(delta: TimeDelta) -> i64 {
    delta.num_microseconds().unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn no_minute_has_more_than_the_limit_and_nearly_all_of_it_is_used(
            limit in 1_u32..2_000,
            looks in prop::collection::vec(0_i64..5_000, 50..300),
        ) {
            let pace = Pace::per_minute(NonZeroU32::new(limit).unwrap());
            let begin = DateTime::UNIX_EPOCH;
            let (mut now, mut free_at) = (begin, begin);
            let mut taken: Vec<(DateTime<Utc>, i64)> = Vec::new();
            for pause in looks {
                now += TimeDelta::milliseconds(pause);
                let room = pace.room(free_at, now);
                prop_assert!((room.mails == 0) == (room.next_at > now), "{room:?}");
                free_at = pace.after(free_at, usize::try_from(room.mails).unwrap(), now);
                taken.push((now, room.mails));
            }
            for (at, _) in &taken {
                let within = |when: &DateTime<Utc>| when >= at && *when < *at + TimeDelta::minutes(1);
                let sum: i64 = taken.iter().filter(|(when, _)| within(when)).map(|(_, mails)| mails).sum();
                prop_assert!(sum <= i64::from(limit), "{sum} in a minute");
            }
        }
    }

    #[test]
    fn a_clock_that_was_set_back_delays_by_one_mail_s_time_at_most() {
        let pace = Pace::per_minute(NonZeroU32::new(1).unwrap());
        let now = DateTime::UNIX_EPOCH;
        let room = pace.room(now + TimeDelta::days(9_999), now);
        assert_eq!((room.mails, room.next_at), (0, now + TimeDelta::minutes(1)));
    }

    #[test]
    fn who_looks_each_second_sends_what_the_limit_allows() {
        for (limit, percent) in
            [(1_u32, 100), (7, 85), (11, 90), (30, 96), (60, 98), (61, 98), (600, 98), (6_000, 98)]
        {
            let pace = Pace::per_minute(NonZeroU32::new(limit).unwrap());
            let (mut now, mut free_at, mut sent) = (DateTime::UNIX_EPOCH, DateTime::UNIX_EPOCH, 0);
            for _ in 0..600 {
                let room = pace.room(free_at, now).mails;
                free_at = pace.after(free_at, usize::try_from(room).unwrap(), now);
                sent += room;
                now += TimeDelta::seconds(1);
            }
            let all = i64::from(limit) * 10;
            assert!(sent <= all && sent * 100 >= all * percent, "{sent} of {all}");
        }
    }
}
