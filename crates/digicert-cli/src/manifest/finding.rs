//! What the rules find in the documents of a manifest, at the place where it is written.
//!
//! No tree of a file is kept: only when there is a finding, its file is read once more.

use std::fs;

use digicert_validate::{Finding, RuleInfo, Severity};
use serde::{Deserialize, Serialize};

use super::subaccount::Origin;
use super::{Location, Manifest, PriceBook, Subaccount};
use crate::yaml_tree::{self, Node, Place};

/// How many files are kept for the next findings: those of a subaccount and of its price book.
const KEPT_FILES: usize = 4;

/// A finding, and where what it is about is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ManifestFinding {
    pub(crate) code: String,
    pub(crate) rule: String,
    pub(crate) severity: Severity,
    pub(crate) path: String,
    pub(crate) line: u32,
    pub(crate) column: u32,
    pub(crate) message: String,
    pub(crate) help: String,
}

impl ManifestFinding {
    /// What a rule says of a subaccount as a whole.
    pub(crate) fn at_subaccount(
        manifest: &Manifest,
        subaccount: &Subaccount,
        rule: &RuleInfo,
        message: String,
        help: String,
    ) -> Self {
        let Location { place, .. } = subaccount.at;
        Self {
            code: rule.code.to_owned(),
            rule: rule.name.to_owned(),
            severity: rule.severity,
            path: manifest.path(subaccount.at).display().to_string(),
            line: place.line,
            column: place.column,
            message,
            help,
        }
    }
}

/// Finds places in the files of a manifest.
#[derive(Debug)]
pub(crate) struct Locator<'m> {
    manifest: &'m Manifest,
    /// The files that were needed last, the latest at the end.
    trees: Vec<(u32, Node)>,
}

impl<'m> Locator<'m> {
    pub(crate) fn new(manifest: &'m Manifest) -> Self {
        Self {
            manifest,
            trees: Vec::new(),
        }
    }

    /// A finding about a price book.
    pub(crate) fn in_book(&mut self, book: &PriceBook, finding: &Finding) -> ManifestFinding {
        let pointer = format!("{}{}", book.pointer, finding.pointer);
        self.at(book.at, &pointer, finding)
    }

    /// A finding about the document that creates a subaccount.
    pub(crate) fn in_creation(
        &mut self,
        subaccount: &Subaccount,
        finding: &Finding,
    ) -> ManifestFinding {
        let pointer = format!(
            "/subaccounts/{}/create{}",
            subaccount.index, finding.pointer
        );
        self.at(subaccount.at, &pointer, finding)
    }

    /// Where a value of the document that creates a subaccount is written.
    pub(crate) fn place_in_creation(&mut self, subaccount: &Subaccount, pointer: &str) -> Location {
        let pointer = format!("/subaccounts/{}/create{pointer}", subaccount.index);
        Location {
            file: subaccount.at.file,
            place: self.place(subaccount.at, &pointer),
        }
    }

    /// A finding about the products that a subaccount shall have; they are written in its price
    /// book or with itself.
    pub(crate) fn in_products(
        &mut self,
        subaccount: &Subaccount,
        finding: &Finding,
    ) -> ManifestFinding {
        let own = format!("/subaccounts/{}", subaccount.index);
        let pointer = finding.pointer.as_str();
        let Some(book) = subaccount.price_book.as_deref() else {
            return self.at(subaccount.at, &own, finding);
        };
        let in_book = |rest: &str| format!("{}{rest}", book.pointer);
        let product = pointer.strip_prefix("/products/").map(|rest| {
            let (index, rest) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
            let index = index.parse().unwrap_or(usize::MAX);
            (subaccount.origins().get(index).copied(), rest)
        });
        let own_limit = || {
            let overrides = subaccount.overrides.as_deref();
            let limit = overrides.and_then(|own| own.changed.balance_negative_limit);
            pointer == "/balance_negative_limit" && limit.is_some()
        };
        match product {
            Some((Some(Origin::Book(index)), rest)) => self.at(
                book.at,
                &in_book(&format!("/products/{index}{rest}")),
                finding,
            ),
            Some((Some(Origin::Own(index)), rest)) => self.at(
                subaccount.at,
                &format!("{own}/products/{index}{rest}"),
                finding,
            ),
            None if own_limit() => self.at(subaccount.at, &format!("{own}{pointer}"), finding),
            None if !matches!(pointer, "" | "/products") => {
                self.at(book.at, &in_book(pointer), finding)
            }
            _ => self.at(subaccount.at, &own, finding),
        }
    }

    fn at(&mut self, near: Location, pointer: &str, finding: &Finding) -> ManifestFinding {
        let place = self.place(near, pointer);
        ManifestFinding {
            code: finding.rule.code.to_owned(),
            rule: finding.rule.name.to_owned(),
            severity: finding.severity,
            path: self.manifest.path(near).display().to_string(),
            line: place.line,
            column: place.column,
            message: finding.message.clone(),
            help: finding.help.clone(),
        }
    }

    /// The place of a pointer; of the object around it if the file was changed meanwhile.
    fn place(&mut self, near: Location, pointer: &str) -> Place {
        if let Some(at) = self.trees.iter().position(|(file, _)| *file == near.file) {
            let tree = self.trees.remove(at);
            self.trees.push(tree);
        } else {
            let text = fs::read(self.manifest.path(near)).unwrap_or_default();
            let Ok(tree) = yaml_tree::read(&text) else {
                return near.place;
            };
            if self.trees.len() == KEPT_FILES {
                self.trees.remove(0);
            }
            self.trees.push((near.file, tree));
        }
        let tree = self.trees.last();
        tree.map_or(near.place, |(_, tree)| tree.nearest_to(pointer).place)
    }
}
