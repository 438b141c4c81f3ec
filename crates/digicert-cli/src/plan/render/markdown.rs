//! A plan for a pull request: the summary first, what is dangerous next, each change folded away.

use std::fmt::Write as _;
use std::io::{self, Write};

use digicert_validate::Severity;

use crate::creation_sheet;
use crate::manifest::ManifestFinding;
use crate::plan::{
    Addressee, Drift, Head, Listener, NotReady, PlannedCreation, PlannedFailure, Spot, Tail,
    WholeChange,
};
use crate::price_change::render;
use crate::sheet::Sheet;

/// GitHub takes no comment of more than 65,536 characters; what follows the changes needs room.
const MAX_CHANGES: usize = 50_000;
/// How many lines a list has.
const MAX_LINES: usize = 50;

/// Collects a plan and writes it at its end.
#[derive(Debug)]
pub(crate) struct Markdown<W> {
    out: W,
    /// Whom it is for.
    addressee: String,
    changes: String,
    left_out: usize,
}

impl<W> Markdown<W> {
    pub(crate) fn new(out: W) -> Self {
        Self {
            out,
            addressee: String::new(),
            changes: String::new(),
            left_out: 0,
        }
    }

    fn add(&mut self, folded: &str) {
        if self.changes.len() + folded.len() > MAX_CHANGES {
            self.left_out += 1;
        } else {
            self.changes += folded;
        }
    }
}

impl<W: Write> Listener for Markdown<W> {
    fn begin(&mut self, head: &Head, addressee: &Addressee) -> io::Result<()> {
        self.addressee = addressee.line(head);
        Ok(())
    }

    fn change(&mut self, change: &WholeChange<'_>) -> io::Result<()> {
        self.add(&folded(change));
        Ok(())
    }

    fn end(&mut self, tail: &Tail, not_ready: &[NotReady]) -> io::Result<()> {
        for creation in &tail.creations {
            self.add(&folded_creation(creation));
        }
        let mut text = head(tail, &self.addressee);
        text += &self.changes;
        if self.left_out > 0 {
            let _ = writeln!(
                text,
                "\n{} more changes and creations are in the plan and not shown here.\n",
                self.left_out
            );
        }
        text += &rest(tail, not_ready);
        self.out.write_all(text.as_bytes())?;
        self.out.flush()
    }
}

fn head(tail: &Tail, addressee: &str) -> String {
    let mut text = format!(
        "### Plan: {}\n\n{}\n\n",
        super::sentence(&tail.summary),
        escaped(addressee)
    );
    if !tail.summary.words.is_empty() {
        let words: Vec<_> = tail.summary.words.iter().map(String::as_str).collect();
        let _ = writeln!(text, ":warning: Applying it needs `{}`.\n", words.join(" "));
    }
    if !tail.refusals.is_empty() {
        text += ":no_entry: **It is refused:**\n\n";
        list(
            &mut text,
            tail.refusals.iter().map(|refusal| escaped(refusal)),
        );
    }
    let with_cautions = tail.creations.iter();
    let mut cautions: Vec<_> = with_cautions
        .flat_map(|creation| {
            let name = escaped(&creation.name);
            let warnings = creation.warnings().into_iter();
            warnings.map(move |warning| format!(":warning: **{name}**: {}", escaped(&warning)))
        })
        .collect();
    let made = tail.made_elsewhere.iter();
    cautions.extend(made.map(|made| format!(":warning: {}", escaped(&made.to_string()))));
    let warnings = tail.drift.iter();
    let warnings = warnings.filter(|drift| drift.differs.severity == Severity::Warning);
    cautions.extend(warnings.map(drift_line));
    section(&mut text, "Look at twice", cautions.into_iter());
    text
}

/// What is sent for a creation, and what follows it.
fn folded_creation(creation: &PlannedCreation) -> String {
    let mut text = format!(
        "<details><summary>Create {}: {}</summary>\n\n{}\n\n",
        escaped(&creation.name),
        escaped(&super::creation(creation)),
        escaped(&creation.at.short())
    );
    if let Some(request) = &creation.request {
        let mut sheet = Sheet::new();
        creation_sheet::add(&mut sheet, request);
        text += "| | |\n|---|---|\n";
        for (label, value) in sheet.lines() {
            let _ = writeln!(text, "| {label} | {} |", escaped(value));
        }
        text.push('\n');
    }
    if let Some(change) = &creation.change {
        text += &render::markdown(change);
    }
    text + "\n</details>\n\n"
}

