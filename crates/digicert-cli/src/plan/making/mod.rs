//! Making a plan: reading what is there, comparing it with the manifests, judging the difference.
//!
//! In this order: `judge` looks at the documents by themselves, `creations` finds out which
//! subaccounts are there, `changes` compares their products, `links` asks who would pay. What goes
//! wrong with one of them is in `failures`.

mod changes;
mod creations;
mod failures;
mod judge;
mod links;

use std::cell::OnceCell;
use std::collections::HashMap;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use digicert_client::certcentral::Client;

use super::{
    Addressee, Claims, CreationsInLedger, CreationsMade, Head, LinksInLedger, Manifests, NotReady,
    Places, Plan, PlannedChange, Tail, Thresholds, TooFar, WholeChange, not_ready, sha256,
};
use crate::failure::Failure;
use crate::manifest::Manifest;
use crate::meant_account::{MeantAccount, check_all};
use crate::outcome::Outcome;
use crate::pace::Pace;
use crate::patient_reads::PatientReads;

use failures::refuse_pause;
pub(crate) use failures::{FAILURES_IN_A_ROW, is_refused};
use judge::Judge;
pub(crate) use judge::refusal;

/// Who hears of a plan while it is made.
pub(crate) trait Listener {
    /// `addressee` is for people, and no part of the plan.
    fn begin(&mut self, head: &Head, addressee: &Addressee) -> io::Result<()>;
    fn change(&mut self, change: &WholeChange<'_>) -> io::Result<()>;
    fn end(&mut self, tail: &Tail, not_ready: &[NotReady]) -> io::Result<()>;
}

/// What a plan is made from.
pub(crate) struct Making {
    pub(crate) manifest: Arc<Manifest>,
    pub(crate) client: Client,
    pub(crate) reads: PatientReads,
    pub(crate) origin: String,
    /// The profile that the service was chosen by, for people.
    pub(crate) profile: Option<String>,
    pub(crate) path: PathBuf,
    pub(crate) thresholds: Thresholds,
    /// How many subaccounts are looked at at once.
    pub(crate) at_once: usize,
    /// Clients for the keys of billing links, by their files, where there are such files.
    pub(crate) payers: HashMap<PathBuf, Result<Client, Failure>>,
    pub(crate) links_in_ledger: LinksInLedger,
    pub(crate) creations_in_ledger: CreationsInLedger,
    pub(crate) creations_made: CreationsMade,
    /// What the key has to belong to.
    pub(crate) meant_accounts: Vec<MeantAccount>,
}

/// How the making ended.
#[derive(Debug)]
pub(crate) struct Made {
    pub(crate) head: Head,
    pub(crate) changes: Vec<PlannedChange>,
    pub(crate) tail: Tail,
    /// What applying it needs and this machine does not have.
    pub(crate) not_ready: Vec<NotReady>,
    /// The worst of what the reads said.
    pub(crate) outcome: Outcome,
}

impl Making {
    /// Reads, compares and judges.
    pub(crate) async fn run(
        mut self,
        listener: &mut dyn Listener,
        pace: &mut Pace,
    ) -> Result<Made, Failure> {
        let account = self.reads.read(|| self.client.get_account()).await;
        let account = account.map_err(Failure::from);
        let account = account.map_err(|failure| refuse_pause(&failure).err().unwrap_or(failure))?;
        check_all(&self.meant_accounts, &account)?;
        self.creations_in_ledger.keep_account(account.id);
        let head = self.head(account.id);
        let addressee = Addressee {
            account_name: account.primary_organization_name.clone(),
            profile: self.profile.clone(),
        };
        listener.begin(&head, &addressee).map_err(not_written)?;
        let manifest = Arc::clone(&self.manifest);
        let mut judge = Judge::new(&manifest, &account)?;
        let mut work = Work::new(&self);
        judge.documents(&mut work.tail);
        if work.tail.refusals.is_empty() {
            let wanted = work.settle_creations(&mut judge).await?;
            work.read(wanted, &mut judge, listener, pace).await?;
            work.links().await?;
            let planned = &work.tail.creations;
            work.tail.made_elsewhere = self.creations_made.elsewhere(&head, planned);
            work.tail.summary.complete = true;
        }
        let too_far = std::mem::take(&mut work.too_far);
        work.tail
            .refusals
            .extend(too_far.refusals(&self.thresholds));
        let refusals = self.thresholds.of_plan(&work.tail.summary);
        work.tail.refusals.extend(refusals);
        let places = Places::of(&manifest);
        let not_ready = not_ready(&work.tail, &places, &self.creations_in_ledger);
        pace.hide();
        listener.end(&work.tail, &not_ready).map_err(not_written)?;
        Ok(Made {
            head,
            changes: work.changes,
            tail: work.tail,
            not_ready,
            outcome: work.outcome,
        })
    }

    fn head(&self, account_id: Option<i64>) -> Head {
        Head {
            origin: self.origin.clone(),
            account_id,
            manifests: Manifests {
                path: self.path.clone(),
                sha256: self.manifest.digest.clone(),
            },
            thresholds: self.thresholds,
        }
    }
}

impl Made {
    /// The plan, to be applied without being kept as a file.
    pub(crate) fn into_plan(self) -> Result<Plan, Failure> {
        let sha256 = sha256(&(&self.head, &self.changes, &self.tail));
        let sha256 = sha256.map_err(|error| {
            Failure::new(format!(
                "the plan has no identity, because it cannot be written: {error}; give the folder \
                 of the manifests a name in UTF-8"
            ))
        })?;
        Ok(Plan {
            head: self.head,
            changes: self.changes,
            tail: self.tail,
            sha256,
        })
    }
}

#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
pub(super) fn not_written(error: io::Error) -> Failure {
    Failure::new(format!("cannot write the plan: {error}"))
}

/// A plan as far as it is made.
struct Work<'m> {
    making: &'m Making,
    tail: Tail,
    too_far: TooFar,
    changes: Vec<PlannedChange>,
    /// Creations that are there already.
    there: Vec<NewSubaccount>,
    /// Made when they are first asked for.
    claims: OnceCell<Claims>,
    outcome: Outcome,
    failures_in_a_row: usize,
}

/// A subaccount that a creation has made.
struct NewSubaccount {
    key_out: PathBuf,
    id: i64,
    organization: String,
}

impl<'m> Work<'m> {
    fn new(making: &'m Making) -> Self {
        let mut tail = Tail::default();
        tail.summary.subaccounts = making.manifest.subaccounts.len();
        Self {
            making,
            tail,
            too_far: TooFar::default(),
            changes: Vec::new(),
            there: Vec::new(),
            claims: OnceCell::new(),
            outcome: Outcome::Done,
            failures_in_a_row: 0,
        }
    }
}
