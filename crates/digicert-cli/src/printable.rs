//! Text from elsewhere, made fit for a terminal.

use std::borrow::Cow;
use std::fmt::Write as _;

/// The text with its control characters as escapes: a name must not move the cursor, break a
/// table or ring the bell.
pub(crate) fn printable(text: &str) -> Cow<'_, str> {
    if !text.contains(needs_escape) {
        return text.into();
    }
    let mut escaped = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        if needs_escape(character) {
            // Writing to a `String` cannot fail.
            let _ = write!(escaped, "{}", character.escape_default());
        } else {
            escaped.push(character);
        }
    }
    escaped.into()
}

/// Control characters, and those that turn the direction of the text around them.
fn needs_escape(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn i10_control_characters_do_not_reach_the_terminal() {
        for (text, expected) in [
            ("Müller & Söhne", "Müller & Söhne"),
            ("a\x1b[2Jb", "a\\u{1b}[2Jb"),
            ("a\r\nb\tc\u{7}", "a\\r\\nb\\tc\\u{7}"),
            ("a\u{9b}31mb", "a\\u{9b}31mb"),
            ("a\u{202e}b", "a\\u{202e}b"),
        ] {
            assert_eq!(printable(text), expected);
        }
    }
}
