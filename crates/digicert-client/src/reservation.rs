//! Calls that were let through before the first of them is made, so that none waits for the limits
//! between them. How room is held is `limiter.rs`.

use std::sync::Arc;

use tokio::sync::{Mutex, MutexGuard};

use crate::limiter::{Held, Limiter, Turn};

/// The calls of [`reserve`](crate::certcentral::Client::reserve). Clones share them.
#[derive(Clone, Debug)]
pub(crate) struct Reservation(Arc<Mutex<Calls>>);

#[derive(Debug)]
pub(crate) struct Calls {
    /// How many have not begun.
    left: usize,
    /// Nothing while one of them waits to be sent again.
    held: Option<Held>,
}

impl Reservation {
    pub(crate) async fn of(limiter: &Arc<Limiter>, calls: usize) -> Self {
        let held = match calls {
            0 => None,
            _ => Some(limiter.hold(calls).await),
        };
        Self(Arc::new(Mutex::new(Calls { left: calls, held })))
    }

    /// Begins one of the calls; `None` if all have been made. The next one begins when this is
    /// dropped.
    pub(crate) async fn call(&self) -> Option<MutexGuard<'_, Calls>> {
        let mut calls = self.0.lock().await;
        calls.left = calls.left.checked_sub(1)?;
        Some(calls)
    }

    /// Gives back what has not been used, for good.
    pub(crate) async fn give_up(&self) {
        let mut calls = self.0.lock().await;
        calls.left = 0;
        calls.give_back();
    }
}

impl Calls {
    /// Leave to send a request of the call that has begun. It waits only after
    /// [`give_back`](Self::give_back), and then for those that follow as well.
    pub(crate) async fn turn(&mut self, limiter: &Arc<Limiter>) -> Turn {
        if self.held.is_none() {
            self.held = Some(limiter.hold(self.left + 1).await);
        }
        match self.held.as_mut().and_then(Held::take) {
            Some(turn) => turn,
            // More were asked for than a window holds.
            None => limiter.turn().await,
        }
    }

    /// Leave to send a request of the call that has begun, which is the last one.
    pub(crate) async fn last_turn(&mut self, limiter: &Arc<Limiter>) -> Turn {
        self.left = 0;
        match self.held.take().and_then(Held::take_last) {
            Some(turn) => turn,
            None => limiter.turn().await,
        }
    }

