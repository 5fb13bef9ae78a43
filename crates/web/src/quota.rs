//! How much one address may ask: 200 requests a second with a burst of 1,000 (CONTRACT §2). Loopback is unlimited, but a
//! request that carries `Forwarded` or `X-Forwarded-For` is never loopback; these are believed from `--trusted-proxy` only.
//!
//! A bucket an address (or key, `crate::asker`), in memory: who has been still long enough to be full again is forgotten.

use crate::AppState;
use crate::problem::Problem;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use std::collections::HashMap;
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::{Mutex, PoisonError};
use tokio::time::Instant;

/// Requests a second.
const RATE: u32 = 200;
/// Requests at once.
const BURST: u32 = 1_000;
/// Addresses known at once before the still ones are forgotten.
const KNOWN_MAX: usize = 50_000;

#[derive(Clone, Copy, Debug)]
struct Bucket {
    left: f64,
    at: Instant,
}

/// Where one stands after a request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stand {
    /// The request may pass.
    pub(crate) admitted: bool,
    limit: u32,
    left: u32,
    reset_s: u32,
}

/// What everyone who is counted has left, by address or key.
#[derive(Debug)]
pub(crate) struct Quota<K> {
    rate: f64,
    burst: f64,
    buckets: Mutex<HashMap<K, Bucket>>,
}

/// How much one address may ask.
pub(crate) fn of_addresses() -> Quota<IpAddr> {
    Quota::new(RATE, BURST)
}

impl<K: Eq + Hash> Quota<K> {
    /// `rate` requests a second, `burst` at once.
    pub(crate) fn new(rate: u32, burst: u32) -> Self {
        Self { rate: f64::from(rate), burst: f64::from(burst), buckets: Mutex::default() }
    }

    fn refilled(&self, bucket: Bucket, now: Instant) -> f64 {
        let since = now.saturating_duration_since(bucket.at).as_secs_f64();
        (bucket.left + since * self.rate).min(self.burst)
    }

    /// Takes one request now.
    pub(crate) fn take(&self, who: K) -> Stand {
        self.take_at(who, Instant::now())
    }

    fn take_at(&self, who: K, now: Instant) -> Stand {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= KNOWN_MAX {
            buckets.retain(|_, bucket| self.refilled(*bucket, now) < self.burst);
        }
        if buckets.len() >= KNOWN_MAX && !buckets.contains_key(&who) {
            return Stand { admitted: false, limit: self.burst as u32, left: 0, reset_s: 1 };
        }
        let bucket = buckets.entry(who).or_insert(Bucket { left: self.burst, at: now });
        let left = self.refilled(*bucket, now);
        let admitted = left >= 1.0;
        let left = if admitted { left - 1.0 } else { left };
        *bucket = Bucket { left, at: now };
        let reset_s = if admitted { ((self.burst - left) / self.rate).ceil() } else { 1.0 };
        Stand { admitted, limit: self.burst as u32, left: left as u32, reset_s: reset_s as u32 }
    }
}

/// Refuses what is over the quota and says on every counted answer where one stands.
pub(crate) async fn limit(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip().to_canonical());
    let Some(address) = counted(peer, request.headers(), state.trusted_proxies()) else {
        return next.run(request).await;
    };
    let stand = state.quota().take(address);
    if stand.admitted {
        return say(next.run(request).await, stand);
    }
    let text = "同一地址每秒200次、短时1000次以内。请在稍后重试；批量使用请放慢速度。";
    let refused = Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", text);
    say(crate::route::refuse(request.uri().path(), Problem { retry_after: Some(1), ..refused }), stand)
}

/// Says where one stands; what a narrower quota has said stays.
pub(crate) fn say(mut response: Response, stand: Stand) -> Response {
    let Stand { limit, left, reset_s, .. } = stand;
    for (name, value) in [("ratelimit-limit", limit), ("ratelimit-remaining", left), ("ratelimit-reset", reset_s)] {
        response.headers_mut().entry(HeaderName::from_static(name)).or_insert(HeaderValue::from(value));
    }
    response
}

/// The address of a request to be counted; none for what is unlimited.
pub(crate) fn counted_address(peer: Option<SocketAddr>, headers: &HeaderMap, state: &AppState) -> Option<IpAddr> {
    counted(peer.map(|peer| peer.ip().to_canonical()), headers, state.trusted_proxies())
}

