//! Two programs at work on the same, with one ledger: who came first goes on, and nobody says meanwhile
//! how it ended.

use std::fs;
use std::path::PathBuf;
use std::sync::mpsc::channel;

use digicert_sandbox::Operation;
use serde_json::Value;

use crate::apply::{OTHER, count, results};
use crate::create::{CREATE, MANAGED, with_document};
use crate::in_between::{InBetween, Play, hold_put, wait_for};
use crate::on_sandbox::{OnSandbox, for_the_owner_alone};
use crate::plan::{LIVE, with_subaccounts};
use crate::products_diff::HARMLESS;
use crate::products_set::former_states;
use crate::program::{Run, run};
use crate::stopped::UnderWay;

const SET: [&str; 8] = [
    "products",
    "set",
    "1122334",
    "-f",
    "next.json",
    "--yes",
    "--format",
    "json",
];

const APPLY: [&str; 5] = ["apply", "plan.json", "--yes", "--format", "json"];

fn with_next(under_way: &UnderWay) {
    let next = HARMLESS.replace("230", "231");
    under_way.on.folder.write("next.json", next);
}

fn entries(on: &OnSandbox) -> Vec<Value> {
    let history = on.run(&["history", "--format", "json"]).json();
    history["entries"].as_array().unwrap().clone()
}

#[track_caller]
fn assert_is_taken(run: &Run, what: &str) {
    assert_eq!(run.code, 5, "{run:?}");
    let json = run.json();
    assert_eq!(json["result"], "taken");
    let message = json["message"].as_str().unwrap();
    let beginning = format!("another process is {what} right now (entry 1, begun 20");
    assert!(message.starts_with(&beginning), "{message}");
    let end = "; nothing was changed; once it has ended, run the same command again";
    assert!(message.ends_with(end), "{message}");
}

/// The locks beside the ledger.
fn locks(on: &OnSandbox) -> Vec<PathBuf> {
    let state = on.folder.path().join("home/.local/state/digicert");
    let files = fs::read_dir(state).unwrap();
    let files = files.map(|file| file.unwrap().path());
    files
        .filter(|path| path.extension().is_some_and(|name| name == "lock"))
        .collect()
}

#[test]
fn i8_the_products_of_a_subaccount_are_set_by_one_at_a_time() {
    let under_way = UnderWay::setting(&[]);
    with_next(&under_way);
    let second = under_way.beside(&SET);
    assert_is_taken(&second, "setting the products of subaccount 1122334");
    let on = &under_way.on;
    // What the test itself has set first, and what is under way.
    assert_eq!(count(on, Operation::SetSubaccountProducts), 2);
    assert_eq!((entries(on).len(), former_states(on).len()), (1, 1));
    let (on, first) = under_way.end();
    assert_eq!((first.code, locks(&on).len()), (0, 0), "{first:?}");
    assert_eq!(on.run(&SET).json()["result"], "set");
}

#[test]
fn another_subaccount_is_set_meanwhile() {
    let under_way = UnderWay::setting(&[]);
    let other = under_way.on.subaccount("Another Company");
    under_way.on.folder.write("other.json", HARMLESS);
    let other = other.to_string();
    let set = under_way.beside(&["products", "set", &other, "-f", "other.json", "--yes"]);
    assert_eq!(set.code, 0, "{set:?}");
    assert_eq!(under_way.end().1.code, 0);
}

#[test]
fn i8_apply_leaves_a_subaccount_that_somebody_else_sets_and_does_the_others() {
    let (on, ids) = with_subaccounts(3);
    for id in &ids {
        on.set_products(*id, OTHER);
    }
    let theirs = OTHER.replace("200", "201");
    on.folder.write("theirs.json", &theirs);
    let id = ids[1].to_string();
    let set = ["products", "set", &id, "-f", "theirs.json", "--yes"];
    let under_way = UnderWay::begin(on, &set);
    // Made of what the request that is under way has set.
    let plan = under_way.beside(&["plan", "prices", "--out", "plan.json"]);
    assert_eq!(plan.code, 1, "{plan:?}");
    under_way.on.sandbox.clear_requests();
    let applied = under_way.beside(&APPLY);
    assert_eq!(results(&applied), ["done", "left", "done"]);
    assert_eq!(count(&under_way.on, Operation::SetSubaccountProducts), 2);
    let json = applied.json();
    assert_eq!(
        (applied.code, &json["result"], &json["stopped"]),
        (1, &"left".into(), &Value::Null)
    );
    let why = json["items"][1]["message"].as_str().unwrap();
    let said = format!("another process is setting the products of subaccount {id} right now");
    assert!(why.starts_with(&said), "{why}");
    let message = json["message"].as_str().unwrap();
    let rest = "The same command again does the rest, and nothing twice.";
    assert!(message.ends_with(rest), "{message}");

    assert_eq!(under_way.beside(&APPLY).code, 1);
    let service = under_way.service.origin().to_owned();
    let (on, first) = under_way.end();
    assert_eq!(first.code, 0, "{first:?}");
    let again = run(on.program(&APPLY).env("DIGICERT_ORIGIN", service));
    assert_eq!(results(&again), ["done-before", "done", "done-before"]);
    assert_eq!(count(&on, Operation::SetSubaccountProducts), 3);
}

