//! `digicert products set`: shows what a file changes, refuses what nobody has allowed, asks, and
//! sets exactly what was shown.
//!
//! What happens from the answer on is in `price_setting`; what is said afterwards is in `told`.

mod told;

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use digicert_client::certcentral;
use digicert_validate::Severity;

use super::comparison::{Compared, Comparison, WantedFile};
use super::whose;
use crate::asynchronous;
use crate::confirm::confirm;
use crate::failure::Failure;
use crate::ledger::{Ledger, LedgerOptions};
use crate::outcome::Outcome;
use crate::output_format::OutputFormat;
use crate::price_setting::{Allowed, FormerStatePlace, PriceSetting};
use crate::service::ServiceOptions;
use crate::standard_error;
use crate::standard_output::StandardOutput;
use crate::stop::Stop;

use told::Told;

/// The longest wait before another try: whoever looks on would take the program for dead.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// Set the products and prices of a file, after showing what that changes
#[derive(Debug, Args)]
#[command(after_long_help = "\
The live state is read, compared with the file as `digicert products diff` does, and shown. Three
kinds of change cost money or cannot be undone. Each needs its own word, which `--yes` is not:

  --allow-disable          a product is enabled now and not in the file: nobody can order it any more
  --allow-currency-change  the balance of the subaccount is set to 0 for good
  --allow-price-jump       a price moves by a factor of ten or more, from or to 0, or from or to
                           DigiCert's retail price, which may be 0, or one that cannot be read

Right before the request goes out, with nothing more to write down or to wait for, the live state is
read once more; if it is not the one that was shown, or somebody else pays for the subaccount, nothing
is sent. Afterwards it is read back and compared. The former state is kept as a file
that this command restores, with the words that going back needs. Once the request is under way,
Ctrl-C waits for its outcome; a second one ends at once.

Exit codes:
  0  set, and read back; or there was nothing to change
  1  set, but the service reports something else than was asked for, or nothing; the output says what
  2  wrong usage, an unreadable file, or a service that could not be reached; nothing was changed
  3  the service refused; nothing was changed
  4  it may have been set; the message says what is known and what to do
  5  refused by a safety check: errors in the file, a file that is the former state of another
     subaccount, a word that is missing, no answer to the question, another live state than the
     one that was shown, somebody else who is setting the same subaccount; or stopped before
     anything was sent; nothing was changed")]
pub(crate) struct Options {
    #[command(flatten)]
    compared: Compared,

    /// Set without asking; this allows none of the dangers
    #[arg(long)]
    yes: bool,

    #[command(flatten)]
    allowed: Allowed,

    /// A new file for the former state, instead of one beside the ledger
    #[arg(long, value_name = "PATH")]
    former_state: Option<PathBuf>,

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
            return refuse_file(&wanted, service.origin(), self.format, color);
        }
        let client = service.certcentral()?;
        asynchronous::run(async {
            let stop = Stop::listening()?;
            if service.meant_account().is_some() {
                let account = async { client.get_account().await.map_err(Failure::from) };
                service.check_account(&stop.before_anything(account).await?)?;
            }
            let comparison = wanted.compare(&client, service.origin());
            let comparison = stop.before_anything(comparison).await?;
            let setting = Setting {
                comparison,
                is_yes: self.yes,
                allowed: self.allowed,
                former_state: self.former_state,
                ledger: self.ledger,
                told: Told {
                    format: self.format,
                    color,
                },
                stop,
            };
            setting.run(&client).await
        })
    }
}

/// Says what is wrong with a file that leaves nothing to compare.
fn refuse_file(
    wanted: &WantedFile,
    origin: String,
    format: OutputFormat,
    color: bool,
) -> Result<Outcome, Failure> {
    if format == OutputFormat::Human {
        StandardOutput::print(&wanted.shown(color))?;
    }
    let refused = wanted.refuse_errors();
    refused.map_err(|failure| failure.with_details(&wanted.shape(origin)))?;
    Ok(Outcome::Unsafe)
}

/// One setting, with all that it needs.
struct Setting {
    comparison: Comparison,
    is_yes: bool,
    allowed: Allowed,
    former_state: Option<PathBuf>,
    ledger: LedgerOptions,
    told: Told,
    stop: Stop,
}

impl Setting {
    async fn run(&self, client: &certcentral::Client) -> Result<Outcome, Failure> {
        self.show()?;
        let warning = whose::warning(&self.comparison, &self.ledger)
            .map_err(|failure| told::stopped(&self.comparison, failure))?;
        if let Some(warning) = warning {
            standard_error::say(&format!("warning: {warning}"));
        }
        let ledger = match self.go_ahead().await {
            Ok(Some(ledger)) => ledger,
            Ok(None) => return self.told.unchanged(&self.comparison),
            Err(failure) => return Err(told::stopped(&self.comparison, failure)),
        };
        let subaccount_name = self.comparison.subaccount_name();
        let setting = PriceSetting {
            origin: &self.comparison.origin,
            subaccount_id: self.comparison.id,
            subaccount_name: subaccount_name.as_deref(),
            request: &self.comparison.request,
            change: &self.comparison.change,
            shown: &self.comparison.live,
            former_state: match &self.former_state {
                Some(path) => FormerStatePlace::File(absolute(path)?),
                None => FormerStatePlace::beside(ledger.path()),
            },
            part_of: None,
            stop: &self.stop,
            patience: LONGEST_WAIT,
        };
        let set = setting.set(client, &ledger).await;
        let set = set.map_err(|failure| told::stopped(&self.comparison, failure))?;
        self.told.ended(&self.comparison, &set)
    }

    /// Whether there is something to set, and everybody agrees to it; then the ledger for it.
    async fn go_ahead(&self) -> Result<Option<Ledger>, Failure> {
        self.comparison.refuse_errors()?;
        if let Some(refusal) = whose::refusal(&self.comparison) {
            let failure = Failure::unsafe_to_go_on(format!("nothing was changed: {refusal}"));
            return Err(failure.with_result("former-state-of-another"));
        }
        if self.comparison.change.is_empty() {
            return Ok(None);
        }
        self.allowed
            .refuse_others(&self.comparison.change.dangers())?;
        let ledger = Ledger::open(&self.ledger.path()?)?;
        let question = format!("Set this for subaccount {}?", self.comparison.name());
        confirm(&question, self.is_yes, &self.stop).await?;
        Ok(Some(ledger))
    }

    fn show(&self) -> Result<(), Failure> {
        let text = self.comparison.shown(self.told.color);
        self.told.format.show(&format!("{text}\n"))?;
        if self.comparison.change.is_empty() {
            return Ok(());
        }
        let faults = self.comparison.faults_of_former_state(None);
        if faults.is_empty() {
            return Ok(());
        }
        self.told.format.show(&format!(
            "This program will not be able to restore the former state as it is:\n    {}\n\n",
            faults.join("\n    "),
        ))
    }
}

/// The ledger and the command that restores have to find it from any folder.
fn absolute(path: &Path) -> Result<PathBuf, Failure> {
    std::path::absolute(path)
        .map_err(|error| Failure::new(format!("cannot use {}: {error}", path.display())))
}
