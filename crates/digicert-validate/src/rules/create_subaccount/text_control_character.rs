//! DC112 `text-control-character`.

use digicert_types::certcentral::CreateSubaccountRequest;

use crate::context::Context;
use crate::findings::Findings;
use crate::rule::{CheckCreation, Rule as _, declare_rule};

declare_rule! {
    /// ## What it checks
    ///
    /// The names and the address have no control characters, such as a line break or a tab, and none
    /// that turn the direction of the text around them. Texts of white space alone are for
    /// `required-text-empty`.
    ///
    /// ## Why it matters
    ///
    /// A text block of YAML ends with a line break, and what is copied from a spreadsheet may hold one.
    /// Nobody sees it, and the name of an account is hard to find, to compare and to correct
    /// afterwards: no call changes it.
    ///
    /// ## Examples
    ///
    /// ```json,rejected
    /// {"organization": {"name": "Example Company, LLC\n"}}
    /// ```
    ///
    /// ```json,rejected
    /// {"child_name": "Example\tCompany"}
    /// ```
    ///
    /// ```json,accepted
    /// {"child_name": "Example Company", "organization": {"name": "Example Company, LLC"}}
    /// ```
    pub TextControlCharacter {
        code: "DC112",
        name: "text-control-character",
        severity: Warning,
        source: "our conclusion: the documentation says nothing about control characters",
    }
}

impl CheckCreation for TextControlCharacter {
    fn check(request: &CreateSubaccountRequest, _: &Context, findings: &mut Findings<'_>) {
        for (pointer, text) in texts(request) {
            let Some(found) = text.chars().find(|character| is_unseen(*character)) else {
                continue;
            };
            let field = pointer.rsplit('/').next().unwrap_or(pointer);
            findings.add(
                Self::INFO,
                pointer,
                format!(
                    "`{field}` has a character that nobody sees: U+{:04X}",
                    u32::from(found)
                ),
                "write it without; in YAML, a text in quotes ends where its quotes do".to_owned(),
            );
        }
    }
}

fn is_unseen(character: char) -> bool {
    character.is_control() || matches!(character, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// E-mail addresses and countries have rules of their own.
fn texts(request: &CreateSubaccountRequest) -> impl Iterator<Item = (&'static str, &str)> {
    let (user, organization) = (&request.user, &request.organization);
    [
        ("/child_name", request.child_name.as_deref()),
        ("/user/first_name", Some(user.first_name.as_str())),
        ("/user/last_name", Some(user.last_name.as_str())),
        ("/user/job_title", user.job_title.as_deref()),
        ("/organization/name", Some(organization.name.as_str())),
        (
            "/organization/assumed_name",
            organization.assumed_name.as_deref(),
        ),
        ("/organization/address", Some(organization.address.as_str())),
        ("/organization/address2", organization.address2.as_deref()),
        ("/organization/zip", Some(organization.zip.as_str())),
        ("/organization/city", Some(organization.city.as_str())),
        ("/organization/state", Some(organization.state.as_str())),
    ]
    .into_iter()
    .filter_map(|(pointer, text)| Some((pointer, text?)))
    .filter(|(_, text)| !text.trim().is_empty())
}
