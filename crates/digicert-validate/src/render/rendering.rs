//! Writing a run: what stands before the files, the files, what stands after them.

use std::io::{self, Write};

use super::piece::{CheckedFile, Piece};
use super::style::{Separator, Style};
use super::summary::Summary;
use super::unchecked::Unchecked;

/// A run that is being written.
#[derive(Debug)]
pub struct Rendering<W> {
    style: Style,
    out: W,
    separator: Separator,
    summary: Summary,
    unchecked: Unchecked,
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
            unchecked: Unchecked::default(),
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

    /// Remembers what was not checked and why, such as a file that cannot be read. Every style but
    /// the one for people says it after the last file, so that nobody takes the report for complete.
    ///
    /// ```
    /// use digicert_validate::render::{Rendering, Style};
    ///
    /// let mut rendering = Rendering::begin(Style::Json, Vec::new())?;
    /// rendering.add_unchecked("products.json", "cannot read it");
    /// let (text, _) = rendering.finish()?;
    /// let report: serde_json::Value = serde_json::from_slice(&text).unwrap();
    /// assert_eq!(report["unchecked"][0]["path"], "products.json");
    /// assert_eq!(report["unchecked"][0]["message"], "cannot read it");
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn add_unchecked(&mut self, path: impl Into<String>, message: impl Into<String>) {
        self.unchecked.add(path.into(), message.into());
    }

    /// Writes what stands after the last file, and gives back the writer and the counts.
    ///
    /// # Errors
    ///
    /// `out` does not take it.
    pub fn finish(mut self) -> io::Result<(W, Summary)> {
        let mut tail = Vec::new();
        let unchecked = self.unchecked.reasons();
        self.style.tail(&mut tail, &self.summary, &unchecked)?;
        self.out.write_all(&tail)?;
        self.out.flush()?;
        Ok((self.out, self.summary))
    }
}
