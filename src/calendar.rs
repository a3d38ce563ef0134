//! Sessions as calendar entries: ICS text, pure.
