//! The file that a plan is kept in: there only when it is complete. Until then it has a name of its
//! own beside it, and what was there before stays.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::file;
use crate::durable_file;
use crate::failure::Failure;

/// As many links in a row as Linux follows.
const MAX_LINKS: usize = 40;

/// A plan that is being written.
pub(crate) struct PartFile {
    file: File,
    part: PathBuf,
    /// Where it goes, behind all links.
    place: PathBuf,
    /// As the user names it.
    path: PathBuf,
    kept: bool,
}

impl PartFile {
    pub(crate) fn create(path: &Path) -> Result<Self, Failure> {
        refuse_what_is_no_file(path)?;
        let place = behind_links(path).map_err(|error| cannot_write(path, &error))?;
        refuse_what_is_no_plan(path, is_empty_or(&place, file::is_plan))?;
        let mut name = place.as_os_str().to_owned();
        name.push(".part");
        let part = PathBuf::from(name);
        if !part.is_symlink() {
            refuse_what_is_no_plan(&part, is_empty_or(&part, file::is_begun_as_plan))?;
        }
        let file = create_anew(&part).map_err(|error| cannot_write(path, &error))?;
        Ok(Self {
            file,
            part,
            place,
            path: path.to_owned(),
            kept: false,
        })
    }

    pub(crate) fn file(&self) -> Result<File, Failure> {
        self.file
            .try_clone()
            .map_err(|error| cannot_write(&self.path, &error))
    }

    pub(crate) fn keep(mut self) -> Result<(), Failure> {
        // Making it took its time; a key may have been put there meanwhile.
        refuse_what_is_no_plan(&self.path, is_empty_or(&self.place, file::is_plan))?;
        let kept = self
            .take_rights_over()
            .and_then(|()| self.file.sync_all())
            .and_then(|()| fs::rename(&self.part, &self.place))
            .and_then(|()| durable_file::sync_folder_of(&self.place));
        kept.map_err(|error| cannot_write(&self.path, &error))?;
        self.kept = true;
        Ok(())
    }

    /// Who could not read the former plan cannot read this one.
    fn take_rights_over(&self) -> io::Result<()> {
        match fs::metadata(&self.place) {
            Ok(former) => self.file.set_permissions(former.permissions()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error),
        }
    }
}

impl Drop for PartFile {
    fn drop(&mut self) {
        if !self.kept {
            // What is left of it is of no use; if it cannot be removed, its name says so.
            let _ = fs::remove_file(&self.part);
        }
    }
}

/// A device or a pipe would not be written to, but replaced.
fn refuse_what_is_no_file(path: &Path) -> Result<(), Failure> {
    let is_other = fs::metadata(path).is_ok_and(|there| !there.is_file());
    if !is_other && path != Path::new("-") {
        return Ok(());
    }
    Err(Failure::new(format!(
        "{} is no file to keep a plan in; `--format json` prints it instead",
        path.display()
    )))
}

/// What is there may be the only copy of a key, a ledger, a price list: by whom it is missed, no
/// program can tell.
fn refuse_what_is_no_plan(path: &Path, may_go: io::Result<bool>) -> Result<(), Failure> {
    let name = path.display();
    match may_go {
        Ok(true) => Ok(()),
        Ok(false) => Err(Failure::new(format!(
            "{name} is there already and is no plan, so it is not overwritten; name another file"
        ))),
        Err(error) => Err(Failure::new(format!(
            "{name} is there already and cannot be read, so it is not overwritten: {error}; name \
             another file"
        ))),
    }
}

/// Whether nothing is lost with a file: there is none, it is empty, or it is what is looked for.
fn is_empty_or(path: &Path, is_so: fn(File) -> io::Result<bool>) -> io::Result<bool> {
    match File::open(path) {
        Ok(file) => Ok(file.metadata()?.len() == 0 || is_so(file)?),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(error),
    }
}

/// Where a file is that is named by a link, whether it is there yet or not: moving a file to the name
/// of a link would replace the link.
fn behind_links(path: &Path) -> io::Result<PathBuf> {
    let mut place = path.to_owned();
    for _ in 0..MAX_LINKS {
        // What is no link, or not there, is the place.
        let Ok(target) = fs::read_link(&place) else {
            return Ok(place);
        };
        let folder = place.parent().unwrap_or(Path::new(""));
        place = folder.join(target);
    }
    Err(io::Error::other("its links lead in a circle"))
}

/// What a killed run has left goes. Opening it might follow a link to somewhere else.
fn create_anew(part: &Path) -> io::Result<File> {
    match fs::remove_file(part) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => File::create_new(part),
    }
}

fn cannot_write(path: &Path, error: &io::Error) -> Failure {
    Failure::new(format!("cannot write the plan {}: {error}", path.display()))
}
