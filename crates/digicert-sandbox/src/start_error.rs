//! Why a sandbox could not start.

use std::error::Error;
use std::fmt;
use std::io;
use std::net::SocketAddr;

use crate::faults::InvalidFault;
#[cfg(feature = "persistence")]
use crate::persistence::StateFileError;
use crate::state::StateError;

/// Why a sandbox could not start. It names what has to change, and shows no key.
#[derive(Debug)]
pub struct StartError(StartErrorKind);

#[derive(Debug)]
enum StartErrorKind {
    Listen {
        address: SocketAddr,
        error: io::Error,
    },
    UnusableKey {
        kind: &'static str,
    },
    Fault(InvalidFault),
    Random(getrandom::Error),
    State(StateError),
    #[cfg(feature = "persistence")]
    StateFile(StateFileError),
}

impl StartError {
    pub(crate) fn listen(address: SocketAddr, error: io::Error) -> Self {
        Self(StartErrorKind::Listen { address, error })
    }

    pub(crate) fn unusable_key(kind: &'static str) -> Self {
        Self(StartErrorKind::UnusableKey { kind })
    }

    pub(crate) fn fault(error: InvalidFault) -> Self {
        Self(StartErrorKind::Fault(error))
    }

    pub(crate) fn state(error: StateError) -> Self {
        Self(StartErrorKind::State(error))
    }

    #[cfg(feature = "persistence")]
    pub(crate) fn state_file(error: StateFileError) -> Self {
        Self(StartErrorKind::StateFile(error))
    }

    pub(crate) fn random(error: getrandom::Error) -> Self {
        Self(StartErrorKind::Random(error))
    }

    /// Whether something else listens on the address already.
    #[must_use]
    pub fn is_address_in_use(&self) -> bool {
        matches!(&self.0, StartErrorKind::Listen { error, .. }
            if error.kind() == io::ErrorKind::AddrInUse)
    }
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            StartErrorKind::Listen { address, .. } if self.is_address_in_use() => write!(
                f,
                "cannot listen on {address}: something else listens there already; stop it, or \
                 choose another port (port 0 picks a free one)"
            ),
            StartErrorKind::Listen { address, error } => write!(
                f,
                "cannot listen on {address}: {error}; choose an address of this machine and a \
                 port that you may use"
            ),
            StartErrorKind::UnusableKey { kind } => write!(
                f,
                "the {kind} key cannot be sent in a header; use visible ASCII characters, at \
                 least one, without spaces"
            ),
            StartErrorKind::Fault(error) => write!(f, "a fault cannot be switched on: {error}"),
            StartErrorKind::State(error) => write!(f, "the state cannot be used: {error}"),
            #[cfg(feature = "persistence")]
            StartErrorKind::StateFile(error) => error.fmt(f),
            StartErrorKind::Random(error) => write!(
                f,
                "no key could be made up, the system gave no random bytes: {error}; give both keys"
            ),
        }
    }
}

impl Error for StartError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.0 {
            StartErrorKind::Listen { error, .. } => Some(error),
            StartErrorKind::UnusableKey { .. } => None,
            StartErrorKind::Fault(error) => Some(error),
            StartErrorKind::Random(error) => Some(error),
            StartErrorKind::State(error) => Some(error),
            #[cfg(feature = "persistence")]
            StartErrorKind::StateFile(error) => Some(error),
        }
    }
}
