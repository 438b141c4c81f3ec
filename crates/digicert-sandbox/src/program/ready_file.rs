//! The file that tells scripts that the sandbox listens, and where, and with which keys.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use digicert_sandbox::Sandbox;
use serde_json::{Value, json};
use tempfile::NamedTempFile;

/// A ready file that was written.
pub(crate) struct ReadyFile {
    path: PathBuf,
    content: String,
}

impl ReadyFile {
    /// Writes the file, readable for its owner only, because it holds keys. It appears as a
    /// whole: a script that finds it can read it.
    pub(crate) fn write(path: &Path, sandbox: &Sandbox) -> Result<Self, String> {
        let content = json!({
            "origin": sandbox.origin(),
            "certcentral_url": sandbox.certcentral_url(),
            "partner_url": sandbox.partner_url(),
            "certcentral_key": sandbox.certcentral_key(),
            "partner_key": sandbox.partner_key(),
        });
        let content = format!("{content}\n");
        // A link, such as `/dev/stdout`, is not replaced, but what it leads to.
        let place = fs::canonicalize(path).unwrap_or(path.to_owned());
        match write_at_once(&place, &content) {
            Ok(()) => Ok(Self {
                path: place,
                content,
            }),
            Err(error) => Err(format!(
                "cannot write the ready file {}: {error}; choose a path in a folder that exists \
                 and that you may write to",
                path.display()
            )),
        }
    }

    /// Removes the file, so that the next start is not taken for complete too early. A file
    /// that somebody else has put there since stays.
    pub(crate) fn remove(self) {
        if fs::read_to_string(&self.path).is_ok_and(|found| found == self.content) {
            // It is a courtesy; there is nothing to do about a failure.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Whether nothing is lost with what is there: a sandbox that was killed has left its file. Any other
/// may be the only copy of a key.
fn is_nothing_or_ready_file(path: &Path) -> io::Result<bool> {
    let there = match fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(true),
        there => there?,
    };
    let found = serde_json::from_slice::<Value>(&there).unwrap_or_default();
    let is_own = ["origin", "certcentral_url", "partner_url"].map(|name| found[name].is_string());
    Ok(there.is_empty() || is_own == [true; 3])
}

/// Writes beside the file and renames. Temporary files have mode 0600 from the start.
fn write_at_once(path: &Path, content: &str) -> io::Result<()> {
    // A renaming would replace it, be it a device of the system.
    if fs::metadata(path).is_ok_and(|there| !there.is_file()) {
        return Err(io::Error::other("it is a pipe, a device or a folder"));
    }
    if !is_nothing_or_ready_file(path)? {
        return Err(io::Error::other("there is another file of this name"));
    }
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut file = NamedTempFile::new_in(folder)?;
    file.write_all(content.as_bytes())?;
    file.persist(path)?;
    Ok(())
}
