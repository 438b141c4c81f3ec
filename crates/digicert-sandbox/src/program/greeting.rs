//! What the program prints once it listens.

use std::fmt::Write as _;

use digicert_sandbox::Sandbox;

use super::arguments::Arguments;

const GIVEN: &str = "<your key>";

/// Where it listens and what is there, the keys that were made up, the faults that are switched on,
/// and a request to try.
pub(crate) fn text(sandbox: &Sandbox, arguments: &Arguments) -> String {
    let certcentral_key = match arguments.certcentral_key() {
        Some(_) => GIVEN,
        None => sandbox.certcentral_key().expose_secret(),
    };
    let partner_key = match arguments.partner_key() {
        Some(_) => GIVEN,
        None => sandbox.partner_key().expose_secret(),
    };
    let (origin, certcentral) = (sandbox.origin(), sandbox.certcentral_url());
    let mut text = String::new();
    // Writing to a `String` cannot fail.
    let _ = writeln!(
        text,
        "digicert-sandbox listens on {origin}

  CertCentral            {certcentral}
  Partner Subscriptions  {partner}

  X-DC-DEVKEY            {certcentral_key}
  X-PARTNER-APIKEY       {partner_key}

  Page to look at        {origin}/
  Control path           {origin}/_sandbox/ with state, reset, requests, faults, clock, events
{faults}
Try it:

  curl -H 'X-DC-DEVKEY: {certcentral_key}' {certcentral}/account
",
        partner = sandbox.partner_url(),
        faults = faults(sandbox),
    );
    text
}

/// The faults that are switched on, so that nobody wonders later.
fn faults(sandbox: &Sandbox) -> String {
    let faults = sandbox.faults().list();
    faults.iter().fold(String::new(), |lines, fault| {
        format!("{lines}  Fault {:<16} {}\n", fault.id, fault.text)
    })
}

/// What has to be said when others than this machine can reach it.
pub(crate) fn warning(sandbox: &Sandbox) -> Option<String> {
    let address = sandbox.local_addr();
    if address.ip().is_loopback() {
        return None;
    }
    Some(format!(
        "WARNING: {address} is not a loopback address. Whoever can reach this machine can use the
WARNING: sandbox and its control path, and keys travel unencrypted. Give it no key of a real account.
"
    ))
}
