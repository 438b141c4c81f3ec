//! With `--format json`, the one object on standard output of a command that failed, so that a
//! program finds an object there however a command ends. Its text for people is on standard error.

use std::ffi::OsString;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::failure::Failure;
use crate::output_format::{Versioned, json_text};
use crate::standard_output::StandardOutput;

/// The shape; part of what others script against.
#[derive(Serialize)]
struct Shape<'a> {
    result: &'a str,
    exit_code: u8,
    message: &'a str,
    #[serde(flatten)]
    details: Option<&'a Map<String, Value>>,
}

impl<'a> Shape<'a> {
    fn of(failure: &'a Failure) -> Self {
        Self {
            result: failure.result(),
            exit_code: failure.outcome() as u8,
            message: failure.message(),
            details: failure.details(),
        }
    }
}

/// The members that tell of a failure, for an object that a command has begun already.
pub(crate) fn members(failure: &Failure) -> Result<String, Failure> {
    let object = json_text(&Shape::of(failure))?;
    let members = object.trim().strip_prefix('{');
    let members = members.and_then(|members| members.strip_suffix('}'));
    Ok(members.unwrap_or_default().trim_matches('\n').to_owned())
}

/// Prints it, unless the command has begun to print something else: two objects are none.
pub(crate) fn print_if_asked_for(failure: &Failure) {
    if StandardOutput::has_begun() || !is_asked_for(std::env::args_os()) {
        return;
    }
    let text = Versioned::first(Shape::of(failure)).text();
    StandardOutput::print_or_say(text.clone(), text.as_deref().unwrap_or_default());
}

/// Whether the arguments ask for JSON. It is seen before clap reads them, whose complaints are
/// failures as well.
fn is_asked_for(arguments: impl Iterator<Item = OsString>) -> bool {
    let mut own = arguments.take_while(|argument| argument != "--");
    while let Some(argument) = own.next() {
        let is_asked_for = argument == "--format=json"
            || argument == "--format" && own.next().is_some_and(|format| format == "json");
        if is_asked_for {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::is_asked_for;

    #[test]
    fn json_is_asked_for_in_both_spellings_and_never_after_two_hyphens() {
        for (arguments, expected) in [
            ("digicert plan . --format json", true),
            ("digicert --format=json plan .", true),
            ("digicert plan --format human json", false),
            ("digicert validate --format sarif", false),
            ("digicert validate -- --format json", false),
            ("digicert validate --format", false),
        ] {
            let arguments = arguments.split(' ').map(Into::into);
            assert_eq!(is_asked_for(arguments), expected);
        }
    }
}
