//! `--format json`: the shape of what every command prints, which others script against. What is
//! added to it appears here; what is taken away or renamed breaks somebody's script.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use digicert_sandbox::{Fault, Operation, Reset, When};
use serde_json::Value;

use crate::apply::OTHER;
use crate::create::MANAGED;
use crate::on_sandbox::OnSandbox;
use crate::plan::with_subaccounts;

/// Commands that print a text of another kind: a script of a shell, a manual page, a schema.
const WITHOUT_FORMAT: [&str; 3] = ["completions", "man", "schema"];

/// Every place in a value with the types that stand there. Elements of a list are one place.
fn shape(value: &Value, place: &str, types: &mut BTreeMap<String, BTreeSet<&'static str>>) {
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(elements) => {
            for element in elements {
                shape(element, &format!("{place}[]"), types);
            }
            "array"
        }
        Value::Object(members) => {
            for (name, member) in members {
                shape(member, &format!("{place}.{name}"), types);
            }
            "object"
        }
    };
    types.entry(place.to_owned()).or_default().insert(kind);
}

/// What commands printed, by what a reader takes for one command.
#[derive(Default)]
struct Shapes(BTreeMap<String, BTreeMap<String, BTreeSet<&'static str>>>);

impl Shapes {
    /// Runs a command, which ends with this code.
    #[track_caller]
    fn run(&mut self, test: &OnSandbox, name: &str, arguments: &str, code: i32) {
        let words = name.split(' ').chain(arguments.split(' '));
        let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
        let run = test.run(&[&words, &["--format", "json"][..]].concat());
        assert_eq!(run.code, code, "{run:?}");
        assert_eq!(run.json()["format_version"], 1, "{run:?}");
        let ends_well = run.json()["message"].is_null() || code == 0;
        let title = if ends_well {
            name.to_owned()
        } else {
            format!("{name}, failed")
        };
        shape(&run.json(), "", self.0.entry(title).or_default());
    }

    fn text(&self) -> String {
        let mut text = String::new();
        for (command, places) in &self.0 {
            writeln!(text, "{command}").unwrap();
            for (place, kinds) in places {
                let kinds: Vec<_> = kinds.iter().copied().collect();
                writeln!(text, "  {place}  {}", kinds.join(", ")).unwrap();
            }
        }
        text
    }
}

/// A subaccount with prices as in the price book, and one with others.
fn prepared() -> (OnSandbox, String, String) {
    let (test, ids) = with_subaccounts(2);
    test.set_products(ids[1], OTHER);
    test.folder.write("acme.yaml", MANAGED);
    test.folder.write("products.json", OTHER);
    test.folder.write("empty.json", r#"{"products": 1}"#);
    (test, ids[0].to_string(), ids[1].to_string())
}

fn shapes() -> Shapes {
    let (test, same, other) = prepared();
    let mut shapes = Shapes::default();
    let mut run = |name: &str, arguments: &str, code| shapes.run(&test, name, arguments, code);
    run("rules", "", 0);
    run("explain", "price-defaults", 0);
    run("validate", "acme.yaml empty.json", 1);
    run("account show", "", 0);
    run("subaccount list", "", 0);
    run("subaccount show", &same, 0);
    run("products show", &same, 0);
    run("products diff", &format!("{same} -f products.json"), 1);
    run("plan", "prices", 1);
    run("plan", "prices --max-subaccounts 0", 5);
    run("apply", "prices", 5);
    run("apply", "prices --yes", 0);
    run("products set", &format!("{other} -f empty.json"), 5);
    run("products set", &format!("{other} -f products.json"), 5);
    run(
        "products set",
        &format!("{other} -f products.json --yes"),
        0,
    );
    run("billing link", "", 5);
    run("billing link", "--yes", 0);
    let create = "-f acme.yaml --key-out acme.key --yes";
    let cut: Fault<Reset> = Fault::reset(When::After);
    let cut = test
        .sandbox
        .faults()
        .add(cut.on(Operation::CreateSubaccount));
    run("subaccount create", create, 4);
    run("subaccount create", create, 4);
    test.sandbox.faults().remove(cut.unwrap());
    run("history", "--unfinished", 0);
    run("history settle", "4 --not-created", 0);
    run("subaccount create", &format!("{create} --another"), 0);
    run("subaccount create", create, 5);
    run("history", "", 0);
    run("history", &format!("--subaccount {other}"), 0);
    run("doctor", "", 0);
    run("doctor", "--what", 2);
    shapes
}

#[test]
fn the_shapes_in_json_only_grow() {
    insta::assert_snapshot!("json_shapes", shapes().text());
}

#[test]
fn every_command_has_json() {
    let (test, ..) = prepared();
    assert_eq!(test.run(&["man", "--out", "pages"]).code, 0);
    let pages = std::fs::read_dir(test.folder.path().join("pages")).unwrap();
    let pages: BTreeSet<_> = pages
        .map(|page| page.unwrap().file_name().into_string().unwrap())
        .map(|page| page.trim_end_matches(".1").replace('-', " "))
        .collect();
    let has_others_below = |command: &str| {
        pages
            .iter()
            .any(|other| other.starts_with(&format!("{command} ")))
    };
    let commands: BTreeSet<_> = pages
        .iter()
        .filter(|command| !has_others_below(command) || *command == "digicert history")
        .filter_map(|command| command.strip_prefix("digicert "))
        .filter(|command| !WITHOUT_FORMAT.contains(command))
        .collect();
    let shapes = shapes();
    let shown: BTreeSet<_> = shapes
        .0
        .keys()
        .filter(|title| !title.ends_with(", failed"))
        .map(String::as_str)
        .collect();
    assert_eq!(shown, commands);
}
