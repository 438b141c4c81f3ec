//! Findings for people: message, place, source line, what to do.

use std::io::{self, Write as _};

use super::paint::Paint;
use super::piece::CheckedFile;
use super::safe_text::SafeText;
use super::snippet::snippet;
use super::summary::Summary;
use crate::report::{Finding, Place};
use crate::rule::Severity;

pub(super) fn file(out: &mut Vec<u8>, file: &CheckedFile<'_>, color: bool) -> io::Result<()> {
    for finding in file.document.report.findings() {
        headline(out, finding, color)?;
        let margin = match finding.place {
            Some(place) => source(out, file, finding, place, color)?,
            None => no_source(out, file, finding, color)?,
        };
        remark(out, margin, "help", &finding.help, color)?;
        writeln!(out)?;
    }
    Ok(())
}

pub(super) fn tail(out: &mut Vec<u8>, summary: &Summary, color: bool) -> io::Result<()> {
    let worst = [
        (summary.errors, Severity::Error),
        (summary.warnings, Severity::Warning),
    ];
    let worst = worst.iter().find(|(count, _)| *count > 0);
    let paint = worst.map_or(Paint::BOLD, |(_, severity)| Paint::of(*severity));
    writeln!(out, "{}", paint.on(summary, color))
}

fn headline(out: &mut Vec<u8>, finding: &Finding, color: bool) -> io::Result<()> {
    let Finding {
        rule,
        severity,
        message,
        ..
    } = finding;
    let name = format!("{}[{} {}]", severity.as_str(), rule.code, rule.name);
    let name = Paint::of(*severity).on(name, color);
    let message = Paint::BOLD.on(SafeText(message), color);
    writeln!(out, "{name}: {message}")
}

/// Name and pointer; gives the width of the margin for what follows.
fn no_source(
    out: &mut Vec<u8>,
    file: &CheckedFile<'_>,
    finding: &Finding,
    color: bool,
) -> io::Result<usize> {
    let margin = 1;
    let arrow = Paint::FRAME.on("-->", color);
    writeln!(out, "{:margin$}{arrow} {}", "", SafeText(file.path))?;
    remark(out, margin, "at", &finding.pointer, color)?;
    Ok(margin)
}

/// Name, place and source line; gives the width of the margin for what follows.
fn source(
    out: &mut Vec<u8>,
    file: &CheckedFile<'_>,
    finding: &Finding,
    place: Place,
    color: bool,
) -> io::Result<usize> {
    let Place { line, column, .. } = place;
    let margin = line.to_string().len();
    let snippet = snippet(file.text, place);
    let before = snippet.before;
    let arrow = Paint::FRAME.on("-->", color);
    let edge = Paint::FRAME.on("|", color);
    let number = Paint::FRAME.on(line, color);
    let marks = "^".repeat(snippet.underlined);
    let marks = Paint::of(finding.severity).on(marks, color);

    let path = SafeText(file.path);
    writeln!(out, "{:margin$}{arrow} {path}:{line}:{column}", "")?;
    writeln!(out, "{:margin$} {edge}", "")?;
    writeln!(out, "{number} {edge} {}", snippet.text)?;
    writeln!(out, "{:margin$} {edge} {:before$}{marks}", "", "")?;
    writeln!(out, "{:margin$} {edge}", "")?;
    if snippet.clipped {
        // The line does not show any more what it is about.
        remark(out, margin, "at", &finding.pointer, color)?;
    }
    Ok(margin)
}

fn remark(
    out: &mut Vec<u8>,
    margin: usize,
    title: &str,
    text: &str,
    color: bool,
) -> io::Result<()> {
    let bullet = Paint::FRAME.on("=", color);
    let title = Paint::BOLD.on(title, color);
    match text {
        "" => Ok(()),
        text => writeln!(out, "{:margin$} {bullet} {title}: {}", "", SafeText(text)),
    }
}
