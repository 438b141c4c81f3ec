//! `digicert subaccount create`: shows what will be created, asks, and has it created once.
//!
//! Sending and keeping the key is for the custodian; what is known of an earlier attempt is in
//! `earlier_creation`; what is shown before and said afterwards is in `shown` and `told`.

mod shown;
mod stopped;
mod told;

use std::path::{Path, PathBuf};

use clap::Args;
use digicert_client::certcentral;
use digicert_types::certcentral::{
    Account, CreateSubaccountRequest, PricingModel, SubaccountSummary, SubaccountType,
};
use digicert_validate::{Context, Contract, Kind, ParentContext, Validator};

use crate::asynchronous;
use crate::confirm::confirm;
use crate::custodian::{Job, KeyDestination, LastLook, commission};
use crate::earlier_creation::{self, Facts};
use crate::existing_subaccount::{Untold, of_organization, siblings};
use crate::failure::Failure;
use crate::ledger::{EndingKind, Entry, EntryId, Ledger, LedgerOptions};
use crate::outcome::Outcome;
use crate::output_format::OutputFormat;
use crate::plan::request_sha256;
use crate::request_file::RequestFile;
use crate::service::{Service, ServiceOptions};
use crate::standard_error;
use crate::stop::Stop;

use told::{EarlierCreation, Told};

/// Create a subaccount, once, and keep its one-time key
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  Create a managed subaccount; its key goes to a new file that only you can read:
      digicert subaccount create -f acme.yaml --key-out acme.key

  Hand the key to a program instead, which reads it from standard input:
      digicert subaccount create -f acme.yaml --key-command ./store-key

A creation cannot be undone, and sending it twice makes two subaccounts. So it is sent once, by a
process of its own that lives on until the key is in its place, even if this one is killed. If the
outcome is unknown, the same command looks for the subaccount and creates no second one.

Exit codes:
  0  created, and the key is where it was to go
  2  wrong usage, an unreadable file, or a service that cannot be reached; nothing was created
  3  the service refused; nothing was created
  4  it may have been created, or was and something is left to do; the message says what
  5  refused by a safety check: errors in the file, no answer to the question, created before, one
     of this organization and child_name exists, or cannot be told from it; or stopped before
     anything was sent")]
pub(crate) struct Options {
    /// The request in JSON or YAML, or `-` for standard input; `digicert schema create-subaccount`
    /// describes it
    #[arg(short, long, value_name = "FILE")]
    file: PathBuf,

    /// A new file for the key of a managed subaccount; one that exists is never overwritten
    #[arg(long, value_name = "PATH", conflicts_with = "key_command")]
    key_out: Option<PathBuf>,

    /// A program that gets the key on standard input; it has to end with exit code 0 within five
    /// minutes
    #[arg(long, value_name = "PROGRAM")]
    key_command: Option<PathBuf>,

    /// Create without asking
    #[arg(long)]
    yes: bool,

    /// Create one more, although this document has been used before, or the service has one of this
    /// organization and `child_name`
    #[arg(long)]
    another: bool,

