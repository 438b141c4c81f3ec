//! The command that brings a former state back.

use std::path::Path;

use super::{PriceSetting, Seen, SentSetting, SettingEnd, faults_of_former_state};
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

impl PriceSetting<'_> {
    /// The command that brings back what was there before, unless nothing was changed, or the rules
    /// would refuse that. It has the words that it needs, if it is known what is there now.
    pub(crate) fn restore(&self, sent: &SentSetting) -> Option<String> {
        let live = match &sent.end {
            SettingEnd::Not(_) => return None,
            SettingEnd::Taken(seen) | SettingEnd::Unknown(_, seen) => match seen {
                Seen::Fulfilled(live) | Seen::Left(_, live) => Some(live),
                Seen::Nothing(_) | Seen::NotLooked => None,
            },
        };
        let bill_parent = self.change.self_billed.then_some(false);
        if !faults_of_former_state(self.shown, live, bill_parent).is_empty() {
            return None;
        }
        let back = live.map(|live| PriceChange::of(live, &former_state(self.shown), bill_parent));
        let dangers = back.map(|back| back.dangers()).unwrap_or_default();
        Some(restore(self.subaccount_id, &sent.former_state, &dangers))
    }
}
