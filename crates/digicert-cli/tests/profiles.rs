//! The config file: which profile is meant, what wins over what, and what is wrong with a file.

use crate::on_sandbox::{OnSandbox, for_the_owner_alone};
use crate::program::{Folder, Run, program, run};

/// A folder with this config file at its usual place.
fn configured(text: &str) -> Folder {
    Folder::with(&[("home/.config/digicert/config.toml", text)])
}

fn account_show(folder: &Folder, arguments: &[&str]) -> Run {
    folder.run(&[&["account", "show"], arguments].concat())
}

#[test]
fn a_profile_has_address_and_key() {
    let test = OnSandbox::new();
    let origin = test.sandbox.origin();
    let config = format!("[profiles.sandbox]\norigin = '{origin}'\napi_key_file = 'key'\n");
    let folder = configured(&config);
    let key = folder.write("home/.config/digicert/key", test.certcentral_key());
    for_the_owner_alone(&key);
    let named = account_show(&folder, &["--profile", "sandbox"]);
    assert_eq!((named.code, named.stderr.as_str()), (0, ""));
    let mut command = folder.program(&["account", "show"]);
    assert_eq!(run(command.env("DIGICERT_PROFILE", "sandbox")).code, 0);
    folder.write(
        "home/.config/digicert/config.toml",
        format!("default_profile = 'sandbox'\n{config}"),
    );
    assert_eq!(account_show(&folder, &[]).code, 0);
    let elsewhere = folder.write(
        "elsewhere.toml",
        config.replace("'key'", "'~/.config/digicert/key'"),
    );
    let elsewhere = [
        "--config",
        elsewhere.to_str().unwrap(),
        "--profile",
        "sandbox",
    ];
    assert_eq!(account_show(&folder, &elsewhere).code, 0);
}

#[test]
fn options_win_over_the_environment_and_that_over_the_profile_unless_it_is_named() {
    let test = OnSandbox::new();
    let folder = configured("[profiles.default]\norigin = 'http://127.0.0.1:1'\n");
    let environment = |arguments: &[&str]| {
        let mut command = folder.program(&[&["account", "show"], arguments].concat());
        let command = command.env("DIGICERT_API_KEY", test.certcentral_key());
        run(command.env("DIGICERT_ORIGIN", test.sandbox.origin()))
    };
    assert_eq!(
        environment(&[]).code,
        0,
        "the environment wins over the profile"
    );
    let named = environment(&["--profile", "default"]);
    assert_eq!(
        named.code, 2,
        "a profile that is named wins over the environment"
    );
    assert!(named.stderr.contains("not sent"), "{named:?}");
    let origin = ["--profile", "default", "--origin", test.sandbox.origin()];
    assert_eq!(environment(&origin).code, 0, "an option of its own wins");
}

