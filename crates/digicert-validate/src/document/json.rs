//! JSON text into a tree. A fault is reported and read past, so that all of them are reported.
//!
//! Which bytes make a token is for `scanner`; what a guess at a broken token may be, too, as far as
//! it is not a guess at the structure.

use std::borrow::Cow;

use super::faults::Faults;
use super::limits::{MAX_DEPTH, MAX_FIELDS, MAX_NAME_BYTES, MAX_VALUES};
use super::pointer::Pointer;
use super::scalar;
use super::scanner::{Lexed, Scanner, StringFault};
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

/// How many more lists and objects are closed than opened.
#[derive(Clone, Copy, Default)]
struct Closed {
    lists: isize,
    objects: isize,
}

impl Closed {
    fn minus(self, other: Self) -> Self {
        Self { lists: self.lists - other.lists, objects: self.objects - other.objects }
    }
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
        if matches!(self, Self::List) { b']' } else { b'}' }
    }

    const fn entry(self) -> &'static str {
        if matches!(self, Self::List) { "a value" } else { "a field name" }
    }

    const fn noun(self) -> &'static str {
        if matches!(self, Self::List) { "list" } else { "object" }
    }
}

/// What to do at a closing bracket of the wrong kind.
enum WrongBracket {
    /// It is one too many.
    Skip,
    /// The right one is missing before it.
    Close,
}

impl<'a> Reader<'a, '_, '_> {
    fn document(&mut self) -> Option<Node<'a>> {
        self.skip_blank();
        if self.scanner.peek().is_none() {
            self.fault(Span::at(0), "the file is empty", "write the request into it");
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
                            format!("there is a comma after the last entry of the {}", inside.noun()),
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

    fn wrong_bracket(&mut self) -> WrongBracket {
        let at = self.scanner.at();
        let inside = self.inside();
        if self.bracket_reported != Some(at) {
            let closing = char::from(inside.closing());
            self.fault(
                self.here(),
                format!("expected `,` or `{closing}`, found {}", self.found()),
                format!("write `{closing}` before it, or remove it"),
            );
            self.bracket_reported = Some(at);
        }
        let (found, other) = match self.scanner.peek() {
            Some(b'}') => (Inside::Object, Inside::List),
            _ => (Inside::List, Inside::Object),
        };
        let rest = self.closed_in_rest();
        let too_many = self.surplus(found, rest) > 0;
        // Where one kind is too many and the other too few, one was written for the other.
        let instead = too_many && inside == other && self.surplus(other, rest) < 0;
        if too_many {
            self.scanner.skip(1);
        }
        if too_many && !instead { WrongBracket::Skip } else { WrongBracket::Close }
    }

    /// How many more of a kind are closed in the rest of the file than are open.
    fn surplus(&self, inside: Inside, rest: Closed) -> isize {
        let closed = match inside {
            Inside::List => rest.lists,
            Inside::Object => rest.objects,
        };
        let open = self.open.iter().filter(|open| open.inside == inside);
        closed - open.map(|_| 1).sum::<isize>()
    }

    fn closed_in_rest(&mut self) -> Closed {
        let at = self.scanner.at();
        let rest = match self.closed_from {
            Some((from, closed)) => closed.minus(self.closed_between(from, at)),
            None => self.closed_between(at, self.text.len()),
        };
        self.closed_from = Some((at, rest));
        rest
    }

    /// How many more lists and objects are closed than opened there.
    fn closed_between(&self, from: usize, to: usize) -> Closed {
        let mut closed = Closed::default();
        let mut scanner = self.scanner.clone();
        scanner.go_to(from);
        while scanner.at() < to {
            match scanner.peek() {
                Some(b'"') => {
                    scanner.string();
                    continue;
                }
                Some(b'{') => closed.objects -= 1,
                Some(b'}') => closed.objects += 1,
                Some(b'[') => closed.lists -= 1,
                Some(b']') => closed.lists += 1,
                _ => {}
            }
            scanner.skip(1);
        }
        closed
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
            format!("expected `:` after the name of the field, found {}", self.found()),
            "a field is a name in double quotes, a colon and a value",
        );
        if self.scanner.eat(b'=') {
            self.scanner.eat(b'>');
            return self.value();
        }
        if self.scanner.peek().is_some_and(|byte| begins_entry(Inside::List, byte)) {
            return self.value();
        }
        Node::unreadable(Span::at(at))
    }

