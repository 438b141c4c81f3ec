//! Which of JSON and YAML a file is.

use std::path::Path;

use digicert_validate::Format;

/// What the name of the file tells, or else its content.
pub(crate) fn of(path: Option<&Path>, text: &[u8]) -> Format {
    path.and_then(Format::of_path)
        .unwrap_or_else(|| of_content(text))
}

/// JSON if it begins like an object or a list of JSON. YAML can begin so, too, but hardly does.
fn of_content(text: &[u8]) -> Format {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    match text.trim_ascii_start().first() {
        Some(b'{' | b'[') => Format::Json,
        _ => Format::Yaml,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_tells_else_the_content() {
        for (path, text, format) in [
            (Some("a.yaml"), "{", Format::Yaml),
            (Some("a.JSON"), "a: 1", Format::Json),
            (Some("a.txt"), " \n{", Format::Json),
            (None, "\u{feff}[", Format::Json),
            (None, "a: {}", Format::Yaml),
            (None, "", Format::Yaml),
        ] {
            assert_eq!(
                of(path.map(Path::new), text.as_bytes()),
                format,
                "{path:?} {text}"
            );
        }
    }
}
