//! What is said once it is known how an application ended, for people and for programs.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::advised_command;
use crate::apply::{Item, Report, Stopped};
use crate::color;
use crate::failure::Failure;
use crate::outcome::Outcome;
use crate::output_format::Versioned;
use crate::plan::{KeyInDoubt, Plan};
use crate::printable::printable;

/// How many commands are shown.
const MAX_WAYS_BACK: usize = 20;

pub(super) fn human(report: &Report, color: bool) -> String {
    let mut lines = Vec::new();
    let open: Vec<_> = report.open().map(Item::line).collect();
    if !open.is_empty() {
        lines.push(String::new());
        lines.push(color::removed("Not done:", color));
        lines.extend(open.iter().map(|line| format!("  {}", printable(line))));
    }
    if !report.items.is_empty() {
        lines.push(String::new());
    }
    let [how, rest @ ..] = &conclusion(report)[..] else {
        return lines.join("\n") + "\n";
    };
    lines.push(if report.items.is_empty() {
        how.clone()
    } else {
        color::bold(how, color)
    });
    lines.extend(rest.iter().cloned());
    lines.extend(how_to_restore(report));
    lines.join("\n") + "\n"
}

/// How to go back. `digicert history` has it for those that are too many to be shown.
fn how_to_restore(report: &Report) -> Vec<String> {
    let count = report.ways_back().count();
    if count == 0 {
        return Vec::new();
    }
    let title = match count {
        1 => "The former state is restored by",
        _ => "The former states are restored by",
    };
    let mut lines = vec![String::new(), title.to_owned()];
    let shown = report.ways_back().take(MAX_WAYS_BACK);
    lines.extend(shown.map(|command| format!("    {command}")));
    if count > MAX_WAYS_BACK {
        let history = advised_command::on_ledger("history --subaccount ID");
        let more = count - MAX_WAYS_BACK;
        lines.push(format!("and {more} more; `{history}` says how for each"));
    }
    lines
}

/// What it comes to, in sentences.
fn conclusion(report: &Report) -> Vec<String> {
    let counts = report.counts();
    let counts: Vec<_> = counts
        .iter()
        .map(|(ended, count)| format!("{count} {}", ended.as_str()))
        .collect();
    let mut sentences = vec![if counts.is_empty() {
        "There is nothing to do.".to_owned()
    } else {
        format!("Applied: {}.", counts.join(", "))
    }];
    if let Some(Stopped { why, .. }) = &report.stopped {
        sentences.push(format!("It was not finished: {why}."));
    }
    match report.keys_in_doubt.len() {
        0 => {}
        1 => sentences.push("The key of 1 subaccount is in doubt.".to_owned()),
        many => sentences.push(format!("The keys of {many} subaccounts are in doubt.")),
    }
    sentences.extend(report.goes_on().hint().map(str::to_owned));
    sentences
}

/// The report as one object.
pub(super) fn json(plan: &Plan, report: &Report) -> Result<String, Failure> {
    Versioned::first(Shape::of(plan, report)).text()
}

/// Which plan it is about, in JSON.
#[derive(Serialize)]
pub(super) struct Planned<'a> {
    plan_sha256: &'a str,
    origin: &'a str,
    account_id: Option<i64>,
    words: &'a BTreeSet<String>,
}

impl<'a> Planned<'a> {
    pub(super) fn of(plan: &'a Plan) -> Self {
        Self {
            plan_sha256: &plan.sha256,
            origin: &plan.head.origin,
            account_id: plan.head.account_id,
            words: &plan.tail.summary.words,
        }
    }
}

/// The report in JSON; part of what others script against.
#[derive(Serialize)]
struct Shape<'a> {
    /// `applied` if everything is as the plan says, `stopped` if it was not finished, `key-in-doubt` if
    /// that is the worst, else the worst result among the items.
    result: &'static str,
    exit_code: u8,
    message: String,
    #[serde(flatten)]
    planned: Planned<'a>,
    /// Why it stopped before the end.
    stopped: Option<&'a str>,
    items: &'a [Item],
    /// Subaccounts that are there without their key, as far as the ledger knows; as in the plan.
    keys_in_doubt: &'a [KeyInDoubt],
    summary: serde_json::Map<String, serde_json::Value>,
}

impl<'a> Shape<'a> {
    fn of(plan: &'a Plan, report: &'a Report) -> Self {
        let counts = report.counts().into_iter();
        Self {
            result: result(report),
            exit_code: report.outcome() as u8,
            message: conclusion(report).join(" "),
            planned: Planned::of(plan),
            stopped: report.stopped.as_ref().map(|stopped| &*stopped.why),
            items: &report.items,
            keys_in_doubt: &report.keys_in_doubt,
            summary: counts
                .map(|(ended, count)| (ended.word().to_owned(), count.into()))
                .collect(),
        }
    }
}

fn result(report: &Report) -> &'static str {
    if report.stopped.is_some() {
        return "stopped";
    }
    let worst = report.outcome();
    let mut items = report.items.iter();
    match items.find(|item| item.result.outcome() == worst) {
        Some(item) if worst != Outcome::Done => item.result.word(),
        None if worst == Outcome::Unknown => "key-in-doubt",
        _ => "applied",
    }
}
