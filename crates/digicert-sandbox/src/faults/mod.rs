//! Faults on demand: what is switched on, and which of it befalls a call.
//!
//! What a fault is stands in `fault` and `effect`; how an effect is brought about in `injection`.

mod effect;
mod fault;
mod injection;
mod text_form;

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use tokio::sync::watch;

use crate::operation::Operation;

pub use self::effect::{CutBody, Delay, Effect, Reset, Status, UnknownFields, When};
pub use self::fault::{Fault, InvalidFault};
pub(crate) use self::injection::inject;

/// The faults that are switched on in a sandbox. Clones are the same.
///
/// Each one counts the calls that it is meant for. If several would befall a call, the one that
/// was switched on first does.
#[derive(Clone, Default)]
pub struct Faults(Arc<Shared>);

#[derive(Default)]
struct Shared {
    /// So that a call without faults costs next to nothing.
    any: AtomicBool,
    rules: Mutex<Rules>,
    changes: watch::Sender<u64>,
}

#[derive(Default)]
struct Rules {
    rules: Vec<Rule>,
    latest: u64,
}

struct Rule {
    id: FaultId,
    fault: Fault,
    calls: u64,
    fired: u64,
    random: fastrand::Rng,
}

/// Names a fault that is or was switched on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct FaultId(u64);

impl FaultId {
    /// The number by which the control path names it.
    #[must_use]
    pub fn number(self) -> u64 {
        self.0
    }
}

impl From<u64> for FaultId {
    fn from(number: u64) -> Self {
        Self(number)
    }
}

impl fmt::Display for FaultId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A fault that is switched on, and how often it has befallen a call.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct ActiveFault {
    /// Its name.
    pub id: FaultId,
    /// The fault itself.
    #[serde(flatten)]
    pub fault: Fault,
    /// So many calls that it is meant for have come since it was switched on.
    pub calls: u64,
    /// So many of them it has befallen.
    pub fired: u64,
    /// The text form.
    pub text: String,
}

impl Faults {
    /// Switches a fault on.
    pub fn add(&self, fault: impl Into<Fault>) -> Result<FaultId, InvalidFault> {
        let fault = fault.into();
        fault.check()?;
        let id = self.change(|rules| {
            rules.latest += 1;
            let id = FaultId(rules.latest);
            rules.rules.push(Rule::new(id, fault));
            id
        });
        Ok(id)
    }

    /// Switches a fault off. Says whether it was on.
    #[expect(
        clippy::must_use_candidate,
        reason = "most want it off, whatever it was"
    )]
    pub fn remove(&self, id: FaultId) -> bool {
        self.change(|rules| {
            let before = rules.rules.len();
            rules.rules.retain(|rule| rule.id != id);
            rules.rules.len() < before
        })
    }

    /// Switches all faults off.
    pub fn clear(&self) {
        self.change(|rules| rules.rules.clear());
    }

    /// The faults that are on, in the order in which they were switched on.
    #[must_use]
    pub fn list(&self) -> Vec<ActiveFault> {
        self.lock().rules.iter().map(Rule::active).collect()
    }

    /// Counts a call, and says what befalls it.
    pub(crate) fn befalling(&self, operation: Operation) -> Option<(FaultId, Effect)> {
        if !self.0.any.load(Ordering::Acquire) {
            return None;
        }
        let mut befalling = None;
        for rule in &mut self.lock().rules {
            if rule.call(operation, befalling.is_some()) {
                befalling = Some((rule.id, rule.fault.effect.clone()));
            }
        }
        if befalling.is_some() {
            self.0.changes.send_modify(|changes| *changes += 1);
        }
        befalling
    }

    /// Tells whenever faults are switched or befall a call.
    pub(crate) fn watch(&self) -> watch::Receiver<u64> {
        self.0.changes.subscribe()
    }

    fn change<T>(&self, change: impl FnOnce(&mut Rules) -> T) -> T {
        let mut rules = self.lock();
        let result = change(&mut rules);
        self.0.any.store(!rules.rules.is_empty(), Ordering::Release);
        drop(rules);
        self.0.changes.send_modify(|changes| *changes += 1);
        result
    }

    fn lock(&self) -> MutexGuard<'_, Rules> {
        self.0.rules.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.list()).finish()
    }
}

