//! What stands between the tokens of JSON: white space, and what others take for it.

use super::super::tree::Span;
use super::Reader;

impl Reader<'_, '_, '_> {
    /// Skips white space, and what others take for it.
    pub(super) fn skip_blank(&mut self) {
        loop {
            self.scanner.skip_space();
            let start = self.scanner.at();
            match self.scanner.peek() {
                Some(b'/' | b'#') if self.skip_comment() => self.fault(
                    Span::new(start, self.scanner.at()),
                    "there is a comment",
                    "JSON has no comments; remove it",
                ),
                Some(b'\x0b' | b'\x0c' | 0x80..) => {
                    let Some(found) = self.skip_strange_space() else {
                        return;
                    };
                    self.fault(
                        Span::new(start, self.scanner.at()),
                        format!(
                            "the character U+{:04X} is not white space in JSON",
                            u32::from(found)
                        ),
                        "write a space, or nothing",
                    );
                }
                _ => return,
            }
        }
    }

    fn skip_comment(&mut self) -> bool {
        let rest = self.scanner.rest();
        let length = if rest.starts_with('#') || rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if let Some(comment) = rest.strip_prefix("/*") {
            comment.find("*/").map_or(rest.len(), |end| end + 4)
        } else {
            return false;
        };
        self.scanner.skip(length);
        true
    }

    fn skip_strange_space(&mut self) -> Option<char> {
        let is_space = |character: char| {
            character.is_whitespace()
                || matches!(character, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
        };
        let rest = self.scanner.rest();
        let first = rest
            .chars()
            .next()
            .filter(|character| is_space(*character))?;
        let more = rest
            .find(|character| !is_space(character))
            .unwrap_or(rest.len());
        self.scanner.skip(more);
        Some(first)
    }
}
