//! I10: a name with control characters, which the service takes and gives back, moves no cursor and
//! breaks no line, whichever command prints it.

use crate::create::MANAGED;
use crate::in_between::{InBetween, Play};
use crate::on_sandbox::OnSandbox;
use crate::plan::BOOK;
use crate::program::{Run, run};

/// As JSON has them: an escape sequence, the bell, a line break, another direction of writing.
const EVIL: &str = r"Evil \u001b[2J\u0007\n\u202eCompany";

/// Of the names of a manifest, YAML in double quotes takes the same escapes.
fn document() -> String {
    MANAGED
        .replace("Example Company, LLC", &format!("\"{EVIL}\""))
        .replace(
            "account_type: managed",
            &format!("account_type: managed\nchild_name: \"{EVIL}\""),
        )
}

fn manifest(id: i64) -> String {
    let document = document();
    let create: Vec<_> = document.lines().collect();
    let create = create.join("\n      ");
    format!(
        "{BOOK}subaccounts:\n  - {{id: {id}, price_book: partners}}\n  - create:\n      {create}\n    \
         key_out: b.key\n    price_book: partners\n"
    )
}

#[track_caller]
fn harmless(run: &Run, code: i32, command: &[&str]) {
    assert_eq!(run.code, code, "{command:?}: {run:?}");
    let both = format!("{}{}", run.stdout, run.stderr);
    let is_obeyed = |character: &char| {
        (character.is_control() && *character != '\n') || *character == '\u{202e}'
    };
    assert_eq!(both.chars().find(is_obeyed), None, "{command:?}: {both:?}");
    let is_broken = both
        .lines()
        .any(|line| line.starts_with("Company") || line.starts_with('\u{202e}'));
    assert!(!is_broken, "{command:?}: {both}");
}

#[test]
fn i10_control_characters_in_names_do_not_reach_the_terminal() {
    let test = OnSandbox::new();
    test.folder.write("acme.yaml", document());
    let create = [
        "subaccount",
        "create",
        "-f",
        "acme.yaml",
        "--key-out",
        "acme.key",
        "--yes",
    ];
    // Lost first, so that there is something open to tell of.
    let service = InBetween::before(test.sandbox.origin(), Play::CutAnswer);
    let there = |arguments: &[&str], code| {
        let run = run(&mut test.program_past(&service, arguments));
        harmless(&run, code, arguments);
        run
    };
    there(&create, 4);
    there(&create, 4);
    let unfinished = there(&["history", "--unfinished"], 0);
    assert!(unfinished.stdout.contains(r"\u{1b}[2J"), "{unfinished:?}");
    let other = test.subaccount("Other\u{1b}[2J\u{7}").to_string();
    let refused = there(&["history", "settle", "1", "--created", &other], 5);
    assert!(refused.stderr.contains("it is of Other"), "{refused:?}");
    there(&["history", "settle", "1", "--created", "1122334"], 0);
    there(&create, 5);
    there(&["history"], 0);
    let list = there(&["subaccount", "list"], 0);
    assert!(list.stdout.contains(r"\u{1b}[2J"), "{list:?}");
    there(&["subaccount", "show", "1122334"], 0);
    there(&["account", "show"], 0);
    test.folder.write(
        "p.yaml",
        "products: [{product_name_id: ssl_plus, prices: [{lifetime: 1, cost: 218}]}]",
    );
    there(&["products", "diff", "1122334", "-f", "p.yaml"], 1);
    there(&["products", "set", "1122334", "-f", "p.yaml", "--yes"], 0);
    there(&["validate", "acme.yaml"], 0);
    // Of another name, so that there is something to create.
    let manifest = manifest(1_122_334).replace("2J", "3J");
    test.folder.write("prices/all.yaml", manifest);
    let planned = there(&["plan", "prices"], 1);
    assert!(planned.stdout.contains(r"\u{1b}[3J"), "{planned:?}");
    there(&["plan", "prices", "--format", "markdown"], 1);
    there(&["apply", "prices", "--yes"], 0);
    there(&["apply", "prices", "--yes"], 0);
}
