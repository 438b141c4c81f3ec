//! JSON text into a tree. A fault is reported and read past, so that all of them are reported.
//!
//! Which bytes make a token is for `scanner`.

mod atom;
mod blank;
mod bracket;

use std::borrow::Cow;

use atom::is_part_of_word;
use bracket::{Closed, WrongBracket};

use super::faults::Faults;
use super::limits::{MAX_DEPTH, MAX_FIELDS, MAX_NAME_BYTES, MAX_VALUES};
use super::pointer::Pointer;
use super::scanner::Scanner;
use super::tree::{Excerpt, Field, List, Node, Object, Quoted, Span, Value};

/// Reads a document; `None` if it is empty, which is reported as well.
pub(crate) fn read<'a>(text: &'a str, faults: &mut Faults<'_>) -> Option<Node<'a>> {
    let mut reader = Reader {
        text,
        scanner: Scanner::new(text),
        faults,
        pointer: Pointer::default(),
        open: Vec::new(),
        values: 0,
        bracket_reported: None,
        closed_from: None,
        over: false,
    };
    reader.document()
}

struct Reader<'a, 'f, 'l> {
    text: &'a str,
    scanner: Scanner<'a>,
    faults: &'f mut Faults<'l>,
    pointer: Pointer,
    /// The lists and objects around the place that is being read.
    open: Vec<Open>,
    values: usize,
    /// The last closing bracket that was reported to be the wrong one.
    bracket_reported: Option<usize>,
    /// How many lists and objects the file closes after a place.
    closed_from: Option<(usize, Closed)>,
    /// Nothing more is read, and why has been reported.
    over: bool,
}

#[derive(Clone, Copy)]
struct Open {
    inside: Inside,
    start: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    List,
    Object,
}

impl Inside {
    const fn closing(self) -> u8 {
        if matches!(self, Self::List) {
            b']'
        } else {
            b'}'
        }
    }

    const fn entry(self) -> &'static str {
        if matches!(self, Self::List) {
            "a value"
        } else {
            "a field name"
        }
    }

    const fn noun(self) -> &'static str {
        if matches!(self, Self::List) {
            "list"
        } else {
            "object"
        }
    }
}

