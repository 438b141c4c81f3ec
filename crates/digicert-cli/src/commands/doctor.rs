//! `digicert doctor`: what is in the way, and what to do about it.

use std::fmt::Write as _;

use clap::Args;
use serde::Serialize;

use crate::asynchronous;
use crate::color::{bad, bold, doubtful, good};
use crate::doctor::{self, Check, Settings, Status};
use crate::failure::Failure;
use crate::ledger::LedgerOptions;
use crate::outcome::Outcome;
use crate::output_format::{OutputFormat, Versioned};
use crate::printable::printable;
use crate::service::ServiceOptions;
use crate::standard_output::StandardOutput;

/// Check what commands need: the way to the service, the keys, the clock, the files
#[derive(Debug, Args)]
#[command(after_help = "\
Nothing is changed: there and here it only reads.

Exit codes:
  0  nothing is wrong
  1  commands work, but something should be changed
  2  commands do not work")]
pub(crate) struct Options {
    /// How to print what was found
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: OutputFormat,

    #[command(flatten)]
    ledger: LedgerOptions,

    #[command(flatten)]
    service: ServiceOptions,
}

#[derive(Serialize)]
struct Report<'a> {
    /// The worst status of the checks.
    result: &'static str,
    exit_code: u8,
    /// None if that depends on what cannot be used.
    origin: Option<String>,
    checks: &'a [Check],
    summary: Summary,
}

#[derive(Serialize)]
struct Summary {
    ok: usize,
    skipped: usize,
    warnings: usize,
    failed: usize,
}

impl Options {
    pub(crate) fn run(self, color: bool) -> Result<Outcome, Failure> {
        let ledger = self.ledger.path();
        let settings = Settings::of(self.service);
        let ledger = ledger.as_deref();
        let checks = asynchronous::run(async { Ok(doctor::examine(&settings, ledger).await) })?;
        let origin = settings.origin();
        let text = match self.format {
            OutputFormat::Human => human(origin.as_deref(), &checks, color),
            OutputFormat::Json => Versioned::first(Report {
                result: worst(&checks).as_str(),
                exit_code: outcome(&checks) as u8,
                origin,
                checks: &checks,
                summary: Summary::of(&checks),
            })
            .text()?,
        };
        StandardOutput::print(&text)?;
        Ok(outcome(&checks))
    }
}

fn outcome(checks: &[Check]) -> Outcome {
    match worst(checks) {
        Status::Failed => Outcome::Unusable,
        Status::Warning => Outcome::Findings,
        Status::Ok | Status::Skipped => Outcome::Done,
    }
}

/// A check that was skipped is none.
fn worst(checks: &[Check]) -> Status {
    let statuses = checks.iter().map(|check| check.status);
    let counted = statuses.filter(|status| *status != Status::Skipped);
    counted.max().unwrap_or(Status::Ok)
}

fn human(origin: Option<&str>, checks: &[Check], color: bool) -> String {
    let names = checks.iter().map(|check| check.name.len());
    let width = names.max().unwrap_or_default();
    let origin = origin.map_or("not known".into(), printable);
    let mut text = bold(&format!("Service: {origin}"), color) + "\n";
    for check in checks {
        let status = format!("{:7}", check.status.as_str());
        let status = match check.status {
            Status::Ok => good(&status, color),
            Status::Skipped => status,
            Status::Warning => doubtful(&status, color),
            Status::Failed => bad(&status, color),
        };
        let message = printable(&check.message);
        // Writing to a `String` cannot fail.
        let _ = write!(text, "{status}  {:width$}  {message}", check.name);
        if let Some(remedy) = &check.remedy {
            text.extend(["; ", &printable(remedy)]);
        }
        text.push('\n');
    }
    text
}

impl Summary {
    fn of(checks: &[Check]) -> Self {
        let count = |status| checks.iter().filter(|check| check.status == status).count();
        Self {
            ok: count(Status::Ok),
            skipped: count(Status::Skipped),
            warnings: count(Status::Warning),
            failed: count(Status::Failed),
        }
    }
}
