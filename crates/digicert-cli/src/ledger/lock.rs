//! What is done by one process at a time, and how others see that it is still going on: locks on
//! files beside the ledger.
//!
//! The system gives a lock back when its process ends, however it ends. So a lock that is held
//! means a process at work, and nothing has to be cleaned up after a crash.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use fs4::{FileExt, TryLockError};
use sha2::{Digest as _, Sha256};

use super::entry::{Action, Detail, Entry, PARTNER_KEY_FILE};
use super::file::LedgerError;
use crate::manifest::hex;
use crate::subaccount_name::Identity;

/// How often to look again whether a lock is free.
const PAUSE: Duration = Duration::from_millis(50);

/// How long a lock is tried for. Who only looks whether it is held has it for a moment.
const TRIED: Duration = Duration::from_secs(1);

/// How often it is tried meanwhile.
const TRY: Duration = Duration::from_millis(5);

/// What one process at a time does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exclusive<'a> {
    /// Creating a subaccount from a document, which has this fingerprint.
    Creating(&'a str),
    /// Creating a subaccount of these names for an account at a service.
    Naming(&'a str, Option<i64>, &'a Identity),
    /// Setting the products of a subaccount at a service.
    Setting(&'a str, i64),
    /// Linking a billing account at a service to whom the partner key of this place belongs.
    Linking(&'a str, &'a str),
    /// Applying plans to what an account has at a service.
    Applying(&'a str, Option<i64>),
}

/// A lock that is held until it is dropped.
#[derive(Debug)]
pub(crate) struct Lock {
    file: File,
    path: PathBuf,
}

impl Lock {
    /// Takes a lock; `None` if somebody else has it, and not only to look.
    pub(crate) async fn try_take(
        ledger: &Path,
        once: Exclusive<'_>,
    ) -> Result<Option<Self>, LedgerError> {
        Self::try_for(TRIED, ledger, once).await
    }

    async fn try_for(
        tried: Duration,
        ledger: &Path,
        once: Exclusive<'_>,
    ) -> Result<Option<Self>, LedgerError> {
        let begun = tokio::time::Instant::now();
        loop {
            let lock = Self::take_at_once(ledger, once)?;
            if lock.is_some() || begun.elapsed() > tried {
                return Ok(lock);
            }
            tokio::time::sleep(TRY).await;
        }
    }

    fn take_at_once(ledger: &Path, once: Exclusive<'_>) -> Result<Option<Self>, LedgerError> {
        let path = once.path(ledger);
        Self::take_at(&path).map_err(|error| LedgerError::lock(&path, error))
    }

    fn take_at(path: &Path) -> io::Result<Option<Self>> {
        loop {
            let mut options = OpenOptions::new();
            options.append(true).create(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            let file = options.open(path)?;
            match FileExt::try_lock(&file) {
                // Its last holder may have removed it in between; the lock is then on nothing.
                Ok(()) if is_at(&file, path) => {
                    let path = path.to_owned();
                    return Ok(Some(Self { file, path }));
                }
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Ok(None),
                Err(TryLockError::Error(error)) => return Err(error),
            }
        }
    }

    /// Whether somebody has it. Leaves nothing behind.
    pub(crate) fn is_held(ledger: &Path, once: Exclusive<'_>) -> Result<bool, LedgerError> {
        let path = once.path(ledger);
        let exists = path.try_exists();
        if !exists.map_err(|error| LedgerError::lock(&path, error))? {
            return Ok(false);
        }
        Ok(Self::take_at_once(ledger, once)?.is_none())
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Removed while it is held, so that nobody else's is removed. If it stays, it is empty and
        // harmless.
        let _ = fs::remove_file(&self.path);
        let _ = FileExt::unlock(&self.file);
    }
}

/// Waits until nobody has the lock; gives `false` when that takes too long.
pub(crate) async fn wait_for(
    ledger: &Path,
    once: Exclusive<'_>,
    patience: Duration,
) -> Result<bool, LedgerError> {
    let waited = tokio::time::Instant::now();
    while Lock::is_held(ledger, once)? {
        if waited.elapsed() > patience {
            return Ok(false);
        }
        tokio::time::sleep(PAUSE).await;
    }
    Ok(true)
}

impl<'a> Exclusive<'a> {
    /// What whoever is at work on an entry does.
    pub(crate) fn of(entry: &'a Entry) -> Option<Self> {
        match entry.action {
            Action::CreateSubaccount => {
                let fingerprint = entry.fingerprint.as_deref();
                Some(Self::Creating(fingerprint.unwrap_or_default()))
            }
            Action::SetProducts => Some(Self::Setting(&entry.origin, entry.subaccount_id?)),
            Action::LinkBillingAccount => {
                Some(Self::linking(&entry.origin, &entry.detail, &entry.run))
            }
        }
    }

    /// One partner key in one file is of one account. Those of two environments may be of two, so what
    /// two runs do with them is not the same.
    pub(crate) fn linking(origin: &'a str, detail: &'a Detail, run: &'a str) -> Self {
        Self::Linking(origin, detail.text(PARTNER_KEY_FILE).unwrap_or(run))
    }

    fn path(self, ledger: &Path) -> PathBuf {
        let name = match self {
            Self::Creating(fingerprint) => format!("creating-{}.lock", short(fingerprint)),
            Self::Naming(origin, id, names) => {
                named("naming", &format!("{origin} {id:?} {names:?}"))
            }
            Self::Setting(origin, id) => named("setting", &format!("{origin} {id}")),
            Self::Linking(origin, place) => named("linking", &format!("{origin} {place}")),
            Self::Applying(origin, id) => named("applying", &format!("{origin} {id:?}")),
        };
        ledger.with_file_name(name)
    }
}

/// In words that follow "is".
impl fmt::Display for Exclusive<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Creating(_) => f.write_str("creating a subaccount from this document"),
            Self::Naming(..) => {
                f.write_str("creating a subaccount of this organization and child_name")
            }
            Self::Setting(_, id) => write!(f, "setting the products of subaccount {id}"),
            Self::Linking(..) => f.write_str("linking a billing account with this partner key"),
            Self::Applying(..) => f.write_str("applying to this account"),
        }
    }
}

