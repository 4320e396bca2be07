import { createSecretKey, type KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import { type EsmSettings, type Site, siteLetters } from './settings.ts';

/**
 * Imported keys by secret. Only the key object is kept, never a token: the portal says nothing about how long a token
 * lives (notes §0 no. 1), so every call is signed anew. A handful of entries is enough for the accounts of one process;
 * the oldest goes, so that a rotated secret does not stay for ever.
 */
const keys = new Map<string, KeyObject>();
const maxKeys = 64;

function keyOf(secret: string): KeyObject {
  const known = keys.get(secret);
  if (known) return known;
  const key = createSecretKey(secret, 'utf8');
  const oldest = keys.keys().next();
  if (keys.size >= maxKeys && !oldest.done) keys.delete(oldest.value);
  keys.set(secret, key);
  return key;
}

/**
 * The `ssi` claim: whose listings and orders the call is about. Item calls take both sites at once; categories, dispatch
 * policies, orders, claims and settlements take one (notes §1, "single-site vs two-site tokens matter").
 */
export function sellerClaim(sellerIds: EsmSettings['sellerIds'], site?: Site): string {
  // Auction first, as in the portal's sample.
  const wanted: readonly Site[] = site ? [site] : ['iac', 'gmkt'];
  return wanted.flatMap((name) => (sellerIds[name] ? [`${siteLetters[name]}:${sellerIds[name]}`] : [])).join(',');
}

/**
 * A signed token for one call.
 * @param issuedAt seconds since 1970; left out when undefined, because the portal calls `iat` not mandatory.
 */
export async function signToken(
  settings: Pick<EsmSettings, 'masterId' | 'issuer'>,
  secretKey: string,
  ssi: string,
  issuedAt?: number,
): Promise<string> {
  // The order of the keys is the portal's; a validator does not care, the test vectors do.
  const claims = {
    iss: settings.issuer,
    sub: 'sell',
    aud: 'sa.esmplus.com', // stays `sa.` although the host is `sa2.` (notes §1)
    ...(issuedAt !== undefined && { iat: issuedAt }),
    ssi,
  };
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT', kid: settings.masterId })
    .sign(keyOf(secretKey));
}
