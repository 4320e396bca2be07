import { CERTIFICATE_NAMES, type CertificateKind } from '../domain/certificate.ts';
import { PeopleError } from '../domain/people-error.ts';
import { seoulDayOf } from '../domain/seoul-time.ts';
import type { JobQueues } from '../queue/job-queues.ts';
import { findCertificates, type HeldCertificate, recordCertificateEvent } from '../store/certificates.ts';
import type { SyncDependencies } from './dependencies.ts';

export interface CertificateDecision {
  number: string;
  /** Needed only where two schemes have given the number. */
  kind?: CertificateKind | undefined;
  by: string;
  reason: string;
}

export interface CertificateAnswer {
  kind: CertificateKind;
  number: string;
  /** The first Seoul day on which it does not count; null when it counts again. */
  withdrawnOn: string | null;
  /** Products that hold it. */
  skus: string[];
}

/**
 * Records that a certificate was cancelled or given up: from today or a Seoul day that is named on, it is shown to nobody
 * and sells nothing. Approvals and listings are looked at at once.
 *
 * @throws PeopleError `certificate_unknown`, or `certificate_kind_needed` where the number alone does not tell.
 */
export async function cancelCertificate(
  deps: SyncDependencies,
  queues: JobQueues,
  decision: CertificateDecision & { day?: string | undefined },
): Promise<CertificateAnswer> {
  return record(deps, queues, decision, decision.day ?? seoulDayOf(deps.clock.now()));
}

/** Takes a cancellation back that was recorded by mistake, or that the scheme has lifted. Throws as cancelCertificate. */
export async function restoreCertificate(
  deps: SyncDependencies,
  queues: JobQueues,
  decision: CertificateDecision,
): Promise<CertificateAnswer> {
  return record(deps, queues, decision, null);
}

async function record(
  deps: SyncDependencies,
  queues: JobQueues,
  { number, kind, by, reason }: CertificateDecision,
  withdrawnOn: string | null,
): Promise<CertificateAnswer> {
  const held = await theOne(deps, number, kind);
  const at = deps.clock.now();
  await deps.store.transaction((tx) =>
    recordCertificateEvent(tx, { kind: held.kind, number, withdrawnOn, by, reason, at }),
  );
  // Approvals, and then what must stop: not left to the next full minute.
  await queues.add('certificates', {}, { once: 'certificates' });
  deps.log.info({ kind: held.kind, number, withdrawnOn, products: held.skus.length }, 'a certificate was decided on');
  return { kind: held.kind, number, withdrawnOn, skus: held.skus };
}

async function theOne(
  deps: SyncDependencies,
  number: string,
  kind: CertificateKind | undefined,
): Promise<HeldCertificate> {
  const found = (await findCertificates(deps.store, number)).filter((one) => kind === undefined || one.kind === kind);
  const [first, ...others] = found;
  if (!first) {
    throw new PeopleError(
      'certificate_unknown',
      `인증번호 ${number}의 인증서를 가진 상품이 없습니다. \`naru products show SKU\`로 번호를 확인해 주십시오.`,
      `No product holds a certificate ${number}. See its number with \`naru products show SKU\`.`,
    );
  }
  if (others.length === 0) return first;
  const ko = found.map((one) => `${one.kind}(${CERTIFICATE_NAMES[one.kind].ko})`).join(', ');
  const en = found.map((one) => `${one.kind} (${CERTIFICATE_NAMES[one.kind].en})`).join(', ');
  throw new PeopleError(
    'certificate_kind_needed',
    `인증번호 ${number}이(가) 여러 인증에 있습니다: ${ko}. 어느 것인지 --kind로 적어 주십시오.`,
    `The number ${number} was given by several schemes: ${en}. Say which one with --kind.`,
  );
}
