//! Texts in commands that somebody is advised to type in.

/// As a shell takes it for one word.
pub(crate) fn word(text: &str) -> String {
    let plain =
        |character: char| character.is_ascii_alphanumeric() || "/._-+:@%".contains(character);
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::word;

    #[test]
    fn what_a_shell_would_take_apart_is_quoted() {
        for (text, expected) in [
            ("prices/acme.json", "prices/acme.json"),
            ("", "''"),
            ("acme prices.json", "'acme prices.json'"),
            ("it's", r"'it'\''s'"),
            ("$(rm -r x)", "'$(rm -r x)'"),
            ("~/x", "'~/x'"),
        ] {
            assert_eq!(word(text), expected);
        }
    }
}
