//! The table of rules, the files they are in, and what was promised agree.

#![expect(
    clippy::expect_used,
    reason = "the files of the rules stand in the repository"
)]

use std::fmt::Debug;
use std::fs;
use std::path::{Path, PathBuf};

use digicert_validate::{RuleInfo, Severity, rule, rules};

/// The rules that were promised, by document: name and severity.
const PROMISED: [(&str, Severity); 39] = [
    ("document-malformed", Severity::Error),
    ("field-unknown", Severity::Warning),
    ("child-name-too-long", Severity::Error),
    ("multi-year-plan-out-of-range", Severity::Error),
    ("multi-year-plan-over-parent", Severity::Error),
    ("multi-year-plan-over-contract", Severity::Error),
    ("multi-year-plan-no-longer-sold", Severity::Warning),
    ("required-text-empty", Severity::Error),
    ("email-malformed", Severity::Error),
    ("country-unknown", Severity::Warning),
    ("enforce-bill-parent-ignored", Severity::Warning),
    ("grandchild-type-repeated", Severity::Warning),
    ("managed-key-shown-once", Severity::Note),
    ("text-control-character", Severity::Warning),
    ("required-cost-missing", Severity::Error),
    ("cost-ignored", Severity::Warning),
    ("cost-out-of-range", Severity::Error),
    ("cost-too-precise", Severity::Warning),
    ("additional-cost-exceeds-base", Severity::Warning),
    ("longer-term-cheaper", Severity::Warning),
    ("product-unknown", Severity::Warning),
    ("product-id-missing", Severity::Error),
    ("product-repeated", Severity::Error),
    ("lifetime-repeated", Severity::Error),
    ("lifetime-out-of-range", Severity::Error),
    ("products-empty", Severity::Error),
    ("product-dropped", Severity::Warning),
    ("currency-malformed", Severity::Error),
    ("currency-unknown", Severity::Warning),
    ("currency-change-resets-balance", Severity::Error),
    ("currency-change-needs-prices", Severity::Error),
    ("self-billed-ignored", Severity::Warning),
    ("price-jump", Severity::Warning),
    ("price-defaults", Severity::Note),
    ("negative-limit-invalid", Severity::Error),
    ("pricing-method-unknown", Severity::Warning),
    ("key-missing", Severity::Error),
    ("key-not-header-safe", Severity::Error),
    ("keys-identical", Severity::Error),
];

/// The codes, which are for ever.
const CODES: [(&str, &str); 39] = [
    ("DC001", "document-malformed"),
    ("DC002", "field-unknown"),
    ("DC101", "required-text-empty"),
    ("DC102", "email-malformed"),
    ("DC103", "child-name-too-long"),
    ("DC104", "multi-year-plan-out-of-range"),
    ("DC105", "multi-year-plan-over-parent"),
    ("DC106", "multi-year-plan-over-contract"),
    ("DC107", "multi-year-plan-no-longer-sold"),
    ("DC108", "country-unknown"),
    ("DC109", "enforce-bill-parent-ignored"),
    ("DC110", "grandchild-type-repeated"),
    ("DC111", "managed-key-shown-once"),
    ("DC112", "text-control-character"),
    ("DC201", "products-empty"),
    ("DC202", "product-dropped"),
    ("DC203", "currency-malformed"),
    ("DC204", "currency-unknown"),
    ("DC205", "currency-change-resets-balance"),
    ("DC206", "currency-change-needs-prices"),
    ("DC207", "self-billed-ignored"),
    ("DC208", "negative-limit-invalid"),
    ("DC209", "pricing-method-unknown"),
    ("DC210", "product-id-missing"),
    ("DC211", "product-unknown"),
    ("DC212", "product-repeated"),
    ("DC213", "price-defaults"),
    ("DC214", "lifetime-repeated"),
    ("DC215", "lifetime-out-of-range"),
    ("DC216", "required-cost-missing"),
    ("DC217", "cost-ignored"),
    ("DC218", "cost-out-of-range"),
    ("DC219", "cost-too-precise"),
    ("DC220", "additional-cost-exceeds-base"),
    ("DC221", "longer-term-cheaper"),
    ("DC222", "price-jump"),
    ("DC301", "key-missing"),
    ("DC302", "key-not-header-safe"),
    ("DC303", "keys-identical"),
];

/// The folder of each document below `src/rules`, and the digit that its codes begin with.
const FOLDERS: [(&str, char); 4] = [
    ("document", '0'),
    ("create_subaccount", '1'),
    ("products", '2'),
    ("billing_link", '3'),
];

#[test]
fn the_rules_are_those_that_were_promised() {
    let registered: Vec<_> = rules()
        .iter()
        .map(|rule| (rule.name, rule.severity))
        .collect();
    assert_same(&registered, &PROMISED);
}

#[test]
fn every_rule_keeps_its_code() {
    let registered: Vec<_> = rules().iter().map(|rule| (rule.code, rule.name)).collect();
    assert_same(&registered, &CODES);
}

/// Says which differ, not how two long lists read.
#[track_caller]
fn assert_same<T: PartialEq + Debug>(registered: &[T], expected: &[T]) {
    let missing: Vec<_> = expected
        .iter()
        .filter(|rule| !registered.contains(rule))
        .collect();
    let surplus: Vec<_> = registered
        .iter()
        .filter(|rule| !expected.contains(rule))
        .collect();
    assert!(
        missing.is_empty() && surplus.is_empty(),
        "not registered: {missing:#?}, registered and not expected: {surplus:#?}",
    );
    assert_eq!(
        registered.len(),
        expected.len(),
        "a rule is registered twice"
    );
}

