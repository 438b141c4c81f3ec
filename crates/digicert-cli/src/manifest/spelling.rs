//! One file under several spellings: `prices/../a.key` is `a.key`.

use std::path::{Component, Path, PathBuf};

/// The same for all spellings of a path, as far as the path alone tells: links are not followed, so
/// that manifests say the same on every machine.
pub(super) fn plain(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or(path.to_owned());
    let mut plain = PathBuf::new();
    for step in absolute.components() {
        match step {
            Component::CurDir => {}
            // Above the root is the root.
            Component::ParentDir => _ = plain.pop(),
            step => plain.push(step),
        }
    }
    plain
}

/// Whether two paths are spellings of one.
pub(crate) fn is_same_file(one: &Path, other: &Path) -> bool {
    one == other || plain(one) == plain(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_path_are_one() {
        for other in [
            "a.key",
            "./a.key",
            "prices/../a.key",
            "prices/./x/../../a.key",
        ] {
            assert!(
                is_same_file(Path::new("a.key"), Path::new(other)),
                "{other}"
            );
        }
        let absolute = std::env::current_dir().unwrap().join("a.key");
        assert!(is_same_file(Path::new("a.key"), &absolute));
        for other in ["b.key", "prices/a.key", "../a.key", "a.key/.."] {
            assert!(
                !is_same_file(Path::new("a.key"), Path::new(other)),
                "{other}"
            );
        }
    }
}
