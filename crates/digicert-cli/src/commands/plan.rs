//! `digicert plan`: what would be changed so that the service has what manifests say.

use std::collections::HashMap;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, ValueEnum};
use digicert_client::RateLimits;
use digicert_client::certcentral::Client;
use serde::Serialize;

use crate::asynchronous;
use crate::failure::Failure;
use crate::ledger::{Ledger, LedgerOptions};
use crate::manifest::{Fault, Faults, Manifest, Unusable};
use crate::outcome::Outcome;
use crate::pace::Pace;
use crate::plan::render::{Human, Markdown};
use crate::plan::{
    AT_ONCE_WITHOUT_LIMITS, CreationsInLedger, Head, LinksInLedger, Listener, Made, Making,
    NotReady, PartFile, PlanWriter, Tail, ThresholdOptions, WholeChange,
};
use crate::service::{Service, ServiceOptions};
use crate::standard_error;
use crate::standard_output::StandardOutput;

/// Show what would be changed so that the service has what manifests say
#[derive(Debug, Args)]
#[command(after_long_help = "\
Nothing is changed, and a key that may only read is enough.

Examples:
  Show what a folder of manifests would change:
      digicert plan prices/

  Keep it as a file, to be applied once it was looked at:
      digicert plan prices/ --out plan.json
      digicert apply plan.json

  For a pull request:
      digicert plan prices/ --format markdown > plan.md

Exit codes:
  0  nothing to do
  1  changes
  2  wrong usage, a fault in a manifest, a service that cannot be reached; a clash, or a link whose
     payer nobody can tell, which is left out
  3  the service refused a read
  5  the plan is refused by a threshold or a rule")]
pub(crate) struct Options {
    /// A manifest in YAML or JSON, or a folder of them; `digicert schema manifest` describes them
    #[arg(value_name = "PATH")]
    manifests: PathBuf,

