//! A pool of workers. Ctrl-C stops the intake, and every job that was accepted still runs.
//!
//! ```text
//! cargo run --example worker_pool
//! ```

use std::{pin::pin, time::Duration};

use tokio::{signal::ctrl_c, task::JoinSet, time::timeout};
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

    // Ctrl-C, or a moment without it, so that the example ends by itself.
    let mut stop = pin!(timeout(Duration::from_millis(100), ctrl_c()));
    let mut accepted = 0;
    loop {
        tokio::select! {
            biased;
            _ = &mut stop => break,
            sent = jobs.send(accepted) => sent.unwrap(),
        }
        accepted += 1;
    }

    drop(jobs); // closes the channel: the workers drain it, and end
    let done: u64 = workers.join_all().await.into_iter().sum();
    println!("accepted {accepted}, done {done}");
    assert!(accepted > 0 && done == accepted);
}
