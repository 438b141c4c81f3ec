//! For a pull request: tables of GitHub's Markdown, without a heading, so that it goes below one.

use std::fmt::Write as _;

use super::{human, years};
use crate::price_change::{
    CostChange, CurrencyOfPrices, Danger, IgnoredCost, Kind, PriceChange, ProductChange,
};
use crate::printable::printable;

/// The change, beginning with a sentence that counts.
pub(crate) fn markdown(change: &PriceChange) -> String {
    let sentence = text(&super::sentence(change));
    let mut out = if change.is_empty() {
        format!("No changes: {sentence}.\n")
    } else {
        format!("**{sentence}**\n")
    };
    if change.self_billed {
        let _ = writeln!(out, "\n{}", super::PAYS_ITSELF);
    }
    for danger in change.dangers() {
        dangerous(&mut out, &danger);
    }
    let rows = rows(change);
    if !rows.is_empty() {
        out.push_str("\n| Product | Change | Term | Amount | From | To | |\n");
        out.push_str("|---|---|---|---|---:|---:|---|\n");
        for cells in rows {
            let _ = writeln!(out, "| {} |", cells.join(" | "));
        }
    }
    out
}

fn dangerous(out: &mut String, danger: &Danger) {
    let _ = writeln!(
        out,
        "\n> :warning: {} (`{}`)",
        text(&danger.to_string()),
        danger.word()
    );
}

type Cells = [String; 7];

fn rows(change: &PriceChange) -> Vec<Cells> {
    let mut rows = Vec::new();
    for setting in human::settings(change) {
        let cell = |value: &str| text(value);
        rows.push([
            String::new(),
            setting.name.to_owned(),
            String::new(),
            String::new(),
            cell(&setting.from),
            cell(&setting.to),
            setting.remark.trim().to_owned(),
        ]);
    }
    for kind in [
        Kind::Disabled,
        Kind::Repriced,
        Kind::Enabled,
        Kind::Unchanged,
    ] {
        for product in change.of_kind(kind) {
            product_rows(&mut rows, change, product);
        }
    }
    rows
}

fn product_rows(rows: &mut Vec<Cells>, change: &PriceChange, product: &ProductChange) {
    let first = rows.len();
    rows.extend(
        product
            .prices
            .iter()
            .map(|price| price_row(price, product.kind, &change.currency_of_prices)),
    );
    if super::shows_ignored(change, product) {
        let ignored = product.ignored.iter();
        rows.extend(ignored.map(|cost| ignored_row(cost, change)));
    }
    if rows.len() == first && product.kind != Kind::Unchanged {
        let is_open = product.kind == Kind::Enabled && !change.self_billed;
        let remark = "at DigiCert's retail price, or 0";
        rows.push(remark_row(if is_open { remark } else { "" }));
    }
    // The name stands once, in the first row of its product.
    if let Some(cells) = rows.get_mut(first) {
        cells[0] = code(&product.product_name_id);
        let doubt = human::doubt(&product.terms_priced_twice);
        cells[1] = format!("{}{doubt}", what_happens(product.kind));
    }
}

fn what_happens(kind: Kind) -> &'static str {
    match kind {
        Kind::Disabled => "**will be disabled**, not in the file",
        Kind::Repriced => "repriced",
        Kind::Enabled => "enabled",
        Kind::Unchanged => "unchanged",
    }
}

fn price_row(price: &CostChange, kind: Kind, currency: &CurrencyOfPrices) -> Cells {
    let (none, left_open) = match kind {
        Kind::Repriced => (super::UNPRICED, "not in the file"),
        _ => ("", ""),
    };
    let cell = |amount: Option<String>, none: &str| {
        amount.map_or_else(|| none.to_owned(), |amount| money(&amount))
    };
    let (from, to) = human::amounts(price, currency);
    let percent = price.percent.map(|percent| percent.to_string());
    let jump = price.jump_in_words().map(|jump| format!("**{jump}**"));
    let remarks: Vec<_> = percent.into_iter().chain(jump).collect();
    [
        String::new(),
        String::new(),
        years(price.lifetime),
        code(price.field.field()),
        cell(from, none),
        cell(to, left_open),
        remarks.join(", "),
    ]
}

fn ignored_row(cost: &IgnoredCost, change: &PriceChange) -> Cells {
    [
        String::new(),
        String::new(),
        years(cost.lifetime),
        code(cost.field.field()),
        String::new(),
        money(&human::in_currency(
            cost.amount,
            change.currency_of_prices.to.as_deref(),
        )),
        super::why_ignored(change).to_owned(),
    ]
}

fn remark_row(remark: &str) -> Cells {
    let mut cells = Cells::default();
    remark.clone_into(&mut cells[6]);
    cells
}

/// An amount, and a currency that may be anything.
fn money(amount: &str) -> String {
    let plain = |character: char| character.is_ascii_alphanumeric() || " .-".contains(character);
    if amount.chars().all(plain) {
        amount.to_owned()
    } else {
        text(amount)
    }
}

/// An identifier as code. Where it has more in it than identifiers have, it stands in an element
/// of HTML, in which nothing of it is read as Markdown, as a link or as somebody's name.
fn code(identifier: &str) -> String {
    let plain = |character: char| character.is_ascii_alphanumeric() || "_-.".contains(character);
    let shown = super::shown(identifier);
    if shown.is_empty() {
        "*without `product_name_id`*".to_owned()
    } else if shown.chars().all(plain) {
        format!("`{shown}`")
    } else {
        format!("<code>{}</code>", entities(&shown))
    }
}

/// A sentence of ours with words of others in it.
pub(crate) fn text(sentence: &str) -> String {
    entities(&printable(sentence))
}

/// What could mean something in Markdown or HTML, as an entity.
fn entities(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_ascii_punctuation() && !",;()'-".contains(character) {
            let _ = write!(escaped, "&#{};", u32::from(character));
            // GitHub looks for names and numbers of issues once entities are read.
            if matches!(character, '@' | '#') {
                escaped.push_str("&#8203;");
            }
        } else {
            escaped.push(character);
        }
    }
    escaped
}
