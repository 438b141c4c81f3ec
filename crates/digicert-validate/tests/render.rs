//! The renderers, on documents as they are checked. What a single character or a long line does to
//! the source line is tested beside `snippet.rs`.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use digicert_validate::render::{CheckedFile, Piece, Rendering, RuleDocs, Style, Summary};
use digicert_validate::{Context, DocumentReport, Format, Severity, Validator};
use serde_json::Value;

/// A finding of each severity, in YAML: a long name, a country that is none, a managed account.
const CREATION: &str = "\
account_type: managed
allowed_grandchildren: [retail]
child_name: Example Company, LLC, Department of Certificates, Toledo, Ohio, USA
user: {first_name: John, last_name: Smith, email: john.smith@example.com}
organization:
  name: Example Company, LLC
  address: 123 Fake Street
  zip: \"93090\"
  city: Toledo
  state: Ohio
  country: XX
";

/// On one line, as a program writes it; the faults are at the end of it.
const PRODUCTS: &str = concat!(
    r#"{"currency":"USD","pricing_method":"custom","products":[{"product_name_id":"ssl_plus","#,
    r#""prices":[{"lifetime":1,"cost":218},{"lifetime":2,"cost":414}]},"#,
    r#"{"product_name_id":"ssl_multi_domain","prices":[{"lifetime":0,"cost":412,"#,
    r#""additional_fqdn_cost":135}]}]}"#
);

const CLEAN: &str =
    r#"{"products":[{"product_name_id":"ssl_plus","prices":[{"lifetime":1,"cost":218}]}]}"#;

fn check(name: &str, text: &str) -> DocumentReport {
    let format = Format::of_path(name.as_ref()).unwrap();
    Validator::new().check(text.as_bytes(), format, None, &Context::default())
}

fn render(style: Style, files: &[(&str, &str)]) -> (String, Summary) {
    let mut rendering = Rendering::begin(style, Vec::new()).unwrap();
    for &(path, text) in files {
        let document = check(path, text);
        let file = CheckedFile {
            path,
            document: &document,
            text: text.as_bytes(),
        };
        rendering.add(&file).unwrap();
    }
    let (out, summary) = rendering.finish().unwrap();
    (String::from_utf8(out).unwrap(), summary)
}

fn files() -> [(&'static str, &'static str); 3] {
    [
        ("acme.yaml", CREATION),
        ("clean.json", CLEAN),
        ("prices/acme.json", PRODUCTS),
    ]
}

#[test]
fn human() {
    insta::assert_snapshot!("human", render(Style::Human { color: false }, &files()).0);
}

#[test]
fn human_in_colour() {
    let (text, _) = render(Style::Human { color: true }, &files()[..1]);
    insta::assert_snapshot!("human_in_colour", text.replace('\x1b', "ESC"));
}

#[test]
fn colours_change_nothing_else() {
    let (plain, _) = render(Style::Human { color: false }, &files());
    let (painted, _) = render(Style::Human { color: true }, &files());
    let mut parts = painted.split('\x1b');
    let mut text = parts.next().unwrap().to_owned();
    text.extend(parts.map(|part| part.split_once('m').unwrap().1));
    assert_eq!(text, plain);
}

#[test]
fn json() {
    insta::assert_snapshot!("json", render(Style::Json, &files()).0);
}

#[test]
fn github() {
    insta::assert_snapshot!("github", render(Style::Github, &files()).0);
}

#[test]
fn sarif_results() {
    let (text, _) = render(Style::Sarif, &files());
    let mut sarif: Value = serde_json::from_str(&text).unwrap();
    // serde_json keeps another order if a crate of the workspace wants it to.
    sarif.sort_all_objects();
    insta::assert_json_snapshot!("sarif_results", sarif["runs"][0]["results"]);
}

#[test]
fn sarif_describes_every_rule() {
    let (text, _) = render(Style::Sarif, &[]);
    let sarif: Value = serde_json::from_str(&text).unwrap();
    let described = sarif["runs"][0]["tool"]["driver"]["rules"]
        .as_array()
        .unwrap();
    let rules = digicert_validate::rules();
    assert_eq!(described.len(), rules.len());
    for (described, rule) in described.iter().zip(rules) {
        assert_eq!(described["id"], rule.code);
        assert_eq!(described["name"], rule.name);
        assert_eq!(
            described["defaultConfiguration"]["level"],
            rule.severity.as_str()
        );
        let text = described["help"]["text"].as_str().unwrap();
        assert!(
            text.contains("Source: ") && !text.contains('`'),
            "{}: {text}",
            rule.name
        );
        let markdown = described["help"]["markdown"].as_str().unwrap();
        assert!(
            markdown.starts_with("## What it checks\n"),
            "{}: {markdown}",
            rule.name
        );
        assert!(
            markdown.contains(&RuleDocs::of(rule).rejected[0]),
            "{}",
            rule.name
        );
    }
    assert_eq!(sarif["runs"][0]["results"], Value::Array(Vec::new()));
}

