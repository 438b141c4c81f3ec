//! The file of a request that is to be sent: read once, checked with its places, and parsed.

use std::path::{Path, PathBuf};

use digicert_validate::render::{CheckedFile, JsonFinding, Rendering, Style};
use digicert_validate::{Context, DocumentReport, Format, Kind, Severity, Validator};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::failure::Failure;
use crate::mistaken_file::mistaken;
use crate::outcome::Outcome;
use crate::price_setting::{FormerStateOf, Member, without_member};
use crate::{format, read, yaml_to_json};

/// A request as somebody wrote it.
#[derive(Debug)]
pub(crate) struct RequestFile {
    path: PathBuf,
    kind: Kind,
    format: Format,
    text: Vec<u8>,
}

impl RequestFile {
    /// Reads a file in JSON or YAML, or standard input for `-`; refuses what another command takes.
    pub(crate) fn read(path: &Path, kind: Kind) -> Result<Self, Failure> {
        let mut text = Vec::new();
        let name = if path == Path::new("-") {
            read::standard_input(&mut text)?;
            None
        } else {
            read::file(path, &mut text)?;
            Some(path)
        };
        if let Some(why) = mistaken(name, &text, kind) {
            return Err(Failure::new(why).with_result("another-document"));
        }
        Ok(Self {
            path: name.unwrap_or(Path::new("<stdin>")).to_owned(),
            kind,
            format: format::of(name, &text),
            text,
        })
    }

    /// What the rules say of it.
    pub(crate) fn check(&self, rules: &Validator, context: &Context) -> DocumentReport {
        without_member(rules.check(&self.text, self.format, Some(self.kind), context))
    }

    /// The findings for people; empty if there are none.
    pub(crate) fn shown(&self, document: &DocumentReport, color: bool) -> String {
        if document.report.is_empty() {
            return String::new();
        }
        let path = self.path.display().to_string();
        let file = CheckedFile {
            path: &path,
            document,
            text: &self.text,
        };
        let rendered = Rendering::begin(Style::Human { color }, Vec::new()).and_then(|mut text| {
            text.add(&file)?;
            text.finish()
        });
        // Writing to memory cannot fail.
        let text = rendered.map(|(text, _)| text).unwrap_or_default();
        String::from_utf8_lossy(&text).into_owned()
    }

    /// A failure, with all findings for programs, if there is an error among them.
    pub(crate) fn refuse_errors(&self, document: &DocumentReport) -> Result<(), Failure> {
        match document.report.count(Severity::Error) {
            0 => Ok(()),
            errors => {
                let s = if errors == 1 { "" } else { "s" };
                let message = format!(
                    "{} has {errors} error{s}; nothing was sent",
                    self.path.display()
                );
                let findings = document.report.findings().iter();
                Err(Failure::unsafe_to_go_on(message)
                    .with_result("errors-in-file")
                    .with_details(&Faulty {
                        file: self.path.display().to_string(),
                        findings: findings.map(JsonFinding::from).collect(),
                    }))
            }
        }
    }

    /// The request, once the rules have found no error in the file.
    pub(crate) fn parse<R: DeserializeOwned>(&self) -> Result<R, Failure> {
        self.parsed().map_err(|why| {
            let message = format!("cannot read {}: {why}", self.path.display());
            Failure::ending(Outcome::Unusable, message)
        })
    }

    /// Whose former state it is, if it says so.
    pub(crate) fn former_state_of(&self) -> Result<Option<FormerStateOf>, Failure> {
        let member = self.parsed().map_err(|why| {
            let message = format!(
                "cannot tell whose former state {} is: {why}; to take it as a list of products and \
                 nothing else, remove `former_state_of` from a copy",
                self.path.display()
            );
            Failure::ending(Outcome::Unusable, message)
        })?;
        let Member { former_state_of } = member;
        Ok(former_state_of)
    }

    fn parsed<R: DeserializeOwned>(&self) -> Result<R, String> {
        let text = self
            .text
            .strip_prefix(b"\xef\xbb\xbf")
            .unwrap_or(&self.text);
        match self.format {
            Format::Yaml => match yaml_to_json::convert(text) {
                Ok(json) => serde_json::from_str(&json.text).map_err(|error| {
                    let (line, column) = json.place(error.column());
                    let message = error.to_string();
                    let why = message.split(" at line ").next().unwrap_or(&message);
                    format!("{why} at line {line} column {column}")
                }),
                Err(fault) => Err(fault.message),
            },
            _ => serde_json::from_slice(text).map_err(|error| error.to_string()),
        }
    }
}

/// What programs are told of a file with errors.
#[derive(Serialize)]
struct Faulty<'a> {
    file: String,
    findings: Vec<JsonFinding<'a>>,
}
