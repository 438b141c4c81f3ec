//! DC102 `email-malformed`.

use digicert_types::certcentral::CreateSubaccountRequest;

use crate::context::Context;
use crate::findings::Findings;
use crate::rule::{CheckCreation, Rule as _, declare_rule};

/// The longest address, in bytes (RFC 5321 with its erratum 1690).
const MAX_BYTES: usize = 254;
/// The longest part before the `@`, in bytes (RFC 5321, 4.5.3.1.1).
const MAX_LOCAL_BYTES: usize = 64;

declare_rule! {
    /// ## What it checks
    ///
    /// `user.email` has the form of an address that mail can be sent to. The check is pragmatic:
    /// it catches slips, and lets pass what some mail server may well accept.
    ///
    /// - One `@` separates the part before it from the domain. Another `@` needs quotes, as in
    ///   `"john@smith"@example.com`.
    /// - The part before it has 1 to 64 bytes, without white space, control characters, or any of
    ///   `( ) < > [ ] : ; , \ "` outside quotes. Dots may stand anywhere.
    /// - The domain has at least one dot. The names between the dots are not empty, neither begin
    ///   nor end with a hyphen, and have letters, digits and hyphens only. An IP address in
    ///   brackets is not taken for a domain.
    /// - The whole has at most 254 bytes.
    /// - Letters of any script are letters, on both sides of the `@`.
    ///
    /// An empty address is the business of `required-text-empty`.
    ///
    /// ## Why it matters
    ///
    /// The mail that opens the account goes to this address, and it becomes the name that the user
    /// signs in with unless `username` says otherwise. With a wrong address the subaccount exists
    /// and nobody can enter it.
    ///
    /// ## Examples
    ///
    /// ```json,rejected
    /// {"user": {"email": "john.smith@example"}}
    /// ```
    ///
    /// ```json,rejected
    /// {"user": {"email": "John Smith <john.smith@example.com>"}}
    /// ```
    ///
    /// ```json,accepted
    /// {"user": {"email": "john.smith+digicert@mail.example.com"}}
    /// ```
    ///
    /// ```json,accepted
    /// {"user": {"email": "jürgen@bücher.example"}}
    /// ```
    pub EmailMalformed {
        code: "DC102",
        name: "email-malformed",
        severity: Error,
        source: "create page, `email`: an e-mail address; what one looks like: RFC 5321 and RFC 6531, simplified",
    }
}

impl CheckCreation for EmailMalformed {
    fn check(request: &CreateSubaccountRequest, _: &Context, findings: &mut Findings<'_>) {
        let email = request.user.email.as_str();
        if email.trim().is_empty() {
            return;
        }
        if email.len() > MAX_BYTES {
            findings.add(
                Self::INFO,
                "/user/email",
                format!(
                    "the e-mail address has {} bytes, at most {MAX_BYTES} are possible",
                    email.len()
                ),
                "give one address and nothing else",
            );
        } else if let Some(fault) = fault(email) {
            findings.add(
                Self::INFO,
                "/user/email",
                format!("{email:?} is not an e-mail address: {fault}"),
                "give one address of the form `name@example.com` and nothing else",
            );
        }
    }
}

/// What is wrong with an address, or `None`.
fn fault(email: &str) -> Option<&'static str> {
    let Some((local, domain)) = email.rsplit_once('@') else {
        return Some("it has no `@`");
    };
    fault_before_at(local).or_else(|| fault_in_domain(domain))
}

fn fault_before_at(local: &str) -> Option<&'static str> {
    if local.is_empty() {
        return Some("nothing stands before the `@`");
    }
    if local.len() > MAX_LOCAL_BYTES {
        return Some("what stands before the `@` is longer than 64 bytes");
    }
    if local.contains(char::is_control) {
        return Some("it has a control character before the `@`");
    }
    if let Some(quoted) = local
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
    {
        return fault_in_quotes(quoted);
    }
    if local.contains(char::is_whitespace) {
        return Some("it has white space before the `@`");
    }
    if local.contains('@') {
        return Some("it has more than one `@`");
    }
    let special = |character| r#"()<>[]:;,\""#.contains(character);
    local.contains(special).then_some(
        r#"before the `@` it has one of `( ) < > [ ] : ; , \ "`, which need quotes around them"#,
    )
}

fn fault_in_quotes(quoted: &str) -> Option<&'static str> {
    if quoted.is_empty() {
        return Some("nothing stands before the `@`");
    }
    let open = quoted.split(r#"\""#).any(|part| part.contains('"'));
    open.then_some("it has a quote inside quotes")
}

fn fault_in_domain(domain: &str) -> Option<&'static str> {
    if domain.is_empty() {
        return Some("nothing stands after the `@`");
    }
    if !domain.contains('.') {
        return Some("its domain has no dot");
    }
    domain.split('.').find_map(|label| {
        if label.is_empty() {
            Some("its domain has a dot too many")
        } else if label.starts_with('-') || label.ends_with('-') {
            Some("a part of its domain begins or ends with a hyphen")
        } else if !label.chars().all(may_stand_in_domain) {
            Some("its domain has a character that domains do not have")
        } else {
            None
        }
    })
}

/// Outside ASCII nearly everything may be part of a word of some script, even marks and joiners
/// that are no letters themselves.
fn may_stand_in_domain(character: char) -> bool {
    match character {
        '-' => true,
        _ if character.is_ascii() => character.is_ascii_alphanumeric(),
        _ => !character.is_whitespace() && !character.is_control(),
    }
}
