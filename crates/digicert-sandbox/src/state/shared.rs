//! [`SharedState`]: reading the state from many connections at once, and the one way of changing
//! it.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard};

use tokio::sync::watch;
use tokio::task::spawn_blocking;

use super::{Change, State, StateError};

/// Where changes are kept before they are made.
pub(crate) trait Store: Send {
    /// When this returns, the change survives whatever happens to the program or the machine. If
    /// it fails, nothing of the change is kept.
    fn keep(&mut self, change: &Change) -> Result<(), StateError>;
}

/// The state, shared by all connections of one sandbox.
#[derive(Clone)]
pub(crate) struct SharedState(Arc<Shared>);

struct Shared {
    state: RwLock<State>,
    /// Locked from looking at the state until it is changed, so that of two changes one sees the
    /// other.
    store: Mutex<Option<Box<dyn Store>>>,
    /// Whether there is a store, and a change has to wait for a disk.
    is_stored: bool,
    /// How many changes there were.
    revision: watch::Sender<u64>,
}

impl SharedState {
    pub(crate) fn new(state: State, store: Option<Box<dyn Store>>) -> Self {
        Self(Arc::new(Shared {
            state: RwLock::new(state),
            is_stored: store.is_some(),
            store: Mutex::new(store),
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
    /// and what to answer. Once begun it is carried out, also if nobody waits for it any more.
    pub(crate) async fn change<T, E>(
        &self,
        prepare: impl FnOnce(&State) -> Result<(Change, T), E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StateError> + Send + 'static,
    {
        if !self.0.is_stored {
            return self.change_blocking(prepare);
        }
        let shared = self.clone();
        match spawn_blocking(move || shared.change_blocking(prepare)).await {
            Ok(changed) => changed,
            Err(_) => Err(StateError::stopped().into()),
        }
    }

    /// The same, on this thread, which may have to wait for a disk.
    pub(crate) fn change_blocking<T, E: From<StateError>>(
        &self,
        prepare: impl FnOnce(&State) -> Result<(Change, T), E>,
    ) -> Result<T, E> {
        let mut store = self.0.store.lock().unwrap_or_else(PoisonError::into_inner);
        let (change, answer) = prepare(&self.read())?;
        if let Some(store) = store.as_mut() {
            store.keep(&change)?;
        }
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
