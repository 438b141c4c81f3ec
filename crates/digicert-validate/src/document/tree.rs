//! A document as a tree of values, each with the bytes it was read from.
//!
//! The same tree comes from JSON and from YAML, and from broken documents as well: what could not
//! be read is in it as such.

use std::borrow::Cow;
use std::fmt;

/// Bytes of the document, the end excluded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl Span {
    pub(crate) const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// The place of something that takes no bytes.
    pub(crate) const fn at(offset: usize) -> Self {
        Self::new(offset, offset)
    }
}

/// A value, and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Node<'a> {
    pub(crate) span: Span,
    pub(crate) value: Value<'a>,
    /// Something has been reported about it, so that what a rule says of it is no news.
    pub(crate) faulty: bool,
    /// It is the second value of one field.
    pub(crate) repeated: bool,
}

/// A value.
#[derive(Clone, Debug)]
pub(crate) enum Value<'a> {
    Null,
    Bool(bool),
    /// A number in the grammar of JSON.
    Number(Cow<'a, str>),
    /// A number of YAML that JSON cannot write: `.inf`, `-.inf`, `.nan`.
    NotFinite(&'a str),
    Text(Cow<'a, str>),
    List(List<'a>),
    Object(Object<'a>),
    /// What stands here is not a value; that has been reported.
    Unreadable,
}

/// A list.
#[derive(Clone, Debug, Default)]
pub(crate) struct List<'a> {
    pub(crate) items: Vec<Node<'a>>,
    /// There was more in it than could be read.
    pub(crate) damaged: bool,
}

/// An object.
#[derive(Clone, Debug, Default)]
pub(crate) struct Object<'a> {
    pub(crate) fields: Vec<Field<'a>>,
    /// There was more in it than could be read.
    pub(crate) damaged: bool,
}

/// A field of an object.
#[derive(Clone, Debug)]
pub(crate) struct Field<'a> {
    pub(crate) name: Cow<'a, str>,
    pub(crate) node: Node<'a>,
}

impl<'a> Node<'a> {
    pub(crate) fn new(span: Span, value: Value<'a>) -> Self {
        let faulty = matches!(value, Value::Unreadable);
        Self {
            span,
            value,
            faulty,
            repeated: false,
        }
    }

    /// A value that was guessed from what stands there.
    pub(crate) fn guessed(span: Span, value: Value<'a>) -> Self {
        Self {
            span,
            value,
            faulty: true,
            repeated: false,
        }
    }

    pub(crate) fn unreadable(span: Span) -> Self {
        Self::new(span, Value::Unreadable)
    }

    pub(crate) fn as_object(&self) -> Option<&Object<'a>> {
        match &self.value {
            Value::Object(object) => Some(object),
            _ => None,
        }
    }

    pub(crate) fn as_list(&self) -> Option<&List<'a>> {
        match &self.value {
            Value::List(list) => Some(list),
            _ => None,
        }
    }
}

impl<'a> Object<'a> {
    /// The value of a field. Of a field that stands twice it is the second one, which is also what
    /// most JSON parsers take.
    pub(crate) fn get(&self, name: &str) -> Option<&Node<'a>> {
        self.fields
            .iter()
            .rfind(|field| field.name == name)
            .map(|field| &field.node)
    }
}

/// A value in words, for messages: `the number 12`.
impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(value) => write!(f, "{value}"),
            Self::Number(digits) => write!(f, "the number {}", Excerpt(digits)),
            Self::NotFinite(text) => write!(f, "{text}"),
            Self::Text(text) => write!(f, "the text {}", Quoted(text)),
            Self::List(_) => f.write_str("a list"),
            Self::Object(_) => f.write_str("an object"),
            Self::Unreadable => f.write_str("something unreadable"),
        }
    }
}

/// The longest excerpt of a document that a message repeats, in characters.
const MAX_EXCERPT: usize = 40;

/// A piece of the document in a message: cut off when it is long.
pub(crate) struct Excerpt<'a>(pub(crate) &'a str);

impl fmt::Display for Excerpt<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(text) = self;
        for character in text.chars().take(MAX_EXCERPT) {
            write!(f, "{}", character.escape_debug())?;
        }
        if text.chars().nth(MAX_EXCERPT).is_some() {
            f.write_str("…")
        } else {
            Ok(())
        }
    }
}

/// The same, in double quotes.
pub(crate) struct Quoted<'a>(pub(crate) &'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", Excerpt(self.0))
    }
}
