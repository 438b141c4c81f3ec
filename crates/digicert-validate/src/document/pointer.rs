//! A JSON pointer (RFC 6901) that grows and shrinks along a walk.

use std::fmt::{self, Write as _};

use super::limits::MAX_NAME_BYTES;

/// Where a walk stands.
#[derive(Debug, Default)]
pub(crate) struct Pointer(String);

/// How long a pointer was, to go back to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark(usize);

impl Pointer {
    pub(crate) fn push_name(&mut self, name: &str) -> Mark {
        let mark = Mark(self.0.len());
        self.0.push('/');
        let mut rest = shortened(name);
        while let Some(at) = rest.find(['~', '/']) {
            self.0.push_str(&rest[..at]);
            self.0.push_str(if rest.as_bytes()[at] == b'~' {
                "~0"
            } else {
                "~1"
            });
            rest = &rest[at + 1..];
        }
        self.0.push_str(rest);
        mark
    }

    pub(crate) fn push_index(&mut self, index: usize) -> Mark {
        let mark = Mark(self.0.len());
        // Writing to a string does not fail.
        let _ = write!(self.0, "/{index}");
        mark
    }

    pub(crate) fn back_to(&mut self, mark: Mark) {
        self.0.truncate(mark.0);
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A name that is too long to be one is told from others by its beginning.
fn shortened(name: &str) -> &str {
    let mut end = name.len().min(MAX_NAME_BYTES);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    &name[..end]
}
