//! The former state as a file that `digicert products set` takes, on the disk before anything is
//! changed.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use digicert_types::certcentral::SubaccountProducts;

use crate::durable_file;
use crate::failure::Failure;
use crate::price_change::{fingerprint, former_state};

/// Where the file goes. What is there already is never overwritten.
#[derive(Clone, Debug)]
pub(crate) enum FormerStatePlace {
    /// A file of its own in a folder, named after the subaccount and its state.
    Folder(PathBuf),
    File(PathBuf),
}

impl FormerStatePlace {
    /// The folder for all of them, beside the ledger.
    pub(crate) fn beside(ledger: &Path) -> Self {
        let folder = ledger.parent().unwrap_or(Path::new("."));
        Self::Folder(folder.join("former-states"))
    }

    /// Writes the file; gives its path. A file with the same content will do.
    pub(super) fn keep(&self, id: i64, live: &SubaccountProducts) -> Result<PathBuf, Failure> {
        let text = serde_json::to_string_pretty(&former_state(live));
        let text = text.map_err(Failure::from_display)? + "\n";
        let (kept, path) = match self {
            Self::File(path) => (write(path, &text), path.clone()),
            Self::Folder(folder) => {
                let path = folder.join(name(id, live));
                let kept = durable_file::create_folder(folder).and_then(|()| write(&path, &text));
                (kept, path)
            }
        };
        match kept {
            Ok(()) => Ok(path),
            Err(error) => Err(Failure::new(format!(
                "cannot keep the former state in {}: {error}; nothing was changed; {}",
                path.display(),
                self.remedy()
            ))),
        }
    }

    fn remedy(&self) -> &'static str {
        match self {
            Self::File(_) => "name another place with --former-state",
            Self::Folder(_) => "make that folder usable, or name a ledger elsewhere with --ledger",
        }
    }
}

fn name(id: i64, live: &SubaccountProducts) -> String {
    const DIGITS: usize = 16;
    let fingerprint = fingerprint(live);
    let digits = fingerprint.trim_start_matches("sha256:");
    format!("{id}-{}.json", digits.get(..DIGITS).unwrap_or(digits))
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    match durable_file::create_whole(path, text.as_bytes()) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists && path.exists() => {
            if fs::read(path).is_ok_and(|there| there == text.as_bytes()) {
                // Whoever wrote it may have been killed before this.
                durable_file::sync_folder_of(path)
            } else {
                Err(io::Error::new(
                    ErrorKind::AlreadyExists,
                    "there is another file of this name",
                ))
            }
        }
        written => written,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn live(cost: i64) -> SubaccountProducts {
        serde_json::from_value(json!({"products": [
            {"product_name_id": "ssl_plus", "prices": [{"lifetime": 1, "cost": cost}]}]}))
        .unwrap()
    }

    #[test]
    fn another_file_is_never_overwritten_and_the_same_one_will_do() {
        let folder = tempfile::tempdir().unwrap();
        let place = FormerStatePlace::File(folder.path().join("before.json"));
        let path = place.keep(7, &live(412)).unwrap();
        assert_eq!(place.keep(7, &live(412)).unwrap(), path);
        let failure = place.keep(7, &live(413)).unwrap_err().to_string();
        assert!(
            failure.contains("another file of this name; nothing was changed"),
            "{failure}"
        );
        let kept: serde_json::Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        assert_eq!(kept["products"][0]["prices"][0]["cost"], 412);
        assert_eq!(
            fs::read_dir(folder.path()).unwrap().count(),
            1,
            "a draft was left"
        );
    }

    #[test]
    fn in_a_folder_each_state_has_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let place = FormerStatePlace::beside(&folder.path().join("ledger.sqlite"));
        let first = place.keep(7, &live(412)).unwrap();
        let second = place.keep(7, &live(413)).unwrap();
        let other = place.keep(8, &live(412)).unwrap();
        assert_eq!(place.keep(7, &live(412)).unwrap(), first);
        assert!(first != second && first != other && second != other);
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_can_read_it() {
        use std::os::unix::fs::PermissionsExt as _;

        let folder = tempfile::tempdir().unwrap();
        let place = FormerStatePlace::beside(&folder.path().join("ledger.sqlite"));
        let path = place.keep(7, &live(412)).unwrap();
        assert_eq!(
            fs::metadata(path).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }
}
