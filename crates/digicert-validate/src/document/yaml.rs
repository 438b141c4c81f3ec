//! YAML text into a tree. The parser cannot go on after a fault, so what stands before it is read.

use std::borrow::Cow;
use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle, Span as Marks, Tag};

use super::character_offsets::CharacterOffsets;
use super::faults::Faults;
use super::limits::{
    MAX_ALIASED_BYTES, MAX_ALIASED_VALUES, MAX_DEPTH, MAX_FIELDS, MAX_NAME_BYTES, MAX_VALUES,
    MAX_YAML_MARKS,
};
use super::pointer::{Mark, Pointer};
use super::scalar;
use super::tree::{Excerpt, Field, List, Node, Object, Span, Value};

/// Reads a document; `None` if it is empty, which is reported as well.
pub(crate) fn read<'a>(text: &'a str, faults: &mut Faults<'_>) -> Option<Node<'a>> {
    if let Some(at) = mark_too_many(text) {
        faults.malformed(
            "",
            Span::at(at),
            format!("the document has more than {MAX_YAML_MARKS} punctuation marks"),
            "no request is that long; split it, or write it as JSON",
        );
        return None;
    }
    let mut reader = Reader {
        text,
        offsets: CharacterOffsets::new(text),
        faults,
        pointer: Pointer::default(),
        open: Vec::new(),
        root: None,
        skipped: None,
        anchors: Anchors::default(),
        values: 0,
        repeat_refused: false,
        over: false,
    };
    reader.document();
    reader.root
}

/// The punctuation mark that is one too many.
fn mark_too_many(text: &str) -> Option<usize> {
    let is_mark = |byte: &u8| b",[]{}:?&*!\"'-".contains(byte);
    let mut marks = text.bytes().enumerate().filter(|(_, byte)| is_mark(byte));
    marks.nth(MAX_YAML_MARKS).map(|(at, _)| at)
}

/// Where Git has left both sides of a change to be chosen from.
fn merge_conflict(text: &str) -> Option<usize> {
    const MARK: &str = "<<<<<<< ";
    if text.starts_with(MARK) {
        return Some(0);
    }
    text.find(&format!("\n{MARK}")).map(|before| before + 1)
}

struct Reader<'a, 'f, 'l> {
    text: &'a str,
    offsets: CharacterOffsets<'a>,
    faults: &'f mut Faults<'l>,
    pointer: Pointer,
    /// The lists and objects around the place that is being read.
    open: Vec<Open<'a>>,
    root: Option<Node<'a>>,
    /// A list or an object that is not read, and how deep in it the parser is.
    skipped: Option<(Node<'a>, usize)>,
    anchors: Anchors<'a>,
    values: usize,
    /// That aliases repeat too much has been reported.
    repeat_refused: bool,
    /// Nothing more is read, and why has been reported.
    over: bool,
}

/// A list or an object whose end has not been read.
struct Open<'a> {
    start: usize,
    anchor: usize,
    /// The pointer to what is around it; `None` for the whole document.
    around: Option<Mark>,
    content: Content<'a>,
}

enum Content<'a> {
    List(List<'a>),
    Object(Object<'a>, Option<Name<'a>>),
}

/// The name of the field whose value comes next.
enum Name<'a> {
    Text(Cow<'a, str>),
    /// It cannot be the name of a field; that has been reported.
    Unusable,
}

impl<'a> Reader<'a, '_, '_> {
    fn document(&mut self) {
        let mut parser = Parser::new_from_str(self.text);
        let mut documents = 0;
        while !self.over {
            let Some(event) = parser.next_event() else {
                break;
            };
            let (event, marks) = match event {
                Ok(event) => event,
                Err(error) => {
                    let at = self.offsets.byte(error.marker().index());
                    self.not_yaml(at, error.info());
                    break;
                }
            };
            let span = self.span(marks);
            match event {
                Event::DocumentStart(_) if documents == 1 => {
                    self.fault(
                        span,
                        "a second YAML document begins here",
                        "a file holds one document; put the others into files of their own",
                    );
                    break;
                }
                Event::DocumentStart(_) => documents += 1,
                event => self.event(event, span),
            }
        }
        self.close_all();
        if documents == 0 && self.faults.malformed_count() == 0 {
            self.fault(
                Span::at(0),
                "the file is empty",
                "write the request into it",
            );
        }
    }

    fn not_yaml(&mut self, at: usize, info: &str) {
        if let Some(mark) = merge_conflict(self.text) {
            self.pointer = Pointer::default();
            return self.fault(
                Span::at(mark),
                "a merge conflict begins here",
                "keep one of its two sides, and remove the lines with <<<<<<<, ======= and >>>>>>>",
            );
        }
        let info = info.split_once(", ").map_or(info, |(_, info)| info);
        // The pointer is not needed any more, so it need not come back.
        if matches!(
            self.open.last(),
            Some(Open {
                content: Content::Object(..),
                ..
            })
        ) {
            self.enter();
        }
        self.fault(
            Span::at(at),
            format!("this is not YAML: {info}"),
            "correct it, then check again: what follows has not been read",
        );
    }

