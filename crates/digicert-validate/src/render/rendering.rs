//! Writing a run: what stands before the files, the files, what stands after them.

use std::io::{self, Write};

use super::piece::{CheckedFile, Piece};
use super::style::{Separator, Style};
use super::summary::Summary;

/// A run that is being written.
#[derive(Debug)]
pub struct Rendering<W> {
    style: Style,
    out: W,
    separator: Separator,
    summary: Summary,
}

impl<W: Write> Rendering<W> {
    /// Writes what stands before the first file.
    ///
    /// # Errors
    ///
    /// `out` does not take it.
    pub fn begin(style: Style, mut out: W) -> io::Result<Self> {
        let mut head = Vec::new();
        style.head(&mut head)?;
        out.write_all(&head)?;
        Ok(Self {
            style,
            out,
            separator: Separator::default(),
            summary: Summary::default(),
        })
    }

    /// Writes one file.
    ///
    /// # Errors
    ///
    /// `out` does not take it.
    pub fn add(&mut self, file: &CheckedFile<'_>) -> io::Result<()> {
        let mut piece = Piece::new(self.style);
        piece.add(file);
        self.write(&piece)
    }

    /// Writes files that were rendered before, in the same style.
    ///
    /// # Errors
    ///
    /// `out` does not take them.
    pub fn write(&mut self, piece: &Piece) -> io::Result<()> {
        self.summary += *piece.summary();
        let separator = self.separator.before_piece(piece.separator());
        self.out.write_all(separator)?;
        self.out.write_all(piece.text())
    }

    /// Writes what stands after the last file, and gives back the writer and the counts.
    ///
    /// # Errors
    ///
    /// `out` does not take it.
    pub fn finish(mut self) -> io::Result<(W, Summary)> {
        let mut tail = Vec::new();
        self.style.tail(&mut tail, &self.summary)?;
        self.out.write_all(&tail)?;
        self.out.flush()?;
        Ok((self.out, self.summary))
    }
}
