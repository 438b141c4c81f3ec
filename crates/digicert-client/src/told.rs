//! What of an answer that is no success is told: its errors and its text, without keys (I2).

use reqwest::header::HeaderValue;

use crate::answer;
use crate::service_error::{self, ServiceError};

/// What may be shown of an answer.
#[derive(Debug, Default)]
pub(crate) struct Told {
    pub(crate) errors: Vec<ServiceError>,
    pub(crate) text: String,
    /// That something is not shown.
    pub(crate) hidden: Option<String>,
}

impl Told {
    /// Everything, without these keys and without what is called a key.
    pub(crate) fn openly(body: &[u8], keys: &[HeaderValue]) -> Self {
        let text = String::from_utf8_lossy(body);
        // Before anything is taken out: JSON has more than one way to write a key, and taking one
        // out may leave text that is no JSON.
        let errors = service_error::read(&text);
        Self {
            errors: each(errors, |text| answer::without_keys(text, keys)),
            text: answer::without_keys(&text, keys),
            hidden: None,
        }
    }

    /// The same for an answer that should have had a new key, which may be anywhere in it under any
    /// name: nothing but errors as they are documented, and in them no word that looks like a key.
    pub(crate) fn warily(body: &[u8], keys: &[HeaderValue]) -> Self {
        let text = String::from_utf8_lossy(body);
        let form = service_error::Form::of(&text);
        if form == service_error::Form::Other {
            let hidden = format!(
                "its {} bytes are not shown, there may be a key in them",
                body.len()
            );
            return Self {
                hidden: (!body.is_empty()).then_some(hidden),
                ..Self::default()
            };
        }
        let told = Self::openly(body, keys);
        let is_bare = form == service_error::Form::Bare;
        Self {
            errors: each(told.errors, answer::without_words_like_keys),
            text: if is_bare {
                answer::without_words_like_keys(&told.text)
            } else {
                String::new()
            },
            hidden: None,
        }
    }
}

fn each(mut errors: Vec<ServiceError>, clean: impl Fn(&str) -> String) -> Vec<ServiceError> {
    for error in &mut errors {
        error.code = clean(&error.code);
        error.message = clean(&error.message);
    }
    errors
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn i2_an_answer_that_owes_a_key_is_told_warily() {
        let found = [HeaderValue::from_static("canary")];
        for (body, errors, text) in [
            (
                r#"{"errors":[{"code":"a|b","message":"No, canary."}]}"#,
                "a|b: No, [redacted].",
                r#"{"errors":[{"code":"a|b","message":"No, [redacted]."}]}"#,
            ),
            (
                r#"{"errors":[{"message":"its key is canary-0123456789"}],"x":1}"#,
                "its key is [redacted]-0123456789",
                "",
            ),
            (
                r#"{"errors":[{"message":"it is canarY-0123456789"}]}"#,
                "it is [redacted]",
                r#"{"errors":[{"message":"it is [redacted]"}]}"#,
            ),
            (r#"{"errors":[{"code":"a","data":"canarY"}]}"#, "a", ""),
            (r#"{"errors":["canarY"]}"#, "", ""),
            (r#"{"errors":[{"message":{"secret":"canarY"}}]}"#, "", ""),
            (r#"{"id":7,"secret":"canarY"}"#, "", ""),
            ("<p>canarY</p>", "", ""),
            (r#""canarY""#, "", ""),
            ("", "", ""),
        ] {
            let told = Told::warily(body.as_bytes(), &found);
            let shown: Vec<_> = told.errors.iter().map(ToString::to_string).collect();
            assert_eq!(
                (shown.join("; ").as_str(), told.text.as_str()),
                (errors, text),
                "{body}"
            );
            let is_silent = errors.is_empty() && !body.is_empty();
            assert_eq!(told.hidden.is_some(), is_silent, "{body}");
        }
    }

    #[test]
    fn any_other_answer_is_told_as_it_is() {
        let told = Told::openly(b"<p>No, canary</p>", &[HeaderValue::from_static("canary")]);
        assert_eq!(
            (told.text.as_str(), told.hidden),
            ("<p>No, [redacted]</p>", None)
        );
    }
}
