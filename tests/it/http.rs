//! Visits over real connections: for races between requests, and for what only a socket shows.

#![allow(dead_code, reason = "each test binary uses its own part of this")]

use http_body_util::{BodyExt as _, Full};
use hyper::{HeaderMap, Request, StatusCode, body::Bytes, header};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use rocket::{Build, Rocket, Shutdown, fairing::AdHoc, http::ContentType};
use tokio::{sync::oneshot, task::JoinHandle};
use url::form_urlencoded;

/// An application that listens on a free port of this machine.
pub struct Served {
    pub port: u16,
    shutdown: Shutdown,
    running: JoinHandle<Result<(), String>>,
}

impl Served {
    /// Returns when it takes requests. The figment's `port` is to be 0, which `TestDb::figment` says.
    pub async fn launch(rocket: Rocket<Build>) -> Served {
        let (tell, told) = oneshot::channel();
        let tell = std::sync::Mutex::new(Some(tell));
        let rocket = rocket.attach(AdHoc::on_liftoff("says its port", move |rocket| {
            Box::pin(async move {
                let tell = tell.lock().unwrap().take().unwrap();
                tell.send((rocket.config().port, rocket.shutdown())).ok();
            })
        }));
        let running = tokio::spawn(async move {
            // Dropped without being looked at, Rocket's error panics.
            rocket.launch().await.map(drop).map_err(|error| error.to_string())
        });
        match told.await {
            Ok((port, shutdown)) => Served { port, shutdown, running },
            Err(_) => panic!("the application did not start: {:?}", running.await),
        }
    }

    /// For a browser.
    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    pub fn visitor(&self) -> Visitor {
        Visitor::to(self.port)
    }

    /// As after SIGTERM: returns when everything has ended.
    pub async fn end(self) {
        self.shutdown.notify();
        self.running.await.unwrap().unwrap();
    }
}

/// A browser without cookies that follows no redirect. Clones share their connections.
#[derive(Clone)]
pub struct Visitor {
    client: Client<HttpConnector, Full<Bytes>>,
    origin: String,
}

/// An answer, read to its end.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Visitor {
    pub fn to(port: u16) -> Visitor {
        let client = Client::builder(TokioExecutor::new()).build_http();
        Visitor { client, origin: format!("http://127.0.0.1:{port}") }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], Bytes::new()).await.unwrap()
    }

    /// An error where nobody answers.
    pub async fn try_get(&self, path: &str) -> Result<Answer, String> {
        self.send("GET", path, &[], Bytes::new()).await
    }

    /// Posts a form from one of our own pages, as a browser says it.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.try_post(path, fields).await.unwrap()
    }

    /// An error where the server went away before it answered.
    pub async fn try_post(&self, path: &str, fields: &[(&str, &str)]) -> Result<Answer, String> {
        let headers =
            [("content-type", "application/x-www-form-urlencoded"), ("sec-fetch-site", "same-origin")];
        self.send("POST", path, &headers, form(fields).into()).await
    }

    /// Any request at all.
    pub async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Bytes,
    ) -> Result<Answer, String> {
        let mut request = Request::builder().method(method).uri(format!("{}{path}", self.origin));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Full::new(body)).unwrap();
        let answer = self.client.request(request).await.map_err(|error| error.to_string())?;
        let (head, body) = answer.into_parts();
        let body = body.collect().await.map_err(|error| error.to_string())?.to_bytes();
        Ok(Answer { status: head.status, headers: head.headers, body })
    }
}

impl Answer {
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    /// Empty where the answer has no such header.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Where the answer sends the visitor.
    pub fn location(&self) -> &str {
        self.header(header::LOCATION.as_str())
    }
}

/// Fields as a browser's form sends them; the same name can stand there several times.
pub fn form(fields: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

/// A form with a file, as browsers send it: its type, and its bytes.
pub fn multipart(name: &str, bytes: &[u8], fields: &[(&str, &str)]) -> (ContentType, Vec<u8>) {
    let mut body = Vec::new();
    for (field, value) in fields {
        let part = format!("--x--y\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n");
        body.extend(part.into_bytes());
    }
    let name = name.replace('"', "%22");
    body.extend(
        format!(
            "--x--y\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        )
        .into_bytes(),
    );
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--x--y--\r\n");
    (ContentType::new("multipart", "form-data").with_params(("boundary", "x--y")), body)
}

#[rocket::async_test]
async fn a_form_reaches_an_application_on_a_port_of_its_own() {
    #[rocket::post("/echo", data = "<body>")]
    fn echo(body: String) -> String {
        body
    }
    let figment = rocket::Config::figment().merge(("port", 0)).merge(("log_level", "off"));
    let served = Served::launch(rocket::custom(figment).mount("/", rocket::routes![echo])).await;
    let visitor = served.visitor();

    let echoed = visitor.post("/echo", &[("session", "a b"), ("session", "é&=")]).await;
    let missing = visitor.get("/nothing").await;

    assert_eq!((echoed.status, echoed.text()), (StatusCode::OK, "session=a+b&session=%C3%A9%26%3D"));
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    served.end().await;
}
