//! A plan on a terminal: each change as soon as it is found, the summary at the end, where one
//! looks first.

use std::io::{self, Write};

use digicert_validate::Severity;

use crate::color;
use crate::manifest::ManifestFinding;
use crate::plan::making::Listener;
use crate::plan::{Head, Tail, WholeChange};
use crate::price_change::render;
use crate::printable::printable;

/// How many refusals are shown; the others are of the same kinds.
const MAX_REFUSALS: usize = 20;

/// Prints a plan while it is made.
#[derive(Debug)]
pub(crate) struct Human<W> {
    pub(crate) out: W,
    pub(crate) color: bool,
}

impl<W: Write> Listener for Human<W> {
    fn begin(&mut self, _: &Head) -> io::Result<()> {
        Ok(())
    }

    fn change(&mut self, change: &WholeChange<'_>) -> io::Result<()> {
        let planned = change.planned;
        let title = format!(
            "Subaccount {}, price book {} ({})",
            planned.subaccount_id,
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
            writeln!(self.out, "  {}", finding_line(finding, self.color))?;
        }
        writeln!(self.out)
    }

    fn end(&mut self, tail: &Tail) -> io::Result<()> {
        self.out
            .write_all(super::tail(tail, self.color).as_bytes())?;
        self.out.flush()
    }
}

/// Everything of a plan that follows its changes.
pub(crate) fn tail(tail: &Tail, color: bool) -> String {
    let mut lines = Vec::new();
    for creation in &tail.creations {
        let title = format!("Create {} ({})", creation.name, creation.at.short());
        lines.push(color::bold(&safe(&title), color));
        let sign = color::added("+", color);
        lines.push(format!("  {sign} {}", safe(&super::creation(creation))));
        lines.push(String::new());
    }
    for link in &tail.billing_links {
        lines.push(color::bold(
            &safe(&format!("Link ({})", link.at.short())),
            color,
        ));
        lines.push(format!(
            "  {} {}",
            color::added("+", color),
            safe(&super::link(link))
        ));
        lines.push(String::new());
    }
    for link in &tail.linked_before {
        let title = format!("Link ({})", link.at.short());
        lines.push(color::bold(&safe(&title), color));
        lines.push(format!("    {}", safe(&super::linked_before(link))));
        lines.push(String::new());
    }
    if !tail.keys_in_doubt.is_empty() {
        lines.push(color::removed("Keys in doubt", color));
        let doubts = tail.keys_in_doubt.iter();
        lines.extend(
            doubts.map(|doubt| format!("  {}", safe(&format!("{}: {doubt}", doubt.at.short())))),
        );
        lines.push(String::new());
    }
    if !tail.findings.is_empty() {
        lines.push(color::bold("Findings", color));
        let found = tail.findings.iter();
        lines.extend(found.map(|finding| format!("  {}", finding_line(finding, color))));
        lines.push(String::new());
    }
    if !tail.failures.is_empty() {
        lines.push(color::removed("Left out", color));
        lines.extend(tail.failures.iter().map(|failure| {
            let text = format!(
                "{} ({}): {}",
                failure.subaccount,
                failure.at.short(),
                failure.message
            );
            format!("  {}", safe(&text))
        }));
        lines.push(String::new());
    }
    lines.push(color::bold(
        &format!("Plan: {}.", super::sentence(&tail.summary)),
        color,
    ));
    if !tail.summary.words.is_empty() {
        let words: Vec<_> = tail.summary.words.iter().map(String::as_str).collect();
        let words = color::code(&words.join(" "), color);
        lines.push(format!("Applying it needs {words}."));
    }
    refusals(&mut lines, &tail.refusals, color);
    lines.join("\n") + "\n"
}

fn refusals(lines: &mut Vec<String>, refusals: &[String], color: bool) {
    if refusals.is_empty() {
        return;
    }
    lines.push(String::new());
    lines.push(color::removed("It is refused:", color));
    let shown = refusals.iter().take(MAX_REFUSALS);
    lines.extend(shown.map(|refusal| format!("  {}", safe(refusal))));
    if let Some(more) = refusals
        .len()
        .checked_sub(MAX_REFUSALS)
        .filter(|more| *more > 0)
    {
        lines.push(format!("  and {more} more"));
    }
}

fn finding_line(finding: &ManifestFinding, color: bool) -> String {
    let severity = finding.severity.as_str();
    let severity = match finding.severity {
        Severity::Error => color::removed(severity, color),
        Severity::Warning => color::changed(severity, color),
        Severity::Note => severity.to_owned(),
    };
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

/// Text from files and from the service: no terminal obeys it.
fn safe(text: &str) -> String {
    printable(text).into_owned()
}
