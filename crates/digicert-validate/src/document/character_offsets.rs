//! From the number of a character to its byte, for the YAML parser counts characters.

/// A text whose characters can be found by number.
#[derive(Debug)]
pub(crate) struct CharacterOffsets<'a> {
    text: &'a str,
    /// Where every `STEP`th character begins; empty if characters are bytes.
    samples: Vec<usize>,
}

const STEP: usize = 64;

impl<'a> CharacterOffsets<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        let samples = if text.is_ascii() {
            Vec::new()
        } else {
            text.char_indices()
                .step_by(STEP)
                .map(|(at, _)| at)
                .collect()
        };
        Self { text, samples }
    }

    /// Where the character begins; the end of the text if there are fewer.
    pub(crate) fn byte(&self, character: usize) -> usize {
        if self.samples.is_empty() {
            return character.min(self.text.len());
        }
        let Some(&sample) = self.samples.get(character / STEP) else {
            return self.text.len();
        };
        let mut after = self.text[sample..].char_indices();
        after
            .nth(character % STEP)
            .map_or(self.text.len(), |(at, _)| sample + at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_is_found() {
        for text in ["", "abc", "äbc", &"aä€😀".repeat(100)] {
            let offsets = CharacterOffsets::new(text);
            let mut count = 0;
            for (number, (at, _)) in text.char_indices().enumerate() {
                assert_eq!(offsets.byte(number), at);
                count += 1;
            }
            assert_eq!(offsets.byte(count), text.len());
            assert_eq!(offsets.byte(count + 1000), text.len());
        }
    }
}