#[test]
fn i8_nobody_else_sets_what_apply_is_setting() {
    let (on, ids) = with_subaccounts(1);
    on.set_products(ids[0], OTHER);
    on.folder.write("next.json", OTHER);
    let service = InBetween::before(on.sandbox.origin(), Play::Pass);
    let apply = ["apply", "prices", "--yes"];
    let under_way = UnderWay::past(service, on, &apply, hold_put());
    let mut set = SET;
    let id = ids[0].to_string();
    set[2] = &id;
    let what = format!("setting the products of subaccount {id}");
    assert_is_taken(&under_way.beside(&set), &what);
    let (on, applied) = under_way.end();
    assert_eq!((applied.code, on.run(&set).code), (0, 0), "{applied:?}");
}

#[test]
fn a_link_with_one_partner_key_is_made_by_one_at_a_time() {
    let on = OnSandbox::new();
    let partner_key = on.folder.write("partner.key", on.partner_key());
    for_the_owner_alone(&partner_key);
    let link = ["billing", "link", "--yes", "--format", "json"];
    let of_file = [&link[..], &["--partner-api-key-file", "partner.key"]].concat();
    let under_way = UnderWay::begin(on, &of_file);
    let second = under_way.beside(&of_file);
    assert_is_taken(&second, "linking a billing account with this partner key");
    assert!(entries(&under_way.on).len() == 1);
    // Whose key is in a variable, nobody can tell.
    assert_eq!(under_way.beside(&link).code, 0);
    assert_eq!(under_way.end().1.code, 0);
}

#[test]
fn what_is_under_way_is_settled_by_nobody_else() {
    for (under_way, word) in [
        (UnderWay::setting(&[]), "--not-done"),
        (UnderWay::linking(&[]), "--not-done"),
        (
            UnderWay::begin(with_document(MANAGED), &CREATE),
            "--not-created",
        ),
    ] {
        let on = &under_way.on;
        let settle = ["history", "settle", "1", word, "--format", "json"];
        let settled = under_way.beside(&settle);
        assert_eq!(settled.code, 5, "{settled:?}");
        let json = settled.json();
        assert_eq!(json["result"], "under-way");
        let message = json["message"].as_str().unwrap();
        for part in ["entry 1 is still under way: ", "wait for its end, which `"] {
            assert!(message.contains(part), "{part}: {message}");
        }
        let entry = entries(on)[0].clone();
        assert_eq!(
            (&entry["state"], &entry["ended"]),
            (&"under-way".into(), &Value::Null)
        );
        let told = on.run(&["history"]).stdout;
        assert!(told.contains("  under way  "), "{told}");
        let (on, run) = under_way.end();
        assert_eq!((run.code, locks(&on).len()), (0, 0), "{run:?}");
        let entry = entries(&on)[0].clone();
        assert_eq!(
            (&entry["state"], &entry["ended"]["known_from"]),
            (&"done".into(), &"answer".into())
        );
    }
}

#[test]
fn what_is_unfinished_and_under_way_is_neither_looked_up_nor_to_be_settled() {
    for under_way in [UnderWay::setting(&[]), UnderWay::linking(&[])] {
        let told = under_way.beside(&["history", "--unfinished"]);
        assert!(told.stdout.contains("It is still under way: "), "{told:?}");
        for part in ["When you know", "The service reports", "is not known"] {
            assert!(!told.stdout.contains(part), "{part}: {told:?}");
        }
        let (on, _) = under_way.end();
        let told = on.run(&["history", "--unfinished"]).stdout;
        assert_eq!(told, "Nothing is unfinished.\n");
    }
}

#[test]
fn who_was_killed_holds_nobody_up() {
    let mut under_way = UnderWay::setting(&[]);
    with_next(&under_way);
    under_way.child.kill().unwrap();
    under_way.child.wait().unwrap();
    assert_eq!(locks(&under_way.on).len(), 1, "nobody has removed it");
    assert_eq!(entries(&under_way.on)[0]["state"], "interrupted");
    let set = under_way.beside(&SET);
    assert_eq!((set.code, &set.json()["entry"]), (0, &2.into()), "{set:?}");
    let settled = under_way.beside(&["history", "settle", "1", "--done"]);
    assert_eq!(settled.code, 0, "{settled:?}");
    assert_eq!(locks(&under_way.on).len(), 0);
}

