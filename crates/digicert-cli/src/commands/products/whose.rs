//! Whose former state a file is: it says so itself, or is of an earlier version, and the ledger knows
//! where it has kept which one.

use std::path::Path;

use super::comparison::Comparison;
use crate::advised_command;
use crate::failure::Failure;
use crate::ledger::{Action, Entry, Filter, Ledger, LedgerOptions};
use crate::manifest::is_same_file;
use crate::price_setting::{FORMER_STATE, FormerStateOf};
use crate::printable::printable;
use crate::shell_word::word;

/// Why a file is not set for this subaccount: it says that it is the former state of another one.
pub(super) fn refusal(comparison: &Comparison) -> Option<String> {
    let of = comparison.former_state_of.as_ref()?;
    if of.is_of(&comparison.origin, comparison.id) {
        return None;
    }
    let FormerStateOf {
        origin,
        subaccount_id,
        subaccount_name,
        kept_at,
        ..
    } = of;
    let file = comparison.path().display();
    let name = subaccount_name.as_ref();
    let name = name.map_or_else(String::new, |name| format!(" ({name})"));
    let day = kept_at.as_deref().map_or_else(String::new, |time| {
        format!(", kept on {}", time.get(..10).unwrap_or(time))
    });
    let restored = if *origin == comparison.origin {
        let words = format!(
            "products set {subaccount_id} -f {}",
            word(&file.to_string())
        );
        format!("`{}` restores it", advised_command::on_ledger(&words))
    } else {
        "it is restored at that service".to_owned()
    };
    Some(printable(&format!(
        "{file} is the former state of subaccount {subaccount_id}{name} at {origin}{day}, and not of \
         subaccount {} at {}; {restored}; to give this subaccount the same, remove `former_state_of` \
         from a copy of the file",
        comparison.id, comparison.origin
    )).into_owned())
}

/// That the file is the former state of another subaccount by the ledger, if it does not say itself
/// whose it is. That may be meant.
pub(super) fn warning(
    comparison: &Comparison,
    options: &LedgerOptions,
) -> Result<Option<String>, Failure> {
    if comparison.former_state_of.is_some() {
        return Ok(None);
    }
    let Some(ledger) = Ledger::open_existing(&options.path()?)? else {
        return Ok(None);
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
    let of_another = kept.filter(|entry| !is_of(entry, comparison));
    Ok(of_another.map(|entry| by_ledger(&entry, comparison)))
}

fn is_of(entry: &Entry, comparison: &Comparison) -> bool {
    entry.subaccount_id == Some(comparison.id) && entry.origin == comparison.origin
}

fn by_ledger(entry: &Entry, comparison: &Comparison) -> String {
    let day = entry.begun_at.get(..10).unwrap_or(&entry.begun_at);
    let whose = match entry.subaccount_id {
        Some(id) => format!("subaccount {id}"),
        None => "another subaccount".to_owned(),
    };
    format!(
        "{} is the former state of {whose} at {}, kept by entry {} on {day}, and not of subaccount \
         {} at {}",
        comparison.path().display(),
        entry.origin,
        entry.id,
        comparison.id,
        comparison.origin
    )
}
