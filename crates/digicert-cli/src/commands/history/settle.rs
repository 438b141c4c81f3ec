//! `digicert history settle`: writes down what somebody found out about an open entry.

use std::path::Path;

use clap::{ArgGroup, Args};
use serde::Serialize;

use super::claim::Claim;
use super::listed::{self, JsonEntry, Listed};
use crate::advised_command;
use crate::asynchronous;
use crate::custodian::{ANSWER_IN, KEY_IN, KEY_OUT, remove_if_empty};
use crate::failure::Failure;
use crate::ledger::{
    Action, Detail, Ending, EndingKind, Entry, EntryId, KnownFrom, Ledger, LedgerOptions,
};
use crate::outcome::Outcome;
use crate::output_format::{OutputFormat, Versioned};
use crate::printable::printable;
use crate::service::ServiceOptions;
use crate::standard_output::StandardOutput;

/// Say how something ended whose outcome is unknown
#[derive(Debug, Args)]
#[command(
    group = ArgGroup::new("ending").required(true),
    after_help = "\
Nothing is changed at the service. What is still under way is not settled (exit code 5). Your name is
written down with what you say. If there is a key, `--created ID` is held against what the service says
of that subaccount, and refused with exit code 5 if it cannot be the one; `--not-created` shows what the
service has that may be one all the same."
)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option of the command line"
)]
pub(crate) struct Options {
    /// The number of the entry
    #[arg(value_name = "ENTRY")]
    entry: EntryId,

    /// The creation made this subaccount
    #[arg(long, group = "ending", value_name = "ID", value_parser = crate::subaccount_id::parse)]
    created: Option<i64>,

    /// Believe the ID without asking the service
    #[arg(long, requires = "created")]
    unchecked: bool,

    /// The creation made none
    #[arg(long, group = "ending")]
    not_created: bool,

    /// The change was carried out
    #[arg(long, group = "ending")]
    done: bool,

    /// The change was not carried out
    #[arg(long, group = "ending")]
    not_done: bool,

    /// How to print what was written down
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: OutputFormat,

    #[command(flatten)]
    ledger: LedgerOptions,

    #[command(flatten)]
    service: ServiceOptions,
}

impl Options {
    pub(crate) fn run(self) -> Result<Outcome, Failure> {
        let id = self.entry;
        let none = || {
            Failure::new(format!(
                "there is no entry {id}; `digicert history` lists them"
            ))
        };
        let ledger = self.ledger.existing()?.ok_or_else(none)?;
        let entry = ledger.entry(id)?.ok_or_else(none)?;
        self.refuse_wrong_words(&entry)?;
        let (entry, is_under_way) = ledger.as_it_stands(entry)?;
        if is_under_way {
            return Err(under_way(&entry));
        }
        refuse_settled(&entry)?;
        self.refuse_wrong_words(&entry)?;
        let claim = self.check(&ledger, &entry)?;
        if !ledger.end_as_read(entry.as_read(), &self.ending(&entry))? {
            return Err(ended_meanwhile(&entry));
        }
        let removed = self.make_way(&entry);
        let text = self.told(&entry, claim.as_ref(), removed);
        let printed = match self.format {
            OutputFormat::Human => Ok(text.clone()),
            OutputFormat::Json => {
                // Written it is, whether or not it can be read back.
                let settled = ledger.entry(id).ok().flatten();
                let settled = settled.unwrap_or_else(|| entry.clone());
                let mut listed = Listed::of(&ledger, settled, false);
                if let Some(Claim::MadeNone(candidates)) = &claim {
                    listed.candidates = Some(candidates.clone());
                }
                json(&listed, claim.as_ref(), removed)
            }
        };
        StandardOutput::print_or_say(printed, &text);
        Ok(Outcome::Done)
    }

