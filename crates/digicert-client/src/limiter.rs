//! Holds requests back so that the service's limits are never exceeded (I6).
//!
//! The service counts a request when it arrives, which is somewhere between the moment we send it
//! and the moment we have its answer. So a request counts from when it begins until a whole window
//! after it ended; then, whatever the network does, no window can hold more than allowed.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Mutex as FairMutex, Notify, OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

use crate::limits::{RateLimits, Window};

/// A window or a pause that is longer counts as this long: an instant cannot be arbitrarily late.
const LONGEST: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// One limiter a key; clones of a client share it.
#[derive(Debug)]
pub(crate) struct Limiter {
    windows: Vec<Window>,
    at_once: Option<Arc<Semaphore>>,
    /// Whoever waits for a window holds it; the others queue behind, in their order.
    queue: FairMutex<()>,
    log: Mutex<Log>,
    ended: Notify,
}

#[derive(Debug, Default)]
struct Log {
    /// Those that are held for later count as if they had begun.
    under_way: usize,
    /// When the others ended, in that order, as far as a window still counts them.
    ended: VecDeque<Instant>,
    paused_until: Option<Instant>,
    /// Whether whoever is first in the queue waits for one of those under way to end.
    awaited: bool,
}

/// Leave to send one request, from [`turn`](crate::certcentral::Client::turn). The request counts
/// from when it was given until a window after this is dropped.
#[derive(Debug)]
#[must_use = "it ends when it is dropped"]
pub struct Turn {
    /// When it was given.
    pub(crate) begun: Instant,
    limiter: Arc<Limiter>,
    _permit: Option<OwnedSemaphorePermit>,
}

/// Room for requests that have not begun. What nobody takes comes back when this is dropped.
#[derive(Debug)]
pub(crate) struct Held {
    limiter: Arc<Limiter>,
    requests: usize,
    permit: Option<OwnedSemaphorePermit>,
}

/// When the next requests may begin.
#[derive(Debug, PartialEq, Eq)]
enum Next {
    Now,
    At(Instant),
    /// As soon as one that is under way has ended, and a window later.
    AfterOneEnds,
}

impl Limiter {
    pub(crate) fn new(limits: &RateLimits) -> Arc<Self> {
        let window = |window: &Window| Window::new(window.requests, window.per.min(LONGEST));
        Arc::new(Self {
            windows: limits.windows.iter().map(window).collect(),
            at_once: limits
                .at_once
                .map(|count| Arc::new(Semaphore::new(count.max(1)))),
            queue: FairMutex::new(()),
            log: Mutex::default(),
            ended: Notify::new(),
        })
    }

    /// Waits for leave to send one request. First come, first served; a caller that gives up
    /// waiting leaves no trace.
    pub(crate) async fn turn(self: &Arc<Self>) -> Turn {
        let permit = self.permit().await;
        Turn {
            begun: self.room(1).await,
            limiter: Arc::clone(self),
            _permit: permit,
        }
    }

    /// Waits for room for several requests at once, which are to follow each other. More than the
    /// smallest window holds there never is, so that is as far as it goes.
    pub(crate) async fn hold(self: &Arc<Self>, requests: usize) -> Held {
        let windows = self.windows.iter();
        let most = windows.map(|window| window.requests.max(1)).min();
        let requests = most.map_or(requests, |most| requests.min(most));
        let permit = self.permit().await;
        self.room(requests).await;
        Held {
            limiter: Arc::clone(self),
            requests,
            permit,
        }
    }

    /// Room among the requests that are under way at once.
    ///
    /// Here and in the queue, what is free is taken without getting ready to wait, which is most
    /// of the cost. Nobody is overtaken: what somebody gives back goes to whoever waits.
    async fn permit(&self) -> Option<OwnedSemaphorePermit> {
        let semaphore = self.at_once.as_ref()?;
        match Arc::clone(semaphore).try_acquire_owned() {
            Ok(permit) => Some(permit),
            // The semaphore is never closed, so there is always a permit to come.
            Err(_) => Arc::clone(semaphore).acquire_owned().await.ok(),
        }
    }

    /// Waits in the queue until the windows have room, and says when that was.
    async fn room(&self, requests: usize) -> Instant {
        let _first = match self.queue.try_lock() {
            Ok(first) => first,
            Err(_) => self.queue.lock().await,
        };
        let now = Instant::now();
        if self.log().begin(&self.windows, requests, now) == Next::Now {
            return now;
        }
        loop {
            // Registered before looking, so that no end is missed in between.
            let ended = self.ended.notified();
            let now = Instant::now();
            let next = self.log().begin(&self.windows, requests, now);
            match next {
                Next::Now => return now,
                // Earlier if room comes back that nobody has used.
                Next::At(instant) => drop(tokio::time::timeout_at(instant, ended).await),
                Next::AfterOneEnds => ended.await,
            }
        }
    }

