//! Answers that can be read and do not say what a subaccount has. They are shown, and nothing is
//! written that relies on them.

use digicert_sandbox::Operation;
use serde_json::Value;

use crate::apply::{OTHER, count, planned, results};
use crate::in_between::{InBetween, Play};
use crate::on_sandbox::OnSandbox;
use crate::plan::with_subaccounts;
use crate::products_diff::{HARMLESS, started};
use crate::products_set::live;
use crate::program::{Run, run};
use crate::terminal::AtTerminal;

/// An answer whose list has another name, has none, or is nothing.
const UNTOLD: [fn(&str) -> String; 3] = [
    |body| body.replace("\"products\":", "\"product_list\":"),
    |_| "{}".to_owned(),
    |_| r#"{"currency":"USD","products":null}"#.to_owned(),
];

/// The program with somebody before the service.
fn digicert(on: &OnSandbox, service: &InBetween, arguments: &[&str]) -> Run {
    run(on
        .program(arguments)
        .env("DIGICERT_ORIGIN", service.origin()))
}

fn puts(on: &OnSandbox) -> usize {
    count(on, Operation::SetSubaccountProducts)
}

#[test]
fn i8_products_that_nobody_tells_of_are_not_switched_off() {
    let (on, id) = started();
    on.folder.write("acme.json", HARMLESS);
    on.sandbox.clear_requests();
    for untold in UNTOLD {
        let service = InBetween::before(on.sandbox.origin(), Play::ReadProducts(untold));
        for command in [
            &["products", "diff", &id, "-f", "acme.json"][..],
            &["products", "set", &id, "-f", "acme.json", "--yes"],
        ] {
            let run = digicert(&on, &service, &[command, &["--format", "json"]].concat());
            assert_eq!((run.code, &run.json()["result"]), (5, &"untold".into()));
            assert!(
                run.stderr.contains("its answer has no list `products`"),
                "{run:?}"
            );
        }
        let request = digicert(&on, &service, &["products", "show", &id, "--as-request"]);
        assert_eq!((request.code, request.stdout.as_str()), (5, ""));
        let shown = digicert(&on, &service, &["products", "show", &id]);
        assert!(shown.stdout.contains("has no list `products`"), "{shown:?}");
        let shown = ["products", "show", &id, "--format", "json"];
        let shown = digicert(&on, &service, &shown);
        assert_eq!((shown.code, &shown.json()["products"]), (0, &Value::Null));
    }
    assert_eq!(puts(&on), 0);
}

#[test]
fn i8_a_plan_leaves_out_what_nobody_tells_of() {
    let (on, ids) = with_subaccounts(1);
    on.set_products(ids[0], OTHER);
    planned(&on);
    for untold in UNTOLD {
        let service = InBetween::before(on.sandbox.origin(), Play::ReadProducts(untold));
        let plan = digicert(&on, &service, &["plan", "prices", "--format", "json"]);
        let json = plan.json();
        assert_eq!((plan.code, &json["changes"]), (5, &Value::Array(vec![])));
        assert_eq!(json["failures"][0]["is_untold"], true, "{json}");
        let apply = digicert(&on, &service, &["apply", "prices", "--yes"]);
        assert_eq!(apply.code, 5, "{apply:?}");
    }
    assert_eq!(puts(&on), 0);
}

#[test]
fn i8_what_is_not_told_any_more_when_it_is_applied_is_left() {
    let (on, ids) = with_subaccounts(1);
    on.set_products(ids[0], OTHER);
    let service = InBetween::before(on.sandbox.origin(), Play::Pass);
    let plan = digicert(&on, &service, &["plan", "prices", "--out", "plan.json"]);
    assert_eq!(plan.code, 1, "{plan:?}");
    on.sandbox.clear_requests();
    for untold in UNTOLD {
        service.play(Play::ReadProducts(untold));
        let apply = ["apply", "plan.json", "--yes", "--format", "json"];
        let run = digicert(&on, &service, &apply);
        assert_eq!((results(&run), run.code), (vec!["stale".to_owned()], 5));
    }
    assert_eq!(puts(&on), 0);
}

#[test]
fn i8_what_is_not_told_any_more_after_the_question_is_left() {
    let (on, id) = started();
    on.folder.write("acme.json", HARMLESS);
    let service = InBetween::before(on.sandbox.origin(), Play::Pass);
    let mut program = on.program(&["products", "set", &id, "-f", "acme.json"]);
    program.env("DIGICERT_ORIGIN", service.origin());
    let mut program = AtTerminal::start(program);
    program.wait_for_question();
    service.play(Play::ReadProducts(UNTOLD[0]));
    on.sandbox.clear_requests();
    program.answer("y");
    let run = program.end();
    assert_eq!((run.code, puts(&on)), (5, 0), "{run:?}");
}

#[test]
fn i8_what_is_not_told_afterwards_was_not_read_back() {
    let (on, id) = started();
    // Everything is to be switched off, and nothing says that it is.
    on.folder.write("acme.json", r#"{"products": []}"#);
    let untold: fn(&str) -> String = |body| body.replace("\"products\":[]", "\"products\":null");
    let service = InBetween::before(on.sandbox.origin(), Play::ReadProducts(untold));
    let set = ["products", "set", &id, "-f", "acme.json", "--yes"];
    let run = digicert(&on, &service, &[&set[..], &["--allow-disable"]].concat());
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stderr.contains("cannot be read back"), "{run:?}");
    assert_eq!(live(&on, &id)["products"], Value::Array(vec![]));
}

#[test]
fn i8_a_price_that_cannot_be_read_is_not_moved_without_the_word() {
    let (on, id) = started();
    // One price is tenfold what nobody can read.
    on.folder
        .write("acme.json", HARMLESS.replace("230", "2180"));
    let unreadable: fn(&str) -> String = |body| body.replace("\"cost\":", "\"price\":");
    let service = InBetween::before(on.sandbox.origin(), Play::ReadProducts(unreadable));
    on.sandbox.clear_requests();
    let set = ["products", "set", &id, "-f", "acme.json", "--yes"];
    let run = digicert(&on, &service, &set);
    assert_eq!((run.code, puts(&on)), (5, 0), "{run:?}");
    assert!(
        run.stderr.contains("this needs --allow-price-jump"),
        "{run:?}"
    );
    assert!(run.stdout.contains("not reported →  2180"), "{run:?}");
    let request = digicert(&on, &service, &["products", "show", &id, "--as-request"]);
    assert!(
        request
            .stderr
            .contains("a price of `ssl_plus` cannot be read"),
        "{request:?}"
    );

    let run = digicert(&on, &service, &[&set[..], &["--allow-price-jump"]].concat());
    assert_eq!(puts(&on), 1, "{run:?}");
    let told = "a price of `ssl_plus` cannot be read, so the file does not have it";
    assert!(run.stdout.contains(told), "{run:?}");
    assert!(!run.stdout.contains("is restored by"), "{run:?}");
    let history = on
        .run(&["history", "--subaccount", &id, "--format", "json"])
        .json();
    assert_eq!(history["entries"][0]["restore"], Value::Null, "{history}");
}
