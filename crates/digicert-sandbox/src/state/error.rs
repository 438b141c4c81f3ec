//! [`StateError`]: why the state of a sandbox was not changed or loaded.

use std::error::Error;
use std::fmt;

/// Why the state of a sandbox was not changed or loaded. It is as it was before then.
///
/// The message says what has to change. It shows no key.
#[derive(Debug)]
pub struct StateError(StateErrorKind);

#[derive(Debug)]
enum StateErrorKind {
    NotJson(String),
    Version(u64),
    Damaged {
        place: String,
        reason: &'static str,
    },
    KeyOfAParent,
    UnknownSubaccount(i64),
    UnknownPartnerAccount(i64),
    Random(getrandom::Error),
    #[cfg(feature = "persistence")]
    Store(Box<dyn Error + Send + Sync>),
    Stopped,
}

impl StateError {
    pub(crate) fn not_json(error: &serde_json::Error) -> Self {
        Self(StateErrorKind::NotJson(without_value(error)))
    }

    pub(crate) fn version(found: u64) -> Self {
        Self(StateErrorKind::Version(found))
    }

    pub(crate) fn damaged(place: impl Into<String>, reason: &'static str) -> Self {
        Self(StateErrorKind::Damaged {
            place: place.into(),
            reason,
        })
    }

    pub(crate) fn key_of_a_parent() -> Self {
        Self(StateErrorKind::KeyOfAParent)
    }

    pub(crate) fn unknown_subaccount(id: i64) -> Self {
        Self(StateErrorKind::UnknownSubaccount(id))
    }

    pub(crate) fn unknown_partner_account(id: i64) -> Self {
        Self(StateErrorKind::UnknownPartnerAccount(id))
    }

    /// The change could not be kept.
    #[cfg(feature = "persistence")]
    pub(crate) fn store(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self(StateErrorKind::Store(error.into()))
    }

    pub(crate) fn stopped() -> Self {
        Self(StateErrorKind::Stopped)
    }

    /// Whether it is no fault of a document or an ID, but of the machine.
    pub(crate) fn is_of_the_machine(&self) -> bool {
        match self.0 {
            StateErrorKind::Random(_) | StateErrorKind::Stopped => true,
            #[cfg(feature = "persistence")]
            StateErrorKind::Store(_) => true,
            _ => false,
        }
    }

    pub(crate) fn random(error: getrandom::Error) -> Self {
        Self(StateErrorKind::Random(error))
    }
}

impl fmt::Display for StateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            StateErrorKind::NotJson(error) => write!(
                f,
                "this is no state document: {error}; give one as the sandbox wrote it"
            ),
            StateErrorKind::Version(found) => write!(
                f,
                "the state document has format_version {found}, this sandbox reads {}; use the \
                 digicert-sandbox that wrote it, or a newer one",
                super::document::FORMAT_VERSION
            ),
            StateErrorKind::Damaged { place, reason } => {
                write!(f, "the state document is damaged: {place} {reason}")
            }
            StateErrorKind::KeyOfAParent => f.write_str(
                "a subaccount in it has a key that was given to the sandbox for a parent account; \
                 start it with another key",
            ),
            StateErrorKind::UnknownSubaccount(id) => {
                write!(f, "there is no subaccount with the ID {id}")
            }
            StateErrorKind::UnknownPartnerAccount(id) => write!(
                f,
                "there is no account of the Partner Subscriptions API with the ID {id}"
            ),
            #[cfg(feature = "persistence")]
            StateErrorKind::Store(error) => {
                write!(f, "the state file cannot be written: {error}")
            }
            StateErrorKind::Stopped => f.write_str("the sandbox stops"),
            StateErrorKind::Random(error) => write!(
                f,
                "no API key could be made, the system gave no random bytes: {error}"
            ),
        }
    }
}

/// What is wrong, without the value that was found: it may be a key in the wrong place.
fn without_value(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.split_once(", expected ") {
        Some((_, expected)) => format!("expected {expected}"),
        None => text,
    }
}

impl Error for StateError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.0 {
            StateErrorKind::Random(error) => Some(error),
            #[cfg(feature = "persistence")]
            StateErrorKind::Store(error) => Some(&**error),
            _ => None,
        }
    }
}
