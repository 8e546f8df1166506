//! What the front of a line needs in all, which is what rules 1 to 3 ask most: one way of counting for
//! a mutex, one for permits and items, one for slots.

/// What the front of a line needs.
pub(crate) trait Tally {
    const NOTHING: Self;

    fn add(&mut self, need: u32);

    fn sub(&mut self, need: u32);

    /// What is free beyond the needs of the front.
    fn spare(&self, front_is_empty: bool, free: usize) -> usize;

    /// Whether that is `need` at least.
    #[inline]
    fn fits(&self, front_is_empty: bool, need: u32, free: usize) -> bool {
        self.spare(front_is_empty, free) >= need as usize
    }

    /// What the front needs, where that is counted.
    fn needs(&self) -> usize;

    /// Whether enough is free for all of the front, which is more than its first.
    fn is_met_by(&self, free: usize) -> bool;

    /// Whether one behind the front may be called besides, as far as their number goes.
    #[inline]
    fn may_call(&self, _free: usize) -> bool {
        true
    }

    /// The same of one whose place in the queue, from 0, is `place`.
    #[inline]
    fn may_call_at(_place: usize, _free: usize) -> bool {
        true
    }
}

/// The tally of a mutex, where one is all there is: nothing to count.
#[derive(Debug)]
pub(crate) struct One;

/// The tally of all who are called as soon as enough is free.
#[derive(Debug)]
pub(crate) struct Needs(u64);

/// The tally of those who are called few at a time.
#[derive(Debug)]
pub(crate) struct Few {
    needs: Needs,
    called: u32,
}

/// How many waiters may be called while `free` units are free: 1 + log2.
#[inline]
fn few(free: usize) -> u32 {
    usize::BITS - free.leading_zeros()
}

impl Tally for One {
    const NOTHING: Self = Self;

    #[inline]
    fn add(&mut self, _: u32) {}

    #[inline]
    fn sub(&mut self, _: u32) {}

    #[inline]
    fn spare(&self, front_is_empty: bool, free: usize) -> usize {
        if front_is_empty { free } else { 0 }
    }

    #[inline]
    fn needs(&self) -> usize {
        0
    }

    #[inline]
    fn is_met_by(&self, _: usize) -> bool {
        false
    }
}

impl Tally for Needs {
    const NOTHING: Self = Self(0);

    #[inline]
    fn add(&mut self, need: u32) {
        self.0 += u64::from(need);
    }

    #[inline]
    fn sub(&mut self, need: u32) {
        self.0 -= u64::from(need);
    }

    #[inline]
    fn spare(&self, _: bool, free: usize) -> usize {
        (free as u64).saturating_sub(self.0) as usize
    }

    #[inline]
    fn fits(&self, _: bool, need: u32, free: usize) -> bool {
        self.0 + u64::from(need) <= free as u64
    }

    #[inline]
    fn needs(&self) -> usize {
        // On 32 bits, they may be more than is ever free.
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }

    #[inline]
    fn is_met_by(&self, free: usize) -> bool {
        free as u64 >= self.0
    }
}

impl Tally for Few {
    const NOTHING: Self = Self {
        needs: Needs::NOTHING,
        called: 0,
    };

    #[inline]
    fn add(&mut self, need: u32) {
        self.needs.add(need);
        self.called += 1;
    }

    #[inline]
    fn sub(&mut self, need: u32) {
        self.needs.sub(need);
        self.called -= 1;
    }

    #[inline]
    fn spare(&self, front_is_empty: bool, free: usize) -> usize {
        self.needs.spare(front_is_empty, free)
    }

    #[inline]
    fn fits(&self, front_is_empty: bool, need: u32, free: usize) -> bool {
        self.needs.fits(front_is_empty, need, free)
    }

    #[inline]
    fn needs(&self) -> usize {
        self.needs.needs()
    }

    #[inline]
    fn is_met_by(&self, free: usize) -> bool {
        self.needs.is_met_by(free)
    }

    #[inline]
    fn may_call(&self, free: usize) -> bool {
        self.called < few(free)
    }

    #[inline]
    fn may_call_at(place: usize, free: usize) -> bool {
        place < few(free) as usize
    }
}
