//! Work on several threads whose results are taken in the order of the jobs.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::ops::ControlFlow;
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// How many slots there are for each thread: enough that none waits for a slow job of another.
const SLOTS_PER_THREAD: usize = 4;

/// Does every job on one of several threads, and hands the results to `take` in the order of the
/// jobs.
///
/// A result lies in a slot, and slots are used again. No job is begun without a free slot, so
/// what is in memory does not depend on the number of jobs. `take` may break off: then no further
/// job is begun.
pub(crate) fn in_order<J, S: Send>(
    jobs: impl Iterator<Item = J> + Send,
    slot: impl Fn() -> S,
    work: impl Fn(J, &mut S) + Sync,
    mut take: impl FnMut(&mut S) -> ControlFlow<()>,
) {
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let (free, next_free) = mpsc::channel();
    for _ in 0..threads * SLOTS_PER_THREAD {
        // The receiver is there.
        let _ = free.send(slot());
    }
    let source = &Mutex::new(Jobs {
        jobs: jobs.enumerate(),
        slots: next_free,
    });
    let work = &work;
    let (done, results) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..threads {
            let done = Done(done.clone());
            scope.spawn(move || work_off(source, work, &done));
        }
        drop(done);
        sort(&results, &free, &mut take);
        // Who waits for a slot gets none any more.
        drop(free);
    });
}

struct Jobs<I, S> {
    jobs: I,
    slots: Receiver<S>,
}

impl<J, I: Iterator<Item = (usize, J)>, S> Jobs<I, S> {
    /// A slot first: a job that was taken has to be done, or its successors wait forever.
    fn next(&mut self) -> Option<(usize, J, S)> {
        let slot = self.slots.recv().ok()?;
        let (number, job) = self.jobs.next()?;
        Some((number, job, slot))
    }
}

fn work_off<J, S>(
    source: &Mutex<Jobs<impl Iterator<Item = (usize, J)>, S>>,
    work: &impl Fn(J, &mut S),
    done: &Done<S>,
) {
    let next = || source.lock().unwrap_or_else(PoisonError::into_inner).next();
    while let Some((number, job, mut slot)) = next() {
        work(job, &mut slot);
        if done.0.send(Some((number, slot))).is_err() {
            return;
        }
    }
}

/// Tells when its thread panics: nobody must wait for the result.
struct Done<S>(Sender<Option<(usize, S)>>);

impl<S> Drop for Done<S> {
    fn drop(&mut self) {
        if thread::panicking() {
            let _ = self.0.send(None);
        }
    }
}

/// Takes the results in order, and sets their slots free.
fn sort<S>(
    results: &Receiver<Option<(usize, S)>>,
    free: &Sender<S>,
    take: &mut impl FnMut(&mut S) -> ControlFlow<()>,
) {
    let mut early = BTreeMap::new();
    let mut next = 0;
    while let Ok(Some((number, slot))) = results.recv() {
        early.insert(number, slot);
        while let Some(mut slot) = early.remove(&next) {
            if take(&mut slot).is_break() {
                return;
            }
            next += 1;
            // If nobody waits for it, there is no job left.
            let _ = free.send(slot);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_jobs() {
        let mut results = Vec::new();
        let work = |job: u64, slot: &mut u64| {
            // Even jobs take longer.
            *slot = (0..(job + 1) % 2 * 20_000)
                .fold(job, |sum, step| std::hint::black_box(sum ^ (step - step)));
        };
        in_order(
            0..500,
            || 0,
            work,
            |slot| {
                results.push(*slot);
                ControlFlow::Continue(())
            },
        );
        assert_eq!(results, (0..500).collect::<Vec<_>>());
    }

    #[test]
    fn a_bounded_number_of_jobs_is_in_flight() {
        let begun = AtomicUsize::new(0);
        let taken = AtomicUsize::new(0);
        let most = AtomicUsize::new(0);
        let work = |_, (): &mut ()| {
            let begun = begun.fetch_add(1, Ordering::SeqCst) + 1;
            most.fetch_max(begun - taken.load(Ordering::SeqCst), Ordering::SeqCst);
        };
        in_order(
            0..2000,
            || (),
            work,
            |()| {
                taken.fetch_add(1, Ordering::SeqCst);
                ControlFlow::Continue(())
            },
        );
        let slots = thread::available_parallelism().map_or(1, NonZero::get) * SLOTS_PER_THREAD;
        // The one that is being taken is not counted as taken yet.
        assert!(most.into_inner() <= slots, "more than {slots} at once");
    }

    #[test]
    fn no_job_is_no_result() {
        in_order(
            std::iter::empty::<()>(),
            || (),
            |(), ()| {},
            |()| unreachable!(),
        );
    }

    #[test]
    fn breaking_off_begins_no_further_job() {
        let begun = AtomicUsize::new(0);
        let work = |_, (): &mut ()| {
            begun.fetch_add(1, Ordering::SeqCst);
        };
        in_order(0.., || (), work, |()| ControlFlow::Break(()));
        assert!(begun.into_inner() > 0);
    }

    #[test]
    fn a_panic_ends_the_work_instead_of_hanging_it() {
        let result = std::panic::catch_unwind(|| {
            in_order(
                0..100,
                || (),
                |job, ()| assert_ne!(job, 7),
                |()| ControlFlow::Continue(()),
            );
        });
        assert!(result.is_err());
    }
}