    /// Create it without a `child_name`, although the organization has others of its type
    #[arg(long)]
    allow_nameless: bool,

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
        let file = RequestFile::read(&self.file, Kind::CreateSubaccount)?;
        // Before a key is read or anything is sent: most faults need neither.
        let first = file.check(&rules(), &Context::default());
        if let Err(failure) = file.refuse_errors(&first) {
            standard_error::show(&file.shown(&first, color));
            return Err(failure);
        }
        let request: CreateSubaccountRequest = file.parse()?;
        let key_place = self.key_place(&request)?;
        let creation = CreateRun {
            // As `apply` has it, so that each knows what the other has created.
            fingerprint: request_sha256(&request),
            service: self.service.service()?,
            ledger: Ledger::open(&self.ledger.path()?)?,
            is_yes: self.yes,
            beside: match (self.another, self.allow_nameless) {
                (true, _) => Beside::Anything,
                (false, true) => Beside::Named,
                (false, false) => Beside::Nothing,
            },
            format: self.format,
            file,
            request,
            key_place,
            color,
        };
        asynchronous::run(async {
            let outcome = creation.run().await;
            outcome.map_err(|failure| creation.stopped(failure))
        })
    }

    fn key_place(&self, request: &CreateSubaccountRequest) -> Result<KeyDestination, Failure> {
        let is_managed = request.account_type == SubaccountType::Managed;
        match (&self.key_out, &self.key_command, is_managed) {
            (None, None, false) => Ok(KeyDestination::None),
            (None, None, true) => Err(Failure::new(
                "the key of a managed subaccount is shown once: say where it is to go, with \
                 `--key-out PATH` or `--key-command PROGRAM`",
            )),
            (_, _, false) => Err(Failure::new(format!(
                "a subaccount of the type {} gets no key: leave out --key-out and --key-command",
                request.account_type
            ))),
            (Some(path), _, true) if path == Path::new("-") => Err(Failure::new(
                "a key is never printed; for a file of the name `-` say `--key-out ./-`, and to hand \
                 the key to a program `--key-command PROGRAM`",
            )),
            (Some(path), _, true) => std::path::absolute(path)
                .map(KeyDestination::File)
                .map_err(|error| Failure::new(format!("cannot use {}: {error}", path.display()))),
            (None, Some(program), true) => Ok(KeyDestination::Command(program.clone())),
        }
    }
}

/// One creation, with all that it needs.
struct CreateRun {
    file: RequestFile,
    request: CreateSubaccountRequest,
    fingerprint: String,
    key_place: KeyDestination,
    service: Service,
    ledger: Ledger,
    is_yes: bool,
    beside: Beside,
    format: OutputFormat,
    color: bool,
}

/// Beside what it may be created.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Beside {
    /// Nothing that it could be.
    Nothing,
    /// Without a name, beside others of its type.
    Named,
    Anything,
}

impl CreateRun {
    fn is_another(&self) -> bool {
        self.beside == Beside::Anything
    }

    async fn run(&self) -> Result<Outcome, Failure> {
        let stop = Stop::listening()?;
        let client = self.service.certcentral()?;
        let (account, newest_known) = stop.before_anything(self.look(&client)).await?;
        confirm("Create this subaccount?", self.is_yes, &stop).await?;
        // The question may have stood for hours.
        let last_look = stop.before_anything(self.look_again(&client)).await?;
        let job = Job {
            program: env!("CARGO_PKG_VERSION").to_owned(),
            ledger: self.ledger.path().to_owned(),
            run: self.ledger.run().to_owned(),
            part_of: None,
            account_id: account.id,
            summary: format!(
                "{} subaccount for {}",
                self.request.account_type, self.request.organization.name
            ),
            request: self.request.clone(),
            fingerprint: self.fingerprint.clone(),
            key_place: self.key_place.clone(),
            newest_known,
            last_look,
            api_key: self.service.certcentral_key()?.clone(),
            origin: self.service.origin(),
        };
        let end = commission(&job, &client, &stop).await;
        let end = end.map_err(|failure| self.without_an_end(failure))?;
        let mut told = Told::of(&job, &end);
        // That it cannot be looked up either changes nothing about what is to be said.
        if told.needs_a_look()
            && let Ok(Some(entry)) = self.ledger.entry(end.entry)
        {
            let found = earlier_creation::candidates(&client, &self.ledger, &entry);
            told.candidates = stop.unless_asked(found).await.and_then(Result::ok);
        }
        told.tell(self.format, self.color)
    }

