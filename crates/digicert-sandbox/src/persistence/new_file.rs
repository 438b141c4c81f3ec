//! Making a state file: as a whole, or not at all.

use std::fs;
use std::path::Path;

use rusqlite::Connection;
use tempfile::NamedTempFile;

use super::{APPLICATION_ID, StateFileError, VERSION};

/// A row holds what `GET /_sandbox/state` shows of the same thing.
const TABLES: &str = "
    CREATE TABLE parent_account (id INTEGER PRIMARY KEY CHECK (id = 1), json TEXT NOT NULL) STRICT;
    CREATE TABLE subaccounts (account_id INTEGER PRIMARY KEY, json TEXT NOT NULL) STRICT;
    CREATE TABLE partner_accounts (id INTEGER PRIMARY KEY, json TEXT NOT NULL) STRICT;
";

/// Makes it beside its place and moves it there, readable for its owner only, because it holds
/// keys. A file that came there meanwhile, and is not empty, stays; so does a link.
pub(super) fn create(path: &Path) -> Result<(), StateFileError> {
    let place = fs::canonicalize(path);
    let path = place.as_deref().unwrap_or(path);
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let unwritable = |error| StateFileError::unreadable(path, error);
    let file = NamedTempFile::new_in(folder).map_err(unwritable)?;
    fill(file.path()).map_err(|error| StateFileError::of(path, error))?;
    file.as_file().sync_all().map_err(unwritable)?;
    if fs::metadata(path).is_ok_and(|found| found.len() == 0) {
        file.persist(path)
    } else {
        file.persist_noclobber(path)
    }
    .map_err(|error| unwritable(error.error))?;
    sync_folder(folder);
    Ok(())
}

fn fill(path: &Path) -> rusqlite::Result<()> {
    let connection = Connection::open(path)?;
    connection.execute_batch(TABLES)?;
    connection.pragma_update(None, "application_id", APPLICATION_ID)?;
    connection.pragma_update(None, "user_version", VERSION)?;
    // Last, so that all of it is in the one file that is moved.
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    connection.close().map_err(|(_, error)| error)
}

/// So that the file is found again after a power failure. Not every system can do it.
fn sync_folder(folder: &Path) {
    if let Ok(folder) = fs::File::open(folder) {
        let _ = folder.sync_all();
    }
}
