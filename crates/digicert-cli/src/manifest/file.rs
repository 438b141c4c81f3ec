//! One file of a manifest: its lists, and what it may be mistaken for.

use std::collections::HashSet;
use std::path::Path;

use serde::de::IgnoredAny;

use super::fault::Located;
use super::meant_for::MeantFor;
use super::object::Reader;
use super::subaccount::Unresolved;
use super::{BillingLink, FORMAT_VERSION, PriceBook};
use crate::yaml_tree::{self, Fault, Node, Place, Value};

const FIELDS: [&str; 7] = [
    "format_version",
    "account_id",
    "origin",
    "region",
    "price_books",
    "subaccounts",
    "billing_links",
];

/// What files say, before they are put together.
#[derive(Debug, Default)]
pub(super) struct Contents {
    pub(super) price_books: Vec<PriceBook>,
    /// The names of those that have faults: who refers to them has none.
    pub(super) faulty_books: HashSet<String>,
    /// A file could not be read to its end: what is missed may stand in it.
    pub(super) is_damaged: bool,
    pub(super) subaccounts: Vec<Unresolved>,
    pub(super) billing_links: Vec<BillingLink>,
    pub(super) meant_for: MeantFor,
}

/// The name of a file.
#[derive(Debug)]
pub(super) struct Name<'a> {
    pub(super) number: u32,
    pub(super) path: &'a Path,
}

/// Reads one file.
pub(super) fn read(
    name: &Name<'_>,
    text: &[u8],
    contents: &mut Contents,
    faults: &mut Vec<Located>,
) {
    let mut reader = Reader {
        file: name.number,
        faults,
    };
    let sound = merge_conflict(text).map_or(Ok(()), Err);
    let in_words_of_json = |fault| not_json(name.path, text).unwrap_or(fault);
    match sound.and_then(|()| yaml_tree::read(text).map_err(in_words_of_json)) {
        Ok(root) => {
            let folder = name.path.parent().unwrap_or(Path::new(""));
            reader.file(&root, folder, contents);
        }
        Err(fault) => {
            reader.fault(fault.place, fault.message);
            contents.is_damaged = true;
        }
    }
}

/// Where Git has left both sides of a change to be chosen from.
fn merge_conflict(text: &[u8]) -> Option<Fault> {
    let mut lines = (1..).zip(text.split(|byte| *byte == b'\n'));
    let (line, _) = lines.find(|(_, line)| line.starts_with(b"<<<<<<< "))?;
    Some(Fault {
        place: Place { line, column: 1 },
        message:
            "a merge conflict begins here: keep one of its two sides, and remove the lines with \
                  <<<<<<<, ======= and >>>>>>>"
                .to_owned(),
    })
}

/// What is wrong with a file that was to be JSON, in the words of JSON.
fn not_json(path: &Path, text: &[u8]) -> Option<Fault> {
    let is_meant = path
        .extension()
        .is_some_and(|end| end.eq_ignore_ascii_case("json"));
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let error = serde_json::from_slice::<IgnoredAny>(text).err()?;
    let said = error.to_string();
    // It ends with the place, which stands in front here.
    let said = said.split(" at line ").next().unwrap_or(&said);
    let number = |number: usize| u32::try_from(number.max(1)).unwrap_or(u32::MAX);
    is_meant.then(|| Fault {
        place: Place {
            line: number(error.line()),
            column: number(error.column()),
        },
        message: format!("it is not JSON: {said}"),
    })
}

impl Reader<'_> {
    fn file(&mut self, root: &Node, folder: &Path, contents: &mut Contents) {
        if let Some(message) = mistaken(root) {
            self.fault(Place::START, message);
            return;
        }
        let Some(file) = self.object(root, "a manifest", &FIELDS) else {
            return;
        };
        let version = file.get("format_version").map(|field| &field.node);
        self.version(version, file.place);
        let meant = &mut contents.meant_for;
        let account = file.get("account_id");
        meant
            .accounts
            .extend(account.and_then(|field| self.meant_account(field)));
        let origin = file.get("origin");
        meant
            .origins
            .extend(origin.and_then(|field| self.meant_origin(field)));
        let region = file.get("region");
        meant
            .origins
            .extend(region.and_then(|field| self.meant_region(field)));
        if let Some(books) = file.get("price_books") {
            for field in self
                .fields(&books.node, "`price_books`")
                .unwrap_or_default()
            {
                match self.price_book(field) {
                    Some(book) => contents.price_books.push(book),
                    None => _ = contents.faulty_books.insert(field.name.clone()),
                }
            }
        }
        if let Some(field) = file.get("subaccounts") {
            for (index, node) in (0..).zip(self.list(field)) {
                let subaccount = self.subaccount(index, node, folder);
                contents.subaccounts.extend(subaccount);
            }
        }
        if let Some(field) = file.get("billing_links") {
            for node in self.list(field) {
                contents
                    .billing_links
                    .extend(self.billing_link(node, folder));
            }
        }
    }

    fn version(&mut self, version: Option<&Node>, start: Place) {
        let Some(version) = version else {
            let message = format!("a manifest begins with `format_version: {FORMAT_VERSION}`");
            return self.fault(start, message);
        };
        let is_known = matches!(&version.value, Value::Number(digits)
            if digits.parse() == Ok(FORMAT_VERSION));
        if !is_known {
            let message = format!("this program reads `format_version: {FORMAT_VERSION}` only");
            self.fault(version.place, message);
        }
    }
}

/// What a file is that is no manifest, if one can tell, and which command takes it.
fn mistaken(root: &Node) -> Option<&'static str> {
    let Value::Object(fields) = &root.value else {
        return None;
    };
    let has = |name: &str| fields.iter().any(|field| field.name == name);
    if has("plan_sha256") || has("manifest_sha256") {
        return Some(
            "this is a plan, not a manifest: `digicert apply` takes it; keep it outside the folder of \
             manifests",
        );
    }
    if FIELDS.iter().any(|name| has(name)) {
        return None;
    }
    if has("products") {
        return Some(
            "this is the body of one request, not a manifest: `digicert products diff ID -f` and \
             `products set` take it; in a manifest it stands under `price_books`",
        );
    }
    has("account_type").then_some(
        "this is the body of one request, not a manifest: `digicert subaccount create -f` takes it; in a \
         manifest it stands under `create`",
    )
}
