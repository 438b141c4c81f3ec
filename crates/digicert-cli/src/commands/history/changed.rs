//! What a setting of products has changed, or was to change: the request in its entry, held against the
//! former state, whose file the entry names.

use std::fs;
use std::path::Path;

use digicert_types::certcentral::{SetSubaccountProductsRequest, SubaccountProducts};

use crate::ledger::{Action, EndingKind, Entry};
use crate::price_change::{PriceChange, fingerprint};
use crate::price_setting::{FORMER_FINGERPRINT, FORMER_STATE, SELF_BILLED, restore};

/// The change; `None` if the file is not there any more, or is another one by now.
pub(super) fn change(entry: &Entry) -> Option<PriceChange> {
    let request = entry.request.as_deref()?;
    let request: SetSubaccountProductsRequest = serde_json::from_str(request).ok()?;
    let former = fs::read(file(entry)?).ok()?;
    let former: SubaccountProducts = serde_json::from_slice(&former).ok()?;
    let is_unchanged = entry.detail.text(FORMER_FINGERPRINT) == Some(&*fingerprint(&former));
    let bill_parent = entry.detail.is_true(SELF_BILLED).then_some(false);
    is_unchanged.then(|| PriceChange::of(&former, &request, bill_parent))
}

/// The command that brings the former state back, if it may have been changed.
pub(super) fn way_back(entry: &Entry) -> Option<String> {
    let is_changed = matches!(
        entry.ending(),
        None | Some(EndingKind::Done | EndingKind::Unknown)
    );
    let file = file(entry).filter(|_| is_changed)?;
    Some(restore(entry.subaccount_id?, file, &[]))
}

/// The file with the former state.
pub(super) fn file(entry: &Entry) -> Option<&Path> {
    let path = entry.detail.text(FORMER_STATE);
    let path = path.filter(|_| entry.action == Action::SetProducts)?;
    Some(Path::new(path))
}
