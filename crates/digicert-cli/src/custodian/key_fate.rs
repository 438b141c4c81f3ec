//! [`KeyFate`]: what became of the key of a creation, and how the ledger says it. Where a new key is to go is
//! in `job`, how it gets there in `key_place`.

use serde::{Deserialize, Serialize};

use crate::ledger::Detail;

/// Where the ledger names the place that a key was to have, if it is a file.
pub(crate) const KEY_OUT: &str = "key_out";

/// Where it names the place that the key has.
pub(crate) const KEY_IN: &str = "key_in";

/// Where it names the file with an answer in which no key was found.
pub(crate) const ANSWER_IN: &str = "answer_in";

/// What became of the key, in a word.
const KEY: &str = "key";

/// Why it is not where it was to go.
const KEY_TROUBLE: &str = "key_trouble";

/// Where the one-time key is now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub(crate) enum KeyFate {
    /// None was expected, and none came.
    None,
    /// Where it was to go.
    Kept { place: String },
    /// In another place.
    Rescued { place: String, why: String },
    /// Nowhere: every place failed.
    Lost { why: String },
    /// The answer should have had one and has none that can be read; the answer itself is kept, if
    /// there is one.
    Missing { answer: Option<String> },
}

impl KeyFate {
    /// The words of the ledger. They say where the key is, and are never the key.
    pub(crate) fn detail(&self) -> Detail {
        let detail = Detail::default();
        match self {
            Self::None => detail,
            Self::Kept { place } => detail.with(KEY, "kept").with(KEY_IN, place.as_str()),
            Self::Rescued { place, why } => detail
                .with(KEY, "rescued")
                .with(KEY_IN, place.as_str())
                .with(KEY_TROUBLE, why.as_str()),
            Self::Lost { why } => detail.with(KEY, "lost").with(KEY_TROUBLE, why.as_str()),
            Self::Missing { answer } => match answer {
                Some(answer) => detail.with(KEY, "missing").with(ANSWER_IN, answer.as_str()),
                None => detail.with(KEY, "missing"),
            },
        }
    }

    /// Reads [`detail`](Self::detail).
    pub(crate) fn of(detail: &Detail) -> Self {
        let text = |name| detail.text(name).unwrap_or_default().to_owned();
        match detail.text(KEY) {
            Some("kept") => Self::Kept {
                place: text(KEY_IN),
            },
            Some("rescued") => Self::Rescued {
                place: text(KEY_IN),
                why: text(KEY_TROUBLE),
            },
            Some("lost") => Self::Lost {
                why: text(KEY_TROUBLE),
            },
            Some("missing") => Self::Missing {
                answer: detail.text(ANSWER_IN).map(str::to_owned),
            },
            _ => Self::None,
        }
    }
}