fn named(what: &str, subject: &str) -> String {
    format!("{what}-{}.lock", short(&hex(&Sha256::digest(subject))))
}

fn short(digits: &str) -> &str {
    digits.get(..16).unwrap_or(digits)
}

/// Whether the open file is the one that has this path now.
#[cfg(unix)]
pub(crate) fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;

    match (file.metadata(), fs::metadata(path)) {
        (Ok(held), Ok(there)) => (held.dev(), held.ino()) == (there.dev(), there.ino()),
        _ => false,
    }
}

/// The same by what the system calls a file.
#[cfg(not(unix))]
pub(crate) fn is_at(file: &File, path: &Path) -> bool {
    use same_file::Handle;

    let held = file.try_clone().and_then(Handle::from_file);
    let there = Handle::from_path(path);
    matches!((held, there), (Ok(held), Ok(there)) if held == there)
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;
    use std::thread;

    use super::*;
    use crate::asynchronous;

    #[test]
    fn who_only_looks_takes_the_lock_from_nobody() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = folder.path().join("ledger");
        let (looks, has_looked) = channel();
        thread::scope(|scope| {
            scope.spawn(|| {
                // Longer than anybody looks.
                let lock = Lock::take_at_once(&ledger, Exclusive::Creating("a document"))
                    .unwrap()
                    .unwrap();
                looks.send(()).unwrap();
                thread::sleep(TRIED / 20);
                drop(lock);
            });
            has_looked.recv().unwrap();
            let lock = asynchronous::run(async {
                let tried = Duration::from_secs(60);
                Ok(
                    Lock::try_for(tried, &ledger, Exclusive::Creating("a document"))
                        .await
                        .unwrap(),
                )
            });
            assert!(lock.unwrap().is_some());
        });
    }

    #[test]
    fn a_lock_that_somebody_keeps_is_not_taken() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = folder.path().join("ledger");
        asynchronous::run(async {
            let _kept = Lock::try_take(&ledger, Exclusive::Creating("a document"))
                .await
                .unwrap()
                .unwrap();
            assert!(Lock::is_held(&ledger, Exclusive::Creating("a document")).unwrap());
            assert!(
                Lock::try_take(&ledger, Exclusive::Creating("a document"))
                    .await
                    .unwrap()
                    .is_none()
            );
            Ok(())
        })
        .unwrap();
    }
}
