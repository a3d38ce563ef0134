//! Registering: seats, the queue, the desk.

pub mod seats;
