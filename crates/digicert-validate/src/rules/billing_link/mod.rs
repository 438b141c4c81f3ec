//! Rules on x.
