//! JSON lexing over text: white space, strings, numbers. No grammar above that, and no recovery.

use std::borrow::Cow;

use super::limits::MAX_FINDINGS;

/// A position in a text.
#[derive(Clone, Debug)]
pub(crate) struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

/// A string as it was read.
#[derive(Debug)]
pub(crate) struct Lexed<'a> {
    pub(crate) text: Cow<'a, str>,
    /// What JSON does not allow in it, and where; the first of them, if they are very many.
    pub(crate) faults: Vec<(StringFault, usize)>,
    /// Whether there is a closing quote before the end of the line.
    pub(crate) closed: bool,
}

/// What JSON does not allow in a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StringFault {
    /// A control character that is not escaped.
    Control(char),
    /// A backslash before a character that it does not go with.
    Escape(char),
    /// `\u` without four hexadecimal digits.
    Unicode,
    /// Half of a surrogate pair.
    Surrogate,
}

/// The bytes that end a run of plain characters in a string.
static SPECIAL: [bool; 256] = {
    let mut special = [false; 256];
    let mut byte = 0;
    while byte < 0x20 {
        special[byte] = true;
        byte += 1;
    }
    special[b'"' as usize] = true;
    special[b'\\' as usize] = true;
    special
};

fn note(faults: &mut Vec<(StringFault, usize)>, fault: StringFault, at: usize) {
    if faults.len() < MAX_FINDINGS {
        faults.push((fault, at));
    }
}

impl<'a> Scanner<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    #[inline]
    pub(crate) fn at(&self) -> usize {
        self.at
    }

    /// The byte that comes next.
    #[inline]
    pub(crate) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The character that comes next.
    pub(crate) fn peek_char(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// What has not been read. The position is always between two characters.
    pub(crate) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// What was read from there to here.
    pub(crate) fn since(&self, start: usize) -> &'a str {
        self.text.get(start..self.at).unwrap_or_default()
    }

    /// Goes on by as many bytes, which must be whole characters.
    #[inline]
    pub(crate) fn skip(&mut self, bytes: usize) {
        self.at += bytes;
    }

    /// Goes to the place between two characters.
    pub(crate) fn go_to(&mut self, at: usize) {
        self.at = at;
    }

    pub(crate) fn skip_to_end(&mut self) {
        self.at = self.text.len();
    }

    /// Reads this byte if it comes next. It must be ASCII.
    #[inline]
    pub(crate) fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    /// Reads this text if it comes next.
    #[inline]
    pub(crate) fn eat_all(&mut self, text: &[u8]) -> bool {
        let found = self.text.as_bytes()[self.at..].starts_with(text);
        if found {
            self.at += text.len();
        }
        found
    }

    /// Skips the white space of JSON.
    #[inline]
    pub(crate) fn skip_space(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.peek() {
            self.at += 1;
        }
    }

    /// Reads a string that needs no rewriting; `None`, and nothing read, if this is not one.
    #[inline]
    pub(crate) fn plain_string(&mut self) -> Option<&'a str> {
        if self.peek() != Some(b'"') {
            return None;
        }
        let start = self.at + 1;
        let end = self.special_from(start);
        if self.text.as_bytes().get(end) != Some(&b'"') {
            return None;
        }
        self.at = end + 1;
        self.text.get(start..end)
    }

    /// Reads a string, escapes and all. A quote must come next.
    ///
    /// A string that is not closed ends with its line, before the punctuation that probably does
    /// not belong to it.
    pub(crate) fn string(&mut self) -> Lexed<'a> {
        let start = self.at + 1;
        let mut text = String::new();
        let mut faults = Vec::new();
        let mut kept = start;
        self.at = start;
        loop {
            self.at = self.special_from(self.at);
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => {
                    text.push_str(self.since(kept));
                    let at = self.at;
                    match self.escape() {
                        Ok(character) => text.push(character),
                        Err(found) => {
                            text.push(char::REPLACEMENT_CHARACTER);
                            note(&mut faults, found, at);
                        }
                    }
                    kept = self.at;
                }
                None | Some(b'\n' | b'\r') => return self.not_closed(start, faults),
                Some(control) => {
                    note(
                        &mut faults,
                        StringFault::Control(char::from(control)),
                        self.at,
                    );
                    self.at += 1;
                }
            }
        }
        let last = self.since(kept);
        self.at += 1;
        let text = if kept == start {
            Cow::Borrowed(last)
        } else {
            Cow::Owned(text + last)
        };
        Lexed {
            text,
            faults,
            closed: true,
        }
    }

    fn not_closed(&mut self, start: usize, faults: Vec<(StringFault, usize)>) -> Lexed<'a> {
        let line = self.since(start);
        let text = line.trim_end_matches([',', ':', ']', '}', ' ', '\t']);
        self.at = start + text.len();
        Lexed {
            text: Cow::Borrowed(text),
            faults,
            closed: false,
        }
    }

    #[inline]
    fn special_from(&self, start: usize) -> usize {
        let bytes = self.text.as_bytes();
        let mut at = start;
        while at < bytes.len() && !SPECIAL[usize::from(bytes[at])] {
            at += 1;
        }
        at
    }

    /// Reads a backslash and what belongs to it.
    fn escape(&mut self) -> Result<char, StringFault> {
        self.at += 1;
        let character = match self.peek() {
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                self.at += 1;
                return self.unicode_escape();
            }
            // The end of the line is the end of the string.
            None | Some(b'\n' | b'\r') => return Err(StringFault::Escape('\\')),
            Some(_) => {
                let character = self.peek_char().unwrap_or('\\');
                self.at += character.len_utf8();
                return Err(StringFault::Escape(character));
            }
        };
        self.at += 1;
        Ok(character)
    }

    /// Reads four hexadecimal digits, and the escape of the other half of a pair if it takes one.
    fn unicode_escape(&mut self) -> Result<char, StringFault> {
        let first = self.four_digits().ok_or(StringFault::Unicode)?;
        let code = match first {
            0xD800..=0xDBFF => {
                let before = self.at;
                let second = self.eat_all(b"\\u").then(|| self.four_digits()).flatten();
                let Some(second @ 0xDC00..=0xDFFF) = second else {
                    self.at = before;
                    return Err(StringFault::Surrogate);
                };
                0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00)
            }
            _ => first,
        };
        char::from_u32(code).ok_or(StringFault::Surrogate)
    }

    fn four_digits(&mut self) -> Option<u32> {
        let digits = self.text.get(self.at..self.at + 4)?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        self.at += 4;
        u32::from_str_radix(digits, 16).ok()
    }

    /// Reads a number in the grammar of JSON; `None`, and nothing read, if none comes next.
    #[inline]
    pub(crate) fn number(&mut self) -> Option<&'a str> {
        let start = self.at;
        self.eat(b'-');
        let whole = match self.peek() {
            Some(b'0') => {
                self.at += 1;
                true
            }
            _ => self.digits(),
        };
        if whole && self.fraction() && self.exponent() {
            return Some(self.since(start));
        }
        self.at = start;
        None
    }

    #[inline]
    fn fraction(&mut self) -> bool {
        !self.eat(b'.') || self.digits()
    }

    #[inline]
    fn exponent(&mut self) -> bool {
        if !(self.eat(b'e') || self.eat(b'E')) {
            return true;
        }
        let _sign = self.eat(b'+') || self.eat(b'-');
        self.digits()
    }

    /// Reads digits, at least one.
    #[inline]
    fn digits(&mut self) -> bool {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        self.at > start
    }
}