    /// Lets others have what is held. Whoever waits while holding something could wait for one who
    /// does the same.
    pub(crate) fn give_back(&mut self) {
        self.held = None;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::{Instant, advance, timeout};

    use super::*;
    use crate::limits::{RateLimits, Window};

    const MOMENT: Duration = Duration::from_millis(1);

    /// So many in ten seconds, and any number at once.
    fn limiter(requests: usize) -> Arc<Limiter> {
        Limiter::new(&RateLimits {
            windows: vec![Window::new(requests, seconds(10))],
            at_once: None,
        })
    }

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    /// Makes one call; says when it began.
    async fn call(reservation: &Reservation, limiter: &Arc<Limiter>) -> Instant {
        let mut calls = reservation.call().await.expect("one is left");
        calls.turn(limiter).await.begun
    }

    #[tokio::test(start_paused = true)]
    async fn a_write_does_not_wait_after_the_look_however_full_the_window_is() {
        let limiter = limiter(3);
        let start = Instant::now();
        drop(limiter.turn().await);
        advance(seconds(4)).await;
        drop(limiter.turn().await);
        // Room for one is not enough.
        let both = Reservation::of(&limiter, 2).await;
        let others = timeout(seconds(1), limiter.turn()).await;
        assert!(others.is_err(), "what is reserved is nobody else's");
        let look = call(&both, &limiter).await;
        let write = call(&both, &limiter).await;
        assert_eq!(look - start, seconds(11));
        assert_eq!(write, look);
        assert!(both.call().await.is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn i6_what_is_reserved_counts_from_then_on_until_a_window_after_its_end() {
        let limiter = limiter(2);
        let both = Reservation::of(&limiter, 2).await;
        advance(seconds(60)).await;
        let look = call(&both, &limiter).await;
        advance(seconds(3)).await;
        call(&both, &limiter).await;
        assert_eq!(limiter.turn().await.begun - look, seconds(10));
        assert_eq!(limiter.turn().await.begun - look, seconds(13));
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_not_used_comes_back_and_wakes_who_waits() {
        for used in [0, 1] {
            let limiter = limiter(2);
            let both = Reservation::of(&limiter, 2).await;
            for _ in 0..used {
                call(&both, &limiter).await;
            }
            let waits = tokio::spawn({
                let limiter = Arc::clone(&limiter);
                async move { limiter.turn().await.begun }
            });
            advance(seconds(3)).await;
            let dropped = Instant::now();
            drop(both);
            assert_eq!(waits.await.expect("it ends") - dropped, Duration::ZERO);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn who_gives_up_reserving_leaves_no_trace() {
        let limiter = limiter(2);
        drop(limiter.turn().await);
        for _ in 0..5 {
            let given_up = timeout(seconds(1), Reservation::of(&limiter, 2)).await;
            assert!(given_up.is_err());
        }
        assert!(timeout(MOMENT, limiter.turn()).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_that_is_sent_again_waits_until_what_follows_it_fits_too() {
        let limiter = limiter(3);
        let both = Reservation::of(&limiter, 2).await;
        let mut look = both.call().await.expect("one is left");
        drop(look.turn(&limiter).await);
        look.give_back();
        // Others come first meanwhile.
        drop(limiter.turn().await);
        let again = look.turn(&limiter).await.begun;
        drop(look);
        assert_eq!(call(&both, &limiter).await, again);
    }

    #[tokio::test(start_paused = true)]
    async fn two_that_are_sent_again_do_not_wait_for_each_other_for_ever() {
        for at_once in [None, Some(1), Some(2)] {
            let limiter = Limiter::new(&RateLimits {
                windows: vec![Window::new(2, seconds(10))],
                at_once,
            });
            let one = async {
                let both = Reservation::of(&limiter, 2).await;
                let mut look = both.call().await.expect("one is left");
                for _ in 0..3 {
                    drop(look.turn(&limiter).await);
                    look.give_back();
                }
                drop(look.turn(&limiter).await);
                drop(look);
                call(&both, &limiter).await;
            };
            let two = async {
                tokio::join!(one, async {
                    let both = Reservation::of(&limiter, 2).await;
                    call(&both, &limiter).await;
                    call(&both, &limiter).await;
                });
            };
            let ended = timeout(seconds(1000), two).await;
            assert!(ended.is_ok(), "{at_once:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn more_than_a_window_holds_waits_like_any_other_call() {
        let limiter = limiter(1);
        let both = Reservation::of(&limiter, 2).await;
        let look = call(&both, &limiter).await;
        let write = timeout(seconds(60), call(&both, &limiter)).await;
        assert_eq!(write.expect("not for ever") - look, seconds(10));
    }

    #[tokio::test(start_paused = true)]
    async fn one_at_a_time_is_kept_until_the_last_one_and_no_longer() {
        let limiter = Limiter::new(&RateLimits::default());
        let both = Reservation::of(&limiter, 2).await;
        call(&both, &limiter).await;
        let between = timeout(seconds(1), limiter.turn()).await;
        assert!(
            between.is_err(),
            "nobody comes between the look and the write"
        );
        let mut write = both.call().await.expect("one is left");
        let turn = write.turn(&limiter).await;
        assert!(timeout(seconds(1), limiter.turn()).await.is_err());
        drop(turn);
        // The reservation is still there, and used up.
        assert!(timeout(MOMENT, limiter.turn()).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn a_turn_for_something_else_is_the_last_one_and_the_rest_comes_back() {
        let limiter = Limiter::new(&RateLimits {
            windows: vec![Window::new(4, seconds(10))],
            at_once: Some(1),
        });
        let reservation = Reservation::of(&limiter, 4).await;
        let look = call(&reservation, &limiter).await;
        let mut last = reservation.call().await.expect("one is left");
        let turn = last.last_turn(&limiter).await;
        drop(last);
        assert_eq!(turn.begun, look);
        assert!(reservation.call().await.is_none());
        let meanwhile = timeout(seconds(1), limiter.turn()).await;
        assert!(meanwhile.is_err(), "one at a time");
        drop(turn);
        for _ in 0..2 {
            assert!(timeout(MOMENT, limiter.turn()).await.is_ok());
        }
        assert!(timeout(seconds(1), limiter.turn()).await.is_err());
    }

    /// How many requests the documented limits let through by then, if each takes no time.
    fn permitted(by: Duration) -> u64 {
        let bursts = (by.as_secs() % 180) / 5 + 1;
        by.as_secs() / 180 * 1000 + bursts.min(10) * 100
    }

    #[tokio::test(start_paused = true)]
    async fn i6_looks_with_their_writes_use_the_limits_to_99_percent_at_any_time() {
        let limiter = Limiter::new(&RateLimits::default());
        let start = Instant::now();
        let mut begun = Vec::new();
        // Look, write, read back, as `digicert apply` does.
        for _ in 0..3000 {
            let both = Reservation::of(&limiter, 2).await;
            begun.push(call(&both, &limiter).await - start);
            begun.push(call(&both, &limiter).await - start);
            begun.push(limiter.turn().await.begun - start);
        }
        for (sent, at) in (0..).zip(&begun) {
            assert!(sent < permitted(*at), "{sent} before {at:?}");
            let before = permitted(at.saturating_sub(MOMENT));
            let is_first = at.is_zero();
            assert!(
                is_first || sent * 100 >= before * 99,
                "{sent} of {before} before {at:?}"
            );
        }
    }
}
