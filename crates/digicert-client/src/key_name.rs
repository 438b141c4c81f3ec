//! What an answer may call a key, and where in a text its value stands: one list of spellings, by which
//! a one-time key is found (I3) and by which keys are taken out of what is shown (I2).

use std::ops::Range;

/// What may stand between `api` and `key`.
const BETWEEN: [&str; 6] = ["_", "-", " ", ".", "\u{a0}", "&nbsp;"];

/// What may stand between a name and its value, besides tags.
const AFTER: [&str; 14] = [
    " ", "\t", "\r", "\n", ":", "=", ">", "\"", "'", "\\", "&quot;", "&#34;", "&#39;", "&nbsp;",
];

const LONGEST_TAG: usize = 200;

/// A key is at least so long.
const SHORTEST: usize = 16;

/// Whether a field has the name of the key, in whatever spelling: `api_key`, `apiKey`, `API-Key`.
pub(crate) fn is_name(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    length(&lower) == Some(lower.len())
}

/// Whether a word looks like a key rather than like one of a sentence, a code or a name.
pub(crate) fn is_like_a_key(word: &str) -> bool {
    word.len() >= SHORTEST
        && word.bytes().all(is_of_a_key)
        && word.bytes().any(|byte| byte.is_ascii_digit())
}

/// Whether keys are made of it.
pub(crate) fn is_of_a_key(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'+' | b'=')
}

/// Where the names are.
pub(crate) fn names(text: &str) -> impl Iterator<Item = Range<usize>> {
    let lower = text.to_ascii_lowercase();
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let begin = at + lower.get(at..)?.find("api")?;
            at = begin + 1;
            if let Some(length) = length(&lower[begin..]) {
                at = begin + length;
                return Some(begin..at);
            }
        }
    })
}

/// Where the values are of everything that is named so: in JSON, in JSON inside a string, in HTML, in
/// a query, in a sentence.
pub(crate) fn values(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut valued = 0;
    names(text).filter_map(move |name| {
        if name.start < valued {
            return None;
        }
        // `api_keys`, `api_key_value`
        let rest = &text[name.end..];
        let after = rest.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_');
        let named = text.len() - after.len();
        let begin = after_separators(text, named);
        let separators = &text[named..begin];
        if !separators.contains([':', '=', '>']) {
            return None;
        }
        valued = begin + end(separators, &text[begin..]);
        Some(begin..valued)
    })
}

/// How long the name is that a text in lower case begins with.
fn length(lower: &str) -> Option<usize> {
    let mut rest = lower.strip_prefix("api")?;
    while let Some(after) = BETWEEN.iter().find_map(|sign| rest.strip_prefix(sign)) {
        rest = after;
    }
    Some(lower.len() - rest.strip_prefix("key")?.len())
}

/// What comes after the quotes, blanks, signs and tags between a name and its value.
fn after_separators(text: &str, mut at: usize) -> usize {
    while let Some(rest) = text.get(at..) {
        let sign = AFTER.iter().find(|sign| rest.starts_with(**sign));
        match sign.map(|sign| sign.len()).or_else(|| tag(rest)) {
            Some(length) => at += length,
            None => break,
        }
    }
    at
}

/// How long the tag is that a text begins with.
fn tag(text: &str) -> Option<usize> {
    let is_tag = text.starts_with('<');
    let end = text.bytes().take(LONGEST_TAG).position(|byte| byte == b'>');
    end.filter(|_| is_tag).map(|end| end + 1)
}

fn end(separators: &str, value: &str) -> usize {
    let ends: &[char] = match (separators.chars().last(), value.chars().next()) {
        (_, Some('[')) => &[']'],
        (_, Some('{')) => &['}'],
        (Some('"'), _) => &['"'],
        (Some('\''), _) => &['\''],
        _ => &['"', '\'', ',', '}', ']', '<', '&', ' ', '\t', '\r', '\n'],
    };
    value.find(ends).unwrap_or(value.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_the_key_has_many_spellings() {
        for name in [
            "api_key", "apiKey", "API-Key", "APIKEY", "Api Key", "api.key",
        ] {
            assert!(is_name(name), "{name}");
        }
        for name in [
            "",
            "api",
            "key",
            "api_keys",
            "apikeys",
            "an_api_key_id",
            "apiary_key",
        ] {
            assert!(!is_name(name), "{name}");
        }
    }

    #[test]
    fn a_key_is_told_from_a_word() {
        for key in ["0123456789abcdef", "A1B2-c3d4_e5f6+g7=="] {
            assert!(is_like_a_key(key), "{key}");
        }
        for word in [
            "",
            "invalid",
            "request_limit_exceeded",
            "0123456789abcde",
            "2026-11-26T10:00:00.000Z",
            "****************0123",
        ] {
            assert!(!is_like_a_key(word), "{word}");
        }
    }

    #[test]
    fn the_value_is_found_behind_whatever_stands_between() {
        for text in [
            r#"{"api_key":"VALUE"}"#,
            r#"{"newApiKey" : "VALUE", "x": 1}"#,
            r#"{\"API-Key\": \"VALUE"}"#,
            "<p>API key: VALUE</p>",
            "<td>API&nbsp;key</td>\n<td>VALUE</td>",
            "<ApiKey>VALUE</ApiKey>",
            "?x=1&apikey=VALUE&y=2",
            "the api api_key_value = VALUE, and so on",
            "É api-key: VALUE",
            "api_key: VALUE",
        ] {
            let found = values(text).next().map(|range| &text[range]);
            assert_eq!(found, Some("VALUE"), "{text}");
        }
        for text in [
            "",
            "api",
            "the api_key is missing",
            "apiary: VALUE",
            "api_key",
        ] {
            assert_eq!(values(text).count(), 0, "{text}");
        }
    }
}
