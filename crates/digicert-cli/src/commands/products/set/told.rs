//! What is said once it is known how a setting ended, for people and for programs.

use std::path::Path;

use serde::Serialize;

use crate::advised_command;
use crate::commands::products::comparison::{self, Comparison};
use crate::failure::Failure;
use crate::ledger::{EntryId, LedgerError};
use crate::outcome::Outcome;
use crate::output_format::{OutputFormat, Versioned};
use crate::price_change::{LiveState, PriceChange, fingerprint, former_state, render};
use crate::price_setting::{Seen, SentSetting, Set, SettingEnd, Stale, restore};
use crate::printable::printable;
use crate::shell_word::word;
use crate::standard_error;
use crate::standard_output::StandardOutput;

/// How to say it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Told {
    pub(super) format: OutputFormat,
    pub(super) color: bool,
}

/// How a setting ended well, in JSON; part of what others script against.
#[derive(Debug, Serialize)]
struct SetJson<'a> {
    result: &'static str,
    exit_code: u8,
    #[serde(flatten)]
    shape: Shape<'a>,
}

/// What is told of every setting that got as far as comparing.
#[derive(Debug, Serialize)]
struct Shape<'a> {
    #[serde(flatten)]
    comparison: comparison::Shape<'a>,
    former_state: Option<&'a Path>,
    entry: Option<EntryId>,
    /// The command that brings the former state back; `None` if the rules would refuse it.
    restore: Option<String>,
    /// What the service reports otherwise than asked for; with the result `stale`, what somebody
    /// else has changed.
    difference: Option<&'a PriceChange>,
}

impl<'a> Shape<'a> {
    fn new(comparison: &'a Comparison) -> Self {
        Self {
            comparison: comparison.shape(),
            former_state: None,
            entry: None,
            restore: None,
            difference: None,
        }
    }

    fn sent(comparison: &'a Comparison, sent: &'a SentSetting) -> Self {
        Self {
            former_state: Some(&sent.former_state),
            entry: Some(sent.entry),
            ..Self::new(comparison)
        }
    }
}

impl Told {
    pub(super) fn unchanged(self, comparison: &Comparison) -> Result<Outcome, Failure> {
        // Nothing has happened, so nothing is lost if this fails.
        if self.format == OutputFormat::Json {
            let shape = Shape::new(comparison);
            StandardOutput::print(&ended("unchanged", shape)?)?;
        }
        Ok(Outcome::Done)
    }

    pub(super) fn ended(self, comparison: &Comparison, result: &Set) -> Result<Outcome, Failure> {
        let sent = match result {
            Set::Stale(stale) => return self.stale(comparison, stale),
            Set::Sent(sent) => sent,
        };
        warn_if_unrecorded(sent.entry, sent.unrecorded.as_ref());
        match &sent.end {
            SettingEnd::Not(failure) => Self::not_done(comparison, sent, failure),
            SettingEnd::Taken(Seen::Fulfilled(live)) => {
                let sentence = "The service reports what was asked for.";
                Ok(self.done(comparison, sent, live, sentence))
            }
            SettingEnd::Unknown(failure, Seen::Fulfilled(live)) => {
                let sentence = match failure.outcome() {
                    Outcome::Refused => {
                        format!("{failure}; but the service reports what was asked for.")
                    }
                    _ => "No answer came, but the service reports what was asked for.".to_owned(),
                };
                Ok(self.done(comparison, sent, live, &printable(&sentence)))
            }
            SettingEnd::Taken(Seen::Left(left, live)) => {
                Err(self.different(comparison, sent, left, live))
            }
            SettingEnd::Taken(Seen::Nothing(failure)) => {
                Err(Self::not_read_back(comparison, sent, failure.message()))
            }
            SettingEnd::Taken(Seen::NotLooked) => {
                Err(Self::not_read_back(comparison, sent, "Ctrl-C ended it"))
            }
            SettingEnd::Unknown(failure, Seen::NotLooked) => {
                self.unknown(comparison, sent, failure.message(), None)
            }
            SettingEnd::Unknown(failure, Seen::Nothing(again)) => {
                let why = format!("{failure}; nor could it be read back: {again}");
                self.unknown(comparison, sent, &why, None)
            }
            SettingEnd::Unknown(failure, Seen::Left(left, live)) => {
                let is_former = fingerprint(live) == fingerprint(&comparison.live);
                let seen = if is_former {
                    "so far the service reports the former state"
                } else {
                    "the service reports neither the former state nor what was asked for"
                };
                self.unknown(comparison, sent, &format!("{failure}; {seen}"), Some(left))
            }
        }
    }

    fn not_done(
        comparison: &Comparison,
        sent: &SentSetting,
        failure: &Failure,
    ) -> Result<Outcome, Failure> {
        let result = match failure.outcome() {
            Outcome::Refused => "refused",
            Outcome::Unsafe => "stale",
            _ => "not-sent",
        };
        let failure = failure.with_end("; nothing was changed");
        Err(failure
            .with_result(result)
            .with_details(&Shape::sent(comparison, sent)))
    }

    fn done(
        self,
        comparison: &Comparison,
        sent: &SentSetting,
        live: &LiveState,
        sentence: &str,
    ) -> Outcome {
        let restore = Restore::of(comparison, sent, live);
        let text = format!("{sentence}\n{}", restore.text(comparison));
        let mut shape = Shape::sent(comparison, sent);
        shape.restore = restore.command();
        self.say(&text, "set", shape);
        Outcome::Done
    }

