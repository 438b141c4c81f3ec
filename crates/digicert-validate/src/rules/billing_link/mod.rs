//! Rules on the two keys of a billing link, `DC3xx`.
//!
//! None of them repeats a key or a part of it (invariant I2).

mod key_missing;
mod key_not_header_safe;
mod keys;
mod keys_identical;

pub(crate) use key_missing::KeyMissing;
pub(crate) use key_not_header_safe::KeyNotHeaderSafe;
pub(crate) use keys_identical::KeysIdentical;