    /// Lets nobody begin for a while: the service has said that it is too much.
    pub(crate) fn pause(&self, pause: Duration) {
        let until = Instant::now() + pause.min(LONGEST);
        let mut log = self.log();
        log.paused_until = log.paused_until.max(Some(until));
    }

    /// Whether a request that was sent still counts.
    pub(crate) fn is_busy(&self) -> bool {
        let mut log = self.log();
        log.next(&self.windows, 1, Instant::now());
        log.under_way > 0 || !log.ended.is_empty()
    }

    fn log(&self) -> MutexGuard<'_, Log> {
        // Nothing that panics runs under the lock; a poisoned log would still be whole.
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    /// Takes the room of one request; `None` if there is none left. The last one is no longer kept
    /// from the others.
    pub(crate) fn take(&mut self) -> Option<Turn> {
        self.requests = self.requests.checked_sub(1)?;
        let is_last = self.requests == 0;
        Some(Turn {
            begun: Instant::now(),
            limiter: Arc::clone(&self.limiter),
            _permit: self.permit.take_if(|_| is_last),
        })
    }

    /// Takes the room of one request, which is the last one: what else there is comes back.
    pub(crate) fn take_last(mut self) -> Option<Turn> {
        self.requests = self.requests.checked_sub(1)?;
        let mut last = Self {
            limiter: Arc::clone(&self.limiter),
            requests: 1,
            permit: self.permit.take(),
        };
        last.take()
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if self.limiter.windows.is_empty() {
            return;
        }
        if self.limiter.log().end() {
            self.limiter.ended.notify_waiters();
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if self.limiter.windows.is_empty() || self.requests == 0 {
            return;
        }
        self.limiter.log().under_way -= self.requests;
        self.limiter.ended.notify_waiters();
    }
}

impl Log {
    /// Begins so many requests, if all of them may begin now.
    fn begin(&mut self, windows: &[Window], requests: usize, now: Instant) -> Next {
        let next = self.next(windows, requests, now);
        if next == Next::Now && !windows.is_empty() {
            self.under_way += requests;
        }
        self.awaited = next == Next::AfterOneEnds;
        next
    }

    /// Ends a request, and says whether somebody waits for that.
    fn end(&mut self) -> bool {
        self.under_way -= 1;
        // The clock is read with the log locked, so that the ends are in order.
        self.ended.push_back(Instant::now());
        self.awaited
    }

    fn next(&mut self, windows: &[Window], requests: usize, now: Instant) -> Next {
        let longest = windows
            .iter()
            .map(|window| window.per)
            .max()
            .unwrap_or_default();
        while self
            .ended
            .front()
            .is_some_and(|ended| *ended + longest <= now)
        {
            self.ended.pop_front();
        }
        let mut next = match self.paused_until {
            Some(until) if until > now => Next::At(until),
            _ => Next::Now,
        };
        for window in windows {
            next = later(next, self.next_in(*window, requests, now));
        }
        next
    }

