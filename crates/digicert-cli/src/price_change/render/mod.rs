//! A change as text: for a terminal or a pipe, and as Markdown for a pull request. JSON is its
//! `Serialize`.
//!
//! Identifiers and codes come from files and from the service, so nothing of them is shown as it
//! is: no terminal obeys it, and no reader of Markdown.

mod human;
mod markdown;
mod sentence;

pub(crate) use human::{dangers, human, human_of_new};
pub(crate) use markdown::{markdown, text as markdown_text};
pub(crate) use sentence::sentence;

use super::{Kind, PriceChange, ProductChange};
use crate::printable::printable;

/// Said of every change of a subaccount that pays for itself.
const PAYS_ITSELF: &str =
    "The subaccount pays for itself: the service ignores currency and prices.";

/// What stands for a price that the service does not report, be it that there is none of its own.
const UNPRICED: &str = "not reported";

/// A text of a file or of the service, safe to show on one line, and not without end.
pub(crate) fn shown(text: &str) -> String {
    const MOST: usize = 80;
    let safe = printable(text);
    match safe.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &safe[..end]),
        None => safe.into_owned(),
    }
}

/// What a product is called here.
pub(super) fn name(name_id: &str) -> String {
    if name_id.is_empty() {
        return "a product without `product_name_id`".to_owned();
    }
    if name_id.trim() != name_id {
        return format!("`{}`", shown(name_id));
    }
    shown(name_id)
}

/// Whether what the service ignores is shown: of a subaccount that pays for itself only what is sent
/// with a product that is enabled, because these prices would count if somebody else paid.
fn shows_ignored(change: &PriceChange, product: &ProductChange) -> bool {
    !change.self_billed || product.kind == Kind::Enabled
}

fn why_ignored(change: &PriceChange) -> &'static str {
    if change.self_billed {
        "ignored"
    } else {
        "ignored, the product does not support it"
    }
}

/// A term in words: `1 year`, `2 years`.
pub(crate) fn years(lifetime: Option<i64>) -> String {
    let Some(lifetime) = lifetime else {
        return "unknown term".to_owned();
    };
    let plural = if lifetime == 1 { "" } else { "s" };
    format!("{lifetime} year{plural}")
}
