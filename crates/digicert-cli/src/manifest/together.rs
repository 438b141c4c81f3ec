//! All files together: price books by their names, and what stands twice.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use digicert_validate::nearest;

use super::fault::Located;
use super::file::Contents;
use super::meant_for::{MeantFor, report_others};
use super::object::shortened;
use super::spelling::plain;
use super::subaccount::Unresolved;
use super::{BillingLink, Location, PriceBook, Subaccount, Target};

/// What the files say together.
#[derive(Debug)]
pub(super) struct Together {
    pub(super) price_books: Vec<Arc<PriceBook>>,
    pub(super) subaccounts: Vec<Subaccount>,
    pub(super) billing_links: Vec<BillingLink>,
    pub(super) meant_for: MeantFor,
}

/// Resolves the names and reports what stands twice.
pub(super) fn put(contents: Contents, files: &[PathBuf], faults: &mut Vec<Located>) -> Together {
    let mut once = Duplicates { files, faults };
    let price_books: Vec<_> = contents.price_books.into_iter().map(Arc::new).collect();
    let mut names = HashMap::new();
    for book in &price_books {
        let what = || format!("the price book `{}`", shortened(&book.name));
        once.insert(&mut names, book.name.clone(), book.at, what);
    }
    let books = Books {
        by_name: price_books
            .iter()
            .map(|book| (book.name.as_str(), book))
            .collect(),
        faulty: contents.faulty_books,
        is_damaged: contents.is_damaged,
    };
    let unresolved = contents.subaccounts.into_iter();
    let subaccounts: Vec<_> = unresolved
        .map(|subaccount| resolve(subaccount, &books, once.faults))
        .collect();
    once.subaccounts(&subaccounts);
    once.billing_links(&contents.billing_links);
    once.meant_for(&contents.meant_for);
    Together {
        price_books,
        subaccounts,
        billing_links: contents.billing_links,
        meant_for: contents.meant_for,
    }
}

struct Books<'a> {
    by_name: HashMap<&'a str, &'a Arc<PriceBook>>,
    faulty: HashSet<String>,
    /// There may be more of them.
    is_damaged: bool,
}

fn resolve(unresolved: Unresolved, books: &Books<'_>, faults: &mut Vec<Located>) -> Subaccount {
    let mut subaccount = unresolved.subaccount;
    let Some((name, at)) = unresolved.price_book else {
        return subaccount;
    };
    if books.faulty.contains(&name) {
        return subaccount;
    }
    let Some(book) = books.by_name.get(name.as_str()) else {
        if books.is_damaged {
            return subaccount;
        }
        let message = match nearest(&name, books.by_name.keys().copied()) {
            Some(meant) => format!(
                "there is no price book `{}`; did you mean `{meant}`?",
                shortened(&name)
            ),
            None => format!(
                "there is no price book `{}`; add it to `price_books` of any file",
                shortened(&name)
            ),
        };
        faults.push(Located::new(at, message));
        return subaccount;
    };
    let without = subaccount
        .overrides
        .as_deref()
        .map(|overrides| &overrides.without);
    for (product, at) in without.into_iter().flatten().zip(&unresolved.without_at) {
        if !book.has(product) {
            faults.push(Located::new(*at, not_in_book(product, book)));
        }
    }
    subaccount.price_book = Some(Arc::clone(book));
    subaccount
}

fn not_in_book(product: &str, book: &PriceBook) -> String {
    let products = book.request.products.iter();
    let ids = products.filter_map(|product| product.product_name_id.as_deref());
    let message = format!(
        "`{}` is not in the price book `{}`",
        shortened(product),
        shortened(&book.name)
    );
    match nearest(product, ids) {
        Some(meant) => format!("{message}; did you mean `{meant}`?"),
        None => format!("{message}, so there is nothing to leave out"),
    }
}

/// Reports what stands twice, with both places.
struct Duplicates<'a> {
    files: &'a [PathBuf],
    faults: &'a mut Vec<Located>,
}

impl Duplicates<'_> {
    fn insert<K: Eq + Hash>(
        &mut self,
        seen: &mut HashMap<K, Location>,
        key: K,
        at: Location,
        what: impl Fn() -> String,
    ) {
        if let Some(first) = seen.get(&key) {
            let message = format!(
                "{} stands here a second time; first in {}",
                what(),
                shown(self.files, *first)
            );
            self.faults.push(Located::new(at, message));
        } else {
            seen.insert(key, at);
        }
    }

    fn subaccounts(&mut self, subaccounts: &[Subaccount]) {
        let (mut ids, mut names, mut keys) = (HashMap::new(), HashMap::new(), HashMap::new());
        for subaccount in subaccounts {
            match &subaccount.target {
                Target::Existing(id) => {
                    let what = || format!("subaccount {id}");
                    self.insert(&mut ids, *id, subaccount.at, what);
                }
                Target::Creation(creation) => {
                    let what = || {
                        let name = shortened(&creation.name());
                        format!("the creation of `{name}`")
                    };
                    self.insert(&mut names, creation.identity(), subaccount.at, what);
                    if let (Some(path), Some(at)) = (&creation.key_out, creation.key_at) {
                        let what = || format!("the key file `{}`", path.display());
                        self.insert(&mut keys, plain(path), at, what);
                    }
                }
            }
        }
    }

    fn meant_for(&mut self, meant: &MeantFor) {
        let files = self.files;
        let shown = |what: String, at| format!("{what} in {}", shown(files, at));
        let account = |id: &i64, at| shown(format!("account {id}"), at);
        report_others(&meant.accounts, account, self.faults);
        let origin = |origin: &String, at| shown(origin.clone(), at);
        report_others(&meant.origins, origin, self.faults);
    }

    /// A partner account has one billing account: of two links the later one would win. That two
    /// files hold one key is seen when they are applied.
    fn billing_links(&mut self, links: &[BillingLink]) {
        let mut partners = HashMap::new();
        for link in links {
            let path = &link.partner_api_key_file;
            let what = || format!("the billing link of `{}`", path.display());
            self.insert(&mut partners, plain(path), link.at, what);
        }
    }
}

fn shown(files: &[PathBuf], location: Location) -> String {
    let index = usize::try_from(location.file).unwrap_or(usize::MAX);
    let path = files.get(index).map_or(Path::new(""), PathBuf::as_path);
    let place = location.place;
    format!("{}:{}:{}", path.display(), place.line, place.column)
}
