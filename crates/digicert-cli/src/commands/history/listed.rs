//! Entries of the ledger as they are printed.

use digicert_types::certcentral::SubaccountSummary;
use serde::Serialize;
use serde_json::Value;

use super::changed::{self, StatesNow};
use crate::advised_command;
use crate::custodian::KeyFate;
use crate::earlier_creation::{self, Facts};
use crate::failure::Failure;
use crate::former_setting::NowReported;
use crate::ledger::{
    Action, Detail, EndingKind, Entry, EntryId, KnownFrom, Ledger, LedgerError, UNDER_WAY,
    WrittenEnding,
};
use crate::output_format::Versioned;
use crate::price_change::{PriceChange, render};
use crate::printable::printable;
use crate::standard_error;
use crate::standard_output::terminal_width;
use crate::table::{Column, Table};

/// An entry, and for an open creation what is known of it.
#[derive(Debug)]
pub(super) struct Listed {
    pub(super) entry: Entry,
    /// Somebody is at work on it right now.
    pub(super) is_under_way: bool,
    pub(super) facts: Option<Facts>,
    pub(super) candidates: Option<Vec<SubaccountSummary>>,
    /// What the service has now, for an open setting of products.
    pub(super) live: Option<NowReported>,
    /// Why the service was not asked.
    pub(super) not_looked_up: Option<String>,
    /// What a setting of products has changed, or was to change.
    change: Option<PriceChange>,
    /// The command that brings the former state back.
    restore: Option<String>,
}

impl Listed {
    /// As it stands by now.
    pub(super) fn new(ledger: &Ledger, entry: Entry) -> Result<Self, LedgerError> {
        let (entry, is_under_way) = match ledger.as_it_stands(entry.clone()) {
            Err(error @ LedgerError::Lock { .. }) => {
                // The rest of the history is as good as ever.
                standard_error::say(&format!("warning: entry {}: {error}", entry.id));
                (entry, false)
            }
            stands => stands?,
        };
        Ok(Self::of(ledger, entry, is_under_way))
    }

    pub(super) fn of(ledger: &Ledger, entry: Entry, is_under_way: bool) -> Self {
        let is_open_creation = entry.action == Action::CreateSubaccount && entry.is_unfinished();
        let facts = is_open_creation.then(|| Facts::of(ledger, &entry));
        Self {
            entry,
            is_under_way,
            facts,
            candidates: None,
            live: None,
            not_looked_up: None,
            change: None,
            restore: None,
        }
    }

    pub(super) fn is_unfinished(&self) -> bool {
        self.entry.is_unfinished()
    }

    /// Looks what it has changed, and how to go back. A command is given if it would reach the service
    /// that the entry is of.
    pub(super) fn look_at_change(&mut self, origin: Option<&str>, now: &StatesNow) {
        self.change = changed::change(&self.entry);
        if origin == Some(&*self.entry.origin) {
            self.restore = changed::way_back(&self.entry, now);
        }
    }

    /// How it stands, in one word.
    fn state(&self) -> &'static str {
        match self.entry.ending() {
            Some(kind) => kind.as_str(),
            None if self.is_under_way => "under-way",
            None => "interrupted",
        }
    }

    fn sentences(&self) -> Vec<String> {
        let entry = &self.entry;
        if let Some(ended) = entry.ended.as_ref().filter(|_| !entry.is_unfinished()) {
            let key = (ended.kind == EndingKind::Done).then(|| its_key(entry));
            let sentences = [Some(how_it_ended(ended)), key.flatten()];
            return sentences.into_iter().flatten().collect();
        }
        let mut sentences = match (&self.facts, entry.action, entry.subaccount_id) {
            _ if self.is_under_way => vec![UNDER_WAY.to_owned()],
            (Some(facts), ..) => facts.sentences(entry),
            (None, Action::SetProducts, _) if self.live.is_some() => Vec::new(),
            (None, Action::SetProducts, Some(id)) => vec![format!(
                "Whether it was carried out is not known: `{}` shows what holds now.",
                advised_command::on_service(&format!("products show {id}"))
            )],
            _ => vec![
                "Whether it was carried out is not known. Doing it again changes nothing more."
                    .to_owned(),
            ],
        };
        sentences.extend(self.live.map(|live| live.sentence(entry)));
        sentences.extend(
            self.not_looked_up
                .iter()
                .map(|why| format!("It was not looked up: {why}.")),
        );
        sentences
    }

    /// What was changed, or was to be, and how to go back.
    fn change_in_full(&self, color: bool) -> String {
        let Some(file) = changed::file(&self.entry) else {
            return String::new();
        };
        let file = printable(&file.display().to_string()).into_owned();
        let Some(change) = &self.change else {
            return format!(
                "What it changes cannot be shown: the former state is not in {file} any more.\n"
            );
        };
        let way_back = match &self.restore {
            Some(command) => format!("The former state is restored by\n    {command}\n"),
            None => format!("The former state is in {file}.\n"),
        };
        indented(&render::human(change, color)) + &way_back
    }

    /// The commands that settle it.
    fn ways_on(&self) -> Vec<String> {
        if !self.entry.is_unfinished() || self.is_under_way {
            return Vec::new();
        }
        let id = self.entry.id;
        let created = || earlier_creation::settled_as_created(id, self.candidates.as_deref());
        let settled = |end: &str| advised_command::on_ledger(&format!("history settle {id} {end}"));
        match &self.facts {
            Some(_) if self.entry.is_nameless() => vec![created()],
            Some(_) => vec![created(), settled("--not-created")],
            None => vec![settled("--done"), settled("--not-done")],
        }
    }
}

