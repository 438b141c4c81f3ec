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
fn bash_completes_commands_values_and_files() {
    let script = run(program().args(["completions", "bash"])).stdout;
    let completed = |words: &[&str]| {
        let last = words.len() - 1;
        let typed = words.iter().map(|word| format!("'{word}'"));
        let typed = typed.collect::<Vec<_>>().join(" ");
        let script = format!(
            "{script}\nCOMP_WORDS=({typed}); COMP_CWORD={last}; _digicert digicert '{}' '{}'\n\
             echo \"${{COMPREPLY[*]}}\"",
            words[last],
            words[last - 1]
        );
        let bash = std::process::Command::new("bash");
        let run = { bash }.args(["--norc", "-c", &script]).output().ok()?;
        Some(String::from_utf8_lossy(&run.stdout).trim().to_owned())
    };
    // Not every machine has one.
    let Some(completed_command) = completed(&["digicert", "prod"]) else {
        return skipped("there is no bash");
    };
    assert_eq!(completed_command, "products");
    for (words, expected) in [
        (&["digicert", "--prof"][..], "--profile"),
        (&["digicert", "explain", "DC"], ""),
        (&["digicert", "explain", "price-def"], "price-defaults"),
        (&["digicert", "man", "appl"], "apply"),
        (
            &["digicert", "subaccount", "list", "--sort", "account_"],
            "account_id account_type account_manager",
        ),
        // No word of its own, so that the shell offers files.
        (&["digicert", "plan", ""], ""),
        (&["digicert", "apply", ""], ""),
        (&["digicert", "validate", ""], ""),
        (
            &["digicert", "plan", "--max-disabled-s"],
            "--max-disabled-share",
        ),
    ] {
        assert_eq!(completed(words).as_deref(), Some(expected), "{words:?}");
    }
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
    for section in [
        ".SH \"EXIT STATUS\"\n.nf\n  0  done, nothing wrong\n",
        ".SH COMMANDS\n",
        ".SH ENVIRONMENT\n.TP\n\\fBDIGICERT_API_KEY\\fR\n",
        ".SH FILES\n.TP\n\\fB~/.config/digicert/config.toml\\fR\n",
        ".SH \"SEE ALSO\"\n",
    ] {
        assert!(program.contains(section), "{section} is not in {program}");
    }
    let command = page(&["products", "show"]);
    assert!(
        command.contains(".TH digicert-products-show 1"),
        "{command}"
    );
    assert!(command.contains("as\\-request"), "{command}");
    let set = page(&["products", "set"]);
    assert!(set.contains("[\\-\\-former\\-state PATH]"), "{set}");
    let plan = page(&["plan"]);
    let example = ".SH EXAMPLES\n.nf\n  Show what a folder of manifests would change:\n      digicert plan prices/\n.sp\n";
    assert!(plan.contains(example), "{plan}");
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
