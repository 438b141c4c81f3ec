//! YAML, and JSON as a part of it, as a tree of values, each with the place where it stands.
//!
//! For configuration and manifests: anchors, aliases and tags are refused. Documents that are
//! checked do not come by here; `digicert-validate` reads them with every fault they have.

use digicert_validate::yaml_number;
use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span, StrInput};

const MAX_DEPTH: usize = 64;

/// A line and a column of a file, both from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Place {
    pub(crate) line: u32,
    pub(crate) column: u32,
}

impl Place {
    /// Where a file begins.
    pub(crate) const START: Self = Self { line: 1, column: 1 };

    fn of(marker: &Marker) -> Self {
        let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Self {
            line: number(marker.line()),
            column: number(marker.col() + 1),
        }
    }
}

/// What is wrong, and where.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) place: Place,
    pub(crate) message: String,
}

/// A value, and where it stands.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) place: Place,
    pub(crate) value: Value,
}

/// A value as JSON has it; a number is its digits as they were written, unless JSON writes them otherwise.
#[derive(Debug)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    List(Vec<Node>),
    Object(Vec<Field>),
}

/// A field of an object. A name that stands twice is here twice.
#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) place: Place,
    pub(crate) node: Node,
}

impl Node {
    /// The value at a JSON pointer, or the nearest one around it.
    pub(crate) fn nearest_to(&self, pointer: &str) -> &Self {
        let mut node = self;
        for step in pointer.split('/').skip(1) {
            let inner = match &node.value {
                Value::List(items) => step.parse().ok().and_then(|index: usize| items.get(index)),
                Value::Object(fields) => {
                    let name = step.replace("~1", "/").replace("~0", "~");
                    let field = fields.iter().rfind(|field| field.name == name);
                    field.map(|field| &field.node)
                }
                _ => None,
            };
            let Some(inner) = inner else { break };
            node = inner;
        }
        node
    }

    /// The value as JSON text; `at` hears of every value and name, before it is written.
    pub(crate) fn write_json(&self, text: &mut String, at: &mut impl FnMut(usize, Place)) {
        at(text.len(), self.place);
        match &self.value {
            Value::Null => text.push_str("null"),
            Value::Bool(value) => text.push_str(if *value { "true" } else { "false" }),
            Value::Number(digits) => text.push_str(digits),
            Value::Text(value) => text.push_str(&quoted(value)),
            Value::List(items) => {
                text.push('[');
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        text.push(',');
                    }
                    item.write_json(text, at);
                }
                text.push(']');
            }
            Value::Object(fields) => {
                text.push('{');
                for (index, field) in fields.iter().enumerate() {
                    if index > 0 {
                        text.push(',');
                    }
                    at(text.len(), field.place);
                    text.push_str(&quoted(&field.name));
                    text.push(':');
                    field.node.write_json(text, at);
                }
                text.push('}');
            }
        }
    }

    /// The value as JSON text.
    pub(crate) fn to_json(&self) -> String {
        let mut text = String::new();
        self.write_json(&mut text, &mut |_, _| {});
        text
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Reads one document; nothing at all is `null`.
pub(crate) fn read(text: &[u8]) -> Result<Node, Fault> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let text = std::str::from_utf8(text).map_err(|_| Fault {
        place: Place::START,
        message: "it is not UTF-8".to_owned(),
    })?;
    let mut reader = Reader(Parser::new_from_str(text));
    let mut root = None;
    while let Some((event, span)) = reader.next()? {
        match event {
            Event::StreamStart | Event::StreamEnd | Event::DocumentEnd | Event::Nothing => {}
            Event::DocumentStart(_) if root.is_none() => {}
            Event::DocumentStart(_) => return Err(fault(span, "a second document begins here")),
            event => root = Some(reader.node(event, span, MAX_DEPTH)?),
        }
    }
    Ok(root.unwrap_or(Node {
        place: Place::START,
        value: Value::Null,
    }))
}

struct Reader<'text>(Parser<'text, StrInput<'text>>);

impl<'text> Reader<'text> {
    fn next(&mut self) -> Result<Option<(Event<'text>, Span)>, Fault> {
        let event = self.0.next_event().transpose();
        event.map_err(|error| Fault {
            place: Place::of(error.marker()),
            message: format!("it is not YAML: {}", error.info()),
        })
    }

    fn node(&mut self, event: Event<'text>, span: Span, depth: usize) -> Result<Node, Fault> {
        let Some(depth) = depth.checked_sub(1) else {
            return Err(fault(span, "the nesting is too deep"));
        };
        let value = match event {
            Event::Scalar(text, style, 0, None) => scalar(&text, style),
            Event::SequenceStart(0, None) => self.list(depth)?,
            Event::MappingStart(0, None) => self.object(depth)?,
            _ => {
                let message = "anchors, aliases and tags are not read here: write the value out";
                return Err(fault(span, message));
            }
        };
        Ok(Node {
            place: Place::of(&span.start),
            value,
        })
    }

    fn list(&mut self, depth: usize) -> Result<Value, Fault> {
        let mut items = Vec::new();
        while let Some((event, span)) = self.next()? {
            if event == Event::SequenceEnd {
                break;
            }
            items.push(self.node(event, span, depth)?);
        }
        Ok(Value::List(items))
    }

    fn object(&mut self, depth: usize) -> Result<Value, Fault> {
        let mut fields = Vec::new();
        while let Some((event, span)) = self.next()? {
            let name = match event {
                Event::MappingEnd => break,
                Event::Scalar(name, _, 0, None) => name.into_owned(),
                _ => return Err(fault(span, "expected a plain key")),
            };
            let place = Place::of(&span.start);
            if let Some((event, span)) = self.next()? {
                let node = self.node(event, span, depth)?;
                fields.push(Field { name, place, node });
            }
        }
        Ok(Value::Object(fields))
    }
}

fn fault(span: Span, message: &str) -> Fault {
    Fault {
        place: Place::of(&span.start),
        message: message.to_owned(),
    }
}

/// What a scalar means by YAML 1.2's core schema, as far as JSON has it too.
fn scalar(text: &str, style: ScalarStyle) -> Value {
    match text {
        _ if style != ScalarStyle::Plain => Value::Text(text.to_owned()),
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ => match yaml_number(text) {
            Some(number) => Value::Number(number.into_owned()),
            None => Value::Text(text.to_owned()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_read_as_it_is() {
        let text = "{\n\t\"a\": [1, -2.50, true, null],\n\t\"b/c\": {\"d\": \"x\\n\\u00f6\"}\n}\n";
        let node = read(text.as_bytes()).unwrap();
        assert_eq!(
            node.to_json(),
            r#"{"a":[1,-2.50,true,null],"b/c":{"d":"x\nö"}}"#
        );
    }

    #[test]
    fn a_pointer_leads_to_the_value_or_near_it() {
        let node = read(b"a:\n  - x\n  - b/c: {d: 1}\n").unwrap();
        for (pointer, line, column) in [
            ("", 1, 1),
            ("/a", 2, 3),
            ("/a/1", 3, 5),
            ("/a/1/b~1c", 3, 10),
            ("/a/1/b~1c/d", 3, 14),
            ("/a/1/b~1c/e", 3, 10),
            ("/a/7/x", 2, 3),
            ("/q", 1, 1),
        ] {
            let place = node.nearest_to(pointer).place;
            assert_eq!((place.line, place.column), (line, column), "{pointer}");
        }
    }
}
