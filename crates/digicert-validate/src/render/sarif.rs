//! Findings as SARIF 2.1.0, the format in which services take the results of analyses.

use std::io::{self, Write as _};
use std::iter;
use std::path::Path;
use std::sync::LazyLock;

use serde::Serialize;

use super::piece::CheckedFile;
use super::rule_docs::RuleDocs;
use super::style::Separator;
use super::unchecked::Reason;
use crate::report::{Finding, Place};
use crate::rule::{RuleInfo, Severity};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

static RULES: LazyLock<Vec<&'static RuleInfo>> = LazyLock::new(crate::registry::rules);

#[derive(Serialize)]
struct Driver {
    name: &'static str,
    version: &'static str,
    rules: Vec<Descriptor>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor {
    id: &'static str,
    name: &'static str,
    short_description: Text,
    full_description: Text,
    help: Help,
    default_configuration: Configuration,
    properties: Properties,
}

#[derive(Serialize)]
struct Text {
    text: String,
}

#[derive(Serialize)]
struct Help {
    text: String,
    markdown: String,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
struct Properties {
    source: &'static str,
    tags: [&'static str; 1],
    /// What GitHub sorts by.
    #[serde(rename = "problem.severity")]
    severity: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ResultObject<'a> {
    rule_id: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule_index: Option<usize>,
    level: &'static str,
    message: Text,
    locations: [Location<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location<'a> {
    physical_location: PhysicalLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    logical_locations: Option<[LogicalLocation<'a>; 1]>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: Artifact,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
}

#[derive(Serialize)]
struct Artifact {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LogicalLocation<'a> {
    fully_qualified_name: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
    start_column: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_line: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_column: Option<usize>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation<'a> {
    execution_successful: bool,
    tool_execution_notifications: Vec<Notification<'a>>,
}

#[derive(Serialize)]
struct Notification<'a> {
    level: &'static str,
    message: Text,
    #[serde(skip_serializing_if = "Option::is_none")]
    locations: Option<[Location<'a>; 1]>,
}

pub(super) fn head(out: &mut Vec<u8>) -> io::Result<()> {
    let driver = Driver {
        name: "digicert",
        version: env!("CARGO_PKG_VERSION"),
        rules: RULES.iter().map(|rule| descriptor(rule)).collect(),
    };
    write!(
        out,
        "{{\"$schema\":\"{SCHEMA}\",\"version\":\"2.1.0\",\"runs\":[{{\"tool\":{{\"driver\":"
    )?;
    serde_json::to_writer(&mut *out, &driver)?;
    writeln!(out, "}},\"columnKind\":\"unicodeCodePoints\",\"results\":[")
}

pub(super) fn file(
    out: &mut Vec<u8>,
    file: &CheckedFile<'_>,
    separator: &mut Separator,
) -> io::Result<()> {
    for finding in file.document.report.findings() {
        separator.before_entry(out);
        serde_json::to_writer(&mut *out, &result(file, finding))?;
    }
    Ok(())
}

/// A service that collects results must not take those of an incomplete run for all there are.
pub(super) fn tail(out: &mut Vec<u8>, unchecked: &[Reason]) -> io::Result<()> {
    write!(out, "\n]")?;
    if !unchecked.is_empty() {
        let notifications = unchecked.iter().map(notification);
        write!(out, ",\"invocations\":")?;
        serde_json::to_writer(
            &mut *out,
            &[Invocation {
                execution_successful: false,
                tool_execution_notifications: notifications.collect(),
            }],
        )?;
    }
    writeln!(out, "}}]}}")
}

fn notification(reason: &Reason) -> Notification<'_> {
    let location = reason.path.as_deref().map(|path| Location {
        physical_location: PhysicalLocation {
            artifact_location: Artifact { uri: uri(path) },
            region: None,
        },
        logical_locations: None,
    });
    Notification {
        level: "error",
        message: Text {
            text: literal(&reason.message),
        },
        locations: location.map(|location| [location]),
    }
}

fn descriptor(rule: &'static RuleInfo) -> Descriptor {
    let docs = RuleDocs::of(rule);
    Descriptor {
        id: rule.code,
        name: rule.name,
        short_description: Text {
            text: plain(&docs.summary),
        },
        full_description: Text {
            text: plain(&docs.checks),
        },
        help: Help {
            text: plain(&format!("{}\n\nSource: {}.", docs.reason, rule.source)),
            markdown: format!(
                "{}\n\nSource: {}.",
                for_viewers(&docs.markdown),
                rule.source
            ),
        },
        default_configuration: Configuration {
            level: rule.severity.as_str(),
        },
        properties: Properties {
            source: rule.source,
            tags: [tag(rule.code)],
            severity: match rule.severity {
                Severity::Note => "recommendation",
                other => other.as_str(),
            },
        },
    }
}

/// Markdown as plain text: a line for each paragraph and list item, no backticks.
fn plain(markdown: &str) -> String {
    let mut text = String::new();
    for line in markdown.lines() {
        let begins = line.is_empty() || line.starts_with("- ") || text.ends_with('\n');
        match text.is_empty() {
            true => {}
            false if begins => text.push('\n'),
            false => text.push(' '),
        }
        text.push_str(line.trim_start());
    }
    text.replace('`', "")
}

/// The languages of the examples say for our tests which is which; viewers know `json` only.
fn for_viewers(markdown: &str) -> String {
    let markdown = markdown.replace("```json,rejected", "Wrong:\n\n```json");
    markdown.replace("```json,accepted", "Right:\n\n```json")
}

/// What documents a rule is about.
fn tag(code: &str) -> &'static str {
    match code.as_bytes() {
        [b'D', b'C', b'1', ..] => "create-subaccount",
        [b'D', b'C', b'2', ..] => "set-products",
        [b'D', b'C', b'3', ..] => "billing-link",
        _ => "file",
    }
}

fn result<'a>(file: &CheckedFile<'_>, finding: &'a Finding) -> ResultObject<'a> {
    let Finding {
        rule,
        pointer,
        message,
        help,
        ..
    } = finding;
    let logical = LogicalLocation {
        fully_qualified_name: pointer,
    };
    ResultObject {
        rule_id: rule.code,
        rule_index: RULES
            .binary_search_by_key(&rule.code, |rule| rule.code)
            .ok(),
        level: finding.severity.as_str(),
        message: Text {
            text: literal(&format!("{message}; {help}")),
        },
        locations: [Location {
            physical_location: PhysicalLocation {
                artifact_location: Artifact {
                    uri: uri(file.path),
                },
                region: finding.place.map(|place| region(file.text, place)),
            },
            logical_locations: (!pointer.is_empty()).then_some([logical]),
        }],
    }
}

/// A message without placeholders: in SARIF, braces that mean themselves are doubled.
fn literal(message: &str) -> String {
    message.replace('{', "{{").replace('}', "}}")
}

fn region(text: &[u8], place: Place) -> Region {
    let end = end(text, place);
    Region {
        start_line: place.line,
        start_column: place.column,
        end_line: end.map(|(line, _)| line),
        end_column: end.map(|(_, column)| column),
    }
}

/// Line and column behind the value, if its extent is known and can be counted in characters.
fn end(text: &[u8], place: Place) -> Option<(usize, usize)> {
    let range = place.offset..place.offset.checked_add(place.length)?;
    let value = std::str::from_utf8(text.get(range)?).ok()?;
    let last = value.rsplit('\n').next().filter(|_| !value.is_empty())?;
    let lines = value.matches('\n').count();
    let before = if lines == 0 { place.column } else { 1 };
    Some((place.line + lines, before + last.chars().count()))
}

/// A path as a reference relative to where the program runs; an absolute one as a `file` URI.
fn uri(path: &str) -> String {
    let path = if cfg!(windows) {
        path.replace('\\', "/")
    } else {
        path.to_owned()
    };
    let path = path.strip_prefix("./").unwrap_or(&path);
    let absolute = Path::new(path).is_absolute();
    let scheme = match (absolute, path.starts_with('/')) {
        (true, true) => "file://",
        (true, false) => "file:///",
        (false, _) => "",
    };
    let bytes = path.bytes().map(percent_encoded);
    iter::once(scheme.to_owned()).chain(bytes).collect()
}

fn percent_encoded(byte: u8) -> String {
    match byte {
        b'/' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    }
}

#[cfg(test)]
mod tests {
    use super::{RULES, end, literal, plain, uri};
    use crate::report::Place;

