//! The source line of a place, as a terminal can show it, and where its underline goes.
//!
//! Only so much of the text is looked at as can be shown: a file may be one line of megabytes
//! with a finding at every step.

use super::safe_text::safe;
use super::width::width;
use crate::report::Place;

/// How many columns of a line are shown.
const COLUMNS: usize = 120;
/// How many of them stand before the place if the line has to be clipped there.
const COLUMNS_BEFORE: usize = 40;
/// How many bytes can take that many columns: the longest character takes four.
const BYTES: usize = 4 * COLUMNS;
/// How many columns a tab takes.
const TAB: usize = 4;
const ELLIPSIS: char = '…';

/// A line of the source.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Snippet {
    /// The line, or what is shown of it.
    pub(super) text: String,
    /// How many columns stand before the underline.
    pub(super) before: usize,
    /// How many columns are underlined.
    pub(super) underlined: usize,
    /// Whether a part of the line is not shown.
    pub(super) clipped: bool,
}

/// The line that a place is on. A value that goes on in the next line is underlined as far as its
/// first line goes.
pub(super) fn snippet(text: &[u8], place: Place) -> Snippet {
    let (before, after) = text.split_at(place.offset.min(text.len()));
    let mut head = Part::head(before);
    let mut tail = Part::tail(after);
    let clipped = head.clipped || tail.clipped || head.columns() + tail.columns() > COLUMNS;
    if clipped {
        head.keep_last(COLUMNS_BEFORE);
        tail.keep_first(COLUMNS - head.columns());
    }

    let mut line = String::new();
    line.extend(head.clipped.then_some(ELLIPSIS));
    line.extend(head.characters());
    line.extend(tail.characters());
    line.extend(tail.clipped.then_some(ELLIPSIS));
    Snippet {
        text: line.trim_end().to_owned(),
        before: usize::from(head.clipped) + head.columns(),
        underlined: value_columns(after, place.length).clamp(1, tail.columns().max(1)),
        clipped,
    }
}

/// How many columns the first line of a value takes.
fn value_columns(text: &[u8], length: usize) -> usize {
    let value = &text[..length.min(text.len()).min(BYTES)];
    let line = value
        .split(|byte| *byte == b'\n')
        .next()
        .unwrap_or_default();
    Part::decode(line.trim_ascii_end(), false).columns()
}

/// The part of a line before a place, or from it on.
struct Part {
    cells: Vec<Cell>,
    clipped: bool,
}

#[derive(Clone, Copy)]
struct Cell {
    character: char,
    columns: usize,
}

impl Part {
    /// The end of `text`, back to the beginning of its last line.
    fn head(text: &[u8]) -> Self {
        let window = &text[text.len().saturating_sub(BYTES)..];
        match window.iter().rposition(|byte| *byte == b'\n') {
            Some(end) => Self::decode(&window[end + 1..], false),
            None if window.len() == text.len() => Self::decode(window, false),
            None => Self::decode(from_character(window), true),
        }
    }

    /// The beginning of `text`, up to the end of its first line.
    fn tail(text: &[u8]) -> Self {
        let window = &text[..text.len().min(BYTES)];
        match window.iter().position(|byte| *byte == b'\n') {
            Some(end) => Self::decode(window[..end].trim_ascii_end(), false),
            None => Self::decode(window, window.len() < text.len()),
        }
    }

    fn decode(bytes: &[u8], clipped: bool) -> Self {
        let mut cells = Vec::new();
        for character in String::from_utf8_lossy(bytes).chars() {
            match character {
                '\t' => cells.extend(
                    [Cell {
                        character: ' ',
                        columns: 1,
                    }; TAB],
                ),
                // A byte order mark is not seen, and would only shift what is.
                '\u{feff}' => {}
                other => cells.push(Cell::new(safe(other))),
            }
        }
        Self { cells, clipped }
    }

    fn columns(&self) -> usize {
        self.cells.iter().map(|cell| cell.columns).sum()
    }

    fn characters(&self) -> impl Iterator<Item = char> {
        self.cells.iter().map(|cell| cell.character)
    }

