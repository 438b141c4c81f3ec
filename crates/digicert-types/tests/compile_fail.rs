//! What must not compile: a request without a required field, a key in the place of the other.

#![cfg(feature = "builder")]

#[test]
fn what_must_not_compile() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/compile_fail/*.rs");
}
