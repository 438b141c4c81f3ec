//! Compares a tree with the shape of its kind: types, required fields, closed sets, names.
//!
//! What a value means is for the rules. Whatever is reported here is marked in the tree, so that
//! the rules do not report it once more.

use digicert_types::{Amount, QuotableInteger};
use serde::Deserialize as _;
use serde::de::IntoDeserializer as _;
use serde::de::value::Error as ValueError;

use super::faults::Faults;
use super::pointer::Pointer;
use super::scalar;
use super::shape::{Field as FieldShape, Kind, Object as Shape};
use super::tree::{Excerpt, Field, List, Node, Object, Quoted, Span, Value};
use super::whole_number::{NotWhole, whole_number};
use crate::nearest::nearest;

/// Reports everything in which the document does not have the shape.
pub(crate) fn check_shape(root: &mut Node<'_>, shape: &'static Shape, faults: &mut Faults<'_>) {
    let mut checker = Checker {
        faults,
        pointer: Pointer::default(),
    };
    checker.value(root, Kind::Object(shape));
}

struct Checker<'f, 'l> {
    faults: &'f mut Faults<'l>,
    pointer: Pointer,
}

impl Checker<'_, '_> {
    fn value(&mut self, node: &mut Node<'_>, kind: Kind) {
        let span = node.span;
        match (&mut node.value, kind) {
            // What is unreadable has been reported by the parser.
            (Value::Unreadable, _)
            | (Value::Text(_), Kind::Text)
            | (Value::Bool(_), Kind::Flag) => {}
            (Value::Object(object), Kind::Object(shape)) => self.object(object, span, shape),
            (Value::List(list), Kind::List(kind)) => self.list(list, *kind),
            (Value::Text(text), Kind::OneOf(allowed)) => {
                if !allowed.contains(&&**text) {
                    let message = format!("{} is not allowed here", Quoted(text));
                    let help = one_of(allowed, nearest(text, allowed.iter().copied()));
                    self.fault(node, message, help);
                }
            }
            (Value::Number(digits), Kind::Integer | Kind::QuotableInteger) => {
                if let Err(error) = whole_number(digits) {
                    let (message, help) = not_whole(error, &node.value);
                    self.fault(node, message, help);
                }
            }
            (Value::Text(text), Kind::QuotableInteger) => {
                if quoted_integer(text).is_none() {
                    let message = format!("expected a whole number, found {}", node.value);
                    self.fault(
                        node,
                        message,
                        "write a whole number, with or without quotes",
                    );
                }
            }
            (Value::Number(digits), Kind::Money) => {
                if digits.parse::<Amount>().is_err() {
                    let message = format!("{} has more than 15 digits", node.value);
                    self.fault(node, message, "write an amount of at most 15 digits");
                }
            }
            _ => self.wrong_type(node, kind),
        }
    }

    fn wrong_type(&mut self, node: &mut Node<'_>, kind: Kind) {
        let message = format!("expected {}, found {}", in_words(kind), node.value);
        let help = type_help(kind, &node.value);
        self.fault(node, message, help);
        self.unknown_value(node);
    }

    fn fault(&mut self, node: &mut Node<'_>, message: String, help: impl Into<String>) {
        // A value that was guessed has been reported where it was.
        if !node.faulty {
            self.faults
                .malformed(&self.pointer, node.span, message, help);
            node.faulty = true;
        }
    }

    fn list(&mut self, list: &mut List<'_>, kind: Kind) {
        for (index, item) in list.items.iter_mut().enumerate() {
            let mark = self.pointer.push_index(index);
            self.value(item, kind);
            self.pointer.back_to(mark);
        }
    }

    fn object(&mut self, object: &mut Object<'_>, span: Span, shape: &'static Shape) {
        // With a part of the object unread nobody knows what is missing.
        if !object.damaged {
            self.missing_fields(object, span, shape);
        }
        self.repeated_fields(object);
        for field in &mut object.fields {
            let mark = self.pointer.push_name(&field.name);
            match shape.fields.iter().find(|known| known.name == field.name) {
                Some(known) => self.known_field(&mut field.node, known),
                None if field.node.repeated => self.unknown_value(&mut field.node),
                None => self.unknown_field(field, shape),
            }
            self.pointer.back_to(mark);
        }
    }

    fn missing_fields(&mut self, object: &Object<'_>, span: Span, shape: &'static Shape) {
        for field in shape.fields.iter().filter(|field| field.required) {
            if object.get(field.name).is_none() {
                self.faults.malformed(
                    &self.pointer,
                    span,
                    format!("the required field `{}` is missing", field.name),
                    format!("add `{}`: {}", field.name, in_words(field.kind)),
                );
            }
        }
    }

    fn repeated_fields(&mut self, object: &mut Object<'_>) {
        for index in 1..object.fields.len() {
            let (before, rest) = object.fields.split_at_mut(index);
            let Some(field) = rest.first_mut() else {
                return;
            };
            if !before.iter().any(|other| other.name == field.name) {
                continue;
            }
            field.node.repeated = true;
            let mark = self.pointer.push_name(&field.name);
            self.faults.malformed(
                &self.pointer,
                field.node.span,
                format!(
                    "the field `{}` stands twice in the object",
                    Excerpt(&field.name)
                ),
                "remove one of them; which one the service takes is not documented",
            );
            self.pointer.back_to(mark);
        }
    }

