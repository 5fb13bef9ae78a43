//! PostgreSQL under TLS: the server is the one that the address names, by a certificate that is believed, or there is no connection.

use credence_store::connection::tls::connect_trusting;
use credence_testkit::cluster::Cluster;
use rcgen::{CertificateParams, Issuer, KeyPair};

#[test]
fn what_asks_for_tls_speaks_to_nobody_but_the_server_that_it_names() {
    let authority_key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let authority = params.self_signed(&authority_key).unwrap();
    let issuer = Issuer::new(params, authority_key);
    let key = KeyPair::generate().unwrap();
    let named = CertificateParams::new(vec!["localhost".to_owned()]).unwrap().signed_by(&key, &issuer).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let roots = folder.path().join("roots.pem");
    std::fs::write(&roots, authority.pem()).unwrap();

    let (_cluster, port) = Cluster::make_with_tls(&named.pem(), &key.serialize_pem()).unwrap();
    let url = |host: &str, more: &str| format!("postgres://credence@{host}:{port}/register{more}");
    let encrypted = |url: &str| {
        let mut client = connect_trusting(url, Some(&roots)).unwrap();
        let row = client.query_one("select ssl from pg_stat_ssl where pid = pg_backend_pid()", &[]).unwrap();
        row.get::<_, bool>(0)
    };
    assert!(encrypted(&url("localhost", "?sslmode=require")));
    assert!(!encrypted(&url("localhost", "?sslmode=disable")), "unasked it speaks as before");
    // The same server under a name that its certificate does not bear, and one whom nobody believes.
    assert!(connect_trusting(&url("127.0.0.1", "?sslmode=require"), Some(&roots)).is_err());
    assert!(connect_trusting(&url("localhost", "?sslmode=require"), None).is_err());
    std::fs::write(&roots, "no certificate").unwrap();
    assert!(connect_trusting(&url("localhost", "?sslmode=require"), Some(&roots)).is_err());
}
