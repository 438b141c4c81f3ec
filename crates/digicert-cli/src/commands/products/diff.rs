//! `digicert products diff`: what setting the products of a file would change. Only reads.

use clap::Args;
use digicert_validate::Severity;
use serde::Serialize;

use super::comparison::{Compared, Comparison, Shape};
use super::whose;
use crate::asynchronous;
use crate::color;
use crate::failure::Failure;
use crate::ledger::LedgerOptions;
use crate::outcome::Outcome;
use crate::output_format::{OutputFormat, Versioned};
use crate::service::ServiceOptions;
use crate::standard_error;
use crate::standard_output::StandardOutput;

/// Show what setting the products and prices of a file would change
#[derive(Debug, Args)]
#[command(after_long_help = "\
Compared is by meaning: in whatever order, 412 as 412.0 and as \"412\", an additional cost that is
not there as one of 0. What the file leaves out of currency, pricing method and limit stays as it
is. What it leaves out of the products will be disabled.

Exit codes:
  0  no difference
  1  differences, errors in the file, or a file that is the former state of another subaccount
  2  wrong usage, an unreadable file, or a service that could not be reached
  3  the service refused
  5  the service does not say which products the subaccount has, so there is nothing to compare with")]
pub(crate) struct Options {
    #[command(flatten)]
    compared: Compared,

    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: OutputFormat,

    #[command(flatten)]
    ledger: LedgerOptions,

    #[command(flatten)]
    service: ServiceOptions,
}

impl Options {
    pub(crate) fn run(self, color: bool) -> Result<Outcome, Failure> {
        let wanted = self.compared.read()?;
        let service = self.service.service()?;
        if wanted.offline.report.count(Severity::Error) > 0 {
            let text = match self.format {
                OutputFormat::Human => wanted.shown(color),
                OutputFormat::Json => Versioned::first(Diff {
                    result: "errors-in-file",
                    exit_code: Outcome::Findings as u8,
                    message: with_errors(wanted.offline.report.count(Severity::Error)),
                    shape: wanted.shape(service.origin()),
                    refusals: Vec::new(),
                    warnings: Vec::new(),
                })
                .text()?,
            };
            StandardOutput::print(&text)?;
            return Ok(Outcome::Findings);
        }
        let client = service.certcentral()?;
        let comparison = asynchronous::run(wanted.compare(&client, service.origin()))?;
        // What only the ledger knows is no reason to compare nothing.
        let warning = whose::warning(&comparison, &self.ledger).unwrap_or_else(|failure| {
            Some(format!(
                "whether the file is the former state of another subaccount cannot be told: {failure}"
            ))
        });
        let refusal = whose::refusal(&comparison);
        let errors = comparison.document.report.count(Severity::Error);
        let (result, outcome) = match (errors, &refusal, comparison.change.is_empty()) {
            (0, None, true) => ("same", Outcome::Done),
            (0, None, false) => ("different", Outcome::Findings),
            (0, Some(_), _) => ("former-state-of-another", Outcome::Findings),
            _ => ("errors-in-file", Outcome::Findings),
        };
        if let Some(warning) = &warning {
            standard_error::say(&format!("warning: {warning}"));
        }
        let text = match self.format {
            OutputFormat::Human => human(&comparison, refusal.as_deref(), color),
            OutputFormat::Json => Versioned::first(Diff {
                result,
                exit_code: outcome as u8,
                message: with_errors(errors),
                shape: comparison.shape(),
                refusals: refusal.into_iter().collect(),
                warnings: warning.into_iter().collect(),
            })
            .text()?,
        };
        StandardOutput::print(&text)?;
        Ok(outcome)
    }
}

fn with_errors(errors: usize) -> Option<String> {
    let s = if errors == 1 { "" } else { "s" };
    (errors > 0).then(|| {
        format!("the file has {errors} error{s}, which `findings` are; `digicert products set` would refuse it")
    })
}

fn human(comparison: &Comparison, refusal: Option<&str>, color: bool) -> String {
    let text = comparison.shown(color);
    match refusal {
        None => text,
        Some(refusal) => {
            let title = color::removed("`digicert products set` refuses it:", color);
            format!("{text}\n{title}\n  {refusal}\n")
        }
    }
}

/// The shape in JSON; part of what others script against.
#[derive(Serialize)]
struct Diff<'a> {
    result: &'static str,
    exit_code: u8,
    /// What is wrong, where something is.
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    #[serde(flatten)]
    shape: Shape<'a>,
    /// Why `set` does not take the file, besides errors in it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    refusals: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<String>,
}