    fn event(&mut self, event: Event<'a>, span: Span) {
        if self.skip(&event, span) {
            return;
        }
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let mark = self.enter();
                let node = self.scalar(text, style, tag.as_deref(), span);
                self.finish(node, anchor, mark);
            }
            Event::Alias(id) => {
                let mark = self.enter();
                let node = self.alias(id, span);
                self.finish(node, 0, mark);
            }
            Event::SequenceStart(anchor, tag) => {
                self.start(
                    Content::List(List::default()),
                    "seq",
                    anchor,
                    tag.as_deref(),
                    span,
                );
            }
            Event::MappingStart(anchor, tag) => {
                let content = Content::Object(Object::default(), None);
                self.start(content, "map", anchor, tag.as_deref(), span);
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(Some(span)),
            _ => {}
        }
    }

    /// Whether the event belongs to something that is not read.
    fn skip(&mut self, event: &Event<'_>, span: Span) -> bool {
        let Some((node, depth)) = &mut self.skipped else {
            return false;
        };
        match event {
            Event::SequenceStart(..) | Event::MappingStart(..) => *depth += 1,
            Event::SequenceEnd | Event::MappingEnd => *depth -= 1,
            _ => {}
        }
        if *depth == 0 {
            node.span.end = node.span.end.max(span.start);
            if let Some((node, _)) = self.skipped.take() {
                let mark = self.enter();
                self.finish(node, 0, mark);
            }
        }
        true
    }

    /// Moves the pointer to the value that comes next, if it is no name of a field.
    fn enter(&mut self) -> Option<Mark> {
        match &self.open.last()?.content {
            Content::List(list) => Some(self.pointer.push_index(list.items.len())),
            Content::Object(_, Some(Name::Text(name))) => Some(self.pointer.push_name(name)),
            Content::Object(..) => None,
        }
    }

    fn is_name_next(&self) -> bool {
        matches!(
            self.open.last(),
            Some(Open {
                content: Content::Object(_, None),
                ..
            })
        )
    }

    fn start(
        &mut self,
        content: Content<'a>,
        type_name: &str,
        anchor: usize,
        tag: Option<&Tag>,
        span: Span,
    ) {
        let unread = if self.is_name_next() {
            let what = if type_name == "seq" {
                "a list"
            } else {
                "an object"
            };
            self.unusable_name(span, what);
            true
        } else if self.open.len() == MAX_DEPTH {
            let mark = self.enter();
            self.fault(
                span,
                format!("lists and objects are nested more than {MAX_DEPTH} deep"),
                "no request is that deep; remove the nesting",
            );
            self.leave(mark);
            true
        } else {
            false
        };
        if unread {
            self.skipped = Some((Node::unreadable(span), 1));
            return;
        }
        let around = self.enter();
        self.may_read_value(span);
        if tag.is_some_and(|tag| !(tag.is_yaml_core_schema() && tag.suffix == type_name)) {
            self.tag_fault(tag, span);
        }
        self.open.push(Open {
            start: span.start,
            anchor,
            around,
            content,
        });
    }

    /// Ends the innermost list or object; without a place, because nothing more can be read.
    fn end(&mut self, span: Option<Span>) {
        let Some(open) = self.open.pop() else { return };
        let (mut value, end_of_last) = match open.content {
            Content::List(list) => {
                let end = list.items.last().map(|node| node.span.end);
                (Value::List(list), end)
            }
            Content::Object(object, _) => {
                let end = object.fields.last().map(|field| field.node.span.end);
                (Value::Object(object), end)
            }
        };
        if span.is_none() {
            set_damaged(&mut value);
        }
        let bracket = span.filter(|span| {
            matches!(self.text.as_bytes().get(span.start), Some(b']' | b'}'))
                && matches!(self.text.as_bytes().get(open.start), Some(b'[' | b'{'))
        });
        let end = bracket
            .map(|span| span.start + 1)
            .or(end_of_last)
            .unwrap_or(open.start);
        let node = Node::new(Span::new(open.start, end.max(open.start)), value);
        self.finish(node, open.anchor, open.around);
    }

    fn close_all(&mut self) {
        if let Some((node, _)) = self.skipped.take() {
            let mark = self.enter();
            self.finish(node, 0, mark);
        }
        while let Some(open) = self.open.last_mut() {
            if let Content::Object(object, name) = &mut open.content
                && let Some(Name::Text(name)) = name.take()
            {
                let node = Node::unreadable(Span::at(open.start));
                object.fields.push(Field { name, node });
            }
            self.end(None);
        }
    }

    /// Puts a value where it belongs.
    fn finish(&mut self, node: Node<'a>, anchor: usize, mark: Option<Mark>) {
        self.leave(mark);
        if anchor != 0 {
            self.anchors.keep(anchor, &node);
        }
        let span = node.span;
        match self.open.last_mut().map(|open| &mut open.content) {
            None => self.root = Some(node),
            Some(Content::List(list)) => list.items.push(node),
            Some(Content::Object(object, name)) => match name.take() {
                None => {
                    let usable = self.name(node);
                    if let Some(Open {
                        content: Content::Object(_, name),
                        ..
                    }) = self.open.last_mut()
                    {
                        *name = Some(usable);
                    }
                }
                Some(Name::Unusable) => {}
                Some(Name::Text(_)) if object.fields.len() == MAX_FIELDS => {
                    self.fault(
                        span,
                        format!("the object has more than {MAX_FIELDS} fields"),
                        "no request has that many; remove those that are not documented",
                    );
                    self.over = true;
                }
                Some(Name::Text(name)) => object.fields.push(Field { name, node }),
            },
        }
    }

    fn leave(&mut self, mark: Option<Mark>) {
        if let Some(mark) = mark {
            self.pointer.back_to(mark);
        }
    }

    /// What a value is as the name of a field.
    fn name(&mut self, node: Node<'a>) -> Name<'a> {
        match node.value {
            Value::Text(name) if name.len() <= MAX_NAME_BYTES => Name::Text(name),
            Value::Text(name) => {
                self.fault(
                    node.span,
                    format!("the name of the field is {} bytes long", name.len()),
                    "no field has such a name; remove it",
                );
                Name::Unusable
            }
            Value::Unreadable => Name::Unusable,
            Value::Number(number) if self.follows_comma(node.span) => {
                self.fault(
                    node.span,
                    format!("expected the name of a field, found the number {number}"),
                    "the comma in front of it ends the amount: write a decimal point, such as 218.50",
                );
                Name::Unusable
            }
            value => {
                self.unusable_name(node.span, &value.to_string());
                Name::Unusable
            }
        }
    }

    /// Whether there is nothing between a comma and this.
    fn follows_comma(&self, span: Span) -> bool {
        let before = self.text.get(..span.start);
        before.is_some_and(|before| before.ends_with(','))
    }

    fn unusable_name(&mut self, span: Span, what: &str) {
        self.fault(
            span,
            format!("expected the name of a field, found {what}"),
            "the name of a field is a text; write it in quotes if it looks like something else",
        );
    }

    fn scalar(
        &mut self,
        text: Cow<'a, str>,
        style: ScalarStyle,
        tag: Option<&Tag>,
        span: Span,
    ) -> Node<'a> {
        if !self.is_name_next() {
            self.may_read_value(span);
        }
        let Some(tag) = tag else {
            let is_plain = style == ScalarStyle::Plain;
            let value = if is_plain {
                scalar::plain(text)
            } else {
                Value::Text(text)
            };
            return Node::new(span, value);
        };
        if (tag.handle.is_empty() && tag.suffix == "!") || is_core(tag, "str") {
            return Node::new(span, Value::Text(text));
        }
        let value = scalar::plain(text);
        let fits = match &value {
            Value::Null => is_core(tag, "null"),
            Value::Bool(_) => is_core(tag, "bool"),
            Value::Number(_) => is_core(tag, "int") || is_core(tag, "float"),
            Value::NotFinite(_) => is_core(tag, "float"),
            _ => false,
        };
        if fits {
            return Node::new(span, value);
        }
        self.tag_fault(Some(tag), span);
        Node::guessed(span, value)
    }

    fn tag_fault(&mut self, tag: Option<&Tag>, span: Span) {
        let Some(tag) = tag else { return };
        let handle = if tag.is_yaml_core_schema() {
            "!!"
        } else {
            &tag.handle
        };
        let written = format!("{handle}{}", tag.suffix);
        self.fault(
            span,
            format!(
                "the tag `{}` does not go with what it stands before",
                Excerpt(&written)
            ),
            "remove it: a request is made of plain values",
        );
    }

    fn alias(&mut self, id: usize, span: Span) -> Node<'a> {
        if !self.is_name_next() {
            self.may_read_value(span);
        }
        match self.anchors.repeat(id, self.open.len()) {
            Ok((mut node, values)) => {
                self.values += values;
                node.span = span;
                node
            }
            Err(refused) => {
                // Once is enough: all aliases together repeat too much, not each of them.
                if refused != Refused::TooMuch || !self.repeat_refused {
                    let (message, help) = refused.words();
                    self.fault(span, message, help);
                }
                self.repeat_refused |= refused == Refused::TooMuch;
                Node::unreadable(span)
            }
        }
    }

    /// Counts a value, and stops at the first that is too many.
    fn may_read_value(&mut self, span: Span) {
        self.values += 1;
        if self.values > MAX_VALUES {
            self.fault(
                span,
                format!("the document has more than {MAX_VALUES} values"),
                "no request is that long; split it",
            );
            self.over = true;
        }
    }

    fn span(&self, marks: Marks) -> Span {
        let start = self.offsets.byte(marks.start.index());
        Span::new(start, self.offsets.byte(marks.end.index()).max(start))
    }

    fn fault(&mut self, span: Span, message: impl Into<String>, help: impl Into<String>) {
        if !self.over {
            self.faults.malformed(&self.pointer, span, message, help);
            self.over = self.faults.is_full();
        }
    }
}

