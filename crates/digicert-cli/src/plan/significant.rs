//! The hash of JSON text by what it says: without the white space between values, so that neither
//! another indentation nor other line ends make another plan.

use sha2::{Digest as _, Sha256};

/// Passes the bytes of JSON text that say something.
#[derive(Debug, Default)]
struct Significant {
    in_text: bool,
    escaped: bool,
}

impl Significant {
    fn is(&mut self, byte: u8) -> bool {
        if !self.in_text {
            self.in_text = byte == b'"';
            return !byte.is_ascii_whitespace();
        }
        match byte {
            _ if self.escaped => self.escaped = false,
            b'\\' => self.escaped = true,
            b'"' => self.in_text = false,
            _ => {}
        }
        true
    }
}

/// Hashes JSON text, and holds back its last bytes.
#[derive(Debug)]
pub(super) struct SignificantHash {
    significant: Significant,
    digest: Sha256,
    /// The last bytes, oldest first from `oldest` on.
    held: Vec<u8>,
    oldest: usize,
    most: usize,
}

impl SignificantHash {
    /// Holds back so many bytes, which are not part of the hash.
    pub(super) fn holding_back(most: usize) -> Self {
        Self {
            significant: Significant::default(),
            digest: Sha256::new(),
            held: Vec::with_capacity(most),
            oldest: 0,
            most,
        }
    }

    pub(super) fn update(&mut self, bytes: &[u8]) {
        for byte in bytes {
            if !self.significant.is(*byte) {
                continue;
            }
            if self.held.len() < self.most {
                self.held.push(*byte);
            } else if let Some(oldest) = self.held.get_mut(self.oldest) {
                self.digest.update([*oldest]);
                *oldest = *byte;
                self.oldest = (self.oldest + 1) % self.most;
            } else {
                self.digest.update([*byte]);
            }
        }
    }

    /// The hash in hexadecimal digits, and what was held back.
    pub(super) fn finish(mut self) -> (String, Vec<u8>) {
        self.held.rotate_left(self.oldest);
        (crate::manifest::hex(&self.digest.finalize()), self.held)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(text: &str, most: usize) -> (String, Vec<u8>) {
        let mut hash = SignificantHash::holding_back(most);
        for piece in text.as_bytes().chunks(3) {
            hash.update(piece);
        }
        hash.finish()
    }

    #[test]
    fn only_white_space_between_values_is_left_out() {
        let (compact, _) = hash(r#"{"a b":[1,"\" c"],"d":"\\"}"#, 0);
        let (spread, _) = hash("{ \"a b\" :\r\n\t[1, \"\\\" c\"],\n\"d\": \"\\\\\" }\n", 0);
        assert_eq!(compact, spread);
        for other in [
            r#"{"ab":[1,"\" c"],"d":"\\"}"#,
            r#"{"a b":[1,"\"c"],"d":"\\"}"#,
            r#"{"a b":[2,"\" c"],"d":"\\"}"#,
        ] {
            assert_ne!(hash(other, 0).0, compact, "{other}");
        }
    }

    #[test]
    fn the_end_is_held_back() {
        let (whole, _) = hash("[1,2,3", 0);
        let (begun, rest) = hash("[1,2,3,\"x\" ]", 5);
        assert_eq!(begun, whole);
        assert_eq!(rest, b",\"x\"]");
    }
}
