//! A change in one sentence, for summaries, questions and ledgers.

use super::human;
use crate::price_change::{Counts, PriceChange};

/// Such as `2 products disabled, 1 repriced, 40 unchanged; currency USD → EUR`.
pub(crate) fn sentence(change: &PriceChange) -> String {
    let Counts {
        enabled,
        disabled,
        repriced,
        unchanged,
        ..
    } = change.counts();
    let kinds = [
        (disabled, "disabled"),
        (enabled, "enabled"),
        (repriced, "repriced"),
        (unchanged, "unchanged"),
    ];
    let mut parts: Vec<String> = kinds
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    if let Some(first) = parts.first_mut()
        && let Some((count, what)) = first.split_once(' ')
    {
        let s = if count == "1" { "" } else { "s" };
        *first = format!("{count} product{s} {what}");
    }
    if parts.is_empty() {
        parts.push("no products".to_owned());
    }
    let settings = human::settings(change);
    let settings = settings
        .iter()
        .filter(|setting| setting.remark != human::IGNORED)
        .map(|setting| {
            let human::Setting { name, from, to, .. } = setting;
            if change.is_new {
                format!("{name} {to}")
            } else {
                format!("{name} {from} → {to}")
            }
        });
    let settings: Vec<_> = settings.collect();
    if settings.is_empty() {
        parts.join(", ")
    } else {
        format!("{}; {}", parts.join(", "), settings.join(", "))
    }
}
