//! Manifests: what many subaccounts shall be, in files that people keep in git. Reading them with
//! places, every fault at once; and what each subaccount is to get. Nothing here talks to the
//! service.
//!
//! A file holds price books, subaccounts that refer to them, and billing links. A folder of files
//! is read as one; which file something stands in says nothing.

mod billing_link;
mod creation;
mod document;
mod fault;
mod file;
mod finding;
mod meant_for;
mod object;
mod price_book;
mod schema;
mod spelling;
mod subaccount;
#[cfg(test)]
mod tests;
mod together;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

pub(crate) use billing_link::BillingLink;
pub(crate) use creation::Creation;
pub(crate) use fault::{Fault, Faults};
pub(crate) use finding::{Locator, ManifestFinding};
pub(crate) use price_book::PriceBook;
pub(crate) use schema::ManifestSchema;
pub(crate) use spelling::is_same_file;
pub(crate) use subaccount::{Subaccount, Target};

use crate::failure::Failure;
use crate::files::{Files, Source};
use crate::read;
use crate::yaml_tree::Place;

/// The version of the format that this program reads.
pub(crate) const FORMAT_VERSION: u32 = 1;

/// Everything that the files of a folder say.
#[derive(Debug)]
pub(crate) struct Manifest {
    /// The files, by their paths as they are shown.
    files: Vec<PathBuf>,
    /// SHA-256 over the names of the files below the folder and their bytes.
    pub(crate) digest: String,
    pub(crate) price_books: Vec<Arc<PriceBook>>,
    /// In the order of the files, and within a file as they stand.
    pub(crate) subaccounts: Vec<Subaccount>,
    pub(crate) billing_links: Vec<BillingLink>,
    /// Which account and service the files are meant for.
    meant_for: meant_for::MeantFor,
}

/// Which file, and where in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Location {
    /// The number of the file in `Manifest::files`.
    pub(crate) file: u32,
    pub(crate) place: Place,
}

/// Why there is no manifest.
#[derive(Debug)]
pub(crate) enum Unusable {
    /// The folder or a file cannot be read at all.
    Unreadable(Vec<Failure>),
    /// What stands in the files is wrong.
    Faulty(Faults),
}

impl Manifest {
    /// Reads a file, or every `.json`, `.yaml` and `.yml` file of a folder.
    pub(crate) fn read(path: &Path) -> Result<Self, Unusable> {
        let mut reading = Reading::default();
        let mut failures = Vec::new();
        for source in Files::new(vec![path.to_owned()]) {
            let source = source.map_err(|folder| folder.failure);
            let read = source.and_then(|source| reading.source(path, &source));
            failures.extend(read.err());
        }
        if !failures.is_empty() {
            return Err(Unusable::Unreadable(failures));
        }
        reading.finish()
    }

    /// The path of a file, as it is shown.
    pub(crate) fn path(&self, location: Location) -> &Path {
        let index = usize::try_from(location.file).unwrap_or(usize::MAX);
        self.files
            .get(index)
            .map_or(Path::new(""), PathBuf::as_path)
    }

    /// Shows the files as those of another folder: that of `path` when a plan was made.
    pub(crate) fn name_files_below(&mut self, path: &Path, then: &Path) {
        for file in &mut self.files {
            if let Ok(below) = file.strip_prefix(path) {
                // Joining nothing would add a separator.
                *file = if below.as_os_str().is_empty() {
                    then.to_owned()
                } else {
                    then.join(below)
                };
            }
        }
    }

    /// `prices.yaml:3:5`.
    pub(crate) fn show(&self, location: Location) -> String {
        let Place { line, column } = location.place;
        format!("{}:{line}:{column}", self.path(location).display())
    }
}

/// The files as far as they are read.
#[derive(Default)]
struct Reading {
    files: Vec<PathBuf>,
    digest: Sha256,
    contents: file::Contents,
    faults: Vec<fault::Located>,
    /// Used again for every file.
    text: Vec<u8>,
}

impl Reading {
    fn source(&mut self, root: &Path, source: &Source) -> Result<(), Failure> {
        let Source::File(path) = source else {
            return Err(Failure::new(
                "manifests are files: give a file or a folder, not standard input",
            ));
        };
        read::file(path, &mut self.text)?;
        self.add_to_digest(path.strip_prefix(root).unwrap_or(path));
        let number = u32::try_from(self.files.len()).unwrap_or(u32::MAX);
        self.files.push(path.clone());
        file::read(
            &file::Name { number, path },
            &self.text,
            &mut self.contents,
            &mut self.faults,
        );
        Ok(())
    }

    /// Names and lengths as well as bytes, so that no two folders look the same.
    fn add_to_digest(&mut self, name: &Path) {
        for step in name.components() {
            self.digest.update(step.as_os_str().as_encoded_bytes());
            self.digest.update([0]);
        }
        self.digest.update(self.text.len().to_be_bytes());
        self.digest.update(&self.text);
    }

    fn finish(mut self) -> Result<Manifest, Unusable> {
        let contents = together::put(self.contents, &self.files, &mut self.faults);
        if !self.faults.is_empty() {
            return Err(Unusable::Faulty(Faults::new(self.faults, &self.files)));
        }
        Ok(Manifest {
            files: self.files,
            digest: hex(&self.digest.finalize()),
            price_books: contents.price_books,
            subaccounts: contents.subaccounts,
            billing_links: contents.billing_links,
            meant_for: contents.meant_for,
        })
    }
}

/// Bytes as text, two lower-case digits each.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;

    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}