    /// Refuses what has been created before, and shows what will be. Gives the parent account, and
    /// the newest entry of this document.
    async fn look(
        &self,
        client: &certcentral::Client,
    ) -> Result<(Account, Option<EntryId>), Failure> {
        let account = client.get_account().await?;
        self.service.check_account(&account)?;
        let origin = self.service.origin();
        let known =
            earlier_creation::of_document(&self.ledger, &origin, account.id, &self.fingerprint)?;
        for entry in &known {
            self.refuse_former(client, entry).await?;
        }
        // Others have ledgers of their own: what they created from this document, the service lists.
        if self.is_another() {
            let listed = of_organization(client, &self.request.organization.name).await?;
            self.show(&account, listed.as_deref())?;
        } else {
            let found = siblings(client, &self.request).await?;
            let listed = found.as_ref().map(|found| &found.listed[..]);
            self.show(&account, listed)?;
            self.refuse(&found.map_err(untold)?)?;
        }
        Ok((account, known.last().map(|entry| entry.id)))
    }

    /// What there is by now, and how the custodian looks for what comes after that.
    async fn look_again(&self, client: &certcentral::Client) -> Result<Option<LastLook>, Failure> {
        if self.is_another() {
            return Ok(None);
        }
        let found = siblings(client, &self.request).await?.map_err(untold)?;
        self.refuse(&found)?;
        let mut last_look = found.once_more();
        last_look.is_nameless_allowed = self.beside == Beside::Named;
        Ok(Some(last_look))
    }

    /// Refuses to go on if an earlier creation from this document was, or may have been, carried
    /// out.
    async fn refuse_former(
        &self,
        client: &certcentral::Client,
        entry: &Entry,
    ) -> Result<(), Failure> {
        if self.ledger.is_under_way(entry).unwrap_or_default() {
            standard_error::say(&format!(
                "waiting for another run that creates a subaccount from this document (entry {})",
                entry.id
            ));
        }
        let entry = earlier_creation::after_the_custodian(&self.ledger, entry.clone()).await?;
        match entry.ending() {
            Some(EndingKind::Refused | EndingKind::NotSent | EndingKind::NotDone) => Ok(()),
            Some(EndingKind::Done) if !entry.is_nameless() => {
                if self.is_another() {
                    return Ok(());
                }
                self.tell_former(EarlierCreation::created(&entry))
            }
            Some(EndingKind::Done | EndingKind::Unknown) | None => {
                if earlier_creation::settle_by_its_key(&self.ledger, &entry)
                    .await?
                    .is_some()
                {
                    let settled = self.ledger.entry(entry.id)?.unwrap_or(entry);
                    return if self.is_another() {
                        Ok(())
                    } else {
                        self.tell_former(EarlierCreation::created(&settled))
                    };
                }
                let facts = Facts::of(&self.ledger, &entry);
                let candidates = earlier_creation::candidates(client, &self.ledger, &entry).await;
                self.tell_former(EarlierCreation::open(&entry, facts, candidates))
            }
        }
    }

    fn tell_former(&self, former: EarlierCreation) -> Result<(), Failure> {
        Err(former.tell(self.format, self.color))
    }

    /// Shows what will be created and what the rules say of it; a failure if they do not let it pass.
    fn show(
        &self,
        account: &Account,
        listed: Result<&[SubaccountSummary], &Untold>,
    ) -> Result<(), Failure> {
        let document = self.file.check(&rules(), &context(account));
        let findings = self.file.shown(&document, self.color);
        let text = shown::text(
            &self.request,
            account,
            &self.service.origin(),
            &self.key_place,
            self.color,
        );
        let separator = if findings.is_empty() { "" } else { "\n" };
        let alike = shown::alike(listed, &self.request, self.color);
        let shown = format!("{text}{alike}{findings}{separator}");
        self.format.show(&shown)?;
        self.file.refuse_errors(&document)
    }
}

fn untold(why: Untold) -> Failure {
    Failure::from(why).with_end("; `--another` creates it all the same")
}

/// All rules but the one that says what this command sees to: that the key has a place.
fn rules() -> Validator {
    let all = Validator::new();
    all.clone().off("managed-key-shown-once").unwrap_or(all)
}

/// What the rules may know of the parent account.
fn context(account: &Account) -> Context {
    let mut parent = ParentContext::default();
    if account.pricing_model == Some(PricingModel::Flatfee) {
        parent.contract = Some(Contract::FlatFee);
    }
    let mut context = Context::default();
    context.parent = Some(parent);
    context
}