    fn different(
        self,
        comparison: &Comparison,
        sent: &SentSetting,
        left: &PriceChange,
        live: &LiveState,
    ) -> Failure {
        let restore = Restore::of(comparison, sent, live);
        self.say_to_people("Still to change", left);
        if self.format == OutputFormat::Human {
            let text = format!("\n{}", restore.text(comparison));
            StandardOutput::print_or_say(Ok(text.clone()), &text);
        }
        let mut shape = Shape::sent(comparison, sent);
        shape.restore = restore.command();
        shape.difference = Some(left);
        let message = "the service took the request, but reports something else than was asked for";
        Failure::ending(Outcome::Findings, message)
            .with_result("set-differently")
            .with_details(&shape)
    }

    /// It is set by what the service answered. What is missing is the comparison.
    fn not_read_back(comparison: &Comparison, sent: &SentSetting, why: &str) -> Failure {
        let compare = compare(comparison);
        let failure = Failure::ending(
            Outcome::Findings,
            format!(
                "the service took the request, but what it has now cannot be read back: {why}; \
                 `{compare}` compares it; the former state is in {}",
                sent.former_state.display()
            ),
        );
        failure
            .with_result("set-not-read-back")
            .with_details(&Shape::sent(comparison, sent))
    }

    fn unknown(
        self,
        comparison: &Comparison,
        sent: &SentSetting,
        why: &str,
        left: Option<&PriceChange>,
    ) -> Result<Outcome, Failure> {
        let compare = compare(comparison);
        let failure = Failure::ending(
            Outcome::Unknown,
            format!(
                "{why} (entry {}); `{compare}` shows what is still to change, and setting the same \
                 once more does no harm; the former state is in {}",
                sent.entry,
                sent.former_state.display()
            ),
        );
        if let Some(left) = left {
            self.say_to_people("Still to change", left);
        }
        let mut shape = Shape::sent(comparison, sent);
        shape.difference = left;
        Err(failure.with_details(&shape))
    }

    fn stale(self, comparison: &Comparison, stale: &Stale) -> Result<Outcome, Failure> {
        warn_if_unrecorded(stale.entry, stale.unrecorded.as_ref());
        let meanwhile = PriceChange::of(&comparison.live, &former_state(&stale.live), None);
        let failure = Failure::unsafe_to_go_on(format!(
            "nothing was changed: {}; run the command again to see what the file changes now",
            stale.what
        ));
        // Who pays is no part of it.
        if !meanwhile.is_empty() {
            self.say_to_people("Somebody else has changed meanwhile", &meanwhile);
        }
        let mut shape = Shape::new(comparison);
        shape.entry = Some(stale.entry);
        shape.difference = Some(&meanwhile);
        Err(failure.with_result("stale").with_details(&shape))
    }

    fn say(self, human: &str, result: &'static str, shape: Shape<'_>) {
        let text = match self.format {
            OutputFormat::Human => Ok(human.to_owned()),
            OutputFormat::Json => ended(result, shape),
        };
        StandardOutput::print_or_say(text, human);
    }

    /// Programs get it with the failure that follows.
    fn say_to_people(self, title: &str, change: &PriceChange) {
        if self.format == OutputFormat::Human {
            let text = format!("{title}:\n\n{}", render::human(change, self.color));
            StandardOutput::print_or_say(Ok(text.clone()), &text);
        }
    }
}

/// What follows says how it ended; the ledger does not, and this is where one sees it.
fn warn_if_unrecorded(entry: EntryId, why: Option<&LedgerError>) {
    if let Some(why) = why {
        standard_error::say(&format!(
            "warning: the end of entry {entry} is not in the ledger: {why}"
        ));
    }
}

fn ended(result: &'static str, shape: Shape<'_>) -> Result<String, Failure> {
    Versioned::first(SetJson {
        result,
        exit_code: Outcome::Done as u8,
        shape,
    })
    .text()
}

/// What programs are told of a setting that was stopped before anything was sent.
pub(super) fn stopped(comparison: &Comparison, failure: Failure) -> Failure {
    failure.with_details(&Shape::new(comparison))
}

/// The command that shows what is left.
fn compare(comparison: &Comparison) -> String {
    let path = word(&comparison.path().display().to_string());
    advised_command::on_service(&format!("products diff {} -f {path}", comparison.id))
}

/// Whether the former state can be brought back.
enum Restore {
    /// By this command, with the words that it needs.
    By(String),
    /// The rules refuse what is in this file.
    Refused { file: String, faults: Vec<String> },
}

impl Restore {
    fn of(comparison: &Comparison, sent: &SentSetting, live: &LiveState) -> Self {
        let file = sent.former_state.display().to_string();
        let faults = comparison.faults_of_former_state(Some(live));
        if !faults.is_empty() {
            return Self::Refused { file, faults };
        }
        let back = former_state(&comparison.live);
        let back = PriceChange::of(live, &back, comparison.subaccount.bill_parent);
        Self::By(restore(comparison.id, &sent.former_state, &back.dangers()))
    }

    fn command(&self) -> Option<String> {
        match self {
            Self::By(command) => Some(command.clone()),
            Self::Refused { .. } => None,
        }
    }

    fn text(&self, comparison: &Comparison) -> String {
        match self {
            Self::By(command) => {
                let balance = match &comparison.change.currency {
                    Some(_) if !comparison.change.self_billed => ", but no balance,",
                    _ => "",
                };
                format!("The former state{balance} is restored by\n    {command}\n")
            }
            Self::Refused { file, faults } => format!(
                "The former state is in {}, and cannot be restored as it is; correct the \
                 file to set the rest of it:\n    {}\n",
                printable(file),
                faults.join("\n    "),
            ),
        }
    }
}
