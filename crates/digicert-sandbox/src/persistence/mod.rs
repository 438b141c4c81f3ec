//! The state file: a SQLite database that has every change before the client has its answer.
//!
//! A row a subaccount, so that a change writes what it changes and no more. What the rows say is
//! for `state`; the tables are described in the README.

mod error;
mod new_file;

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, Transaction};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::state::{Change, Parent, SharedState, State, StateDocument, StateError, Store};

pub use self::error::StateFileError;

/// Marks a database as one of ours, in the place that SQLite has for it: `DcSb`.
const APPLICATION_ID: i32 = 0x4463_5362;

/// The version of the tables, and of what the rows say.
const VERSION: i32 = 1;

/// The state in a file, made by `state` from what the file has, if it is not new. A file that
/// cannot be used is left as it was.
pub(crate) fn kept_in(
    path: &Path,
    state: impl FnOnce(Option<StateDocument>) -> Result<State, StateError>,
) -> Result<SharedState, StateFileError> {
    let unusable = |error| StateFileError::unusable(path, error);
    let (mut file, document) = StateFile::open(path)?;
    let is_new = document.is_none();
    let state = state(document).map_err(unusable)?;
    file.accept()
        .map_err(|error| StateFileError::of(path, error))?;
    let kept = if is_new {
        file.keep(&Change::Everything(Box::new(state.document())))
    } else {
        file.keep_parent(state.parent())
    };
    kept.map_err(unusable)?;
    Ok(SharedState::new(state, Some(Box::new(file))))
}

/// An open state file. Nobody else can use it meanwhile.
struct StateFile {
    connection: Connection,
}

impl StateFile {
    /// Opens a file, or makes one if there is none or an empty one. Says what is in it, unless it
    /// is new.
    fn open(path: &Path) -> Result<(Self, Option<StateDocument>), StateFileError> {
        let is_new = !is_ours(path)?;
        if is_new {
            new_file::create(path)?;
        }
        let file = Self::connect(path).map_err(|error| StateFileError::of(path, error))?;
        let document = file
            .read()
            .map_err(|error| error.into_error(path, StateFileError::of))?;
        Ok((file, document))
    }

    fn connect(path: &Path) -> rusqlite::Result<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(Duration::ZERO)?;
        // Until it is known to be sound, what a killed program has left beside it stays there.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        // From the first look at it until the program ends, in whatever way.
        connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
        Ok(Self { connection })
    }

    /// What is in it, or nothing if nothing was ever kept.
    fn read(&self) -> Result<Option<StateDocument>, ReadError> {
        let soundness: String = self
            .connection
            .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
        if soundness != "ok" {
            return Err(ReadError::Damaged(soundness));
        }
        let parents: Vec<Parent> = self.rows("SELECT 1, json FROM parent_account")?;
        let subaccounts = self.rows("SELECT account_id, json FROM subaccounts ORDER BY 1")?;
        let partners = self.rows("SELECT id, json FROM partner_accounts ORDER BY 1")?;
        let Some(parent) = parents.into_iter().next() else {
            return Ok(None);
        };
        let document = StateDocument::new(parent, subaccounts, partners);
        match document.check() {
            Ok(()) => Ok(Some(document)),
            Err(error) => Err(ReadError::Damaged(error.to_string())),
        }
    }

    fn rows<T: DeserializeOwned>(&self, query: &str) -> Result<Vec<T>, ReadError> {
        let mut statement = self.connection.prepare(query)?;
        let mut rows = statement.query([])?;
        let mut read = Vec::new();
        while let Some(row) = rows.next()? {
            let (id, json): (i64, String) = (row.get(0)?, row.get(1)?);
            let parsed = serde_json::from_str(&json).map_err(|error| {
                let reason = StateError::not_json(&error);
                ReadError::Damaged(format!("the row of {id}: {reason}"))
            })?;
            read.push(parsed);
        }
        Ok(read)
    }

    /// From now on it is written to, and every change is on the disk before it is answered.
    fn accept(&self) -> rusqlite::Result<()> {
        let connection = &self.connection;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
        connection.pragma_update(None, "synchronous", "FULL")
    }

    /// Keeps the settings of the parent account.
    fn keep_parent(&mut self, parent: &Parent) -> Result<(), StateError> {
        self.transaction(|transaction| put(transaction, PARENT, 1, parent))
    }

    fn transaction(
        &mut self,
        write: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<()>,
    ) -> Result<(), StateError> {
        let written = self.connection.transaction().and_then(|transaction| {
            write(&transaction)?;
            transaction.commit()
        });
        written.map_err(StateError::store)
    }
}

