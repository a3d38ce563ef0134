//! The only place that reads the wall clock.
//!
//! Routes and workers ask the [`Clock`] once and pass `now` down; everything
//! below them takes a `DateTime<Utc>` and so can be tested at any moment.

use std::sync::Arc;

use chrono::{DateTime, SubsecRound, Utc};

/// Tells the time; tests set it.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>);

impl Clock {
    /// The machine's clock.
    #[expect(clippy::disallowed_methods, reason = "this is the one reader")]
    pub fn system() -> Clock {
        Clock::from_fn(Utc::now)
    }

    /// A clock that asks `read`.
    pub fn from_fn(read: impl Fn() -> DateTime<Utc> + Send + Sync + 'static) -> Clock {
        Clock(Arc::new(read))
    }

    /// Truncated to microseconds, which is what PostgreSQL keeps.
    pub fn now(&self) -> DateTime<Utc> {
        (self.0)().trunc_subsecs(6)
    }
}
