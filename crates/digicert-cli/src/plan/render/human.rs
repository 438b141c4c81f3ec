//! A plan on a terminal: each change as soon as it is found, the summary at the end, where one
//! looks first.

use std::collections::HashSet;
use std::io::{self, Write};

use digicert_validate::Severity;

use crate::color;
use crate::creation_sheet;
use crate::manifest::ManifestFinding;
use crate::plan::{
    Addressee, Drift, Head, KeyInDoubt, Listener, NotReady, PlannedCreation, PlannedFailure, Spot,
    Summary, Tail, UnderWay, WholeChange, refusal,
};
use crate::price_change::render;
use crate::printable::printable;
use crate::sheet::Sheet;

/// How many refusals are shown; the others are of the same kinds.
const MAX_REFUSALS: usize = 20;

/// Prints a plan while it is made.
#[derive(Debug)]
pub(crate) struct Human<W> {
    out: W,
    color: bool,
    /// Errors that are shown where they belong, and are not said again as reasons of a refusal.
    said: HashSet<String>,
}

impl<W> Human<W> {
    pub(crate) fn new(out: W, color: bool) -> Self {
        Self {
            out,
            color,
            said: HashSet::new(),
        }
    }
}

impl<W: Write> Listener for Human<W> {
    fn begin(&mut self, head: &Head, addressee: &Addressee) -> io::Result<()> {
        let line = safe(&addressee.line(head));
        writeln!(self.out, "{}\n", color::bold(&line, self.color))
    }

    fn change(&mut self, change: &WholeChange<'_>) -> io::Result<()> {
        let planned = change.planned;
        let title = format!(
            "{}, price book {} ({})",
            super::capitalized(&planned.subaccount()),
            planned.price_book,
            planned.at.short()
        );
        writeln!(self.out, "{}", color::bold(&safe(&title), self.color))?;
        let text = render::human(change.change, self.color);
        for line in text.lines() {
            let indent = if line.is_empty() { "" } else { "  " };
            writeln!(self.out, "{indent}{line}")?;
        }
        let dangers = render::dangers(&change.change.dangers(), self.color);
        write!(self.out, "{dangers}")?;
        for finding in change.findings {
            if finding.severity == Severity::Error {
                self.said.insert(refusal(finding));
            }
            writeln!(self.out, "  {}", finding_line(finding, self.color))?;
        }
        writeln!(self.out)
    }

    fn end(&mut self, tail: &Tail, not_ready: &[NotReady]) -> io::Result<()> {
        let text = self::tail(tail, not_ready, &mut self.said, self.color);
        self.out.write_all(text.as_bytes())?;
        self.out.flush()
    }
}

/// Everything of a plan that follows its changes, and what this machine does not have.
fn tail(tail: &Tail, not_ready: &[NotReady], said: &mut HashSet<String>, color: bool) -> String {
    let mut page = Page {
        lines: Vec::new(),
        color,
    };
    for creation in &tail.creations {
        page.creation(creation);
    }
    for link in &tail.billing_links {
        page.addition(&link_title(&link.at), &super::link(link));
    }
    for link in &tail.linked_before {
        page.remark(&link_title(&link.at), &super::linked_before(link));
    }
    page.section(
        &color::removed("Keys in doubt", color),
        tail.keys_in_doubt.iter().map(doubt_line),
    );
    page.section(
        &color::changed("Under way", color),
        tail.under_way.iter().map(under_way_line),
    );
    page.section(
        &color::bold(super::DRIFT, color),
        tail.drift.iter().map(|drift| drift_line(drift, color)),
    );
    page.section(
        &color::bold("Findings", color),
        tail.findings
            .iter()
            .map(|finding| finding_line(finding, color)),
    );
    page.section(
        &color::removed("Left out", color),
        tail.failures.iter().map(failure_line),
    );
    page.section(
        &color::changed("Not ready to be applied on this machine", color),
        not_ready.iter().map(|missing| safe(&missing.to_string())),
    );
    let made = tail.made_elsewhere.iter();
    page.section(
        &color::changed("Look at twice", color),
        made.map(|made| safe(&made.to_string())),
    );
    page.summary(&tail.summary);
    let findings = tail.findings.iter();
    let errors = findings.filter(|finding| finding.severity == Severity::Error);
    said.extend(errors.map(refusal));
    page.refusals(&tail.refusals, said);
    page.lines.join("\n") + "\n"
}

/// Lines as they are collected; each part ends with an empty one.
struct Page {
    lines: Vec<String>,
    color: bool,
}

