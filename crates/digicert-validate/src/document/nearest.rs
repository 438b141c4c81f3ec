//! The name that was probably meant.

/// A longer name is nobody's slip.
const MAX_BYTES: usize = 64;

/// The name at the smallest edit distance, if it is near enough to be a slip: one change in three
/// characters. Letter case and the characters between words do not count: `productNameId` is
/// `product_name_id`.
pub(crate) fn nearest<'a>(
    wrong: &str,
    names: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let wrong = letters(wrong)?;
    let measured = names.into_iter().filter_map(|name| {
        let name_letters = letters(name)?;
        let distance = distance(&wrong, &name_letters);
        let near = distance * 3 <= wrong.len().max(name_letters.len());
        near.then_some((distance, name))
    });
    measured.min_by_key(|(distance, _)| *distance).map(|(_, name)| name)
}

fn letters(name: &str) -> Option<Vec<char>> {
    let is_between = |character: &char| matches!(character, '_' | '-' | ' ' | '.');
    let letters = || name.chars().filter(|character| !is_between(character));
    (name.len() <= MAX_BYTES).then(|| letters().map(|letter| letter.to_ascii_lowercase()).collect())
}

/// How many characters must be added, left out, replaced or swapped with their neighbour.
fn distance(from: &[char], to: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, left) in from.iter().enumerate() {
        let mut next = vec![i + 1];
        for (j, right) in to.iter().enumerate() {
            let replaced = row[j] + usize::from(left != right);
            let mut least = replaced.min(row[j + 1] + 1).min(next[j] + 1);
            if i > 0 && j > 0 && *left == to[j - 1] && from[i - 1] == *right {
                least = least.min(before[j - 1] + 1);
            }
            next.push(least);
        }
        before = std::mem::replace(&mut row, next);
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn distances() {
        let distance = |from: &str, to: &str| {
            distance(&from.chars().collect::<Vec<_>>(), &to.chars().collect::<Vec<_>>())
        };
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("abc", ""), 3);
        assert_eq!(distance("abcd", "acbd"), 1);
        assert_eq!(distance("kitten", "sitting"), 3);
    }
}