#[test]
fn every_finding_has_its_result_or_line() {
    let findings: usize = files()
        .iter()
        .map(|(path, text)| check(path, text).report.findings().len())
        .sum();
    assert!(findings >= 4);
    let (human, summary) = render(Style::Human { color: false }, &files());
    assert_eq!(summary.errors + summary.warnings + summary.notes, findings);
    assert_eq!(
        human.matches("\n  = help: ").count() + human.matches("\n   = help: ").count(),
        findings
    );
    assert_eq!(render(Style::Github, &files()).0.lines().count(), findings);
    let sarif: Value = serde_json::from_str(&render(Style::Sarif, &files()).0).unwrap();
    assert_eq!(
        sarif["runs"][0]["results"].as_array().unwrap().len(),
        findings
    );
}

#[test]
fn pieces_join_as_if_written_at_once() {
    let styles = [
        Style::Human { color: true },
        Style::Json,
        Style::Sarif,
        Style::Github,
    ];
    for style in styles {
        let whole = render(style, &files());
        for cut in 0..=files().len() {
            let mut rendering = Rendering::begin(style, Vec::new()).unwrap();
            for part in [&files()[..cut], &files()[cut..]] {
                let mut piece = Piece::new(style);
                // What was in it before must leave no trace.
                add(&mut piece, &files());
                piece.clear();
                assert!(piece.is_empty());
                add(&mut piece, part);
                rendering.write(&piece).unwrap();
            }
            let (out, summary) = rendering.finish().unwrap();
            assert_eq!(
                (String::from_utf8(out).unwrap(), summary),
                whole,
                "{style:?} at {cut}"
            );
        }
    }
}

fn add(piece: &mut Piece, files: &[(&str, &str)]) {
    for &(path, text) in files {
        let document = check(path, text);
        piece.add(&CheckedFile {
            path,
            document: &document,
            text: text.as_bytes(),
        });
    }
}

#[test]
fn i10_a_report_with_another_text_renders_all_the_same() {
    let document = check("acme.yaml", CREATION);
    for text in ["", "\n", "é", &"€".repeat(200)] {
        for style in [
            Style::Human { color: false },
            Style::Json,
            Style::Sarif,
            Style::Github,
        ] {
            let mut piece = Piece::new(style);
            piece.add(&CheckedFile {
                path: "a",
                document: &document,
                text: text.as_bytes(),
            });
            assert!(!piece.is_empty());
        }
    }
}

#[test]
fn a_changed_severity_is_the_one_that_is_shown() {
    let validator = Validator::new()
        .raise("child-name-too-long", Severity::Note)
        .unwrap();
    let text = CREATION.as_bytes();
    let document = validator.check(text, Format::Yaml, None, &Context::default());
    let file = CheckedFile {
        path: "acme.yaml",
        document: &document,
        text,
    };
    for (style, shown) in [
        (
            Style::Human { color: false },
            "note[DC103 child-name-too-long]",
        ),
        (
            Style::Sarif,
            r#","level":"note","message":{"text":"the name has "#,
        ),
        (
            Style::Json,
            r#""rule":"child-name-too-long","severity":"note""#,
        ),
        (
            Style::Github,
            "::notice file=acme.yaml,line=3,col=13,title=DC103",
        ),
    ] {
        let mut rendering = Rendering::begin(style, Vec::new()).unwrap();
        rendering.add(&file).unwrap();
        let out = String::from_utf8(rendering.finish().unwrap().0).unwrap();
        assert!(out.contains(shown), "{out}");
    }
}

#[test]
fn a_summary_counts_in_words() {
    let summary =
        |files: &[(&str, &str)]| render(Style::Human { color: false }, files).1.to_string();
    assert_eq!(summary(&[]), "0 errors, 0 warnings, 0 notes in 0 files");
    assert_eq!(
        summary(&[("clean.json", CLEAN)]),
        "0 errors, 0 warnings, 0 notes in 1 file"
    );
    assert_eq!(
        summary(&files()[..1]),
        "1 error, 1 warning, 1 note in 1 file"
    );
}
