//! From an API key to the header that carries it. The key types live in `digicert-types`.

use reqwest::header::HeaderValue;

use crate::error::Error;

/// A header value that HTTP libraries do not print, compress or index.
pub(crate) fn header_value(secret: &str) -> Result<HeaderValue, Error> {
    if secret.trim().is_empty() {
        return Err(Error::not_sent(
            "the API key is empty; pass the key as DigiCert shows it",
        ));
    }
    let visible = secret.bytes().all(|byte| byte.is_ascii_graphic());
    let mut value = HeaderValue::from_str(secret)
        .ok()
        .filter(|_| visible)
        .ok_or_else(|| {
            Error::not_sent(
                "the API key holds a character that cannot stand in an HTTP header; \
                 look for a blank, a line break or a hyphen that is not ASCII",
            )
        })?;
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_cannot_stand_in_a_header_is_refused_without_being_shown() {
        for secret in [
            "",
            " ",
            "canary\n",
            "canary key",
            "canary\u{2011}key",
            "canary\u{7f}",
        ] {
            let error = header_value(secret).expect_err(secret);
            let printed = format!("{error} {error:?}");
            assert!(printed.contains("API key"), "{printed}");
            assert!(!printed.contains("canary"), "{printed}");
        }
    }

    #[test]
    fn i2_a_key_in_a_header_is_not_printed() {
        let value = header_value("canary-key").expect("a plain key");
        assert!(value.is_sensitive());
        assert!(!format!("{value:?}").contains("canary"));
    }
}