    fn text_value(&mut self) -> Node<'a> {
        let start = self.scanner.at();
        let lexed = self.scanner.string();
        let is_sound = self.check_string(&lexed, start);
        let span = Span::new(start, self.scanner.at());
        let value = Value::Text(lexed.text);
        if is_sound { Node::new(span, value) } else { Node::guessed(span, value) }
    }

    fn check_string(&mut self, lexed: &Lexed<'_>, start: usize) -> bool {
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

    fn single_quoted_value(&mut self) -> Node<'a> {
        let start = self.scanner.at();
        let text = self.single_quoted();
        self.single_quotes_fault(start);
        let value = Value::Text(Cow::Borrowed(text));
        Node::guessed(Span::new(start, self.scanner.at()), value)
    }

    fn single_quotes_fault(&mut self, start: usize) {
        self.fault(
            Span::new(start, self.scanner.at()),
            "the text is in single quotes",
            "write it in double quotes",
        );
    }

    /// Reads up to the other single quote, or as far as a word goes.
    fn single_quoted(&mut self) -> &'a str {
        let rest = &self.scanner.rest()[1..];
        let line = rest.lines().next().unwrap_or_default();
        if let Some(end) = line.find('\'') {
            self.scanner.skip(1 + end + 1);
            return &line[..end];
        }
        &self.word()[1..]
    }

    fn number(&mut self) -> Node<'a> {
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

    fn word_value(&mut self) -> Node<'a> {
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
            "nan" | "inf" | "infinity" => (Value::Unreadable, "JSON has no such number; write digits"),
            _ if word.starts_with(is_part_of_word) => {
                (Value::Text(Cow::Borrowed(word)), "write a text in double quotes")
            }
            _ => (Value::Unreadable, "write a text in double quotes, a number, a list or an object"),
        };
        self.fault(span, format!("expected a value, found `{}`", Excerpt(word)), help);
        Node::guessed(span, meant)
    }

    /// Reads a character, and on until something that must be the end of a word.
    fn word(&mut self) -> &'a str {
        let rest = self.scanner.rest();
        let ends = |character: char| {
            character.is_whitespace()
                || character.is_control()
                || matches!(character, ',' | ':' | '=' | '{' | '}' | '[' | ']' | '"' | '\'')
        };
        let first = rest.chars().next().map_or(0, char::len_utf8);
        let more = rest[first..].find(ends).unwrap_or(rest.len() - first);
        self.scanner.skip(first + more);
        &rest[..first + more]
    }

    /// Skips white space, and what others take for it.
    fn skip_blank(&mut self) {
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
                    let Some(found) = self.skip_strange_space() else { return };
                    self.fault(
                        Span::new(start, self.scanner.at()),
                        format!("the character U+{:04X} is not white space in JSON", u32::from(found)),
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
        let first = rest.chars().next().filter(|character| is_space(*character))?;
        let more = rest.find(|character| !is_space(character)).unwrap_or(rest.len());
        self.scanner.skip(more);
        Some(first)
    }

    /// Skips to the next comma or closing bracket of the list or object that is being read.
    fn skip_to_delimiter(&mut self) {
        let mut depth = 0usize;
        loop {
            match self.scanner.peek() {
                None => return,
                Some(b',') if depth == 0 => return,
                Some(b'"') => {
                    self.scanner.string();
                    continue;
                }
                Some(b'{' | b'[') => depth += 1,
                Some(b'}' | b']') if depth == 0 => return,
                Some(b'}' | b']') => depth -= 1,
                Some(_) => {}
            }
            self.scanner.skip(1);
        }
    }

    /// Skips the rest of a list or an object.
    fn skip_to_closing(&mut self) {
        loop {
            self.skip_to_delimiter();
            let at_comma = self.scanner.eat(b',');
            if !at_comma {
                let more = usize::from(self.scanner.peek().is_some());
                self.scanner.skip(more);
                return;
            }
        }
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
        let Some(first) = rest.chars().next() else { return "the end of the file".to_owned() };
        if first == '"' {
            return Quoted(&self.scanner.clone().string().text).to_string();
        }
        let end = rest.find(|character| !is_part_of_word(character)).unwrap_or(rest.len());
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

fn is_part_of_word(character: char) -> bool {
    character.is_alphanumeric() || "_-+.$".contains(character)
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
        b'"' | b'\'' => true,
        b'{' | b'[' | b'-' | b'0'..=b'9' => inside == Inside::List,
        b'a'..=b'z' | b'A'..=b'Z' | b'_' => true,
        _ => false,
    }
}

fn string_fault(fault: StringFault) -> (String, &'static str) {
    match fault {
        StringFault::Control('\t') => ("there is a tab in the text".to_owned(), "write it as `\\t`"),
        StringFault::Control(control) => (
            format!("there is a control character in the text, U+{:04X}", u32::from(control)),
            "remove it, or write it as `\\u` and four hexadecimal digits",
        ),
        StringFault::Escape(character) => (
            format!("`\\{}` stands for nothing in JSON", character.escape_debug()),
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
