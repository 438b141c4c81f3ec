//! How many columns of a terminal a character takes.
//!
//! By blocks, after Unicode's annex 11: enough to put an underline below a name in any script.
//! Sequences that a font joins into one picture are not looked at.

/// 0, 1 or 2.
pub(super) fn width(character: char) -> usize {
    let code = u32::from(character);
    if code < 0x300 {
        1
    } else if within(&ZERO, code) {
        0
    } else if within(&WIDE, code) {
        2
    } else {
        1
    }
}

fn within(ranges: &[(u32, u32)], code: u32) -> bool {
    let next = ranges.partition_point(|(_, last)| *last < code);
    ranges.get(next).is_some_and(|(first, _)| *first <= code)
}

/// Combining marks and format characters, sorted.
static ZERO: [(u32, u32); 18] = [
    (0x300, 0x36f),
    (0x483, 0x489),
    (0x591, 0x5bd),
    (0x610, 0x61a),
    (0x64b, 0x65f),
    (0x6d6, 0x6dc),
    (0x93a, 0x93a),
    (0x93c, 0x93c),
    (0x941, 0x948),
    (0x94d, 0x94d),
    (0xe34, 0xe3a),
    (0xe47, 0xe4e),
    (0x1ab0, 0x1aff),
    (0x200b, 0x200d),
    (0x20d0, 0x20ff),
    (0xfe00, 0xfe0f),
    (0xfe20, 0xfe2f),
    (0xfeff, 0xfeff),
];

/// The scripts and symbols that take two columns, sorted.
static WIDE: [(u32, u32); 17] = [
    (0x1100, 0x115f),
    (0x231a, 0x231b),
    (0x2329, 0x232a),
    (0x2e80, 0x303e),
    (0x3041, 0xa4cf),
    (0xa960, 0xa97f),
    (0xac00, 0xd7a3),
    (0xf900, 0xfaff),
    (0xfe30, 0xfe6f),
    (0xff01, 0xff60),
    (0xffe0, 0xffe6),
    (0x16fe0, 0x18d08),
    (0x1b000, 0x1b2fb),
    (0x1f300, 0x1f64f),
    (0x1f680, 0x1f6ff),
    (0x1f900, 0x1f9ff),
    (0x20000, 0x3fffd),
];

#[cfg(test)]
mod tests {
    use super::{WIDE, ZERO, width};

    #[test]
    fn columns_of_characters() {
        for (text, columns) in [
            ("Toledo", 6),
            ("Müller", 6),
            ("Mu\u{308}ller", 6),
            ("株式会社", 8),
            ("한국", 4),
            ("ＬＬＣ", 6),
            ("…", 1),
            ("\u{feff}a", 1),
            ("😀", 2),
        ] {
            assert_eq!(text.chars().map(width).sum::<usize>(), columns, "{text}");
        }
    }

    #[test]
    fn tables_are_sorted() {
        for table in [&ZERO[..], &WIDE[..]] {
            assert!(table.is_sorted());
            assert!(table.windows(2).all(|pair| pair[0].1 < pair[1].0));
        }
    }
}
