//! Files and folders that are still there after the power fails: what is in them, and their names.
//!
//! A file that is synced may be lost all the same while its folder is not, because its name stands
//! there; and so may a folder that is new. The ledger, one-time keys and former states go by here.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// Makes a folder, and those above it that are missing, for its owner alone. Their names are on the
/// disk when this returns.
pub(crate) fn create_folder(folder: &Path) -> io::Result<()> {
    if folder.as_os_str().is_empty() || folder.is_dir() {
        return Ok(());
    }
    if let Some(above) = folder.parent() {
        create_folder(above)?;
    }
    match for_its_owner_alone().create(folder) {
        // Another program may have been quicker, and not have come to this yet.
        Err(error) if !folder.is_dir() => Err(error),
        _ => sync_folder_of(folder),
    }
}

#[cfg(unix)]
fn for_its_owner_alone() -> DirBuilder {
    let mut builder = DirBuilder::new();
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
}

/// Elsewhere a folder has the rights of the one that it is in.
#[cfg(not(unix))]
fn for_its_owner_alone() -> DirBuilder {
    DirBuilder::new()
}

/// A new file that only its owner can read; what is there already is never opened. Its name is on
/// the disk when this returns.
pub(crate) fn create(path: &Path) -> io::Result<File> {
    let file = open_new(path)?;
    match file.sync_all().and_then(|()| sync_folder_of(path)) {
        Ok(()) => Ok(file),
        Err(error) => {
            let _ = fs::remove_file(path);
            Err(error)
        }
    }
}

/// The same with room for so many bytes, so that a full disk is known before they are there. The file
/// stays empty.
pub(crate) fn create_with_room(path: &Path, bytes: u64) -> io::Result<File> {
    let file = create(path)?;
    match reserve(&file, bytes) {
        Ok(()) => Ok(file),
        Err(error) => {
            let _ = fs::remove_file(path);
            Err(error)
        }
    }
}

/// Fails only for want of room: not every file system can promise it.
#[cfg(target_os = "linux")]
fn reserve(file: &File, bytes: u64) -> io::Result<()> {
    use rustix::fs::{FallocateFlags, fallocate};
    use rustix::io::Errno;

    match fallocate(file, FallocateFlags::KEEP_SIZE, 0, bytes) {
        Err(error @ (Errno::NOSPC | Errno::DQUOT | Errno::FBIG)) => Err(error.into()),
        _ => Ok(()),
    }
}

/// Elsewhere there is no such promise.
#[cfg(not(target_os = "linux"))]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere it may fail")]
fn reserve(_: &File, _: u64) -> io::Result<()> {
    Ok(())
}

/// A new file with this content, which only its owner can read. Under its name is the whole of it or
/// nothing, however the program ends; what is there already stays.
pub(crate) fn create_whole(path: &Path, content: &[u8]) -> io::Result<()> {
    let (draft, mut file) = open_draft(path)?;
    let drafted = file.write_all(content).and_then(|()| file.sync_all());
    drop(file);
    // Unlike a renaming, this fails if there is something.
    let written = drafted.and_then(|()| match fs::hard_link(&draft, path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => rename_new(&draft, path),
        linked => linked,
    });
    match fs::remove_file(&draft) {
        // It has been renamed.
        Err(error) if error.kind() == io::ErrorKind::NotFound => written,
        removed => written.and(removed),
    }?;
    sync_folder_of(path)
}

/// A new file beside a path. Another program may have left one of this number: in containers, the
/// numbers of processes come again.
fn open_draft(path: &Path) -> io::Result<(PathBuf, File)> {
    const TRIES: usize = 1000;
    let mut number = 0;
    loop {
        let mut draft = path.as_os_str().to_owned();
        draft.push(format!(".{}-{number}.draft", std::process::id()));
        let draft = PathBuf::from(draft);
        match open_new(&draft) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && number < TRIES => {
                number += 1;
            }
            Err(error) => return Err(error),
            Ok(file) => return Ok((draft, file)),
        }
    }
}

/// Names a draft where a file system knows no second name for a file, such as exFAT: an empty file
/// takes the name, if it is free, and the draft takes its place. Ended in between, the empty one is
/// left.
fn rename_new(draft: &Path, path: &Path) -> io::Result<()> {
    drop(open_new(path)?);
    fs::rename(draft, path).inspect_err(|_| {
        let _ = fs::remove_file(path);
    })
}

/// Makes an empty file that only its owner can read, unless there is one. Fails if that one cannot
/// be written.
pub(crate) fn create_if_missing(path: &Path) -> io::Result<()> {
    let is_new = !path.exists();
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    for_its_owner(&mut options);
    let file = options.open(path)?;
    if is_new {
        file.sync_all()?;
        sync_folder_of(path)?;
    }
    Ok(())
}

