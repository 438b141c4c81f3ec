//! What a plan knows of a request without holding it: its hash, and the words it needs.

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::manifest::hex;
use crate::price_change::PriceChange;

/// SHA-256 of the body that is sent.
pub(crate) fn request_sha256(request: &impl Serialize) -> String {
    // What cannot be written cannot be sent, so its hash tells nothing apart.
    sha256(request).unwrap_or_default()
}

/// SHA-256 of what is written, if it can be.
pub(super) fn sha256(content: &impl Serialize) -> Result<String, serde_json::Error> {
    let text = serde_json::to_vec(content)?;
    Ok(hex(&Sha256::digest(text)))
}

/// The words that a change needs.
pub(crate) fn words(change: &PriceChange) -> Vec<String> {
    let dangers = change.dangers().into_iter();
    dangers.map(|danger| danger.word().to_string()).collect()
}
