//! Whose a domain is: what one person can have as many mailboxes in as they like.

/// Providers whose domain is everybody's: of each mailbox there somebody else is the owner. A limit a domain would be the
/// strangers' who came first.
const SHARED: [&str; 58] = [
    "aol.com",
    "bluewin.ch",
    "citycable.ch",
    "fastmail.com",
    "free.fr",
    "gmail.com",
    "gmx.at",
    "gmx.ch",
    "gmx.com",
    "gmx.de",
    "gmx.fr",
    "gmx.net",
    "googlemail.com",
    "hispeed.ch",
    "hotmail.ch",
    "hotmail.co.uk",
    "hotmail.com",
    "hotmail.de",
    "hotmail.es",
    "hotmail.fr",
    "hotmail.it",
    "icloud.com",
    "ik.me",
    "laposte.net",
    "libero.it",
    "live.co.uk",
    "live.com",
    "live.fr",
    "mac.com",
    "mailbox.org",
    "me.com",
    "msn.com",
    "netplus.ch",
    "orange.fr",
    "outlook.com",
    "outlook.de",
    "outlook.fr",
    "outlook.it",
    "pm.me",
    "posteo.de",
    "posteo.net",
    "proton.me",
    "protonmail.ch",
    "protonmail.com",
    "romandie.com",
    "sfr.fr",
    "sunrise.ch",
    "t-online.de",
    "tuta.com",
    "tutanota.com",
    "vtxnet.ch",
    "wanadoo.fr",
    "web.de",
    "yahoo.co.uk",
    "yahoo.com",
    "yahoo.de",
    "yahoo.fr",
    "yahoo.it",
];

/// Before a country's two letters these are no registrant's either: `co.uk`, `ac.uk`, `gouv.fr`. The whole list of such
/// names has ten thousand and changes each week; who is not found here shares a limit with their neighbours. Somebody who
/// has such a name in a country that sells it as any other gains no more than with three ordinary domains.
const SECOND_LEVELS: [&str; 21] = [
    "ac", "asso", "co", "com", "edu", "go", "gob", "gouv", "gov", "govt", "gv", "ltd", "me", "ne", "net",
    "nhs", "nom", "or", "org", "plc", "sch",
];

/// Nor are the cantons of Switzerland, each with its communes, schools and hospitals.
const CANTONS: [&str; 26] = [
    "ag", "ai", "ar", "be", "bl", "bs", "fr", "ge", "gl", "gr", "ju", "lu", "ne", "nw", "ow", "sg", "sh",
    "so", "sz", "tg", "ti", "ur", "vd", "vs", "zg", "zh",
];

/// What the owner of that mailbox's domain has registered, with every name below it; `None` where the domain is a
/// provider's that everybody shares.
pub fn registrant(mailbox: &str) -> Option<&str> {
    let domain = mailbox.rsplit_once('@').map_or(mailbox, |(_, domain)| domain);
    if SHARED.contains(&domain) {
        return None;
    }
    let last =
        |words: usize| domain.rmatch_indices('.').nth(words - 1).map_or(domain, |(at, _)| &domain[at + 1..]);
    Some(if is_public(last(2)) { last(3) } else { last(2) })
}

/// True for two words below which anybody, or many, can have a name.
fn is_public(two_words: &str) -> bool {
    let Some((second, top)) = two_words.split_once('.') else { return false };
    top.len() == 2 && (SECOND_LEVELS.contains(&second) || top == "ch" && CANTONS.contains(&second))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_has_a_domain_has_every_name_below_it() {
        assert_eq!(registrant("a@example.org"), Some("example.org"));
        assert_eq!(registrant("a@un.deux.example.org"), Some("example.org"));
        assert_eq!(registrant("a@org"), Some("org"));
    }

    #[test]
    fn a_provider_s_domain_is_nobody_s_and_what_only_looks_like_one_is_somebody_s() {
        for shared in ["a@gmail.com", "a@bluewin.ch", "a@yahoo.co.uk"] {
            assert_eq!(registrant(shared), None, "{shared}");
        }
        assert_eq!(registrant("a@gmail.com.example.org"), Some("example.org"));
        assert_eq!(registrant("a@un.gmail.com"), Some("gmail.com"));
        assert_eq!(registrant("a@notgmail.com"), Some("notgmail.com"));
    }

    #[test]
    fn below_a_public_second_level_each_name_has_its_own_registrant() {
        assert_eq!(registrant("a@example.co.uk"), Some("example.co.uk"));
        assert_eq!(registrant("a@un.deux.example.ac.uk"), Some("example.ac.uk"));
        assert_eq!(registrant("a@culture.gouv.fr"), Some("culture.gouv.fr"));
        assert_eq!(registrant("a@edu.ge.ch"), Some("edu.ge.ch"));
        assert_eq!(registrant("a@ge.ch"), Some("ge.ch"));
        // These are a town's and a company's, and not of any country.
        assert_eq!(registrant("a@un.ge.example.ch"), Some("example.ch"));
        assert_eq!(registrant("a@un.co.com"), Some("co.com"));
    }
}
