//! The bytes of a document as text: how many, in which encoding, with which bytes that are none.

use std::borrow::Cow;

use super::faults::Faults;
use super::limits::MAX_BYTES;
use super::tree::{Node, Span, Value};

/// A document with more bytes that are no text is no text.
const MAX_BAD_BYTES: usize = 10_000;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The text of a document.
#[derive(Debug, Default)]
pub(crate) struct Source<'a> {
    /// Without the byte order mark. A byte that is no UTF-8 is a `?` here, so that everything else
    /// stands where it stands in the file.
    pub(crate) text: Cow<'a, str>,
    /// How many bytes of the file come before the text.
    pub(crate) skipped: usize,
    bad: Vec<usize>,
}

impl<'a> Source<'a> {
    /// The text, if it is UTF-8 and not too long.
    pub(crate) fn clean(bytes: &'a [u8]) -> Option<Self> {
        if bytes.len() > MAX_BYTES {
            return None;
        }
        let content = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
        let text = Cow::Borrowed(std::str::from_utf8(content).ok()?);
        Some(Self {
            text,
            skipped: bytes.len() - content.len(),
            bad: Vec::new(),
        })
    }

    /// The text as far as there is one; what is wrong with it is reported.
    pub(crate) fn read(bytes: &'a [u8], faults: &mut Faults<'_>) -> Option<Self> {
        if bytes.len() > MAX_BYTES {
            faults.malformed(
                "",
                Span::at(0),
                format!(
                    "the file is {} bytes long, at most {MAX_BYTES} are read",
                    bytes.len()
                ),
                "no request is that long; check that this is the right file",
            );
            return None;
        }
        if is_utf_16(bytes) {
            faults.malformed(
                "",
                Span::at(0),
                "the file is in UTF-16, expected UTF-8",
                "save it as UTF-8",
            );
            return None;
        }
        if let Some(clean) = Self::clean(bytes) {
            return Some(clean);
        }
        let content = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
        let (text, bad) = replace_bad_bytes(content);
        if bad.len() > MAX_BAD_BYTES {
            faults.malformed(
                "",
                Span::at(0),
                "the file is not text",
                "a request is JSON or YAML in UTF-8; check that this is the right file",
            );
            return None;
        }
        Some(Self {
            text: text.into(),
            skipped: bytes.len() - content.len(),
            bad,
        })
    }

    /// Reports bytes that are no text, and takes what they are part of for faulty.
    pub(crate) fn report_bad_bytes(
        &self,
        bytes: &[u8],
        root: Option<&mut Node<'_>>,
        faults: &mut Faults<'_>,
    ) {
        let Some(&first) = self.bad.first() else {
            return;
        };
        let byte = bytes.get(self.skipped + first).copied().unwrap_or_default();
        let more = match self.bad.len() - 1 {
            0 => String::new(),
            1 => ", nor is one byte after it".to_owned(),
            more => format!(", nor are {more} bytes after it"),
        };
        let guess = char::from(byte);
        let help = if guess.is_alphanumeric() {
            format!("save the file as UTF-8; in Latin-1 the byte is `{guess}`")
        } else {
            "save the file as UTF-8".to_owned()
        };
        let message = format!("the byte 0x{byte:02X} is not text in UTF-8{more}");
        faults.malformed("", Span::new(first, first + 1), message, help);
        if let Some(root) = root {
            self.mark(root);
        }
    }

    fn mark(&self, node: &mut Node<'_>) {
        match &mut node.value {
            Value::List(list) => list.items.iter_mut().for_each(|node| self.mark(node)),
            Value::Object(object) => {
                object
                    .fields
                    .iter_mut()
                    .for_each(|field| self.mark(&mut field.node));
            }
            _ => {
                let next = self.bad.partition_point(|at| *at < node.span.start);
                node.faulty |= self.bad.get(next).is_some_and(|at| *at < node.span.end);
            }
        }
    }
}

/// Replaces every byte that is no text, and says where they are; stops when there are too many.
fn replace_bad_bytes(bytes: &[u8]) -> (String, Vec<usize>) {
    let mut text = String::with_capacity(bytes.len());
    let mut bad = Vec::new();
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        for _ in chunk.invalid() {
            bad.push(text.len());
            text.push('?');
        }
        if bad.len() > MAX_BAD_BYTES {
            break;
        }
    }
    (text, bad)
}

/// UTF-16 with a byte order mark, or with an ASCII character in front.
fn is_utf_16(bytes: &[u8]) -> bool {
    matches!(
        bytes,
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [0, 1..=0x7f, ..] | [1..=0x7f, 0, ..]
    )
}
