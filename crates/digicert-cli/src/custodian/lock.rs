//! One creation at a time from one document, and how others see that it is still going on.
//!
//! The system gives a lock back when its process ends, however it ends. So a lock that is held
//! means a custodian at work, and nothing has to be cleaned up after a crash.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use fs4::{FileExt, TryLockError};

/// How often to look again whether a lock is free.
const PAUSE: Duration = Duration::from_millis(50);

/// How long a lock is tried for. Who only looks whether it is held has it for a moment.
const TRIED: Duration = Duration::from_secs(1);

/// How often it is tried meanwhile.
const TRY: Duration = Duration::from_millis(5);

/// A lock that is held until it is dropped.
#[derive(Debug)]
pub(crate) struct Lock {
    file: File,
    path: PathBuf,
}

impl Lock {
    /// Takes the lock of a document; `None` if somebody else has it, and not only to look.
    pub(crate) async fn try_take(ledger: &Path, fingerprint: &str) -> io::Result<Option<Self>> {
        let begun = tokio::time::Instant::now();
        loop {
            let lock = Self::take_at_once(ledger, fingerprint)?;
            if lock.is_some() || begun.elapsed() > TRIED {
                return Ok(lock);
            }
            tokio::time::sleep(TRY).await;
        }
    }

    fn take_at_once(ledger: &Path, fingerprint: &str) -> io::Result<Option<Self>> {
        let path = path(ledger, fingerprint);
        loop {
            let mut options = OpenOptions::new();
            options.append(true).create(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            let file = options.open(&path)?;
            match FileExt::try_lock(&file) {
                // Its last holder may have removed it in between; the lock is then on nothing.
                Ok(()) if is_at(&file, &path) => return Ok(Some(Self { file, path })),
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Ok(None),
                Err(TryLockError::Error(error)) => return Err(error),
            }
        }
    }

    /// Whether somebody has it. Leaves nothing behind.
    pub(crate) fn is_held(ledger: &Path, fingerprint: &str) -> io::Result<bool> {
        if !path(ledger, fingerprint).try_exists()? {
            return Ok(false);
        }
        Ok(Self::take_at_once(ledger, fingerprint)?.is_none())
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
    fingerprint: &str,
    patience: Duration,
) -> io::Result<bool> {
    let waited = tokio::time::Instant::now();
    while Lock::is_held(ledger, fingerprint)? {
        if waited.elapsed() > patience {
            return Ok(false);
        }
        tokio::time::sleep(PAUSE).await;
    }
    Ok(true)
}

fn path(ledger: &Path, fingerprint: &str) -> PathBuf {
    let short = fingerprint.get(..16).unwrap_or(fingerprint);
    ledger.with_file_name(format!("creating-{short}.lock"))
}

/// Whether the open file is the one that has this path now.
#[cfg(unix)]
pub(super) fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;

    match (file.metadata(), fs::metadata(path)) {
        (Ok(held), Ok(there)) => (held.dev(), held.ino()) == (there.dev(), there.ino()),
        _ => false,
    }
}

/// Where an open file cannot be removed, it is where it was.
#[cfg(not(unix))]
pub(super) fn is_at(_: &File, _: &Path) -> bool {
    true
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
                // Longer than anybody looks, and shorter than a lock is tried for.
                let lock = Lock::take_at_once(&ledger, "a document").unwrap().unwrap();
                looks.send(()).unwrap();
                thread::sleep(TRIED / 20);
                drop(lock);
            });
            has_looked.recv().unwrap();
            let lock = asynchronous::run(async {
                Ok(Lock::try_take(&ledger, "a document").await.unwrap())
            });
            assert!(lock.unwrap().is_some());
        });
    }

    #[test]
    fn a_lock_that_somebody_keeps_is_not_taken() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = folder.path().join("ledger");
        asynchronous::run(async {
            let _kept = Lock::try_take(&ledger, "a document")
                .await
                .unwrap()
                .unwrap();
            assert!(Lock::is_held(&ledger, "a document").unwrap());
            assert!(
                Lock::try_take(&ledger, "a document")
                    .await
                    .unwrap()
                    .is_none()
            );
            Ok(())
        })
        .unwrap();
    }
}
