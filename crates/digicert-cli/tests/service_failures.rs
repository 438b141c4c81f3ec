//! What a command that talks to the service ends with when that fails.

use crate::closed_port::ClosedPort;
use crate::on_sandbox::OnSandbox;
use crate::program::{program, run};

#[test]
fn a_refusal_is_3_with_the_remedy() {
    let test = OnSandbox::new();
    let run = run(test
        .program(&["account", "show"])
        .env("DIGICERT_API_KEY", "wrong"));
    assert_eq!((run.code, run.stdout.as_str()), (3, ""));
    insta::assert_snapshot!("refused", run.stderr);
}

#[test]
fn a_subaccount_that_does_not_exist_is_3() {
    let test = OnSandbox::new();
    for command in ["subaccount", "products"] {
        let run = test.run(&[command, "show", "999999999"]);
        assert_eq!(run.code, 3, "{run:?}");
    }
}

#[test]
fn a_service_that_cannot_be_reached_is_2_with_the_cause() {
    let port = ClosedPort::new();
    let run = run(program()
        .args(["account", "show", "--origin", &port.origin])
        .env("DIGICERT_API_KEY", "any"));
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    assert!(run.stderr.contains("get_account was not sent"), "{run:?}");
    let doctor = format!(
        "nobody listens there (connection refused); `digicert doctor --origin \
         {}` looks step by step where it fails",
        port.origin
    );
    assert!(run.stderr.contains(&doctor), "{run:?}");
}

#[test]
fn i4_an_origin_that_could_give_a_key_away_is_2() {
    let run = run(program()
        .args(["account", "show", "--origin", "http://www.digicert.com"])
        .env("DIGICERT_API_KEY", "any"));
    assert_eq!(run.code, 2);
    assert!(
        run.stderr.contains("plain HTTP would show the key"),
        "{run:?}"
    );
}

#[test]
fn options_win_over_the_environment() {
    let test = OnSandbox::new();
    let mut command = test.program(&["account", "show", "--origin", test.sandbox.origin()]);
    assert_eq!(run(command.env("DIGICERT_ORIGIN", "nonsense")).code, 0);
    // Both would leave open which one is meant.
    let run = test.run(&["account", "show", "--origin", "x", "--region", "eu"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("cannot be used with"), "{run:?}");
}