impl Page {
    /// What is new, below its title.
    fn addition(&mut self, title: &str, text: &str) {
        let sign = color::added("+", self.color);
        self.part(title, format!("  {sign} {}", safe(text)));
    }

    /// A creation with everything that is sent for it.
    fn creation(&mut self, creation: &PlannedCreation) {
        let title = format!("Create {} ({})", creation.name, creation.at.short());
        self.addition(&title, &super::creation(creation));
        // The empty line that ends a part comes after all of it.
        self.lines.pop();
        if let Some(request) = &creation.request {
            let mut sheet = Sheet::new();
            creation_sheet::add(&mut sheet, request);
            let text = sheet.text(self.color);
            self.lines
                .extend(text.lines().map(|line| format!("    {line}")));
        }
        if let Some(change) = &creation.change {
            let text = render::human_of_new(change, self.color);
            self.lines
                .extend(text.lines().map(|line| format!("  {line}")));
        }
        for warning in creation.warnings() {
            let sign = color::changed("warning", self.color);
            let text = safe(&warning);
            self.lines.push(format!("  {sign}: {text}"));
        }
        self.lines.push(String::new());
    }

    /// What stays as it is, below its title.
    fn remark(&mut self, title: &str, text: &str) {
        self.part(title, format!("    {}", safe(text)));
    }

    fn part(&mut self, title: &str, line: String) {
        self.lines.push(color::bold(&safe(title), self.color));
        self.lines.push(line);
        self.lines.push(String::new());
    }

    /// A list below its title, if there is anything in it.
    fn section(&mut self, title: &str, lines: impl ExactSizeIterator<Item = String>) {
        if lines.len() > 0 {
            self.lines.push(title.to_owned());
            self.lines.extend(lines.map(|line| format!("  {line}")));
            self.lines.push(String::new());
        }
    }

    fn summary(&mut self, summary: &Summary) {
        let sentence = format!("Plan: {}.", super::sentence(summary));
        self.lines.push(color::bold(&sentence, self.color));
        if !summary.words.is_empty() {
            let words: Vec<_> = summary.words.iter().map(String::as_str).collect();
            let words = color::code(&words.join(" "), self.color);
            self.lines.push(format!("Applying it needs {words}."));
        }
    }

    fn refusals(&mut self, refusals: &[String], said: &HashSet<String>) {
        if refusals.is_empty() {
            return;
        }
        self.lines.push(String::new());
        let (again, further): (Vec<_>, Vec<_>) =
            refusals.iter().partition(|refusal| said.contains(*refusal));
        self.lines
            .push(color::removed("It is refused:", self.color));
        if !again.is_empty() {
            let errors = super::counted(again.len(), "error");
            self.lines.push(format!("  for the {errors} above"));
        }
        let shown = further.iter().take(MAX_REFUSALS);
        self.lines
            .extend(shown.map(|refusal| format!("  {}", safe(refusal))));
        let more = further.len().saturating_sub(MAX_REFUSALS);
        if more > 0 {
            self.lines.push(format!("  and {more} more"));
        }
    }
}

fn link_title(at: &Spot) -> String {
    format!("Link ({})", at.short())
}

fn doubt_line(doubt: &KeyInDoubt) -> String {
    safe(&format!("{}: {doubt}", doubt.at.short()))
}

fn under_way_line(under_way: &UnderWay) -> String {
    safe(&format!("{}: {under_way}", under_way.at.short()))
}

fn drift_line(drift: &Drift, color: bool) -> String {
    let severity = severity_word(drift.differs.severity, color);
    let Spot { path, line, column } = &drift.at;
    let text = format!("{path}:{line}:{column}: {drift}");
    format!("{severity}: {}", safe(&text))
}

fn failure_line(failure: &PlannedFailure) -> String {
    let PlannedFailure {
        subaccount,
        at,
        message,
        ..
    } = failure;
    safe(&format!("{subaccount} ({}): {message}", at.short()))
}

fn finding_line(finding: &ManifestFinding, color: bool) -> String {
    let severity = severity_word(finding.severity, color);
    let ManifestFinding {
        code,
        rule,
        path,
        line,
        column,
        message,
        help,
        ..
    } = finding;
    let text = format!("{path}:{line}:{column}: {message}; {help}");
    format!("{severity}[{code} {rule}] {}", safe(&text))
}

fn severity_word(severity: Severity, color: bool) -> String {
    let word = severity.as_str();
    match severity {
        Severity::Error => color::removed(word, color),
        Severity::Warning => color::changed(word, color),
        Severity::Note => word.to_owned(),
    }
}

/// Text from files and from the service: no terminal obeys it.
fn safe(text: &str) -> String {
    printable(text).into_owned()
}