pub(super) fn table(list: &[Listed], color: bool) -> String {
    const COLUMNS: [Column; 7] = [
        Column::Right("ENTRY"),
        Column::Left("WHEN (UTC)"),
        Column::Left("WHO"),
        Column::Left("WHAT"),
        Column::Right("SUBACCOUNT"),
        Column::Left("RESULT"),
        Column::Left("SERVICE"),
    ];
    if list.is_empty() {
        return "No entries.\n".to_owned();
    }
    let terminal = terminal_width();
    let heading = one_service(list).filter(|_| terminal.is_some());
    // In the heading it needs no column.
    let columns = match heading {
        Some(_) => &COLUMNS[..COLUMNS.len() - 1],
        None => &COLUMNS,
    };
    let mut table = Table::new(columns).fitting(terminal);
    for listed in list {
        let entry = &listed.entry;
        let subaccount = entry.subaccount_id.map(|id| id.to_string());
        let cells = [
            entry.id.to_string(),
            entry.begun(),
            entry.who.clone(),
            what(entry),
            subaccount.unwrap_or_default(),
            result(listed),
            entry.origin.clone(),
        ];
        table.row(cells.iter().take(columns.len()));
    }
    let heading = heading.map(|origin| format!("At {}:\n\n", printable(origin)));
    heading.unwrap_or_default() + &table.text(color)
}

/// The service of all of them, if it is the same.
fn one_service(list: &[Listed]) -> Option<&str> {
    let first = &list.first()?.entry.origin;
    let is_same = |listed: &Listed| listed.entry.origin == *first;
    list.iter().all(is_same).then_some(first)
}

fn what(entry: &Entry) -> String {
    let verb = match entry.action {
        Action::CreateSubaccount => "create",
        Action::SetProducts => "set products",
        Action::LinkBillingAccount => "link",
    };
    format!("{verb}: {}", entry.summary)
}

fn result(listed: &Listed) -> String {
    let word = listed.state().replace('-', " ");
    match &listed.entry.ended {
        Some(ended) if ended.known_from == KnownFrom::User => format!("{word}, says {}", ended.who),
        _ => word,
    }
}

/// In a sentence, with what there is to say about it.
fn how_it_ended(ended: &WrittenEnding) -> String {
    let how = match ended.kind {
        EndingKind::Done => "It was carried out",
        EndingKind::NotDone => "It was not carried out",
        EndingKind::Refused => "The service refused it",
        EndingKind::NotSent => "It was not sent",
        EndingKind::Unknown => "Its outcome is unknown",
    };
    let who = match ended.known_from {
        KnownFrom::User => format!(", says {}", ended.who),
        KnownFrom::Answer | KnownFrom::Lookup => String::new(),
    };
    match &ended.message {
        Some(message) => format!("{how}{who}: {message}."),
        None => format!("{how}{who}."),
    }
}

/// Where the one-time key of a creation is, or what became of it.
fn its_key(entry: &Entry) -> Option<String> {
    if entry.action != Action::CreateSubaccount {
        return None;
    }
    match earlier_creation::key(entry) {
        KeyFate::None => None,
        KeyFate::Kept { place } => Some(format!("Its key: {place}.")),
        KeyFate::Rescued { place, .. } => Some(format!(
            "Its key: {place}, which is not where it was to go; move it to a safe place."
        )),
        KeyFate::Lost { why } => Some(format!("Its key is lost: {why}.")),
        KeyFate::Missing {
            answer: Some(answer),
        } => Some(format!(
            "No key was found in the answer; the answer is in {answer}."
        )),
        // An answer never came, or was none.
        KeyFate::Missing { answer: None } if is_said(entry) => {
            Some("Where its key is, nobody wrote down.".to_owned())
        }
        KeyFate::Missing { answer: None } => Some("The answer had no key.".to_owned()),
    }
}