    fn known_field(&mut self, node: &mut Node<'_>, field: &'static FieldShape) {
        if matches!(node.value, Value::Null) && !field.required {
            return;
        }
        self.value(node, field.kind);
    }

    fn unknown_field(&mut self, field: &mut Field<'_>, shape: &'static Shape) {
        let name = &field.name;
        let names = || shape.fields.iter().map(|field| field.name);
        let help = match nearest(name, names()) {
            Some(meant) => {
                format!(
                    "write `{meant}` if that is meant; the service ignores what it does not know"
                )
            }
            None if matches!(field.node.value, Value::Null) && is_amount_with_marks(name) => {
                format!("{WITHOUT_MARKS}; the comma in front of it ends the amount")
            }
            None if name == "<<" => "YAML 1.2 has no merge keys; write out the fields".to_owned(),
            None => "remove it: the service ignores what it does not know".to_owned(),
        };
        let message = format!("the field `{}` is not documented", Excerpt(name));
        self.faults
            .unknown(&self.pointer, field.node.span, message, help);
        self.unknown_value(&mut field.node);
    }

    /// Within something unknown only what is wrong in any document can be wrong.
    fn unknown_value(&mut self, node: &mut Node<'_>) {
        match &mut node.value {
            Value::List(list) => {
                for (index, item) in list.items.iter_mut().enumerate() {
                    let mark = self.pointer.push_index(index);
                    self.unknown_value(item);
                    self.pointer.back_to(mark);
                }
            }
            Value::Object(object) => {
                self.repeated_fields(object);
                for field in &mut object.fields {
                    let mark = self.pointer.push_name(&field.name);
                    self.unknown_value(&mut field.node);
                    self.pointer.back_to(mark);
                }
            }
            _ => {}
        }
    }
}

/// The whole number in a text, as the type of such fields reads it.
pub(crate) fn quoted_integer(text: &str) -> Option<QuotableInteger> {
    let deserializer = text.into_deserializer();
    let read: Result<_, ValueError> = QuotableInteger::deserialize(deserializer);
    read.ok()
}

fn not_whole(error: NotWhole, found: &Value<'_>) -> (String, &'static str) {
    match error {
        NotWhole::Fraction => (
            format!("expected a whole number, found {found}"),
            "write a whole number",
        ),
        NotWhole::TooLarge => (format!("{found} is too large"), "write at most 18 digits"),
    }
}

fn in_words(kind: Kind) -> String {
    match kind {
        Kind::Text => "a text".to_owned(),
        Kind::OneOf(allowed) => format!("one of {}", allowed.join(", ")),
        Kind::Integer | Kind::QuotableInteger => "a whole number".to_owned(),
        Kind::Flag => "true or false".to_owned(),
        Kind::Money => "an amount of money".to_owned(),
        Kind::Object(_) => "an object".to_owned(),
        Kind::List(_) => "a list".to_owned(),
    }
}

const WITHOUT_MARKS: &str = "write an amount with a decimal point, without commas, currency and \
                             quotes, such as 218.50";

/// Whether a text is an amount, or the part of one behind a comma, as it is written in many
/// countries and programs: with marks between its digits, and the sign or the code of a currency.
fn is_amount_with_marks(text: &str) -> bool {
    let is_currency = |one: char| matches!(one, '$' | '€' | '£' | '¥') || one.is_ascii_uppercase();
    let digits = text.trim_matches(|one| is_currency(one) || one == ' ');
    digits.starts_with(|first: char| first.is_ascii_digit())
        && digits.chars().all(|one| {
            one.is_ascii_digit() || matches!(one, '.' | ',' | '\'' | '_' | ' ' | '\u{a0}')
        })
}

fn one_of(allowed: &[&str], meant: Option<&str>) -> String {
    let list = allowed.join(", ");
    match meant {
        Some(meant) => format!("write `{meant}` if that is meant; allowed are {list}"),
        None => format!("write one of {list}"),
    }
}

fn type_help(kind: Kind, found: &Value<'_>) -> String {
    match (kind, found) {
        (Kind::Integer | Kind::Money, Value::Text(text)) if scalar::decimal(text).is_some() => {
            "write the number without quotes".to_owned()
        }
        (Kind::Money, Value::Text(text)) if is_amount_with_marks(text) => WITHOUT_MARKS.to_owned(),
        (Kind::Flag, Value::Text(text)) => match text.to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" | "1" => "write `true`, without quotes".to_owned(),
            "false" | "no" | "off" | "0" => "write `false`, without quotes".to_owned(),
            _ => "write `true` or `false`".to_owned(),
        },
        (Kind::Text, Value::Number(_) | Value::Bool(_) | Value::NotFinite(_)) => {
            "write it in quotes".to_owned()
        }
        (Kind::OneOf(allowed), _) => one_of(allowed, None),
        (_, Value::NotFinite(_)) => "JSON has no such number; write digits".to_owned(),
        (kind, _) => format!("write {} here", in_words(kind)),
    }
}