fn is_core(tag: &Tag, suffix: &str) -> bool {
    tag.is_yaml_core_schema() && tag.suffix == suffix
}

fn set_damaged(value: &mut Value<'_>) {
    match value {
        Value::List(list) => list.damaged = true,
        Value::Object(object) => object.damaged = true,
        _ => {}
    }
}

/// The values that aliases may repeat, and how much they have repeated.
#[derive(Default)]
struct Anchors<'a> {
    kept: HashMap<usize, Option<Anchored<'a>>>,
    kept_size: Size,
    repeated: Size,
}

struct Anchored<'a> {
    node: Node<'a>,
    size: Size,
    depth: usize,
}

#[derive(Clone, Copy, Default)]
struct Size {
    values: usize,
    bytes: usize,
}

/// Why an alias is not followed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Refused {
    /// It stands within the value that it repeats.
    Within,
    /// Too much would be repeated.
    TooMuch,
    /// Too deep.
    TooDeep,
}

impl Refused {
    fn words(self) -> (String, &'static str) {
        const HELP: &str = "write out what it stands for";
        match self {
            Self::Within => (
                "the alias stands within the value that it repeats".to_owned(),
                "remove it",
            ),
            Self::TooMuch => {
                let (values, bytes) = (MAX_ALIASED_VALUES, MAX_ALIASED_BYTES);
                let message = format!(
                    "the aliases repeat more than {values} values or {bytes} bytes of text"
                );
                (message, HELP)
            }
            Self::TooDeep => {
                let message = format!(
                    "with what the alias repeats, values are nested more than {MAX_DEPTH} deep"
                );
                (message, HELP)
            }
        }
    }
}

