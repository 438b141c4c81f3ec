//! Making a plan: reading what is there, comparing it with the manifests, judging the difference.

use std::collections::{HashMap, HashSet};
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use digicert_client::certcentral::Client;
use digicert_types::certcentral::{Account, PricingModel};
use digicert_validate::{
    Acknowledged, Context, Contract, ParentContext, Severity, SubaccountContext, Validator,
};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::reading::{Changed, Look, Reading, Wanted};
use super::{
    CreationsInLedger, Head, KeyInDoubt, LinkedBefore, LinksInLedger, Manifests, Payer, Plan,
    PlannedChange, PlannedCreation, PlannedFailure, PlannedLink, Spot, Tail, Thresholds,
    WholeChange, existing,
};
use crate::failure::Failure;
use crate::manifest::{
    BillingLink, Creation, Locator, Manifest, ManifestFinding, Subaccount, Target, hex,
};
use crate::outcome::Outcome;
use crate::pace::Pace;
use crate::price_change::{PriceChange, fingerprint, render};

/// Rules whose findings a plan shows in its own words, and guards with words of their own.
const SHOWN_OTHERWISE: [&str; 4] = [
    "product-dropped",
    "price-jump",
    "self-billed-ignored",
    "managed-key-shown-once",
];
/// So many failures in a row have one cause, which more requests do not remove.
pub(crate) const FAILURES_IN_A_ROW: usize = 20;

/// Who hears of a plan while it is made.
pub(crate) trait Listener {
    fn begin(&mut self, head: &Head) -> io::Result<()>;
    fn change(&mut self, change: &WholeChange<'_>) -> io::Result<()>;
    fn end(&mut self, tail: &Tail) -> io::Result<()>;
}

/// What a plan is made from.
pub(crate) struct Making {
    pub(crate) manifest: Arc<Manifest>,
    pub(crate) client: Client,
    pub(crate) origin: String,
    pub(crate) path: PathBuf,
    pub(crate) thresholds: Thresholds,
    /// How many subaccounts are looked at at once.
    pub(crate) at_once: usize,
    /// Clients for the keys of billing links, by their files, where there are such files.
    pub(crate) payers: HashMap<PathBuf, Client>,
    pub(crate) links_in_ledger: LinksInLedger,
    pub(crate) creations_in_ledger: CreationsInLedger,
}

impl Made {
    /// The plan, to be applied without being kept as a file.
    pub(crate) fn into_plan(self) -> Plan {
        let sha256 = request_sha256(&(&self.head, &self.changes, &self.tail));
        Plan {
            head: self.head,
            changes: self.changes,
            tail: self.tail,
            sha256,
        }
    }
}

/// How the making ended.
#[derive(Debug)]
pub(crate) struct Made {
    pub(crate) head: Head,
    pub(crate) changes: Vec<PlannedChange>,
    pub(crate) tail: Tail,
    /// The worst of what the reads said.
    pub(crate) outcome: Outcome,
}

impl Making {
    /// Reads, compares and judges.
    pub(crate) async fn run(
        self,
        listener: &mut dyn Listener,
        pace: &mut Pace,
    ) -> Result<Made, Failure> {
        let account = self.client.get_account().await?;
        let head = Head {
            origin: self.origin.clone(),
            account_id: account.id,
            manifests: Manifests {
                path: self.path.clone(),
                sha256: self.manifest.digest.clone(),
            },
            thresholds: self.thresholds,
        };
        listener.begin(&head).map_err(not_written)?;
        let manifest = Arc::clone(&self.manifest);
        let mut judge = Judge::new(&manifest, &account)?;
        let mut work = Work {
            making: &self,
            tail: Tail::default(),
            changes: Vec::new(),
            outcome: Outcome::Done,
            failures_in_a_row: 0,
        };
        work.tail.summary.subaccounts = manifest.subaccounts.len();
        judge.documents(&mut work.tail);
        if work.tail.refusals.is_empty() {
            let wanted = work.settle_creations(&mut judge).await?;
            work.read(wanted, &mut judge, listener, pace).await?;
            work.links().await;
            work.tail.summary.complete = true;
        }
        let refusals = self.thresholds.of_plan(&work.tail.summary);
        work.tail.refusals.extend(refusals);
        pace.hide();
        listener.end(&work.tail).map_err(not_written)?;
        Ok(Made {
            head,
            changes: work.changes,
            tail: work.tail,
            outcome: work.outcome,
        })
    }
}

#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
fn not_written(error: io::Error) -> Failure {
    Failure::new(format!("cannot write the plan: {error}"))
}

/// A plan as far as it is made.
struct Work<'m> {
    making: &'m Making,
    tail: Tail,
    changes: Vec<PlannedChange>,
    outcome: Outcome,
    failures_in_a_row: usize,
}

