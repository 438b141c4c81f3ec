//! Objects of a manifest: which fields they have, which they may have, what kind of value is meant.

use std::collections::HashMap;

use digicert_validate::nearest;

use super::Location;
use super::fault::Located;
use crate::yaml_tree::{Field, Node, Place, Value};

/// Reads the values of one file and collects what is wrong with them.
#[derive(Debug)]
pub(super) struct Reader<'f> {
    pub(super) file: u32,
    pub(super) faults: &'f mut Vec<Located>,
}

impl Reader<'_> {
    pub(super) fn location(&self, place: Place) -> Location {
        Location {
            file: self.file,
            place,
        }
    }

    pub(super) fn fault(&mut self, place: Place, message: impl Into<String>) {
        let at = self.location(place);
        self.faults.push(Located::new(at, message));
    }

    /// The fields of an object that may have these and no others. `what` is what it is:
    /// `a subaccount`.
    pub(super) fn object<'n>(
        &mut self,
        node: &'n Node,
        what: &str,
        known: &[&str],
    ) -> Option<Object<'n>> {
        let fields = self.fields(node, what)?;
        for field in fields {
            if !known.contains(&&*field.name) {
                let name = shortened(&field.name);
                let meant = match nearest(&field.name, known.iter().copied()) {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => format!("it has {}", listed(known)),
                };
                self.fault(
                    field.place,
                    format!("{what} has no field `{name}`; {meant}"),
                );
            }
        }
        Some(Object {
            place: node.place,
            fields,
        })
    }

    /// The fields of an object of whatever names, each once.
    pub(super) fn fields<'n>(&mut self, node: &'n Node, what: &str) -> Option<&'n [Field]> {
        let Value::Object(fields) = &node.value else {
            let found = kind(&node.value);
            self.fault(node.place, format!("{what} is an object, not {found}"));
            return None;
        };
        let mut seen = HashMap::new();
        for field in fields {
            if let Some(first) = seen.insert(field.name.as_str(), field.place) {
                let name = shortened(&field.name);
                self.fault(
                    field.place,
                    format!(
                        "`{name}` stands here a second time; first in line {}",
                        first.line
                    ),
                );
            }
        }
        Some(fields)
    }

    pub(super) fn list<'n>(&mut self, field: &'n Field) -> &'n [Node] {
        if let Value::List(items) = &field.node.value {
            return items;
        }
        self.wrong_kind(field, "a list");
        &[]
    }

    pub(super) fn text<'n>(&mut self, field: &'n Field) -> Option<&'n str> {
        match &field.node.value {
            Value::Text(text) if !text.trim().is_empty() => return Some(text),
            Value::Text(_) => self.fault(field.node.place, format!("`{}` is empty", field.name)),
            Value::Number(_) | Value::Bool(_) => {
                self.wrong_kind(field, "text: put it in quotes");
            }
            _ => self.wrong_kind(field, "text"),
        }
        None
    }

    fn wrong_kind(&mut self, field: &Field, expected: &str) {
        let found = kind(&field.node.value);
        let message = format!("`{}` is {found}, expected {expected}", field.name);
        self.fault(field.node.place, message);
    }
}

/// The fields of an object.
#[derive(Clone, Copy, Debug)]
pub(super) struct Object<'n> {
    pub(super) place: Place,
    fields: &'n [Field],
}

impl<'n> Object<'n> {
    pub(super) fn get(&self, name: &str) -> Option<&'n Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}

/// A kind of value in words: `a list`.
pub(super) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "empty",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::Text(_) => "text",
        Value::List(_) => "a list",
        Value::Object(_) => "an object",
    }
}

fn listed(names: &[&str]) -> String {
    let quoted: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}

/// A name in a message: what is no name any more is cut off.
pub(super) fn shortened(name: &str) -> String {
    const MAX_CHARACTERS: usize = 60;
    let mut short: String = name.escape_debug().take(MAX_CHARACTERS).collect();
    if name.chars().nth(MAX_CHARACTERS).is_some() {
        short.push('…');
    }
    short
}
