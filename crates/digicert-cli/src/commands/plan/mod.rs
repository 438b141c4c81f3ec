//! `digicert plan`: what would be changed so that the service has what manifests say. Reading the
//! manifests is in `manifests`, what a plan is made from in `made_from`, and who hears of it while it is
//! made in `listeners`.

mod listeners;
mod made_from;
mod manifests;

use std::io::BufWriter;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use crate::asynchronous;
use crate::failure::Failure;
use crate::ledger::{Ledger, LedgerOptions};
use crate::outcome::Outcome;
use crate::pace::Pace;
use crate::plan::render::{Human, Markdown};
use crate::plan::{
    CreationsInLedger, CreationsMade, LinksInLedger, Made, NotReady, PartFile, ThresholdOptions,
};
use crate::service::ServiceOptions;
use crate::standard_error;
use crate::standard_output::StandardOutput;

use listeners::{Listeners, Writing};

pub(crate) use made_from::{making, meant_accounts};
pub(crate) use manifests::read_manifest;

/// Show what would be changed so that the service has what manifests say
#[derive(Debug, Args)]
#[command(after_long_help = "\
Nothing is changed, and a key that may only read is enough. What is not in the manifests stays as it
is, and a `create` is done once: later changes to its fields do nothing, and the plan notes them.

Examples:
  Show what a folder of manifests would change:
      digicert plan prices/

  Keep it as a file, to be applied once it was looked at:
      digicert plan prices/ --out plan.json
      digicert apply plan.json

  For a pull request:
      digicert plan prices/ --format markdown > plan.md

Exit codes:
  0  nothing to do; notes on fields that digicert cannot change do not count
  1  changes, or a subaccount that is there and whose key is in doubt
  2  wrong usage, a fault in a manifest, a service that cannot be reached; a clash, or a link whose
     payer nobody can tell, which is left out
  3  the service refused a read
  5  the plan is refused by a threshold or a rule; the manifests or the profile are for another account
     or service; or the service does not say which products a subaccount has, which is left out")]
pub(crate) struct Options {
    /// A manifest in YAML or JSON, or a folder of them; `digicert schema manifest` describes them
    #[arg(value_name = "PATH")]
    manifests: PathBuf,

    /// A file to keep the plan in, for `digicert apply`; it replaces another plan, and no other file
    #[arg(long, value_name = "PLAN")]
    out: Option<PathBuf>,

    /// How to print the plan
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,

    #[command(flatten)]
    thresholds: ThresholdOptions,

    #[command(flatten)]
    ledger: LedgerOptions,

    #[command(flatten)]
    service: ServiceOptions,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Human,
    /// The plan itself, one JSON object
    Json,
    /// For a pull request
    Markdown,
}

impl Options {
    pub(crate) fn run(self, color: bool) -> Result<Outcome, Failure> {
        let manifest = read_manifest(&self.manifests)?;
        if let Some(out) = &self.out {
            refuse_out_among_manifests(out, &self.manifests)?;
        }
        let service = self.service.service()?;
        manifest.check_origin(&service.origin())?;
        let limits = service.rate_limits();
        let mut pace = Pace::new("reading", &limits.windows, 1);
        let mut making = making(
            manifest,
            &self.manifests,
            &self.thresholds,
            &service,
            &limits,
        )?;
        if let Some(ledger) = Ledger::open_existing(&self.ledger.path()?)? {
            making.links_in_ledger = LinksInLedger::read(&ledger, &service.origin())?;
            making.creations_in_ledger = CreationsInLedger::read(&ledger, &service.origin())?;
            making.creations_made = CreationsMade::read(&ledger)?;
        }
        let mut listeners = Listeners::default();
        let mut file = None;
        if let Some(out) = &self.out {
            let part = PartFile::create(out)?;
            let writer = BufWriter::new(part.file()?);
            listeners.0.push(Box::new(Writing::new(writer)));
            file = Some(part);
        }
        let out = StandardOutput::new();
        listeners.0.push(match self.format {
            Format::Human => Box::new(Human::new(out, color)),
            Format::Json => Box::new(Writing::new(out)),
            Format::Markdown => Box::new(Markdown::new(out)),
        });
        let made = asynchronous::run(making.run(&mut listeners, &mut pace));
        if let (Err(failure), Format::Json) = (&made, self.format) {
            listeners.end_refused(failure.message());
        }
        let made = made?;
        if let Some(file) = file {
            file.keep()?;
        }
        if self.format == Format::Json {
            warn_of_what_is_not_ready(&made.not_ready);
        }
        Ok(outcome(&made))
    }
}

/// The others show it with the plan.
fn warn_of_what_is_not_ready(not_ready: &[NotReady]) {
    for missing in not_ready {
        let line = format!("warning: not ready to be applied here: {missing}");
        standard_error::say(&line);
    }
}

/// How the making of a plan ends the program.
pub(crate) fn outcome(made: &Made) -> Outcome {
    let is_as_wanted = made.tail.summary.is_empty() && made.tail.keys_in_doubt.is_empty();
    let differs = if is_as_wanted {
        Outcome::Done
    } else {
        Outcome::Findings
    };
    let refused = if made.tail.refusals.is_empty() {
        Outcome::Done
    } else {
        Outcome::Unsafe
    };
    made.outcome.max(differs).max(refused)
}

/// A plan within the folder would be read as a manifest the next time.
fn refuse_out_among_manifests(out: &Path, manifests: &Path) -> Result<(), Failure> {
    let absolute = |path: &Path| std::path::absolute(path).unwrap_or(path.to_owned());
    let is_document = digicert_validate::Format::of_path(out).is_some();
    if is_document && manifests.is_dir() && absolute(out).starts_with(absolute(manifests)) {
        return Err(Failure::new(format!(
            "the plan {} would stand among the manifests and be taken for one; name a file outside \
             {}",
            out.display(),
            manifests.display()
        )));
    }
    Ok(())
}
