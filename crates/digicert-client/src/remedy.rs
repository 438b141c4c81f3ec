//! What to do about a refusal, where DigiCert's documentation says so.

use crate::error::Error;

/// Codes and their remedies (errors page, authentication page, create page, limits page).
const BY_CODE: &[(&str, &str)] = &[
    (
        "access_denied|missing_permission",
        "the key may not do this: GET /user/me shows its access_roles, and subaccounts must have \
         been enabled by the account representative",
    ),
    (
        "access_denied|access_denied_invalid_key",
        "the key is wrong or revoked, or belongs to the other region",
    ),
    (
        "request_limit_exceeded",
        "wait some seconds or minutes; the limits are per key, so look for other programs that use it",
    ),
    ("not_found|route", "the address is wrong: check the origin"),
    (
        "not_found",
        "check the ID, and that the key belongs to the parent account",
    ),
    (
        "bad_request_format",
        "the body is not what the service reads; `digicert validate` says where",
    ),
];

/// Statuses of the billing link, whose errors have no documented codes (finance page).
const OF_THE_LINK: &[(u16, &str)] = &[
    (
        400,
        "a header is missing, or the CertCentral key belongs to no account",
    ),
    (
        401,
        "one of the two keys is wrong; the answer does not say which",
    ),
    (
        403,
        "the partner key may not do this: parent keys and subaccount keys have different rights",
    ),
];

pub(crate) fn of(error: &Error) -> Option<&'static str> {
    let by_code = error.errors().iter().find_map(|error| {
        let exact = BY_CODE.iter().find(|(code, _)| *code == error.code);
        exact.or_else(|| BY_CODE.iter().find(|(code, _)| *code == error.base()))
    });
    if let Some((_, remedy)) = by_code {
        return Some(remedy);
    }
    let of_the_link = error
        .operation()
        .is_some_and(|operation| operation.id == "link_billing_account");
    let status = error.status().filter(|_| of_the_link)?;
    OF_THE_LINK
        .iter()
        .find(|(known, _)| *known == status)
        .map(|(_, remedy)| *remedy)
}