/// How the key of a live account would get to a sandbox.
#[test]
fn i4_address_and_key_from_different_places_are_warned_of() {
    let test = OnSandbox::new();
    let sandbox = test.sandbox.origin();
    let folder =
        configured("default_profile = 'production'\n[profiles.production]\napi_key_file = 'key'\n");
    let key = folder.write("home/.config/digicert/key", test.certcentral_key());
    for_the_owner_alone(&key);
    let left_over = |arguments: &[&str]| {
        let mut command = folder.program(arguments);
        run(command.env("DIGICERT_ORIGIN", sandbox))
    };
    let warning = format!(
        "warning: the CertCentral API key of the profile `production`, whose address is \
         https://www.digicert.com, goes to {sandbox}, which is left in DIGICERT_ORIGIN; \
         `unset DIGICERT_ORIGIN` ends that; if it is meant, say so with `--origin`\n"
    );
    for arguments in [
        &["account", "show"][..],
        &["subaccount", "list"],
        &["account", "show", "--profile", "production"],
    ] {
        let run = left_over(arguments);
        assert_eq!((run.code, &run.stderr), (0, &warning), "{arguments:?}");
    }
    let run = left_over(&["doctor"]);
    assert!(run.stdout.contains("\nwarning  origin "), "{run:?}");
    assert!(run.stdout.contains("which is left in DIGICERT_ORIGIN"));
    assert_eq!((run.code, run.stderr.as_str()), (1, ""));
    // Who says it with an option means it.
    let run = left_over(&["account", "show", "--origin", sandbox]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    // The same address is no mixture.
    folder.write(
        "home/.config/digicert/config.toml",
        format!("[profiles.default]\norigin = '{sandbox}/'\napi_key_file = 'key'\n"),
    );
    let run = left_over(&["account", "show"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    // A key that is left over goes to the account of somebody else.
    let mut command = folder.program(&["account", "show"]);
    let run = crate::program::run(command.env("DIGICERT_API_KEY", test.certcentral_key()));
    let warning = format!(
        "warning: the address is that of the profile `default`, {sandbox}, and the CertCentral API \
         key is another one, from the environment variable DIGICERT_API_KEY; "
    );
    assert!(run.stderr.starts_with(&warning), "{run:?}");
}

#[test]
fn which_service_is_meant_may_be_said_before_the_command() {
    let folder = Folder::new();
    let run = folder.run(&["--profile", "nope", "account", "show", "--format", "json"]);
    assert_eq!(run.code, 2, "{run:?}");
    let message = run.json()["message"].as_str().unwrap().to_owned();
    assert!(
        message.starts_with("there is no profile `nope`"),
        "{message}"
    );
    // Commands that talk to no service do not take it there either.
    let run = folder.run(&["--profile", "nope", "rules"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(
        run.stderr.contains("unexpected argument '--profile'"),
        "{run:?}"
    );
}

#[test]
fn what_is_wrong_with_a_config_file_is_said_with_its_place() {
    for (text, message) in [
        (
            "[profiles.a]\nregoin = 'us'\n",
            ":2:1: unknown field `regoin`; did you mean `region`?",
        ),
        (
            "[profiles.a]\nregion = 'canary'\n",
            ":2:10: a region is `us` or `eu`",
        ),
        (
            "[profiles.a]\ncolour = 'red'\n",
            ":2:1: unknown field `colour`; known are `region`, `origin`, ",
        ),
        (
            "[profile.a]\n",
            ":1:2: unknown field `profile`; did you mean `profiles`?",
        ),
        (
            "[profiles.a]\napi_key_file = 12\n",
            ":2:16: invalid type: integer `12`, expected",
        ),
        (
            "[profiles.a]\nplan = 'canary'\n",
            ":2:8: a text stands where a table is expected",
        ),
        (
            "[profiles.a.plan]\nmax_price_factor = 0.5\n",
            ":2:20: a factor is a number from 1 up",
        ),
        (
            "[profiles.a.plan]\nmax_disabled_share = 101\n",
            ":2:22: a share is at most 100 percent",
        ),
        (
            "[profiles.a.rate_limits]\nwindows = [{requests = 0, seconds = 5}]\n",
            ":2:24: invalid value: integer `0`",
        ),
        ("# canary\n[profiles.a]\norigin = 'canary\n", ":3:"),
        (
            "[profiles.a]\nregion = 'us'\norigin = 'https://canary.example'\n",
            ": the profile `a` has both a region and an origin",
        ),
    ] {
        let run = account_show(&configured(text), &[]);
        assert_eq!(run.code, 2, "{text}: {run:?}");
        assert!(
            run.stderr.starts_with("error: the configuration "),
            "{run:?}"
        );
        assert!(
            run.stderr.contains(&format!("config.toml{message}")),
            "{text}: {run:?}"
        );
        assert!(!run.stderr.contains("canary"), "{run:?}");
        assert_eq!(run.stderr.lines().count(), 1, "{run:?}");
    }
}

#[test]
fn i2_a_key_in_the_config_file_is_refused_and_not_repeated() {
    for (field, instead) in [
        ("api_key", "api_key_file"),
        ("partner_api_key", "partner_api_key_file"),
    ] {
        let run = account_show(
            &configured(&format!("[profiles.a]\n{field} = 'canary'\n")),
            &[],
        );
        assert_eq!(run.code, 2, "{run:?}");
        assert!(
            run.stderr.contains("no key belongs into this file"),
            "{run:?}"
        );
        assert!(
            run.stderr.contains(&format!("name that in `{instead}`")),
            "{run:?}"
        );
        assert!(!run.stderr.contains("canary"), "{run:?}");
    }
}

#[test]
fn i2_a_key_in_place_of_a_path_is_not_repeated() {
    let key = "canary0123456789ABCDEFGHIJ";
    let run = run(program().args(["account", "show", "--api-key-file", key]));
    assert_eq!(run.code, 2);
    assert!(
        run.stderr.contains("because it looks like a key"),
        "{run:?}"
    );
    assert!(!run.stderr.contains("canary"), "{run:?}");
}

#[test]
fn a_profile_that_does_not_exist_is_named_with_those_that_do() {
    let folder = configured("[profiles.production]\n[profiles.sandbox]\n");
    for (name, hint) in [
        ("prodution", "did you mean `production`?"),
        ("test", "it has `production`, `sandbox`"),
    ] {
        let run = account_show(&folder, &["--profile", name]);
        assert_eq!(run.code, 2);
        assert!(
            run.stderr
                .contains(&format!("there is no profile `{name}` in ")),
            "{run:?}"
        );
        assert!(run.stderr.contains(hint), "{run:?}");
    }
    let run = account_show(&Folder::new(), &["--profile", "test"]);
    assert!(run.stderr.contains("config.toml does not exist"), "{run:?}");
    let run = account_show(&Folder::new(), &["--config", "missing.toml"]);
    assert!(
        run.stderr.starts_with("error: cannot read missing.toml"),
        "{run:?}"
    );
}

#[test]
fn i6_limits_can_be_off_for_this_machine_only() {
    let test = OnSandbox::new();
    let with_limits_off = |address: &str| {
        let config = format!("[profiles.default]\n{address}\nrate_limits.off = true\n");
        let folder = configured(&config);
        let mut command = folder.program(&["account", "show"]);
        run(command.env("DIGICERT_API_KEY", test.certcentral_key()))
    };
    let here = format!("origin = '{}'", test.sandbox.origin());
    assert_eq!(with_limits_off(&here).code, 0);
    for address in ["region = 'us'", "origin = 'https://localhost.example'"] {
        let run = with_limits_off(address);
        assert_eq!(run.code, 2);
        assert!(
            run.stderr.contains("leave out `rate_limits.off`"),
            "{run:?}"
        );
    }
}
