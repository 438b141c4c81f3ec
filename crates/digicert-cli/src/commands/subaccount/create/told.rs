//! What is said afterwards, and what of an earlier creation: for people and as JSON.

use std::fmt::Write as _;

use digicert_types::certcentral::SubaccountSummary;
use serde::Serialize;

use crate::advised_command;
use crate::custodian::{CreationEnd, Job, KeyFate};
use crate::earlier_creation::{self, Facts};
use crate::failure::Failure;
use crate::ledger::{EndingKind, Entry, EntryId, KnownFrom};
use crate::outcome::Outcome;
use crate::output_format::{OutputFormat, Versioned};
use crate::printable::printable;
use crate::standard_error;
use crate::standard_output::StandardOutput;

/// Who can still help when a key is gone.
const SUPPORT: &str = "only DigiCert's support can provide another one, \
                       see https://www.digicert.com/contact-us/";

/// How a creation ended.
#[derive(Debug, Serialize)]
pub(super) struct Told {
    result: &'static str,
    entry: EntryId,
    origin: String,
    parent_account_id: Option<i64>,
    subaccount_id: Option<i64>,
    account_type: String,
    organization_name: String,
    key: KeyFate,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    /// Subaccounts that may be the one, where that is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) candidates: Option<Vec<SubaccountSummary>>,
    #[serde(skip)]
    kind: EndingKind,
    #[serde(skip)]
    ledger_trouble: Option<String>,
}

/// How it ended well, in JSON; part of what others script against.
#[derive(Serialize)]
struct CreatedJson<'a> {
    exit_code: u8,
    #[serde(flatten)]
    told: &'a Told,
}

impl Told {
    pub(super) fn of(job: &Job, end: &CreationEnd) -> Self {
        Self {
            result: match end.kind {
                EndingKind::Done => "created",
                other => other.as_str(),
            },
            entry: end.entry,
            origin: job.origin.clone(),
            parent_account_id: job.account_id,
            subaccount_id: end.subaccount_id,
            account_type: job.request.account_type.to_string(),
            organization_name: job.request.organization.name.clone(),
            key: end.key.clone(),
            message: end.message.clone(),
            candidates: None,
            kind: end.kind,
            ledger_trouble: end.ledger_trouble.clone(),
        }
    }

    /// Whether the service may know more than the answer said.
    pub(super) fn needs_a_look(&self) -> bool {
        match self.kind {
            EndingKind::Done => self.subaccount_id.is_none(),
            EndingKind::Unknown => true,
            _ => false,
        }
    }

    /// Prints it, and gives the exit code or the failure that goes with it.
    pub(super) fn tell(self, format: OutputFormat, color: bool) -> Result<Outcome, Failure> {
        let outcome = self.outcome();
        let human = self.human(color);
        let text = match (format, &outcome) {
            (OutputFormat::Human, _) => Some(Ok(human.clone())),
            (OutputFormat::Json, Ok(outcome)) => Some(
                Versioned::first(CreatedJson {
                    exit_code: *outcome as u8,
                    told: &self,
                })
                .text(),
            ),
            // It is told with the failure.
            (OutputFormat::Json, Err(_)) => None,
        };
        if let Some(text) = text {
            StandardOutput::print_or_say(text, &human);
        }
        if let Some(why) = &self.ledger_trouble {
            standard_error::say(&format!(
                "warning: the ending could not be written to the ledger: {why}"
            ));
        }
        outcome.map_err(|failure| failure.with_result(self.result).with_details(&self))
    }

    fn human(&self, color: bool) -> String {
        let mut text = String::new();
        if self.kind == EndingKind::Done {
            let id = self
                .subaccount_id
                .map_or_else(String::new, |id| format!(" {id}"));
            let organization = printable(&self.organization_name);
            // Writing to a `String` cannot fail.
            let _ = writeln!(
                text,
                "Created the {} subaccount{id} of {organization} (entry {}).",
                self.account_type, self.entry
            );
        }
        if let KeyFate::Kept { place } = &self.key {
            let _ = writeln!(
                text,
                "Its key: {}. The service does not show it again.",
                printable(place)
            );
        }
        if let Some(candidates) = &self.candidates {
            text += &earlier_creation::listed(candidates, color);
        }
        text
    }

