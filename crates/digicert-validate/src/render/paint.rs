//! The colours of a terminal, or none.

use std::fmt;

use crate::rule::Severity;

/// What a text is painted with: the parameters of an ANSI sequence.
#[derive(Clone, Copy, Debug)]
pub(super) struct Paint(&'static str);

impl Paint {
    pub(super) const BOLD: Self = Self("1");
    /// What belongs to the frame around the source.
    pub(super) const FRAME: Self = Self("1;34");

    pub(super) fn of(severity: Severity) -> Self {
        match severity {
            Severity::Error => Self("1;31"),
            Severity::Warning => Self("1;33"),
            Severity::Note => Self("1;36"),
        }
    }

    /// The text, painted if `color` says so.
    pub(super) fn on<T: fmt::Display>(self, text: T, color: bool) -> Painted<T> {
        Painted {
            paint: self,
            text,
            color,
        }
    }
}

/// A text with its colour.
#[derive(Clone, Copy, Debug)]
pub(super) struct Painted<T> {
    paint: Paint,
    text: T,
    color: bool,
}

impl<T: fmt::Display> fmt::Display for Painted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.color {
            write!(f, "\x1b[{}m{}\x1b[0m", self.paint.0, self.text)
        } else {
            write!(f, "{}", self.text)
        }
    }
}
