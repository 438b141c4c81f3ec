//! What the rules say, each finding at the place where its cause is written, and once.

use std::collections::HashSet;

use digicert_types::certcentral::{Account, PricingModel};
use digicert_validate::{
    Acknowledged, Context, Contract, ParentContext, Severity, SubaccountContext, Validator,
};

use crate::existing_subaccount::Sibling;
use crate::failure::Failure;
use crate::manifest::{Creation, Locator, Manifest, ManifestFinding, Subaccount, Target};
use crate::plan::drift::differences;
use crate::plan::reading::Changed;
use crate::plan::{Drift, Spot, Tail};

const SELF_BILLED_RULE: &str = "self-billed-ignored";
/// Rules whose findings a plan shows in its own words, and guards with words of their own.
const SHOWN_OTHERWISE: [&str; 4] = [
    "product-dropped",
    "price-jump",
    SELF_BILLED_RULE,
    "managed-key-shown-once",
];

/// The rules, and what they have said so far.
pub(super) struct Judge<'m> {
    manifest: &'m Manifest,
    validator: Validator,
    parent: ParentContext,
    locator: Locator<'m>,
    /// Rules and places that have been reported with a price book.
    reported: HashSet<(String, String, u32, u32)>,
}

impl<'m> Judge<'m> {
    pub(super) fn new(manifest: &'m Manifest, account: &Account) -> Result<Self, Failure> {
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
    pub(super) fn documents(&mut self, tail: &mut Tail) {
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
    pub(super) fn creation(
        &mut self,
        subaccount: &Subaccount,
        creation: &Creation,
    ) -> Vec<ManifestFinding> {
        let context = self.context(None);
        let report = self.validator.validate(&creation.request, &context);
        let others = report.findings().iter();
        let mut found: Vec<_> = others
            .filter(|finding| finding.severity != Severity::Error)
            .map(|finding| self.locator.in_creation(subaccount, finding))
            .collect();
        let mut known = SubaccountContext::default();
        known.bill_parent = Some(creation.request.bill_parent.unwrap_or(false));
        found.extend(self.products(subaccount, known));
        // Billing itself is the default.
        if creation.request.bill_parent != Some(true) {
            found.extend(self.self_billed(subaccount, &creation.name()));
        }
        found
    }

    /// That the currency and the prices of a subaccount that pays for itself are ignored: once,
    /// and not for each price of its book.
    pub(super) fn self_billed(
        &self,
        subaccount: &Subaccount,
        name: &str,
    ) -> Option<ManifestFinding> {
        let wanted = subaccount.wanted()?;
        let mut products = wanted.products.iter();
        let is_priced = products.any(|product| product.prices.is_some());
        let ignored = match (wanted.currency.is_some(), is_priced) {
            (true, true) => "currency and prices",
            (true, false) => "currency",
            (false, true) => "prices",
            (false, false) => return None,
        };
        Some(ManifestFinding::at_subaccount(
            self.manifest,
            subaccount,
            digicert_validate::rule(SELF_BILLED_RULE)?,
            format!("{name} pays for itself, so the service ignores the {ignored} given here"),
            "give it a price book without currency and prices; only with `bill_parent: true`, which \
             is decided when it is created, they hold"
                .to_owned(),
        ))
    }

    /// What the subaccount of a creation has otherwise than the creation says.
    pub(super) fn drift(
        &mut self,
        subaccount: &Subaccount,
        creation: &Creation,
        there: &Sibling,
    ) -> Vec<Drift> {
        let differing = differences(&creation.request, &there.details);
        let differing = differing.into_iter().map(|differs| {
            let pointer = differs.pointer();
            let at = self.locator.place_in_creation(subaccount, &pointer);
            let at = Spot::of(self.manifest, at);
            Drift::new(at, creation.name(), there.id, differs)
        });
        differing.collect()
    }

    pub(super) fn change(
        &mut self,
        subaccount: &Subaccount,
        changed: &Changed,
    ) -> Vec<ManifestFinding> {
        let mut known = SubaccountContext::default();
        known.bill_parent = changed.bill_parent;
        known.products = Some(changed.live.reported().clone());
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

pub(super) fn refused_by_rules(findings: &[ManifestFinding]) -> Vec<String> {
    let errors = findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error);
    errors.map(refusal).collect()
}

/// How a finding that is an error refuses a plan.
pub(crate) fn refusal(finding: &ManifestFinding) -> String {
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
}
