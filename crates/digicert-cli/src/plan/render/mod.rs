//! A plan for people: on a terminal, and in a pull request. Its JSON is the file itself.

mod human;
mod markdown;

use std::fmt::Write as _;

pub(crate) use human::Human;
pub(crate) use markdown::Markdown;

use super::{LinkedBefore, PlannedCreation, PlannedLink, Summary};

/// What stands above fields that a subaccount has otherwise than its creation says.
const DRIFT: &str = "Otherwise than in `create`; digicert cannot change it: change it in CertCentral, \
                     or in the file";

/// `1 subaccount`, `2 subaccounts`.
pub(crate) fn counted(count: usize, what: &str) -> String {
    let s = if count == 1 { "" } else { "s" };
    format!("{count} {what}{s}")
}

fn capitalized(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(characters).collect()
}

/// What a plan does, in one sentence without a full stop.
pub(crate) fn sentence(summary: &Summary) -> String {
    if !summary.complete {
        return "not made, and nothing was read from the service".to_owned();
    }
    let mut parts = Vec::new();
    if summary.changed > 0 {
        let what = counted(summary.changed, "subaccount");
        parts.push(format!("{what} to change{}", of_products(summary)));
    }
    if summary.created > 0 {
        let what = counted(summary.created, "subaccount");
        parts.push(format!("{what} to create"));
    }
    if summary.billing_links > 0 {
        let what = counted(summary.billing_links, "billing link");
        parts.push(format!("{what} to make"));
    }
    if parts.is_empty() {
        parts.push("nothing to do".to_owned());
    }
    parts.push(format!("{} unchanged", summary.unchanged));
    let unread = summary.failed.saturating_sub(summary.clashes);
    if unread > 0 {
        parts.push(format!("{unread} that could not be read"));
    }
    match summary.clashes {
        0 => {}
        1 => parts.push("1 that clashes with another subaccount".to_owned()),
        more => parts.push(format!("{more} that clash with other subaccounts")),
    }
    parts.join(", ")
}

/// ` (1 currency changed, 1 product disabled, 2 products repriced)`, or nothing.
fn of_products(summary: &Summary) -> String {
    let products = [
        (summary.products.disabled, "disabled"),
        (summary.products.enabled, "enabled"),
        (summary.products.repriced, "repriced"),
    ];
    let products = products.into_iter().filter(|(count, _)| *count > 0);
    let products = products.map(|(count, what)| format!("{} {what}", counted(count, "product")));
    let currencies = match summary.currency_changes {
        0 => None,
        1 => Some("1 currency changed".to_owned()),
        more => Some(format!("{more} currencies changed")),
    };
    let products: Vec<_> = currencies.into_iter().chain(products).collect();
    if products.is_empty() {
        String::new()
    } else {
        format!(" ({})", products.join(", "))
    }
}

/// A creation in one line: begins in lower case, has no full stop.
fn creation(creation: &PlannedCreation) -> String {
    let mut text = format!("{} subaccount", creation.account_type);
    if let Some(path) = &creation.key_out {
        // Writing to a string does not fail.
        let _ = write!(text, ", its key to {}", path.display());
    }
    if let Some(book) = &creation.price_book {
        let products = counted(creation.products, "product");
        let _ = write!(text, ", then {products} of price book {book}");
    }
    text
}

/// A billing link in one line.
fn link(link: &PlannedLink) -> String {
    let mut text = format!(
        "the billing account of the key in {} to the partner account of the key in {}",
        link.api_key_file.display(),
        link.partner_api_key_file.display()
    );
    if let Some(payer) = &link.pays {
        let _ = write!(text, "; {payer} pays");
    }
    if let Some(name) = &link.after_creation {
        let _ = write!(text, ", after {name} is created");
    }
    if let Some(before) = &link.paid_before {
        let _ = write!(text, "; {before}");
    }
    text
}

/// Why a billing link is left out, in one line.
fn linked_before(link: &LinkedBefore) -> String {
    format!(
        "linked before (entry {}): {} and {}; {} pays",
        link.entry,
        link.partner_api_key_file.display(),
        link.api_key_file.display(),
        link.pays
    )
}
