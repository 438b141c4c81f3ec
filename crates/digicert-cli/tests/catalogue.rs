//! `digicert rules` and `digicert explain`.

use serde_json::json;

use crate::program::{Folder, Run, program, run};

fn digicert(arguments: &[&str]) -> Run {
    run(program().args(arguments))
}

#[test]
fn rules_is_an_aligned_table_of_all_rules() {
    let run = digicert(&["rules"]);
    let lines: Vec<_> = run.stdout.lines().collect();
    let rules = digicert_validate::rules();
    assert_eq!(lines.len(), rules.len() + 1);
    let name = lines[0].find("RULE").unwrap();
    let severity = lines[0].find("SEVERITY").unwrap();
    let summary = lines[0].find("WHAT IT CHECKS").unwrap();
    for (line, rule) in lines[1..].iter().zip(&rules) {
        assert!(line.starts_with(rule.code), "{line}");
        assert!(
            line[name..].starts_with(&format!("{} ", rule.name)),
            "{line}"
        );
        assert!(
            line[severity..].starts_with(rule.severity.as_str()),
            "{line}"
        );
        assert!(
            line[summary - 1..].starts_with(' ') && line.ends_with('.'),
            "{line}"
        );
    }
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
}

#[test]
fn rules_as_json() {
    let json = digicert(&["rules", "--format", "json"]).json();
    assert_eq!(json["format_version"], 1);
    let rules = json["rules"].as_array().unwrap();
    assert_eq!(rules.len(), digicert_validate::rules().len());
    let rule = rules.iter().find(|rule| rule["code"] == "DC103").unwrap();
    assert_eq!(
        *rule,
        json!({"code": "DC103", "rule": "child-name-too-long", "severity": "error",
            "summary": "`child_name` has at most 64 characters.",
            "source": "create page, `child_name`"})
    );
}

#[test]
fn explain_shows_reason_examples_and_source() {
    let run = digicert(&["explain", "child-name-too-long"]);
    insta::assert_snapshot!("explain_child_name_too_long", run.stdout);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
}

#[test]
fn explain_takes_names_and_codes_in_any_letter_case() {
    let run = digicert(&["explain", "child-name-too-long"]);
    for rule in ["DC103", "dc103", "Child-Name-Too-Long"] {
        assert_eq!(digicert(&["explain", rule]).stdout, run.stdout, "{rule}");
    }
}

#[test]
fn explain_explains_every_rule() {
    for rule in digicert_validate::rules() {
        let run = digicert(&["explain", rule.code]);
        let first = format!("{} {} ({})\n", rule.code, rule.name, rule.severity.as_str());
        assert!(run.stdout.starts_with(&first), "{run:?}");
        for title in [
            "What it checks",
            "Why it matters",
            "Wrong",
            "Right",
            "Source",
        ] {
            let section = format!("\n{title}\n\n  ");
            assert!(
                run.stdout.contains(&section),
                "{} has no {title}: {run:?}",
                rule.name
            );
        }
        assert!(!run.stdout.contains('\x1b'), "{run:?}");
    }
}

#[test]
fn explain_as_json() {
    let json = digicert(&["explain", "DC103", "--format", "json"]).json();
    assert_eq!(json["format_version"], 1);
    assert_eq!(json["rule"], "child-name-too-long");
    assert_eq!(
        json["accepted"],
        json!([r#"{"child_name": "Example Company, Toledo"}"#])
    );
    for key in ["code", "severity", "summary", "checks", "reason", "source"] {
        assert!(json[key].is_string(), "{key}");
    }
}

#[test]
fn explain_colours_code_instead_of_quoting_it() {
    let run = digicert(&["--color", "always", "explain", "DC103"]);
    assert!(
        run.stdout.contains("\x1b[36mchild_name\x1b[0m has at most"),
        "{run:?}"
    );
    assert!(!run.stdout.contains('`'), "{run:?}");
}

#[test]
fn an_unknown_rule_is_named_with_the_nearest_one() {
    let run = Folder::new().run(&["explain", "child-name-to-long"]);
    assert_eq!(run.code, 2);
    assert_eq!(
        run.stderr,
        "error: there is no rule `child-name-to-long`; did you mean `child-name-too-long`? \
         `digicert rules` lists them all\n"
    );
    let run = Folder::new().run(&["explain", "everything"]);
    assert_eq!(
        run.stderr,
        "error: there is no rule `everything`; `digicert rules` lists them all\n"
    );
}
