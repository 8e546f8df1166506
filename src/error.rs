//! What all errors share.

/// Implements `Display` and `Error`, with a message for each variant.
macro_rules! messages {
    ($name:ident$(<$item:ident>)?: $($pattern:pat => $message:literal),+ $(,)?) => {
        impl$(<$item>)? std::fmt::Display for $name$(<$item>)? {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(match self {
                    $($pattern => $message,)+
                })
            }
        }

        impl$(<$item>)? std::error::Error for $name$(<$item>)? {}
    };
}
pub(crate) use messages;
