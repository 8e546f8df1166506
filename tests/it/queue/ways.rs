//! All the ways to send and to receive that a storm takes, one at random, and to give up on the way.

use std::pin::pin;
use std::task::Poll;

use futures::StreamExt;
use wakeful::yield_now;

use super::storm::{Item, Storm};
use crate::support::{Rng, give_up_after};

impl Storm {
    fn has_slots(&self) -> bool {
        self.sender.max_capacity() > 0
    }

    /// Sends items one after another, each until it was sent; `false` when it is closed.
    pub(super) async fn send(&self, item: Item, random: &mut Rng) -> bool {
        loop {
            let sent = match random.u64(..8) {
                0 => self.sender.try_send(item).is_ok(),
                1 => self.send_or_give_up(item, random.u64(..4)).await,
                2 if self.has_slots() => match self.sender.reserve().await {
                    Ok(permit) => {
                        for _ in 0..random.u64(..2) {
                            yield_now().await;
                        }
                        permit.send(item);
                        true
                    }
                    Err(_) => false,
                },
                3 if self.has_slots() => {
                    let most = self.sender.max_capacity().min(3);
                    match give_up_after(3, self.sender.reserve_many(most)).await {
                        // The others give their slots back.
                        Some(Ok(mut permits)) => {
                            permits.next().expect("there are some").send(item);
                            true
                        }
                        _ => false,
                    }
                }
                4 => {
                    let polls = random.u64(..3);
                    let until = give_up_after(polls, std::future::pending::<()>());
                    self.sender.send_until(item, until).await.is_ok()
                }
                5 => {
                    // One that is kept without being polled, while another one is awaited.
                    let mut kept = Box::pin(self.sender.send(item));
                    match futures::poll!(&mut kept) {
                        Poll::Ready(sent) => sent.is_ok(),
                        Poll::Pending => {
                            if self.has_slots() {
                                drop(give_up_after(5, self.sender.reserve()).await);
                            }
                            // Handed over meanwhile, if it is gone.
                            kept.as_mut().into_item().is_none()
                        }
                    }
                }
                6 => self.sender.send_many([item]).await.is_ok(),
                _ => self.sender.send(item).await.is_ok(),
            };
            if sent {
                return true;
            }
            if self.sender.is_closed() {
                return false;
            }
            yield_now().await;
        }
    }

    /// At a rendezvous it may be gone when it gives up.
    async fn send_or_give_up(&self, item: Item, polls: u64) -> bool {
        let mut send = pin!(self.sender.send(item));
        match give_up_after(polls, send.as_mut()).await {
            Some(sent) => sent.is_ok(),
            None => send.into_item().is_none(),
        }
    }

    /// Receives some; `false` when it is closed and drained.
    pub(super) async fn receive(&self, to: &mut Vec<Item>, random: &mut Rng) -> bool {
        match random.u64(..7) {
            0 => to.extend(self.receiver.try_recv()),
            1 => {
                if let Some(got) = give_up_after(random.u64(..4), self.receiver.recv()).await {
                    to.extend(got);
                    return got.is_some();
                }
            }
            2 => return self.receiver.recv_many(to, 3).await > 0,
            3 => {
                // A stream that is dropped with its stored waiter.
                let mut stream = self.receiver.clone();
                if let Some(got) = give_up_after(random.u64(..3), stream.next()).await {
                    to.extend(got);
                    return got.is_some();
                }
            }
            4 => {
                let mut kept = pin!(self.receiver.recv());
                match futures::poll!(&mut kept) {
                    Poll::Ready(got) => {
                        to.extend(got);
                        return got.is_some();
                    }
                    Poll::Pending => {
                        to.extend(give_up_after(5, self.receiver.recv()).await.flatten())
                    }
                }
            }
            5 if random.u64(..20) == 0 => to.extend(self.receiver.drain()),
            _ => {
                let got = self.receiver.recv().await;
                to.extend(got);
                return got.is_some();
            }
        }
        yield_now().await;
        true
    }
}