impl Work<'_> {
    /// Finds out which creations are still to be done; gives every subaccount that is there.
    async fn settle_creations(&mut self, judge: &mut Judge<'_>) -> Result<Vec<Wanted>, Failure> {
        let manifest = &self.making.manifest;
        let mut wanted = Vec::with_capacity(manifest.subaccounts.len());
        let mut ids = HashMap::new();
        for (number, subaccount) in manifest.subaccounts.iter().enumerate() {
            let id = match &subaccount.target {
                Target::Existing(id) => Some(*id),
                Target::Creation(creation) => {
                    self.settle_creation(subaccount, creation, judge).await?
                }
            };
            let Some(id) = id else { continue };
            if let Some(first) = ids.insert(id, subaccount.at) {
                let message = format!(
                    "it is subaccount {id}, which {} looks after already",
                    manifest.show(first)
                );
                self.fail(subaccount, &format!("subaccount {id}"), message);
                continue;
            }
            wanted.push(Wanted { number, id });
        }
        Ok(wanted)
    }

    /// The ID of the subaccount if it is there; else it is planned.
    async fn settle_creation(
        &mut self,
        subaccount: &Subaccount,
        creation: &Creation,
        judge: &mut Judge<'_>,
    ) -> Result<Option<i64>, Failure> {
        let found = match existing::find(&self.making.client, creation).await {
            Ok(found) => found,
            Err(error) => {
                self.failed(subaccount, &creation.name(), error).await?;
                return Ok(None);
            }
        };
        match found[..] {
            [id] => {
                self.doubt_key(subaccount, creation, id);
                return Ok(Some(id));
            }
            [] => {}
            [first, second, ..] => {
                let message = format!(
                    "there are {} subaccounts of that organization and child_name, such as {first} \
                     and {second}; write the `id` of the one that is meant instead of `create`",
                    found.len()
                );
                self.fail(subaccount, &creation.name(), message);
                return Ok(None);
            }
        }
        if let Some(path) = creation.key_out.as_deref().filter(|path| path.exists()) {
            self.tail.refusals.push(format!(
                "the key file {} of `{}` is there already and is never overwritten; move it away, \
                 or name another in `key_out`",
                path.display(),
                creation.name()
            ));
        }
        let wanted = subaccount.wanted();
        self.tail
            .findings
            .extend(judge.creation(subaccount, creation));
        self.tail.summary.created += 1;
        self.tail.creations.push(PlannedCreation {
            name: creation.name(),
            account_type: creation.request.account_type.to_string(),
            at: Spot::of(&self.making.manifest, subaccount.at),
            key_out: creation.key_out.clone(),
            request_sha256: request_sha256(&creation.request),
            price_book: subaccount.price_book.as_ref().map(|book| book.name.clone()),
            products: wanted.as_ref().map_or(0, |wanted| wanted.products.len()),
            products_sha256: wanted.as_deref().map(request_sha256),
        });
        Ok(None)
    }

    /// A subaccount that is there has its key where it was to go, unless the ledger says otherwise.
    fn doubt_key(&mut self, subaccount: &Subaccount, creation: &Creation, id: i64) {
        let in_ledger = &self.making.creations_in_ledger;
        let Some((entry, is_open)) = in_ledger.in_doubt(&request_sha256(&creation.request)) else {
            return;
        };
        self.tail.keys_in_doubt.push(KeyInDoubt {
            at: Spot::of(&self.making.manifest, subaccount.at),
            name: creation.name(),
            subaccount_id: id,
            entry,
            is_open,
        });
    }

    async fn read(
        &mut self,
        wanted: Vec<Wanted>,
        judge: &mut Judge<'_>,
        listener: &mut dyn Listener,
        pace: &mut Pace,
    ) -> Result<(), Failure> {
        let making = self.making;
        pace.begin(wanted.len());
        let mut reading = Reading::new(
            making.client.clone(),
            Arc::clone(&making.manifest),
            wanted.into_iter(),
            making.at_once,
        );
        while let Some((wanted, looked)) = reading.next().await {
            let Some(subaccount) = making.manifest.subaccounts.get(wanted.number) else {
                continue;
            };
            match looked {
                Ok(Look::Unchanged) => {
                    self.failures_in_a_row = 0;
                    self.tail.summary.unchanged += 1;
                    pace.advance(1);
                }
                Ok(Look::Changed(changed)) => {
                    self.failures_in_a_row = 0;
                    pace.advance(2);
                    pace.hide();
                    self.change(wanted.id, subaccount, &changed, judge, listener)?;
                }
                Err(error) => {
                    pace.hide();
                    let name = format!("subaccount {}", wanted.id);
                    self.failed(subaccount, &name, error).await?;
                    pace.advance(1);
                }
            }
        }
        Ok(())
    }

    fn change(
        &mut self,
        id: i64,
        subaccount: &Subaccount,
        changed: &Changed,
        judge: &mut Judge<'_>,
        listener: &mut dyn Listener,
    ) -> Result<(), Failure> {
        let Some(wanted) = subaccount.wanted() else {
            return Ok(());
        };
        let change = &changed.change;
        let findings = judge.change(subaccount, changed);
        let name = format!("subaccount {id}");
        let refusals = self.making.thresholds.of_subaccount(&name, change);
        self.tail.refusals.extend(refusals);
        self.tail.refusals.extend(refused_by_rules(&findings));
        self.tail.summary.add(change);
        let planned = PlannedChange {
            subaccount_id: id,
            at: Spot::of(&self.making.manifest, subaccount.at),
            price_book: subaccount
                .price_book
                .as_ref()
                .map_or_else(String::new, |book| book.name.clone()),
            live_fingerprint: fingerprint(&changed.live),
            request_sha256: request_sha256(&*wanted),
            self_billed: change.self_billed,
            summary: render::sentence(change),
            words: words(change),
        };
        let whole = WholeChange {
            planned: &planned,
            change,
            findings: &findings,
        };
        listener.change(&whole).map_err(not_written)?;
        self.changes.push(planned);
        Ok(())
    }

    async fn links(&mut self) {
        let manifest = &self.making.manifest;
        for link in &manifest.billing_links {
            let pays = match self.making.payers.get(&link.api_key_file) {
                None => None,
                Some(client) => match Payer::of(client).await {
                    Ok(payer) => Some(payer),
                    Err(failure) => {
                        self.fail_link(link, &failure);
                        continue;
                    }
                },
            };
            let before = pays.clone().and_then(|pays| self.linked_before(link, pays));
            if let Some(before) = before {
                self.tail.linked_before.push(before);
                continue;
            }
            let created = manifest.subaccounts.iter().find_map(|subaccount| {
                let Target::Creation(creation) = &subaccount.target else {
                    return None;
                };
                (creation.key_out.as_ref() == Some(&link.api_key_file)).then(|| creation.name())
            });
            let pending = |name: &String| {
                let mut creations = self.tail.creations.iter();
                creations.any(|creation| creation.name == *name)
            };
            self.tail.summary.billing_links += 1;
            let link = PlannedLink {
                at: Spot::of(manifest, link.at),
                partner_api_key_file: link.partner_api_key_file.clone(),
                api_key_file: link.api_key_file.clone(),
                pays,
                after_creation: created.filter(pending),
            };
            self.tail.billing_links.push(link);
        }
    }

    fn linked_before(&self, link: &BillingLink, pays: Payer) -> Option<LinkedBefore> {
        let entry = self.making.links_in_ledger.made(link, &pays)?;
        Some(LinkedBefore {
            at: Spot::of(&self.making.manifest, link.at),
            partner_api_key_file: link.partner_api_key_file.clone(),
            api_key_file: link.api_key_file.clone(),
            pays,
            entry,
        })
    }

    fn fail_link(&mut self, link: &BillingLink, failure: &Failure) {
        self.outcome = self.outcome.max(failure.outcome()).max(Outcome::Unusable);
        self.tail.summary.failed += 1;
        self.tail.failures.push(PlannedFailure {
            subaccount: format!("billing link of {}", link.partner_api_key_file.display()),
            is_link: true,
            at: Spot::of(&self.making.manifest, link.at),
            message: failure.to_string(),
        });
    }

    /// A read that failed: the others go on, unless it is the key or all of them fail.
    async fn failed(
        &mut self,
        subaccount: &Subaccount,
        name: &str,
        error: digicert_client::Error,
    ) -> Result<(), Failure> {
        self.failures_in_a_row += 1;
        if error.is_access_denied() && is_refused(&self.making.client).await {
            let failure = Failure::from(error);
            return Err(Failure::ending(
                failure.outcome(),
                format!("the key does not work any more: {failure}"),
            ));
        }
        let failure = Failure::from(error);
        self.outcome = self.outcome.max(failure.outcome());
        if self.failures_in_a_row >= FAILURES_IN_A_ROW {
            return Err(Failure::ending(
                failure.outcome(),
                format!(
                    "{FAILURES_IN_A_ROW} subaccounts in a row cannot be read; the last: {failure}"
                ),
            ));
        }
        self.fail(subaccount, name, failure.to_string());
        Ok(())
    }

    fn fail(&mut self, subaccount: &Subaccount, name: &str, message: String) {
        self.outcome = self.outcome.max(Outcome::Unusable);
        self.tail.summary.failed += 1;
        self.tail.failures.push(PlannedFailure {
            subaccount: name.to_owned(),
            is_link: false,
            at: Spot::of(&self.making.manifest, subaccount.at),
            message,
        });
    }
}

