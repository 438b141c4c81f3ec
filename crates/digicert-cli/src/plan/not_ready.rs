//! What a plan needs from the machine that applies it, and what this machine does not have of it:
//! files of keys, and places for new ones.
//!
//! This is no part of the plan. The same manifests and the same live state give the same plan on
//! every machine, and one that may only read makes it for another one that applies it. So it is
//! shown with the plan, again before it is applied, and refuses nothing: what is missing then is
//! not sent, and the others go on.

use std::fmt;
use std::fs::{self, File};
use std::path::Path;

use crate::shell_word::word;

use super::{CreationsInLedger, Places, Spot, Tail};

/// Something that has to be there before a plan is applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NotReady {
    at: Spot,
    /// What is wrong and what to do: begins in lower case, has no full stop.
    message: String,
}

/// Everything that is not ready, in the order of the plan. What the ledger has as begun already is
/// left to it.
pub(crate) fn not_ready(
    tail: &Tail,
    places: &Places<'_>,
    ledger: &CreationsInLedger,
) -> Vec<NotReady> {
    let mut found = Vec::new();
    for planned in &tail.creations {
        let creation = places.creation(&planned.at);
        let path = creation.and_then(|creation| creation.key_out.as_deref());
        let path = path.filter(|_| !ledger.has(&planned.request_sha256));
        found.extend(path.and_then(no_place_for_key).map(|message| NotReady {
            at: planned.at.clone(),
            message,
        }));
    }
    for planned in &tail.billing_links {
        let Some(link) = places.billing_link(&planned.at) else {
            continue;
        };
        let key = Some(&link.api_key_file).filter(|_| planned.after_creation.is_none());
        for path in [Some(&link.partner_api_key_file), key]
            .into_iter()
            .flatten()
        {
            found.extend(no_key(path).map(|message| NotReady {
                at: planned.at.clone(),
                message,
            }));
        }
    }
    found
}

/// Why a new key cannot be put there.
fn no_place_for_key(path: &Path) -> Option<String> {
    if fs::symlink_metadata(path).is_ok() {
        return Some(format!(
            "the key file {} is there already and is never overwritten; move it away, or name \
             another in `key_out`",
            path.display()
        ));
    }
    let folder = path.parent().filter(|path| !path.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    let shown = folder.display();
    match fs::metadata(folder) {
        Ok(there) if !there.is_dir() => Some(format!(
            "{shown} is no folder, so the key {} has no place; name another in `key_out`",
            path.display()
        )),
        Ok(_) if !is_writable(folder) => Some(format!(
            "nothing can be written to the folder {shown}, where the new key goes; change its \
             permissions, or name another in `key_out`"
        )),
        Ok(_) => None,
        Err(_) => Some(format!(
            "the folder {shown} is not there, where the new key goes; make it, and keep what is in \
             it out of git: `mkdir -p {folder} && echo '*' > {ignoring}`",
            folder = word(&shown.to_string()),
            ignoring = word(&folder.join(".gitignore").display().to_string())
        )),
    }
}

/// Why a key cannot be read. What is no file, such as a pipe, is left to the one who needs it.
fn no_key(path: &Path) -> Option<String> {
    let shown = path.display();
    match fs::metadata(path) {
        Err(_) => Some(format!(
            "the key file {shown} is not there; put the key into it"
        )),
        Ok(there) if there.is_file() => {
            let error = File::open(path).err()?;
            Some(format!("the key file {shown} cannot be read: {error}"))
        }
        Ok(_) => None,
    }
}

#[cfg(unix)]
fn is_writable(folder: &Path) -> bool {
    use rustix::fs::{Access, access};

    access(folder, Access::WRITE_OK | Access::EXEC_OK).is_ok()
}

/// Elsewhere only writing tells.
#[cfg(not(unix))]
fn is_writable(_: &Path) -> bool {
    true
}

/// `acme.yaml:3: what is wrong`.
impl fmt::Display for NotReady {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.at.short(), self.message)
    }
}
