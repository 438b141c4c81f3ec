//! Reading an OpenAPI document: YAML text to a JSON value that remembers where everything stood.
//!
//! What the value must look like is `shape.rs`; what we ask of a good document is `lint.rs`.

use std::collections::HashMap;
use std::fmt;
use std::path::{Path, PathBuf};

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, ScanError, Span, StrInput};
use serde_json::{Map, Number, Value};

/// An OpenAPI document with the place of each of its values.
#[derive(Debug)]
pub struct Document {
    /// The path below the repository, with `/`: what messages and generated headers name.
    pub name: String,
    /// The text as it was read.
    pub text: String,
    /// The document itself.
    pub value: Value,
    marks: HashMap<String, Mark>,
}

/// A place in a document; both count from 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

/// Something wrong at one place of a document.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// The document's name.
    pub document: String,
    /// Where.
    pub mark: Mark,
    /// What is wrong, what was expected, what to do.
    pub message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Mark { line, column } = self.mark;
        write!(f, "{}:{line}:{column}: {}", self.document, self.message)
    }
}

impl std::error::Error for Fault {}

impl Document {
    /// Reads `name` below `root`.
    ///
    /// # Errors
    ///
    /// A [`Fault`] when the file cannot be read or is not the YAML we accept.
    pub fn read(root: &Path, name: &str) -> Result<Self, Fault> {
        let path: PathBuf = root.join(name);
        let fault = |message: String| Fault {
            document: name.to_owned(),
            mark: Mark { line: 1, column: 1 },
            message,
        };
        let bytes =
            std::fs::read(&path).map_err(|error| fault(format!("cannot be read: {error}")))?;
        let text = String::from_utf8(bytes)
            .map_err(|error| fault(format!("expected UTF-8 text: {error}")))?;
        Self::parse(name, text)
    }

    /// Reads a document from its text.
    ///
    /// # Errors
    ///
    /// A [`Fault`] when the text is not the YAML we accept.
    pub fn parse(name: &str, text: String) -> Result<Self, Fault> {
        let mut reader = Reader {
            parser: Parser::new_from_str(&text),
            marks: HashMap::new(),
        };
        let value = reader.document().map_err(|(mark, message)| Fault {
            document: name.to_owned(),
            mark,
            message,
        })?;
        let marks = reader.marks;
        Ok(Self {
            name: name.to_owned(),
            text,
            value,
            marks,
        })
    }

    /// Where the value at a JSON pointer stands; the nearest known parent if it is not there.
    #[must_use]
    pub fn mark(&self, pointer: &str) -> Mark {
        let mut pointer = pointer;
        loop {
            if let Some(mark) = self.marks.get(pointer) {
                return *mark;
            }
            match pointer.rfind('/') {
                Some(end) => pointer = &pointer[..end],
                None => return Mark { line: 1, column: 1 },
            }
        }
    }

    /// A fault at a JSON pointer.
    pub fn fault(&self, pointer: &str, message: impl Into<String>) -> Fault {
        Fault {
            document: self.name.clone(),
            mark: self.mark(pointer),
            message: message.into(),
        }
    }
}

/// Appends one step to a JSON pointer.
#[must_use]
pub fn join(pointer: &str, step: &str) -> String {
    format!("{pointer}/{}", step.replace('~', "~0").replace('/', "~1"))
}

type Unreadable = (Mark, String);

struct Reader<'text> {
    parser: Parser<'text, StrInput<'text>>,
    marks: HashMap<String, Mark>,
}

impl<'text> Reader<'text> {
    fn document(&mut self) -> Result<Value, Unreadable> {
        loop {
            let (event, span) = self.next()?;
            match event {
                Event::StreamStart | Event::DocumentStart(_) | Event::Nothing => {}
                Event::StreamEnd => {
                    return Err((
                        mark(span.start),
                        "expected a document, found nothing".into(),
                    ));
                }
                event => return self.node(event, span, ""),
            }
        }
    }

    fn next(&mut self) -> Result<(Event<'text>, Span), Unreadable> {
        match self.parser.next_event() {
            Some(Ok(pair)) => Ok(pair),
            Some(Err(error)) => Err(not_yaml(&error)),
            None => Ok((Event::StreamEnd, Span::empty(Marker::new(0, 1, 0)))),
        }
    }