    fn outcome(&self) -> Result<Outcome, Failure> {
        let Self { entry, message, .. } = self;
        let why = message.as_deref().unwrap_or("no reason was given");
        let unknown = |message| Err(Failure::ending(Outcome::Unknown, message));
        match (self.kind, trouble(&self.key)) {
            (EndingKind::Refused, _) => Err(Failure::ending(
                Outcome::Refused,
                format!("{why}; nothing was created"),
            )),
            (EndingKind::NotSent | EndingKind::NotDone, _) => Err(Failure::new(why)),
            (EndingKind::Done, Some(trouble)) => {
                unknown(format!("the subaccount was created, but {trouble}"))
            }
            (EndingKind::Done, None) if self.subaccount_id.is_some() => Ok(Outcome::Done),
            (EndingKind::Done | EndingKind::Unknown, _) => unknown(format!(
                "{why}; {}{}",
                kept_answer(&self.key),
                way_on(*entry, self.candidates.as_deref())
            )),
        }
    }
}

/// Why a key is not where it was to go, and what to do.
fn trouble(key: &KeyFate) -> Option<String> {
    match key {
        KeyFate::None | KeyFate::Kept { .. } => None,
        KeyFate::Rescued { place, why } => Some(format!(
            "its key could not be put where it was to go ({why}); it is in {place}, move it to a \
             safe place"
        )),
        KeyFate::Lost { why } => Some(format!("its key is lost: {why}; {SUPPORT}")),
        KeyFate::Missing {
            answer: Some(answer),
        } => Some(format!(
            "no key was found in the answer; the answer is in {answer}, look there first; {SUPPORT}"
        )),
        KeyFate::Missing { answer: None } => Some(format!("the answer had no key; {SUPPORT}")),
    }
}

/// Where an answer is that may have a key in it, as the beginning of what to do.
fn kept_answer(key: &KeyFate) -> String {
    match key {
        KeyFate::Missing {
            answer: Some(answer),
        } => format!("what came is in {answer}, and may have a key in it; "),
        _ => String::new(),
    }
}

/// How to settle what the program cannot know.
fn way_on(entry: EntryId, candidates: Option<&[SubaccountSummary]>) -> String {
    let created = earlier_creation::settled_as_created(entry, candidates);
    let not_created = advised_command::on_ledger(&format!("history settle {entry} --not-created"));
    format!(
        "do not send it again: when you know which subaccount it is, `{created}`, and if there is \
         certainly none, `{not_created}`"
    )
}

/// What is known of an earlier creation from the same document.
#[derive(Debug, Serialize)]
pub(super) struct EarlierCreation {
    result: &'static str,
    entry: EntryId,
    begun_at: String,
    /// The same for people.
    #[serde(skip)]
    begun: String,
    who: String,
    origin: String,
    summary: String,
    subaccount_id: Option<i64>,
    /// Missing while a custodian may still put it away.
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<KeyFate>,
    /// The place of the key once more, for whoever reads it there.
    #[serde(skip_serializing_if = "Option::is_none")]
    key_in: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    known: Option<Facts>,
    #[serde(skip_serializing_if = "Option::is_none")]
    candidates: Option<Vec<SubaccountSummary>>,
    #[serde(skip)]
    sentences: Vec<String>,
    /// What is the matter with its key, as the end of a sentence.
    #[serde(skip)]
    trouble: Option<String>,
}

impl EarlierCreation {
    fn of(entry: &Entry, result: &'static str) -> Self {
        Self {
            result,
            entry: entry.id,
            begun_at: entry.begun_at.clone(),
            begun: entry.begun(),
            who: entry.who.clone(),
            origin: entry.origin.clone(),
            summary: entry.summary.clone(),
            subaccount_id: entry.subaccount_id,
            key: None,
            key_in: None,
            known: None,
            candidates: None,
            sentences: Vec::new(),
            trouble: None,
        }
    }

