//! The ledger: a file that says who changed what, when, and how it ended, whatever happened to the
//! program. An entry is on the disk before its request goes out; what has no ending was
//! interrupted, and may have been carried out.
//!
//! `schema.sql` documents the file, `file` opens it, `entry` is what is written and read; `lock` is
//! about files beside it, and `under_way` about what they say of an entry. What is written, and when, is
//! for who changes something: `custodian`, `price_setting`, `billing_link` and the commands.

mod entry;
mod file;
mod lock;
mod options;
mod under_way;
mod who;

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use rusqlite::{Connection, Row, params};

pub(crate) use entry::{
    Action, AsRead, Detail, Ending, EndingKind, Entry, EntryId, KnownFrom, NewEntry,
    PARTNER_KEY_FILE, WrittenEnding,
};
pub(crate) use file::LedgerError;
pub(crate) use lock::{Exclusive, Lock, is_at, wait_for};
pub(crate) use options::LedgerOptions;
pub(crate) use under_way::{TAKEN, UNDER_WAY};

/// An open ledger. Several programs may have the same one open.
#[derive(Debug)]
pub(crate) struct Ledger {
    connection: Connection,
    path: PathBuf,
    run: String,
}

/// Which entries are asked for; the default is all of them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filter {
    pub(crate) id: Option<EntryId>,
    pub(crate) action: Option<Action>,
    pub(crate) origin: Option<String>,
    /// Of this account, or of one that is not known.
    pub(crate) account_id: Option<i64>,
    pub(crate) subaccount_id: Option<i64>,
    pub(crate) fingerprint: Option<String>,
    pub(crate) part_of: Option<String>,
    /// Only what has no ending, or an unknown one, or created nobody knows which subaccount.
    pub(crate) unfinished: bool,
    /// Only what was begun at this time or later, written as the ledger writes it.
    pub(crate) since: Option<String>,
}

/// The moment in which a statement runs.
const NOW: &str = "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')";

impl Ledger {
    /// Opens a ledger, and makes it if there is none.
    pub(crate) fn open(path: &Path) -> Result<Self, LedgerError> {
        let connection = file::open(path)?;
        let run = connection.query_row("SELECT lower(hex(randomblob(8)))", [], |row| row.get(0));
        let run = run.map_err(|error| LedgerError::of(path, error))?;
        // Locks lie beside it: whoever comes by another way has to find the same ones.
        let path = std::fs::canonicalize(path).map_err(|error| LedgerError::io(path, error))?;
        Ok(Self {
            connection,
            path,
            run,
        })
    }

    /// Opens a ledger; `None` if there is none.
    pub(crate) fn open_existing(path: &Path) -> Result<Option<Self>, LedgerError> {
        if path.try_exists().is_ok_and(|exists| !exists) {
            return Ok(None);
        }
        Self::open(path).map(Some)
    }

    /// Whether a ledger that is there can be used. An empty file can, and stays empty.
    pub(crate) fn check(path: &Path) -> Result<(), LedgerError> {
        file::check(path)
    }

    /// Lets new entries belong to a run that began in another process.
    pub(crate) fn in_run(mut self, run: String) -> Self {
        self.run = run;
        self
    }

    /// The run that new entries belong to.
    pub(crate) fn run(&self) -> &str {
        &self.run
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Writes down what is about to be requested. It is on the disk when this returns; if it
    /// fails, nothing must be sent.
    pub(crate) fn begin(&self, entry: &NewEntry) -> Result<EntryId, LedgerError> {
        let sql = format!(
            "INSERT INTO entry (run, begun_at, who, program, action, origin, account_id,
                                subaccount_id, summary, request, fingerprint, part_of, detail)
             VALUES (?1, {NOW}, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)"
        );
        self.execute(
            &sql,
            params![
                self.run,
                who::am_i(),
                env!("CARGO_PKG_VERSION"),
                entry.action.as_str(),
                entry.origin,
                entry.account_id,
                entry.subaccount_id,
                entry.summary,
                entry.request,
                entry.fingerprint,
                entry.part_of,
                entry.detail.to_json(),
            ],
        )?;
        Ok(EntryId(self.connection.last_insert_rowid()))
    }

    /// Writes down how it ended. It is on the disk when this returns.
    pub(crate) fn end(&self, id: EntryId, ending: &Ending) -> Result<(), LedgerError> {
        self.insert_ending(id, ending, None).map(drop)
    }

    /// The same, unless somebody has ended it otherwise since it was read; then `false`.
    pub(crate) fn end_as_read(&self, entry: AsRead, ending: &Ending) -> Result<bool, LedgerError> {
        self.insert_ending(entry.id, ending, Some(entry))
            .map(|rows| rows > 0)
    }

