//! DC101 `required-text-empty`.

use digicert_types::certcentral::CreateSubaccountRequest;

use crate::context::Context;
use crate::findings::Findings;
use crate::rule::{CheckCreation, Rule as _, declare_rule};

declare_rule! {
    /// ## What it checks
    ///
    /// Every required text says something: `first_name`, `last_name` and `email` of the user;
    /// `name`, `address`, `zip`, `city`, `state` and `country` of the organization. A text of
    /// white space alone says nothing.
    ///
    /// Optional texts may be empty.
    ///
    /// ## Why it matters
    ///
    /// A form or a script that fills in nothing still sends the field, so it is there and no
    /// schema objects. The service requires these values; at best it refuses the request, at worst
    /// it makes an account for nobody at no address, and no call undoes a subaccount.
    ///
    /// ## Examples
    ///
    /// ```json,rejected
    /// {"user": {"first_name": ""}}
    /// ```
    ///
    /// ```json,rejected
    /// {"organization": {"state": " "}}
    /// ```
    ///
    /// ```json,accepted
    /// {"user": {"first_name": "John", "job_title": ""}, "organization": {"state": "Ohio"}}
    /// ```
    pub RequiredTextEmpty {
        code: "DC101",
        name: "required-text-empty",
        severity: Error,
        source: "create page, required fields of `user` and `organization`; that white space is not enough is our conclusion",
    }
}

impl CheckCreation for RequiredTextEmpty {
    fn check(request: &CreateSubaccountRequest, _: &Context, findings: &mut Findings<'_>) {
        for (pointer, what, text) in required_texts(request) {
            if !text.trim().is_empty() {
                continue;
            }
            let field = pointer.rsplit('/').next().unwrap_or(pointer);
            let state = if text.is_empty() {
                "is empty"
            } else {
                "has nothing but white space"
            };
            findings.add(
                Self::INFO,
                pointer,
                format!("the required text `{field}` {state}"),
                format!("give {what}"),
            );
        }
    }
}

/// Pointer, what is to be given, and text.
fn required_texts(request: &CreateSubaccountRequest) -> [(&'static str, &'static str, &str); 9] {
    let (user, organization) = (&request.user, &request.organization);
    [
        (
            "/user/first_name",
            "the first name of the user",
            &user.first_name,
        ),
        (
            "/user/last_name",
            "the last name of the user",
            &user.last_name,
        ),
        (
            "/user/email",
            "the e-mail address that the account creation mail goes to",
            &user.email,
        ),
        (
            "/organization/name",
            "the legal name of the organization",
            &organization.name,
        ),
        (
            "/organization/address",
            "the street address of the organization",
            &organization.address,
        ),
        (
            "/organization/zip",
            "the postal code of the organization",
            &organization.zip,
        ),
        (
            "/organization/city",
            "the city of the organization",
            &organization.city,
        ),
        (
            "/organization/state",
            "the state or province of the organization",
            &organization.state,
        ),
        (
            "/organization/country",
            "the country of the organization, two letters such as `US`",
            &organization.country,
        ),
    ]
}