impl<'a> Reader<'a, '_, '_> {
    fn document(&mut self) -> Option<Node<'a>> {
        self.skip_blank();
        if self.scanner.peek().is_none() {
            self.fault(
                Span::at(0),
                "the file is empty",
                "write the request into it",
            );
            return None;
        }
        let root = self.value();
        self.skip_blank();
        if self.scanner.peek().is_some() {
            self.fault(
                self.here(),
                format!("expected the end of the file, found {}", self.found()),
                "a file holds one document; remove what follows it",
            );
        }
        Some(root)
    }

    fn value(&mut self) -> Node<'a> {
        self.skip_blank();
        let start = self.scanner.at();
        if !self.may_read_value() {
            return Node::unreadable(Span::at(start));
        }
        match self.scanner.peek() {
            Some(b'{') => self.nested(Inside::Object),
            Some(b'[') => self.nested(Inside::List),
            Some(b'"') => self.text_value(),
            Some(b'\'') => self.single_quoted_value(),
            Some(b'-' | b'+' | b'.' | b'0'..=b'9') => self.number(),
            // The list or object around it reports that it is not closed.
            None => Node::unreadable(Span::at(start)),
            Some(b',' | b':' | b'}' | b']') => {
                self.fault(
                    self.here(),
                    format!("expected a value, found {}", self.found()),
                    "write the value before it",
                );
                Node::unreadable(Span::at(start))
            }
            Some(_) => self.word_value(),
        }
    }

    /// Counts a value, and stops at the first that is too many.
    fn may_read_value(&mut self) -> bool {
        self.values += 1;
        if self.values > MAX_VALUES {
            self.fault(
                self.here(),
                format!("the document has more than {MAX_VALUES} values"),
                "no request is that long; split it",
            );
            self.stop();
        }
        !self.over
    }

    fn stop(&mut self) {
        self.over = true;
        self.scanner.skip_to_end();
    }

    fn nested(&mut self, inside: Inside) -> Node<'a> {
        let start = self.scanner.at();
        if self.open.len() == MAX_DEPTH {
            self.fault(
                self.here(),
                format!("lists and objects are nested more than {MAX_DEPTH} deep"),
                "no request is that deep; remove the nesting",
            );
            self.scanner.skip(1);
            self.skip_to_closing();
            return Node::unreadable(Span::new(start, self.scanner.at()));
        }
        self.open.push(Open { inside, start });
        self.scanner.skip(1);
        let value = match inside {
            Inside::List => Value::List(self.list()),
            Inside::Object => Value::Object(self.object()),
        };
        self.open.pop();
        Node::new(Span::new(start, self.scanner.at()), value)
    }

    fn list(&mut self) -> List<'a> {
        let mut list = List::default();
        let mut comma = None;
        while self.entry_follows(comma, &mut list.damaged) {
            let mark = self.pointer.push_index(list.items.len());
            let node = self.value();
            self.pointer.back_to(mark);
            let is_sound = !matches!(node.value, Value::Unreadable);
            list.items.push(node);
            comma = match self.after_entry(is_sound, &mut list.damaged) {
                After::Comma(at) => Some(at),
                After::Nothing => None,
                After::End => break,
            };
        }
        list
    }

    fn object(&mut self) -> Object<'a> {
        let mut object = Object::default();
        let mut comma = None;
        while self.entry_follows(comma, &mut object.damaged) {
            let is_sound = self.field(&mut object);
            comma = match self.after_entry(is_sound, &mut object.damaged) {
                After::Comma(at) => Some(at),
                After::Nothing => None,
                After::End => break,
            };
        }
        object
    }

    /// Reads up to the next entry of a list or an object, or its end.
    fn entry_follows(&mut self, mut comma: Option<usize>, damaged: &mut bool) -> bool {
        let inside = self.inside();
        loop {
            self.skip_blank();
            match self.scanner.peek() {
                None => {
                    self.not_closed(damaged);
                    return false;
                }
                Some(byte) if byte == inside.closing() => {
                    if let Some(at) = comma {
                        self.fault(
                            Span::new(at, at + 1),
                            format!(
                                "there is a comma after the last entry of the {}",
                                inside.noun()
                            ),
                            "remove the comma",
                        );
                    }
                    self.scanner.skip(1);
                    return false;
                }
                Some(b']' | b'}') => match self.wrong_bracket() {
                    WrongBracket::Skip => {}
                    WrongBracket::Close => return false,
                },
                Some(b',') => {
                    self.fault(
                        self.here(),
                        format!("expected {}, found `,`", inside.entry()),
                        "remove the comma, or write what is missing before it",
                    );
                    comma = Some(self.scanner.at());
                    self.scanner.skip(1);
                }
                Some(_) => return true,
            }
        }
    }

    /// Reads what stands between an entry and the next one.
    ///
    /// After an entry that is not sound nothing more is reported before the next comma.
    fn after_entry(&mut self, mut is_sound: bool, damaged: &mut bool) -> After {
        let inside = self.inside();
        loop {
            self.skip_blank();
            let at = self.scanner.at();
            match self.scanner.peek() {
                None => {
                    self.not_closed(damaged);
                    return After::End;
                }
                Some(b',') => {
                    self.scanner.skip(1);
                    return After::Comma(at);
                }
                Some(byte) if byte == inside.closing() => {
                    self.scanner.skip(1);
                    return After::End;
                }
                Some(b']' | b'}') => match self.wrong_bracket() {
                    WrongBracket::Skip => continue,
                    WrongBracket::Close => return After::End,
                },
                Some(byte) => {
                    if is_sound {
                        self.separator_missing();
                    }
                    if is_sound && begins_entry(inside, byte) {
                        return After::Nothing;
                    }
                }
            }
            is_sound = false;
            *damaged = true;
            self.skip_to_delimiter();
        }
    }

    fn separator_missing(&mut self) {
        let closing = char::from(self.inside().closing());
        self.fault(
            self.here(),
            format!("expected `,` or `{closing}`, found {}", self.found()),
            format!("write `,` before another entry, or `{closing}` after the last"),
        );
    }

    fn not_closed(&mut self, damaged: &mut bool) {
        *damaged = true;
        let Some(open) = self.open.last() else { return };
        let closing = char::from(open.inside.closing());
        let noun = open.inside.noun();
        let line = 1 + self.text[..open.start].matches('\n').count();
        self.fault(
            self.here(),
            format!("expected `{closing}`, found the end of the file"),
            format!("close the {noun} that begins in line {line}"),
        );
        self.over = true;
    }

    /// Reads a field; whether all of it could be read.
    fn field(&mut self, object: &mut Object<'a>) -> bool {
        let start = self.scanner.at();
        let Some(name) = self.name() else {
            object.damaged = true;
            self.skip_to_delimiter();
            return false;
        };
        let span = Span::new(start, self.scanner.at());
        let mark = self.pointer.push_name(&name);
        let node = self.field_value(&name, span);
        self.pointer.back_to(mark);
        let is_sound = !matches!(node.value, Value::Unreadable);
        self.keep(object, name, node, span);
        is_sound
    }

    fn keep(&mut self, object: &mut Object<'a>, name: Cow<'a, str>, node: Node<'a>, span: Span) {
        if name.len() > MAX_NAME_BYTES {
            self.fault(
                span,
                format!("the name of the field is {} bytes long", name.len()),
                "no field has such a name; remove it",
            );
        } else if object.fields.len() == MAX_FIELDS {
            self.fault(
                span,
                format!("the object has more than {MAX_FIELDS} fields"),
                "no request has that many; remove those that are not documented",
            );
            self.stop();
        } else {
            object.fields.push(Field { name, node });
        }
    }

    fn name(&mut self) -> Option<Cow<'a, str>> {
        let start = self.scanner.at();
        match self.scanner.peek()? {
            b'"' => {
                let lexed = self.scanner.string();
                self.check_string(&lexed, start);
                Some(lexed.text)
            }
            b'\'' => {
                let text = self.single_quoted();
                self.single_quotes_fault(start);
                Some(Cow::Borrowed(text))
            }
            _ if self.is_bare_name() => {
                let word = self.word();
                self.fault(
                    Span::new(start, self.scanner.at()),
                    format!("the field name `{}` is not in quotes", Excerpt(word)),
                    format!("write {}", Quoted(word)),
                );
                Some(Cow::Borrowed(word))
            }
            _ => {
                self.fault(
                    self.here(),
                    format!("expected a field name, found {}", self.found()),
                    "a field is a name in double quotes, a colon and a value",
                );
                None
            }
        }
    }

    /// Whether a word and a colon come next.
    fn is_bare_name(&self) -> bool {
        let rest = self.scanner.rest();
        let after = rest.trim_start_matches(is_part_of_word);
        after.len() < rest.len() && after.trim_start().starts_with([':', '='])
    }

    fn field_value(&mut self, name: &str, span: Span) -> Node<'a> {
        self.skip_blank();
        let at = self.scanner.at();
        match self.scanner.peek() {
            Some(b':') => {
                self.scanner.skip(1);
                return self.value();
            }
            None => return Node::unreadable(Span::at(at)),
            Some(b',' | b'}' | b']') => {
                self.fault(
                    span,
                    format!("the field `{}` has no value", Excerpt(name)),
                    "write a colon and a value after the name",
                );
                return Node::unreadable(span);
            }
            Some(_) => {}
        }
        self.fault(
            self.here(),
            format!(
                "expected `:` after the name of the field, found {}",
                self.found()
            ),
            "a field is a name in double quotes, a colon and a value",
        );
        if self.scanner.eat(b'=') {
            self.scanner.eat(b'>');
            return self.value();
        }
        if self
            .scanner
            .peek()
            .is_some_and(|byte| begins_entry(Inside::List, byte))
        {
            return self.value();
        }
        Node::unreadable(Span::at(at))
    }

    fn inside(&self) -> Inside {
        self.open.last().map_or(Inside::List, |open| open.inside)
    }

    fn here(&self) -> Span {
        let length = self.scanner.peek_char().map_or(0, char::len_utf8);
        Span::new(self.scanner.at(), self.scanner.at() + length)
    }

    /// What comes next, for messages.
    fn found(&self) -> String {
        let rest = self.scanner.rest();
        let Some(first) = rest.chars().next() else {
            return "the end of the file".to_owned();
        };
        if first == '"' {
            return Quoted(&self.scanner.clone().string().text).to_string();
        }
        let end = rest
            .find(|character| !is_part_of_word(character))
            .unwrap_or(rest.len());
        format!("`{}`", Excerpt(&rest[..end.max(first.len_utf8())]))
    }

    fn fault(&mut self, span: Span, message: impl Into<String>, help: impl Into<String>) {
        if self.over {
            return;
        }
        self.faults.malformed(&self.pointer, span, message, help);
        if self.faults.is_full() {
            self.stop();
        }
    }
}

/// What comes after an entry.
enum After {
    /// A comma, and where.
    Comma(usize),
    /// Another entry without a comma before it.
    Nothing,
    /// The end of the list or object.
    End,
}

/// Whether an entry without a comma before it may begin with this byte.
fn begins_entry(inside: Inside, byte: u8) -> bool {
    match byte {
        b'"' | b'\'' | b'a'..=b'z' | b'A'..=b'Z' | b'_' => true,
        b'{' | b'[' | b'-' | b'0'..=b'9' => inside == Inside::List,
        _ => false,
    }
}
