//! What the rules are told of a setting, and what they say of going back to a former state.

use digicert_validate::{Acknowledged, Context, Severity, SubaccountContext, Validator};

use crate::price_change::{LiveState, former_state, with_unknown_prices};
use crate::printable::printable;

/// What the rules may know. That everything is disabled or the currency changes is for the dangers,
/// which have words of their own.
pub(crate) fn context(subaccount: Option<SubaccountContext>) -> Context {
    let mut acknowledged = Acknowledged::default();
    acknowledged.disable_everything = true;
    acknowledged.currency_change = true;
    let mut context = Context::default();
    context.subaccount = subaccount;
    context.acknowledged = acknowledged;
    context
}

/// Why the file of a former state does not bring it back: a price cannot be read, or the rules refuse it; `live` is what the subaccount has by then.
pub(crate) fn faults_of_former_state(
    former: &LiveState,
    live: Option<&LiveState>,
    bill_parent: Option<bool>,
) -> Vec<String> {
    let mut known = SubaccountContext::default();
    known.bill_parent = bill_parent;
    known.products = live.map(|live| live.reported().clone());
    let unknown = with_unknown_prices(former).into_iter();
    let mut faults: Vec<_> = unknown
        .map(|name_id| {
            let name_id = printable(&name_id);
            format!("a price of `{name_id}` cannot be read, so the file does not have it")
        })
        .collect();
    let report = Validator::new().validate(&former_state(former), &context(Some(known)));
    let findings = report.findings().iter();
    let errors = findings.filter(|finding| finding.severity == Severity::Error);
    faults.extend(errors.map(|finding| {
        printable(&format!("{} {}", finding.rule.code, finding.message)).into_owned()
    }));
    faults
}
