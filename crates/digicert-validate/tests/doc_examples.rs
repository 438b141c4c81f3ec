//! Runs the examples in the documentation of the rules: a rejected one makes its rule fire, an
//! accepted one keeps it silent. Other rules may fire on either.
//!
//! # How an example block is read
//!
//! - A block is a **partial request**. It is merged into the smallest valid request of its kind
//!   (`BASE_CREATION` for `DC1xx`, `BASE_PRODUCTS` for `DC2xx`): objects are merged field by
//!   field, anything else replaces what the base has. So an array replaces the whole array, and a
//!   field cannot be taken away.
//! - A block whose only fields are `request` and `context` has the partial request in the one and
//!   the `Context` in the other.
//! - A block of `DC3xx` is a pair of keys, `{"partner_key": "…", "certcentral_key": "…"}`.
//! - A block of `DC0xx` is the text of a file, and goes through `Validator::check`. If it is a
//!   JSON object, it is merged into a base first (the one of products if it has `products`, else
//!   the other), so that an example does not report the fields that it leaves out. A field that
//!   stands twice does not survive that.

#![expect(clippy::expect_used, reason = "the bases are constants of this file")]

use digicert_types::certcentral::{CreateSubaccountRequest, SetSubaccountProductsRequest};
use digicert_types::{CertCentralApiKey, PartnerApiKey};
use digicert_validate::{
    BillingLink, Context, Finding, Format, Kind, Report, RuleInfo, Validator, rules, validate,
};
use serde::de::DeserializeOwned;
use serde_json::Value;

const BASE_CREATION: &str = r#"{
    "account_type": "retail",
    "allowed_grandchildren": ["retail"],
    "user": {"first_name": "John", "last_name": "Smith", "email": "john.smith@example.com"},
    "organization": {
        "name": "Example Company, LLC",
        "address": "123 Fake Street",
        "zip": "93090",
        "city": "Toledo",
        "state": "Ohio",
        "country": "US"
    }
}"#;

const BASE_PRODUCTS: &str = r#"{
    "products": [{"product_name_id": "ssl_plus", "prices": [{"lifetime": 1, "cost": 412}]}]
}"#;

#[test]
fn the_bases_are_clean() {
    let creation: CreateSubaccountRequest = serde_json::from_str(BASE_CREATION).expect("a request");
    assert_eq!(validate(&creation, &Context::default()), Report::default());
    let products: SetSubaccountProductsRequest =
        serde_json::from_str(BASE_PRODUCTS).expect("a request");
    assert_eq!(validate(&products, &Context::default()), Report::default());
}

