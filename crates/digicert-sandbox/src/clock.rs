//! [`Clock`], the time that a sandbox goes by: that of the system, set to another time, or
//! standing still.
//!
//! Nothing else in this crate asks the system what time it is, except to measure how long
//! something took.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The end of the year 9999. Later times cannot be written as the service writes them.
const LATEST: i128 = 253_402_300_799_999_999_999;

/// The time that a sandbox goes by. Creation dates and request limits read it.
///
/// It goes as the clock of the system does, unless it was [frozen](Self::frozen_at); either kind
/// can be [set](Self::set) and [advanced](Self::advance) while the sandbox runs. Clones are the
/// same clock. Times are held between 1970 and the year 9999.
///
/// ```
/// use std::time::{Duration, UNIX_EPOCH};
/// use digicert_sandbox::{Clock, Sandbox};
///
/// // 2018-11-29 01:48:04, as in the samples.
/// let clock = Clock::frozen_at(UNIX_EPOCH + Duration::from_secs(1_543_456_084));
/// let builder = Sandbox::builder().clock(clock.clone());
///
/// // Three minutes later: no request is in a window of the request limits any more.
/// clock.advance(Duration::from_secs(180));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Clock(Arc<Mutex<Time>>);

/// In nanoseconds, which no sum of two times overflows.
#[derive(Clone, Copy, Debug)]
enum Time {
    /// That of the system and so much more.
    Running { ahead: i128 },
    /// This time since 1970, until somebody changes it.
    Frozen { at: i128 },
}

impl Default for Time {
    fn default() -> Self {
        Self::Running { ahead: 0 }
    }
}

impl Clock {
    /// A clock that goes as the clock of the system does.
    #[must_use]
    pub fn system() -> Self {
        Self::default()
    }

    /// A clock that stands still.
    #[must_use]
    pub fn frozen_at(time: SystemTime) -> Self {
        let at = held(nanoseconds(time));
        Self(Arc::new(Mutex::new(Time::Frozen { at })))
    }

    /// What time it is.
    #[must_use]
    pub fn now(&self) -> SystemTime {
        let now = match *self.lock() {
            Time::Running { ahead } => held(nanoseconds(SystemTime::now()) + ahead),
            Time::Frozen { at } => at,
        };
        point_in_time(now)
    }

    /// Whether it stands still.
    #[must_use]
    pub fn is_frozen(&self) -> bool {
        matches!(*self.lock(), Time::Frozen { .. })
    }

    /// Lets so much time pass at once.
    pub fn advance(&self, by: Duration) {
        self.change(|now| now + signed(by.as_nanos()));
    }

    /// Sets it to a time. It goes on from there, or stands still there, as it did before.
    pub fn set(&self, time: SystemTime) {
        self.change(|_| nanoseconds(time));
    }

    fn change(&self, new: impl FnOnce(i128) -> i128) {
        let mut time = self.lock();
        *time = match *time {
            Time::Running { ahead } => {
                let system = nanoseconds(SystemTime::now());
                let ahead = held(new(held(system + ahead))) - system;
                Time::Running { ahead }
            }
            Time::Frozen { at } => Time::Frozen { at: held(new(at)) },
        };
    }

    fn lock(&self) -> MutexGuard<'_, Time> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn held(nanoseconds: i128) -> i128 {
    nanoseconds.clamp(0, LATEST)
}

fn signed(nanoseconds: u128) -> i128 {
    i128::try_from(nanoseconds).unwrap_or(LATEST)
}

/// Since 1970, or 0 before.
fn nanoseconds(time: SystemTime) -> i128 {
    let since_epoch = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    signed(since_epoch.as_nanos())
}

/// `held` has made sure that it is neither before 1970 nor out of the range of the system.
fn point_in_time(nanoseconds: i128) -> SystemTime {
    const PER_SECOND: i128 = 1_000_000_000;
    let seconds = u64::try_from(nanoseconds / PER_SECOND).unwrap_or_default();
    let rest = u32::try_from(nanoseconds % PER_SECOND).unwrap_or_default();
    UNIX_EPOCH + Duration::new(seconds, rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(seconds)
    }

    #[test]
    fn a_frozen_clock_moves_only_when_told_and_so_do_its_clones() {
        let clock = Clock::frozen_at(at(1000));
        let other = clock.clone();
        assert_eq!(clock.now(), at(1000));
        other.advance(Duration::from_secs(180));
        assert_eq!(clock.now(), at(1180));
        clock.set(at(5));
        assert_eq!(other.now(), at(5));
        assert!(other.is_frozen());
    }

    #[test]
    fn a_running_clock_goes_on_from_where_it_was_set() {
        let clock = Clock::system();
        let before = SystemTime::now();
        let now = clock.now();
        assert!(before <= now && now <= SystemTime::now());
        clock.set(at(1000));
        let set = clock.now();
        assert!(at(1000) <= set && set < at(1600));
        clock.advance(Duration::from_secs(3600));
        assert!(at(4600) <= clock.now() && clock.now() < at(5200));
        assert!(!clock.is_frozen());
    }

    #[test]
    fn i10_no_time_is_too_early_or_too_late() {
        for clock in [Clock::system(), Clock::frozen_at(at(0))] {
            for _ in 0..3 {
                clock.advance(Duration::MAX);
                assert_eq!(clock.now(), point_in_time(LATEST));
            }
            clock.set(UNIX_EPOCH - Duration::from_secs(1));
            assert!(clock.now() < at(600));
        }
    }
}
