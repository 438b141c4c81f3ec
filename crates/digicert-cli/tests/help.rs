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
fn without_a_command_it_shows_its_help() {
    let run = run(&mut program());
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("Usage: digicert"), "{run:?}");
}
