//! What a setting of products has changed, or was to change: the request in its entry, held against the
//! former state, whose file the entry names.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use digicert_types::certcentral::{SetSubaccountProductsRequest, SubaccountProducts};
use serde_json::{Value, json};

use crate::ledger::{Action, EndingKind, Entry};
use crate::price_change::{LiveState, PriceChange, fingerprint, former_state};
use crate::price_setting::{
    FORMER_FINGERPRINT, FORMER_STATE, SELF_BILLED_DETAIL, faults_of_former_state, restore,
};

/// The change; `None` if the file is not there any more, or is another one by now.
pub(super) fn change(entry: &Entry) -> Option<PriceChange> {
    let request = entry.request.as_deref()?;
    let request: SetSubaccountProductsRequest = serde_json::from_str(request).ok()?;
    let former = former(entry)?;
    let is_unchanged = entry.detail.text(FORMER_FINGERPRINT) == Some(&*fingerprint(&former));
    is_unchanged.then(|| PriceChange::of(&former, &request, bill_parent(entry)))
}

fn former(entry: &Entry) -> Option<LiveState> {
    let text = fs::read(file(entry)?).ok()?;
    let former: SubaccountProducts = serde_json::from_slice(&text).ok()?;
    former.try_into().ok()
}

/// What a subaccount has once the setting of an entry was carried out: what its request leaves out of
/// everything but the products stays as it was.
fn state_after(entry: &Entry) -> Option<LiveState> {
    let asked: Value = serde_json::from_str(entry.request.as_deref()?).ok()?;
    let former = former(entry).map(|former| serde_json::to_value(former.reported()));
    let mut after = former.and_then(Result::ok).unwrap_or_else(|| json!({}));
    after.as_object_mut()?.extend(asked.as_object()?.clone());
    let after: SubaccountProducts = serde_json::from_value(after).ok()?;
    after.try_into().ok()
}

/// What subaccounts have by now, as far as these entries tell: the later one counts.
pub(super) fn states_now<'e>(entries: impl Iterator<Item = &'e Entry>) -> StatesNow {
    let set = entries.filter(|entry| entry.action == Action::SetProducts && may_hold(entry));
    let of = |entry: &Entry| Some((place(entry)?, state_after(entry)?));
    StatesNow(set.filter_map(of).collect())
}

/// Live states by service and subaccount, which the service was not asked for.
#[derive(Debug, Default)]
pub(super) struct StatesNow(HashMap<(String, i64), LiveState>);

fn place(entry: &Entry) -> Option<(String, i64)> {
    Some((entry.origin.clone(), entry.subaccount_id?))
}

fn may_hold(entry: &Entry) -> bool {
    matches!(
        entry.ending(),
        None | Some(EndingKind::Done | EndingKind::Unknown)
    )
}

fn bill_parent(entry: &Entry) -> Option<bool> {
    entry.detail.is_true(SELF_BILLED_DETAIL).then_some(false)
}

/// The command that brings the former state back, if it may have been changed and the rules let it
/// pass. It has the words that going back needs from what the subaccount has by now.
pub(super) fn way_back(entry: &Entry, now: &StatesNow) -> Option<String> {
    let file = file(entry).filter(|_| may_hold(entry))?;
    let (former, bill_parent) = (former(entry)?, bill_parent(entry));
    let now = now.0.get(&place(entry)?);
    // A price that could not be read is not in the file.
    let of_all = entry.detail.text(FORMER_FINGERPRINT);
    let is_whole = of_all.is_none_or(|of_all| of_all == fingerprint(&former));
    if !is_whole || !faults_of_former_state(&former, now, bill_parent).is_empty() {
        return None;
    }
    let back = now.map(|now| PriceChange::of(now, &former_state(&former), bill_parent));
    let dangers = back.map(|back| back.dangers()).unwrap_or_default();
    Some(restore(entry.subaccount_id?, file, &dangers))
}

/// The file with the former state.
pub(super) fn file(entry: &Entry) -> Option<&Path> {
    let path = entry.detail.text(FORMER_STATE);
    let path = path.filter(|_| entry.action == Action::SetProducts)?;
    Some(Path::new(path))
}
