//! Where the courier may go.

use crate::CourierError;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

/// What is said of an address that is not public.
const PRIVATE: &str = "it is private, of this machine, or otherwise not public";

/// Where requests may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Https to public addresses.
    Public,
    /// Plain http and private addresses too: only by the operator's explicit setting.
    Anywhere,
}

impl Reach {
    /// Judges an address before its name is looked up.
    pub(crate) fn judge(self, uri: &Uri) -> Result<(), CourierError> {
        let forbidden = |why| Err(CourierError::Forbidden(why));
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return forbidden("it names no server");
        };
        if authority.as_str().contains('@') {
            return forbidden("it holds a name or a password");
        }
        match (self, scheme) {
            (_, "https") | (Self::Anywhere, "http") => {}
            _ => return forbidden("only https"),
        }
        let host = authority.host().trim_start_matches('[').trim_end_matches(']');
        match host.parse::<IpAddr>() {
            Ok(address) if self == Self::Public && !is_public(address) => forbidden(PRIVATE),
            _ => Ok(()),
        }
    }
}

/// Whether an address is one of the public internet: not of this machine, a private network, a link, a group, documentation,
/// or a way of writing one of these as another.
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || address.is_multicast()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (b == 18 || b == 19));
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [a, b, ..] = address.segments();
    // Only 2000::/3 is given out; of it Teredo, documentation, benchmarks and 6to4 are left out, the last because it holds an
    // IPv4 address.
    let given_out = (a & 0xe000) == 0x2000;
    let protocols = a == 0x2001 && (b < 0x0200 || b == 0x0db8);
    let special = protocols || a == 0x2002 || (a & 0xfff0) == 0x3ff0;
    given_out && !special
}

/// Looks names up and lets only allowed addresses through: each time, so that a name may lead elsewhere than before.
#[derive(Debug)]
pub(crate) struct Guarded<R = DefaultResolver> {
    reach: Reach,
    resolver: R,
}

impl Guarded {
    pub(crate) fn new(reach: Reach) -> Self {
        Self { reach, resolver: DefaultResolver::default() }
    }
}

impl<R: Resolver> Resolver for Guarded<R> {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = self.resolver.resolve(uri, config, timeout)?;
        // One private address among public ones is reason enough.
        if self.reach == Reach::Public && found.iter().any(|address| !is_public(address.ip())) {
            return Err(ureq::Error::Io(io::Error::new(io::ErrorKind::PermissionDenied, PRIVATE)));
        }
        Ok(found)
    }
}

/// Why the guard let nothing through, where it was the guard.
pub(crate) fn refused(error: &ureq::Error) -> Option<&'static str> {
    match error {
        ureq::Error::Io(error) if error.kind() == io::ErrorKind::PermissionDenied => Some(PRIVATE),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::SocketAddr;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;
    use ureq::Agent;

    /// A name that leads somewhere else each time it is looked up, as whoever holds it likes.
    #[derive(Debug)]
    struct Turning(&'static [&'static [&'static str]], AtomicUsize);

    impl Resolver for Turning {
        fn resolve(&self, _: &Uri, _: &Config, _: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
            let mut found = self.empty();
            for address in self.0[self.1.fetch_add(1, Ordering::Relaxed)] {
                found.push(SocketAddr::new(address.parse().unwrap(), 443));
            }
            Ok(found)
        }
    }

    fn looked_up(reach: Reach, answers: &'static [&'static [&'static str]]) -> Vec<bool> {
        let guarded = Guarded { reach, resolver: Turning(answers, AtomicUsize::new(0)) };
        let agent = Agent::new_with_defaults();
        let uri: Uri = "https://hook.example/in".parse().unwrap();
        let look = |_| {
            let timeout = NextTimeout {
                after: Duration::from_secs(1).into(),
                reason: ureq::Timeout::Resolve,
                per_read: None,
                per_write: None,
            };
            match guarded.resolve(&uri, agent.config(), timeout) {
                Ok(_) => true,
                Err(error) => {
                    assert_eq!(refused(&error), Some(PRIVATE));
                    false
                }
            }
        };
        (0..answers.len()).map(look).collect()
    }

    #[test]
    fn a_name_that_comes_to_lead_inside_is_let_through_only_while_it_led_outside() {
        let answers: &[&[&str]] = &[
            &["93.184.216.34"],
            &["127.0.0.1"],
            &["93.184.216.34", "10.0.0.1"],
            &["169.254.169.254"],
            &["::ffff:192.168.0.1"],
            &["fe80::1"],
            &["2606:4700:4700::1111"],
        ];
        assert_eq!(looked_up(Reach::Public, answers), [true, false, false, false, false, false, true]);
        assert!(looked_up(Reach::Anywhere, answers).into_iter().all(|through| through));
    }
}