    #[test]
    fn paths_become_uris() {
        for (path, expected) in [
            ("acme.yaml", "acme.yaml"),
            ("./a/b.json", "a/b.json"),
            ("../a b/ü#?.json", "../a%20b/%C3%BC%23%3F.json"),
            ("c:d%20.json", "c%3Ad%2520.json"),
        ] {
            assert_eq!(uri(path), expected);
        }
        #[cfg(unix)]
        assert_eq!(uri("/a/b\\c.json"), "file:///a/b%5Cc.json");
        #[cfg(windows)]
        assert_eq!(uri(r"C:\a\b.json"), "file:///C%3A/a/b.json");
    }

    #[test]
    fn braces_of_a_message_are_no_placeholders() {
        assert_eq!(
            literal("expected `}`, found \"{0}\""),
            "expected `}}`, found \"{{0}}\""
        );
    }

    #[test]
    fn plain_text_keeps_paragraphs_and_list_items() {
        let markdown = "`a` is\nso.\n\n- one\n  more\n- two\n\nEnd.";
        assert_eq!(plain(markdown), "a is so.\n\n- one more\n- two\n\nEnd.");
    }

    #[test]
    fn the_end_is_counted_in_characters() {
        let text = "a: 'üb'\nb: [1,\n 2]\n".as_bytes();
        assert_eq!(end(text, Place::new(1, 4, 3, 5)), Some((1, 8)));
        assert_eq!(end(text, Place::new(2, 4, 12, 7)), Some((3, 4)));
        assert_eq!(end(text, Place::new(1, 4, 3, 0)), None);
        assert_eq!(
            end(text, Place::new(1, 4, 5, 2)),
            None,
            "begins within a character"
        );
        assert_eq!(end(text, Place::new(9, 9, 9999, 1)), None);
        assert_eq!(end(text, Place::new(1, 1, 1, usize::MAX)), None);
    }

    #[test]
    fn rules_are_sorted_so_that_the_index_can_be_searched() {
        assert!(RULES.windows(2).all(|pair| pair[0].code < pair[1].code));
    }
}