#[test]
fn codes_are_well_formed_unique_and_sorted() {
    let codes: Vec<_> = rules().iter().map(|rule| rule.code).collect();
    assert!(codes.is_sorted_by(|one, next| one < next), "{codes:?}");
    for code in codes {
        let digits = code.strip_prefix("DC").unwrap_or_default();
        let well_formed = digits.len() == 3 && digits.bytes().all(|byte| byte.is_ascii_digit());
        assert!(well_formed, "{code} is not DC and three digits");
    }
}

#[test]
fn names_are_unique_and_in_kebab_case() {
    let mut names: Vec<_> = rules().iter().map(|rule| rule.name).collect();
    names.sort_unstable();
    assert!(names.is_sorted_by(|one, next| one < next), "{names:?}");
    for name in names {
        let is_word = |word: &str| {
            word.starts_with(|first: char| first.is_ascii_lowercase())
                && word
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        };
        assert!(name.split('-').all(is_word), "{name} is not in kebab case");
    }
}

#[test]
fn every_rule_is_documented_and_says_where_it_is_from() {
    for rule in rules() {
        assert!(
            !rule.docs.trim().is_empty(),
            "{} has no documentation",
            rule.name
        );
        assert!(
            !rule.source.trim().is_empty(),
            "{} has no source",
            rule.name
        );
        assert!(
            !rule.source.ends_with('.'),
            "{}: a source is no sentence",
            rule.name
        );
    }
}

#[test]
fn a_rule_is_found_by_name_and_by_code_in_any_letter_case() {
    for info in rules() {
        assert_eq!(rule(info.name), Some(info));
        assert_eq!(rule(&info.name.to_ascii_uppercase()), Some(info));
        assert_eq!(rule(info.code), Some(info));
        assert_eq!(rule(&info.code.to_ascii_lowercase()), Some(info));
    }
    assert_eq!(rule("DC999"), None);
    assert_eq!(rule(""), None);
}

#[test]
fn every_rule_is_one_file_of_its_name_in_the_folder_of_its_document() {
    let files = rule_files();
    let mut failures = Vec::new();
    for file in &files {
        match rules()
            .into_iter()
            .find(|rule| rule.name.replace('-', "_") == file.stem)
        {
            Some(rule) => failures.extend(file.faults(rule)),
            None => failures.push(format!(
                "{}: no rule of its name is registered",
                file.shown()
            )),
        }
    }
    for rule in rules() {
        let stem = rule.name.replace('-', "_");
        if !files.iter().any(|file| file.stem == stem) {
            failures.push(format!("{}: no file {stem}.rs declares it", rule.name));
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

#[test]
fn every_folder_of_rules_is_that_of_a_document() {
    let mut folders: Vec<_> = entries(&rules_folder())
        .into_iter()
        .filter(|path| path.is_dir())
        .map(|path| name_of(&path))
        .collect();
    folders.sort_unstable();
    let mut known = FOLDERS.map(|(folder, _)| folder);
    known.sort_unstable();
    assert_eq!(folders, known);
}

/// A file that declares a rule. Others in the folders hold tables, or what two rules share.
struct RuleFile {
    folder: &'static str,
    digit: char,
    stem: String,
    text: String,
}

impl RuleFile {
    fn shown(&self) -> String {
        format!("src/rules/{}/{}.rs", self.folder, self.stem)
    }

    fn faults(&self, rule: &RuleInfo) -> Vec<String> {
        let RuleInfo { code, name, .. } = rule;
        let structure = pascal_case(name);
        let expected = [
            (
                self.text.matches("declare_rule! {").count() == 1,
                "declares one rule".to_owned(),
            ),
            (
                self.text.starts_with(&format!("//! {code} `{name}`")),
                format!("begins with `//! {code} `{name}``"),
            ),
            (
                self.text.contains(&format!("pub {structure} {{")),
                format!("declares `{structure}`"),
            ),
            (
                self.text.contains(&format!("code: \"{code}\",")),
                format!("has the code {code}"),
            ),
            (
                self.text.contains(&format!("name: \"{name}\",")),
                format!("has the name {name}"),
            ),
            (
                code[2..].starts_with(self.digit),
                format!("has a code that begins with DC{}", self.digit),
            ),
        ];
        let missing = expected.into_iter().filter(|(holds, _)| !holds);
        missing
            .map(|(_, what)| format!("{}: it is not true that it {what}", self.shown()))
            .collect()
    }
}

fn rule_files() -> Vec<RuleFile> {
    let mut files = Vec::new();
    for (folder, digit) in FOLDERS {
        for path in entries(&rules_folder().join(folder)) {
            let text = fs::read_to_string(&path).expect("a file of a rule is readable");
            if text.contains("declare_rule! {") {
                let stem = name_of(&path.with_extension(""));
                files.push(RuleFile {
                    folder,
                    digit,
                    stem,
                    text,
                });
            }
        }
    }
    files
}

fn rules_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/rules")
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder is there");
    entries
        .map(|entry| entry.expect("the entry is readable").path())
        .collect()
}

fn name_of(path: &Path) -> String {
    path.file_name()
        .expect("an entry has a name")
        .to_string_lossy()
        .into_owned()
}

fn pascal_case(name: &str) -> String {
    let mut text = String::new();
    for word in name.split('-') {
        let (first, rest) = word.split_at(1);
        text.push_str(&first.to_ascii_uppercase());
        text.push_str(rest);
    }
    text
}