    /// A file to keep the plan in, for `digicert apply`
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
            Format::Human => Box::new(Human { out, color }),
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
    let differs = if made.tail.summary.is_empty() {
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

/// Reads manifests; faults are said on standard error, each with its place.
pub(crate) fn read_manifest(path: &Path) -> Result<Manifest, Failure> {
    let unusable = match Manifest::read(path) {
        Ok(manifest) => return Ok(manifest),
        Err(unusable) => unusable,
    };
    let (mut failures, last) = match unusable {
        Unusable::Faulty(faults) => faults_as_failures(&faults),
        Unusable::Unreadable(mut failures) => {
            let last = failures.pop();
            let last = last.unwrap_or_else(|| Failure::new("the manifests cannot be used"));
            let others = failures.iter().map(Failure::message).collect();
            let last = last.with_details(&Unreadable { others });
            (failures, last)
        }
    };
    for failure in failures.drain(..) {
        failure.report();
    }
    Err(last)
}

/// Each fault for people, and a last failure, which has all of them for programs.
fn faults_as_failures(faults: &Faults) -> (Vec<Failure>, Failure) {
    let shown = faults.shown.iter();
    let failures = shown.map(|fault| Failure::new(fault.to_string())).collect();
    let more = match faults.left_out {
        0 => String::new(),
        more => format!(", {more} of them not shown"),
    };
    let count = faults.shown.len() + faults.left_out;
    let s = if count == 1 { "" } else { "s" };
    let last = Failure::new(format!(
        "{count} fault{s} in the manifests{more}; `digicert schema manifest` describes their format"
    ));
    let last = last.with_result("faults").with_details(&Faulty {
        faults: &faults.shown,
        faults_not_shown: faults.left_out,
    });
    (failures, last)
}

/// What programs are told of manifests with faults.
#[derive(Serialize)]
struct Faulty<'a> {
    faults: &'a [Fault],
    faults_not_shown: usize,
}

/// What programs are told if there are more reasons than the one in the message.
#[derive(Serialize)]
struct Unreadable<'a> {
    #[serde(rename = "other_messages", skip_serializing_if = "Vec::is_empty")]
    others: Vec<&'a str>,
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

/// What a plan is made from.
pub(crate) fn making(
    manifest: Manifest,
    path: &Path,
    thresholds: &ThresholdOptions,
    service: &Service,
    limits: &RateLimits,
) -> Result<Making, Failure> {
    // One more than may be under way: the next one waits for its turn while an answer is read.
    let at_once = limits
        .at_once
        .map_or(AT_ONCE_WITHOUT_LIMITS, |count| count + 1);
    let payers = payers(&manifest, service);
    Ok(Making {
        manifest: Arc::new(manifest),
        client: service.certcentral()?,
        origin: service.origin(),
        path: path.to_owned(),
        thresholds: thresholds.over(service.plan_thresholds()),
        at_once,
        payers,
        links_in_ledger: LinksInLedger::default(),
        creations_in_ledger: CreationsInLedger::default(),
    })
}

/// Clients for the keys of billing links. The key of a creation is not there before it.
fn payers(manifest: &Manifest, service: &Service) -> HashMap<PathBuf, Result<Client, Failure>> {
    let mut payers = HashMap::new();
    for link in &manifest.billing_links {
        let path = &link.api_key_file;
        if path.exists() && !payers.contains_key(path) {
            let key = service.certcentral_key_in(path);
            let client = key.and_then(|key| service.certcentral_with(&key));
            payers.insert(path.clone(), client);
        }
    }
    payers
}

/// Several who hear of a plan.
#[derive(Default)]
struct Listeners(Vec<Box<dyn Listener>>);

impl Listeners {
    /// Ends a plan that cannot be made to its end, so that what was begun is one that can be read,
    /// and that nobody applies. It is for the last one, who prints; a file is removed.
    fn end_refused(&mut self, why: &str) {
        if let Some(printing) = self.0.last_mut() {
            let mut tail = Tail::default();
            tail.refusals
                .push(format!("the plan could not be made to its end: {why}"));
            // The failure itself is said on standard error.
            let _ = printing.end(&tail, &[]);
        }
    }
}

impl Listener for Listeners {
    fn begin(&mut self, head: &Head) -> io::Result<()> {
        self.0
            .iter_mut()
            .try_for_each(|listener| listener.begin(head))
    }

    fn change(&mut self, change: &WholeChange<'_>) -> io::Result<()> {
        self.0
            .iter_mut()
            .try_for_each(|listener| listener.change(change))
    }

    fn end(&mut self, tail: &Tail, not_ready: &[NotReady]) -> io::Result<()> {
        self.0
            .iter_mut()
            .try_for_each(|listener| listener.end(tail, not_ready))
    }
}

/// Writes the plan itself.
struct Writing<W>(State<W>);

enum State<W> {
    Waiting(W),
    Begun(PlanWriter<W>),
    Over,
}

impl<W: Write> Writing<W> {
    fn new(out: W) -> Self {
        Self(State::Waiting(out))
    }
}

impl<W: Write> Listener for Writing<W> {
    fn begin(&mut self, head: &Head) -> io::Result<()> {
        if let State::Waiting(out) = std::mem::replace(&mut self.0, State::Over) {
            self.0 = State::Begun(PlanWriter::begin(out, head)?);
        }
        Ok(())
    }

    fn change(&mut self, change: &WholeChange<'_>) -> io::Result<()> {
        match &mut self.0 {
            State::Begun(writer) => writer.change(change),
            State::Waiting(_) | State::Over => Ok(()),
        }
    }

    /// What this machine does not have is no part of the plan.
    fn end(&mut self, tail: &Tail, _: &[NotReady]) -> io::Result<()> {
        match std::mem::replace(&mut self.0, State::Over) {
            State::Begun(writer) => writer.finish(tail).map(drop),
            State::Waiting(_) | State::Over => Ok(()),
        }
    }
}
