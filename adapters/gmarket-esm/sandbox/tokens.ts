/**
 * Who is calling: HS256 tokens over the raw bytes of the secret, `kid` = master id, `ssi` = the seller ids of a call.
 */

import { webcrypto } from 'node:crypto';
import { errors, jwtVerify } from 'jose';
import type { Site } from './goods.ts';
import type { SellerIdentity } from './seller-seed.ts';

/** The seller ids a token names, by site; at least one. */
export interface Caller {
  sellerIds: Partial<Record<Site, string>>;
}

export type VerifyToken = (authorization: string | undefined, now: number) => Promise<Caller | null>;

const SITE_OF_LETTER: Record<string, Site> = { A: 'iac', G: 'gmkt' };

/** Reads `A:<id>,G:<id>` (or one of them); `null` when the syntax is wrong or an id is not this seller's. */
function parseSsi(ssi: unknown, seller: SellerIdentity): Caller | null {
  if (typeof ssi !== 'string' || ssi === '') return null;
  const sellerIds: Partial<Record<Site, string>> = {};
  for (const part of ssi.split(',')) {
    const [letter = '', id = '', ...rest] = part.split(':');
    const site = SITE_OF_LETTER[letter];
    if (site === undefined || rest.length > 0 || sellerIds[site] !== undefined) return null;
    if (seller.sellerIds[site] !== id) return null;
    sellerIds[site] = id;
  }
  return { sellerIds };
}

/**
 * Builds the verifier of one seller. The key is imported once: it is used on every call.
 *
 * @returns a function that gives the caller, or `null` for anything that the gateway answers with 401.
 */
export async function tokenVerifier(seller: SellerIdentity): Promise<VerifyToken> {
  const bytes = new TextEncoder().encode(seller.secretKey);
  const key = await webcrypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
  return async (authorization, now) => {
    const token = /^Bearer ([^ ]+)$/.exec(authorization ?? '')?.[1];
    if (token === undefined) return null;
    try {
      const { payload, protectedHeader } = await jwtVerify(token, key, {
        algorithms: ['HS256'],
        audience: 'sa.esmplus.com',
        subject: 'sell',
        // The portal names neither `exp` nor a check of `iat`; an expiry that is there is still kept.
        requiredClaims: ['iss'],
        currentDate: new Date(now),
      });
      return protectedHeader.kid === seller.masterId ? parseSsi(payload.ssi, seller) : null;
    } catch (error) {
      if (error instanceof errors.JOSEError) return null;
      throw error;
    }
  };
}
