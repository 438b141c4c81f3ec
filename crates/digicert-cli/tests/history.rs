//! `digicert history` and what is settled with it.

use std::fs;

use crate::create::{MANAGED, retail, with_document};
use crate::in_between::{InBetween, Play};
use crate::on_sandbox::OnSandbox;

/// A ledger with a creation, a second one of another document, and a link that was refused.
fn with_history() -> OnSandbox {
    let test = with_document(MANAGED);
    assert_eq!(test.create(&[]).code, 0);
    test.folder.write("retail.yaml", retail());
    let create = [
        "subaccount",
        "create",
        "-f",
        "retail.yaml",
        "--yes",
        "--another",
    ];
    assert_eq!(test.run(&create).code, 0);
    let mut link = test.program(&["billing", "link", "--yes"]);
    link.env("DIGICERT_PARTNER_API_KEY", "another-key");
    assert_eq!(crate::program::run(&mut link).code, 3);
    test
}

#[test]
fn history_shows_who_changed_what_when() {
    let test = with_history();
    let run = test.run(&["history"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let words: Vec<_> = run.stdout.split_whitespace().collect();
    let who = words.iter().find(|word| word.contains('@')).unwrap();
    // As wide as every name is.
    let told = run
        .stdout
        .replace(who, &format!("{:width$}", "WHO", width = who.len()));
    let told: Vec<_> = told
        .lines()
        .map(|line| {
            line.split("  ")
                .map(str::trim)
                .filter(|cell| !cell.is_empty())
                .collect::<Vec<_>>()
                .join(" | ")
        })
        .collect();
    insta::assert_snapshot!("history", test.told(&told.join("\n")));
}

#[cfg(unix)]
#[test]
fn on_a_terminal_history_and_lists_are_no_wider_than_it() {
    use unicode_width::UnicodeWidthStr as _;

    use crate::terminal::AtTerminal;

    let test = with_history();
    let origin = test.sandbox.origin().to_string();
    for (arguments, contained) in [
        (&["history"][..], format!("At {origin}:\n\n")),
        (&["subaccount", "list"], "1122334".to_owned()),
        (&["rules"], "DC303".to_owned()),
        (&["plan", "--help"], "--max-disabled".to_owned()),
    ] {
        let arguments = [&["--color", "never"], arguments].concat();
        let shown = AtTerminal::shown(test.program(&arguments), 80);
        assert!(shown.contains(&contained), "{shown}");
        for line in shown.lines() {
            assert!(line.width() <= 80, "{line}");
        }
        // In a pipe a row is a line, as ever.
        if arguments.contains(&"history") {
            let piped = test.run(&arguments).stdout;
            assert_eq!(piped.lines().count(), 4, "{piped}");
            assert!(shown.lines().count() > 6, "{shown}");
        }
    }
}

#[test]
fn history_since_a_day_and_of_the_last_entries() {
    let test = with_history();
    let entries = |arguments: &[&str]| -> Vec<i64> {
        let run = test.run(&[&["history", "--format", "json"], arguments].concat());
        assert_eq!(run.code, 0, "{run:?}");
        let json = run.json();
        let entries = json["entries"].as_array().unwrap().iter();
        entries
            .map(|entry| entry["entry"].as_i64().unwrap())
            .collect()
    };
    assert_eq!(entries(&["--limit", "2"]), [2, 3]);
    assert_eq!(entries(&["--limit", "9"]), [1, 2, 3]);
    assert_eq!(entries(&["--since", "2026-01-01", "--limit", "1"]), [3]);
    assert_eq!(entries(&["--since", "9999-12-31"]), [0; 0]);
    let json = test.run(&["history", "--format", "json"]).json();
    let last = json["entries"][2]["begun_at"].as_str().unwrap();
    assert_eq!(entries(&["--since", last]), [3]);
    for wrong in ["yesterday", "2026-13-01", "26.11.2026"] {
        let run = test.run(&["history", "--since", wrong]);
        assert_eq!(run.code, 2);
        assert!(
            run.stderr.contains("write a day, such as 2026-11-26"),
            "{run:?}"
        );
    }
}

#[test]
fn the_history_of_a_creation_says_where_its_key_is() {
    let test = with_document(MANAGED);
    assert_eq!(test.create(&[]).code, 0);
    let told = test.run(&["history", "--subaccount", "1122334"]).stdout;
    let key = test.key_file_path().display().to_string();
    assert!(told.contains(&format!("\nIts key: {key}.\n")), "{told}");
}

/// As `products set` says it, of what it was then.
#[test]
fn i8_the_way_back_has_the_words_that_it_needs() {
    let test = OnSandbox::new();
    let id = test.subaccount("Example Company").to_string();
    let file = |products: &[&str]| {
        let products = products.iter().map(|name| {
            format!(
                r#"{{"product_name_id": "{name}", "prices": [{{"lifetime": 1, "cost": 218}}]}}"#
            )
        });
        let products: Vec<_> = products.collect();
        let document = format!("{{\"products\": [{}]}}", products.join(","));
        test.folder.write("products.json", document);
    };
    for products in [&["ssl_plus"][..], &["ssl_plus", "code_signing"]] {
        file(products);
        let set = test.run(&["products", "set", &id, "-f", "products.json", "--yes"]);
        assert_eq!(set.code, 0, "{set:?}");
    }
    let history = ["history", "--subaccount", &id];
    let human = test.run(&history).stdout;
    assert_eq!(human.matches(" --allow-disable").count(), 2, "{human}");
    let json = test
        .run(&[&history[..], &["--format", "json"]].concat())
        .json();
    // From two products back to none, and to one; each as it is typed in.
    for (entry, left) in [(1, 1), (0, 0)] {
        let restore = json["entries"][entry]["restore"].as_str().unwrap();
        assert!(restore.contains(" --allow-disable"), "{restore}");
        let words: Vec<_> = restore.split(' ').skip(1).chain(["--yes"]).collect();
        let restored = test.run(&words);
        assert_eq!(restored.code, 0, "{restore}: {restored:?}");
        let client = test.client();
        let live = test.block_on(client.list_subaccount_products(id.parse().unwrap()));
        let live = live.unwrap();
        assert_eq!(live.products.unwrap().len(), left);
    }
}

#[test]
fn where_no_answer_came_none_is_said_to_have_come() {
    let test = with_document(MANAGED);
    let service = InBetween::before(test.sandbox.origin(), Play::CutAnswer);
    assert_eq!(test.create_past(&service, &[]).code, 4);
    let settle = [
        "history",
        "settle",
        "1",
        "--created",
        "1122334",
        "--unchecked",
    ];
    assert_eq!(test.run(&settle).code, 0);
    let told = test.run(&["history", "--subaccount", "1122334"]).stdout;
    assert!(told.contains("\nIt was carried out, says "), "{told}");
    assert!(
        told.contains("\nWhere its key is, nobody wrote down.\n"),
        "{told}"
    );
    assert!(!told.contains("answer"), "{told}");
}

#[test]
fn history_of_one_subaccount() {
    let test = with_history();
    let json = test
        .run(&["history", "--subaccount", "1122335", "--format", "json"])
        .json();
    let entries = json["entries"].as_array().unwrap();
    assert_eq!(entries.len(), 1);
    assert_eq!(
        entries[0]["summary"],
        "retail subaccount for Example Company, LLC"
    );
    assert_eq!(entries[0]["request"]["account_type"], "retail");
    assert_eq!(entries[0]["ended"]["known_from"], "answer");
}

#[test]
fn i2_no_key_is_in_the_ledger_or_in_what_is_shown_of_it() {
    let test = with_history();
    let created = fs::read_to_string(test.key_file_path()).unwrap();
    let ledger = fs::read(
        test.folder
            .path()
            .join("home/.local/state/digicert/ledger.sqlite"),
    )
    .unwrap();
    let ledger = String::from_utf8_lossy(&ledger);
    let shown = test.run(&["history", "--format", "json"]).stdout;
    assert!(ledger.contains("Example Company, LLC") && shown.contains("Example Company, LLC"));
    for key in [created.as_str(), test.certcentral_key(), test.partner_key()] {
        assert!(!ledger.contains(key) && !shown.contains(key));
    }
}

#[test]
fn a_ledger_that_is_not_there_is_empty_and_not_made() {
    let test = OnSandbox::new();
    for (arguments, said) in [
        (&["history"][..], "No entries.\n"),
        (&["history", "--unfinished"], "Nothing is unfinished.\n"),
    ] {
        assert_eq!(test.run(arguments).stdout, said);
    }
    assert!(!test.folder.path().join("home").exists());
}

#[test]
fn a_ledger_that_is_named_and_not_there_is_2_and_not_made() {
    let test = OnSandbox::new();
    for arguments in [
        &["history"][..],
        &["history", "--unfinished"],
        &["history", "--format", "json"],
        &["history", "settle", "1", "--done"],
    ] {
        let by_option = test.run(&[arguments, &["--ledger", "none/ledger"]].concat());
        let mut command = test.program(arguments);
        let by_variable = crate::program::run(command.env("DIGICERT_LEDGER", "none/ledger"));
        for run in [by_option, by_variable] {
            assert_eq!(run.code, 2, "{run:?}");
            assert!(!run.stdout.contains("No entries"), "{run:?}");
            assert!(
                run.stderr.contains("there is no ledger ")
                    && run.stderr.contains("look at --ledger and DIGICERT_LEDGER"),
                "{run:?}"
            );
        }
    }
    assert!(!test.folder.path().join("none").exists());
}

#[test]
fn a_ledger_that_cannot_be_read_stops_what_would_be_written_to_it() {
    let test = with_document(MANAGED);
    test.folder.write("ledger", "# my notes");
    for arguments in [&["history"][..], &crate::create::CREATE] {
        let mut command = test.program(arguments);
        let run = crate::program::run(command.env("DIGICERT_LEDGER", "ledger"));
        assert_eq!(run.code, 2, "{run:?}");
        assert!(
            run.stderr.contains("is damaged") && run.stderr.contains("restore it from a backup"),
            "{run:?}"
        );
    }
    assert_eq!(test.count(), 0);
    assert_eq!(
        fs::read_to_string(test.folder.path().join("ledger")).unwrap(),
        "# my notes"
    );
}

#[test]
fn only_what_is_open_is_settled_and_only_in_its_own_words() {
    let test = with_history();
    for (arguments, code, message) in [
        (
            &["1", "--not-created"][..],
            5,
            "how it ended is known (done)",
        ),
        (&["3", "--done"], 5, "how it ended is known (refused)"),
        (&["9", "--not-created"], 2, "there is no entry 9"),
        (&["1", "--done"], 2, "say `--created ID` or `--not-created`"),
        (&["3", "--created", "7"], 2, "say `--done` or `--not-done`"),
        (&["1"], 2, "required arguments"),
        (&["one", "--done"], 2, "an entry has a number"),
    ] {
        let run = test.run(&[&["history", "settle"], arguments].concat());
        assert_eq!(run.code, code, "{run:?}");
        assert!(run.stderr.contains(message), "{run:?}");
    }
}

/// A creation of the name `Second` whose answer was lost, as entry 1, between two others; the
/// first of them is entry 2.
fn with_lost_answer() -> (OnSandbox, InBetween) {
    let test = with_document(&format!("child_name: Second\n{MANAGED}"));
    let service = InBetween::before(test.sandbox.origin(), Play::CutAnswer);
    assert_eq!(test.create_past(&service, &[]).code, 4);
    test.folder
        .write("retail.yaml", format!("child_name: Third\n{}", retail()));
    let create = ["subaccount", "create", "-f", "retail.yaml", "--yes"];
    let created = crate::program::run(&mut test.program_past(&service, &create));
    assert_eq!(created.code, 0, "{created:?}");
    test.subaccount("Another Company");
    (test, service)
}

#[test]
fn a_subaccount_that_cannot_be_the_one_is_not_written_down() {
    let (test, service) = with_lost_answer();
    let settle = |id: &str, more: &[&str]| {
        let arguments = [&["history", "settle", "1", "--created", id], more].concat();
        crate::program::run(&mut test.program_past(&service, &arguments))
    };
    for (id, why) in [
        ("9", "the service has no such subaccount"),
        ("1122335", "its type is retail, and managed was asked for"),
        (
            "1122336",
            "it is of Another Company, and Example Company, LLC was asked for",
        ),
    ] {
        let refused = settle(id, &[]);
        assert_eq!(refused.code, 5, "{refused:?}");
        assert!(
            refused.stderr.contains(why) && refused.stderr.contains("with `--unchecked`"),
            "{refused:?}"
        );
    }
    let is_open = || {
        test.run(&["history", "--unfinished"])
            .stdout
            .contains("Entry 1")
    };
    assert!(is_open());
    let settled = settle("1122334", &[]);
    assert_eq!(settled.code, 0, "{settled:?}");
    for line in [
        "Entry 1: create: managed subaccount for Example Company, LLC, begun ",
        "\nEntry 1 is settled: it created the subaccount 1122334.\n",
        "\nThe service has it as: managed, Example Company, LLC, Second, created ",
    ] {
        assert!(settled.stdout.contains(line), "{settled:?}");
    }
    assert!(!is_open());
}

#[test]
fn i1_who_says_that_nothing_was_created_hears_what_may_have_been() {
    let (test, service) = with_lost_answer();
    let settle = |more: &[&str]| {
        let arguments = [&["history", "settle", "1", "--not-created"], more].concat();
        crate::program::run(&mut test.program_past(&service, &arguments))
    };
    let settled = settle(&[]);
    assert_eq!(settled.code, 0, "{settled:?}");
    for part in [
        "But the service lists what it may have made:",
        "1122334",
        "history settle 1 --created ",
    ] {
        assert!(settled.stdout.contains(part), "{settled:?}");
    }
    let json = settle(&["--format", "json"]).json();
    assert_eq!(
        (&json["candidates"][0]["account_id"], &json["checked"]),
        (&1_122_334.into(), &true.into()),
        "{json}"
    );
    // Without a key nobody looks, and it says so.
    let mut command = test.without_keys(&["history", "settle", "1", "--not-created"]);
    let run = crate::program::run(command.env("DIGICERT_ORIGIN", service.origin()));
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stdout.contains("That was not checked"), "{run:?}");
}

#[test]
fn what_another_entry_created_is_refused_and_its_word_insists() {
    let (test, service) = with_lost_answer();
    test.folder
        .write("acme.yaml", format!("child_name: Fourth\n{MANAGED}"));
    let create = [
        "subaccount",
        "create",
        "-f",
        "acme.yaml",
        "--yes",
        "--key-out",
        "b.key",
    ];
    let created = crate::program::run(&mut test.program_past(&service, &create));
    assert_eq!(created.code, 0, "{created:?}");
    let settle = ["history", "settle", "1", "--created", "1122337"];
    let refused = crate::program::run(&mut test.program_past(&service, &settle));
    assert_eq!(refused.code, 5, "{refused:?}");
    assert!(
        refused
            .stderr
            .contains("its name is Fourth, and Second was asked for"),
        "{refused:?}"
    );
    let insist = [&settle[..], &["--unchecked"]].concat();
    let insisted = crate::program::run(&mut test.program_past(&service, &insist));
    assert_eq!(insisted.code, 0, "{insisted:?}");
    assert!(
        insisted.stdout.contains("That was not checked"),
        "{insisted:?}"
    );
    let again = [&insist[..], &["--format", "json"]].concat();
    let json = crate::program::run(&mut test.program_past(&service, &again)).json();
    assert_eq!(
        (&json["entry"], &json["subaccount_id"], &json["checked"]),
        (&1.into(), &1_122_337.into(), &false.into()),
        "{json}"
    );
}

#[test]
fn without_a_key_what_is_settled_is_believed_and_that_is_said() {
    let (test, service) = with_lost_answer();
    let mut command = test.without_keys(&["history", "settle", "1", "--created", "9"]);
    let run = crate::program::run(command.env("DIGICERT_ORIGIN", service.origin()));
    assert_eq!(run.code, 0, "{run:?}");
    assert!(
        run.stdout
            .contains("That was not checked: there is no CertCentral API key"),
        "{run:?}"
    );
}

#[test]
fn a_service_that_cannot_be_asked_settles_nothing() {
    let (test, service) = with_lost_answer();
    let mut command = test.program(&["history", "settle", "1", "--created", "1122334"]);
    let run = crate::program::run(
        command
            .env("DIGICERT_ORIGIN", service.origin())
            .env("DIGICERT_API_KEY", "wrong"),
    );
    assert_eq!(run.code, 3, "{run:?}");
    assert!(run.stderr.contains("nothing was written down"), "{run:?}");
}

#[test]
fn what_is_unfinished_is_told_without_a_key_too() {
    let test = with_document(MANAGED);
    let service = InBetween::before(test.sandbox.origin(), Play::CutAnswer);
    assert_eq!(test.create_past(&service, &[]).code, 4);
    let mut command = test.without_keys(&["history", "--unfinished"]);
    let run = crate::program::run(command.env("DIGICERT_ORIGIN", service.origin()));
    assert_eq!(run.code, 0, "{run:?}");
    assert!(
        run.stdout
            .contains("It was not looked up: there is no CertCentral API key"),
        "{run:?}"
    );
    // Nor is another service asked.
    let elsewhere = test
        .run(&["history", "--unfinished", "--format", "json"])
        .json();
    let why = elsewhere["entries"][0]["not_looked_up"].as_str().unwrap();
    assert!(why.starts_with("it is an entry of "), "{why}");
    assert_eq!(elsewhere["entries"][0]["known"]["answer"], "none");
}

#[cfg(unix)]
#[test]
fn i8_a_creation_waits_for_the_answer_to_its_question() {
    use crate::terminal::AtTerminal;

    let test = with_document(MANAGED);
    let arguments = [
        "subaccount",
        "create",
        "-f",
        "acme.yaml",
        "--key-out",
        "acme.key",
    ];
    for (answer, code, count) in [("n", 5, 0), ("y", 0, 1)] {
        let mut terminal = AtTerminal::start(test.program(&arguments));
        terminal.wait_for_question();
        assert_eq!(test.count(), 0);
        terminal.answer(answer);
        let run = terminal.end();
        assert_eq!((run.code, test.count()), (code, count), "{run:?}");
    }
}
