//! What is said once it is known how a setting ended, for people and for programs.

use std::io::{self, Write as _};
use std::path::Path;

use digicert_types::certcentral::SubaccountProducts;
use serde::Serialize;

use crate::commands::products::comparison::{self, Comparison};
use crate::failure::Failure;
use crate::ledger::EntryId;
use crate::outcome::Outcome;
use crate::output_format::{OutputFormat, Versioned};
use crate::price_change::{PriceChange, fingerprint, former_state, render};
use crate::price_setting::{End, Seen, Sent, Set};
use crate::standard_output::StandardOutput;

/// How to say it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Told {
    pub(super) format: OutputFormat,
    pub(super) color: bool,
}

/// The shape in JSON; part of what others script against.
#[derive(Debug, Serialize)]
pub(super) struct Shape<'a> {
    #[serde(flatten)]
    comparison: comparison::Shape<'a>,
    outcome: &'static str,
    message: Option<String>,
    former_state: Option<&'a Path>,
    ledger_entry: Option<EntryId>,
    /// The command that brings the former state back.
    restore: Option<String>,
    /// What the service reports otherwise than asked for; with the outcome `stale`, what somebody
    /// else has changed.
    difference: Option<&'a PriceChange>,
}

impl<'a> Shape<'a> {
    fn new(comparison: comparison::Shape<'a>, outcome: &'static str) -> Self {
        Self {
            comparison,
            outcome,
            message: None,
            former_state: None,
            ledger_entry: None,
            restore: None,
            difference: None,
        }
    }

    /// A file with errors that leave nothing to compare.
    pub(super) fn refused(comparison: comparison::Shape<'a>) -> Self {
        Self::new(comparison, "errors_in_file")
    }
}

impl Told {
    pub(super) fn unchanged(self, comparison: &Comparison) -> Result<Outcome, Failure> {
        // Nothing has happened, so nothing is lost if this fails.
        if self.format == OutputFormat::Json {
            let shape = Shape::new(comparison.shape(), "unchanged");
            StandardOutput::print(&Versioned::first(shape).text()?)?;
        }
        Ok(Outcome::Done)
    }

    /// A safety check has stopped it.
    pub(super) fn refused(
        self,
        comparison: &Comparison,
        outcome: &'static str,
        failure: Failure,
    ) -> Result<Outcome, Failure> {
        let mut shape = Shape::new(comparison.shape(), outcome);
        shape.message = Some(failure.to_string());
        self.say("", shape);
        Err(failure)
    }