/// What the rules say, each finding at the place where its cause is written, and once.
struct Judge<'m> {
    manifest: &'m Manifest,
    validator: Validator,
    parent: ParentContext,
    locator: Locator<'m>,
    /// Rules and places that have been reported with a price book.
    reported: HashSet<(String, String, u32, u32)>,
}

impl<'m> Judge<'m> {
    fn new(manifest: &'m Manifest, account: &Account) -> Result<Self, Failure> {
        let mut validator = Validator::new();
        for rule in SHOWN_OTHERWISE {
            validator = validator.off(rule).map_err(Failure::from_display)?;
        }
        let mut parent = ParentContext::default();
        if account.pricing_model == Some(PricingModel::Flatfee) {
            parent.contract = Some(Contract::FlatFee);
        }
        Ok(Self {
            manifest,
            validator,
            parent,
            locator: Locator::new(manifest),
            reported: HashSet::new(),
        })
    }

    fn context(&self, subaccount: Option<SubaccountContext>) -> Context {
        let mut context = Context::default();
        context.parent = Some(self.parent.clone());
        context.subaccount = subaccount;
        // A plan shows both, and applying it takes their words.
        let mut acknowledged = Acknowledged::default();
        acknowledged.disable_everything = true;
        acknowledged.currency_change = true;
        context.acknowledged = acknowledged;
        context
    }

