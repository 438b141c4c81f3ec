//! The id and the one-time key out of an answer that does not read as expected (I3).
//!
//! Looks at the text, not at the types: a field of another type, a body that was cut, or bytes
//! that are no JSON must not cost a key that is shown once.

use std::ops::Range;

use digicert_types::CertCentralApiKey;
use reqwest::header::HeaderValue;

use crate::key_name;

/// What could be found in the answer to a creation that could not be read. The subaccount exists.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Recovered {
    /// The account ID of the new subaccount.
    pub id: Option<i64>,
    /// Its API key, whole. A key that was cut is not offered; its beginning is in
    /// [`Error::body`](crate::Error::body).
    pub api_key: Option<CertCentralApiKey>,
}

/// Finds what there is; `None` if there is neither.
pub(crate) fn find(body: &[u8]) -> Option<Recovered> {
    let found = find_in(&String::from_utf8_lossy(body), 0);
    (found.id.is_some() || found.api_key.is_some()).then_some(found)
}

/// Whether the answer to a creation has a new key in it, whatever its status says: then the subaccount
/// was created.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NewKey {
    None,
    /// Something is called a key and looks like one, and cannot be told for certain.
    Perhaps,
    Found,
}

impl NewKey {
    /// `denied` is an answer that says that nothing was created; `owed`, that it should have had a key;
    /// `sent` are the keys of the request, which an answer may repeat.
    pub(crate) fn in_answer(body: &[u8], denied: bool, owed: bool, sent: &[HeaderValue]) -> Self {
        let is_new = |key: &str| !sent.iter().any(|sent| sent.as_bytes() == key.as_bytes());
        let found = find(body).and_then(|found| found.api_key);
        // Who refuses may say `"api_key": "invalid"`.
        let is_one = |key: &str| is_new(key) && (!denied || key_name::is_like_a_key(key));
        if found.is_some_and(|key| is_one(key.expose_secret())) {
            return Self::Found;
        }
        let text = String::from_utf8_lossy(body);
        let named = |value: Range<usize>| {
            let word = text[value].trim_matches(|c: char| !c.is_ascii_alphanumeric());
            is_new(word) && key_name::is_like_a_key(word)
        };
        if owed && key_name::values(&text).any(named) {
            Self::Perhaps
        } else {
            Self::None
        }
    }
}

/// Every key in it, so that none is shown.
pub(crate) fn keys(body: &[u8]) -> Vec<CertCentralApiKey> {
    let mut keys = Vec::new();
    add_keys(&String::from_utf8_lossy(body), 0, &mut keys);
    keys
}

fn add_keys(text: &str, nested: usize, keys: &mut Vec<CertCentralApiKey>) {
    let named = Fields::of(text).filter(|field| key_name::is_name(field.name));
    keys.extend(named.filter_map(|field| key(field.value)));
    keys.extend(keys_anywhere(text));
    if nested < DEEPEST {
        for inner in strings(text) {
            add_keys(&inner, nested + 1, keys);
        }
    }
}

/// Whether there is a key that is passed over when the answer is read as documented.
pub(crate) fn is_misplaced(body: &[u8]) -> bool {
    let text = String::from_utf8_lossy(body);
    let in_place = |field: Field<'_>| {
        field.name == "api_key" && field.depth == 1 && key(field.value).is_some()
    };
    !Fields::of(&text).any(in_place) && find_in(&text, 0).api_key.is_some()
}

/// Whether the service owes a key for this request: what was asked for is a managed subaccount, and
/// no other answer will ever have its key.
pub(crate) fn is_owed(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request);
    Fields::of(&text).any(|field| {
        field.name == "account_type" && field.depth == 1 && field.value == r#""managed""#
    })
}

