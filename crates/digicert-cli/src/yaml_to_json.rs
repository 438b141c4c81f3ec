//! YAML as JSON text, so that one reader takes both, numbers as they were written.
//!
//! For configuration written by hand, as `yaml_tree.rs` reads it.

use crate::yaml_tree::{self, Place};

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
    places: Vec<(usize, Place)>,
}

impl Json {
    /// Line and column in YAML of what stands at a column of the JSON text.
    pub(crate) fn place(&self, column: usize) -> (usize, usize) {
        let next = self.places.partition_point(|(start, _)| *start < column);
        let place = next.checked_sub(1).and_then(|index| self.places.get(index));
        place.map_or((1, 1), |(_, place)| numbers(*place))
    }
}

/// Converts one document.
pub(crate) fn convert(text: &[u8]) -> Result<Json, Fault> {
    let root = yaml_tree::read(text).map_err(|fault| {
        let (line, column) = numbers(fault.place);
        Fault {
            line,
            column,
            message: fault.message,
        }
    })?;
    let mut json = Json::default();
    let places = &mut json.places;
    root.write_json(&mut json.text, &mut |at, place| places.push((at, place)));
    Ok(json)
}

fn numbers(place: Place) -> (usize, usize) {
    let number = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
    (number(place.line), number(place.column))
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
                "- 412\n- 99999999.99\n- 1.50\n- .inf\n- 1_000\n",
                r#"[412,99999999.99,1.50,".inf","1_000"]"#,
            ),
            // As the rules read them, which have let them pass by then.
            (
                "- .5\n- 5.\n- +5\n- 0400\n- 0x10\n- True\n- FALSE\n- Null\n- '.5'\n",
                r#"[0.5,5,5,400,16,true,false,null,".5"]"#,
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
