//! The options of `digicert validate`.

use crate::program::{Folder, GOOD, WITH_ERROR, WITH_NOTE, WITH_WARNING, run};

#[test]
fn the_kind_can_be_given() {
    let folder = Folder::with(&[("what.json", "{}")]);
    let json = |kind: &str| {
        folder
            .validate(&["--format", "json", "--kind", kind, "what.json"])
            .json()
    };
    assert_eq!(json("set-products")["files"][0]["kind"], "set-products");
    assert_eq!(
        json("create-subaccount")["files"][0]["kind"],
        "create-subaccount"
    );
}

#[test]
fn a_rule_is_switched_off_by_name_or_code() {
    let folder = Folder::with(&[("error.json", WITH_ERROR), ("note.json", WITH_NOTE)]);
    for rule in ["products-empty", "DC201", "dc201"] {
        let run = folder.validate(&["--format", "json", "--off", rule, "error.json", "note.json"]);
        assert_eq!(
            (run.rules(), run.code),
            (vec!["price-defaults".to_owned()], 0),
            "{rule}"
        );
    }
    let both = [
        "--off",
        "DC201",
        "--off",
        "price-defaults",
        "--format",
        "json",
    ];
    let run = folder.validate(&[&both[..], &["error.json", "note.json"]].concat());
    assert!(run.rules().is_empty(), "{run:?}");
}

#[test]
fn a_rule_gets_another_severity() {
    let folder = Folder::with(&[("warning.json", WITH_WARNING), ("note.json", WITH_NOTE)]);
    let run = folder.validate(&["--raise", "product-unknown=error", "warning.json"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(
        run.stdout.starts_with("error[DC211 product-unknown]"),
        "{run:?}"
    );
    let arguments = [
        "--deny",
        "warnings",
        "--raise",
        "DC213=warning",
        "note.json",
    ];
    assert_eq!(folder.validate(&arguments).code, 1);
    let arguments = [
        "--deny",
        "warnings",
        "--raise",
        "product-unknown=note",
        "warning.json",
    ];
    assert_eq!(folder.validate(&arguments).code, 0);
}

#[test]
fn an_unknown_rule_is_named_with_the_one_that_was_meant() {
    let folder = Folder::with(&[("good.json", GOOD)]);
    for arguments in [
        ["--off", "product-empty"],
        ["--raise", "product-empty=note"],
    ] {
        let run = folder.validate(&[&arguments[..], &["good.json"]].concat());
        assert_eq!(
            run.stderr,
            "error: there is no rule `product-empty`; did you mean `products-empty`? \
             `digicert rules` lists them all\n"
        );
    }
}

#[test]
fn a_context_lets_more_rules_speak() {
    let folder = Folder::with(&[
        ("good.json", GOOD),
        ("context.json", r#"{"subaccount": {"bill_parent": false}}"#),
        ("context.yaml", "subaccount:\n  bill_parent: false\n"),
        ("no_extension", "subaccount: {bill_parent: false}"),
    ]);
    assert_eq!(folder.validate(&["good.json"]).code, 0);
    for context in ["context.json", "context.yaml", "no_extension"] {
        let run = folder.validate(&["--format", "json", "--context", context, "good.json"]);
        assert_eq!(run.rules(), ["self-billed-ignored"], "{context}");
    }
}

#[test]
fn a_context_can_say_that_it_is_meant() {
    let folder = Folder::with(&[
        ("error.json", WITH_ERROR),
        ("context.yaml", "acknowledged: {disable_everything: true}"),
    ]);
    assert_eq!(
        folder
            .validate(&["--context", "context.yaml", "error.json"])
            .code,
        0
    );
}

#[test]
fn a_bad_context_is_2_and_nothing_is_checked() {
    let folder = Folder::with(&[
        ("error.json", WITH_ERROR),
        ("field.json", "{\n  \"parnet\": {}}"),
        ("field.yaml", "# why\nparnet: {}\n"),
        ("type.yaml", "acknowledged:\n  currency_change: maybe\n"),
        ("broken.json", "{"),
        ("broken.yaml", "a: b: c\n"),
        ("empty.yaml", ""),
    ]);
    for (context, message) in [
        (
            "field.json",
            "error: the context field.json:2:10: unknown field `parnet`, expected one of ",
        ),
        (
            "field.yaml",
            "error: the context field.yaml:2:1: unknown field `parnet`, expected one of ",
        ),
        (
            "type.yaml",
            "error: the context type.yaml:2:20: invalid type: string \"maybe\", expected a b",
        ),
        (
            "broken.json",
            "error: the context broken.json:1:1: EOF while parsing",
        ),
        (
            "broken.yaml",
            "error: the context broken.yaml:1:5: it is not YAML: ",
        ),
        (
            "empty.yaml",
            "error: the context empty.yaml:1:1: invalid type: null, expected ",
        ),
        ("missing.yaml", "error: cannot read missing.yaml: "),
    ] {
        let run = folder.validate(&["--context", context, "error.json"]);
        assert!(run.stderr.starts_with(message), "{run:?}");
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{context}");
    }
}

#[test]
fn colours_are_for_terminals_unless_they_are_asked_for() {
    let folder = Folder::with(&[("error.json", WITH_ERROR)]);
    let has_colours = |arguments: &[&str], no_color: Option<&str>| {
        let mut program = folder.program(&[&["validate"], arguments, &["error.json"]].concat());
        if let Some(value) = no_color {
            program.env("NO_COLOR", value);
        }
        run(&mut program)
            .stdout
            .contains("\x1b[1;31merror[DC201 products-empty]\x1b[0m")
    };
    assert!(!has_colours(&[], None), "this is a pipe");
    assert!(!has_colours(&["--color", "never"], None));
    assert!(has_colours(&["--color", "always"], None));
    assert!(
        has_colours(&["--color", "always"], Some("1")),
        "the command line wins"
    );
    assert!(!has_colours(
        &["--color", "always", "--format", "github"],
        None
    ));
}
