//! The file of the ledger: how it is opened so that what was written is on the disk, and what is
//! refused.

use std::fs::{self, OpenOptions};
use std::io;
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};

use crate::durable_file;
use crate::failure::Failure;

/// The steps to the present form of the file. What was published is never changed, only followed
/// by another step.
const MIGRATIONS: &[&str] = &[include_str!("schema.sql")];

/// `DGCL` in ASCII: how a ledger is told from other files of SQLite.
const APPLICATION_ID: i64 = 0x4447_434c;

/// How long another program may take to finish a write. Each takes milliseconds.
const OTHERS_WRITE_FOR: Duration = Duration::from_secs(30);

/// Why a ledger cannot be used. Nothing was changed in it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LedgerError {
    #[error(
        "the ledger {path} was written by a later version of this program (form {found}, this \
         version knows {known}); update the program, or name another ledger with --ledger"
    )]
    Newer {
        path: String,
        found: i64,
        known: usize,
    },
    #[error("{0} is a database, but not a ledger of this program; name another file with --ledger")]
    Foreign(String),
    #[error(
        "the ledger {path} is damaged ({why}); it was left as it is: restore it from a backup, or \
         move it away and look at the service for what was changed"
    )]
    Damaged { path: String, why: String },
    #[error("the ledger {0} has been locked by another program for {wait} seconds; try again, or \
             look for a program that hangs", wait = OTHERS_WRITE_FOR.as_secs())]
    Busy(String),
    #[error(
        "{0} is a folder, a pipe or a device, in which nothing is kept; name a file with --ledger"
    )]
    NoFile(String),
    #[error("the ledger {path} cannot be used: {source}; name another file with --ledger")]
    Io { path: String, source: io::Error },
    #[error("the ledger {path} cannot be used: {source}; name another file with --ledger")]
    Sqlite {
        path: String,
        source: rusqlite::Error,
    },
    #[error(
        "there is no ledger {0}; look at --ledger and DIGICERT_LEDGER, or if they are right, nothing \
         was changed with it yet"
    )]
    Missing(String),
    #[error(
        "cannot tell from {path} whether another process is at work: {source}; if none is, remove that \
         file"
    )]
    Lock { path: String, source: io::Error },
    #[error("there is no home folder to keep the ledger in; name a file with --ledger")]
    NoHome,
}

impl LedgerError {
    pub(super) fn of(path: &Path, source: rusqlite::Error) -> Self {
        let path = path.display().to_string();
        match source.sqlite_error_code() {
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => Self::Damaged {
                path,
                why: source.to_string(),
            },
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy(path),
            _ => Self::Sqlite { path, source },
        }
    }

    pub(super) fn lock(path: &Path, source: io::Error) -> Self {
        Self::Lock {
            path: path.display().to_string(),
            source,
        }
    }

    pub(super) fn io(path: &Path, source: io::Error) -> Self {
        Self::Io {
            path: path.display().to_string(),
            source,
        }
    }
}

pub(super) fn open(path: &Path) -> Result<Connection, LedgerError> {
    refuse_what_is_no_file(path)?;
    make(path).map_err(|error| LedgerError::io(path, error))?;
    let mut connection = connect(path)?;
    let form = form(path, &connection)?;
    prepare(&connection).map_err(|error| LedgerError::of(path, error))?;
    if form < MIGRATIONS.len() {
        migrate(&mut connection).map_err(|error| LedgerError::of(path, error))?;
    }
    Ok(connection)
}

/// Whether `open` would take a file that is there, without changing it.
pub(super) fn check(path: &Path) -> Result<(), LedgerError> {
    refuse_what_is_no_file(path)?;
    let writable = OpenOptions::new().append(true).open(path);
    writable.map_err(|error| LedgerError::io(path, error))?;
    form(path, &connect(path)?).map(drop)
}

/// A device takes entries and forgets them, and a pipe lets the program wait for a reader.
fn refuse_what_is_no_file(path: &Path) -> Result<(), LedgerError> {
    if fs::metadata(path).is_ok_and(|there| !there.is_file()) {
        return Err(LedgerError::NoFile(path.display().to_string()));
    }
    Ok(())
}

fn connect(path: &Path) -> Result<Connection, LedgerError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Connection::open_with_flags(path, flags).map_err(|error| LedgerError::of(path, error))
}

/// Nothing is sent without a ledger, so it is a matter of configuration.
impl From<LedgerError> for Failure {
    fn from(error: LedgerError) -> Self {
        Self::from_display(error)
    }
}

/// Makes an empty file that only its owner can read. SQLite gives its journal the same rights.
fn make(path: &Path) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        durable_file::create_folder(folder)?;
    }
    durable_file::create_if_missing(path)
}

/// Which form the file has, 0 if it is empty. Only reads.
fn form(path: &Path, connection: &Connection) -> Result<usize, LedgerError> {
    let read = || {
        connection.busy_timeout(OTHERS_WRITE_FOR)?;
        // All of it at one moment: another program may be making it.
        let _moment = connection.unchecked_transaction()?;
        let number = |sql| connection.query_row(sql, [], |row| row.get::<_, i64>(0));
        let is_empty = number("SELECT count(*) FROM sqlite_schema")? == 0;
        let damage =
            connection.query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0))?;
        let application = number("PRAGMA application_id")?;
        Ok((
            is_empty,
            damage,
            application,
            number("PRAGMA user_version")?,
        ))
    };
    let (is_empty, damage, application, form) =
        read().map_err(|error| LedgerError::of(path, error))?;
    let path = path.display().to_string();
    if damage != "ok" {
        return Err(LedgerError::Damaged { path, why: damage });
    }
    if is_empty && application == 0 && form == 0 {
        return Ok(0);
    }
    if application != APPLICATION_ID {
        return Err(LedgerError::Foreign(path));
    }
    match usize::try_from(form) {
        Ok(form) if form <= MIGRATIONS.len() => Ok(form),
        _ => Err(LedgerError::Newer {
            path,
            found: form,
            known: MIGRATIONS.len(),
        }),
    }
}

/// A commit is on the disk when it returns. A rollback journal rather than a write-ahead log: the
/// ledger then is one file while nobody writes, and may lie on a network drive.
fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(
        "PRAGMA journal_mode = DELETE;
         PRAGMA synchronous = EXTRA;
         PRAGMA fullfsync = ON;
         PRAGMA foreign_keys = ON;
         PRAGMA trusted_schema = OFF;",
    )
}

fn migrate(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another program may have been quicker.
    let form: i64 = transaction.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let missing = MIGRATIONS.iter().zip(1..).filter(|(_, to)| *to > form);
    for (step, to) in missing {
        transaction.execute_batch(step)?;
        transaction.execute_batch(&format!(
            "PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {to}"
        ))?;
    }
    transaction.commit()
}
