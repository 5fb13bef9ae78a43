//! Where mail goes out, as options of every command that sends some.

use credence_app::notice::{MailServer, Post};
use std::path::PathBuf;
use std::sync::Arc;

/// The mail server.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct MailOptions {
    /// The mail server through which notices go out: smtp://host:port (STARTTLS where it is offered) or smtps://host:port.
    #[arg(long, env = "CREDENCE_SMTP", requires_all = ["mail_from", "site"])]
    smtp: Option<String>,
    /// The name under which the platform signs in at the mail server.
    #[arg(long, env = "CREDENCE_SMTP_USER", requires_all = ["smtp", "smtp_password_file"])]
    smtp_user: Option<String>,
    /// The file with the password for the mail server; its owner alone may read it.
    #[arg(long, env = "CREDENCE_SMTP_PASSWORD_FILE", requires_all = ["smtp", "smtp_user"])]
    smtp_password_file: Option<PathBuf>,
    /// The address from which mail comes.
    #[arg(long, env = "CREDENCE_MAIL_FROM")]
    mail_from: Option<String>,
    /// Where the platform's pages are found, for mail: https://… without a path.
    #[arg(long, env = "CREDENCE_SITE")]
    site: Option<String>,
}

impl MailOptions {
    /// The post; none where no mail server is named.
    pub fn post(&self) -> anyhow::Result<Option<Arc<Post>>> {
        let Some(address) = &self.smtp else { return Ok(None) };
        let server = MailServer {
            address: address.clone(),
            user: self.smtp_user.clone(),
            password: self.smtp_password_file.clone(),
            from: self.mail_from.clone().unwrap_or_default(),
            site: self.site.clone().unwrap_or_default(),
        };
        Ok(Some(Arc::new(Post::new(&server)?)))
    }
}
