//! [`SharedState`]: reading the state from many connections at once, and the one way of changing
//! it.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard};

use tokio::sync::watch;

use super::{Change, State};

/// The state, shared by all connections of one sandbox.
#[derive(Clone)]
pub(crate) struct SharedState(Arc<Shared>);

struct Shared {
    state: RwLock<State>,
    /// Held from looking at the state until it is changed, so that of two changes each sees the
    /// other or comes before it.
    changing: Mutex<()>,
    /// How many changes there were.
    revision: watch::Sender<u64>,
}

impl SharedState {
    pub(crate) fn new(state: State) -> Self {
        Self(Arc::new(Shared {
            state: RwLock::new(state),
            changing: Mutex::new(()),
            revision: watch::Sender::new(0),
        }))
    }

    /// A panic while somebody else held the lock is no reason to stop serving.
    pub(crate) fn read(&self) -> RwLockReadGuard<'_, State> {
        self.0.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many changes there were, now and whenever there is another one.
    pub(crate) fn revision(&self) -> watch::Receiver<u64> {
        self.0.revision.subscribe()
    }

    /// Changes the state, or leaves it as it is. `prepare` looks at it and says what is to change
    /// and what to answer.
    pub(crate) fn change<T, E>(
        &self,
        prepare: impl FnOnce(&State) -> Result<(Change, T), E>,
    ) -> Result<T, E> {
        let changing = self.0.changing.lock();
        let _changing = changing.unwrap_or_else(PoisonError::into_inner);
        let (change, answer) = prepare(&self.read())?;
        let state = self.0.state.write();
        state.unwrap_or_else(PoisonError::into_inner).apply(change);
        self.0.revision.send_modify(|revision| *revision += 1);
        Ok(answer)
    }
}

impl fmt::Debug for SharedState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SharedState").finish_non_exhaustive()
    }
}
