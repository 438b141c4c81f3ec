//! `digicert explain`: one rule, with its reason and examples.

use std::fmt::Write as _;

use clap::Args;
use digicert_validate::RuleInfo;
use digicert_validate::render::RuleDocs;
use serde::Serialize;

use crate::color::{bold, code};
use crate::failure::Failure;
use crate::outcome::Outcome;
use crate::output_format::{OutputFormat, json_text};
use crate::standard_output::StandardOutput;

/// Explain a rule: what it checks, why, a wrong and a right example
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The rule's name or code, such as `price-defaults` or `DC213`
    #[arg(value_name = "RULE")]
    rule: String,

    /// How to print the explanation
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: OutputFormat,
}

#[derive(Serialize)]
struct Explanation<'a> {
    format_version: u32,
    code: &'a str,
    rule: &'a str,
    severity: &'a str,
    summary: &'a str,
    checks: &'a str,
    reason: &'a str,
    source: &'a str,
    rejected: &'a [String],
    accepted: &'a [String],
}

impl Options {
    pub(crate) fn run(self, color: bool) -> Result<Outcome, Failure> {
        let rule = find(&self.rule)?;
        let docs = RuleDocs::of(rule);
        let text = match self.format {
            OutputFormat::Human => human(rule, &docs, color),
            OutputFormat::Json => json_text(&Explanation {
                format_version: 1,
                code: rule.code,
                rule: rule.name,
                severity: rule.severity.as_str(),
                summary: &docs.summary,
                checks: &docs.checks,
                reason: &docs.reason,
                source: rule.source,
                rejected: &docs.rejected,
                accepted: &docs.accepted,
            })?,
        };
        StandardOutput::print(&text)?;
        Ok(Outcome::Done)
    }
}

/// A rule by its name or its code, which may be its number alone.
fn find(text: &str) -> Result<&'static RuleInfo, Failure> {
    let is_number = text.len() == 3 && text.chars().all(|digit| digit.is_ascii_digit());
    let code = if is_number {
        format!("DC{text}")
    } else {
        text.to_owned()
    };
    digicert_validate::find_rule(&code).map_err(|unknown| {
        let part = text.replace('_', "-");
        let rules = digicert_validate::rules();
        let alike = rules.iter().filter(|rule| rule.name.contains(&part));
        let alike: Vec<_> = alike.map(|rule| format!("`{}`", rule.name)).collect();
        let failure = Failure::from_display(unknown);
        if part.is_empty() || alike.is_empty() {
            return failure;
        }
        failure.with_end(&format!(
            "; rules with that in their name: {}",
            alike.join(", ")
        ))
    })
}

fn human(rule: &RuleInfo, docs: &RuleDocs, color: bool) -> String {
    let severity = rule.severity.as_str();
    let mut text = bold(&format!("{} {} ({severity})", rule.code, rule.name), color);
    text.push('\n');
    let source = format!("{}.", rule.source);
    let sections = [
        ("What it checks", &docs.checks),
        ("Why it matters", &docs.reason),
    ];
    for (title, markdown) in sections {
        section(&mut text, title, &inline_code(markdown, color), color);
    }
    for (title, examples) in [("Wrong", &docs.rejected), ("Right", &docs.accepted)] {
        section(&mut text, title, &examples.join("\n\n"), color);
    }
    section(&mut text, "Source", &inline_code(&source, color), color);
    text
}

fn section(text: &mut String, title: &str, body: &str, color: bool) {
    // Writing to a `String` cannot fail.
    let _ = writeln!(text, "\n{}\n", bold(title, color));
    for line in body.lines() {
        let _ = writeln!(text, "{}", format!("  {line}").trim_end());
    }
}

/// Code is coloured where there are colours, and keeps its backticks where there are none.
fn inline_code(markdown: &str, color: bool) -> String {
    if !color {
        return markdown.to_owned();
    }
    let parts = markdown.split('`').enumerate();
    parts
        .map(|(index, part)| code(part, index % 2 == 1))
        .collect()
}
