//! Reading a file as a whole, within a limit.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use crate::failure::Failure;

/// The most that is read: a thousand times what every product with three terms takes.
pub(crate) const MAX_BYTES: u64 = 16 * 1024 * 1024;

/// Reads a file into `buffer`, in place of what was there.
pub(crate) fn file(path: &Path, buffer: &mut Vec<u8>) -> Result<(), Failure> {
    let read = File::open(path).and_then(|file| all(file, buffer));
    read.map_err(|error| Failure::new(format!("cannot read {}: {error}", path.display())))
}

/// Reads standard input into `buffer`, in place of what was there.
pub(crate) fn standard_input(buffer: &mut Vec<u8>) -> Result<(), Failure> {
    all(io::stdin().lock(), buffer)
        .map_err(|error| Failure::new(format!("cannot read standard input: {error}")))
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
