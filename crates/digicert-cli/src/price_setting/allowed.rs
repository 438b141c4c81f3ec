//! The words that allow dangers, as options of a command.

use std::collections::BTreeSet;

use clap::Args;
use serde::Serialize;

use crate::failure::Failure;
use crate::price_change::{Danger, Word};

/// The dangers that are allowed. To be flattened into a command's options.
#[derive(Clone, Debug, Args)]
pub(crate) struct Allowed {
    /// Let products be disabled that are enabled now
    #[arg(long)]
    allow_disable: bool,

    /// Let the currency change, which sets the balance to 0 for good
    #[arg(long)]
    allow_currency_change: bool,

    /// Let prices move by a factor of ten or more, from or to 0, or from or to one that is not known
    #[arg(long)]
    allow_price_jump: bool,
}

impl Allowed {
    fn words(&self) -> BTreeSet<Word> {
        let words = [
            (self.allow_disable, Word::Disable),
            (self.allow_currency_change, Word::CurrencyChange),
            (self.allow_price_jump, Word::PriceJump),
        ];
        words
            .into_iter()
            .filter(|(is_said, _)| *is_said)
            .map(|(_, word)| word)
            .collect()
    }

    /// Refuses dangers whose words were not said.
    pub(crate) fn refuse_others(&self, dangers: &[Danger]) -> Result<(), Failure> {
        self.refuse_other_words(dangers.iter().map(|danger| danger.word().as_str()))
    }

    /// Refuses words that were not said.
    pub(crate) fn refuse_other_words<'w>(
        &self,
        needed: impl Iterator<Item = &'w str>,
    ) -> Result<(), Failure> {
        let said = self.words();
        let is_said = |word: &str| said.iter().any(|said| said.as_str() == word);
        let words: Vec<_> = needed.filter(|word| !is_said(word)).collect();
        if words.is_empty() {
            return Ok(());
        }
        let it = if words.len() == 1 { "it" } else { "them" };
        Err(Failure::unsafe_to_go_on(format!(
            "nothing was changed: this needs {}; add {it} if that is meant",
            words.join(" and ")
        ))
        .with_result("needs-words")
        .with_details(&Missing {
            missing_words: words,
        }))
    }
}

/// What programs are told.
#[derive(Serialize)]
struct Missing<'w> {
    missing_words: Vec<&'w str>,
}