/// Whether a request comes from this machine itself, with no proxy in between.
pub(crate) fn is_plain_loopback(peer: Option<SocketAddr>, headers: &HeaderMap) -> bool {
    let forwarded = headers.contains_key("forwarded") || headers.contains_key("x-forwarded-for");
    !forwarded && peer.is_none_or(|peer| peer.ip().to_canonical().is_loopback())
}

/// The address to be counted; none for what is unlimited.
fn counted(peer: Option<IpAddr>, headers: &HeaderMap, trusted: &[IpAddr]) -> Option<IpAddr> {
    // Without a peer there is no network: the router is asked directly.
    let peer = peer?;
    let forwarded = headers.contains_key("forwarded") || headers.contains_key("x-forwarded-for");
    if !forwarded {
        return (!peer.is_loopback()).then(|| network(peer));
    }
    let client = trusted.contains(&peer).then(|| client_of(headers, trusted)).flatten();
    Some(network(client.unwrap_or(peer)))
}

/// The last address in the chain that is no trusted proxy: what stands before it may be invented by the client.
fn client_of(headers: &HeaderMap, trusted: &[IpAddr]) -> Option<IpAddr> {
    let values = |name| headers.get_all(name).iter().filter_map(|value: &HeaderValue| value.to_str().ok());
    let mut chain: Vec<IpAddr> = values("x-forwarded-for").flat_map(|v| v.split(',')).filter_map(parse).collect();
    if chain.is_empty() {
        let pairs = values("forwarded").flat_map(|value| value.split([',', ';'])).map(str::trim);
        chain = pairs
            .filter_map(|pair| pair.split_once('='))
            .filter(|(name, _)| name.eq_ignore_ascii_case("for"))
            .filter_map(|(_, value)| parse(value))
            .collect();
    }
    chain.into_iter().rfind(|address| !trusted.contains(address))
}

/// `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `"[2001:db8::1]:80"`.
fn parse(text: &str) -> Option<IpAddr> {
    let text = text.trim().trim_matches('"');
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    bare.parse()
        .ok()
        .or_else(|| text.parse::<SocketAddr>().ok().map(|address| address.ip()))
        .map(|ip: IpAddr| ip.to_canonical())
}

/// An IPv6 customer has a /64 of addresses: they count as one.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(ip) => {
            let [a, b, c, d, ..] = ip.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn headers(name: &'static str, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(HeaderName::from_static(name), HeaderValue::from_static(value))])
    }

    #[test]
    fn a_thousand_at_once_then_two_hundred_a_second() {
        let (quota, start) = (of_addresses(), Instant::now());
        let asked = |now| (0..2_000).filter(|_| quota.take_at(ip("192.0.2.1"), now).admitted).count();
        assert_eq!(asked(start), 1_000);
        assert_eq!(asked(start + Duration::from_secs(1)), 200);
        assert!(quota.take_at(ip("192.0.2.2"), start).admitted);
    }

    #[test]
    fn loopback_is_unlimited_unless_the_request_was_forwarded() {
        let local = Some(ip("127.0.0.1"));
        assert_eq!(counted(local, &HeaderMap::new(), &[]), None);
        assert_eq!(counted(local, &headers("x-forwarded-for", "127.0.0.1"), &[]), local);
        assert_eq!(counted(local, &headers("forwarded", "for=192.0.2.7"), &[]), local);
    }

    #[test]
    fn only_a_trusted_proxy_is_believed_and_only_for_the_last_link() {
        let (proxy, other) = (ip("10.0.0.1"), ip("198.51.100.9"));
        let chain = headers("x-forwarded-for", "203.0.113.5, 192.0.2.7, 10.0.0.1");
        assert_eq!(counted(Some(proxy), &chain, &[proxy]), Some(ip("192.0.2.7")));
        assert_eq!(counted(Some(other), &chain, &[proxy]), Some(other));
        let v6 = headers("forwarded", "proto=https;for=\"[2001:db8::1]:443\"");
        assert_eq!(counted(Some(proxy), &v6, &[proxy]), Some(ip("2001:db8::")));
    }
}
