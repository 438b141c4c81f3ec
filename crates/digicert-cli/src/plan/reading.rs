//! Reading the live state of many subaccounts and comparing it with what they shall have: as many
//! at once as the limits allow, the results in the order of the manifests.

use std::collections::BTreeMap;
use std::sync::Arc;

use digicert_client::certcentral::Client;
use tokio::task::JoinSet;

use crate::failure::Failure;
use crate::manifest::{Manifest, Subaccount};
use crate::patient_reads::PatientReads;
use crate::price_change::{LiveState, PriceChange};

/// How many subaccounts are looked at at once when there is no limit: enough that the next request
/// is under way while an answer is compared.
pub(crate) const AT_ONCE_WITHOUT_LIMITS: usize = 16;

/// A subaccount of the manifest, by its number, and its account ID.
#[derive(Clone, Copy, Debug)]
pub(super) struct ToRead {
    pub(super) number: usize,
    pub(super) id: i64,
}

/// What the live state of a subaccount is, compared with what it shall have.
#[derive(Debug)]
pub(super) enum Look {
    Unchanged,
    /// It pays for itself, and differs in nothing but what the service ignores for that.
    OnlyIgnored,
    Changed(Box<Changed>),
}

/// A subaccount that has something else than it shall have.
#[derive(Debug)]
pub(super) struct Changed {
    pub(super) live: LiveState,
    pub(super) change: PriceChange,
    /// Who pays, if the service tells.
    pub(super) bill_parent: Option<bool>,
    /// Whose it is, if the service tells.
    pub(super) organization_name: Option<String>,
    pub(super) child_name: Option<String>,
}

pub(super) type LookResult = (ToRead, Result<Look, Failure>);

/// The looks that are under way.
pub(super) struct Reading<W> {
    client: Client,
    reads: PatientReads,
    manifest: Arc<Manifest>,
    wanted: W,
    at_once: usize,
    under_way: JoinSet<(usize, LookResult)>,
    /// Those that ended before their predecessors.
    early: BTreeMap<usize, LookResult>,
    begun: usize,
    handed_out: usize,
}

impl<W: Iterator<Item = ToRead>> Reading<W> {
    pub(super) fn new(
        client: Client,
        reads: PatientReads,
        manifest: Arc<Manifest>,
        wanted: W,
        at_once: usize,
    ) -> Self {
        Self {
            client,
            reads,
            manifest,
            wanted,
            at_once,
            under_way: JoinSet::new(),
            early: BTreeMap::new(),
            begun: 0,
            handed_out: 0,
        }
    }

    /// The next one in order; `None` after the last.
    pub(super) async fn next(&mut self) -> Option<LookResult> {
        loop {
            self.fill();
            if let Some(looked) = self.early.remove(&self.handed_out) {
                self.handed_out += 1;
                return Some(looked);
            }
            // A look neither panics nor is it aborted.
            let (number, looked) = self.under_way.join_next().await?.ok()?;
            self.early.insert(number, looked);
        }
    }

    fn fill(&mut self) {
        while self.under_way.len() + self.early.len() < self.at_once {
            let Some(wanted) = self.wanted.next() else {
                return;
            };
            let (client, reads) = (self.client.clone(), self.reads.clone());
            let manifest = Arc::clone(&self.manifest);
            let number = self.begun;
            self.begun += 1;
            self.under_way.spawn(async move {
                let subaccount = manifest.subaccounts.get(wanted.number);
                let looked = match subaccount {
                    Some(subaccount) => look(&client, &reads, wanted.id, subaccount).await,
                    None => Ok(Look::Unchanged),
                };
                (number, (wanted, looked))
            });
        }
    }
}

/// Reads and compares. Who pays, and whose it is, is asked only when something differs: a
/// subaccount that pays for itself has other prices than were sent, and that is no difference.
async fn look(
    client: &Client,
    reads: &PatientReads,
    id: i64,
    subaccount: &Subaccount,
) -> Result<Look, Failure> {
    let Some(wanted) = subaccount.wanted() else {
        return Ok(Look::Unchanged);
    };
    let live = reads.read(|| client.list_subaccount_products(id)).await?;
    let live = LiveState::try_from(live)?;
    if PriceChange::of(&live, &wanted, None).is_empty() {
        return Ok(Look::Unchanged);
    }
    let details = reads.read(|| client.get_subaccount(id)).await?;
    let bill_parent = details.bill_parent;
    let change = PriceChange::of(&live, &wanted, bill_parent);
    if change.is_empty() {
        return Ok(Look::OnlyIgnored);
    }
    Ok(Look::Changed(Box::new(Changed {
        live,
        change,
        bill_parent,
        organization_name: details.organization_name,
        child_name: details.child_name,
    })))
}
