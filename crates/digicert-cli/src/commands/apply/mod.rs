//! `digicert apply`: does what a plan shows, and nothing else. Why a plan is refused as a whole is in
//! `refused`, what is said afterwards in `told`.

mod refused;
mod told;

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use clap::Args;

use super::plan::{making, meant_accounts, read_manifest};
use crate::apply::{Applying, Item, Report};
use crate::asynchronous;
use crate::confirm::confirm;
use crate::failure::Failure;
use crate::ledger::{Exclusive, Ledger, LedgerOptions, Lock, TAKEN};
use crate::manifest::Manifest;
use crate::meant_account::check_all;
use crate::outcome::Outcome;
use crate::output_format::OutputFormat;
use crate::pace::Pace;
use crate::patient_reads::PatientReads;
use crate::plan::render::Human;
use crate::plan::{
    Addressee, CreationsInLedger, CreationsMade, LinksInLedger, Listener, Places, Plan,
    ThresholdOptions, not_ready, read, tell_changes,
};
use crate::price_setting::Allowed;
use crate::printable::printable;
use crate::service::{Service, ServiceOptions};
use crate::standard_output::StandardOutput;
use crate::stop::Stop;

/// Do what a plan shows, and nothing else
#[derive(Debug, Args)]
#[command(after_long_help = "\
A plan is refused when its manifests were changed since, for another service or account, and when it
does more than its thresholds let through. A subaccount is refused when its live state is no longer
the one that the plan was made from; the others go on.

Three kinds of change cost money or cannot be undone. Each that the plan shows needs its own word,
which `--yes` is not: --allow-disable, --allow-currency-change, --allow-price-jump.

Each change is in the ledger before it is sent and after; the former state of a subaccount is kept as
a file that `digicert products set` restores. Ctrl-C stops once the outcome of what is under way is
known, and so does the end of the terminal; a second Ctrl-C ends at once, and the report says what may
have been done. The same command again, after that or a crash, does the rest and nothing twice. A
second one beside it stops at once. A subaccount whose products somebody else is setting right now is left,
and so is a link with a partner key file that somebody else links with.

Examples:
  Apply a plan that was looked at:
      digicert plan prices/ --out plan.json
      digicert apply plan.json

  Plan, show, ask and apply at once:
      digicert apply prices/

Exit codes, the highest that applies, and 4 before 5:
  0  everything is as the plan says
  1  stopped before the end, or something was left that somebody else is at work on, or something was
     done and the service reports something else than was asked for, or cannot be read back
  2  wrong usage, a fault in a manifest, something that could not be sent, or could not be read when
     the plan was made, or a clash, which is left out
  3  the service refused something, be it a read when the plan was made
  4  something may have been carried out, or the key of a subaccount is in doubt; the report says what
  5  refused by a safety check: thresholds, rules, a missing word, an edited plan, another apply at
     work, a plan or subaccount that is stale; or stopped before it began")]
pub(crate) struct Options {
    /// A plan of `digicert plan --out`, or manifests, which are planned, shown and asked about first
    #[arg(value_name = "PATH")]
    path: PathBuf,

    /// Where the manifests of a plan are, if not where they were when it was made
    #[arg(long, value_name = "PATH")]
    manifests: Option<PathBuf>,

    /// Apply without asking; this allows none of the dangers
    #[arg(long)]
    yes: bool,

    #[command(flatten)]
    allowed: Allowed,

    /// How to print the report
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: OutputFormat,

    #[command(flatten)]
    thresholds: ThresholdOptions,

    #[command(flatten)]
    ledger: LedgerOptions,

    #[command(flatten)]
    service: ServiceOptions,
}

