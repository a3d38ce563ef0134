//! Registering: seats, the queue, the desk.
