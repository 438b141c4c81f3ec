//! Which limiter belongs to which key: clients of one key in one process share it, also when they
//! are built one after the other.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use crate::limiter::Limiter;
use crate::limits::RateLimits;

struct Limiters {
    /// Keeps keys out of the map: what cannot be turned back cannot be printed.
    hasher: RandomState,
    by_key: HashMap<u64, Arc<Limiter>>,
}

static LIMITERS: LazyLock<Mutex<Limiters>> = LazyLock::new(|| {
    Mutex::new(Limiters {
        hasher: RandomState::new(),
        by_key: HashMap::new(),
    })
});

/// The limiter of a key at a base URL. Clients with other limits have one of their own.
pub(crate) fn limiter(base_url: &str, key: &[u8], limits: &RateLimits) -> Arc<Limiter> {
    let mut limiters = LIMITERS.lock().unwrap_or_else(PoisonError::into_inner);
    // A key that nobody uses and whose requests no longer count is forgotten.
    limiters
        .by_key
        .retain(|_, limiter| Arc::strong_count(limiter) > 1 || limiter.is_busy());
    let hash = limiters.hasher.hash_one((base_url, key, limits));
    Arc::clone(
        limiters
            .by_key
            .entry(hash)
            .or_insert_with(|| Limiter::new(limits)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clients_of_one_key_share_a_limiter_and_others_do_not() {
        let limits = RateLimits::default();
        let one = limiter("https://a.example", b"key", &limits);
        assert!(Arc::ptr_eq(
            &one,
            &limiter("https://a.example", b"key", &limits)
        ));
        assert!(!Arc::ptr_eq(
            &one,
            &limiter("https://b.example", b"key", &limits)
        ));
        assert!(!Arc::ptr_eq(
            &one,
            &limiter("https://a.example", b"other", &limits)
        ));
        assert!(!Arc::ptr_eq(
            &one,
            &limiter("https://a.example", b"key", &RateLimits::none())
        ));
    }

    #[tokio::test(start_paused = true)]
    async fn i6_a_client_that_is_built_anew_remembers_what_was_sent() {
        let limits = RateLimits {
            windows: vec![crate::limits::Window::new(
                1,
                std::time::Duration::from_secs(9),
            )],
            ..RateLimits::default()
        };
        drop(limiter("https://c.example", b"key", &limits).turn().await);
        let start = tokio::time::Instant::now();
        drop(limiter("https://c.example", b"key", &limits).turn().await);
        assert_eq!(start.elapsed(), std::time::Duration::from_secs(9));
    }
}
