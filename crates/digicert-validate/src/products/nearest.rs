//! The product that was probably meant by an identifier that the table does not have.

use super::{PRODUCTS, Product};

/// However long the identifier, it may not differ in more places.
const MAX_EDITS: usize = 3;

/// The product whose identifier is the nearest, if it is near: a third of the characters may
/// differ, up to three. Letter case and hyphens make no difference.
pub(crate) fn nearest(name_id: &str) -> Option<&'static Product> {
    let mut limit = (name_id.len() / 3).min(MAX_EDITS);
    let longest = PRODUCTS.iter().map(|product| product.name_id.len()).max()?;
    if name_id.len() > longest + limit {
        return None;
    }
    let written: Vec<u8> = name_id.bytes().map(folded).collect();
    let mut nearest = None;
    for product in PRODUCTS {
        let Some(edits) = edits(&written, product.name_id.as_bytes(), limit) else {
            continue;
        };
        nearest = Some(product);
        // Of products that are as near, the first one stays.
        match edits.checked_sub(1) {
            Some(nearer) => limit = nearer,
            None => break,
        }
    }
    nearest
}

/// How many characters must be put in, taken out or replaced, unless it is more than `limit`.
///
/// Cells of the table that are further than `limit` from its diagonal are not looked at.
fn edits(written: &[u8], known: &[u8], limit: usize) -> Option<usize> {
    if written.len().abs_diff(known.len()) > limit {
        return None;
    }
    let far = limit + 1;
    let mut row: Vec<usize> = (0..=known.len()).map(|edits| edits.min(far)).collect();
    for (line, byte) in written.iter().enumerate() {
        let from = line.saturating_sub(limit);
        let to = (line + far).min(known.len());
        let mut diagonal = row[from];
        let mut left = if from == 0 { line + 1 } else { far };
        let mut least = left;
        row[from] = left;
        for (cell, known) in row[from + 1..=to].iter_mut().zip(&known[from..to]) {
            let replaced = diagonal + usize::from(byte != known);
            diagonal = *cell;
            left = replaced.min(diagonal + 1).min(left + 1);
            least = least.min(left);
            *cell = left;
        }
        if least > limit {
            return None;
        }
    }
    row.last().copied().filter(|edits| *edits <= limit)
}

fn folded(byte: u8) -> u8 {
    match byte {
        b'-' | b' ' => b'_',
        _ => byte.to_ascii_lowercase(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same by the definition, in as many steps as it takes.
    fn defined(written: &[u8], known: &[u8]) -> usize {
        match (written, known) {
            ([], rest) | (rest, []) => rest.len(),
            ([a, written_rest @ ..], [b, known_rest @ ..]) => {
                let replaced = defined(written_rest, known_rest) + usize::from(a != b);
                let taken_out = defined(written_rest, known) + 1;
                let put_in = defined(written, known_rest) + 1;
                replaced.min(taken_out).min(put_in)
            }
        }
    }

    /// Every text of up to five letters, each `a` or `b`.
    fn short_texts() -> Vec<Vec<u8>> {
        let text = |length: u32, bits: usize| {
            let letters = (0..length).map(|place| b'a' + u8::from(bits >> place & 1 == 1));
            letters.collect()
        };
        (0..=5)
            .flat_map(|length| (0..1 << length).map(move |bits| text(length, bits)))
            .collect()
    }

    #[test]
    fn edits_are_those_of_the_definition_up_to_the_limit() {
        let texts = short_texts();
        assert_eq!(texts.len(), 63);
        for written in &texts {
            for known in &texts {
                let defined = defined(written, known);
                for limit in 0..=MAX_EDITS {
                    let expected = (defined <= limit).then_some(defined);
                    assert_eq!(
                        edits(written, known, limit),
                        expected,
                        "{written:?} {known:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn every_product_is_its_own_nearest_and_so_is_a_slip() {
        for product in PRODUCTS {
            assert_eq!(nearest(product.name_id), Some(product));
            let shouted = product.name_id.to_ascii_uppercase().replace('_', "-");
            assert_eq!(nearest(&shouted), Some(product));
            let slip = format!("{}#", product.name_id);
            assert_eq!(nearest(&slip), Some(product));
        }
    }
}
