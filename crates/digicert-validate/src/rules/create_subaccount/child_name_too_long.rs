//! DC103 `child-name-too-long`.

use digicert_types::certcentral::CreateSubaccountRequest;

use crate::context::Context;
use crate::findings::Findings;
use crate::rule::{CheckCreation, Rule as _, declare_rule};

/// The longest name, in characters (create page).
const MAX_CHARACTERS: usize = 64;

declare_rule! {
    /// ## What it checks
    ///
    /// `child_name` has at most 64 characters. Characters are counted, not bytes: an umlaut is one.
    ///
    /// ## Why it matters
    ///
    /// The service refuses a longer name, and the subaccount is not created.
    ///
    /// ## Examples
    ///
    /// ```json,rejected
    /// {"child_name": "Example Company, LLC, Department of Certificates, Toledo, Ohio, USA"}
    /// ```
    ///
    /// ```json,accepted
    /// {"child_name": "Example Company, Toledo"}
    /// ```
    pub ChildNameTooLong {
        code: "DC103",
        name: "child-name-too-long",
        severity: Error,
        source: "create page, `child_name`",
    }
}

impl CheckCreation for ChildNameTooLong {
    fn check(request: &CreateSubaccountRequest, _: &Context, findings: &mut Findings<'_>) {
        let Some(name) = &request.child_name else {
            return;
        };
        // As many bytes cannot be more characters.
        if name.len() <= MAX_CHARACTERS {
            return;
        }
        let characters = name.chars().count();
        if characters > MAX_CHARACTERS {
            findings.add(
                Self::INFO,
                "/child_name",
                format!(
                    "the name has {characters} characters, at most {MAX_CHARACTERS} are allowed"
                ),
                format!("shorten it by {}", characters - MAX_CHARACTERS),
            );
        }
    }
}
