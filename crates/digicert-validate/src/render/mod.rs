//! Reports as text for people and for machines. Choosing a format, and whether a terminal takes
//! colours, is the caller's business.