    fn next_in(&self, window: Window, requests: usize, now: Instant) -> Next {
        let room = window.requests.max(1);
        let counted = self.ended.len() + self.under_way;
        if counted.saturating_add(requests) <= room {
            return Next::Now;
        }
        let past = self
            .ended
            .partition_point(|ended| *ended + window.per <= now);
        let counted = self.ended.len() - past + self.under_way;
        let surplus = counted.saturating_add(requests).saturating_sub(room);
        let Some(last) = surplus.checked_sub(1) else {
            return Next::Now;
        };
        // There is room when the surplus has left the window; those under way will be the last to.
        match self.ended.get(past + last) {
            Some(ended) => Next::At(*ended + window.per),
            None => Next::AfterOneEnds,
        }
    }
}

fn later(one: Next, other: Next) -> Next {
    match (one, other) {
        (Next::AfterOneEnds, _) | (_, Next::AfterOneEnds) => Next::AfterOneEnds,
        (Next::At(one), Next::At(other)) => Next::At(one.max(other)),
        (Next::At(at), Next::Now) | (Next::Now, Next::At(at)) => Next::At(at),
        (Next::Now, Next::Now) => Next::Now,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sends `count` requests through `clones` tasks, each taking `latency`; says when each began.
    async fn begun(
        limits: RateLimits,
        clones: usize,
        count: usize,
        latency: Duration,
    ) -> Vec<Duration> {
        let limiter = Limiter::new(&limits);
        let start = Instant::now();
        let (send, mut receive) = tokio::sync::mpsc::unbounded_channel();
        for task in 0..clones {
            let (limiter, send) = (Arc::clone(&limiter), send.clone());
            let share = count / clones + usize::from(task < count % clones);
            tokio::spawn(async move {
                for _ in 0..share {
                    let turn = limiter.turn().await;
                    let _ = send.send(start.elapsed());
                    tokio::time::sleep(latency).await;
                    drop(turn);
                }
            });
        }
        drop(send);
        let mut begun = Vec::new();
        while let Some(at) = receive.recv().await {
            begun.push(at);
        }
        begun.sort();
        begun
    }

    /// The most requests that any window of that length holds, if each arrives when it begins.
    fn most_in(begun: &[Duration], per: Duration) -> usize {
        (0..begun.len())
            .map(|first| {
                begun[first..]
                    .iter()
                    .take_while(|at| **at < begun[first] + per)
                    .count()
            })
            .max()
            .unwrap_or(0)
    }

    #[tokio::test(start_paused = true)]
    async fn i6_three_thousand_calls_keep_both_windows_and_use_them_to_99_percent() {
        for clones in [1, 64] {
            let begun = begun(RateLimits::default(), clones, 3000, Duration::ZERO).await;
            assert_eq!(begun.len(), 3000);
            assert_eq!(most_in(&begun, Duration::from_secs(5)), 100);
            assert_eq!(most_in(&begun, Duration::from_secs(180)), 1000);
            // 1000 at once in bursts of 100, and again after 180 and 360 seconds.
            let ideal = Duration::from_secs(2 * 180 + 9 * 5);
            let last = begun[2999];
            assert!(
                last >= ideal && last <= ideal.mul_f64(1.01),
                "{last:?} instead of {ideal:?}"
            );
        }
    }

    #[tokio::test(start_paused = true)]
    async fn i6_a_slow_network_cannot_squeeze_requests_into_one_window() {
        // A request may arrive as late as its answer: 200 ms after it began.
        let latency = Duration::from_millis(200);
        let limits = RateLimits {
            windows: vec![Window::new(10, Duration::from_secs(1))],
            at_once: Some(4),
        };
        let begun = begun(limits, 8, 100, latency).await;
        let squeezed: Vec<_> = begun
            .iter()
            .enumerate()
            .map(|(index, at)| if index % 2 == 0 { *at + latency } else { *at })
            .collect();
        let mut squeezed = squeezed;
        squeezed.sort();
        assert!(most_in(&squeezed, Duration::from_secs(1)) <= 10);
    }

    #[tokio::test(start_paused = true)]
    async fn one_request_at_a_time_unless_told_otherwise() {
        let limiter = Limiter::new(&RateLimits::default());
        let first = limiter.turn().await;
        let second = tokio::time::timeout(Duration::from_secs(1), limiter.turn()).await;
        assert!(second.is_err(), "the first is still under way");
        drop(first);
        let third = tokio::time::timeout(Duration::from_secs(1), limiter.turn()).await;
        assert!(third.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn a_caller_that_gives_up_takes_nothing_from_the_others() {
        let limits = RateLimits {
            windows: vec![Window::new(1, Duration::from_secs(10))],
            at_once: None,
        };
        let limiter = Limiter::new(&limits);
        drop(limiter.turn().await);
        let start = Instant::now();
        for _ in 0..5 {
            let given_up = tokio::time::timeout(Duration::from_secs(1), limiter.turn()).await;
            assert!(given_up.is_err());
        }
        drop(limiter.turn().await);
        assert_eq!(start.elapsed(), Duration::from_secs(10));
    }

    #[tokio::test(start_paused = true)]
    async fn who_came_first_goes_first() {
        let limits = RateLimits {
            windows: vec![Window::new(1, Duration::from_secs(1))],
            ..RateLimits::default()
        };
        let limiter = Limiter::new(&limits);
        let order = Arc::new(Mutex::new(Vec::new()));
        let mut tasks = Vec::new();
        for number in 0..20 {
            let (limiter, order) = (Arc::clone(&limiter), Arc::clone(&order));
            tasks.push(tokio::spawn(async move {
                let _turn = limiter.turn().await;
                order.lock().expect("not poisoned").push(number);
            }));
            tokio::task::yield_now().await;
        }
        for task in tasks {
            task.await.expect("it ends");
        }
        assert_eq!(
            *order.lock().expect("not poisoned"),
            (0..20).collect::<Vec<_>>()
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_pause_holds_everybody_back() {
        let limiter = Limiter::new(&RateLimits::none());
        let start = Instant::now();
        limiter.pause(Duration::from_secs(7));
        limiter.pause(Duration::from_secs(3));
        drop(limiter.turn().await);
        assert_eq!(start.elapsed(), Duration::from_secs(7));
    }

    #[tokio::test(start_paused = true)]
    async fn i6_a_request_that_something_else_sends_counts_like_our_own() {
        let limits = RateLimits {
            windows: vec![Window::new(2, Duration::from_secs(9))],
            ..RateLimits::default()
        };
        let client = crate::certcentral::Client::builder(&"not-a-real-key".into())
            .origin("http://127.0.0.1:1")
            .rate_limits(limits)
            .build()
            .expect("a client");
        let start = Instant::now();
        drop(client.turn().await);
        let second = client.clone().turn().await;
        let third = tokio::time::timeout(Duration::from_secs(1), client.turn()).await;
        assert!(third.is_err(), "one at a time, and the second is under way");
        drop(second);
        drop(client.turn().await);
        assert_eq!(start.elapsed(), Duration::from_secs(9));
    }
}
