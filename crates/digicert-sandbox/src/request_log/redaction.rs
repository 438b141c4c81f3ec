//! [`Redactor`] and [`Redacted`]: what of a request may be kept.
//!
//! A text in the log is a [`Redacted`], and only a [`Redactor`] makes one, so no key can get in by
//! another way. It takes out what is known to be a key wherever it stands, and what stands where
//! keys stand, known or not: a real key that was sent here by mistake is unknown.

use std::ops::Range;

use axum::http::{HeaderName, HeaderValue};
use digicert_types::{CertCentralApiKey, PartnerApiKey};
use memchr::{memchr, memchr2, memmem};
use serde::Serialize;

const MARK: &str = "[redacted]";

/// How far beyond what is kept a text is looked at, so that no key is cut in half and not known
/// any more.
const OVERLAP: usize = 512;

/// What headers may be shown. Any other may hold a key, whatever it is called.
const SHOWN: [&str; 17] = [
    "accept",
    "accept-charset",
    "accept-encoding",
    "accept-language",
    "cache-control",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "date",
    "expect",
    "host",
    "origin",
    "pragma",
    "transfer-encoding",
    "user-agent",
    "x-request-id",
];

/// Text without keys.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Redacted(Box<str>);

impl Redacted {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Takes keys out of texts.
#[derive(Debug)]
pub(crate) struct Redactor {
    certcentral_key: CertCentralApiKey,
    partner_key: PartnerApiKey,
}

impl Redactor {
    pub(crate) fn new(certcentral_key: CertCentralApiKey, partner_key: PartnerApiKey) -> Self {
        Self {
            certcentral_key,
            partner_key,
        }
    }

    /// The value of a header.
    pub(crate) fn header(&self, name: &HeaderName, value: &HeaderValue) -> Redacted {
        if SHOWN.contains(&name.as_str()) {
            let text = String::from_utf8_lossy(value.as_bytes());
            self.without(&text, text.len(), Vec::new())
        } else {
            Redacted(MARK.into())
        }
    }

    /// A path with its query.
    pub(crate) fn path(&self, path: &str) -> Redacted {
        let query = path.find('?').map_or(path.len(), |mark| mark + 1);
        let mut secrets = Vec::new();
        let mut start = query;
        for parameter in path.get(query..).unwrap_or_default().split('&') {
            let end = start + parameter.len();
            if let Some((name, _)) = parameter.split_once('=')
                && is_secret(name.as_bytes())
            {
                secrets.push(start + name.len() + 1..end);
            }
            start = end + 1;
        }
        self.without(path, path.len(), secrets)
    }

    /// The beginning of a body of so many bytes. `beginning` has up to [`window`] bytes of it, of
    /// which `keep` are kept.
    ///
    /// What is no JSON is kept by its size alone, since nothing tells where its keys are. `own` is
    /// for what the sandbox has written itself.
    pub(crate) fn body(&self, beginning: &[u8], size: u64, keep: usize, own: bool) -> Redacted {
        let is_json = matches!(beginning.trim_ascii_start().first(), Some(b'{' | b'['));
        if !is_json && !own && !beginning.is_empty() {
            return Redacted(format!("[{size} bytes that are no JSON]").into());
        }
        let text = String::from_utf8_lossy(beginning);
        let is_complete = beginning.len() as u64 == size;
        let end = if is_complete && text.len() <= keep {
            text.len()
        } else {
            (0..=keep.min(text.len()))
                .rev()
                .find(|&end| text.is_char_boundary(end))
                .unwrap_or_default()
        };
        let Redacted(kept) = self.without(&text, end, secret_members(text.as_bytes()));
        if end == text.len() && is_complete {
            return Redacted(kept);
        }
        Redacted(format!("{kept}… [cut, {size} bytes in all]").into())
    }

