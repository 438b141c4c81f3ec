//! `digicert rules`: the catalogue.

use clap::Args;
use digicert_validate::RuleInfo;
use digicert_validate::render::RuleDocs;
use serde::Serialize;

use crate::color::bold;
use crate::failure::Failure;
use crate::outcome::Outcome;
use crate::output_format::{OutputFormat, json_text};
use crate::standard_output::StandardOutput;

/// List the rules that documents are checked by
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// How to print the list
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: OutputFormat,
}

#[derive(Serialize)]
struct Catalogue {
    format_version: u32,
    rules: Vec<Entry>,
}

#[derive(Serialize)]
struct Entry {
    code: &'static str,
    rule: &'static str,
    severity: &'static str,
    summary: String,
    source: &'static str,
}

impl Options {
    pub(crate) fn run(self, color: bool) -> Result<Outcome, Failure> {
        let rules = digicert_validate::rules();
        let text = match self.format {
            OutputFormat::Human => table(&rules, color),
            OutputFormat::Json => json(&rules)?,
        };
        StandardOutput::print(&text)?;
        Ok(Outcome::Done)
    }
}

fn table(rules: &[&'static RuleInfo], color: bool) -> String {
    let mut rows = vec![["CODE", "RULE", "SEVERITY", "WHAT IT CHECKS"].map(str::to_owned)];
    rows.extend(rules.iter().map(|rule| {
        let severity = rule.severity.as_str();
        [
            rule.code.into(),
            rule.name.into(),
            severity.into(),
            RuleDocs::of(rule).summary,
        ]
    }));
    let width = |column: usize| {
        rows.iter()
            .map(|row| row[column].len())
            .max()
            .unwrap_or_default()
    };
    let (codes, names, severities) = (width(0), width(1), width(2));
    let mut text = String::new();
    for (index, [code, name, severity, summary]) in rows.iter().enumerate() {
        let row = format!("{code:codes$}  {name:names$}  {severity:severities$}  {summary}");
        text += &bold(&row, color && index == 0);
        text.push('\n');
    }
    text
}

fn json(rules: &[&'static RuleInfo]) -> Result<String, Failure> {
    let entry = |rule: &&'static RuleInfo| Entry {
        code: rule.code,
        rule: rule.name,
        severity: rule.severity.as_str(),
        summary: RuleDocs::of(rule).summary,
        source: rule.source,
    };
    let rules = rules.iter().map(entry).collect();
    json_text(&Catalogue {
        format_version: 1,
        rules,
    })
}