impl Options {
    pub(crate) fn run(self, color: bool) -> Result<Outcome, Failure> {
        let is_plan = is_plan(&self.path);
        self.refuse_what_does_not_hold(is_plan)?;
        let plan = if is_plan {
            Some(read(&self.path)?)
        } else {
            None
        };
        let manifests = match &plan {
            Some(plan) => self
                .manifests
                .as_ref()
                .unwrap_or(&plan.head.manifests.path)
                .clone(),
            None => self.path.clone(),
        };
        let is_moved = plan.is_some() && self.manifests.is_none() && !manifests.exists();
        let mut manifest = read_manifest(&manifests).map_err(|failure| {
            let end = if is_moved { MOVED } else { "" };
            failure.with_end(end)
        })?;
        let service = self.service.service()?;
        manifest.check_origin(&service.origin())?;
        if let Some(plan) = &plan {
            refused::another(plan, &manifest, &service)?;
            manifest.name_files_below(&manifests, &plan.head.manifests.path);
        }
        let ledger = Ledger::open(&self.ledger.path()?)?;
        asynchronous::run(async {
            let run = Run {
                service,
                ledger,
                stop: Stop::listening()?,
                reads: PatientReads::default(),
                allowed: self.allowed,
                is_yes: self.yes,
                format: self.format,
                color,
            };
            match plan {
                Some(plan) => run.shown_before(plan, &self.path, &manifest).await,
                None => run.plan_first(manifest, &manifests, &self.thresholds).await,
            }
        })
    }

    /// Options that would be without effect, which somebody may rely on.
    fn refuse_what_does_not_hold(&self, is_plan: bool) -> Result<(), Failure> {
        let path = self.path.display();
        if is_plan && self.thresholds.are_given() {
            return Err(Failure::new(format!(
                "{path} is a plan, which was made with thresholds of its own; give them to \
                 `digicert plan`"
            )));
        }
        if !is_plan && self.manifests.is_some() {
            return Err(Failure::new(format!(
                "{path} is no plan but manifests themselves; `--manifests` says where those of a \
                 plan are"
            )));
        }
        Ok(())
    }
}

/// The path in a plan is meant from where it was made.
const MOVED: &str = "; the plan names this path, as it was where the plan was made; say with \
    `--manifests PATH` where the manifests are, or go to the folder that `digicert plan` was called in";

/// Whether a file is a plan, which says so at its end.
fn is_plan(path: &Path) -> bool {
    // Opening a pipe that nobody writes to would not end.
    if !path.is_file() {
        return false;
    }
    let mut text = Vec::new();
    let read = File::open(path).and_then(|mut file| {
        let length = file.metadata()?.len();
        io::Seek::seek(&mut file, io::SeekFrom::Start(length.saturating_sub(200)))?;
        file.read_to_end(&mut text)
    });
    let end = String::from_utf8_lossy(&text);
    read.is_ok() && end.contains("\"plan_sha256\"")
}

/// One application, with all that it needs.
struct Run {
    service: Service,
    ledger: Ledger,
    stop: Stop,
    reads: PatientReads,
    allowed: Allowed,
    is_yes: bool,
    format: OutputFormat,
    color: bool,
}

impl Run {
    /// A plan that was looked at before.
    async fn shown_before(
        &self,
        plan: Plan,
        file: &Path,
        manifest: &Manifest,
    ) -> Result<Outcome, Failure> {
        let client = self.service.certcentral()?;
        let account = self.reads.read(|| client.get_account());
        let account = self.stop.before_anything(account).await?;
        check_all(&meant_accounts(manifest, &self.service), &account)?;
        refused::another_account(&plan, account.id)?;
        let addressee = Addressee {
            account_name: account.primary_organization_name,
            profile: self.service.profile_name().map(str::to_owned),
        };
        let mut begun = CreationsInLedger::read(&self.ledger, &self.service.origin())?;
        begun.keep_account(account.id);
        let not_ready = not_ready(&plan.tail, &Places::of(manifest), &begun);
        let mut human = self.human();
        let written = |error| Failure::new(format!("cannot show the plan: {error}"));
        human.begin(&plan.head, &addressee).map_err(written)?;
        tell_changes(file, &plan, &mut *human)?;
        human.end(&plan.tail, &not_ready).map_err(written)?;
        self.go_on(&plan, manifest).await
    }

