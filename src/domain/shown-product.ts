import { type Certificate, certificateKey, coversModel } from './certificate.ts';
import type { Product, ProductClaim } from './product.ts';

/**
 * The product as buyers may be shown it: with the certificates of `inForce` (by `certificateKey`, on the Seoul day in
 * question) that name its model, and with the claims that rest on those. A certificate that has ended, was cancelled or is
 * of another model would be a false statement, and so would a claim that names it.
 */
export function asShown(product: Product, inForce: readonly string[]): Product {
  const certificates = product.certificates.filter(
    (certificate) => inForce.includes(certificateKey(certificate)) && coversModel(certificate, product.modelName),
  );
  return { ...product, certificates, claims: product.claims.filter((claim) => standsOn(claim, certificates)) };
}

function standsOn({ basis, evidenceRef }: ProductClaim, certificates: readonly Certificate[]): boolean {
  if (basis === 'other' || basis === 'none') return true;
  return certificates.some(({ kind, number }) => kind === basis && number === evidenceRef);
}
