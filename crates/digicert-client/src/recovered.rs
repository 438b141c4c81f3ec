//! The id and the one-time key out of an answer that does not read as expected (I3).
//!
//! Looks at the text, not at the types: a field of another type, a body that was cut, or bytes
//! that are no JSON must not cost a key that is shown once.

use digicert_types::CertCentralApiKey;

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
    let text = String::from_utf8_lossy(body);
    let mut found = Recovered {
        id: None,
        api_key: None,
    };
    for field in Fields::of(&text) {
        match field.name {
            "id" if field.depth == 1 && found.id.is_none() => {
                found.id = field.value.trim_matches('"').parse().ok()
            }
            "api_key" if found.api_key.is_none() => found.api_key = key(field.value),
            _ => {}
        }
    }
    (found.id.is_some() || found.api_key.is_some()).then_some(found)
}

/// A key in quotes, or a bare word that ends before the text does.
fn key(value: &str) -> Option<CertCentralApiKey> {
    let text: String = match value.starts_with('"') {
        true => serde_json::from_str(value).ok()?,
        false => value.to_owned(),
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
}

/// Walks over text that may be broken anywhere, field by field.
struct Fields<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

impl<'a> Fields<'a> {
    fn of(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            depth: 0,
        }
    }

    /// The string that begins here, with its quotes; `None` if it is cut.
    fn string(&self, at: usize) -> Option<&'a str> {
        let bytes = self.text.as_bytes();
        let mut end = at + 1;
        while end < bytes.len() {
            match bytes[end] {
                b'"' => return self.text.get(at..=end),
                b'\\' => end += 2,
                _ => end += 1,
            }
        }
        None
    }

    fn value(&self, at: usize) -> &'a str {
        let rest = self.text.get(at..).unwrap_or_default();
        let at = at + (rest.len() - rest.trim_start().len());
        let rest = rest.trim_start();
        if rest.starts_with('"') {
            return self.string(at).unwrap_or_default();
        }
        let end = rest.find([',', '}', ']', '\n', ' ']);
        end.map_or("", |end| rest[..end].trim())
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Field<'a>;

    fn next(&mut self) -> Option<Field<'a>> {
        while let Some(byte) = self.text.as_bytes().get(self.at) {
            match byte {
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' => self.depth = self.depth.saturating_sub(1),
                b'"' => {
                    let string = self.string(self.at)?;
                    self.at += string.len();
                    let rest = &self.text[self.at..];
                    if let Some(value) = rest.trim_start().strip_prefix(':') {
                        let value = self.value(self.text.len() - value.len());
                        return Some(Field {
                            name: string.trim_matches('"'),
                            value,
                            depth: self.depth,
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
    fn i2_what_was_found_is_not_printed() {
        let found = find(br#"{"id":7,"api_key":"canary"}"#).expect("found");
        assert!(!format!("{found:?}").contains("canary"));
    }
}
