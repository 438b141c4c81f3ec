//! Whose former state a file is. The file is a request, which names no subaccount; the ledger knows where
//! it has kept which one.

use std::path::Path;

use crate::commands::products::comparison::Comparison;
use crate::failure::Failure;
use crate::ledger::{Action, Entry, Filter, Ledger, LedgerOptions};
use crate::manifest::is_same_file;
use crate::price_setting::FORMER_STATE;
use crate::standard_error;

/// Says so when the file is the former state of another subaccount. That may be meant.
pub(super) fn warn_of_another(
    comparison: &Comparison,
    options: &LedgerOptions,
) -> Result<(), Failure> {
    let Some(ledger) = Ledger::open_existing(&options.path()?)? else {
        return Ok(());
    };
    let mut kept: Option<Entry> = None;
    let settings = Filter {
        action: Some(Action::SetProducts),
        ..Filter::default()
    };
    ledger.each(&settings, |entry| {
        let path = entry.detail.text(FORMER_STATE);
        if path.is_some_and(|path| is_same_file(Path::new(path), comparison.path())) {
            kept = Some(entry);
        }
    })?;
    if let Some(entry) = kept.filter(|entry| !is_of(entry, comparison)) {
        standard_error::say(&warning(&entry, comparison));
    }
    Ok(())
}

fn is_of(entry: &Entry, comparison: &Comparison) -> bool {
    entry.subaccount_id == Some(comparison.id) && entry.origin == comparison.origin
}

fn warning(entry: &Entry, comparison: &Comparison) -> String {
    let day = entry.begun_at.get(..10).unwrap_or(&entry.begun_at);
    let whose = match entry.subaccount_id {
        Some(id) => format!("subaccount {id}"),
        None => "another subaccount".to_owned(),
    };
    format!(
        "warning: {} is the former state of {whose} at {}, kept by entry {} on {day}, and not of \
         subaccount {} at {}",
        comparison.path().display(),
        entry.origin,
        entry.id,
        comparison.id,
        comparison.origin
    )
}
