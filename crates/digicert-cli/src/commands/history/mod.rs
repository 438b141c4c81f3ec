//! `digicert history`: who changed what, when, and how it ended.

mod changed;
mod claim;
mod listed;
mod settle;

use clap::{Args, Subcommand};
use digicert_client::certcentral::Client;

use crate::asynchronous;
use crate::earlier_creation;
use crate::failure::Failure;
use crate::former_setting::NowReported;
use crate::ledger::{Action, Entry, Filter, Ledger, LedgerOptions};
use crate::outcome::Outcome;
use crate::output_format::OutputFormat;
use crate::service::{Service, ServiceOptions};
use crate::standard_error;
use crate::standard_output::StandardOutput;

use listed::Listed;

/// Show who changed what, when, and how it ended
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_long_help = "\
Every change is written down before it is requested, so what was interrupted is in the list as well.
With `--unfinished`, creations and products are looked up at the service if there is a key.

Examples:
  What became of one subaccount:
      digicert history --subaccount 1122334

  The last ten changes since a day:
      digicert history --since 2026-11-26 --limit 10

  What is open, and what is known about it:
      digicert history --unfinished"
)]
pub(crate) struct Options {
    #[command(subcommand)]
    command: Option<Command>,

    /// Only changes of this subaccount, its creation included, with what they changed and how to go back
    #[arg(long, value_name = "ID", value_parser = crate::subaccount_id::parse)]
    subaccount: Option<i64>,

    /// Only what was interrupted or has an unknown outcome, with all that is known about it, and keys
    /// that are not where they were to go
    #[arg(long)]
    unfinished: bool,

    /// Only what was begun on this day or later, such as `2026-11-26`, or at a time, such as
    /// `2026-11-26T14:30:00Z`; both in UTC
    #[arg(long, value_name = "DATE", value_parser = since)]
    since: Option<String>,

    /// Only the last entries, so many
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    limit: Option<u32>,

    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: OutputFormat,

    #[command(flatten)]
    ledger: LedgerOptions,

    #[command(flatten)]
    service: ServiceOptions,
}

#[derive(Debug, Subcommand)]
enum Command {
    Settle(settle::Options),
}

impl Options {
    pub(crate) fn run(self, color: bool) -> Result<Outcome, Failure> {
        if let Some(Command::Settle(options)) = self.command {
            return options.run();
        }
        let filter = Filter {
            subaccount_id: self.subaccount,
            unfinished: self.unfinished,
            since: self.since,
            ..Filter::default()
        };
        let mut list = match self.ledger.existing()? {
            None => Vec::new(),
            Some(ledger) if self.unfinished => {
                let service = self.service.clone().service()?;
                asynchronous::run(unfinished(&ledger, &filter, &service))?
            }
            Some(ledger) => {
                let entries = ledger.entries(&filter)?.into_iter();
                let listed = entries.map(|entry| Listed::new(&ledger, entry));
                listed.collect::<Result<_, _>>()?
            }
        };
        let most = self.limit.map_or(usize::MAX, |limit| limit as usize);
        list.drain(..list.len().saturating_sub(most));
        let is_in_full = self.unfinished || self.subaccount.is_some();
        if is_in_full {
            // Without it, nobody can say whether a command would reach the service of an entry.
            let origin = self.service.service().ok().map(|service| service.origin());
            let now = changed::states_now(list.iter().map(|listed| &listed.entry));
            for listed in &mut list {
                listed.look_at_change(origin.as_deref(), &now);
            }
        }
        StandardOutput::print(&match self.format {
            OutputFormat::Human if is_in_full && !list.is_empty() => listed::in_full(&list, color),
            OutputFormat::Human if self.unfinished => "Nothing is unfinished.\n".to_owned(),
            OutputFormat::Human => listed::table(&list, color),
            OutputFormat::Json => listed::json(&list)?,
        })?;
        Ok(Outcome::Done)
    }
}

