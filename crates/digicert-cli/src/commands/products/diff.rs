//! `digicert products diff`: what setting the products of a file would change. Only reads.

use clap::Args;
use digicert_validate::Severity;
use serde::Serialize;

use super::comparison::{Compared, Shape};
use crate::asynchronous;
use crate::failure::Failure;
use crate::outcome::Outcome;
use crate::output_format::{OutputFormat, Versioned};
use crate::service::ServiceOptions;
use crate::standard_output::StandardOutput;

/// Show what setting the products and prices of a file would change
#[derive(Debug, Args)]
#[command(after_long_help = "\
Compared is by meaning: in whatever order, 412 as 412.0 and as \"412\", an additional cost that is
not there as one of 0. What the file leaves out of currency, pricing method and limit stays as it
is. What it leaves out of the products will be disabled.

Exit codes:
  0  no difference
  1  differences, or errors in the file
  2  wrong usage, an unreadable file, or a service that could not be reached
  3  the service refused")]
pub(crate) struct Options {
    #[command(flatten)]
    compared: Compared,

    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: OutputFormat,

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
                OutputFormat::Json => json(
                    "errors-in-file",
                    Outcome::Findings,
                    wanted.shape(service.origin()),
                )?,
            };
            StandardOutput::print(&text)?;
            return Ok(Outcome::Findings);
        }
        let client = service.certcentral()?;
        let comparison = asynchronous::run(wanted.compare(&client, service.origin()))?;
        let errors = comparison.document.report.count(Severity::Error);
        let (result, outcome) = match (errors, comparison.change.is_empty()) {
            (0, true) => ("same", Outcome::Done),
            (0, false) => ("different", Outcome::Findings),
            _ => ("errors-in-file", Outcome::Findings),
        };
        let text = match self.format {
            OutputFormat::Human => comparison.shown(color),
            OutputFormat::Json => json(result, outcome, comparison.shape())?,
        };
        StandardOutput::print(&text)?;
        Ok(outcome)
    }
}

/// The shape in JSON; part of what others script against.
#[derive(Serialize)]
struct Diff<'a> {
    result: &'static str,
    exit_code: u8,
    #[serde(flatten)]
    shape: Shape<'a>,
}

fn json(result: &'static str, outcome: Outcome, shape: Shape<'_>) -> Result<String, Failure> {
    let diff = Diff {
        result,
        exit_code: outcome as u8,
        shape,
    };
    Versioned::first(diff).text()
}