    /// Manifests: the plan is made and shown now.
    async fn plan_first(
        &self,
        manifest: Manifest,
        path: &Path,
        thresholds: &ThresholdOptions,
    ) -> Result<Outcome, Failure> {
        let limits = self.service.rate_limits();
        let mut making = making(manifest, path, thresholds, &self.service, &limits)?;
        making.links_in_ledger = LinksInLedger::read(&self.ledger, &self.service.origin())?;
        making.creations_in_ledger = CreationsInLedger::read(&self.ledger, &self.service.origin())?;
        making.creations_made = CreationsMade::read(&self.ledger)?;
        let manifest = std::sync::Arc::clone(&making.manifest);
        let mut pace = Pace::new("reading", &limits.windows, 1);
        let mut human = self.human();
        let making = making.run(&mut *human, &mut pace);
        let made = self.stop.before_anything(making).await;
        pace.hide();
        let plan = made?.into_plan()?;
        self.go_on(&plan, &manifest).await
    }

    /// Who shows a plan: with `--format json`, standard output is for the one JSON object.
    fn human(&self) -> Box<dyn Listener> {
        match self.format {
            OutputFormat::Human => Box::new(Human::new(StandardOutput::new(), self.color)),
            OutputFormat::Json => Box::new(Human::new(io::stderr(), false)),
        }
    }

    async fn go_on(&self, plan: &Plan, manifest: &Manifest) -> Result<Outcome, Failure> {
        if let Err(failure) = self.go_ahead(plan).await {
            return Err(failure.with_details(&told::Planned::of(plan)));
        }
        let summary = &plan.tail.summary;
        if summary.is_empty() && plan.tail.failures.is_empty() {
            return Ok(self.tell(plan, &Report::of(plan)));
        }
        let _lock = match self.lock(plan).await {
            Ok(lock) => lock,
            Err(failure) => return Err(failure.with_details(&told::Planned::of(plan))),
        };
        self.format.show("\n")?;
        let applying = Applying {
            plan,
            manifest,
            service: &self.service,
            client: self.service.certcentral()?,
            ledger: &self.ledger,
            stop: self.stop.clone(),
            reads: self.reads.clone(),
        };
        let mut pace = Pace::new("applying", &self.service.rate_limits().windows, 5);
        let mut tell = |item: &_| self.tell_item(item);
        let report = Box::pin(applying.run(&mut pace, &mut tell)).await?;
        Ok(self.tell(plan, &report))
    }

    /// Whether the plan may be applied, and everybody agrees to it.
    async fn go_ahead(&self, plan: &Plan) -> Result<(), Failure> {
        refused::by_itself(&plan.tail.refusals)?;
        let summary = &plan.tail.summary;
        // What the plan leaves out is reported, and needs nobody's consent.
        if summary.is_empty() {
            return Ok(());
        }
        self.allowed
            .refuse_other_words(summary.words.iter().map(String::as_str))?;
        let account = plan.head.account_id;
        let account = account.map_or(String::new(), |id| format!(", account {id}"));
        let question = format!("Apply this to {}{account}?", plan.head.origin);
        confirm(&question, self.is_yes, &self.stop).await
    }

    /// Two at once would do the same things twice, and each would use up the limits of the other.
    async fn lock(&self, plan: &Plan) -> Result<Lock, Failure> {
        let once = Exclusive::Applying(&plan.head.origin, plan.head.account_id);
        let taken = Lock::try_take(self.ledger.path(), once).await?;
        taken.ok_or_else(|| {
            Failure::unsafe_to_go_on(
                "nothing was changed: another `digicert apply` is at work on this account with the \
                 same ledger; once it has ended, the same command does what is left",
            )
            .with_result(TAKEN)
        })
    }

    /// Says at once how one part ended.
    fn tell_item(&self, item: &Item) {
        let line = printable(&item.line()).into_owned();
        // The report at the end says it once more.
        let _ = self.format.show(&format!("{line}\n"));
    }

    /// What has happened has happened, whether standard output takes it or not.
    fn tell(&self, plan: &Plan, report: &Report) -> Outcome {
        let text = match self.format {
            OutputFormat::Human => Ok(told::human(report, self.color)),
            OutputFormat::Json => told::json(plan, report),
        };
        StandardOutput::print_or_say(text, &told::human(report, false));
        report.outcome()
    }
}
