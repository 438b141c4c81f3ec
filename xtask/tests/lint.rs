//! Every rule of the lint fires on a document that breaks it, at the right line; our own
//! documents break none.

#![allow(clippy::expect_used, reason = "a test may panic")]

use std::path::Path;

use xtask::codegen;
use xtask::document::Document;
use xtask::lint;

fn certcentral() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("a parent");
    std::fs::read_to_string(root.join(codegen::DOCUMENTS[0])).expect("readable")
}

/// What the lint finds after one edit of our document.
fn after(from: &str, to: &str) -> Vec<String> {
    let text = certcentral();
    assert!(text.contains(from), "the document does not hold {from:?}");
    let document = Document::parse("certcentral.yaml", text.replacen(from, to, 1)).expect("YAML");
    lint::check(&document)
        .iter()
        .map(ToString::to_string)
        .collect()
}

#[test]
fn our_documents_break_no_rule() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("a parent");
    let documents = codegen::read(root).expect("sound documents");
    assert_eq!(codegen::findings(&documents), Vec::new());
}

#[test]
fn every_rule_fires_on_what_breaks_it() {
    let cases = [
        (
            "S001",
            "operationId: get_account",
            "operationId: getAccount",
            "`getAccount` is not verb_noun",
        ),
        (
            "S001",
            "operationId: get_subaccount\n",
            "operationId: get_account\n",
            "for the second time",
        ),
        (
            "S003",
            "        5XX:",
            "        default:",
            "`default` is neither a 2xx status nor 4XX or 5XX",
        ),
        (
            "S004",
            "        '204':",
            "        '404':",
            "the operation has 0 2xx answers",
        ),
        (
            "S005",
            "          description: First user of the subaccount (create page).\n",
            "",
            "the property has no description",
        ),
        (
            "S005",
            "First user of the subaccount (create page).",
            "First user",
            "does not end with a period",
        ),
        (
            "S006",
            "account_type: retail",
            "account_type: 7",
            "the example does not fit its schema",
        ),
        (
            "S007",
            "    Container:\n      type: object\n",
            "    Container:\n      type: object\n      required: [id]\n",
            "an answer requires nothing",
        ),
        (
            "S008",
            "x-extensible-enum: [active, inactive]",
            "x-extensible-enum: [active, 7]",
            "is a list of texts",
        ),
        (
            "S009",
            "openapi: 3.0.3\n",
            "openapi: 3.0.3 \n",
            "ends with a blank",
        ),
        (
            "S009",
            "name: X-DC-DEVKEY",
            "name: X\u{2011}DC-DEVKEY",
            "is not a header name",
        ),
        (
            "S010",
            "  schemas:\n",
            "  schemas:\n    Lonely:\n      type: string\n      description: Alone.\n",
            "no operation uses the schema `Lonely`",
        ),
        (
            "S011",
            "url: https://certcentral.digicert.eu/services/v2",
            "url: http://certcentral.digicert.eu/services/v2",
            "is not an https address",
        ),
    ];
    for (code, from, to, message) in cases {
        let found = after(from, to);
        let hit = found
            .iter()
            .find(|finding| finding.contains(code) && finding.contains(message));
        assert!(hit.is_some(), "{code} for {to:?} gave {found:#?}");
    }
    let covered = |code: &str| code == "S002" || cases.iter().any(|(covered, ..)| *covered == code);
    for rule in lint::RULES {
        assert!(covered(rule.code), "{} has no case here", rule.code);
        assert!(rule.asks.ends_with('.'), "{}", rule.code);
    }
}

#[test]
fn s002_an_object_without_a_name_is_found() {
    let from = "        user:\n          description: First user of the subaccount (create page).\n          allOf:\n            - $ref: '#/components/schemas/NewUser'\n";
    let to = "        user:\n          description: First user of the subaccount (create page).\n          type: object\n          properties: {}\n";
    let found = after(from, to);
    assert!(
        found
            .iter()
            .any(|finding| finding.contains("S002 an object inside another has no name")),
        "{found:#?}"
    );
}

#[test]
fn a_finding_names_its_line() {
    let line = certcentral()
        .lines()
        .position(|line| line.contains("operationId: get_account"))
        .expect("it is there")
        + 1;
    let found = after("operationId: get_account", "operationId: getAccount");
    assert!(
        found[0].starts_with(&format!("certcentral.yaml:{line}:7: S001")),
        "{found:?}"
    );
}
