//! The files that the arguments mean, one after the other: only the names of the folders that are
//! being gone through are in memory. Only regular files are read: a pipe without a writer would be waited
//! for without end.

use std::ffi::OsString;
use std::fs::FileType;
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

/// A folder that cannot be gone through, or has nothing to check; or what is no file.
#[derive(Debug)]
pub(crate) struct NotRead {
    pub(crate) path: PathBuf,
    pub(crate) failure: Failure,
}

impl NotRead {
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
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Folder,
    File,
    /// Something else, in words.
    Other(&'static str),
}

impl Files {
    pub(crate) fn new(arguments: Vec<PathBuf>) -> Self {
        Self {
            arguments: arguments.into_iter(),
            folders: Vec::new(),
            still_empty: None,
        }
    }

    fn argument(&mut self, path: PathBuf) -> Option<Result<Source, NotRead>> {
        if path == Path::new("-") {
            return Some(Ok(Source::StandardInput));
        }
        if !path.is_dir() {
            // If there is no such file, reading it will say so.
            let kind = fs::metadata(&path).map(|there| there.file_type());
            return Some(match kind.map(Kind::of) {
                Ok(Kind::Other(what)) if !is_given_by_the_system(&path) => Err(no_file(path, what)),
                _ => Ok(Source::File(path)),
            });
        }
        self.still_empty = Some(path.clone());
        self.enter(path).err().map(Err)
    }

    fn enter(&mut self, path: PathBuf) -> Result<(), NotRead> {
        let entries = match entries(&path) {
            Ok(entries) => entries,
            Err(error) => {
                self.still_empty = None;
                let why = |shown: Display<'_>| format!("cannot read the folder {shown}: {error}");
                return Err(NotRead::new(path, why));
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
    type Item = Result<Source, NotRead>;

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
            match entry.kind {
                Kind::Folder => {
                    if let Err(unusable) = self.enter(path) {
                        return Some(Err(unusable));
                    }
                }
                Kind::File => {
                    self.still_empty = None;
                    return Some(Ok(Source::File(path)));
                }
                Kind::Other(what) => {
                    self.still_empty = None;
                    return Some(Err(no_file(path, what)));
                }
            }
        }
    }
}

fn nothing_in(folder: PathBuf) -> NotRead {
    NotRead::new(folder, |shown| {
        format!("nothing to check: there is no .json, .yaml or .yml file in {shown}")
    })
}

fn no_file(path: PathBuf, what: &str) -> NotRead {
    NotRead::new(path, |shown| {
        format!("{shown} is {what}, not a file, so it is not read; take it out of the files")
    })
}

/// `/dev/stdin`, and what a shell passes for `<(…)`: who names these means what comes over them.
fn is_given_by_the_system(path: &Path) -> bool {
    ["/dev", "/proc"].iter().any(|root| path.starts_with(root))
}

impl Kind {
    fn of(kind: FileType) -> Self {
        if kind.is_file() {
            Self::File
        } else if kind.is_dir() {
            Self::Folder
        } else {
            Self::Other(in_words(kind))
        }
    }

    /// Links are followed to files. One to nowhere is read, which says so.
    fn in_folder(entry: &fs::DirEntry) -> io::Result<Self> {
        let kind = entry.file_type()?;
        if !kind.is_symlink() {
            return Ok(Self::of(kind));
        }
        let behind = fs::metadata(entry.path());
        Ok(behind.map_or(Self::File, |behind| Self::of(behind.file_type())))
    }
}

#[cfg(unix)]
fn in_words(kind: FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt as _;

    if kind.is_fifo() {
        "a pipe"
    } else if kind.is_socket() {
        "a socket"
    } else {
        "a device"
    }
}

#[cfg(not(unix))]
fn in_words(_: FileType) -> &'static str {
    "something else"
}

/// The documents and folders in a folder, sorted.
fn entries(folder: &Path) -> io::Result<Vec<Entry>> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let is_link = entry.file_type()?.is_symlink();
        let is_hidden = name.as_encoded_bytes().starts_with(b".");
        let is_document = Format::of_path(Path::new(&name)).is_some();
        if is_link && !is_document {
            continue;
        }
        let kind = Kind::in_folder(&entry)?;
        let is_meant = match kind {
            Kind::Folder => !is_hidden && !is_link,
            Kind::File | Kind::Other(_) => is_document,
        };
        if is_meant {
            entries.push(Entry { name, kind });
        }
    }
    entries.sort_unstable();
    Ok(entries)
}
