//! What is waited for alike, whatever it is.
