//! `digicert history settle`: writes down what somebody found out about an open entry.

use std::path::Path;

use clap::{ArgGroup, Args};

use crate::custodian::{ANSWER_IN, remove_if_empty};
use crate::failure::Failure;
use crate::former_creation::Facts;
use crate::ledger::{
    Action, Detail, Ending, EndingKind, Entry, EntryId, KnownFrom, Ledger, LedgerOptions,
};
use crate::outcome::Outcome;
use crate::standard_output::StandardOutput;

/// Say how something ended whose outcome is unknown
#[derive(Debug, Args)]
#[command(
    group = ArgGroup::new("ending").required(true),
    after_help = "Nothing is sent. Your name is written down with what you say."
)]
pub(crate) struct Options {
    /// The number of the entry
    #[arg(value_name = "ENTRY")]
    entry: EntryId,

    /// The creation made this subaccount
    #[arg(long, group = "ending", value_name = "ID", value_parser = clap::value_parser!(i64).range(1..))]
    created: Option<i64>,

    /// The creation made none
    #[arg(long, group = "ending")]
    not_created: bool,

    /// The change was carried out
    #[arg(long, group = "ending")]
    done: bool,

    /// The change was not carried out
    #[arg(long, group = "ending")]
    not_done: bool,

    #[command(flatten)]
    ledger: LedgerOptions,
}

impl Options {
    pub(crate) fn run(self) -> Result<Outcome, Failure> {
        let id = self.entry;
        let none = || {
            Failure::new(format!(
                "there is no entry {id}; `digicert history` lists them"
            ))
        };
        let ledger = Ledger::open_existing(&self.ledger.path()?)?.ok_or_else(none)?;
        let entry = ledger.entry(id)?.ok_or_else(none)?;
        self.refuse_wrong_words(&entry)?;
        refuse_settled(&ledger, &entry)?;
        let kind = if self.created.is_some() || self.done {
            EndingKind::Done
        } else {
            EndingKind::NotDone
        };
        let ending = Ending::new(kind)
            .known_from(KnownFrom::User)
            .subaccount(self.created)
            .detail(kept_answer(&entry));
        ledger.end(id, &ending)?;
        StandardOutput::print(&self.told(&entry))?;
        Ok(Outcome::Done)
    }

    fn refuse_wrong_words(&self, entry: &Entry) -> Result<(), Failure> {
        let is_creation = entry.action == Action::CreateSubaccount;
        let speaks_of_creation = self.created.is_some() || self.not_created;
        match (is_creation, speaks_of_creation) {
            (true, false) => Err(Failure::new(format!(
                "entry {} is a creation: say `--created ID` or `--not-created`",
                entry.id
            ))),
            (false, true) => Err(Failure::new(format!(
                "entry {} is no creation: say `--done` or `--not-done`",
                entry.id
            ))),
            _ => Ok(()),
        }
    }

    fn told(&self, entry: &Entry) -> String {
        let id = entry.id;
        let mut text = match (self.created, self.done) {
            (Some(subaccount), _) => {
                format!("Entry {id} is settled: it created the subaccount {subaccount}.\n")
            }
            (None, true) => format!("Entry {id} is settled: it was carried out.\n"),
            (None, false) => format!("Entry {id} is settled: it was not carried out.\n"),
        };
        // So that the same command finds the place free again.
        let key_out = entry.detail.text("key_out").filter(|_| self.not_created);
        if let Some(path) = key_out.filter(|path| remove_if_empty(Path::new(path))) {
            text.extend(["Removed ", path, ", which was waiting for the key.\n"]);
        }
        text
    }
}

/// A file that may hold the key stays named. Whether the key is still missing, who settles knows.
fn kept_answer(entry: &Entry) -> Detail {
    let detail = entry.ended.as_ref().map(|ended| &ended.detail);
    match detail.and_then(|detail| detail.text(ANSWER_IN)) {
        Some(path) => Detail::default().with(ANSWER_IN, path),
        None => Detail::default(),
    }
}

/// Only what is open is settled; what somebody said can be corrected.
fn refuse_settled(ledger: &Ledger, entry: &Entry) -> Result<(), Failure> {
    if Facts::of(ledger.path(), entry).is_under_way {
        return Err(Failure::unsafe_to_go_on(format!(
            "entry {} is still under way; wait for its end",
            entry.id
        )));
    }
    match &entry.ended {
        Some(ended) if !entry.is_unfinished() && ended.known_from != KnownFrom::User => {
            Err(Failure::unsafe_to_go_on(format!(
                "entry {} is not open: how it ended is known ({})",
                entry.id,
                ended.kind.as_str()
            )))
        }
        _ => Ok(()),
    }
}
