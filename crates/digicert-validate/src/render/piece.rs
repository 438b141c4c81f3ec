//! Some files, rendered into memory: what a thread hands to the one that writes.

use super::style::{Separator, Style};
use super::summary::Summary;
use crate::document::DocumentReport;

/// A file that was checked.
#[derive(Clone, Copy, Debug)]
pub struct CheckedFile<'a> {
    /// Its name, as it is to be shown.
    pub path: &'a str,
    /// What the check says.
    pub document: &'a DocumentReport,
    /// The bytes that were checked; source lines are taken from them.
    pub text: &'a [u8],
}

/// Files in a row, rendered.
#[derive(Clone, Debug)]
pub struct Piece {
    style: Style,
    text: Vec<u8>,
    separator: Separator,
    summary: Summary,
}

impl Piece {
    /// A piece without files.
    #[must_use]
    pub fn new(style: Style) -> Self {
        Self {
            style,
            text: Vec::new(),
            separator: Separator::default(),
            summary: Summary::default(),
        }
    }

    /// Appends a file.
    pub fn add(&mut self, file: &CheckedFile<'_>) {
        let written = self.style.file(&mut self.text, file, &mut self.separator);
        debug_assert!(written.is_ok(), "memory takes everything");
        self.summary.add(&file.document.report);
    }

    /// Takes every file out again, and keeps the memory if it is not unusually much.
    pub fn clear(&mut self) {
        const USUAL: usize = 64 * 1024;
        self.text.clear();
        self.text.shrink_to(USUAL);
        self.separator = Separator::default();
        self.summary = Summary::default();
    }

    /// Whether there is nothing to write: in most styles a file without findings says nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The counts of its files.
    #[must_use]
    pub fn summary(&self) -> &Summary {
        &self.summary
    }

    pub(super) fn text(&self) -> &[u8] {
        &self.text
    }

    pub(super) fn separator(&self) -> Separator {
        self.separator
    }
}