    /// Price books and creations by themselves, before anything is read.
    fn documents(&mut self, tail: &mut Tail) {
        let manifest = self.manifest;
        let context = self.context(None);
        for book in &manifest.price_books {
            let report = self.validator.validate(&book.request, &context);
            for finding in report.findings() {
                let found = self.locator.in_book(book, finding);
                self.reported.insert(key(&found));
                tail.findings.push(found);
            }
        }
        for subaccount in &manifest.subaccounts {
            let Target::Creation(creation) = &subaccount.target else {
                continue;
            };
            let report = self.validator.validate(&creation.request, &context);
            let errors = report.findings().iter();
            for finding in errors.filter(|finding| finding.severity == Severity::Error) {
                tail.findings
                    .push(self.locator.in_creation(subaccount, finding));
            }
        }
        tail.refusals.extend(refused_by_rules(&tail.findings));
    }

    /// What is worth knowing of a creation that is planned.
    fn creation(&mut self, subaccount: &Subaccount, creation: &Creation) -> Vec<ManifestFinding> {
        let context = self.context(None);
        let report = self.validator.validate(&creation.request, &context);
        let others = report.findings().iter();
        let mut found: Vec<_> = others
            .filter(|finding| finding.severity != Severity::Error)
            .map(|finding| self.locator.in_creation(subaccount, finding))
            .collect();
        let mut known = SubaccountContext::default();
        known.bill_parent = creation.request.bill_parent;
        found.extend(self.products(subaccount, known));
        found
    }

