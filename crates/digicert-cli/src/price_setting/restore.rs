//! The command that brings a former state back.

use std::path::Path;

use digicert_types::certcentral::SubaccountProducts;

use super::{End, PriceSetting, Seen, Sent};
use crate::advised_command;
use crate::price_change::{Danger, PriceChange, former_state};
use crate::shell_word::word;

/// The command that sets a file. Without the words for what is dangerous about that, it says itself
/// which ones it needs.
pub(crate) fn restore(subaccount_id: i64, file: &Path, dangers: &[Danger]) -> String {
    let file = word(&file.display().to_string());
    let mut words = format!("products set {subaccount_id} -f {file}");
    for danger in dangers {
        words.push(' ');
        words.push_str(danger.word().as_str());
    }
    advised_command::on_ledger(&words)
}

/// What is dangerous about going back to a former state.
fn dangers_of_going_back(
    former: &SubaccountProducts,
    live: &SubaccountProducts,
    self_billed: bool,
) -> Vec<Danger> {
    let bill_parent = self_billed.then_some(false);
    let back = PriceChange::of(live, &former_state(former), bill_parent);
    back.dangers()
}

impl PriceSetting<'_> {
    /// The command that brings back what was there before, unless nothing was changed. It has the
    /// words that it needs, if it is known what is there now.
    pub(crate) fn restore(&self, sent: &Sent) -> Option<String> {
        let dangers = match &sent.end {
            End::Not(_) => return None,
            End::Taken(seen) | End::Unknown(_, seen) => match seen {
                Seen::Fulfilled(live) | Seen::Left(_, live) => {
                    dangers_of_going_back(self.shown, live, self.change.self_billed)
                }
                Seen::Nothing(_) | Seen::NotLooked => Vec::new(),
            },
        };
        Some(restore(self.subaccount_id, &sent.former_state, &dangers))
    }
}
