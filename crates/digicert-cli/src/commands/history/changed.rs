//! What a setting of products has changed, or was to change: the request in its entry, held against the
//! former state, whose file the entry names.

use std::fs;
use std::path::Path;

use digicert_types::certcentral::{SetSubaccountProductsRequest, SubaccountProducts};

use crate::ledger::{Action, EndingKind, Entry};
use crate::price_change::{LiveState, PriceChange, fingerprint};
use crate::price_setting::{
    FORMER_FINGERPRINT, FORMER_STATE, SELF_BILLED, faults_of_former_state, restore,
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

fn bill_parent(entry: &Entry) -> Option<bool> {
    entry.detail.is_true(SELF_BILLED).then_some(false)
}

/// The command that brings the former state back, if it may have been changed and the rules let it
/// pass.
pub(super) fn way_back(entry: &Entry) -> Option<String> {
    let is_changed = matches!(
        entry.ending(),
        None | Some(EndingKind::Done | EndingKind::Unknown)
    );
    let file = file(entry).filter(|_| is_changed)?;
    let faults = faults_of_former_state(&former(entry)?, None, bill_parent(entry));
    if !faults.is_empty() {
        return None;
    }
    Some(restore(entry.subaccount_id?, file, &[]))
}

/// The file with the former state.
pub(super) fn file(entry: &Entry) -> Option<&Path> {
    let path = entry.detail.text(FORMER_STATE);
    let path = path.filter(|_| entry.action == Action::SetProducts)?;
    Some(Path::new(path))
}