    fn node(
        &mut self,
        event: Event<'text>,
        span: Span,
        pointer: &str,
    ) -> Result<Value, Unreadable> {
        let here = mark(span.start);
        self.marks.entry(pointer.to_owned()).or_insert(here);
        match event {
            Event::Scalar(text, style, 0, None) => Ok(scalar(&text, style)),
            Event::MappingStart(0, None) => self.mapping(pointer),
            Event::SequenceStart(0, None) => self.sequence(pointer),
            Event::Scalar(..)
            | Event::MappingStart(..)
            | Event::SequenceStart(..)
            | Event::Alias(_) => Err((
                here,
                "anchors, aliases and tags are not used in these documents; write the value out"
                    .into(),
            )),
            other => Err((here, format!("expected a value, found {other:?}"))),
        }
    }

    fn mapping(&mut self, pointer: &str) -> Result<Value, Unreadable> {
        let mut map = Map::new();
        loop {
            let (event, span) = self.next()?;
            let key_mark = mark(span.start);
            let key = match event {
                Event::MappingEnd => return Ok(Value::Object(map)),
                Event::Scalar(text, ..) => text.into_owned(),
                _ => return Err((key_mark, "expected a plain key".into())),
            };
            let below = join(pointer, &key);
            // A message about a value is most useful at its key.
            self.marks.insert(below.clone(), key_mark);
            let (event, span) = self.next()?;
            let value = self.node(event, span, &below)?;
            if map.insert(key.clone(), value).is_some() {
                return Err((key_mark, format!("`{key}` stands here for the second time")));
            }
        }
    }

    fn sequence(&mut self, pointer: &str) -> Result<Value, Unreadable> {
        let mut list = Vec::new();
        loop {
            let (event, span) = self.next()?;
            if event == Event::SequenceEnd {
                return Ok(Value::Array(list));
            }
            let below = join(pointer, &list.len().to_string());
            list.push(self.node(event, span, &below)?);
        }
    }
}

fn mark(marker: Marker) -> Mark {
    Mark {
        line: marker.line(),
        column: marker.col() + 1,
    }
}

fn not_yaml(error: &ScanError) -> Unreadable {
    let message = format!("expected YAML: {}", error.info());
    (mark(*error.marker()), message)
}

/// YAML 1.2's core schema: what a plain scalar means.
fn scalar(text: &str, style: ScalarStyle) -> Value {
    if style != ScalarStyle::Plain {
        return Value::String(text.to_owned());
    }
    match text {
        "" | "~" | "null" => Value::Null,
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        _ => number(text).map_or_else(|| Value::String(text.to_owned()), Value::Number),
    }
}

fn number(text: &str) -> Option<Number> {
    if !text.starts_with(|first: char| first.is_ascii_digit() || first == '-') {
        return None;
    }
    if let Ok(integer) = text.parse::<i64>() {
        return Some(integer.into());
    }
    text.parse::<f64>().ok().and_then(Number::from_f64)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(text: &str) -> Result<Document, Fault> {
        Document::parse("openapi/test.yaml", text.to_owned())
    }

    #[test]
    fn scalars_mean_what_yaml_1_2_says() {
        let document = read("a: 1\nb: 99999999.99\nc: \"222\"\nd: yes\ne: true\nf:\ng: [x, -3]\n")
            .expect("readable");
        assert_eq!(
            document.value,
            json!({"a": 1, "b": 99_999_999.99, "c": "222", "d": "yes", "e": true, "f": null, "g": ["x", -3]})
        );
    }

    #[test]
    fn every_value_knows_its_place() {
        let document = read("a:\n  b/c:\n    - 1\n    - d: 2\n").expect("readable");
        assert_eq!(document.mark("/a"), Mark { line: 1, column: 1 });
        assert_eq!(document.mark("/a/b~1c"), Mark { line: 2, column: 3 });
        assert_eq!(document.mark("/a/b~1c/1/d"), Mark { line: 4, column: 7 });
        assert_eq!(document.mark("/a/missing"), Mark { line: 1, column: 1 });
    }

    #[test]
    fn what_cannot_be_read_is_named_with_its_line() {
        for (text, message) in [
            ("", "expected a document, found nothing"),
            (
                "a: 1\na: 2\n",
                "openapi/test.yaml:2:1: `a` stands here for the second time",
            ),
            (
                "a: &x 1\nb: *x\n",
                "openapi/test.yaml:1:4: anchors, aliases and tags",
            ),
            ("a: [1\nb: 2\n", "openapi/test.yaml:2:"),
            ("? [a]\n: 1\n", "expected a plain key"),
        ] {
            let fault = read(text).expect_err(text).to_string();
            assert!(fault.contains(message), "{text:?} gave {fault}");
        }
    }
}
