//! What somebody probably meant who gave an option that a command does not have, where the option that looks
//! most alike is not it.

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};

const OF_ITS_OWN_COMMAND: &str = "the word belongs to the command that changes something, `digicert apply` or `digicert products set`; \
     `plan` and `diff` only show what needs it";

/// Options that one knows from elsewhere, or from another command.
const TIPS: [(&str, &str); 6] = [
    (
        "--force",
        "no word allows everything: --yes answers the question, and --allow-disable, \
         --allow-currency-change and --allow-price-jump allow one kind of change each",
    ),
    ("--allow-disable", OF_ITS_OWN_COMMAND),
    ("--allow-currency-change", OF_ITS_OWN_COMMAND),
    ("--allow-price-jump", OF_ITS_OWN_COMMAND),
    (
        "--format",
        "this command has one kind of output; that of `digicert schema` is JSON already",
    ),
    (
        "--dry-run",
        "what would be changed is shown by `digicert plan` and `digicert products diff`, which change nothing",
    ),
];

/// The complaint with such a tip in place of a guess.
pub(crate) fn in_place_of_a_guess(mut error: clap::Error) -> clap::Error {
    if error.kind() != ErrorKind::UnknownArgument {
        return error;
    }
    let Some(ContextValue::String(given)) = error.get(ContextKind::InvalidArg) else {
        return error;
    };
    let name = given.split('=').next().unwrap_or_default();
    let Some((_, tip)) = TIPS.iter().find(|(option, _)| *option == name) else {
        return error;
    };
    error.remove(ContextKind::SuggestedArg);
    // It has the guess in it as well.
    error.remove(ContextKind::Usage);
    let tip = ContextValue::StyledStrs(vec![StyledStr::from(*tip)]);
    error.insert(ContextKind::Suggested, tip);
    error
}
