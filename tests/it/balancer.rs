//! What stands before several processes: each new line goes to the next that listens.

use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    task::{JoinHandle, JoinSet},
};

use crate::http::Visitor;

/// Forwards until it is dropped.
pub struct Balancer {
    port: u16,
    task: JoinHandle<()>,
}

impl Balancer {
    /// Before the processes at these ports, of which any may be away.
    pub async fn before(ports: Vec<u16>) -> Balancer {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let turn = AtomicUsize::new(0);
        let task = tokio::spawn(async move {
            // Ended with the balancer.
            let mut lines = JoinSet::new();
            loop {
                let (mut client, _) = listener.accept().await.unwrap();
                let first = turn.fetch_add(1, Ordering::Relaxed);
                let ports = ports.clone();
                lines.spawn(async move {
                    for next in 0..ports.len() {
                        let port = ports[(first + next) % ports.len()];
                        if let Ok(mut server) = TcpStream::connect(("127.0.0.1", port)).await {
                            // However it ends: both see that.
                            copy_bidirectional(&mut client, &mut server).await.ok();
                            return;
                        }
                    }
                });
            }
        });
        Balancer { port, task }
    }

    pub fn visitor(&self) -> Visitor {
        Visitor::to(self.port)
    }
}

impl Drop for Balancer {
    fn drop(&mut self) {
        self.task.abort();
    }
}
