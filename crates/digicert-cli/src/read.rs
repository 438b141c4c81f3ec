//! Reading a document as a whole, within a limit. What looks like a key is no document: findings
//! would show it. Key files are read in `service/`.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::OnceLock;

use zeroize::Zeroize as _;

use crate::failure::Failure;
use crate::service::key_in_argument::looks_like_a_key;

/// The most that is read: a thousand times what every product with three terms takes.
pub(crate) const MAX_BYTES: u64 = 16 * 1024 * 1024;

/// Reads a file into `buffer`, in place of what was there.
pub(crate) fn file(path: &Path, buffer: &mut Vec<u8>) -> Result<(), Failure> {
    let read = File::open(path).and_then(|file| all(file, buffer));
    read.map_err(|error| Failure::new(format!("cannot read {}: {error}", path.display())))?;
    refuse_key(&path.display().to_string(), buffer)
}

/// Reads standard input into `buffer`, in place of what was there.
pub(crate) fn standard_input(buffer: &mut Vec<u8>) -> Result<(), Failure> {
    take_standard_input("document")?;
    all(io::stdin().lock(), buffer)
        .map_err(|error| Failure::new(format!("cannot read standard input: {error}")))?;
    refuse_key("standard input", buffer)
}

/// Says that this is read from standard input, which holds one thing.
pub(crate) fn take_standard_input(what: &'static str) -> Result<(), Failure> {
    static TAKEN: OnceLock<&str> = OnceLock::new();
    let first = *TAKEN.get_or_init(|| what);
    if first == what {
        return Ok(());
    }
    Err(Failure::new(format!(
        "the {first} and the {what} cannot both come from standard input; give one of the two a file"
    )))
}

/// Refuses a key that was given where a document belongs (I2).
fn refuse_key(place: &str, buffer: &mut Vec<u8>) -> Result<(), Failure> {
    let text = str::from_utf8(buffer).unwrap_or_default().trim();
    if !looks_like_a_key(text.trim_matches('"')) {
        return Ok(());
    }
    buffer.zeroize();
    Err(Failure::new(format!(
        "{place} holds a single word that looks like an API key, so nothing of it is shown; a \
         document has fields, and a key is given with `--api-key-file`"
    )))
}

fn all(source: impl Read, buffer: &mut Vec<u8>) -> io::Result<()> {
    buffer.clear();
    // Not by the size of the file: a pipe or a device does not tell it.
    source.take(MAX_BYTES + 1).read_to_end(buffer)?;
    if buffer.len() as u64 > MAX_BYTES {
        return Err(io::Error::other(too_large()));
    }
    Ok(())
}

fn too_large() -> String {
    let mebibytes = MAX_BYTES / (1024 * 1024);
    format!("it is larger than {mebibytes} MiB, which no request of these kinds is")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_itself_is_read_and_not_a_byte_more() {
        let mut buffer = Vec::from(*b"before");
        assert!(all(io::repeat(b' ').take(MAX_BYTES), &mut buffer).is_ok());
        assert_eq!(buffer.len() as u64, MAX_BYTES);
        let error = all(io::repeat(b' '), &mut buffer).unwrap_err();
        assert_eq!(error.to_string(), too_large());
    }
}
