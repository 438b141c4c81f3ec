//! Keys that were rescued, and answers that may hold one, which nobody has moved away.

use std::path::PathBuf;

use super::key;
use crate::custodian::KeyFate;
use crate::ledger::{Action, EndingKind, Entry, Filter, Ledger, LedgerError};

/// A file that a key was rescued to, or an answer that may hold one, and that nobody has moved away.
#[derive(Debug)]
pub(crate) struct LeftBehind {
    pub(crate) entry: Entry,
    pub(crate) path: PathBuf,
    pub(crate) is_key: bool,
}

/// All of them, the oldest first. What is open is none of them: its key is not all that is open.
pub(crate) fn left_behind(ledger: &Ledger) -> Result<Vec<LeftBehind>, LedgerError> {
    let mut found = Vec::new();
    let creations = Filter {
        action: Some(Action::CreateSubaccount),
        ..Filter::default()
    };
    ledger.each(&creations, |entry| {
        if entry.is_unfinished() || entry.ending() != Some(EndingKind::Done) {
            return;
        }
        let (path, is_key) = match key(&entry) {
            KeyFate::Rescued { place, .. } => (place, true),
            KeyFate::Missing {
                answer: Some(answer),
            } => (answer, false),
            _ => return,
        };
        let path = PathBuf::from(path);
        if path.is_file() {
            found.push(LeftBehind {
                entry,
                path,
                is_key,
            });
        }
    })?;
    Ok(found)
}
