//! What a file is that was given where the body of a request belongs, and which command takes it. The
//! rules would report each of its fields as unknown.

use std::path::Path;

use digicert_validate::Kind;

use crate::advised_command::{on_ledger, on_service};
use crate::shell_word::word;
use crate::yaml_tree::{self, Value};

/// What a file may be besides the wanted one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Is {
    Plan,
    Manifest,
    /// A manifest with nothing but price books.
    PriceBooks,
    Creation,
    Products,
}

/// Says what a file is if it is not the request that is wanted, and one can tell; `file` is its path
/// unless it came over standard input.
pub(crate) fn mistaken(file: Option<&Path>, text: &[u8], wanted: Kind) -> Option<String> {
    let what = what(text)?;
    let is_wanted = match wanted {
        Kind::CreateSubaccount => what == Is::Creation,
        _ => what == Is::Products,
    };
    (!is_wanted).then(|| told(what, file))
}

fn what(text: &[u8]) -> Option<Is> {
    // What cannot be read has faults, which are told with their places.
    let root = yaml_tree::read(text).ok()?;
    let Value::Object(fields) = &root.value else {
        return None;
    };
    let has = |name: &str| fields.iter().any(|field| field.name == name);
    if has("plan_sha256") {
        Some(Is::Plan)
    } else if has("subaccounts") || has("billing_links") {
        Some(Is::Manifest)
    } else if has("price_books") {
        Some(Is::PriceBooks)
    } else if has("products") {
        Some(Is::Products)
    } else if has("account_type") || has("organization") {
        Some(Is::Creation)
    } else {
        None
    }
}

fn told(what: Is, file: Option<&Path>) -> String {
    let name = file.map_or("FILE".to_owned(), |file| word(&file.display().to_string()));
    let subject = file.map_or("standard input".to_owned(), |file| {
        file.display().to_string()
    });
    match what {
        Is::Plan => format!(
            "{subject} is a plan and not the body of a request; `{}` applies it",
            on_ledger(&format!("apply {name}"))
        ),
        Is::Manifest => format!(
            "{subject} is a manifest and not the body of a request; `{}` shows what it would change",
            on_ledger(&format!("plan {name}"))
        ),
        Is::PriceBooks => format!(
            "{subject} is a manifest with price books and not the body of a request; `{}` takes it, in a \
             folder with the subaccounts that name its price books",
            on_ledger("plan FOLDER")
        ),
        Is::Creation => format!(
            "{subject} creates a subaccount and sets no products; `{}` takes it",
            on_ledger(&format!("subaccount create -f {name}"))
        ),
        Is::Products => format!(
            "{subject} sets products and creates no subaccount; `{}` shows what it would change",
            on_service(&format!("products diff ID -f {name}"))
        ),
    }
}