#[test]
fn every_rule_has_its_headings_and_examples() {
    let mut failures = Vec::new();
    for rule in rules() {
        let headings: Vec<_> = lines(rule).filter(|line| line.starts_with('#')).collect();
        if headings != ["## What it checks", "## Why it matters", "## Examples"] {
            failures.push(format!("{}: its headings are {headings:?}", rule.name));
        }
        for verdict in ["json,rejected", "json,accepted"] {
            if !blocks(rule).iter().any(|block| block.verdict == verdict) {
                failures.push(format!("{}: no block `{verdict}`", rule.name));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn every_example_does_what_it_says() {
    let mut failures = Vec::new();
    for block in rules().into_iter().flat_map(blocks) {
        let fires = match run(&block) {
            Ok(report) => report
                .findings()
                .iter()
                .any(|finding| finding.rule == block.rule),
            Err(problem) => {
                failures.push(block.failure(&problem));
                continue;
            }
        };
        match (block.verdict, fires) {
            ("json,rejected", true) | ("json,accepted", false) => {}
            ("json,rejected", false) => {
                failures.push(block.failure("is rejected, and nothing fires"));
            }
            ("json,accepted", true) => {
                failures.push(block.failure("is accepted, and the rule fires"));
            }
            _ => failures.push(block.failure("is neither `json,rejected` nor `json,accepted`")),
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n\n"));
}

#[test]
fn messages_are_plain_sentences() {
    let mut failures = Vec::new();
    for block in rules().into_iter().flat_map(blocks) {
        let findings = run(&block)
            .map(|report| report.findings().to_vec())
            .unwrap_or_default();
        for finding in findings.iter().filter(|finding| finding.rule == block.rule) {
            failures.extend(faults_of_style(finding).map(|fault| block.failure(&fault)));
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n\n"));
}

#[test]
fn a_file_and_a_typed_request_give_the_same_findings() {
    let mut failures = Vec::new();
    for block in rules().into_iter().flat_map(blocks) {
        let kind = match block.rule.code.as_bytes()[2] {
            b'1' => Kind::CreateSubaccount,
            b'2' => Kind::SetProducts,
            _ => continue,
        };
        let (request, context) = block.request_and_context(kind).expect("as the other tests");
        let typed = run(&block).expect("as the other tests");
        let from_file = check(&request.to_string(), Some(kind), &context);
        let (typed, from_file) = (in_any_order(&typed), in_any_order(&from_file));
        if typed != from_file {
            let problem = format!("typed: {typed:#?}\nfrom a file: {from_file:#?}");
            failures.push(block.failure(&problem));
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n\n"));
}

/// One example of one rule.
struct Block {
    rule: &'static RuleInfo,
    verdict: &'static str,
    text: String,
}

impl Block {
    fn failure(&self, problem: &str) -> String {
        format!(
            "{}: {problem}\n```{}\n{}```",
            self.rule.name, self.verdict, self.text
        )
    }

    /// The whole request, and the context that goes with it.
    fn request_and_context(&self, kind: Kind) -> Result<(Value, Context), String> {
        let part: Value = parse(&self.text)?;
        let fields = part.as_object().ok_or("is no JSON object")?;
        if fields.len() == 2 && fields.contains_key("request") && fields.contains_key("context") {
            let context = from_value(part["context"].clone())?;
            return Ok((merged(kind, &part["request"]), context));
        }
        Ok((merged(kind, &part), Context::default()))
    }
}

/// The lines of a rule's documentation, without the space that follows `///`.
fn lines(rule: &RuleInfo) -> impl Iterator<Item = &'static str> + use<> {
    rule.docs
        .lines()
        .map(|line| line.strip_prefix(' ').unwrap_or(line))
}

fn blocks(rule: &'static RuleInfo) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut lines = lines(rule);
    while let Some(line) = lines.next() {
        if let Some(verdict) = line.strip_prefix("```") {
            let body = lines.by_ref().take_while(|line| *line != "```");
            let text = body.flat_map(|line| [line, "\n"]).collect();
            blocks.push(Block {
                rule,
                verdict,
                text,
            });
        }
    }
    blocks
}

fn run(block: &Block) -> Result<Report, String> {
    match block.rule.code.as_bytes()[2] {
        b'0' => Ok(run_on_text(&block.text)),
        b'1' => run_on::<CreateSubaccountRequest>(block, Kind::CreateSubaccount),
        b'2' => run_on::<SetSubaccountProductsRequest>(block, Kind::SetProducts),
        b'3' => run_on_keys(&block.text),
        _ => Err("has a code of no document".to_owned()),
    }
}

fn run_on<R>(block: &Block, kind: Kind) -> Result<Report, String>
where
    R: digicert_validate::Request + DeserializeOwned,
{
    let (request, context) = block.request_and_context(kind)?;
    Ok(validate(&from_value::<R>(request)?, &context))
}

fn run_on_keys(text: &str) -> Result<Report, String> {
    let keys: Value = parse(text)?;
    let key = |name| keys[name].as_str().ok_or(format!("has no `{name}`"));
    let partner_key = PartnerApiKey::new(key("partner_key")?);
    let certcentral_key = CertCentralApiKey::new(key("certcentral_key")?);
    let link = BillingLink {
        partner_key: &partner_key,
        certcentral_key: &certcentral_key,
    };
    Ok(validate(&link, &Context::default()))
}

fn run_on_text(text: &str) -> Report {
    let Ok(part @ Value::Object(_)) = serde_json::from_str(text) else {
        return check(text, Some(Kind::CreateSubaccount), &Context::default());
    };
    let kind = if part.get("products").is_some() {
        Kind::SetProducts
    } else {
        Kind::CreateSubaccount
    };
    check(
        &merged(kind, &part).to_string(),
        Some(kind),
        &Context::default(),
    )
}

fn check(text: &str, kind: Option<Kind>, context: &Context) -> Report {
    Validator::new()
        .check(text.as_bytes(), Format::Json, kind, context)
        .report
}

fn merged(kind: Kind, part: &Value) -> Value {
    let base = if kind == Kind::SetProducts {
        BASE_PRODUCTS
    } else {
        BASE_CREATION
    };
    let mut whole = serde_json::from_str(base).expect("a base is JSON");
    merge(&mut whole, part);
    whole
}

fn merge(whole: &mut Value, part: &Value) {
    match (whole, part) {
        (Value::Object(whole), Value::Object(part)) => {
            for (name, value) in part {
                merge(whole.entry(name.as_str()).or_insert(Value::Null), value);
            }
        }
        (whole, part) => *whole = part.clone(),
    }
}

fn parse(text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map_err(|error| format!("is no JSON: {error}"))
}

fn from_value<T: DeserializeOwned>(value: Value) -> Result<T, String> {
    serde_json::from_value(value).map_err(|error| format!("cannot be read: {error}"))
}

/// What the house style has against the texts of a finding.
fn faults_of_style(finding: &Finding) -> impl Iterator<Item = String> {
    let texts = [("message", &finding.message), ("help", &finding.help)];
    texts.into_iter().filter_map(|(part, text)| {
        let capital = text.chars().next().is_none_or(char::is_uppercase);
        let fault = if capital && !text.starts_with("API") {
            "does not begin in lower case"
        } else if text.ends_with('.') {
            "ends in a full stop"
        } else if text.contains(char::is_control) {
            "has a control character"
        } else {
            return None;
        };
        Some(format!("its {part} {fault}: {text}"))
    })
}

/// What a report says, without the places that only a file has.
fn in_any_order(report: &Report) -> Vec<(&'static str, &str, &str)> {
    let findings = report.findings().iter();
    let mut list: Vec<_> = findings
        .map(|finding| {
            (
                finding.rule.code,
                finding.pointer.as_str(),
                finding.message.as_str(),
            )
        })
        .collect();
    list.sort_unstable();
    list
}