    pub(super) fn ended(self, comparison: &Comparison, result: &Set) -> Result<Outcome, Failure> {
        let sent = match result {
            Set::Stale(now) => return self.stale(comparison, now),
            Set::Sent(sent) => sent,
        };
        if let Some(why) = &sent.unrecorded {
            // What follows says how it ended; the ledger does not, and this is where one sees it.
            let _ = writeln!(
                io::stderr(),
                "warning: the end of entry {} is not in the ledger: {why}",
                sent.entry
            );
        }
        match &sent.end {
            End::Not(failure) => self.not_done(comparison, sent, failure),
            End::Taken(Seen::Fulfilled(live)) => {
                let sentence = "The service reports what was asked for.";
                Ok(self.done(comparison, sent, live, sentence))
            }
            End::Unknown(_, Seen::Fulfilled(live)) => {
                let sentence = "No answer came, but the service reports what was asked for.";
                Ok(self.done(comparison, sent, live, sentence))
            }
            End::Taken(Seen::Left(left, live)) => Ok(self.different(comparison, sent, left, live)),
            End::Taken(Seen::Nothing(failure)) => {
                let why = format!("the service took the request, but was not read back: {failure}");
                self.unknown(comparison, sent, &why, None)
            }
            End::Unknown(failure, Seen::Nothing(again)) => {
                let why = format!("{failure}; nor could it be read back: {again}");
                self.unknown(comparison, sent, &why, None)
            }
            End::Unknown(failure, Seen::Left(left, live)) => {
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
        self,
        comparison: &Comparison,
        sent: &Sent,
        failure: &Failure,
    ) -> Result<Outcome, Failure> {
        let outcome = match failure.outcome() {
            Outcome::Refused => "refused",
            Outcome::Unsafe => "stale",
            _ => "not_sent",
        };
        let failure = failure.with_end("; nothing was changed");
        let mut shape = with_kept(comparison, outcome, sent);
        shape.message = Some(failure.to_string());
        self.say("", shape);
        Err(failure)
    }

    fn done(
        self,
        comparison: &Comparison,
        sent: &Sent,
        live: &SubaccountProducts,
        sentence: &str,
    ) -> Outcome {
        let restore = restore(comparison, sent, live);
        let mut shape = with_kept(comparison, "set", sent);
        shape.restore = Some(restore.clone());
        self.say(
            &format!("{sentence}\n{}", how_to_restore(comparison, &restore)),
            shape,
        );
        Outcome::Done
    }

    fn different(
        self,
        comparison: &Comparison,
        sent: &Sent,
        left: &PriceChange,
        live: &SubaccountProducts,
    ) -> Outcome {
        let restore = restore(comparison, sent, live);
        let mut shape = with_kept(comparison, "set_differently", sent);
        shape.restore = Some(restore.clone());
        shape.difference = Some(left);
        let text = format!(
            "The service took the request, but reports something else than was asked for. What is \
             still to change:\n\n{}\n{}",
            render::human(left, self.color),
            how_to_restore(comparison, &restore)
        );
        self.say(&text, shape);
        Outcome::Findings
    }

    fn unknown(
        self,
        comparison: &Comparison,
        sent: &Sent,
        why: &str,
        left: Option<&PriceChange>,
    ) -> Result<Outcome, Failure> {
        let id = comparison.id;
        let path = quoted(&comparison.path().display().to_string());
        let failure = Failure::ending(
            Outcome::Unknown,
            format!(
                "{why}; `digicert products diff {id} -f {path}` shows what is still to change, and \
                 setting the same once more does no harm; the former state is in {}",
                sent.former_state.display()
            ),
        );
        let mut shape = with_kept(comparison, "unknown", sent);
        shape.message = Some(failure.to_string());
        shape.difference = left;
        let text =
            left.map(|left| format!("Still to change:\n\n{}", render::human(left, self.color)));
        self.say(&text.unwrap_or_default(), shape);
        Err(failure)
    }

    fn stale(self, comparison: &Comparison, now: &SubaccountProducts) -> Result<Outcome, Failure> {
        let meanwhile = PriceChange::between(&comparison.live, &former_state(now));
        let failure = Failure::unsafe_to_go_on(
            "nothing was changed: the live state is no longer the one that was shown; run the \
             command again to see what the file changes now",
        );
        let mut shape = Shape::new(comparison.shape(), "stale");
        shape.message = Some(failure.to_string());
        shape.difference = Some(&meanwhile);
        let text = format!(
            "Somebody else has changed meanwhile:\n\n{}",
            render::human(&meanwhile, self.color)
        );
        self.say(&text, shape);
        Err(failure)
    }

    fn say(self, human: &str, shape: Shape<'_>) {
        let text = match self.format {
            OutputFormat::Human => Ok(human.to_owned()),
            OutputFormat::Json => Versioned::first(shape).text(),
        };
        StandardOutput::print_or_say(text, human);
    }
}

fn with_kept<'a>(comparison: &'a Comparison, outcome: &'static str, sent: &'a Sent) -> Shape<'a> {
    let mut shape = Shape::new(comparison.shape(), outcome);
    shape.former_state = Some(&sent.former_state);
    shape.ledger_entry = Some(sent.entry);
    shape
}

/// The command that brings the former state back, with the words that it needs.
fn restore(comparison: &Comparison, sent: &Sent, live: &SubaccountProducts) -> String {
    let back = former_state(&comparison.live);
    let back = if comparison.change.self_billed {
        PriceChange::between_self_billed(live, &back)
    } else {
        PriceChange::between(live, &back)
    };
    let path = quoted(&sent.former_state.display().to_string());
    let mut command = format!("digicert products set {} -f {path}", comparison.id);
    for danger in back.dangers() {
        command.push(' ');
        command.push_str(danger.word().as_str());
    }
    command
}

fn how_to_restore(comparison: &Comparison, command: &str) -> String {
    let balance = match &comparison.change.currency {
        Some(_) if !comparison.change.self_billed => ", but no balance,",
        _ => "",
    };
    format!("The former state{balance} is restored by\n    {command}\n")
}

/// As a shell takes it for one word.
fn quoted(text: &str) -> String {
    let plain =
        |character: char| character.is_ascii_alphanumeric() || "/._-+:@%".contains(character);
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}
