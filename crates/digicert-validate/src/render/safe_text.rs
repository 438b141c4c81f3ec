//! Text out of files, made safe to show: a terminal obeys control characters, and some others
//! make a line look different from what it is.

use std::fmt::{self, Write as _};

/// The character to show for this one.
pub(super) fn safe(character: char) -> char {
    match character {
        '\0'..='\x1f' => picture(u32::from(character)),
        '\x7f' => '\u{2421}',
        // C1 controls, line separators, and what overrides the direction of writing.
        '\u{80}'..='\u{9f}'
        | '\u{61c}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}' => char::REPLACEMENT_CHARACTER,
        other => other,
    }
}

/// Unicode has a picture of each control character, in the same order.
fn picture(control: u32) -> char {
    char::from_u32(0x2400 + control).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// A text whose characters are shown safely, on one line.
#[derive(Clone, Copy, Debug)]
pub(super) struct SafeText<'a>(pub(super) &'a str);

impl fmt::Display for SafeText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .chars()
            .try_for_each(|character| f.write_char(safe(character)))
    }
}

#[cfg(test)]
mod tests {
    use super::SafeText;

    #[test]
    fn what_a_terminal_would_obey_becomes_a_picture_of_it() {
        for (text, shown) in [
            ("plain, äöü, 漢字", "plain, äöü, 漢字"),
            ("\x1b[31mred", "␛[31mred"),
            ("two\r\nlines", "two␍␊lines"),
            ("\u{7f}\u{9b}2J", "␡\u{fffd}2J"),
            ("a\u{202e}b\u{2066}c", "a\u{fffd}b\u{fffd}c"),
        ] {
            assert_eq!(SafeText(text).to_string(), shown);
        }
    }
}