impl Size {
    fn plus(self, other: Self) -> Self {
        Self {
            values: self.values + other.values,
            bytes: self.bytes + other.bytes,
        }
    }

    fn fits(self, times: usize) -> bool {
        self.values <= MAX_ALIASED_VALUES * times && self.bytes <= MAX_ALIASED_BYTES * times
    }
}

impl<'a> Anchors<'a> {
    /// How much of what could be repeated is kept, in terms of what may be repeated.
    const KEPT: usize = 8;

    fn keep(&mut self, id: usize, node: &Node<'a>) {
        let (size, depth) = measure(node);
        let kept_size = self.kept_size.plus(size);
        let fits = size.fits(1) && kept_size.fits(Self::KEPT);
        if fits {
            self.kept_size = kept_size;
        }
        self.kept.insert(
            id,
            fits.then(|| Anchored {
                node: node.clone(),
                size,
                depth,
            }),
        );
    }

    fn repeat(&mut self, id: usize, depth: usize) -> Result<(Node<'a>, usize), Refused> {
        let kept = self.kept.get(&id).ok_or(Refused::Within)?;
        let anchored = kept.as_ref().ok_or(Refused::TooMuch)?;
        let repeated = self.repeated.plus(anchored.size);
        if !repeated.fits(1) {
            return Err(Refused::TooMuch);
        }
        if depth + anchored.depth > MAX_DEPTH {
            return Err(Refused::TooDeep);
        }
        self.repeated = repeated;
        Ok((anchored.node.clone(), anchored.size.values))
    }
}

/// How much a value holds, and how deep it is.
fn measure(node: &Node<'_>) -> (Size, usize) {
    let mut size = Size {
        values: 1,
        bytes: 0,
    };
    let mut depth = 0;
    let mut add = |node: &Node<'_>, size: &mut Size| {
        let (inner, inner_depth) = measure(node);
        *size = size.plus(inner);
        depth = depth.max(inner_depth);
    };
    match &node.value {
        Value::Text(text) | Value::Number(text) => size.bytes = text.len(),
        Value::List(list) => list.items.iter().for_each(|node| add(node, &mut size)),
        Value::Object(object) => {
            for field in &object.fields {
                size.bytes += field.name.len();
                add(&field.node, &mut size);
            }
        }
        _ => return (size, 0),
    }
    let is_nested = matches!(node.value, Value::List(_) | Value::Object(_));
    (size, depth + usize::from(is_nested))
}
