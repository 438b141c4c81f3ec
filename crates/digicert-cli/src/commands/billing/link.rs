//! `digicert billing link`: shows which two accounts the keys belong to, as far as the service
//! tells, and links them.
//!
//! The request is two keys in two headers. Swapped, the wrong account pays; so what each key is,
//! and where it came from, is shown before.

use std::time::Duration;

use clap::Args;
use digicert_client::partner;
use digicert_types::certcentral::Account;
use digicert_validate::render::JsonFinding;
use digicert_validate::{BillingLink, Context, Severity, validate};
use serde::Serialize;

use crate::advised_command;
use crate::asynchronous;
use crate::billing_link::{self, Linking};
use crate::confirm::confirm;
use crate::failure::Failure;
use crate::ledger::{Action, Detail, EntryId, Ledger, LedgerOptions, NewEntry};
use crate::outcome::Outcome;
use crate::output_format::{OutputFormat, Versioned};
use crate::plan::{LinksInLedger, PaidBefore, PartnerKeyFrom, Payer};
use crate::service::{KeyOrigin, Service, ServiceOptions};
use crate::sheet::Sheet;
use crate::standard_error;
use crate::standard_output::StandardOutput;
use crate::stop::Stop;

/// The longest wait before another try. Somebody looks on.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// Link a CertCentral billing account to a Partner Subscriptions account
#[derive(Debug, Args)]
#[command(after_long_help = "\
The partner key decides which Partner Subscriptions account gets the link, the CertCentral key which
billing account pays. A subaccount without a link of its own is paid for by its parent's; to let
another account pay for it, give its own partner key.

Once the request is under way, Ctrl-C waits for its outcome and sends nothing again; a second one ends
at once.

Example:
  Two key files, so that neither key can be taken for the other:
      digicert billing link --partner-api-key-file partner.key --api-key-file certcentral.key

Exit codes:
  0  linked
  2  wrong usage, a key that cannot be read, or a service that could not be reached; nothing changed
  3  the service refused; nothing was changed
  4  it may have been linked; linking the same two once more changes nothing
  5  refused by a safety check: keys that cannot be right, no answer to the question, another account
     that would pay by now than was shown, somebody else who is linking with the same partner key
     file, or has done so since that was shown; or stopped before anything was sent; nothing changed")]
pub(crate) struct Options {
    /// Link without asking
    #[arg(long)]
    yes: bool,

    /// How to print what happened
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: OutputFormat,

    #[command(flatten)]
    ledger: LedgerOptions,

    #[command(flatten)]
    service: ServiceOptions,
}

impl Options {
    pub(crate) fn run(self, color: bool) -> Result<Outcome, Failure> {
        let service = self.service.service()?;
        check(&service)?;
        asynchronous::run(async {
            let stop = Stop::listening()?;
            // Both clients before the first request: what is wrong with the settings costs nothing.
            let partner = service.partner()?;
            let account = stop.before_anything(paying_account(&service)).await?;
            service.check_account(&account)?;
            // One that is not there yet is not made to look.
            let before = match Ledger::open_existing(&self.ledger.path()?)? {
                Some(ledger) => paid_before(&service, &ledger, &account)?,
                None => None,
            };
            show(&service, &account, before.as_ref(), self.format, color)?;
            let mut shape = Shape::of(&service, &account, before);
            let ledger = confirm("Link the billing account?", self.yes, &stop)
                .await
                .and_then(|()| Ledger::open(&self.ledger.path()?).map_err(Failure::from));
            let linked = match ledger {
                Ok(ledger) => link(&service, &partner, &account, &ledger, &stop, &mut shape).await,
                Err(failure) => Err(failure),
            };
            linked.map_err(|failure| failure.with_details(&shape))?;
            tell(shape, self.format);
            Ok(Outcome::Done)
        })
    }
}

/// What the rules say of the two keys. It never repeats them.
fn check(service: &Service) -> Result<(), Failure> {
    let link = BillingLink {
        partner_key: service.partner_key()?,
        certcentral_key: service.certcentral_key()?,
    };
    let report = validate(&link, &Context::default());
    if !report.is_empty() {
        standard_error::say(&report.to_string());
    }
    if report.count(Severity::Error) == 0 {
        return Ok(());
    }
    let findings = report.findings().iter().map(JsonFinding::from).collect();
    let failure = Failure::unsafe_to_go_on("these two keys cannot be right; nothing was linked");
    Err(failure
        .with_result("keys-wrong")
        .with_details(&KeysWrong { findings }))
}

