//! For people: what goes first, then what changes, then what comes, amounts below each other.

use std::fmt::Write as _;

use digicert_types::Amount;

use super::{name, shown, years};
use crate::color;
use crate::price_change::{CostChange, Danger, IgnoredCost, Kind, PriceChange, ProductChange};

/// The change, ending with a line that counts.
pub(crate) fn human(change: &PriceChange, color: bool) -> String {
    let mut text = String::new();
    let settings = settings(change);
    for setting in &settings {
        let Setting {
            name,
            from,
            to,
            remark,
        } = setting;
        let sign = color::changed("~", color);
        line(&mut text, &format!("{sign} {name}: {from} → {to}{remark}"));
    }
    for kind in [
        Kind::Disabled,
        Kind::Repriced,
        Kind::Enabled,
        Kind::Unchanged,
    ] {
        for product in change.of_kind(kind) {
            self::product(&mut text, change, product, color);
        }
    }
    if !text.is_empty() {
        text.push('\n');
    }
    if change.self_billed {
        let remark = "The subaccount pays for itself: the service ignores currency and prices.";
        line(&mut text, remark);
    }
    let sentence = super::sentence(change);
    let sentence = if change.is_empty() {
        format!("No changes: {sentence}.")
    } else {
        format!("{}.", capitalized(&sentence))
    };
    line(&mut text, &color::bold(&sentence, color));
    text
}

/// The dangers with their words, a line each; empty if there are none.
pub(crate) fn dangers(dangers: &[Danger], color: bool) -> String {
    let mut text = String::new();
    for danger in dangers {
        let word = format!("{:<23}", danger.word());
        line(
            &mut text,
            &format!("  {}  {danger}", color::code(&word, color)),
        );
    }
    text
}

/// What is remarked of a setting that the service does not listen to.
pub(super) const IGNORED: &str = " (ignored)";

/// A setting beside the products that changes, in words.
pub(super) struct Setting {
    pub(super) name: &'static str,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) remark: &'static str,
}

pub(super) fn settings(change: &PriceChange) -> Vec<Setting> {
    let unset = || "not reported".to_owned();
    let text = |from: &Option<String>| from.as_deref().map_or_else(unset, shown);
    let mut settings = Vec::new();
    if let Some(currency) = &change.currency {
        settings.push(Setting {
            name: "currency",
            from: text(&currency.from),
            to: shown(&currency.to),
            remark: if change.self_billed {
                IGNORED
            } else if currency.from.is_none() {
                ""
            } else {
                " (sets the balance to 0, which cannot be undone)"
            },
        });
    }
    if let Some(method) = &change.pricing_method {
        settings.push(Setting {
            name: "pricing method",
            from: text(&method.from),
            to: shown(&method.to),
            remark: "",
        });
    }
    if let Some(limit) = &change.balance_negative_limit {
        settings.push(Setting {
            name: "negative balance limit",
            from: limit.from.map_or_else(unset, |limit| limit.to_string()),
            to: limit.to.to_string(),
            remark: "",
        });
    }
    settings
}

fn product(text: &mut String, change: &PriceChange, product: &ProductChange, color: bool) {
    let name = name(&product.product_name_id);
    let headline = match product.kind {
        Kind::Disabled => {
            let sign = color::removed("-", color);
            let fate = color::removed("will be disabled", color);
            format!("{sign} {name}: not in the file, {fate}")
        }
        Kind::Repriced => format!("{} {name}: repriced", color::changed("~", color)),
        Kind::Enabled => {
            let is_open = product.prices.is_empty() && !change.self_billed;
            let price = if is_open { RETAIL } else { "" };
            format!("{} {name}: enabled{price}", color::added("+", color))
        }
        Kind::Unchanged if product.ignored.is_empty() || change.self_billed => return,
        Kind::Unchanged => format!("  {name}: unchanged"),
    };
    line(text, &headline);
    let prices = product.prices.iter();
    let mut rows: Vec<Row> = prices
        .map(|price| Row::of_price(price, product.kind))
        .collect();
    if !change.self_billed {
        rows.extend(product.ignored.iter().map(Row::of_ignored));
    }
    table(text, &rows, color);
}

const RETAIL: &str = " at DigiCert's retail price, or 0";

/// One amount: term, field, from, to, and what is remarkable about it.
struct Row {
    term: String,
    field: &'static str,
    /// Empty if there is nothing to change from, as `to` if there is nothing to change to.
    from: String,
    to: String,
    percent: String,
    remark: String,
    jumps: bool,
}

impl Row {
    fn of_price(price: &CostChange, kind: Kind) -> Self {
        let is_repriced = kind == Kind::Repriced;
        let or = |amount: Option<Amount>, none: &str| match amount {
            Some(amount) => amount.to_string(),
            None if is_repriced => none.to_owned(),
            None => String::new(),
        };
        Self {
            term: years(price.lifetime),
            field: price.field.field(),
            from: or(price.from, "none"),
            to: or(price.to, "not in the file"),
            percent: price
                .percent
                .map_or_else(String::new, |percent| percent.to_string()),
            remark: price
                .jump
                .map_or_else(String::new, |jump| jump.as_str().to_owned()),
            jumps: price.jump.is_some(),
        }
    }

    fn of_ignored(ignored: &IgnoredCost) -> Self {
        Self {
            term: years(ignored.lifetime),
            field: ignored.field.field(),
            from: String::new(),
            to: ignored.amount.to_string(),
            percent: String::new(),
            remark: "ignored, the product does not support it".to_owned(),
            jumps: false,
        }
    }
}

/// Everything in columns: amounts to the right, words to the left.
fn table(text: &mut String, rows: &[Row], color: bool) {
    let widest = |cell: fn(&Row) -> &str| {
        let widths = rows.iter().map(|row| cell(row).chars().count());
        widths.max().unwrap_or_default()
    };
    let (term, field) = (widest(|row| &row.term), widest(|row| row.field));
    let (from, to) = (widest(|row| &row.from), widest(|row| &row.to));
    let amounts = rows
        .iter()
        .map(|row| row.to.as_str())
        .filter(|to| !is_words(to));
    let amount = amounts.map(str::len).max().unwrap_or_default();
    let percent = widest(|row| &row.percent);
    for row in rows {
        let arrow = match (from, to) {
            (0, _) | (_, 0) => "",
            _ if row.from.is_empty() || row.to.is_empty() => "   ",
            _ => " → ",
        };
        let after = match row.to.as_str() {
            words if is_words(words) => words.to_owned(),
            digits => format!("{digits:>amount$}"),
        };
        let mut cells = format!(
            "    {:<term$}  {:<field$}  {:>from$}{arrow}{after:<to$}",
            row.term, row.field, row.from
        );
        if percent > 0 {
            let _ = write!(cells, "  {:>percent$}", row.percent);
        }
        let remark = if row.jumps {
            color::removed(&row.remark, color)
        } else {
            row.remark.clone()
        };
        line(text, format!("{cells}  {remark}").trim_end());
    }
}

fn is_words(cell: &str) -> bool {
    cell.contains(' ')
}

fn line(text: &mut String, line: &str) {
    text.push_str(line);
    text.push('\n');
}

fn capitalized(sentence: &str) -> String {
    let mut characters = sentence.chars();
    let first = characters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(characters).collect()
}
