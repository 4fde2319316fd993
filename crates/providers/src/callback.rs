//! Where carriers that call back reach us.
//!
//! Each carrier has an address of its own, which ends with its name and a seal that only we can make: nobody else
//! can call in its place. There is nothing to keep, and a new secret ends all addresses at once.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use lastmile_model::identity::ProviderName;
use sha2::Sha256;

use crate::secret::{SEALING_MIN_BYTES, Secret, SecretError, SecretSource};

/// What stands between our base address and the name of the carrier.
pub const CALL_BACK_PATH: &str = "/carriers/v1/";
/// Keeps apart what is sealed here from whatever else might be sealed with the same secret.
const SEALED: &[u8] = b"lastmile carrier call back\0";
/// Between name and seal; no character of either.
const SEPARATOR: char = '.';

/// How carriers reach us, and which of them do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallBack {
    /// Our address from outside, `https`, without a slash at its end.
    pub base_url: String,
    /// What the seals are made with.
    pub secret: SecretSource,
    /// Who calls back.
    pub carriers: BTreeSet<ProviderName>,
}

impl CallBack {
    /// Where a carrier is to send its notifications: what it adds is `/mefApi/sonata/…/listener/{event}`.
    ///
    /// # Errors
    /// The secret cannot be had.
    pub fn url(&self, carrier: &ProviderName) -> Result<String, SecretError> {
        let secret = self.sealing_secret()?;
        let name = BASE64_URL_SAFE_NO_PAD.encode(carrier.as_str());
        let seal = BASE64_URL_SAFE_NO_PAD.encode(sealing(&secret, carrier).finalize().into_bytes());
        let base = self.base_url.trim_end_matches('/');
        Ok(format!("{base}{CALL_BACK_PATH}{name}{SEPARATOR}{seal}"))
    }

    /// Who calls by the last part of its address; `None` where we have not made it, or where the carrier is not to
    /// call (any more).
    ///
    /// # Errors
    /// The secret cannot be had.
    pub fn caller(&self, token: &str) -> Result<Option<ProviderName>, SecretError> {
        let Some((carrier, seal)) = read(token) else {
            return Ok(None);
        };
        if !self.carriers.contains(&carrier) {
            return Ok(None);
        }
        let secret = self.sealing_secret()?;
        let is_ours = sealing(&secret, &carrier).verify_slice(&seal).is_ok();
        Ok(is_ours.then_some(carrier))
    }

    /// Each carrier has a seal, by which a short secret could be found out.
    fn sealing_secret(&self) -> Result<Secret, SecretError> {
        let secret = self.secret.read()?;
        if secret.reveal().len() < SEALING_MIN_BYTES {
            return Err(SecretError::TooShort);
        }
        Ok(secret)
    }
}

fn read(token: &str) -> Option<(ProviderName, Vec<u8>)> {
    let (name, seal) = token.split_once(SEPARATOR)?;
    let name = String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(name).ok()?).ok()?;
    let seal = BASE64_URL_SAFE_NO_PAD.decode(seal).ok()?;
    Some((ProviderName::new(&name).ok()?, seal))
}

fn sealing(secret: &Secret, carrier: &ProviderName) -> Hmac<Sha256> {
    let mut sealing = Hmac::<Sha256>::new_from_slice(secret.reveal().as_bytes())
        .expect("a key of any length makes a seal");
    sealing.update(SEALED);
    sealing.update(carrier.as_str().as_bytes());
    sealing
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> ProviderName {
        ProviderName::new(text).unwrap()
    }

    fn call_back(folder: &tempfile::TempDir, secret: &str) -> CallBack {
        let path = folder.path().join("secret");
        std::fs::write(&path, secret).unwrap();
        CallBack {
            base_url: "https://api.example".to_owned(),
            secret: SecretSource::File(path),
            carriers: [name("Alden & Söhne"), name("Bay")].into(),
        }
    }

    fn token(url: &str) -> &str {
        url.strip_prefix("https://api.example/carriers/v1/")
            .unwrap()
    }

    #[test]
    fn a_carrier_is_known_by_its_own_address_only() {
        let folder = tempfile::tempdir().unwrap();
        let ours = call_back(&folder, "correct horse battery staple, and more");
        let alden = ours.url(&name("Alden & Söhne")).unwrap();
        let bay = ours.url(&name("Bay")).unwrap();
        assert!(token(&alden).bytes().all(|byte| byte.is_ascii_graphic()));
        assert_eq!(
            ours.caller(token(&alden)).unwrap(),
            Some(name("Alden & Söhne"))
        );
        let (alden_name, _) = token(&alden).split_once('.').unwrap();
        let (_, bay_seal) = token(&bay).split_once('.').unwrap();
        let shortened = &token(&bay)[..token(&bay).len() - 8];
        for forged in [
            format!("{alden_name}.{bay_seal}"),
            alden_name.to_owned(),
            format!("{alden_name}."),
            shortened.to_owned(),
            "!.!".to_owned(),
            String::new(),
        ] {
            assert_eq!(ours.caller(&forged).unwrap(), None, "{forged}");
        }
    }

    #[test]
    fn an_address_ends_with_its_secret_and_with_its_carrier() {
        let folder = tempfile::tempdir().unwrap();
        let mut ours = call_back(&folder, "correct horse battery staple, and more");
        let url = ours.url(&name("Bay")).unwrap();
        ours.carriers.remove(&name("Bay"));
        assert_eq!(ours.caller(token(&url)).unwrap(), None);
        let renewed = call_back(&folder, "another secret that is long enough");
        assert_eq!(renewed.caller(token(&url)).unwrap(), None);
        let short = call_back(&folder, "correct horse");
        assert!(matches!(
            short.url(&name("Bay")),
            Err(SecretError::TooShort)
        ));
        std::fs::remove_file(folder.path().join("secret")).unwrap();
        assert!(matches!(
            renewed.caller(token(&url)),
            Err(SecretError::File { .. })
        ));
    }
}
