//! Reading an answer, bounded: what may be kept of it and what may be shown.

use reqwest::header::HeaderValue;
use reqwest::{Response, StatusCode};

/// An answer of more bytes than this is not read to its end. 10,000 subaccounts in one list are
/// about 2 MB.
const MAX_BODY: usize = 64 * 1024 * 1024;
/// So much of an error's body is shown.
const EXCERPT_CHARS: usize = 400;
const REDACTED: &str = "[redacted]";

/// The body of an answer as far as it arrived.
#[derive(Debug)]
pub(crate) struct Body {
    pub(crate) bytes: Vec<u8>,
    /// Why it ends where it ends, if not because it was complete.
    pub(crate) cut: Option<Cut>,
}

/// Why a body was not read to its end.
#[derive(Debug)]
pub(crate) enum Cut {
    /// The connection broke or the time was up.
    Broken(reqwest::Error),
    /// It was longer than we read.
    TooLong,
}

/// Reads the body as far as it comes.
pub(crate) async fn read(mut response: Response) -> Body {
    let announced = response.content_length().unwrap_or(0).min(1024 * 1024);
    let mut bytes = Vec::with_capacity(usize::try_from(announced).unwrap_or(0));
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if bytes.len() + chunk.len() > MAX_BODY => {
                return Body {
                    bytes,
                    cut: Some(Cut::TooLong),
                };
            }
            Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
            Ok(None) => return Body { bytes, cut: None },
            Err(error) => {
                return Body {
                    bytes,
                    cut: Some(Cut::Broken(error)),
                };
            }
        }
    }
}

/// The body of an error as text, with every key that we know of or can recognise taken out (I2):
/// a server may print the request it refuses.
pub(crate) fn without_keys(body: &[u8], keys: &[HeaderValue]) -> String {
    let mut text = String::from_utf8_lossy(body).into_owned();
    for key in keys
        .iter()
        .filter_map(|key| key.to_str().ok())
        .filter(|key| !key.is_empty())
    {
        text = text.replace(key, REDACTED);
    }
    without_api_key_fields(&text)
}

/// Takes out the value of every JSON field called `api_key`.
fn without_api_key_fields(text: &str) -> String {
    const FIELD: &str = "\"api_key\"";
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(FIELD) {
        let (before, field) = rest.split_at(at + FIELD.len());
        clean.push_str(before);
        let value = field.trim_start_matches([' ', '\t', '\r', '\n', ':', '"']);
        clean.push_str(": ");
        clean.push_str(REDACTED);
        let end = value.find(['"', ',', '}', ']']).unwrap_or(value.len());
        rest = value[end..].trim_start_matches('"');
    }
    clean.push_str(rest);
    clean
}

/// The beginning of a text on one line.
pub(crate) fn excerpt(text: &str) -> String {
    let text = text.trim();
    let mut short: String = text
        .chars()
        .take(EXCERPT_CHARS)
        .map(|c| {
            if c.is_control() || c.is_whitespace() {
                ' '
            } else {
                c
            }
        })
        .collect();
    if text.chars().nth(EXCERPT_CHARS).is_some() {
        short.push('…');
    }
    short
}

/// `403 Forbidden`, or the bare number of a status that has no name.
pub(crate) fn status_words(status: StatusCode) -> String {
    match status.canonical_reason() {
        Some(reason) => format!("{} {reason}", status.as_u16()),
        None => status.as_u16().to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn i2_keys_are_taken_out_of_what_is_shown() {
        let key = HeaderValue::from_static("canary-request");
        let keys = [key];
        for body in [
            "X-DC-DEVKEY: canary-request",
            r#"{"api_key":"canary-answer"}"#,
            r#"{"api_key" : "canary-answer", "x": 1}"#,
            r#"{"api_key":"canary-answer"#,
            r#"{"api_key":canary-answer}"#,
            r#"[{"api_key":"canary-1"},{"api_key":"canary-2"}]"#,
        ] {
            let clean = without_keys(body.as_bytes(), &keys);
            assert!(!clean.contains("canary"), "{body} gave {clean}");
            assert!(clean.contains(REDACTED), "{body} gave {clean}");
        }
        assert_eq!(without_keys(br#"{"errors":[]}"#, &keys), r#"{"errors":[]}"#);
    }

    #[test]
    fn an_excerpt_is_one_short_line() {
        assert_eq!(excerpt("\r\n<html>\n<b>x</b>\u{7}"), "<html> <b>x</b> ");
        assert_eq!(
            excerpt(&"é".repeat(1000)).chars().count(),
            EXCERPT_CHARS + 1
        );
        assert_eq!(excerpt(""), "");
    }
}
