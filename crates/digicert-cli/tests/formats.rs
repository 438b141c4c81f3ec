//! What each format looks like, and that line and column are those of the file.

use serde_json::{Value, json};

use crate::program::{Folder, GOOD, WITH_ERROR, WITH_NOTE, WITH_WARNING};

const LONG_NAME: &str = "Example Company, LLC, Department of Certificates, Toledo, Ohio, USA";

/// A creation whose name is too long, in JSON: line 3, column 17.
fn json_document() -> String {
    format!(
        r#"{{
  "account_type": "retail",
  "child_name": "{LONG_NAME}",
  "allowed_grandchildren": ["retail"],
  "user": {{"first_name": "John", "last_name": "Smith", "email": "john.smith@example.com"}},
  "organization": {{"name": "Example Company, LLC", "address": "123 Fake Street", "zip": "93090",
    "city": "Toledo", "state": "Ohio", "country": "US"}}
}}"#
    )
}

/// The same in YAML: line 3, column 13.
fn yaml_document() -> String {
    format!(
        "# for Toledo\naccount_type: retail\nchild_name: {LONG_NAME}\n\
         allowed_grandchildren: [retail]\n\
         user: {{first_name: John, last_name: Smith, email: john.smith@example.com}}\n\
         organization:\n  name: Example Company, LLC\n  address: 123 Fake Street\n  zip: \"93090\"\n  \
         city: Toledo\n  state: Ohio\n  country: US\n"
    )
}

fn folder() -> Folder {
    let (json, yaml) = (json_document(), yaml_document());
    Folder::with(&[
        ("acme.json", &json),
        ("acme.yaml", &yaml),
        ("good.json", GOOD),
        ("error.json", WITH_ERROR),
        ("warning.json", WITH_WARNING),
        ("note.json", WITH_NOTE),
        ("odd, name: 100%.json", WITH_ERROR),
    ])
}

#[test]
fn json_has_the_shape_that_others_script_against() {
    let run = folder().validate(&["--format", "json", "acme.yaml", "good.json"]);
    let json = run.json();
    let message = json["files"][0]["findings"][0]["message"].clone();
    let help = json["files"][0]["findings"][0]["help"].clone();
    assert!(
        message.as_str().unwrap().contains("at most 64"),
        "{message}"
    );
    assert!(help.is_string());
    assert_eq!(
        json,
        json!({"format_version": 1,
            "files": [
                {"path": "acme.yaml", "kind": "create-subaccount",
                    "findings": [{"code": "DC103", "rule": "child-name-too-long", "severity": "error",
                        "pointer": "/child_name", "line": 3, "column": 13,
                        "message": message, "help": help}]},
                {"path": "good.json", "kind": "set-products", "findings": []}],
            "summary": {"errors": 1, "warnings": 0, "notes": 0}})
    );
}

#[test]
fn the_kind_is_null_when_it_cannot_be_told() {
    let folder = Folder::with(&[("what.json", "{}")]);
    let run = folder.validate(&["--format", "json", "what.json"]);
    assert_eq!(run.json()["files"][0]["kind"], Value::Null, "{run:?}");
    assert_eq!(run.rules(), ["document-malformed"]);
    assert_eq!(run.code, 1);
}

#[test]
fn line_and_column_are_those_of_the_file() {
    let run = folder().validate(&["--format", "json", "acme.json", "acme.yaml"]);
    let json = run.json();
    let place = |file: usize| {
        let finding = &json["files"][file]["findings"][0];
        (finding["line"].clone(), finding["column"].clone())
    };
    assert_eq!(place(0), (3.into(), 17.into()), "{run:?}");
    assert_eq!(place(1), (3.into(), 13.into()), "{run:?}");
}

#[test]
fn human_shows_the_line_with_the_value_underlined() {
    let run = folder().validate(&["acme.yaml"]);
    let underline = "^".repeat(LONG_NAME.len());
    let source = format!(
        " --> acme.yaml:3:13\n  |\n3 | child_name: {LONG_NAME}\n  |             {underline}\n  |\n  = help: "
    );
    assert!(
        run.stdout
            .starts_with("error[DC103 child-name-too-long]: the name has "),
        "{run:?}"
    );
    assert!(run.stdout.contains(&source), "{run:?}");
    assert!(
        run.stdout
            .ends_with("\n\n1 error, 0 warnings, 0 notes in 1 file\n"),
        "{run:?}"
    );
}

