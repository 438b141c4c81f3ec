//! Refusing a key that stands among the arguments: every user of the machine can see them.

use std::ffi::OsString;

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

/// Refuses arguments such as `--api-key=…` without repeating what follows.
pub(crate) fn refuse(arguments: impl Iterator<Item = OsString>) -> Result<(), Failure> {
    let own = arguments.take_while(|argument| argument != "--");
    for argument in own {
        let argument = argument.to_string_lossy();
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
        ] {
            assert_eq!(refused(arguments), None);
        }
    }
}
