//! Where keys come from, and where they do not.

use std::io::Write as _;
use std::process::Stdio;

use crate::on_sandbox::{OnSandbox, for_the_owner_alone};
use crate::program::{program, run};

#[test]
fn a_key_comes_from_a_file_from_standard_input_or_from_the_environment() {
    let test = OnSandbox::new();
    let file = test.key_file("key");
    let file = file.to_str().unwrap();
    assert_eq!(test.run(&["account", "show"]).code, 0);
    let mut with_file = test.without_keys(&["account", "show", "--api-key-file", file]);
    // The option wins.
    let run = run(with_file.env("DIGICERT_API_KEY", "another"));
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));

    let mut from_input = test.without_keys(&["account", "show", "--api-key-file", "-"]);
    let mut child = from_input.stdin(Stdio::piped()).spawn().unwrap();
    let key = format!("{}\n", test.certcentral_key());
    child
        .stdin
        .take()
        .unwrap()
        .write_all(key.as_bytes())
        .unwrap();
    assert!(child.wait_with_output().unwrap().status.success());
}

#[test]
fn without_a_key_it_says_where_to_put_one() {
    let test = OnSandbox::new();
    let run = run(&mut test.without_keys(&["account", "show"]));
    assert_eq!(run.code, 2);
    assert_eq!(
        run.stderr,
        "error: there is no CertCentral API key; put it into a file and give `--api-key-file PATH` \
         (`-` for standard input), or set DIGICERT_API_KEY\n"
    );
}

#[test]
fn a_key_file_that_holds_no_key_is_refused() {
    let test = OnSandbox::new();
    let too_long = "k".repeat(9000);
    for (content, message) in [
        (&b"\n"[..], "key is empty; put the key into it"),
        (b"canary\xff", "key is not UTF-8"),
        (b"canary key", "look for a blank"),
        (too_long.as_bytes(), "key holds more than a key"),
        (b"\"canary\"", "has quotes in it"),
        (b"DIGICERT_API_KEY=canary", "has an equals sign in it"),
        (b"127.0.0.1 canary\n::1 canary\n", "has more than one word"),
        (b"{}", "is a document and no key"),
    ] {
        for_the_owner_alone(&test.folder.write("key", content));
        let run = run(&mut test.without_keys(&["account", "show", "--api-key-file", "key"]));
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.stderr.contains(message), "{run:?}");
        assert!(!run.stderr.contains("canary"), "{run:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_key_file_that_others_can_read_is_used_with_a_warning() {
    use std::fs::{Permissions, set_permissions};
    use std::os::unix::fs::PermissionsExt as _;

    let test = OnSandbox::new();
    let file = test.key_file("key");
    set_permissions(&file, Permissions::from_mode(0o644)).unwrap();
    let run = run(&mut test.without_keys(&["account", "show", "--api-key-file", "key"]));
    assert_eq!(run.code, 0);
    assert_eq!(
        run.stderr,
        "warning: others can read the key file key (mode 0644); `chmod 600 key` ends that\n"
    );
}

#[test]
fn what_no_key_has_is_named_before_anything_is_sent() {
    let test = OnSandbox::new();
    for (value, message) in [
        ("'canary'", "has quotes in it"),
        ("KEY=canary", "has an equals sign in it"),
        ("canary ", "or a blank"),
    ] {
        let mut command = test.without_keys(&["account", "show"]);
        let run = run(command.env("DIGICERT_API_KEY", value));
        assert_eq!(run.code, 2, "{run:?}");
        let place = "the environment variable DIGICERT_API_KEY";
        assert!(
            run.stderr.contains(message) && run.stderr.contains(place),
            "{run:?}"
        );
        assert!(!run.stderr.contains("canary"), "{run:?}");
    }
    assert_eq!(test.sandbox.requests().len(), 0);
}

/// Advice to hide it would be strange of a file that others are to read.
#[cfg(unix)]
#[test]
fn a_file_without_a_key_gets_no_advice_on_who_may_read_it() {
    let test = OnSandbox::new();
    let run = run(&mut test.without_keys(&["account", "show", "--api-key-file", "/etc/hosts"]));
    assert_eq!(run.code, 2);
    assert!(!run.stderr.contains("chmod"), "{run:?}");
}

#[test]
fn standard_input_is_not_a_document_and_a_key() {
    let test = OnSandbox::new();
    let mut command = test.without_keys(&[
        "products",
        "set",
        "1122334",
        "-f",
        "-",
        "--api-key-file",
        "-",
    ]);
    let run = crate::program::run_with_input(&mut command, crate::program::GOOD);
    assert_eq!(run.code, 2);
    assert!(
        run.stderr
            .contains("cannot both come from standard input; give one of the two a file"),
        "{run:?}"
    );
}

#[test]
fn standard_input_is_not_two_keys() {
    let test = OnSandbox::new();
    let both = ["--api-key-file", "-", "--partner-api-key-file", "-"];
    let run = test.run(&[&["account", "show"], &both[..]].concat());
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("give one of the two a file"), "{run:?}");
}

#[test]
fn i2_a_key_among_the_arguments_is_not_repeated() {
    for arguments in [
        &["account", "show", "--api-key=canary"][..],
        &["account", "show", "--api-key", "canary"],
        &["--partner-key=canary", "account", "show"],
    ] {
        let run = run(program().args(arguments));
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.stderr.contains("put the key into a file"), "{run:?}");
        assert!(!format!("{run:?}").contains("canary"), "{run:?}");
    }
}
