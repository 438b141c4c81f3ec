//! The name that was probably meant: of fields, values, products and rules.

/// A longer name is nobody's slip.
const MAX_BYTES: usize = 64;
/// However long a name is, more slips than this make another one.
const MAX_SLIPS: usize = 4;

/// The name that the written one is a slip of, if it looks like one: up to a third of its
/// characters, and at most four, added, left out, replaced or swapped with their neighbour. Letter
/// case and the characters between words do not count: `productNameId` is `product_name_id`.
///
/// ```
/// use digicert_validate::nearest;
///
/// assert_eq!(nearest("ssl-puls", ["ssl_plus", "ssl_wildcard"]), Some("ssl_plus"));
/// assert_eq!(nearest("colour", ["ssl_plus", "ssl_wildcard"]), None);
/// ```
pub fn nearest<'a>(written: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let written = letters(written)?;
    let mut best: Option<(usize, &str)> = None;
    for name in names {
        let Some(known) = letters(name) else { continue };
        let allowed = (written.len().max(known.len()) / 3).min(MAX_SLIPS);
        // Measuring is slow; most names are told apart by their length.
        if written.len().abs_diff(known.len()) > allowed {
            continue;
        }
        let slips = strsim::osa_distance(&written, &known);
        if slips <= allowed && best.is_none_or(|(least, _)| slips < least) {
            best = Some((slips, name));
        }
    }
    best.map(|(_, name)| name)
}

fn letters(name: &str) -> Option<String> {
    let between = |character: &char| matches!(character, '_' | '-' | ' ' | '.');
    let letters = || name.chars().filter(|character| !between(character));
    (name.len() <= MAX_BYTES).then(|| {
        letters()
            .map(|letter| letter.to_ascii_lowercase())
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::products;

    #[test]
    fn slips_are_recognized() {
        let names = ["bill_parent", "enforce_bill_parent", "child_name", "user"];
        for (wrong, meant) in [
            ("bil_parent", Some("bill_parent")),
            ("bill-parent", Some("bill_parent")),
            ("billParent", Some("bill_parent")),
            ("child_naem", Some("child_name")),
            ("users", Some("user")),
            ("usre", Some("user")),
            ("enforce_parent", Some("enforce_bill_parent")),
            ("parent", None),
            ("colour", None),
            ("", None),
        ] {
            assert_eq!(nearest(wrong, names), meant, "{wrong}");
        }
    }

    #[test]
    fn a_name_without_end_is_not_compared() {
        assert_eq!(nearest(&"x".repeat(MAX_BYTES + 1), ["x"]), None);
    }

    #[test]
    fn every_product_is_its_own_nearest_and_so_is_a_slip() {
        let names = || products().iter().map(|product| product.name_id);
        for name in names() {
            let shouted = name.to_ascii_uppercase().replace('_', "-");
            let slip = format!("{name}#");
            for written in [name, &shouted, &slip] {
                assert_eq!(nearest(written, names()), Some(name), "{written}");
            }
        }
    }
}