    fn insert_ending(
        &self,
        id: EntryId,
        ending: &Ending,
        only_if: Option<AsRead>,
    ) -> Result<usize, LedgerError> {
        let sql = format!(
            "INSERT INTO ending (entry_id, ended_at, who, outcome, known_from, subaccount_id,
                                 message, detail)
             SELECT ?1, {NOW}, ?2, ?3, ?4, ?5, ?6, ?7
             WHERE ?8 OR (SELECT max(id) FROM ending WHERE entry_id = ?1) IS ?9"
        );
        self.execute(
            &sql,
            params![
                id.0,
                who::am_i(),
                ending.kind.as_str(),
                ending.known_from.as_str(),
                ending.subaccount_id,
                ending.message,
                ending.detail.to_json(),
                only_if.is_none(),
                only_if.and_then(|entry| entry.ending),
            ],
        )
    }

    /// One entry, if there is one with this ID.
    pub(crate) fn entry(&self, id: EntryId) -> Result<Option<Entry>, LedgerError> {
        let filter = Filter {
            id: Some(id),
            ..Filter::default()
        };
        Ok(self.entries(&filter)?.pop())
    }

    /// The entries asked for, the oldest first.
    pub(crate) fn entries(&self, filter: &Filter) -> Result<Vec<Entry>, LedgerError> {
        let mut entries = Vec::new();
        self.each(filter, |entry| entries.push(entry))?;
        Ok(entries)
    }

    /// The same, one after the other: ten thousand of them with their requests are too much to hold.
    pub(crate) fn each(
        &self,
        filter: &Filter,
        mut seen: impl FnMut(Entry),
    ) -> Result<(), LedgerError> {
        const SQL: &str = "
            SELECT id, run, begun_at, strftime('%Y-%m-%d', begun_at, '-1 month') AS month_before,
                   who, program, action, origin, account_id, subaccount_id,
                   summary, request, fingerprint, part_of, detail,
                   (SELECT max(id) FROM ending WHERE entry_id = history.id) AS ending_id,
                   ended_at, ended_by, outcome, known_from, message, ending_detail
            FROM history
            WHERE (?1 IS NULL OR id = ?1) AND (?2 IS NULL OR action = ?2)
              AND (?3 IS NULL OR origin = ?3) AND (?4 IS NULL OR subaccount_id = ?4)
              AND (?5 IS NULL OR fingerprint = ?5) AND (?6 IS NULL OR part_of = ?6)
              AND (?8 IS NULL OR account_id IS NULL OR account_id = ?8)
              AND (?9 IS NULL OR begun_at >= ?9)
              AND (NOT ?7 OR outcome IS NULL OR outcome = 'unknown'
                   OR (outcome = 'done' AND action = 'create-subaccount' AND subaccount_id IS NULL))
            ORDER BY id";
        let wanted = params![
            filter.id.map(|id| id.0),
            filter.action.map(Action::as_str),
            filter.origin,
            filter.subaccount_id,
            filter.fingerprint,
            filter.part_of,
            filter.unfinished,
            filter.account_id,
            filter.since,
        ];
        let read = self.connection.prepare(SQL).and_then(|mut select| {
            let mut rows = select.query_map(wanted, read_entry)?;
            rows.try_for_each(|entry| entry.map(&mut seen))
        });
        read.map_err(|error| LedgerError::of(&self.path, error))
    }

    /// How many rows it has written.
    fn execute(&self, sql: &str, values: impl rusqlite::Params) -> Result<usize, LedgerError> {
        let statement = self.connection.prepare(sql);
        let written = statement.and_then(|mut statement| statement.execute(values));
        written.map_err(|error| LedgerError::of(&self.path, error))
    }
}

fn read_entry(row: &Row<'_>) -> rusqlite::Result<Entry> {
    let ended = match row.get("outcome")? {
        None => None,
        Some(outcome) => Some(WrittenEnding {
            id: row.get("ending_id")?,
            at: row.get("ended_at")?,
            who: row.get("ended_by")?,
            kind: outcome,
            known_from: row.get("known_from")?,
            message: row.get("message")?,
            detail: row.get("ending_detail")?,
        }),
    };
    Ok(Entry {
        id: EntryId(row.get("id")?),
        run: row.get("run")?,
        begun_at: row.get("begun_at")?,
        month_before: row.get("month_before")?,
        who: row.get("who")?,
        program: row.get("program")?,
        action: row.get("action")?,
        origin: row.get("origin")?,
        account_id: row.get("account_id")?,
        subaccount_id: row.get("subaccount_id")?,
        summary: row.get("summary")?,
        request: row.get("request")?,
        fingerprint: row.get("fingerprint")?,
        part_of: row.get("part_of")?,
        detail: row.get("detail")?,
        ended,
    })
}
