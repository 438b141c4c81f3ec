//! What the program says of itself.

use crate::program::{program, run};

#[test]
fn every_command_has_help() {
    for (arguments, contained) in [
        (&["--help"][..], "validate"),
        (&["-h"], "1  findings, or differences"),
        (
            &["validate", "--help"],
            "digicert validate --context account.json subaccounts/",
        ),
        (&["validate", "-h"], "--deny <WHAT>"),
        (&["rules", "--help"], "List the rules"),
        (
            &["explain", "--help"],
            "such as `price-defaults` or `DC213`",
        ),
        (&["schema", "--help"], "yaml-language-server"),
        (&["--version"], env!("CARGO_PKG_VERSION")),
    ] {
        let run = run(program().args(arguments));
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{arguments:?}");
        assert!(
            run.stdout.contains(contained),
            "{arguments:?} gave {}",
            run.stdout
        );
    }
}

#[test]
fn options_stand_under_the_heading_that_they_belong_to() {
    for command in ["plan", "apply"] {
        let help = run(program().args([command, "--help"])).stdout;
        let ledger = help.find("--ledger").unwrap();
        let headings = ["Thresholds:", "Ledger:", "Service:"];
        let before = help[..ledger].lines().rfind(|line| headings.contains(line));
        assert_eq!(before, Some("Ledger:"), "{help}");
    }
}

#[test]
fn the_help_of_the_program_knows_what_may_stand_in_front() {
    let help = run(program().arg("--help")).stdout;
    for option in ["--profile <NAME>", "--ledger <PATH>", "--origin <URL>"] {
        assert!(help.contains(option), "{help}");
    }
}

#[test]
fn help_is_a_word_as_well() {
    for (words, option) in [
        (&["help"][..], &["--help"][..]),
        (&["help", "products", "set"], &["products", "set", "--help"]),
    ] {
        let by_word = run(program().args(words));
        assert_eq!((by_word.code, by_word.stderr.as_str()), (0, ""));
        assert_eq!(by_word.stdout, run(program().args(option)).stdout);
    }
}

#[test]
fn no_line_of_help_is_wider_than_a_page() {
    for command in [
        &["plan"][..],
        &["apply"],
        &["products", "set"],
        &["subaccount", "create"],
        &["history", "settle"],
    ] {
        let help = run(program().args(command).arg("--help")).stdout;
        for line in help.lines() {
            assert!(line.chars().count() <= 100, "{line}");
        }
    }
}

#[test]
fn without_a_command_it_shows_its_help() {
    let run = run(&mut program());
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("Usage: digicert"), "{run:?}");
}

#[test]
fn an_option_of_elsewhere_gets_no_misleading_tip() {
    for (arguments, tip, guess) in [
        (
            &["products", "set", "1", "-f", "x", "--force"][..],
            "no word allows everything",
            "--former-state",
        ),
        (
            &["plan", "x", "--allow-disable"],
            "the word belongs to the command that changes something",
            "--max-disabled",
        ),
        (
            &["schema", "manifest", "--format", "json"],
            "that of `digicert schema` is JSON already",
            "-- --format",
        ),
        (
            &["subaccount", "show", ""],
            "an ID is a whole number such as 1122334",
            "parse integer",
        ),
        (
            &["products", "show", "abc"],
            "an ID is a whole number such as 1122334",
            "invalid digit",
        ),
        (
            &["explain", "child_name"],
            "rules with that in their name: `child-name-",
            "no guess",
        ),
    ] {
        let run = run(program().args(arguments));
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.stderr.contains(tip), "{run:?}");
        assert!(!run.stderr.contains(guess), "{run:?}");
    }
    let by_number = run(program().args(["explain", "213"]));
    let by_code = run(program().args(["explain", "DC213"]));
    assert_eq!((by_number.code, by_number.stdout), (0, by_code.stdout));
}
