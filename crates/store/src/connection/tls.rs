//! Connections to PostgreSQL: encrypted where the address asks for it (`sslmode=require`), and then to no server but the one that the
//! address names. The driver knows no weaker word that would still protect: `prefer` speaks in the open to whoever says that it must.

use crate::{Result, StoreError};
use postgres::config::SslMode;
use postgres::{Client, Config, NoTls};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio_postgres_rustls::MakeRustlsConnect;

/// Names the file with the certificates by which a server is believed, as it does for PostgreSQL's own programs.
const ROOTS_VARIABLE: &str = "PGSSLROOTCERT";

/// Connects as the address says.
///
/// # Errors
/// When the server cannot be reached, is not who the address says, or refuses; when the file of certificates cannot be read.
pub(crate) fn connect(url: &str) -> Result<Client> {
    let roots = std::env::var_os(ROOTS_VARIABLE).map(PathBuf::from);
    connect_trusting(url, roots.as_deref())
}

/// The same with the certificates of a file; without one with those that browsers believe.
///
/// # Errors
/// As [`connect`].
pub fn connect_trusting(url: &str, roots: Option<&Path>) -> Result<Client> {
    let config: Config = url.parse()?;
    if config.get_ssl_mode() != SslMode::Require {
        return Ok(config.connect(NoTls)?);
    }
    let mut believed = RootCertStore::empty();
    match roots {
        None => believed.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
        Some(file) => {
            let unreadable =
                |error: rustls::pki_types::pem::Error| io::Error::other(format!("{}: {error}", file.display()));
            for certificate in CertificateDer::pem_file_iter(file).map_err(unreadable)? {
                let added = believed.add(certificate.map_err(unreadable)?);
                added.map_err(|error| io::Error::other(format!("{}: {error}", file.display())))?;
            }
            if believed.is_empty() {
                return Err(StoreError::Io(io::Error::other(format!("{}: no certificate in it", file.display()))));
            }
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let versions = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let versions = versions.map_err(|error| StoreError::Io(io::Error::other(error)))?;
    let tls = versions.with_root_certificates(believed).with_no_client_auth();
    Ok(config.connect(MakeRustlsConnect::new(tls))?)
}