impl Rule {
    fn new(id: FaultId, fault: Fault) -> Self {
        Self {
            id,
            random: fastrand::Rng::with_seed(fault.seed_or_default()),
            fault,
            calls: 0,
            fired: 0,
        }
    }

    /// Counts a call, and says whether it is to be befallen. One that another fault has already
    /// befallen is counted, and drawn for, so that it does not matter for later calls.
    fn call(&mut self, operation: Operation, is_taken: bool) -> bool {
        if !self.fault.is_on(operation) {
            return false;
        }
        self.calls += 1;
        let is_drawn = match self.fault.chance() {
            Some(probability) => self.random.f64() < probability,
            None => true,
        };
        let fires = is_drawn
            && !is_taken
            && self.calls >= self.fault.first_call()
            && self.fired < self.fault.limit();
        self.fired += u64::from(fires);
        fires
    }

    fn active(&self) -> ActiveFault {
        ActiveFault {
            id: self.id,
            text: self.fault.to_string(),
            fault: self.fault.clone(),
            calls: self.calls,
            fired: self.fired,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Which of so many calls are befallen, by their numbers.
    fn befallen(fault: impl Into<Fault>, calls: u64) -> Vec<u64> {
        let faults = Faults::default();
        faults.add(fault).unwrap();
        let is_befallen = |_: &u64| faults.befalling(Operation::GetAccount).is_some();
        (1..=calls).filter(is_befallen).collect()
    }

    #[test]
    fn the_calls_that_are_meant_are_befallen() {
        let fault = || Fault::cut_body();
        assert_eq!(befallen(fault(), 3), [1, 2, 3]);
        assert_eq!(befallen(fault().nth(2), 5), [2]);
        assert_eq!(befallen(fault().times(2), 5), [1, 2]);
        assert_eq!(befallen(fault().nth(2).times(2), 5), [2, 3]);
        assert_eq!(befallen(fault().probability(0.0), 100), [0; 0]);
        assert_eq!(befallen(fault().probability(1.0), 2), [1, 2]);
        assert_eq!(befallen(fault().on(Operation::CreateSubaccount), 5), [0; 0]);
    }

    #[test]
    fn a_seed_picks_the_same_calls_each_time() {
        let with_seed = |seed| befallen(Fault::cut_body().probability(0.3).seed(seed), 1000);
        assert_eq!(with_seed(7), with_seed(7));
        assert_ne!(with_seed(7), with_seed(8));
        assert!((250..350).contains(&with_seed(7).len()));
        assert_eq!(
            befallen(Fault::cut_body().probability(0.3), 1000),
            with_seed(0)
        );
    }

    #[test]
    fn of_several_the_first_befalls_and_the_others_count_on() {
        let faults = Faults::default();
        let first = faults.add(Fault::cut_body().nth(1)).unwrap();
        let second = faults.add(Fault::unknown_fields().nth(2)).unwrap();
        let third = faults.add(Fault::status(500).times(1)).unwrap();
        let next = || faults.befalling(Operation::GetAccount).map(|(id, _)| id);
        assert_eq!(next(), Some(first));
        assert_eq!(next(), Some(second));
        assert_eq!(next(), Some(third));
        assert_eq!(next(), None);
        let counts = faults
            .list()
            .into_iter()
            .map(|fault| (fault.calls, fault.fired));
        assert_eq!(counts.collect::<Vec<_>>(), [(4, 1); 3]);
        assert!(faults.remove(second) && !faults.remove(second));
        faults.clear();
        assert!(faults.list().is_empty());
    }
}
