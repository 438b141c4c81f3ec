//! `digicert apply`: does what a plan shows, and nothing else.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use super::plan::{making, read_manifest};
use crate::apply::{Applying, Item, Report};
use crate::asynchronous;
use crate::color;
use crate::confirm::confirm;
use crate::failure::Failure;
use crate::ledger::{Ledger, LedgerOptions, Lock, Once};
use crate::manifest::Manifest;
use crate::outcome::Outcome;
use crate::output_format::{OutputFormat, Versioned};
use crate::pace::Pace;
use crate::plan::render::{self, Human};
use crate::plan::{
    CreationsInLedger, LinksInLedger, Places, Plan, ThresholdOptions, not_ready, read,
};
use crate::price_setting::Allowed;
use crate::printable::printable;
use crate::service::{Service, ServiceOptions};
use crate::standard_output::StandardOutput;
use crate::stop::Stop;

/// How many refusals of a plan are repeated.
const MAX_REFUSALS: usize = 5;

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
second one beside it stops at once.

Examples:
  Apply a plan that was looked at:
      digicert plan prices/ --out plan.json
      digicert apply plan.json

  Plan, show, ask and apply at once:
      digicert apply prices/

Exit codes, the highest that applies:
  0  everything is as the plan says
  1  stopped before the end, or something was done and the service reports something else than was
     asked for, or cannot be read back
  2  wrong usage, a fault in a manifest, something that could not be sent, or could not be read when
     the plan was made, or a clash, which is left out
  3  the service refused something, be it a read when the plan was made
  4  something may have been carried out; the report says what
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
        let mut manifest = read_manifest(&manifests)?;
        let service = self.service.service()?;
        if let Some(plan) = &plan {
            refuse_another(plan, &manifest, &service)?;
            manifest.name_files_below(&manifests, &plan.head.manifests.path);
        }
        let ledger = Ledger::open(&self.ledger.path()?)?;
        asynchronous::run(async {
            let run = Run {
                service,
                ledger,
                stop: Stop::listening()?,
                allowed: self.allowed,
                is_yes: self.yes,
                format: self.format,
                color,
            };
            match plan {
                Some(plan) => run.shown_before(plan, &manifest).await,
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

/// Whether a file is a plan, which says so at its end.
fn is_plan(path: &Path) -> bool {
    let mut text = Vec::new();
    let read = File::open(path).and_then(|mut file| {
        let length = file.metadata()?.len();
        io::Seek::seek(&mut file, io::SeekFrom::Start(length.saturating_sub(200)))?;
        file.read_to_end(&mut text)
    });
    let end = String::from_utf8_lossy(&text);
    read.is_ok() && end.contains("\"plan_sha256\"")
}

/// Refuses a plan that was made for something else.
fn refuse_another(plan: &Plan, manifest: &Manifest, service: &Service) -> Result<(), Failure> {
    let refuse = |why: String| {
        let message = format!("nothing was changed: {why}");
        Err(Failure::unsafe_to_go_on(message).with_result("stale"))
    };
    let head = &plan.head;
    if head.origin != service.origin() {
        return refuse(format!(
            "the plan was made for {}, and this is {}",
            head.origin,
            service.origin()
        ));
    }
    if head.manifests.sha256 != manifest.digest {
        return refuse(
            "the manifests were changed since the plan was made; make it anew with `digicert plan`"
                .to_owned(),
        );
    }
    Ok(())
}

/// One application, with all that it needs.
struct Run {
    service: Service,
    ledger: Ledger,
    stop: Stop,
    allowed: Allowed,
    is_yes: bool,
    format: OutputFormat,
    color: bool,
}

impl Run {
    /// A plan that was looked at before.
    async fn shown_before(&self, plan: Plan, manifest: &Manifest) -> Result<Outcome, Failure> {
        let client = self.service.certcentral()?;
        let account = self.stop.before_anything(client.get_account()).await?;
        if account.id != plan.head.account_id {
            let shown = |id: Option<i64>| id.map_or("unknown".to_owned(), |id| id.to_string());
            let message = format!(
                "nothing was changed: the plan was made for account {}, and the key belongs to \
                 account {}",
                shown(plan.head.account_id),
                shown(account.id)
            );
            return Err(Failure::unsafe_to_go_on(message).with_result("stale"));
        }
        let mut text = String::new();
        for planned in &plan.changes {
            let line = format!(
                "Subaccount {} ({}): {}",
                planned.subaccount_id,
                planned.at.short(),
                planned.summary
            );
            text += &printable(&line);
            text.push('\n');
        }
        if !text.is_empty() {
            text.push('\n');
        }
        let begun = CreationsInLedger::read(&self.ledger, &self.service.origin())?;
        let not_ready = not_ready(&plan.tail, &Places::of(manifest), &begun);
        text += &render::tail(&plan.tail, &not_ready, self.color);
        self.format.show(&text)?;
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
        let manifest = std::sync::Arc::clone(&making.manifest);
        let mut pace = Pace::new("reading", &limits.windows, 1);
        let made = match self.format {
            OutputFormat::Human => {
                let out = StandardOutput::new();
                let mut human = Human {
                    out,
                    color: self.color,
                };
                let making = making.run(&mut human, &mut pace);
                self.stop.before_anything(making).await
            }
            // Standard output is for the one JSON object.
            OutputFormat::Json => {
                let mut human = Human {
                    out: io::stderr(),
                    color: false,
                };
                let making = making.run(&mut human, &mut pace);
                self.stop.before_anything(making).await
            }
        };
        pace.hide();
        let plan = made?.into_plan();
        self.go_on(&plan, &manifest).await
    }

    async fn go_on(&self, plan: &Plan, manifest: &Manifest) -> Result<Outcome, Failure> {
        if let Err(failure) = self.go_ahead(plan).await {
            return Err(failure.with_details(&Planned::of(plan)));
        }
        let summary = &plan.tail.summary;
        if summary.is_empty() && plan.tail.failures.is_empty() {
            return Ok(self.tell(plan, &Report::default()));
        }
        let _lock = match self.lock(plan).await {
            Ok(lock) => lock,
            Err(failure) => return Err(failure.with_details(&Planned::of(plan))),
        };
        self.format.show("\n")?;
        let applying = Applying {
            plan,
            manifest,
            service: &self.service,
            client: self.service.certcentral()?,
            ledger: &self.ledger,
            stop: self.stop.clone(),
        };
        let mut pace = Pace::new("applying", &self.service.rate_limits().windows, 3);
        let mut tell = |item: &_| self.tell_item(item);
        let report = Box::pin(applying.run(&mut pace, &mut tell)).await?;
        Ok(self.tell(plan, &report))
    }

    /// Whether the plan may be applied, and everybody agrees to it.
    async fn go_ahead(&self, plan: &Plan) -> Result<(), Failure> {
        refuse_refused(&plan.tail.refusals)?;
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
        let once = Once::Applying(&plan.head.origin, plan.head.account_id);
        let taken = Lock::try_take(self.ledger.path(), once).await;
        let taken =
            taken.map_err(|error| Failure::new(format!("cannot lock the ledger: {error}")))?;
        taken.ok_or_else(|| {
            Failure::unsafe_to_go_on(
                "nothing was changed: another `digicert apply` is at work on this account with the \
                 same ledger; once it has ended, the same command does what is left",
            )
            .with_result("taken")
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
            OutputFormat::Human => Ok(human(report, self.color)),
            OutputFormat::Json => Versioned::first(Shape::of(plan, report)).text(),
        };
        StandardOutput::print_or_say(text, &human(report, false));
        report.outcome()
    }
}

/// Refuses a plan that thresholds or rules refuse.
fn refuse_refused(refusals: &[String]) -> Result<(), Failure> {
    let Some(first) = refusals.first() else {
        return Ok(());
    };
    let shown = refusals.iter().take(MAX_REFUSALS).map(|why| printable(why));
    let mut text = shown.collect::<Vec<_>>().join("\n  ");
    if refusals.len() == 1 {
        text = printable(first).into_owned();
    } else {
        text = format!("\n  {text}");
        if let Some(more) = refusals
            .len()
            .checked_sub(MAX_REFUSALS)
            .filter(|more| *more > 0)
        {
            text += "\n  and ";
            text += &more.to_string();
            text += " more";
        }
    }
    let message = format!("nothing was changed: the plan is refused: {text}");
    Err(Failure::unsafe_to_go_on(message)
        .with_result("plan-refused")
        .with_details(&Refused { refusals }))
}

/// What programs are told of a plan that is refused.
#[derive(Serialize)]
struct Refused<'a> {
    refusals: &'a [String],
}

fn human(report: &Report, color: bool) -> String {
    let mut lines = Vec::new();
    let open: Vec<_> = report.open().map(Item::line).collect();
    if !open.is_empty() {
        lines.push(String::new());
        lines.push(color::removed("Not done:", color));
        lines.extend(open.iter().map(|line| format!("  {}", printable(line))));
    }
    if !report.items.is_empty() {
        lines.push(String::new());
    }
    let [how, rest @ ..] = &conclusion(report)[..] else {
        return lines.join("\n") + "\n";
    };
    lines.push(if report.items.is_empty() {
        how.clone()
    } else {
        color::bold(how, color)
    });
    lines.extend(rest.iter().cloned());
    lines.join("\n") + "\n"
}

/// What it comes to, in sentences.
fn conclusion(report: &Report) -> Vec<String> {
    let counts = report.counts();
    let counts: Vec<_> = counts
        .iter()
        .map(|(ended, count)| format!("{count} {}", ended.as_str()))
        .collect();
    let mut sentences = vec![if counts.is_empty() {
        "There is nothing to do.".to_owned()
    } else {
        format!("Applied: {}.", counts.join(", "))
    }];
    if let Some(why) = &report.stopped {
        sentences.push(format!("It was not finished: {why}."));
    }
    if report.can_be_continued() {
        let hint = "The same command again does the rest, and nothing twice.";
        sentences.push(hint.to_owned());
    }
    sentences
}

/// Which plan it is about, in JSON.
#[derive(Serialize)]
struct Planned<'a> {
    plan_sha256: &'a str,
    origin: &'a str,
    account_id: Option<i64>,
    words: &'a BTreeSet<String>,
}

impl<'a> Planned<'a> {
    fn of(plan: &'a Plan) -> Self {
        Self {
            plan_sha256: &plan.sha256,
            origin: &plan.head.origin,
            account_id: plan.head.account_id,
            words: &plan.tail.summary.words,
        }
    }
}

/// The report in JSON; part of what others script against.
#[derive(Serialize)]
struct Shape<'a> {
    /// `applied` if everything is as the plan says, `stopped` if it was not finished, else the
    /// worst result among the items.
    result: &'static str,
    exit_code: u8,
    message: String,
    #[serde(flatten)]
    planned: Planned<'a>,
    /// Why it stopped before the end.
    stopped: Option<&'a str>,
    items: &'a [Item],
    summary: serde_json::Map<String, serde_json::Value>,
}

impl<'a> Shape<'a> {
    fn of(plan: &'a Plan, report: &'a Report) -> Self {
        let counts = report.counts().into_iter();
        Self {
            result: result(report),
            exit_code: report.outcome() as u8,
            message: conclusion(report).join(" "),
            planned: Planned::of(plan),
            stopped: report.stopped.as_deref(),
            items: &report.items,
            summary: counts
                .map(|(ended, count)| (ended.word().to_owned(), count.into()))
                .collect(),
        }
    }
}

fn result(report: &Report) -> &'static str {
    if report.stopped.is_some() {
        return "stopped";
    }
    match report.items.iter().max_by_key(|item| item.result.outcome()) {
        Some(worst) if worst.result.outcome() != Outcome::Done => worst.result.word(),
        _ => "applied",
    }
}
