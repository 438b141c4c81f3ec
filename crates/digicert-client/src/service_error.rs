//! One error as the service reports it, and how a body with several is read.

use std::fmt;

use serde_json::{Map, Value};

/// One entry of the `errors` that the service answers with.
///
/// ```
/// use digicert_client::ServiceError;
///
/// let error = ServiceError::new("access_denied|missing_permission", "You may not do this.");
/// assert_eq!(error.base(), "access_denied");
/// assert_eq!(error.detail(), Some("missing_permission"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServiceError {
    /// The whole code, as it was sent but for API keys. The set is open. Empty if there was none.
    pub code: String,
    /// The message, as it was sent but for API keys. Empty if there was none.
    pub message: String,
}

impl ServiceError {
    /// An error of this code and message.
    pub fn new(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            message: message.into(),
        }
    }

    /// The code before the pipe: `access_denied` of `access_denied|missing_permission`.
    #[must_use]
    pub fn base(&self) -> &str {
        self.code
            .split_once('|')
            .map_or(&*self.code, |(base, _)| base)
    }

    /// The sub-code behind the pipe, if there is one.
    #[must_use]
    pub fn detail(&self) -> Option<&str> {
        self.code.split_once('|').map(|(_, detail)| detail)
    }
}

impl fmt::Display for ServiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.code.is_empty(), self.message.is_empty()) {
            (false, false) => write!(f, "{}: {}", self.code, self.message),
            (false, true) => f.write_str(&self.code),
            (true, _) => f.write_str(&self.message),
        }
    }
}

/// Every error in a body. `errors` is documented as a list; a single object, and `error` instead
/// of `errors`, have been seen as well, and nothing of them is lost. Not JSON: none.
pub(crate) fn read(body: &str) -> Vec<ServiceError> {
    let Ok(body) = serde_json::from_str::<Value>(body) else {
        return Vec::new();
    };
    let found = body.get("errors").or_else(|| body.get("error"));
    let list = match found {
        Some(Value::Array(list)) => list.as_slice(),
        Some(single) => std::slice::from_ref(single),
        None => return Vec::new(),
    };
    list.iter().filter_map(read_one).collect()
}

/// How far a body is what is documented for errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Errors of code and message, and nothing else.
    Bare,
    /// Errors of code and message, with other things beside or in them.
    Mixed,
    /// Something else.
    Other,
}

impl Form {
    pub(crate) fn of(body: &str) -> Self {
        let Ok(Value::Object(body)) = serde_json::from_str(body) else {
            return Self::Other;
        };
        let list = match body.get("errors").or_else(|| body.get("error")) {
            Some(Value::Array(list)) => list.as_slice(),
            Some(single) => std::slice::from_ref(single),
            None => return Self::Other,
        };
        let errors: Option<Vec<_>> = list.iter().map(Value::as_object).collect();
        let Some(errors) = errors.filter(|errors| errors.iter().copied().all(has_texts)) else {
            return Self::Other;
        };
        let is_bare = |error: &&Map<String, Value>| error.keys().all(|name| is_documented(name));
        if body.len() == 1 && errors.iter().all(is_bare) {
            Self::Bare
        } else {
            Self::Mixed
        }
    }
}

fn has_texts(error: &Map<String, Value>) -> bool {
    let mut documented = error.iter().filter(|(name, _)| is_documented(name));
    documented.all(|(_, value)| value.is_string() || value.is_null())
}

fn is_documented(name: &str) -> bool {
    matches!(name, "code" | "message")
}

fn read_one(error: &Value) -> Option<ServiceError> {
    match error {
        Value::Null => None,
        Value::Object(_) => Some(ServiceError::new(
            text(&error["code"]),
            text(&error["message"]),
        )),
        other => Some(ServiceError::new("", text(other))),
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_of_a_body_is_kept() {
        let one = ServiceError::new("a|b", "c");
        for (body, expected) in [
            (
                r#"{"errors":[{"code":"a|b","message":"c"}]}"#,
                vec![one.clone()],
            ),
            (
                r#"{"errors":{"code":"a|b","message":"c"}}"#,
                vec![one.clone()],
            ),
            (
                r#"{"error":{"code":"a|b","message":"c"}}"#,
                vec![one.clone()],
            ),
            (
                r#"{"errors":[{"code":"a|b","message":"c"},{"code":7},{"message":"m"},null,"text"]}"#,
                vec![
                    one,
                    ServiceError::new("7", ""),
                    ServiceError::new("", "m"),
                    ServiceError::new("", "text"),
                ],
            ),
            (r#"{"errors":[]}"#, vec![]),
            ("{}", vec![]),
            ("<html>", vec![]),
            ("", vec![]),
        ] {
            assert_eq!(read(body), expected, "{body}");
        }
    }

    #[test]
    fn the_documented_form_is_told_from_others() {
        for (body, form) in [
            (
                r#"{"errors":[{"code":"a","message":"b"},{"code":"c"}]}"#,
                Form::Bare,
            ),
            (r#"{"errors":[]}"#, Form::Bare),
            (r#"{"error":{"message":"b"}}"#, Form::Bare),
            (r#"{"errors":[{"code":"a"}],"id":7}"#, Form::Mixed),
            (r#"{"errors":[{"code":"a","id":7}]}"#, Form::Mixed),
            (r#"{"errors":["a"]}"#, Form::Other),
            (r#"{"errors":[{"code":7}]}"#, Form::Other),
            (r#"{"errors":"a"}"#, Form::Other),
            (r#"{"id":7}"#, Form::Other),
            ("[]", Form::Other),
            ("<html>", Form::Other),
            ("", Form::Other),
        ] {
            assert_eq!(Form::of(body), form, "{body}");
        }
    }

    #[test]
    fn a_code_is_split_at_its_first_pipe() {
        for (code, base, detail) in [
            ("not_found|route", "not_found", Some("route")),
            ("not_found", "not_found", None),
            ("a|b|c", "a", Some("b|c")),
            ("", "", None),
        ] {
            let error = ServiceError::new(code, "");
            assert_eq!((error.base(), error.detail()), (base, detail), "{code}");
        }
    }
}
