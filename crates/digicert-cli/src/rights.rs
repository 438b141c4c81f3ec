//! What others than its owner may do with a file.

use std::path::Path;

pub(crate) const READ_BY_OTHERS: u32 = 0o044;
pub(crate) const WRITTEN_BY_OTHERS: u32 = 0o022;

/// The mode of a file, if others have any of these rights. A pipe or a device has none that matter.
#[cfg(unix)]
pub(crate) fn open_to_others(path: &Path, rights: u32) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt as _;

    let metadata = std::fs::metadata(path).ok()?;
    let mode = metadata.permissions().mode() & 0o777;
    (metadata.is_file() && mode & rights != 0).then_some(mode)
}

/// Rights are not looked at where they are not a mode.
#[cfg(not(unix))]
pub(crate) fn open_to_others(_: &Path, _: u32) -> Option<u32> {
    None
}

/// The mode of a folder, if everybody may make and remove files in it.
#[cfg(unix)]
pub(crate) fn folder_open_to_all(path: &Path) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt as _;

    let metadata = std::fs::metadata(path).ok()?;
    let mode = metadata.permissions().mode() & 0o7777;
    (metadata.is_dir() && mode & 0o002 != 0).then_some(mode)
}

/// As with files.
#[cfg(not(unix))]
pub(crate) fn folder_open_to_all(_: &Path) -> Option<u32> {
    None
}