/// What programs are told of keys that cannot be right.
#[derive(Serialize)]
struct KeysWrong<'a> {
    findings: Vec<JsonFinding<'a>>,
}

/// The account of the CertCentral key. A key that CertCentral does not know pays for nobody.
async fn paying_account(service: &Service) -> Result<Account, Failure> {
    let client = service.certcentral()?;
    client.get_account().await.map_err(|error| {
        let is_denied = error.is_access_denied();
        let failure = Failure::from(error);
        let hint = if is_denied {
            ". Were the two keys swapped?"
        } else {
            ""
        };
        Failure::ending(
            failure.outcome(),
            format!(
                "the account that would pay cannot be read, so nothing was linked: {failure}{hint}"
            ),
        )
    })
}

/// Who else has paid for the partner account, as far as the ledger knows.
fn paid_before(
    service: &Service,
    ledger: &Ledger,
    account: &Account,
) -> Result<Option<PaidBefore>, Failure> {
    let links = LinksInLedger::read(ledger, &service.origin())?;
    let place = service.partner_source().place();
    let words = place.to_string();
    Ok(links.paid_before_by(
        service.partner_key()?,
        partner_key_from(place, &words),
        Payer::of_account(account).as_ref(),
    ))
}

fn show(
    service: &Service,
    account: &Account,
    before: Option<&PaidBefore>,
    format: OutputFormat,
    color: bool,
) -> Result<(), Failure> {
    let mut sheet = Sheet::new();
    sheet.line("Service", Some(service.origin()));
    sheet.line("Pays", Some(name(account)));
    sheet.line("  its billing account", billing_account(account));
    sheet.line(
        "  its key comes from",
        Some(service.certcentral_source().place().to_string()),
    );
    sheet.line(
        "Is paid for",
        Some("the Partner Subscriptions account of the partner key; no call tells which it is"),
    );
    sheet.line(
        "  its key comes from",
        Some(service.partner_source().place().to_string()),
    );
    sheet.shown("Replaces", before);
    let text = format!("To be linked:\n\n{}\n", sheet.text(color));
    format.show(&text)
}

fn name(account: &Account) -> String {
    let id = account
        .id
        .map_or_else(|| "without an ID".to_owned(), |id| id.to_string());
    match &account.primary_organization_name {
        Some(organization) => format!("CertCentral account {id} ({organization})"),
        None => format!("CertCentral account {id}"),
    }
}

fn billing_account(account: &Account) -> Option<String> {
    let id = account.billing_account_id.map(|id| id.to_string());
    let name = account.billing_account_name.clone();
    match (id, name) {
        (Some(id), Some(name)) => Some(format!("{id} ({name})")),
        (id, name) => id.or(name),
    }
}

/// What was linked, in JSON; part of what others script against.
#[derive(Debug, Serialize)]
struct LinkedJson {
    result: &'static str,
    exit_code: u8,
    #[serde(flatten)]
    shape: Shape,
}

/// What was to be linked with what.
#[derive(Debug, Serialize)]
struct Shape {
    /// The entry of the ledger, once there is one.
    entry: Option<EntryId>,
    origin: String,
    certcentral_account: Side,
    partner_account: Side,
    /// Another account that has paid until now, as far as the ledger knows.
    paid_before: Option<PaidBefore>,
}

#[derive(Debug, Serialize)]
struct Side {
    /// The partner API has no call that tells it.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    organization_name: Option<String>,
    key_from: String,
}

impl Shape {
    fn of(service: &Service, account: &Account, paid_before: Option<PaidBefore>) -> Self {
        Self {
            entry: None,
            origin: service.origin(),
            certcentral_account: Side {
                id: account.id,
                organization_name: account.primary_organization_name.clone(),
                key_from: service.certcentral_source().place().to_string(),
            },
            partner_account: Side {
                id: None,
                organization_name: None,
                key_from: service.partner_source().place().to_string(),
            },
            paid_before,
        }
    }
}

