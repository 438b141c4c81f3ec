//! Why no connection to the service comes about, in plain words. Libraries say it in theirs, which name
//! what happened within them and not what to look at.

use std::error::Error;
use std::io::{self, ErrorKind};

use digicert_client::ErrorKind as CallErrorKind;
use rustls::{CertificateError, InvalidMessage};

/// The reason below all others, plainly where it is one that has plain words.
pub(crate) fn plainly(error: &(dyn Error + 'static)) -> String {
    let mut innermost = error;
    let mut plain = None;
    let mut next = Some(error);
    while let Some(cause) = next {
        plain = of_tls(cause).or_else(|| of_network(cause)).or(plain);
        innermost = cause;
        next = below(cause);
    }
    plain.unwrap_or_else(|| innermost.to_string())
}

/// Whether a request has stayed here because there was no connection, which others will meet as well.
pub(crate) fn kept_it_from_being_sent(error: &digicert_client::Error) -> bool {
    let cause = error
        .source()
        .and_then(|source| source.downcast_ref::<reqwest::Error>());
    let is_of_connection = cause.is_some_and(reqwest::Error::is_connect);
    is_of_connection && error.kind() == CallErrorKind::NotSent
}

/// An error of the system passes over the one that it wraps.
fn below<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    match error.downcast_ref::<io::Error>().map(io::Error::get_ref) {
        Some(Some(wrapped)) => Some(wrapped),
        _ => error.source(),
    }
}

fn of_network(error: &(dyn Error + 'static)) -> Option<String> {
    let error = error.downcast_ref::<io::Error>()?;
    let why = match error.kind() {
        ErrorKind::ConnectionRefused => "nobody listens there (connection refused)",
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted => {
            "the other side, or something in between, broke it off"
        }
        ErrorKind::UnexpectedEof => "the other side ended it before the connection was up",
        ErrorKind::HostUnreachable => "no way leads to that machine",
        ErrorKind::NetworkUnreachable => "no way leads to that network",
        _ => return of_name(error),
    };
    Some(why.to_owned())
}

/// A name that has no address is no kind of its own.
fn of_name(error: &io::Error) -> Option<String> {
    let text = error.to_string();
    let why = text.strip_prefix("failed to lookup address information: ")?;
    Some(format!("no address is found for the name ({why})"))
}

fn of_tls(error: &(dyn Error + 'static)) -> Option<String> {
    let why = match error.downcast_ref::<rustls::Error>()? {
        rustls::Error::InvalidCertificate(why) => return Some(of_certificate(why)),
        rustls::Error::InvalidMessage(
            InvalidMessage::InvalidContentType | InvalidMessage::UnknownProtocolVersion,
        ) => {
            "what answers there does not speak TLS; check the port, and whether the address is to begin \
             with http://"
        }
        rustls::Error::AlertReceived(alert) => {
            return Some(format!(
                "the other side ended TLS, which it calls {alert:?}"
            ));
        }
        other => return Some(format!("TLS does not come about ({other})")),
    };
    Some(why.to_owned())
}

fn of_certificate(why: &CertificateError) -> String {
    let why = match why {
        CertificateError::UnknownIssuer => {
            "the certificate is from nobody whom this machine trusts; if it is to, SSL_CERT_FILE names a \
             file with the certificate of who issued it"
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "the certificate has expired, or the clock of this machine is wrong"
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "the certificate is not valid yet, or the clock of this machine is wrong"
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "the certificate is for another name than that in the address"
        }
        CertificateError::Revoked => "the certificate was revoked",
        // The verifier has no other word for it.
        CertificateError::Other(other) if format!("{other:?}").contains("CaUsedAsEndEntity") => {
            "the certificate is that of an authority, made to sign others; the service needs one of its \
             own that such an authority has signed"
        }
        other => return format!("the certificate is not accepted ({other})"),
    };
    why.to_owned()
}
