//! `digicert completions` and `digicert man`.

use crate::program::{Folder, program, run};
#[cfg(unix)]
use crate::skipped::skipped;

#[test]
fn every_shell_learns_the_commands() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let run = run(program().args(["completions", shell]));
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{shell}");
        for word in ["products", "subaccount", "api-key-file"] {
            assert!(run.stdout.contains(word), "{shell} lacks {word}");
        }
        assert!(!run.stdout.contains("custodian"), "{shell}");
    }
}

#[cfg(unix)]
#[test]
fn bash_completes_a_command() {
    let script = run(program().args(["completions", "bash"])).stdout;
    let script = script
        + "\nCOMP_WORDS=(digicert prod); COMP_CWORD=1; _digicert digicert prod digicert\necho \"${COMPREPLY[*]}\"";
    // Not every machine has one.
    let Ok(bash) = std::process::Command::new("bash")
        .args(["--norc", "-c", &script])
        .output()
    else {
        return skipped("there is no bash");
    };
    assert_eq!(
        String::from_utf8_lossy(&bash.stdout).trim(),
        "products",
        "{bash:?}"
    );
}

#[test]
fn man_prints_the_page_of_the_program_and_of_a_command() {
    let page = |command: &[&str]| {
        let run = run(program().arg("man").args(command));
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{command:?}");
        run.stdout
    };
    let program = page(&[]);
    assert!(program.contains(".TH digicert 1"), "{program}");
    assert!(program.contains("Exit codes:"), "{program}");
    let command = page(&["products", "show"]);
    assert!(
        command.contains(".TH digicert-products-show 1"),
        "{command}"
    );
    assert!(command.contains("as\\-request"), "{command}");
}

#[test]
fn man_writes_the_pages_of_all_commands() {
    let folder = Folder::new();
    let run = folder.run(&["man", "--out", "share/man1"]);
    assert_eq!(
        (run.code, run.stdout.as_str(), run.stderr.as_str()),
        (0, "", "")
    );
    for page in [
        "digicert.1",
        "digicert-products.1",
        "digicert-products-show.1",
        "digicert-rules.1",
    ] {
        assert!(
            folder.path().join("share/man1").join(page).is_file(),
            "{page}"
        );
    }
    folder.write("file", "");
    let run = folder.run(&["man", "--out", "file"]);
    assert_eq!(run.code, 2);
    assert!(
        run.stderr
            .starts_with("error: cannot write manual pages into file: "),
        "{run:?}"
    );
}

#[test]
fn man_replaces_its_own_pages_and_nothing_else() {
    let folder = Folder::new();
    for _ in 0..2 {
        assert_eq!(folder.run(&["man", "--out", "man1"]).code, 0);
    }
    let page = folder.write("man1/digicert-plan.1", "a page of my own");
    std::fs::remove_file(folder.path().join("man1/digicert.1")).unwrap();
    let run = folder.run(&["man", "--out", "man1"]);
    assert_eq!(run.code, 2);
    assert!(
        run.stderr
            .contains("digicert-plan.1 is there already and is no page of digicert"),
        "{run:?}"
    );
    assert_eq!(std::fs::read(page).unwrap(), b"a page of my own");
    assert!(!folder.path().join("man1/digicert.1").exists());
}

#[test]
fn a_command_that_does_not_exist_has_no_page() {
    let folder = Folder::new();
    for (command, message) in [
        (
            &["prodcts"][..],
            "`digicert` has no command `prodcts`; did you mean `products`?",
        ),
        (&["nope"], "it has account, "),
        // What the program starts for itself.
        (
            &["custodian"],
            "has no command `custodian`; it has account, ",
        ),
        (
            &["products", "create"],
            "`digicert products` has no command `create`; it has ",
        ),
        (
            &["rules", "x"],
            "`digicert rules` has no command `x`; it has no commands of its own",
        ),
    ] {
        let run = folder.run(&[&["man"], command].concat());
        assert_eq!(run.code, 2);
        assert!(run.stderr.contains(message), "{run:?}");
        let names = run.stderr.rsplit("it has").next();
        assert!(!names.unwrap_or_default().contains("custodian"), "{run:?}");
    }
}
