//! Texts, numbers and words in JSON, and in what is nearly JSON.

use std::borrow::Cow;

use super::super::scalar;
use super::super::scanner::{Lexed, StringFault};
use super::super::tree::{Excerpt, Node, Span, Value};
use super::Reader;

impl<'a> Reader<'a, '_, '_> {
    pub(super) fn text_value(&mut self) -> Node<'a> {
        let start = self.scanner.at();
        let lexed = self.scanner.string();
        let is_sound = self.check_string(&lexed, start);
        let span = Span::new(start, self.scanner.at());
        let value = Value::Text(lexed.text);
        if is_sound {
            Node::new(span, value)
        } else {
            Node::guessed(span, value)
        }
    }

    pub(super) fn check_string(&mut self, lexed: &Lexed<'_>, start: usize) -> bool {
        for (fault, at) in &lexed.faults {
            let (message, help) = string_fault(*fault);
            self.fault(Span::new(*at, at + 1), message, help);
        }
        if !lexed.closed {
            self.fault(
                Span::new(start, self.scanner.at()),
                "the text is not closed before the end of the line",
                "close it with `\"`; a line break within a text is written `\\n`",
            );
            // That the list or object around it is not closed either is no news.
            self.over |= self.scanner.peek().is_none();
        }
        lexed.closed && lexed.faults.is_empty()
    }

    pub(super) fn single_quoted_value(&mut self) -> Node<'a> {
        let start = self.scanner.at();
        let text = self.single_quoted();
        self.single_quotes_fault(start);
        let value = Value::Text(Cow::Borrowed(text));
        Node::guessed(Span::new(start, self.scanner.at()), value)
    }

    pub(super) fn single_quotes_fault(&mut self, start: usize) {
        self.fault(
            Span::new(start, self.scanner.at()),
            "the text is in single quotes",
            "write it in double quotes",
        );
    }

    /// Reads up to the other single quote, or as far as a word goes.
    pub(super) fn single_quoted(&mut self) -> &'a str {
        let rest = &self.scanner.rest()[1..];
        let line = rest.lines().next().unwrap_or_default();
        if let Some(end) = line.find('\'') {
            self.scanner.skip(1 + end + 1);
            return &line[..end];
        }
        &self.word()[1..]
    }

    pub(super) fn number(&mut self) -> Node<'a> {
        let start = self.scanner.at();
        let strict = self.scanner.number();
        while let Some(b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'.' | b'+' | b'-' | b'_') =
            self.scanner.peek()
        {
            self.scanner.skip(1);
        }
        let written = self.scanner.since(start);
        let span = Span::new(start, self.scanner.at());
        if strict.is_some_and(|strict| strict.len() == written.len()) {
            return Node::new(span, Value::Number(Cow::Borrowed(written)));
        }
        self.fault(
            span,
            format!("`{}` is not a number in JSON", Excerpt(written)),
            number_help(written),
        );
        match scalar::decimal(written) {
            Some(number) => Node::guessed(span, Value::Number(number)),
            None => Node::unreadable(span),
        }
    }

    pub(super) fn word_value(&mut self) -> Node<'a> {
        let start = self.scanner.at();
        let word = self.word();
        let span = Span::new(start, self.scanner.at());
        match word {
            "true" => return Node::new(span, Value::Bool(true)),
            "false" => return Node::new(span, Value::Bool(false)),
            "null" => return Node::new(span, Value::Null),
            _ => {}
        }
        let (meant, help) = match word.to_ascii_lowercase().as_str() {
            "true" => (Value::Bool(true), "write `true`"),
            "false" => (Value::Bool(false), "write `false`"),
            "null" | "none" | "nil" | "undefined" => (Value::Null, "write `null`"),
            "nan" | "inf" | "infinity" => {
                (Value::Unreadable, "JSON has no such number; write digits")
            }
            _ if word.starts_with(is_part_of_word) => (
                Value::Text(Cow::Borrowed(word)),
                "write a text in double quotes",
            ),
            _ => (
                Value::Unreadable,
                "write a text in double quotes, a number, a list or an object",
            ),
        };
        self.fault(
            span,
            format!("expected a value, found `{}`", Excerpt(word)),
            help,
        );
        Node::guessed(span, meant)
    }

    /// Reads a character, and on until something that must be the end of a word.
    pub(super) fn word(&mut self) -> &'a str {
        let rest = self.scanner.rest();
        let ends = |character: char| {
            character.is_whitespace()
                || character.is_control()
                || matches!(
                    character,
                    ',' | ':' | '=' | '{' | '}' | '[' | ']' | '"' | '\''
                )
        };
        let first = rest.chars().next().map_or(0, char::len_utf8);
        let more = rest[first..].find(ends).unwrap_or(rest.len() - first);
        self.scanner.skip(first + more);
        &rest[..first + more]
    }
}

pub(super) fn is_part_of_word(character: char) -> bool {
    character.is_alphanumeric() || "_-+.$".contains(character)
}

fn string_fault(fault: StringFault) -> (String, &'static str) {
    match fault {
        StringFault::Control('\t') => {
            ("there is a tab in the text".to_owned(), "write it as `\\t`")
        }
        StringFault::Control(control) => (
            format!(
                "there is a control character in the text, U+{:04X}",
                u32::from(control)
            ),
            "remove it, or write it as `\\u` and four hexadecimal digits",
        ),
        StringFault::Escape(character) => (
            format!(
                "`\\{}` stands for nothing in JSON",
                character.escape_debug()
            ),
            "write a backslash as `\\\\`",
        ),
        StringFault::Unicode => (
            "after `\\u` there are not four hexadecimal digits".to_owned(),
            "write four, such as `\\u00e9`; write a backslash as `\\\\`",
        ),
        StringFault::Surrogate => (
            "the escape is half of a pair".to_owned(),
            "write both halves, or the character itself",
        ),
    }
}

fn number_help(written: &str) -> &'static str {
    let digits = written.trim_start_matches(['+', '-']);
    if written.starts_with('+') {
        "leave out the `+`"
    } else if digits.starts_with('.') || digits.ends_with('.') {
        "write digits on both sides of the decimal point"
    } else if digits.len() > 1 && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        "leave out the zeros in front; if it is a text, write it in double quotes"
    } else {
        "write digits with at most one point, such as `412.5`; write a text in double quotes"
    }
}