    fn change(&mut self, subaccount: &Subaccount, changed: &Changed) -> Vec<ManifestFinding> {
        let mut known = SubaccountContext::default();
        known.bill_parent = changed.bill_parent;
        known.products = Some(changed.live.clone());
        self.products(subaccount, known)
    }

    fn products(
        &mut self,
        subaccount: &Subaccount,
        known: SubaccountContext,
    ) -> Vec<ManifestFinding> {
        let Some(wanted) = subaccount.wanted() else {
            return Vec::new();
        };
        let context = self.context(Some(known));
        let report = self.validator.validate(&*wanted, &context);
        let found = report.findings().iter();
        found
            .map(|finding| self.locator.in_products(subaccount, finding))
            .filter(|found| !self.reported.contains(&key(found)))
            .collect()
    }
}

fn key(found: &ManifestFinding) -> (String, String, u32, u32) {
    (
        found.code.clone(),
        found.path.clone(),
        found.line,
        found.column,
    )
}

fn refused_by_rules(findings: &[ManifestFinding]) -> Vec<String> {
    let errors = findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error);
    errors
        .map(|finding| {
            let ManifestFinding {
                code,
                rule,
                path,
                line,
                column,
                message,
                ..
            } = finding;
            format!("{path}:{line}:{column}: {message} ({code} {rule})")
        })
        .collect()
}

/// Whether the service refuses the key of a client altogether. That it cannot be asked says nothing
/// of the key.
pub(crate) async fn is_refused(client: &Client) -> bool {
    let account = client.get_account().await;
    account.is_err_and(|error| error.is_access_denied())
}

/// The words that a change needs.
pub(crate) fn words(change: &PriceChange) -> Vec<String> {
    let dangers = change.dangers().into_iter();
    dangers.map(|danger| danger.word().to_string()).collect()
}

/// SHA-256 of the body that is sent.
pub(crate) fn request_sha256(request: &impl Serialize) -> String {
    // What cannot be written cannot be sent, so its hash tells nothing apart.
    let text = serde_json::to_vec(request).unwrap_or_default();
    hex(&Sha256::digest(text))
}
