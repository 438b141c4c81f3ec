//! [`StateFileError`]: why a state file cannot be used.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

use super::VERSION;
use crate::state::StateError;

/// Why a state file cannot be used. It was not changed. The message says what to do, and shows no
/// key.
#[derive(Debug)]
pub struct StateFileError {
    path: PathBuf,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Unreadable(io::Error),
    Foreign,
    OtherVersion(i32),
    InUse,
    Damaged(String),
    Sqlite(rusqlite::Error),
    Unusable(StateError),
}

impl StateFileError {
    fn new(path: &Path, kind: Kind) -> Self {
        Self {
            path: path.to_owned(),
            kind,
        }
    }

    pub(super) fn unreadable(path: &Path, error: io::Error) -> Self {
        Self::new(path, Kind::Unreadable(error))
    }

    pub(super) fn foreign(path: &Path) -> Self {
        Self::new(path, Kind::Foreign)
    }

    pub(super) fn other_version(path: &Path, version: i32) -> Self {
        Self::new(path, Kind::OtherVersion(version))
    }

    pub(super) fn damaged(path: &Path, reason: String) -> Self {
        Self::new(path, Kind::Damaged(reason))
    }

    pub(super) fn unusable(path: &Path, error: StateError) -> Self {
        Self::new(path, Kind::Unusable(error))
    }

    pub(super) fn of(path: &Path, error: rusqlite::Error) -> Self {
        let kind = match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Kind::InUse,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                Kind::Damaged(error.to_string())
            }
            _ => Kind::Sqlite(error),
        };
        Self::new(path, kind)
    }
}

impl fmt::Display for StateFileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match &self.kind {
            Kind::Unreadable(error) => write!(
                f,
                "cannot use the state file {path}: {error}; choose a file in a folder that exists \
                 and that you may write to"
            ),
            Kind::Foreign => write!(
                f,
                "{path} is no state file of digicert-sandbox, and stays as it is; choose another \
                 name, and a file will be made"
            ),
            Kind::OtherVersion(version) => write!(
                f,
                "the state file {path} has version {version}, this digicert-sandbox reads \
                 {VERSION}; use the one that wrote it, or a newer one, or choose another file"
            ),
            Kind::InUse => write!(
                f,
                "the state file {path} is in use by another sandbox; stop that one, or choose \
                 another file"
            ),
            Kind::Damaged(reason) => write!(
                f,
                "the state file {path} is damaged: {reason}; it stays as it is: bring back a copy \
                 of it, or choose another file"
            ),
            Kind::Unusable(error) => {
                write!(f, "the state file {path} cannot be used: {error}")
            }
            Kind::Sqlite(error) => write!(
                f,
                "cannot use the state file {path}: {error}; choose a file in a folder that exists \
                 and that you may write to"
            ),
        }
    }
}

impl Error for StateFileError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.kind {
            Kind::Unreadable(error) => Some(error),
            Kind::Sqlite(error) => Some(error),
            Kind::Unusable(error) => Some(error),
            _ => None,
        }
    }
}
