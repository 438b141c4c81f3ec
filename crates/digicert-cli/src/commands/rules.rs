//! `digicert rules`: the catalogue.

use clap::Args;
use digicert_validate::RuleInfo;
use digicert_validate::render::RuleDocs;
use serde::Serialize;

use crate::failure::Failure;
use crate::outcome::Outcome;
use crate::output_format::{OutputFormat, json_text};
use crate::standard_output::{StandardOutput, terminal_width};
use crate::table::{Column, Table};

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
    const COLUMNS: [Column; 4] = [
        Column::Left("CODE"),
        Column::Left("RULE"),
        Column::Left("SEVERITY"),
        Column::Left("WHAT IT CHECKS"),
    ];
    let mut table = Table::new(&COLUMNS).fitting(terminal_width());
    for rule in rules {
        let summary = RuleDocs::of(rule).summary;
        table.row([rule.code, rule.name, rule.severity.as_str(), &summary]);
    }
    table.text(color)
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