    fn keep_first(&mut self, columns: usize) {
        let kept = fitting(self.cells.iter(), columns);
        self.clipped |= kept < self.cells.len();
        self.cells.truncate(kept);
    }

    fn keep_last(&mut self, columns: usize) {
        let kept = fitting(self.cells.iter().rev(), columns);
        self.clipped |= kept < self.cells.len();
        self.cells.drain(..self.cells.len() - kept);
    }
}

impl Cell {
    fn new(character: char) -> Self {
        Self {
            character,
            columns: width(character),
        }
    }
}

/// How many of the cells have room.
fn fitting<'a>(cells: impl Iterator<Item = &'a Cell>, columns: usize) -> usize {
    let mut used = 0;
    cells
        .take_while(|cell| {
            used += cell.columns;
            used <= columns
        })
        .count()
}

/// Without the rest of a character at the beginning that was cut in two.
fn from_character(bytes: &[u8]) -> &[u8] {
    let continues = |byte: &u8| byte & 0b1100_0000 == 0b1000_0000;
    let rest = bytes
        .iter()
        .take(3)
        .take_while(|byte| continues(byte))
        .count();
    &bytes[rest..]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The snippet of the first `value` in `text`, its line and its underline below each other.
    fn drawn(text: &str, value: &str) -> (String, bool) {
        let offset = text.find(value).unwrap();
        let snippet = snippet(text.as_bytes(), Place::new(1, 1, offset, value.len()));
        let underline = " ".repeat(snippet.before) + &"^".repeat(snippet.underlined);
        (format!("{}\n{underline}", snippet.text), snippet.clipped)
    }

    #[test]
    fn a_value_is_underlined() {
        let text = "a: 1\r\nname: value # why\r\nb: 2\r\n";
        assert_eq!(
            drawn(text, "value"),
            ("name: value # why\n      ^^^^^".into(), false)
        );
    }

    #[test]
    fn tabs_and_wide_characters_shift_the_underline() {
        assert_eq!(drawn("\t\tx", "x").0, "        x\n        ^");
        assert_eq!(drawn("社: 株式 x", "株式").0, "社: 株式 x\n    ^^^^");
        assert_eq!(drawn("u\u{308}: x", "x").0, "u\u{308}: x\n   ^");
        assert_eq!(drawn("\u{feff}a: x", "x").0, "a: x\n   ^");
    }

    #[test]
    fn a_value_over_several_lines_is_underlined_in_its_first() {
        assert_eq!(drawn("a: {\n  b: 1\n}", "{\n  b: 1\n}").0, "a: {\n   ^");
    }

    #[test]
    fn a_long_line_is_clipped_around_the_place() {
        let text = format!("{}value{}", "<".repeat(4000), ">".repeat(4000));
        let (drawn, clipped) = drawn(&text, "value");
        assert!(clipped);
        let head = "<".repeat(40);
        let tail = ">".repeat(75);
        assert_eq!(
            drawn,
            format!("…{head}value{tail}…\n{}^^^^^", " ".repeat(41))
        );
    }

    #[test]
    fn a_line_is_cut_between_characters() {
        for shift in 0..4 {
            let text = format!(
                "{}{}x{}",
                "a".repeat(shift),
                "社".repeat(900),
                "社".repeat(900)
            );
            let (drawn, _) = drawn(&text, "x");
            assert!(!drawn.contains(char::REPLACEMENT_CHARACTER), "{drawn}");
        }
    }

    #[test]
    fn i10_any_place_in_any_bytes_has_a_snippet() {
        let bytes: Vec<u8> = (0..=255).cycle().take(5000).collect();
        for offset in [0, 1, 9, 10, 11, 130, 250, 4999, 5000, 5001, usize::MAX] {
            for length in [0, 1, 300, usize::MAX] {
                let snippet = snippet(&bytes, Place::new(1, 1, offset, length));
                assert!(snippet.underlined > 0 && snippet.text.chars().count() <= COLUMNS + 2);
            }
        }
        let empty = snippet(b"", Place::new(1, 1, 0, 0));
        assert_eq!(
            (empty.text.as_str(), empty.before, empty.underlined),
            ("", 0, 1)
        );
    }
}
