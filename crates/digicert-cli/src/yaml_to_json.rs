//! YAML as JSON text, so that one reader takes both, numbers as they were written.
//!
//! For configuration written by hand: anchors, aliases and tags are refused. Documents that are
//! checked do not come by here; `digicert-validate` reads them with every fault they have.

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span, StrInput};

const MAX_DEPTH: usize = 64;

/// What is wrong, and where.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) line: usize,
    pub(crate) column: usize,
    pub(crate) message: String,
}

/// JSON text on one line, and where its values stood in YAML.
#[derive(Debug, Default)]
pub(crate) struct Json {
    pub(crate) text: String,
    places: Vec<(usize, Marker)>,
}

impl Json {
    /// Line and column in YAML of what stands at a column of the JSON text.
    pub(crate) fn place(&self, column: usize) -> (usize, usize) {
        let next = self.places.partition_point(|(start, _)| *start < column);
        let place = next.checked_sub(1).and_then(|index| self.places.get(index));
        place.map_or((1, 1), |(_, marker)| (marker.line(), marker.col() + 1))
    }
}

/// Converts one document.
pub(crate) fn convert(text: &[u8]) -> Result<Json, Fault> {
    let text = std::str::from_utf8(text).map_err(|_| Fault {
        line: 1,
        column: 1,
        message: "it is not UTF-8".to_owned(),
    })?;
    let mut converter = Converter {
        parser: Parser::new_from_str(text),
        json: Json::default(),
    };
    converter.stream()?;
    Ok(converter.json)
}

struct Converter<'text> {
    parser: Parser<'text, StrInput<'text>>,
    json: Json,
}

impl<'text> Converter<'text> {
    fn stream(&mut self) -> Result<(), Fault> {
        while let Some((event, span)) = self.next()? {
            match event {
                Event::StreamStart | Event::StreamEnd | Event::DocumentEnd | Event::Nothing => {}
                Event::DocumentStart(_) if self.json.text.is_empty() => {}
                Event::DocumentStart(_) => {
                    return Err(fault(span, "a second document begins here"));
                }
                event => self.value(&event, span, MAX_DEPTH)?,
            }
        }
        if self.json.text.is_empty() {
            self.json.text.push_str("null");
        }
        Ok(())
    }

    fn next(&mut self) -> Result<Option<(Event<'text>, Span)>, Fault> {
        self.parser.next_event().transpose().map_err(|error| Fault {
            line: error.marker().line(),
            column: error.marker().col() + 1,
            message: format!("it is not YAML: {}", error.info()),
        })
    }

    fn value(&mut self, event: &Event<'text>, span: Span, depth: usize) -> Result<(), Fault> {
        let Some(depth) = depth.checked_sub(1) else {
            return Err(fault(span, "the nesting is too deep"));
        };
        self.json.places.push((self.json.text.len(), span.start));
        match event {
            Event::Scalar(text, style, 0, None) => self.json.text += &scalar(text, *style),
            Event::SequenceStart(0, None) => self.sequence(depth)?,
            Event::MappingStart(0, None) => self.mapping(depth)?,
            _ => {
                let message = "anchors, aliases and tags are not read here: write the value out";
                return Err(fault(span, message));
            }
        }
        Ok(())
    }

    fn sequence(&mut self, depth: usize) -> Result<(), Fault> {
        let mut opening = '[';
        while let Some((event, span)) = self.next()? {
            if event == Event::SequenceEnd {
                break;
            }
            self.json.text.push(std::mem::replace(&mut opening, ','));
            self.value(&event, span, depth)?;
        }
        self.close(opening, '[', ']');
        Ok(())
    }

    fn mapping(&mut self, depth: usize) -> Result<(), Fault> {
        let mut opening = '{';
        while let Some((event, span)) = self.next()? {
            let key = match event {
                Event::MappingEnd => break,
                Event::Scalar(key, _, 0, None) => key,
                _ => return Err(fault(span, "expected a plain key")),
            };
            self.json.text.push(std::mem::replace(&mut opening, ','));
            self.json.places.push((self.json.text.len(), span.start));
            self.json.text += &quoted(&key);
            self.json.text.push(':');
            if let Some((event, span)) = self.next()? {
                self.value(&event, span, depth)?;
            }
        }
        self.close(opening, '{', '}');
        Ok(())
    }

    /// Closes a list or an object, which nothing has opened yet if it is empty.
    fn close(&mut self, pending: char, opening: char, closing: char) {
        if pending == opening {
            self.json.text.push(opening);
        }
        self.json.text.push(closing);
    }
}

fn fault(span: Span, message: &str) -> Fault {
    let (line, column) = (span.start.line(), span.start.col() + 1);
    Fault {
        line,
        column,
        message: message.to_owned(),
    }
}

/// What a scalar means by YAML 1.2's core schema, as far as JSON has it too.
fn scalar(text: &str, style: ScalarStyle) -> String {
    match text {
        _ if style != ScalarStyle::Plain => quoted(text),
        "" | "~" | "null" => "null".to_owned(),
        "true" | "false" => text.to_owned(),
        _ if serde_json::from_str::<serde_json::Number>(text).is_ok() => text.to_owned(),
        _ => quoted(text),
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(yaml: &str) -> String {
        convert(yaml.as_bytes()).unwrap().text
    }

    #[test]
    fn every_kind_of_value_is_converted() {
        for (yaml, expected) in [
            ("", "null"),
            ("# nothing\n", "null"),
            ("{}", "{}"),
            ("---\n[]\n...\n", "[]"),
            (
                "a: 1\nb: [x, -3, [], {}]\n",
                r#"{"a":1,"b":["x",-3,[],{}]}"#,
            ),
            ("a: {b: {c: ~}}", r#"{"a":{"b":{"c":null}}}"#),
            ("- true\n- yes\n- 'false'\n", r#"[true,"yes","false"]"#),
            ("a: |\n  x\n  \"y\"\n", r#"{"a":"x\n\"y\"\n"}"#),
            (
                "- 412\n- 99999999.99\n- 0x10\n- 1.50\n- .inf\n",
                r#"[412,99999999.99,"0x10",1.50,".inf"]"#,
            ),
            ("1: 2", r#"{"1":2}"#),
        ] {
            assert_eq!(json(yaml), expected, "{yaml}");
        }
    }

    #[test]
    fn what_cannot_be_converted_is_named_with_its_place() {
        let deep = "[".repeat(100);
        for (yaml, line, column, message) in [
            ("a: &x 1\nb: *x\n", 1, 4, "anchors, aliases and tags"),
            ("a: !!str 1\n", 1, 4, "anchors, aliases and tags"),
            ("? [a]\n: 1\n", 1, 3, "expected a plain key"),
            ("a: 1\n---\nb: 1\n", 2, 1, "a second document"),
            ("a: b: c\n", 1, 5, "it is not YAML"),
            (&deep, 1, 65, "the nesting is too deep"),
        ] {
            let fault = convert(yaml.as_bytes()).unwrap_err();
            assert!(
                fault.message.starts_with(message),
                "{yaml:?} gave {fault:?}"
            );
            assert_eq!(
                (fault.line, fault.column),
                (line, column),
                "{yaml:?} gave {fault:?}"
            );
        }
        assert_eq!(convert(b"a: \xff").unwrap_err().message, "it is not UTF-8");
    }
}
