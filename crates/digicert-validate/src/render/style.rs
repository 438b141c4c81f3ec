//! The styles, and which module writes what of each.

use std::io;

use super::piece::CheckedFile;
use super::summary::Summary;
use super::unchecked::Reason;
use super::{github, human, json, sarif};

/// How reports are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Style {
    /// For people: the message, the source line with the place underlined, what to do.
    Human {
        /// Whether to use the colours of a terminal.
        color: bool,
    },
    /// One JSON object: the files with their findings, and a summary.
    Json,
    /// SARIF 2.1.0, for services that collect the results of analyses.
    Sarif,
    /// Workflow commands that GitHub Actions shows beside the lines of a change.
    Github,
}

impl Style {
    /// What stands before the first file.
    pub(super) fn head(self, out: &mut Vec<u8>) -> io::Result<()> {
        match self {
            Self::Json => json::head(out),
            Self::Sarif => sarif::head(out),
            Self::Human { .. } | Self::Github => Ok(()),
        }
    }

    /// One file. `separator` has to be written before each entry of a list but the first; it
    /// remembers by itself which one is the first.
    pub(super) fn file(
        self,
        out: &mut Vec<u8>,
        file: &CheckedFile<'_>,
        separator: &mut Separator,
    ) -> io::Result<()> {
        match self {
            Self::Human { color } => human::file(out, file, color),
            Self::Json => json::file(out, file, separator),
            Self::Sarif => sarif::file(out, file, separator),
            Self::Github => github::file(out, file),
        }
    }

    /// What stands after the last file.
    pub(super) fn tail(
        self,
        out: &mut Vec<u8>,
        summary: &Summary,
        unchecked: &[Reason],
    ) -> io::Result<()> {
        match self {
            // People see it where errors are shown.
            Self::Human { color } => human::tail(out, summary, color),
            Self::Json => json::tail(out, summary, unchecked),
            Self::Sarif => sarif::tail(out, unchecked),
            Self::Github => github::tail(out, unchecked),
        }
    }
}

/// The commas of a list whose entries are written at different times.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Separator {
    has_entries: bool,
}

impl Separator {
    const TEXT: &'static [u8] = b",\n";

    /// To be called before each entry.
    pub(super) fn before_entry(&mut self, out: &mut Vec<u8>) {
        if self.has_entries {
            out.extend_from_slice(Self::TEXT);
        }
        self.has_entries = true;
    }

    /// What has to stand before a piece of the list that follows this one.
    pub(super) fn before_piece(&mut self, piece: Self) -> &'static [u8] {
        let needed = self.has_entries && piece.has_entries;
        self.has_entries |= piece.has_entries;
        if needed { Self::TEXT } else { b"" }
    }
}