#[test]
fn github_annotations_are_escaped() {
    let arguments = [
        "odd, name: 100%.json",
        "warning.json",
        "note.json",
        "good.json",
    ];
    let run = folder().validate(&[&["--format", "github"], &arguments[..]].concat());
    let lines: Vec<_> = run.stdout.lines().collect();
    assert_eq!(lines.len(), 3, "{run:?}");
    for (line, beginning) in lines.iter().zip([
        "::error file=odd%2C name%3A 100%25.json,line=1,col=14,title=DC201 products-empty::",
        "::warning file=warning.json,line=1,col=35,title=DC211 product-unknown::",
        "::notice file=note.json,line=1,col=15,title=DC213 price-defaults::",
    ]) {
        assert!(line.starts_with(beginning), "{line}");
    }
}

#[test]
fn sarif_lists_every_rule_and_points_at_the_value() {
    let run = folder().validate(&["--format", "sarif", "acme.yaml", "odd, name: 100%.json"]);
    let sarif = run.json();
    assert_eq!(sarif["version"], "2.1.0");
    let sarif = &sarif["runs"][0];
    let rules = sarif["tool"]["driver"]["rules"].as_array().unwrap();
    let codes: Vec<_> = rules
        .iter()
        .map(|rule| rule["id"].as_str().unwrap())
        .collect();
    let known: Vec<_> = digicert_validate::rules()
        .iter()
        .map(|rule| rule.code)
        .collect();
    assert_eq!(codes, known);
    assert_eq!(sarif["columnKind"], "unicodeCodePoints");

    let results = sarif["results"].as_array().unwrap();
    let place = &results[0]["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "acme.yaml");
    let end = 13 + LONG_NAME.len();
    let region = json!({"startLine": 3, "startColumn": 13, "endLine": 3, "endColumn": end});
    assert_eq!(place["region"], region);
    let place = &results[1]["locations"][0]["physicalLocation"];
    assert_eq!(
        place["artifactLocation"]["uri"],
        "odd%2C%20name%3A%20100%25.json"
    );
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(result["ruleId"], rules[index]["id"]);
        assert_eq!(result["level"], "error");
    }
}

#[test]
fn what_could_not_be_checked_is_said_in_every_format_for_programs() {
    let run = |format| folder().validate(&["--format", format, "good.json", "missing.json"]);
    let message = "cannot read missing.json: ";

    let json = run("json");
    assert_eq!(json.code, 2, "{json:?}");
    let unchecked = json.json()["unchecked"][0]["message"].clone();
    assert!(unchecked.as_str().unwrap().starts_with(message), "{json:?}");

    let sarif = run("sarif").json();
    let invocation = &sarif["runs"][0]["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false, "{sarif}");
    let notification = &invocation["toolExecutionNotifications"][0];
    let text = notification["message"]["text"].as_str().unwrap();
    assert!(text.starts_with(message), "{sarif}");

    let github = run("github");
    assert!(
        github.stdout.starts_with(&format!("::error::{message}")),
        "{github:?}"
    );
}

#[test]
fn what_could_not_be_checked_has_the_path_that_was_asked_for() {
    let folder = folder();
    std::fs::create_dir(folder.path().join("empty")).unwrap();
    let files = ["missing.json", "empty", "-", "good.json"];
    let run = |format| {
        let arguments = [&["--format", format], &files[..]].concat();
        // A key is no document.
        folder.validate_input(&arguments, "canary-0123456789abcdef0123456789abcdef")
    };
    let json = run("json").json();
    let unchecked = json["unchecked"].as_array().unwrap().iter();
    let paths: Vec<_> = unchecked.map(|one| one["path"].as_str().unwrap()).collect();
    assert_eq!(paths, &files[..3], "{json}");

    let sarif = run("sarif").json();
    let notifications = &sarif["runs"][0]["invocations"][0]["toolExecutionNotifications"];
    let notifications = notifications.as_array().unwrap().iter();
    let uris: Vec<_> = notifications
        .map(|one| &one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"])
        .collect();
    assert_eq!(uris, &files[..3], "{sarif}");
}

#[test]
fn sarif_of_clean_files_has_an_empty_list_of_results() {
    let run = folder().validate(&["--format", "sarif", "good.json"]);
    assert_eq!(run.json()["runs"][0]["results"], json!([]));
    assert_eq!(run.code, 0);
}

#[test]
fn services_get_paths_relative_to_where_the_program_runs() {
    let folder = folder();
    let canonical = folder.path().canonicalize().unwrap();
    let path = canonical.join("error.json");
    let run = folder.validate(&["--format", "github", path.to_str().unwrap()]);
    assert!(
        run.stdout.starts_with("::error file=error.json,"),
        "{run:?}"
    );
    let run = folder.validate(&["--format", "sarif", path.to_str().unwrap()]);
    let location = &run.json()["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
    assert_eq!(location["artifactLocation"]["uri"], "error.json");
}
