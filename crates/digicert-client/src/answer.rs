//! Reading an answer, bounded: what may be kept of it and what may be shown.

use reqwest::header::HeaderValue;
use reqwest::{Response, StatusCode};

use crate::key_name;

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

/// A text of the service with every key that we know of or can recognise taken out (I2): a server
/// may print the request it refuses.
pub(crate) fn without_keys(text: &str, keys: &[HeaderValue]) -> String {
    let mut text = without_escapes(text);
    for key in keys
        .iter()
        .filter_map(|key| key.to_str().ok())
        .filter(|key| !key.is_empty())
    {
        text = text.replace(key, REDACTED);
        // A body can end in the middle of a key. So can a word that has nothing to do with it, if
        // the two have no more than some letters in common.
        let cut = (4..key.len())
            .rev()
            .find(|end| text.ends_with(&key[..*end]));
        if let Some(end) = cut {
            text.truncate(text.len() - end);
            text.push_str(REDACTED);
        }
    }
    without_named_keys(&text)
}

/// Writes plain characters plainly: in JSON, a hyphen can be `\u002d` as well.
fn without_escapes(text: &str) -> String {
    const ESCAPE: &str = "\\u00";
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(ESCAPE) {
        plain.push_str(before);
        let code = after.get(..2);
        let code = code.and_then(|code| u8::from_str_radix(code, 16).ok());
        let plain_code =
            code.filter(|code| code.is_ascii_graphic() && !matches!(code, b'"' | b'\\'));
        if let Some(code) = plain_code {
            plain.push(code.into());
            rest = &after[2..];
        } else {
            plain.push_str(ESCAPE);
            rest = after;
        }
    }
    plain.push_str(rest);
    plain
}

/// Takes out the value of everything that is called an API key.
fn without_named_keys(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut shown = 0;
    for value in key_name::values(text) {
        clean.push_str(&text[shown..value.start]);
        clean.push_str(REDACTED);
        shown = value.end;
    }
    clean.push_str(&text[shown..]);
    clean
}

/// A text of an answer that owes a key: every word that looks like one is taken out, whatever it is
/// called.
pub(crate) fn without_words_like_keys(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(begin) = rest.find(is_of_a_key) {
        let (before, word) = rest.split_at(begin);
        let (word, after) = word.split_at(word.find(|c| !is_of_a_key(c)).unwrap_or(word.len()));
        clean.push_str(before);
        clean.push_str(if key_name::is_like_a_key(word) {
            REDACTED
        } else {
            word
        });
        rest = after;
    }
    clean.push_str(rest);
    clean
}

fn is_of_a_key(character: char) -> bool {
    u8::try_from(character).is_ok_and(key_name::is_of_a_key)
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
        let keys = [HeaderValue::from_static("canary-request")];
        for body in [
            "X-DC-DEVKEY: canary-request",
            "X-DC-DEVKEY: canary-req",
            r#"{"message":"canary\u002drequest"}"#,
            r#"{"api_key":"canary-answer"}"#,
            r#"{"api_key" : "canary-answer", "x": 1}"#,
            r#"{"api_key":"canary-answer"#,
            r#"{"api_key":canary-answer}"#,
            r#"{"api_key":["canary-answer","canary-2"]}"#,
            r#"{"api_key":{"value":"canary-answer"}}"#,
            r#"{"api_key":"a canary, an answer"}"#,
            r#"[{"api_key":"canary-1"},{"api_key":"canary-2"}]"#,
            r#"{"message":"answered {\"api_key\": \"canary-answer\"}"}"#,
            "{&quot;api_key&quot;:&quot;canary-answer&quot;}",
            "{'api_key': 'canary-answer'}",
            "api_key=canary-answer&x=1",
            r#"{"apiKey":"canary-answer"}"#,
            r#"{"API-Key":"canary-answer"}"#,
            r#"{"newApiKey":"canary-answer"}"#,
            r#"{"api_keys":["canary-answer","canary-2"]}"#,
            r#"{"message":"answered {\"apiKey\": \"canary-answer\"}"}"#,
            "<p>API key: canary-answer</p>",
            "<td>API Key</td><td>canary-answer</td>",
            "<apiKey>canary-answer</apiKey>",
        ] {
            let clean = without_keys(body, &keys);
            assert!(!clean.contains("canary"), "{body} gave {clean}");
            assert!(clean.contains(REDACTED), "{body} gave {clean}");
        }
        for body in [
            r#"{"errors":[]}"#,
            "the api_key is missing",
            r#"{"name":"M\u00fcller \u00"}"#,
            "a can",
        ] {
            assert_eq!(without_keys(body, &keys), body);
        }
        let whole = without_keys(r#"{"id":7,"api_key":"canary-answer","x":1}"#, &keys);
        assert_eq!(whole, r#"{"id":7,"api_key":"[redacted]","x":1}"#);
    }

    #[test]
    fn i2_words_that_look_like_keys_are_taken_out() {
        for (text, clean) in [
            (
                "created, it is 0123456789abcdef.",
                "created, it is [redacted].",
            ),
            ("0123456789abcdef", REDACTED),
            ("«sandbox-subaccount-1f»", "«[redacted]»"),
            ("organization|name_is_taken", "organization|name_is_taken"),
            ("", ""),
        ] {
            assert_eq!(without_words_like_keys(text), clean);
        }
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