#[test]
fn what_was_interrupted_is_not_taken_for_what_is_under_way_now() {
    let mut killed = UnderWay::setting(&[]);
    killed.child.kill().unwrap();
    killed.child.wait().unwrap();
    with_next(&killed);
    let UnderWay { on, service, .. } = killed;
    let now = UnderWay::past(service, on, &SET, hold_put());
    let states: Vec<_> = entries(&now.on)
        .iter()
        .map(|entry| entry["state"].clone())
        .collect();
    assert_eq!(states, ["interrupted", "under-way"]);
    let settle = ["history", "settle", "1", "--done"];
    assert_eq!(now.beside(&settle).code, 0);
    assert_eq!(now.end().1.code, 0);
}

#[test]
fn what_somebody_settles_while_another_one_looks_is_not_settled_twice() {
    let on = with_document(MANAGED);
    let service = InBetween::before(on.sandbox.origin(), Play::CutAnswer);
    assert_eq!(on.create_past(&service, &[]).code, 4);
    let (there, is_there) = channel();
    let (let_go, may_go) = channel();
    service.play(Play::HoldList(there, may_go));
    let settle = |words: &[&str]| {
        let mut program = on.program(&[&["history", "settle", "1"], words].concat());
        program.env("DIGICERT_ORIGIN", service.origin());
        program
    };
    let mut first = settle(&["--not-created", "--format", "json"]);
    let first = first.spawn().unwrap();
    wait_for(&is_there);
    let created = ["--created", "1122334", "--unchecked"];
    assert_eq!(run(&mut settle(&created)).code, 0);
    let_go.send(()).unwrap();
    let first = Run::of(first.wait_with_output().unwrap());
    assert_eq!(
        (first.code, &first.json()["result"]),
        (5, &"ended-meanwhile".into()),
        "{first:?}"
    );
    let entry = entries(&on)[0].clone();
    assert_eq!(
        (&entry["state"], &entry["subaccount_id"]),
        (&"done".into(), &1_122_334.into())
    );
}

#[test]
fn a_lock_that_cannot_be_looked_at_is_named_and_the_history_is_shown_all_the_same() {
    let mut under_way = UnderWay::setting(&[]);
    with_next(&under_way);
    under_way.child.kill().unwrap();
    under_way.child.wait().unwrap();
    let lock = locks(&under_way.on).remove(0);
    fs::remove_file(&lock).unwrap();
    // As one of another user: nobody can open it.
    fs::create_dir(&lock).unwrap();
    let said = format!(
        "cannot tell from {} whether another process is at work: ",
        lock.display()
    );
    let remedy = "; if none is, remove that file";
    let settle = ["history", "settle", "1", "--done"];
    for run in [under_way.beside(&SET), under_way.beside(&settle)] {
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.stderr.contains(&said) && run.stderr.contains(remedy));
    }
    let history = under_way.beside(&["history"]);
    assert_eq!(history.code, 0, "{history:?}");
    assert!(history.stdout.contains("  interrupted  "), "{history:?}");
    assert!(history.stderr.contains(&said), "{history:?}");
    fs::remove_dir(&lock).unwrap();
    assert_eq!(under_way.beside(&SET).code, 0);
}

#[test]
fn what_somebody_settles_while_apply_is_at_work_stays_as_it_was_said() {
    let (on, ids) = with_subaccounts(2);
    for id in &ids {
        on.set_products(*id, OTHER);
    }
    let service = InBetween::before(on.sandbox.origin(), Play::Pass);
    let mut plan = on.program(&["plan", "prices", "--out", "plan.json"]);
    assert_eq!(run(plan.env("DIGICERT_ORIGIN", service.origin())).code, 1);
    // The first one has what the plan wants, so that it is the second one that is interrupted.
    on.set_products(ids[0], LIVE);
    let mut killed = UnderWay::past(service, on, &APPLY, hold_put());
    killed.child.kill().unwrap();
    killed.child.wait().unwrap();
    let UnderWay { on, service, .. } = killed;
    for id in &ids {
        on.set_products(*id, OTHER);
    }
    // It has read the ledger, and is at work on the first one.
    let again = UnderWay::past(service, on, &APPLY, hold_put());
    let settled = again.beside(&["history", "settle", "1", "--done"]);
    assert_eq!(settled.code, 0, "{settled:?}");
    let (on, applied) = again.end();
    assert_eq!(results(&applied), ["done", "done"], "{applied:?}");
    let entry = entries(&on)[0].clone();
    assert_eq!(
        (&entry["state"], &entry["ended"]["known_from"]),
        (&"done".into(), &"user".into())
    );
}