impl Store for StateFile {
    fn keep(&mut self, change: &Change) -> Result<(), StateError> {
        self.transaction(|transaction| match change {
            Change::Subaccount(subaccount) => {
                put(transaction, SUBACCOUNT, subaccount.id, subaccount)
            }
            Change::PartnerAccount(account) => put(transaction, PARTNER, account.id, account),
            Change::Everything(document) => put_everything(transaction, document),
        })
    }
}

const PARENT: &str = "INSERT OR REPLACE INTO parent_account (id, json) VALUES (?1, ?2)";
const SUBACCOUNT: &str = "INSERT OR REPLACE INTO subaccounts (account_id, json) VALUES (?1, ?2)";
const PARTNER: &str = "INSERT OR REPLACE INTO partner_accounts (id, json) VALUES (?1, ?2)";

fn put(
    transaction: &Transaction<'_>,
    statement: &str,
    id: i64,
    row: &impl Serialize,
) -> rusqlite::Result<()> {
    let json = serde_json::to_string(row)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
    transaction.execute(statement, (id, json)).map(|_| ())
}

fn put_everything(transaction: &Transaction<'_>, document: &StateDocument) -> rusqlite::Result<()> {
    transaction.execute_batch(
        "DELETE FROM parent_account; DELETE FROM subaccounts; DELETE FROM partner_accounts;",
    )?;
    put(transaction, PARENT, 1, &document.parent)?;
    for subaccount in &document.subaccounts {
        put(transaction, SUBACCOUNT, subaccount.id, subaccount)?;
    }
    for account in &document.partner_accounts {
        put(transaction, PARTNER, account.id, account)?;
    }
    Ok(())
}

/// Why the content could not be read.
enum ReadError {
    Sqlite(rusqlite::Error),
    Damaged(String),
}

impl ReadError {
    fn into_error(
        self,
        path: &Path,
        of: impl FnOnce(&Path, rusqlite::Error) -> StateFileError,
    ) -> StateFileError {
        match self {
            Self::Sqlite(error) => of(path, error),
            Self::Damaged(reason) => StateFileError::damaged(path, reason),
        }
    }
}

impl From<rusqlite::Error> for ReadError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

/// Whether there is a state file of ours; there is none if nothing is there, or an empty file.
///
/// Looked up in the first bytes of the file, without SQLite, which might change a file that turns
/// out to be somebody else's.
fn is_ours(path: &Path) -> Result<bool, StateFileError> {
    const MAGIC: &[u8] = b"SQLite format 3\0";
    // A pipe would be waited for, and a device be taken for an empty file and replaced.
    if fs::metadata(path).is_ok_and(|there| !there.is_file() && !there.is_dir()) {
        return Err(StateFileError::foreign(path));
    }
    let mut header = [0; 100];
    let read = File::open(path).and_then(|file| {
        let mut start = Vec::new();
        file.take(header.len() as u64).read_to_end(&mut start)?;
        Ok(start)
    });
    let start = match read {
        Ok(start) if start.is_empty() => return Ok(false),
        Ok(start) => start,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(StateFileError::unreadable(path, error)),
    };
    if start.len() < header.len() || !start.starts_with(MAGIC) {
        return Err(StateFileError::foreign(path));
    }
    header.copy_from_slice(&start);
    let number = |at: usize| {
        let bytes = [header[at], header[at + 1], header[at + 2], header[at + 3]];
        i32::from_be_bytes(bytes)
    };
    // Where the file format of SQLite has application_id and user_version.
    match (number(68), number(60)) {
        (APPLICATION_ID, VERSION) => Ok(true),
        (APPLICATION_ID, version) => Err(StateFileError::other_version(path, version)),
        _ => Err(StateFileError::foreign(path)),
    }
}