fn folded(change: &WholeChange<'_>) -> String {
    let planned = change.planned;
    let mut text = format!(
        "<details><summary>{}: {}</summary>\n\nPrice book {}, {}\n\n{}",
        escaped(&super::capitalized(&planned.subaccount())),
        escaped(&planned.summary),
        escaped(&planned.price_book),
        escaped(&planned.at.short()),
        render::markdown(change.change),
    );
    if !change.findings.is_empty() {
        text.push('\n');
        list(&mut text, change.findings.iter().map(finding_line));
    }
    text + "\n</details>\n\n"
}

fn rest(tail: &Tail, not_ready: &[NotReady]) -> String {
    let mut text = String::new();
    let creations = tail.creations.iter().map(creation_line);
    section(&mut text, "To create", creations);
    let links = tail.billing_links.iter();
    let links = links.map(|link| placed(&super::link(link), &link.at));
    section(&mut text, "To link", links);
    let linked = tail.linked_before.iter();
    let linked = linked.map(|link| placed(&super::linked_before(link), &link.at));
    section(&mut text, "Not to link", linked);
    let doubts = tail.keys_in_doubt.iter();
    let doubts = doubts.map(|doubt| placed(&doubt.to_string(), &doubt.at));
    section(&mut text, "Keys in doubt", doubts);
    let under_way = tail.under_way.iter();
    let under_way = under_way.map(|one| placed(&one.to_string(), &one.at));
    section(&mut text, "Under way", under_way);
    let drift = tail.drift.iter().map(drift_line);
    section(&mut text, super::DRIFT, drift);
    let findings = tail.findings.iter().map(finding_line);
    section(&mut text, "Findings", findings);
    let failures = tail.failures.iter().map(failure_line);
    section(&mut text, "Left out", failures);
    let missing = not_ready.iter();
    let missing = missing.map(|missing| escaped(&missing.to_string()));
    let title = "Not ready to be applied where this plan was made";
    section(&mut text, title, missing);
    text
}

fn creation_line(creation: &PlannedCreation) -> String {
    let what = escaped(&super::creation(creation));
    let at = escaped(&creation.at.short());
    format!("**{}** ({at}): {what}", escaped(&creation.name))
}

fn drift_line(drift: &Drift) -> String {
    let sign = sign(drift.differs.severity);
    format!("{sign} {}", placed(&drift.to_string(), &drift.at))
}

fn failure_line(failure: &PlannedFailure) -> String {
    let at = escaped(&failure.at.short());
    let (name, message) = (escaped(&failure.subaccount), escaped(&failure.message));
    format!("{name} ({at}): {message}")
}

/// A text, and where what it is about is written.
fn placed(text: &str, at: &Spot) -> String {
    format!("{} ({})", escaped(text), escaped(&at.short()))
}

fn section(text: &mut String, title: &str, lines: impl ExactSizeIterator<Item = String>) {
    if lines.len() > 0 {
        let _ = writeln!(text, "#### {title}\n");
        list(text, lines);
    }
}

fn list(text: &mut String, lines: impl ExactSizeIterator<Item = String>) {
    let more = lines.len().saturating_sub(MAX_LINES);
    for line in lines.take(MAX_LINES) {
        let _ = writeln!(text, "- {line}");
    }
    if more > 0 {
        let _ = writeln!(text, "- and {more} more");
    }
    text.push('\n');
}

fn finding_line(finding: &ManifestFinding) -> String {
    let sign = sign(finding.severity);
    let ManifestFinding {
        code,
        rule,
        path,
        line,
        message,
        help,
        ..
    } = finding;
    let text = format!("{path}:{line}: {message}; {help}");
    format!("{sign} `{code} {rule}` {}", escaped(&text))
}

fn sign(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => ":x:",
        Severity::Warning => ":warning:",
        Severity::Note => ":information_source:",
    }
}

/// Text from files and from the service: nothing of it is read as Markdown or HTML.
fn escaped(text: &str) -> String {
    render::markdown_text(text)
}
