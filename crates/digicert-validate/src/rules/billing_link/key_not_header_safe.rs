//! DC302 `key-not-header-safe`.

use super::keys;
use crate::findings::Findings;
use crate::request::BillingLink;
use crate::rule::{CheckLink, Rule as _, declare_rule};

declare_rule! {
    /// ## What it checks
    ///
    /// Both keys have visible ASCII characters only. Everything else is reported, with code point
    /// and position: white space (also around the key), control characters, and whatever is not
    /// ASCII. Neither the key nor any other part of it is ever repeated.
    ///
    /// ## Why it matters
    ///
    /// A key travels in an HTTP header. A line break there ends the header and begins another one,
    /// white space may be taken off on the way, and other characters are refused or changed, all
    /// of which ends in an error that speaks of a wrong key. Such characters come from copying: a
    /// word processor turns a hyphen into U+2011, as DigiCert's own page does with the name of the
    /// header, and a file with a key mostly ends in a line break.
    ///
    /// ## Examples
    ///
    /// ```json,rejected
    /// {"partner_key": "made\u2011up\u2011partner\u2011key", "certcentral_key": "made-up-certcentral-key"}
    /// ```
    ///
    /// ```json,rejected
    /// {"partner_key": "made-up-partner-key", "certcentral_key": "made-up-certcentral-key\n"}
    /// ```
    ///
    /// ```json,accepted
    /// {"partner_key": "made-up-partner-key", "certcentral_key": "made-up-certcentral-key"}
    /// ```
    pub KeyNotHeaderSafe {
        code: "DC302",
        name: "key-not-header-safe",
        severity: Error,
        source: "finance page, status 400 for invalid headers; authentication page, where the hyphens are U+2011; RFC 9110, 5.5",
    }
}

impl CheckLink for KeyNotHeaderSafe {
    fn check(link: &BillingLink<'_>, findings: &mut Findings<'_>) {
        for key in keys::of(link) {
            let unsafe_ones = unsafe_characters(key.text().unwrap_or_default());
            let Some((position, character)) = unsafe_ones.clone().next() else {
                continue;
            };
            let more = match unsafe_ones.count() - 1 {
                0 => String::new(),
                1 => ", and so is one more".to_owned(),
                more => format!(", and so are {more} more"),
            };
            findings.add(
                Self::INFO,
                key.pointer,
                format!(
                    "character {position} of the {}, U+{:04X}{}, is not safe in an HTTP header{more}",
                    key.name,
                    u32::from(character),
                    name(character),
                ),
                help(character),
            );
        }
    }
}

/// The characters that are not visible ASCII, each with its position from 1.
fn unsafe_characters(text: &str) -> impl Iterator<Item = (usize, char)> + Clone {
    (1..)
        .zip(text.chars())
        .filter(|(_, character)| !character.is_ascii_graphic())
}

/// The name of a character that is often pasted along, or nothing.
fn name(character: char) -> &'static str {
    match character {
        '\n' | '\r' => " (a line break)",
        '\t' => " (a tab)",
        ' ' => " (a space)",
        '\u{a0}' => " (a no-break space)",
        '\u{200b}' => " (a zero-width space)",
        '\u{2011}' => " (a non-breaking hyphen)",
        '\u{feff}' => " (a byte order mark)",
        _ if is_dash(character) => " (a dash)",
        _ => "",
    }
}

fn help(character: char) -> &'static str {
    if is_dash(character) {
        "type the hyphen `-` in its place, or copy the key from a source that has no typography"
    } else if character.is_whitespace() {
        "take off the white space, or copy the key again, if it stands in its middle"
    } else {
        "copy the key again, as plain text and nothing else"
    }
}

/// Whether it is one of those that programs make out of a hyphen.
fn is_dash(character: char) -> bool {
    matches!(character, '\u{ad}' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}
