//! Checking the fields of a JSON request, and collecting every fault instead of the first.
//!
//! What each request consists of stands with its operation. No fault repeats a value.

use digicert_types::certcentral::ServiceError;
use digicert_types::{Amount, QuotableInteger};
use serde::Deserialize;
use serde_json::Value;

use crate::answer::{Refusal, error, invalid, missing};

/// Faults reported one by one; more are only counted, so that an answer is never much larger
/// than its request.
const REPORTED: usize = 100;

/// The faults of one request.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    reported: Vec<ServiceError>,
    omitted: usize,
}

impl Faults {
    pub(crate) fn add(&mut self, fault: ServiceError) {
        if self.reported.len() < REPORTED {
            self.reported.push(fault);
        } else {
            self.omitted += 1;
        }
    }

    pub(crate) fn into_result(mut self) -> Result<(), Refusal> {
        if self.reported.is_empty() {
            return Ok(());
        }
        if self.omitted > 0 {
            let message = format!("{} further faults are not listed.", self.omitted);
            self.reported.push(error("invalid_value", message));
        }
        Err(Refusal::faults(self.reported))
    }
}

/// A place in a request, with the value that is there, if any. Checks of an absent field pass;
/// [`required`](Self::required) is what reports it.
#[derive(Debug)]
pub(crate) struct Field<'a> {
    /// Such as `products[2].prices[0].cost`; empty for the request as a whole.
    path: String,
    value: Option<&'a Value>,
    faults: &'a mut Faults,
}

impl<'a> Field<'a> {
    /// The request as a whole, which is an object.
    pub(crate) fn root(value: &'a Value, faults: &'a mut Faults) -> Self {
        Self {
            path: String::new(),
            value: Some(value),
            faults,
        }
    }

    /// The field of that name inside of this one.
    pub(crate) fn field(&mut self, name: &str) -> Field<'_> {
        let separator = if self.path.is_empty() { "" } else { "." };
        Field {
            path: format!("{}{separator}{name}", self.path),
            value: self.value.and_then(|value| value.get(name)),
            faults: self.faults,
        }
    }

    /// Reports the field if it is absent.
    pub(crate) fn required(self) -> Self {
        if self.value.is_none() {
            self.faults.add(missing(&self.path));
        }
        self
    }

    /// Checks that this is an object, and its fields.
    pub(crate) fn object(mut self, check: impl FnOnce(&mut Field<'_>)) {
        if self.is("it must be an object", Value::is_object) {
            check(&mut self);
        }
    }

    /// Checks that this is a list, and its elements.
    pub(crate) fn list(mut self, mut check: impl FnMut(Field<'_>)) {
        if !self.is("it must be a list", Value::is_array) {
            return;
        }
        let elements = self.value.and_then(Value::as_array);
        for (index, element) in elements.into_iter().flatten().enumerate() {
            check(Field {
                path: format!("{}[{index}]", self.path),
                value: Some(element),
                faults: self.faults,
            });
        }
    }

    pub(crate) fn text(mut self) {
        self.is("it must be text", Value::is_string);
    }

    /// Checks for text of at most that many characters.
    pub(crate) fn text_up_to(mut self, limit: usize) {
        if !self.is("it must be text", Value::is_string) {
            return;
        }
        let length = self.value.and_then(Value::as_str).unwrap_or_default();
        let length = length.chars().count();
        if length > limit {
            self.report(&format!(
                "it has {length} characters, at most {limit} are allowed"
            ));
        }
    }

    pub(crate) fn one_of(mut self, allowed: &[&str]) {
        self.is(
            &format!("it must be one of {}", allowed.join(", ")),
            |value| value.as_str().is_some_and(|text| allowed.contains(&text)),
        );
    }

    pub(crate) fn boolean(mut self) {
        self.is("it must be true or false", Value::is_boolean);
    }

    pub(crate) fn integer(mut self) {
        self.is("it must be a whole number", Value::is_i64);
    }

    pub(crate) fn integer_between(mut self, lowest: i64, highest: i64) {
        let reason = format!("it must be a whole number from {lowest} to {highest}");
        self.is(&reason, |value| {
            value
                .as_i64()
                .is_some_and(|n| (lowest..=highest).contains(&n))
        });
    }

    pub(crate) fn integer_from(mut self, lowest: i64) {
        self.is(
            &format!("it must be a whole number of at least {lowest}"),
            |value| value.as_i64().is_some_and(|n| n >= lowest),
        );
    }

    /// Checks for a whole number, in quotes or not.
    pub(crate) fn quotable_integer(mut self) {
        let reason = "it must be a whole number, with or without quotes";
        self.is(reason, |value| {
            let has_digits_only = value.as_str().is_none_or(|text| {
                let digits = text.strip_prefix('-').unwrap_or(text);
                !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
            });
            has_digits_only && QuotableInteger::deserialize(value).is_ok()
        });
    }

    /// Checks for an amount of money.
    pub(crate) fn price(mut self) {
        self.is(
            "it must be a number from 0 to 99999999.99, of at most 15 digits",
            |value| {
                let in_range = |amount| (Amount::ZERO..=Amount::MAX_PRICE).contains(&amount);
                value.is_number() && Amount::deserialize(value).is_ok_and(in_range)
            },
        );
    }

    /// Whether there is a value that is as it should be. Reports one that is not.
    fn is(&mut self, reason: &str, accepts: impl FnOnce(&Value) -> bool) -> bool {
        let Some(value) = self.value else {
            return false;
        };
        let accepted = accepts(value);
        if !accepted {
            self.report(reason);
        }
        accepted
    }

    fn report(&mut self, reason: &str) {
        self.faults.add(invalid(&self.path, reason));
    }
}