/// Whether somebody has said how it ended.
fn is_said(entry: &Entry) -> bool {
    let ended = entry.ended.as_ref();
    ended.is_some_and(|ended| ended.known_from == KnownFrom::User)
}

fn indented(text: &str) -> String {
    let lines = text.lines().map(|line| match line {
        "" => "\n".to_owned(),
        line => format!("  {line}\n"),
    });
    lines.collect()
}

/// Each entry with all that is known of it, and how to settle it.
pub(super) fn in_full(list: &[Listed], color: bool) -> String {
    let texts = list.iter().map(|listed| {
        let mut text = head(&listed.entry);
        for sentence in listed.sentences() {
            text += &printable(&sentence);
            text.push('\n');
        }
        if let Some(candidates) = &listed.candidates {
            text += &earlier_creation::listed(candidates, color);
        }
        text += &listed.change_in_full(color);
        let ways_on = listed.ways_on();
        if !ways_on.is_empty() {
            text += "When you know, one of:\n";
        }
        for command in &ways_on {
            text.extend(["    ", command, "\n"]);
        }
        text
    });
    texts.collect::<Vec<_>>().join("\n")
}

/// What was to be done, in a line.
pub(super) fn head(entry: &Entry) -> String {
    format!(
        "Entry {}: {}, begun {} UTC by {} at {}.\n",
        entry.id,
        printable(&what(entry)),
        entry.begun(),
        printable(&entry.who),
        printable(&entry.origin),
    )
}

#[derive(Serialize)]
struct History<'a> {
    entries: Vec<JsonEntry<'a>>,
}

#[derive(Serialize)]
pub(super) struct JsonEntry<'a> {
    entry: EntryId,
    state: &'static str,
    run: &'a str,
    begun_at: &'a str,
    who: &'a str,
    program: &'a str,
    action: Action,
    origin: &'a str,
    account_id: Option<i64>,
    subaccount_id: Option<i64>,
    summary: &'a str,
    request: Option<Value>,
    part_of: Option<&'a str>,
    detail: &'a Detail,
    ended: Option<JsonEnded<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    known: Option<&'a Facts>,
    #[serde(skip_serializing_if = "Option::is_none")]
    candidates: Option<&'a [SubaccountSummary]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    live: Option<NowReported>,
    #[serde(skip_serializing_if = "Option::is_none")]
    not_looked_up: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    change: Option<&'a PriceChange>,
    #[serde(skip_serializing_if = "Option::is_none")]
    restore: Option<&'a str>,
}

#[derive(Serialize)]
struct JsonEnded<'a> {
    at: &'a str,
    who: &'a str,
    known_from: KnownFrom,
    message: Option<&'a str>,
    detail: &'a Detail,
}

pub(super) fn json(list: &[Listed]) -> Result<String, Failure> {
    let entries = list.iter().map(json_entry).collect();
    Versioned::first(History { entries }).text()
}

pub(super) fn json_entry(listed: &Listed) -> JsonEntry<'_> {
    let entry = &listed.entry;
    let request = entry.request.as_deref();
    JsonEntry {
        entry: entry.id,
        state: listed.state(),
        run: &entry.run,
        begun_at: &entry.begun_at,
        who: &entry.who,
        program: &entry.program,
        action: entry.action,
        origin: &entry.origin,
        account_id: entry.account_id,
        subaccount_id: entry.subaccount_id,
        summary: &entry.summary,
        request: request.and_then(|request| serde_json::from_str(request).ok()),
        part_of: entry.part_of.as_deref(),
        detail: &entry.detail,
        ended: entry.ended.as_ref().map(|ended| JsonEnded {
            at: &ended.at,
            who: &ended.who,
            known_from: ended.known_from,
            message: ended.message.as_deref(),
            detail: &ended.detail,
        }),
        known: listed.facts.as_ref(),
        candidates: listed.candidates.as_deref(),
        live: listed.live,
        not_looked_up: listed.not_looked_up.as_deref(),
        change: listed.change.as_ref(),
        restore: listed.restore.as_deref(),
    }
}