    /// The text up to `end`, without these places, and without all keys that are known.
    ///
    /// The end counts in the text as it was: what is taken out before makes no room for more, which
    /// might be the first half of a key.
    fn without(&self, text: &str, end: usize, mut secrets: Vec<Range<usize>>) -> Redacted {
        let bytes = text.as_bytes();
        for key in [
            self.certcentral_key.expose_secret(),
            self.partner_key.expose_secret(),
        ] {
            let found = memmem::find_iter(bytes, key.as_bytes());
            secrets.extend(found.map(|start| start..start + key.len()));
        }
        secrets
            .extend(memmem::find_iter(bytes, "sandbox-").filter_map(|start| made_up(bytes, start)));
        secrets.retain(|secret| secret.start <= end);
        if secrets.is_empty() {
            return Redacted(text.get(..end).unwrap_or_default().into());
        }
        secrets.sort_unstable_by_key(|range| range.start);
        let mut kept = String::with_capacity(text.len());
        let mut position = 0;
        for secret in secrets {
            if secret.start >= position {
                kept.push_str(text.get(position..secret.start).unwrap_or_default());
                kept.push_str(MARK);
            }
            position = position.max(secret.end);
        }
        kept.push_str(text.get(position..end).unwrap_or_default());
        Redacted(kept.into())
    }
}

/// How many bytes of a body a redactor wants to see to keep so many.
pub(crate) fn window(keep: usize) -> usize {
    keep + OVERLAP
}

/// The made-up key that begins there, if there is one.
fn made_up(text: &[u8], start: usize) -> Option<Range<usize>> {
    let rest = text.get(start..)?;
    let beginnings = [
        "sandbox-certcentral-",
        "sandbox-partner-",
        "sandbox-subaccount-",
    ];
    beginnings
        .iter()
        .any(|beginning| rest.starts_with(beginning.as_bytes()))
        .then(|| {
            let is_of_key = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'-';
            start..start + rest.iter().take_while(is_of_key).count()
        })
}

/// Whether what has this name may be a key. A name with an escape may be any name.
///
/// Asked for each name of each answer, so it looks at each letter once.
fn is_secret(name: &[u8]) -> bool {
    let begins_with = |place: usize, part: &str| {
        let beginning = name.get(place..place + part.len());
        beginning.is_some_and(|beginning| beginning.eq_ignore_ascii_case(part.as_bytes()))
    };
    let mut letters = name.iter().map(u8::to_ascii_lowercase).enumerate();
    letters.any(|(place, letter)| match letter {
        b'a' => begins_with(place, "auth"),
        b'c' => begins_with(place, "credential"),
        b'k' => begins_with(place, "key"),
        b'p' => begins_with(place, "passw"),
        b's' => begins_with(place, "secret"),
        b't' => begins_with(place, "token"),
        b'\\' | b'%' => true,
        _ => false,
    })
}

/// The values in a JSON text whose names say that they may be keys. The text may be malformed, and
/// end anywhere.
fn secret_members(text: &[u8]) -> Vec<Range<usize>> {
    let mut secrets = Vec::new();
    let mut position = 0;
    while let Some(start) = find(text, position, |rest| memchr(b'"', rest)) {
        let end = end_of_string(text, start);
        let after = skip_space(text, end);
        position = end;
        if text.get(after) != Some(&b':') {
            continue;
        }
        let name = text.get(start..end).unwrap_or_default();
        if is_secret(name) {
            let value = skip_space(text, after + 1);
            position = end_of_value(text, value);
            secrets.push(value..position);
        }
    }
    secrets
}

fn find(text: &[u8], from: usize, find: impl FnOnce(&[u8]) -> Option<usize>) -> Option<usize> {
    text.get(from..).and_then(find).map(|found| from + found)
}

/// Behind the string that begins there.
fn end_of_string(text: &[u8], start: usize) -> usize {
    let mut position = start + 1;
    while let Some(found) = find(text, position, |rest| memchr2(b'"', b'\\', rest)) {
        if text.get(found) == Some(&b'"') {
            return found + 1;
        }
        position = found + 2;
    }
    text.len()
}

fn skip_space(text: &[u8], from: usize) -> usize {
    let is_other = |rest: &[u8]| rest.iter().position(|byte| !byte.is_ascii_whitespace());
    find(text, from, is_other).unwrap_or(text.len())
}

/// Behind the value that begins there, with all that is in it.
fn end_of_value(text: &[u8], start: usize) -> usize {
    let mut position = start;
    let mut depth = 0_usize;
    while let Some(byte) = text.get(position) {
        match byte {
            b'"' => position = end_of_string(text, position),
            b'{' | b'[' => {
                depth += 1;
                position += 1;
            }
            b'}' | b']' | b',' if depth == 0 => return position,
            b'}' | b']' => {
                depth -= 1;
                position += 1;
            }
            _ => position += 1,
        }
        if depth == 0 && matches!(byte, b'"' | b'}' | b']') {
            return position;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::made_up;

    fn redactor() -> Redactor {
        let certcentral_key = CertCentralApiKey::new("given-key-1");
        Redactor::new(certcentral_key, PartnerApiKey::new("given-key-2"))
    }

    fn body(text: &str) -> String {
        let body = redactor().body(text.as_bytes(), text.len() as u64, 4096, false);
        body.as_str().to_owned()
    }

    #[test]
    fn i2_values_whose_names_say_key_are_not_kept() {
        for (sent, kept) in [
            (
                r#"{"id":1,"api_key":"S3CRET","x":2}"#,
                r#"{"id":1,"api_key":[redacted],"x":2}"#,
            ),
            (r#"{"apiKey" : "S3C\"RET"}"#, r#"{"apiKey" : [redacted]}"#),
            (
                r#"{"a":{"X-DC-DEVKEY":"S3CRET"}}"#,
                r#"{"a":{"X-DC-DEVKEY":[redacted]}}"#,
            ),
            (
                r#"{"keys":["S3CRET",{"a":"S3CRET"}],"b":1}"#,
                r#"{"keys":[redacted],"b":1}"#,
            ),
            (r#"{"token":53,"b":1}"#, r#"{"token":[redacted],"b":1}"#),
            (
                r#"{"api\u005fk\u0065y":"S3CRET"}"#,
                r#"{"api\u005fk\u0065y":[redacted]}"#,
            ),
            (r#"{"password":"S3CR"#, r#"{"password":[redacted]"#),
            (r#"{"secret":"#, r#"{"secret":[redacted]"#),
            (r#"{"key":["S3CRET"#, r#"{"key":[redacted]"#),
            (r#"{"name":"key","value":1}"#, r#"{"name":"key","value":1}"#),
            (r#"{"a":"\"api_key\":"}"#, r#"{"a":"\"api_key\":"}"#),
        ] {
            assert_eq!(body(sent), kept, "{sent}");
        }
        assert_eq!(body("api_key=S3CRET"), "[14 bytes that are no JSON]");
        assert_eq!(body(""), "");
    }

    #[test]
    fn i2_known_and_made_up_keys_are_not_kept_wherever_they_are() {
        let made_up = made_up("subaccount").unwrap();
        for key in ["given-key-1", "given-key-2", &made_up] {
            let text = format!(r#"{{"name":"my {key}!","b":["{key}"]}}"#);
            assert_eq!(
                body(&text),
                r#"{"name":"my [redacted]!","b":["[redacted]"]}"#
            );
            let path = redactor().path(&format!("/account/{key}/x?a={key}&b=1"));
            assert_eq!(path.as_str(), "/account/[redacted]/x?a=[redacted]&b=1");
            let value = HeaderValue::from_str(&format!("curl {key}")).unwrap();
            let header = redactor().header(&HeaderName::from_static("user-agent"), &value);
            assert_eq!(header.as_str(), "curl [redacted]");
        }
        assert_eq!(
            body(r#"{"a":"sandbox-test.example.com"}"#),
            r#"{"a":"sandbox-test.example.com"}"#
        );
    }

    #[test]
    fn i2_a_header_that_is_not_known_to_be_harmless_is_not_shown() {
        for name in [
            "x-dc-devkey",
            "x-partner-apikey",
            "authorization",
            "cookie",
            "x-anything",
        ] {
            let value = HeaderValue::from_static("S3CRET");
            let header = redactor().header(&HeaderName::from_static(name), &value);
            assert_eq!(header.as_str(), MARK, "{name}");
        }
        let path = redactor().path("/account?api_key=S3CRET&limit=3");
        assert_eq!(path.as_str(), "/account?api_key=[redacted]&limit=3");
    }

    #[test]
    fn i2_what_is_taken_out_before_makes_no_room_for_half_a_key() {
        let redactor = redactor();
        let key = redactor.certcentral_key.expose_secret();
        // So much is taken out that what is left of the window is shorter than what is kept.
        let keep = 2000;
        let secret = format!(r#"{{"api_key": "{}", "name": ""#, "s".repeat(1500));
        for cut in 1..key.len() {
            let padding = "x".repeat(window(keep) - secret.len() - cut);
            let text = format!("{secret}{padding}{key}");
            let beginning = &text.as_bytes()[..window(keep)];
            let kept = redactor.body(beginning, text.len() as u64, keep, false);
            assert!(!kept.as_str().ends_with(&key[..cut]), "{}", kept.as_str());
            assert!(
                !kept.as_str().contains(&format!("x{}", &key[..cut])),
                "{cut}"
            );
        }
    }

    #[test]
    fn i2_no_key_is_cut_in_half_where_a_body_is_cut() {
        let key = made_up("subaccount").unwrap();
        for shift in 0..100 {
            let text = format!(r#"{{"a":"{}{key}"}}"#, "ü".repeat(shift));
            let beginning = &text.as_bytes()[..text.len().min(window(60))];
            let body = redactor().body(beginning, text.len() as u64, 60, false);
            let shown = body.as_str();
            assert!(!shown.contains(&key[..24]), "{shown}");
            assert!(shown.len() < 60 + 40, "{shown}");
        }
    }
}
