//! For people: what goes first, then what changes, then what comes, amounts below each other.

use std::fmt::Write as _;

use digicert_types::Amount;

use super::{name, shown, years};
use crate::color;
use crate::price_change::{
    CostChange, CurrencyOfPrices, Danger, IgnoredCost, Kind, PriceChange, ProductChange,
};

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
    products(&mut text, change, color);
    if !text.is_empty() {
        text.push('\n');
    }
    if change.self_billed {
        line(&mut text, super::PAYS_ITSELF);
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

/// What a subaccount that is created gets: nothing of it was there before.
pub(crate) fn human_of_new(change: &PriceChange, color: bool) -> String {
    let mut text = String::new();
    for setting in &settings(change) {
        let sign = color::added("+", color);
        let Setting {
            name, to, remark, ..
        } = setting;
        line(&mut text, &format!("{sign} {name}: {to}{remark}"));
    }
    products(&mut text, change, color);
    text
}

fn products(text: &mut String, change: &PriceChange, color: bool) {
    for kind in [
        Kind::Disabled,
        Kind::Repriced,
        Kind::Enabled,
        Kind::Unchanged,
    ] {
        for product in change.of_kind(kind) {
            self::product(text, change, product, color);
        }
    }
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
    let unset = || if change.is_new { "" } else { "not reported" }.to_owned();
    let text = |from: &Option<String>| from.as_deref().map_or_else(unset, shown);
    let mut settings = Vec::new();
    if let Some(currency) = &change.currency {
        settings.push(Setting {
            name: "currency",
            from: text(&currency.from),
            to: shown(&currency.to),
            remark: if change.self_billed {
                IGNORED
            } else if change.is_new || currency.from.is_none() {
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
            remark: match limit.from {
                Some(from) if from > 0 && limit.to / 10 >= from => " (ten times as much or more)",
                _ => "",
            },
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
        Kind::Repriced => {
            let sign = color::changed("~", color);
            let doubt = doubt(&product.terms_priced_twice);
            format!("{sign} {name}: repriced{doubt}")
        }
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
        .map(|price| Row::of_price(price, product.kind, &change.currency_of_prices))
        .collect();
    if super::shows_ignored(change, product) {
        let ignored = product.ignored.iter();
        rows.extend(ignored.map(|cost| Row::of_ignored(cost, change)));
    }
    table(text, &rows, color);
}

/// That the service lists more than one price, of which any may hold.
pub(super) fn doubt(terms: &[i64]) -> String {
    if terms.is_empty() {
        return String::new();
    }
    let terms: Vec<_> = terms.iter().map(|term| years(Some(*term))).collect();
    format!(
        ", from one of several prices that the service lists for {}",
        terms.join(", ")
    )
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
    fn of_price(price: &CostChange, kind: Kind, currency: &CurrencyOfPrices) -> Self {
        let is_repriced = kind == Kind::Repriced;
        let or = |amount: Option<String>, none: &str| match amount {
            Some(amount) => amount,
            None if is_repriced => none.to_owned(),
            None => String::new(),
        };
        let (from, to) = amounts(price, currency);
        Self {
            term: years(price.lifetime),
            field: price.field.field(),
            from: or(from, super::UNPRICED),
            to: or(to, "not in the file"),
            percent: price
                .percent
                .map_or_else(String::new, |percent| percent.to_string()),
            remark: price.jump_in_words().unwrap_or_default().to_owned(),
            jumps: price.jump.is_some(),
        }
    }

    fn of_ignored(ignored: &IgnoredCost, change: &PriceChange) -> Self {
        Self {
            term: years(ignored.lifetime),
            field: ignored.field.field(),
            from: String::new(),
            to: in_currency(ignored.amount, change.currency_of_prices.to.as_deref()),
            percent: String::new(),
            remark: super::why_ignored(change).to_owned(),
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
    let amount = amounts
        .map(|amount| amount.chars().count())
        .max()
        .unwrap_or_default();
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
    !cell.starts_with(|first: char| first.is_ascii_digit() || first == '-')
}

/// What a price was and becomes. The currency stands once, at the last amount, unless it changes.
pub(super) fn amounts(
    price: &CostChange,
    currency: &CurrencyOfPrices,
) -> (Option<String>, Option<String>) {
    let CurrencyOfPrices { from, to } = currency;
    let says_from = price.to.is_none() || from != to;
    let before = price.from;
    let before = before.map(|amount| in_currency(amount, from.as_deref().filter(|_| says_from)));
    let after = price.to;
    let after = after.map(|amount| in_currency(amount, to.as_deref()));
    (before, after)
}

/// `218 USD`; the amount alone if nobody says in which currency.
pub(super) fn in_currency(amount: Amount, currency: Option<&str>) -> String {
    match currency {
        Some(currency) => format!("{amount} {}", shown(currency)),
        None => amount.to_string(),
    }
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
