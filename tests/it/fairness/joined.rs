//! Branches of one `join!` are one task, and each is polled in its turn: each gets its even share.
//!
//! With rule 4 as it first was, which passed a called one over at the first meeting, the first branch
//! got everything and the others nothing, in FIFO too.

use std::cell::Cell;
use std::pin::Pin;

use futures::future::join_all;
use wakeful::{Fairness, Queue, yield_now};

use crate::support::lines::{ALL, Line, Side};

const FAIRNESS: [Fairness; 3] = [Fairness::DEFAULT, Fairness::FIFO, Fairness::overtakes(3)];
const TURNS: usize = 6_000;

/// How often each branch had its turn, until all together had enough.
struct Turns<const N: usize>([Cell<usize>; N]);

impl<const N: usize> Turns<N> {
    fn new() -> Self {
        Self([const { Cell::new(0) }; N])
    }

    /// Counts one; whether that was the last.
    fn take(&self, branch: usize) -> bool {
        self.0[branch].set(self.0[branch].get() + 1);
        self.0.iter().map(Cell::get).sum::<usize>() >= TURNS
    }

    /// No branch had a tenth more than another.
    #[track_caller]
    fn assert_even(&self, what: &str) {
        self.assert_shares(1, what);
    }

    /// No branch had more than `times` as many turns as another, give or take a tenth.
    #[track_caller]
    fn assert_shares(&self, times: usize, what: &str) {
        let counts = self.0.each_ref().map(Cell::get);
        let (least, most) = (counts.iter().min().unwrap(), counts.iter().max().unwrap());
        assert!(10 * most <= 11 * times * least, "{what}: {counts:?}");
    }
}

/// Runs three branches as one task.
type Join = fn([Branch<'_>; 3]);
type Branch<'a> = Pin<Box<dyn Future<Output = ()> + 'a>>;

const JOINS: [(&str, Join); 3] = [
    ("futures::join!", |[a, b, c]| {
        pollster::block_on(async { futures::join!(a, b, c) });
    }),
    ("tokio::join!", |[a, b, c]| {
        pollster::block_on(async { tokio::join!(a, b, c) });
    }),
    ("join_all", |branches| {
        pollster::block_on(join_all(branches));
    }),
];

/// Takes `need` units, yields and gives them back, until the branches have had enough turns between them.
async fn take_and_yield<const N: usize>(line: &Line, turns: &Turns<N>, nth: usize, need: usize) {
    loop {
        let got = line.wait_for(need).await;
        if turns.take(nth) {
            break;
        }
        yield_now().await;
        drop(got);
    }
}

#[test]
fn branches_that_take_and_yield_have_even_shares() {
    for side in ALL {
        for fairness in FAIRNESS {
            for (name, join) in JOINS {
                let line = Line::new(side, 1, fairness);
                let turns = Turns::<3>::new();
                let branch = |nth| take_and_yield(&line, &turns, nth, 1);
                join([0, 1, 2].map(|nth| Box::pin(branch(nth)) as Branch<'_>));
                turns.assert_even(&format!("{name}, {side:?}, {fairness:?}"));
                line.assert_idle(1);
            }
        }
    }
}

/// One asks for both permits, the other for one.
#[test]
fn unequal_requests_have_even_shares() {
    for fairness in FAIRNESS {
        let line = Line::new(Side::Permits, 2, fairness);
        let turns = Turns::<2>::new();
        let branch = |nth, need| take_and_yield(&line, &turns, nth, need);
        pollster::block_on(async { futures::join!(branch(0, 2), branch(1, 1)) });
        turns.assert_even(&format!("{fairness:?}"));
    }
}

/// The branch that is polled first overtakes the called one until its credit is used up: `1 + log2(k)` times,
/// since each answer in vain halves it, and never in FIFO. Nobody starves.
fn unevenness(fairness: Fairness) -> usize {
    match fairness.limit() {
        0 => 1,
        k => 2 * (1 + k.ilog2() as usize),
    }
}

/// What they send is received by a branch of the same `join!`, the first or the last to be polled.
#[test]
fn sends_into_a_queue_that_the_same_join_drains_have_their_shares() {
    for fairness in FAIRNESS {
        for receives_first in [false, true] {
            let (sender, receiver) = Queue::bounded(1).with_fairness(fairness).into_channel();
            let turns = Turns::<3>::new();
            let sends = |nth: usize| {
                let sender = sender.clone();
                async move { while sender.send(nth).await.is_ok() {} }
            };
            let receives = async {
                while !turns.take(receiver.recv().await.expect("open")) {}
                receiver.close();
            };
            let join = async {
                if receives_first {
                    futures::join!(receives, sends(0), sends(1), sends(2));
                } else {
                    futures::join!(sends(0), sends(1), sends(2), receives);
                }
            };
            pollster::block_on(join);
            let what = format!("{fairness:?}, {receives_first}");
            turns.assert_shares(unevenness(fairness), &what);
        }
    }
}

#[cfg(feature = "futures-sink")]
#[test]
fn streams_that_a_join_forwards_have_their_shares_of_the_sink() {
    use futures::{StreamExt, stream};
    for fairness in FAIRNESS {
        for receives_first in [false, true] {
            let (sender, receiver) = Queue::bounded(1).with_fairness(fairness).into_channel();
            let turns = Turns::<2>::new();
            let forwards = |nth: usize| stream::repeat(nth).map(Ok).forward(sender.clone());
            let receives = async {
                while !turns.take(receiver.recv().await.expect("open")) {}
                receiver.close();
            };
            let join = async {
                if receives_first {
                    let (_, one, two) = futures::join!(receives, forwards(0), forwards(1));
                    (one, two)
                } else {
                    let (one, two, _) = futures::join!(forwards(0), forwards(1), receives);
                    (one, two)
                }
            };
            let (one, two) = pollster::block_on(join);
            assert!(one.is_err() && two.is_err(), "it was closed");
            let what = format!("{fairness:?}, {receives_first}");
            turns.assert_shares(unevenness(fairness), &what);
        }
    }
}
