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

/// A lock that is held until it is dropped.
#[derive(Debug)]
pub(crate) struct Lock {
    file: File,
    path: PathBuf,
}

impl Lock {
    /// Takes the lock of a document; `None` if somebody else has it.
    pub(crate) fn try_take(ledger: &Path, fingerprint: &str) -> io::Result<Option<Self>> {
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
        Ok(Self::try_take(ledger, fingerprint)?.is_none())
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

#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;

    match (file.metadata(), fs::metadata(path)) {
        (Ok(held), Ok(there)) => (held.dev(), held.ino()) == (there.dev(), there.ino()),
        _ => false,
    }
}

/// Where an open file cannot be removed, it is where it was.
#[cfg(not(unix))]
fn is_at(_: &File, _: &Path) -> bool {
    true
}