    /// It was carried out.
    pub(super) fn created(entry: &Entry) -> Self {
        let mut former = Self::of(entry, "created-before");
        let key = earlier_creation::key(entry);
        let created = created(entry, &key);
        former.sentences.push(format!("It {created}."));
        former.trouble = trouble(&key).map(|_| created);
        if let KeyFate::Kept { place } | KeyFate::Rescued { place, .. } = &key {
            former.key_in = Some(place.clone());
        }
        if let KeyFate::Kept { place } = &key {
            former.sentences.push(format!("Its key: {place}."));
        }
        former.key = Some(key);
        former
    }

    /// It may have been carried out.
    pub(super) fn open(
        entry: &Entry,
        facts: Facts,
        candidates: Result<Vec<SubaccountSummary>, Failure>,
    ) -> Self {
        let mut former = Self::of(entry, "unknown");
        former.sentences = facts.sentences(entry);
        former.key = facts.key(entry);
        former.known = Some(facts);
        match candidates {
            Ok(candidates) => former.candidates = Some(candidates),
            Err(failure) => former
                .sentences
                .push(format!("It could not be looked up: {failure}.")),
        }
        former
    }

    /// Prints it, and gives the failure that goes with it.
    pub(super) fn tell(self, format: OutputFormat, color: bool) -> Failure {
        if format == OutputFormat::Human {
            let human = self.human(color);
            StandardOutput::print_or_say(Ok(human.clone()), &human);
        }
        let failure = self.failure();
        failure.with_result(self.result).with_details(&self)
    }

    fn human(&self, color: bool) -> String {
        let mut text = format!(
            "Entry {}: {}, begun {} UTC by {}.\n",
            self.entry,
            printable(&self.summary),
            self.begun,
            printable(&self.who)
        );
        for sentence in &self.sentences {
            text += &printable(sentence);
            text.push('\n');
        }
        if let Some(candidates) = &self.candidates {
            text += &earlier_creation::listed(candidates, color);
        }
        text
    }

    fn failure(&self) -> Failure {
        let entry = self.entry;
        match &self.known {
            None => {
                let trouble = self.trouble.as_ref();
                let trouble = trouble.map_or_else(String::new, |what| format!(": it {what}"));
                Failure::unsafe_to_go_on(format!(
                    "this document has been used already (entry {entry}){trouble}, and nothing was \
                     sent now; `--another` creates one more"
                ))
            }
            Some(facts) if facts.is_under_way => Failure::ending(
                Outcome::Unknown,
                format!(
                    "entry {entry} is still under way, and nothing was sent now; try again later"
                ),
            ),
            Some(_) => Failure::ending(
                Outcome::Unknown,
                format!(
                    "nothing was sent now, because entry {entry} may have created it; {}",
                    way_on(entry, self.candidates.as_deref())
                ),
            ),
        }
    }
}

/// What an earlier creation made, and what is the matter with its key, after the word "it".
fn created(entry: &Entry, key: &KeyFate) -> String {
    let subaccount = match entry.subaccount_id {
        Some(id) => format!("the subaccount {id}"),
        None => "a subaccount".to_owned(),
    };
    let says_user = entry
        .ended
        .as_ref()
        .filter(|ended| ended.known_from == KnownFrom::User);
    match (says_user, trouble(key)) {
        (None, None) => format!("created {subaccount}"),
        (None, Some(trouble)) => format!("created {subaccount}, but {trouble}"),
        // An answer never came, or was none.
        (Some(ended), trouble) => {
            let mut text = format!("created {subaccount}, says {}", ended.who);
            match key {
                KeyFate::Missing { answer: Some(file) } => {
                    let _ = write!(text, "; what came as an answer is in {file}");
                }
                _ if trouble.is_some() => text += "; where its key is, nobody wrote down",
                _ => {}
            }
            text
        }
    }
}
