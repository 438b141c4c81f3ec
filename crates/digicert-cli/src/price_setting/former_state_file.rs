//! The former state as a file that `digicert products set` takes, on the disk before anything is
//! changed.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use digicert_types::certcentral::SetSubaccountProductsRequest;
use serde::Serialize;

use super::former_state_of::{FormerStateOf, Member};
use crate::durable_file;
use crate::failure::Failure;
use crate::price_change::{LiveState, fingerprint, former_state};

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

    /// Writes the file; gives its path. A file with the same former state will do.
    pub(super) fn keep(&self, of: FormerStateOf, live: &LiveState) -> Result<PathBuf, Failure> {
        let content = Content {
            former_state_of: of,
            request: former_state(live),
        };
        let (kept, path) = match self {
            Self::File(path) => (content.write(path), path.clone()),
            Self::Folder(folder) => {
                let name = name(content.former_state_of.subaccount_id, live);
                content.write_in(folder, &name)
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

/// Without the ending.
fn name(id: i64, live: &LiveState) -> String {
    const DIGITS: usize = 16;
    let fingerprint = fingerprint(live);
    let digits = fingerprint.trim_start_matches("sha256:");
    format!("{id}-{}", digits.get(..DIGITS).unwrap_or(digits))
}

/// What is in the file.
#[derive(Serialize)]
struct Content {
    former_state_of: FormerStateOf,
    #[serde(flatten)]
    request: SetSubaccountProductsRequest,
}

impl Content {
    /// Another service may have a subaccount of the same ID with the same products, and a file of an
    /// earlier version does not say whose it is. So there may be several of one name.
    fn write_in(&self, folder: &Path, name: &str) -> (io::Result<()>, PathBuf) {
        const TRIES: usize = 100;
        let first = folder.join(format!("{name}.json"));
        if let Err(error) = durable_file::create_folder(folder) {
            return (Err(error), first);
        }
        let numbered = (2..=TRIES).map(|number| folder.join(format!("{name}-{number}.json")));
        let mut written = self.write(&first);
        let mut path = first;
        for next in numbered {
            match &written {
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                    written = self.write(&next);
                    path = next;
                }
                _ => break,
            }
        }
        (written, path)
    }

    fn write(&self, path: &Path) -> io::Result<()> {
        let text = serde_json::to_string_pretty(self)? + "\n";
        match durable_file::create_whole(path, text.as_bytes()) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists && path.exists() => {
                if self.is_in(path) {
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

    /// Whether a file is the same former state of the same subaccount, whenever it was kept.
    fn is_in(&self, path: &Path) -> bool {
        let Ok(text) = fs::read(path) else {
            return false;
        };
        let FormerStateOf {
            origin,
            subaccount_id,
            ..
        } = &self.former_state_of;
        let of = serde_json::from_slice(&text).map(|Member { former_state_of }| former_state_of);
        let is_of_same = matches!(of, Ok(Some(of)) if of.is_of(origin, *subaccount_id));
        is_of_same
            && serde_json::from_slice(&text)
                .is_ok_and(|request: SetSubaccountProductsRequest| request == self.request)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::price_change::samples;

    fn live(cost: i64) -> LiveState {
        samples::live(json!({"products": [
            {"product_name_id": "ssl_plus", "prices": [{"lifetime": 1, "cost": cost}]}]}))
    }

    fn of(id: i64) -> FormerStateOf {
        FormerStateOf::now("http://127.0.0.1", id, Some("Example"))
    }

    #[test]
    fn another_file_is_never_overwritten_and_the_same_one_will_do() {
        let folder = tempfile::tempdir().unwrap();
        let place = FormerStatePlace::File(folder.path().join("before.json"));
        let path = place.keep(of(7), &live(412)).unwrap();
        assert_eq!(place.keep(of(7), &live(412)).unwrap(), path);
        let failure = place.keep(of(7), &live(413)).unwrap_err().to_string();
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
        let first = place.keep(of(7), &live(412)).unwrap();
        let second = place.keep(of(7), &live(413)).unwrap();
        let other = place.keep(of(8), &live(412)).unwrap();
        assert_eq!(place.keep(of(7), &live(412)).unwrap(), first);
        assert!(first != second && first != other && second != other);
    }

    #[test]
    fn what_another_service_or_an_earlier_version_has_left_is_another_file() {
        let folder = tempfile::tempdir().unwrap();
        let place = FormerStatePlace::beside(&folder.path().join("ledger.sqlite"));
        let first = place.keep(of(7), &live(412)).unwrap();
        let elsewhere = || FormerStateOf::now("http://127.0.0.2", 7, None);
        let second = place.keep(elsewhere(), &live(412)).unwrap();
        assert_ne!(first, second);
        assert_eq!(place.keep(elsewhere(), &live(412)).unwrap(), second);
        assert_eq!(place.keep(of(7), &live(412)).unwrap(), first);

        let old = serde_json::to_string(&former_state(&live(412))).unwrap();
        fs::write(&first, &old).unwrap();
        let third = place.keep(of(7), &live(412)).unwrap();
        assert!(third != first && third != second);
        assert_eq!(fs::read_to_string(first).unwrap(), old);
    }

    #[test]
    fn i5_the_file_says_whose_it_is_and_its_prices_are_exact() {
        let folder = tempfile::tempdir().unwrap();
        let place = FormerStatePlace::File(folder.path().join("before.json"));
        let live = samples::live(json!({"products": [{"product_name_id": "ssl_plus",
                "prices": [{"lifetime": 1, "cost": "99999999.99"}]}]}));
        let text = fs::read_to_string(place.keep(of(7), &live).unwrap()).unwrap();
        assert!(text.contains("\"cost\": 99999999.99"), "{text}");
        let Member { former_state_of } = serde_json::from_str(&text).unwrap();
        let of = former_state_of.unwrap();
        assert!(of.is_of("http://127.0.0.1", 7), "{text}");
        assert_eq!(of.subaccount_name.as_deref(), Some("Example"));
        assert!(of.kept_at.unwrap().ends_with('Z'), "{text}");
    }

    #[test]
    fn the_same_state_in_another_spelling_has_the_same_file() {
        let folder = tempfile::tempdir().unwrap();
        let state = |limit: serde_json::Value| {
            samples::live(json!({"currency": "usd", "balance_negative_limit": limit}))
        };
        let place = FormerStatePlace::File(folder.path().join("before.json"));
        let path = place.keep(of(7), &state(json!("222"))).unwrap();
        assert_eq!(place.keep(of(7), &state(json!(222))).unwrap(), path);
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_can_read_it() {
        use std::os::unix::fs::PermissionsExt as _;

        let folder = tempfile::tempdir().unwrap();
        let place = FormerStatePlace::beside(&folder.path().join("ledger.sqlite"));
        let path = place.keep(of(7), &live(412)).unwrap();
        assert_eq!(
            fs::metadata(path).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }
}
