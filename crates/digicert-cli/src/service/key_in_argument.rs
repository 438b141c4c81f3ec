//! Refusing a key that stands among the arguments: every user of the machine can see them.

use std::ffi::OsString;
use std::path::Path;

use crate::failure::Failure;

/// What one would try first. None of them is an option of ours.
const NAMES: [&str; 12] = [
    "--api-key",
    "--apikey",
    "--api_key",
    "--certcentral-api-key",
    "--certcentral-key",
    "--dev-key",
    "--devkey",
    "--key",
    "--partner-api-key",
    "--partner-key",
    "--token",
    "--x-dc-devkey",
];

/// Options that take the path of a key file, and say by themselves what is wrong with another value.
const FILES: [&str; 2] = ["--api-key-file", "--partner-api-key-file"];

/// Refuses arguments such as `--api-key=…`, and words that look like a key wherever they stand,
/// without repeating them.
pub(crate) fn refuse(arguments: impl Iterator<Item = OsString>) -> Result<(), Failure> {
    let own = arguments.take_while(|argument| argument != "--");
    let mut is_file = false;
    for argument in own {
        let argument = argument.to_string_lossy();
        let value = argument.rsplit('=').next().unwrap_or_default();
        if !is_file && looks_like_a_key(value) && !Path::new(value).exists() {
            return Err(Failure::new(
                "an argument looks like an API key, and is not repeated here: arguments are visible \
                 to every user of this machine and stay in the history of the shell; put the key \
                 into a file and give `--api-key-file PATH`, or set DIGICERT_API_KEY. If it is the \
                 name of a file, write `./` before it",
            ));
        }
        is_file = FILES.iter().any(|option| argument.starts_with(option));
        let name = argument
            .split_once('=')
            .map_or(&*argument, |(name, _)| name);
        if let Some(name) = NAMES.iter().find(|known| name.eq_ignore_ascii_case(known)) {
            let file = if name.contains("partner") {
                "`--partner-api-key-file PATH`, or set DIGICERT_PARTNER_API_KEY"
            } else {
                "`--api-key-file PATH`, or set DIGICERT_API_KEY"
            };
            return Err(Failure::new(format!(
                "`{name}` is no option: arguments are visible to every user of this machine and stay \
                 in the history of the shell; put the key into a file and give {file}. If a real key \
                 was given, replace it in CertCentral"
            )));
        }
    }
    Ok(())
}

/// Whether a text is one word with a stretch of letters and digits as only keys have it. Names of
/// files have dots or slashes, or words in them that one can read.
pub(crate) fn looks_like_a_key(text: &str) -> bool {
    const STRETCH: usize = 24;
    let is_word = text
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || "_-".contains(c));
    let mixed = |part: &str| {
        let has = |what: fn(&char) -> bool| part.chars().any(|c| what(&c));
        has(char::is_ascii_digit) && has(char::is_ascii_alphabetic)
    };
    let mut parts = text.split(['-', '_']);
    is_word && parts.any(|part| part.len() >= STRETCH && mixed(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(arguments: &[&str]) -> Option<String> {
        let refused = refuse(arguments.iter().map(OsString::from));
        refused.err().map(|failure| failure.to_string())
    }

    #[test]
    fn i2_a_key_among_the_arguments_is_refused_and_not_repeated() {
        for arguments in [
            &["digicert", "account", "show", "--api-key=canary"][..],
            &["digicert", "--api-key", "canary", "account", "show"],
            &["digicert", "--API-KEY=canary"],
            &["digicert", "billing", "link", "--partner-api-key", "canary"],
            &["digicert", "--token=canary"],
            &["digicert", "canary0123456789abcdef0123456789"],
            &[
                "digicert",
                "account",
                "show",
                "canary0123456789abcdef0123456789",
            ],
            &[
                "digicert",
                "--profile=canary-0123456789abcdef0123456789abcdef",
                "doctor",
            ],
        ] {
            let message = refused(arguments).unwrap();
            assert!(message.contains("-file PATH"), "{message}");
            assert!(!message.contains("canary"), "{message}");
        }
    }

    #[test]
    fn what_is_no_key_is_left_alone() {
        for arguments in [
            &["digicert", "account", "show", "--api-key-file=key"][..],
            &["digicert", "subaccount", "create", "--key-out", "key"],
            &["digicert", "validate", "--", "--api-key"],
            &[
                "digicert",
                "plan",
                "prices",
                "--out",
                "plan-2026-11-25-subaccounts-of-acme",
            ],
            &["digicert", "apply", "./0123456789abcdef0123456789abcdef"],
            &[
                "digicert",
                "products",
                "show",
                "112233411223341122334112233411223341122334",
            ],
            &[
                "digicert",
                "doctor",
                "--api-key-file",
                "0123456789abcdef0123456789abcdef",
            ],
        ] {
            assert_eq!(refused(arguments), None);
        }
    }
}
