//! A pool of workers. Ctrl-C stops what comes in, and every job that was accepted still runs.
//!
//! ```text
//! cargo run --example worker_pool
//! ```
//!
//! After a thousand jobs it presses Ctrl-C itself (or, where that is not Unix, stops without).

use std::pin::pin;
use std::process::Command;

use tokio::{signal::ctrl_c, task::JoinSet};
use wakeful::{queue, yield_now};

async fn work(inbox: queue::Receiver<u64>) -> u64 {
    let mut done = 0;
    while let Some(_job) = inbox.recv().await {
        yield_now().await; // works on it
        done += 1;
    }
    done
}

#[tokio::main]
async fn main() {
    let (jobs, inbox) = queue::bounded(8);
    let workers: JoinSet<u64> = (0..4).map(|_| work(inbox.clone())).collect();

    let mut stop = pin!(ctrl_c());
    let mut accepted = 0;
    loop {
        tokio::select! {
            biased;
            stopped = &mut stop => break stopped.unwrap(),
            sent = jobs.send(accepted) => sent.unwrap(),
        }
        accepted += 1;
        if accepted == 1000 && !press_ctrl_c() {
            break;
        }
    }

    drop(jobs); // closes the channel: the workers drain it, and end
    let done: u64 = workers.join_all().await.into_iter().sum();
    println!("accepted {accepted}, done {done}");
    assert!(accepted >= 1000);
    assert_eq!(done, accepted);
}

fn press_ctrl_c() -> bool {
    let kill = format!("kill -INT {}", std::process::id());
    cfg!(unix)
        && matches!(Command::new("sh").args(["-c", &kill]).status(), Ok(status) if status.success())
}
