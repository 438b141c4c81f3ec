//! Other places for a key, or for an answer that may hold one, when its own place fails.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::durable_file;

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
    durable_file::create_folder(folder)?;
    for number in 1..=NAMES {
        let path = folder.join(match number {
            1 => name.to_owned(),
            _ => format!("{name}.{number}"),
        });
        match durable_file::create(&path) {
            Ok(file) => {
                return match durable_file::write(&file, &path, secret) {
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
