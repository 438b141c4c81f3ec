//! The ID of a subaccount among the arguments.

/// Reads it; else what to write instead.
pub(crate) fn parse(text: &str) -> Result<i64, String> {
    let id = text.parse().ok().filter(|id| *id > 0);
    id.ok_or_else(|| {
        "an ID is a whole number such as 1122334; `digicert subaccount list` shows those that there are"
            .to_owned()
    })
}