/// A time as the ledger writes it.
fn since(text: &str) -> Result<String, String> {
    let midnight = format!("{text}T00:00:00Z");
    let time = humantime::parse_rfc3339_weak(text)
        .or_else(|_| humantime::parse_rfc3339_weak(&midnight))
        .map_err(|_| {
            "write a day, such as 2026-11-26, or a time, such as 2026-11-26T14:30:00Z".to_owned()
        })?;
    Ok(humantime::format_rfc3339_millis(time).to_string())
}

/// What is still open once those that are at work have finished.
async fn unfinished(
    ledger: &Ledger,
    filter: &Filter,
    service: &Service,
) -> Result<Vec<Listed>, Failure> {
    let mut list = Vec::new();
    for entry in ledger.entries(filter)? {
        match entry.action {
            Action::CreateSubaccount => {
                let entry = wait_for(ledger, entry).await?;
                if entry.is_unfinished() {
                    list.extend(creation(ledger, entry, service).await?);
                }
            }
            Action::SetProducts => list.extend(setting(ledger, entry, service).await?),
            Action::LinkBillingAccount => {
                let listed = Listed::new(ledger, entry)?;
                list.extend(Some(listed).filter(Listed::is_unfinished));
            }
        }
    }
    for left in earlier_creation::left_behind(ledger)? {
        let is_asked_for = filter
            .subaccount_id
            .is_none_or(|id| left.entry.subaccount_id == Some(id));
        list.extend(is_asked_for.then(|| Listed::of(ledger, left.entry, false)));
    }
    list.sort_by_key(|listed| listed.entry.id);
    Ok(list)
}

async fn wait_for(ledger: &Ledger, entry: Entry) -> Result<Entry, Failure> {
    if ledger.is_under_way(&entry)? {
        standard_error::say(&format!(
            "waiting for the process that is at work on entry {}",
            entry.id
        ));
    }
    earlier_creation::after_the_custodian(ledger, entry).await
}

/// A creation with what the service knows of it; nothing if that settles it.
async fn creation(
    ledger: &Ledger,
    entry: Entry,
    service: &Service,
) -> Result<Option<Listed>, Failure> {
    if earlier_creation::settle_by_its_key(ledger, &entry)
        .await?
        .is_some()
    {
        return Ok(None);
    }
    let mut listed = Listed::new(ledger, entry)?;
    let candidates = match client_for(&listed.entry, service) {
        Ok(client) => earlier_creation::candidates(&client, ledger, &listed.entry).await,
        Err(failure) => Err(failure),
    };
    match candidates {
        Ok(candidates) => listed.candidates = Some(candidates),
        Err(failure) => listed.not_looked_up = Some(failure.to_string()),
    }
    Ok(Some(listed))
}

/// A setting of products with what the service has now; nothing if it has ended by now. While it is
/// under way, what the service has says nothing yet.
async fn setting(
    ledger: &Ledger,
    entry: Entry,
    service: &Service,
) -> Result<Option<Listed>, Failure> {
    let mut listed = Listed::new(ledger, entry)?;
    if !listed.is_unfinished() {
        return Ok(None);
    }
    if listed.is_under_way {
        return Ok(Some(listed));
    }
    let live = match client_for(&listed.entry, service) {
        Ok(client) => NowReported::of(&client, &listed.entry).await,
        Err(failure) => Err(failure),
    };
    match live {
        Ok(live) => listed.live = live,
        Err(failure) => listed.not_looked_up = Some(failure.to_string()),
    }
    Ok(Some(listed))
}

/// A client of the service that the entry is of.
fn client_for(entry: &Entry, service: &Service) -> Result<Client, Failure> {
    if entry.origin != service.origin() {
        return Err(Failure::new(format!(
            "it is an entry of {}, and {} is asked now",
            entry.origin,
            service.origin()
        )));
    }
    service.certcentral()
}
