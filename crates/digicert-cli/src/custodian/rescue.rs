//! Other places for a key, or for an answer that may hold one, when its own place fails.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// How many names are tried in a folder.
const NAMES: u32 = 100;

/// Writes a secret to the first folder that takes it, in a new file that only its owner can read.
/// Gives the path, or why every folder failed.
pub(super) fn rescue(ledger: &Path, name: &str, secret: &[u8]) -> Result<PathBuf, String> {
    let mut why = Vec::new();
    for folder in folders(ledger) {
        match write_in(&folder, name, secret) {
            Ok(path) => return Ok(path),
            Err(error) => why.push(format!("{}: {error}", folder.display())),
        }
    }
    Err(why.join("; "))
}

/// Beside the ledger, in the home folder, where temporary files are.
fn folders(ledger: &Path) -> impl Iterator<Item = PathBuf> {
    let beside = ledger.parent().map(|folder| folder.join("rescued"));
    [beside, std::env::home_dir(), Some(std::env::temp_dir())]
        .into_iter()
        .flatten()
        .filter(|folder| folder.is_absolute())
}

fn write_in(folder: &Path, name: &str, secret: &[u8]) -> io::Result<PathBuf> {
    fs::create_dir_all(folder)?;
    for number in 1..=NAMES {
        let path = folder.join(match number {
            1 => name.to_owned(),
            _ => format!("{name}.{number}"),
        });
        match create(&path) {
            Ok(file) => {
                return match write(&file, &path, secret) {
                    Ok(()) => Ok(path),
                    Err(error) => {
                        // Half a key looks like a key.
                        let _ = fs::remove_file(&path);
                        Err(error)
                    }
                };
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::other(format!(
        "there are {NAMES} files named {name} already"
    )))
}

/// A new file that only its owner can read; what is there already is never opened. Its name is on
/// the disk when this returns.
pub(super) fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    let synced = file.sync_all().and_then(|()| sync_folder(path));
    match synced {
        Ok(()) => Ok(file),
        Err(error) => {
            let _ = fs::remove_file(path);
            Err(error)
        }
    }
}

/// Writes a secret to a new file. It is on the disk, and found under its path, when this returns.
pub(super) fn write(mut file: &File, path: &Path, secret: &[u8]) -> io::Result<()> {
    file.write_all(secret)?;
    file.sync_all()?;
    // The folder may have been moved away or cleaned up since: then the file is nowhere.
    let found = fs::read(path).map(zeroize::Zeroizing::new);
    match found {
        Ok(found) if found.as_slice() == secret => Ok(()),
        Ok(_) => Err(io::Error::other("another file has taken its place")),
        Err(error) => Err(error),
    }
}

#[cfg(unix)]
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

/// Elsewhere a folder cannot be opened, and the file system sees to it.
#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}
