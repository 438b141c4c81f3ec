//! Commands that somebody is advised to type in, with the options of the command that advises. Without
//! them, what was tried on a sandbox would be done to the account of the default profile, and an entry
//! of another ledger would be settled.

use std::ffi::OsString;

use crate::shell_word::word;

/// Options that say which service and whose keys, with the variable that says the same.
const OF_SERVICE: [(&str, Option<&str>); 6] = [
    ("--region", None),
    ("--origin", Some("DIGICERT_ORIGIN")),
    ("--profile", Some("DIGICERT_PROFILE")),
    ("--config", Some("DIGICERT_CONFIG")),
    // A key itself stays in its variable.
    ("--api-key-file", None),
    ("--partner-api-key-file", None),
];
/// Those that besides say which ledger.
const OF_LEDGER: [(&str, Option<&str>); 1] = [("--ledger", Some("DIGICERT_LEDGER"))];
/// A variable says nothing where one of these options stands.
const WIN_OVER_VARIABLES: [(&str, &[&str]); 1] = [("--origin", &["--region", "--profile"])];

/// A command that asks the service.
pub(crate) fn on_service(words: &str) -> String {
    format!("digicert {words}{}", given(&OF_SERVICE))
}

/// A command that asks the service and has a ledger.
pub(crate) fn on_ledger(words: &str) -> String {
    format!("{}{}", on_service(words), given(&OF_LEDGER))
}

fn given(options: &[(&str, Option<&str>)]) -> String {
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    of(options, &arguments, |name| std::env::var_os(name))
}

/// The options that are given, as they are typed in.
fn of(
    options: &[(&str, Option<&str>)],
    arguments: &[OsString],
    variable: impl Fn(&str) -> Option<OsString>,
) -> String {
    let mut text = String::new();
    for (option, name) in options {
        let in_environment = || {
            let wins = WIN_OVER_VARIABLES
                .iter()
                .filter(|(loser, _)| loser == option);
            let mut winners = wins.flat_map(|(_, winners)| *winners);
            let is_overruled = winners.any(|winner| value(arguments, winner).is_some());
            let name = name.filter(|_| !is_overruled)?;
            let value = variable(name)?.to_string_lossy().into_owned();
            (!value.is_empty()).then_some(value)
        };
        if let Some(value) = value(arguments, option).or_else(in_environment) {
            text.extend([" ", option, " ", &word(&value)]);
        }
    }
    text
}

/// The value of an option, as `--option value` or `--option=value`.
fn value(arguments: &[OsString], option: &str) -> Option<String> {
    let mut own = arguments
        .iter()
        .map(|argument| argument.to_string_lossy())
        .take_while(|argument| argument != "--");
    while let Some(argument) = own.next() {
        if argument == option {
            return own.next().map(std::borrow::Cow::into_owned);
        }
        let value = argument.strip_prefix(option);
        if let Some(value) = value.and_then(|value| value.strip_prefix('=')) {
            return Some(value.to_owned());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{OF_LEDGER, OF_SERVICE, of};

    #[test]
    fn what_says_which_service_and_which_ledger_is_repeated_as_one_types_it() {
        let options = [&OF_SERVICE[..], &OF_LEDGER].concat();
        for (arguments, variables, expected) in [
            ("products set 1 --yes", "", ""),
            ("x --origin http://a:1 --yes", "", " --origin http://a:1"),
            ("x --profile=it's", "", r" --profile 'it'\''s'"),
            (
                "x --ledger a/b --region eu",
                "",
                " --region eu --ledger a/b",
            ),
            ("x", "DIGICERT_ORIGIN=http://a:1", " --origin http://a:1"),
            ("x", "DIGICERT_ORIGIN=", ""),
            ("x", "DIGICERT_API_KEY=not-a-real-key", ""),
            (
                "x --profile p",
                "DIGICERT_ORIGIN=http://a:1",
                " --profile p",
            ),
            (
                "x --origin http://b",
                "DIGICERT_ORIGIN=http://a:1",
                " --origin http://b",
            ),
            ("x", "DIGICERT_LEDGER=l", " --ledger l"),
            ("x -- --ledger l", "", ""),
        ] {
            let arguments: Vec<_> = arguments.split(' ').map(Into::into).collect();
            let variable = |name: &str| {
                let (known, value) = variables.split_once('=')?;
                (known == name).then(|| value.into())
            };
            assert_eq!(of(&options, &arguments, variable), expected);
        }
    }
}