/// Whether there is something where the key belongs.
pub(crate) fn is_in_place(body: &[u8]) -> bool {
    let text = String::from_utf8_lossy(body);
    Fields::of(&text).any(|field| {
        let is_something = !matches!(field.value, "" | "null" | r#""""#);
        field.name == "api_key" && field.depth == 1 && is_something
    })
}

/// JSON in a string in JSON is followed so far.
const DEEPEST: usize = 3;

fn find_in(text: &str, nested: usize) -> Recovered {
    let mut found = Recovered {
        id: None,
        api_key: None,
    };
    let mut ids = Vec::new();
    let mut beside = None;
    for field in Fields::of(text) {
        match field.name {
            "id" => {
                let id = field.value.trim_matches('"').parse().ok();
                ids.extend(id.map(|id| (field.object, field.depth, id)));
            }
            name if key_name::is_name(name) && found.api_key.is_none() => {
                found.api_key = key(field.value);
                beside = found.api_key.is_some().then_some(field.object);
            }
            _ => {}
        }
    }
    // Others have IDs too. The one of the subaccount is beside its key, or in the outermost object.
    let id = ids
        .iter()
        .find(|(object, ..)| Some(*object) == beside)
        .or_else(|| ids.iter().find(|(_, depth, _)| *depth == 1));
    found.id = id.map(|(.., id)| *id);
    if found.api_key.is_none() && nested < DEEPEST {
        let inside = strings(text).find_map(|inner| {
            let inside = find_in(&inner, nested + 1);
            inside.api_key.is_some().then_some(inside)
        });
        found = inside.unwrap_or(found);
    }
    if found.api_key.is_none() {
        found.api_key = keys_anywhere(text).next();
    }
    found
}

/// The text itself if it is a string in quotes, and its fields that are, as far as there may be a
/// key in them.
fn strings(text: &str) -> impl Iterator<Item = String> {
    std::iter::once(text)
        .chain(Fields::of(text).map(|field| field.value))
        .filter(|value| value.to_ascii_lowercase().contains("key"))
        .filter_map(|value| serde_json::from_str(value).ok())
}

/// The keys that the walk did not see, because a quote somewhere before them has no other.
fn keys_anywhere(text: &str) -> impl Iterator<Item = CertCentralApiKey> {
    key_name::names(text).filter_map(|name| {
        let is_whole = text[..name.start].ends_with('"');
        let rest = text[name.end..].strip_prefix('"')?;
        let rest = rest.trim_start().strip_prefix(':')?;
        is_whole.then(|| key(value(text, text.len() - rest.len())))?
    })
}

/// A key in quotes, or a bare word that ends before the text does.
fn key(value: &str) -> Option<CertCentralApiKey> {
    let text: String = if value.starts_with('"') {
        serde_json::from_str(value).ok()?
    } else {
        value.to_owned()
    };
    let plain =
        !text.is_empty() && text != "null" && text.bytes().all(|byte| byte.is_ascii_graphic());
    let word = value.starts_with('"')
        || text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    (plain && word).then(|| CertCentralApiKey::new(text))
}

/// A field of an object, as far as the text goes.
struct Field<'a> {
    name: &'a str,
    /// A whole string with its quotes, or the characters of another value; empty if it was cut.
    value: &'a str,
    /// 1 in the outermost object.
    depth: usize,
    /// A number that the fields of one object share.
    object: usize,
}

/// Walks over text that may be broken anywhere, field by field.
struct Fields<'a> {
    text: &'a str,
    at: usize,
    begun: usize,
    /// The objects and lists that are open here.
    open: Vec<usize>,
}

impl<'a> Fields<'a> {
    fn of(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            begun: 0,
            open: Vec::new(),
        }
    }
}

/// The string that begins here, with its quotes; `None` if it is cut.
fn string(text: &str, at: usize) -> Option<&str> {
    let bytes = text.as_bytes();
    let mut end = at + 1;
    while end < bytes.len() {
        match bytes[end] {
            b'"' => return text.get(at..=end),
            b'\\' => end += 2,
            _ => end += 1,
        }
    }
    None
}

/// The value that begins here, after blanks; empty if it is cut.
fn value(text: &str, at: usize) -> &str {
    let rest = text.get(at..).unwrap_or_default();
    let at = at + (rest.len() - rest.trim_start().len());
    let rest = rest.trim_start();
    if rest.starts_with('"') {
        return string(text, at).unwrap_or_default();
    }
    let end = rest.find([',', '}', ']', '\n', ' ']);
    end.map_or("", |end| rest[..end].trim())
}

impl<'a> Iterator for Fields<'a> {
    type Item = Field<'a>;