/// Links, and writes it down before and after. From then on the shape has the entry.
async fn link(
    service: &Service,
    client: &partner::Client,
    account: &Account,
    ledger: &Ledger,
    stop: &Stop,
    shape: &mut Shape,
) -> Result<(), Failure> {
    let entry = new_entry(service, account);
    let key = service.certcentral_key()?;
    let mine = billing_link::take(ledger, &entry, stop).await?;
    refuse_moved(
        shape.paid_before.as_ref(),
        paid_before(service, ledger, account)?,
    )?;
    let last_look = async || refuse_another(account, &paying_account(service).await?);
    let linking = Linking {
        client,
        key,
        last_look,
        stop,
        patience: LONGEST_WAIT,
    };
    let linked = linking.make(ledger, &entry, &mine).await?;
    let entry = linked.entry;
    shape.entry = Some(entry);
    if let Some(error) = linked.unrecorded {
        // It has ended that way, whatever the ledger says.
        standard_error::say(&format!(
            "warning: the ending of entry {entry} could not be written down: {error}"
        ));
    }
    linked.result.map_err(|failure| match failure.outcome() {
        Outcome::Unusable => failure.with_result("not-sent"),
        Outcome::Refused => failure.with_end("; nothing was linked"),
        Outcome::Unsafe => failure,
        _ => {
            let settle =
                |end: &str| advised_command::on_ledger(&format!("history settle {entry} {end}"));
            failure.with_end(&format!(
                " (entry {entry}); linking the same two once more changes nothing, and `{}` or \
                 `{}` writes down what you find out",
                settle("--done"),
                settle("--not-done")
            ))
        }
    })
}

/// Refuses to take a link from somebody who got it after that was shown. One that is not known to be of
/// this partner account may be of any other.
fn refuse_moved(shown: Option<&PaidBefore>, now: Option<PaidBefore>) -> Result<(), Failure> {
    match now.filter(|now| now.is_known) {
        Some(now) if shown.map(|shown| &shown.pays) != Some(&now.pays) => {
            let message = format!(
                "nothing was linked: another link was made since that was shown, by which {now}; run \
                 the command again to see what it replaces now"
            );
            Err(Failure::unsafe_to_go_on(message).with_result("stale"))
        }
        _ => Ok(()),
    }
}

/// The question may have stood for hours, and the ledger may have been waited for.
fn refuse_another(shown: &Account, now: &Account) -> Result<(), Failure> {
    let is_same = match (Payer::of_account(shown), Payer::of_account(now)) {
        (Some(shown), Some(now)) => now.is(&shown),
        _ => shown.id == now.id,
    };
    if is_same {
        return Ok(());
    }
    let billed = |account: &Account| match billing_account(account) {
        Some(billed) => format!("{} with billing account {billed}", name(account)),
        None => name(account),
    };
    let message = format!(
        "nothing was linked: {} would pay, and what was shown is {}",
        billed(now),
        billed(shown)
    );
    Err(Failure::unsafe_to_go_on(message).with_result("stale"))
}

fn tell(linked: Shape, format: OutputFormat) {
    let entry = linked
        .entry
        .map_or_else(String::new, |entry| format!(" (entry {entry})"));
    let human = format!("Linked{entry}.\n");
    let text = match format {
        OutputFormat::Human => Ok(human.clone()),
        OutputFormat::Json => Versioned::first(LinkedJson {
            result: "linked",
            exit_code: Outcome::Done as u8,
            shape: linked,
        })
        .text(),
    };
    StandardOutput::print_or_say(text, &human);
}

fn new_entry(service: &Service, account: &Account) -> NewEntry {
    let summary = format!("billing account of the {}", name(account));
    let mut entry = NewEntry::new(Action::LinkBillingAccount, service.origin(), summary);
    entry.account_id = account.id;
    let place = service.partner_source().place();
    let words = place.to_string();
    let detail = Detail::default()
        .with(
            "certcentral_key_from",
            service.certcentral_source().place().to_string(),
        )
        .with("partner_key_from", words.clone());
    let detail = partner_key_from(place, &words).written_to(detail);
    entry.detail = match Payer::of_account(account) {
        Some(payer) => payer.written_to(detail),
        None => detail,
    };
    entry
}

fn partner_key_from<'a>(place: &'a KeyOrigin, words: &'a str) -> PartnerKeyFrom<'a> {
    match place {
        KeyOrigin::File(path) => PartnerKeyFrom::File(path),
        KeyOrigin::StandardInput | KeyOrigin::Environment(_) => PartnerKeyFrom::Elsewhere(words),
    }
}
