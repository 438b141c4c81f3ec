//! The files that the arguments mean, one after the other: only the names of the folders that are
//! being gone through are in memory.

use std::ffi::OsString;
use std::io;
use std::path::{Display, Path, PathBuf};
use std::{fs, vec};

use digicert_validate::Format;

use crate::failure::Failure;

/// Where a document comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    StandardInput,
    File(PathBuf),
}

/// A folder that cannot be gone through, or has nothing to check.
#[derive(Debug)]
pub(crate) struct UnusableFolder {
    pub(crate) path: PathBuf,
    pub(crate) failure: Failure,
}

impl UnusableFolder {
    fn new(path: PathBuf, failure: impl FnOnce(Display<'_>) -> String) -> Self {
        let failure = Failure::new(failure(path.display()));
        Self { path, failure }
    }
}

/// Goes through the arguments in their order, and through folders in the order of names. Hidden
/// folders and links to folders are passed over: the latter could lead in a circle.
#[derive(Debug)]
pub(crate) struct Files {
    arguments: vec::IntoIter<PathBuf>,
    folders: Vec<Folder>,
    /// The argument that is gone through, until a document is found in it.
    still_empty: Option<PathBuf>,
}

#[derive(Debug)]
struct Folder {
    path: PathBuf,
    entries: vec::IntoIter<Entry>,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    name: OsString,
    is_folder: bool,
}

impl Files {
    pub(crate) fn new(arguments: Vec<PathBuf>) -> Self {
        Self {
            arguments: arguments.into_iter(),
            folders: Vec::new(),
            still_empty: None,
        }
    }

    fn argument(&mut self, path: PathBuf) -> Option<Result<Source, UnusableFolder>> {
        if path == Path::new("-") {
            return Some(Ok(Source::StandardInput));
        }
        if !path.is_dir() {
            // If there is no such file, reading it will say so.
            return Some(Ok(Source::File(path)));
        }
        self.still_empty = Some(path.clone());
        self.enter(path).err().map(Err)
    }

    fn enter(&mut self, path: PathBuf) -> Result<(), UnusableFolder> {
        let entries = match entries(&path) {
            Ok(entries) => entries,
            Err(error) => {
                self.still_empty = None;
                let why = |shown: Display<'_>| format!("cannot read the folder {shown}: {error}");
                return Err(UnusableFolder::new(path, why));
            }
        };
        self.folders.push(Folder {
            path,
            entries: entries.into_iter(),
        });
        Ok(())
    }
}

impl Iterator for Files {
    type Item = Result<Source, UnusableFolder>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let Some(folder) = self.folders.last_mut() else {
                if let Some(folder) = self.still_empty.take() {
                    return Some(Err(nothing_in(folder)));
                }
                let path = self.arguments.next()?;
                match self.argument(path) {
                    Some(found) => return Some(found),
                    None => continue,
                }
            };
            let Some(entry) = folder.entries.next() else {
                self.folders.pop();
                continue;
            };
            let path = folder.path.join(entry.name);
            if !entry.is_folder {
                self.still_empty = None;
                return Some(Ok(Source::File(path)));
            }
            if let Err(unusable) = self.enter(path) {
                return Some(Err(unusable));
            }
        }
    }
}

fn nothing_in(folder: PathBuf) -> UnusableFolder {
    UnusableFolder::new(folder, |shown| {
        format!("nothing to check: there is no .json, .yaml or .yml file in {shown}")
    })
}

/// The documents and folders in a folder, sorted.
fn entries(folder: &Path) -> io::Result<Vec<Entry>> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let kind = entry.file_type()?;
        let is_hidden = name.as_encoded_bytes().starts_with(b".");
        let is_document = Format::of_path(Path::new(&name)).is_some();
        if kind.is_dir() && !is_hidden {
            entries.push(Entry {
                name,
                is_folder: true,
            });
        } else if is_document && !kind.is_dir() && !(kind.is_symlink() && entry.path().is_dir()) {
            entries.push(Entry {
                name,
                is_folder: false,
            });
        }
    }
    entries.sort_unstable();
    Ok(entries)
}