    fn next(&mut self) -> Option<Field<'a>> {
        while let Some(byte) = self.text.as_bytes().get(self.at) {
            match byte {
                b'{' | b'[' => {
                    self.begun += 1;
                    self.open.push(self.begun);
                }
                b'}' | b']' => drop(self.open.pop()),
                b'"' => {
                    let string = string(self.text, self.at)?;
                    self.at += string.len();
                    let rest = &self.text[self.at..];
                    if let Some(rest) = rest.trim_start().strip_prefix(':') {
                        return Some(Field {
                            name: string.trim_matches('"'),
                            value: value(self.text, self.text.len() - rest.len()),
                            depth: self.open.len(),
                            object: self.open.last().copied().unwrap_or(0),
                        });
                    }
                    continue;
                }
                _ => {}
            }
            self.at += 1;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(body: &str) -> (Option<i64>, Option<String>) {
        let found = find(body.as_bytes()).unwrap_or(Recovered {
            id: None,
            api_key: None,
        });
        (
            found.id,
            found.api_key.map(|key| key.expose_secret().to_owned()),
        )
    }

    #[test]
    fn i3_id_and_key_are_found_wherever_they_are() {
        let key = Some("not-a-real-key".to_owned());
        for (body, expected) in [
            (
                r#"{"id":7,"api_key":"not-a-real-key","organization":7}"#,
                (Some(7), key.clone()),
            ),
            (
                r#"{"id":"7","api_key":"not-a-real-key"}"#,
                (Some(7), key.clone()),
            ),
            (
                r#"{ "api_key" : "not-a-real-key" , "organization": {"id": 3}, "id" : 7 }"#,
                (Some(7), key.clone()),
            ),
            (
                r#"{"organization":{"id":3},"account":{"api_key":"not-a-real-key"}}"#,
                (None, key.clone()),
            ),
            (
                r#"{"id":7,"api_key":"not-a-real-key","organ"#,
                (Some(7), key.clone()),
            ),
            (
                r#"<html>{"id":7,"api_key":"not-a-real-key"}</html>"#,
                (Some(7), key.clone()),
            ),
            (r#"{"id":7,"api_key":"not-a-real"#, (Some(7), None)),
            (r#"{"id":7"#, (None, None)),
            (r#"{"id":7,"api_key":null}"#, (Some(7), None)),
            (r#"{"id":7,"api_key":["not-a-real-key"]}"#, (Some(7), None)),
            (
                r#"{"id":7,"api_key":12345}"#,
                (Some(7), Some("12345".to_owned())),
            ),
            (
                r#"{"id":{},"api_key":"a\u002db"}"#,
                (None, Some("a-b".to_owned())),
            ),
            (r#"{"name":"say \"id\": 9","id":7}"#, (Some(7), None)),
            (
                r#"{"id":1,"data":{"id":7,"api_key":"not-a-real-key","user":{"id":3}}}"#,
                (Some(7), key.clone()),
            ),
            (
                r#"[{"id":7,"organization":{"id":3},"api_key":"not-a-real-key"}]"#,
                (Some(7), key.clone()),
            ),
            (
                r#""{\"id\":7,\"api_key\":\"not-a-real-key\"}""#,
                (Some(7), key.clone()),
            ),
            (
                r#"{"statusCode":201,"body":"{\"id\":7,\"api_key\":\"not-a-real-key\"}"}"#,
                (Some(7), key.clone()),
            ),
            (
                r#"<p>5" wide</p> {"id":7,"api_key":"not-a-real-key"}"#,
                (None, key.clone()),
            ),
            (r#""api_key""#, (None, None)),
            ("", (None, None)),
            ("\"\\", (None, None)),
        ] {
            assert_eq!(found(body), expected, "{body}");
        }
        let bytes =
            [&b"{\"id\":7,\"name\":\"\xff\xfe\",\"api_key\":\"not-a-real-key\"}"[..]].concat();
        assert_eq!(find(&bytes).expect("found").id, Some(7));
    }

    #[test]
    fn i3_a_key_elsewhere_is_noticed() {
        for (body, misplaced) in [
            (r#"{"id":7,"api_key":"not-a-real-key"}"#, false),
            (r#"{"id":7,"user":{"api_key":null}}"#, false),
            (r#"{"id":7}"#, false),
            (r#"{"data":{"id":7,"api_key":"not-a-real-key"}}"#, true),
            (
                r#"{"api_key":null,"user":{"api_key":"not-a-real-key"}}"#,
                true,
            ),
            (r#"{"body":"{\"api_key\":\"not-a-real-key\"}"}"#, true),
            (r#"{"id":7,"apiKey":"not-a-real-key"}"#, true),
            (r#"{"id":7,"API-Key":"not-a-real-key"}"#, true),
            (r#"{"id":7,"api_keys":"not-a-real-key"}"#, false),
        ] {
            assert_eq!(is_misplaced(body.as_bytes()), misplaced, "{body}");
        }
    }

    #[test]
    fn i3_a_new_key_is_told_from_what_is_none() {
        let sent = [HeaderValue::from_static("sent-0123456789abcdef")];
        for (body, denied, expected) in [
            (
                r#"{"id":7,"apiKey":"new-0123456789abcdef"}"#,
                true,
                NewKey::Found,
            ),
            (r#"{"id":7,"apiKey":"new"}"#, false, NewKey::Found),
            (r#"{"errors":{"api_key":"invalid"}}"#, true, NewKey::None),
            (r#"{"api_key":"sent-0123456789abcdef"}"#, true, NewKey::None),
            (
                r#"{"api_key":"sent-0123456789abcdef"}"#,
                false,
                NewKey::None,
            ),
            (
                "<p>API key: new-0123456789abcdef.</p>",
                true,
                NewKey::Perhaps,
            ),
            ("<p>API key: sent-0123456789abcdef</p>", true, NewKey::None),
            (
                r#"{"api_key":["new-0123456789abcdef"]}"#,
                true,
                NewKey::Perhaps,
            ),
            ("<p>API key: invalid</p>", true, NewKey::None),
            ("", true, NewKey::None),
        ] {
            let found = |owed| NewKey::in_answer(body.as_bytes(), denied, owed, &sent);
            assert_eq!(found(true), expected, "{body}");
            let certain = if expected == NewKey::Perhaps {
                NewKey::None
            } else {
                expected
            };
            assert_eq!(found(false), certain, "{body}");
        }
    }

    #[test]
    fn i2_what_was_found_is_not_printed() {
        let found = find(br#"{"id":7,"api_key":"canary"}"#).expect("found");
        assert!(!format!("{found:?}").contains("canary"));
    }
}
