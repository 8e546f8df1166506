//! Prints the public API that a file of rustdoc JSON describes, one item a line.
//!
//! Auto traits and blanket impls are left out: `tests/it/mutex/auto_traits.rs` asserts the first, and the
//! second are not ours. Exit status 3: the file comes from a toolchain that writes another format.

use std::env;
use std::process::ExitCode;

use public_api::Builder;

const OTHER_FORMAT: u8 = 3;

fn main() -> ExitCode {
    let Some(json) = env::args_os().nth(1) else {
        eprintln!("usage: wakeful-api RUSTDOC_JSON");
        return ExitCode::from(2);
    };
    let api = Builder::from_rustdoc_json(json)
        .omit_auto_trait_impls(true)
        .omit_blanket_impls(true)
        .build();
    match api {
        Ok(api) => {
            print!("{api}");
            ExitCode::SUCCESS
        }
        Err(error @ public_api::Error::SerdeJsonError(_)) => {
            eprintln!("{error}");
            ExitCode::from(OTHER_FORMAT)
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
