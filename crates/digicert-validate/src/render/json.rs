//! Findings as one JSON object. Its shape is one that others script against: it only grows.

use std::io::{self, Write as _};

use serde::Serialize;

use super::piece::CheckedFile;
use super::style::Separator;
use super::summary::Summary;
use super::unchecked::Reason;
use crate::document::Kind;
use crate::report::Finding;

const FORMAT_VERSION: u32 = 1;

#[derive(Serialize)]
struct File<'a> {
    path: &'a str,
    kind: Option<&'static str>,
    findings: Vec<JsonFinding<'a>>,
}

/// A finding as `digicert validate --format json` has it, for programs that tell of one in a JSON
/// object of their own.
///
/// ```
/// use digicert_validate::render::JsonFinding;
/// use digicert_validate::{Context, Format, Kind, Validator};
///
/// let text = br#"{"products": []}"#;
/// let document =
///     Validator::new().check(text, Format::Json, Some(Kind::SetProducts), &Context::default());
/// let finding = JsonFinding::from(&document.report.findings()[0]);
/// assert_eq!(serde_json::to_value(finding)?["pointer"], "/products");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Serialize)]
pub struct JsonFinding<'a> {
    code: &'static str,
    rule: &'static str,
    severity: &'static str,
    pointer: &'a str,
    line: Option<usize>,
    column: Option<usize>,
    message: &'a str,
    help: &'a str,
}

#[derive(Serialize)]
struct Counts {
    errors: usize,
    warnings: usize,
    notes: usize,
}

pub(super) fn head(out: &mut Vec<u8>) -> io::Result<()> {
    writeln!(out, "{{\"format_version\":{FORMAT_VERSION},\"files\":[")
}

pub(super) fn file(
    out: &mut Vec<u8>,
    file: &CheckedFile<'_>,
    separator: &mut Separator,
) -> io::Result<()> {
    separator.before_entry(out);
    let findings = file.document.report.findings().iter();
    let findings = findings.map(JsonFinding::from).collect();
    let kind = file.document.kind.map(Kind::as_str);
    serde_json::to_writer(
        out,
        &File {
            path: file.path,
            kind,
            findings,
        },
    )?;
    Ok(())
}

pub(super) fn tail(out: &mut Vec<u8>, summary: &Summary, unchecked: &[Reason]) -> io::Result<()> {
    let Summary {
        errors,
        warnings,
        notes,
        ..
    } = *summary;
    write!(out, "\n],")?;
    if !unchecked.is_empty() {
        write!(out, "\"unchecked\":")?;
        serde_json::to_writer(&mut *out, unchecked)?;
        write!(out, ",")?;
    }
    write!(out, "\"summary\":")?;
    serde_json::to_writer(
        &mut *out,
        &Counts {
            errors,
            warnings,
            notes,
        },
    )?;
    writeln!(out, "}}")
}

impl<'a> From<&'a Finding> for JsonFinding<'a> {
    fn from(finding: &'a Finding) -> Self {
        Self {
            code: finding.rule.code,
            rule: finding.rule.name,
            severity: finding.severity.as_str(),
            pointer: &finding.pointer,
            line: finding.place.map(|place| place.line),
            column: finding.place.map(|place| place.column),
            message: &finding.message,
            help: &finding.help,
        }
    }
}
