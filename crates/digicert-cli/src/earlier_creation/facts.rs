//! [`Facts`]: what this machine knows of a creation that has no ending, or an unknown one.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::{answer_file, is_managed, key};
use crate::custodian::{KEY_OUT, KeyFate};
use crate::ledger::{EndingKind, Entry, EntryId, Ledger, UNDER_WAY};

/// What is known of a creation that has no ending, or an unknown one.
#[derive(Debug, Serialize)]
pub(crate) struct Facts {
    pub(crate) entry: EntryId,
    /// A custodian has it in hand right now.
    pub(crate) is_under_way: bool,
    pub(crate) request: RequestSent,
    pub(crate) answer: Answer,
    /// The file that the key was to go to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) key_file: Option<KeyFile>,
    /// The file with what came as an answer, in which no key was found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) answer_file: Option<String>,
}

/// Whether the request was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum RequestSent {
    /// It was, at least in part.
    Sent,
    /// It was about to be.
    Unknown,
}

/// Whether an answer came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Answer {
    /// Its key is there.
    Came,
    /// None, or none that says whether the subaccount exists.
    None,
    /// It may have come, and was lost with the process that waited for it.
    Unknown,
}

#[derive(Debug, Serialize)]
pub(crate) struct KeyFile {
    pub(crate) path: PathBuf,
    pub(crate) state: KeyFileState,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum KeyFileState {
    /// Something was written to it.
    Filled,
    Empty,
    /// It is not there, or cannot be looked at.
    Missing,
}

impl Facts {
    /// What this machine knows, without asking the service.
    pub(crate) fn of(ledger: &Ledger, entry: &Entry) -> Self {
        let is_under_way = ledger.is_under_way(entry).unwrap_or_default();
        let key_file = entry.detail.text(KEY_OUT).map(|path| KeyFile {
            path: path.into(),
            state: state(Path::new(path)),
        });
        let was_ended = entry.ended.is_some();
        let has_come = entry.ending() == Some(EndingKind::Done);
        // Without an answer its file was taken away: what is there now is another creation's.
        let is_filled = !was_ended
            && key_file
                .as_ref()
                .is_some_and(|file| file.state == KeyFileState::Filled);
        Self {
            entry: entry.id,
            is_under_way,
            request: if was_ended || is_filled {
                RequestSent::Sent
            } else {
                RequestSent::Unknown
            },
            answer: match (is_filled || has_come, was_ended) {
                (true, _) => Answer::Came,
                (false, true) => Answer::None,
                (false, false) => Answer::Unknown,
            },
            key_file,
            answer_file: answer_file(entry),
        }
    }

    /// Where its key is, if there is one; `None` while it may still come.
    pub(crate) fn key(&self, entry: &Entry) -> Option<KeyFate> {
        match (&self.key_file, self.answer) {
            _ if self.is_under_way => None,
            _ if entry.ended.is_some() => Some(key(entry)),
            (Some(file), Answer::Came) => Some(KeyFate::Kept {
                place: file.path.display().to_string(),
            }),
            _ => Some(key(entry)),
        }
    }

    /// The same in words, a sentence a line.
    pub(crate) fn sentences(&self, entry: &Entry) -> Vec<String> {
        if self.is_under_way {
            return vec![UNDER_WAY.to_owned()];
        }
        if entry.is_nameless() {
            return nameless(entry);
        }
        let message = entry
            .ended
            .as_ref()
            .and_then(|ended| ended.message.as_deref());
        let mut sentences = vec![match (self.request, message) {
            (RequestSent::Sent, Some(message)) => {
                format!("The request was sent, and its outcome is unknown: {message}.")
            }
            (RequestSent::Sent, None) => "The request was sent.".to_owned(),
            (RequestSent::Unknown, _) => {
                "It was interrupted. Whether the request was sent is not known: it was about to be."
                    .to_owned()
            }
        }];
        sentences.push(match (self.answer, &self.key_file) {
            (Answer::Came, Some(file)) => {
                format!("An answer arrived: its key is in {}.", file.path.display())
            }
            (Answer::None, _) => "No answer says whether the subaccount was created.".to_owned(),
            (_, Some(file)) if file.state == KeyFileState::Empty => format!(
                "Whether an answer arrived is not known; no key was put into {}.",
                file.path.display()
            ),
            _ => "Whether an answer arrived is not known; none was written down.".to_owned(),
        });
        if let Some(path) = &self.answer_file {
            sentences.push(format!("What came is in {path}: look there first."));
        }
        if is_managed(entry) && self.answer != Answer::Came {
            let sentence = "If the subaccount exists, its key is not known here, and only \
                            DigiCert's support can provide another one: \
                            https://www.digicert.com/contact-us/";
            sentences.push(sentence.to_owned());
        }
        sentences
    }
}

/// What is known of a creation that made nobody knows which subaccount.
fn nameless(entry: &Entry) -> Vec<String> {
    let created = "It created a subaccount, and no answer says which one.".to_owned();
    let key = match key(entry) {
        KeyFate::Kept { place } | KeyFate::Rescued { place, .. } => format!("Its key: {place}."),
        _ => "Where its key is, nobody wrote down.".to_owned(),
    };
    vec![created, key]
}

fn state(path: &Path) -> KeyFileState {
    match fs::metadata(path) {
        Ok(file) if file.is_file() && file.len() > 0 => KeyFileState::Filled,
        Ok(file) if file.is_file() => KeyFileState::Empty,
        _ => KeyFileState::Missing,
    }
}
