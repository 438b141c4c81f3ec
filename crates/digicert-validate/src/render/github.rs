//! Findings as workflow commands of GitHub Actions, which shows them beside the lines of a change.

use std::io::{self, Write as _};

use super::piece::CheckedFile;
use super::unchecked::Reason;
use crate::report::Finding;
use crate::rule::Severity;

pub(super) fn file(out: &mut Vec<u8>, file: &CheckedFile<'_>) -> io::Result<()> {
    file.document
        .report
        .findings()
        .iter()
        .try_for_each(|finding| annotation(out, file.path, finding))
}

/// What was not checked has no line to stand beside.
pub(super) fn tail(out: &mut Vec<u8>, unchecked: &[Reason]) -> io::Result<()> {
    unchecked
        .iter()
        .try_for_each(|reason| writeln!(out, "::error::{}", data(&reason.message)))
}

fn annotation(out: &mut Vec<u8>, path: &str, finding: &Finding) -> io::Result<()> {
    let Finding {
        rule,
        message,
        help,
        ..
    } = finding;
    write!(
        out,
        "::{} file={}",
        command(finding.severity),
        property(path)
    )?;
    if let Some(place) = finding.place {
        write!(out, ",line={},col={}", place.line, place.column)?;
    }
    let title = property(&format!("{} {}", rule.code, rule.name));
    writeln!(
        out,
        ",title={title}::{}",
        data(&format!("{message}; {help}"))
    )
}

fn command(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    }
}

/// Escapes what stands behind `::`.
fn data(text: &str) -> String {
    // The percent sign first, or it would escape the escapes.
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// Escapes the value of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::{data, property};

    #[test]
    fn what_ends_a_value_is_escaped() {
        assert_eq!(data("50 %: a,\r\nb"), "50 %25: a,%0D%0Ab");
        assert_eq!(property("a%0A:b,c\n"), "a%250A%3Ab%2Cc%0A");
    }
}