/// Writes to a new file. It is on the disk, and found under its path, when this returns.
pub(crate) fn write(mut file: &File, path: &Path, content: &[u8]) -> io::Result<()> {
    file.write_all(content)?;
    file.sync_all()?;
    // The folder may have been moved away or cleaned up since: then the file is nowhere.
    let found = fs::read(path).map(zeroize::Zeroizing::new);
    match found {
        Ok(found) if found.as_slice() == content => Ok(()),
        Ok(_) => Err(io::Error::other("another file has taken its place")),
        Err(error) => Err(error),
    }
}

/// Puts what a folder says of a path on the disk: that it is there, or is gone, or is named so.
#[cfg(unix)]
pub(crate) fn sync_folder_of(path: &Path) -> io::Result<()> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    match File::open(folder.unwrap_or(Path::new(".")))?.sync_all() {
        // Some file systems over a network do not know this, and see to it themselves.
        Err(error) if error.kind() == io::ErrorKind::InvalidInput => Ok(()),
        synced => synced,
    }
}

/// Elsewhere a folder cannot be opened, and the file system sees to it.
#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere it may fail")]
pub(crate) fn sync_folder_of(_: &Path) -> io::Result<()> {
    Ok(())
}

fn open_new(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    for_its_owner(&mut options);
    options.open(path)
}

#[cfg(unix)]
fn for_its_owner(options: &mut OpenOptions) {
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
}

#[cfg(not(unix))]
fn for_its_owner(_: &mut OpenOptions) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_made_down_to_the_last_and_may_be_there() {
        let folder = tempfile::tempdir().unwrap();
        let last = folder.path().join("a/b/c");
        for _ in 0..2 {
            create_folder(&last).unwrap();
            assert!(last.is_dir());
        }
        create_folder(Path::new("")).unwrap();
        // A file in the way is left alone.
        fs::write(folder.path().join("file"), "mine").unwrap();
        assert!(create_folder(&folder.path().join("file/below")).is_err());
        assert!(create_folder(&folder.path().join("file")).is_err());
        let mine = fs::read(folder.path().join("file")).unwrap();
        assert_eq!(mine, b"mine");
    }

    #[test]
    fn what_is_there_already_is_never_opened() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let file = create(&path).unwrap();
        write(&file, &path, b"a key").unwrap();
        let error = create(&path).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
        create_if_missing(&path).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"a key");
    }

    #[test]
    fn i3_what_is_not_found_under_its_path_is_not_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let file = create(&path).unwrap();
        fs::rename(&path, folder.path().join("moved")).unwrap();
        assert!(write(&file, &path, b"a key").is_err());
        fs::write(&path, "another").unwrap();
        assert!(write(&file, &path, b"").is_err());
    }

    #[test]
    fn a_whole_file_leaves_no_draft_and_what_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        create_whole(&path, b"first").unwrap();
        let error = create_whole(&path, b"second").unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&path).unwrap(), b"first");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn where_no_second_name_is_known_what_is_there_stays_too() {
        let folder = tempfile::tempdir().unwrap();
        let (draft, path) = (folder.path().join("draft"), folder.path().join("file"));
        fs::write(&draft, "first").unwrap();
        rename_new(&draft, &path).unwrap();
        assert!(!draft.exists());
        fs::write(&draft, "second").unwrap();
        let error = rename_new(&draft, &path).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&path).unwrap(), b"first");
        // What cannot take the place leaves none.
        let other = folder.path().join("other");
        rename_new(&folder.path().join("nothing"), &other).unwrap_err();
        assert!(!other.exists());
    }

    #[test]
    fn a_draft_that_was_left_is_in_nobodys_way() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let (left, _) = open_draft(&path).unwrap();
        create_whole(&path, b"whole").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"whole");
        assert!(left.exists());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[cfg(unix)]
    #[test]
    fn everything_is_for_its_owner_alone() {
        use std::os::unix::fs::PermissionsExt as _;

        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        create_folder(&path("a/b")).unwrap();
        create(&path("a/new")).unwrap();
        create_if_missing(&path("a/ledger")).unwrap();
        create_whole(&path("a/whole"), b"").unwrap();
        for (name, expected) in [
            ("a", 0o700),
            ("a/b", 0o700),
            ("a/new", 0o600),
            ("a/ledger", 0o600),
            ("a/whole", 0o600),
        ] {
            let mode = fs::metadata(path(name)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, expected, "{name}");
        }
    }
}
