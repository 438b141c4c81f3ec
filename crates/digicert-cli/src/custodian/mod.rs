//! The custodian: a process of its own that creates a subaccount and keeps its one-time key.
//!
//! The answer to a creation carries a key that is shown once. Between its arrival and its place on
//! the disk, whoever kills the program would destroy it (I3): a closed terminal, a time-out of CI,
//! `kill -9`. So the program hands the job to a child in a session of its own, which outlives it,
//! and which alone
//!
//! 1. holds the locks on this creation, so that nobody else sends the same document, or another one
//!    for a subaccount of the same names,
//! 2. opens the place of the key (`key_place`),
//! 3. writes the entry of the ledger,
//! 4. looks once more whether there is one already, if the program still wants it (`asker`),
//! 5. sends the request, once (I1), directly after that,
//! 6. puts the key into its place, or else into another one (`rescue`),
//! 7. writes how it ended.
//!
//! Keys and document reach it over standard input, and its report comes back over standard output:
//! neither arguments nor environment hold a key. What the program shows and asks before, and says
//! afterwards, is for the commands. If the custodian itself is killed, what it had written tells how
//! far it came: `earlier_creation` reads it.

mod asker;
mod commission;
mod job;
mod key_fate;
mod key_place;
mod rescue;
mod work;

pub(crate) use commission::commission;
pub(crate) use job::{CreationEnd, Job, KeyDestination, LastLook};
pub(crate) use key_fate::{ANSWER_IN, KEY_IN, KEY_OUT, KeyFate};
pub(crate) use key_place::remove_if_empty;
pub(crate) use work::{account_of, is_asked_for, run};