    /// Removes the empty file of a key that never came, so that the same command finds the place
    /// free again.
    fn make_way<'a>(&self, entry: &'a Entry) -> Option<&'a str> {
        let path = entry.detail.text(KEY_OUT).filter(|_| self.not_created)?;
        remove_if_empty(Path::new(path)).then_some(path)
    }

    /// What the service says of the subaccount, if one is named, and of what there is, if none is.
    fn check(&self, ledger: &Ledger, entry: &Entry) -> Result<Option<Claim>, Failure> {
        if self.not_created {
            let service = self.service.clone().service()?;
            let claim = async { Ok(Claim::that_none_was_made(&service, ledger, entry).await) };
            return asynchronous::run(claim).map(Some);
        }
        let Some(id) = self.created else {
            return Ok(None);
        };
        if self.unchecked {
            let why = "`--unchecked` says not to".to_owned();
            return Ok(Some(Claim::Unchecked(why)));
        }
        let service = self.service.clone().service()?;
        asynchronous::run(Claim::check(&service, ledger, entry, id)).map(Some)
    }

    fn ending(&self, entry: &Entry) -> Ending {
        let kind = if self.created.is_some() || self.done {
            EndingKind::Done
        } else {
            EndingKind::NotDone
        };
        Ending::new(kind)
            .known_from(KnownFrom::User)
            .subaccount(self.created)
            .detail(self.kept(entry))
    }

    /// Where a key is that was kept stays written down, and so does a file that may hold it. Whether
    /// a key is still missing, who settles knows.
    fn kept(&self, entry: &Entry) -> Detail {
        let detail = entry.ended.as_ref().map(|ended| &ended.detail);
        let of_key = detail.filter(|detail| detail.text(KEY_IN).is_some());
        match (of_key, detail.and_then(|detail| detail.text(ANSWER_IN))) {
            (Some(detail), _) if self.created.is_some() => detail.clone(),
            (_, Some(path)) => Detail::default().with(ANSWER_IN, path),
            _ => Detail::default(),
        }
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
            _ if self.not_created && entry.is_nameless() => Err(Failure::unsafe_to_go_on(format!(
                "entry {} created a subaccount, because an answer with its key came: say which one \
                 with `--created ID`",
                entry.id
            ))),
            _ => Ok(()),
        }
    }

    fn told(&self, entry: &Entry, claim: Option<&Claim>, removed: Option<&str>) -> String {
        let id = entry.id;
        let settled = match (self.created, self.done) {
            (Some(subaccount), _) => {
                format!("Entry {id} is settled: it created the subaccount {subaccount}.\n")
            }
            (None, true) => format!("Entry {id} is settled: it was carried out.\n"),
            (None, false) => format!("Entry {id} is settled: it was not carried out.\n"),
        };
        let mut text = listed::head(entry) + &settled;
        text.extend(claim.map(|claim| claim.told(entry)));
        if let Some(path) = removed {
            text.extend([
                "Removed ",
                &printable(path),
                ", which was waiting for the key.\n",
            ]);
        }
        text
    }
}

/// The entry as it is now, and whether the service was asked.
#[derive(Serialize)]
struct Settled<'a> {
    result: &'static str,
    exit_code: u8,
    #[serde(flatten)]
    entry: JsonEntry<'a>,
    checked: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    not_checked: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    removed: Option<&'a str>,
}

fn json(listed: &Listed, claim: Option<&Claim>, removed: Option<&str>) -> Result<String, Failure> {
    Versioned::first(Settled {
        result: "settled",
        exit_code: Outcome::Done as u8,
        entry: listed::json_entry(listed),
        checked: matches!(claim, Some(Claim::MayBe(_) | Claim::MadeNone(_))),
        not_checked: match claim {
            Some(Claim::Unchecked(why)) => Some(why),
            _ => None,
        },
        removed,
    })
    .text()
}

/// Only what is open is settled; what somebody said can be corrected.
fn refuse_settled(entry: &Entry) -> Result<(), Failure> {
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

/// Whoever is at work on it will know how it ended.
fn under_way(entry: &Entry) -> Failure {
    let history = advised_command::on_ledger("history");
    Failure::unsafe_to_go_on(format!(
        "entry {} is still under way: the process that sends the request is at work; wait for its \
         end, which `{history}` shows then",
        entry.id
    ))
    .with_result("under-way")
}

fn ended_meanwhile(entry: &Entry) -> Failure {
    let history = advised_command::on_ledger("history");
    Failure::unsafe_to_go_on(format!(
        "entry {} was ended by somebody else meanwhile, so nothing was written down; `{history}` \
         shows how",
        entry.id
    ))
    .with_result("ended-meanwhile")
}
